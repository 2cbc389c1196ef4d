"""Histories and proposals on the terminal, for people and as JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from scmine.database.curation import Curation
from scmine.database.record import Record
from scmine.database.revision import ChangeKind, Proposal, ProposalState, Revision
from scmine.database.store import Database
from scmine.pipelines.report import print_table, wide_console
from scmine.pipelines.tables import Column, Kind, printable, shorten_end

MAX_VALUE_CHARS = 60
"""Characters of a value that are shown of a change; JSON has them all."""

Changes = Mapping[str, tuple[Any, Any]]

_COLUMNS = (
    Column("no.", Kind.NUMBER),
    Column("record"),
    Column("status"),
    Column("material", Kind.MATERIAL),
    Column("what is proposed"),
    Column("state"),
    Column("paper", Kind.FILE),
)


def revision_json(revision: Revision) -> dict[str, Any]:
    """A revision as JSON has it."""
    return {
        "record_id": revision.record_id,
        "number": revision.number,
        "parent": revision.parent,
        "kind": revision.kind.value,
        "of": revision.of,
        "who": revision.who,
        "when": revision.when.isoformat(),
        "why": revision.why,
        "error_type": None if revision.error_type is None else revision.error_type.value,
        "changes": {column: list(pair) for column, pair in revision.changes.items()},
        "record": revision.record.to_row(),
    }


def proposal_json(proposal: Proposal) -> dict[str, Any]:
    """A proposal as JSON has it."""
    return {
        "id": proposal.id,
        "record_id": proposal.record_id,
        "doc_id": proposal.doc_id,
        "made": proposal.made.isoformat(),
        "run_id": proposal.run_id,
        "state": proposal.state.value,
        "decided_by": proposal.decided_by,
        "decided": None if proposal.decided is None else proposal.decided.isoformat(),
        "changes": {column: list(pair) for column, pair in proposal.changes.items()},
        "proposed": None if proposal.proposed is None else proposal.proposed.to_row(),
    }


def print_history(history: Sequence[Revision], *, as_json: bool) -> None:
    """Print the revisions of a record, oldest first."""
    if as_json:
        print(json.dumps([revision_json(r) for r in history], indent=2, ensure_ascii=False))
        return
    last = history[-1].record
    print(f"{last.record_id}: {_material(last)}, {last.status}; {printable(last.path)}")
    for revision in history:
        print_revision(revision, as_json=False, named=False)


def print_revision(revision: Revision, *, as_json: bool, named: bool = True) -> None:
    """Print one revision, with the id of its record if that is to be ``named``."""
    if as_json:
        print(json.dumps(revision_json(revision), indent=2, ensure_ascii=False))
        return
    what = "accepted" if revision.kind is ChangeKind.PROPOSAL else revision.kind.value
    if revision.of is not None:
        what += f" revision {revision.of}"
    name = f"{revision.record_id} " if named else ""
    error = f" ({revision.error_type})" if revision.error_type is not None else ""
    why = f": {printable(revision.why)}" if revision.why else ""
    when = f"{revision.when:%Y-%m-%d %H:%M} UTC"
    print(
        f"{name}revision {revision.number}, {when}, {printable(revision.who)}: {what}{why}{error}"
    )
    for line in change_lines(revision.changes):
        print(f"  {line}")


def remark(revision: Revision) -> str:
    """What the person who made the change may have overlooked; empty if there is nothing."""
    formula = revision.record.formula
    if "formula" in revision.changes and formula and not revision.record.composition:
        return (
            f"no composition can be read from the formula {printable(formula)}, so it is unknown "
            "now; --undo takes the change back"
        )
    return ""


def print_proposals(database: Database, curation: Curation, state: str, *, as_json: bool) -> None:
    """Print the proposals in a state, or ``all``."""
    found = curation.proposals(None if state == "all" else ProposalState(state))
    if as_json:
        print(json.dumps([proposal_json(p) for p in found], indent=2, ensure_ascii=False))
        return
    rows = []
    for proposal in found:
        record = curation.record(proposal.record_id)
        assert record is not None  # the database refuses to lose the record of a proposal
        rows.append(_cells(proposal, record))
    with wide_console() as console:
        if rows:
            print_table(console, _COLUMNS, rows)
        what = f"{len(rows)} {state} proposal" if state != "all" else f"{len(rows)} proposal"
        text = f"{what}{'' if len(rows) == 1 else 's'} in {database.where}"
        console.print(text, markup=False)


def change_lines(changes: Changes) -> list[str]:
    """One line for each column: its name, the value before and the one after."""
    return [f"{c}: {_shown(before)} → {_shown(after)}" for c, (before, after) in changes.items()]


def _cells(proposal: Proposal, record: Record) -> list[str]:
    lines = change_lines(proposal.changes)
    what = "; ".join(lines) if proposal.proposed is not None else "not found any more"
    return [
        str(proposal.id),
        proposal.record_id,
        record.status.value,
        _material(record),
        what,
        "" if proposal.state is ProposalState.OPEN else proposal.state.value,
        record.path.rsplit("/", 1)[-1],
    ]


def _material(record: Record) -> str:
    return printable(record.formula or record.raw_material)


def _shown(value: Any) -> str:
    """A value on one line, ``–`` where nothing is known."""
    if value is None or value == [] or value == {}:
        return "–"
    text = value if isinstance(value, str) else json.dumps(_whole(value), ensure_ascii=False)
    return shorten_end(printable(text), MAX_VALUE_CHARS)


def _whole(value: Any) -> Any:
    """A value with whole numbers as such, at any depth: 171 for 171.0."""
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, Mapping):
        return {key: _whole(item) for key, item in value.items()}
    return [_whole(item) for item in value] if isinstance(value, list | tuple) else value
