"""Grids: the pieces of text inside a table put into rows and columns, header rows told apart."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass

from scmine.extractors.document import Span, Typography
from scmine.extractors.pdf.glyphs import OnBaseline
from scmine.extractors.pdf.lines import Line

PIECE_GAP_RATIO = 0.55
"""Words of one cell stand closer than this share of the type size."""

MIN_STRIP_RATIO = 0.5
"""A blank strip between columns is wider than this share of the type size."""

_NUMBER = re.compile(r"^[~∼≈<>≤≥±+−–-]?\s*\d[\d.,()±×\s/–−-]*[a-z*†‡]?$|^[-–—−…·.]+$")


@dataclass(slots=True)
class Piece(OnBaseline):
    """Words of one line that stand together: text, sub- and superscripts, place."""

    text: str
    spans: list[Span]
    x0: float
    x1: float
    y: float
    size: float
    columns: int = 1


Row = list[list[Piece]]


def pieces_of(line: Line) -> list[Piece]:
    """The pieces of ``line``: cut where a blank is wider than blanks between words."""
    cuts = [0]
    for i, char in enumerate(line.text):
        if char != " " or i + 1 >= len(line.text):
            continue
        before, after = line.places[i - 1], line.places[i + 1]
        if before and after and after.x0 - before.x1 > PIECE_GAP_RATIO * line.size:
            cuts.append(i + 1)
    cuts.append(len(line.text) + 1)
    result = []
    for start, stop in itertools.pairwise(cuts):
        end = min(stop - 1, len(line.text))
        glyphs = [g for g in line.places[start:end] if g is not None]
        if not glyphs:
            continue
        spans: list[Span] = []
        for k in range(start, end):
            shift = line.shifts[k]
            if shift:
                kind = Typography.SUBSCRIPT if shift == "sub" else Typography.SUPERSCRIPT
                if spans and spans[-1].end == k - start and spans[-1].kind is kind:
                    spans[-1] = Span(spans[-1].start, k - start + 1, kind)
                else:
                    spans.append(Span(k - start, k - start + 1, kind))
        result.append(
            Piece(
                line.text[start:end],
                spans,
                min(g.x0 for g in glyphs),
                max(g.x1 for g in glyphs),
                line.y,
                line.size,
            )
        )
    return result


def make_grid(
    lines: Sequence[Sequence[Piece]],
    rules: Sequence[float],
    size: float,
    short_rules: Sequence[tuple[float, float, float]] = (),
) -> list[tuple[Row, bool]] | None:
    """Rows of cells (each a list of pieces) with whether a row is header; None if it is no table.

    ``rules`` are the heights of the table's own rules, ``short_rules`` (left, right, height) those
    under heads that span columns.
    """
    rows = _rows([piece for line in lines for piece in line], rules, size)
    if len(rows) < 2:
        return None
    head = _header_rows(rows, rules)
    if head >= len(rows):
        return None
    columns = _columns(rows[head:], size)
    if len(columns) < 2:
        return None
    return [
        (_place_head(row, columns, short_rules) if i < head else _place(row, columns), i < head)
        for i, row in enumerate(rows)
    ]


def _rows(pieces: Sequence[Piece], rules: Sequence[float], size: float) -> list[list[Piece]]:
    """Pieces by baseline, or by the rules around them where each row has its own."""
    ordered = sorted(pieces, key=lambda p: (p.y, p.x0))
    rows: list[list[Piece]] = []
    for piece in ordered:
        if rows and abs(rows[-1][-1].y - piece.y) < 0.35 * size:
            rows[-1].append(piece)
        else:
            rows.append([piece])
    bands = [
        [row for row in rows if low < row[0].y < high] for low, high in itertools.pairwise(rules)
    ]
    filled = [band for band in bands if band]
    if len(filled) >= 4 and len(filled) >= 0.6 * len(rows):
        return [[piece for row in band for piece in row] for band in filled]
    return rows


def _header_rows(rows: Sequence[Sequence[Piece]], rules: Sequence[float]) -> int:
    """How many of the first rows are header: those above the first inner rule, or above numbers."""
    first = next((i for i, row in enumerate(rows) if _numeric(row)), 1)
    top, bottom = rows[0][0].y, rows[-1][0].y
    inner = [y for y in rules if top < y < bottom]
    if inner:
        above = sum(row[0].y < inner[0] for row in rows)
        # A rule under a spanning header is not the one that ends the head.
        for y in inner:
            above = sum(row[0].y < y for row in rows)
            if above >= min(first, 4):
                break
        if 0 < above <= max(4, first):
            return above
    return max(1, min(first, 4))


def _numeric(row: Sequence[Piece]) -> bool:
    numbers = sum(bool(_NUMBER.match(p.text)) for p in row)
    return numbers >= max(1, 0.4 * len(row))


def _columns(rows: Sequence[Sequence[Piece]], size: float) -> list[tuple[float, float]]:
    """The x-extents of the columns, from where the body's pieces leave blank strips."""
    spans = sorted((p.x0, p.x1) for row in rows for p in row)
    columns: list[list[float]] = []
    for x0, x1 in spans:
        if columns and x0 - columns[-1][1] < MIN_STRIP_RATIO * size:
            columns[-1][1] = max(columns[-1][1], x1)
        else:
            columns.append([x0, x1])
    return [(a, b) for a, b in columns]


