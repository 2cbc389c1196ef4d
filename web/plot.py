"""What a plot is before it is drawn: axes, series of points, lines; as JSON and as a table.

Plain values. How a browser draws them lives in ``web/static/plot.js``, which of the records'
values they hold in the modules of the single plots.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Axis:
    """An axis: its title, its unit (empty if none), and whether it is logarithmic.

    ``categories`` name the whole numbers from 0 on, where an axis has no numbers of its own.
    """

    title: str
    unit: str = ""
    log: bool = False
    categories: tuple[str, ...] = ()

    @property
    def label(self) -> str:
        """Title and unit as they stand at the axis."""
        return f"{self.title} ({self.unit})" if self.unit else self.title


@dataclass(frozen=True, slots=True)
class Point:
    """A record as a point; ``label`` is its material, ``evidence`` as in the record."""

    x: float
    y: float
    record_id: str
    label: str
    evidence: str


@dataclass(frozen=True, slots=True)
class Series:
    """Points that are drawn alike: of one class of materials, say.

    ``left_out`` more of them are not drawn, since there would be too many.
    """

    name: str
    points: Sequence[Point]
    left_out: int = 0


@dataclass(frozen=True, slots=True)
class Line:
    """A line that guides the eye; its name stands at its end."""

    name: str
    points: Sequence[tuple[float, float]]


@dataclass(frozen=True, slots=True, kw_only=True)
class PointPlot:
    """Records as points over two axes.

    ``total`` records could be drawn, ``drawn`` of them are; ``notes`` say what was left out and
    what the lines are.
    """

    name: str
    title: str
    x: Axis
    y: Axis
    series: Sequence[Series]
    total: int
    drawn: int
    lines: Sequence[Line] = ()
    notes: Sequence[str] = field(default_factory=list)

    def to_json(self) -> dict[str, Any]:
        """What the browser draws; the points of a series as lists side by side."""
        return {
            "kind": "points",
            "name": self.name,
            "title": self.title,
            "x": asdict(self.x) | {"label": self.x.label},
            "y": asdict(self.y) | {"label": self.y.label},
            "series": [
                {
                    "name": series.name,
                    "total": len(series.points) + series.left_out,
                    "x": [point.x for point in series.points],
                    "y": [point.y for point in series.points],
                    "record": [point.record_id for point in series.points],
                    "label": [point.label for point in series.points],
                    "evidence": [point.evidence for point in series.points],
                }
                for series in self.series
            ],
            "lines": [asdict(line) for line in self.lines],
            "total": self.total,
            "drawn": self.drawn,
            "notes": list(self.notes),
        }

    @property
    def header(self) -> tuple[str, ...]:
        """The columns of `rows`."""
        return ("material", "series", "evidence", self.x.label, self.y.label, "record_id")

    def rows(self) -> Iterator[tuple[Any, ...]]:
        """The points as a table, series by series."""
        for series in self.series:
            for p in series.points:
                yield (p.label, series.name, p.evidence, p.x, p.y, p.record_id)


@dataclass(frozen=True, slots=True)
class Bar:
    """How many records (or documents) a group has; ``link`` shows them."""

    name: str
    count: int
    link: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class BarPlot:
    """Groups and how many each has."""

    name: str
    title: str
    of: str
    bars: Sequence[Bar]
    notes: Sequence[str] = ()

    def to_json(self) -> dict[str, Any]:
        """What the browser draws."""
        return {"kind": "bars"} | asdict(self)

    @property
    def header(self) -> tuple[str, ...]:
        """The columns of `rows`."""
        return (self.title, self.of)

    def rows(self) -> Iterator[tuple[Any, ...]]:
        """The groups as a table."""
        for bar in self.bars:
            yield (bar.name, bar.count)


@dataclass(frozen=True, slots=True)
class GridRow:
    """A group of records, how many it has, and the share of them with a value in each column."""

    name: str
    records: int
    shares: Sequence[float]
    link: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class GridPlot:
    """Shares of groups as a grid: a row for each group, a field for each column."""

    name: str
    title: str
    by: str
    columns: Sequence[str]
    groups: Sequence[GridRow]
    notes: Sequence[str] = ()

    def to_json(self) -> dict[str, Any]:
        """What the browser draws."""
        return {"kind": "grid"} | asdict(self)

    @property
    def header(self) -> tuple[str, ...]:
        """The columns of `rows`."""
        return (self.by, "records", *self.columns)

    def rows(self) -> Iterator[tuple[Any, ...]]:
        """The groups as a table; shares are of 1."""
        for group in self.groups:
            yield (group.name, group.records, *(round(share, 4) for share in group.shares))


Plot = PointPlot | BarPlot | GridPlot
