"""From rows of the database to a plot of points: series by class, notes on what is not drawn."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from scmine.database.bounds import is_bound
from scmine.database.filters import RecordFilter
from scmine.database.points import Points
from scmine.web.plot import Axis, Line, Point, PointPlot, Series
from scmine.web.thinning import thinned

NO_CLASS = "no class"
"""The series of records whose material has no class."""

WHAT = ("record_id", "formula", "raw_material", "material_class", "evidence")
"""The columns that each row begins with; behind them stand those that give its place."""

NOT_JUDGED = (
    "Records judged invalid, obsolete or removed are not drawn unless their status is asked for."
)

Place = Callable[..., tuple[float | None, float | None]]
"""Gives the place (x, y) of a row from its further columns."""


def middle(value: float | None, low: float | None, high: float | None) -> float | None:
    """The value, or the middle of a range with two ends; None for a bound.

    >>> middle(39.0, None, None), middle(None, 8.0, 32.0), middle(None, None, 2.0)
    (39.0, 20.0, None)
    """
    if value is not None:
        return value
    return None if low is None or high is None else (low + high) / 2


def stated(
    value: float | None, low: float | None, high: float | None, relation: str | None
) -> float | None:
    """The Tc that a record states, of a range the middle; None for a bound.

    >>> stated(39.0, None, None, "~"), stated(4.2, None, None, "<")
    (39.0, None)
    """
    return None if is_bound(value, low, high, relation) else middle(value, low, high)


def by_class(
    rows: Iterable[tuple[Any, ...]], place: Place, x: Axis, y: Axis
) -> tuple[list[Series], int]:
    """One series for each class, the largest first; and how many rows could not be placed."""
    points: dict[str, list[Point]] = {}
    left_out = 0
    for record_id, formula, raw, material_class, evidence, *rest in rows:
        across, up = place(*rest)
        if across is None or up is None or (x.log and across <= 0) or (y.log and up <= 0):
            left_out += 1
            continue
        point = Point(float(across), float(up), record_id, formula or raw, evidence)
        points.setdefault(material_class or NO_CLASS, []).append(point)
    order = sorted(points, key=lambda name: (-len(points[name]), name))
    return [Series(name, points[name]) for name in order], left_out


def left_out(
    points: Points, wanted: RecordFilter, needed: Sequence[str], names: Sequence[str]
) -> list[str]:
    """What to say of the records wanted that lack what a plot ``needed``, each part by its name."""
    return [
        f"{count:,} record{'' if count == 1 else 's'} without {name} "
        f"{'is' if count == 1 else 'are'} not drawn."
        for count, name in zip(points.missing(wanted, needed), names, strict=True)
        if count
    ]


def point_plot(
    name: str,
    title: str,
    axes: tuple[Axis, Axis],
    found: tuple[list[Series], int],
    *,
    most: int | None,
    notes: Sequence[str] = (),
    lines: Sequence[Line] = (),
) -> PointPlot:
    """The plot of what `by_class` found, thinned to ``most`` points, with notes where it was."""
    series, unplaced = found
    x, y = axes
    total = sum(len(s.points) for s in series)
    drawn = series if most is None else thinned(series, most)
    shown = sum(len(s.points) for s in drawn)
    notes = list(notes)
    if unplaced:
        why = " or with no place on a logarithmic axis" if x.log or y.log else ""
        plural = "" if unplaced == 1 else "s"
        notes.append(f"Left out: {unplaced:,} record{plural} with only a bound{why}.")
    notes.append(NOT_JUDGED)
    if shown < total:
        notes.append(
            f"{shown:,} of {total:,} points are drawn: the highest and lowest of each class "
            "everywhere, and a fixed sample of the rest. The CSV has all of them."
        )
    return PointPlot(
        name=name,
        title=title,
        x=x,
        y=y,
        series=drawn,
        total=total,
        drawn=shown,
        lines=lines,
        notes=notes,
    )
