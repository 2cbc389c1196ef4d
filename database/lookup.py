"""Single things of the database by their id."""

from __future__ import annotations

from scmine.database.filters import RecordFilter
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
