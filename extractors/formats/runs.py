"""Runs: reading text built piece by piece from marked-up text, with its layers.

Marked text with what a passage has besides: places on pages, and citation marks, which are taken
out where they are set as superscripts, as the PDF reader does it. Which element of a format is
which is for its reader to say.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Sequence

from scmine.extractors.document import (
    Box,
    Citation,
    Passage,
    PassageKind,
    PlacedWord,
    ReadError,
    Span,
    Status,
)
from scmine.extractors.formats.latex_math import parts_fraction, read_maths
from scmine.extractors.formats.marked_text import MarkedText, spans_of
from scmine.extractors.pdf.lines import Shift
from scmine.extractors.pdf.reading_text import take_citations
from scmine.extractors.sentences import split_sentences

MAX_CHARACTERS = 2_000_000
"""Of one passage: a whole book has fewer. It bounds the memory that a file takes."""

_NUMBERS = re.compile(r"\d{1,3}[a-z]?(?:\s*[,;–—−-]\s*\d{1,3}[a-z]?)*\s*[,;–—−-]?")
_CITED_IN_WORDS = re.compile(
    r"(?:\b(?:refs?\.?|references?|numbers?)|[\[(])\s*(?:[\d,;\s–—−-]|and|to)*$", re.I
)
_NUMBER_GOES_ON = re.compile(r"(?:\b10|[=≈~∼<>≤≥±×·/+−-])\s*$")
"""After these a number is an exponent or a value, whatever a tool took it for."""

_BETWEEN_MARKS = re.compile(r"\s*(?:[,;–—−-]|and|to)?\s*")
_MACRON = "\N{COMBINING MACRON}"


class Runs:
    """The characters of one passage or cell as they are added, each with its typography."""

    def __init__(self) -> None:
        self._chars: list[str] = []
        self._shifts: list[Shift] = []
        self._citations: list[Citation] = []
        self._regions: list[tuple[int, int, tuple[Box, ...]]] = []
        self._formulas: list[tuple[int, int]] = []

    def __len__(self) -> int:
        return len(self._chars)

    @property
    def citations(self) -> tuple[str, ...]:
        """The marks that were taken out so far."""
        return tuple(citation.mark for citation in self._citations)

    def tail(self, length: int = 60) -> str:
        """The last characters, at most ``length`` of them."""
        return "".join(self._chars[-length:])

    def add(self, text: str | None, shift: Shift = "") -> None:
        """Append ``text``, set as ``shift``.

        Raises
        ------
        ReadError
            With status ``failed``, if the passage gets longer than any paper's is.
        """
        if len(text or "") + len(self) > MAX_CHARACTERS:
            reason = f"a passage has more than {MAX_CHARACTERS} characters"
            raise ReadError(Status.FAILED, reason)
        marked = MarkedText()
        marked.add(text or "", shift)
        self.add_marked(marked)

    def add_marked(self, marked: MarkedText, shift: Shift = "") -> None:
        """Append ``marked``; what has no shift of its own there gets ``shift``."""
        for char, own in zip(marked.chars, marked.shifts, strict=True):
            if not char.isspace():
                self._chars.append(char)
                self._shifts.append(own or shift)
            elif self._chars and self._chars[-1] != " ":
                self._chars.append(" ")
                self._shifts.append("")

    def add_maths(self, source: str, shift: Shift = "") -> None:
        """Append the formula whose LaTeX is ``source``; a fraction stays off the number before."""
        if parts_fraction(self.tail(1), source):
            self.add(" ")
        self.add_marked(read_maths(source), shift)

    def cite(self, mark: str) -> None:
        """Note that the citation superscript ``mark`` stands here, without its text."""
        if self._citations:
            at = self._citations[-1].offset
            if len(self) - at < 8 and _BETWEEN_MARKS.fullmatch("".join(self._chars[at:])):
                del self._chars[at:], self._shifts[at:]
        self._citations.append(Citation(len(self._chars), " ".join(mark.split())))

    def add_citation(self, mark: str) -> None:
        """Append the citation ``mark``, or only note it if it can be but a superscript.

        Formats lose how a mark is set. Bare numbers are superscripts, unless they stand in
        brackets, after "Ref." or where a value does; numbers in brackets and names are text.
        """
        before = "".join(self._chars[-60:])
        if (
            not before.strip()
            or not _NUMBERS.fullmatch(mark.strip())
            or _CITED_IN_WORDS.search(before)
            or _NUMBER_GOES_ON.search(before)
        ):
            self.add(mark)
        else:
            self.cite(mark)

    def place(self, start: int, boxes: Sequence[Box]) -> None:
        """Say that the characters from ``start`` to the last one stand in ``boxes``."""
        if boxes and len(self._chars) > start:
            self._regions.append((start, len(self._chars), tuple(boxes)))

    def end_formula(self, start: int) -> None:
        """Say that the characters from ``start`` on are a formula: none of its powers cites."""
        if len(self._chars) > start:
            self._formulas.append((start, len(self._chars)))

    def passage(
        self, kind: PassageKind, section: str = "", typed_marks: bool = False
    ) -> Passage | None:
        """The passage that was added; None if there is no text in it.

        With ``typed_marks``, superscripts outside formulas that can only cite are taken out as
        well: in formats where authors may have typed them as such.
        """
        chars, raised = self._chars.copy(), self._shifts.copy()
        for start, end in self._formulas:
            raised[start:end] = ["" if shift == "sup" else shift for shift in raised[start:end]]
        kept = list(range(len(chars)))
        marks = take_citations(chars, raised, kept) if typed_marks else []
        tidied, text, shifts = _tidied(chars, [self._shifts[i] for i in kept])
        if not text:
            return None
        # Where each character that was added stands now.
        moved = [tidied[bisect_left(kept, i)] for i in range(len(self._chars) + 1)]
        words = [
            PlacedWord(moved[start], moved[end], box)
            for start, end, boxes in self._regions
            for box in boxes
            if moved[end] > moved[start]
        ]
        citations = [Citation(moved[c.offset], c.mark) for c in self._citations]
        citations += [Citation(tidied[offset], mark) for offset, mark in marks]
        return Passage(
            kind=kind,
            text=text,
            section=section,
            typography=spans_of(shifts),
            sentences=split_sentences(text),
            words=tuple(words),
            citations=tuple(sorted(citations, key=lambda c: c.offset)),
        )

    def cell(self) -> tuple[str, tuple[Span, ...]]:
        """The text that was added and its typography, as a cell of a table has them."""
        _, text, shifts = _tidied(self._chars, self._shifts)
        return text, spans_of(shifts)


def _tidied(chars: Sequence[str], own: Sequence[Shift]) -> tuple[list[int], str, list[Shift]]:
    """Where each character goes, and the text without blanks at its ends and before stops."""
    moved: list[int] = []
    kept: list[str] = []
    shifts: list[Shift] = []
    for i, char in enumerate(chars):
        moved.append(len(kept))
        if char == " ":
            after = "".join(chars[i + 1 : i + 3])
            if not kept or kept[-1] == " " or not after or re.match(r"[,;]|\.(?!\d)", after):
                continue
        kept.append(char)
        shifts.append(own[i])
    moved.append(len(kept))
    return moved, "".join(kept), shifts


def with_overbar(text: str) -> str:
    """A digit or letter with a bar over it, as in symbols of space groups; else ``text`` as it is.

    >>> with_overbar("3") == "3\u0304", with_overbar("AB")
    (True, 'AB')
    """
    if len(text) != 1 or not text.isalnum():
        return text
    joined = unicodedata.normalize("NFC", text + _MACRON)
    return joined if text.isdigit() or len(joined) == 1 else text
