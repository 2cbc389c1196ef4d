"""What persons have touched of a document, and by what a new reading of it is known to be the same.

Reads only. What becomes of a new reading lives in ``scmine.database.save`` and ``proposing``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, Table, not_, select

from scmine.database.editing import CURATOR
from scmine.database.models import ProposalModel
from scmine.database.record import Record
from scmine.database.record_rows import RECORDS, REVISIONS, record_of, select_records, untouched

PROPOSALS: Table = ProposalModel.metadata.tables[ProposalModel.__tablename__]


SAME_CLAIM = (
    "tc_K",
    "tc_min_K",
    "tc_max_K",
    "pressure_GPa",
    "lambda",
    "omega_log_K",
    "mu_star",
    "superconducting",
    "evidence",
)
"""A record that a person added has no places. A reading finds it if it agrees in these columns and
in the material."""


@dataclass(frozen=True, slots=True)
class Found:
    """What a reading has of records that persons have touched, by the ``record_id`` of these.

    ``left_out`` are the ids of all records of the reading that are known, also of those that are
    not the best match.
    """

    best: Mapping[str, Record] = field(default_factory=dict)
    left_out: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Touched:
    """The records of a document that persons have touched, as they are in force.

    ``names`` leads from each id and place that they or an earlier state of them had, also one that
    was only proposed, to the ``record_id``; ``added`` from what a record says that a person added.
    ``structure_ids`` are those that any such state names: an undo may put them in force again.
    """

    records: Sequence[Record] = ()
    names: Mapping[str, str] = field(default_factory=dict)
    added: Mapping[tuple[Any, ...], str] = field(default_factory=dict)
    structure_ids: frozenset[str] = frozenset()

    def found_in(self, reading: Sequence[Record]) -> Found:
        """What a reading has of these records.

        A claim is known by any of its places: which is named first, and so its id, may change. One
        that a person added has none, and is the first one that says the same.
        """
        best: dict[str, Record] = {}
        left_out: set[str] = set()
        for record in reading:
            row = record.to_row()
            known = {self.names[name] for name in _names(row) if name in self.names}
            same = self.added.get(_claim(row))
            if not known and same is not None and same not in best:
                known.add(same)
            left_out.update([record.record_id] if known else [])
            for hit in known:
                if hit not in best or hit == record.record_id:
                    best[hit] = record
        return Found(best, frozenset(left_out))


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
    added = {_claim(r.to_row()): r.record_id for r in reversed(records) if r.extractor == CURATOR}
    return Touched(records, names, added, frozenset(_structures(state for _, state in states)))


def _claim(row: Mapping[str, Any]) -> tuple[Any, ...]:
    """What a record claims, to be compared with another of the same paper."""
    return (row["formula"] or row["raw_material"], *(row[column] for column in SAME_CLAIM))


def _names(row: Mapping[str, Any]) -> list[str]:
    """What a state of a record is known by: its id and those of its places."""
    return [row["record_id"], *(place["id"] for place in row["places"])]


def _structures(states: Iterable[Mapping[str, Any]]) -> set[str]:
    return {s["structure_id"] for s in states if s["structure_id"] is not None}
