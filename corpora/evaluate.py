"""Scores predicted mentions against gold ones: precision, recall and F1 by label, with intervals.

Spans are compared after ``tidy``, because annotators keep or drop a full stop at random. Two ways
of counting: ``exact`` wants the same bounds and label, ``overlap`` one shared character and the
label. Intervals are bootstraps over papers, since mentions of one paper are not independent.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from scmine.corpora.types import GoldPassage
from scmine.extractors.tidy import tidy

LabelledSpan = tuple[int, int, str]
MICRO = "micro"


@dataclass(frozen=True, slots=True)
class Score:
    """Counts of one label, and what follows from them (percent)."""

    right: int
    predicted: int
    gold: int
    found: int  # gold mentions found; for exact counting the same as ``right``

    @property
    def precision(self) -> float:
        """Percent of the predicted mentions that are right; 0 if none was predicted."""
        return 100 * self.right / self.predicted if self.predicted else 0.0

    @property
    def recall(self) -> float:
        """Percent of the gold mentions that were found; 0 if there are none."""
        return 100 * self.found / self.gold if self.gold else 0.0

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall."""
        total = self.precision + self.recall
        return 2 * self.precision * self.recall / total if total else 0.0

    def __add__(self, other: Score) -> Score:
        return Score(
            self.right + other.right,
            self.predicted + other.predicted,
            self.gold + other.gold,
            self.found + other.found,
        )


def gold_spans(passage: GoldPassage) -> list[LabelledSpan]:
    """The mentions of a passage, tidied."""
    return [(*tidy(passage.text, m.start, m.end), str(m.label)) for m in passage.mentions]


def score_passage(
    gold: Sequence[LabelledSpan], predicted: Sequence[LabelledSpan], exact: bool
) -> dict[str, Score]:
    """Scores by label of one passage."""
    scores: dict[str, Score] = {}
    for label in {s[2] for s in (*gold, *predicted)}:
        g = {s for s in gold if s[2] == label}
        p = {s for s in predicted if s[2] == label}
        if exact:
            right = found = len(g & p)
        else:
            right = sum(any(a[0] < b[1] and b[0] < a[1] for b in g) for a in p)
            found = sum(any(a[0] < b[1] and b[0] < a[1] for b in p) for a in g)
        scores[label] = Score(right, len(p), len(g), found)
    return scores


def add_scores(parts: Iterable[dict[str, Score]]) -> dict[str, Score]:
    """Sums by label, and over all labels as ``micro``."""
    total: dict[str, Score] = {}
    for part in parts:
        for label, score in part.items():
            if label == MICRO:
                continue
            total[label] = total.get(label, Score(0, 0, 0, 0)) + score
    labels = list(total.values())
    micro = Score(0, 0, 0, 0)
    for score in labels:
        micro += score
    total[MICRO] = micro
    return dict(sorted(total.items(), key=lambda kv: (kv[0] == MICRO, kv[0])))


def bootstrap(
    papers: Sequence[dict[str, Score]],
    figure: Callable[[dict[str, Score]], float],
    rounds: int = 1000,
    seed: int = 0,
) -> tuple[float, float]:
    """The 95 % interval of ``figure`` when papers are drawn with replacement."""
    rng = random.Random(seed)
    values = sorted(figure(add_scores(rng.choices(papers, k=len(papers)))) for _ in range(rounds))
    return values[int(0.025 * rounds)], values[int(0.975 * rounds) - 1]


class Intervals(NamedTuple):
    """The 95 % intervals (low, high) of the three figures of a label, in percent."""

    precision: tuple[float, float]
    recall: tuple[float, float]
    f1: tuple[float, float]


def intervals(
    papers: Sequence[dict[str, Score]], rounds: int = 1000, seed: int = 0
) -> dict[str, Intervals]:
    """The intervals of all labels, and of ``micro``, over the same draws as ``bootstrap``."""
    labels = list(add_scores(papers))
    counts = np.array([[_counts(paper, label) for label in labels] for paper in papers])
    rng = random.Random(seed)
    draws = [rng.choices(range(len(papers)), k=len(papers)) for _ in range(rounds)]
    weights = np.array([np.bincount(draw, minlength=len(papers)) for draw in draws])
    right, predicted, gold, found = np.moveaxis(np.einsum("rp,plc->rlc", weights, counts), 2, 0)
    precision = 100 * right / np.maximum(predicted, 1)
    recall = 100 * found / np.maximum(gold, 1)
    total = precision + recall
    f1 = 2 * precision * recall / np.where(total > 0, total, 1)
    bounds = [
        np.sort(figure, axis=0)[[int(0.025 * rounds), int(0.975 * rounds) - 1]]
        for figure in (precision, recall, f1)
    ]
    return {
        label: Intervals(*((float(low[i]), float(high[i])) for low, high in bounds))
        for i, label in enumerate(labels)
    }


def _counts(paper: dict[str, Score], label: str) -> tuple[int, int, int, int]:
    """The counts of one label; those of ``micro`` are the sums of the others."""
    parts = [s for name, s in paper.items() if label in (name, MICRO) and name != MICRO]
    return (
        sum(s.right for s in parts),
        sum(s.predicted for s in parts),
        sum(s.gold for s in parts),
        sum(s.found for s in parts),
    )


def micro_f1(scores: dict[str, Score]) -> float:
    """F1 over all labels (percent)."""
    return scores[MICRO].f1


def table(scores: dict[str, Score]) -> str:
    """Precision, recall, F1 (percent) and the number of gold mentions, one label a line."""
    lines = [f"{'label':<12}{'P':>6}{'R':>7}{'F1':>7}{'gold':>7}"]
    lines += [
        f"{label:<12}{s.precision:6.1f}{s.recall:7.1f}{s.f1:7.1f}{s.gold:7d}"
        for label, s in scores.items()
    ]
    return "\n".join(lines)
