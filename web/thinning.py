"""Fewer points where a plot would have too many: the same ones each time, the extremes kept."""

from __future__ import annotations

from collections.abc import Sequence

from scmine.web.plot import Series

MOST_POINTS = 10_000
"""So many points are drawn at most: a browser pans and zooms them without a pause."""

EXTREME_BINS = 200
"""In each so many-th of the x axis the highest and lowest point of each series are kept."""


def thinned(series: Sequence[Series], most: int = MOST_POINTS) -> list[Series]:
    """``series`` with at most ``most`` points in all.

    First are kept, in each bin of the x axis, the highest and lowest point of each series and the
    series' ends; of the rest those with the smallest record ids, which are hashes and therefore a
    fair sample that does not change from one look to the next.
    """
    if sum(len(s.points) for s in series) <= most:
        return list(series)
    kept = set(sorted(_extremes(series))[:most])
    rest = sorted(
        (point.record_id, i, j)
        for i, s in enumerate(series)
        for j, point in enumerate(s.points)
        if (i, j) not in kept
    )
    kept.update((i, j) for _, i, j in rest[: most - len(kept)])
    drawn = [[p for j, p in enumerate(s.points) if (i, j) in kept] for i, s in enumerate(series)]
    return [
        Series(s.name, points, len(s.points) - len(points))
        for s, points in zip(series, drawn, strict=True)
    ]


def _extremes(series: Sequence[Series]) -> set[tuple[int, int]]:
    """The places (series, point) of the highest and lowest points in each bin of the x axis."""
    xs = [p.x for s in series for p in s.points]
    low, width = min(xs), (max(xs) - min(xs)) / EXTREME_BINS or 1.0
    kept: set[tuple[int, int]] = set()
    for i, s in enumerate(series):
        highest: dict[int, int] = {}
        lowest: dict[int, int] = {}
        for j, p in enumerate(s.points):
            place = int((p.x - low) / width)
            if place not in highest or p.y > s.points[highest[place]].y:
                highest[place] = j
            if place not in lowest or p.y < s.points[lowest[place]].y:
                lowest[place] = j
        kept |= {(i, j) for j in (*highest.values(), *lowest.values())}
    return kept
