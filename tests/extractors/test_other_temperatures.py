"""Temperatures that are no superconducting transition, told by the words around them."""

from __future__ import annotations

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scmine.extractors.lexicons import load_toml
from scmine.extractors.other_temperatures import other_kind

TEMPERATURE = re.compile(r"\[(.+?)\]")


def kind(text: str) -> str | None:
    """The kind of the temperature that ``text`` has in square brackets."""
    match = TEMPERATURE.search(text)
    assert match is not None
    return other_kind(text[: match.start()], match[1], text[match.end() :])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("orders at the Néel temperature of [130 K]", "named"),
        ("a Néel temperature TN of about [17 K]", "named"),
        ("with TN = [198 K]", "other_symbol"),
        ("and T CDW ≈ [32 K]", "other_symbol"),
        ("a jump at Td2 [∼ 41 K]", "other_symbol"),
        ("Tc drops by [∼ 5 K]", "difference"),
        ("a ferromagnetic Curie temperature TC = [131 K]", "named"),
        ("a Debye temperature of [320 K]", "named"),
        ("θD = [320 K]", "other_symbol"),
        ("the Kondo temperature is [11 K]", "named"),
        ("the Fermi temperature of [2000 K]", "named"),
        ("the irreversibility temperature Tirr, [25 K],", "named"),
        ("a structural transition at [198 K]", "anomaly"),
        ("a CDW sets in below [90 K]", "anomaly"),
        ("the SDW transition at [140 K] is suppressed", "anomaly"),
        ("orders antiferromagnetically below [6 K]", "structural_or_magnetic"),
        ("was annealed in flowing oxygen at [900 K] for 2 h", "treatment"),
        ("a film grown on MgO at [1050 K]", "treatment"),
        ("films were deposited at a substrate temperature of [950 K]", "named"),
        ("M-H loops at [5 K]", "measurement"),
        ("was measured at [5 K]", "measurement"),
        ("cooled down to [1.8 K]", "measurement"),
        ("operated at [20 K]", "measurement"),
        ("in the temperature range of [2-300 K]", "measurement"),
        ("the lowest measured temperature of [0.35 K]", "measurement"),
        ("Hc2 at [4.2 K] is 28 T", "measurement"),
        ("resistivity at room temperature ([300 K])", "room"),
        ("above the boiling point of liquid nitrogen ([77 K])", "named"),
        ("cooled with liquid nitrogen, [77 K]", "bath_point"),
        ("at [77 K], the boiling point of nitrogen", "bath_point"),
        ("Tc rises by [5 K]", "difference"),
        ("an increase of Tc of about [5 K]", "difference"),
        ("suppresses Tc by as much as [12 K]", "difference"),
        ("Tc was lowered by 30 K, 40 K and [46 K]", "difference"),
        ("ΔTc = [0.3 K]", "difference"),
        ("a sharp transition with a width of [0.5 K]", "difference"),
        ("a narrow ([0.5 K]) transition", "part_of_width"),
        ("which is about [1 K] higher than before", "difference"),
        ("at about 1/3 of [39 K]", "part_of"),
        ("measurements on MgB2 (Tc = 39 K) down to [0.4 K]", "limit"),
        ("We did not observe any transition at [9 K]", "limit"),
        ("without a zero-resistance state down to [2 K]", "limit"),
        ("the resistance reaches a maximum near [80 K]", "resistance_extremum"),
        ("the width did not exceed [15 mK]", "difference"),
        ("the difference of the onsets at 0 and 12 T is [4.5 K]", "difference"),
        ("disorder would decrease Tc by over [10 K]", "difference"),
        (
            "the computed Tc spreads over a wide range, i.e., 29 K for MgB2, [125 K] for H3S",
            "spread",
        ),
        ("unconventional superconductors reach [150 K]", "of_all_superconductors"),
        ("some think that [30 K] is the maximum for phonons", "of_all_superconductors"),
        ("since then oxides with Tc's up to [138 K] have emerged", "of_a_class"),
        ("a field of 16 T suppresses superconductivity in Nb3Sn only to [10 K]", "in_field"),
        ("as seen in the [10-15 K] measurements", "measurement"),
        ("For Nb3Sn at 12 T, critical temperatures of 6.3 K and [4.4 K]", "in_field"),
        ("losses can be as low at 4.3 K, instead of [2 K]", "instead_of"),
        ("with nearest-neighbour hopping t = 1 eV, Tc ≈ [160 K]", "model"),
        ("the critical temperature of the corresponding isotope at 30 K and [90 K]", "isotope"),
        ("the variation ranges from [0.1 K] to 0.3 K", "difference"),
    ],
)
def test_other_temperatures(text: str, expected: str) -> None:
    assert kind(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "superconductivity with Tc = [39 K]",
        "becomes superconducting below [39 K]",
        "Tc increases from [26 K] to 43 K",
        "Tc is suppressed to [5.2 K]",
        "the measured Tc is suppressed down to [5.2 K]",
        "Tc decreases with pressure, reaching [5 K]",
        "a diamagnetic signal is observed below [20 K]",
        "annealed samples show superconductivity at [38 K]",
        "a film grown at 1000 K has Tc = [38 K]",
        "TCurie ~ 135 K and Tc up to [72 K]",
        "a Curie-Weiss law above Tc = [43 K]",
        "coexists with magnetic order (TN = 130 K) below Tc = [20 K]",
        "superconducts above liquid nitrogen temperature at [93 K]",
        "superconductivity at room temperature, [288 K]",
        "the onset of superconductivity at [52 K]",
        "the transition measured by resistivity occurs at Tc of [52 K]",
        "the specific heat increases below [6.3 K]",
        "has a Tc of [39 K] higher than the McMillan limit",
        "the difference between the Tc's of [13 K] for BaBiO3 and 30 K for YNi2B2C",
        "zero resistance is reached at [24 K]",
        "the unconventional superconductor CeCoIn5 reaches [2.3 K]",
        "new superconductors with Tc's up to [11.5 K] in CaC6",
        "FeSe superconductors with Tc above [8 K]",
        "it superconducts at 39 K instead of [38 K]",
        "Tc can be varied from 8 K to [10 K]",
    ],
)
def test_what_may_be_a_tc(text: str) -> None:
    assert kind(text) is None


