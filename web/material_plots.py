"""The plots of one composition: its Tc as strips by evidence and origin, and over pressure."""

from __future__ import annotations

from collections.abc import Sequence

from scmine.database.record import Evidence, Origin
from scmine.web.material_statistics import Claim
from scmine.web.plot import Axis, Point, PointPlot, Series
from scmine.web.printing import tc

OUTLIERS, OTHERS = "far from the others", "claims"


def strips(claims: Sequence[Claim]) -> PointPlot:
    """Each claim's Tc in the strip of its evidence and origin, the strips one above the other.

    Within a strip claims stand at three heights in turn, so that equal ones can be told apart.
    """
    there = {_strip(claim) for claim in claims}
    names = [name for name in dict.fromkeys(_STRIPS.values()) if name in there]
    points: dict[str, list[Point]] = {}
    for i, claim in enumerate(sorted(claims, key=lambda c: (c.tc_K, c.record.record_id))):
        height = names.index(_strip(claim)) + (i % 3 - 1) * 0.18
        points.setdefault(_series(claim), []).append(_point(claim, claim.tc_K, height))
    return PointPlot(
        name="strips",
        title="Tc by evidence and origin",
        x=Axis("Tc", "K"),
        y=Axis("", categories=tuple(names)),
        series=_in_order(points),
        total=len(claims),
        drawn=len(claims),
    )


def over_pressure(claims: Sequence[Claim]) -> PointPlot:
    """Tc over pressure, of the claims that state one."""
    there = [claim for claim in claims if claim.pressure_GPa is not None]
    points: dict[str, list[Point]] = {}
    for claim in there:
        assert claim.pressure_GPa is not None
        points.setdefault(_series(claim), []).append(_point(claim, claim.pressure_GPa, claim.tc_K))
    return PointPlot(
        name="pressure",
        title="Tc over pressure",
        x=Axis("Pressure", "GPa"),
        y=Axis("Tc", "K"),
        series=_in_order(points),
        total=len(there),
        drawn=len(there),
    )


_STRIPS = {
    (Evidence.MEASURED, Origin.THIS_WORK): "measured, own",
    (Evidence.MEASURED, Origin.CITED): "measured, cited",
    (Evidence.MEASURED, None): "measured",
    (Evidence.CALCULATED, Origin.THIS_WORK): "calculated, own",
    (Evidence.CALCULATED, Origin.CITED): "calculated, cited",
    (Evidence.CALCULATED, None): "calculated",
    (Evidence.UNKNOWN, Origin.THIS_WORK): "neither said",
    (Evidence.UNKNOWN, Origin.CITED): "neither said",
    (Evidence.UNKNOWN, None): "neither said",
}


def _strip(claim: Claim) -> str:
    return _STRIPS[claim.record.evidence, claim.record.origin]


def _series(claim: Claim) -> str:
    return OUTLIERS if claim.outlier else OTHERS


def _in_order(points: dict[str, list[Point]]) -> list[Series]:
    return [Series(name, points[name]) for name in (OTHERS, OUTLIERS) if name in points]


def _point(claim: Claim, x: float, y: float) -> Point:
    record = claim.record
    paper = record.title or record.doi or record.path.rsplit("/", 1)[-1]
    year = "" if record.year is None else f" ({record.year})"
    label = f"{tc(record)} K: {paper}{year}"
    return Point(x, y, record.record_id, label, record.evidence.value)
