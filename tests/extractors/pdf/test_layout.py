"""Layout: columns, reading order, and what is furniture."""

from __future__ import annotations

import pytest

from scmine.extractors.pdf.layout import (
    assign_columns,
    drop_furniture,
    find_gutter,
    reading_order,
    share_gutter,
)
from scmine.extractors.pdf.lines import Fragment, Line, fragments
from tests.extractors.pdf.typeset import set_column, set_glyphs, set_line

HEIGHT = 792.0
TEXT = [f"line {'abcdefghij'[k]} of the text" for k in range(10)]


def _furniture(*pages: list[Line]) -> list[str]:
    return drop_furniture(pages, [HEIGHT] * len(pages))[1]


def _page(*extra: Line, name: str = "one") -> list[Line]:
    """A page of text whose first and last line only this page has, and ``extra``."""
    ends = [set_line(f"{name} begins", y=106), set_line(f"{name} ends", y=600)]
    lines = [*ends, *set_column(TEXT, y=120), *set_column(TEXT, y=400), *extra]
    return sorted(lines, key=lambda line: line.y)


@pytest.mark.parametrize("text", ["7", "- 7 -", "Page 7 of 12", "3/9", "[12]"])
@pytest.mark.parametrize("y", [40.0, 760.0])
def test_page_numbers_are_furniture(text: str, y: float) -> None:
    assert _furniture(_page(set_line(text, x=300, y=y))) == [text]


def test_running_heads_are_furniture_whatever_their_number() -> None:
    heads = [f"A. NOTIONAL AND B. FICTIVE PREPRINT {k}" for k in range(1, 4)]
    pages = [
        _page(set_line(head, y=40), name=name)
        for head, name in zip(heads, ("one", "two", "three"), strict=True)
    ]
    assert _furniture(*pages) == heads


def test_numbers_in_the_text_are_not_furniture() -> None:
    assert _furniture(_page(set_line("39", x=300, y=300))) == []


def test_a_line_that_repeats_in_the_text_is_not_furniture() -> None:
    assert _furniture(*[_page(name=name) for name in ("one", "two", "three")]) == []


def _columns() -> list[Fragment]:
    glyphs = []
    for k, text in enumerate(TEXT):
        glyphs += set_glyphs(text + " goes on here and on", x=60, y=120 + 12 * k)
    for k, text in enumerate(TEXT):
        glyphs += set_glyphs(text + " on the right side", x=320, y=120 + 12 * k)
    return fragments(glyphs)


def test_the_gutter_is_found_between_two_columns() -> None:
    gutter = find_gutter(_columns(), 612)
    assert gutter is not None
    ends = max(f.x1 for f in _columns() if f.x0 < 300)
    assert gutter == (ends, 320)


def test_one_column_has_no_gutter() -> None:
    parts = [
        f for k in range(20) for f in fragments(set_glyphs("a long line of text " * 5, y=20 * k))
    ]
    assert find_gutter(parts, 612) is None
    assert find_gutter([], 612) is None


def test_a_short_page_takes_the_gutter_of_the_others() -> None:
    left, right = set_glyphs("the left column", x=60), set_glyphs("the right column", x=320)
    few = fragments(left) + fragments(right)
    across = fragments(set_glyphs("a long line of text " * 5, x=60))
    gutter = (300.0, 320.0)
    assert share_gutter([gutter, None, None], [[], few, across]) == [gutter, gutter, None]


def test_columns_are_read_band_by_band() -> None:
    lines = [
        set_line("right one", x=320, y=100),
        set_line("left one", x=60, y=101),
        set_line("left two", x=60, y=150),
        set_line("this line spans both columns of the page from left to right", x=60, y=200),
        set_line("left three", x=60, y=300),
        set_line("right three", x=320, y=290),
    ]
    assign_columns(lines, (300.0, 320.0))
    assert [x.column for x in lines] == [2, 1, 1, 0, 1, 2]
    assert [x.text[:10] for x in reading_order(lines)] == [
        "left one", "left two", "right one", "this line ", "left three", "right thre",
    ]  # fmt: skip


def test_a_chain_of_marks_that_overflows_stays_in_its_column() -> None:
    left = set_column(["the tetragonal structure of", "type, as reported before"], 60.0, 100.0)
    chain = set_line("in.^{" + ",".join(map(str, range(1, 60))) + "}", 60.0, 124.0)
    below = set_column(["For the doped system a", "transition was reported"], 60.0, 136.0)
    right = set_column(["is seen in the second"] * 5, 320.0, 100.0)
    lines = [*left, chain, *below, *right]
    assign_columns(lines, (290.0, 310.0))
    assert chain.x1 > 310.0
    assert chain.column == 1
    assert [x.text[:3] for x in reading_order(lines)][:5] == ["the", "typ", "in.", "For", "tra"]
