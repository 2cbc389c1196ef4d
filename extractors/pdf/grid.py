"""Grids: the pieces of text inside a table put into rows and columns, header rows told apart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from scmine.extractors.pdf.columns import Columns, Row, find_columns, place
from scmine.extractors.pdf.heads import header_rows, join_floating, join_wrapped_heads, place_head
from scmine.extractors.pdf.lattice import lattice
from scmine.extractors.pdf.merged_rows import join_body_rows
from scmine.extractors.pdf.pieces import Piece, is_number, rows_of
from scmine.extractors.pdf.rules import Rule, Upright

FULL_SHARE = 0.8
"""Rules at one height that cover this share of the table's width part its rows."""

SAME_LEVEL_PT = 4.5
"""Rules nearer than this are one that is drawn double."""

UPRIGHT_SHARE = 0.5
"""An upright line over this share of the table's height parts its columns."""


@dataclass(frozen=True, slots=True)
class Frame:
    """Where a table stands, in points, and the rules that are drawn in it."""

    x0: float
    x1: float
    y0: float
    y1: float
    across: tuple[Rule, ...] = ()
    upright: tuple[Upright, ...] = ()

    def levels(self) -> list[float]:
        """The heights at which rules run across the whole table, double ones once."""
        found: list[float] = []
        for rule in sorted(self.across, key=lambda r: r.y):
            if found and rule.y - found[-1] < SAME_LEVEL_PT:
                continue
            beside = [r for r in self.across if 0 <= r.y - rule.y < SAME_LEVEL_PT]
            covered = _covered_length([(r.x0, r.x1) for r in beside])
            if covered > FULL_SHARE * (self.x1 - self.x0):
                found.append(rule.y)
        return found

    def short_rules(self) -> list[Rule]:
        """The rules that do not run across the whole table, those under heads that span."""
        width = self.x1 - self.x0
        return [r for r in self.across if r.x1 - r.x0 < 0.9 * width]

    def column_lines(self) -> list[float]:
        """Where upright lines run down most of the table, its edges left out."""
        height = self.y1 - self.y0
        lengths: dict[float, float] = {}
        for line in self.upright:
            near = next((x for x in lengths if abs(x - line.x) < 3), line.x)
            length = min(line.y1, self.y1) - max(line.y0, self.y0)
            lengths[near] = lengths.get(near, 0.0) + max(0.0, length)
        return sorted(x for x, length in lengths.items() if length > UPRIGHT_SHARE * height)


def _covered_length(stretches: Sequence[tuple[float, float]]) -> float:
    total, end = 0.0, float("-inf")
    for x0, x1 in sorted(stretches):
        total += max(0.0, x1 - max(x0, end))
        end = max(end, x1)
    return total


@dataclass(slots=True)
class Grid:
    """Rows of cells, each a list of pieces; the first ``header`` rows are heads."""

    rows: list[Row]
    header: int

    @property
    def body(self) -> list[Row]:
        """The rows under the heads."""
        return self.rows[self.header :]


def make_grid(pieces: Sequence[Piece], frame: Frame, size: float) -> Grid | None:
    """The grid that ``pieces`` set in type of ``size`` make, or None if they make none."""
    if not pieces:
        return None
    rows = rows_of(pieces, size)
    if len(rows) < 2:
        return None
    levels = frame.levels()
    ruled = lattice(pieces, frame.across, frame.upright, levels, size)
    if ruled is not None:
        return Grid(*ruled)
    head = header_rows(rows, levels)
    if head >= len(rows):
        return None
    columns = find_columns(rows[head:], frame.column_lines(), size)
    if columns is None or len(columns) < 2:
        return None
    short = frame.short_rules()
    tops = join_floating(rows[:head], size)
    heads = [place_head(row, columns, short, i == len(tops) - 1) for i, row in enumerate(tops)]
    body = [_place_body(row, columns, size) for row in rows[head:]]
    heads = join_wrapped_heads(heads)
    body = join_body_rows(body, columns, frame.across, levels, size)
    return Grid([*heads, *body], len(heads))


def _place_body(row: Sequence[Piece], columns: Columns, size: float) -> Row:
    if len(row) == 1 and len(columns) > 2 and not is_number(row[0].text):
        left, right = columns.extents[0][0], columns.extents[-1][1]
        (piece,) = row
        aligned = any(abs(piece.x0 - a) < 0.4 * size for a, _ in columns.extents[1:])
        centred = abs(piece.middle - (left + right) / 2) < 0.02 * (right - left) + 1
        if len(columns.covered(piece.x0, piece.x1)) > 1 or (centred and not aligned):
            # A name in a row of its own, over columns or in the middle, heads the rows under it.
            piece.columns = len(columns)
            return [[piece], *([] for _ in range(len(columns) - 1))]
    return place(row, columns, size)
