"""Writing and reading reference sets: the statements, and rows as values.

The transaction around them is begun and ended in ``scmine.database.store``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict
from datetime import UTC, datetime
from itertools import islice
from typing import Any

from sqlalchemy import Connection, Select, Table, delete, func, insert, select

from scmine.database.clean import clean
from scmine.database.errors import DatabaseError
from scmine.database.models import ReferenceEntryModel, ReferenceSetModel
from scmine.database.record import Evidence
from scmine.database.reference import (
    ReferenceEntry,
    ReferenceSetInfo,
    StoredReferenceSet,
    UnreadRow,
)

SETS: Table = ReferenceSetModel.metadata.tables[ReferenceSetModel.__tablename__]
ENTRIES: Table = ReferenceEntryModel.metadata.tables[ReferenceEntryModel.__tablename__]

INSERT_BATCH = 1000
"""Entries written at a time."""

Progress = Callable[[int], None]
"""Is called with the number of entries written so far."""

_COLUMNS = tuple(c for c in ENTRIES.c if c.name not in {"id", "set_id"})
_LARGE = frozenset({"cif"})


def add_set(
    connection: Connection,
    info: ReferenceSetInfo,
    entries: Iterable[ReferenceEntry],
    progress: Progress | None = None,
) -> bool:
    """Insert a set with its entries; False, and nothing done, if the file is there already.

    Raises
    ------
    DatabaseError
        Another file's set has the name.
    """
    rows = connection.execute(select(SETS.c.name, SETS.c.sha256))
    there = {row.sha256: row.name for row in rows}
    if info.sha256 in there:
        return False
    if info.name in there.values():
        raise DatabaseError(
            f"a reference set called {info.name!r} is there already, from another file; give the "
            "new one another name, or remove the old one first"
        )
    statement = insert(SETS).returning(SETS.c.id)
    unread = [clean(asdict(row)) for row in info.unread]
    values = {"name": info.name, "kind": info.kind, "path": info.path, "sha256": info.sha256}
    row = clean(values) | {"added": datetime.now(UTC), "unread": unread}
    set_id = connection.execute(statement, row).scalar_one()
    rest = iter(entries)
    written = 0
    while batch := [_entry_row(set_id, entry) for entry in islice(rest, INSERT_BATCH)]:
        connection.execute(insert(ENTRIES), batch)
        written += len(batch)
        if progress is not None:
            progress(written)
    return True


def _entry_row(set_id: int, entry: ReferenceEntry) -> dict[str, Any]:
    row: dict[str, Any] = {
        column.name: clean(getattr(entry, _attribute(column.name))) for column in _COLUMNS
    }
    row |= {"set_id": set_id, "composition": dict(entry.composition)}
    row["evidence"] = entry.evidence.value
    return row


def _attribute(column: str) -> str:
    return "lambda_" if column == "lambda" else column


def remove_set(connection: Connection, name: str) -> int:
    """Delete a set and its entries; return how many these were.

    Raises
    ------
    DatabaseError
        No set has the name.
    """
    set_id = connection.scalar(select(SETS.c.id).where(SETS.c.name == name))
    if set_id is None:
        known = connection.scalars(select(SETS.c.name).order_by(SETS.c.name)).all()
        there = f"there are {', '.join(known)}" if known else "there is none"
        raise DatabaseError(f"there is no reference set called {name!r}; {there}")
    number = connection.execute(delete(ENTRIES).where(ENTRIES.c.set_id == set_id)).rowcount
    connection.execute(delete(SETS).where(SETS.c.id == set_id))
    return int(number)


def sets_query() -> Select[Any]:
    """The query for all sets with their numbers of entries, in the order they were added."""
    number = (
        select(func.count())
        .select_from(ENTRIES)
        .where(ENTRIES.c.set_id == SETS.c.id)
        .scalar_subquery()
    )
    columns = [c for c in SETS.c if c.name != "id"]
    return select(*columns, number.label("entry_count")).order_by(SETS.c.id)


def stored_set(row: Mapping[str, Any]) -> StoredReferenceSet:
    """A set from a row of `sets_query`."""
    unread = tuple(UnreadRow(**item) for item in row["unread"])
    return StoredReferenceSet(**{**row, "unread": unread})


def entries_query(
    *, key: str | None = None, system: str | None = None, with_structures: bool = False
) -> Select[Any]:
    """The query for entries, in the order of their sets and files.

    All of them, or those of a composition ``key`` or of a chemical ``system``. CIFs are large and
    come only ``with_structures``.
    """
    columns = [c for c in _COLUMNS if with_structures or c.name not in _LARGE]
    statement = (
        select(*columns, SETS.c.name.label("set_name"))
        .join_from(ENTRIES, SETS, ENTRIES.c.set_id == SETS.c.id)
        .order_by(ENTRIES.c.id)
    )
    if key is not None:
        statement = statement.where(ENTRIES.c.key == key)
    if system is not None:
        statement = statement.where(ENTRIES.c.system == system)
    return statement


def stored_entries(rows: Iterable[Mapping[str, Any]]) -> Iterator[ReferenceEntry]:
    """Entries from rows of `entries_query`."""
    for row in rows:
        values = {_attribute(name): value for name, value in row.items()}
        values["evidence"] = Evidence(values["evidence"])
        yield ReferenceEntry(**values)
