"""The order in which texts teach most: what the tagger doubts first, and nothing twice over.

Each next text is the one for which the chance that anything is to be corrected, by the time that it
takes a person, times the share of it that is new, is greatest. What is new is told by character
n-grams weighted by rarity: one that n shown texts have counts 1 / (1 + n). The sum over shown texts
is then a submodular function, whose greedy maximum needs few evaluations (Minoux 1978; for active
learning Wei, Iyer and Bilmes, ICML 2015). To choose by what is gained a unit of time is from
Haertel, Seppi, Ringger and Carroll (NIPS workshop on cost-sensitive learning, 2008). Where doubt
comes from is the affair of ``proposing`` and ``merging``; what the order is worth was measured with
``benchmarks/annotation.py``.
"""

from __future__ import annotations

import heapq
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from scmine.corpora.annotation.grams import hashed_grams

GRAM = 4
"""Characters of an n-gram: long enough for pieces of formulas, short enough to recur."""
FLOOR = 0.05
"""What a text without any doubt counts as, so that new ones among them still come first."""
_TURNING, _READING, _CORRECTING = 2.0, 0.25, 5.0
"""Seconds for a text, a word and a correction. The second is the speed of silent reading (238 words
a minute: Brysbaert, J. Mem. Lang. 109, 104047 (2019)), the others are assumptions."""
_USUAL = 20.0  # seconds for a text: only sets what ``FLOOR`` is compared with
_BUCKETS = 1 << 20
_DIGITS = re.compile(r"\d")
_SHIFT = np.uint64(40)  # the high bits of a hash are the well mixed ones


@dataclass(frozen=True, slots=True)
class Uncertain:
    """A text and how unsure its annotations are: the corrections expected, at least 0."""

    text: str
    uncertainty: float


def teaching_order(units: Sequence[Uncertain], known: Sequence[str] = ()) -> list[int]:
    """The indices of ``units`` from the one that teaches most to the one that teaches least.

    Parameters
    ----------
    units
        Texts with their doubt. Of two that are worth the same, the first given comes first.
    known
        Texts that were annotated before: what they have is not new.

    Returns
    -------
    list of int
        Each index once. The same input always gives the same order.

    >>> again = "We measured the resistivity of the sample of MgB2 at low temperature."
    >>> other = "Hydrogen-rich LaH10 was synthesised in a diamond anvil cell."
    >>> teaching_order([Uncertain(again, 1.0), Uncertain(again, 0.9), Uncertain(other, 0.3)])
    [0, 2, 1]
    """
    return diverse_order([_gain(unit) for unit in units], [unit.text for unit in units], known)


def _gain(unit: Uncertain) -> float:
    """The chance that anything is to be corrected, by the time taken, with the floor.

    Corrections are taken to be independent and rare, so that e to the minus their expected number
    is the chance of none. A text that is wrong throughout teaches little more than one with a
    mistake, and takes far longer.

    >>> texts = [Uncertain("MgB2 has Tc = 39 K.", doubt) for doubt in (0.0, 0.5, 5.0)]
    >>> [round(_gain(text), 2) for text in texts]
    [0.05, 1.36, 0.75]
    """
    wrong = 1 - math.exp(-unit.uncertainty)
    seconds = _TURNING + _READING * len(unit.text.split()) + _CORRECTING * unit.uncertainty
    return FLOOR + _USUAL * wrong / seconds


def diverse_order(
    values: Sequence[float], texts: Sequence[str], known: Sequence[str] = ()
) -> list[int]:
    """The indices of ``texts`` by their ``values``, those down that say what was said before.

    >>> diverse_order([1.0, 0.9, 0.8], ["MgB2 film", "MgB2 film", "LaH10 at 150 GPa"])
    [0, 2, 1]
    """
    grams = _grams([*texts, *known])
    weights = _rarity(grams)
    own, seen = grams[: len(texts)], grams[len(texts) :]
    counts = np.zeros(_BUCKETS, np.int64)
    for ids in seen:
        counts[ids] += 1
    worth = weights / (1 + counts)
    totals = [max(float(weights[ids].sum()), 1e-12) for ids in own]

    def value(i: int) -> float:
        return values[i] * float(worth[own[i]].sum()) / totals[i]

    # A value only ever falls, so one that was looked up before is a bound: the first of the heap
    # is the best as soon as its value is of now.
    heap = [(-value(i), i) for i in range(len(texts))]
    heapq.heapify(heap)
    order: list[int] = []
    while heap:
        _, i = heap[0]
        now = (-value(i), i)
        heapq.heapreplace(heap, now)
        if heap[0] != now:
            continue
        heapq.heappop(heap)
        order.append(i)
        counts[own[i]] += 1
        worth[own[i]] = weights[own[i]] / (1 + counts[own[i]])
    return order


def _grams(texts: Sequence[str]) -> list[NDArray[np.int64]]:
    """The numbers of the n-grams of each text, each once; digits are alike."""
    padded = [f"{' ' * (GRAM - 1)}{_DIGITS.sub('0', text)} " for text in texts]
    return [
        np.unique((hashes >> _SHIFT).astype(np.int64) % _BUCKETS)
        for hashes in hashed_grams(padded, GRAM)
    ]


def _rarity(grams: Sequence[NDArray[np.int64]]) -> NDArray[np.float64]:
    """A weight for each n-gram: the logarithm of one over the share of texts that have it."""
    if not grams:
        return np.ones(_BUCKETS)
    spread = np.bincount(np.concatenate(grams), minlength=_BUCKETS)
    return np.log((1 + len(grams)) / (1 + spread)) + 1e-3
