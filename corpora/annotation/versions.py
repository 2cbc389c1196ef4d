"""What annotators made of units of text: the types that import, agreement and adjudication share.

A unit is one stretch of text that was given to annotators; a version is what one of them made of
it. Plain values: how files are read lives in the modules ``from_…``, how texts are matched in
``offsets``, what is done with the versions in ``agreement``, ``adjudication`` and ``gold``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from scmine.corpora.exchange.annotated import Annotations
from scmine.corpora.types import GoldMention, Span
from scmine.extractors.claim import Link, Mention

_PLACE = re.compile(r"(?:-[ps]?\d+)+$")
_NUMBER = re.compile(r"^\d+-(?=[0-9a-f]+-p\d+)")


def unit_name(name: str) -> str:
    """A unit's name without the number that makes exported files sort in their order.

    >>> unit_name("0012-1f08f018b7a6-p40-s2"), unit_name("0801-1")
    ('1f08f018b7a6-p40-s2', '0801-1')
    """
    return _NUMBER.sub("", name)


def printable(text: str) -> str:
    """The text without what could steer a terminal: names and labels come out of files.

    >>> printable("anna\\x1b[2J")
    'anna [2J'
    """
    return "".join(c if c.isprintable() else " " for c in text)


class Counting(StrEnum):
    """What an offset counts: code points as Python does, or UTF-16 units as browsers do."""

    CODE_POINTS = "code-points"
    UTF16 = "utf-16"


class Fault(StrEnum):
    """Why something of a file was not taken."""

    NOT_READ = "not_read"
    NO_TEXT = "no_text"
    UNKNOWN_UNIT = "unknown_unit"
    TEXT_CHANGED = "text_changed"
    OUT_OF_RANGE = "out_of_range"
    WORDS_DIFFER = "words_differ"
    EMPTY_MENTION = "empty_mention"
    NO_LABEL = "no_label"
    UNKNOWN_LABEL = "unknown_label"
    BAD_LINK = "bad_link"
    TWICE = "twice"
    NOT_DONE = "not_done"


class Note(StrEnum):
    """What was mapped or repaired on the way, and how; nothing is shifted without one."""

    LINE_ENDS = "line_ends"
    CARRIAGE_RETURN_BLANK = "carriage_return_blank"
    UNICODE_FORM = "unicode_form"
    CONTROL_REPLACED = "control_replaced"
    BYTE_ORDER_MARK = "byte_order_mark"
    BLANKS_AT_ENDS = "blanks_at_ends"
    WIDENED = "widened"
    UTF16_OFFSETS = "utf16_offsets"
    OFFSETS_UNPROVEN = "offsets_unproven"
    PIECES_JOINED = "pieces_joined"
    FOUND_BY_TEXT = "found_by_text"
    LINKS_UNKNOWN = "links_unknown"
    LINK_TURNED = "link_turned"
    LINK_LABELLED = "link_labelled"
    EARLIER_VERSION = "earlier_version"
    UNFINISHED = "unfinished"


EXPLANATIONS: Mapping[Note, str] = {
    Note.LINE_ENDS: "line ends were changed (CRLF, LF); offsets are mapped",
    Note.CARRIAGE_RETURN_BLANK: "carriage returns had become blanks; offsets are the same",
    Note.UNICODE_FORM: "accents were composed or decomposed (NFC, NFD); offsets are mapped",
    Note.CONTROL_REPLACED: "characters that XML cannot hold had become U+FFFD",
    Note.BYTE_ORDER_MARK: "a byte order mark was added or lost; offsets are mapped",
    Note.BLANKS_AT_ENDS: "blanks or line ends at the ends were added or lost; offsets are mapped",
    Note.WIDENED: "a mention ended inside a character of the original and was widened to it",
    Note.UTF16_OFFSETS: "offsets counted UTF-16 units, as the printed words prove",
    Note.OFFSETS_UNPROVEN: "the text has characters beyond U+FFFF or carriage returns, and the "
    "file prints no words that prove how it counts; see --offsets",
    Note.PIECES_JOINED: "pieces of a mention with nothing but blanks between were joined",
    Note.FOUND_BY_TEXT: "the file does not name the unit; it was told by its text",
    Note.LINKS_UNKNOWN: "the format has no links; they are unknown, not absent",
    Note.LINK_TURNED: "a link was drawn from the other end and was turned",
    Note.LINK_LABELLED: "a link without a label got that of its ends",
    Note.EARLIER_VERSION: "the annotator has several versions; the last one counts",
    Note.UNFINISHED: "the annotator has not marked the document as finished",
}
"""Each note in words."""


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that was not taken: of which file and unit, why, and what to do."""

    file: str
    unit: str
    fault: Fault
    what: str
    todo: str

    def __str__(self) -> str:
        where = f"{self.file}, unit {self.unit}" if self.unit else self.file
        return printable(f"{where}: {self.what}. {self.todo}.")


