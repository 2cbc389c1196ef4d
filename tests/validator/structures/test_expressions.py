"""Coordinates written as expressions."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scmine.validator.structures.expressions import affine, linear


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("x", (1, 0, 0, 0)),
        ("-z", (0, 0, -1, 0)),
        ("1/2-y", (0, -1, 0, 0.5)),
        ("2x", (2, 0, 0, 0)),
        ("x/2", (0.5, 0, 0, 0)),
        ("½+x", (1, 0, 0, 0.5)),
        ("0.25", (0, 0, 0, 0.25)),
        ("−x + y", (-1, 1, 0, 0)),
        (".5", (0, 0, 0, 0.5)),
    ],
)
def test_expressions_are_read(text: str, expected: tuple[float, ...]) -> None:
    assert linear(text) == expected


@pytest.mark.parametrize("text", ["", "free", "x y", "1/0", "x*y", "1..2", "+", "x" * 100])
def test_other_texts_are_none(text: str) -> None:
    assert linear(text) is None


@given(st.text(alphabet="xyz0123456789+-/. ½", max_size=80))
def test_any_text_is_read_or_refused(text: str) -> None:
    row = linear(text)
    assert row is None or len(row) == 4


def test_a_triplet_needs_three_parts() -> None:
    assert affine("x,y") is None
    assert affine("x,y,z,x") is None
