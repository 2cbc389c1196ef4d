"""Writing one document as a whole: what it replaces, and what of a person's work it must keep.

Statements only; the transaction around them is begun and ended in ``scmine.database.store``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from sqlalchemy import Connection, Row, Table, delete, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite

from scmine.database.clean import clean
from scmine.database.crawl_standing import (
    follow_document,
    listed_values,
    lock_versions,
    settle_documents,
)
from scmine.database.editing import EDITABLE
from scmine.database.llm_models import LlmUseModel
from scmine.database.models import (
    DocumentModel,
    LayersModel,
    PassageModel,
    RecordModel,
    StructureModel,
)
from scmine.database.proposing import propose
from scmine.database.record import Record
from scmine.database.record_rows import NewRow, insert_records, row_of, untouched
from scmine.database.results import DOCUMENT_COLUMNS, DocumentResult
from scmine.database.touched import Touched, touched_records

DOCUMENTS: Table = DocumentModel.metadata.tables[DocumentModel.__tablename__]
PASSAGES: Table = PassageModel.metadata.tables[PassageModel.__tablename__]
RECORDS: Table = RecordModel.metadata.tables[RecordModel.__tablename__]
STRUCTURES: Table = StructureModel.metadata.tables[StructureModel.__tablename__]
LAYERS: Table = LayersModel.metadata.tables[LayersModel.__tablename__]
LLM: Table = LlmUseModel.metadata.tables[LlmUseModel.__tablename__]

_PLACED = {"doc_id", "position"}


def save(connection: Connection, run_id: int, result: DocumentResult, where: str) -> None:
    """Put ``result`` in the place of what the database ``where`` holds of its document.

    Records that a person has touched stay as they are, with their passages and structures. A
    record of the result with the id or a place of one of them is left out; what it says otherwise
    is proposed. Of a document that was crawled, its listing fills what reading left empty.
    """
    lock_versions(connection, result.doc_id)
    row = _document_row(run_id, result)
    listed = listed_values(connection, result.doc_id)
    row |= {name: row[name] or value for name, value in listed.items()}
    before = _claim_document(connection, row)
    kept = Touched()
    replaced: dict[str, Row[Any]] = {}
    kept_passages: dict[tuple[str, str, int | None], int] = {}
    kept_structures: set[str] = set()
    if before is not None:
        replaced = _untouched_records(connection, result.doc_id)
        connection.execute(delete(RECORDS).where(RECORDS.c.doc_id == result.doc_id, untouched()))
        kept = touched_records(connection, result.doc_id, where)
        kept_passages = _delete_bare_passages(connection, result.doc_id)
        kept_structures = _delete_bare_structures(connection, result.doc_id, kept)
        if kept.records:
            # A run that could not read the file must not take the title from records kept.
            row |= {n: row[n] or getattr(before, n) for n in DOCUMENT_COLUMNS}
        connection.execute(
            update(DOCUMENTS).where(DOCUMENTS.c.doc_id == result.doc_id).values(**row)
        )
    passage_ids = _insert_passages(connection, result, kept_passages)
    _insert_structures(connection, result, kept_structures)
    found = kept.found_in(result.records)
    _insert_records(connection, result, passage_ids, found.left_out, replaced)
    if kept.records:
        propose(connection, run_id, result, kept.records, found.best)
    _replace_layers(connection, result)
    _replace_llm_use(connection, result)
    if listed:
        follow_document(connection, result.doc_id, row["status"], row["reason"])
        settle_documents(connection, [result.doc_id])


def _document_row(run_id: int, result: DocumentResult) -> dict[str, Any]:
    row: dict[str, Any] = {"run_id": run_id}
    for column in DOCUMENTS.c:
        if column.name != "run_id":
            value = clean(getattr(result, column.name))
            row[column.name] = None if value == "" and column.nullable else value
    return row


def _claim_document(connection: Connection, row: dict[str, Any]) -> Row[Any] | None:
    """Insert the document, or lock and return its row if it is there.

    Two processes that save one document at once come here one after the other.
    """
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    statement = dialect.insert(DOCUMENTS).values(**row).on_conflict_do_nothing()
    if connection.execute(statement).rowcount == 1:
        return None
    found = select(DOCUMENTS).where(DOCUMENTS.c.doc_id == row["doc_id"]).with_for_update()
    return connection.execute(found).one()


def _untouched_records(connection: Connection, doc_id: str) -> dict[str, Row[Any]]:
    """The rows of the records that are about to be replaced, by their ids."""
    found = select(RECORDS).where(RECORDS.c.doc_id == doc_id, untouched())
    return {row.record_id: row for row in connection.execute(found)}


def _delete_bare_passages(
    connection: Connection, doc_id: str
) -> dict[tuple[str, str, int | None], int]:
    """Delete passages that no record needs; return the ids of the others by what they say."""
    of_document = PASSAGES.c.doc_id == doc_id
    needed = select(RECORDS.c.passage_id).where(
        RECORDS.c.doc_id == doc_id, RECORDS.c.passage_id.is_not(None)
    )
    connection.execute(delete(PASSAGES).where(of_document, PASSAGES.c.id.not_in(needed)))
    rows = connection.execute(select(PASSAGES).where(of_document))
    return {(row.kind, row.text, row.page): row.id for row in rows}


def _delete_bare_structures(connection: Connection, doc_id: str, kept: Touched) -> set[str]:
    """Delete structures that no record kept needs; return the ids of the others."""
    of_document = STRUCTURES.c.doc_id == doc_id
    bare = STRUCTURES.c.structure_id.not_in(kept.structure_ids)
    connection.execute(delete(STRUCTURES).where(of_document, bare))
    return set(connection.scalars(select(STRUCTURES.c.structure_id).where(of_document)))


def _insert_structures(connection: Connection, result: DocumentResult, kept: set[str]) -> None:
    """Insert the structures, but for those that a judged record keeps as they are."""
    rows = [
        {c.name: clean(getattr(structure, c.name)) for c in STRUCTURES.c if c.name not in _PLACED}
        | {"doc_id": result.doc_id, "position": position}
        for position, structure in enumerate(result.structures)
        if structure.structure_id not in kept
    ]
    if rows:
        connection.execute(insert(STRUCTURES), rows)


def _insert_passages(
    connection: Connection,
    result: DocumentResult,
    kept: dict[tuple[str, str, int | None], int],
) -> list[int]:
    """Insert the passages, but for those that were kept; return the id of each, in order."""
    ids: list[int | None] = []
    rows: list[dict[str, Any]] = []
    for passage in result.passages:
        text = clean(passage.text)
        known = kept.get((passage.kind, text, passage.page))
        ids.append(known)
        if known is None:
            rows.append(
                {
                    "doc_id": result.doc_id,
                    "position": passage.position,
                    "kind": str(passage.kind),
                    "section": clean(passage.section),
                    "page": passage.page,
                    "text": text,
                }
            )
    if not rows:
        return [i for i in ids if i is not None]
    statement = insert(PASSAGES).returning(PASSAGES.c.id, sort_by_parameter_order=True)
    fresh = iter(connection.scalars(statement, rows).all())
    return [next(fresh) if i is None else i for i in ids]


def _insert_records(
    connection: Connection,
    result: DocumentResult,
    passage_ids: list[int],
    left_out: frozenset[str],
    replaced: Mapping[str, Row[Any]],
) -> None:
    indices = result.record_passages or (None,) * len(result.records)
    rows = [
        NewRow(
            record,
            position,
            None if index is None else passage_ids[index],
            _number_of(record, replaced.get(record.record_id)),
        )
        for position, (record, index) in enumerate(zip(result.records, indices, strict=True))
        if record.record_id not in left_out
    ]
    insert_records(connection, rows)


def _number_of(record: Record, before: Row[Any] | None) -> int:
    """The revision of a record that was read in place of another: what a person saw has gone."""
    if before is None:
        return 0
    new, old = row_of(record), before._mapping
    return int(before.revision) + any(new[name] != old[name] for name in EDITABLE)


def _replace_layers(connection: Connection, result: DocumentResult) -> None:
    """Put the layers of ``result`` in the place of those before.

    A run that could not read the file, and so has no reader, leaves what was there.
    """
    if result.layers is None and not result.reader:
        return
    connection.execute(delete(LAYERS).where(LAYERS.c.doc_id == result.doc_id))
    if result.layers is not None:
        row = {column.name: getattr(result, column.name) for column in LAYERS.c}
        row["pdf_path"] = clean(row["pdf_path"])
        connection.execute(insert(LAYERS).values(**row))


def _replace_llm_use(connection: Connection, result: DocumentResult) -> None:
    """Put what was asked for ``result`` in the place of what was asked for the records before."""
    connection.execute(delete(LLM).where(LLM.c.doc_id == result.doc_id))
    if result.llm is not None:
        row = clean(asdict(result.llm)) | {"state": result.llm.state.value}
        connection.execute(insert(LLM).values(doc_id=result.doc_id, **row))
