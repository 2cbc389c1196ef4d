"""Mentions, links and claims: what is found in the text, before any number is normalised.

The types and the two interfaces (tagger, linker) that rules and trained models share. How mentions
are found lives in the taggers, how they are joined in the linkers, and what a claim's numbers mean
in ``records``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

from scmine.extractors.document import Box, Cell, Passage, Table


class Label(StrEnum):
    """Mention labels: the six of SuperMat (its spelling), and what theorists' papers state."""

    MATERIAL = "material"
    CLASS = "class"
    TC = "tc"
    TC_VALUE = "tcValue"
    PRESSURE = "pressure"
    ME_METHOD = "me_method"
    LAMBDA = "lambda"
    OMEGA_LOG = "omega_log"
    OMEGA2 = "omega2"
    MU_STAR = "mu_star"
    SPACE_GROUP = "space_group"
    LATTICE = "lattice"


class LinkLabel(StrEnum):
    """Link labels; a link runs from the first mention named to the second."""

    MATERIAL_TC = "material-tcValue"
    TC_PRESSURE = "tcValue-pressure"
    TC_METHOD = "tcValue-me_method"


@dataclass(frozen=True, slots=True)
class Mention:
    """Characters ``start`` to ``end`` (exclusive) of a passage that name something.

    ``label`` is a ``Label``, or under another scheme than SuperMat's a plain string; ``score`` is
    between 0 and 1; ``extractor`` names the rule set or model that found it.
    """

    start: int
    end: int
    label: str
    text: str
    score: float = 1.0
    extractor: str = "rules"


@dataclass(frozen=True, slots=True)
class Link:
    """Two mentions of one passage, by their index in its mention list, that belong together."""

    head: int
    tail: int
    label: str
    score: float = 1.0


class Tagger(Protocol):
    """Finds mentions. Passages come in batches so that models can use them."""

    name: str

    def tag(self, passages: Sequence[Passage]) -> list[list[Mention]]:
        """One list of mentions a passage, in order of ``start``; no overlaps within a label."""
        ...


class Linker(Protocol):
    """Joins the mentions of one passage. The order in which mentions are given must not matter."""

    name: str

    def link(self, passage: Passage, mentions: Sequence[Mention]) -> list[Link]:
        """Links between ``mentions``, as indices into the sequence given."""
        ...


@dataclass(frozen=True, slots=True)
class Place:
    """Where a claim stands: its first value in a passage, or its row in a table.

    ``start`` to ``end`` (exclusive) are characters of ``passage``. ``row`` is a row of ``table`` as
    read, and ``column`` the cell in it that the claim's Tc stands in, if it has one.
    """

    passage: Passage | None = None
    start: int = 0
    end: int = 0
    table: Table | None = None
    row: tuple[Cell, ...] = ()
    column: int | None = None


@dataclass(frozen=True, slots=True)
class Claim:
    """What one sentence or one table row says about one material, as printed.

    ``values`` maps a record field group (``tc``, ``pressure``, ``lambda``, ``omega_log``,
    ``omega2``, ``mu_star``, ``method``, ``space_group``, ``a``, ``b``, ``c``, ``alpha``, ``beta``,
    ``gamma``, ``prototype``, ``crystal_structure``, ``magnetic_field``, ``wyckoff``) to the printed
    text, unit included where one is known. A table's unit, which stands in the header, is appended
    to the cell's text after a blank. ``wyckoff`` holds sites as JSON. ``place`` is None where
    no passage and no table is known.
    """

    material: str
    values: dict[str, str]
    source: str  # text, table, caption, llm
    section: str
    sentence: str
    page: int | None
    boxes: tuple[Box, ...]
    extractor: str
    confidence: float
    hints: dict[str, str] = field(default_factory=dict)
    place: Place | None = field(default=None, compare=False, repr=False)
