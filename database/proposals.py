"""Proposals as rows: written, read with what is in force now, and decided.

Statements only. What a reading proposes lives in ``scmine.database.proposing``, what accepting one
does in ``scmine.database.curation``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Row, Table, insert, select, update

from scmine.database.clean import clean
from scmine.database.models import ProposalModel
from scmine.database.record import Record
from scmine.database.record_rows import RECORDS, select_records
from scmine.database.revision import Proposal, ProposalState
from scmine.database.revisions import pairs

PROPOSALS: Table = ProposalModel.metadata.tables[ProposalModel.__tablename__]

Changes = Mapping[str, tuple[Any, Any]]

_BATCH = 500


def insert_proposal(
    connection: Connection,
    run_id: int | None,
    record: Record,
    proposed: Record | None,
    changes: Changes,
) -> None:
    """Write a proposal for ``record``, open."""
    row = {
        "record_id": record.record_id,
        "doc_id": record.doc_id,
        "made": datetime.now(UTC),
        "run_id": run_id,
        "state": ProposalState.OPEN.value,
        "proposed": None if proposed is None else clean(proposed.to_row()),
        "changes": {column: list(pair) for column, pair in changes.items()},
    }
    connection.execute(insert(PROPOSALS), row)


def proposals_of(
    connection: Connection,
    *,
    state: ProposalState | None = None,
    doc_id: str | None = None,
    record_ids: Sequence[str] | None = None,
    proposal_id: int | None = None,
) -> list[Proposal]:
    """The proposals that fulfil all that is given, oldest first."""
    statement = select(PROPOSALS).order_by(PROPOSALS.c.id)
    if state is not None:
        statement = statement.where(PROPOSALS.c.state == state.value)
    if doc_id is not None:
        statement = statement.where(PROPOSALS.c.doc_id == clean(doc_id))
    if record_ids is not None:
        statement = statement.where(PROPOSALS.c.record_id.in_(record_ids))
    if proposal_id is not None:
        statement = statement.where(PROPOSALS.c.id == proposal_id)
    rows = connection.execute(statement).all()
    in_force = _values_in_force(connection, sorted({row.record_id for row in rows}))
    return [_proposal(row, in_force[row.record_id]) for row in rows]


def decide(
    connection: Connection, proposal: Proposal, state: ProposalState, who: str | None
) -> None:
    """Note what became of an open proposal, and what was in force when it was decided."""
    values = {
        "state": state.value,
        "decided_by": who,
        "decided": datetime.now(UTC),
        "changes": {column: list(pair) for column, pair in proposal.changes.items()},
    }
    connection.execute(update(PROPOSALS).where(PROPOSALS.c.id == proposal.id).values(**values))


def settle(connection: Connection, record: Record, who: str) -> None:
    """Note as accepted what is open for ``record`` and was put in force by hand."""
    for proposal in proposals_of(
        connection, state=ProposalState.OPEN, record_ids=[record.record_id]
    ):
        if not proposal.changes:
            decide(connection, proposal, ProposalState.ACCEPTED, who)


def _values_in_force(connection: Connection, record_ids: list[str]) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    for start in range(0, len(record_ids), _BATCH):
        batch = record_ids[start : start + _BATCH]
        rows = connection.execute(select_records().where(RECORDS.c.record_id.in_(batch)))
        found |= {row.record_id: row._asdict() for row in rows}
    return found


def _proposal(row: Row[Any], in_force: Mapping[str, Any]) -> Proposal:
    changes = pairs(row.changes)
    state = ProposalState(row.state)
    if state is ProposalState.OPEN:
        now = {column: (in_force[column], after) for column, (_, after) in changes.items()}
        changes = {column: pair for column, pair in now.items() if pair[0] != pair[1]}
    return Proposal(
        id=row.id,
        record_id=row.record_id,
        doc_id=row.doc_id,
        made=row.made,
        run_id=row.run_id,
        state=state,
        decided_by=row.decided_by,
        decided=row.decided,
        proposed=None if row.proposed is None else Record.model_validate(row.proposed),
        changes=changes,
    )
