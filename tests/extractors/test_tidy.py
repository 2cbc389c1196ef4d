"""Edges of mentions."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scmine.extractors.tidy import tidy


@pytest.mark.parametrize(
    ("text", "inner"),
    [
        ("specific heat.", "specific heat"),
        ("FeSe,", "FeSe"),
        ('"record" Tc', 'record" Tc'),
        ("(Ba,K)Fe2As2", "(Ba,K)Fe2As2"),
        ("Mg(B1-xCx)2", "Mg(B1-xCx)2"),
        ("x ≤ 0.12)", "x ≤ 0.12"),
        ("(n = 2)", "n = 2"),
        ("[LaFeAsO", "LaFeAsO"),
        (" 4 K ", "4 K"),
    ],
)
def test_edges(text: str, inner: str) -> None:
    start, end = tidy(text, 0, len(text))
    assert text[start:end] == inner


@given(st.text(alphabet='ab()[].," ', max_size=20))
def test_tidying_twice_changes_nothing_more(text: str) -> None:
    start, end = tidy(text, 0, len(text))
    assert 0 <= start <= end <= len(text)
    assert tidy(text, start, end) == (start, end)
