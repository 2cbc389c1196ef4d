"""Phonon frequencies and Debye temperatures in K: read with a unit, or the unit proposed.

Units and their factors are those of ``extractors/data/units.toml`` (CODATA 2018, exact). A
proposal is for a person to look at: nothing is converted by it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from scmine.extractors.characters import uniform
from scmine.extractors.quantity_items import units_of
from scmine.validator.physics.spread import GENERAL, USUAL_MU_STAR, Spread, tc_spread

UNITS = ("K", "meV", "cm-1", "THz")
"""Units that ω_log and Θ_D are printed in."""

AGREES = 0.15
"""Share by which a Tc may lie outside what a unit gives and still agree."""

_PRINTED = re.compile(
    r"\s*(?P<number>\d{1,12}(?:\.\d{0,12})?(?:[eE][+-]?\d{1,2})?)\s*(?P<unit>\D.*)?"
)


@cache
def kelvin_per(unit: str) -> float:
    """K per ``unit`` (``meV``, ``cm-1``, ``THz`` …): E/k_B.

    Raises
    ------
    ValueError
        For what is no unit of a frequency or energy.

    >>> round(kelvin_per("meV"), 4), round(kelvin_per("cm^-1"), 5)
    (11.6045, 1.43878)
    """
    factor = units_of("frequency").factor(uniform(unit).strip())
    if factor is None:
        known = ", ".join(UNITS)
        raise ValueError(f"{unit!r} is no unit of a frequency; known are {known}, eV and GHz")
    return factor


def frequency_K(text: str) -> float:
    """``text``, a number with or without a unit behind it, in K; K is meant where none is.

    Raises
    ------
    ValueError
        If it is no such number, or the unit is not known.

    >>> round(frequency_K("97meV"), 1), frequency_K("1125.1")
    (1125.6, 1125.1)
    """
    match = _PRINTED.fullmatch(text)
    if match is None:
        raise ValueError(f"{text!r} is no number with a unit behind it, such as 97meV or 1125.1")
    return float(match["number"]) * kelvin_per((match["unit"] or "K").strip())


@dataclass(frozen=True, slots=True)
class UnitCandidate:
    """A unit that a number may have: the frequency in K, the Tc it gives, and whether that agrees.

    ``deviation`` is the share by which the stated Tc lies outside that range, 0 inside.
    """

    unit: str
    frequency_K: float
    spread: Spread
    deviation: float
    agrees: bool


@dataclass(frozen=True, slots=True)
class UnitProposal:
    """What unit a bare number has by the Tc stated with it. A proposal, and never applied.

    ``unit`` is None where no unit agrees or several do (``ambiguous``).
    """

    value: float
    tc_K: float
    unit: str | None
    ambiguous: bool
    candidates: tuple[UnitCandidate, ...]

    def __str__(self) -> str:
        agreeing = [c for c in self.candidates if c.agrees]
        if not agreeing:
            return f"{self.value:g} without a unit agrees with Tc of {self.tc_K:g} K in no unit"
        units = " or ".join(f"{c.unit} ({c.frequency_K:.4g} K)" for c in agreeing)
        return f"{self.value:g} without a unit agrees with Tc of {self.tc_K:g} K in {units}"


def propose_unit(
    value: float,
    tc_K: float,
    lambda_: float,
    mu_star: float | None = None,
    *,
    quantity: str = "omega_log_K",
    tolerance: float = AGREES,
    mu_star_range: tuple[float, float] = USUAL_MU_STAR,
) -> UnitProposal:
    """The unit of ``value``, an ω_log (or Θ_D: ``quantity="theta_D_K"``), by the Tc it gives.

    >>> proposal = propose_unit(97.0, 166.0, 2.07, 0.10)
    >>> proposal.unit, str(proposal)
    ('meV', '97 without a unit agrees with Tc of 166 K in meV (1126 K)')
    >>> propose_unit(782.0, 150.0, 2.07).ambiguous
    True
    """
    formulas = ("mcmillan",) if quantity == "theta_D_K" else GENERAL
    candidates = []
    for unit in UNITS:
        frequency = value * kelvin_per(unit)
        known = {"lambda": lambda_, quantity: frequency, "mu_star": mu_star}
        spread = tc_spread(known, formulas=formulas, mu_star_range=mu_star_range, digits=False)
        if spread is None:
            continue
        deviation = _outside(tc_K, spread)
        candidates.append(
            UnitCandidate(unit, frequency, spread, deviation, spread.holds(tc_K, tolerance))
        )
    agreeing = [c.unit for c in candidates if c.agrees]
    return UnitProposal(
        value=value,
        tc_K=tc_K,
        unit=agreeing[0] if len(agreeing) == 1 else None,
        ambiguous=len(agreeing) > 1,
        candidates=tuple(candidates),
    )


def _outside(tc_K: float, spread: Spread) -> float:
    if spread.low_K <= tc_K <= spread.high_K:
        return 0.0
    end = spread.low_K if tc_K < spread.low_K else spread.high_K
    return abs(tc_K / end - 1) if end > 0 else float("inf")
