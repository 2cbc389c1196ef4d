"""Fits the weights of ``scmine.extractors.relevance`` and says how well they tell papers apart.

Logistic regression held to weights judged beforehand (``data/relevance/judged_weights.json``), by
the fit of ``whose_training``. Each paper is shown whole, by its title alone and by its abstract
alone, so that the model serves them all. Nothing is drawn at random.
"""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from scmine.corpora.relevance_texts import NOT, OPEN, RELEVANT, LabelledText
from scmine.corpora.whose_training import Example, fit, folds
from scmine.extractors.relevance import BIAS, THRESHOLD, WEIGHTS_FILE, logistic
from scmine.extractors.relevance_features import features

STIFFNESS = 4.0
"""How strongly a weight is held to the judged one."""

FOLDS = 5
_Z = 1.96


@dataclass(frozen=True, slots=True)
class Scored:
    """A text and the score that a model gave it which had not learnt from its paper."""

    text: LabelledText
    score: float


@dataclass(frozen=True, slots=True)
class Share:
    """``hits`` of ``count``, with the 95 % interval of Wilson; shares between 0 and 1."""

    hits: int
    count: int

    @property
    def value(self) -> float:
        """The share itself; 0 of none."""
        return self.hits / self.count if self.count else 0.0

    @property
    def interval(self) -> tuple[float, float]:
        """Wilson, J. Am. Stat. Assoc. 22, 209 (1927).

        >>> [round(x, 3) for x in Share(99, 100).interval]
        [0.946, 0.998]
        """
        if not self.count:
            return 0.0, 1.0
        n, p = self.count, self.value
        middle = p + _Z * _Z / (2 * n)
        half = _Z * math.sqrt(p * (1 - p) / n + _Z * _Z / (4 * n * n))
        return (middle - half) / (1 + _Z * _Z / n), (middle + half) / (1 + _Z * _Z / n)


def views(text: LabelledText) -> list[LabelledText]:
    """The paper whole, by its title and by its abstract, as far as it has them."""
    parts = [(text.title, text.abstract), (text.title, ""), ("", text.abstract)]
    kept = dict.fromkeys(part for part in parts if any(part))
    return [LabelledText(text.source, text.paper, t, a, text.label) for t, a in kept]


def judged_weights() -> dict[str, float]:
    """The weights that a fit starts from and is held to."""
    file = files("scmine.corpora").joinpath("data", "relevance", "judged_weights.json")
    weights: dict[str, float] = json.loads(file.read_text("utf-8"))
    return weights


def train(texts: Iterable[LabelledText]) -> dict[str, float]:
    """The weights by feature.

    Raises
    ------
    ValueError
        If one of the two kinds is missing.
    """
    shown = [v for text in texts if text.label in (RELEVANT, NOT) for v in views(text)]
    if {v.label for v in shown} != {RELEVANT, NOT}:
        raise ValueError("relevant texts and others are both needed to learn from")
    start = judged_weights()
    examples = []
    for view in shown:
        found = {BIAS, *features(view.title, view.abstract)}
        examples.append(Example(view.paper, dict.fromkeys(found, 1.0), view.label == RELEVANT))
    return fit(examples, start, STIFFNESS)


def score_with(weights: Mapping[str, float], text: LabelledText) -> Scored:
    """``text`` scored with ``weights``."""
    return Scored(text, logistic(weights, features(text.title, text.abstract)))


def cross_validate(texts: Sequence[LabelledText]) -> list[Scored]:
    """Every text scored by a model that has seen no text of its paper."""
    examples = [Example(f"{t.source} {t.paper}", {}, t.label == RELEVANT) for t in texts]
    scored: list[Scored] = []
    for learn, held in folds(examples, FOLDS):
        weights = train(texts[i] for i in learn)
        scored += [score_with(weights, texts[i]) for i in held]
    return scored


def leave_sources_out(texts: Sequence[LabelledText]) -> list[Scored]:
    """Every text scored by a model that has seen no text of its source."""
    scored: list[Scored] = []
    for source in sorted({t.source for t in texts}):
        weights = train(t for t in texts if t.source != source)
        scored += [score_with(weights, t) for t in texts if t.source == source]
    return scored


def shares(scored: Iterable[Scored], threshold: float = THRESHOLD) -> dict[str, dict[str, Share]]:
    """By source and label, how many are fetched: of the relevant ones the recall."""
    fetched: dict[str, Counter[str]] = {}
    counts: dict[str, Counter[str]] = {}
    for one in scored:
        if one.text.label in (RELEVANT, NOT, OPEN):
            for source in (one.text.source, "all"):
                counts.setdefault(source, Counter())[one.text.label] += 1
                hit = one.score >= threshold
                fetched.setdefault(source, Counter())[one.text.label] += hit
    return {
        source: {label: Share(fetched[source][label], n) for label, n in sorted(labels.items())}
        for source, labels in sorted(counts.items())
    }


def shares_table(results: Mapping[str, Mapping[str, Share]]) -> str:
    """One line a source and label: fetched of all, the share and its interval in percent."""
    lines = [f"{'source':<12} {'label':<9} {'fetched':>8} {'of':>5} {'share':>6}   95 %"]
    for source, labels in results.items():
        for label, share in labels.items():
            low, high = (100 * x for x in share.interval)
            lines.append(
                f"{source:<12} {label:<9} {share.hits:>8} {share.count:>5} "
                f"{100 * share.value:>6.1f}   {low:.1f}-{high:.1f}"
            )
    return "\n".join(lines)


def write_model(weights: Mapping[str, float], folder: Path) -> None:
    """Write the weights into ``folder``, sorted by name."""
    folder.mkdir(parents=True, exist_ok=True)
    text = json.dumps({"weights": dict(sorted(weights.items()))}, indent=0, ensure_ascii=False)
    (folder / WEIGHTS_FILE).write_text(text + "\n", encoding="utf-8")