@given(st.text(max_size=300), st.text(max_size=100))
def test_any_words_are_taken(before: str, after: str) -> None:
    kinds = set(load_toml("other_temperatures.toml"))
    assert other_kind(before, "39 K", after) in {None, *kinds}


def test_a_long_list_before_a_temperature_costs_no_more_than_a_short_one() -> None:
    start = time.perf_counter()
    for _ in range(100):
        assert other_kind("39 K, " * 60, "39 K", ", 39 K" * 60) is None
    assert time.perf_counter() - start < 1


def test_a_change_of_another_transition_has_two_ends_of_its_own() -> None:
    words = "doping suppresses Tm from 138 K for x = 0 to "
    assert other_kind("doping suppresses Tm from ", "138 K", " for x = 0") == "other_symbol"
    assert other_kind(words, "78 K", " for x = 0.4") == "other_symbol"
    both = words + "78 K for x = 0.4 and Tc increases from "
    assert other_kind(both, "36 K", " at x = 0") is None


def test_widths_spans_and_multiples_are_no_tc() -> None:
    assert other_kind("the width of the Tc1 peak, ΔTc1, is ", "≤ 1 K") == "difference"
    assert other_kind("the range between Tpg and Tc is limited to no ", "more than 1.1 K")
    assert other_kind("the compound shows at ", "25 K", " (seven times Tc) a large") == "multiple"
    assert other_kind("superconductivity at ", "25 K", " (twice the Tc of its parent)") is None
