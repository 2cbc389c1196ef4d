"""Pipe tables of Markdown as rows of cells; captions beside them are found elsewhere."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from scmine.extractors.document import Cell
from scmine.extractors.formats.assembly import is_caption
from scmine.extractors.formats.grids import RawCell, RawRow
from scmine.extractors.formats.inline_markdown import read_inline
from scmine.extractors.formats.markdown_blocks import is_delimiter_row
from scmine.extractors.formats.raised import Lowering
from scmine.extractors.pdf.passages import TABLE_CAPTION

_PIPE = re.compile(r"(?<!\\)\|")
_MATHS = re.compile(r"(?<!\\)\$[^$]*\$")
_UNIT_CELL = re.compile(r"[\[(][^\d\])]{1,12}[\])]")
_VALUE = re.compile(r"(?:^|\s)[~∼≈<>≤≥±+−-]?\s?\(?\.?\d|^\W+$")
_GOES_ON = re.compile(r"\(|×|±|\[\d")
_STAND_IN = "\ufffc"

MAX_HEAD_ROWS = 4
"""Rows above the first empty one that can all belong to the head."""


@dataclass(frozen=True, slots=True)
class PipeTable:
    """The rows of a table, and its caption if a converter has put that into a row."""

    rows: tuple[RawRow, ...]
    caption: RawCell | None = None


def read_pipe_table(lines: Sequence[str], lowering: Lowering) -> PipeTable:
    """The pipe table in ``lines``, its row of dashes left out.

    Rows of units under the head belong to the head, and so do rows that go on with its words and
    rows without values that an empty row parts from the rest.
    """
    marked = next((i for i, line in enumerate(lines) if is_delimiter_row(line)), 0)
    rows = [_cells(line, lowering) for line in lines if not is_delimiter_row(line)]
    caption, rows = _take_caption(_rejoined(rows))
    heads = 1 if caption else max(marked, 1)
    heads += _more_heads(rows[:heads], rows[heads:])
    return PipeTable(tuple(RawRow(tuple(row), i < heads) for i, row in enumerate(rows)), caption)


def _rejoined(rows: list[list[RawCell]]) -> list[list[RawCell]]:
    """The rows, those joined to the one above that go on with its cells: ``0.74``, ``(Eq. 7)``.

    Converters part a row whose cells have two lines; the name then stands in the lower half.
    """
    result: list[list[RawCell]] = []
    for row in rows:
        above = result[-1] if result else []
        pairs = [(a, b) for a, b in zip(above, row, strict=False) if a.text]
        alike = bool(row) and len(above) == len(row)
        parted = alike and not above[0].text and bool(row[0].text)
        if parted and pairs and all(_GOES_ON.match(b.text) for _, b in pairs):
            joined = zip(above, row, strict=True)
            result[-1] = [RawCell(f"{a.text} {b.text}") if a.text else b for a, b in joined]
        else:
            result.append(row)
    return result


def _take_caption(rows: list[list[RawCell]]) -> tuple[RawCell | None, list[list[RawCell]]]:
    """The caption that stands in the first or last row, and the other rows."""
    for place in (0, -1):
        filled = [cell for cell in rows[place] if cell.text] if rows else []
        text = " ".join(cell.text for cell in filled)
        if 1 <= len(filled) <= 2 and TABLE_CAPTION.match(text) and is_caption(text):
            caption = filled[0] if len(filled) == 1 else RawCell(text)
            return caption, rows[1:] if place == 0 else rows[:-1]
    return None, rows


def _more_heads(head: Sequence[Sequence[RawCell]], body: Sequence[Sequence[RawCell]]) -> int:
    """How many rows under the head go on with it."""
    for i, row in enumerate(body[:MAX_HEAD_ROWS]):
        texts = [cell.text for cell in row if cell.text]
        if not texts:
            above = [cell.text for r in body[:i] for cell in r]
            return i if not any(re.search(r"\d", text) for text in above) else 0
    count = 0
    for row in body[:MAX_HEAD_ROWS]:
        if not _goes_on(row, spanned=not count and _has_gaps(head)) or len(body) < count + 2:
            break
        count += 1
    return count


def _goes_on(row: Sequence[RawCell], spanned: bool) -> bool:
    """Whether a row under the head holds units, or words of names that began above it.

    Under a ``spanned`` head, of cells over several columns, stand the names of the columns.
    """
    texts = [cell.text for cell in row if cell.text]
    if not texts or any(text[0].isdigit() for text in texts):
        return False
    units = sum(_UNIT_CELL.fullmatch(text) is not None for text in texts)
    if units and 2 * units >= len(texts):
        return True
    named = [text for text in texts if not _UNIT_CELL.fullmatch(text)]
    plain = not any(_VALUE.search(text) for text in named)
    if spanned:
        return plain and len(texts) > 1 and bool(row[0].text)
    # Names of columns go on in lower case; in a body, a row has its name in the first cell.
    return (
        plain
        and all(text[0].islower() for text in named)
        and (not row[0].text or len(texts) == len(row) > 1)
    )


def _has_gaps(head: Sequence[Sequence[RawCell]]) -> bool:
    """Whether the head begins with an empty cell and has others beside names, as spans leave."""
    if len(head) != 1 or len(head[0]) < 3 or head[0][0].text:
        return False
    return any(cell.text for cell in head[0]) and not all(cell.text for cell in head[0][1:])


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
