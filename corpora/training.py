"""Trains the spaCy recogniser on annotated passages.

What a training set is made of (``training_set``), and the loop that fits the network to it
(``train``). The network itself is ``scmine.extractors.ner_model``; the command is ``train_spacy``.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from scmine.corpora.evaluate import (
    LabelledSpan,
    Score,
    add_scores,
    gold_spans,
    label_counts,
    score_passage,
)
from scmine.corpora.respace import reading_form, vocabulary
from scmine.corpora.swaps import swap_passage
from scmine.corpora.types import GoldPassage, Paper
from scmine.extractors.ner_model import Settings, build
from scmine.extractors.tidy import tidy

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.training import Example
    from thinc.api import Optimizer

_MOVES_WITH_LABEL = ("1", "2", "3", "4")  # spaCy's begin, in, last and unit


@dataclass(frozen=True, slots=True)
class Recipe:
    """How to train.

    Attributes
    ----------
    epochs
        Passes over the papers; each shows every passage in two forms.
    swap_share
        Share of the passages in reading form whose elements and values are swapped.
    spaced_share
        Share of the passages also shown as GROBID printed them.
    learn_rate
        Of Adam at its highest; it rises over the first steps and falls to nothing at the end.
    batch_words
        Tokens a batch.
    """

    epochs: int = 6
    swap_share: float = 0.5
    spaced_share: float = 0.3
    learn_rate: float = 0.002
    dropout: float = 0.2
    batch_words: int = 1500
    seed: int = 0


def train(
    papers: Sequence[Paper],
    settings: Settings,
    recipe: Recipe,
    report: Callable[[int, float, Language], None] | None = None,
) -> tuple[Language, Settings]:
    """A pipeline fitted to ``papers``; ``report`` is called after each epoch with its loss."""
    from spacy.util import fix_random_seed
    from thinc.api import Adam

    fix_random_seed(recipe.seed)
    rng = random.Random(recipe.seed)
    words = vocabulary(papers)
    spaced = [p for paper in papers for p in paper.passages if p.text]
    closed = [reading_form(p, words) for p in spaced]
    settings = with_labels(settings, spaced)
    nlp = build(settings)
    ner: Any = nlp.get_pipe("ner")
    optimizer = Adam(recipe.learn_rate, L2=0.01, L2_is_weight_decay=True, grad_clip=1.0)
    for epoch in range(recipe.epochs):
        examples = make_examples(nlp, epoch_set(spaced, closed, recipe, rng))
        batches = make_batches(examples, recipe.batch_words)
        losses: dict[str, float] = {}
        for i, batch in enumerate(batches):
            progress = (epoch + i / len(batches)) / recipe.epochs
            optimizer.learn_rate = recipe.learn_rate * learn_rate_share(progress)
            ner.update(batch, sgd=optimizer, drop=recipe.dropout, losses=losses)
        if report is not None:
            with nlp.use_params(optimizer.averages):
                report(epoch, losses["ner"], nlp)
    _keep_averages(nlp, optimizer)
    return nlp, settings


def learn_rate_share(progress: float) -> float:
    """The share of the full learning rate at ``progress`` (0 to 1): up in a twentieth, then down.

    >>> learn_rate_share(0.025), learn_rate_share(0.05), learn_rate_share(1.0)
    (0.5, 1.0, 0.0)
    """
    return progress / 0.05 if progress < 0.05 else (1 - progress) / 0.95


def epoch_set(
    spaced: Sequence[GoldPassage],
    closed: Sequence[GoldPassage],
    recipe: Recipe,
    rng: random.Random,
) -> list[GoldPassage]:
    """The passages of one epoch, shuffled: each closed up, maybe swapped, and maybe as printed."""
    chosen = [swap_passage(p, rng) if rng.random() < recipe.swap_share else p for p in closed]
    chosen += [p for p in spaced if rng.random() < recipe.spaced_share]
    rng.shuffle(chosen)
    return chosen


def make_examples(nlp: Language, passages: Iterable[GoldPassage]) -> list[Example]:
    """spaCy's training examples; a mention that begins or ends inside a token takes all of it."""
    from spacy.training import Example
    from spacy.util import filter_spans

    examples = []
    for passage in passages:
        reference = nlp.make_doc(passage.text)
        spans = [
            reference.char_span(start, end, label=label, alignment_mode="expand")
            for start, end, label in gold_spans(passage)
            if end > start
        ]
        reference.set_ents(filter_spans([s for s in spans if s is not None]))
        examples.append(Example(nlp.make_doc(passage.text), reference))
    return examples


def make_batches(examples: Sequence[Example], batch_words: int) -> list[list[Example]]:
    """Consecutive examples, at least one and at most about ``batch_words`` tokens a batch."""
    from spacy.training.batchers import minibatch_by_words

    return [list(batch) for batch in minibatch_by_words(examples, batch_words)]


def predict(nlp: Language, passages: Sequence[GoldPassage]) -> list[list[LabelledSpan]]:
    """The mentions the pipeline finds, tidied."""
    docs = nlp.pipe([p.text for p in passages], batch_size=64)
    return [
        [(*tidy(doc.text, e.start_char, e.end_char), e.label_) for e in doc.ents] for doc in docs
    ]


def score_papers(
    nlp: Language, papers: Iterable[Sequence[GoldPassage]], exact: bool
) -> list[dict[str, Score]]:
    """Scores of each paper, given as its passages."""
    return [
        add_scores(
            score_passage(gold_spans(p), found, exact)
            for p, found in zip(passages, predict(nlp, passages), strict=True)
        )
        for passages in papers
    ]


def with_labels(settings: Settings, passages: Iterable[GoldPassage]) -> Settings:
    """``settings`` with spaCy's table of moves for the labels of ``passages``."""
    counts = dict(sorted(label_counts(passages).items()))
    labels: dict[str, dict[str, int]] = dict.fromkeys(_MOVES_WITH_LABEL, counts)
    labels["4"] = {**counts, "": 1}  # a unit without a label: spaCy wants it for blocked spans
    return replace(settings, labels={"0": {}, **labels, "5": {"": 1}})


def _keep_averages(nlp: Language, optimizer: Optimizer) -> None:
    """Replace the weights by their averages over training."""
    ner: Any = nlp.get_pipe("ner")
    averages = optimizer.averages or {}
    for node in ner.model.walk():
        for name in node.param_names:
            average = averages.get((node.id, name))
            if average is not None:
                node.set_param(name, average.reshape(node.get_param(name).shape))
