"""Heads: which rows of a table are its header, and over which columns each head stands."""

from __future__ import annotations

import re
from collections.abc import Sequence

from scmine.extractors.pdf.columns import Columns, Row
from scmine.extractors.pdf.pieces import Piece, is_blank, is_number
from scmine.extractors.pdf.rules import Rule

MAX_HEADER_ROWS = 4

SHARED_STEP = 2.2
"""Two rows with one between them that belongs to both are nearer than this many type sizes."""

SPAN_SHARE = 0.5
"""A rule under a head that runs under more than this share of a column spans it."""

_UNIT_ROW = re.compile(r"^[\[(][^\[\]()]{1,25}[\])]$|^(?:K|GPa|kbar|meV|T|nm|Å|%)$")


def header_rows(rows: Sequence[Sequence[Piece]], levels: Sequence[float]) -> int:
    """How many of the first rows are header.

    ``levels`` are the heights of the rules drawn across the whole table. The head ends at the first
    of them that has text above it, or at a later one where only heads stand between the two; with
    no rule it ends above the first row of numbers.
    """
    first = next((i for i, row in enumerate(rows) if _numeric(row)), None)
    above = [sum(row[0].y < y for row in rows) for y in levels]
    inner = sorted({n for n in above if 0 < n < len(rows)})
    limit = MAX_HEADER_ROWS if first is None else max(MAX_HEADER_ROWS, min(first, 6))
    inner = [n for n in inner if n <= limit]
    if not inner:
        return max(1, min(first if first is not None else 1, MAX_HEADER_ROWS))
    if first is None or first <= inner[0]:
        return inner[0]
    if len(above) > len(inner) + 2 or _ruled_row_by_row(rows, levels):
        # Ruled row by row: the head goes on as long as its cells lie over several columns.
        return next((n for n in inner if _numeric(rows[n]) or _as_full(rows, n)), inner[0])
    later = [n for n in inner if n <= first]
    return later[-1] if later and later[-1] == first else inner[0]


def _ruled_row_by_row(rows: Sequence[Sequence[Piece]], levels: Sequence[float]) -> bool:
    return len(levels) > 0.6 * len(rows) + 1


