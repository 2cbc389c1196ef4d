"""Making the rows that records are searched by, and keeping them true.

Triggers note in ``search_due`` which records and documents have changed, whoever changed them;
`refresh` brings their rows up to date. It is called at the end of each transaction of
``scmine.database.store`` that writes, so nothing that writes records needs to know of it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

from sqlalchemy import (
    Connection,
    Row,
    bindparam,
    delete,
    insert,
    select,
    text,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite

from scmine.database.composition import material_of
from scmine.database.models import DocumentModel, RecordModel
from scmine.database.search_models import (
    DUE,
    SEARCH,
    SEARCH_DOCUMENTS,
    TERMS,
    TEXT_FIELDS,
    TEXT_TABLE,
)
from scmine.database.search_text import tsvector, words

DOCUMENTS = DocumentModel.metadata.tables[DocumentModel.__tablename__]
RECORDS = RecordModel.metadata.tables[RecordModel.__tablename__]

BATCH = 500
"""Records brought up to date at a time: enough for speed, little enough for any memory."""

LISTS = ("material_class", "evidence", "origin", "status", "source", "space_group")
"""The columns of a record of which the search keeps the term's id under the same name."""

FLAG_TRUST = 0.5
"""What each flag leaves of the trust in a record."""

UNSTATED_CONFIDENCE = 0.5
"""The confidence of a record that states none, where doubt is reckoned."""

_NEEDED = (
    *("record_id", "doc_id", "position", "raw_material", "formula", "composition", "name"),
    *("tc_K", "tc_min_K", "tc_max_K", "pressure_GPa", "pressure_min_GPa", "pressure_max_GPa"),
    *("lambda", "omega_log_K", "space_group_number", "structure_id", "confidence", "flags"),
    *("sentence", *LISTS),
)


def doubt_of(confidence: float | None, flags: Sequence[str]) -> float:
    """How doubtful a record is, from 0 (not at all) to 1: low confidence, and many flags.

    >>> doubt_of(1.0, []), doubt_of(0.5, ["contradicted"]), doubt_of(None, [])
    (0.0, 0.75, 0.5)
    """
    stated = UNSTATED_CONFIDENCE if confidence is None else min(max(confidence, 0.0), 1.0)
    return 1.0 - stated * FLAG_TRUST ** len(set(flags))


def range_of(
    value: float | None, lowest: float | None, highest: float | None
) -> tuple[float | None, float | None, float | None]:
    """The value to sort by, and the ends of the range, None where there is no more than a value.

    >>> range_of(39.0, None, None), range_of(None, 190.0, 203.0), range_of(None, None, None)
    ((39.0, None, None), (203.0, 190.0, 203.0), (None, None, None))
    """
    known = [v for v in (value, highest, lowest) if v is not None]
    if not known:
        return None, None, None
    low = next(v for v in (lowest, value, highest) if v is not None)
    high = next(v for v in (highest, value, lowest) if v is not None)
    return (known[0], None, None) if low == high == known[0] else (known[0], low, high)


def joined(values: Sequence[str]) -> str | None:
    """The value of a term for several words, such as ``-H-La-``; None for none of them."""
    return f"-{'-'.join(sorted(set(values)))}-" if values else None


def refresh(connection: Connection) -> int:
    """Bring the rows of all that has changed up to date; return how many records that was."""
    done = 0
    while due := connection.execute(select(DUE).order_by(DUE.c.id).limit(BATCH)).all():
        documents = sorted({row.doc_id for row in due if row.doc_id is not None})
        if documents:
            _write_documents(connection, documents)
        of_documents = select(*_columns()).join_from(RECORDS, DOCUMENTS)
        by_document = of_documents.where(RECORDS.c.doc_id.in_(documents))
        names = sorted({row.record_id for row in due if row.record_id is not None})
        by_name = of_documents.where(RECORDS.c.record_id.in_(names))
        seen: set[str] = set()
        terms = _Terms(connection)
        for statement in (by_document, by_name):
            found = iter([r for r in connection.execute(statement) if r.record_id not in seen])
            while batch := list(islice(found, BATCH)):
                seen.update(row.record_id for row in batch)
                _write_records(connection, batch, terms)
        done += len(seen)
        connection.execute(delete(DUE).where(DUE.c.id <= due[-1].id))
    return done


def mark_all_due(connection: Connection) -> None:
    """Note that nothing is up to date."""
    connection.execute(insert(DUE).from_select(["doc_id"], select(DOCUMENTS.c.doc_id)))


def _columns() -> Iterator[Any]:
    yield from (RECORDS.c[name] for name in _NEEDED)
    yield DOCUMENTS.c.title
    yield DOCUMENTS.c.year


