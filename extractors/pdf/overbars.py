"""Overbars: the bar of a space group's symbol that a page draws as a line over a digit.

LaTeX's ``\\overline`` and the equation editors of word processors draw it; the text layer holds
the digit alone, and R3m is another group than R3̄m. Bars that are characters are joined in
``accents``. Only pages that name a group which has a bar in its symbol are looked at.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import cache

from scmine.extractors.lexicons import load_rows
from scmine.extractors.pdf.glyphs import Glyph
from scmine.extractors.pdf.rules import FlatThing

MAX_BAR_RATIO = 1.3
"""A bar over one digit is less wide than this many times the size of the type."""

_BAR = "\u0304"


@cache
def _plain_symbols() -> list[str]:
    """Symbols of groups that have a bar, without it, the longest first."""
    symbols = {row["symbol"] for row in load_rows("space_groups.csv")}
    plain = {re.sub(r"[-_ ]", "", s) for s in symbols if "-" in s}
    return sorted(plain, key=lambda s: (-len(s), s))


@cache
def _symbols() -> re.Pattern[str]:
    """The symbols as a page could show them."""
    # Word processors set a gap after a bar: F4̄ 3m.
    listed = "|".join(" ?".join(s) for s in _plain_symbols())
    return re.compile(rf"(?<![A-Za-z0-9])(?:{listed})")


@cache
def _loose_symbols() -> re.Pattern[str]:
    """The symbols' beginnings among characters without blanks: a page without one is passed by."""
    heads = {re.match(r"\D*\d?", s).group() for s in _plain_symbols()}  # type: ignore[union-attr]
    return re.compile("|".join(sorted(heads)))


def join_overbars(glyphs: list[Glyph], flat: Sequence[FlatThing]) -> list[Glyph]:
    """``glyphs`` of a page with drawn bars joined to the digits under them.

    ``flat`` are the flat things that the page draws: left edge, right edge and height in points.
    """
    if not flat or not _loose_symbols().search("".join([g.char for g in glyphs])):
        return glyphs
    places = [i for i in _glyphs_of_symbols(glyphs) if glyphs[i].char in "1346"]
    result = list(glyphs)
    for i in places:
        if any(_over(bar, glyphs[i]) for bar in flat):
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


def _over(bar: FlatThing, digit: Glyph) -> bool:
    x0, x1, y = bar
    covered = min(x1, digit.x1) - max(x0, digit.x0)
    return (
        x1 - x0 < MAX_BAR_RATIO * digit.size
        and covered > 0.6 * (digit.x1 - digit.x0)
        and digit.y - 1.15 * digit.size < y < digit.y - 0.5 * digit.size
    )
