"""Does the shipped kind of tagger learn best from the same order? Checks the study of annotation.

The study learns with a small random field. Here the network that scmine ships, of its full size, is
fitted to the sentences that each order of a finished study had shown up to some numbers, and scored
on the same papers. It did not choose the sentences itself. Needs the extras ``dev`` and ``train``.

    python benchmarks/annotation_tagger.py SUPERMAT --state FILE [--at 300 1000] [--seeds 0 1]
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Sequence
from itertools import chain
from pathlib import Path

import torch

sys.path.insert(0, str(Path(__file__).parent))

from annotation import divide, drawn
from annotation_edits import Annotation
from annotation_model import Sentence, sentences_of
from annotation_runs import Setting, read_state

from scmine.corpora.evaluate import MICRO, add_scores, score_passage
from scmine.corpora.export import write_model
from scmine.corpora.fitting import Recipe, Source, fit
from scmine.corpora.loading import SUPERMAT, load_corpus
from scmine.corpora.network import Shape
from scmine.corpora.respace import vocabulary
from scmine.corpora.tagger_sources import SUPERMAT_LABELS
from scmine.corpora.types import GoldMention, GoldPassage
from scmine.corpora.vectors import Vectors, word_vectors
from scmine.extractors.sequence_model import SequenceModel
from scmine.extractors.tidy import tidy

_LONGEST = 160  # words, as the shipped tagger has it for SuperMat
_STEPS_AS = 3000  # sentences an epoch; fewer are shown in more epochs


def main() -> int:
    """Fit, score and print, one line a fit."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("supermat", type=Path)
    parser.add_argument("--state", type=Path, required=True)
    parser.add_argument("--orders", nargs="+", default=["teaching", "random", "paper"])
    parser.add_argument("--at", type=int, nargs="+", default=[300, 1000])
    parser.add_argument("--seeds", type=int, nargs="+", default=[0, 1])
    parser.add_argument("--epochs", type=int, default=8)
    options = parser.parse_args()
    torch.set_num_threads(1)
    state = read_state(options.state)
    papers = divide(load_corpus(SUPERMAT, options.supermat).papers, state.study["tune"])
    words = vocabulary(papers.pool)
    held_out = [s for p in papers.held_out for s in sentences_of(p, words)]
    for seed in options.seeds:
        pool = [
            s
            for p in drawn(papers.pool, state.study["papers"], seed)
            for s in sentences_of(p, words)
        ]
        vectors = word_vectors(s.text for s in pool)
        for most in options.at:
            for order in options.orders:
                rounds = state.rounds[Setting(order, seed).name]
                shown = list(chain.from_iterable(zip(m.shown, m.left, strict=True) for m in rounds))
                learnt = [(pool[i], annotation) for i, annotation in shown[:most]]
                began = time.monotonic()
                f1 = network_f1(learnt, vectors, held_out, seed, options.epochs)
                took = time.monotonic() - began
                print(f"{order}, seed {seed}, {most}: F1 {f1:.1f} ({took:.0f} s)", flush=True)
    return 0


def network_f1(
    learnt: Sequence[tuple[Sentence, Annotation]],
    vectors: Vectors,
    held_out: Sequence[Sentence],
    seed: int,
    epochs: int,
) -> float:
    """Micro F1 of mentions, exact bounds, in percent, of one network fitted to ``learnt``."""
    passages = tuple(
        GoldPassage("paragraph", s.text, tuple(GoldMention(*m) for m in a.mentions))
        for s, a in learnt
        if s.text.strip()
    )
    sources = {SUPERMAT: Source(SUPERMAT_LABELS, passages, _LONGEST)}
    shown_in = max(epochs, round(epochs * _STEPS_AS / len(passages)))
    network = fit(sources, vectors, Recipe(epochs=shown_in, seed=seed), Shape())
    with tempfile.TemporaryDirectory() as folder:
        model = Path(folder) / "model"
        write_model([network], sources, vectors, ("study", "0"), model, quantised=False)
        found = SequenceModel(model).spans([s.text for s in held_out], SUPERMAT)
    scores = add_scores(
        score_passage(
            s.gold.mentions,
            [(*tidy(s.text, span.start, span.end), span.label) for span in spans],
            exact=True,
        )
        for s, spans in zip(held_out, found, strict=True)
    )
    return scores[MICRO].f1


if __name__ == "__main__":
    sys.exit(main())
