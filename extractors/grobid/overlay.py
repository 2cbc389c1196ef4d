"""Overlay: GROBID's passages with the text of our lines, which has typography and exact places.

A passage is looked for in the boxes that GROBID gives for it, then in the whole paper. Where our
text is not the same, GROBID's is kept, unless the pages do not show it at all. Which of our
characters are a text is found in ``alignment``.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from scmine.extractors.document import Box, Passage, PassageKind, Table
from scmine.extractors.grobid.alignment import (
    MAX_LOST_SHARE,
    MIN_LIKENESS,
    Characters,
    Match,
    align,
    plain,
    plain_text,
)
from scmine.extractors.pdf.lines import Line
from scmine.extractors.pdf.reading_text import Words, make_passage

MARGIN_PT = 1.5
"""GROBID's boxes are cut close: what stands within this around them belongs to them."""

MAX_BOXES = 2000
"""Of one passage; more are no lines of a paper."""

SHORT = 20
"""Texts with fewer letters and digits, as many headings have, recur within others. Without boxes
they have to be a whole line."""

UNSEEN_SHARE = 0.3
"""A passage of which the pages lack more is hidden, if so many characters are."""


@dataclass(frozen=True, slots=True)
class Overlaid:
    """The passages, how many of them have our text, and how many the pages do not show."""

    passages: tuple[Passage, ...]
    placed: int
    unseen: int


def overlay(
    passages: Sequence[Passage],
    pages: Sequence[Sequence[Line]],
    tables: Sequence[Table],
    words: Words,
    hidden: int,
) -> Overlaid:
    """``passages`` with our text where it is the same.

    Parameters
    ----------
    passages
        GROBID's; their ``words`` hold the boxes it gave.
    pages
        The lines of each page in reading order, without those in ``tables``.
    hidden
        How many characters the file holds that its pages do not show. If there are any, text that
        we do not see is left out and not taken from GROBID, which reads what is hidden.
    """
    finder = _Finder(pages, hidden)
    result: list[Passage] = []
    placed = unseen = 0
    renamed: dict[str, str] = {}
    for passage in passages:
        if _in_table(passage, tables):
            continue
        found = finder.find(passage)
        lost = found.match.lost > UNSEEN_SHARE
        if not found.lines and lost and _may_be_hidden(passage, found.match, hidden):
            unseen += 1
            continue
        section = renamed.get(passage.section, passage.section)
        ours = make_passage(passage.kind, found.lines, section, words, found.cited)
        if not ours.text:
            result.append(replace(passage, section=section))
            continue
        placed += 1
        if passage.kind is PassageKind.HEADING:
            renamed[passage.text] = ours.text
            ours = replace(ours, section=ours.text)
        result.append(ours)
    return Overlaid(tuple(result), placed, unseen)


@dataclass(frozen=True, slots=True)
class _Found:
    """How well our text agrees with a passage's, and its lines; none if it does not.

    ``cited`` are the glyphs (by ``id``) that GROBID knows to be of citation marks.
    """

    match: Match
    lines: list[Line]
    cited: frozenset[int]


class _Finder:
    """Finds the lines of passages among those of a paper."""

    def __init__(self, pages: Sequence[Sequence[Line]], hidden: int) -> None:
        self._lines = [line for lines in pages for line in lines]
        self._hidden = hidden
        self._all = Characters.of(self._lines)
        self._whole_lines: dict[str, list[Line]] = {}
        self._on_page: dict[int, list[int]] = {}
        for i, line in enumerate(self._lines):
            self._on_page.setdefault(line.page, []).append(i)
            self._whole_lines.setdefault(plain_text(line.text), []).append(line)

    def find(self, passage: Passage) -> _Found:
        """Where the passage stands."""
        boxes = list(dict.fromkeys(w.box for w in passage.words))
        if 0 < len(boxes) <= MAX_BOXES:
            found = self._among(passage, Characters.of(self._lines, self._inside(boxes)))
            if found.lines:
                return found
        wanted = plain_text(passage.text)
        if len(wanted) >= SHORT:
            return self._among(passage, self._all)
        lines = self._whole_lines.get(wanted, [])
        there = wanted in self._all.text
        match = Match((), float(there), float(not there))
        return _Found(match, lines if len(lines) == 1 else [], frozenset())

    def _among(self, passage: Passage, among: Characters) -> _Found:
        match = align(passage.text, among)
        if not self._agrees(passage, match):
            return _Found(match, [], frozenset())
        return _Found(match, self._cut(passage, match, among), self._cited(passage, match, among))

    def _agrees(self, passage: Passage, match: Match) -> bool:
        complete = match.lost <= MAX_LOST_SHARE or _may_be_hidden(passage, match, self._hidden)
        return match.likeness >= MIN_LIKENESS and complete

    def _inside(self, boxes: Sequence[Box]) -> Iterator[tuple[int, int]]:
        """The characters in ``boxes``: line's and character's index, box by box."""
        used: set[tuple[int, int]] = set()
        for box in boxes:
            for i in self._on_page.get(box.page, ()):
                line = self._lines[i]
                # Scripts stand where their line does, though they reach out of the box.
                middle = line.y - 0.25 * line.size
                if not box.y0 - MARGIN_PT < middle < box.y1 + MARGIN_PT:
                    continue
                for k, glyph in enumerate(line.places):
                    if glyph is None or (i, k) in used:
                        continue
                    if box.x0 - MARGIN_PT < (glyph.x0 + glyph.x1) / 2 < box.x1 + MARGIN_PT:
                        used.add((i, k))
                        yield i, k

    def _cut(self, passage: Passage, match: Match, among: Characters) -> list[Line]:
        """The parts of lines that ``match`` names."""
        head, tail = _outer_marks(passage.text)
        result: list[Line] = []
        for start, end in self._with_marks(match, among):
            by_line = groupby(among.places[start:end], key=lambda place: place[0])
            parts = [(i, [k for _, k in group]) for i, group in by_line]
            for n, (i, found) in enumerate(parts):
                line = self._lines[i]
                first, last = min(found), max(found) + 1
                # Marks at a line's ends belong to it, but for the first and the last of the text.
                whole = n > 0 and _only_marks(line.text[:first])
                first = 0 if whole else _marks_before(line, first, head)
                whole = n + 1 < len(parts) and _only_marks(line.text[last:])
                last = len(line.text) if whole else _marks_after(line, last, tail)
                piece = _slice(line, first, last)
                if piece is not None:
                    result.append(piece)
        return result

    def _with_marks(self, match: Match, among: Characters) -> list[tuple[int, int]]:
        """The stretches of ``match``, joined where only superscripts part them.

        GROBID takes citation marks out of its text; ours are taken out, and noted, later.
        """
        joined: list[tuple[int, int]] = []
        for start, end in match.stretches:
            between = among.places[joined[-1][1] : start] if joined else ()
            if between and all(self._lines[i].shifts[k] == "sup" for i, k in between):
                start = joined.pop()[0]
            joined.append((start, end))
        return joined

    def _cited(self, passage: Passage, match: Match, among: Characters) -> frozenset[int]:
        """The glyphs of ours that are where GROBID took a citation mark out, and read like it."""
        marks: dict[int, str] = {}
        done = before = 0
        for citation in sorted(passage.citations, key=lambda c: c.offset):
            before += len(plain_text(passage.text[done : citation.offset]))
            done = citation.offset
            marks[before] = marks.get(before, "") + plain_text(citation.mark)
        found: set[int] = set()
        for position, start, end in match.added:
            mark = marks.get(position, "")
            places = among.places[start : start + len(mark)]
            if not mark or start + len(mark) > end or among.text[start:end][: len(mark)] != mark:
                continue
            if all(self._lines[i].shifts[k] == "sup" for i, k in places):
                found.update(id(self._lines[i].places[k]) for i, k in places)
        return frozenset(found)


