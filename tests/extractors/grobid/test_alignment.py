"""Where a text stands among lines: exact, with what readers do to texts, and hostile."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scmine.extractors.grobid.alignment import Characters, align, plain_text
from scmine.extractors.pdf.lines import Line
from tests.extractors.pdf.typeset import set_column

COLUMN = (
    "We have measured the resistivity of single crystals under",
    "hydrostatic pressure up to six gigapascal. The transition of",
    "the compound La_{2-x}Sr_{x}CuO_{4} moves from thirty to forty kelvin",
    "while its width stays below one kelvin, as Fig. 3 shows.",
    "This behaviour was predicted by several groups years ago.",
)
TEXT = " ".join(line.replace("_{", " ").replace("}", " ") for line in COLUMN)


def column(*extra: str, at: int = 0) -> list[Line]:
    lines = list(COLUMN)
    lines[at:at] = extra
    return set_column(lines)


def found(text: str, lines: list[Line]) -> tuple[str, float, float]:
    """The characters that are ``text``, and how well they agree."""
    among = Characters.of(lines)
    match = align(text, among)
    return "|".join(among.text[a:b] for a, b in match.stretches), match.likeness, match.lost


def test_a_text_is_found_whatever_its_blanks_and_case() -> None:
    assert found(TEXT, column()) == (plain_text(TEXT), 1.0, 0.0)
    assert found(TEXT.upper().replace(" ", "  "), column())[1:] == (1.0, 0.0)


def test_what_stands_between_its_lines_is_left_out() -> None:
    lines = column("FIG. 3. A caption that floats into the middle of the paragraph.", at=2)
    stretches, likeness, lost = found(TEXT, lines)
    assert stretches.replace("|", "") == plain_text(TEXT)
    assert (likeness, lost) == (1.0, 0.0)


def test_our_characters_take_the_place_of_mangled_ones() -> None:
    mangled = TEXT.replace("La 2-x", "La □ 2□").replace("CuO 4", "CO u4")
    stretches, likeness, lost = found(mangled, column())
    assert stretches == plain_text(TEXT)
    assert likeness > 0.95
    assert lost < 0.01


def test_lines_in_another_order_are_put_into_the_texts() -> None:
    lines = column()
    stretches, likeness, lost = found(TEXT, lines[3:] + lines[:3])
    assert stretches.replace("|", "") == plain_text(TEXT)
    assert (likeness, lost) == (1.0, 0.0)


def test_what_we_lack_is_counted() -> None:
    _, likeness, lost = found(TEXT, column()[:3])
    assert 0.55 < likeness < 0.75
    assert 0.3 < lost < 0.45


def test_ranges_that_are_spelled_out_are_no_loss() -> None:
    lines = set_column(["Many groups have studied this [1-5] and found the same [7-9]."])
    text = "Many groups have studied this [1][2][3][4][5] and found the same [7][8][9]."
    stretches, _, lost = found(text, lines)
    assert stretches.replace("|", "").startswith("manygroupshavestudiedthis1")
    assert lost == 0.0


def test_scripts_in_another_order_belong_to_the_end() -> None:
    lines = set_column(["The transition is slightly broader than expected for H_{c2}^{WHH}(0)."])
    assert found("The transition is slightly broader than expected for H WHH c2 (0).", lines)[
        0
    ] == (plain_text(lines[0].text))


def test_another_text_is_not_found() -> None:
    _, likeness, lost = found("Nothing of the kind is said anywhere on these pages.", column())
    assert likeness < 0.3
    assert lost > 0.7


def test_of_a_text_that_is_there_twice_the_first_is_taken() -> None:
    lines = set_column(["Results", "are", "Results"])
    assert align("Results", Characters.of(lines)).stretches == ((0, 7),)


def test_a_phrase_that_recurs_far_away_does_not_lead_there() -> None:
    far = [f"Line {n} of quite another paragraph about things number {n}." for n in range(60)]
    title = "Resistivity of single crystals under hydrostatic pressure"
    stretches, likeness, _ = found(TEXT, set_column([title, *far, *COLUMN]))
    assert stretches.startswith("wehavemeasured")
    assert likeness > 0.99


@pytest.mark.parametrize("text", ["", " ", "…", "–"])
def test_a_text_without_letters_is_nowhere(text: str) -> None:
    assert found(text, column())[0] == ""


@given(st.text(), st.lists(st.text(st.characters(codec="utf-8"), min_size=1), max_size=5))
def test_stretches_are_within_and_apart(text: str, texts: list[str]) -> None:
    typed = [t for t in (" ".join(t.split()) for t in texts) if t and not set(t) & set("_^{}")]
    among = Characters.of(set_column(typed)) if typed else Characters.of([])
    match = align(text, among)
    taken = [k for a, b in match.stretches for k in range(a, b)]
    assert all(0 <= k < len(among.text) for k in taken)
    assert len(set(taken)) == len(taken)
    assert 0.0 <= match.likeness <= 1.0
    assert 0.0 <= match.lost <= 1.0


@given(st.integers(0, len(TEXT)), st.integers(0, len(TEXT)))
def test_any_part_of_a_text_is_found_if_it_is_long(start: int, end: int) -> None:
    part = TEXT[start:end]
    if len(plain_text(part)) >= 40:
        assert found(part, column())[1:] == (1.0, 0.0)


@pytest.mark.parametrize("text", ["ab" * 200_000, "a" * 400_000, "0123456789abcdef" * 25_000])
def test_time_is_bounded_for_texts_that_repeat(text: str) -> None:
    started = time.monotonic()
    among = Characters.of(set_column([text[:2000]] * 20))
    align(text, among)
    assert time.monotonic() - started < 10
