"""The models that learn in the study of annotation, small enough to be fitted again in seconds.

Mentions: a linear-chain conditional random field over words and their neighbours (CRFsuite, by
python-crfsuite), not the network that scmine ships. Links: the shipped linker's kind of network
with fewer members. Both work sentence by sentence.
"""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

import pycrfsuite
from annotation_edits import Annotation

from scmine.corpora.evaluate import LabelledSpan, Score, add_scores, score_passage
from scmine.corpora.link_examples import Example, LinkedPassage, examples, linked_passages
from scmine.corpora.link_training import fit
from scmine.corpora.tag_sequences import tagged_words
from scmine.corpora.tagger_sources import SUPERMAT_LABELS
from scmine.corpora.train_linker import RECIPES, score_links
from scmine.corpora.types import Paper
from scmine.extractors.claim import Label, LinkLabel, Mention
from scmine.extractors.document import Passage
from scmine.extractors.link_model import LinkModel
from scmine.extractors.linking import link_with
from scmine.extractors.tidy import tidy
from scmine.extractors.tokenizer import features
from scmine.extractors.words import split_words

_TAGS = ("O", *(f"{at}-{label}" for label in SUPERMAT_LABELS for at in "BI"))
_FIT = {"c1": 0.05, "c2": 0.05, "max_iterations": 50}
_LINK_FIT = {"members": 2, "least_count": 4}
_WHOLE = 10**9  # words: a sentence is never cut


@dataclass(frozen=True)
class Sentence:
    """A sentence of a paper, ``at`` being its place in the reading order, and its annotation."""

    paper: str
    at: int
    passage: Passage
    gold: Annotation

    @property
    def text(self) -> str:
        """What is read."""
        return self.passage.text

    @property
    def words(self) -> int:
        """Words between blanks."""
        return len(self.text.split())


def sentences_of(paper: Paper, vocabulary: Counter[str]) -> Iterator[Sentence]:
    """The sentences of a paper as our reader gives them; links across sentences are lost."""
    at = 0
    for linked in linked_passages(paper, vocabulary):
        for start, end in linked.passage.sentences:
            text = linked.passage.text[start:end]
            passage = Passage(linked.passage.kind, text, sentences=((0, len(text)),))
            yield Sentence(paper.stem, at, passage, _cut(linked, start, end))
            at += 1


def _cut(linked: LinkedPassage, start: int, end: int) -> Annotation:
    """The mentions and links that lie in a stretch of a passage."""
    inside: dict[int, LabelledSpan] = {}
    for i, m in enumerate(linked.mentions):
        if start <= m.start and m.end <= end and m.label in SUPERMAT_LABELS:
            low, high = tidy(linked.passage.text, m.start, m.end)
            inside[i] = (low - start, high - start, str(m.label))
    mentions = tuple(sorted(set(inside.values())))
    places = {i: mentions.index(span) for i, span in inside.items()}
    return Annotation(
        mentions,
        frozenset(
            (str(label), places[v], places[t])
            for label, v, t in linked.pairs
            if v in places and t in places
        ),
    )


@dataclass(frozen=True)
class Reading:
    """What a model finds in a sentence.

    Attributes
    ----------
    mentions, scores
        The mentions, and of each the probability of its least certain word.
    doubt
        The number of words expected to be tagged wrongly, as ``scmine annotate`` reckons it.
    """

    mentions: tuple[LabelledSpan, ...]
    scores: tuple[float, ...]
    doubt: float