def _may_be_hidden(passage: Passage, match: Match, hidden: int) -> bool:
    """Whether what we lack of a passage can be among the ``hidden`` characters of the file."""
    lacking = match.lost * len(plain_text(passage.text))
    return lacking <= 1.2 * hidden


def _only_marks(text: str) -> bool:
    """Whether ``text`` has no letter and no digit."""
    return not any(map(plain, text))


def _marks_before(line: Line, start: int, head: str) -> int:
    """Where the marks before the character ``start`` begin.

    Those that touch it, if a blank is before them, and those further off that are in ``head``.
    """
    at = touching = start
    while at > 0 and not plain(line.text[at - 1]):
        at -= 1
        if touching == at + 1 and line.text[at] != " ":
            touching = at
        if line.text[at] in head:
            start = at
    return min(start, touching) if touching == 0 or line.text[touching - 1] == " " else start


def _marks_after(line: Line, end: int, tail: str) -> int:
    """Where the marks after the character before ``end`` end.

    Those that touch it, superscripts with them, and those further off that are in ``tail``.
    """
    touching = True
    for at in range(end, len(line.text)):
        char = line.text[at]
        if plain(char) and line.shifts[at] != "sup":
            break
        touching = touching and char != " "
        if touching or char in tail:
            end = at + 1
    return end


def _outer_marks(text: str) -> tuple[str, str]:
    """The marks before the first and after the last letter or digit of ``text``, without blanks.

    >>> _outer_marks("(√ 2 is 1.4 %).")
    ('(√', '%).')
    """
    inner = [i for i, char in enumerate(text) if plain(char)]
    if not inner:
        return "", ""
    return "".join(text[: inner[0]].split()), "".join(text[inner[-1] + 1 :].split())


def _slice(line: Line, start: int, end: int) -> Line | None:
    """Characters ``start`` to ``end`` of a line; None if they are blanks only."""
    while start < end and line.text[start] == " ":
        start += 1
    while end > start and line.text[end - 1] == " ":
        end -= 1
    if start == 0 and end == len(line.text):
        return line
    glyphs = [g for g in line.places[start:end] if g is not None]
    if not glyphs:
        return None
    return replace(
        line,
        text=line.text[start:end],
        shifts=line.shifts[start:end],
        places=line.places[start:end],
        x0=min(g.x0 for g in glyphs),
        x1=max(g.x1 for g in glyphs),
    )


def _in_table(passage: Passage, tables: Sequence[Table]) -> bool:
    """Whether the passage is cells of a table that GROBID took for text."""
    boxes = {w.box for w in passage.words}
    if not boxes or passage.kind is not PassageKind.PARAGRAPH:
        return False
    frames = [t.box for t in tables if t.box is not None]
    inside = sum(any(_holds(frame, box) for frame in frames) for box in boxes)
    return inside > 0.8 * len(boxes)


def _holds(frame: Box, box: Box) -> bool:
    x, y = (box.x0 + box.x1) / 2, (box.y0 + box.y1) / 2
    return frame.page == box.page and frame.x0 < x < frame.x1 and frame.y0 < y < frame.y1
