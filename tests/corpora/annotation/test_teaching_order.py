"""The order in which texts teach most."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from scmine.corpora.annotation.ordering import Uncertain, _gain, _grams, _rarity, teaching_order

_WORDS = st.sampled_from(
    ["MgB2", "has Tc = 39 K", "was measured", "😀", "LaH10", "at 150 GPa", "of the sample", "μ*"]
)
_TEXTS = st.lists(_WORDS, max_size=5).map(" ".join)
_UNITS = st.lists(st.builds(Uncertain, _TEXTS, st.floats(0, 5)), max_size=8)


def _plainly(units: list[Uncertain], known: list[str]) -> list[int]:
    """The same order, every value worked out again at every step."""
    grams = _grams([*(unit.text for unit in units), *known])
    weights = _rarity(grams)
    counts = np.zeros(len(weights), np.int64)
    for ids in grams[len(units) :]:
        counts[ids] += 1
    left = list(range(len(units)))
    order = []
    while left:
        worth = weights / (1 + counts)
        values = {
            i: _gain(units[i]) * float(worth[grams[i]].sum()) / float(weights[grams[i]].sum())
            for i in left
        }
        best = max(left, key=lambda i: (values[i], -i))
        left.remove(best)
        order.append(best)
        counts[grams[best]] += 1
    return order


@settings(deadline=None, max_examples=30)  # each with arrays of a million counts
@given(_UNITS, st.lists(_TEXTS, max_size=3))
def test_it_is_the_greedy_order_and_holds_each_text_once(
    units: list[Uncertain], known: list[str]
) -> None:
    order = teaching_order(units, known)
    assert sorted(order) == list(range(len(units)))
    assert order == _plainly(units, known)
    assert order == teaching_order(units, known)


def test_what_is_likelier_wrong_comes_first() -> None:
    texts = ["The sample was cold.", "LaH10 reaches 250 K.", "Pressure was raised twice."]
    units = [Uncertain(text, doubt) for text, doubt in zip(texts, (0.1, 1.0, 0.4), strict=True)]
    assert teaching_order(units) == [1, 2, 0]


def test_what_takes_less_time_comes_first() -> None:
    short, long = "LaH10 reaches 250 K.", "In the following we describe at length what was done."
    assert teaching_order([Uncertain(long, 0.5), Uncertain(short, 0.5)]) == [1, 0]
    wrong_throughout = Uncertain("NbN films lose 2 K.", 6.0)
    assert teaching_order([wrong_throughout, Uncertain(short, 0.5)]) == [1, 0]


def test_what_says_the_same_waits_and_other_numbers_are_no_news() -> None:
    same = "The transition temperature of MgB2 is 39 K at ambient pressure."
    units = [
        Uncertain(same, 1.0),
        Uncertain(same.replace("39", "26"), 0.95),
        Uncertain("Eliashberg theory gives a coupling of 2.1 for the hydride.", 0.6),
    ]
    assert teaching_order(units) == [0, 2, 1]


def test_what_was_annotated_before_is_no_news() -> None:
    first, second = "Resistivity of the cuprate film.", "A diamond anvil cell was used."
    units = [Uncertain(first, 1.0), Uncertain(second, 0.9)]
    assert teaching_order(units) == [0, 1]
    assert teaching_order(units, known=[first]) == [1, 0]


def test_nothing_has_an_empty_order() -> None:
    assert teaching_order([]) == []
    assert teaching_order([], known=["MgB2"]) == []
