"""Layout: which column a line stands in, in which order lines are read, and what is furniture.

Furniture is what the page shows around the text: running heads, page numbers, arXiv stamps; line
numbers are for ``line_numbers``. What a line is (title, caption, paragraph) lives in ``passages``.
"""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Sequence
from statistics import median

from scmine.extractors.pdf.blocks import NUMBERED_HEADING, heading_names, plain_heading
from scmine.extractors.pdf.lines import Fragment, Line

MIN_COLUMN_LINES = 6
"""Fewer lines than this on either side make no column."""

MAX_CELL_CHARS = 30
"""A row of a table has cells shorter than this beside each other."""

MARGIN_SHARE = 0.1
"""Running heads and page numbers stand in the outer tenth of the page's height."""


def find_gutter(parts: Sequence[Fragment], width: float) -> tuple[float, float] | None:
    """The left and right edge of the blank strip between two columns, or None for one column."""
    texts = [f for f in parts if f.x1 - f.x0 > 5 * f.size]
    best: tuple[float, float, float] | None = None
    for x in range(int(0.35 * width), int(0.65 * width), 2):
        left = [f for f in texts if f.x1 <= x]
        right = [f for f in texts if f.x0 >= x]
        crossing = len(texts) - len(left) - len(right)
        side = min(len(left), len(right))
        if side < MIN_COLUMN_LINES or crossing > 1.5 * side:
            continue
        start, aligned = Counter(round(f.x0) for f in right).most_common(1)[0]
        aligned = sum(1 for f in right if abs(f.x0 - start) < 3)
        if aligned < 0.4 * len(right):
            continue
        score = len(left) + len(right) - 3.0 * crossing
        ends = sorted(f.x1 for f in left)
        edge = ends[int(0.95 * (len(ends) - 1))]
        if start - edge < 4:
            continue
        if best is None or score > best[0]:
            best = (score, max(edge, 0.0), float(start))
    return (best[1], best[2]) if best else None


