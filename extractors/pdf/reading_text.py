"""Reading text: the lines of one passage joined into clean text with its layers.

Hyphens at line ends are undone, citation superscripts taken out, sub- and superscripts kept as
spans, and every word keeps its place on the page.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Container, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from scmine.extractors.document import (
    Box,
    Citation,
    Passage,
    PassageKind,
    PlacedWord,
    Span,
    Typography,
)
from scmine.extractors.lexicons import load_words
from scmine.extractors.pdf.glyphs import ASCENT, DESCENT, Glyph
from scmine.extractors.pdf.lines import Line, Shift
from scmine.extractors.sentences import split_sentences

_Place = TypeVar("_Place")
_CITATION = re.compile(r"^[\s\[(]*\d{1,3}[a-z]?(?:\s*[,;–—−-]\s*\d{1,3}[a-z]?)*[\s\])]*[,.;]?$")
_NOTE_MARK = re.compile(r"^[\s*†‡§¶,∗]+$")
_UNIT_BEFORE = re.compile(
    r"(?:^|[\s\d/·(])(?:[cmnkμ]?m|Å|s|ms|mol|kg|g|Oe|Hz|kHz|THz|cm|eV|states|J|W|A|sr|rad|T)$"
)
_VALUE_BEFORE = re.compile(r"\d\s*(?:m?K|[GMk]?Pa|kbar|Mbar|bar|meV|%)$")
_SLASH_KELVIN = re.compile(r"(?:/|·|\bmol|mol)\s*K$")
_WORD_BEFORE = re.compile(r"[A-Za-zà-ÿ]*[a-zà-ÿ]{3,}$|[A-Z]{3,}$|[a-z]{2,}$")
_FORMULA_BEFORE = re.compile(r"(?:[A-Z][a-z]?[\d.]*){2,}$")


@dataclass(slots=True)
class Words:
    """How often each word of the paper is written, to tell hyphens from word breaks."""

    counts: Counter[str] = field(default_factory=Counter)

    @classmethod
    def of(cls, lines: Sequence[Line]) -> Words:
        """Counted over ``lines`` in reading order; words parted at a line's end are left out."""
        words = cls()
        parted = False
        for line in lines:
            text = re.sub(r"^\S+", "", line.text) if parted else line.text
            parted = text.endswith("-")
            text = re.sub(r"\S+-$", "", text)
            words.counts.update(w.lower() for w in re.findall(r"[^\W\d_]+(?:-[^\W\d_]+)*", text))
        return words

    def keeps_hyphen(self, left: str, right: str) -> bool:
        """Whether ``left-right``, parted at a line's end, is one hyphenated word."""
        left, right = left.lower(), right.lower()
        joined, parted = self.counts[left + right], self.counts[f"{left}-{right}"]
        if joined != parted:
            return parted > joined
        known = self.counts[right] > 0 or len(right) > 4
        return len(left) == 1 or (left in load_words("hyphen_prefixes.txt") and known)


def make_passage(
    kind: PassageKind,
    lines: Sequence[Line],
    section: str,
    words: Words,
    cited: Container[int] = frozenset(),
) -> Passage:
    """The passage that ``lines`` make.

    ``cited`` holds the ``id`` of glyphs that are known to be of citation marks, if superscripts.
    """
    chars: list[str] = []
    shifts: list[Shift] = []
    places: list[tuple[int, Glyph] | None] = []
    for line in lines:
        _join(chars, shifts, places, line, words)
        chars += line.text
        shifts += line.shifts
        places += [(line.page, glyph) if glyph is not None else None for glyph in line.places]
    citations = take_citations(
        chars, shifts, places, lambda place: place is not None and id(place[1]) in cited
    )
    _tidy(chars, shifts, places, citations)
    text = "".join(chars)
    return Passage(
        kind=kind,
        text=text,
        section=section,
        typography=_spans(shifts, text),
        sentences=split_sentences(text),
        words=_placed_words(text, places),
        citations=tuple(Citation(offset, mark) for offset, mark in citations),
    )


def _join(
    chars: list[str],
    shifts: list[Shift],
    places: list[tuple[int, Glyph] | None],
    line: Line,
    words: Words,
) -> None:
    """Prepare the end of what is there for ``line``: undo a hyphen, or add a blank."""
    if not chars:
        return
    text = line.text
    if chars[-1] == "-" and len(chars) > 1 and not chars[-2].isspace():
        left = re.search(r"[^\W\d_]+$", "".join(chars[-40:-1]))
        right = re.match(r"[^\W\d_]+", text)
        if (
            left
            and right
            and text[0].islower()
            and shifts[-1] == ""
            and not words.keeps_hyphen(left.group(), right.group())
        ):
            for items in (chars, shifts, places):
                items.pop()
        return
    if chars[-1] in "–−/" and len(chars) > 1 and chars[-2] != " ":
        return
    chars.append(" ")
    shifts.append("")
    places.append(None)


