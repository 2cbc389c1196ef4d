"""Tables in plain text: rows whose cells tabs part, or blanks that stand in columns."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import median

from scmine.extractors.formats.grids import VALUE

MIN_ROWS = 3
"""Lines of a table that blanks align; two may be chance."""

MIN_TAB_ROWS = 2
"""Lines of a table that tabs part."""

MAX_ABOVE = 3
"""Lines directly above an aligned table that may be its caption, not its head."""

MIN_GAP = 2
"""Blanks between two columns."""

MAX_LINES = 2000
"""Lines of one table; more are data, not a table of a paper."""

_GAP = re.compile(r"\S {2,}\S")


@dataclass(frozen=True, slots=True)
class TextTable:
    """The lines ``start`` to ``stop`` (exclusive) of a text, and their cells."""

    start: int
    stop: int
    rows: tuple[tuple[str, ...], ...]


def tables_in(lines: Sequence[str]) -> list[TextTable]:
    r"""The tables among ``lines``, in order; none overlaps another.

    >>> [table.rows for table in tables_in(["x\tTc (K)", "0.1\t26", "0.2\t31"])]
    [(('x', 'Tc (K)'), ('0.1', '26'), ('0.2', '31'))]
    """
    found: list[TextTable] = []
    for start, stop in _runs(lines):
        table = _by_tabs(lines, start, stop) or _by_blanks(lines, start, stop)
        if table is not None:
            found.append(table)
    return found


def _runs(lines: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Runs of lines that may be one table: all with tabs, or all without and not empty."""
    start = 0
    while start < len(lines):
        tabbed = "\t" in lines[start]
        stop = start
        while (
            stop < len(lines)
            and lines[stop].strip()
            and ("\t" in lines[stop]) == tabbed
            and stop - start < MAX_LINES
        ):
            stop += 1
        if stop > start:
            yield start, stop
        start = max(stop, start + 1)


def _by_tabs(lines: Sequence[str], start: int, stop: int) -> TextTable | None:
    """The table of lines with tabs; None if they only begin with one or differ in their cells."""
    rows = [tuple(cell.strip() for cell in line.rstrip().split("\t")) for line in lines[start:stop]]
    if stop - start < MIN_TAB_ROWS or "\t" not in lines[start]:
        return None
    filled = [sum(bool(cell) for cell in row) for row in rows]
    widths = [len(row) for row in rows]
    usual = sorted(widths)[len(widths) // 2]
    alike = sum(abs(width - usual) <= 1 for width in widths)
    if median(filled) < 2 or 2 * alike < len(rows):
        return None
    return TextTable(start, stop, tuple(rows))


def _by_blanks(lines: Sequence[str], start: int, stop: int) -> TextTable | None:
    """The table of lines whose cells stand in columns, without a caption directly above them."""
    for first in range(start, min(start + MAX_ABOVE, stop - MIN_ROWS) + 1):
        run = lines[first:stop]
        if len(run) < MIN_ROWS or 2 * sum(bool(_GAP.search(line)) for line in run) < len(run):
            continue
        rows = _columns_of(run)
        if rows is not None and _has_values(rows):
            return TextTable(first, stop, rows)
    return None


def _columns_of(run: Sequence[str]) -> tuple[tuple[str, ...], ...] | None:
    """The cells of lines, cut where all of them have blanks."""
    width = max(len(line) for line in run)
    used = [any(i < len(line) and not line[i].isspace() for line in run) for i in range(width)]
    columns: list[tuple[int, int]] = []
    i = 0
    while i < width:
        if not used[i]:
            i += 1
            continue
        begin = i
        while i < width and any(used[i : i + MIN_GAP]):
            i += 1
        columns.append((begin, i))
    if len(columns) < 2:
        return None
    return tuple(tuple(line[a:b].strip() for a, b in columns) for line in run)


def _has_values(rows: Sequence[Sequence[str]]) -> bool:
    """Whether the cells behind the first column are mostly values, as in no text of two columns."""
    cells = [cell for row in rows[1:] for cell in row[1:] if cell]
    return bool(cells) and 2 * sum(bool(VALUE.match(cell)) for cell in cells) >= len(cells)
