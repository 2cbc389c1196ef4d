"""Reads a network's scores of tags as spans: the best sequence of tags, and how sure of each span.

A linear-chain conditional random field (Lafferty, McCallum and Pereira, ICML 2001) over BIO tags:
tag 0 is outside, tag ``1 + 2k`` begins and ``2 + 2k`` continues a span of label ``k``. Scores are
natural logarithms. Fitting the transitions lives in ``scmine.corpora``.
"""

from __future__ import annotations

from collections.abc import Sequence
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
    return decode_batch(emissions[None], [len(emissions)], transitions)[0]


def decode_batch(
    emissions: Scores, lengths: Sequence[int], transitions: Scores
) -> list[list[TaggedSpan]]:
    """What `decode` finds in each of several texts, whose words are gone through side by side.

    ``emissions`` has the shape (texts, words, tags), and ``lengths`` the number of words of each
    text, at least one; what stands behind them is not read. A text's spans do not depend on the
    texts beside it.
    """
    tags = _best_tags(emissions, lengths, transitions)
    found = [_spans(sequence) for sequence in tags]
    bearing = [i for i, spans in enumerate(found) if spans]
    if not bearing:
        return [[] for _ in found]
    chain = _Chains(emissions[bearing], [lengths[i] for i in bearing], transitions)
    sure: list[list[TaggedSpan]] = [[] for _ in found]
    for text, i in enumerate(bearing):
        sure[i] = [TaggedSpan(*span, chain.probability(text, *span)) for span in found[i]]
    return sure


def doubts(emissions: Scores, transitions: Scores) -> NDArray[np.float64]:
    """How likely each word's tag in the likeliest sequence is wrong, in parallel to the words.

    Parameters are those of `decode`. The sum is the number of words expected to be tagged wrongly.

    >>> emissions = np.log(np.array([[0.1, 0.8, 0.1], [0.2, 0.1, 0.7], [0.9, 0.05, 0.05]]))
    >>> doubts(emissions.astype(np.float32), constrained(np.zeros((3, 3), np.float32))).round(2)
    array([0.04, 0.32, 0.09])
    """
    if not len(emissions):
        return np.zeros(0)
    chain = _Chains(emissions[None], [len(emissions)], transitions)
    [tags] = _best_tags(emissions[None], [len(emissions)], transitions)
    words = np.arange(len(tags))
    right = np.exp(chain.before[0, words, tags] + chain.after[0, words, tags] - chain.whole[0])
    return np.clip(1.0 - right, 0.0, 1.0)


def _best_tags(emissions: Scores, lengths: Sequence[int], transitions: Scores) -> list[list[int]]:
    """Viterbi's algorithm; a sequence may not open with a continuation."""
    texts, words, tags = emissions.shape
    scores = np.empty_like(emissions)
    scores[:, 0] = emissions[:, 0]
    scores[:, 0, 2::2] = _FORBIDDEN
    steps = np.empty((words, texts, tags), np.intp)
    for i in range(1, words):
        through = scores[:, i - 1, :, None] + transitions
        steps[i] = through.argmax(1)
        scores[:, i] = through.max(1) + emissions[:, i]
    found = []
    for text, length in enumerate(lengths):
        sequence = [int(scores[text, length - 1].argmax())]
        for i in range(length - 1, 0, -1):
            sequence.append(int(steps[i, text, sequence[-1]]))
        found.append(sequence[::-1])
    return found


def _spans(tags: list[int]) -> list[tuple[int, int, int]]:
    spans = []
    for first, tag in enumerate(tags):
        if tag % 2:
            end = first + 1
            while end < len(tags) and tags[end] == tag + 1:
                end += 1
            spans.append((first, end, tag // 2))
    return spans


class _Chains:
    """Sums over all sequences of tags of each text, by the forward-backward algorithm.

    In double precision: sums over a long text are large, and probabilities are their differences.
    Arrays have the shape (texts, words, tags); behind the end of a text they mean nothing.
    """

    def __init__(self, emissions: Scores, lengths: Sequence[int], transitions: Scores) -> None:
        own = self.emissions = emissions.astype(np.float64)
        steps = self.transitions = transitions.astype(np.float64)
        texts, count, _ = own.shape
        last = self.last = np.asarray(lengths) - 1
        self.before = np.empty_like(own)  # all ways to a tag at a word, its own score included
        self.before[:, 0] = own[:, 0]
        self.before[:, 0, 2::2] = _FORBIDDEN
        self.after = np.zeros_like(own)  # all ways on from a tag at a word
        ahead = np.exp(steps)
        back = ahead.T.copy()
        for i in range(1, count):
            self.before[:, i] = _through(self.before[:, i - 1], ahead) + own[:, i]
            j = count - 1 - i
            on = _through(own[:, j + 1] + self.after[:, j + 1], back)
            self.after[:, j] = np.where((j < last)[:, None], on, 0.0)
        self.whole = _log_sum(self.before[np.arange(texts), last], 1)

    def probability(self, text: int, first: int, end: int, label: int) -> float:
        """That exactly the words ``first`` to ``end`` of a text are one span of ``label``."""
        begin, inside = 1 + 2 * label, 2 + 2 * label
        own = self.emissions[text]
        score = self.before[text, first, begin]
        tag = begin
        for i in range(first + 1, end):
            score = score + self.transitions[tag, inside] + own[i, inside]
            tag = inside
        if end <= self.last[text]:
            on = self.transitions[tag] + own[end] + self.after[text, end]
            on[inside] = _FORBIDDEN
            score = score + _log_sum(on, 0)
        return float(min(1.0, np.exp(score - self.whole[text])))


def _through(scores: NDArray[np.float64], factors: NDArray[np.float64]) -> NDArray[np.float64]:
    """The logarithm of the sum over all ways on from ``scores`` (texts, tags); ``factors`` (…, …).

    A product of matrices is many times faster than the exponential of each of its terms. A way
    10^-320 as likely as another counts as none.
    """
    highest = scores.max(1, keepdims=True)
    with np.errstate(divide="ignore"):  # no way at all: minus infinity
        total: NDArray[np.float64] = np.log(np.exp(scores - highest) @ factors) + highest
    return total


def _log_sum(scores: NDArray[np.float64], axis: int) -> NDArray[np.float64]:
    highest = scores.max(axis, keepdims=True)
    total: NDArray[np.float64] = np.log(np.exp(scores - highest).sum(axis)) + highest.squeeze(axis)
    return total
