"""Rules: the straight lines that a page draws across and upright, which tables are set between.

Read from PDFium's path objects, since a page's lines then cost a millisecond; thin filled boxes,
thin images and what form XObjects draw are lines too. Which of them belong to a table lives in
``regions``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import pypdfium2.raw as raw

from scmine.extractors.pdf.bulk_calls import paint_of, path_segments
from scmine.extractors.pdf.matrices import Matrix, entries, times
from scmine.extractors.pdf.page_objects import ObjectGroup, object_at

MIN_RULE_PT = 20.0
"""Shorter lines across are parts of drawings, fractions and underlines."""

MIN_UPRIGHT_PT = 7.0
"""Shorter upright lines are ticks; one row of a table is higher."""

JOIN_GAP_PT = 4.0
"""Pieces of one rule are drawn cell by cell and leave gaps up to this."""

MIN_PIECE_PT = 5.0
"""Shorter pieces of a rule are not looked at."""

MAX_FLAT_PT = 1.2
"""The bar over a digit is not thicker."""

THIN_PT = 3.0
"""A box thinner than this is drawn to be seen as a line."""

MAX_SEGMENTS = 400
"""A path of more segments is a curve of a figure."""

SAME_LEVEL_PT = 1.5
"""Pieces of one rule are drawn on one level, give or take this."""

Edge = tuple[float, float, float]
"""A level and where on it a line starts and stops."""

FlatThing = tuple[float, float, float]
"""Left edge, right edge and height of something short and flat."""


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
    """The lines of one page as read, from top to bottom; ``flat`` are those too short for rules."""

    across: list[Rule] = field(default_factory=list)
    upright: list[Upright] = field(default_factory=list)
    flat: list[FlatThing] = field(default_factory=list)


def read_rules(groups: Sequence[ObjectGroup], shown: Matrix) -> PageRules:
    """The lines among the objects of a page; ``shown`` maps its coordinates to those as read."""
    collector = _Collector()
    for group in groups:
        collector.collect(group, times(group.matrix, shown))
    return PageRules(
        [Rule(start, stop, y) for y, start, stop in _join(collector.across, MIN_RULE_PT)],
        [Upright(x, *ends) for x, *ends in _join(collector.upright, MIN_UPRIGHT_PT)],
        collector.flat,
    )


class _Collector:
    """Keeps the straight lines among objects, in coordinates as read."""

    def __init__(self) -> None:
        self.across: list[Edge] = []
        self.upright: list[Edge] = []
        self.flat: list[FlatThing] = []
        self._matrix = raw.FS_MATRIX()

    def collect(self, group: ObjectGroup, shown: Matrix) -> None:
        """Keep the lines of a group; ``shown`` maps its coordinates to those as read."""
        if not group.drawn:
            return
        a, b, c, d, e, f = shown
        left, bottom, right, top = group.bounds.T.astype(np.float64)
        x0, y0 = a * left + c * bottom + e, b * left + d * bottom + f
        x1, y1 = a * right + c * top + e, b * right + d * top + f
        width, height = np.abs(x1 - x0), np.abs(y1 - y0)
        longer, thinner = np.maximum(width, height), np.minimum(width, height)
        thin = (thinner <= THIN_PT) & (longer >= MIN_PIECE_PT)
        # The points of a plot are small paths of several strokes; a frame is not so small.
        framed = (thinner > THIN_PT) & (longer >= MIN_UPRIGHT_PT) & ~group.is_image
        flat = (height <= MAX_FLAT_PT) & (width >= 1.0) & (width < MIN_RULE_PT) & ~group.is_image
        self.flat += zip(
            np.minimum(x0, x1)[flat].tolist(),
            np.maximum(x0, x1)[flat].tolist(),
            ((y0 + y1) / 2)[flat].tolist(),
            strict=True,
        )
        for k in np.flatnonzero(thin | framed):
            address = group.drawn[int(k)][1]
            # TeX's rules turned into bitmaps are images as thin as the lines that they show.
            filled, stroked = (True, False) if group.is_image[k] else paint_of(address)
            if stroked:
                # The bounds of a stroke are wider than the line by the width of the pen.
                self._segments(address, shown)
            elif filled and thin[k]:
                self._line(float(x0[k]), float(y0[k]), float(x1[k]), float(y1[k]))

    def _segments(self, path: int, shown: Matrix) -> None:
        """The straight strokes of a path."""
        found = path_segments(path, MAX_SEGMENTS)
        if found is None:
            return
        kinds, closes, points = found
        raw.FPDFPageObj_GetMatrix(object_at(path), self._matrix)
        a, b, c, d, e, f = times(entries(self._matrix), shown)
        x, y = points.T.astype(np.float64)
        places = list(zip((a * x + c * y + e).tolist(), (b * x + d * y + f).tolist(), strict=True))
        start = last = (0.0, 0.0)
        for kind, close, here in zip(kinds, closes, places, strict=True):
            if kind == raw.FPDF_SEGMENT_MOVETO:
                start = here
            elif kind == raw.FPDF_SEGMENT_LINETO:
                self._line(*last, *here)
            if close:
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
