"""What an import needs to know of the database, batch by batch, and how new records are written.

What becomes of a row is decided in ``scmine.database.import_plan``.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Self

from sqlalchemy import Connection, Table, func, select
from sqlalchemy.dialects import postgresql, sqlite

from scmine.database.clean import clean
from scmine.database.import_plan import Present
from scmine.database.import_rows import IMPORTED, Claim
from scmine.database.models import StructureModel
from scmine.database.record import Record, RecordStatus
from scmine.database.record_rows import (
    DOCUMENTS,
    RECORDS,
    NewRow,
    insert_records,
    record_of,
    select_records,
)
from scmine.database.results import DOCUMENT_COLUMNS
from scmine.database.revision import ChangeKind, Revision
from scmine.database.revisions import insert_revision, revisions_by_record
from scmine.database.store import Database
from scmine.database.supercon2 import SUPERCON2_COLUMNS, supercon2_row

STRUCTURES: Table = StructureModel.metadata.tables[StructureModel.__tablename__]

UNREAD = "imported; the paper itself has not been read"
"""The reason of a document that came with an import."""


@dataclass(frozen=True, slots=True)
class State:
    """What the database holds of what a batch names: records, documents, structures, by their ids.

    ``structures`` gives the document of each.
    """

    records: Mapping[str, Present]
    documents: Mapping[str, Mapping[str, Any]]
    structures: Mapping[str, str]


class Seen:
    """The ids that an import has met, on disk where they are too many for memory."""

    def __enter__(self) -> Self:
        # A database without a name is SQLite's own temporary file, and vanishes when closed.
        self._connection = sqlite3.connect("", isolation_level=None)
        for table in ("records", "documents"):
            self._connection.execute(f"CREATE TABLE {table} (id TEXT PRIMARY KEY) WITHOUT ROWID")
        return self

    def __exit__(self, *_error: object) -> None:
        self._connection.close()

    def add_record(self, record_id: str) -> bool:
        """Whether a record's id is met for the first time."""
        return self._add("records", record_id)

    def add_document(self, doc_id: str) -> bool:
        """Whether a document's id is met for the first time."""
        return self._add("documents", doc_id)

    def _add(self, table: str, name: str) -> bool:
        statement = f"INSERT OR IGNORE INTO {table} VALUES (?)"
        return self._connection.execute(statement, (name,)).rowcount == 1


def state_of(database: Database, claims: Sequence[Claim]) -> State:
    """What the database holds of what ``claims`` name."""
    ids = {claim.record_id for claim in claims if claim.record_id}
    named = {claim.values.get("structure_id") for claim in claims}
    with database.reading() as connection:
        records = _records(connection, sorted(ids), database.where)
        doc_ids = {claim.doc_id for claim in claims if claim.doc_id}
        doc_ids |= {present.record.doc_id for present in records.values()}
        columns = [DOCUMENTS.c[name] for name in ("doc_id", *DOCUMENT_COLUMNS)]
        wanted = select(*columns).where(DOCUMENTS.c.doc_id.in_(sorted(doc_ids)))
        documents = {row["doc_id"]: dict(row) for row in connection.execute(wanted).mappings()}
        c = STRUCTURES.c
        there = select(c.structure_id, c.doc_id).where(
            c.structure_id.in_(sorted(name for name in named if name))
        )
        structures = {row.structure_id: row.doc_id for row in connection.execute(there)}
    return State(records, documents, structures)


def _records(connection: Connection, ids: Sequence[str], where: str) -> dict[str, Present]:
    wanted = select_records().add_columns(RECORDS.c.revision).where(RECORDS.c.record_id.in_(ids))
    history = revisions_by_record(connection, ids)
    return {
        row["record_id"]: Present(
            record_of(dict(row), where), row["revision"], history.get(row["record_id"], ())
        )
        for row in connection.execute(wanted).mappings()
    }


def supercon2_key(row: Mapping[str, Any]) -> tuple[str, ...]:
    """What a row of SuperCon²'s CSV says in the columns that we write."""
    return tuple(row.get(name) or "" for name in SUPERCON2_COLUMNS)


def supercon2_rows(database: Database, doc_ids: Sequence[str]) -> set[tuple[str, ...]]:
    """The rows that the records of documents are exported as, by `supercon2_key`."""
    wanted = select_records().where(RECORDS.c.doc_id.in_(sorted(doc_ids)))
    found: set[tuple[str, ...]] = set()
    for values in database.rows(wanted):
        row = supercon2_row(record_of(values, database.where))
        if row is not None:
            found.add(supercon2_key(row))
    return found


def add_new(database: Database, new: Sequence[Record], run: int, *, who: str, why: str) -> None:
    """Write new records in one transaction, with the documents that they lack.

    They come behind the records that their documents have. One that a person has judged elsewhere
    gets a first revision that says where it is from.
    """
    with database.writing() as connection:
        _add_documents(connection, new, run)
        doc_ids = sorted({record.doc_id for record in new})
        last = select(RECORDS.c.doc_id, func.max(RECORDS.c.position)).where(
            RECORDS.c.doc_id.in_(doc_ids)
        )
        positions: dict[str, int] = {
            row[0]: row[1] for row in connection.execute(last.group_by(RECORDS.c.doc_id))
        }
        rows: list[NewRow] = []
        for record in new:
            position = positions[record.doc_id] = positions.get(record.doc_id, -1) + 1
            rows.append(NewRow(record, position))
        insert_records(connection, rows)
        for record in new:
            if record.status is not RecordStatus.NEW:
                insert_revision(connection, _first_revision(record, who, why))


def _first_revision(record: Record, who: str, why: str) -> Revision:
    return Revision(
        record_id=record.record_id,
        number=0,
        parent=None,
        kind=ChangeKind.IMPORTED,
        who=clean(who),
        when=datetime.now(UTC),
        why=clean(why),
        error_type=None,
        changes={},
        record=record,
    )


def _add_documents(connection: Connection, new: Sequence[Record], run: int) -> None:
    """Insert a document for each record that has none; what its first record says describes it."""
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    rows: dict[str, dict[str, Any]] = {}
    for record in new:
        if record.doc_id not in rows:
            said = {name: getattr(record, name) for name in DOCUMENT_COLUMNS}
            rows[record.doc_id] = {
                **{name: None if value == "" else value for name, value in said.items()},
                "path": record.path or record.doi or record.title or record.doc_id,
                "doc_id": record.doc_id,
                "reader": IMPORTED,
                "page_count": 0,
                "status": "done",
                "reason": UNREAD,
                "warnings": [],
                "pipeline_version": IMPORTED,
                "run_id": run,
                "seconds": 0.0,
                "steps": {},
            }
    statement = dialect.insert(DOCUMENTS).on_conflict_do_nothing()
    connection.execute(statement, [clean(row) for row in rows.values()])
