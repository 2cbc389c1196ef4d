"""How the words of many texts are laid out for the trained tagger's network: in pairs and in lanes.

Its convolutions go over pairs of places, its memories along lanes of texts one after the other.
Neither depends on which texts come together, but for the last digits of the scores. What the
network makes of it lives in ``scmine.corpora.graph``.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

_RUN_WORDS = 6000
_LANE_STEPS = 400
_FEWEST_LANES = 2
"""Products with a single row are summed in another order than those with many."""
_BETWEEN = 2
"""Empty steps between texts in a lane; the first leaves 10^-8 of what was remembered."""


@dataclass(frozen=True, slots=True)
class Layout:
    """Where the words of some texts stand.

    Attributes
    ----------
    words
        The different words.
    pairs
        Which of them stands at each place, shape (pairs, 2); their number where none does.
    lanes
        The place of each step of each lane, shape (steps, lanes): the first places of all pairs
        count before the second places; their number where the step is empty.
    begins
        The lane of each text, and the step at which it begins.
    lengths
        The number of words of each text.
    """

    words: list[str]
    pairs: NDArray[np.int64]
    lanes: NDArray[np.int64]
    begins: list[tuple[int, int]]
    lengths: list[int]

    @classmethod
    def of(cls, texts: Sequence[Sequence[str]]) -> Layout:
        """The layout of texts, given by their words; each has at least one.

        >>> Layout.of([["Tc", "is", "high"], ["Tc"]]).pairs.tolist()
        [[0, 1], [2, 3], [0, 3]]
        """
        lengths = [len(words) for words in texts]
        starts, pair_count = _starts(lengths)
        seen: dict[str, int] = {}
        which = [[seen.setdefault(word, len(seen)) for word in words] for words in texts]
        pairs = np.full(2 * pair_count, len(seen), np.int64)
        for start, numbers in zip(starts, which, strict=True):
            pairs[start : start + len(numbers)] = numbers
        begins, steps, count = _lanes(lengths)
        lanes = np.full((steps, count), 2 * pair_count, np.int64)
        for (lane, begin), start, length in zip(begins, starts, lengths, strict=True):
            places = np.arange(start, start + length)
            lanes[begin : begin + length, lane] = places % 2 * pair_count + places // 2
        return cls(list(seen), pairs.reshape(-1, 2), lanes, begins, lengths)

    def by_text(self, scores: NDArray[np.float32]) -> Iterator[NDArray[np.float32]]:
        """What ``scores`` (steps, lanes, tags) has for the words of each text: (words, tags)."""
        for (lane, begin), length in zip(self.begins, self.lengths, strict=True):
            yield scores[begin : begin + length, lane]


def runs(lengths: Sequence[int]) -> Iterator[slice]:
    """Which texts the network sees at once: as many as have some thousand words in all.

    >>> list(runs([4000, 1500, 800]))
    [slice(0, 2, None), slice(2, 3, None)]
    """
    first = words = 0
    for number, length in enumerate(lengths):
        if number > first and words + length > _RUN_WORDS:
            yield slice(first, number)
            first, words = number, 0
        words += length
    if first < len(lengths):
        yield slice(first, len(lengths))


def _starts(lengths: Sequence[int]) -> tuple[list[int], int]:
    """The place at which each text begins, and the number of pairs.

    Each begins a pair, so that it is reckoned alike wherever it stands, and has an empty place
    behind it.

    >>> _starts([3, 2, 1])
    ([0, 4, 8], 5)
    """
    starts, end = [], 0
    for length in lengths:
        starts.append(end)
        end += length + 2 - length % 2
    return starts, end // 2


def _lanes(lengths: Sequence[int]) -> tuple[list[tuple[int, int]], int, int]:
    """The lane of each text and the step at which it begins; the numbers of steps and of lanes.

    The longest text goes first, each into the shortest lane.

    >>> _lanes([3, 2, 1])
    ([(0, 0), (1, 0), (1, 4)], 5, 2)
    """
    total = sum(lengths) + _BETWEEN * len(lengths)
    filled = [0] * max(_FEWEST_LANES, round(total / _LANE_STEPS))
    begins = [(0, 0)] * len(lengths)
    for text in sorted(range(len(lengths)), key=lambda i: -lengths[i]):
        lane = filled.index(min(filled))
        begins[text] = lane, filled[lane]
        filled[lane] += lengths[text] + _BETWEEN
    return begins, max(filled) - _BETWEEN, len(filled)
