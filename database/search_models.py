"""The tables that records are searched by: a narrow row for each record, its document and words.

Only their shape. How rows are made lives in ``scmine.database.search_rows``, how they are read in
``scmine.database.search``. The words stand in ``record_search_text``, which each kind of database
makes in a way of its own (``scmine.database.migrations.versions.v0006_search``) and has no model.
"""

from __future__ import annotations

from sqlalchemy import ForeignKey, Index, String, Table, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from scmine.database.models import Base, PathText

SORTED_BY = ("tc", "pressure", "lambda", "omega_log", "year", "confidence", "formula", "doubt")
"""The columns of ``record_search`` that each have an index to walk along."""

FOUND_BY = ("material_class", "status", "system", "flags", "space_group", "space_group_number")
"""Further columns of ``record_search`` that have an index to find records by."""

TEXT_TABLE = "record_search_text"
TEXT_FIELDS = ("title", "sentence", "material")
"""The full-text index: FTS5 in SQLite, a tsvector with a GIN index in PostgreSQL."""


def _wide(name: str) -> Index:
    """The index of the few records of which a number is a range."""
    there = text(f"{name}_low IS NOT NULL")
    return Index(
        f"ix_record_search_{name}_wide",
        f"{name}_low",
        f"{name}_high",
        name,
        "id",
        sqlite_where=there,
        postgresql_where=there,
    )


class SearchTermModel(Base):
    """A word of a closed or slowly growing list, such as a class or a chemical system.

    ``kind`` is the column of ``record_search`` that the term's ``id`` stands in. A system is
    ``-H-La-``, with ``?`` among the elements where a site is open; flags are ``-one-other-``.
    Terms are never changed or taken away.
    """

    __tablename__ = "search_terms"
    __table_args__ = (UniqueConstraint("kind", "value"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    value: Mapped[str] = mapped_column(PathText)


class SearchDocumentModel(Base):
    """What a document is named by, and a short number for it."""

    __tablename__ = "search_documents"
    __table_args__ = (Index("ix_search_documents_path", "path", "doc_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    doc_id: Mapped[str] = mapped_column(
        ForeignKey("documents.doc_id", ondelete="CASCADE"), unique=True
    )
    path: Mapped[str] = mapped_column(PathText)
    file_name: Mapped[str] = mapped_column(index=True)
    doi: Mapped[str | None] = mapped_column(index=True)
    arxiv_id: Mapped[str | None] = mapped_column(index=True)


class SearchDueModel(Base):
    """A record, or a document with all its records, whose rows here are no longer true.

    Triggers on ``records`` and ``documents`` write it, `scmine.database.search_rows.refresh`
    empties it.
    """

    __tablename__ = "search_due"

    id: Mapped[int] = mapped_column(primary_key=True)
    record_id: Mapped[str | None]
    doc_id: Mapped[str | None]


class RecordSearchModel(Base):
    """What one record is found and sorted by.

    ``…_low`` and ``…_high`` are the ends of a range, NULL where there is but one value. Columns of
    lists hold the ``id`` of a term.
    """

    __tablename__ = "record_search"
    __table_args__ = (
        Index("ix_record_search_document", "document", "position", "id"),
        *(Index(f"ix_record_search_{name}", name, "id") for name in (*SORTED_BY, *FOUND_BY)),
        *(_wide(name) for name in ("tc", "pressure")),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    record_id: Mapped[str] = mapped_column(
        String(64), ForeignKey("records.record_id", ondelete="CASCADE"), unique=True
    )
    document: Mapped[int] = mapped_column(ForeignKey("search_documents.id", ondelete="CASCADE"))
    position: Mapped[int]
    # lists
    material_class: Mapped[int | None]
    evidence: Mapped[int | None]
    origin: Mapped[int | None]
    status: Mapped[int | None]
    source: Mapped[int | None]
    system: Mapped[int | None]
    flags: Mapped[int | None]
    space_group: Mapped[int | None]
    space_group_number: Mapped[int | None]
    has_structure: Mapped[bool]
    # numbers
    tc: Mapped[float | None]
    tc_low: Mapped[float | None]
    tc_high: Mapped[float | None]
    pressure: Mapped[float | None]
    pressure_low: Mapped[float | None]
    pressure_high: Mapped[float | None]
    lambda_: Mapped[float | None] = mapped_column("lambda")
    omega_log: Mapped[float | None]
    year: Mapped[int | None]
    confidence: Mapped[float | None]
    doubt: Mapped[float]
    # names
    formula: Mapped[str | None] = mapped_column(PathText)
    composition_key: Mapped[str | None] = mapped_column(Text, index=True)


TERMS: Table = Base.metadata.tables[SearchTermModel.__tablename__]
SEARCH_DOCUMENTS: Table = Base.metadata.tables[SearchDocumentModel.__tablename__]
DUE: Table = Base.metadata.tables[SearchDueModel.__tablename__]
SEARCH: Table = Base.metadata.tables[RecordSearchModel.__tablename__]
