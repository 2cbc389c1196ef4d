"""Reads a network's scores of tags as spans: the best sequence of tags, and how sure of each span.

A linear-chain conditional random field (Lafferty, McCallum and Pereira, ICML 2001) over BIO tags:
tag 0 is outside, tag ``1 + 2k`` begins and ``2 + 2k`` continues a span of label ``k``. Scores are
natural logarithms. Fitting the transitions lives in ``scmine.corpora``.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Scores = NDArray[np.float32]
_FORBIDDEN = np.float32(-1e4)


class TaggedSpan(NamedTuple):
    """Words ``first`` to ``end`` (exclusive), the number of their label, and a probability."""

    first: int
    end: int
    label: int
    probability: float


def constrained(transitions: Scores) -> Scores:
    """The transitions (from, to) with those made impossible that continue what did not begin."""
    result = transitions.astype(np.float32, copy=True)
    for inside in range(2, len(result), 2):
        allowed = result[[inside - 1, inside], inside]
        result[:, inside] = _FORBIDDEN
        result[[inside - 1, inside], inside] = allowed
    return result


def decode(emissions: Scores, transitions: Scores) -> list[TaggedSpan]:
    """The spans of the likeliest sequence of tags.

    Parameters
    ----------
    emissions
        Score of each tag at each word, shape (words, tags).
    transitions
        Score of each step from one tag to the next, shape (tags, tags), ``constrained``.

    >>> emissions = np.log(np.array([[0.1, 0.8, 0.1], [0.2, 0.1, 0.7], [0.9, 0.05, 0.05]]))
    >>> [span] = decode(emissions.astype(np.float32), constrained(np.zeros((3, 3), np.float32)))
    >>> span.first, span.end, span.label, round(span.probability, 2)
    (0, 2, 0, 0.65)
    """
    if not len(emissions):
        return []
    tags = _best_tags(emissions, transitions)
    spans = _spans(tags)
    if not spans:
        return []
    chain = _Chain(emissions, transitions)
    return [TaggedSpan(*span, chain.probability(*span)) for span in spans]


def doubts(emissions: Scores, transitions: Scores) -> NDArray[np.float64]:
    """How likely each word's tag in the likeliest sequence is wrong, in parallel to the words.

    Parameters are those of `decode`. The sum is the number of words expected to be tagged wrongly.

    >>> emissions = np.log(np.array([[0.1, 0.8, 0.1], [0.2, 0.1, 0.7], [0.9, 0.05, 0.05]]))
    >>> doubts(emissions.astype(np.float32), constrained(np.zeros((3, 3), np.float32))).round(2)
    array([0.04, 0.32, 0.09])
    """
    if not len(emissions):
        return np.zeros(0)
    chain = _Chain(emissions, transitions)
    tags = _best_tags(emissions, transitions)
    words = np.arange(len(tags))
    right = np.exp(chain.before[words, tags] + chain.after[words, tags] - chain.whole)
    return np.clip(1.0 - right, 0.0, 1.0)


def _best_tags(emissions: Scores, transitions: Scores) -> list[int]:
    """Viterbi's algorithm; a sequence may not open with a continuation."""
    scores = emissions[0].copy()
    scores[2::2] = _FORBIDDEN
    steps = []
    for row in emissions[1:]:
        through = scores[:, None] + transitions
        steps.append(through.argmax(0))
        scores = through.max(0) + row
    tags = [int(scores.argmax())]
    for step in reversed(steps):
        tags.append(int(step[tags[-1]]))
    return tags[::-1]


def _spans(tags: list[int]) -> list[tuple[int, int, int]]:
    spans = []
    for first, tag in enumerate(tags):
        if tag % 2:
            end = first + 1
            while end < len(tags) and tags[end] == tag + 1:
                end += 1
            spans.append((first, end, tag // 2))
    return spans


class _Chain:
    """Sums over all sequences of tags of one text, by the forward-backward algorithm.

    In double precision: sums over a long text are large, and probabilities are their differences.
    """

    def __init__(self, emissions: Scores, transitions: Scores) -> None:
        own = self.emissions = emissions.astype(np.float64)
        steps = self.transitions = transitions.astype(np.float64)
        count = len(own)
        self.before = np.empty_like(own)  # all ways to a tag at a word, its own score included
        self.before[0] = own[0]
        self.before[0, 2::2] = _FORBIDDEN
        self.after = np.zeros_like(own)  # all ways on from a tag at a word
        for i in range(1, count):
            self.before[i] = _log_sum(self.before[i - 1][:, None] + steps, 0) + own[i]
            j = count - 1 - i
            self.after[j] = _log_sum(steps + (own[j + 1] + self.after[j + 1]), 1)
        self.whole = float(_log_sum(self.before[-1], 0))

    def probability(self, first: int, end: int, label: int) -> float:
        """That exactly the words ``first`` to ``end`` are one span of ``label``."""
        begin, inside = 1 + 2 * label, 2 + 2 * label
        score = self.before[first, begin]
        tag = begin
        for i in range(first + 1, end):
            score = score + self.transitions[tag, inside] + self.emissions[i, inside]
            tag = inside
        if end < len(self.emissions):
            on = self.transitions[tag] + self.emissions[end] + self.after[end]
            on[inside] = _FORBIDDEN
            score = score + _log_sum(on, 0)
        return float(min(1.0, np.exp(score - self.whole)))


def _log_sum(scores: NDArray[np.float64], axis: int) -> NDArray[np.float64]:
    highest = scores.max(axis, keepdims=True)
    total: NDArray[np.float64] = np.log(np.exp(scores - highest).sum(axis)) + highest.squeeze(axis)
    return total
