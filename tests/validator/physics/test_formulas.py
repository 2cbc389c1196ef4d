"""Formulas of Tc: printed values, limits, how they behave, and what shapes they take."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scmine.validator.physics import formulas
from scmine.validator.physics.registry import all_formulas, formula

couplings = st.floats(0.35, 8.0)
stars = st.floats(0.05, 0.2)
frequencies = st.floats(20.0, 2500.0)
shapes = st.floats(1.0, 2.0)


@pytest.mark.parametrize(
    ("coupling", "omega_log", "mu_star", "stated"),
    [
        (2.07, 1125.1, 0.10, 166),  # H3S, R3m
        (2.07, 1125.1, 0.13, 155),
        (2.19, 1334.6, 0.10, 204),  # H3S, Im-3m
        (2.19, 1334.6, 0.13, 191),
    ],
)
def test_values_of_the_review_to_the_kelvin(
    coupling: float, omega_log: float, mu_star: float, stated: float
) -> None:
    assert round(formulas.allen_dynes(coupling, omega_log, mu_star)) == stated


def test_range_of_the_review_for_ceh9_within_its_digits() -> None:
    assert formulas.allen_dynes(2.3, 740.0, 0.10) == pytest.approx(117, rel=0.01)
    # The review's lower end is what its source gives for a μ* of 0.15, not 0.13.
    assert formulas.allen_dynes(2.3, 740.0, 0.15) == pytest.approx(105, rel=0.01)
    assert formulas.allen_dynes(2.3, 740.0, 0.13) == pytest.approx(105, rel=0.05)


def test_amorphous_metals_of_allen_and_dynes() -> None:
    # λ, ω_log, ω2, μ* and measured Tc, to which Allen and Dynes fitted μ* by f1·f2.
    for coupling, omega_log, omega2, mu_star, tc in (
        (2.46, 28.3, 46.9, 0.10, 6.06),
        (1.62, 55.0, 101.0, 0.10, 8.03),
        (1.69, 38.6, 63.8, 0.10, 5.84),
    ):
        value = formulas.allen_dynes_f1f2(coupling, omega_log, mu_star, omega2)
        assert value == pytest.approx(tc, rel=0.03)


def test_f1f2_goes_to_the_strong_coupling_limit() -> None:
    # Tc → 0.1827 ω2 √λ for a spectrum of one frequency and μ* = 0; f1 was made to reach it.
    value = formulas.allen_dynes_f1f2(1e6, 100.0, 0.0, 100.0)
    assert value == pytest.approx(formulas.allen_dynes_bound(1e6, 100.0), rel=0.03)


def test_xie_2019_at_both_ends() -> None:
    assert formulas.xie_2019(50.0, 100.0, 0.1) == pytest.approx(0.0953 * 50 * 100, rel=1e-5)
    assert formulas.xie_2019(1.0, 100.0, 0.09) == pytest.approx(9.53 / 1.3)
    assert formulas.xie_2019(0.0, 100.0, 0.0) == 0


def test_xie_2022_by_hand() -> None:
    coupling, ratio, mu_star = 2.0, 0.8, 0.125
    rise = coupling + ratio - 0.5  # the cube root of 0.125
    f_omega = 1.92 * rise / (math.sqrt(2) * math.exp(0.8)) - 0.08
    f_mu = 6.86 * math.exp(-16) / (0.5 - 0.125 - 0.8) + 1
    expected = f_omega * f_mu * formulas.allen_dynes(coupling, 800.0, mu_star)
    assert formulas.xie_2022(coupling, 800.0, mu_star, 1000.0) == pytest.approx(expected)


def test_repulsion_outweighs() -> None:
    # λ = μ*(1+0.62 λ) at λ = 0.1066 for μ* = 0.1
    for name in ("allen_dynes", "allen_dynes_f1f2", "refit_2021", "mcmillan"):
        known = {"lambda": 0.1, "omega_log_K": 300.0, "theta_D_K": 300.0, "mu_star": 0.1}
        assert formula(name).tc_K(known) == 0


@pytest.mark.parametrize("name", [f.name for f in all_formulas()])
@pytest.mark.parametrize("wrong", ["lambda", "mu_star", "scale"])
@pytest.mark.parametrize("value", [-1.0, math.nan])
def test_what_is_no_quantity_gives_nan(name: str, wrong: str, value: float) -> None:
    wanted = formula(name)
    known = {
        "lambda": 1.0,
        "mu_star": 0.1,
        "omega_log_K": 300.0,
        "theta_D_K": 300.0,
        "omega2_K": 350.0,
    }
    known[wanted.scale if wrong == "scale" else wrong] = value
    assert math.isnan(wanted.tc_K(known))


def test_missing_input_is_named() -> None:
    with pytest.raises(ValueError, match="xie_2022 needs omega2_K"):
        formula("xie_2022").tc_K({"lambda": 1.0, "omega_log_K": 300.0, "mu_star": 0.1})
    with pytest.raises(KeyError, match="mcmillan, allen_dynes"):
        formula("bcs")


@given(couplings, st.floats(1.001, 1.5), frequencies, stars, shapes)
def test_tc_rises_with_coupling(
    coupling: float, factor: float, omega_log: float, mu_star: float, shape: float
) -> None:
    for wanted in all_formulas():
        if wanted.name == "xie_2022":
            continue  # its pole
        low, high = (
            wanted.tc_K(
                {
                    "lambda": value,
                    "omega_log_K": omega_log,
                    "theta_D_K": omega_log,
                    "omega2_K": shape * omega_log,
                    "mu_star": mu_star,
                }
            )
            for value in (coupling, coupling * factor)
        )
        assert high > low


@given(couplings, st.floats(1.001, 10), frequencies, stars, shapes)
def test_tc_is_proportional_to_the_spectrum(
    coupling: float, factor: float, omega_log: float, mu_star: float, shape: float
) -> None:
    for wanted in all_formulas():
        low, high = (
            wanted.tc_K(
                {
                    "lambda": coupling,
                    "omega_log_K": value,
                    "theta_D_K": value,
                    "omega2_K": shape * value,
                    "mu_star": mu_star,
                }
            )
            for value in (omega_log, omega_log * factor)
        )
        if wanted.name == "xie_2022" and math.isnan(low):
            continue
        assert high == pytest.approx(low * factor, rel=1e-6)


@given(couplings, frequencies, stars, shapes)
def test_factors_of_allen_and_dynes_only_raise_tc(
    coupling: float, omega_log: float, mu_star: float, shape: float
) -> None:
    plain = formulas.allen_dynes(coupling, omega_log, mu_star)
    alone = formulas.allen_dynes_f1f2(coupling, omega_log, mu_star)
    both = formulas.allen_dynes_f1f2(coupling, omega_log, mu_star, shape * omega_log)
    assert plain < alone <= both


@given(
    st.lists(st.tuples(couplings, frequencies, stars, shapes), min_size=1, max_size=5),
)
def test_columns_and_numbers_agree(rows: list[tuple[float, float, float, float]]) -> None:
    index = [f"row {i}" for i in range(len(rows))]
    frame = pd.DataFrame(rows, columns=["lambda", "omega_log_K", "mu_star", "shape"], index=index)
    frame["theta_D_K"] = frame["omega_log_K"]
    frame["omega2_K"] = frame["omega_log_K"] * frame["shape"]
    for wanted in all_formulas():
        series = wanted.tc_K(frame)
        arrays = wanted.tc_K({name: frame[name].to_numpy() for name in frame})
        assert list(series.index) == index
        assert isinstance(arrays, np.ndarray)
        for i, label in enumerate(index):
            one = wanted.tc_K({name: float(frame.loc[label, name]) for name in frame})
            assert isinstance(one, float)
            assert series[label] == pytest.approx(one, rel=1e-12, nan_ok=True)
            assert arrays[i] == pytest.approx(one, rel=1e-12, nan_ok=True)


def test_series_with_a_number_and_missing_values() -> None:
    lambdas = pd.Series([0.5, None, 2.0], index=[7, 8, 9])
    result = formulas.allen_dynes(lambdas, 300.0, 0.1)
    assert list(result.index) == [7, 8, 9]
    assert result.isna().tolist() == [False, True, False]


def test_series_of_different_rows_are_refused() -> None:
    with pytest.raises(ValueError, match="different indices"):
        formulas.allen_dynes(pd.Series([1.0], index=[0]), pd.Series([300.0], index=[1]), 0.1)


def test_arrays_are_broadcast() -> None:
    result = formulas.allen_dynes(np.array([[0.5], [1.0]]), 300.0, np.array([0.1, 0.13, 0.16]))
    assert result.shape == (2, 3)


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("extreme", [0.0, 5e-324, 1e300, float("inf"), -1.0, float("nan")])
@pytest.mark.parametrize("name", ["lambda", "omega_log_K", "omega2_K", "theta_D_K", "mu_star"])
def test_extreme_inputs_give_no_warning(name: str, extreme: float) -> None:
    usual = {
        "lambda": 1.0, "omega_log_K": 300.0, "omega2_K": 350.0, "theta_D_K": 400.0, "mu_star": 0.1
    }  # fmt: skip
    for each in all_formulas():
        tc = each.tc_K({**usual, name: extreme})
        assert isinstance(tc, float)
        assert not tc < 0
        column = each.tc_K({**usual, name: np.asarray([extreme, 1.0])})
        assert np.array_equal(np.ravel(column)[0], tc, equal_nan=True)
