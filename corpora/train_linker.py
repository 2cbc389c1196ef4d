"""Trains the packaged linker again: ``python -m scmine.corpora.train_linker DIR -o OUT``.

``DIR`` holds SuperMat's TEI files. Only its training papers are used for fitting; the development
papers give the scores that are printed. ``--folds`` also gives scores by cross-validation over the
training papers, for which all choices of recipe were made.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from scmine.corpora.annotation.learning import learnable_papers
from scmine.corpora.corrections.learning import learnable
from scmine.corpora.corrections.training import judged_passage
from scmine.corpora.evaluate import Score, add_scores, bootstrap, micro_f1
from scmine.corpora.link_examples import (
    Example,
    JudgedPassage,
    LinkedPassage,
    examples,
    linked_passages,
    lost_links,
    noisy,
)
from scmine.corpora.link_training import LinkRecipe, fit
from scmine.corpora.loading import SUPERMAT
from scmine.corpora.respace import vocabulary
from scmine.corpora.splits import split_corpus
from scmine.corpora.supermat import load_supermat
from scmine.corpora.train_command import as_plain, linker_parser, print_scores
from scmine.corpora.types import CorpusError, Paper
from scmine.database.errors import DatabaseError
from scmine.extractors.claim import Label, Link, LinkLabel, Mention
from scmine.extractors.document import Passage
from scmine.extractors.link_features import PassageView
from scmine.extractors.link_model import LinkModel, save_models
from scmine.extractors.linking import TARGETS, TrainedLinker, link_with

SCORES_FILE = "scores.json"
RECIPES = {
    LinkLabel.MATERIAL_TC: LinkRecipe(threshold=0.25, second_threshold=0.35),
    LinkLabel.TC_PRESSURE: LinkRecipe(threshold=0.3, second_threshold=0.4, learn_rate=0.006),
    LinkLabel.TC_METHOD: LinkRecipe(threshold=0.25, second_threshold=0.2),
}
NOISY_COPIES = {LinkLabel.MATERIAL_TC: 1, LinkLabel.TC_PRESSURE: 1, LinkLabel.TC_METHOD: 0}

LinkFunction = Callable[[Passage, Sequence[Mention]], list[Link]]


def train_all(
    papers: Sequence[Paper], seed: int = 0, corrected: Sequence[JudgedPassage] = ()
) -> dict[str, LinkModel]:
    """A network for each label of links that ``papers`` hold.

    Each passage is shown as printed, as our reader gives it, and, where ``NOISY_COPIES`` says so,
    that with noisy mentions. Of ``corrected`` passages the values whose links are known are shown.

    Raises
    ------
    ValueError
        If there is nothing to learn from.
    """
    words = vocabulary(papers)
    closed = [p for paper in papers for p in linked_passages(paper, words)]
    printed = [p for paper in papers for p in linked_passages(paper, None)]
    models = {}
    for label, recipe in RECIPES.items():
        rng = random.Random(seed)
        copies = [noisy(p, rng) for p in closed for _ in range(NOISY_COPIES[label])]
        training: list[Example] = [
            e for p in (*printed, *closed, *copies) for e in examples(p, label)
        ]
        training += [e for p in corrected for e in p.examples(label)]
        if any(e.shares[:-1].any() for e in training):
            models[str(label)] = fit(training, replace(recipe, seed=seed))
    if not models:
        raise ValueError("the training papers hold no links")
    return models


def nearest_target(passage: Passage, mentions: Sequence[Mention]) -> list[Link]:
    """The baseline: the last target before the value in its sentence, else the first after it
    there, else the last before it in the passage."""
    view = PassageView(passage, mentions)
    links = []
    for label, target_label in TARGETS.items():
        targets = view.of(target_label)
        for value in view.of(Label.TC_VALUE):
            own = [t for t in targets if t.sentence == value.sentence]
            before = [t for t in targets if t.at < value.at]
            near = [t for t in own if t.at < value.at][-1:] or own[:1] or before[-1:]
            for target in near:
                ends = (value.index, target.index)
                links.append(Link(*(ends[::-1] if label is LinkLabel.MATERIAL_TC else ends), label))
    return links


def score_links(
    linker: LinkFunction, passages: Sequence[LinkedPassage], linked_only: bool = False
) -> dict[str, Score]:
    """Scores by label; a link is right if both its mentions and its label are.

    Mentions are given in a shuffled order. ``linked_only`` passes over what was found for values
    that have no gold link of the label, as if it were known which values have one.
    """
    rng = random.Random(0)
    parts = []
    for linked in passages:
        order = rng.sample(range(len(linked.mentions)), len(linked.mentions))
        found = set()
        for link in linker(linked.passage, [linked.mentions[i] for i in order]):
            ends = order[link.head], order[link.tail]
            value, target = ends[::-1] if link.label is LinkLabel.MATERIAL_TC else ends
            found.add((link.label, value, target))
        for label in TARGETS:
            gold = {p for p in linked.pairs if p[0] is label}
            mine = {p for p in found if p[0] is label}
            if linked_only:
                values = {value for _, value, _ in gold}
                mine = {p for p in mine if p[1] in values}
            right = len(gold & mine)
            parts.append({str(label): Score(right, len(mine), len(gold), right)})
    return add_scores(parts)


def cross_validate(
    papers: Sequence[Paper], folds: int, seed: int = 0
) -> tuple[dict[str, Score], dict[str, Score]]:
    """Scores over all papers, each linked by networks that were not trained on it.

    The second counts linked values only, as ``score_links`` does.
    """
    order = random.Random(seed).sample(list(papers), len(papers))
    parts: list[dict[str, Score]] = []
    linked_parts: list[dict[str, Score]] = []
    for fold in range(folds):
        rest = [p for i, p in enumerate(order) if i % folds != fold]
        models, words = train_all(rest, seed), vocabulary(rest)

        def linker(
            passage: Passage, mentions: Sequence[Mention], models: dict[str, LinkModel] = models
        ) -> list[Link]:
            return link_with(models, passage, mentions)

        held_out = [linked_passages(p, words) for p in order[fold::folds]]
        parts += [score_links(linker, p) for p in held_out]
        linked_parts += [score_links(linker, p, linked_only=True) for p in held_out]
    return add_scores(parts), add_scores(linked_parts)


def main(arguments: Sequence[str] | None = None) -> int:
    """The command; returns its exit code: 0 done, 1 bad corpus."""
    options = _parser().parse_args(arguments)
    try:
        train_papers, dev, other = split_corpus(SUPERMAT, load_supermat(options.folder))
        corrected = _corrected(options, [*dev, *other])
        annotated = _annotated(options, [*dev, *other])
        models = train_all([*train_papers, *annotated], options.seed, corrected)
    except (ValueError, FileNotFoundError, DatabaseError) as error:  # CorpusError: a ValueError
        print(f"train_linker: {error}", file=sys.stderr)
        return 1
    save_models(models, options.out)
    results: dict[str, dict[str, Score]] = {}
    words = vocabulary([*train_papers, *annotated])
    linker = TrainedLinker(options.out)  # what is scored is what was written, rounded to float16
    for form, known in (("reading", words), ("printed", None)):
        by_paper = [score_links(linker.link, linked_passages(p, known)) for p in dev]
        if by_paper:
            results[f"dev, {form} form"] = add_scores(by_paper)
            low, high = bootstrap(by_paper, micro_f1)
            print(f"dev, {form} form: micro F1 between {low:.1f} and {high:.1f}")
    if options.with_corrections is not None or options.with_annotations is not None:
        before = [score_links(TrainedLinker().link, linked_passages(p, words)) for p in dev]
        results["dev, reading form, before: the packaged model"] = add_scores(before)
    results["dev, linked values only"] = add_scores(
        score_links(linker.link, linked_passages(p, words), linked_only=True) for p in dev
    )
    for name, papers in (("dev", dev), ("train", train_papers)):
        rule = [score_links(nearest_target, linked_passages(p, words)) for p in papers]
        results[f"{name}, nearest target"] = add_scores(rule)
    if options.folds:
        scores, of_linked = cross_validate(train_papers, options.folds, options.seed)
        name = f"train, {options.folds}-fold cross-validation"
        results |= {name: scores, f"{name}, linked values only": of_linked}
    _report(results, {"train": lost_links(train_papers), "dev": lost_links(dev)}, options.out)
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = linker_parser(
        "scmine.corpora.train_linker",
        "Train the packaged linker of Tc values on SuperMat.",
        "folder with SuperMat's *.tei.xml files",
    )
    parser.add_argument("--with-corrections", metavar="DB", help="learn its corrections too")
    parser.add_argument(
        "--with-annotations", type=Path, metavar="DIR", help="learn an imported corpus too"
    )
    parser.add_argument(
        "--upsample",
        type=int,
        default=1,
        help="show each correction and annotated paper so often (default: 1)",
    )
    return parser


def _corrected(options: argparse.Namespace, scored_on: Sequence[Paper]) -> list[JudgedPassage]:
    """The passages of the database with values whose links are known, as often as asked."""
    if options.with_corrections is None:
        return []
    found = learnable(options.with_corrections, scored_on)
    print(f"corrections: {found}", flush=True)
    return [judged_passage(c) for c in found.corrections] * options.upsample


def _annotated(options: argparse.Namespace, scored_on: Sequence[Paper]) -> list[Paper]:
    """The papers that annotators gave back with known links, as often as asked."""
    if options.with_annotations is None:
        return []
    found = learnable_papers(options.with_annotations, scored_on)
    if found.corpus != SUPERMAT:
        raise CorpusError(options.with_annotations, "these are no annotations as SuperMat's")
    print(f"annotations: {found}", flush=True)
    return list(found.linked) * options.upsample


def _report(
    results: dict[str, dict[str, Score]], lost: dict[str, Counter[LinkLabel]], out: Path
) -> None:
    print_scores(results)
    for name, counts in lost.items():
        print(f"\n{name}: links across passages, not scored: {dict(counts)}")
    text = json.dumps(as_plain(results), indent=1, ensure_ascii=False)
    (out / SCORES_FILE).write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
