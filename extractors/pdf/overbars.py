"""Overbars: the bar of a space group's symbol that a page draws as a line over a digit.

LaTeX's ``\\overline`` and the equation editors of word processors draw it; the text layer holds
the digit alone, and R3m is another group than R3̄m. Bars that are characters are joined in
``accents``. Only pages that name a group which has a bar in its symbol are looked at again.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import cache

import pypdfium2 as pdfium
import pypdfium2.raw as raw

from scmine.extractors.lexicons import load_rows
from scmine.extractors.pdf.glyphs import Glyph
from scmine.extractors.pdf.matrices import to_shown

MAX_BAR_HEIGHT_PT = 1.2
MAX_BAR_RATIO = 1.3
"""A bar over one digit is less wide than this many times the size of the type."""

_DEPTH = 3
_BAR = "\u0304"


@cache
def _symbols() -> re.Pattern[str]:
    """Symbols of groups that have a bar, without it, as a page could show them."""
    symbols = {row["symbol"] for row in load_rows("space_groups.csv")}
    plain = {re.sub(r"[-_ ]", "", s) for s in symbols if "-" in s}
    # Word processors set a gap after a bar: F4̄ 3m.
    listed = "|".join(" ?".join(s) for s in sorted(plain, key=lambda s: (-len(s), s)))
    return re.compile(rf"(?<![A-Za-z0-9])(?:{listed})")


def join_overbars(
    pdf: pdfium.PdfDocument, index: int, turn: int, glyphs: list[Glyph]
) -> list[Glyph]:
    """``glyphs`` of page ``index`` (from 0) with drawn bars joined to the digits under them.

    ``turn`` is that of the page as read, see `scmine.extractors.pdf.glyphs.GlyphPage`.
    """
    places = [i for i in _glyphs_of_symbols(glyphs) if glyphs[i].char in "1346"]
    if not places:
        return glyphs
    bars = _short_lines(pdf, index, turn)
    result = list(glyphs)
    for i in places:
        if any(_over(bar, glyphs[i]) for bar in bars):
            result[i] = replace(glyphs[i], char=glyphs[i].char + _BAR)
    return result


def _glyphs_of_symbols(glyphs: Sequence[Glyph]) -> list[int]:
    """The indices of the glyphs that make up symbols."""
    chars: list[str] = []
    indices: list[int] = []
    before: Glyph | None = None
    for i, glyph in enumerate(glyphs):
        apart = before is not None and not -0.5 < (glyph.x0 - before.x1) / glyph.size < 0.2
        if glyph.spaced or apart:
            chars.append(" ")
            indices.append(i)
        chars.append(glyph.char[0])
        indices.append(i)
        before = glyph
    found = _symbols().finditer("".join(chars))
    return [indices[k] for match in found for k in range(*match.span())]


def _short_lines(
    pdf: pdfium.PdfDocument, index: int, turn: int
) -> Sequence[tuple[float, float, float]]:
    """Flat drawn things of the page: left edge, right edge and height, in points as read."""
    page = pdf[index]
    try:
        quarters = (page.get_rotation() // 90 + turn) % 4
        a, b, c, d, e, f = to_shown(page.get_bbox(), quarters)
        found = []
        for item in page.get_objects(filter=[raw.FPDF_PAGEOBJ_PATH], max_depth=_DEPTH):
            left, bottom, right, top = item.get_bounds()
            x0, x1 = sorted((a * left + c * bottom + e, a * right + c * top + e))
            y0, y1 = sorted((b * left + d * bottom + f, b * right + d * top + f))
            if y1 - y0 <= MAX_BAR_HEIGHT_PT:
                found.append((x0, x1, (y0 + y1) / 2))
        return found
    finally:
        page.close()


def _over(bar: tuple[float, float, float], digit: Glyph) -> bool:
    x0, x1, y = bar
    covered = min(x1, digit.x1) - max(x0, digit.x0)
    return (
        x1 - x0 < MAX_BAR_RATIO * digit.size
        and covered > 0.6 * (digit.x1 - digit.x0)
        and digit.y - 1.15 * digit.size < y < digit.y - 0.5 * digit.size
    )
