"""Some columns of many records at once, and counts of what is known: what plots are made of.

Rows are plain tuples: a hundred thousand are read in the time that a few thousand whole records
take. What is drawn from them lives in ``scmine.web``.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Table, and_, case, func, not_, select

from scmine.database.filters import DOCUMENTS, RECORDS, RecordFilter, conditions
from scmine.database.store import READ_BATCH, Database


@dataclass(frozen=True, slots=True)
class Filled:
    """How much is known of the records of one group (None: of those without the property).

    ``known`` counts for each column the records that have a value in it.
    """

    group: str | int | None
    records: int
    known: dict[str, int]


class Points:
    """What plots ask a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def rows(
        self, wanted: RecordFilter, columns: Sequence[str], needed: Sequence[str] = ()
    ) -> Iterator[tuple[Any, ...]]:
        """The values of ``columns`` of each record that ``wanted`` asks for, by record id.

        Parameters
        ----------
        columns
            Columns of a record, those of its document (``year``, ``path``, ``reader``) included.
        needed
            Columns without which a record is left out; of names joined by ``|`` one is enough.
        """
        there = [_one_is_known(names.split("|")) for names in needed]
        statement = (
            select(*(_column(name) for name in columns))
            .join_from(RECORDS, DOCUMENTS, RECORDS.c.doc_id == DOCUMENTS.c.doc_id)
            .where(*conditions(wanted), *there)
            .order_by(RECORDS.c.record_id)
        )
        with self._database.reading() as connection:
            result = connection.execution_options(yield_per=READ_BATCH).execute(statement)
            for row in result:
                yield tuple(row)

    def missing(self, wanted: RecordFilter, needed: Sequence[str]) -> list[int]:
        """How many of the records wanted have none of the columns of each part of ``needed``.

        The parts are as for `rows`. A record that lacks several counts for the first only.
        """
        there = [_one_is_known(names.split("|")) for names in needed]
        counts = [
            func.count(case((and_(*there[:i], not_(known)), 1))) for i, known in enumerate(there)
        ]
        statement = (
            select(*counts)
            .join_from(RECORDS, DOCUMENTS, RECORDS.c.doc_id == DOCUMENTS.c.doc_id)
            .where(*conditions(wanted))
        )
        with self._database.reading() as connection:
            return list(connection.execute(statement).one())

    def filled(self, wanted: RecordFilter, by: str, columns: Sequence[str]) -> list[Filled]:
        """For each value of the column ``by``, how many records have a value in ``columns``.

        Groups are in the order of their values, the group without one last.
        """
        group = _column(by)
        known = [func.count(_column(name)) for name in columns]
        statement = (
            select(group, func.count(), *known)
            .join_from(RECORDS, DOCUMENTS, RECORDS.c.doc_id == DOCUMENTS.c.doc_id)
            .where(*conditions(wanted))
            .group_by(group)
        )
        with self._database.reading() as connection:
            rows = [tuple(row) for row in connection.execute(statement)]
        rows.sort(key=lambda row: (row[0] is None, row[0]))
        return [Filled(row[0], row[1], dict(zip(columns, row[2:], strict=True))) for row in rows]


def _column(name: str) -> ColumnElement[Any]:
    table: Table = RECORDS if name in RECORDS.c else DOCUMENTS
    return table.c[name]


def _one_is_known(names: Sequence[str]) -> ColumnElement[bool]:
    """Whether one of the columns has a value."""
    columns = [_column(name) for name in names]
    return (func.coalesce(*columns) if len(columns) > 1 else columns[0]).is_not(None)
