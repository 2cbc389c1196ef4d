"""Line numbers: stripped in any margin, told from numbers of the text."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from scmine.extractors.pdf.line_numbers import strip_line_numbers
from scmine.extractors.pdf.lines import Line, fragments, join_fragments
from tests.extractors.pdf.typeset import ADVANCE_EM, set_column, set_glyphs, set_line

TEXT = [f"line {'abcdefghij'[k]} of the text" for k in range(10)]
WIDTH = ADVANCE_EM * 10


def _numbered(number: int | None, text: str, y: float, side: str, size: float = 6) -> list[Line]:
    """A line with a small number 10 pt to the left or the right of it; maybe a line of its own."""
    glyphs = set_glyphs(text, x=72, y=y)
    if number is not None:
        digits = str(number)
        x = 62 - ADVANCE_EM * size * len(digits) if side == "left" else glyphs[-1].x1 + 10
        glyphs = [*set_glyphs(digits, x=x, y=y, size=size), *glyphs]
    return join_fragments(fragments(glyphs), 1, None)


def _texts(pages: Sequence[Sequence[Line]]) -> list[list[str]]:
    return [[line.text for line in lines] for lines in pages]


@pytest.mark.parametrize("side", ["left", "right"])
@pytest.mark.parametrize("step", [1, 5])
def test_numbers_in_either_margin_are_stripped(side: str, step: int) -> None:
    pages = []
    for page in range(3):
        lines = []
        for k, text in enumerate(TEXT):
            number = 10 * page + k + 1
            shown = number if number % step == 0 else None
            lines += _numbered(shown, text, 120 + 12 * k, side)
        pages.append(lines)
    if step == 5:
        pages *= 2  # two numbers a page are few, but they are many over all pages
    found = strip_line_numbers(pages)
    assert _texts(found) == [TEXT] * len(pages)
    assert all(line.x0 == 72 for lines in found for line in lines)


def test_a_number_beside_no_text_is_left_out() -> None:
    lines = [x for k, t in enumerate(TEXT) for x in _numbered(k + 1, t, 120 + 12 * k, "left")]
    lines.append(set_line("11", x=56, y=240, size=6))
    assert _texts(strip_line_numbers([lines])) == [TEXT]


def test_numbers_that_do_not_count_lines_stay() -> None:
    lines = [
        set_line(f"{number} K was the value", x=40, y=120 + 12 * k)
        for k, number in enumerate((39, 16, 92, 18, 23, 77))
    ]
    assert strip_line_numbers([lines]) == [lines]


def test_the_index_of_a_table_within_the_text_stays() -> None:
    names = [f"sample {name}" for name in "abcdef"]
    rows = [x for k, t in enumerate(names) for x in _numbered(k + 1, t, 120 + 12 * k, "left")]
    text = set_column(TEXT, x=50, y=300)
    assert strip_line_numbers([[*rows, *text]]) == [[*rows, *text]]


def test_the_index_of_a_table_on_one_of_many_pages_stays() -> None:
    names = [f"sample {name}" for name in "abcdefgh"]
    rows = [x for k, t in enumerate(names) for x in _numbered(k + 1, t, 120 + 12 * k, "left")]
    pages = [rows, *[set_column(TEXT, x=72, y=120) for _ in range(5)]]
    assert strip_line_numbers(pages) == pages


def test_numbers_at_the_end_of_sentences_stay() -> None:
    lines = [set_line(f"the value of the sample is {k}", y=120 + 12 * k) for k in range(8)]
    assert strip_line_numbers([lines]) == [lines]


def test_no_lines() -> None:
    assert strip_line_numbers([[], []]) == [[], []]
