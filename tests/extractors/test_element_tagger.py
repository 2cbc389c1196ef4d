"""Elements as materials: by their sample, a Tc beside them or their name, and nothing else."""

from __future__ import annotations

import pytest

from scmine.extractors.element_tagger import element_mentions


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("The pressure was read from Tc of Pb at low temperature.", ["Pb"]),
        ("A small piece of In [Tc(0) = 3.4 K] served as a manometer.", ["In"]),
        ("It was checked with a Zn plate, Tc = 0.875 K.", ["Zn"]),
        ("Superconductivity was known in mercury (4.15 K) and lead (7.2 K).", ["mercury", "lead"]),
        ("A similar ξ was reported for tungsten (ξ = 32 μm, Tc = 15.4 mK).", ["tungsten"]),
        ("λ is that of W (λ = 0.28, Tc = 12 mK) or Be (λ = 0.23, Tc = 26 mK).", ["W", "Be"]),
    ],
)
def test_elements_that_superconduct(text: str, found: list[str]) -> None:
    assert [m.text for m in element_mentions(text)] == found


@pytest.mark.parametrize(
    "text",
    [
        "In films of MgB2 the superconducting Tc is 38 K.",
        "Zn doping lowers Tc of YBa2Cu3O7.",
        "The Nb-doped samples are superconducting.",
        "A superconducting film with tin substitution has V = 1 and leads to a lower Tc.",
        "Nb films were sputtered at room temperature.",
    ],
)
def test_words_dopants_and_quantities_are_none(text: str) -> None:
    assert element_mentions(text) == []


def test_a_long_text_takes_no_time() -> None:
    assert element_mentions("Tc " + "Pb[" * 20_000) == []
