"""Accents: marks that a font paints beside or over a letter, joined with it into one character."""

from __future__ import annotations

import unicodedata

from scmine.extractors.pdf.glyphs import Glyph

_COMBINING = {
    "˚": "̊",
    "´": "́",
    "`": "̀",
    "¨": "̈",
    "ˆ": "̂",
    "˜": "̃",
    "¯": "̄",
    "ˇ": "̌",
    "̄": "̄",
    "̅": "̄",
}
# Overlines that books of tables print over digits in space-group symbols.
_OVER_DIGITS = "¯̄̅ˉ‾"


def join_accents(glyphs: list[Glyph]) -> list[Glyph]:
    """``glyphs`` in file order with each accent put on the letter it stands over.

    An accent and its letter overlap in x; a ring stands before its A in TeX's fonts, a bar before
    its digit.
    """
    if not any(g.char in _COMBINING or g.char in _OVER_DIGITS for g in glyphs):
        return glyphs
    result: list[Glyph] = []
    skip = -1
    for i, glyph in enumerate(glyphs):
        if i == skip:
            continue
        mark = _COMBINING.get(glyph.char)
        after = glyphs[i + 1] if i + 1 < len(glyphs) else None
        before = result[-1] if result else None
        if mark is not None:
            if after is not None and _over(glyph, after):
                char = _joined(after.char, mark, glyph.char)
                if char:
                    result.append(_with(after, char, glyph))
                    skip = i + 1
                    continue
            if before is not None and _over(glyph, before):
                char = _joined(before.char, mark, glyph.char)
                if char:
                    result[-1] = _with(before, char, before)
                    continue
        result.append(glyph)
    return result


def _over(accent: Glyph, letter: Glyph) -> bool:
    middle = (accent.x0 + accent.x1) / 2
    slack = 0.12 * letter.size
    return (
        letter.x0 - slack <= middle <= letter.x1 + slack and abs(accent.y - letter.y) < letter.size
    )


def _joined(letter: str, mark: str, accent: str) -> str:
    """The letter with its accent; empty if the two do not make a character."""
    if letter.isdigit():
        return letter + "̄" if accent in _OVER_DIGITS else ""
    char = unicodedata.normalize("NFC", letter + mark)
    return char if letter.isalpha() and len(char) == 1 else ""


def _with(glyph: Glyph, char: str, first: Glyph) -> Glyph:
    return Glyph(
        char,
        min(glyph.x0, first.x0),
        glyph.x1,
        glyph.y,
        glyph.style,
        first.spaced,
        glyph.size,
    )
