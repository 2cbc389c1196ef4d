"""Walking a sorted list of records from a place on: the numbers of the records that come next.

A list has two parts, the records that have a value to sort by and those that have none; the second
comes last in either direction.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, literal_column, or_, select, tuple_

from scmine.database.cursors import Cursor, CursorError
from scmine.database.filters import RECORDS, RecordFilter, by_name
from scmine.database.search_conditions import S, search_conditions
from scmine.database.search_fence import among, over
from scmine.database.search_models import SEARCH, SEARCH_DOCUMENTS
from scmine.database.search_plan import (
    FEW,
    FEW_ENOUGH,
    LONG_WALK,
    MANY,
    WALK,
    Branches,
    Candidates,
    along,
    branches,
    rarest,
)

D = SEARCH_DOCUMENTS.c
Here = tuple[Any, ...]

SORT_KEYS: dict[str, tuple[ColumnElement[Any], ...]] = {
    "tc_K": (S.tc,),
    "pressure_GPa": (S.pressure,),
    "lambda": (S["lambda"],),
    "omega_log_K": (S.omega_log,),
    "year": (S.year,),
    "confidence": (S.confidence,),
    "formula": (S.formula,),
    "document": (D.path, D.doc_id, S.position),
    "doubt": (S.doubt,),
}
"""The columns that each order goes by; the record's number decides where they agree."""

ALWAYS_THERE = ("document", "doubt")
"""The orders of which every record has the value."""


@dataclass(frozen=True, slots=True)
class Place:
    """A record found, by its number in the search and its id, with the values it is sorted by."""

    id: int
    record_id: str
    values: tuple[Any, ...] | None


def places(
    connection: Connection,
    wanted: RecordFilter,
    sort: str,
    descending: bool,
    limit: int,
    cursor: Cursor | None,
) -> list[Place]:
    """At most ``limit`` of the records wanted that come next in the way that the cursor points."""
    back = cursor is not None and cursor.before
    parts = [True] if sort in ALWAYS_THERE else [True, False]
    if back:
        parts.reverse()
    if cursor is not None:
        parts = parts[parts.index(cursor.values is not None) :]
    walk = _Walk(connection, wanted, sort, down=descending != back)
    start = None if cursor is None else (*_key_values(connection, cursor), cursor.id)
    if walk.few is not None and len(parts) == 2:
        rows = walk.both(parts[0], start, limit)
        return [_place(row, sort, row[2] is not None) for row in rows]
    found: list[Place] = []
    for valued in parts:
        rows = walk.part(valued, start, limit - len(found))
        found += [_place(row, sort, valued) for row in rows]
        if len(found) >= limit:
            break
        start = None
    return found


def _place(row: tuple[Any, ...], sort: str, valued: bool) -> Place:
    return Place(row[0], row[1], _cursor_values(row, sort) if valued else None)


def matching(
    statement: Select[Any],
    wanted: RecordFilter,
    *,
    one_by_one: bool = False,
    known: str | None = None,
    with_records: bool = False,
) -> Select[Any]:
    """``statement``, which reads the search's rows of records, for the records wanted only.

    ``known`` is a condition that need not be asked again; ``with_records`` joins the table of
    records even where no condition needs it.
    """
    names = by_name(wanted)
    if names or with_records:
        there = SEARCH.join(RECORDS, RECORDS.c.record_id == S.record_id)
        statement = statement.select_from(there).where(*names)
    asked = search_conditions(wanted, one_by_one=one_by_one)
    return statement.where(*(asked[name] for name in asked if name != known))


