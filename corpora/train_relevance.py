"""What ``scmine train relevance`` and ``scmine evaluate relevance`` do.

Reading labelled texts lives in ``relevance_texts``, the fit and the counting in
``relevance_training``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from scmine.corpora.relevance_texts import load_texts
from scmine.corpora.relevance_training import (
    Scored,
    Share,
    cross_validate,
    leave_sources_out,
    shares,
    shares_table,
    train,
    write_model,
)
from scmine.corpora.types import CorpusError
from scmine.extractors.relevance import THRESHOLD, score


@dataclass(frozen=True, slots=True)
class Fetched:
    """How many papers of each source and label the packaged model would fetch."""

    shares: dict[str, dict[str, Share]]

    def table(self) -> str:
        """The numbers for people."""
        return f"threshold {THRESHOLD}\n{shares_table(self.shares)}"

    def to_json(self) -> dict[str, Any]:
        """The numbers as data that JSON can hold."""
        counts = {
            source: {label: {"fetched": s.hits, "of": s.count} for label, s in labels.items()}
            for source, labels in self.shares.items()
        }
        return {"threshold": THRESHOLD, "sources": counts}


def evaluate_relevance(folder: Path) -> Fetched:
    """The packaged model on the texts of ``folder``; raises what ``load_texts`` does."""
    texts = load_texts(folder)
    return Fetched(shares([Scored(text, score(text.title, text.abstract)) for text in texts]))


def train_relevance(folders: Sequence[Path], output: Path) -> None:
    """Fit to the texts of all ``folders``, print the scores, write the model into ``output``.

    Raises
    ------
    CorpusError
        If they do not hold both kinds of papers; else what ``load_texts`` does.
    """
    texts = [text for folder in folders for text in load_texts(folder)]
    try:
        weights = train(texts)
    except ValueError as error:
        raise CorpusError(folders[0], str(error)) from error
    print(f"cross-validated over papers, threshold {THRESHOLD}")
    print(shares_table(shares(cross_validate(texts))))
    if len({text.source for text in texts}) > 1:
        print("\neach source by a model that has seen none of it")
        print(shares_table(shares(leave_sources_out(texts))))
    write_model(weights, output)
