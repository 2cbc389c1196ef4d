"""Too many points become fewer: the same each time, the extremes among them."""

from __future__ import annotations

import hashlib

from hypothesis import given
from hypothesis import strategies as st

from scmine.web.plot import Point, Series
from scmine.web.thinning import thinned


def series(name: str, places: list[tuple[float, float]]) -> Series:
    points = [
        Point(x, y, hashlib.sha256(f"{name}{i}".encode()).hexdigest(), "MgB2", "measured")
        for i, (x, y) in enumerate(places)
    ]
    return Series(name, points)


NUMBERS = st.floats(-1e6, 1e6)
PLACES = st.lists(st.tuples(NUMBERS, NUMBERS), min_size=1, max_size=60)


@given(PLACES, PLACES, st.integers(1, 130))
def test_never_more_than_asked_for_and_none_that_was_not_there(
    one: list[tuple[float, float]], other: list[tuple[float, float]], most: int
) -> None:
    full = [series("a", one), series("b", other)]
    drawn = thinned(full, most)
    assert sum(len(s.points) for s in drawn) == min(most, len(one) + len(other))
    for before, after in zip(full, drawn, strict=True):
        assert set(after.points) <= set(before.points)
    assert drawn == thinned(full, most)


def test_highest_and_lowest_are_kept() -> None:
    many = [(float(year), 10.0 + i % 7) for i, year in enumerate(range(1900, 2000))] * 50
    many[1234] = (1950.0, 300.0)
    many[2345] = (1960.0, 0.01)
    (drawn,) = thinned([series("a", many)], 500)
    heights = {point.y for point in drawn.points}
    assert {300.0, 0.01} <= heights
    assert len(drawn.points) == 500


def test_few_points_stay_as_they_are() -> None:
    few = [series("a", [(1.0, 2.0), (1.0, 2.0)])]
    assert thinned(few, 2) == few
