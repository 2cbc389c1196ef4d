"""Runs: reading text built piece by piece from marked-up text, with its layers.

Blanks are made single, letters of mathematical alphabets plain, Unicode's own sub- and superscripts
typography, and citation marks set as superscripts are taken out, as the PDF reader does it. Which
element of a format is which is for its reader to say.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import cache

from scmine.extractors.document import (
    Box,
    Citation,
    Passage,
    PassageKind,
    PlacedWord,
    ReadError,
    Span,
    Status,
    Typography,
)
from scmine.extractors.formats.marked_text import MarkedText
from scmine.extractors.pdf.lines import Shift
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
_DROPPED = "\u00ad\u200b\u200c\u200d\u2060\u2061\u2062\u2063\u2064\ufeff"
_MACRON = "\N{COMBINING MACRON}"
_TAGS: dict[str, Shift] = {"<sub>": "sub", "<super>": "sup"}
_KINDS = {"sub": Typography.SUBSCRIPT, "sup": Typography.SUPERSCRIPT}


class Runs:
    """The characters of one passage or cell as they are added, each with its typography."""

    def __init__(self) -> None:
        self._chars: list[str] = []
        self._shifts: list[Shift] = []
        self._citations: list[Citation] = []
        self._regions: list[tuple[int, int, tuple[Box, ...]]] = []

    def __len__(self) -> int:
        return len(self._chars)

    @property
    def citations(self) -> tuple[str, ...]:
        """The marks that were taken out so far."""
        return tuple(citation.mark for citation in self._citations)

    def tail(self, length: int = 60) -> str:
        """The last characters, at most ``length`` of them."""
        return "".join(self._chars[-length:])

    def add_marked(self, marked: MarkedText, shift: Shift = "") -> None:
        """Append ``marked``; what has no shift of its own there gets ``shift``."""
        for char, own in zip(marked.chars, marked.shifts, strict=True):
            self.add(char, shift or own)

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
        for char in text or "":
            if char.isspace():
                if self._chars and self._chars[-1] != " ":
                    self._chars.append(" ")
                    self._shifts.append("")
                continue
            plain, own = _reading(char)
            self._chars += plain
            self._shifts += [shift or own] * len(plain)

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

    def passage(self, kind: PassageKind, section: str = "") -> Passage | None:
        """The passage that was added; None if there is no text in it."""
        moved, text, shifts = self._tidied()
        if not text:
            return None
        words = [
            PlacedWord(moved[start], moved[end], box)
            for start, end, boxes in self._regions
            for box in boxes
            if moved[end] > moved[start]
        ]
        return Passage(
            kind=kind,
            text=text,
            section=section,
            typography=_spans(shifts),
            sentences=split_sentences(text),
            words=tuple(words),
            citations=tuple(Citation(moved[c.offset], c.mark) for c in self._citations),
        )

    def cell(self) -> tuple[str, tuple[Span, ...]]:
        """The text that was added and its typography, as a cell of a table has them."""
        _, text, shifts = self._tidied()
        return text, _spans(shifts)

    def _tidied(self) -> tuple[list[int], str, list[Shift]]:
        """Where each character goes, and the text without blanks at its ends and before stops."""
        chars = self._chars
        moved: list[int] = []
        kept: list[str] = []
        shifts: list[Shift] = []
        for i, char in enumerate(chars):
            moved.append(len(kept))
            if char == " ":
                after = "".join(chars[i + 1 : i + 3])
                if not kept or not after or re.match(r"[,;]|\.(?!\d)", after):
                    continue
            kept.append(char)
            shifts.append(self._shifts[i])
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


@cache
def _reading(char: str) -> tuple[str, Shift]:
    """What ``char`` reads as, and how it is set if the character itself says so."""
    code = ord(char)
    if char in _DROPPED:
        return "", ""
    if 0x1D400 <= code <= 0x1D7FF or 0xFB00 <= code <= 0xFB06:  # mathematical letters, ligatures
        return unicodedata.normalize("NFKC", char), ""
    if 0x2070 <= code <= 0x209F or char in "¹²³":
        tag = unicodedata.decomposition(char).partition(" ")[0]
        return unicodedata.normalize("NFKC", char), _TAGS.get(tag, "")
    return char, ""


def _spans(shifts: Sequence[Shift]) -> tuple[Span, ...]:
    spans: list[Span] = []
    for i, shift in enumerate(shifts):
        if not shift:
            continue
        kind = _KINDS[shift]
        if spans and spans[-1].end == i and spans[-1].kind is kind:
            spans[-1] = Span(spans[-1].start, i + 1, kind)
        else:
            spans.append(Span(i, i + 1, kind))
    return tuple(spans)
