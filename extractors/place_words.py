"""Placing words: the pages and boxes of a PDF given to a paper that was read from its source.

The source has the exact formulas and tables, the PDF says where they are printed. How two texts are
laid beside each other lives in ``text_alignment``.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from scmine.extractors.document import (
    Box,
    Cell,
    Document,
    Passage,
    PassageKind,
    PlacedWord,
    Table,
)
from scmine.extractors.text_alignment import Aligner, fold

MIN_SHARE = 0.3
"""Share of the shorter of the two texts that they must have in common to be one paper."""

MIN_OF_WORD = 0.5
"""Share of a word's or a cell's characters that must be found for it to have a place."""

MAX_TEXT = 3_000_000
"""Characters of a PDF that are compared; books have fewer."""

_BODY = frozenset({PassageKind.ABSTRACT, PassageKind.HEADING, PassageKind.PARAGRAPH})


class OtherPaperError(Exception):
    """The PDF shows another text than the source has."""


@dataclass(slots=True)
class _Printed:
    """What the PDF shows, folded, and for each character the number of its box in ``boxes``."""

    parts: list[str] = field(default_factory=list)
    owners: list[int] = field(default_factory=list)
    boxes: list[Box] = field(default_factory=list)

    def add(self, text: str, box: Box) -> None:
        """Append a word or a cell with its place."""
        folded = fold(text).text
        if len(self.owners) + len(folded) > MAX_TEXT:
            return
        self.parts.append(folded)
        self.owners += [len(self.boxes)] * len(folded)
        self.boxes.append(box)


def place_words(document: Document, pdf: Document) -> Document:
    """``document`` with the places that its words and cells have in ``pdf``, the same paper.

    Words that are not found stay without a place.

    Raises
    ------
    OtherPaperError
        If the two have hardly any text in common.
    """
    text = _Printed()
    for passage in pdf.passages:
        for word in passage.words:
            text.add(passage.text[word.start : word.end], word.box)
    cells = _Printed()
    for table in pdf.tables:
        for row in table.rows:
            for cell in row:
                if cell.box is not None:
                    cells.add(cell.text, cell.box)
    placer = _Placer(text)
    passages = placer.passages(document.passages)
    # A PDF of which only a part could be read is no other paper.
    if placer.found <= MIN_SHARE * min(placer.total, len(text.owners)):
        raise OtherPaperError
    tables = _place_tables(document.tables, _Placer(cells), placer)
    return replace(
        document,
        reader=f"{document.reader}+{pdf.reader}",
        passages=tuple(passages),
        tables=tuple(tables),
        page_count=pdf.page_count,
    )


class _Placer:
    """Finds texts in what is printed."""

    def __init__(self, printed: _Printed) -> None:
        self._printed = printed
        self._length = len(printed.owners)
        self._aligner = Aligner("".join(printed.parts))
        self.found = 0
        self.total = 0

    def passages(self, passages: Sequence[Passage]) -> list[Passage]:
        """The passages with their words placed, long ones first, short ones between them."""
        folded = [fold(p.text) for p in passages]
        found: list[list[int]] = []
        expected = 0
        for passage, own in zip(passages, folded, strict=True):
            places = self._aligner.align(own.text, expected)
            found.append(places)
            if passage.kind in _BODY and (last := max(places, default=-1)) >= 0:
                expected = last
        for k, (own, places) in enumerate(zip(folded, found, strict=True)):
            if 1 < len(own.text) < 60 and not any(place >= 0 for place in places):
                low, high = self._between(passages, found, k)
                found[k] = self._aligner.find(own.text, low, high)
        self.total = sum(len(own.text) for own in folded)
        self.found = sum(place >= 0 for places in found for place in places)
        return [
            replace(passage, words=self._words(passage.text, own.places, places))
            for passage, own, places in zip(passages, folded, found, strict=True)
        ]

    def _between(
        self, passages: Sequence[Passage], found: Sequence[Sequence[int]], index: int
    ) -> tuple[int, int]:
        """Between which places a passage must stand by the passages before and after it."""
        low, high = 0, self._length
        for k in range(index - 1, -1, -1):
            if passages[k].kind in _BODY and (last := max(found[k], default=-1)) >= 0:
                low = last + 1
                break
        for k in range(index + 1, len(found)):
            places = [place for place in found[k] if place >= 0]
            if passages[k].kind in _BODY and places:
                high = min(places)
                break
        return low, high

    def _words(
        self, text: str, origins: Sequence[int], places: Sequence[int]
    ) -> tuple[PlacedWord, ...]:
        """The words of ``text`` with their boxes; one that goes over a line's end has two."""
        owner_of = {
            origin: self._printed.owners[place]
            for origin, place in zip(origins, places, strict=True)
            if place >= 0
        }
        counted = set(origins)
        words: list[PlacedWord] = []
        for match in re.finditer(r"\S+", text):
            inside = [i for i in range(match.start(), match.end()) if i in counted]
            known = [i for i in inside if i in owner_of]
            if not known or len(known) < MIN_OF_WORD * len(inside):
                continue
            words += self._boxed(text, match.span(), known, owner_of)
        return tuple(words)

    def _boxed(
        self, text: str, span: tuple[int, int], known: Sequence[int], owner_of: dict[int, int]
    ) -> list[PlacedWord]:
        """One word's pieces by line; a stop alone is none."""
        pieces: list[PlacedWord] = []
        for i in known:
            box = self._printed.boxes[owner_of[i]]
            last = pieces[-1] if pieces else None
            if last is None:
                pieces.append(PlacedWord(span[0], i + 1, box))
            elif _same_line(last.box, box):
                pieces[-1] = PlacedWord(last.start, i + 1, last.box.union(box))
            elif text[i].isalnum():
                pieces[-1] = PlacedWord(last.start, i, last.box)
                pieces.append(PlacedWord(i, i + 1, box))
        pieces[-1] = PlacedWord(pieces[-1].start, span[1], pieces[-1].box)
        return pieces

    def table(self, table: Table) -> tuple[Table, float]:
        """The table with its cells placed, and the share of its characters that was found."""
        text = ""
        spans: list[tuple[int, int]] = []
        for row in table.rows:
            for cell in row:
                start = len(text)
                text += fold(cell.text).text
                spans.append((start, len(text)))
        places = self._aligner.align(text)
        share = sum(p >= 0 for p in places) / len(text) if text else 0.0
        boxes = iter([self._cell_box(places[start:end]) for start, end in spans])
        rows = tuple(tuple(replace(cell, box=next(boxes)) for cell in row) for row in table.rows)
        return replace(table, rows=rows, box=_around([c for row in rows for c in row])), share

    def _cell_box(self, places: Sequence[int]) -> Box | None:
        known = [place for place in places if place >= 0]
        if not known or len(known) < MIN_OF_WORD * len(places):
            return None
        found = [self._printed.boxes[self._printed.owners[place]] for place in known]
        box = found[0]
        for other in found[1:]:
            if other.page != box.page:
                return None
            box = box.union(other)
        return box


def _place_tables(tables: Sequence[Table], cells: _Placer, text: _Placer) -> list[Table]:
    """The tables placed by the PDF's tables, or by its text where it does not tell them."""
    placed: list[Table] = []
    for table in tables:
        found, share = cells.table(table)
        if share < MIN_OF_WORD:
            other, other_share = text.table(table)
            found = other if other_share > share else found
        placed.append(found)
    return placed


def _around(cells: Sequence[Cell]) -> Box | None:
    """The box around cells of one page, the first that any of them is on."""
    boxes = [cell.box for cell in cells if cell.box is not None]
    if not boxes:
        return None
    around = boxes[0]
    for box in boxes[1:]:
        if box.page == around.page:
            around = around.union(box)
    return around


def _same_line(a: Box, b: Box) -> bool:
    overlap = min(a.y1, b.y1) - max(a.y0, b.y0)
    return a.page == b.page and overlap > 0.3 * min(a.y1 - a.y0, b.y1 - b.y0)
