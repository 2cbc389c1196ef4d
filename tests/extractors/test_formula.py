"""Formulas as printed: reading, substitution, composition, and what is no formula."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scmine.extractors.elements import elements
from scmine.extractors.formula import Formula, looks_like_formula, parse_formula

SYMBOLS = sorted(set(elements()) - {"D"})


def read(text: str) -> Formula:
    formula = parse_formula(text)
    assert formula is not None, text
    return formula


@pytest.mark.parametrize(
    ("printed", "canonical"),
    [
        ("La 2−x Sr x CuO 4", "La2-xSrxCuO4"),
        ("(Ba1-xKx)Fe2As2", "Ba1-xKxFe2As2"),
        ("Ba(Fe1-xCox)2As2", "Ba(Fe1-xCox)2As2"),
        ("(Sr,Ca)2CuO2Cl2", "(Sr,Ca)2CuO2Cl2"),
        ("Sr 2 (Mg, Ti)FeAsO 3", "Sr2(Mg,Ti)FeAsO3"),
        ("YBa2Cu3O7-δ", "YBa2Cu3O7-δ"),
        ("YBa2Cu3O7-d", "YBa2Cu3O7-δ"),
        ("Na x CoO 2 ⋅yH 2 O", "NaxCoO2·yH2O"),
        ("H₃S", "H3S"),
        ("F e 0.5 Cu 0.5 Sr 2 Y Cu 2 O 7+δ", "Fe0.5Cu0.5Sr2YCu2O7+δ"),
        ("Bi 2 Sr 2 Ca n−1 Cu n O 2n+4+δ", "Bi2Sr2Can-1CunO2n+4+δ"),
        ("Nd 1.82Ϫx Sr x Ce 0.18 CuO y", "Nd1.82-xSrxCe0.18CuOy"),
        ("LaO 0:9 F 0:1 FeAs", "LaO0.9F0.1FeAs"),
        ("Mg 11 B 2", "MgB2"),
        ("[Ca4Al2O6]Fe2As2", "Ca4Al2O6Fe2As2"),
    ],
)
def test_canonical_string(printed: str, canonical: str) -> None:
    assert str(read(printed)) == canonical


@pytest.mark.parametrize(
    ("printed", "composition"),
    [
        ("H3S", {"H": 3, "S": 1}),
        ("D3S", {"D": 3, "S": 1}),
        ("LaH10", {"La": 1, "H": 10}),
        ("K3C60", {"K": 3, "C": 60}),
        ("Nb", {"Nb": 1}),
        ("Na0.3CoO2·1.3H2O", {"Na": 0.3, "Co": 1, "O": 3.3, "H": 2.6}),
        ("Ca10(Pt3As8)(Fe2As2)5", {"Ca": 10, "Pt": 3, "As": 18, "Fe": 10}),
        ("Na1/3CoO2", {"Na": 1 / 3, "Co": 1, "O": 2}),
        ("(TMTSF)2PF6", {"C": 20, "H": 24, "Se": 8, "P": 1, "F": 6}),
    ],
)
def test_composition(printed: str, composition: dict[str, float]) -> None:
    assert read(printed).composition() == pytest.approx(composition)


@pytest.mark.parametrize(
    ("printed", "prefix", "rest"),
    [("β-YbAlB4", "β", "YbAlB4"), ("2H-NbSe2", "2H", "NbSe2"), ("Fm-3m-LaH10", "Fm-3m", "LaH10")],
)
def test_phase_label_is_kept_apart(printed: str, prefix: str, rest: str) -> None:
    formula = read(printed)
    assert (formula.prefix, str(formula)) == (prefix, rest)


def test_amounts_are_exact_linear_expressions() -> None:
    lanthanum = read("La2-2xSrxCuO4").amounts["La"]
    assert lanthanum.constant == 2
    assert lanthanum.coefficients == {"x": Fraction(-2)}


def test_nested_variables_multiply() -> None:
    formula = read("(Y1-xCax)1-yBa2")
    assert formula.variables == {"x", "y"}
    composition = formula.substitute({"x": 0.1, "y": "0.2"}).composition()
    assert composition == pytest.approx({"Y": 0.72, "Ca": 0.08, "Ba": 2})


def test_substitution_of_sites_and_variables() -> None:
    formula = read("RFeAsO1-xFx")
    assert (formula.variables, formula.placeholders) == ({"x"}, {"R"})
    assert formula.composition() is None
    assert str(formula.substitute({"R": "La", "x": "0.11"})) == "LaFeAsO0.89F0.11"
    assert str(formula.substitute({"x": 0})) == "RFeAsO"
    assert str(read("Ca n+1 Cu n O y").substitute({"n": 2, "y": "3n"})) == "Ca3Cu2O3n"


def test_impossible_value_is_an_error() -> None:
    with pytest.raises(ValueError, match="no possible formula"):
        read("La2-xSrxCuO4").substitute({"x": 3})
    with pytest.raises(ValueError, match="names no element"):
        read("AFe2As2").substitute({"A": "something"})


@pytest.mark.parametrize(
    "text",
    [
        "",
        "((((",
        "Bi2212",
        "Y123",
        "x",
        "superconductor",
        "P4/mmm",
        "Ca-1",
        "YBa2Cu3O72d",
        "CuO4+2",
    ],
)
def test_what_is_no_formula(text: str) -> None:
    assert parse_formula(text) is None


@pytest.mark.parametrize(
    "text",
    ["In", "As", "No", "He", "I", "SC", "Tc", "CO", "ESR", "YBCO", "B1", "A15", "NaN", "III"],
)
def test_words_and_acronyms_are_refused_in_running_text(text: str) -> None:
    assert not looks_like_formula(text)


@pytest.mark.parametrize("text", ["MgB2", "NbN", "FeSe", "Nb", "LaFeAsO", "H2", "AFe2As2", "CaC6"])
def test_formulas_are_taken_in_running_text(text: str) -> None:
    assert looks_like_formula(text)


@given(st.text(max_size=60))
def test_any_string_is_survived(text: str) -> None:
    formula = parse_formula(text)
    assert formula is None or str(formula)


@given(
    st.lists(
        st.tuples(st.sampled_from(SYMBOLS), st.integers(1, 40)),
        min_size=2,
        max_size=6,
        unique_by=lambda pair: pair[0],
    ),
    st.sampled_from(["", " "]),
)
def test_printed_composition_comes_back(pairs: list[tuple[str, int]], blank: str) -> None:
    printed = blank.join(f"{symbol}{blank}{amount}" for symbol, amount in pairs)
    formula = read(printed)
    assert formula.composition() == dict(pairs)
    assert read(str(formula)).composition() == formula.composition()
