"""Whether a formula of Tc is used where it holds: named findings, and masks for whole columns.

The limits are data (``registry``). Whether a paper's own Tc agrees is told in ``consistency``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np

from scmine.validator.finding import Finding, Severity
from scmine.validator.physics.arrays import Array, Values
from scmine.validator.physics.formulas import xie_mu_factor
from scmine.validator.physics.registry import Formula, Limit, theory_limits

FELT = 0.1
"""Share of Tc from which the pole of f_μ in Xie 2022 is said to be felt."""

SYMBOLS = {
    "lambda": "λ",
    "mu_star": "μ*",
    "omega_log_K": "ω_log",
    "omega2_K": "ω2",
    "theta_D_K": "Θ_D",
    "tc_K": "Tc",
}


def within(formula: Formula, known: Mapping[str, Values]) -> Values:
    """Whether the inputs lie inside all limits of ``formula``: booleans, as the inputs are shaped.

    ``known`` is keyed as `registry.INPUTS`. Missing inputs (NaN) lie inside no limit.
    """
    tc = formula.tc_K(known)
    values = {**known, "tc_K": tc}
    inside = ~np.isnan(tc)
    for limit in formula.limits:
        inside = inside & ~_beyond(limit, values)
    return inside & ~pole_is_felt(formula, values)


def validity(formula: Formula, known: Mapping[str, float | None]) -> list[Finding]:
    """What speaks against using ``formula`` on these numbers, its own limits before the theory's.

    ``known`` is keyed as `registry.INPUTS`; where ω2 is needed and below ω_log (which no spectrum
    allows) that is an error.
    """
    values = {key: value for key, value in known.items() if value is not None}
    if formula.takes(values):
        values["tc_K"] = formula.tc_K(values)
    found = list(_findings(formula.limits, values, formula.title))
    if formula.takes(values) and bool(pole_is_felt(formula, values)):
        message = (
            f"{formula.title}: f_μ is {xie_mu_factor(*_in_order(values)):.2f}, close to its pole "
            "at 1/λ - μ* = ω_log/ω2; use another formula"
        )
        found.append(Finding("xie_2022_pole", Severity.WARNING, message, ("lambda",)))
    return [*found, *theory_validity(values)]


def theory_validity(known: Mapping[str, float | None]) -> list[Finding]:
    """What speaks against any formula on these numbers."""
    values = {key: value for key, value in known.items() if value is not None}
    found = list(_findings(theory_limits(), values, ""))
    doubted = {f.name for f in found}
    if "migdal_eliashberg_doubted" in doubted:
        found = [f for f in found if f.name != "migdal_eliashberg_questioned"]
    if (lowest := values.get("omega_log_K")) and (mean := values.get("omega2_K", lowest)) < lowest:
        message = (
            f"ω2 of {mean:g} K is below ω_log of {lowest:g} K: a mean of squares is never below "
            "the logarithmic mean of the same spectrum"
        )
        found.append(
            Finding("omega2_below_omega_log", Severity.ERROR, message, ("omega_log_K", "omega2_K"))
        )
    return found


def _findings(
    limits: Iterable[Limit], values: Mapping[str, float], title: str
) -> Iterable[Finding]:
    for limit in limits:
        value = values.get(limit.quantity)
        if value is None or not bool(_beyond(limit, values)):
            continue
        unit = " K" if limit.quantity.endswith("_K") else ""
        text = f"{SYMBOLS[limit.quantity]} is {value:.4g}{unit}: {limit.reason} ({limit.source})"
        message = f"{title}: {text}" if title else text
        yield Finding(limit.name, limit.severity, message, (limit.quantity,))


def _beyond(limit: Limit, values: Mapping[str, Values]) -> Values:
    value = values.get(limit.quantity)
    if value is None:
        return np.asarray(False)
    above = value > limit.above if limit.above is not None else False
    below = value < limit.below if limit.below is not None else False
    return np.logical_or(above, below)


def pole_is_felt(formula: Formula, known: Mapping[str, Values]) -> Values:
    """Where the pole of f_μ in Xie 2022 changes Tc by more than a tenth; False for all others."""
    if formula.name != "xie_2022":
        return np.asarray(False)
    coupling, omega_log, mu_star, omega2 = _in_order(known)
    with np.errstate(all="ignore"):  # at λ = 0 there is no pole, and infinity is far from it
        below: Array = np.divide(1, coupling) - mu_star - np.divide(omega_log, omega2)
    return (np.abs(below) < FELT) & (
        np.abs(xie_mu_factor(coupling, omega_log, mu_star, omega2) - 1) > FELT
    )


def _in_order(values: Mapping[str, Values]) -> tuple[Values, Values, Values, Values]:
    return values["lambda"], values["omega_log_K"], values["mu_star"], values["omega2_K"]
