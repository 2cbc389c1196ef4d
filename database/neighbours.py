"""The records beside one in a sorted list of search results."""

from __future__ import annotations

from sqlalchemy import Connection, select

from scmine.database.cursors import Cursor
from scmine.database.filters import RecordFilter
from scmine.database.search_conditions import S
from scmine.database.search_models import SEARCH
from scmine.database.search_places import SORT_KEYS, places
from scmine.database.store import Database


def neighbours(
    database: Database,
    record_id: str,
    wanted: RecordFilter,
    *,
    sort: str = "tc_K",
    descending: bool = True,
) -> tuple[str | None, str | None]:
    """The ids of the records before and behind one, in the list that `Search.page` gives.

    The record itself need not be in the list: those beside its place are found. Both are None if
    there is no such record.
    """
    with database.reading() as connection:
        here = _cursor(connection, record_id, sort, descending)
        if here is None:
            return None, None
        before = here.model_copy(update={"before": True})
        left = places(connection, wanted, sort, descending, 1, before)
        right = places(connection, wanted, sort, descending, 1, here)
    return (left[0].record_id if left else None, right[0].record_id if right else None)


def _cursor(connection: Connection, record_id: str, sort: str, descending: bool) -> Cursor | None:
    """The place of a record in a list of this order, None if there is no such record."""
    # As in all cursors, a document's number stands for its path.
    keys = (S.document, S.position) if sort == "document" else SORT_KEYS[sort]
    statement = select(S.id, *keys).select_from(SEARCH).where(S.record_id == record_id)
    row = connection.execute(statement).one_or_none()
    if row is None:
        return None
    values = tuple(row[1:])
    return Cursor.model_validate(
        {
            "sort": sort,
            "descending": descending,
            "before": False,
            "values": None if None in values else values,
            "id": row[0],
        }
    )
