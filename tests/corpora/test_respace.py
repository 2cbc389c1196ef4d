"""Text as GROBID prints it becomes text as our reader prints it."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scmine.corpora.respace import reading_form, vocabulary
from scmine.corpora.types import GoldMention, GoldPassage, Paper
from scmine.extractors.claim import Label

WORDS = Counter({"in-plane": 3, "resistivity": 5})


def closed(text: str, mention: str = "", label: Label = Label.MATERIAL) -> tuple[str, str]:
    """The reading form of ``text`` and of ``mention`` in it."""
    start = text.index(mention)
    gold = (GoldMention(start, start + len(mention), label),) if mention else ()
    passage = reading_form(GoldPassage("paragraph", text, gold), WORDS)
    return passage.text, passage.surface(passage.mentions[0]) if gold else ""


@pytest.mark.parametrize(
    ("printed", "expected"),
    [
        ("La 2−x Sr x CuO 4", "La2−xSrxCuO4"),
        ("Ba(Fe 1−x Co x ) 2 As 2", "Ba(Fe1−xCox)2As2"),
        ("Na x CoO 2 •yH 2 O", "NaxCoO2•yH2O"),
        ("YBa 2 Cu 3 O 7-δ", "YBa2Cu3O7-δ"),
        ("underdoped Bi 2 Sr 2 CaCu 2 O 8+δ crystals", "underdoped Bi2Sr2CaCu2O8+δ crystals"),
    ],
)
def test_formulas_close_up_in_mentions(printed: str, expected: str) -> None:
    assert closed(f"The {printed} is cold.", printed) == (f"The {expected} is cold.", expected)


@pytest.mark.parametrize(
    ("printed", "expected"),
    [
        ("the resis- tivity and the in- plane", "the resistivity and the in-plane"),
        ("T c onset , T c .", "Tconset, Tc."),
        ("T c of 43 K and T = 2 K", "Tc of 43 K and T = 2 K"),
        ("at 2 .5 GPa", "at 2.5 GPa"),
        ("x = 0.1 and 0.2 in K 2 samples", "x = 0.1 and 0.2 in K2 samples"),
        ("Tc 43 K", "Tc 43 K"),
    ],
)
def test_symbols_hyphens_and_decimals(printed: str, expected: str) -> None:
    assert closed(printed)[0] == expected


def test_a_mention_is_never_glued_to_what_follows() -> None:
    assert closed("in KOs 2 O 6 15 also", "KOs 2 O 6")[1] == "KOs2O6"


def test_vocabulary_counts_words_with_and_without_hyphen() -> None:
    paper = Paper("a", (GoldPassage("title", "In-plane Resistivity resistivity"),))
    assert vocabulary([paper]) == {"in-plane": 1, "resistivity": 2}


TOKENS = (
    "La",
    "Sr",
    "x",
    "2",
    "4",
    "CuO",
    "2-x",
    "T",
    "c",
    "(",
    ")",
    ",",
    "of",
    "resis-",
    "tivity",
    "0.5",
)


@given(st.lists(st.sampled_from(TOKENS)))
def test_only_blanks_and_hyphens_at_line_ends_go(tokens: list[str]) -> None:
    text = " ".join(tokens)
    assert closed(text)[0].replace(" ", "").replace("-", "") == text.replace(" ", "").replace(
        "-", ""
    )
