"""Fits the weights of ``scmine.extractors.whose_claim`` to judged claims of running text.

Logistic regression whose weights are drawn towards those judged beforehand, so that a few hundred
claims correct them and do not replace them. Reading papers and printing scores live in
``benchmarks/whose_claim.py``.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

STIFFNESS = 12.0
"""How strongly a weight is held to where it started; chosen by cross-validation over papers."""

STEPS = 40
"""Newton's steps at most; about eight are needed."""

_TINY = 1e-7


@dataclass(frozen=True, slots=True)
class Example:
    """A judged claim: its paper, its features, and whether it is this work's."""

    paper: str
    features: Mapping[str, float]
    own: bool


def fit(
    examples: Sequence[Example], start: Mapping[str, float], stiffness: float = STIFFNESS
) -> dict[str, float]:
    """The weights by feature, those of ``start`` corrected by ``examples``.

    >>> fit([Example("a", {"we": 1.0}, True)], {"we": 0.0})["we"] > 0
    True
    """
    names = sorted({name for e in examples for name in e.features} | set(start))
    x = np.array([[e.features.get(name, 0.0) for name in names] for e in examples])
    y = np.array([float(e.own) for e in examples])
    first = np.array([start.get(name, 0.0) for name in names])
    weights = first.copy()
    for _ in range(STEPS):
        p = 1 / (1 + np.exp(-x @ weights))
        gradient = x.T @ (p - y) + stiffness * (weights - first)
        curvature = (x * (p * (1 - p))[:, None]).T @ x + stiffness * np.eye(len(names))
        step: NDArray[np.float64] = np.linalg.solve(curvature, gradient)
        weights -= step
        if np.abs(step).max() < _TINY:
            break
    return {name: round(float(w), 4) for name, w in zip(names, weights, strict=True)}


def folds(examples: Sequence[Example], count: int) -> Iterator[tuple[list[int], list[int]]]:
    """For each fold, the positions of the examples to learn from and of those left out.

    All claims of a paper are in one fold, chosen by the SHA-1 of the paper's name.
    """
    part = [
        int(hashlib.sha1(e.paper.encode(), usedforsecurity=False).hexdigest(), 16) % count
        for e in examples
    ]
    for fold in range(count):
        held = [i for i, p in enumerate(part) if p == fold]
        yield [i for i, p in enumerate(part) if p != fold], held
