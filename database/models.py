"""The tables: runs, documents, the passages that carry claims, records, their revisions and what
later readings propose for them, crystal structures, and reference sets.

Only the shape of what is stored. How it changes over time lives in ``scmine.database.migrations``,
how it is written and read in ``scmine.database.store``. The columns of a record that describe its
document stand once, in ``documents``.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, ClassVar

from sqlalchemy import (
    JSON,
    Boolean,
    DateTime,
    Dialect,
    Double,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Text,
    TypeDecorator,
    UniqueConstraint,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class UtcDateTime(TypeDecorator[datetime]):
    """A time with its zone, always UTC; SQLite keeps no zone, so it is put back on reading."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Turn a time of any zone into UTC."""
        return None if value is None else value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Put the zone back where the database dropped it."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


# Paths sort by code point on every server, whatever its locale, so that exports compare.
PathText = Text().with_variant(Text(collation="C"), "postgresql")


class Base(DeclarativeBase):
    """What all tables share: how Python types become column types."""

    type_annotation_map: ClassVar = {
        str: Text,
        int: Integer,
        float: Double,
        bool: Boolean,
        datetime: UtcDateTime,
    }


class RunModel(Base):
    """One call of a pipeline; ``state`` stays ``running`` if it was killed."""

    __tablename__ = "runs"

    id: Mapped[int] = mapped_column(primary_key=True)
    started: Mapped[datetime]
    finished: Mapped[datetime | None]
    scmine_version: Mapped[str]
    pipeline_version: Mapped[str]
    options: Mapped[dict[str, Any]] = mapped_column(JSON)
    counts: Mapped[dict[str, int]] = mapped_column(JSON)
    state: Mapped[str]


class DocumentModel(Base):
    """One file by content: how its processing ended and what identifies the paper."""

    __tablename__ = "documents"

    doc_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    path: Mapped[str] = mapped_column(PathText)
    reader: Mapped[str]
    title: Mapped[str | None]
    authors: Mapped[list[str]] = mapped_column(JSON)
    doi: Mapped[str | None]
    arxiv_id: Mapped[str | None]
    journal: Mapped[str | None]
    publisher: Mapped[str | None]
    year: Mapped[int | None]
    page_count: Mapped[int]
    status: Mapped[str]
    reason: Mapped[str]
    warnings: Mapped[list[str]] = mapped_column(JSON)
    pipeline_version: Mapped[str] = mapped_column(index=True)
    run_id: Mapped[int] = mapped_column(ForeignKey("runs.id"))
    seconds: Mapped[float]
    steps: Mapped[dict[str, float]] = mapped_column(JSON)
    peak_memory_MB: Mapped[float | None]


class PassageModel(Base):
    """A passage that carries claims; ``position`` is its place among the document's passages."""

    __tablename__ = "passages"

    id: Mapped[int] = mapped_column(primary_key=True)
    doc_id: Mapped[str] = mapped_column(ForeignKey("documents.doc_id"), index=True)
    position: Mapped[int]
    kind: Mapped[str]
    section: Mapped[str]
    page: Mapped[int | None]
    text: Mapped[str]


class LayersModel(Base):
    """What was found in a document besides its records, as `scmine.database.layers` reads it.

    ``pdf_id`` and ``pdf_path`` name the PDF whose pages show it, if that is another file.
    """

    __tablename__ = "document_layers"

    doc_id: Mapped[str] = mapped_column(ForeignKey("documents.doc_id"), primary_key=True)
    layers: Mapped[bytes] = mapped_column(LargeBinary)
    pdf_id: Mapped[str | None] = mapped_column(String(64))
    pdf_path: Mapped[str | None] = mapped_column(PathText)


class RecordModel(Base):
    """One claim; ``position`` is its place among the records of its document.

    ``revision`` is the number of the revision in force, 0 while no person has changed it.
    """

    __tablename__ = "records"
    __table_args__ = (Index("ix_records_doc_id_position", "doc_id", "position", "record_id"),)

    record_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    doc_id: Mapped[str] = mapped_column(ForeignKey("documents.doc_id"))
    passage_id: Mapped[int | None] = mapped_column(ForeignKey("passages.id"), index=True)
    position: Mapped[int]
    # material
    raw_material: Mapped[str]
    formula: Mapped[str | None]
    composition: Mapped[dict[str, float]] = mapped_column(JSON)
    name: Mapped[str | None]
    material_class: Mapped[str | None]
    doping: Mapped[str | None]
    shape: Mapped[str | None]
    substrate: Mapped[str | None]
    fabrication: Mapped[str | None]
    variables: Mapped[dict[str, str]] = mapped_column(JSON)
    # Tc
    raw_tc: Mapped[str | None]
    tc_K: Mapped[float | None]
    tc_min_K: Mapped[float | None]
    tc_max_K: Mapped[float | None]
    tc_uncertainty_K: Mapped[float | None]
    tc_relation: Mapped[str | None]
    tc_kind: Mapped[str]
    superconducting: Mapped[bool | None]
    lowest_temperature_K: Mapped[float | None]
    # conditions
    raw_pressure: Mapped[str | None]
    pressure_GPa: Mapped[float | None]
    pressure_min_GPa: Mapped[float | None]
    pressure_max_GPa: Mapped[float | None]
    pressure_kind: Mapped[str | None]
    measurement_method: Mapped[str | None]
    magnetic_field_T: Mapped[float | None]
    # electron-phonon
    lambda_: Mapped[float | None] = mapped_column("lambda")
    omega_log_K: Mapped[float | None]
    omega2_K: Mapped[float | None]
    mu_star: Mapped[float | None]
    tc_method: Mapped[str | None]
    # crystal
    space_group: Mapped[str | None]
    space_group_number: Mapped[int | None]
    crystal_structure: Mapped[str | None]
    prototype: Mapped[str | None]
    a_A: Mapped[float | None]
    b_A: Mapped[float | None]
    c_A: Mapped[float | None]
    alpha_deg: Mapped[float | None]
    beta_deg: Mapped[float | None]
    gamma_deg: Mapped[float | None]
    wyckoff: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    structure_id: Mapped[str | None] = mapped_column(index=True)
    # claim
    evidence: Mapped[str]
    origin: Mapped[str | None]
    # provenance
    source: Mapped[str]
    section: Mapped[str | None]
    page: Mapped[int | None]
    boxes: Mapped[list[list[float]]] = mapped_column(JSON)
    sentence: Mapped[str]
    places: Mapped[list[dict[str, Any]]] = mapped_column(JSON, server_default="[]")
    extractor: Mapped[str]
    model_version: Mapped[str | None]
    confidence: Mapped[float | None]
    # verdict
    status: Mapped[str] = mapped_column(index=True)
    error_type: Mapped[str | None]
    flags: Mapped[list[str]] = mapped_column(JSON)
    revision: Mapped[int] = mapped_column(server_default="0")


