"""Line numbers: those that a preprint counts its lines with, in either margin or in the gutter.

They are told from other numbers by standing outside the text, one under the other, and counting up
in equal steps, over all pages. Other furniture of a page is for ``layout``.
"""

from __future__ import annotations

import itertools
import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from scmine.extractors.pdf.glyphs import Glyph
from scmine.extractors.pdf.lines import Line, without_head, without_tail

STEPS = frozenset((1, 2, 5, 10))
MIN_STEPS = 4
"""So many times must two numbers that follow each other be a step apart."""

MIN_STEP_SHARE = 0.7
MAX_INSIDE_SHARE = 0.1
"""More lines than this that reach as far out as the numbers do: these stand within the text."""

MIN_PAGE_SHARE = 0.3
"""Lines are counted on all pages, or on every other one in the same margin."""

MAX_CELL_WORDS = 5
"""A line of more words is prose, not a cell of a table."""

MIN_GAP_RATIO = 0.45
"""A number is further from the text than this share of its line's type size."""

ALIGNED_PT = 3.0

Side = Literal["head", "tail"]
SIDES: tuple[Side, ...] = ("head", "tail")
_HEAD = re.compile(r"\d{1,4}(?=\s|$)")
_TAIL = re.compile(r"(?<=\s)\d{1,4}$")


@dataclass(frozen=True, slots=True)
class _Number:
    """A number at an end of a line, and the edge (x in points) of the text beside it."""

    page: int
    line: Line
    side: Side
    value: int
    length: int
    x0: float
    x1: float
    text_edge: float | None


def strip_line_numbers(pages: Sequence[Sequence[Line]]) -> list[list[Line]]:
    """The lines of each page without the numbers that count them.

    A line that is only such a number is left out.
    """
    groups: dict[tuple[Side, str, int], list[_Number]] = defaultdict(list)
    for number, lines in enumerate(pages):
        for found in _numbers(lines, number):
            key = round(found.x1 / ALIGNED_PT)
            groups[found.side, "right", key].append(found)
            if found.side == "tail":
                groups["tail", "left", round(found.x0 / ALIGNED_PT)].append(found)
    cut: dict[int, dict[Side, int]] = defaultdict(dict)
    filled = sum(len(lines) > 1 for lines in pages)
    for (side, _, _), group in groups.items():
        if len({n.page for n in group}) < MIN_PAGE_SHARE * filled:
            continue
        if _counts_up(group) and not _inside(group, pages, side) and not _counts_rows(group, pages):
            for found in group:
                cut[id(found.line)][side] = found.length
    if not cut:
        return [list(lines) for lines in pages]
    return [[kept for x in lines if (kept := _without(x, cut.get(id(x), {})))] for lines in pages]


def _without(line: Line, cut: dict[Side, int]) -> Line | None:
    kept: Line | None = line
    if "tail" in cut:
        kept = without_tail(line, cut["tail"])
    return without_head(kept, cut["head"]) if kept is not None and "head" in cut else kept


def _numbers(lines: Sequence[Line], page: int) -> list[_Number]:
    """The numbers at the ends of lines that are set apart from the text."""
    found = []
    for line in lines:
        if line.text.isdecimal() and len(line.text) <= 4:
            for side in SIDES:
                found += _number(line, page, side, 0, len(line.text), lines)
            continue
        head = _HEAD.match(line.text)
        if head:
            found += _number(line, page, "head", 0, head.end(), lines)
        tail = _TAIL.search(line.text)
        if tail:
            found += _number(line, page, "tail", tail.start(), len(line.text), lines)
    return found


def _number(
    line: Line, page: int, side: Side, start: int, end: int, lines: Sequence[Line]
) -> list[_Number]:
    glyphs = [g for g in line.places[start:end] if g is not None]
    if not glyphs:
        return []
    x0, x1 = glyphs[0].x0, glyphs[-1].x1
    beside = _neighbour(line, side, start, end)
    if beside is None:
        edge = _text_beside(line, side, lines)
    else:
        edge = beside.x0 if side == "head" else beside.x1
        gap = edge - x1 if side == "head" else x0 - edge
        if gap < MIN_GAP_RATIO * line.size:
            return []
    return [_Number(page, line, side, int(line.text[start:end]), end - start, x0, x1, edge)]


def _text_beside(number: Line, side: Side, lines: Sequence[Line]) -> float | None:
    """The edge of the nearest line beside a number that is a line of its own."""
    edges = [
        line.x0 if side == "head" else line.x1
        for line in lines
        if min(line.bottom, number.bottom) - max(line.top, number.top) > 0.5 * number.size
    ]
    if side == "head":
        return min((x for x in edges if x > number.x1), default=None)
    return max((x for x in edges if x < number.x0), default=None)


def _neighbour(line: Line, side: Side, start: int, end: int) -> Glyph | None:
    """The glyph of the text that stands next to a number."""
    places = line.places[end:] if side == "head" else line.places[:start][::-1]
    return next((g for g in places if g is not None), None)


def _counts_up(group: Sequence[_Number]) -> bool:
    """Whether the numbers of a group grow by equal steps down each page."""
    steps: Counter[int] = Counter()
    for _, numbers in itertools.groupby(group, key=lambda n: n.page):
        ordered = sorted(numbers, key=lambda n: n.line.y)
        steps.update(b.value - a.value for a, b in itertools.pairwise(ordered))
    if not steps:
        return False
    step, count = steps.most_common(1)[0]
    # Where a line of a heading or a float is not counted by us, two steps make one.
    count += steps[2 * step]
    return step in STEPS and count >= MIN_STEPS and count >= MIN_STEP_SHARE * sum(steps.values())


def _counts_rows(group: Sequence[_Number], pages: Sequence[Sequence[Line]]) -> bool:
    """Whether most numbers of a group are cells: three or more stand beside each other."""
    rows = 0
    for number in group:
        beside = [
            x for x in pages[number.page] if abs(x.y - number.line.y) < 0.3 * number.line.size
        ]
        # A line of prose in the other column is no cell.
        cells = [x for x in beside if len(x.text.split()) <= MAX_CELL_WORDS]
        rows += sum(1 + len(x.gaps) for x in cells) > 2
    return rows > 0.5 * len(group)


def _inside(group: Sequence[_Number], pages: Sequence[Sequence[Line]], side: Side) -> bool:
    """Whether other lines, beside those of the group, reach as far out as the numbers."""
    edges = [n.text_edge for n in group if n.text_edge is not None]
    if len(edges) < 0.5 * len(group):
        return True  # most numbers stand beside no text
    edge = Counter(round(e) for e in edges).most_common(1)[0][0]
    own = {id(n.line) for n in group}
    x0, x1 = min(n.x0 for n in group), max(n.x1 for n in group)
    beside = reaching = 0
    for number in {n.page for n in group}:
        for line in pages[number]:
            if id(line) in own or not line.x0 - 60 < edge < line.x1 + 60:
                continue
            beside += 1
            reaching += line.x0 < x1 + 1 < line.x1 if side == "head" else line.x1 > x0 - 1 > line.x0
    return reaching > MAX_INSIDE_SHARE * (beside + len(group))