def _as_full(rows: Sequence[Sequence[Piece]], n: int) -> bool:
    """Whether the header of ``n`` rows holds a row with as many pieces as most rows under it."""
    counts = sorted(len(row) for row in rows[n:])
    return max(len(row) for row in rows[:n]) >= counts[len(counts) // 2] - 1


def _numeric(row: Sequence[Piece]) -> bool:
    numbers = sum(is_number(p.text) for p in row)
    filled = sum(not is_blank(p.text) for p in row)
    return numbers >= max(1, 0.4 * filled)


def place_head(row: Sequence[Piece], columns: Columns, rules: Sequence[Rule], last: bool) -> Row:
    """The pieces of a header row; one over several columns stands in the first of them.

    ``rules`` are the short ones under heads; ``last`` says that no header row follows.
    """
    cells: Row = [[] for _ in range(len(columns))]
    pieces = [part for piece in row for part in _cut_heads(piece, columns, last)]
    pieces.sort(key=lambda p: (p.y, p.x0))
    for piece in pieces:
        others = [p for p in pieces if p is not piece and abs(p.y - piece.y) < 0.5 * piece.size]
        covered = _covered(piece, columns, rules, others)
        if len(covered) < 2 and not last:
            covered = _around(piece, columns, pieces) or covered
        piece.columns = len(covered)
        cells[covered[0]].append(piece)
    return cells


def _cut_heads(piece: Piece, columns: Columns, last: bool) -> list[Piece]:
    """A piece that is the heads of neighbours set close, cut between them."""
    parts: list[Piece] = []
    rest = piece
    for left, right in columns.strips:
        if not (rest.x0 < left and rest.x1 > right):
            continue
        blanks: list[tuple[float, int]] = []
        for i in range(1, len(rest.text) - 1):
            before, after = rest.edges[i - 1], rest.edges[i + 1]
            if rest.text[i] != " " or before is None or after is None:
                continue
            middle = (before[1] + after[0]) / 2
            width = after[0] - before[1]
            near = left - 0.3 * rest.size < middle < right + 0.3 * rest.size
            if near and (last or width > 0.42 * rest.size):
                blanks.append((-width, i))
        at = next((i for _, i in sorted(blanks) if _cells_fit(rest, i, columns)), None)
        if at is not None:
            head, rest = rest.cut(at)
            parts.append(head)
    return [*parts, rest]


def _cells_fit(piece: Piece, at: int, columns: Columns) -> bool:
    """Whether what a cut leaves on its left stands over the middle or an edge of its column."""
    head, rest = piece.cut(at)
    if rest.text[:1] in ("(", "["):
        return False  # a unit belongs to what stands before it
    halves = [head]
    if columns.at(rest.x0) == columns.at(rest.x1):
        halves.append(rest)
    for half in halves:
        left, right = columns.extents[columns.at(half.middle)]
        offsets = (half.x0 - left, half.x1 - right, half.middle - (left + right) / 2)
        if min(abs(o) for o in offsets) > 0.8 * piece.size:
            return False
    return True


def _covered(
    piece: Piece, columns: Columns, rules: Sequence[Rule], others: Sequence[Piece]
) -> list[int]:
    """The columns over which ``piece`` runs, or the rule drawn right under it."""
    for rule in rules:
        under = 0 < rule.y - piece.y < 1.3 * piece.size
        shared = any(o.x0 < rule.x1 and o.x1 > rule.x0 for o in others)
        if under and not shared and rule.x0 - 3 <= piece.x0 and piece.x1 <= rule.x1 + 3:
            spanned = [
                i
                for i, (a, b) in enumerate(columns.extents)
                if min(b, rule.x1) - max(a, rule.x0) > SPAN_SHARE * (b - a)
            ]
            if spanned:
                return spanned
    return [
        i
        for i, (a, b) in enumerate(columns.extents)
        if min(b, piece.x1) - max(a, piece.x0) > SPAN_SHARE * min(b - a, piece.x1 - piece.x0)
    ] or [columns.at(piece.middle)]


def _around(piece: Piece, columns: Columns, row: Sequence[Piece]) -> list[int]:
    """The neighbouring columns over whose common middle a head stands, if it has no own column."""
    own = columns.extents[columns.at(piece.middle)]
    if own[0] - 1 <= piece.middle <= own[1] + 1 and abs(piece.middle - sum(own) / 2) < (
        0.3 * piece.size
    ):
        return []
    found: list[tuple[float, list[int]]] = []
    for count in (2, 4):
        for i in range(len(columns) - count + 1):
            left, right = columns.extents[i][0], columns.extents[i + count - 1][1]
            off = abs(piece.middle - (left + right) / 2)
            room = columns.strips[i + count // 2 - 1]
            if off > 0.35 * (room[1] - room[0]) + 2 or piece.x0 < left - 2 or piece.x1 > right + 2:
                continue
            if any(o is not piece and o.x1 > left and o.x0 < right for o in row):
                continue
            found.append((off + count, list(range(i, i + count))))
    return min(found)[1] if found else []


def join_floating(rows: Sequence[list[Piece]], size: float) -> list[list[Piece]]:
    """Header rows; heads set in the middle of two rows that they share stand in the upper one."""
    result: list[list[Piece]] = []
    for k, row in enumerate(rows):
        if result and k + 1 < len(rows) and _between(row, rows[k - 1], rows[k + 1], size):
            result[-1] = sorted([*result[-1], *row], key=lambda p: p.x0)
        else:
            result.append(list(row))
    return result


def _between(
    row: Sequence[Piece], above: Sequence[Piece], below: Sequence[Piece], size: float
) -> bool:
    """Whether ``row`` stands half-way between two rows that leave its places free."""
    free = not any(p.x0 < o.x1 and o.x0 < p.x1 for p in row for o in (*above, *below))
    return free and below[0].y - above[0].y < SHARED_STEP * size


def join_wrapped_heads(rows: Sequence[Row]) -> list[Row]:
    """Header rows with those that only go on with words of the row over them joined to it."""
    result: list[Row] = []
    for row in rows:
        if result and _goes_on(result[-1], row):
            for cell, more in zip(result[-1], row, strict=True):
                cell += more
        else:
            result.append([list(cell) for cell in row])
    return result


def _goes_on(above: Row, below: Row) -> bool:
    if any(p.columns > 1 for row in (above, below) for cell in row for p in cell):
        return False
    filled = [(a, b) for a, b in zip(above, below, strict=True) if b]
    if not filled or any(not a for a, _ in filled):
        return False
    texts = [(a[-1].text, b[0].text) for a, b in filled]
    if all(_UNIT_ROW.match(b) for _, b in texts):
        return False
    return any(
        b[0] in ",;/" or (b[:3].islower() and len(b) > 2 and b[:3].isalpha()) or _open(a)
        for a, b in texts
    )


def _open(text: str) -> bool:
    return text.count("(") > text.count(")") or text.count("[") > text.count("]")
