"""Trains the packaged linker of relations: ``python -m scmine.corpora.train_relations DIR -o OUT``.

``DIR`` holds SC-CoMIcs. Only its training abstracts are used for fitting; the development abstracts
give the scores that are printed. ``--folds`` also gives scores by cross-validation over the
training abstracts, for which all choices of recipe were made.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from scmine.corpora.evaluate import MICRO, Score, add_scores, bootstrap, micro_f1
from scmine.corpora.link_training import LinkRecipe, fit
from scmine.corpora.loading import SC_COMICS
from scmine.corpora.relation_examples import (
    RelatedPassage,
    Triple,
    related_passages,
    relation_examples,
    without_main,
)
from scmine.corpora.sc_comics import load_sc_comics
from scmine.corpora.splits import split_corpus
from scmine.corpora.train_command import as_plain, linker_parser, print_scores
from scmine.corpora.types import Paper
from scmine.extractors.link_model import LinkModel, load_models, save_models
from scmine.extractors.relation_features import relation_rules
from scmine.extractors.relations import DopingEvent, doping_events, relate

SCORES_FILE = "scores.json"
EVENT, EVENT_WITH_ROLE = "Doping", "Doping with a role"
_NEVER = 1.01  # a threshold that no probability reaches: one choice at most
_BASE = LinkRecipe(members=3, least_count=24)
RECIPES = {
    "Target": replace(_BASE, epochs=6, threshold=0.2, second_threshold=0.25),
    "Condition": replace(_BASE, epochs=18, learn_rate=0.006, threshold=0.15, second_threshold=0.25),
    "Equivalent": replace(_BASE, threshold=0.4, second_threshold=0.35),
    "Dopant": replace(_BASE, threshold=0.4, second_threshold=_NEVER),
    "Site": replace(_BASE, epochs=6, threshold=0.25, second_threshold=_NEVER),
}


def train_all(papers: Sequence[Paper], seed: int = 0) -> dict[str, LinkModel]:
    """A network for each label that ``papers`` hold.

    Each abstract is shown as annotated and once without main materials told apart.

    Raises
    ------
    ValueError
        If there is nothing to learn from.
    """
    shown = [related for paper in papers for related in related_passages(paper)]
    shown += [without_main(related) for related in shown]
    models = {}
    for rule in relation_rules():
        training = relation_examples(shown, rule)
        if any(example.shares[:-1].any() for example in training):
            models[rule.label] = fit(training, replace(RECIPES[rule.label], seed=seed))
    if not models:
        raise ValueError("the training abstracts hold no relations")
    return models


def score_relations(
    models: Mapping[str, LinkModel], related: Sequence[RelatedPassage]
) -> dict[str, Score]:
    """Scores by label; a relation is right if both its mentions and its label are.

    Mentions are given in a shuffled order.
    """
    rng = random.Random(0)
    parts = []
    for one in related:
        order = rng.sample(range(len(one.mentions)), len(one.mentions))
        mentions = [one.mentions[i] for i in order]
        found = relate(models, one.passage, mentions)
        mine = {(r.label, order[r.head], order[r.tail]) for r in found}
        parts.append(_by_label(mine, one.triples))
    return add_scores(parts)


def score_events(
    models: Mapping[str, LinkModel], related: Sequence[RelatedPassage]
) -> dict[str, Score]:
    """Scores of whole doping events: trigger, dopant and site all have to be right."""
    parts = []
    for one in related:
        mine = set(doping_events(one.mentions, relate(models, one.passage, one.mentions)))
        parts.append(
            {
                EVENT: _score(mine, one.events),
                EVENT_WITH_ROLE: _score(_with_role(mine), _with_role(one.events)),
            }
        )
    return _without_micro(add_scores(parts))


def cross_validate(papers: Sequence[Paper], folds: int, seed: int = 0) -> dict[str, Score]:
    """Scores over all papers, each linked by networks that were not trained on it."""
    order = random.Random(seed).sample(list(papers), len(papers))
    relations, events = [], []
    for fold in range(folds):
        models = train_all([p for i, p in enumerate(order) if i % folds != fold], seed)
        held_out = [r for paper in order[fold::folds] for r in related_passages(paper)]
        relations.append(score_relations(models, held_out))
        events.append(score_events(models, held_out))
    return {**add_scores(relations), **_without_micro(add_scores(events))}


def main(arguments: Sequence[str] | None = None) -> int:
    """The command; returns its exit code: 0 done, 1 bad corpus."""
    options = _parser().parse_args(arguments)
    try:
        split = split_corpus(SC_COMICS, load_sc_comics(options.folder))
        save_models(train_all(split.train, options.seed), options.out)
    except (ValueError, FileNotFoundError) as error:  # CorpusError is a ValueError
        print(f"train_relations: {error}", file=sys.stderr)
        return 1
    models = load_models(options.out)  # what is scored is what was written, rounded to float16
    results: dict[str, dict[str, Score]] = {}
    intervals: dict[str, tuple[float, float]] = {}
    for name, change in (("dev", list), ("dev, main materials not told apart", _without_main)):
        related = [change(related_passages(paper)) for paper in split.dev]
        by_paper = [score_relations(models, r) for r in related]
        events = [score_events(models, r) for r in related]
        if not by_paper:
            continue
        results[name] = add_scores(by_paper)
        results[name] |= _without_micro(add_scores(events))
        if name == "dev":
            intervals = _intervals(by_paper) | _intervals(events)
    if options.folds:
        scores = cross_validate(split.train, options.folds, options.seed)
        results[f"train, {options.folds}-fold cross-validation"] = scores
    _report(results, intervals, options.out)
    return 0


def _by_label(mine: set[Triple], gold: frozenset[Triple]) -> dict[str, Score]:
    return {
        rule.label: _score(
            {t for t in mine if t[0] == rule.label}, {t for t in gold if t[0] == rule.label}
        )
        for rule in relation_rules()
    }


def _score(
    mine: set[Triple] | set[DopingEvent],
    gold: set[Triple] | set[DopingEvent] | frozenset[DopingEvent],
) -> Score:
    right = len(mine & gold)
    return Score(right, len(mine), len(gold), right)


def _without_micro(scores: dict[str, Score]) -> dict[str, Score]:
    """The sum over events with and without a role would count some twice."""
    return {label: score for label, score in scores.items() if label != MICRO}


def _with_role(events: set[DopingEvent] | frozenset[DopingEvent]) -> set[DopingEvent]:
    return {e for e in events if e.dopant is not None or e.site is not None}


def _without_main(related: Sequence[RelatedPassage]) -> list[RelatedPassage]:
    return [without_main(one) for one in related]


def _intervals(by_paper: Sequence[dict[str, Score]]) -> dict[str, tuple[float, float]]:
    """The 95 % interval of F1, by label, abstracts drawn with replacement."""
    labels = sorted({label for scores in by_paper for label in scores})
    found = {}
    for label in labels:
        own = [{label: scores[label]} for scores in by_paper if label in scores]
        found[label] = bootstrap(by_paper if label == MICRO else own, micro_f1)
    return found


def _parser() -> argparse.ArgumentParser:
    return linker_parser(
        "scmine.corpora.train_relations",
        "Train the packaged linker of relations and doping events on SC-CoMIcs.",
        "folder with SC-CoMIcs' *.txt and *.ann files",
    )


def _report(
    results: dict[str, dict[str, Score]], intervals: dict[str, tuple[float, float]], out: Path
) -> None:
    print_scores(results)
    for label, (low, high) in intervals.items():
        print(f"dev, {label}: F1 between {low:.1f} and {high:.1f}")
    text = json.dumps({"scores": as_plain(results), "f1_intervals": intervals}, indent=1)
    (out / SCORES_FILE).write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
