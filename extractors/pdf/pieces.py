"""Pieces: words of a line that stand together, which is what the cells of a table are made of."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from scmine.extractors.document import Span, Typography
from scmine.extractors.pdf.glyphs import OnBaseline
from scmine.extractors.pdf.lines import Line

PIECE_GAP_RATIO = 0.55
"""Words of one cell stand closer than this share of the type size."""

SAME_ROW_RATIO = 0.35
"""Baselines nearer than this share of the type size are one."""

_NUMBER = re.compile(
    r"^[~∼≈≃≤≥<>±+−–-]{0,2}\s*[\d.,]*\d[\d.,]*\s?(?:\(\s?\d+\s?\))?"
    r"(?:\s?(?:±|×|x|/|÷|–|−|-|to)\s?[\d.,()−-]+){0,3}\s*%?(?:\s?(?:K|GPa|Å))?[a-z*†‡]?$"
)
_BLANK = re.compile(r"^[\s.·…–—−-]+$")


@dataclass(slots=True)
class Piece(OnBaseline):
    """Words of one line that stand together.

    ``edges`` gives for each character where it begins and ends, in points; None for blanks.
    ``columns`` is how many columns of its table it covers. ``page`` is set where a piece stands on
    another page than its table.
    """

    text: str
    spans: list[Span]
    edges: list[tuple[float, float] | None]
    y: float
    size: float
    columns: int = 1
    page: int = 0
    x0: float = field(init=False)
    x1: float = field(init=False)

    def __post_init__(self) -> None:
        known = [e for e in self.edges if e is not None]
        self.x0 = min(a for a, _ in known)
        self.x1 = max(b for _, b in known)

    @property
    def middle(self) -> float:
        """The middle between its left and right end."""
        return (self.x0 + self.x1) / 2

    def words(self) -> list[tuple[float, float, str]]:
        """Left end, right end and text of each of its words."""
        result = []
        for match in re.finditer(r"\S+", self.text):
            known = [e for e in self.edges[match.start() : match.end()] if e is not None]
            if known:
                result.append((min(a for a, _ in known), max(b for _, b in known), match.group()))
        return result

    def cut(self, at: int) -> tuple[Piece, Piece]:
        """The pieces before and after the blank at character ``at``."""
        return self._part(0, at), self._part(at + 1, len(self.text))

    def _part(self, start: int, stop: int) -> Piece:
        spans = [
            Span(max(s.start, start) - start, min(s.end, stop) - start, s.kind)
            for s in self.spans
            if s.start < stop and s.end > start
        ]
        return Piece(self.text[start:stop], spans, self.edges[start:stop], self.y, self.size)


def is_number(text: str) -> bool:
    """Whether a cell holds a number, with an uncertainty, a range or a power at most.

    >>> [is_number(t) for t in ("1.234(5)", "3–5", "∼40", "16.0±0.2", "MgB2", "(K)", "–")]
    [True, True, True, True, False, False, False]
    """
    return len(text) < 60 and bool(_NUMBER.match(text))


def is_blank(text: str) -> bool:
    """Whether a cell says that it holds nothing: dots or dashes."""
    return bool(_BLANK.match(text))


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
        glyphs = line.places[start:end]
        if any(g is not None for g in glyphs):
            edges = [(g.x0, g.x1) if g is not None else None for g in glyphs]
            text = line.text[start:end]
            result.append(Piece(text, _scripts(line, start, end), edges, line.y, line.size))
    return result


def _scripts(line: Line, start: int, end: int) -> list[Span]:
    spans: list[Span] = []
    for k in range(start, end):
        shift = line.shifts[k]
        if not shift:
            continue
        kind = Typography.SUBSCRIPT if shift == "sub" else Typography.SUPERSCRIPT
        if spans and spans[-1].end == k - start and spans[-1].kind is kind:
            spans[-1] = Span(spans[-1].start, k - start + 1, kind)
        else:
            spans.append(Span(k - start, k - start + 1, kind))
    return spans


def rows_of(pieces: Sequence[Piece], size: float) -> list[list[Piece]]:
    """Pieces by baseline, from top to bottom; small ones beside a row belong to it."""
    main = [p for p in pieces if p.size >= 0.75 * size]
    rows: list[list[Piece]] = []
    for piece in sorted(main or pieces, key=lambda p: (p.y, p.x0)):
        if rows and piece.y - rows[-1][0].y < SAME_ROW_RATIO * size:
            rows[-1].append(piece)
        else:
            rows.append([piece])
    if main:
        rows += _attach(rows, [p for p in pieces if p.size < 0.75 * size], size)
    for row in rows:
        row.sort(key=lambda p: p.x0)
    return sorted(rows, key=lambda row: row[0].y)


def _attach(rows: list[list[Piece]], small: Sequence[Piece], size: float) -> list[list[Piece]]:
    """Put each small piece into the row that it hangs on; rows of those that hang on none."""
    alone: list[list[Piece]] = []
    heights = [row[0].y for row in rows]
    for piece in sorted(small, key=lambda p: (p.y, p.x0)):
        near = min(range(len(rows)), key=lambda i: abs(heights[i] - piece.y))
        if abs(heights[near] - piece.y) < 0.6 * size:
            rows[near].append(piece)
        elif alone and piece.y - alone[-1][0].y < SAME_ROW_RATIO * size:
            alone[-1].append(piece)
        else:
            alone.append([piece])
    return alone


def parts_of(line: Line) -> list[Line]:
    """``line`` as several, cut where its pieces are."""
    starts = [0]
    for piece in pieces_of(line)[:-1]:
        starts.append(starts[-1] + len(piece.text) + 1)
    parts = []
    for start, stop in itertools.pairwise([*starts, len(line.text) + 1]):
        places = line.places[start : stop - 1]
        known = [g for g in places if g is not None]
        if known:
            x0, x1 = min(g.x0 for g in known), max(g.x1 for g in known)
            parts.append(
                replace(
                    line,
                    text=line.text[start : stop - 1],
                    shifts=line.shifts[start : stop - 1],
                    places=places,
                    x0=x0,
                    x1=x1,
                    gaps=[g for g in line.gaps if x0 <= g[0] and g[1] <= x1],
                )
            )
    return parts
