"""End to end on papers that no model has seen: both models trained anew for each of five folds.

    python benchmarks/cross_validate.py PAPERS GOLD [--folds 5] [--epochs 4] [--sc-comics DIR]
        [--matscholar FILE] [--work DIR] [--errors FILE]

The packaged models were trained on 93 of the 107 papers, so that ``end_to_end.py`` flatters them on
all. Here the 93 are split into folds by paper (in the order of the SHA-1 of the stem), each fold is
mined with models trained on the other folds, and the 14 development papers with those of the first
fold. Models already in DIR are used again, so that a run that was stopped goes on.

A fold's tagger is one network where the packaged one has several. It learns from SuperMat, and from
the training abstracts of SC-CoMIcs and Matscholar's where they are given; its word vectors are made
from these texts only. The linker learns from SuperMat alone. Needs the extra ``train``.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from end_to_end import error_lines, summary

from scmine.corpora.export import write_model
from scmine.corpora.fitting import Progress, Recipe, fit
from scmine.corpora.loading import SC_COMICS, SUPERMAT, load_corpus
from scmine.corpora.network import Shape
from scmine.corpora.splits import split_corpus
from scmine.corpora.tagger_sources import kept, make_sources, texts
from scmine.corpora.tc_pairs import Outcome, found_pairs, gold_pairs, score
from scmine.corpora.train_linker import train_all
from scmine.corpora.types import Paper
from scmine.corpora.vectors import word_vectors
from scmine.extractors import extract, read
from scmine.extractors.document import ReadError
from scmine.extractors.link_model import save_models
from scmine.extractors.linking import TrainedLinker
from scmine.extractors.tagging import default_tagger

_DONE, _TAGGER, _LINKER = "done", "tagger", "linker"


@dataclass(frozen=True, slots=True)
class Training:
    """What all folds share: SC-CoMIcs' training abstracts, Matscholar's file, passes."""

    abstracts: Sequence[Paper]
    matscholar: Path | None
    epochs: int


def make_models(papers: Sequence[Paper], training: Training, folder: Path) -> None:
    """Train the tagger and the linker on ``papers`` into ``folder``, unless they are there."""
    if (folder / _DONE).exists():
        return
    (folder / _LINKER).mkdir(parents=True, exist_ok=True)
    save_models(train_all(papers), folder / _LINKER)
    make_tagger(papers, training, folder / _TAGGER)
    (folder / _DONE).touch()


def make_tagger(papers: Sequence[Paper], training: Training, folder: Path) -> None:
    """Train a tagger of one member on ``papers`` into ``folder``."""
    sources = make_sources(papers, training.abstracts, training.matscholar)
    sources = {scheme: source for scheme, source in sources.items() if source.passages}
    vectors = word_vectors(texts(sources, None))
    network = fit(sources, vectors, Recipe(epochs=training.epochs), Shape(), _report)
    write_model([network], kept(sources), vectors, ("tagger", "fold"), folder)


def mine(papers: Sequence[Paper], pdfs: Path, folder: Path) -> list[Outcome]:
    """The outcome of each paper with the models in ``folder``."""
    tagger, linker = default_tagger(folder / _TAGGER), TrainedLinker(folder / _LINKER)
    outcomes = []
    for paper in papers:
        try:
            document = read(pdfs / f"{paper.stem}.pdf")
        except ReadError as error:
            print(f"{paper.stem}: {error.status}: {error}", file=sys.stderr)
            continue
        records = extract(document, tagger, linker).records
        outcomes.append(score(paper.stem, gold_pairs(paper), found_pairs(records)))
    return outcomes


def main() -> int:
    """Run the benchmark from the command line."""
    options = _parser().parse_args()
    split = split_corpus(SUPERMAT, load_corpus(SUPERMAT, options.gold).papers)
    papers = sorted(split.train, key=lambda p: hashlib.sha1(p.stem.encode()).hexdigest())
    abstracts: list[Paper] = []
    if options.sc_comics:
        abstracts = split_corpus(SC_COMICS, load_corpus(SC_COMICS, options.sc_comics).papers).train
    training = Training(abstracts, options.matscholar, options.epochs)
    outcomes: list[Outcome] = []
    for k in range(options.folds):
        held_out = papers[k :: options.folds]
        seen = [p for p in papers if p not in held_out]
        folder = options.work / f"fold{k}"
        make_models(seen, training, folder)
        outcomes += mine(held_out + (split.dev if k == 0 else []), options.papers, folder)
        print(json.dumps({"fold": k, **summary(outcomes)}), file=sys.stderr, flush=True)
    if options.errors:
        lines = error_lines(outcomes)
        options.errors.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    print(json.dumps(summary(outcomes), indent=2))
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("papers", type=Path, help="folder of PDFs")
    parser.add_argument("gold", type=Path, help="folder of SuperMat TEI files")
    parser.add_argument("--folds", type=int, default=5)
    parser.add_argument("--epochs", type=int, default=4, help="passes over the text")
    parser.add_argument("--sc-comics", type=Path, help="folder of SC-CoMIcs, learnt beside it")
    parser.add_argument("--matscholar", type=Path, help="Matscholar's train.txt, likewise")
    parser.add_argument("--work", type=Path, default=Path("local/folds"), help="where models go")
    parser.add_argument("--errors", type=Path, help="write misses and extras here")
    return parser


def _report(progress: Progress) -> None:
    losses = ", ".join(f"{scheme} {loss:.4f}" for scheme, loss in progress.losses.items())
    print(f"epoch {progress.epoch}: loss a word {losses}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
