"""The answers that a language model may give, one type a task; their JSON Schemas are sent along.

Values are strings as the paper prints them, with a quote that holds them: numbers are read later,
by what reads all other numbers. Whether a quote is true lives in ``evidence``. All fields are
required and no others are allowed, as strict structured output wants it.
"""

from __future__ import annotations

from enum import StrEnum

from pydantic import BaseModel, ConfigDict


class ValueField(StrEnum):
    """What a value is of; the names are those of `scmine.extractors.claim.Claim.values`."""

    TC = "tc"
    PRESSURE = "pressure"
    LAMBDA = "lambda"
    OMEGA_LOG = "omega_log"
    OMEGA2 = "omega2"
    MU_STAR = "mu_star"
    METHOD = "method"
    SPACE_GROUP = "space_group"
    PROTOTYPE = "prototype"
    CRYSTAL_STRUCTURE = "crystal_structure"
    MAGNETIC_FIELD = "magnetic_field"
    A = "a"
    B = "b"
    C = "c"
    ALPHA = "alpha"
    BETA = "beta"
    GAMMA = "gamma"


class EvidenceKind(StrEnum):
    """Whether a value was measured or calculated."""

    MEASURED = "measured"
    CALCULATED = "calculated"
    UNKNOWN = "unknown"


class Origin(StrEnum):
    """Whose result a value is."""

    THIS_WORK = "this_work"
    CITED = "cited"
    UNKNOWN = "unknown"


class Answer(BaseModel):
    """What all answers share: nothing but the fields named, and strings as strings."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class QuotedValue(Answer):
    """``value`` as printed, unit included, in ``quote``, words of passage ``passage`` (``p12``)."""

    field: ValueField
    value: str
    quote: str
    passage: str


class ClaimAnswer(Answer):
    """One claim: a material as printed in ``material_quote`` of a passage, and its values."""

    material: str
    material_quote: str
    material_passage: str
    values: list[QuotedValue]
    superconducting: bool | None
    evidence: EvidenceKind
    origin: Origin


class ClaimsAnswer(Answer):
    """The claims of a passage."""

    claims: list[ClaimAnswer]


class LinkAnswer(Answer):
    """Two mentions, by the names they were given (``m3``), that belong together, and the words
    that say so."""

    head: str
    tail: str
    quote: str


class LinksAnswer(Answer):
    """The links between given mentions."""

    links: list[LinkAnswer]


class CellValue(Answer):
    """A value of a table: the cell's text as printed, its column (from 0), and the unit as the
    header, the caption or the cell prints it; empty where none is printed."""

    field: ValueField
    value: str
    column: int
    unit: str


class RowAnswer(Answer):
    """What one body row (``row`` counts from 0 in the grid) says of a material, named as printed
    in the row, the header or the caption."""

    row: int
    material: str
    values: list[CellValue]
    evidence: EvidenceKind
    origin: Origin


class TableAnswer(Answer):
    """The claims of a table."""

    rows: list[RowAnswer]


class SiteAnswer(Answer):
    """An atomic site as printed: coordinates are strings, empty where the symmetry gives them."""

    element: str
    label: str
    wyckoff: str
    x: str
    y: str
    z: str
    quote: str
    passage: str


class PhaseAnswer(Answer):
    """The crystal structure of one material at one pressure."""

    material: str
    material_quote: str
    material_passage: str
    values: list[QuotedValue]
    sites: list[SiteAnswer]


class CrystalAnswer(Answer):
    """The crystal structures that a text states."""

    phases: list[PhaseAnswer]


class WhoseItem(Answer):
    """Whose the claim named ``claim`` (``c4``) is, and the words that say so."""

    claim: str
    origin: Origin
    evidence: EvidenceKind
    quote: str
    passage: str


class WhoseAnswer(Answer):
    """Own or cited, measured or calculated, for claims that were given."""

    claims: list[WhoseItem]


class Verdict(StrEnum):
    """What a check of a record came to."""

    SUPPORTED = "supported"
    WRONG = "wrong"
    UNSURE = "unsure"


class CheckItem(Answer):
    """The verdict on the record named ``record`` (``r2``): which field is wrong, if one is, and
    the words of the paper that show it."""

    record: str
    verdict: Verdict
    field: ValueField | None
    quote: str
    passage: str


class CheckAnswer(Answer):
    """A check of a document's list of records."""

    records: list[CheckItem]


class MentionItem(Answer):
    """A mention: ``label`` of the scheme that was asked for, ``text`` as printed, and the words
    around it that make it findable where the text occurs more than once."""

    label: str
    text: str
    quote: str


class MentionsAnswer(Answer):
    """The mentions of a passage, for annotation."""

    mentions: list[MentionItem]
