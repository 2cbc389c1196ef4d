"""Ranges of validity: what is outside is named, for one number and for columns."""

from __future__ import annotations

import pandas as pd
import pytest

from scmine.validator.finding import Severity
from scmine.validator.physics.registry import all_formulas, formula
from scmine.validator.physics.validity import theory_validity, validity, within


def _names(formula_name: str, **changed: float) -> set[str]:
    known: dict[str, float | None] = {
        "lambda": 0.8,
        "omega_log_K": 300.0,
        "theta_D_K": 400.0,
        "omega2_K": 360.0,
        "mu_star": 0.12,
    }
    known.update({("lambda" if k == "lambda_" else k): v for k, v in changed.items()})
    return {f.name for f in validity(formula(formula_name), known)}


def test_every_formula_says_where_it_comes_from() -> None:
    assert len(all_formulas()) == 6
    for wanted in all_formulas():
        assert wanted.citation
        assert wanted.doi.startswith("10.")
        assert wanted.scale in wanted.needs
        assert all(limit.source and limit.reason for limit in wanted.limits)


@pytest.mark.parametrize(
    ("name", "edge"), [("mcmillan", 1.0), ("allen_dynes", 1.5), ("allen_dynes_f1f2", 10.0)]
)
def test_end_in_lambda(name: str, edge: float) -> None:
    assert "lambda_above_range" not in _names(name, lambda_=edge)
    assert "lambda_above_range" in _names(name, lambda_=edge + 0.01)


def test_xie_2019_is_for_low_tc() -> None:
    assert "tc_above_range" not in _names("xie_2019", omega_log_K=60.0)
    assert "tc_above_range" in _names("xie_2019", omega_log_K=1000.0)


def test_theory_is_questioned_then_doubted() -> None:
    assert "migdal_eliashberg_questioned" not in _names("refit_2021", lambda_=1.0)
    assert "migdal_eliashberg_questioned" in _names("refit_2021", lambda_=2.0)
    doubted = _names("refit_2021", lambda_=3.8)
    assert "migdal_eliashberg_doubted" in doubted
    assert "migdal_eliashberg_questioned" not in doubted


def test_pole_of_xie_2022() -> None:
    # 1/λ - μ* = ω_log/ω2 at λ = 1 for μ* = 0.2 and a ratio of 0.8
    assert "xie_2022_pole" in _names("xie_2022", lambda_=1.02, mu_star=0.2, omega2_K=375.0)
    assert "xie_2022_pole" not in _names("xie_2022", lambda_=2.0, mu_star=0.2, omega2_K=375.0)


def test_impossible_averages_are_an_error() -> None:
    (finding,) = theory_validity({"omega_log_K": 376.0, "omega2_K": 184.0})
    assert finding.name == "omega2_below_omega_log"
    assert finding.severity is Severity.ERROR
    assert theory_validity({"omega_log_K": 184.0, "omega2_K": 184.0}) == []


def test_columns() -> None:
    frame = pd.DataFrame({"lambda": [0.5, 1.6, None], "omega_log_K": 300.0, "mu_star": 0.1})
    assert within(formula("allen_dynes"), frame).tolist() == [True, False, False]
    assert within(formula("allen_dynes_f1f2"), frame).tolist() == [True, True, False]
