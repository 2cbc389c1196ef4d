"""Making the rows that records are searched by, and keeping them true.

Triggers note in ``search_due`` which records and documents have changed, whoever changed them;
`refresh` brings their rows up to date. It is called at the end of each transaction of
``scmine.database.store`` that writes, so nothing that writes records needs to know of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    bindparam,
    delete,
    func,
    insert,
    select,
    text,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite

from scmine.database.composition import Material, material_of
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
    last = connection.scalar(select(func.max(DUE.c.id)))
    if last is None:
        return 0
    documents = list(
        connection.scalars(select(DUE.c.doc_id).where(DUE.c.doc_id.is_not(None)).distinct())
    )
    terms = _Terms(connection)
    done = 0
    for start in range(0, len(documents), BATCH):
        part = documents[start : start + BATCH]
        _write_documents(connection, part)
        done += _write_found(connection, RECORDS.c.doc_id.in_(part), terms)
    written = select(RECORDS.c.record_id).join(DUE, DUE.c.doc_id == RECORDS.c.doc_id)
    due = select(DUE.c.record_id).where(DUE.c.record_id.is_not(None)).distinct()
    names = list(connection.scalars(due.where(DUE.c.record_id.not_in(written))))
    for start in range(0, len(names), BATCH):
        wanted = RECORDS.c.record_id.in_(names[start : start + BATCH])
        done += _write_found(connection, wanted, terms)
    connection.execute(delete(DUE).where(DUE.c.id <= last))
    return done


def _write_found(connection: Connection, wanted: ColumnElement[bool], terms: _Terms) -> int:
    """Write the rows of the records wanted; return how many there are."""
    statement = select(*_columns()).join_from(RECORDS, DOCUMENTS).where(wanted)
    found = connection.execute(statement).all()
    for start in range(0, len(found), BATCH):
        _write_records(connection, found[start : start + BATCH], terms)
    return len(found)


def _columns() -> Iterator[Any]:
    yield from (RECORDS.c[name] for name in _NEEDED)
    yield DOCUMENTS.c.title
    yield DOCUMENTS.c.year


class _Terms:
    """The ids of terms, made where there are none; to be used within one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._known: dict[tuple[str, str], int] = {}

    def learn(self, wanted: Iterable[tuple[str, str]]) -> None:
        """Make sure of terms, given by kind and value."""
        new = sorted(set(wanted) - self._known.keys())
        self._find(new)
        rows = [{"kind": k, "value": v} for k, v in new if (k, v) not in self._known]
        if rows:
            dialect = postgresql if self._connection.dialect.name == "postgresql" else sqlite
            # Another process may make the same one; then this waits until it has committed.
            self._connection.execute(dialect.insert(TERMS).on_conflict_do_nothing(), rows)
            self._find([(row["kind"], row["value"]) for row in rows])

    def id(self, kind: str, value: str | None) -> int | None:
        """The id of a term that was made sure of; None for None."""
        return None if value is None else self._known[kind, value]

    def _find(self, wanted: Sequence[tuple[str, str]]) -> None:
        if wanted:
            there = select(TERMS.c.kind, TERMS.c.value, TERMS.c.id).where(
                TERMS.c.kind.in_({kind for kind, _ in wanted}),
                TERMS.c.value.in_({value for _, value in wanted}),
            )
            rows = self._connection.execute(there)
            self._known |= {(row.kind, row.value): row.id for row in rows}


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
    materials = [material_of(row.composition, row.formula) for row in found]
    terms.learn(
        (kind, value)
        for row, material in zip(found, materials, strict=True)
        for kind, value in _terms_of(row._mapping, material).items()
        if value is not None
    )
    for row, material in zip(found, materials, strict=True):
        values = _search_row(row._mapping, material, terms)
        values["document"] = numbers[row.doc_id]
        if row.record_id in known:
            old.append(values | {"own_id": known[row.record_id]})
        else:
            new.append(values)
    if old:
        connection.execute(update(SEARCH).where(SEARCH.c.id == bindparam("own_id")), old)
    if new:
        connection.execute(insert(SEARCH), new)
        known |= {row.record_id: row.id for row in connection.execute(named)}
    _write_words(connection, [(known[row.record_id], row) for row in found], replace=bool(old))


def _terms_of(row: Mapping[Any, Any], material: Material) -> dict[str, str | None]:
    """The terms of a record, by column."""
    lists: dict[str, str | None] = {name: row[name] for name in LISTS}
    return lists | {"system": joined(material.elements), "flags": joined(row["flags"])}


def _search_row(row: Mapping[Any, Any], material: Material, terms: _Terms) -> dict[str, Any]:
    """The row of ``record_search`` for a record with its document, but for the document."""
    tc = range_of(row["tc_K"], row["tc_min_K"], row["tc_max_K"])
    pressure = range_of(row["pressure_GPa"], row["pressure_min_GPa"], row["pressure_max_GPa"])
    return {
        **{k: terms.id(k, value) for k, value in _terms_of(row, material).items()},
        "record_id": row["record_id"],
        "position": row["position"],
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
                f"INSERT INTO {TEXT_TABLE} (rowid, words) VALUES (:id, CAST(:words AS tsvector)) "
                "ON CONFLICT (rowid) DO UPDATE SET words = excluded.words"
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
