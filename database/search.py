"""Searching records: a page of them in any order, how many there are, and of which kinds.

Pages are found by the values at their ends and not by counting, so that the hundredth page costs
what the first does, and no record is missed or seen twice while others are written. What is asked
for is put into SQL in ``scmine.database.search_conditions``.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, get_args

from sqlalchemy import Connection, bindparam, func, select

from scmine.database.composition import OPEN_SITE
from scmine.database.cursors import Cursor, read_cursor
from scmine.database.filters import RECORDS, RecordFilter
from scmine.database.record import Record
from scmine.database.record_rows import record_of, select_records
from scmine.database.search_conditions import S
from scmine.database.search_models import TERMS
from scmine.database.search_places import Place, matching, places
from scmine.database.store import Database

Sort = Literal[
    "tc_K",
    "pressure_GPa",
    "lambda",
    "omega_log_K",
    "year",
    "confidence",
    "formula",
    "document",
    "doubt",
]
"""What pages can be sorted by. A range of Tc or pressure is sorted by its single value if it has
one, else by its upper end."""

SORTS: tuple[str, ...] = get_args(Sort)

Facet = Literal[
    "material_class",
    "evidence",
    "origin",
    "status",
    "source",
    "space_group",
    "year",
    "flags",
    "elements",
    "has_structure",
]
"""What records can be counted by."""

FACETS: tuple[str, ...] = get_args(Facet)

COUNTED = 100_000
"""Records that `Search.count` counts before it says "more than"."""

LARGEST_PAGE = 1000
"""Records of one page."""

NAMED = select_records().where(RECORDS.c.record_id.in_(bindparam("record_ids", expanding=True)))
"""The query for records by their ids; made once, since its many columns take a while."""

JOINED = ("system", "flags")
"""The terms that are made of several words."""


@dataclass(frozen=True, slots=True)
class Page:
    """Some records in order; ``next`` and ``previous`` are cursors, None at the ends."""

    records: list[Record]
    next: str | None
    previous: str | None


@dataclass(frozen=True, slots=True)
class Count:
    """How many records there are: ``number``, or more than that if it is not ``exact``."""

    number: int
    exact: bool


class Search:
    """Searches of a database; every method raises ``DatabaseError`` if it cannot be read."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def page(
        self,
        wanted: RecordFilter,
        *,
        sort: str = "tc_K",
        descending: bool = True,
        limit: int = 50,
        after: str | None = None,
    ) -> Page:
        """A page of the records that ``wanted`` asks for; its ``limit`` and ``order`` do not count.

        Records without a value to sort by come last in either direction. ``after`` is the ``next``
        or ``previous`` of another page of the same filter and order.

        Raises
        ------
        ValueError
            An unknown ``sort``, or a ``limit`` that is not between 1 and 1000. A ``CursorError``
            if ``after`` is no cursor of such a page.
        """
        if sort not in SORTS:
            raise ValueError(f"records cannot be sorted by {sort!r}; choose of {', '.join(SORTS)}")
        if not 1 <= limit <= LARGEST_PAGE:
            raise ValueError(f"a page has 1 to {LARGEST_PAGE} records, not {limit}")
        cursor = None if after is None else read_cursor(after, sort, descending)
        with self._database.reading() as connection:
            found = places(connection, wanted, sort, descending, limit + 1, cursor)
            more = len(found) > limit
            found = found[:limit]
            if cursor is not None and cursor.before:
                found.reverse()
            records = self._records(connection, [place.record_id for place in found])

        def at(place: Place, before: bool) -> str:
            return str(
                Cursor(
                    sort=sort,
                    descending=descending,
                    before=before,
                    values=place.values,
                    id=place.id,
                )
            )

        if not found:
            return _empty_page(cursor)
        back = cursor is not None and cursor.before
        has_next = more or back
        has_previous = more if back else cursor is not None
        return Page(
            records,
            at(found[-1], False) if has_next else None,
            at(found[0], True) if has_previous else None,
        )

    def every(
        self, wanted: RecordFilter, *, sort: str = "tc_K", descending: bool = True
    ) -> Iterator[Record]:
        """All records that ``wanted`` asks for in order, read page by page as they are taken."""
        after: str | None = None
        while True:
            page = self.page(
                wanted, sort=sort, descending=descending, limit=LARGEST_PAGE, after=after
            )
            yield from page.records
            if page.next is None:
                return
            after = page.next

    def count(self, wanted: RecordFilter, *, at_most: int | None = COUNTED) -> Count:
        """How many records ``wanted`` asks for; beyond ``at_most`` it is not told exactly."""
        found = matching(select(S.id), wanted)
        if at_most is not None:
            found = found.limit(at_most + 1)
        with self._database.reading() as connection:
            number = connection.scalar(select(func.count()).select_from(found.subquery())) or 0
        if at_most is not None and number > at_most:
            return Count(at_most, exact=False)
        return Count(number, exact=True)

    def facets(
        self, wanted: RecordFilter, names: Sequence[str] = FACETS
    ) -> dict[str, list[tuple[str, int]]]:
        """How many of the records that ``wanted`` asks for have each value, most frequent first.

        A record counts once for each of its flags and elements; one without a value is not
        counted. ``has_structure`` has the values ``true`` and ``false``.

        Raises
        ------
        ValueError
            An unknown name.
        """
        unknown = [name for name in names if name not in FACETS]
        if unknown:
            raise ValueError(
                f"records cannot be counted by {unknown[0]!r}; choose of {', '.join(FACETS)}"
            )
        with self._database.reading() as connection:
            return {name: _facet(connection, wanted, name) for name in names}

    def _records(self, connection: Connection, record_ids: Sequence[str]) -> list[Record]:
        """The records with these ids, in their order."""
        found = connection.execute(NAMED, {"record_ids": record_ids}).mappings()
        rows = {row["record_id"]: dict(row) for row in found}
        return [record_of(rows[record_id], self._database.where) for record_id in record_ids]


def _empty_page(cursor: Cursor | None) -> Page:
    """Nothing is there, or all that was there has gone: only the way back is left."""
    if cursor is None:
        return Page([], None, None)
    turned = str(cursor.model_copy(update={"before": not cursor.before}))
    return Page([], turned, None) if cursor.before else Page([], None, turned)


def _facet(connection: Connection, wanted: RecordFilter, name: str) -> list[tuple[str, int]]:
    """The values of one column with the number of records of each."""
    column = S.system if name == "elements" else S[name]
    statement = matching(select(column, func.count()), wanted).where(column.is_not(None))
    rows = [(row[0], row[1]) for row in connection.execute(statement.group_by(column))]
    counts: Counter[str] = Counter()
    if name in ("year", "has_structure"):
        for value, number in rows:
            counts[str(value) if name == "year" else str(bool(value)).lower()] += number
        return _by_frequency(counts)
    kind = "system" if name == "elements" else name
    listed = connection.execute(select(TERMS.c.id, TERMS.c.value).where(TERMS.c.kind == kind))
    values = {row.id: row.value for row in listed}
    for term, number in rows:
        parts = values[term].strip("-").split("-") if kind in JOINED else [values[term]]
        for part in parts:
            if part != OPEN_SITE:
                counts[part] += number
    return _by_frequency(counts)


def _by_frequency(counts: Mapping[str, int]) -> list[tuple[str, int]]:
    return sorted(counts.items(), key=lambda item: (-item[1], item[0]))
