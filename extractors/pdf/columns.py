"""Columns: where the rows of a table leave blank strips, and which column a piece stands in."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

from scmine.extractors.pdf.pieces import PIECE_GAP_RATIO, Piece, is_number

MIN_STRIP_RATIO = 0.3
"""A blank strip between columns is wider than this share of the type size."""

MAX_CROSSING = 0.12
"""This share of the rows may run through a strip: a cell that is too long, a note."""

MAX_TRIALS = 40
"""Sets of rows that are set aside one after the other to see whether more columns show."""

Row = list[list[Piece]]
Strip = tuple[float, float]
Words = list[tuple[float, float, str]]


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns of a table: the blank strips between them and what stands in each.

    ``extents`` are the left and right end of each column's text, ``strips`` one fewer.
    """

    strips: tuple[Strip, ...]
    extents: tuple[tuple[float, float], ...]

    def __len__(self) -> int:
        return len(self.extents)

    def slot(self, i: int) -> tuple[float, float]:
        """All the room that column ``i`` has, to the middle of the strips beside it."""
        left = sum(self.strips[i - 1]) / 2 if i else self.extents[0][0] - 1000
        right = sum(self.strips[i]) / 2 if i < len(self.strips) else self.extents[-1][1] + 1000
        return left, right

    def at(self, x: float) -> int:
        """The column whose room holds ``x``."""
        return sum(sum(strip) / 2 < x for strip in self.strips)

    def covered(self, x0: float, x1: float) -> list[int]:
        """The columns that a stretch covers; at least one."""
        first, last = self.at(x0 + 0.5), self.at(x1 - 0.5)
        found = [
            i
            for i in range(first, last + 1)
            if min(x1, self.slot(i)[1]) - max(x0, self.slot(i)[0])
            > 0.3 * min(self.extents[i][1] - self.extents[i][0], x1 - x0)
        ]
        return found or [self.at((x0 + x1) / 2)]


def find_columns(
    rows: Sequence[Sequence[Piece]], uprights: Sequence[float], size: float
) -> Columns | None:
    """The columns of the given body rows; ``uprights`` are the lines drawn between columns."""
    words = [[w for piece in row for w in piece.words()] for row in rows]
    words = [sorted(row) for row in words if row]
    if not words:
        return None
    strips = _best_strips(words, rows, size)
    inner = [x for x in uprights if _has_text_beside(x, words)]
    if len(inner) >= 2 and len(inner) >= len(strips):
        strips = []
    for x in inner:
        if not any(a - 1 <= x <= b + 1 for a, b in strips):
            strips.append((x - 0.5, x + 0.5))
    strips.sort()
    return _with_extents(strips, words) if strips else None


def _has_text_beside(x: float, words: Sequence[Words]) -> bool:
    flat = [w for row in words for w in row]
    return any(w[1] <= x + 2 for w in flat) and any(w[0] >= x - 2 for w in flat)


def _with_extents(strips: Sequence[Strip], words: Sequence[Words]) -> Columns:
    bounds = [-1e9, *((a + b) / 2 for a, b in strips), 1e9]
    extents: list[tuple[float, float]] = []
    kept: list[Strip] = []
    flat = [w for row in words for w in row]
    for i in range(len(bounds) - 1):
        inside = [w for w in flat if bounds[i] <= (w[0] + w[1]) / 2 < bounds[i + 1]]
        if not inside:
            continue
        if extents:
            kept.append(strips[i - 1])
        left, right = min(w[0] for w in inside), max(w[1] for w in inside)
        low = strips[i - 1][1] if i else left
        high = strips[i][0] if i < len(strips) else right
        extents.append((max(left, low), min(right, high)))
    return Columns(tuple(kept), tuple(extents))


