"""Lines: glyphs joined into lines of text, with sub- and superscripts told from what they hang on.

Which lines belong to a column, and in which order they are read, lives in ``layout``.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from scmine.extractors.pdf.glyphs import Glyph, OnBaseline

Shift = Literal["", "sub", "sup"]

SCRIPT_SIZE_RATIO = 0.88
"""A script is set smaller than this share of the size it hangs on (TeX's largest is 8/9)."""

SCRIPT_SHIFT_RATIO = 0.08
"""A script's baseline is off its line's by more than this share of the line's size."""

BLANK_RATIO = 0.17
"""A gap wider than this share of the type size is a blank: TeX's interword space shrinks to 0.22 em
and its kerns and italic corrections stay under 0.13 em."""

MAX_KERN_RATIO = 0.08
"""No gap up to this share of the type size is a blank."""

THIN_BLANK_RATIO = 0.13
"""The same between a number and its unit."""

MIN_DENOMINATOR_DROP = 0.29
"""The denominator of a fraction in the line stands lower than this share of the type size."""

MAX_NEAR = 200
"""A fragment is tried with the last so many rows of a height, and the last so many fragments of a
row. More are text painted over itself, and the search among all of them grows with the square."""

MAX_GAP_RATIO = 1.6
"""Glyphs of one line that follow each other in the file are parted by less than this many em."""


@dataclass(slots=True)
class Fragment(OnBaseline):
    """Glyphs that follow each other on one line, with each glyph's shift."""

    glyphs: list[Glyph]
    x0: float
    x1: float
    y: float
    size: float


@dataclass(slots=True)
class Line(OnBaseline):
    """One line of text in one column.

    ``text`` has single blanks between words; ``shifts`` says for each character whether it is a
    sub- or superscript; ``places`` gives for each character its glyph (None for blanks).
    """

    text: str
    shifts: list[Shift]
    places: list[Glyph | None]
    x0: float
    x1: float
    y: float
    size: float
    page: int
    bold: bool
    italic: bool
    font: str
    column: int = 0
    gaps: list[tuple[float, float]] = field(default_factory=list)

    @property
    def width(self) -> float:
        """Its width in points."""
        return self.x1 - self.x0


def without_head(line: Line, end: int) -> Line | None:
    """``line`` without its first ``end`` characters; None if nothing is left."""
    if end == 0:
        return line
    while end < len(line.text) and line.text[end] == " ":
        end += 1
    glyphs = [g for g in line.places[end:] if g is not None]
    if not glyphs:
        return None
    return replace(
        line,
        text=line.text[end:],
        shifts=line.shifts[end:],
        places=line.places[end:],
        x0=min(g.x0 for g in glyphs),
        gaps=[gap for gap in line.gaps if gap[0] >= min(g.x0 for g in glyphs)],
    )


def without_tail(line: Line, length: int) -> Line | None:
    """``line`` without its last ``length`` characters; None if nothing is left."""
    end = len(line.text) - length
    while end and line.text[end - 1] == " ":
        end -= 1
    glyphs = [g for g in line.places[:end] if g is not None]
    if not glyphs:
        return None
    right = max(g.x1 for g in glyphs)
    return replace(
        line,
        text=line.text[:end],
        shifts=line.shifts[:end],
        places=line.places[:end],
        x1=right,
        gaps=[gap for gap in line.gaps if gap[1] <= right],
    )


def fragments(glyphs: Sequence[Glyph]) -> list[Fragment]:
    """Split the glyphs of a page, in file order, where a line ends or a wide gap opens."""
    result: list[Fragment] = []
    current: list[Glyph] = []
    main: Glyph | None = None
    last: Glyph | None = None
    for glyph in glyphs:
        if last is not None and main is not None and _follows(last, main, glyph):
            current.append(glyph)
            if glyph.size >= main.size * 0.98 or (
                main.size > 1.6 * glyph.size and len(current) < 3
            ):
                main = glyph
        else:
            if current:
                result.append(_fragment(current))
            current, main = [glyph], glyph
        last = glyph
    if current:
        result.append(_fragment(current))
    return result


def _follows(last: Glyph, main: Glyph, glyph: Glyph) -> bool:
    """Whether ``glyph`` goes on with the line whose last full-size glyph is ``main``."""
    gap, size = glyph.x0 - last.x1, main.size
    if glyph.y == main.y and glyph.size == size and -0.6 * size <= gap <= MAX_GAP_RATIO * size:
        return True  # what the rest comes to for most glyphs
    size = max(size, glyph.size)
    if gap > MAX_GAP_RATIO * size:
        return False
    stacked = (
        last.size < SCRIPT_SIZE_RATIO * main.size and glyph.size < SCRIPT_SIZE_RATIO * main.size
    )
    if gap < -0.6 * size and not (stacked and glyph.x0 >= main.x1 - 0.3 * size):
        return False
    same_size = abs(glyph.size - main.size) < 0.12 * size
    tolerance = 0.25 if same_size else 0.62
    return abs(glyph.y - main.y) < tolerance * size


def _fragment(glyphs: list[Glyph]) -> Fragment:
    x0, x1 = min([g.x0 for g in glyphs]), max([g.x1 for g in glyphs])
    if len({g.y for g in glyphs}) == len({g.size for g in glyphs}) == 1:
        return Fragment(glyphs, x0, x1, round(glyphs[0].y, 1), glyphs[0].size)
    size = max([g.size for g in glyphs])
    sizes = _rounded([g.size for g in glyphs])
    # A lone larger glyph (a drop capital, a large bracket) does not make the line's size.
    common, count = sizes.most_common(1)[0]
    larger = sum([g.size > 1.25 * common for g in glyphs]) if len(sizes) > 1 else 0
    if count >= 0.5 * len(glyphs) and len(glyphs) > 3 and 0 < larger <= 2:
        size = common
    least = SCRIPT_SIZE_RATIO * size
    y = _rounded([g.y for g in glyphs if g.size >= least] or [g.y for g in glyphs])
    return Fragment(glyphs, x0, x1, y.most_common(1)[0][0], size)


def _rounded(values: Sequence[float]) -> Counter[float]:
    """How often each of ``values`` occurs, to a tenth of a point; rounded once for equal ones."""
    result: Counter[float] = Counter()
    for value, count in Counter(values).items():
        result[round(value, 1)] += count
    return result


def join_fragments(
    parts: Sequence[Fragment], page: int, gutter: tuple[float, float] | None
) -> list[Line]:
    """Lines from fragments: what stands on one baseline in one column becomes one line.

    ``gutter`` is the blank strip (left and right edge in points) between two columns, if the page
    has one; text is not joined across it unless it runs through it.
    """
    rows: list[list[Fragment]] = []
    ordered = sorted(parts, key=lambda f: (-f.size, f.y, f.x0))
    by_y: dict[int, list[list[Fragment]]] = {}
    for part in ordered:
        row = _find_row(part, by_y, gutter)
        if row is None:
            row = [part]
            rows.append(row)
            by_y.setdefault(int(part.y // 4), []).append(row)
        else:
            row.append(part)
    return sorted((_line(row, page) for row in rows), key=lambda line: (line.y, line.x0))


def _find_row(
    part: Fragment, by_y: dict[int, list[list[Fragment]]], gutter: tuple[float, float] | None
) -> list[Fragment] | None:
    """The row ``part`` belongs to: same baseline, or a script beside it; None if none."""
    best: tuple[float, list[Fragment]] | None = None
    key = int(part.y // 4)
    for k in range(key - 3, key + 4):
        for row in by_y.get(k, ())[-MAX_NEAR:]:
            cost = _row_cost(part, row, gutter)
            if cost is not None and (best is None or cost < best[0]):
                best = (cost, row)
    return best[1] if best else None


def _row_cost(
    part: Fragment, row: list[Fragment], gutter: tuple[float, float] | None
) -> float | None:
    """How badly ``part`` fits into ``row`` (points), or None if it does not."""
    head = row[0]
    near = row[-MAX_NEAR:]
    dy = abs(part.y - head.y)
    script = part.size < SCRIPT_SIZE_RATIO * head.size
    if dy > (0.55 if script else 0.2) * head.size:
        return None
    gap = min((max(part.x0 - f.x1, f.x0 - part.x1) for f in near), key=lambda g: (max(g, 0.0), g))
    if gap < -0.5 * head.size and not script:
        return None
    limit = (0.45 if script else MAX_GAP_RATIO * 1.5) * head.size
    if gutter is not None and not script:
        middle = (gutter[0] + gutter[1]) / 2
        left = max((f.x1 for f in near if f.x0 < part.x0), default=None)
        right = min((f.x0 for f in near if f.x0 > part.x0), default=None)
        if left is not None and left <= middle <= part.x0:
            return None
        if right is not None and part.x1 <= middle <= right:
            return None
    if gap > limit:
        return None
    return dy * 2 + max(gap, 0.0)


def _line(row: list[Fragment], page: int) -> Line:
    head = max(row, key=lambda f: (f.size, f.x1 - f.x0))
    size, y = head.size, head.y
    # Fragments interleave where a formula was painted out of order.
    glyphs = _interleave(row) if len(row) > 1 else row[0].glyphs
    glyphs, shifted = _unstack(glyphs, y, size)
    text: list[str] = []
    shifts: list[Shift] = []
    places: list[Glyph | None] = []
    gaps: list[tuple[float, float]] = []
    last = glyphs[0]
    kern = MAX_KERN_RATIO * size
    for glyph, shift in zip(glyphs, shifted, strict=True):
        gap = glyph.x0 - last.x1
        if gap > kern and places and _is_blank(gap, last, glyph, size):
            text.append(" ")
            shifts.append(shift if shifts[-1] == shift else "")
            places.append(None)
            if gap > 0.9 * size:
                gaps.append((last.x1, glyph.x0))
        char = glyph.char
        if shift == "sup" and char in "◦∘":
            char = "°"
        if len(char) == 1:
            text.append(char)
            shifts.append(shift)
            places.append(glyph)
        else:  # a bar stands over a digit
            text += char
            shifts += [shift] * len(char)
            places += [glyph] * len(char)
        last = glyph
    least = SCRIPT_SIZE_RATIO * size
    full = [g for g in glyphs if g.size >= least] or glyphs
    styles = [g.style for g in full]
    count = len(full)
    return Line(
        "".join(text),
        shifts,
        places,
        min([g.x0 for g in glyphs]),
        max([g.x1 for g in glyphs]),
        y,
        size,
        page,
        sum([s.bold for s in styles]) > 0.6 * count,
        sum([s.italic for s in styles]) > 0.6 * count,
        Counter([s.font for s in styles]).most_common(1)[0][0],
        gaps=gaps,
    )


def _unstack(glyphs: list[Glyph], y: float, size: float) -> tuple[list[Glyph], list[Shift]]:
    """Scripts set over each other in one order: the subscript first, then the superscript.

    Second, whether each glyph is set below or above the line.
    """
    shifts = _shifts(glyphs, y, size)
    if "sub" not in shifts or "sup" not in shifts:
        return glyphs, shifts
    result: list[Glyph] = []
    i = 0
    while i < len(glyphs):
        j = i
        while j < len(glyphs) and shifts[j] == "sup":
            j += 1
        k = j
        while k < len(glyphs) and shifts[k] == "sub":
            k += 1
        if i < j < k and glyphs[j].x0 < glyphs[j - 1].x1 - 0.5 * glyphs[j].size:
            upper, lower = glyphs[i:j], glyphs[j:k]
            fraction = _fraction(upper, lower, y, size)
            if fraction and result and result[-1].char.isdigit():
                fraction[0].spaced = True  # 1 1/2, not 11/2
            result += fraction or lower + upper
            i = k
        else:
            result.append(glyphs[i])
            i += 1
    return result, _shifts(result, y, size)


def _fraction(upper: Sequence[Glyph], lower: Sequence[Glyph], y: float, size: float) -> list[Glyph]:
    """Digits set over each other as glyphs of ``1/8`` on the baseline; empty if they are scripts.

    TeX sets the denominator of a fraction in the line lower than any subscript (The TeXbook,
    appendix G, rules 15 and 18: 0.34 em against 0.25 em), and centres both.
    """
    digits = "".join(g.char for g in (*upper, *lower))
    middle = (upper[0].x0 + upper[-1].x1) / 2 - (lower[0].x0 + lower[-1].x1) / 2
    if not (digits.isdecimal() and digits.isascii()) or abs(middle) > 0.1 * size:
        return []
    if min(g.y for g in lower) - y < MIN_DENOMINATOR_DROP * size:
        return []
    head, tail = upper[-1], lower[0]
    slash = replace(head, char="/", x0=min(head.x1, tail.x0), x1=max(head.x1, tail.x0), y=y)
    return [
        *(replace(g, y=y) for g in upper),
        replace(slash, spaced=False),
        *(replace(g, y=y, spaced=False) for g in lower),
    ]


def _interleave(row: list[Fragment]) -> list[Glyph]:
    """The glyphs of overlapping fragments by x, those of one fragment kept in file order."""
    pieces: list[tuple[float, int, list[Glyph]]] = []
    for i, part in enumerate(row):
        start = 0
        for k in range(1, len(part.glyphs) + 1):
            at_gap = (
                k == len(part.glyphs)
                or part.glyphs[k].x0 - part.glyphs[k - 1].x1 > 0.12 * part.size
            )
            if at_gap:
                chunk = part.glyphs[start:k]
                pieces.append((chunk[0].x0, i, chunk))
                start = k
    pieces.sort(key=lambda p: (p[0], p[1]))
    return [g for _, _, chunk in pieces for g in chunk]


def _shifts(glyphs: Sequence[Glyph], y: float, size: float) -> list[Shift]:
    """Whether each glyph is set below or above a line with baseline ``y`` and type ``size``."""
    full = SCRIPT_SIZE_RATIO * size
    high, low = y - 0.3 * size, y + 0.15 * size
    script_high, script_low = y - SCRIPT_SHIFT_RATIO * size, y + SCRIPT_SHIFT_RATIO * size
    result: list[Shift] = []
    for glyph in glyphs:
        if glyph.size >= full:
            result.append("sup" if glyph.y < high else "sub" if glyph.y > low else "")
        else:
            result.append("sub" if glyph.y > script_low else "sup" if glyph.y < script_high else "")
    return result


_OPENING = frozenset("([{")


def _is_blank(gap: float, last: Glyph, glyph: Glyph, size: float) -> bool:
    """Whether a gap between two glyphs of a line, wider than a kern, is a blank."""
    if glyph.spaced:
        return True
    script = last.size < SCRIPT_SIZE_RATIO * size and glyph.size < SCRIPT_SIZE_RATIO * size
    limit = BLANK_RATIO * size
    if script:
        limit = 0.28 * max(last.size, glyph.size)
    elif last.char.isdigit() and (glyph.char.isalpha() or glyph.char in "°◦"):
        limit = THIN_BLANK_RATIO * size  # TeX sets a thin space of 1/6 em before a unit
    elif last.char in _OPENING or glyph.char in ",.;:)]}":
        limit = 0.26 * size
    return gap > limit
