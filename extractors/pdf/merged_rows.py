"""Merged rows: the lines of cells that are several lines high, and cells shared by several rows."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from statistics import median

from scmine.extractors.pdf.columns import Columns, Row
from scmine.extractors.pdf.pieces import Piece, is_blank, is_number
from scmine.extractors.pdf.rules import Rule

WRAPPED_SHARE = 0.7
"""Text that goes on in the next line fills this share of its column's width."""


def join_body_rows(
    rows: Sequence[Row],
    columns: Columns,
    across: Sequence[Rule],
    levels: Sequence[float],
    size: float,
) -> list[Row]:
    """The rows of a body, one for each row that a reader sees.

    ``across`` are all rules, ``levels`` the heights of those across the whole table.
    """
    filled = [row for row in rows if any(row)]
    banded = _join_bands(filled, levels)
    if banded is None:
        banded = _join_wrapped(filled, columns)
    kept, labels = _floating(banded, size)
    lifted = _lift_labels(kept, labels, columns, across)
    for c in range(len(columns)):
        blocks = _blocks(lifted, columns, c, across)
        if 1 < len(blocks) < len(lifted):
            for start, stop in blocks:
                _join_tall_cell(lifted[start:stop], c)
    return [row for row in lifted if any(row)]


def height(row: Row) -> float:
    """The baseline of a row: that of its first line."""
    return min((p.y for cell in row for p in cell), default=0.0)


def text_of(cell: Sequence[Piece]) -> str:
    """The text of a cell, its pieces parted by blanks."""
    return " ".join(p.text for p in cell)


def _join_bands(rows: Sequence[Row], levels: Sequence[float]) -> list[Row] | None:
    """Rows joined where rules part nearly all of them; None where they do not."""
    bands: list[list[Row]] = []
    last = -1
    for row in rows:
        at = sum(y < height(row) for y in levels)
        if at != last:
            bands.append([])
        bands[-1].append(row)
        last = at
    if len(bands) < 3 or len(bands) < 0.4 * len(rows):
        return None
    if len(bands) == len(rows):
        return list(rows)
    result: list[Row] = []
    for band in bands:
        result += [_sum(band)] if _one_row(band) else band
    return result


def _one_row(band: Sequence[Row]) -> bool:
    """Whether the lines between two rules are one row: no column has numbers in two of them.

    Nor do two of its lines fill most columns, one of them with numbers.
    """
    numbers = [
        sum(is_number(text_of(cell)) for cell in column) for column in zip(*band, strict=True)
    ]
    full = [row for row in band if sum(map(bool, row)) > 0.6 * len(row)]
    numeric = any(sum(is_number(text_of(cell)) for cell in row) > 0.4 * len(row) for row in full)
    return max(numbers) < 2 and not (len(full) > 1 and numeric)


def _sum(rows: Sequence[Row]) -> Row:
    return [[p for cell in column for p in cell] for column in zip(*rows, strict=True)]


def _join_wrapped(rows: Sequence[Row], columns: Columns) -> list[Row]:
    """Rows with the lines that only go on with words of the row over them joined to it."""
    steps = [height(b) - height(a) for a, b in itertools.pairwise(rows)]
    usual = median(steps) if steps else 0.0
    result: list[Row] = []
    last: Row | None = None
    for row in rows:
        if (
            last is not None
            and _goes_on(result[-1], last, row, columns)
            and height(row) - height(last) < 1.3 * usual
        ):
            result[-1] = _sum([result[-1], row])
        else:
            result.append(row)
        last = row
    return result


def _goes_on(whole: Row, last: Row, row: Row, columns: Columns) -> bool:
    """Whether ``row`` is the next line of ``whole``, whose line before it is ``last``."""
    indices = [i for i, cell in enumerate(row) if cell]
    if any(is_number(text_of(row[i])) or not whole[i] for i in indices):
        return False
    if any(p.columns > 1 for i in indices for p in row[i]):
        return False
    if sum(bool(cell) for cell in whole) <= len(indices) and len(whole) > 1:
        return False
    wrapped = False
    for i in indices:
        if not last[i]:
            return False
        left, right = columns.extents[i]
        before, after = text_of(last[i]), text_of(row[i])
        full = max(p.x1 for p in last[i]) - left > WRAPPED_SHARE * (right - left)
        starts_low = after[0].islower() or after[0] in "(,;/"
        words = len(after.split()) > 1 or len(before.split()) > 2
        hyphen = before[-1] in "-/,"
        if i == 0 and len(indices) == 1 and not (full and (starts_low or hyphen)):
            return False
        wrapped = wrapped or (full and (starts_low or words)) or hyphen
    return wrapped


