"""Fits the linker's networks: Adam on the cross-entropy of the choice among candidates.

What an example is lives in ``link_examples``, the network in ``scmine.extractors.link_model``, the
command in ``train_linker``. Plain numpy: the networks are small.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from scmine.corpora.link_examples import Example
from scmine.extractors.link_model import LinkModel

_BETA1, _BETA2, _EPSILON = 0.9, 0.999, 1e-8  # Kingma & Ba, arXiv:1412.6980
_INITIAL_SPREAD = 0.1

Array = NDArray[np.float32]
Rows = list[tuple[NDArray[np.int64], Array]]


@dataclass(frozen=True, slots=True)
class LinkRecipe:
    """How to train one network.

    Attributes
    ----------
    units
        Hidden units of each member; ``members`` differ in their start and are averaged.
    epochs, batch, learn_rate
        Passes over the examples, examples a step, Adam's rate at the start (it falls to nothing).
    decay
        Share of each weight taken off a step, times the rate.
    dropout
        Share of the features hidden in each step.
    least_count
        Choices in which a feature must occur to be kept.
    threshold, second_threshold
        See ``LinkModel``.
    """

    units: int = 8
    members: int = 5
    epochs: int = 10
    batch: int = 32
    learn_rate: float = 0.003
    decay: float = 1.0
    dropout: float = 0.2
    least_count: int = 12
    threshold: float = 0.35
    second_threshold: float = 0.35
    seed: int = 0


def fit(training: Sequence[Example], recipe: LinkRecipe) -> LinkModel:
    """The average of ``recipe.members`` networks, as one network.

    Raises
    ------
    ValueError
        If no feature occurs often enough, as with hardly any examples.
    """
    counts = Counter(name for e in training for choice in e.choices for name in choice)
    names = tuple(sorted(name for name, n in counts.items() if n >= recipe.least_count))
    if not names:
        raise ValueError("too few examples to train a linker on")
    index = {name: i for i, name in enumerate(names)}
    encoded = [_encode(e, index) for e in training]
    targets = [e.shares for e in training]
    parts = [
        _fit_one(encoded, targets, len(names), recipe, np.random.default_rng((recipe.seed, i)))
        for i in range(recipe.members)
    ]
    return LinkModel(
        names,
        np.mean([linear for linear, _, _ in parts], axis=0).astype(np.float32),
        np.concatenate([hidden for _, hidden, _ in parts], axis=1),
        (np.concatenate([output for _, _, output in parts]) / len(parts)).astype(np.float32),
        recipe.threshold,
        recipe.second_threshold,
    )


def _encode(example: Example, index: dict[str, int]) -> Rows:
    rows: Rows = []
    for choice in example.choices:
        known = [(index[name], value) for name, value in choice.items() if name in index]
        rows.append(
            (
                np.array([i for i, _ in known], dtype=np.int64),
                np.array([value for _, value in known], dtype=np.float32),
            )
        )
    return rows


def _fit_one(
    encoded: Sequence[Rows],
    targets: Sequence[Array],
    features: int,
    recipe: LinkRecipe,
    rng: np.random.Generator,
) -> list[Array]:
    """Linear, hidden and output weights of one member."""
    weights = [
        np.zeros(features, dtype=np.float32),
        rng.normal(0, _INITIAL_SPREAD, (features, recipe.units)).astype(np.float32),
        rng.normal(0, _INITIAL_SPREAD, recipe.units).astype(np.float32),
    ]
    first = [np.zeros_like(w) for w in weights]
    second = [np.zeros_like(w) for w in weights]
    batches = max(1, len(encoded) // recipe.batch)
    steps, step = recipe.epochs * batches, 0
    for _ in range(recipe.epochs):
        for chosen in np.array_split(rng.permutation(len(encoded)), batches):
            x, y, owner = _dense(
                [encoded[i] for i in chosen], [targets[i] for i in chosen], features
            )
            x *= rng.random(x.shape, dtype=np.float32) >= recipe.dropout
            rate = recipe.learn_rate * (1 - step / steps)
            step += 1
            for i, gradient in enumerate(_gradients(weights, x, y, owner)):
                first[i] = _BETA1 * first[i] + (1 - _BETA1) * gradient
                second[i] = _BETA2 * second[i] + (1 - _BETA2) * gradient**2
                move = first[i] / (1 - _BETA1**step)
                move /= np.sqrt(second[i] / (1 - _BETA2**step)) + _EPSILON
                weights[i] = np.asarray(
                    weights[i] - rate * (move + recipe.decay * weights[i]), dtype=np.float32
                )
    return weights


def _dense(
    batch: Sequence[Rows], targets: Sequence[Array], features: int
) -> tuple[Array, Array, NDArray[np.int64]]:
    """The choices of a batch as one matrix, their shares, and the example each belongs to."""
    y = np.concatenate(targets)
    owner = np.repeat(np.arange(len(batch)), [len(rows) for rows in batch])
    x = np.zeros((len(y), features), dtype=np.float32)
    for at, (columns, values) in enumerate(row for rows in batch for row in rows):
        x[at, columns] = values
    return x, y, owner


def _gradients(
    weights: list[Array], x: Array, y: Array, owner: NDArray[np.int64]
) -> tuple[Array, Array, Array]:
    linear, hidden, output = weights
    units = np.tanh(x @ hidden)
    logits = x @ linear + units @ output
    examples = int(owner[-1]) + 1
    highest = np.full(examples, -np.inf, dtype=np.float32)
    np.maximum.at(highest, owner, logits)
    shares = np.exp(logits - highest[owner])
    shares /= np.bincount(owner, shares)[owner]
    error = ((shares - y) / examples).astype(np.float32)
    back = np.outer(error, output) * (1 - units * units)
    return x.T @ error, x.T @ back, units.T @ error
