"""Lines: glyphs joined into words, scripts told from what they hang on."""

from __future__ import annotations

import random
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scmine.extractors.pdf.lines import fragments, join_fragments
from tests.extractors.pdf.typeset import set_glyphs, set_line


def _shifted(text: str) -> tuple[str, str, str]:
    """The text of a line, what of it is subscript and what superscript."""
    line = set_line(text)
    found = list(zip(line.text, line.shifts, strict=True))
    return (
        line.text,
        "".join(c for c, s in found if s == "sub"),
        "".join(c for c, s in found if s == "sup"),
    )


@pytest.mark.parametrize(
    ("text", "read", "sub", "sup"),
    [
        ("MgB_{2} has", "MgB2 has", "2", ""),
        ("La_{2-x}Sr_{x}CuO_{4}", "La2-xSrxCuO4", "2-xx4", ""),
        ("10^{-3} of it", "10-3 of it", "", "-3"),
        ("the value of T_{c}^{on} is", "the value of Tcon is", "c", "on"),
        ("93^{∘} turned", "93° turned", "", "°"),
    ],
)
def test_scripts(text: str, read: str, sub: str, sup: str) -> None:
    assert _shifted(text) == (read, sub, sup)


def test_scripts_over_each_other_are_read_subscript_first() -> None:
    below = set_glyphs("of H_{c2}")
    at = below[-2].x0
    above = set_glyphs("_{}^{max}", x=at)
    rest = set_glyphs("is", x=at + 14)
    for order in ([*below, *above, *rest], [*below[:-2], *above, *below[-2:], *rest]):
        (line,) = join_fragments(fragments(order), 1, None)
        assert line.text == "of Hc2max is"


@pytest.mark.parametrize("step", [0.0, 40.0], ids=["in one place", "in one row"])
def test_many_fragments_at_one_height_take_bounded_time(step: float) -> None:
    # All among all would be 10^8 comparisons, a minute and more.
    parts = [part for k in range(10_000) for part in fragments(set_glyphs("x", x=step * k))]
    start = time.monotonic()
    lines = join_fragments(parts, 1, None)
    assert time.monotonic() - start < 8
    assert sum(line.text.count("x") for line in lines) == 10_000


def test_a_line_knows_where_its_characters_stand() -> None:
    line = set_line("a bc", x=50, y=90, size=10, page=3)
    assert (line.x0, line.y, line.size, line.page) == (50, 90, 10, 3)
    assert line.x1 == pytest.approx(50 + 3 * 5 + 3)
    assert [g.char if g else " " for g in line.places] == list(line.text)


def test_baselines_part_lines() -> None:
    glyphs = set_glyphs("first line", y=100) + set_glyphs("second line", y=112)
    lines = join_fragments(fragments(glyphs), 1, None)
    assert [line.text for line in lines] == ["first line", "second line"]


def test_columns_are_not_joined_across_the_gutter() -> None:
    glyphs = set_glyphs("left column", x=50) + set_glyphs("right column", x=120)
    assert len(join_fragments(fragments(glyphs), 1, None)) == 1
    lines = join_fragments(fragments(glyphs), 1, (106.0, 118.0))
    assert [line.text for line in lines] == ["left column", "right column"]


def test_a_formula_painted_out_of_order_is_read_by_place() -> None:
    parts = set_glyphs("where"), set_glyphs("x = 0.15", x=104), set_glyphs("holds", x=152)
    (line,) = join_fragments(fragments([*parts[0], *parts[2], *parts[1]]), 1, None)
    assert line.text == "where x = 0.15 holds"


def test_wide_gaps_are_noted() -> None:
    glyphs = set_glyphs("one", x=72) + set_glyphs("two", x=72 + 15 + 12)
    (line,) = join_fragments(fragments(glyphs), 1, None)
    assert line.text == "one two"
    assert line.gaps == [(87, 99)]


def test_mostly_bold_or_italic_lines_are_so() -> None:
    assert set_line("heading", bold=True).bold
    assert set_line("heading", italic=True).italic
    assert not set_line("heading").bold


words = st.text(st.characters(codec="ascii", categories=["L", "Nd"]), min_size=1, max_size=8)


@given(st.lists(words, min_size=1, max_size=12))
def test_every_character_is_read_once(texts: list[str]) -> None:
    text = " ".join(texts)
    assert set_line(text).text == text


@given(
    st.lists(
        st.tuples(
            st.floats(0, 600), st.floats(0, 800), st.sampled_from([5.0, 7.0, 10.0, 10.1, 24.0])
        ),
        max_size=30,
    )
)
def test_glyphs_anywhere_are_all_kept(places: list[tuple[float, float, float]]) -> None:
    letters = random.Random(1).choices("abcxyz", k=len(places))
    glyphs = [
        g
        for c, (x, y, size) in zip(letters, places, strict=True)
        for g in set_glyphs(c, x, y, size)
    ]
    lines = join_fragments(fragments(glyphs), 1, (300.0, 310.0))
    read = sorted(c for line in lines for c in line.text if c != " ")
    assert read == sorted(letters)
    assert all(len(x.text) == len(x.shifts) == len(x.places) for x in lines)