def _floating(rows: Sequence[Row], size: float) -> tuple[list[Row], list[tuple[int, Piece]]]:
    """Rows without those that hold one name set between two rows, and these with their column."""
    kept: list[Row] = []
    labels: list[tuple[int, Piece]] = []
    heights = [height(row) for row in rows]
    for k, row in enumerate(rows):
        filled = [i for i, cell in enumerate(row) if cell]
        between = 0 < k < len(rows) - 1 and len(filled) == 1
        if between and heights[k + 1] - heights[k - 1] < 2.0 * size:
            labels += [(filled[0], p) for p in row[filled[0]]]
        else:
            kept.append(row)
    return kept, labels


def _lift_labels(
    rows: list[Row],
    labels: Sequence[tuple[int, Piece]],
    columns: Columns,
    across: Sequence[Rule],
) -> list[Row]:
    """Names set in the middle of the rows that share them, moved to the first of these rows."""
    for c in range(len(columns)):
        floating = [p for i, p in labels if i == c]
        for start, stop in _blocks(rows, columns, c, across):
            _lift_in(rows[start:stop], c, floating)
        for piece in floating:
            above = [row for row in rows if height(row) < piece.y] or rows[:1]
            above[-1][c].append(piece)
    return rows


def _blocks(
    rows: Sequence[Row], columns: Columns, c: int, across: Sequence[Rule]
) -> list[tuple[int, int]]:
    """Stretches of rows between which a rule is drawn through column ``c``."""
    middle = sum(columns.extents[c]) / 2
    through = [r.y for r in across if r.x0 - 2 <= middle <= r.x1 + 2]
    bounds = [0]
    for k in range(1, len(rows)):
        if any(height(rows[k - 1]) < y < height(rows[k]) for y in through):
            bounds.append(k)
    return list(itertools.pairwise([*bounds, len(rows)]))


def _join_tall_cell(block: Sequence[Row], c: int) -> None:
    """Put the lines of a cell that several rows share into the first of them."""
    if len(block) < 2 or not block[0][c]:
        return
    texts = [text_of(row[c]) for row in block]
    filled = next((k for k, text in enumerate(texts) if not text), len(texts))
    if (
        filled < 2
        or any(texts[filled:])
        or any(is_number(t) or is_blank(t) for t in texts[:filled])
    ):
        return
    # Words in every row of a block may as well be one cell each.
    low = filled < len(block)
    if not all(t[0] in "(,;=" or (low and t[0].islower()) for t in texts[1:filled]):
        return
    for row in block[1:filled]:
        block[0][c].extend(row[c])
        row[c] = []


def _lift_in(rows: list[Row], c: int, floating: list[Piece]) -> None:
    """Move the names of column ``c`` to the first row of those that they stand in the middle of."""
    if not rows or rows[0][c] or len(rows) < 2:
        return
    heights = [height(row) for row in rows]
    step = median(b - a for a, b in itertools.pairwise(heights))
    own = [(p.y, p) for row in rows for p in row[c][:1]]
    loose = [(p.y, p) for p in floating if heights[0] < p.y < heights[-1] + step]
    starts: list[tuple[int, float]] = []
    at = 0
    for y, _ in sorted(own + loose, key=lambda item: item[0]):
        ends = [
            k for k in range(at, len(rows)) if abs((heights[at] + heights[k]) / 2 - y) < 0.3 * step
        ]
        if not ends:
            return
        starts.append((at, y))
        at = ends[0] + 1
        if at >= len(rows):
            break
    if at < len(rows) or len(starts) != len(own) + len(loose):
        return
    moved = {y: [p for row in rows for p in row[c] if row[c][0].y == y] for y, _ in own}
    for y, piece in loose:
        moved.setdefault(y, []).append(piece)
        floating.remove(piece)
    for row in rows:
        row[c] = []
    for k, y in starts:
        rows[k][c] = moved[y]
