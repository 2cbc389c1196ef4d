"""Decoding gives the likeliest sequence of tags, and spans their true probability."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise, product
from operator import itemgetter
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from scmine.extractors.crf import Scores, constrained, decode, decode_batch, doubts

TAGS = 5  # outside, and begin and inside of two labels
Span = tuple[int, int, int]


def scores(rows: int, bound: float) -> st.SearchStrategy[Scores]:
    values = st.lists(st.floats(-bound, bound, width=32), min_size=TAGS, max_size=TAGS)
    table = st.lists(values, min_size=rows, max_size=rows)
    return table.map(lambda found: np.array(found, np.float32).reshape(rows, TAGS))


EMISSIONS = st.integers(1, 4).flatmap(lambda words: scores(words, 6))


def sequences(words: int) -> Iterator[tuple[int, ...]]:
    """All sequences of tags in which every continuation continues something."""
    for tags in product(range(TAGS), repeat=words):
        steps = pairwise((0, *tags))
        if all(to == 0 or to % 2 or before in (to - 1, to) for before, to in steps):
            yield tags


def spans_of(tags: tuple[int, ...]) -> list[Span]:
    spans: list[Span] = []
    for i, tag in enumerate(tags):
        if tag % 2:
            spans.append((i, i + 1, tag // 2))
        elif tag:
            spans[-1] = (spans[-1][0], i + 1, spans[-1][2])
    return spans


def score_of(tags: tuple[int, ...], emissions: NDArray[Any], transitions: NDArray[Any]) -> float:
    own = sum(float(emissions[i, tag]) for i, tag in enumerate(tags))
    return own + sum(float(transitions[a, b]) for a, b in pairwise(tags))


@given(EMISSIONS, scores(TAGS, 4))
def test_decoding_agrees_with_trying_all_sequences(emissions: Scores, transitions: Scores) -> None:
    every = {tags: score_of(tags, emissions, transitions) for tags in sequences(len(emissions))}
    whole = np.logaddexp.reduce(list(every.values()))
    found = decode(emissions, constrained(transitions))
    bare = [(s.first, s.end, s.label) for s in found]
    best = max(score for tags, score in every.items() if spans_of(tags) == bare)
    assert best == pytest.approx(max(every.values()), abs=1e-4)
    for span in found:
        within = [s for tags, s in every.items() if span[:3] in spans_of(tags)]
        assert span.probability == pytest.approx(np.exp(np.logaddexp.reduce(within) - whole), 1e-3)


def test_what_a_word_may_be_has_probability_one_together() -> None:
    """Of three choices, each is in turn made the best one by ruling the better ones out."""
    emissions = np.log(np.array([[0.5, 0.3, 1, 0.2, 1]])).astype(np.float32)
    transitions = constrained(np.zeros((TAGS, TAGS), np.float32))
    assert decode(emissions, transitions) == []
    emissions[0, 0] = -50
    [begin] = decode(emissions, transitions)
    assert begin == (0, 1, 0, pytest.approx(0.6))
    emissions[0, 1] = np.log(0.1)
    [other] = decode(emissions, transitions)
    assert other == (0, 1, 1, pytest.approx(2 / 3))


def test_constraining_leaves_the_scores_alone_that_are_possible() -> None:
    transitions = np.arange(TAGS * TAGS, dtype=np.float32).reshape(TAGS, TAGS)
    before = transitions.copy()
    result = constrained(transitions)
    assert np.array_equal(transitions, before)
    forbidden = {(a, b) for a, b in np.argwhere(result != transitions).tolist()}
    assert forbidden == {(0, 2), (3, 2), (4, 2), (0, 4), (1, 4), (2, 4)}
    assert (result[tuple(zip(*forbidden, strict=True))] < -1000).all()
    assert np.array_equal(constrained(result), result)


def test_no_words_have_no_spans() -> None:
    assert decode(np.zeros((0, TAGS), np.float32), np.zeros((TAGS, TAGS), np.float32)) == []


def test_spans_that_touch_stay_apart() -> None:
    emissions = np.full((4, TAGS), -9, np.float32)
    for word, tag in enumerate((1, 1, 2, 3)):
        emissions[word, tag] = 9
    found = decode(emissions, constrained(np.zeros((TAGS, TAGS), np.float32)))
    assert [s[:3] for s in found] == [(0, 1, 0), (1, 3, 0), (3, 4, 1)]
    assert all(0.99 < s.probability <= 1 for s in found)


def test_probabilities_hold_in_long_texts() -> None:
    """A span in the midst of a long text is as likely as where its surroundings are cut away."""
    rng = np.random.default_rng(0)
    emissions = rng.normal(0, 3, (4000, TAGS)).astype(np.float32)
    transitions = constrained(rng.normal(0, 1, (TAGS, TAGS)).astype(np.float32))
    found = decode(emissions, transitions)
    first, end = 1900, 2100
    near = [s for s in found if first + 50 < s.first < end - 50]
    cut = {s[:3]: s.probability for s in decode(emissions[first:end], transitions)}
    assert len(near) > 20
    for span in near:
        place = (span.first - first, span.end - first, span.label)
        assert span.probability == pytest.approx(cut[place], abs=1e-4)


@given(EMISSIONS, scores(TAGS, 4))
def test_doubt_is_the_probability_of_all_sequences_with_another_tag(
    emissions: Scores, transitions: Scores
) -> None:
    every = {tags: score_of(tags, emissions, transitions) for tags in sequences(len(emissions))}
    whole = np.logaddexp.reduce(list(every.values()))
    found = doubts(emissions, constrained(transitions))
    best = max(every.values())
    likely = [tags for tags, score in every.items() if score == pytest.approx(best, abs=1e-4)]
    assert any(
        found
        == pytest.approx(
            [
                sum(np.exp(s - whole) for tags, s in every.items() if tags[i] != tag)
                for i, tag in enumerate(chosen)
            ],
            abs=1e-4,
        )
        for chosen in likely
    )


def test_nothing_has_no_doubts() -> None:
    none = np.zeros((0, TAGS), np.float32)
    assert doubts(none, constrained(np.zeros((TAGS, TAGS), np.float32))).shape == (0,)


@given(st.lists(EMISSIONS, min_size=1, max_size=4), scores(TAGS, 4), st.floats(-50, 50, width=32))
def test_the_spans_of_a_text_do_not_depend_on_the_texts_beside_it(
    texts: list[Scores], transitions: Scores, filling: float
) -> None:
    steps = constrained(transitions)
    shape = (len(texts), max(map(len, texts)), TAGS)
    beside = np.full(shape, filling, np.float32)
    for row, text in zip(beside, texts, strict=True):
        row[: len(text)] = text
    together = decode_batch(beside, [len(text) for text in texts], steps)
    alone = [decode(text, steps) for text in texts]
    assert [list(map(itemgetter(0, 1, 2), spans)) for spans in together] == [
        list(map(itemgetter(0, 1, 2), spans)) for spans in alone
    ]
    # The last bit of a logarithm may hang on its place in a vector register.
    assert [s.probability for spans in together for s in spans] == pytest.approx(
        [s.probability for spans in alone for s in spans], rel=1e-9
    )
