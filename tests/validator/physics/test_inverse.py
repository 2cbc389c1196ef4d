"""The formulas turned round: what went in comes out, and what no formula gives is NaN."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from scmine.validator.physics.formulas import allen_dynes
from scmine.validator.physics.inverse import (
    highest_tc,
    lambda_from_tc,
    mu_star_for,
    mu_star_from_tc,
    scale_from_tc,
)
from scmine.validator.physics.registry import all_formulas, formula

NAMES = [f.name for f in all_formulas()]
MONOTONE = [name for name in NAMES if name != "xie_2022"]


@pytest.mark.parametrize("name", MONOTONE)
@settings(max_examples=25, deadline=None)
@given(st.floats(0.35, 8.0), st.floats(20.0, 2500.0), st.floats(0.05, 0.2), st.floats(1.0, 2.0))
def test_lambda_comes_back(
    name: str, coupling: float, omega: float, mu_star: float, shape: float
) -> None:
    known = {
        "omega_log_K": omega,
        "theta_D_K": omega,
        "omega2_K": shape * omega,
        "mu_star": mu_star,
    }
    tc = formula(name).tc_K({**known, "lambda": coupling})
    assert lambda_from_tc(name, tc, **known) == pytest.approx(coupling, rel=1e-6)


@settings(max_examples=25, deadline=None)
@given(st.floats(1.7, 8.0), st.floats(0.05, 0.16), st.floats(1.1, 1.8))
def test_lambda_comes_back_from_xie_2022_away_from_its_pole(
    coupling: float, mu_star: float, shape: float
) -> None:
    known = {"omega_log_K": 1000.0, "omega2_K": shape * 1000.0, "mu_star": mu_star}
    tc = formula("xie_2022").tc_K({**known, "lambda": coupling})
    found = lambda_from_tc("xie_2022", tc, **known)
    assume(not math.isnan(found))  # another λ near the pole gives the same Tc
    assert found == pytest.approx(coupling, rel=1e-6)


@pytest.mark.parametrize("name", NAMES)
@given(st.floats(1.7, 8.0), st.floats(20.0, 2500.0), st.floats(0.05, 0.16), st.floats(1.0, 1.8))
def test_scale_comes_back(
    name: str, coupling: float, omega: float, mu_star: float, shape: float
) -> None:
    known = {
        "lambda": coupling,
        "omega_log_K": omega,
        "theta_D_K": omega,
        "omega2_K": shape * omega,
        "mu_star": mu_star,
    }
    tc = formula(name).tc_K(known)
    found = scale_from_tc(name, tc, lambda_=coupling, mu_star=mu_star, omega2_over_omega_log=shape)
    assert found == pytest.approx(omega, rel=1e-9)


@given(st.floats(0.35, 8.0), st.floats(20.0, 2500.0), st.floats(0.0, 0.2))
def test_mu_star_comes_back(coupling: float, omega: float, mu_star: float) -> None:
    tc = allen_dynes(coupling, omega, mu_star)
    assert mu_star_from_tc(tc, coupling, omega) == pytest.approx(mu_star, abs=1e-9)


def test_tc_above_saturation_has_no_lambda() -> None:
    # The exponential of Allen and Dynes ends at ω_log/3.64 for μ* = 0.1.
    assert math.isnan(lambda_from_tc("allen_dynes", 290.0, mu_star=0.1, omega_log_K=1000.0))
    assert lambda_from_tc("allen_dynes_f1f2", 290.0, mu_star=0.1, omega_log_K=1000.0) > 4


@pytest.mark.parametrize("tc", [0.0, -1.0, math.nan])
@pytest.mark.parametrize("name", ["allen_dynes", "allen_dynes_f1f2"])
def test_no_tc_no_lambda(name: str, tc: float) -> None:
    assert math.isnan(lambda_from_tc(name, tc, mu_star=0.1, omega_log_K=300.0))


def test_missing_input_is_named() -> None:
    with pytest.raises(ValueError, match="λ from mcmillan needs theta_D_K"):
        lambda_from_tc("mcmillan", 9.0, mu_star=0.13, omega_log_K=300.0)


@pytest.mark.parametrize("name", ["allen_dynes", "refit_2021"])
def test_columns(name: str) -> None:
    tcs = pd.Series([5.0, np.nan, 50.0], index=["a", "b", "c"])
    result = lambda_from_tc(name, tcs, mu_star=0.1, omega_log_K=500.0)
    assert list(result.index) == ["a", "b", "c"]
    assert result.isna().tolist() == [False, True, False]
    back = formula(name).tc_K({"lambda": result, "omega_log_K": 500.0, "mu_star": 0.1})
    assert back["c"] == pytest.approx(50.0)


@pytest.mark.parametrize("name", MONOTONE)
def test_every_formula_gives_its_mu_star_back(name: str) -> None:
    known = {"lambda": 0.9, "omega_log_K": 700.0, "theta_D_K": 900.0}
    tc = formula(name).tc_K({**known, "mu_star": 0.137})
    assert mu_star_for(name, tc, known) == pytest.approx(0.137, abs=1e-6)
    assert math.isnan(mu_star_for(name, 10 * tc, known))


@pytest.mark.parametrize("name", NAMES)
def test_no_tc_above_the_highest_has_a_lambda(name: str) -> None:
    known = {"omega_log_K": 300.0, "omega2_K": 330.0, "theta_D_K": 400.0, "mu_star": 0.1}
    highest = highest_tc(name, known)
    assert highest > 30
    assert math.isnan(lambda_from_tc(name, 1.01 * highest, **known))
