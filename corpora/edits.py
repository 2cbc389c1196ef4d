"""Changing a text and moving the spans over it along.

Every transformation of annotated text (blanks normalised, formulas closed up, elements swapped) is
a list of edits on the text it started from; this module applies them. What to edit is decided
elsewhere.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from scmine.corpora.types import GoldPassage, Span


@dataclass(frozen=True, slots=True, order=True)
class Edit:
    """Characters ``start`` to ``end`` (exclusive) become ``new``."""

    start: int
    end: int
    new: str = ""


def apply_edits(text: str, edits: Iterable[Edit], spans: Sequence[Span]) -> tuple[str, list[Span]]:
    """The edited text, and ``spans`` moved so that they cover what they covered.

    Edits that overlap an earlier one are left out. A span that ends inside a replaced stretch is
    widened to the whole of its replacement; an empty span stays empty.

    >>> apply_edits("T c = 4 K", [Edit(1, 2)], [(0, 3), (6, 9)])
    ('Tc = 4 K', [(0, 2), (5, 8)])
    """
    kept: list[Edit] = []
    for edit in sorted(set(edits)):
        if not kept or edit.start >= kept[-1].end:
            kept.append(edit)
    pieces: list[str] = []
    shifts: list[int] = []  # how far text after the edit has moved
    at, shift = 0, 0
    for edit in kept:
        pieces += (text[at : edit.start], edit.new)
        shift += len(edit.new) - (edit.end - edit.start)
        shifts.append(shift)
        at = edit.end
    pieces.append(text[at:])
    starts = [e.start for e in kept]

    def moved(offset: int, is_end: bool) -> int:
        i = bisect_right(starts, offset - 1 if is_end else offset) - 1
        if i < 0:
            return offset
        edit, before = kept[i], shifts[i - 1] if i else 0
        if offset >= edit.end:
            return offset + shifts[i]
        return edit.start + before + (len(edit.new) if is_end else 0)

    return "".join(pieces), [
        (moved(s, False), moved(e, True) if e > s else moved(s, False)) for s, e in spans
    ]


def edit_passage(passage: GoldPassage, edits: Iterable[Edit]) -> GoldPassage:
    """``passage`` with its text edited and its mentions moved along; empty ones go."""
    spans = [(m.start, m.end) for m in passage.mentions]
    text, moved = apply_edits(passage.text, edits, spans)
    mentions = tuple(
        replace(m, start=s, end=e)
        for m, (s, e) in zip(passage.mentions, moved, strict=True)
        if e > s
    )
    return GoldPassage(passage.kind, text, mentions)