class _Walk:
    """Going along one order of the records wanted, by the quickest way."""

    def __init__(
        self, connection: Connection, wanted: RecordFilter, sort: str, *, down: bool
    ) -> None:
        self._connection = connection
        self._postgresql = connection.dialect.name == "postgresql"
        self._wanted = wanted
        self._sort = sort
        self._down = down
        self.few = rarest(connection, wanted, MANY if sort == "document" else FEW)

    @cached_property
    def _many(self) -> Candidates | None:
        """The candidates of the rarest condition where none leaves few."""
        return rarest(self._connection, self._wanted, MANY)

    def both(self, first: bool, start: Here | None, limit: int) -> list[tuple[Any, ...]]:
        """The rows that come next of both parts, of which that of ``first`` comes first.

        For few candidates only: they are looked up once for both.
        """
        assert self.few is not None
        key = SORT_KEYS[self._sort][0]
        every: Select[Any] = select(S.id, S.record_id, key).select_from(SEARCH)
        statement = self._asked(every, self.few)
        if start is not None:
            in_other = key.is_(None) if first else key.is_not(None)
            statement = statement.where(or_(in_other, self._ahead(first, start)))
        sorted_by = [c.desc() if self._down else c.asc() for c in (key, S.id)]
        sorted_by[0] = sorted_by[0].nulls_last() if first else sorted_by[0].nulls_first()
        return self._of(self.few, statement.order_by(*sorted_by), limit)

    def part(self, valued: bool, start: Here | None, limit: int) -> list[tuple[Any, ...]]:
        """The rows that come next of those that have a value, or of those that have none."""
        if self.few is not None:
            return self._among(self.few, valued, start, limit)
        if self._sort == "document":
            return self._first(
                self._ordered(valued, start, one_by_one=True, along_path=True), limit
            )
        column = SORT_KEYS[self._sort][0].name
        ways = branches(self._wanted, column) if valued else Branches([], None)
        rows = self._along(valued, start, limit, column, ways.inside)
        if ways.wide is not None:
            wide = self._ordered(valued, start)
            rows += self._looked_up(wide, ways.wide, limit)
            rows.sort(key=lambda row: (*row[2:], row[0]), reverse=self._down)
        return rows[:limit]

    def _along(
        self,
        valued: bool,
        start: Here | None,
        limit: int,
        column: str,
        inside: list[ColumnElement[bool]],
    ) -> list[tuple[Any, ...]]:
        """The rows from a short walk along the index, then from candidates or a longer walk."""
        rows, here = self._walk(valued, start, limit, column, inside, WALK)
        if here is None or len(rows) == limit:
            return rows
        if self._many is not None:
            return rows + self._among(self._many, valued, here, limit - len(rows), inside)
        more, here = self._walk(valued, here, limit - len(rows), column, inside, LONG_WALK)
        rows += more
        if here is not None and len(rows) < limit:
            rest = self._ordered(valued, here).where(*inside)
            rest = rest.with_hint(SEARCH, "NOT INDEXED", "sqlite")
            rows += self._first(rest, limit - len(rows))
        return rows

    def _walk(
        self,
        valued: bool,
        start: Here | None,
        limit: int,
        column: str,
        inside: list[ColumnElement[bool]],
        far: int,
    ) -> tuple[list[tuple[Any, ...]], Here | None]:
        """The rows among so many entries of the index, and the last of these; None at its end."""
        if self._postgresql:
            return self._walk_postgresql(valued, start, limit, column, inside, far)
        here = self._entry(valued, start, column, inside, far)
        walked = along(self._ordered(valued, start, one_by_one=True).where(*inside), column)
        if here is None:
            return self._first(walked, limit), None
        order = tuple_(*self._order(valued))
        within = order >= tuple_(*here) if self._down else order <= tuple_(*here)
        return self._first(walked.where(within), limit), here

    def _walk_postgresql(
        self,
        valued: bool,
        start: Here | None,
        limit: int,
        column: str,
        inside: list[ColumnElement[bool]],
        far: int,
    ) -> tuple[list[tuple[Any, ...]], Here | None]:
        """The same; the entries are taken in a query of their own, into which nothing is drawn."""
        entries = self._ordered(valued, start, bare=True).where(*inside).limit(far + 1)
        statement = self._ordered(valued, None, one_by_one=True)
        rows = self._first(over(entries.with_only_columns(*SEARCH.c), statement), limit)
        if len(rows) == limit:
            # The walk is not gone on with, and where it ended does not count.
            return rows, start
        return rows, self._entry(valued, start, column, inside, far)

    def _entry(
        self,
        valued: bool,
        start: Here | None,
        column: str,
        inside: list[ColumnElement[bool]],
        far: int,
    ) -> Here | None:
        """The entry of the index that stands so far from ``start``; None beyond its end."""
        bare = self._ordered(valued, start, bare=True).where(*inside)
        bare = along(bare.with_only_columns(*self._order(valued)), column)
        end = self._connection.execute(bare.offset(far).limit(1)).first()
        return None if end is None else tuple(end)

    def _among(
        self,
        candidates: Candidates,
        valued: bool,
        start: Here | None,
        limit: int,
        inside: Sequence[ColumnElement[bool]] = (),
    ) -> list[tuple[Any, ...]]:
        """The first rows of the candidates that fulfil the other conditions."""
        statement = self._ordered(valued, start, bare=True).where(*inside)
        return self._of(candidates, self._asked(statement, candidates), limit)

    def _asked(self, statement: Select[Any], candidates: Candidates) -> Select[Any]:
        """``statement`` with what is asked of the candidates besides what makes them such."""
        one_by_one = candidates.count <= FEW_ENOUGH
        return matching(statement, self._wanted, one_by_one=one_by_one, known=candidates.answers)

    def _of(
        self, candidates: Candidates, statement: Select[Any], limit: int
    ) -> list[tuple[Any, ...]]:
        """The first rows of the candidates alone."""
        if self._postgresql and candidates.condition is not None:
            return self._first(among(candidates.condition, statement), limit)
        return self._looked_up(statement, candidates.numbers, limit)

    def _looked_up(
        self, statement: Select[Any], numbers: Select[Any], limit: int
    ) -> list[tuple[Any, ...]]:
        """The first rows for the records of these numbers, looked up one after the other."""
        named = S.id.in_(numbers)
        if self._postgresql:
            return self._first(among(named, statement), limit)
        return self._first(statement.where(named).with_hint(SEARCH, "NOT INDEXED", "sqlite"), limit)

    def _first(self, statement: Select[Any], limit: int) -> list[tuple[Any, ...]]:
        return [tuple(row) for row in self._connection.execute(statement.limit(limit))]

    def _order(self, valued: bool) -> tuple[ColumnElement[Any], ...]:
        return (*(SORT_KEYS[self._sort] if valued else ()), S.id)

    def _ahead(self, valued: bool, start: Here) -> ColumnElement[bool]:
        order = tuple_(*self._order(valued))
        return order < tuple_(*start) if self._down else order > tuple_(*start)

    def _ordered(
        self,
        valued: bool,
        start: Here | None,
        *,
        one_by_one: bool = False,
        bare: bool = False,
        along_path: bool = False,
    ) -> Select[Any]:
        """The query for one part of the list from ``start`` on; ``bare``: of all records."""
        order = self._order(valued)
        keys = order[:-1]
        statement = select(S.id, S.record_id, *keys).select_from(SEARCH)
        if not bare:
            statement = matching(statement, self._wanted, one_by_one=one_by_one)
        if self._sort == "document":
            statement = statement.add_columns(S.document)
            # The sign keeps SQLite from going from records to documents, against the order.
            own = D.id if not along_path else literal_column("+search_documents.id")
            statement = statement.join(SEARCH_DOCUMENTS, S.document == own)
        elif self._sort not in ALWAYS_THERE:
            key = SORT_KEYS[self._sort][0]
            statement = statement.where(key.is_not(None) if valued else key.is_(None))
        if start is not None:
            statement = statement.where(self._ahead(valued, start))
            if self._sort == "document":
                # The index by path cannot answer a comparison over two tables.
                statement = statement.where(
                    D.path <= start[0] if self._down else D.path >= start[0]
                )
        return statement.order_by(*(c.desc() if self._down else c.asc() for c in order))


def _key_values(connection: Connection, cursor: Cursor) -> tuple[Any, ...]:
    """The values of the columns that a cursor's order goes by."""
    if cursor.sort != "document" or cursor.values is None:
        return cursor.values or ()
    document, position = cursor.values[0], cursor.values[-1]
    named = connection.execute(select(D.path, D.doc_id).where(D.id == document)).first()
    if named is None:
        raise CursorError("the document of this place has gone; start at the list's beginning")
    return (*named, position)


def _cursor_values(row: tuple[Any, ...], sort: str) -> tuple[Any, ...]:
    """What a cursor keeps of a row: paths may be long, so a document's number stands for it."""
    return (row[-1], row[-2]) if sort == "document" else row[2:]
