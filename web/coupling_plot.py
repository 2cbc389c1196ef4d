"""Phonon frequency ω_log over electron–phonon coupling λ, with lines of equal Tc."""

from __future__ import annotations

import math

from scmine.database.filters import RecordFilter
from scmine.database.points import Points
from scmine.validator.physics.inverse import scale_from_tc
from scmine.validator.physics.registry import formula
from scmine.web.plot import Axis, Line, PointPlot, Series
from scmine.web.point_series import WHAT, by_class, left_out, point_plot

FORMULA = "allen_dynes"
MU_STAR = 0.10
"""μ* of the lines unless another is asked for; papers use 0.10 to 0.15."""

LINES_K = (5.0, 10.0, 20.0, 40.0, 77.0, 100.0, 150.0, 200.0, 300.0)
LINE_POINTS = 1200
DRAWN_EACH = 10
"""Of the points of a line every tenth is drawn, and its ends, which lie on the axes so."""

_LAMBDA = (0.2, 4.0)
_OMEGA_K = (30.0, 2000.0)
_ROUND_K = 500.0
"""What is shown at least, but that a linear axis begins at 0; further points widen it."""


def omega_log_over_lambda(
    points: Points, wanted: RecordFilter, *, mu_star: float, log_y: bool, most: int | None
) -> PointPlot:
    """ω_log over λ of the records that give both, and lines of equal Tc for ``mu_star``."""
    axes = Axis("λ"), Axis("ωlog", "K", log_y)
    needed = ("lambda", "omega_log_K")
    rows = points.rows(wanted, (*WHAT, *needed), needed=needed)
    found = by_class(rows, lambda coupling, omega: (coupling, omega), *axes)
    used = formula(FORMULA)
    notes = [
        f"Lines of equal Tc by {used.title} with μ* = {mu_star:g}: Tc = {used.equation}.",
        "Only records that give both λ and ωlog.",
        *left_out(points, wanted, needed, ("λ", "ωlog")),
    ]
    return point_plot(
        "lambda-omega",
        "ωlog over λ",
        axes,
        found,
        most=most,
        notes=notes,
        lines=equal_tc_lines(mu_star, *_ranges(found[0], from_zero=not log_y)),
    )


def equal_tc_lines(
    mu_star: float, couplings: tuple[float, float], frequencies_K: tuple[float, float]
) -> list[Line]:
    """For each Tc of `LINES_K` the ω_log in K that gives it over λ, within both ranges.

    >>> line = next(l for l in equal_tc_lines(0.1, (0.5, 3.0), (10.0, 3000.0)) if l.name == "200 K")
    >>> 1250 < min(line.points, key=lambda p: abs(p[0] - 2.19))[1] < 1350
    True
    """
    low, high = couplings
    steps = [low * (high / low) ** (i / (LINE_POINTS - 1)) for i in range(LINE_POINTS)]
    lines = []
    for tc in LINES_K:
        omegas = scale_from_tc(FORMULA, tc, lambda_=steps, mu_star=mu_star)
        inside = [
            (round(coupling, 4), round(float(omega), 3))
            for coupling, omega in zip(steps, omegas, strict=True)
            if math.isfinite(omega) and frequencies_K[0] <= omega <= frequencies_K[1]
        ]
        if len(inside) > 1:
            lines.append(Line(f"{tc:g} K", [*inside[:-1:DRAWN_EACH], inside[-1]]))
    return lines


def _ranges(
    series: list[Series], *, from_zero: bool
) -> tuple[tuple[float, float], tuple[float, float]]:
    """The ranges of λ and ω_log that are shown; they end where the axes do, at round numbers."""
    drawn = [p for s in series for p in s.points if p.x > 0 and p.y > 0]
    couplings = [p.x for p in drawn] + list(_LAMBDA)
    omegas = [p.y for p in drawn] + list(_OMEGA_K)
    lowest = 0.0 if from_zero else min(omegas)
    highest = math.ceil(max(omegas) / _ROUND_K) * _ROUND_K
    return (min(couplings), float(math.ceil(max(couplings)))), (lowest, highest)
