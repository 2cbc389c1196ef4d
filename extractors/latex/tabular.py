"""Tabulars: rows and cells of LaTeX's tables, with what their rules say of the head."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from scmine.extractors.document import Span
from scmine.extractors.formats.grids import MAX_HEAD_ROWS, VALUE, RawCell, RawRow
from scmine.extractors.formats.runs import Runs
from scmine.extractors.latex.columns import MAX_COLUMNS, Column, printed, read_columns
from scmine.extractors.latex.commands import commands
from scmine.extractors.latex.cursor import Cursor, Source
from scmine.extractors.latex.inline import Inline
from scmine.extractors.latex.macros import Macro

MAX_ROWS = 20_000
"""Rows of a table; the longest of a paper's supplement have a few thousand."""

_ROW_ENDS = frozenset({"\\\\", "\\tabularnewline", "\\cr", "\\crcr"})
_BESIDE_ROWS = {
    "\\cline": "m",
    "\\cmidrule": "opm",
    "\\noalign": "m",
    "\\addlinespace": "o",
    "\\rowcolor": "om",
    "\\rowcolors": "ommm",
    "\\morecmidrules": "",
    "\\label": "m",
    "\\specialrule": "mmm",
    "\\hhline": "m",
    "\\Xhline": "m",
    "\\cdashline": "m",
    "\\cellcolor": "om",
    "\\centering": "",
    "\\raggedright": "",
    "\\tablehead": "m",
    "\\nodata": "",
}
_HEAD_ENDS = frozenset({"\\endfirsthead", "\\endhead"})
_FOOT_ENDS = frozenset({"\\endfoot", "\\endlastfoot"})
_COUNTED = re.compile(
    r"\s*[<>]?\s*[+-]?[\d.,]+(?:\(\d+\))?(?:\s*\+-\s*[\d.]+)?(?:[eEdD][+-]?\d+)?\s*"
)
_SPAN = re.compile(r"^[+-]?\d{1,3}$")


@dataclass(slots=True)
class _Row:
    """A row's cells as places in the source; ``ruled`` if a rule stands above it."""

    cells: list[Cursor] = field(default_factory=list)
    ruled: bool = False


@dataclass(frozen=True, slots=True)
class _Read:
    """A cell that was read, in its first column."""

    cell: RawCell
    column: int
    down: int = 1


class TabularReader:
    """Reads the tabulars of one paper."""

    def __init__(self, inline: Inline, own_columns: Mapping[str, Macro]) -> None:
        self._inline = inline
        self._own = own_columns

    def rows(self, body: Cursor, columns: Cursor | None) -> list[RawRow]:
        """The rows of a table.

        Parameters
        ----------
        body
            What stands between its begin, with arguments, and its end.
        columns
            The argument that says how columns are set; None if there is none.
        """
        settings = read_columns(columns.tokens(), self._own) if columns is not None else []
        raw, head_count = _split_rows(body)
        self._inline.in_cell = True
        read = [self._row(row, settings) for row in raw]
        self._inline.in_cell = False
        filled = _fill_down(read)
        kept: list[list[RawCell]] = []
        ruled: list[bool] = []
        rule = False
        for row, cells in zip(raw, filled, strict=True):
            rule = rule or row.ruled
            if cells:
                kept.append(cells)
                ruled.append(rule)
                rule = False
        if head_count is not None:
            heads = sum(bool(cells) for cells in filled[:head_count])
        else:
            heads = _heads(ruled, [[cell.text for cell in cells] for cells in kept])
        return [RawRow(tuple(cells), i < heads) for i, cells in enumerate(kept)]

    def _row(self, row: _Row, settings: Sequence[Column]) -> list[_Read]:
        """The cells of a row; those that one number is split over are joined."""
        read: list[_Read] = []
        column = 0
        for cursor in row.cells:
            if column >= MAX_COLUMNS:
                break
            own = settings[column] if column < len(settings) else Column()
            found = self._cell(cursor, own, column)
            read.append(found)
            column += found.cell.columns
        return _joined(read, settings)

    def _cell(self, cursor: Cursor, setting: Column, column: int) -> _Read:
        across, down = 1, 1
        inner = Cursor(cursor.source, cursor.place, cursor.end)
        while True:
            inner.skip_blanks()
            name = inner.peek()
            if name == "\\multicolumn":
                inner.take()
                across = _span(inner.argument().text())
                inner.argument()
                inner, setting = inner.argument(), Column()
            elif name == "\\multirow":
                inner.take()
                inner.optional()
                down = _span(inner.argument().text(), signed=True)
                inner.optional()
                inner.argument()
                inner.optional()
                inner = inner.argument()
            elif name in _BESIDE_ROWS:
                inner.take()
                inner.arguments(_BESIDE_ROWS[name])
            else:
                break
        text = self._text(inner, setting)
        return _Read(replace(text, columns=across), column, down)

    def _text(self, cursor: Cursor, setting: Column) -> RawCell:
        runs = Runs()
        content = cursor.tokens()
        wrap = any("$" in part for part in (setting.before, setting.after))
        formula = wrap or (setting.numeric and "$" not in content and "{" not in content[:1])
        if formula and any(t.strip() for t in content):
            counted = setting.counted and _COUNTED.fullmatch("".join(content))
            number = ["\\num", "{", *content, "}"] if counted else content
            tokens = ["$", *number, "$"]
            cursor = Cursor(Source(tokens), 0, len(tokens))
        self._inline.read(cursor, runs)
        text, typography = runs.cell()
        if not text and runs.citations:
            # A column of references says which rows are of others.
            return RawCell(f"[{', '.join(runs.citations)}]")
        return RawCell(text, typography)


