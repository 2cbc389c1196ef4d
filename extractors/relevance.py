"""Whether a paper is on superconductors, told from its title and abstract before it is fetched.

A linear model over the features of ``relevance_features``: fast, no library, and what decided can
be told (``explain``). Broad on purpose: a paper that is missed is lost, one too many costs a
download. What counts as relevant and how well it is told: ``docs/relevance.md``.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from importlib import resources
from itertools import pairwise

from scmine.extractors.relevance_features import features, is_readable, lists_of, plain

MODEL = "relevance"
WEIGHTS_FILE = "weights.json"
BIAS = "bias"
_MOST = 30.0  # beyond it the logistic is 0 or 1 for every use


def score(title: str, abstract: str) -> float:
    """How likely the paper is on superconductors, between 0 and 1.

    Without an abstract in Latin letters a paper scores ``THRESHOLD`` at least: nine in ten relevant
    titles tell, which is too few to leave a paper out.

    Examples
    --------
    >>> score("Superconductivity at 39 K in MgB$_2$", "") > THRESHOLD
    True
    >>> score("Diffusion of lithium in graphite anodes", "We study its kinetics.") < THRESHOLD
    True
    """
    value = logistic(_weights(), features(title, abstract))
    return value if is_readable(abstract) else max(THRESHOLD, value)


def logistic(weights: Mapping[str, float], found: Iterable[str]) -> float:
    """The logistic of the weights of ``found`` and of the bias.

    >>> logistic({"bias": 0.0}, {"unknown"})
    0.5
    """
    total = weights[BIAS] + math.fsum(weights.get(name, 0.0) for name in found)
    return 1 / (1 + math.exp(-max(-_MOST, min(_MOST, total))))


def explain(title: str, abstract: str, most: int = 8) -> list[tuple[str, float]]:
    """What decided, heaviest first: lists of words, each with its weight (log odds).

    >>> [name for name, _ in explain("Superconductivity at 39 K in MgB$_2$", "", 1)]
    ['superconductor']
    """
    weights = _weights()
    found = {name: weights[name] for name in features(title, abstract) if name in weights}
    return sorted(found.items(), key=lambda item: (-abs(item[1]), item[0]))[:most]


def deciding_words(title: str, abstract: str, most: int = 3) -> list[str]:
    """The words of a paper that spoke for it, heaviest first: one of each list that is touched.

    >>> deciding_words("Superconductivity at 39 K in MgB$_2$", "Its energy gap is measured.")
    ['Superconductivity', 'MgB2', 'energy gap']
    """
    weights, first = _weights(), dict[str, str]()
    heaviest = dict[str, float]()
    for text, in_title in ((title, True), (abstract, False)):
        for words in _spans(plain(text)):
            for name in lists_of(words):
                first.setdefault(name, words)
                more = weights.get(f"title {name}", 0.0) if in_title else 0.0
                weight = weights[name] + more
                heaviest[name] = max(heaviest.get(name, weight), weight)
    chosen = sorted(first, key=lambda name: (-heaviest[name], name))
    return list(dict.fromkeys(first[name] for name in chosen))[:most]


def _spans(text: str) -> Iterator[str]:
    """Each word of a text, then each two beside each other, without the marks around them."""
    words = [word.strip(".,;:!?()[]\"'") for word in text.split()]
    yield from words
    yield from map(" ".join, pairwise(words))


@cache
def _weights() -> dict[str, float]:
    file = resources.files("scmine.extractors").joinpath("models", MODEL, WEIGHTS_FILE)
    weights: dict[str, float] = json.loads(file.read_text("utf-8"))["weights"]
    return weights


THRESHOLD = 0.2
"""From this score on a paper is fetched."""