def _place(row: Sequence[Piece], columns: Sequence[tuple[float, float]]) -> Row:
    """The pieces of a body row, each in the column it overlaps most."""
    cells: Row = [[] for _ in columns]
    for piece in sorted(row, key=lambda p: (p.y, p.x0)):
        cells[_nearest(piece, columns)].append(piece)
    return cells


def _nearest(piece: Piece, columns: Sequence[tuple[float, float]]) -> int:
    middle = (piece.x0 + piece.x1) / 2
    return min(
        range(len(columns)),
        key=lambda i: (
            -max(0.0, min(columns[i][1], piece.x1) - max(columns[i][0], piece.x0)),
            abs(middle - (columns[i][0] + columns[i][1]) / 2),
        ),
    )


def _place_head(
    row: Sequence[Piece],
    columns: Sequence[tuple[float, float]],
    short_rules: Sequence[tuple[float, float, float]],
) -> Row:
    """The pieces of a header row; one over several columns stands in the first of them."""
    cells: Row = [[] for _ in columns]
    ordered = sorted(row, key=lambda p: (p.y, p.x0))
    for piece in ordered:
        covered = _covered(piece, columns, short_rules)
        if len(covered) < 2:
            covered = _around(piece, columns, ordered)
        if len(covered) > 1:
            piece.columns = len(covered)
            cells[covered[0]].append(piece)
        else:
            cells[_nearest(piece, columns)].append(piece)
    return cells


def _covered(
    piece: Piece,
    columns: Sequence[tuple[float, float]],
    short_rules: Sequence[tuple[float, float, float]],
) -> list[int]:
    """The columns over which ``piece`` runs, or the rule drawn right under it."""
    left, right = piece.x0, piece.x1
    for x0, x1, y in short_rules:
        if 0 < y - piece.y < 1.2 * piece.size and x0 - 2 <= piece.x0 and piece.x1 <= x1 + 2:
            left, right = x0, x1
            break
    return [
        i
        for i, (a, b) in enumerate(columns)
        if min(b, right) - max(a, left) > 0.5 * min(b - a, right - left)
    ]


def _around(
    piece: Piece, columns: Sequence[tuple[float, float]], row: Sequence[Piece]
) -> list[int]:
    """The columns on both sides of a head that is centred over the blank between two."""
    middle = (piece.x0 + piece.x1) / 2
    for i, ((a, b), (c, d)) in enumerate(itertools.pairwise(columns)):
        if b - 1 < middle < c + 1 and abs(middle - (a + d) / 2) < 0.35 * (c - b) + 2:
            taken = any(
                other is not piece and other.x1 > a and other.x0 < d and abs(other.y - piece.y) < 3
                for other in row
            )
            return [] if taken else [i, i + 1]
    return []
