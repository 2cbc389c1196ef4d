"""Rules: the straight lines that a page draws across and upright, which tables are set between.

Read from PDFium's path objects, since a page's lines then cost a millisecond; thin filled boxes,
thin images and what form XObjects draw are lines too. Which of them belong to a table lives in
``regions``.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import cast

import pypdfium2 as pdfium
import pypdfium2.raw as raw

from scmine.extractors.pdf.glyphs import to_shown
from scmine.extractors.pdf.matrices import Matrix, apply, entries, times

MIN_RULE_PT = 20.0
"""Shorter lines across are parts of drawings, fractions and underlines."""

MIN_UPRIGHT_PT = 7.0
"""Shorter upright lines are ticks; one row of a table is higher."""

JOIN_GAP_PT = 4.0
"""Pieces of one rule are drawn cell by cell and leave gaps up to this."""

THIN_PT = 3.0
"""A box thinner than this is drawn to be seen as a line."""

MAX_SEGMENTS = 400
"""A path of more segments is a curve of a figure."""

MAX_OBJECTS = 25_000
"""Objects looked at on one page; figures of many points hold more, tables do not."""

MAX_DEPTH = 4
"""Form XObjects inside each other are followed so far."""

SAME_LEVEL_PT = 1.5
"""Pieces of one rule are drawn on one level, give or take this."""

Edge = tuple[float, float, float]
"""A level and where on it a line starts and stops."""


@dataclass(frozen=True, slots=True)
class Rule:
    """A line across from ``x0`` to ``x1`` at height ``y``, in points from the top left."""

    x0: float
    x1: float
    y: float


@dataclass(frozen=True, slots=True)
class Upright:
    """An upright line at ``x`` from ``y0`` down to ``y1``, in points from the top left."""

    x: float
    y0: float
    y1: float


@dataclass(slots=True)
class PageRules:
    """The lines of one page as shown, from top to bottom."""

    across: list[Rule] = field(default_factory=list)
    upright: list[Upright] = field(default_factory=list)


def page_rules(
    data: bytes, pages: Sequence[int], turns: Mapping[int, int] | None = None
) -> dict[int, PageRules]:
    """The lines of the given pages (from 1); a page that cannot be read has none.

    ``turns`` gives by page how many quarters clockwise it is turned further to be read.
    """
    found = {page: PageRules() for page in pages}
    try:
        pdf = pdfium.PdfDocument(data)
    except pdfium.PdfiumError:
        return found
    try:
        for number in pages:
            if number > len(pdf):
                continue
            try:
                page = pdf[number - 1]
            except pdfium.PdfiumError:
                continue
            try:
                found[number] = _read(page, (turns or {}).get(number, 0))
            finally:
                page.close()
    finally:
        pdf.close()
    return found


def _read(page: pdfium.PdfPage, turn: int) -> PageRules:
    quarters = (page.get_rotation() // 90 + turn) % 4
    collector = _Collector()
    handle = page.raw
    collector.walk(
        raw.FPDFPage_CountObjects(handle),
        lambda i: raw.FPDFPage_GetObject(handle, i),
        cast(Matrix, to_shown(page.get_bbox(), quarters)),
        0,
    )
    return PageRules(
        [Rule(start, stop, y) for y, start, stop in _join(collector.across, MIN_RULE_PT)],
        [Upright(x, *ends) for x, *ends in _join(collector.upright, MIN_UPRIGHT_PT)],
    )


class _Collector:
    """Walks the objects of a page and keeps its straight lines, in coordinates as shown."""

    def __init__(self) -> None:
        self.across: list[Edge] = []
        self.upright: list[Edge] = []
        self._left = MAX_OBJECTS
        self._box = tuple(ctypes.c_float() for _ in range(4))
        self._matrix = raw.FS_MATRIX()
        self._fill, self._stroke = ctypes.c_int(), ctypes.c_int()

    def walk(self, count: int, get: Callable[[int], object], shown: Matrix, depth: int) -> None:
        """Keep the lines of ``count`` objects; ``shown`` maps their coordinates to the page's."""
        for i in range(count):
            self._left -= 1
            if self._left < 0:
                return
            item = get(i)
            kind = raw.FPDFPageObj_GetType(item)
            if kind in (raw.FPDF_PAGEOBJ_PATH, raw.FPDF_PAGEOBJ_IMAGE):
                self._drawn(item, kind, shown)
            elif kind == raw.FPDF_PAGEOBJ_FORM and depth < MAX_DEPTH:
                raw.FPDFPageObj_GetMatrix(item, self._matrix)
                inner = times(entries(self._matrix), shown)
                self.walk(
                    raw.FPDFFormObj_CountObjects(item),
                    lambda k, form=item: raw.FPDFFormObj_GetObject(form, k),  # type: ignore[misc]
                    inner,
                    depth + 1,
                )

    def _drawn(self, item: object, kind: int, shown: Matrix) -> None:
        left, bottom, right, top = self._box
        if not raw.FPDFPageObj_GetBounds(item, left, bottom, right, top):
            return
        x0, y0 = apply(shown, left.value, bottom.value)
        x1, y1 = apply(shown, right.value, top.value)
        width, height = abs(x1 - x0), abs(y1 - y0)
        if max(width, height) < 2.0:
            return
        if min(width, height) <= THIN_PT:
            # TeX's rules turned into bitmaps are images as thin as the lines that they show.
            if kind == raw.FPDF_PAGEOBJ_IMAGE or self._painted(item):
                # The bounds of a stroke are wider than the line by the width of the pen.
                if kind == raw.FPDF_PAGEOBJ_IMAGE or not self._stroke.value:
                    self._line(x0, y0, x1, y1)
                else:
                    self._segments(item, shown)
        elif kind == raw.FPDF_PAGEOBJ_PATH:
            self._segments(item, shown)

    def _painted(self, item: object) -> bool:
        raw.FPDFPath_GetDrawMode(item, self._fill, self._stroke)
        return bool(self._fill.value or self._stroke.value)

    def _segments(self, item: object, shown: Matrix) -> None:
        """The straight strokes of a path that is more than one line; a filled area has none."""
        count = raw.FPDFPath_CountSegments(item)
        if not 1 < count <= MAX_SEGMENTS or not self._painted(item) or not self._stroke.value:
            return
        raw.FPDFPageObj_GetMatrix(item, self._matrix)
        matrix = times(entries(self._matrix), shown)
        x, y = ctypes.c_float(), ctypes.c_float()
        start = last = (0.0, 0.0)
        for i in range(count):
            segment = raw.FPDFPath_GetPathSegment(item, i)
            raw.FPDFPathSegment_GetPoint(segment, x, y)
            here = apply(matrix, x.value, y.value)
            kind = raw.FPDFPathSegment_GetType(segment)
            if kind == raw.FPDF_SEGMENT_MOVETO:
                start = here
            elif kind == raw.FPDF_SEGMENT_LINETO:
                self._line(*last, *here)
            if raw.FPDFPathSegment_GetClose(segment):
                self._line(*here, *start)
            last = here

    def _line(self, x0: float, y0: float, x1: float, y1: float) -> None:
        if abs(y1 - y0) <= THIN_PT < abs(x1 - x0):
            self.across.append(((y0 + y1) / 2, min(x0, x1), max(x0, x1)))
        elif abs(x1 - x0) <= THIN_PT < abs(y1 - y0):
            self.upright.append(((x0 + x1) / 2, min(y0, y1), max(y0, y1)))


def _join(edges: Sequence[Edge], shortest: float) -> list[Edge]:
    """Edges on one level that touch, as one; those shorter than ``shortest`` left out."""
    levels: list[list[Edge]] = []
    for edge in sorted(edges):
        if levels and edge[0] - levels[-1][0][0] < SAME_LEVEL_PT:
            levels[-1].append(edge)
        else:
            levels.append([edge])
    result: list[Edge] = []
    for level in levels:
        joined: list[Edge] = []
        for at, start, stop in sorted(level, key=lambda e: e[1]):
            last = joined[-1] if joined else None
            if last and start <= last[2] + JOIN_GAP_PT:
                joined[-1] = (last[0], last[1], max(last[2], stop))
            else:
                joined.append((at, start, stop))
        result += [e for e in joined if e[2] - e[1] >= shortest]
    return sorted(result)