def _split_rows(body: Cursor) -> tuple[list[_Row], int | None]:
    """The rows, and how many of them are the head if a longtable says so."""
    rows = [_Row()]
    heads: int | None = None
    tokens = body.source.tokens
    start = i = body.place
    while i < body.end and len(rows) < MAX_ROWS:
        token = tokens[i]
        if token == "{":
            i = body.source.brace_ends.get(i, i) + 1
        elif token == "\\begin":
            i = body.source.environment_ends.get(i, i) + 1
        elif token == "&":
            rows[-1].cells.append(Cursor(body.source, start, i))
            start = i = i + 1
        elif token in _ROW_ENDS:
            rows[-1].cells.append(Cursor(body.source, start, i))
            after = Cursor(body.source, i + 1, body.end)
            after.star()
            after.optional()
            start = i = after.place
            rows.append(_Row())
        elif token in commands("rules") and not rows[-1].cells and _is_blank(body, start, i):
            rows[-1].ruled = True
            after = Cursor(body.source, i + 1, body.end)
            after.arguments(_BESIDE_ROWS.get(token, ""))
            start = i = after.place
        elif token in _HEAD_ENDS or token in _FOOT_ENDS:
            # The head for further pages repeats the first; feet stand at the ends of pages.
            if heads is None and token in _HEAD_ENDS:
                heads = len(rows) - 1
            elif heads is not None:
                del rows[heads:]
                rows.append(_Row())
            start = i = i + 1
        else:
            i += 1
    if start < body.end and not _is_blank(body, start, body.end):
        rows[-1].cells.append(Cursor(body.source, start, body.end))
    elif rows[-1].cells:
        rows[-1].cells.append(Cursor(body.source, start, start))
    return rows, heads


def _is_blank(body: Cursor, start: int, end: int) -> bool:
    """Whether nothing is printed between two places."""
    between = Cursor(body.source, start, end)
    while True:
        between.skip_blanks()
        name = between.peek()
        if name not in _BESIDE_ROWS:
            return not name
        between.take()
        between.arguments(_BESIDE_ROWS[name])


def _span(text: str, signed: bool = False) -> int:
    """The number in a ``\\multicolumn`` or ``\\multirow``; 1 if it is none that makes sense."""
    plain = text.strip()
    if not _SPAN.match(plain):
        return 1
    value = int(plain)
    if signed and value < 0:
        return max(value, -MAX_COLUMNS)
    return max(1, min(value, MAX_COLUMNS))


def _joined(read: Sequence[_Read], settings: Sequence[Column]) -> list[_Read]:
    """The cells with those of a column that is set as two (``r@{.}l``) made one."""
    if not any(s.joint for s in settings):
        return list(read)
    shift = 0
    result: list[_Read] = []
    for found in read:
        before = settings[found.column - 1] if 0 < found.column <= len(settings) else Column()
        inside = sum(
            bool(s.joint) for s in settings[found.column : found.column + found.cell.columns - 1]
        )
        cell = replace(found.cell, columns=found.cell.columns - inside)
        if before.joint and result and result[-1].column == found.column - shift - 1:
            result[-1] = replace(
                result[-1], cell=_together(result[-1].cell, _sign(before.joint), cell)
            )
            shift += 1
            continue
        result.append(_Read(cell, found.column - shift, found.down))
        shift += inside
    return result


def _together(left: RawCell, sign: str, right: RawCell) -> RawCell:
    """Two cells as one, with ``sign`` between them if both have text."""
    if not left.text or not right.text:
        return left if left.text else replace(right, columns=left.columns)
    by = len(left.text) + len(sign)
    moved = tuple(Span(s.start + by, s.end + by, s.kind) for s in right.typography)
    return replace(left, text=left.text + sign + right.text, typography=left.typography + moved)


def _sign(joint: Sequence[str]) -> str:
    text = printed(joint)
    return {"\\pm": "±", "\\times": "×", "\\cdot": "·", "--": "–", "-": "−"}.get(text, text)


def _fill_down(rows: Sequence[Sequence[_Read]]) -> list[list[RawCell]]:
    """The cells with those that span rows repeated in the places that are left empty for them."""
    grid = [{found.column: found.cell for found in row} for row in rows]
    for i, row in enumerate(rows):
        for found in row:
            step = 1 if found.down > 0 else -1
            for k in range(1, abs(found.down)):
                j = i + k * step
                below = grid[j].get(found.column) if 0 <= j < len(grid) else None
                if below is not None and not below.text and below.columns == 1:
                    grid[j][found.column] = found.cell
    return [
        [cells[column] for column in sorted(cells)] if any(c.text for c in cells.values()) else []
        for cells in grid
    ]


def _heads(ruled: Sequence[bool], texts: Sequence[Sequence[str]]) -> int:
    """How many rows are the head: those above the first rule within the table, or 0 if untold."""
    count = next((i for i in range(1, len(ruled)) if ruled[i]), 0)
    if not 0 < count <= MAX_HEAD_ROWS:
        return 0
    if count > 1 and any(_has_values(row) for row in texts[1:count]):
        return 0  # the rule parts groups of rows
    # In a full grid each row has its rule; rows of the head name no value and leave the first
    # column, or repeat it.
    while (
        count < min(MAX_HEAD_ROWS, len(texts) - 1)
        and ruled[count]
        and not _has_values(texts[count])
        and texts[count][0] in ("", texts[count - 1][0])
        and any(_has_values(row) for row in texts[count + 1 :])
    ):
        count += 1
    return count


def _has_values(row: Sequence[str]) -> bool:
    texts = [text for text in row[1:] if text]
    return bool(texts) and 2 * sum(bool(VALUE.match(t)) for t in texts) >= len(texts)
