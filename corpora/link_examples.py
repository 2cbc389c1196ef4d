"""SuperMat's links as examples for the linker: a value, its candidates, and which are right.

Only links within a passage become examples; those across passages are counted as lost. ``noisy``
makes mentions look like those a tagger finds. Features are computed by
``scmine.extractors.link_features``; fitting lives in ``link_training``.
"""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from scmine.corpora.gold_passage import as_passage
from scmine.corpora.respace import reading_form
from scmine.corpora.types import GoldPassage, Paper
from scmine.extractors.claim import Label, LinkLabel, Mention
from scmine.extractors.document import Passage
from scmine.extractors.link_features import Candidates, Features, PassageView
from scmine.extractors.linking import TARGETS

_TEMPERATURE = re.compile(r"(?<![\d.])\d+(?:\.\d+)?\s?K\b")
_DROPPED_SHARE = 0.1  # of the mentions other than Tc values
_CLASS_TAKEN_SHARE = 0.1  # of the class mentions, taken for materials
_TEMPERATURE_TAKEN_SHARE = 0.3  # of the temperatures that are no Tc, taken for one


@dataclass(frozen=True)
class LinkedPassage:
    """A passage with gold mentions; ``pairs`` holds (label, value index, target index)."""

    passage: Passage
    mentions: tuple[Mention, ...]
    pairs: frozenset[tuple[LinkLabel, int, int]]


@dataclass(frozen=True)
class JudgedPassage:
    """A passage of which only some links are known: those of each (label, value index)."""

    linked: LinkedPassage
    judged: frozenset[tuple[LinkLabel, int]]

    def examples(self, label: LinkLabel) -> list[Example]:
        """One example a value whose links of ``label`` are known."""
        values = {value for known, value in self.judged if known is label}
        return examples(self.linked, label, values) if values else []


@dataclass(frozen=True)
class Example:
    """One value: the features of each choice, and the share of each that is right (sums to 1)."""

    choices: list[Features]
    shares: NDArray[np.float32]


def linked_passages(paper: Paper, words: Counter[str] | None) -> list[LinkedPassage]:
    """The passages of a paper, closed up as our reader gives them if ``words`` are given.

    ``words`` is the ``vocabulary`` that ``reading_form`` wants.
    """
    pairs: list[set[tuple[LinkLabel, int, int]]] = [set() for _ in paper.passages]
    for label, value, target in _oriented(paper):
        if value[0] == target[0]:
            pairs[value[0]].add((label, value[1], target[1]))
    closed = [reading_form(p, words) if words is not None else p for p in paper.passages]
    return [_linked(p, frozenset(found)) for p, found in zip(closed, pairs, strict=True)]


def lost_links(papers: Iterable[Paper]) -> Counter[LinkLabel]:
    """How many links of each label run from one passage to another."""
    return Counter(
        label
        for paper in papers
        for label, value, target in _oriented(paper)
        if value[0] != target[0]
    )


def noisy(linked: LinkedPassage, rng: random.Random) -> LinkedPassage:
    """The passage with some mentions lost, some classes read as materials, temperatures as Tc."""
    text = linked.passage.text
    kept: dict[int, Mention] = {}
    for i, mention in enumerate(linked.mentions):
        if mention.label is not Label.TC_VALUE and rng.random() < _DROPPED_SHARE:
            continue
        if mention.label is Label.CLASS and rng.random() < _CLASS_TAKEN_SHARE:
            mention = replace(mention, label=Label.MATERIAL)
        kept[i] = mention
    place = {old: new for new, old in enumerate(kept)}
    pairs = frozenset(
        (label, place[v], place[t]) for label, v, t in linked.pairs if v in place and t in place
    )
    mentions = list(kept.values())
    for match in _TEMPERATURE.finditer(text):
        start, end = match.span()
        free = all(m.end <= start or end <= m.start for m in linked.mentions)
        if free and rng.random() < _TEMPERATURE_TAKEN_SHARE:
            mentions.append(Mention(start, end, Label.TC_VALUE, match.group()))
    return LinkedPassage(linked.passage, tuple(mentions), pairs)


def examples(
    linked: LinkedPassage, label: LinkLabel, only: Collection[int] | None = None
) -> list[Example]:
    """One example a value of the passage, none where there is nothing to link it with.

    ``only`` are the values to take, by their index among the mentions; None takes all.
    """
    if not any(m.label is Label.TC_VALUE for m in linked.mentions):
        return []
    candidates = Candidates(PassageView(linked.passage, linked.mentions), TARGETS[label])
    if not candidates.targets:
        return []
    found = []
    for value in candidates.values:
        if only is not None and value.index not in only:
            continue
        right = [(label, value.index, t.index) in linked.pairs for t in candidates.of(value)]
        shares = np.array([*right, not any(right)], dtype=np.float32)
        found.append(Example(candidates.rows(value), shares / shares.sum()))
    return found


def _oriented(
    paper: Paper,
) -> Iterable[tuple[LinkLabel, tuple[int, int], tuple[int, int]]]:
    """Each link as (label, place of the value, place of the target); others are left out."""
    by_target = {target: label for label, target in TARGETS.items()}
    for link in paper.links:
        ends = {paper.mention(at).label: at for at in (link.head, link.tail)}
        value = ends.pop(Label.TC_VALUE, None)
        for target, at in ends.items():
            if value is not None and target in by_target:
                yield by_target[Label(target)], value, at


def _linked(gold: GoldPassage, pairs: frozenset[tuple[LinkLabel, int, int]]) -> LinkedPassage:
    passage = as_passage(gold)
    mentions = tuple(
        Mention(m.start, m.end, Label(m.label), gold.surface(m)) for m in gold.mentions
    )
    return LinkedPassage(passage, mentions, pairs)
