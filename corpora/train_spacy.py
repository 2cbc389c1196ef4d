"""Trains the packaged recogniser again: ``python -m scmine.corpora.train_spacy DIR -o OUT``.

``DIR`` holds SuperMat's TEI files. Only its training papers are used for fitting; the development
papers give the scores that are printed and the precision of each label that the tagger reports.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from scmine.corpora.evaluate import MICRO, Score, add_scores, bootstrap, micro_f1, table
from scmine.corpora.respace import reading_form, vocabulary
from scmine.corpora.splits import split_papers
from scmine.corpora.supermat import load_supermat
from scmine.corpora.training import Recipe, score_papers, train
from scmine.corpora.types import CorpusError, GoldPassage, Paper
from scmine.extractors.ner_model import Settings, load, save

if TYPE_CHECKING:
    from spacy.language import Language

READING, PRINTED = "reading", "printed"
SCORES_FILE = "dev_scores.json"


@dataclass(frozen=True, slots=True)
class FormScores:
    """Scores of the development papers in one text form."""

    form: str
    way: str
    scores: dict[str, Score]
    interval: tuple[float, float]


def dev_forms(
    train_papers: Sequence[Paper], dev: Sequence[Paper]
) -> dict[str, list[list[GoldPassage]]]:
    """The development passages, paper by paper, as our reader and as GROBID gives them.

    The words that decide on hyphens are those of the training papers.
    """
    words = vocabulary(train_papers)
    printed = [[p for p in paper.passages if p.text] for paper in dev]
    return {READING: [[reading_form(p, words) for p in ps] for ps in printed], PRINTED: printed}


def evaluate_model(nlp: Language, forms: dict[str, list[list[GoldPassage]]]) -> list[FormScores]:
    """Exact and overlap scores in every form, with bootstrap intervals of micro F1."""
    results = []
    for form, papers in forms.items():
        for way in ("exact", "overlap"):
            by_paper = score_papers(nlp, papers, exact=way == "exact")
            interval = bootstrap(by_paper, micro_f1)
            results.append(FormScores(form, way, add_scores(by_paper), interval))
    return results


def label_precision(results: Sequence[FormScores]) -> dict[str, float]:
    """For each label, the share of its mentions that are exactly right in reading form."""
    [scores] = [r.scores for r in results if (r.form, r.way) == (READING, "exact")]
    return {k: round(s.precision / 100, 3) for k, s in scores.items() if k != MICRO}


def main(arguments: Sequence[str] | None = None) -> int:
    """The command; returns its exit code: 0 done, 1 bad corpus."""
    options = _parser().parse_args(arguments)
    try:
        papers = load_supermat(options.folder)
    except (FileNotFoundError, CorpusError) as error:
        print(f"train_spacy: {error}", file=sys.stderr)
        return 1
    train_papers, dev = split_papers(papers)
    forms = dev_forms(train_papers, dev)
    recipe = Recipe(seed=options.seed, epochs=options.epochs)
    nlp, settings = train(train_papers, Settings({}), recipe, _report)
    save(nlp, settings, options.out)
    nlp, settings = load(options.out)  # what is scored is what was written, rounded to float16
    results = evaluate_model(nlp, forms) if dev else []
    if results:
        save(nlp, replace(settings, precision=label_precision(results)), options.out)
    _write_scores(results, options.out)
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m scmine.corpora.train_spacy",
        description="Train the packaged recogniser of mentions on SuperMat.",
    )
    parser.add_argument("folder", type=Path, help="folder with SuperMat's *.tei.xml files")
    parser.add_argument("-o", "--out", type=Path, required=True, help="where the model is written")
    parser.add_argument("--seed", type=int, default=0, help="default: %(default)s")
    parser.add_argument("--epochs", type=int, default=Recipe().epochs, help="default: %(default)s")
    return parser


def _report(epoch: int, loss: float, nlp: Language) -> None:
    print(f"epoch {epoch + 1}: loss {loss:.0f}", flush=True)


def _write_scores(results: Sequence[FormScores], out: Path) -> None:
    for r in results:
        low, high = r.interval
        print(f"\n{r.form} form, {r.way} spans (micro F1 between {low:.1f} and {high:.1f})")
        print(table(r.scores))
    text = json.dumps([asdict(r) for r in results], indent=1, ensure_ascii=False)
    (out / SCORES_FILE).write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