def _best_strips(
    words: Sequence[Words], rows: Sequence[Sequence[Piece]], size: float
) -> list[Strip]:
    """Strips blank in all rows but those few that set their text across columns."""
    counts = sorted(len(row) for row in rows)
    typical = counts[len(counts) // 2]
    kept = [w for w, row in zip(words, rows, strict=False) if len(row) > 1 or typical < 2]
    kept = kept if len(kept) >= 2 else list(words)
    best = _strips(kept, size)
    allowed = int(MAX_CROSSING * len(kept) + 0.5) if len(kept) > 3 else 0
    set_aside: frozenset[int] = frozenset()
    for crossing in _crossing(kept, allowed, size):
        together = set_aside | crossing
        if len(together) > allowed:
            continue
        found = _strips([row for i, row in enumerate(kept) if i not in together], size)
        if len(found) > len(best):
            best, set_aside = found, together
    kept = [row for i, row in enumerate(kept) if i not in set_aside]
    for row in words:
        # A name in a row of its own may be all that its column holds.
        if len(row) < 4 and not any(row is other for other in kept):
            found = _strips([*kept, row], size)
            if len(found) > len(best):
                kept, best = [*kept, row], found
    return best


def _crossing(rows: Sequence[Words], allowed: int, size: float) -> list[frozenset[int]]:
    """Sets of up to ``allowed`` rows that alone fill a stretch, the smallest sets first."""
    if not allowed:
        return []
    events = sorted(
        event for i, row in enumerate(rows) for w in row for event in ((w[0], 1, i), (w[1], -1, i))
    )
    active: list[int] = []
    found: dict[frozenset[int], float] = {}
    last = 0.0
    for x, change, row in events:
        if active and len(active) <= allowed:
            key = frozenset(active)
            found[key] = max(found.get(key, 0.0), x - last)
        last = x
        if change > 0:
            active.append(row)
        else:
            active.remove(row)
    wide = [key for key, width in found.items() if width > MIN_STRIP_RATIO * size]
    return sorted(wide, key=lambda key: (len(key), sorted(key)))[:MAX_TRIALS]


def _strips(rows: Sequence[Words], size: float) -> list[Strip]:
    """The strips that no word of ``rows`` enters and that are wide enough to part columns."""
    merged: list[list[float]] = []
    for x0, x1, _ in sorted(w for row in rows for w in row):
        if merged and x0 <= merged[-1][1] + 0.5:
            merged[-1][1] = max(merged[-1][1], x1)
        else:
            merged.append([x0, x1])
    strips = [
        (a[1], b[0]) for a, b in itertools.pairwise(merged) if b[0] - a[1] >= MIN_STRIP_RATIO * size
    ]
    while True:
        weak = next((i for i in range(len(strips)) if not _parts(i, strips, rows, size)), None)
        if weak is None:
            return strips
        del strips[weak]


def _parts(i: int, strips: Sequence[Strip], rows: Sequence[Words], size: float) -> bool:
    """Whether strip ``i`` is more than blanks between words that stand under each other.

    It is if on either side the rows that have a word there, or most of them, leave a wide gap; or
    if there are numbers on both sides, since two numbers do not stand in one cell.
    """
    start, stop = strips[i]
    low = strips[i - 1][1] if i else -1e9
    high = strips[i + 1][0] if i + 1 < len(strips) else 1e9
    narrow: set[int] = set()
    left_rows: set[int] = set()
    right_rows: set[int] = set()
    both = numbers = 0
    for k, row in enumerate(rows):
        left = [w for w in row if w[1] <= start + 0.5]
        right = [w for w in row if w[0] >= stop - 0.5]
        if left and left[-1][0] >= low - 0.5:
            left_rows.add(k)
        if right and right[0][1] <= high + 0.5:
            right_rows.add(k)
        if not left or not right:
            continue
        if left[-1][0] < low - 0.5 or right[0][1] > high + 0.5:
            continue  # one of them stands in a column further off
        both += 1
        if right[0][0] - left[-1][1] <= PIECE_GAP_RATIO * size:
            narrow.add(k)
        numbers += is_number(left[-1][2]) and is_number(right[0][2])
    if not both:
        return stop - start > PIECE_GAP_RATIO * size
    if both > 1 and numbers >= 0.7 * both:
        return True
    return len(narrow) <= 0.5 * both and not left_rows <= narrow and not right_rows <= narrow


def cut_at_strips(row: Sequence[Piece], columns: Columns, size: float) -> list[Piece]:
    """The pieces of a body row, cut where one of their blanks lies in a strip between columns."""
    result: list[Piece] = []
    for piece in row:
        rest = piece
        for left, right in columns.strips:
            if not rest.x0 < left + 1 or not rest.x1 > right - 1:
                continue
            at = _blank_in(rest, left, right, size)
            if at is not None:
                head, rest = rest.cut(at)
                result.append(head)
        result.append(rest)
    return result


def _blank_in(piece: Piece, left: float, right: float, size: float) -> int | None:
    """The widest blank of ``piece`` that lies in the strip."""
    slack = 0.1 * size
    best: tuple[float, int] | None = None
    for i in range(1, len(piece.text) - 1):
        if piece.text[i] != " ":
            continue
        before, after = piece.edges[i - 1], piece.edges[i + 1]
        if before and after and before[1] <= right + slack and after[0] >= left - slack:
            overlap = min(after[0], right) - max(before[1], left)
            if overlap > 0.5 * (right - left) and (best is None or after[0] - before[1] > best[0]):
                best = (after[0] - before[1], i)
    return best[1] if best else None


def place(row: Sequence[Piece], columns: Columns, size: float) -> Row:
    """The pieces of a body row, each in its column; one across columns in the first of them."""
    cells: Row = [[] for _ in range(len(columns))]
    for piece in sorted(cut_at_strips(row, columns, size), key=lambda p: (p.y, p.x0)):
        covered = columns.covered(piece.x0, piece.x1)
        piece.columns = len(covered)
        cells[covered[0]].append(piece)
    return cells
