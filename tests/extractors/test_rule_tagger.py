"""The rule tagger on sentences as papers write them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scmine.extractors.claim import Label
from scmine.extractors.document import Passage, PassageKind
from scmine.extractors.rule_tagger import RuleTagger, names_tc


def tagged(text: str, *labels: Label) -> list[tuple[str, str]]:
    [found] = RuleTagger().tag([Passage(PassageKind.PARAGRAPH, text)])
    return [(m.label.value, m.text) for m in found if m.label in labels]


ELECTRON_PHONON = (Label.LAMBDA, Label.OMEGA_LOG, Label.OMEGA2, Label.MU_STAR)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("with λ = 2.19 and ωlog = 1100 K", [("lambda", "2.19"), ("omega_log", "1100 K")]),
        ("an electron–phonon coupling constant λ of 0.64", [("lambda", "0.64")]),
        ("the logarithmic average frequency ωlog is 95 meV", [("omega_log", "95 meV")]),
        ("a Coulomb pseudopotential μ* = 0.10", [("mu_star", "0.10")]),
        ("μ* = 0.10–0.13", [("mu_star", "0.10–0.13")]),
        ("the penetration depth λ = 1.5 was", []),
        ("x-rays with wavelength λ = 1.54 Å", []),
        ("λ = 170 nm", []),
        ("Tc = ΘD exp(−1/λ), where ΘD = 2.0", []),
    ],
)
def test_electron_phonon_quantities(text: str, expected: list[tuple[str, str]]) -> None:
    assert tagged(text, *ELECTRON_PHONON) == expected


@pytest.mark.parametrize(
    ("before", "expected"),
    [
        ("superconductivity sets in at ", True),
        ("has a critical temperature Tc of ", True),
        ("the transition temperature of Sc2IrSi decreases slightly to ", True),
        ("a structural transition was found at ", False),
        ("the Tc of the film, although TN is ", False),
        ("was annealed at ", False),
    ],
)
def test_words_that_name_a_tc(before: str, expected: bool) -> None:
    assert names_tc(before) is expected


def test_a_bulk_modulus_is_no_pressure() -> None:
    assert tagged("at 5 GPa", Label.PRESSURE) == [("pressure", "5 GPa")]
    assert tagged("with a bulk modulus of 249 GPa", Label.PRESSURE) == []
    assert tagged("B = 249 GPa", Label.PRESSURE) == []


def test_lattice_parameters_stay_together() -> None:
    found = tagged("lattice parameters a = 3.95 Å and c = 13.20 Å", Label.LATTICE)
    assert found == [("lattice", "a = 3.95 Å and c = 13.20 Å")]


@given(st.text(max_size=120))
def test_any_text_gives_ordered_mentions_that_quote_it(text: str) -> None:
    [found] = RuleTagger().tag([Passage(PassageKind.PARAGRAPH, text)])
    assert [m.start for m in found] == sorted(m.start for m in found)
    assert all(m.text.strip() == text[m.start : m.end].strip() for m in found)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a sample of H2S and LaH10.", ["H2S", "LaH10"]),
        ("in LiFeAs and (Sr,Ca)2CuO2Cl2, as", ["LiFeAs", "(Sr,Ca)2CuO2Cl2"]),
        ("Tc(P) at 9 MHz with CuKα and SC", []),
        ("of ThCr2Si2-type, P4/nmm", []),
        ("In the As-grown No. 2", []),
    ],
)
def test_compounds_by_formula(text: str, expected: list[str]) -> None:
    assert [words for _, words in tagged(text, Label.MATERIAL)] == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("λ = 2.1, 2.2 and 2.3 at 150 GPa", ["2.1", "2.2", "2.3"]),
        ("λ increases from 0.5 to 0.9 with pressure", ["0.5 to 0.9"]),
    ],
)
def test_several_values_are_a_list_or_a_range(text: str, expected: list[str]) -> None:
    assert [words for _, words in tagged(text, Label.LAMBDA)] == expected


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("the 90 K superconductor YBa2Cu3O7", ["90 K"]),
        ("a 12K superconducting film", ["12K"]),
        ("split transitions at Tc1 = 530 mK and Tc2 = 480 mK", ["530 mK", "480 mK"]),
        ("It was cooled to 2 K superconducting magnets aside", []),
        ("at 90 K superconductors lose their strength", []),
    ],
)
def test_temperatures_that_tell_superconductors_apart(text: str, values: list[str]) -> None:
    assert [v for _, v in tagged(text, Label.TC_VALUE)] == values


def test_nicknames_and_elements_are_materials() -> None:
    text = "The Bi2223 phase and a Pb manometer were superconducting, not the 1111 phase."
    assert [m for _, m in tagged(text, Label.MATERIAL)] == ["Bi2223", "Pb"]
