"""The normal form: two spellings of one material are equal, two materials are not."""

from __future__ import annotations

import random
from fractions import Fraction

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from scmine.extractors import normal_form, same_material
from scmine.extractors.elements import elements
from scmine.extractors.formula import parse_formula

SYMBOLS = sorted(set(elements()) - {"T"})


@pytest.mark.parametrize(
    ("printed", "expected"),
    [
        ("SH3", "H3S"),
        ("D3S", "D3S"),
        ("As2Fe2Ba", "BaFe2As2"),
        ("Ba2Fe4As4", "BaFe2As2"),
        ("(La0.925Sr0.075)2CuO4", "Sr0.15La1.85CuO4"),
        ("Ba(Fe0.92Co0.08)2As2", "BaFe1.84Co0.16As2"),
        ("La0.5Ce0.5H10", "LaCeH20"),
        ("(Y,La)H10", "(La,Y)H10"),
        ("YBa2Cu3O7-δ", "Ba2YCu3O7-x"),
        ("YBCO", "Ba2YCu3O7-x"),
        ("Na0.35CoO2·1.3H2O", "Na0.35CoH2.6O3.3"),
        ("Na0.333CoO2", "NaCo3O6"),
        ("Na1/3CoO2", "NaCo3O6"),
        ("K3C60", "K3C60"),
        ("Cs6(C60)2", "Cs3C60"),
        ("Mg11B2", "MgB2"),
        ("magnesium diboride", "MgB2"),
        ("κ-(BEDT-TTF)2Cu[N(CN)2]Br", "CuH16C22S16BrN3"),
    ],
)
def test_form(printed: str, expected: str) -> None:
    assert normal_form(printed) == expected


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("LaFeAsO0.9F0.1", "LaO 0.9 F 0.1 FeAs"),
        ("YBa2Cu3O7−δ", "Ba2YCu3O7-y"),
        ("La2-xSrxCuO4", "SryLa2-yCuO4"),
        ("Bi-2212", "Bi2Sr2CaCu2O8+x"),
        ("[(Li0.8Fe0.2)OH]FeSe", "Li0.8Fe1.2HOSe"),
        ("2H-NbSe2", "NbSe2"),
        ("niobium", "Nb"),
        ("hydrogen sulfide", "Hydrogen sulfide"),
    ],
)
def test_the_same(a: str, b: str) -> None:
    assert same_material(a, b)
    assert same_material(b, a)


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("H3S", "D3S"),
        ("LaH10", "LaD10"),
        ("YBa2Cu3O7-δ", "YBa2Cu3O7"),
        ("YBa2Cu3O7-δ", "YBa2Cu3O6+δ"),
        ("La1.85Sr0.15CuO4", "La1.84Sr0.16CuO4"),
        ("2H-TaS2", "1T-TaS2"),
        ("C60", "C"),
        ("hydrogen sulfide", "H3S"),
        ("hydrogen sulfide", "lanthanum hydride"),
        ("FeSe", "superconductor"),
    ],
)
def test_not_the_same(a: str, b: str) -> None:
    assert not same_material(a, b)


def test_what_is_no_formula_is_an_error() -> None:
    with pytest.raises(ValueError, match="is no formula"):
        normal_form("hydrogen sulfide")


COMPOSITIONS = st.dictionaries(
    st.sampled_from(SYMBOLS),
    st.decimals(1, 12, places=2).map(Fraction),
    min_size=2,
    max_size=6,
)


def printed(parts: list[tuple[str, Fraction]]) -> str:
    return " ".join(f"{s} {float(amount):.4f}" for s, amount in parts)


@given(COMPOSITIONS, st.randoms(use_true_random=False), st.sampled_from([1, 2, 3, 5, 10]))
def test_order_and_multiple_do_not_matter(
    composition: dict[str, Fraction], rng: random.Random, factor: int
) -> None:
    # Sixty atoms of carbon are a molecule, twelve are not: there the multiple does matter.
    assume(not {composition.get("C"), composition.get("C", 0) * factor} & {60, 70})
    parts = list(composition.items())
    shuffled = rng.sample([(s, amount * factor) for s, amount in parts], len(parts))
    assert normal_form(printed(shuffled)) == normal_form(printed(parts))


@example({"C": Fraction(13, 10), "Ac": Fraction(106, 25)})  # Ac212C65 would read Ac2, carbon 12
@given(COMPOSITIONS)
def test_a_form_is_its_own_form(composition: dict[str, Fraction]) -> None:
    form = normal_form(printed(list(composition.items())))
    assert normal_form(form) == form
    read = parse_formula(form)
    assert read is not None
    amounts = read.composition()
    assert amounts is not None
    total, expected = sum(amounts.values()), float(sum(composition.values()))
    assert {s: a / total for s, a in amounts.items()} == pytest.approx(
        {s: float(a) / expected for s, a in composition.items()}, abs=1e-5
    )


@given(st.permutations("xyz"), st.permutations(["La2-a-bSraCeb", "Cu1-cZnc", "O4"]))
def test_names_of_variables_do_not_matter(names: list[str], parts: list[str]) -> None:
    table = str.maketrans(dict(zip("abc", names, strict=True)))
    text = "".join(p.replace("La", "L_").replace("Sr", "S_").replace("Ce", "C_") for p in parts)
    text = text.translate(table).replace("L_", "La").replace("S_", "Sr").replace("C_", "Ce")
    assert normal_form(text) == normal_form("La2-x-ySrxCeyCu1-zZnzO4")


@given(st.text(max_size=40), st.text(max_size=40))
def test_any_two_texts_can_be_compared(a: str, b: str) -> None:
    assert same_material(a, b) == same_material(b, a)
    assert not a.strip() or same_material(a, a) == same_material(a, a)
