"""What a new reading of a paper proposes for the records that persons have touched.

It never overwrites them. A proposal is made where the reading says something that no reading said
before, and that is not in force; what a person has corrected, accepted or dismissed is not brought
up again. How proposals are stored lives in ``scmine.database.proposals``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection

from scmine.database.clean import clean
from scmine.database.editing import EDITABLE
from scmine.database.proposals import Changes, decide, insert_proposal, proposals_of
from scmine.database.record import Record, RecordStatus
from scmine.database.results import DocumentResult
from scmine.database.revision import ChangeKind, Proposal, ProposalState, Revision
from scmine.database.revisions import revisions_by_record
from scmine.database.status import standings

READ_WHOLE = "done"
"""The status of a document of which nothing was left unread: what was not found is not there."""

MINOR = frozenset({"raw_material", "raw_tc", "raw_pressure", "sentence"})
"""What is printed. A difference in these alone is one of reading the page, and proposes nothing."""

GROUPS = (
    ("formula", "composition"),
    ("tc_K", "tc_min_K", "tc_max_K", "tc_uncertainty_K", "tc_relation"),
    ("pressure_GPa", "pressure_min_GPa", "pressure_max_GPa", "pressure_kind"),
    ("space_group", "space_group_number"),
)
"""Columns that say one thing together: one that is new brings the others along."""


def propose(
    connection: Connection,
    run_id: int,
    result: DocumentResult,
    kept: Sequence[Record],
    found: Mapping[str, Record],
) -> None:
    """Make the proposals of a reading, and replace those that are open and no longer hold.

    ``kept`` are the records of the document that persons have touched, as they are in force;
    ``found`` is what the reading has of them, by ``record_id``.
    """
    ids = [record.record_id for record in kept]
    history = revisions_by_record(connection, ids)
    earlier: dict[str, list[Proposal]] = {}
    for proposal in proposals_of(connection, record_ids=ids):
        earlier.setdefault(proposal.record_id, []).append(proposal)
    for record in kept:
        reading = found.get(record.record_id)
        if reading is None and result.status != READ_WHOLE:
            continue
        made = earlier.get(record.record_id, [])
        changes = _changes(record, reading, history.get(record.record_id, []), made)
        if not _replace_others(connection, made, reading, changes) and changes:
            insert_proposal(connection, run_id, record, reading, changes)


def _replace_others(
    connection: Connection, made: Sequence[Proposal], reading: Record | None, changes: Changes
) -> bool:
    """Close what is open and says otherwise; whether one that says the same is open already."""
    same = False
    for proposal in made:
        if proposal.state is not ProposalState.OPEN:
            continue
        if _after(proposal.changes) == _after(changes) and (
            (proposal.proposed is None) == (reading is None)
        ):
            same = True
        else:
            decide(connection, proposal, ProposalState.REPLACED, None)
    return same


def _after(changes: Changes) -> dict[str, Any]:
    return {column: after for column, (_, after) in changes.items()}


def _changes(
    record: Record,
    reading: Record | None,
    history: Sequence[Revision],
    made: Sequence[Proposal],
) -> dict[str, tuple[Any, Any]]:
    """What the reading says that is new, by column: the value in force and the new one."""
    standing = standings()[record.status]
    decided = [p for p in made if p.state in (ProposalState.ACCEPTED, ProposalState.DISMISSED)]
    if reading is None:
        was_read = not history or history[0].kind is ChangeKind.EXTRACTED
        known = any(proposal.proposed is None for proposal in decided)
        if not standing.takes_gone or not was_read or known:
            return {}
        return {"status": (record.status.value, RecordStatus.OBSOLETE.value)}
    if not standing.takes_changed:
        return {}
    first = history[0].record if history else record
    known_rows = [first.to_row(), *(p.proposed.to_row() for p in decided if p.proposed is not None)]
    return _news(record.to_row(), clean(reading.to_row()), known_rows)


def _news(
    current: Mapping[str, Any], reading: Mapping[str, Any], known: Sequence[Mapping[str, Any]]
) -> dict[str, tuple[Any, Any]]:
    """The columns in which ``reading`` says what is neither in force nor known.

    >>> _news({"tc_K": 38, "lambda": None}, {"tc_K": 39, "lambda": 1}, [{"tc_K": 39, "lambda": 2}])
    {'lambda': (None, 1)}
    """
    differ = [c for c in EDITABLE if c in current and current[c] != reading[c]]
    new = {c for c in differ if all(row[c] != reading[c] for row in known)}
    if not new - MINOR:
        return {}
    for group in GROUPS:
        if new & set(group):
            new |= set(group) & set(differ)
    return {c: (current[c], reading[c]) for c in differ if c in new}