class RevisionModel(Base):
    """One state of a record and how it came to be; a record without any is as extracted.

    ``changes`` maps a column to its value before and after, ``record`` is the whole record after
    the change.
    """

    __tablename__ = "revisions"
    __table_args__ = (UniqueConstraint("record_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    record_id: Mapped[str] = mapped_column(ForeignKey("records.record_id"))
    number: Mapped[int]
    parent: Mapped[int | None]
    kind: Mapped[str]
    who: Mapped[str]
    made: Mapped[datetime] = mapped_column(index=True)
    why: Mapped[str]
    error_type: Mapped[str | None]
    changes: Mapped[dict[str, list[Any]]] = mapped_column(JSON)
    record: Mapped[dict[str, Any]] = mapped_column(JSON)
    of: Mapped[int | None]


class ProposalModel(Base):
    """What a later reading found for a record that a person had touched.

    ``proposed`` is the record as found, NULL where the claim was not found any more; ``changes``
    are the columns in which it says something new.
    """

    __tablename__ = "proposals"

    id: Mapped[int] = mapped_column(primary_key=True)
    record_id: Mapped[str] = mapped_column(ForeignKey("records.record_id"), index=True)
    doc_id: Mapped[str] = mapped_column(ForeignKey("documents.doc_id"), index=True)
    made: Mapped[datetime]
    run_id: Mapped[int | None] = mapped_column(ForeignKey("runs.id"))
    state: Mapped[str] = mapped_column(index=True)
    decided_by: Mapped[str | None]
    decided: Mapped[datetime | None]
    proposed: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    changes: Mapped[dict[str, list[Any]]] = mapped_column(JSON)


class StructureModel(Base):
    """A structure that a document states, with the verdict on it; records point to it.

    ``structure`` is pymatgen's dict of the atoms, NULL where there are none.
    """

    __tablename__ = "structures"
    __table_args__ = (Index("ix_structures_doc_id_position", "doc_id", "position", "structure_id"),)

    structure_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    doc_id: Mapped[str] = mapped_column(ForeignKey("documents.doc_id"))
    position: Mapped[int]
    formula: Mapped[str | None]
    space_group: Mapped[str | None]
    space_group_number: Mapped[int | None]
    pressure_GPa: Mapped[float | None]
    # verdict
    verdict: Mapped[str] = mapped_column(index=True)
    way: Mapped[str | None]
    repairs: Mapped[list[str]] = mapped_column(JSON)
    estimated: Mapped[list[str]] = mapped_column(JSON)
    origin: Mapped[str]
    reasons: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    # what is stated, and the atoms
    stated: Mapped[dict[str, Any]] = mapped_column(JSON)
    stated_in: Mapped[dict[str, str]] = mapped_column(JSON)
    structure: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    # provenance
    source: Mapped[str]
    page: Mapped[int | None]
    boxes: Mapped[list[list[float]]] = mapped_column(JSON)
    sentence: Mapped[str]


class ReferenceSetModel(Base):
    """A reference set; ``unread`` are the rows of its file that gave no entry."""

    __tablename__ = "reference_sets"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)
    kind: Mapped[str]
    path: Mapped[str] = mapped_column(PathText)
    sha256: Mapped[str] = mapped_column(String(64), unique=True)
    added: Mapped[datetime]
    unread: Mapped[list[dict[str, Any]]] = mapped_column(JSON)


class ReferenceEntryModel(Base):
    """One row of a reference set; ``key`` is the normal form of the composition."""

    __tablename__ = "reference_entries"

    id: Mapped[int] = mapped_column(primary_key=True)
    set_id: Mapped[int] = mapped_column(ForeignKey("reference_sets.id"), index=True)
    formula: Mapped[str]
    key: Mapped[str] = mapped_column(index=True)
    system: Mapped[str] = mapped_column(index=True)
    composition: Mapped[dict[str, float]] = mapped_column(JSON)
    open_amounts: Mapped[bool]
    tc_K: Mapped[float | None]
    superconducting: Mapped[bool | None]
    lowest_temperature_K: Mapped[float | None]
    lambda_: Mapped[float | None] = mapped_column("lambda")
    omega_log_K: Mapped[float | None]
    pressure_GPa: Mapped[float | None]
    ambient_unless_stated: Mapped[bool]
    evidence: Mapped[str]
    space_group: Mapped[str | None]
    cif: Mapped[str | None]
    structure_file: Mapped[str | None]
    entry_id: Mapped[str]
    line: Mapped[int]
    source: Mapped[str]
