"""The record: one claim of one paper, its numbers in canonical units, its provenance beside it.

The field names are the columns of every export and a promise to users. Nothing here imports from
the rest of the project; how a claim becomes a record lives in ``scmine.extractors.records``.
"""

from __future__ import annotations

import hashlib
import json
from enum import StrEnum
from typing import Any

from pydantic import BaseModel, ConfigDict, Field


class Evidence(StrEnum):
    """Whether a value was measured or calculated."""

    MEASURED = "measured"
    CALCULATED = "calculated"
    UNKNOWN = "unknown"


class Origin(StrEnum):
    """Whether the paper reports its own result or repeats another's."""

    THIS_WORK = "this_work"
    CITED = "cited"


class Source(StrEnum):
    """The part of the paper, or the tool, that a claim was taken from."""

    TEXT = "text"
    TABLE = "table"
    CAPTION = "caption"
    LLM = "llm"


class TcKind(StrEnum):
    """The point of the superconducting transition that a Tc names."""

    ONSET = "onset"
    MIDPOINT = "midpoint"
    ZERO = "zero"
    UNSPECIFIED = "unspecified"


class PressureKind(StrEnum):
    """Whether a pressure was applied while measuring or while making the sample."""

    APPLIED = "applied"
    SYNTHESIS = "synthesis"


class RecordStatus(StrEnum):
    """Where a record stands in curation."""

    NEW = "new"
    CURATED = "curated"
    VALIDATED = "validated"
    INVALID = "invalid"
    OBSOLETE = "obsolete"
    REMOVED = "removed"


class Place(BaseModel):
    """One place of a paper that makes a claim, as it was found there.

    ``id`` names the place and what it says; ``passage`` is the position of its passage among those
    of the document (None for tables). The other fields are as those of `Record`.
    """

    model_config = ConfigDict(extra="forbid", allow_inf_nan=False)

    id: str
    source: Source
    section: str | None = None
    page: int | None = None
    passage: int | None = None
    boxes: list[list[float]] = Field(default_factory=list)
    sentence: str = ""
    raw_material: str
    raw_tc: str | None = None
    tc_kind: TcKind = TcKind.UNSPECIFIED
    raw_pressure: str | None = None
    measurement_method: str | None = None
    extractor: str = ""
    confidence: float | None = None
    flags: list[str] = Field(default_factory=list)


class Record(BaseModel):
    """One claim. Unknown fields are None (lists and maps: empty); numbers are in the named unit.

    ``raw_…`` fields hold what the paper printed. ``composition`` maps element symbols to amounts.
    ``boxes`` are ``[page, x0, y0, x1, y1]`` in PDF points from the top left of the page, pages
    counted from 1. ``lambda`` is a Python keyword, so the attribute is ``lambda_``.

    >>> record = Record(record_id="r1", doc_id="d1", raw_material="MgB2", tc_K=39.0)
    >>> record.tc_kind.value, record.to_row()["lambda"] is None
    ('unspecified', True)
    """

    model_config = ConfigDict(populate_by_name=True, extra="forbid", allow_inf_nan=False)

    # document
    record_id: str
    doc_id: str
    path: str = ""
    doi: str | None = None
    arxiv_id: str | None = None
    title: str | None = None
    authors: list[str] = Field(default_factory=list)
    journal: str | None = None
    publisher: str | None = None
    year: int | None = None
    # material
    raw_material: str
    formula: str | None = None
    composition: dict[str, float] = Field(default_factory=dict)
    name: str | None = None
    material_class: str | None = None
    doping: str | None = None
    shape: str | None = None
    substrate: str | None = None
    fabrication: str | None = None
    variables: dict[str, str] = Field(default_factory=dict)
    # Tc
    raw_tc: str | None = None
    tc_K: float | None = None
    tc_min_K: float | None = None
    tc_max_K: float | None = None
    tc_uncertainty_K: float | None = None
    tc_relation: str | None = None
    tc_kind: TcKind = TcKind.UNSPECIFIED
    superconducting: bool | None = None
    lowest_temperature_K: float | None = None
    # conditions
    raw_pressure: str | None = None
    pressure_GPa: float | None = None
    pressure_min_GPa: float | None = None
    pressure_max_GPa: float | None = None
    pressure_kind: PressureKind | None = None
    measurement_method: str | None = None
    magnetic_field_T: float | None = None
    # electron-phonon
    lambda_: float | None = Field(default=None, alias="lambda")
    omega_log_K: float | None = None
    omega2_K: float | None = None
    mu_star: float | None = None
    tc_method: str | None = None
    # crystal
    space_group: str | None = None
    space_group_number: int | None = None
    crystal_structure: str | None = None
    prototype: str | None = None
    a_A: float | None = None
    b_A: float | None = None
    c_A: float | None = None
    alpha_deg: float | None = None
    beta_deg: float | None = None
    gamma_deg: float | None = None
    wyckoff: list[dict[str, Any]] = Field(default_factory=list)
    structure_id: str | None = None
    # claim
    evidence: Evidence = Evidence.UNKNOWN
    origin: Origin | None = None
    # provenance
    source: Source = Source.TEXT
    section: str | None = None
    page: int | None = None
    boxes: list[list[float]] = Field(default_factory=list)
    sentence: str = ""
    places: list[Place] = Field(default_factory=list)
    extractor: str = ""
    model_version: str | None = None
    confidence: float | None = None
    # verdict
    status: RecordStatus = RecordStatus.NEW
    error_type: str | None = None
    flags: list[str] = Field(default_factory=list)

    def to_row(self) -> dict[str, Any]:
        """The record as a plain dict, keyed by column name; enumerations become strings."""
        return self.model_dump(mode="json", by_alias=True)


COLUMNS: tuple[str, ...] = tuple(f.alias or name for name, f in Record.model_fields.items())
"""The record's columns in the order of every export."""


def make_record_id(*parts: object) -> str:
    """A stable id for what ``parts`` (JSON-able values) describe: the same parts, the same id.

    >>> make_record_id("doc", 1, "MgB2") == make_record_id("doc", 1, "MgB2")
    True
    """
    text = json.dumps(parts, ensure_ascii=False, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:24]
