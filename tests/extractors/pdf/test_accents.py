"""Accents painted apart from their letters."""

from __future__ import annotations

import pytest

from scmine.extractors.pdf.accents import join_accents
from scmine.extractors.pdf.glyphs import Glyph, Style

STYLE = Style("CMR10", 10.0, False, False, 0, "")


def _glyph(char: str, x0: float, y: float = 100.0) -> Glyph:
    return Glyph(char, x0, x0 + 5, y, STYLE, False, 10.0)


def _join(*glyphs: Glyph) -> str:
    return "".join(g.char for g in join_accents(list(glyphs)))


@pytest.mark.parametrize(
    ("accent", "letter", "joined"),
    [("¨", "o", "ö"), ("´", "e", "é"), ("˚", "A", "Å"), ("ˇ", "C", "Č"), ("˜", "n", "ñ")],
)
def test_an_accent_joins_its_letter_before_or_after_it(
    accent: str, letter: str, joined: str
) -> None:
    x, under, y = _glyph("x", 67), _glyph(letter, 72), _glyph("y", 77)
    assert _join(x, _glyph(accent, 72.3), under, y) == f"x{joined}y"
    assert _join(x, under, _glyph(accent, 72.3), y) == f"x{joined}y"


def test_a_bar_over_a_digit_makes_an_inversion_axis() -> None:
    joined = join_accents([_glyph("m", 67), _glyph("¯", 72), _glyph("3", 72), _glyph("m", 77)])
    assert [g.char for g in joined] == ["m", "3\u0304", "m"]
    assert (joined[1].x0, joined[1].x1) == (72, 77)


@pytest.mark.parametrize(
    "glyphs",
    [
        [_glyph("´", 72), _glyph("e", 90)],  # beside, not over
        [_glyph("´", 72), _glyph("e", 72, y=140)],  # on another line
        [_glyph("¨", 72), _glyph("3", 72)],  # no such character
        [_glyph("´", 72), _glyph("+", 72)],
        [_glyph("´", 72)],
    ],
)
def test_an_accent_over_nothing_stays(glyphs: list[Glyph]) -> None:
    assert _join(*glyphs) == "".join(g.char for g in glyphs)


def test_text_without_accents_is_left_alone() -> None:
    glyphs = [_glyph("a", 72), _glyph("b", 77)]
    assert join_accents(glyphs) == glyphs