def take_citations(
    chars: list[str],
    shifts: list[Shift],
    places: list[_Place],
    cites: Callable[[_Place], bool] = lambda place: False,
) -> list[tuple[int, str]]:
    """Remove citation superscripts, in place; returns their offsets in what is left.

    ``places`` says something of each character and loses what is said of the removed ones.
    ``cites`` says whether a character at such a place is known to be of a mark.
    """
    found: list[tuple[int, str]] = []
    i = 0
    while i < len(chars):
        if shifts[i] != "sup":
            i += 1
            continue
        j = i
        while j < len(chars) and (
            shifts[j] == "sup"
            or (chars[j] == " " and j + 1 < len(chars) and shifts[j + 1] == "sup")
        ):
            j += 1
        mark = "".join(chars[i:j])
        known = [cites(places[k]) for k in range(i, j) if chars[k].isalnum()]
        if (known and all(known)) or _is_citation(
            mark,
            "".join(chars[max(0, i - 30) : i]),
            shifts[max(0, i - 30) : i],
            "".join(chars[j : j + 3]),
        ):
            tail = mark[-1] if mark.rstrip()[-1:] in ",.;" else ""
            keep = j - 1 if tail and chars[j - 1] == tail else j
            found.append((i, mark.strip()))
            del chars[i:keep], shifts[i:keep], places[i:keep]
            if keep == j - 1:
                shifts[i] = ""
                i += 1
            continue
        i = j
    return found


def _is_citation(mark: str, before: str, shifts: Sequence[Shift], after: str) -> bool:
    """Whether the superscript ``mark`` after ``before`` cites, rather than counts or raises."""
    if not before or before[-1].isspace():
        stripped = before.rstrip()
        # "... superconductors 5," has its mark after a blank; an isotope stands before its element.
        if not stripped or after[:1].isalpha():
            return False
        before, shifts = stripped, shifts[: len(stripped)]
    if _NOTE_MARK.match(mark):
        return before[-1].isalpha() and mark.strip() in ("†", "‡", "§", "¶")
    if not _CITATION.match(mark):
        return False
    listed = len(re.findall(r"\d+", mark)) > 1
    last = before[-1]
    if last in ".,;:!?”’\"'":
        return True
    if last in ")]":
        return listed or int(re.findall(r"\d+", mark)[0]) > 4
    if _SLASH_KELVIN.search(before):
        return False
    if _VALUE_BEFORE.search(before):
        return True
    if last.isdigit():
        if shifts and shifts[-1] == "sub":
            return listed or bool(_FORMULA_BEFORE.search(before))
        return not re.search(r"(?:^|[^\d.])10$", before)
    if _UNIT_BEFORE.search(before):
        return False
    if shifts and shifts[-1] == "sub":
        return listed or bool(_FORMULA_BEFORE.search(before))
    if _WORD_BEFORE.search(before):
        return True
    if _FORMULA_BEFORE.search(before) and "sub" in shifts[-4:]:
        return True  # H2S with a mark; a charge has a sign
    return listed and bool(re.search(r"[A-Za-z]$", before))


def _tidy(
    chars: list[str],
    shifts: list[Shift],
    places: list[tuple[int, Glyph] | None],
    citations: list[tuple[int, str]],
) -> None:
    """Remove double blanks and blanks before full stops and commas, in place."""
    drop: list[int] = []
    for i, char in enumerate(chars):
        if char != " ":
            continue
        after = chars[i + 1] if i + 1 < len(chars) else ""
        if (
            i == 0
            or not after
            or after == " "
            or (
                after in ",;"
                or (after == "." and (i + 2 >= len(chars) or not chars[i + 2].isdigit()))
            )
        ):
            drop.append(i)
    for i in reversed(drop):
        del chars[i], shifts[i], places[i]
    if drop and citations:
        moved = [(o - sum(d < o for d in drop), mark) for o, mark in citations]
        citations[:] = moved


def _spans(shifts: Sequence[Shift], text: str) -> tuple[Span, ...]:
    spans: list[Span] = []
    start = 0
    for i in range(1, len(shifts) + 1):
        if i == len(shifts) or shifts[i] != shifts[start]:
            if shifts[start] and text[start:i].strip():
                kind = Typography.SUBSCRIPT if shifts[start] == "sub" else Typography.SUPERSCRIPT
                spans.append(Span(start, i, kind))
            start = i
    return tuple(spans)


def _placed_words(text: str, places: Sequence[tuple[int, Glyph] | None]) -> tuple[PlacedWord, ...]:
    words: list[PlacedWord] = []
    for match in re.finditer(r"\S+", text):
        start = match.start()
        run: list[Glyph] = []
        page = 0
        for k in range(match.start(), match.end()):
            place = places[k]
            if place is None:
                continue
            number, glyph = place
            new_line = run and (number != page or glyph.x0 < run[-1].x0 - 3 * glyph.size)
            if new_line:
                words.append(PlacedWord(start, k, _box(page, run)))
                start, run = k, []
            page = number
            run.append(glyph)
        if run:
            words.append(PlacedWord(start, match.end(), _box(page, run)))
    return tuple(words)


def _box(page: int, glyphs: Sequence[Glyph]) -> Box:
    # Lists and not generators, and one rounding a side: this runs for every word of a paper.
    return Box(
        page,
        round(min([g.x0 for g in glyphs]), 2),
        round(min([g.y - ASCENT * g.size for g in glyphs]), 2),
        round(max([g.x1 for g in glyphs]), 2),
        round(max([g.y + DESCENT * g.size for g in glyphs]), 2),
    )
