"""End to end on papers that no model has seen: both models trained anew for each of five folds.

    python benchmarks/cross_validate.py PAPERS GOLD [--folds 5] [--work DIR] [--errors FILE]

The packaged models were trained on 93 of the 107 papers, so that ``end_to_end.py`` flatters them on
all. Here the 93 are split into folds by paper (in the order of the SHA-1 of the stem), each fold is
mined with models trained on the other folds, and the 14 development papers with those of the first
fold. Models already in DIR are used again, so that a run that was stopped goes on.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from end_to_end import Outcome, error_lines, found_pairs, gold_pairs, score, summary

from scmine.corpora.splits import split_papers
from scmine.corpora.supermat import load_supermat
from scmine.corpora.train_linker import train_all
from scmine.corpora.training import Recipe, train
from scmine.corpora.types import Paper
from scmine.extractors import extract, read
from scmine.extractors.document import ReadError
from scmine.extractors.link_model import save_models
from scmine.extractors.linking import TrainedLinker
from scmine.extractors.ner_model import Settings, save
from scmine.extractors.tagging import default_tagger


def make_models(papers: Sequence[Paper], folder: Path) -> None:
    """Train the tagger and the linker on ``papers`` into ``folder``, unless they are there."""
    if (folder / "done").exists():
        return
    nlp, settings = train(papers, Settings({}), Recipe())
    (folder / "ner").mkdir(parents=True, exist_ok=True)
    (folder / "linker").mkdir(parents=True, exist_ok=True)
    save(nlp, settings, folder / "ner")
    save_models(train_all(papers), folder / "linker")
    (folder / "done").touch()


def mine(papers: Sequence[Paper], pdfs: Path, folder: Path) -> list[Outcome]:
    """The outcome of each paper with the models in ``folder``."""
    tagger, linker = default_tagger(folder / "ner"), TrainedLinker(folder / "linker")
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
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("papers", type=Path, help="folder of PDFs")
    parser.add_argument("gold", type=Path, help="folder of SuperMat TEI files")
    parser.add_argument("--folds", type=int, default=5)
    parser.add_argument("--work", type=Path, default=Path("local/folds"), help="where models go")
    parser.add_argument("--errors", type=Path, help="write misses and extras here")
    options = parser.parse_args()
    training, dev = split_papers(load_supermat(options.gold))
    training = sorted(training, key=lambda p: hashlib.sha1(p.stem.encode()).hexdigest())
    outcomes: list[Outcome] = []
    for k in range(options.folds):
        held_out = training[k :: options.folds]
        seen = [p for p in training if p not in held_out]
        folder = options.work / f"fold{k}"
        make_models(seen, folder)
        outcomes += mine(held_out + (dev if k == 0 else []), options.papers, folder)
        print(json.dumps({"fold": k, **summary(outcomes)}), file=sys.stderr, flush=True)
    if options.errors:
        lines = error_lines(outcomes)
        options.errors.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    print(json.dumps(summary(outcomes), indent=2))
    return 0


if __name__ == "__main__":
    sys.exit(main())
