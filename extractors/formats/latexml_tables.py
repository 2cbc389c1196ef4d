"""Tables of LaTeXML's pages: rows of cells, and which of them are the head.

LaTeX does not say what the head of a table is. LaTeXML guesses, often rightly; where rules part a
few rows from the others, those are the head, as in print.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from xml.etree.ElementTree import Element

from scmine.extractors.formats.grids import MAX_HEAD_ROWS, RawCell, RawRow, span_of
from scmine.extractors.formats.latexml_inline import Aside, add_inline, classes
from scmine.extractors.formats.runs import Runs

_CELLS = frozenset({"ltx_td", "ltx_th"})
_HEADS = frozenset({"ltx_thead"})
_GROUPS = frozenset({"ltx_tbody", "ltx_tfoot", *_HEADS})
_OVER = re.compile(r"ltx_border_(?:t+|T)")
_UNDER = re.compile(r"ltx_border_(?:b+|B)")


@dataclass(frozen=True, slots=True)
class _Row:
    """A row, and whether a rule runs over or under all of its cells."""

    row: RawRow
    ruled_over: bool
    ruled_under: bool


def rows_of(table: Element, aside: Aside) -> list[RawRow]:
    """The rows of ``table``, an element of the class ``ltx_tabular``."""
    rows = [_read_row(row, in_head, aside) for row, in_head in _rows_in(table, False)]
    count = _heads_by_rules(rows)
    if count is None:
        # A head ends with its first row: th further down name rows or groups of rows.
        marks = [row.row.is_header for row in rows]
        count = marks.index(False) if False in marks else 0
    return [replace(row.row, is_header=i < count) for i, row in enumerate(rows)]


def _rows_in(table: Element, in_head: bool) -> Iterator[tuple[Element, bool]]:
    for part in table:
        kinds = classes(part)
        if part.tag == "tr" or "ltx_tr" in kinds:
            yield part, in_head
        elif part.tag in ("thead", "tbody", "tfoot") or kinds & _GROUPS:
            yield from _rows_in(part, in_head or part.tag == "thead" or bool(kinds & _HEADS))


def _read_row(row: Element, in_head: bool, aside: Aside) -> _Row:
    cells = [e for e in row if e.tag in ("td", "th") or classes(e) & _CELLS]
    kinds = [classes(cell) for cell in cells]
    head = in_head or any("ltx_th_column" in k for k in kinds)
    return _Row(
        RawRow(tuple(_cell(cell, aside) for cell in cells), head),
        bool(cells) and all(any(map(_OVER.fullmatch, k)) for k in kinds),
        bool(cells) and all(any(map(_UNDER.fullmatch, k)) for k in kinds),
    )


def _cell(element: Element, aside: Aside) -> RawCell:
    runs = Runs()
    add_inline(runs, element, aside, in_cell=True)
    text, typography = runs.cell()
    return RawCell(text, typography, _span(element, "col"), _span(element, "row"))


def _span(element: Element, way: str) -> int:
    """How many columns (``col``) or rows (``row``) a cell spans; tables of spans use classes."""
    stated = next((k for k in classes(element) if k.startswith(f"ltx_{way}span_")), "")
    return span_of(element.get(f"{way}span") or stated.rpartition("_")[2])


def _heads_by_rules(rows: Sequence[_Row]) -> int | None:
    """How many rows stand over the first rule that runs across; None if rules do not tell."""
    full = {
        i
        for i in range(1, len(rows))
        if (rows[i].ruled_over or rows[i - 1].ruled_under) and not _reaches(rows[:i], i)
    }
    grid = len(full) > 2 and len(full) >= 0.6 * (len(rows) - 1)
    if not full or grid or min(full) > MAX_HEAD_ROWS:
        return None
    return min(full)


def _reaches(above: Sequence[_Row], index: int) -> bool:
    """Whether a cell of the rows above reaches into the row at ``index``."""
    return any(k + cell.rows > index for k, row in enumerate(above) for cell in row.row.cells)
