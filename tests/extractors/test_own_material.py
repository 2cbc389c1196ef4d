"""Which printed materials can be the one that a paper is about."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scmine.extractors.own_material import is_element, may_be


@pytest.mark.parametrize(
    ("printed", "own"),
    [
        ("LaFeAsO0.89F0.11", "LaFeAsO1-xFx"),
        ("sample B", "MgB2"),
        ("x = 0.25 sample", "BaFe2(As1-xPx)2"),
        ("the x = 0.4 sample with Ag2O2", "CoSr2YCu2O7"),
        ("RbOs2O6", "AOs2O6"),
        ("LaFeAsO", "LaFeAsO1-xFx"),
    ],
)
def test_samples_and_members_of_the_series(printed: str, own: str) -> None:
    assert may_be(printed, own)


@pytest.mark.parametrize(
    ("printed", "own"),
    [("KOs2O6", "RbOs2O6"), ("Sr2RuO4", "NaxCoO2"), ("carbon", "MgB2"), ("Pb", "CeCoIn5")],
)
def test_other_compounds(printed: str, own: str) -> None:
    assert not may_be(printed, own)


@given(st.text(max_size=30), st.text(max_size=30))
def test_any_two_texts_can_be_compared(printed: str, own: str) -> None:
    assert may_be(printed, own) in (True, False)
    assert may_be(own, printed) in (True, False)


@pytest.mark.parametrize(
    ("printed", "one"),
    [("niobium", True), ("Pb", True), ("NbN", False), ("x = 0.4 with Ag2O2", False)],
)
def test_elements(printed: str, one: bool) -> None:
    assert is_element(printed) is one
