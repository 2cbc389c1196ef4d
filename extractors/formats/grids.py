"""Grids: rows of cells with spans, as mark-up gives them, made into square tables.

Reading what stands in a cell is for each format; what a column means lives outside this folder.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from scmine.extractors.document import Box, Cell, Span, Table

MAX_COLUMNS = 200
"""Columns of a table, beyond which a file is damaged or means harm."""

MAX_CELLS = 100_000
"""The same for all cells of a table, the empty ones that fill spans included."""

MAX_HEAD_ROWS = 4
"""A head that is not marked as such has at most this many rows."""

VALUE = re.compile(r"^[~∼≈<>≤≥±+\-−–]?\s?\(?\.?\d|^[-−–—…]+$")


@dataclass(frozen=True, slots=True)
class RawCell:
    """A cell as marked up, with the columns and rows it spans."""

    text: str
    typography: tuple[Span, ...] = ()
    columns: int = 1
    rows: int = 1
    box: Box | None = None


@dataclass(frozen=True, slots=True)
class RawRow:
    """A row as marked up; ``is_header`` if the mark-up says that it belongs to the head."""

    cells: tuple[RawCell, ...]
    is_header: bool = False


def span_of(value: str | None) -> int:
    """The number in a ``colspan`` or ``rowspan``; 1 if it is none that makes sense.

    >>> span_of("3"), span_of(None), span_of("-1"), span_of("99999999999999999999")
    (3, 1, 1, 200)
    """
    text = (value or "").strip()
    if not re.fullmatch(r"[0-9]{1,30}", text):
        return 1
    return min(max(int(text), 1), MAX_COLUMNS)


def make_table(
    rows: Sequence[RawRow], caption: str = "", section: str = "", box: Box | None = None
) -> Table | None:
    """The table that ``rows`` make.

    A cell that spans columns is followed by empty ones. One that spans rows is repeated in each,
    for what it says holds for each. Where no row is marked as head, the rows above the first one
    with values are.

    Returns None if there is no text in the rows, or more cells than a table has.
    """
    grid = _laid_out(rows)
    if grid is None or not any(cell.text for row in grid for cell in row):
        return None
    width = max(len(row) for row in grid)
    if width * len(grid) > MAX_CELLS:
        return None
    marked = [row.is_header for row in rows]
    heads = marked if any(marked) else _guessed_heads(grid)
    square = (
        tuple(replace(cell, is_header=head) for cell in [*row, *[Cell("")] * (width - len(row))])
        for row, head in zip(grid, heads, strict=True)
    )
    # Rows without text only part groups of rows from each other.
    filled = tuple(row for row in square if any(cell.text for cell in row))
    return Table(filled, caption, section, box)


def _laid_out(rows: Sequence[RawRow]) -> list[list[Cell]] | None:
    """Each row's cells in their columns; None if there are too many."""
    grid: list[list[Cell]] = []
    hanging: dict[int, tuple[int, RawCell]] = {}  # by column: how many rows more a cell reaches
    total = 0
    for row in rows:
        cells: list[Cell] = []
        waiting = iter(row.cells)
        below: dict[int, tuple[int, RawCell]] = {}
        while True:
            column = len(cells)
            if column in hanging:
                left, raw = hanging.pop(column)
            elif (following := next(waiting, None)) is not None:
                left, raw = following.rows, following
            elif hanging:
                cells.append(Cell(""))
                continue
            else:
                break
            room = min([c for c in hanging if c > column], default=MAX_COLUMNS) - column
            columns = max(1, min(raw.columns, room))
            if column + columns > MAX_COLUMNS:
                return None
            if left > 1:
                below[column] = (left - 1, raw)
            cells.append(Cell(raw.text, False, columns, raw.typography, raw.box))
            cells += [Cell("")] * (columns - 1)
            hanging = {c: v for c, v in hanging.items() if c >= len(cells)}
        hanging = below
        total += len(cells)
        if total > MAX_CELLS:
            return None
        grid.append(cells)
    return grid


def _guessed_heads(grid: Sequence[Sequence[Cell]]) -> list[bool]:
    """Which rows are the head: those above the first with values, at least the first one."""
    first = next((i for i, row in enumerate(grid) if _has_values(row)), 1)
    count = first if 1 <= first <= MAX_HEAD_ROWS else 1
    return [i < count for i in range(len(grid))]


def _has_values(row: Sequence[Cell]) -> bool:
    """Whether at least half of a row's cells but the first, which names it, are values."""
    texts = [cell.text for cell in row[1:] if cell.text]
    return bool(texts) and 2 * sum(bool(VALUE.match(t)) for t in texts) >= len(texts)