@dataclass(frozen=True, slots=True)
class RawVersion:
    """One annotator's version as a file has it: offsets are in the file's ``text``.

    ``words`` are what the file prints for each mention, None where it prints nothing. ``links`` is
    None where the format cannot say any. ``when`` orders versions of one annotator.
    """

    file: str
    ident: str
    text: str
    annotator: str
    mentions: tuple[GoldMention, ...]
    links: tuple[Link, ...] | None
    words: tuple[str | None, ...] = ()
    counting: Counting = Counting.CODE_POINTS
    adjudicated: bool = False
    when: str = ""
    before: Annotations | None = None
    sentences: tuple[Span, ...] = ()
    about: Mapping[str, str] = field(default_factory=dict)
    notes: tuple[Note, ...] = ()


Read = RawVersion | Problem
"""What a reader gives, one after another: a version, or why there is none."""


@dataclass(frozen=True, slots=True)
class Version:
    """What one annotator made of a unit; offsets count code points of the unit's original text.

    Mentions are in the order of the text, links name them by their index; ``links`` is None where
    they are not known. ``adjudicated`` marks what was decided when the others were compared.
    """

    annotator: str
    mentions: tuple[GoldMention, ...] = ()
    links: tuple[Link, ...] | None = ()
    adjudicated: bool = False

    def says_same(self, other: Version) -> bool:
        """Whether both say the same; links count only where both are known."""
        if self.marks() != other.marks():
            return False
        if self.links is None or other.links is None:
            return True
        return self.link_marks() == other.link_marks()

    def marks(self) -> frozenset[tuple[tuple[Span, ...], str]]:
        """The mentions as (pieces, label)."""
        return frozenset((m.spans, str(m.label)) for m in self.mentions)

    def link_marks(self) -> frozenset[tuple[Span, Span, str]]:
        """The links as (bounds of the head, bounds of the tail, label)."""
        at = [(m.start, m.end) for m in self.mentions]
        return frozenset((at[k.head], at[k.tail], str(k.label)) for k in self.links or ())

    def annotations(self, text: str) -> Annotations:
        """The version as exchange formats take it; mentions in pieces have their outer bounds."""
        mentions = tuple(
            Mention(m.start, m.end, m.label, text[m.start : m.end], 1.0, self.annotator)
            for m in self.mentions
        )
        return Annotations(mentions, self.links or ())


@dataclass(frozen=True, slots=True)
class Unit:
    """One stretch of text with all versions of it, in the order of the annotators' names."""

    ident: str
    text: str
    versions: tuple[Version, ...] = ()
    sentences: tuple[Span, ...] = ()
    about: Mapping[str, str] = field(default_factory=dict)
    before: Annotations | None = None

    @property
    def paper(self) -> str:
        """The paper that the unit is of: its document, else the unit's name without its place."""
        document = self.about.get("doc_id") or self.about.get("document")
        return document or _PLACE.sub("", self.ident) or self.ident

    @property
    def independent(self) -> tuple[Version, ...]:
        """The versions that annotators made on their own."""
        return tuple(v for v in self.versions if not v.adjudicated)
