"""The key of a composition: one for all spellings and multiples of it, others for others."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scmine.extractors.elements import elements
from scmine.validator.references.composition import (
    material_of_amounts,
    read_material,
    system_of,
)

ELEMENTS = sorted(s for s in elements() if s not in {"D", "C"})  # C60 is a molecule of its own
COMPOSITIONS = st.dictionaries(
    st.sampled_from(ELEMENTS), st.integers(1, 12), min_size=2, max_size=5
)


def _printed(amounts: dict[str, float], order: list[str]) -> str:
    return "".join(f"{s}{amounts[s]:g}" for s in order)


@given(COMPOSITIONS, st.randoms(use_true_random=False), st.integers(1, 4))
def test_order_and_multiples_do_not_change_the_key(amounts, random, times):
    order = list(amounts)
    random.shuffle(order)
    first = material_of_amounts(amounts)
    again = material_of_amounts({s: amounts[s] * times for s in order})
    half = material_of_amounts({s: amounts[s] / 2 for s in order})
    assert first is not None
    assert again is not None
    assert half is not None
    assert first.key == again.key == half.key
    assert first.system == again.system


@given(COMPOSITIONS, st.sampled_from(ELEMENTS))
def test_one_more_atom_is_another_material(amounts, symbol):
    more = {**amounts, symbol: amounts.get(symbol, 0) + sum(amounts.values())}
    first, second = material_of_amounts(amounts), material_of_amounts(more)
    assert first is not None
    assert second is not None
    assert first.key != second.key


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Ba2YCu3O7", "Y1Ba2Cu3O7"),
        ("H30La3", "LaH10"),
        ("Ba0.2K0.3FeAs", "(Ba0.4K0.6)Fe2As2"),
        ("Ag0.667Al0.333", "Ag2Al"),
        ("YBa2Cu3O7-x", "YBa2Cu3O7-δ"),
    ],
)
def test_spellings_of_one_material(one: str, other: str):
    first, second = read_material(one), read_material(other)
    assert first is not None
    assert second is not None
    assert first.key == second.key


@pytest.mark.parametrize("formula", ["", "foo", "AFe2As2", "a superconductor", "Ba-1Cu3O7"])
def test_what_names_no_composition_gives_none(formula: str):
    assert read_material(formula) is None


def test_an_open_amount_stays_open():
    material = read_material("Bi2Sr2CaCu2OY")
    assert material is not None
    assert material.open_amounts
    assert "O" not in material.composition
    assert material.system == "Bi-Ca-Cu-O-Sr"


def test_technetium_is_an_element_and_deuterium_is_hydrogen_in_a_system():
    assert read_material("VTc").composition == {"V": 1.0, "Tc": 1.0}
    assert read_material("D3S").key != read_material("H3S").key
    assert read_material("D3S").system == read_material("H3S").system == "H-S"
    assert system_of(["T", "Pd"]) == "H-Pd"


def test_amounts_of_no_element_give_none():
    assert material_of_amounts({"Xx": 1.0}) is None
    assert material_of_amounts({"H": 0.0}) is None
