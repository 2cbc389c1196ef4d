"""Small questions to the database that pages ask: one structure, how much was judged."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select

from scmine.database.filters import RecordFilter
from scmine.database.record_rows import REVISIONS
from scmine.database.revision import ChangeKind
from scmine.database.store import Database
from scmine.database.structure import StoredStructure
from scmine.database.structure_query import STRUCTURES, records_of_structures, structure_query


def structure(database: Database, structure_id: str) -> StoredStructure | None:
    """The structure of this id with the ids of its records; None if there is none."""
    statement = structure_query(RecordFilter()).where(STRUCTURES.c.structure_id == structure_id)
    for row in database.rows(statement):
        named = list(database.rows(records_of_structures([structure_id])))
        return StoredStructure(**row, record_ids=[pair["record_id"] for pair in named])
    return None


def judged_since(database: Database, since: datetime, who: str | None = None) -> int:
    """How many records were edited or judged since a moment (UTC), by one person or by all."""
    c = REVISIONS.c
    statement = select(func.count(c.record_id.distinct()).label("number")).where(
        c.made >= since, c.kind.in_([ChangeKind.EDITED.value, ChangeKind.JUDGED.value])
    )
    if who is not None:
        statement = statement.where(c.who == who)
    return next(int(row["number"]) for row in database.rows(statement))
