"""Pipe tables of Markdown made into grids of cells; captions are found elsewhere."""

from __future__ import annotations

import re
from collections.abc import Sequence

from scmine.extractors.document import Cell
from scmine.extractors.formats.grids import RawCell, RawRow
from scmine.extractors.formats.inline_markdown import read_inline
from scmine.extractors.formats.markdown_blocks import is_delimiter_row
from scmine.extractors.formats.raised import Lowering

_PIPE = re.compile(r"(?<!\\)\|")
_MATHS = re.compile(r"(?<!\\)\$[^$]*\$")
_UNIT_CELL = re.compile(r"[\[(][^\d\])]{1,12}[\])]")
_STAND_IN = "\ufffc"

MAX_HEAD_ROWS = 4
"""Rows above the first empty one that can all belong to the head."""


def read_pipe_table(lines: Sequence[str], lowering: Lowering) -> list[RawRow]:
    """The rows of the pipe table in ``lines``, its row of dashes left out.

    Rows of units under the head belong to the head, and so do rows without values that an
    empty row parts from the rest.
    """
    marked = next((i for i, line in enumerate(lines) if is_delimiter_row(line)), 0)
    rows = [_cells(line, lowering) for line in lines if not is_delimiter_row(line)]
    heads = max(marked, 1)
    heads += _more_heads(rows[heads:])
    return [RawRow(tuple(row), i < heads) for i, row in enumerate(rows)]


def _more_heads(body: Sequence[Sequence[RawCell]]) -> int:
    """How many rows under the head go on with it."""
    for i, row in enumerate(body[:MAX_HEAD_ROWS]):
        texts = [cell.text for cell in row if cell.text]
        if not texts:
            above = [cell.text for r in body[:i] for cell in r]
            return i if not any(re.search(r"\d", text) for text in above) else 0
    count = 0
    for row in body[:MAX_HEAD_ROWS]:
        texts = [cell.text for cell in row if cell.text]
        units = sum(_UNIT_CELL.fullmatch(text) is not None for text in texts)
        if not units or 2 * units < len(texts) or any(text[0].isdigit() for text in texts):
            break
        count += 1
    return count


def _cells(line: str, lowering: Lowering) -> list[RawCell]:
    # A pipe within a formula or behind a backslash parts no cells.
    hidden = _MATHS.sub(lambda m: m.group().replace("|", _STAND_IN), line)
    parts = _PIPE.split(hidden.strip())
    if parts and not parts[0].strip():
        parts = parts[1:]
    if parts and not parts[-1].strip():
        parts = parts[:-1]
    return [_cell(part.replace(_STAND_IN, "|"), lowering) for part in parts]


def _cell(source: str, lowering: Lowering) -> RawCell:
    cell: Cell = lowering.lower(read_inline(source)).cell()
    return RawCell(cell.text, cell.typography)
