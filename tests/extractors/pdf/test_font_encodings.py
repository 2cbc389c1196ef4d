"""Fonts whose text layer does not say what they show."""

from __future__ import annotations

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from scmine.extractors.pdf.font_encodings import bitmap_encoding, font_encoding


def test_fonts_of_text_are_believed() -> None:
    for name in ("", "Times-Roman", "CMR10", "CMMI10", "Symbol", "AdvOT483a8203", "Helvetica"):
        assert font_encoding(name) is None


def test_greek_letters_of_a_nameless_mathematical_font_are_no_ligatures() -> None:
    assert bitmap_encoding(Counter({0x0C: 20, ord("x"): 30, ord("T"): 50})) is None


def test_few_characters_say_nothing() -> None:
    assert bitmap_encoding(Counter(map(ord, "the rest"))) is None


@given(st.text(max_size=40))
def test_any_name_is_answered(name: str) -> None:
    encoding = font_encoding(name)
    assert encoding is None or all(isinstance(c, str) for c in encoding.values())
