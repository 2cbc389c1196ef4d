"""Which row and column of a table as read is which of the gold table.

Works on grids: cells as sets of accepted readings, and which rows are heads. Nothing is counted
here; that is the affair of ``table_scores``.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from scmine.corpora.gold_tables import PROSE, GoldTable
from scmine.extractors.document import Cell, Table, Typography

Readings = frozenset[str]
"""What a cell may be read as; a cell with none is empty."""

_SAME = str.maketrans(
    dict.fromkeys("‐‑‒–—―−﹣⁃", "-")
    | dict.fromkeys("∼˜〜", "~")
    | dict.fromkeys("·⋅∙•", "·")
    | dict.fromkeys("“”„″", '"')
    | dict.fromkeys("‘’′", "'")
    | {"\u0305": "\u0304", "ϑ": "θ", "ϕ": "φ", "ϵ": "ε", "∆": "Δ", "…": "..."}
)
_EMPTY = re.compile(r"[-.·]*")
_UNIT = re.compile(r"[(\[].{1,24}[)\]]|%|K|mK|GPa|MPa|kbar|m?eV|Å|nm|pm|°|T|THz|cm-1")


@dataclass(frozen=True, slots=True)
class Grid:
    """A table to be compared: its cells, and which of its rows are heads.

    A row of units in the head has been joined to the row above it: whether a unit stands in the
    cell of its name or in one of its own is a matter of taste.
    """

    cells: tuple[tuple[Readings, ...], ...]
    heads: tuple[bool, ...]

    @classmethod
    def of_gold(cls, table: GoldTable) -> Grid:
        """The grid of a gold table."""
        cells = [[_readings(cell) for cell in row] for row in table.rows]
        return cls._folded(cells, [n < table.header_rows for n in range(len(cells))])

    @classmethod
    def of_table(cls, table: Table) -> Grid:
        """The grid of a table as read."""
        cells = [[_readings(cell.text, _bare(cell)) for cell in row] for row in table.rows]
        return cls._folded(cells, [any(c.is_header for c in row) for row in table.rows])

    @classmethod
    def _folded(cls, cells: list[list[Readings]], heads: list[bool]) -> Grid:
        rows: list[list[Readings]] = []
        kept: list[bool] = []
        for row, head in zip(cells, heads, strict=True):
            if head and kept and kept[-1] and _is_of_units(row):
                rows[-1] = [_joined(a, b) for a, b in zip(rows[-1], row, strict=True)]
            else:
                rows.append(row)
                kept.append(head)
        return cls(tuple(map(tuple, rows)), tuple(kept))

    @property
    def width(self) -> int:
        """How many columns there are."""
        return len(self.cells[0]) if self.cells else 0

    def filled(self) -> list[Readings]:
        """The cells that are not empty."""
        return [cell for row in self.cells for cell in row if cell]


def normal_text(text: str) -> str:
    """``text`` as it is compared: without blanks, with one kind of dash, and "" for none.

    >>> normal_text("1.5 × 10−3"), normal_text(" – "), normal_text("µ0 H")
    ('1.5×10-3', '', 'μ0H')
    """
    uniform = "".join(unicodedata.normalize("NFKC", text.translate(_SAME)).split())
    # Without the blank between them, a letter and the mark behind it become one.
    uniform = unicodedata.normalize("NFC", uniform.translate(_SAME))
    return "" if _EMPTY.fullmatch(uniform) else uniform


def aligned(gold: Grid, found: Grid) -> tuple[dict[int, int], dict[int, int]]:
    """Rows and columns of ``gold`` and those of ``found`` that answer to them, both in order.

    Rows are paired by the cells they share in order, columns by the cells that paired rows share;
    then rows once more by columns, because equal numbers may stand in several rows.
    """

    def shared(i: int, j: int) -> float:
        return _longest_shared(gold.cells[i], found.cells[j])

    rows = _in_order(len(gold.cells), len(found.cells), shared)
    columns = _columns(gold, found, rows)

    def agreeing(i: int, j: int) -> float:
        return sum(bool(gold.cells[i][a] & found.cells[j][b]) for a, b in columns)

    rows = _in_order(len(gold.cells), len(found.cells), agreeing)
    return dict(rows), dict(_columns(gold, found, rows))


def _columns(gold: Grid, found: Grid, rows: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    def agreeing(a: int, b: int) -> float:
        return sum(bool(gold.cells[i][a] & found.cells[j][b]) for i, j in rows)

    return _in_order(gold.width, found.width, agreeing)


def _in_order(first: int, second: int, score: Callable[[int, int], float]) -> list[tuple[int, int]]:
    """The pairs of indices, rising in both, whose scores have the highest sum; none scores 0."""
    gains = [[score(i, j) for j in range(second)] for i in range(first)]
    best = [[0.0] * (second + 1) for _ in range(first + 1)]
    for i in range(first - 1, -1, -1):
        for j in range(second - 1, -1, -1):
            best[i][j] = max(best[i + 1][j], best[i][j + 1], best[i + 1][j + 1] + gains[i][j])
    pairs = []
    i = j = 0
    while i < first and j < second:
        if gains[i][j] > 0 and best[i][j] == best[i + 1][j + 1] + gains[i][j]:
            pairs.append((i, j))
            i, j = i + 1, j + 1
        elif best[i][j] == best[i + 1][j]:
            i += 1
        else:
            j += 1
    return pairs


def _longest_shared(first: Sequence[Readings], second: Sequence[Readings]) -> int:
    """How many filled cells two rows share in order."""
    a = [cell for cell in first if cell]
    b = [cell for cell in second if cell]
    above = [0] * (len(b) + 1)
    for cell in a:
        row = [0]
        for j, other in enumerate(b):
            row.append(above[j] + 1 if cell & other else max(above[j + 1], row[j]))
        above = row
    return above[-1]


def _readings(*texts: str) -> Readings:
    return frozenset(text for t in texts if (text := normal_text(t)))


def _bare(cell: Cell) -> str:
    """A cell's text without the superscript at its end, which may be the mark of a footnote."""
    text = cell.text.rstrip()
    for span in sorted(cell.typography, key=lambda s: -s.start):
        if span.kind is Typography.SUPERSCRIPT and span.end >= len(text):
            text = text[: span.start].rstrip()
    return text or cell.text


def _is_of_units(row: Sequence[Readings]) -> bool:
    filled = [cell for cell in row if cell]
    return bool(filled) and all(any(_UNIT.fullmatch(t) for t in cell) for cell in filled)


def _joined(name: Readings, unit: Readings) -> Readings:
    if not name or not unit:
        return name or unit
    return name if PROSE in name else frozenset(a + b for a in name for b in unit)
