"""Differences in F1 between two results on the same papers, with intervals.

Papers are drawn with replacement, the same ones for both: what makes a paper hard for both is not
taken for a difference.
"""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from scmine.corpora.evaluate import MICRO, Score, add_scores

ROUNDS = 1000
FEWEST_PAPERS = 5
"""Of fewer papers no difference is called clear: draws of two or three say little of others."""

_DIGITS = 2


@dataclass(frozen=True, slots=True)
class Difference:
    """F1 of two results (percent), and the second less the first with its 95 % interval."""

    first: float
    second: float
    difference: float
    low: float
    high: float
    papers: int

    @property
    def is_clear(self) -> bool:
        """Whether the interval leaves out 0, and is of enough papers to mean something."""
        return self.papers >= FEWEST_PAPERS and (self.low > 0 or self.high < 0)

    def to_json(self) -> dict[str, Any]:
        """Its fields, rounded."""
        numbers = {
            name: value if name == "papers" else round(value, _DIGITS)
            for name, value in asdict(self).items()
        }
        return {**numbers, "clear": self.is_clear}


def paired_difference(
    first: Mapping[str, Mapping[str, Score]],
    second: Mapping[str, Mapping[str, Score]],
    label: str = MICRO,
    rounds: int = ROUNDS,
    seed: int = 0,
) -> Difference:
    """The difference in F1 of a label between two results, each given as scores by paper.

    Raises
    ------
    ValueError
        If the papers are not the same, or there are none.
    """
    if first.keys() != second.keys() or not first:
        raise ValueError("a paired difference needs the same papers on both sides, at least one")
    stems = sorted(first)
    counts = np.array([[_counts(side[stem], label) for side in (first, second)] for stem in stems])
    rng = random.Random(seed)
    draws = [rng.choices(range(len(stems)), k=len(stems)) for _ in range(rounds)]
    weights = np.array([np.bincount(draw, minlength=len(stems)) for draw in draws])
    drawn = _f1(np.einsum("rp,psc->rsc", weights, counts))
    bounds = np.sort(drawn[:, 1] - drawn[:, 0])
    one, other = _f1(counts.sum(axis=0))
    return Difference(
        float(one),
        float(other),
        float(other - one),
        float(bounds[int(0.025 * rounds)]),
        float(bounds[int(0.975 * rounds) - 1]),
        len(stems),
    )


def _counts(scores: Mapping[str, Score], label: str) -> tuple[int, int, int, int]:
    score = add_scores([dict(scores)]).get(label, Score(0, 0, 0, 0))
    return score.right, score.predicted, score.gold, score.found


def _f1(counts: np.ndarray) -> np.ndarray:
    """F1 (percent) of counts (right, predicted, gold, found) on the last axis."""
    right, predicted, gold, found = np.moveaxis(counts, -1, 0)
    precision = 100 * right / np.maximum(predicted, 1)
    recall = 100 * found / np.maximum(gold, 1)
    total = precision + recall
    return np.asarray(2 * precision * recall / np.where(total > 0, total, 1))
