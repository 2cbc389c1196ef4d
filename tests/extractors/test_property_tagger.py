"""Mentions of λ, ω_log, ω₂ and μ* in running text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scmine.extractors.claim import Label
from scmine.extractors.property_tagger import property_mentions


def found(text: str) -> list[tuple[str, str]]:
    return [(Label(m.label).value, m.text) for m in property_mentions(text)]


@pytest.mark.parametrize(
    "text",
    [
        "The phase has a λ of 2.19.",
        "The EPC parameter λ of YH10 (Fm-3m) at 250 GPa reaches 2.19.",
        "the electron–phonon coupling constant λep = 2.19(3)",
        "a total EPC strength λ as large as 2.19",
        "a strong electron-phonon coupling (λ ≈ 2.19)",
        "the e-ph coupling constant is found to be 2.19",
        "λe−ph can be calculated to be 2.19 by the formula",
        "the electron-phonon coupling constant, −h = 2.19",
        "λ(150 GPa) = 2.19",
    ],
)
def test_one_lambda(text: str) -> None:
    assert [(label, value[:4]) for label, value in found(text)] == [("lambda", "2.19")]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("ωlog = 1334.6 K", "1334.6 K"),
        ("an ωln of 122 meV", "122 meV"),
        ("⟨ωlog⟩ = 850 cm−1", "850 cm−1"),
        ("⟨ω⟩log reaches 29.4 THz", "29.4 THz"),
        ("a logarithmic average phonon frequency Ωlog of 1,080 K", "1,080 K"),
        ("The logarithmically averaged phonon frequency is 77 meV", "77 meV"),
        ("ωlog is 109 K to 120 K", "109 K to 120 K"),
    ],
)
def test_omega_log(text: str, value: str) -> None:
    assert found(text) == [("omega_log", value)]


@pytest.mark.parametrize("text", ["⟨ω2⟩1/2 = 12.6 meV", "〈ω2 〉 1/2 = 12.6 meV", "ω̄2 ≈ 12.6 meV"])
def test_omega2(text: str) -> None:
    assert found(text) == [("omega2", "12.6 meV")]


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("with μ* = 0.10", ["0.10"]),
        ("using a Coulomb pseudopotential of 0.13", ["0.13"]),
        ("μ∗ = 0.10–0.13", ["0.10–0.13"]),
        ("μ* ranging from 0.10 to 0.13", ["0.10 to 0.13"]),
        ("with μ* = 0.1 (0.13)", ["0.1", "0.13"]),
        ("for μ* values of 0.1 and 0.13", ["0.1", "0.13"]),
        ("a μ* of 0.10– 0.13.27", ["0.10– 0.13"]),
    ],
)
def test_mu_star(text: str, values: list[str]) -> None:
    assert found(text) == [("mu_star", value) for value in values]


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("λ = 1.2, 1.5 and 2.0 for A, B and C", ["1.2", "1.5", "2.0"]),
        ("λ of 2.1 at 150 GPa and 1.8 at 200 GPa", ["2.1", "1.8"]),
        ("λ rises from 1.2 at 100 GPa to 2.3 at 200 GPa", ["1.2", "2.3"]),
        ("λ falls from 2.3 to 1.2 with pressure", ["2.3 to 1.2"]),
        ("λ = 1.53 ± 0.13", ["1.53 ± 0.13"]),
    ],
)
def test_lists_and_ranges(text: str, values: list[str]) -> None:
    assert found(text) == [("lambda", value) for value in values]


def test_listed_names_take_the_values_in_order() -> None:
    text = "λ, ωlog and Tc of H3S at 200 GPa are 2.19, 1334.6 K and 204 K, respectively."
    expected = [("lambda", "2.19"), ("omega_log", "1334.6 K"), ("tcValue", "204 K")]
    assert found(text) == expected
    assert found("ΘD and λep are 506 K and 0.72") == [("lambda", "0.72")]


@pytest.mark.parametrize(
    "text",
    [
        "X-ray diffraction with Cu Kα radiation (λ = 1.5406 Å)",
        "synchrotron radiation of λ = 0.4250",
        "λ = 0.6199 A ˚ was used",
        "a London penetration depth λ(0) = 140(30) nm",
        "the magnetic penetration depth λ = 2.5",
        "thermal conductivity λ = 1.5 W/mK",
        "the spin-orbit coupling strength λ = 0.35",
        "the SOC parameter is λ = 0.3 eV",
        "λtr = 0.5, λsf = 0.3, λσσ = 1.02 and λz = 1.9",
        "the spin-fluctuation coupling λ = 0.5",
        "λ1 = 1.6 and λ2 = 0.16",
        "1 + λ = 2.3 and exp(−1/λ) = 0.2",
        "d ln λ/dp = −1.7 %/GPa",
        "for λ ≥ 1.5 and 1.2 < λ < 2.4",
        "λ is 1.5 times larger",
        "the formula, 1.04 + μ* ln(ΘD/1.45Tc) λ = 1.04 + 0.38",
        "λ increases by 0.3 under pressure",
        "λ is larger than 1.5",
        "λ and ωlog are listed in Table 2.1",
        "T* = 0.3 K and m* = 0.2",
    ],
)
def test_what_is_something_else(text: str) -> None:
    assert found(text) == []


def test_a_bare_symbol_needs_its_field_in_a_long_text() -> None:
    filler = "The strands were twisted and the coil was wound on a mandrel of steel. " * 12
    assert found(f"{filler}A margin of λ = 0.52 was kept. {filler}") == []
    own = "The electron-phonon interaction is strong. "
    assert found(f"{filler}{own}We find λ = 0.52 here. {filler}") == [("lambda", "0.52")]
    assert found(f"{own}We find λ = 0.52, where λ is the fraction of copper.") == []


def test_element_before_a_bracket_is_a_material() -> None:
    expected = [("material", "W"), ("lambda", "0.28"), ("material", "Be"), ("lambda", "0.23")]
    assert found("comparable to those of W (λ = 0.28) or Be (λ = 0.23)") == expected


@given(st.text(alphabet="λωμ*logeph=~ .,()–-0123456789KGPaTcof ", max_size=120))
def test_any_text_gives_mentions_within_it(text: str) -> None:
    for mention in property_mentions(text):
        assert text[mention.start : mention.end] == mention.text
        assert any(c.isdigit() for c in mention.text) or mention.label == Label.MATERIAL


@given(st.floats(0.1, 4.0), st.sampled_from(["λ = {}", "λ of {}", "an EPC constant of {}"]))
def test_any_value_is_found(value: float, form: str) -> None:
    assert found(form.format(f"{value:.2f}")) == [("lambda", f"{value:.2f}")]
