"""Walking a sorted list of records from a place on: the numbers of the records that come next.

A list has two parts, the records that have a value to sort by and those that have none; the second
comes last in either direction.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, select, tuple_

from scmine.database.cursors import Cursor
from scmine.database.filters import RECORDS, RecordFilter, by_name
from scmine.database.search_conditions import S, search_conditions
from scmine.database.search_models import SEARCH, SEARCH_DOCUMENTS

D = SEARCH_DOCUMENTS.c

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
    found: list[Place] = []
    for valued in parts:
        start = cursor if cursor is not None and (cursor.values is not None) == valued else None
        statement = _part(wanted, sort, valued, down=descending != back, start=start)
        for row in connection.execute(statement.limit(limit - len(found))):
            found.append(Place(row[0], row[1], tuple(row[2:]) if valued else None))
        if len(found) >= limit:
            break
    return found


def matching(statement: Select[Any], wanted: RecordFilter) -> Select[Any]:
    """``statement``, which reads the search's rows of records, for the records wanted only."""
    names = by_name(wanted)
    if names:
        statement = statement.join(RECORDS, RECORDS.c.record_id == S.record_id).where(*names)
    return statement.where(*search_conditions(wanted).values())


def _part(
    wanted: RecordFilter, sort: str, valued: bool, *, down: bool, start: Cursor | None
) -> Select[Any]:
    keys = SORT_KEYS[sort] if valued else ()
    statement = select(S.id, S.record_id, *keys).select_from(SEARCH)
    if sort == "document":
        statement = statement.join(SEARCH_DOCUMENTS, D.id == S.document)
    elif sort not in ALWAYS_THERE:
        key = SORT_KEYS[sort][0]
        statement = statement.where(key.is_not(None) if valued else key.is_(None))
    order = (*keys, S.id)
    if start is not None:
        here = tuple_(*(start.values or ()), start.id)
        statement = statement.where(tuple_(*order) < here if down else tuple_(*order) > here)
    statement = matching(statement, wanted)
    return statement.order_by(*(c.desc() if down else c.asc() for c in order))
