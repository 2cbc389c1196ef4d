"""Differences between two results: right in value, and blind to what is hard for both."""

from __future__ import annotations

import pytest

from scmine.corpora.evaluate import Score, bootstrap, micro_f1
from scmine.corpora.paired_difference import paired_difference


def of(*right: int) -> dict[str, dict[str, Score]]:
    """Papers with ten gold and ten found each, so many of them right."""
    return {f"p{n}": {"tc": Score(r, 10, 10, r)} for n, r in enumerate(right)}


def test_the_difference_is_of_micro_f1() -> None:
    found = paired_difference(of(5, 7), of(6, 9))
    assert (found.first, found.second) == (pytest.approx(60), pytest.approx(75))
    assert found.difference == pytest.approx(15)
    assert (found.low, found.high) == (pytest.approx(10), pytest.approx(20))
    assert found.papers == 2
    assert not found.is_clear, "two papers are too few to say so"


def test_a_difference_of_enough_papers_is_clear() -> None:
    found = paired_difference(of(5, 7, 4, 5, 6), of(6, 9, 5, 6, 7))
    assert found.is_clear
    assert found.to_json()["clear"] is True


def test_what_is_hard_for_both_is_no_difference() -> None:
    first, second = of(1, 9, 2, 8), of(2, 10, 3, 9)
    found = paired_difference(first, second)
    assert (found.low, found.high) == (pytest.approx(10), pytest.approx(10))
    low, high = bootstrap(list(second.values()), micro_f1)
    assert high - low > 10


def test_no_difference_is_not_clear() -> None:
    found = paired_difference(of(5, 5), of(5, 5))
    assert (found.difference, found.low, found.high) == (0, 0, 0)
    assert not found.is_clear


def test_a_label_that_one_side_lacks_counts_as_nothing() -> None:
    found = paired_difference(of(5), {"p0": {}}, "tc")
    assert (found.first, found.second) == (50, 0)


@pytest.mark.parametrize("sides", [({}, {}), (of(1), of(1, 2))])
def test_other_papers_cannot_be_paired(sides: tuple[dict[str, dict[str, Score]], ...]) -> None:
    with pytest.raises(ValueError, match="same papers"):
        paired_difference(*sides)
