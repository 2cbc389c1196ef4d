"""The earth mover's distance: a metric, the same as SciPy's, small for similar elements."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import wasserstein_distance

from scmine.extractors.elements import elements
from scmine.validator.references.distance import (
    distance,
    distances,
    places,
    vector,
    vectors,
)

COMPOSITIONS = st.dictionaries(
    st.sampled_from(sorted(elements())), st.floats(0.01, 20), min_size=1, max_size=6
)


def test_every_element_has_a_place_of_its_own():
    own = {s: p for s, p in places().items() if s not in {"D", "T"}}
    assert set(own) == set(elements()) - {"D"}
    assert sorted(own.values()) == list(range(103))


@given(COMPOSITIONS, COMPOSITIONS, COMPOSITIONS)
def test_it_is_a_metric(one, two, three):
    assert distance(one, one) == pytest.approx(0, abs=1e-4)
    assert distance(one, two) == pytest.approx(distance(two, one), abs=1e-4)
    assert distance(one, two) >= 0
    assert distance(one, three) <= distance(one, two) + distance(two, three) + 1e-3


@given(COMPOSITIONS, st.floats(0.1, 10))
def test_multiples_of_a_composition_are_at_no_distance(one, times):
    assert distance(one, {s: a * times for s, a in one.items()}) == pytest.approx(0, abs=1e-4)


@given(COMPOSITIONS, COMPOSITIONS)
def test_it_is_what_scipy_calls_the_wasserstein_distance(one, two):
    known = places()
    expected = wasserstein_distance(
        [known[s] for s in one], [known[s] for s in two], list(one.values()), list(two.values())
    )
    assert distance(one, two) == pytest.approx(expected, abs=1e-3)


def test_many_at_once_are_as_one_by_one():
    some = [{"Nb": 3, "Sn": 1}, {"Mg": 1, "B": 2}, {"La": 1, "H": 10}]
    found = distances(vector({"Nb": 3, "Ge": 1}), vectors(some))
    assert found == pytest.approx([distance({"Nb": 3, "Ge": 1}, other) for other in some], abs=1e-4)
    assert vectors([]).shape == (0, 103)
    assert np.argmin(found) == 0


@pytest.mark.parametrize("composition", [{}, {"Xx": 1.0}, {"H": 0.0}])
def test_no_composition_is_an_error(composition: dict[str, float]):
    with pytest.raises(ValueError, match=r"scale|atoms"):
        vector(composition)
