"""The formulas of Tc turned round: λ, ω_log (or Θ_D), or μ* from a Tc.

The forms that can be solved for what is asked are; the others are searched. Nothing here decides
whether a paper's numbers agree (``consistency``).
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from scmine.validator.physics.arrays import Array, Values, elementwise
from scmine.validator.physics.registry import Formula, formula
from scmine.validator.physics.validity import pole_is_felt

LAMBDA_MAX = 20.0
"""Largest λ that is looked for: twice what any formula was fitted to."""

MU_STAR_MAX = 0.5
"""Largest μ* that is looked for: twice what any formula was fitted to."""

STEPS, HALVINGS = 2000, 60
"""Points of the grid on which a crossing is looked for, and halvings of the interval found."""

_DIVISORS = {"mcmillan": 1.45, "allen_dynes": 1.2}


def lambda_from_tc(
    name: str,
    tc_K: Values,
    *,
    mu_star: Values,
    omega_log_K: Values = None,
    theta_D_K: Values = None,
    omega2_K: Values = None,
) -> Values:
    """λ for which the formula ``name`` gives ``tc_K``.

    NaN where none does up to λ = 20: McMillan's exponential saturates, so that Tc has an upper
    bound of about ω_log/3.6 however large λ. NaN too where several do, and for Tc ≤ 0. What Xie
    2022 gives where its pole is felt does not count.

    Raises
    ------
    KeyError, ValueError
        If there is no such formula, or an input that it needs is missing.

    >>> round(lambda_from_tc("allen_dynes", 203.0, mu_star=0.1, omega_log_K=1334.6), 2)
    2.18
    """
    wanted = formula(name)
    known = {
        "omega_log_K": omega_log_K,
        "theta_D_K": theta_D_K,
        "omega2_K": omega2_K,
        "mu_star": mu_star,
    }
    missing = [n for n in wanted.needs if n != "lambda" and known[n] is None]
    if missing:
        raise ValueError(f"λ from {name} needs {', '.join(missing)}")
    if name in _DIVISORS:
        return _solved_for_lambda(tc_K, known[wanted.scale], mu_star, _DIVISORS[name])
    return _searched_lambda(tc_K, omega_log_K, mu_star, omega2_K, _name=name)


def scale_from_tc(
    name: str,
    tc_K: Values,
    *,
    lambda_: Values,
    mu_star: Values,
    omega2_over_omega_log: Values = 1.0,
) -> Values:
    """What stands before the exponential (ω_log, or Θ_D for ``mcmillan``) in K, from ``tc_K``.

    All formulas are proportional to it where the shape of the spectrum, ω2/ω_log, is kept. NaN
    where the formula gives no Tc at all.

    >>> round(scale_from_tc("allen_dynes", 203.0, lambda_=2.19, mu_star=0.1), 0)
    1330.0
    """
    wanted = formula(name)
    one = {
        "lambda": lambda_,
        "mu_star": mu_star,
        "omega_log_K": 1.0,
        "theta_D_K": 1.0,
        "omega2_K": omega2_over_omega_log,
    }
    return _ratio(tc_K, wanted.tc_K(one))


def mu_star_for(name: str, tc_K: float, known: Mapping[str, float]) -> float:
    """μ* from 0 to `MU_STAR_MAX` with which the formula ``name`` gives ``tc_K``; NaN if not one.

    ``known`` holds the formula's other inputs, keyed as `registry.INPUTS`.

    >>> round(mu_star_for("allen_dynes", 203.65, {"lambda": 2.19, "omega_log_K": 1334.6}), 3)
    0.1
    """
    grid = np.linspace(0.0, MU_STAR_MAX, STEPS)
    return _one_root(formula(name), tc_K, known, "mu_star", grid)


def highest_tc(name: str, known: Mapping[str, float]) -> float:
    """The highest Tc in K that the formula ``name`` gives for any λ up to `LAMBDA_MAX`.

    ``known`` holds the formula's other inputs, keyed as `registry.INPUTS`; NaN where it gives none.

    >>> round(highest_tc("allen_dynes", {"omega_log_K": 100.0, "mu_star": 0.1}), 1)
    25.9
    """
    wanted = formula(name)
    inputs = {**known, "lambda": np.geomspace(1e-3, LAMBDA_MAX, STEPS)}
    values = wanted.tc_K(inputs)[~np.broadcast_to(pole_is_felt(wanted, inputs), STEPS)]
    values = values[~np.isnan(values)]
    return float(values.max()) if len(values) else float("nan")


@elementwise
def mu_star_from_tc(tc_K: Values, lambda_: Values, omega_log_K: Values) -> Values:
    """μ* with which :func:`formulas.allen_dynes` gives ``tc_K``; negative if none could.

    NaN where Tc is not between 0 and ω_log/1.2.

    >>> round(mu_star_from_tc(203.65, 2.19, 1334.6), 3)
    0.1
    """
    logarithm = _logarithm(tc_K, omega_log_K, 1.2)
    result: Array = (lambda_ - 1.04 * (1 + lambda_) / logarithm) / (1 + 0.62 * lambda_)
    return result


@elementwise
def _solved_for_lambda(tc_K: Values, scale_K: Values, mu_star: Values, divisor: Values) -> Values:
    logarithm = _logarithm(tc_K, scale_K, divisor)
    below = logarithm * (1 - 0.62 * mu_star) - 1.04
    result = (1.04 + logarithm * mu_star) / below
    # λ ≤ μ*(1+0.62 λ) would be the branch on which the exponent is positive.
    return np.where((below > 0) & (mu_star >= 0) & (result <= LAMBDA_MAX), result, np.nan)


def _logarithm(tc_K: Values, scale_K: Values, divisor: Values) -> Array:
    """ln(scale / (divisor·Tc)), NaN unless positive."""
    ratio = scale_K / (divisor * np.where(tc_K > 0, tc_K, np.nan))
    return np.where(ratio > 1, np.log(ratio), np.nan)


@elementwise
def _ratio(tc_K: Values, per_kelvin: Values) -> Values:
    return np.where((per_kelvin > 0) & (tc_K > 0), tc_K / per_kelvin, np.nan)


def _searched_lambda(
    tc_K: Values, omega_log_K: Values, mu_star: Values, omega2_K: Values, *, _name: str
) -> Values:
    wanted = formula(_name)

    @elementwise
    def search(tc: Values, omega_log: Values, repulsion: Values, omega2: Values) -> Values:
        given = [tc, omega_log, repulsion, omega_log if omega2 is None else omega2]
        spread = np.broadcast_arrays(*given)
        found = [
            _one_lambda(wanted, float(t), {"omega_log_K": w, "mu_star": m, "omega2_K": w2})
            for t, w, m, w2 in zip(*(a.ravel() for a in spread), strict=True)
        ]
        return np.asarray(found).reshape(spread[0].shape)

    return search(tc_K, omega_log_K, mu_star, omega2_K)


def _one_lambda(wanted: Formula, tc_K: float, known: Mapping[str, float]) -> float:
    """The only λ up to `LAMBDA_MAX` at which ``wanted`` gives ``tc_K``."""
    return _one_root(wanted, tc_K, known, "lambda", np.geomspace(1e-3, LAMBDA_MAX, STEPS))


def _one_root(
    wanted: Formula, tc_K: float, known: Mapping[str, float], name: str, grid: Array
) -> float:
    """The only value of the input ``name`` at which ``wanted`` gives ``tc_K``, by halving."""

    def excess(values: Values) -> Values:
        inputs = {**known, name: values}
        return np.where(pole_is_felt(wanted, inputs), np.nan, wanted.tc_K(inputs) - tc_K)

    if not tc_K > 0:
        return float("nan")
    signs = np.sign(excess(grid))
    crossings = np.flatnonzero((signs[:-1] * signs[1:] <= 0) & (signs[:-1] != 0))
    roots = []
    for i in crossings:
        low, high = grid[i], grid[i + 1]
        for _ in range(HALVINGS):
            middle = (low + high) / 2
            low, high = (middle, high) if np.sign(excess(middle)) == signs[i] else (low, middle)
        if abs(excess(high)) <= 1e-6 * tc_K:  # not where a pole changes the sign
            roots.append(float(high))
    return roots[0] if len(roots) == 1 else float("nan")
