"""A record that a person adds because the reading missed it.

Only what such a record is. Writing it down lives in ``scmine.database.curation``.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection

from scmine.database.changing import in_force
from scmine.database.editing import CURATOR, GIVEN_WHEN_ADDED, ChangeError, difference, edited
from scmine.database.record import Record, RecordStatus, Source, make_record_id
from scmine.database.results import DOCUMENT_COLUMNS
from scmine.database.revision import NoChangeError


def bare_record(document: Mapping[str, Any]) -> Record:
    """A record of a document that says nothing yet; its id is still empty."""
    return Record(
        record_id="",
        doc_id=document["doc_id"],
        **{name: document[name] for name in DOCUMENT_COLUMNS},
        raw_material="",
        source=Source.TEXT,
        extractor=CURATOR,
        status=RecordStatus.CURATED,
    )


def filled(bare: Record, values: Mapping[str, Any]) -> Record:
    """``bare`` with the values that a person gives.

    Raises
    ------
    ChangeError
        A value that a record cannot hold, or no printed material.
    """
    if not values.get("raw_material"):
        raise ChangeError({"raw_material": "say which material the paper prints"})
    return edited(bare, values, GIVEN_WHEN_ADDED)


def with_id(connection: Connection, record: Record, where: str) -> Record:
    """``record`` with an id that follows from its document and its values.

    Raises
    ------
    NoChangeError
        The same record was added before and is there as it was added. If it was changed since,
        the new one gets another id.
    """
    row = record.to_row()
    given = {name: row[name] for name in GIVEN_WHEN_ADDED}
    number = 0
    while True:
        named = record.model_copy(
            update={"record_id": make_record_id(record.doc_id, CURATOR, given, number)}
        )
        present = in_force(connection, named.record_id, where)
        if present is None:
            return named
        if not difference(present, named):
            raise NoChangeError(f"this record was added before, as {named.record_id}")
        number += 1
