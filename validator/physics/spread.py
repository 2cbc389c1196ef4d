"""The range of Tc that stated λ, μ* and frequencies allow: over formulas, μ* and printed digits.

A calculated Tc that lies in it agrees with its inputs; what is made of one that does not is said
in ``consistency``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from math import isnan

from scmine.validator.physics.registry import formula

USUAL_MU_STAR = (0.10, 0.16)
"""μ* that papers take where they state none; the review's range is 0.10 to 0.20."""

GENERAL = ("allen_dynes", "allen_dynes_f1f2", "refit_2021", "xie_2022")
"""Formulas that hold for any material, so that a Tc of unknown method may come from them.

Xie 2019 was fitted to Tc below 10 K alone; its values at strong coupling are no one's.
"""

BY_METHOD: Mapping[str, tuple[str, ...]] = {
    "McMillan": ("mcmillan", "allen_dynes", "allen_dynes_f1f2"),
    "Allen-Dynes": ("mcmillan", "allen_dynes", "allen_dynes_f1f2"),
}
"""Formulas meant by a record's ``tc_method``: both names are used of all three."""

WIDEST_SHAPE = 2.0
"""Largest ω2/ω_log that is thought of where ω2 is not stated: amorphous gallium has 1.84 (Allen and
Dynes 1975), calculated hydrides up to 1.94 (Li2AgH6)."""

COARSEST = {"lambda": 0.05, "mu_star": 0.005}
"""Most that a printed value may be off by rounding: ``2`` and ``2.00`` are one float, so that the
digits of a whole number say little. Frequencies and Tc have at most half a unit."""


@dataclass(frozen=True, slots=True)
class Spread:
    """The lowest and highest Tc in K, and those of each formula by its title."""

    low_K: float
    high_K: float
    by_formula: tuple[tuple[str, float, float], ...]

    def holds(self, tc_K: float, tolerance: float) -> bool:
        """Whether ``tc_K``, as printed, lies inside or at most a share ``tolerance`` outside.

        >>> Spread(100.0, 120.0, ()).holds(135.0, 0.15), Spread(100.0, 120.0, ()).holds(80.0, 0.15)
        (True, False)
        """
        off = half_digit(tc_K)
        return self.low_K * (1 - tolerance) <= tc_K + off and tc_K - off <= self.high_K * (
            1 + tolerance
        )


def half_digit(value: float, coarsest: float = 0.5) -> float:
    """Half a unit of the last digit of ``value`` as it is written, ``coarsest`` at most.

    >>> half_digit(2.07), half_digit(1125.1), half_digit(740.0)
    (0.005, 0.05, 0.5)
    """
    exponent = Decimal(repr(value)).normalize().as_tuple().exponent
    return min(0.5 * 10.0 ** min(int(exponent), 0), coarsest)


def tc_spread(
    known: Mapping[str, float | None],
    *,
    formulas: Iterable[str] = GENERAL,
    mu_star_range: tuple[float, float] = USUAL_MU_STAR,
    digits: bool = True,
) -> Spread | None:
    """The Tc that ``formulas`` give for ``known``, keyed as `registry.INPUTS`.

    Without ``mu_star`` it is taken anywhere in ``mu_star_range``; with ``digits`` every input may
    be off by half a unit of its last digit. Where ω2 is not known, the factor f2 may be that of any
    spectrum up to `WIDEST_SHAPE`. Formulas that need what is not known are left out; None if all
    are.

    >>> spread = tc_spread({"lambda": 2.07, "omega_log_K": 1125.1}, formulas=["allen_dynes"],
    ...                    mu_star_range=(0.10, 0.13), digits=False)
    >>> round(spread.low_K), round(spread.high_K)
    (155, 166)
    """
    stated = {name: value for name, value in known.items() if value is not None}
    low, high = dict(stated), dict(stated)
    if "mu_star" not in stated:
        high["mu_star"], low["mu_star"] = mu_star_range
    if digits:
        for name, value in stated.items():
            off = half_digit(value, COARSEST.get(name, 0.5))
            up = -off if name == "mu_star" else off  # Tc falls with μ* and rises with the others
            high[name], low[name] = max(value + up, 0.0), max(value - up, 0.0)
    found = []
    for name in formulas:
        wanted = formula(name)
        if not wanted.takes(low):
            continue
        widest = dict(high)
        if "omega2_K" in wanted.uses and "omega2_K" not in stated:
            widest["omega2_K"] = WIDEST_SHAPE * high["omega_log_K"]
        ends = sorted((float(wanted.tc_K(low)), float(wanted.tc_K(widest))))
        if not any(map(isnan, ends)):
            found.append((wanted.title, ends[0], ends[1]))
    if not found:
        return None
    return Spread(min(f[1] for f in found), max(f[2] for f in found), tuple(found))