class Model:
    """Finds mentions and links; learnt from annotated sentences.

    Parameters
    ----------
    learnt
        Sentences, each with the annotation that an annotator left, in the order to learn them in.
    seed
        Of the linker's start.

    Raises
    ------
    ValueError
        If no sentence has a word.
    """

    def __init__(self, learnt: Sequence[tuple[Sentence, Annotation]], seed: int) -> None:
        trainer = pycrfsuite.Trainer(algorithm="lbfgs", params=_FIT, verbose=False)
        shown = 0
        for sentence, annotation in learnt:
            for sequence in tagged_words(
                sentence.text, annotation.mentions, SUPERMAT_LABELS, _WHOLE
            ):
                trainer.append(described(sentence.text), [_TAGS[tag] for tag in sequence.tags])
                shown += 1
        if not shown:
            raise ValueError("nothing to learn from")
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "model"
            trainer.train(str(path))
            self._tagger = pycrfsuite.Tagger()
            self._tagger.open(str(path))
        self._known = frozenset(self._tagger.labels())
        self._linkers = _fit_linkers(learnt, seed)

    def read(self, sentence: Sentence) -> Reading:
        """The mentions of a sentence, and how sure they are."""
        words = split_words(sentence.text)
        if not words:
            return Reading((), (), 0.0)
        self._tagger.set(described(sentence.text))
        tags = self._tagger.tag()
        sure = [self._tagger.marginal(tag, i) for i, tag in enumerate(tags)]
        found: list[LabelledSpan] = []
        scores: list[float] = []
        for first, end, label in _spans(tags):
            found.append((*tidy(sentence.text, words[first].start, words[end - 1].end), label))
            scores.append(min(sure[first:end]))
        return Reading(tuple(found), tuple(scores), sum(1 - s for s in sure))

    def annotate(self, sentence: Sentence) -> Annotation:
        """The annotation that a person is shown."""
        spans = self.read(sentence).mentions
        mentions = _mentions(sentence.text, spans)
        links = link_with(self._linkers, sentence.passage, mentions)
        return Annotation(spans, frozenset(_oriented(str(k.label), k.head, k.tail) for k in links))

    def scores(self, held_out: Sequence[Sentence]) -> tuple[dict[str, Score], dict[str, Score]]:
        """Of mentions (exact bounds) and of links between the gold's mentions, by label."""
        mentions = add_scores(
            score_passage(s.gold.mentions, self.read(s).mentions, exact=True) for s in held_out
        )
        linked = [_linked(s.passage, s.gold) for s in held_out if _has_value(s.gold)]
        return mentions, score_links(lambda p, m: link_with(self._linkers, p, m), linked)


def _spans(tags: Sequence[str]) -> Iterator[tuple[int, int, str]]:
    """(first, end, label) of runs of tags; a continuation of nothing begins a mention."""
    first = 0
    for i in range(1, len(tags) + 1):
        label = tags[first][2:]
        if i == len(tags) or tags[i] != f"I-{label}":
            if label:
                yield first, i, label
            first = i


@lru_cache(maxsize=20_000)
def described(text: str) -> pycrfsuite.ItemSequence:
    """What the random field sees of each word: itself, two neighbours each side, and pairs."""
    words = [word.text for word in split_words(text)]
    found = [features(word) for word in words]
    rows = []
    for i, (word, own) in enumerate(zip(words, found, strict=True)):
        row = ["always", f"word={word}", f"prefix={own.prefix}"]
        for away in (-2, -1, 0, 1, 2):
            if not 0 <= i + away < len(words):
                row.append(f"{away}:none")
                continue
            other = found[i + away]
            row.append(f"{away}:kind={other.kind}")
            if abs(away) < 2:
                row += [f"{away}:shape={other.shape}", f"{away}:suffix={other.suffix}"]
        if i:
            row.append(f"pair={found[i - 1].kind} {own.kind}")
        if i + 1 < len(words):
            row.append(f"next={own.kind} {found[i + 1].kind}")
        rows.append(row)
    return pycrfsuite.ItemSequence(rows)


def _fit_linkers(learnt: Sequence[tuple[Sentence, Annotation]], seed: int) -> dict[str, LinkModel]:
    """A network for each label of links with enough examples."""
    linked = [_linked(s.passage, a) for s, a in learnt if _has_value(a)]
    models = {}
    for label, recipe in RECIPES.items():
        training = [e for passage in linked for e in _examples(passage, label)]
        if any(e.shares[:-1].any() for e in training):
            try:
                models[str(label)] = fit(training, replace(recipe, seed=seed, **_LINK_FIT))
            except ValueError:  # no feature is frequent enough yet
                continue
    return models


def _has_value(annotation: Annotation) -> bool:
    return any(label == Label.TC_VALUE for _, _, label in annotation.mentions)


def _mentions(text: str, spans: Sequence[LabelledSpan]) -> list[Mention]:
    return [Mention(start, end, Label(label), text[start:end]) for start, end, label in spans]


@lru_cache(maxsize=20_000)
def _linked(passage: Passage, annotation: Annotation) -> LinkedPassage:
    pairs = frozenset((LinkLabel(label), v, t) for label, v, t in annotation.links)
    return LinkedPassage(passage, tuple(_mentions(passage.text, annotation.mentions)), pairs)


@lru_cache(maxsize=20_000)
def _examples(linked: LinkedPassage, label: LinkLabel) -> list[Example]:
    return examples(linked, label)


def _oriented(label: str, head: int, tail: int) -> tuple[str, int, int]:
    """A link as (label, value, target)."""
    return (label, tail, head) if label == LinkLabel.MATERIAL_TC else (label, head, tail)
