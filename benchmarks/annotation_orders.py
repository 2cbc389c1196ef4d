"""The orders in which the study of annotation shows sentences.

``teaching`` is what ``scmine annotate`` uses; ``doubt times novelty`` is the same without regard to
the time a sentence takes, as it first was; ``uncertainty`` and ``diversity`` are that one's halves.
``random`` and ``paper`` (paper after paper, as a person reads) are what there is without an order;
``longest`` tells whether an order does more than to prefer long sentences.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence

from annotation_model import Model, Sentence

from scmine.corpora.annotation.ordering import FLOOR, Uncertain, diverse_order, teaching_order

Order = Callable[[Sequence[Sentence], Sequence[Sentence], Model, random.Random], list[int]]
"""From the pool in reading order, the sentences shown, and the model: the pool's indices."""


def _teaching(
    pool: Sequence[Sentence], shown: Sequence[Sentence], model: Model, rng: random.Random
) -> list[int]:
    units = [Uncertain(s.text, model.read(s).doubt) for s in pool]
    return teaching_order(units, [s.text for s in shown])


def _uncertainty(
    pool: Sequence[Sentence], shown: Sequence[Sentence], model: Model, rng: random.Random
) -> list[int]:
    doubts = [model.read(s).doubt for s in pool]
    return sorted(range(len(pool)), key=lambda i: -doubts[i])


def _doubt_times_novelty(
    pool: Sequence[Sentence], shown: Sequence[Sentence], model: Model, rng: random.Random
) -> list[int]:
    doubts = [FLOOR + model.read(s).doubt for s in pool]
    return diverse_order(doubts, [s.text for s in pool], [s.text for s in shown])


def _diversity(
    pool: Sequence[Sentence], shown: Sequence[Sentence], model: Model, rng: random.Random
) -> list[int]:
    return diverse_order([1.0] * len(pool), [s.text for s in pool], [s.text for s in shown])


def _random(
    pool: Sequence[Sentence], shown: Sequence[Sentence], model: Model, rng: random.Random
) -> list[int]:
    return rng.sample(range(len(pool)), len(pool))


def _paper(
    pool: Sequence[Sentence], shown: Sequence[Sentence], model: Model, rng: random.Random
) -> list[int]:
    return list(range(len(pool)))


def _longest(
    pool: Sequence[Sentence], shown: Sequence[Sentence], model: Model, rng: random.Random
) -> list[int]:
    return sorted(range(len(pool)), key=lambda i: -pool[i].words)


ORDERS: dict[str, Order] = {
    "teaching": _teaching,
    "doubt times novelty": _doubt_times_novelty,
    "uncertainty": _uncertainty,
    "diversity": _diversity,
    "random": _random,
    "paper": _paper,
    "longest": _longest,
}
