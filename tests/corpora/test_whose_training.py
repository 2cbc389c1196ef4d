"""The fit of weights corrects those it starts from, and cross-validation parts papers."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scmine.corpora.whose_training import Example, fit, folds

SEEN = [Example("a", {"bias": 1.0, "we": 1.0}, True)] * 20
SEEN += [Example("b", {"bias": 1.0, "cites": 1.0}, False)] * 20


def test_examples_pull_the_weights_their_way() -> None:
    weights = fit(SEEN, {})
    assert weights["we"] > 0 > weights["cites"]


def test_a_stiff_fit_stays_where_it_started() -> None:
    start = {"we": -1.0, "cites": 2.0, "never seen": 0.5}
    stiff = fit(SEEN, start, stiffness=1e9)
    assert stiff == pytest.approx({**start, "bias": 0.0}, abs=1e-3)
    free = fit(SEEN, start, stiffness=0.1)
    assert free["we"] > stiff["we"]
    assert free["never seen"] == 0.5


@given(st.lists(st.text(min_size=1, max_size=3), min_size=1, max_size=30), st.integers(2, 6))
def test_each_example_is_held_out_once_and_papers_stay_whole(papers: list[str], n: int) -> None:
    examples = [Example(p, {}, True) for p in papers]
    held_out: list[int] = []
    for learn, held in folds(examples, n):
        assert not {papers[i] for i in learn} & {papers[i] for i in held}
        held_out += held
    assert sorted(held_out) == list(range(len(papers)))
