"""Tc over the year of the paper and Tc over pressure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from scmine.database.filters import RecordFilter
from scmine.database.points import Points
from scmine.database.record import Origin
from scmine.web.plot import Axis, Line, PointPlot
from scmine.web.point_series import WHAT, by_class, left_out, middle, point_plot, stated

NITROGEN_K = 77.355
"""Normal boiling point of nitrogen in K (NIST Chemistry WebBook)."""

_TC = ("tc_K", "tc_min_K", "tc_max_K")
_SAID = (*_TC, "tc_relation")
_PRESSURE = ("pressure_GPa", "pressure_min_GPa", "pressure_max_GPa")


def tc_over_year(
    points: Points, wanted: RecordFilter, *, log_y: bool, most: int | None
) -> PointPlot:
    """Tc over the year in which the paper appeared.

    Unless ``wanted`` asks for an origin, only a paper's own results are drawn: a value it cites is
    older than the paper.
    """
    notes = []
    if wanted.origin is None:
        wanted = replace(wanted, origin=Origin.THIS_WORK)
        notes.append(
            "Only the papers' own results: a cited value is older than the paper that cites it. "
            "Choose the origin “cited” to see those."
        )
    axes = Axis("Year of the paper"), Axis("Tc", "K", log_y)
    needed = ("|".join(_TC), "year")
    rows = points.rows(wanted, (*WHAT, "year", *_SAID), needed=needed)
    notes += left_out(points, wanted, needed, ("a Tc", "a year"))
    found = by_class(rows, lambda year, *tc: (year, stated(*tc)), *axes)
    lines = []
    if found[0]:
        years = [p.x for series in found[0] for p in series.points]
        lines = [Line("77 K", [(min(years), NITROGEN_K), (max(years), NITROGEN_K)])]
        notes.insert(0, "The dashed line is the boiling point of nitrogen.")
    return point_plot("tc-year", "Tc over year", axes, found, most=most, notes=notes, lines=lines)


def tc_over_pressure(
    points: Points, wanted: RecordFilter, *, log_x: bool, log_y: bool, most: int | None
) -> PointPlot:
    """Tc over pressure; records that state none are not drawn, of a range the middle is."""
    axes = Axis("Pressure", "GPa", log_x), Axis("Tc", "K", log_y)
    needed = ("|".join(_TC), "|".join(_PRESSURE))
    rows = points.rows(wanted, (*WHAT, *_PRESSURE, *_SAID), needed=needed)
    found = by_class(rows, lambda a, b, c, *tc: (middle(a, b, c), stated(*tc)), *axes)
    notes = ["Only records that state a pressure; of a range the middle is drawn."]
    notes += left_out(points, wanted, needed, ("a Tc", "a pressure"))
    if not log_x and spans_decades([p.x for series in found[0] for p in series.points]):
        notes.append(
            "The pressures span more than two powers of ten: a logarithmic horizontal axis, chosen "
            "above, spreads the low ones; it has no place for 0 GPa."
        )
    return point_plot("tc-pressure", "Tc over pressure", axes, found, most=most, notes=notes)


def spans_decades(values: Sequence[float]) -> bool:
    """Whether most of a linear axis would hold few values: two powers of ten or more lie between.

    >>> spans_decades([0.0, 0.5, 200.0]), spans_decades([0.0, 10.0, 200.0]), spans_decades([])
    (True, False, False)
    """
    above = [value for value in values if value > 0]
    return bool(above) and max(above) > 100 * min(above)