def share_gutter(
    found: Sequence[tuple[float, float] | None], parts: Sequence[Sequence[Fragment]]
) -> list[tuple[float, float] | None]:
    """The gutter of each page; one with too little text for its own takes that of the others.

    A page takes it only if hardly any of its text runs through it.
    """
    known = sorted(g for g in found if g is not None)
    if not known:
        return list(found)
    common = known[len(known) // 2]
    middle = (common[0] + common[1]) / 2
    result: list[tuple[float, float] | None] = []
    for gutter, fragments in zip(found, parts, strict=True):
        if gutter is None:
            texts = [f for f in fragments if f.x1 - f.x0 > 5 * f.size]
            crossing = sum(f.x0 < middle - 3 and f.x1 > middle + 3 for f in texts)
            both = any(f.x1 <= middle for f in texts) and any(f.x0 >= middle for f in texts)
            if both and crossing <= 0.2 * len(texts):
                gutter = common
        result.append(gutter)
    return result


def assign_columns(lines: Sequence[Line], gutter: tuple[float, float] | None) -> None:
    """Set each line's column: 0 spans the page, 1 is left, 2 is right."""
    if gutter is None:
        for line in lines:
            line.column = 0
        return
    middle = (gutter[0] + gutter[1]) / 2
    for line in lines:
        if line.x1 <= middle + 2:
            line.column = 1
        elif line.x0 >= middle - 2:
            line.column = 2
        else:
            line.column = 0
    _extend_spanning(lines)
    _pull_in_overflow(lines)


def _pull_in_overflow(lines: Sequence[Line]) -> None:
    """A lone line that runs over the gutter between lines of the left column belongs to it.

    A long chain of citation marks cannot be broken and overflows its column.
    """
    left = [line for line in lines if line.column == 1]
    for line in lines:
        if line.column or not left:
            continue
        above = max((x for x in left if x.y < line.y), key=lambda x: x.y, default=None)
        below = min((x for x in left if x.y > line.y), key=lambda x: x.y, default=None)
        if (
            above is not None
            and below is not None
            and line.y - above.y < 1.7 * line.size
            and below.y - line.y < 2.2 * line.size
            and abs(line.x0 - above.x0) < 1.2 * line.size
            and abs(line.size - above.size) < 0.3
        ):
            line.column = 1


def _extend_spanning(lines: Sequence[Line]) -> None:
    """A short last line under spanning lines spans too, if nothing stands beside it."""
    ordered = sorted(lines, key=lambda line: line.y)
    for above, line in itertools.pairwise(ordered):
        close = line.top - above.bottom < 0.6 * line.size
        if above.column == 0 and line.column and close and abs(above.size - line.size) < 0.3:
            beside = any(
                other.column not in (0, line.column)
                and min(other.bottom, line.bottom) - max(other.top, line.top) > 0.3 * line.size
                for other in lines
            )
            aligned = abs(line.x0 - above.x0) < 2.5 * line.size
            if not beside and aligned:
                line.column = 0


def reading_order(lines: Sequence[Line]) -> list[Line]:
    """Lines as a person reads them: down the left column, then the right, band by band.

    A band ends where a line spans both columns.
    """
    ordered = sorted(lines, key=lambda line: (line.y, line.x0))
    result: list[Line] = []
    left: list[Line] = []
    right: list[Line] = []
    for line in ordered:
        if line.column == 0:
            result += left + right
            left, right = [], []
            result.append(line)
        else:
            (left if line.column == 1 else right).append(line)
    return result + left + right


_NUMBER_ONLY = re.compile(
    r"^[-–—\s\[(]*(?:page\s*)?\d{1,4}(?:\s*(?:/|of)\s*\d{1,4})?[-–—\s\])]*$", re.I
)


_TABLE_LABEL = re.compile(r"^(?:TABLE|Table)\s?S?(?:\d{1,3}|[IVXL]{1,6})\s*[.:|(]")
# A long table repeats its caption on each page.

_IMPRINT = re.compile(
    r"^©|^\d{4}-\d{3}[\dX]\b|\d{4}-\d{3}[\dX]/\d|^(?:https?://)?(?:dx\.)?doi\b|^DOI:|"
    r"^Typeset (?:with|using|by)\b",
    re.I,
)


def drop_furniture(
    pages: Sequence[Sequence[Line]], heights: Sequence[float]
) -> tuple[list[list[Line]], list[str]]:
    """The lines of each page without running heads and page numbers.

    Returns the kept lines by page and the text of what was dropped.
    """
    keys: Counter[str] = Counter()
    for lines, height in zip(pages, heights, strict=True):
        ends = _ends(lines)
        keys.update({_key(line) for line in lines if _in_margin(line, ends, height)})
    kept: list[list[Line]] = []
    dropped: list[str] = []
    threshold = 2 if len(pages) < 8 else 3
    for number, (lines, height) in enumerate(zip(pages, heights, strict=True)):
        page_kept = []
        ends = _ends(lines)
        for line in lines:
            furniture = _in_margin(line, ends, height) and (
                keys[_key(line)] >= threshold
                or _NUMBER_ONLY.match(line.text)
                or _IMPRINT.search(line.text)
                or (number > 0 and line.y < ends[0] + 2 and _stands_alone(line, lines))
            )
            if furniture and not _in_row(line, lines) and not _TABLE_LABEL.match(line.text):
                dropped.append(line.text)
            else:
                page_kept.append(line)
        kept.append(page_kept)
    return kept, dropped


def _in_row(line: Line, lines: Sequence[Line]) -> bool:
    """Whether short lines stand close beside ``line``, as the cells of a table's last row do."""
    if re.search(r"[^\W\d_]{3}", line.text):
        return False
    beside = [
        x
        for x in lines
        if x is not line
        and abs(x.y - line.y) < 0.3 * line.size
        and x.column == line.column
        and len(x.text) < MAX_CELL_CHARS
    ]
    return len(beside) > 1


def _stands_alone(line: Line, lines: Sequence[Line]) -> bool:
    """Whether the top line of a page is parted from the text under it, as running heads are."""
    below = [other.top for other in lines if other.y > line.y + 0.5 * line.size]
    heights = sorted({round(other.y) for other in lines if other.y >= line.y})
    steps = [b - a for a, b in itertools.pairwise(heights)]
    if len(steps) > 2 and steps[0] < 1.2 * median(steps):
        return False  # the lines of a manuscript are all as far apart
    return (
        bool(below)
        and min(below) - line.bottom > 0.9 * line.size
        and len(line.text.split()) < 14
        and not line.text[0].islower()
        and (not line.text.rstrip().endswith(".") or line.text.rstrip().endswith("et al."))
        and not NUMBERED_HEADING.match(line.text)
        and plain_heading(line.text) not in heading_names()
        and not line.text.startswith(("Fig", "FIG", "Tab", "TAB"))
    )


def _key(line: Line) -> str:
    """What repeats from page to page: the text without its numbers."""
    text = re.sub(r"\d+", "#", line.text.lower())
    return re.sub(r"\s+", " ", text).strip()[:80]


def _ends(lines: Sequence[Line]) -> tuple[float, float]:
    """The baselines of a page's first and last line."""
    ys = [line.y for line in lines]
    return min(ys, default=0.0), max(ys, default=0.0)


def _in_margin(line: Line, ends: tuple[float, float], height: float) -> bool:
    """Whether ``line`` is in the margin, or is the page's first or last and stands in its half.

    ``ends`` are the baselines of the page's first and last line.
    """
    top, bottom = line.bottom / height, 1 - line.top / height
    if min(top, bottom) < MARGIN_SHARE:
        return True
    if top < 2 * MARGIN_SHARE:
        return line.y < ends[0] + 2
    # The paper may be smaller than the page, so the last line can stand high.
    return bottom < 0.5 and line.y > ends[1] - 2
