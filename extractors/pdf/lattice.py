"""Lattices: tables with lines between all their cells, cut by these lines alone.

The cells, merged ones included, are found by pdfplumber's search over the crossings of lines; the
lines are those that PDFium read. Tables with lines between columns only are cut in ``grid``.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from pdfplumber.table import edges_to_intersections, intersections_to_cells, merge_edges

from scmine.extractors.pdf.columns import Row
from scmine.extractors.pdf.heads import header_rows
from scmine.extractors.pdf.pieces import Piece, is_number, rows_of
from scmine.extractors.pdf.rules import Rule, Upright

SNAP_PT = 3.0
"""Lines nearer than this are one that is drawn double, or cell by cell."""

MAX_LINES = 600
"""More lines than this are a drawing; the search over their crossings grows with the square."""

MIN_INSIDE = 0.9
"""This share of the text must stand in cells."""

MAX_UNRULED = 0.3
"""Up to this share of the rows may hold more than one line of numbers in their cells."""


@dataclass(frozen=True, slots=True)
class Box:
    """A cell of a lattice, in points from the top left of the page."""

    x0: float
    top: float
    x1: float
    bottom: float

    def holds(self, piece: Piece) -> bool:
        """Whether the middle of ``piece`` is inside."""
        y = piece.y - 0.25 * piece.size
        return self.x0 <= piece.middle <= self.x1 and self.top <= y <= self.bottom


def lattice(
    pieces: Sequence[Piece],
    across: Sequence[Rule],
    upright: Sequence[Upright],
    levels: Sequence[float],
    size: float,
) -> tuple[list[Row], int] | None:
    """The rows that lines cut ``pieces`` into, and how many are header; None if they do not.

    ``levels`` are the heights of the rules across the whole table.
    """
    if len(upright) < 3 or len(across) < 3 or len(across) + len(upright) > MAX_LINES:
        return None
    boxes = _cells(across, upright)
    lefts, tops = _snapped(b.x0 for b in boxes), _snapped(b.top for b in boxes)
    if len(lefts) < 2 or len(tops) < 2:
        return None
    rows: list[Row] = [[[] for _ in lefts] for _ in tops]
    inside = 0
    pieces = [part for piece in pieces for part in _cut(piece, upright)]
    for piece in pieces:
        box = next((b for b in boxes if b.holds(piece)), None)
        if box is None:
            continue
        inside += 1
        piece.columns = sum(box.x0 - 1 <= x < box.x1 - SNAP_PT for x in lefts)
        rows[_index(tops, box.top)][_index(lefts, box.x0)].append(piece)
    if inside < MIN_INSIDE * len(pieces):
        return None
    rows = [row for row in rows if any(row)]
    if len(rows) < 2 or _not_ruled_by_row(rows, size):
        return None
    for row in rows:
        for cell in row:
            cell[:] = [p for line in rows_of(cell, size) for p in line]
    return rows, _header(rows, levels)


def _cut(piece: Piece, upright: Sequence[Upright]) -> list[Piece]:
    """``piece`` cut at those of its blanks through which a line is drawn."""
    y = piece.y - 0.25 * piece.size
    lines = sorted(u.x for u in upright if piece.x0 < u.x < piece.x1 and u.y0 <= y <= u.y1)
    parts: list[Piece] = []
    rest = piece
    for x in lines:
        for i, char in enumerate(rest.text[1:-1], 1):
            before, after = rest.edges[i - 1], rest.edges[i + 1]
            if char == " " and before and after and before[1] <= x + 1 and after[0] >= x - 1:
                head, rest = rest.cut(i)
                parts.append(head)
                break
    return [*parts, rest]


def _cells(across: Sequence[Rule], upright: Sequence[Upright]) -> list[Box]:
    edges = [_edge(r.x0, r.x1, r.y, r.y, "h") for r in across]
    edges += [_edge(u.x, u.x, u.y0, u.y1, "v") for u in upright]
    merged = merge_edges(edges, SNAP_PT, SNAP_PT, SNAP_PT, SNAP_PT)
    crossings = edges_to_intersections(merged, SNAP_PT, SNAP_PT)
    return [Box(*map(float, cell)) for cell in intersections_to_cells(crossings)]


def _edge(x0: float, x1: float, top: float, bottom: float, orientation: str) -> dict[str, object]:
    """A line as pdfplumber describes one."""
    place = {"x0": x0, "x1": x1, "top": top, "bottom": bottom}
    return {**place, "width": x1 - x0, "height": bottom - top, "orientation": orientation}


def _snapped(values: Iterable[float]) -> list[float]:
    """Sorted values, those that are nearly the same once."""
    result: list[float] = []
    for value in sorted(values):
        if not result or value - result[-1] > SNAP_PT:
            result.append(value)
    return result


def _index(values: Sequence[float], value: float) -> int:
    return min(range(len(values)), key=lambda i: abs(values[i] - value))


def _not_ruled_by_row(rows: Sequence[Row], size: float) -> bool:
    """Whether the lines part groups of rows rather than rows: cells hold columns of numbers."""
    many = 0
    for row in rows:
        stacked = [
            len([p for p in c if is_number(p.text)]) > 1 and _lines(c, size) for c in row if c
        ]
        deep = [n for n in stacked if n and n > 1]
        if any(n > 2 for n in deep):
            return True
        many += len(deep) > 0.5 * len(stacked)
    return many > MAX_UNRULED * len(rows)


def _lines(cell: Sequence[Piece], size: float) -> int:
    return len(rows_of(cell, size))


def _header(rows: Sequence[Row], levels: Sequence[float]) -> int:
    flat = [[p for cell in row for p in cell] for row in rows]
    for row in flat:
        row.sort(key=lambda p: p.y)
    bounded = [
        y for y in levels if any(a[-1].y - a[-1].size < y < b[0].y for a, b in pairwise(flat))
    ]
    return min(header_rows(flat, bounded or levels), len(rows) - 1)
