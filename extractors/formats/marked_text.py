"""Marked text: characters that know whether they stand below or above the line.

What readers of markup collect before it becomes a line of a passage or a cell of a table. Nothing
here knows a format.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache

from scmine.extractors.document import Cell, Span, Typography
from scmine.extractors.lexicons import load_rows
from scmine.extractors.pdf.glyphs import READ_AS
from scmine.extractors.pdf.lines import Line, Shift

_COMPAT: dict[str, Shift] = {"<sub>": "sub", "<super>": "sup", "<font>": ""}
_KINDS = {"sub": Typography.SUBSCRIPT, "sup": Typography.SUPERSCRIPT}
_NOT_SCRIPTS = "ªº™℠"
"""Raised by nature, not by typography."""

_UNSEEN = "\u00ad\u200b\u200c\u200d\u2060\u2061\u2062\u2063\u2064\ufeff"
"""Characters without a shape: they join, part or multiply, and are no text."""

_APART = re.compile(
    r"˚ ?A(?![a-z])|(?<![A-Za-z])A˚|˚ ?C(?![a-z])|(?<=\d)˚|¯h(?![A-Za-z])|(?<![A-Za-z])h¯"
    r"|(?P<after>\d)¯|¯(?P<before>\d)|&(?:lt|gt|amp);"
)
_PARTED = {"&lt;": "<", "&gt;": ">", "&amp;": "&"} | {
    "˚A": "Å",
    "A˚": "Å",
    "˚C": "°C",
    "˚": "°",
    "¯h": "ħ",
    "h¯": "ħ",
}


@dataclass(slots=True)
class MarkedText:
    """Text with, for each character, whether it is a sub- or superscript."""

    chars: list[str] = field(default_factory=list)
    shifts: list[Shift] = field(default_factory=list)

    @property
    def text(self) -> str:
        """The characters in their order."""
        return "".join(self.chars)

    def add(self, text: str, shift: Shift = "") -> None:
        """Append ``text``.

        Unicode's small digits (``₂``, ``³``) become digits with their shift, letters of its
        mathematical alphabets and ligatures plain letters; characters without a shape go.
        """
        for char in text:
            plain, own = _reading(char)
            self.chars += plain
            self.shifts += [shift or own] * len(plain)

    def extend(self, other: MarkedText, shift: Shift = "") -> None:
        """Append ``other``; what has no shift of its own there gets ``shift``."""
        self.chars += other.chars
        self.shifts += [own or shift for own in other.shifts]

    def tidied(self) -> MarkedText:
        """The same with single blanks, none at the ends, and accents that stood apart joined."""
        result = MarkedText()
        source = self._with_accents()
        for char, shift in zip(source.chars, source.shifts, strict=True):
            if not char.isspace():
                result.chars.append(char)
                result.shifts.append(shift)
            elif result.chars and result.chars[-1] != " ":
                result.chars.append(" ")
                result.shifts.append("")
        if result.chars and result.chars[-1] == " ":
            result.chars.pop()
            result.shifts.pop()
        return result

    def _with_accents(self) -> MarkedText:
        """The same with rings and bars that converters set beside their letter put over it.

        Entities whose sign they set apart from its name (``<sup>&</sup>gt;``) are read, too.
        """
        text = self.text
        if not any(sign in text for sign in "˚¯&"):
            return self
        result = MarkedText()
        end = 0
        for match in _APART.finditer(text):
            start = match.start()
            result.chars += self.chars[end:start]
            result.shifts += self.shifts[end:start]
            barred = match["before"] or match["after"]
            joined = _PARTED.get(match.group().replace(" ", "")) or f"{barred}\u0304"
            result.chars += joined
            place = start + match.group().find(barred) if barred else start
            result.shifts += [self.shifts[place]] * len(joined)
            end = match.end()
        result.chars += self.chars[end:]
        result.shifts += self.shifts[end:]
        return result

    def split_lines(self) -> list[MarkedText]:
        """The lines that newlines part."""
        lines = [MarkedText()]
        for char, shift in zip(self.chars, self.shifts, strict=True):
            if char == "\n":
                lines.append(MarkedText())
            else:
                lines[-1].chars.append(char)
                lines[-1].shifts.append(shift)
        return lines

    def line(self, bold: bool = False) -> Line:
        """A line of reading text without a place on a page."""
        tidy = self.tidied()
        count = len(tidy.chars)
        return Line(
            text=tidy.text,
            shifts=tidy.shifts,
            places=[None] * count,
            x0=0.0,
            x1=0.0,
            y=0.0,
            size=0.0,
            page=0,
            bold=bold,
            italic=False,
            font="",
        )

    def cell(self, is_header: bool = False, columns: int = 1) -> Cell:
        """A cell of a table."""
        tidy = self.tidied()
        return Cell(tidy.text, is_header, columns, spans_of(tidy.shifts))


def line_of(text: str, typography: Sequence[Span] = ()) -> Line:
    """A line of reading text that is ready, with its sub- and superscripts."""
    marked = MarkedText(list(text), [""] * len(text))
    for span in typography:
        shift: Shift = "sub" if span.kind is Typography.SUBSCRIPT else "sup"
        marked.shifts[span.start : span.end] = [shift] * (span.end - span.start)
    return marked.line()


@cache
def _symbol_font() -> dict[int, str]:
    """Characters of the Symbol font by code, for text that has them as private-use characters."""
    return {int(row["code"], 16): row["character"] for row in load_rows("symbol_encoding.csv")}


@cache
def _reading(char: str) -> tuple[str, Shift]:
    """What ``char`` reads as, and how it is set if the character itself says so."""
    if char.isascii() or char in _NOT_SCRIPTS:
        return char, ""
    if char in _UNSEEN:
        return "", ""
    if ord(char) in READ_AS:
        return char.translate(READ_AS), ""
    if "\uf000" <= char <= "\uf0ff":
        return _symbol_font().get(ord(char) & 0xFF, char), ""
    if "\ufb00" <= char <= "\ufb06":  # ligatures
        return unicodedata.normalize("NFKC", char), ""
    kind, _, code = unicodedata.decomposition(char).partition(" ")
    if kind not in _COMPAT or " " in code:
        return char, ""
    return unicodedata.normalize("NFKC", char), _COMPAT[kind]


def spans_of(shifts: Sequence[Shift]) -> tuple[Span, ...]:
    """The stretches of characters that are shifted alike, given each character's shift."""
    spans: list[Span] = []
    start = 0
    for i in range(1, len(shifts) + 1):
        if i == len(shifts) or shifts[i] != shifts[start]:
            if shifts[start]:
                spans.append(Span(start, i, _KINDS[shifts[start]]))
            start = i
    return tuple(spans)
