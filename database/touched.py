"""What persons have touched of a document, and by what a new reading of it is known to be the same.

Reads only. What becomes of a new reading lives in ``scmine.database.save`` and ``proposing``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, Table, not_, select

from scmine.database.models import ProposalModel, RevisionModel
from scmine.database.record import Record
from scmine.database.record_rows import RECORDS, record_of, select_records, untouched

REVISIONS: Table = RevisionModel.metadata.tables[RevisionModel.__tablename__]
PROPOSALS: Table = ProposalModel.metadata.tables[ProposalModel.__tablename__]


@dataclass(frozen=True, slots=True)
class Touched:
    """The records of a document that persons have touched, as they are in force.

    ``names`` leads from each id and place that they or an earlier state of them had, also one that
    was only proposed, to the ``record_id``. ``structure_ids`` are those that any such state names:
    an undo may put them in force again.
    """

    records: Sequence[Record] = ()
    names: Mapping[str, str] = field(default_factory=dict)
    structure_ids: frozenset[str] = frozenset()

    def found_in(self, reading: Sequence[Record]) -> dict[str, Record]:
        """What a reading has of these records, by ``record_id``; best the one with the same id."""
        found: dict[str, Record] = {}
        for record in reading:
            for hit in self.hits(record):
                if hit not in found or hit == record.record_id:
                    found[hit] = record
        return found

    def hits(self, record: Record) -> set[str]:
        """The records that ``record`` is known to be.

        A claim is known by any of its places: which is named first, and so its id, may change.
        """
        return {self.names[name] for name in _names(record.to_row()) if name in self.names}


def touched_records(connection: Connection, doc_id: str, where: str) -> Touched:
    """What persons have touched of a document; ``where`` names the database."""
    rows = connection.execute(
        select_records()
        .where(RECORDS.c.doc_id == doc_id, not_(untouched()))
        .order_by(RECORDS.c.position, RECORDS.c.record_id)
    )
    records = [record_of(row._asdict(), where) for row in rows]
    states = [(r.record_id, r.to_row()) for r in records]
    own = RECORDS.c.doc_id == doc_id
    for table, column in ((REVISIONS, REVISIONS.c.record), (PROPOSALS, PROPOSALS.c.proposed)):
        statement = (
            select(RECORDS.c.record_id, column)
            .join_from(RECORDS, table, RECORDS.c.record_id == table.c.record_id)
            .where(own, column.is_not(None))
            .order_by(table.c.id.desc())
        )
        states += [(row[0], row[1]) for row in connection.execute(statement)]
    # Where two records have had one place, the one that has it now keeps it.
    names: dict[str, str] = {}
    for record_id, state in states:
        for name in _names(state):
            names.setdefault(name, record_id)
    names |= {record.record_id: record.record_id for record in records}
    return Touched(records, names, frozenset(_structures(state for _, state in states)))


def _names(row: Mapping[str, Any]) -> list[str]:
    """What a state of a record is known by: its id and those of its places."""
    return [row["record_id"], *(place["id"] for place in row["places"])]


def _structures(states: Iterable[Mapping[str, Any]]) -> set[str]:
    return {s["structure_id"] for s in states if s["structure_id"] is not None}
