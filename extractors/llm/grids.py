"""Grids: a table as lines of text with its rows and columns numbered, whole or in parts.

What the columns mean is for the language model to say, or for ``scmine.extractors.table_sheet``.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from scmine.extractors.document import Cell, Table
from scmine.extractors.llm.cost import tokens_of
from scmine.extractors.llm.fencing import shown_text

LONGEST_CELL = 300
"""Characters of a cell that are shown; what is longer is prose, not a value."""

ROW_ANSWER_TOKENS = 30
"""Tokens that an answer takes for a row, beside its values; counted on answers of ours."""

CELL_ANSWER_TOKENS = 25
"""Tokens that an answer takes for one value of a row."""


def row_text(row: Sequence[Cell]) -> str:
    """The cells of a row as they are shown: `` | `` between them.

    >>> row_text([Cell("MgB2"), Cell("39"), Cell("")])
    'MgB2 | 39 | '
    """
    return " | ".join(_cell_text(cell) for cell in row)


def grid_text(table: Table, rows: Sequence[int] | None = None) -> str:
    """A table as it is shown; of its body only ``rows``, counted in the whole table.

    >>> head = (Cell("x", is_header=True), Cell("Tc (K)", is_header=True))
    >>> print(grid_text(Table((head, (Cell("0"), Cell("9"))), caption="TABLE I. Tc.")))
    caption: TABLE I. Tc.
    columns | 0 | 1
    0 head | x | Tc (K)
    1 | 0 | 9
    """
    width = max((len(row) for row in table.rows), default=0)
    lines = [f"caption: {shown_text(table.caption)}", _line("columns", map(str, range(width)))]
    for index, row in enumerate(table.rows):
        head = _is_head(row)
        if head or rows is None or index in rows:
            name = f"{index} head" if head else str(index)
            lines.append(_line(name, map(_cell_text, row)))
    return "\n".join(lines)


def row_parts(table: Table, shown_tokens: int, answer_tokens: int) -> list[list[int]]:
    """The body rows in groups of which each fits what may be shown, and its answer what may be
    answered; a row that alone does not fit is a group of its own."""
    body = [i for i, row in enumerate(table.rows) if not _is_head(row)]
    fixed = tokens_of(grid_text(table, ()))
    groups: list[list[int]] = []
    shown = answered = 0
    for index in body:
        row = table.rows[index]
        needs = tokens_of(row_text(row)) + 3
        numbers = sum(any(c.isdigit() for c in cell.text) for cell in row)
        answer = ROW_ANSWER_TOKENS + CELL_ANSWER_TOKENS * numbers
        fits = fixed + shown + needs <= shown_tokens and answered + answer <= answer_tokens
        if not groups or not fits:
            groups.append([])
            shown = answered = 0
        groups[-1].append(index)
        shown, answered = shown + needs, answered + answer
    return groups


def _is_head(row: Sequence[Cell]) -> bool:
    return any(cell.is_header for cell in row)


def _cell_text(cell: Cell) -> str:
    return shown_text(cell.text, LONGEST_CELL).strip()


def _line(name: str, cells: Iterator[str]) -> str:
    return " | ".join([name, *cells])
