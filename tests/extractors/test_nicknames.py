"""Whether a nickname can mean a formula."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scmine.extractors.formula import parse_formula
from scmine.extractors.nicknames import covers, key_of, may_mean, site_counts


@pytest.mark.parametrize(
    ("name", "formula"),
    [
        ("LSCO", "La2-xSrxCuO4"),
        ("BKFA", "(Ba1-xKx)Fe2As2"),
        ("LFP", "LiFePO4"),
        ("NaCCOC", "Ca2-xNaxCuO2Cl2"),
        ("1% Ni-SLCO", "Sr0.9La0.1(Cu0.99Ni0.01)O2"),
        ("Co-1212", "CoSr2(Y1-xCax)Cu2O7+δ"),
        ("Hg-1201", "HgBa2CuO4+δ"),
        ("Ru-2122", "Eu2-xCexRuSr2Cu2O10-δ"),
        ("1111", "LaFeAsO1-xFx"),
        ("122", "BaFe2As2"),
        ("La-214", "La2-xSrxCuO4"),
    ],
)
def test_what_a_nickname_may_mean(name: str, formula: str) -> None:
    parsed = parse_formula(formula)
    assert parsed is not None
    assert may_mean(name, parsed)


@pytest.mark.parametrize(
    ("name", "formula"),
    [
        ("YBCO", "La2-xSrxCuO4"),
        ("SC", "FeSe"),
        ("AFM", "LaFeAsO"),
        ("1222", "CoSr2YCu2O7"),
        ("Bi-2212", "Tl2Ba2CaCu2O8"),
        ("XRD", "YBa2Cu3O7"),
    ],
)
def test_what_a_nickname_cannot_mean(name: str, formula: str) -> None:
    parsed = parse_formula(formula)
    assert parsed is not None
    assert not may_mean(name, parsed)


def test_a_nickname_covers_a_formula_if_no_element_is_left() -> None:
    lsco, zinc = parse_formula("La2-xSrxCuO4"), parse_formula("La2-xSrxCu1-yZnyO4")
    assert lsco is not None
    assert zinc is not None
    assert covers("LSCO", lsco)
    assert covers("SLCO", lsco)
    assert not covers("LSCO", zinc)


def test_neighbours_that_fill_a_site_together_count_as_one() -> None:
    bscco = parse_formula("Bi2Sr2Ca1-xYxCu2O8+δ")
    assert bscco is not None
    assert site_counts(bscco) == [("Bi", 2), ("Sr", 2), ("Ca", 1), ("Cu", 2), ("O", 8)]
    nothing = parse_formula("LaxSryCuO4")
    assert nothing is not None
    assert site_counts(nothing) is None


@given(st.text(alphabet="ABLSCOabx019 -:.'%()–", max_size=30))
def test_keys_do_not_change_once_made(text: str) -> None:
    assert key_of(key_of(text)) == key_of(text)
