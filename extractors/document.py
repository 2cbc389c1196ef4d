"""The document: what a reader makes of a paper, and the only thing later steps look at.

Clean reading text in passages, and over it layers of spans: typography, sentences, placed words.
Tables are grids of cells. Nothing here reads a file or knows a format, and nothing here imports
from the rest of the project.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum


class Status(StrEnum):
    """How the processing of one input ended. Every input ends in exactly one of these."""

    DONE = "done"
    PARTIAL = "partial"
    EMPTY = "empty"
    NEEDS_OCR = "needs_ocr"
    BROKEN_TEXT = "broken_text"
    NOT_A_PDF = "not_a_pdf"
    ENCRYPTED = "encrypted"
    TIMEOUT = "timeout"
    OUT_OF_MEMORY = "out_of_memory"
    CRASHED = "crashed"
    FAILED = "failed"


class PassageKind(StrEnum):
    """What a passage is in its paper."""

    TITLE = "title"
    ABSTRACT = "abstract"
    HEADING = "heading"
    PARAGRAPH = "paragraph"
    CAPTION = "caption"
    FOOTNOTE = "footnote"


class Typography(StrEnum):
    """How a stretch of text is set apart from the line it stands in."""

    SUBSCRIPT = "subscript"
    SUPERSCRIPT = "superscript"


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle on a page.

    ``page`` counts from 1. Coordinates are PDF points (1/72 inch) from the top left corner of the
    page as shown, x to the right and y down.
    """

    page: int
    x0: float
    y0: float
    x1: float
    y1: float

    def union(self, other: Box) -> Box:
        """The smallest box around both, which must lie on one page."""
        if self.page != other.page:
            raise ValueError(f"boxes on pages {self.page} and {other.page} have no union")
        return Box(
            self.page,
            min(self.x0, other.x0),
            min(self.y0, other.y0),
            max(self.x1, other.x1),
            max(self.y1, other.y1),
        )


@dataclass(frozen=True, slots=True)
class Span:
    """Characters ``start`` to ``end`` (exclusive) of a text, set as ``kind``."""

    start: int
    end: int
    kind: Typography


@dataclass(frozen=True, slots=True)
class PlacedWord:
    """Characters ``start`` to ``end`` (exclusive) of a passage, and where the page shows them."""

    start: int
    end: int
    box: Box


@dataclass(frozen=True, slots=True)
class Citation:
    """A citation mark taken out of the text: ``mark`` stood before character ``offset``."""

    offset: int
    mark: str


@dataclass(frozen=True, slots=True)
class Passage:
    """A stretch of reading text of one kind.

    ``text`` has no line breaks, no hyphenation and no citation superscripts. Subscripts and
    superscripts stand in the line without a mark (``MgB2``, ``Tc``, ``10-3``); ``typography`` says
    which characters they are. ``sentences`` are (start, end) pairs that cover all but blanks.
    """

    kind: PassageKind
    text: str
    section: str = ""
    typography: tuple[Span, ...] = ()
    sentences: tuple[tuple[int, int], ...] = ()
    words: tuple[PlacedWord, ...] = ()
    citations: tuple[Citation, ...] = ()

    @property
    def page(self) -> int | None:
        """The page on which the passage begins, counted from 1, if the reader knows pages."""
        return self.words[0].box.page if self.words else None

    def boxes(self, start: int, end: int) -> tuple[Box, ...]:
        """Where characters ``start`` to ``end`` stand: one box a line, in reading order."""
        merged: list[Box] = []
        first = bisect_left(self.words, start, key=lambda w: w.end - 1)
        for word in self.words[first:]:
            if word.start >= end:
                break
            box = word.box
            last = merged[-1] if merged else None
            if last and last.page == box.page and _same_line(last, box):
                merged[-1] = last.union(box)
            else:
                merged.append(box)
        return tuple(merged)

    def sentence_at(self, offset: int) -> tuple[int, int]:
        """The (start, end) of the sentence around ``offset``; the whole text if none is known."""
        for start, end in self.sentences:
            if start <= offset < end:
                return start, end
        return 0, len(self.text)


def _same_line(a: Box, b: Box) -> bool:
    """Whether ``b`` goes on to the right on the line of ``a``."""
    overlap = min(a.y1, b.y1) - max(a.y0, b.y0)
    return overlap > 0.3 * min(a.y1 - a.y0, b.y1 - b.y0) and b.x0 >= a.x0


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a table: its text, what of it is sub- or superscript, and where it stands.

    A cell that spans columns stands in the first of them with their number as ``columns``; empty
    cells fill the others, so that the grid stays square.
    """

    text: str
    is_header: bool = False
    columns: int = 1
    typography: tuple[Span, ...] = ()
    box: Box | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """A grid of cells, row by row; every row has the same number of cells, empty ones included."""

    rows: tuple[tuple[Cell, ...], ...]
    caption: str = ""
    section: str = ""
    box: Box | None = None

    @property
    def header(self) -> tuple[tuple[Cell, ...], ...]:
        """The rows that hold a header cell."""
        return tuple(r for r in self.rows if any(c.is_header for c in r))

    @property
    def body(self) -> tuple[tuple[Cell, ...], ...]:
        """The rows that carry data."""
        return tuple(r for r in self.rows if not any(c.is_header for c in r))


class ListingFormat(StrEnum):
    """The formats of files of crystal structures."""

    CIF = "cif"
    POSCAR = "poscar"


@dataclass(frozen=True, slots=True)
class Listing:
    """A file of a crystal structure that is printed in a paper, or is the document itself.

    ``text`` has its lines as they are, one structure. ``before`` is the line that introduces it.
    """

    format: ListingFormat
    text: str
    before: str = ""
    boxes: tuple[Box, ...] = ()

    @property
    def page(self) -> int | None:
        """The page on which it begins, if the reader knows pages."""
        return self.boxes[0].page if self.boxes else None


@dataclass(frozen=True, slots=True)
class Metadata:
    """What identifies a paper. Unknown fields are empty or None, never guessed."""

    title: str = ""
    authors: tuple[str, ...] = ()
    doi: str | None = None
    arxiv_id: str | None = None
    arxiv_version: int | None = None
    journal: str | None = None
    publisher: str | None = None
    year: int | None = None


@dataclass(frozen=True, slots=True)
class Document:
    """A paper as read.

    ``doc_id`` is the SHA-256 of the file. ``status`` is ``done`` or ``partial``; with ``partial``
    the ``warnings`` say which pages are missing and why. References are kept apart from the
    passages so that no claim is ever mined from them; so are ``listings`` of crystal structures.
    """

    doc_id: str
    path: str
    reader: str
    metadata: Metadata = field(default_factory=Metadata)
    passages: tuple[Passage, ...] = ()
    tables: tuple[Table, ...] = ()
    references: tuple[str, ...] = ()
    listings: tuple[Listing, ...] = ()
    page_count: int = 0
    status: Status = Status.DONE
    warnings: tuple[str, ...] = ()


class ReadError(Exception):
    """A file that gives no document; ``status`` names why and the message says it in words."""

    def __init__(self, status: Status, reason: str) -> None:
        super().__init__(reason)
        self.status = status
        self.reason = reason


def join_text(passages: Sequence[Passage]) -> str:
    """The reading text of several passages, one a line."""
    return "\n".join(p.text for p in passages)
