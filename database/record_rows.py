"""A record as a row of its table: the one place that writes and reads such rows.

Whatever is derived from a record and stored beside it (columns to search by) is made here, so that
it follows every change, whether a pipeline or a person makes it. When rows are written lives in
``scmine.database.save`` and ``scmine.database.curation``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError
from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    Table,
    and_,
    exists,
    insert,
    not_,
    or_,
    select,
    update,
)

from scmine.database.clean import clean
from scmine.database.crawl_models import CrawlVersionModel
from scmine.database.errors import DatabaseError
from scmine.database.models import DocumentModel, RecordModel, RevisionModel
from scmine.database.record import COLUMNS, Record, RecordStatus
from scmine.database.results import DOCUMENT_COLUMNS

DOCUMENTS: Table = DocumentModel.metadata.tables[DocumentModel.__tablename__]
RECORDS: Table = RecordModel.metadata.tables[RecordModel.__tablename__]
REVISIONS: Table = RevisionModel.metadata.tables[RevisionModel.__tablename__]
CRAWLED: Table = CrawlVersionModel.metadata.tables[CrawlVersionModel.__tablename__]

OWN_COLUMNS = tuple(name for name in COLUMNS if name in RECORDS.c)
"""The columns of a record that stand in its row; the others stand in its document's."""


@dataclass(frozen=True, slots=True)
class NewRow:
    """A record to be inserted: its place among those of its document, and its passage."""

    record: Record
    position: int
    passage_id: int | None = None
    revision: int = 0


def row_of(record: Record) -> dict[str, Any]:
    """The columns of the row that follow from the record alone."""
    values = clean(record.to_row())
    return {name: values[name] for name in OWN_COLUMNS}


def insert_records(connection: Connection, rows: Sequence[NewRow]) -> None:
    """Insert records."""
    values = [
        row_of(row.record)
        | {"position": row.position, "passage_id": row.passage_id, "revision": row.revision}
        for row in rows
    ]
    if values:
        connection.execute(insert(RECORDS), values)


def update_record(connection: Connection, record: Record, revision: int) -> None:
    """Write a record over its earlier state; passage and position stay."""
    values = row_of(record) | {"revision": revision}
    statement = update(RECORDS).where(RECORDS.c.record_id == record.record_id)
    connection.execute(statement.values(**values))


def untouched() -> ColumnElement[bool]:
    """Whether no person has ever done anything to a record, in SQL; only then may it be replaced.

    A record whose judgement was undone is ``new`` again and has revisions. One without that is
    ``obsolete``, of a paper that was crawled, was overtaken by a newer version of the paper
    (``crawl_standing``).
    """
    has_revisions = exists().where(REVISIONS.c.record_id == RECORDS.c.record_id)
    crawled = exists().where(CRAWLED.c.doc_id == RECORDS.c.doc_id)
    overtaken = and_(RECORDS.c.status == RecordStatus.OBSOLETE.value, crawled)
    return and_(or_(RECORDS.c.status == RecordStatus.NEW.value, overtaken), not_(has_revisions))


def select_records() -> Select[Any]:
    """The query for the columns of records, those of their documents included."""
    columns = [RECORDS.c[name] for name in OWN_COLUMNS]
    return select(*columns, *(DOCUMENTS.c[name] for name in DOCUMENT_COLUMNS)).join_from(
        RECORDS, DOCUMENTS, RECORDS.c.doc_id == DOCUMENTS.c.doc_id
    )


def record_of(row: Mapping[str, Any], where: str) -> Record:
    """The record that a row of `select_records` holds; other keys are left out.

    Raises
    ------
    DatabaseError
        Someone else wrote into the database ``where`` and broke the row.
    """
    try:
        return Record.model_validate({name: row[name] for name in COLUMNS})
    except ValidationError as error:
        raise DatabaseError(
            f"{where}: record {row['record_id']} is not as scmine writes it: {error}"
        ) from error
