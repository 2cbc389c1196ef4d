"""Units of frequencies: read with one, and proposed without."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scmine.validator.physics.formulas import allen_dynes, mcmillan
from scmine.validator.physics.unitless import unitless_omega_log
from scmine.validator.physics.units import UNITS, frequency_K, kelvin_per, propose_unit


def test_factors_from_the_constants() -> None:
    # CODATA 2018, exact
    h, k, e, c = 6.62607015e-34, 1.380649e-23, 1.602176634e-19, 299792458.0
    assert kelvin_per("meV") == pytest.approx(1e-3 * e / k, rel=1e-12)
    assert kelvin_per("cm-1") == pytest.approx(100 * h * c / k, rel=1e-12)
    assert kelvin_per("THz") == pytest.approx(1e12 * h / k, rel=1e-12)


@given(st.floats(0.01, 99999.0), st.sampled_from(UNITS), st.sampled_from(["", " ", "  "]))
def test_round_trip(value: float, unit: str, gap: str) -> None:
    text = f"{value:.6f}{gap}{unit}"
    assert frequency_K(text) / kelvin_per(unit) == pytest.approx(float(f"{value:.6f}"), rel=1e-12)


@pytest.mark.parametrize("text", ["", "meV", "12 GPa", "-5", "1,125", "12 K K", "1..2", "nan"])
def test_what_is_no_frequency(text: str) -> None:
    with pytest.raises(ValueError, match=r"no unit of a frequency|no number"):
        frequency_K(text)


@given(st.floats(0.5, 3.0), st.floats(200.0, 1500.0), st.sampled_from(["meV", "THz"]))
def test_a_unit_far_from_the_others_is_found(coupling: float, omega: float, unit: str) -> None:
    tc = allen_dynes(coupling, omega, 0.1)
    found = propose_unit(omega / kelvin_per(unit), tc, coupling, 0.1)
    assert found.unit == unit
    assert not found.ambiguous
    agreeing = next(c for c in found.candidates if c.agrees)
    assert agreeing.frequency_K == pytest.approx(omega)


@given(st.floats(0.5, 3.0), st.floats(200.0, 1500.0), st.sampled_from(UNITS))
def test_the_true_unit_always_agrees(coupling: float, omega: float, unit: str) -> None:
    tc = allen_dynes(coupling, omega, 0.13)
    for mu_star in (0.13, None):
        found = propose_unit(omega / kelvin_per(unit), tc, coupling, mu_star)
        assert unit in [c.unit for c in found.candidates if c.agrees]
        assert found.ambiguous == (found.unit is None)


def test_k_and_cm_are_told_apart_only_with_mu_star() -> None:
    tc = allen_dynes(0.8, 300.0, 0.1)
    assert propose_unit(300.0, tc, 0.8, 0.1).unit == "K"
    assert propose_unit(300.0, tc, 0.8).ambiguous


def test_nothing_agrees() -> None:
    found = propose_unit(1.0, 200.0, 0.5, 0.1)
    assert found.unit is None
    assert not found.ambiguous
    assert "no unit" in str(found)


def test_debye_temperature() -> None:
    tc = mcmillan(0.82, 277.0, 0.13)
    found = propose_unit(277.0 / kelvin_per("meV"), tc, 0.82, 0.13, quantity="theta_D_K")
    assert found.unit == "meV"


@pytest.mark.parametrize(
    ("sentence", "number"),
    [
        ("We find λ = 1.71 and ω_log = 1333 with Tc = 170 K.", 1333.0),
        ("ωlog is 97.5.", 97.5),
        ("ω log=60.2, λ=0.5", 60.2),
        ("ωlog = 1333 K", None),
        ("ωlog = 97 meV", None),
        ("ωlog = 782 cm−1", None),
        ("ωlog = 97 (12) cm-1.", None),
        ("ωlog = 1333, 1200 and 1100 K", None),
        ("ωlog = 1.3 × 10^3 K", None),
        ("ωlog is 1.5 times larger", None),
        ("ωlog = 90 in A and ωlog = 80 in B", None),
        ("Compound | λ | ω_log | Tc (K) || CeH9 | 2.30 | 740 | 117", 740.0),
        ("Compound | λ | ω_log (K) | Tc (K) || CeH9 | 2.30 | 740 | 117", None),
        ("Compound | λ | ω_log | Tc (K) || CeH9 | 2.30 | 64 meV | 117", None),
        ("λ | ω_log || CeH9 | 2.30 | 740", None),
        ("", None),
    ],
)
def test_bare_number_of_a_sentence(sentence: str, number: float | None) -> None:
    assert unitless_omega_log(sentence) == number
