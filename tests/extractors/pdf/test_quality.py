"""Quality: which text layers are taken for broken."""

from __future__ import annotations

import pytest

from scmine.extractors.pdf.quality import (
    MAX_UNMAPPED_SHARE,
    MIN_CHARACTERS,
    MIN_WORDS,
    judge,
    letter_likeness,
    text_problem,
)
from tests.extractors.pdf.typeset import set_column

PROSE = "the films of niobium nitride were grown on sapphire and the transition is sharp"
CAESAR = PROSE.translate({97 + k: 97 + (k + 13) % 26 for k in range(26)})
NO_LETTERS = "#5$ %8& 1!2 '?0 {6}"


def test_prose_is_fine() -> None:
    assert text_problem([PROSE] * 60, 0) == ""


def test_too_little_text_says_nothing() -> None:
    lines = [NO_LETTERS] * 20
    assert sum(len(x.replace(" ", "")) for x in lines) < MIN_CHARACTERS
    assert text_problem(lines, 300) == ""


@pytest.mark.parametrize(("share", "broken"), [(0.9, False), (1.1, True)])
def test_characters_without_a_meaning(share: float, broken: bool) -> None:
    lines = [PROSE] * 60
    visible = sum(len(x.replace(" ", "")) for x in lines)
    problem = text_problem(lines, round(share * MAX_UNMAPPED_SHARE * visible))
    assert ("Unicode" in problem) is broken


def test_a_layer_without_letters_is_broken() -> None:
    assert "not prose" in text_problem([NO_LETTERS] * 60, 0)


def test_numbers_among_prose_are_fine() -> None:
    # A paper of tables: few letters, but its prose is there.
    assert (
        text_problem([PROSE, "12 34.5 67.8 (9) 10.11 12.13 14.15 16 17 18 19 20 21 " * 3] * 20, 0)
        == ""
    )


def test_mapped_letters_are_told_by_missing_function_words() -> None:
    words = len(CAESAR.split())
    assert text_problem([CAESAR] * (MIN_WORDS // words - 2), 0) == ""
    assert "function words" in text_problem([CAESAR] * (MIN_WORDS // words + 2), 0)


def test_a_font_without_meanings_is_named() -> None:
    pages = [set_column([PROSE] * 40)]
    quality = judge(pages, {"MathSymbols": 30}, {"MathSymbols": 40, "Times-Roman": 4000})
    assert quality.problem == ""
    assert list(quality.fonts) == ["MathSymbols"]
    assert "30 of its 40" in quality.fonts["MathSymbols"]
    assert not judge(pages, {"MathSymbols": 3}, {"MathSymbols": 4}).fonts


def test_pages_of_dots_and_numbers_are_fine() -> None:
    contents = [f"Films {'. ' * 40} {k}" for k in range(40)]
    table = ["12.3 (4) 5.67 +0.12 -3.4 8.9 10.1"] * 40
    assert not judge(
        [set_column([PROSE] * 60), set_column(contents), set_column(table)], {}, {}
    ).pages


@pytest.mark.parametrize("years", [["(1998)"] * 9 + ["(3774)"], ["(3774)"] * 5, ["(300)"] * 20])
def test_years_that_are_fine_or_too_few(years: list[str]) -> None:
    assert judge([set_column([PROSE] * 40 + years)], {}, {}).problem == ""


def test_likeness_of_languages() -> None:
    german = "die Proben wurden unter Druck abgekühlt und anschließend gemessen"
    assert letter_likeness(german) > 0.85
    assert letter_likeness(CAESAR) < 0.7
    assert letter_likeness("Образцы были охлаждены") == 1.0


def test_no_text() -> None:
    assert text_problem([], 0) == ""