class _Terms:
    """The ids of terms, made where there are none; to be used within one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._known: dict[tuple[str, str], int] = {}

    def id(self, kind: str, value: str | None) -> int | None:
        """The id of a term; None for None."""
        if value is None:
            return None
        if (kind, value) not in self._known:
            self._known[kind, value] = self._find(kind, value) or self._make(kind, value)
        return self._known[kind, value]

    def _find(self, kind: str, value: str) -> int | None:
        named = select(TERMS.c.id).where(TERMS.c.kind == kind, TERMS.c.value == value)
        return self._connection.scalar(named)

    def _make(self, kind: str, value: str) -> int:
        dialect = postgresql if self._connection.dialect.name == "postgresql" else sqlite
        row = {"kind": kind, "value": value}
        # Another process may make the same one; then this waits until it has committed.
        self._connection.execute(dialect.insert(TERMS).values(row).on_conflict_do_nothing())
        found = self._find(kind, value)
        assert found is not None
        return found


def _write_documents(connection: Connection, doc_ids: Sequence[str]) -> None:
    """Insert or update the rows of documents."""
    c = DOCUMENTS.c
    found = connection.execute(
        select(c.doc_id, c.path, c.doi, c.arxiv_id).where(c.doc_id.in_(doc_ids))
    )
    rows = [
        {
            "doc_id": row.doc_id,
            "path": row.path,
            "file_name": row.path.rsplit("/", 1)[-1],
            "doi": None if row.doi is None else row.doi.lower(),
            "arxiv_id": row.arxiv_id,
        }
        for row in found
    ]
    if not rows:
        return
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    statement = dialect.insert(SEARCH_DOCUMENTS)
    new = {name: statement.excluded[name] for name in rows[0] if name != "doc_id"}
    connection.execute(statement.on_conflict_do_update(index_elements=["doc_id"], set_=new), rows)


def _write_records(connection: Connection, found: Sequence[Row[Any]], terms: _Terms) -> None:
    """Insert or update the rows of records, and their words."""
    names = [row.record_id for row in found]
    named = select(SEARCH.c.record_id, SEARCH.c.id).where(SEARCH.c.record_id.in_(names))
    known = {row.record_id: row.id for row in connection.execute(named)}
    documents = select(SEARCH_DOCUMENTS.c.doc_id, SEARCH_DOCUMENTS.c.id).where(
        SEARCH_DOCUMENTS.c.doc_id.in_({row.doc_id for row in found})
    )
    numbers = {row.doc_id: row.id for row in connection.execute(documents)}
    new: list[dict[str, Any]] = []
    old: list[dict[str, Any]] = []
    for row in found:
        values = _search_row(row._mapping, terms) | {"document": numbers[row.doc_id]}
        if row.record_id in known:
            old.append(values | {"own_id": known[row.record_id]})
        else:
            new.append(values)
    if old:
        connection.execute(update(SEARCH).where(SEARCH.c.id == bindparam("own_id")), old)
    if new:
        statement = insert(SEARCH).returning(SEARCH.c.id, sort_by_parameter_order=True)
        fresh = connection.scalars(statement, new).all()
        known |= {row["record_id"]: number for row, number in zip(new, fresh, strict=True)}
    _write_words(connection, [(known[row.record_id], row) for row in found], replace=bool(old))


def _search_row(row: Mapping[Any, Any], terms: _Terms) -> dict[str, Any]:
    """The row of ``record_search`` for a record with its document, but for the document."""
    material = material_of(row["composition"], row["formula"])
    tc = range_of(row["tc_K"], row["tc_min_K"], row["tc_max_K"])
    pressure = range_of(row["pressure_GPa"], row["pressure_min_GPa"], row["pressure_max_GPa"])
    return {
        **{name: terms.id(name, row[name]) for name in LISTS},
        "record_id": row["record_id"],
        "position": row["position"],
        "system": terms.id("system", joined(material.elements)),
        "flags": terms.id("flags", joined(row["flags"])),
        "space_group_number": row["space_group_number"],
        "has_structure": row["structure_id"] is not None,
        **dict(zip(("tc", "tc_low", "tc_high"), tc, strict=True)),
        **dict(zip(("pressure", "pressure_low", "pressure_high"), pressure, strict=True)),
        "lambda": row["lambda"],
        "omega_log": row["omega_log_K"],
        "year": row["year"],
        "confidence": row["confidence"],
        "doubt": doubt_of(row["confidence"], row["flags"]),
        "formula": row["formula"],
        "composition_key": material.key,
    }


def _write_words(
    connection: Connection, numbered: Sequence[tuple[int, Row[Any]]], *, replace: bool
) -> None:
    """Write the words of records to the full-text index, in place of earlier ones."""
    rows = []
    for number, row in numbered:
        names = " ".join(filter(None, (row.raw_material, row.formula, row.name)))
        rows.append((number, [words(row.title or ""), words(row.sentence), words(names)]))
    if connection.dialect.name == "postgresql":
        connection.execute(
            text(
                f"INSERT INTO {TEXT_TABLE} (id, words) VALUES (:id, CAST(:words AS tsvector)) "
                "ON CONFLICT (id) DO UPDATE SET words = excluded.words"
            ),
            [{"id": number, "words": tsvector(fields)} for number, fields in rows],
        )
        return
    if replace:
        connection.execute(
            text(f"DELETE FROM {TEXT_TABLE} WHERE rowid = :id"), [{"id": n} for n, _ in rows]
        )
    connection.execute(
        text(
            f"INSERT INTO {TEXT_TABLE} (rowid, title, sentence, material) "
            "VALUES (:id, :title, :sentence, :material)"
        ),
        [
            {"id": n, **{k: " ".join(f) for k, f in zip(TEXT_FIELDS, fields, strict=True)}}
            for n, fields in rows
        ],
    )
