"""A crystal structure as the database keeps it: what a document states, the verdict, the atoms.

Plain values; nothing here imports pymatgen. How a statement becomes atoms lives in
``scmine.validator.structures``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class StructureSource(StrEnum):
    """Where a document states a structure."""

    TEXT = "text"
    TABLE = "table"
    CAPTION = "caption"
    LISTING = "listing"
    """A CIF or POSCAR printed in a paper."""
    FILE = "file"
    """A CIF or POSCAR that is the document."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StructureRow:
    """One structure of a document. Unknown fields are None or empty.

    Parameters
    ----------
    structure_id
        Stable: the same statement of the same document has the same one.
    formula
        The formula as stated.
    space_group, space_group_number
        What was found from the atoms.
    verdict, way, repairs, estimated, origin
        As `scmine.validator.structures.rebuilt.Rebuilt` has them.
    reasons
        Findings: ``name``, ``severity``, ``message`` and ``fields`` each.
    stated
        What the document states: the fields of
        `scmine.validator.structures.stated.StatedStructure` that are not empty.
    stated_in
        For each of these fields the ``id`` of the place (see `scmine.database.record.Place`) that
        states it.
    structure
        The atoms, as ``pymatgen.core.Structure.as_dict`` gives them; None if there are none.
    source, page, boxes, sentence
        Where it is stated first, as in a record.
    """

    structure_id: str
    verdict: str
    formula: str | None = None
    space_group: str | None = None
    space_group_number: int | None = None
    pressure_GPa: float | None = None
    way: str | None = None
    repairs: Sequence[str] = ()
    estimated: Sequence[str] = ()
    origin: str = ""
    reasons: Sequence[dict[str, Any]] = ()
    stated: dict[str, Any] = field(default_factory=dict)
    stated_in: dict[str, str] = field(default_factory=dict)
    structure: dict[str, Any] | None = None
    source: str = StructureSource.TEXT.value
    page: int | None = None
    boxes: Sequence[Sequence[float]] = ()
    sentence: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class StructureOutcome:
    """What came of a structure; ``way`` and ``space_group`` (of the atoms) are None without any."""

    verdict: str
    way: str | None = None
    space_group: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredStructure(StructureRow):
    """A structure as the database has it, with what names its paper and the records of it."""

    doc_id: str
    path: str
    doi: str | None = None
    arxiv_id: str | None = None
    title: str | None = None
    record_ids: Sequence[str] = ()
