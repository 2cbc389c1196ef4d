"""SC-CoMIcs' relations and doping events as examples for the linker of relations.

A relation that ends at an event ends here at the event's trigger, so that everything is a labelled
pair of mentions. Features are computed by ``scmine.extractors.relation_features``; fitting lives in
``link_training``, the command in ``train_relations``.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np

from scmine.corpora.gold_passage import as_passage
from scmine.corpora.link_examples import Example
from scmine.corpora.sc_comics import scoring_label
from scmine.corpora.types import GoldPassage, Paper
from scmine.extractors.claim import Mention
from scmine.extractors.document import Passage
from scmine.extractors.link_features import PassageView
from scmine.extractors.relation_features import Choices, Rule
from scmine.extractors.relations import DOPANT, SITE, DopingEvent

Triple = tuple[str, int, int]  # label, head, tail


@dataclass(frozen=True)
class RelatedPassage:
    """An abstract with gold mentions, what holds between them, and its doping events."""

    passage: Passage
    mentions: tuple[Mention, ...]
    triples: frozenset[Triple]
    events: frozenset[DopingEvent]


def related_passages(paper: Paper) -> list[RelatedPassage]:
    """The passages of a paper; what runs from one passage to another is left out."""
    triples: list[set[Triple]] = [set() for _ in paper.passages]
    events: list[set[DopingEvent]] = [set() for _ in paper.passages]
    for link in paper.links:
        if link.head[0] == link.tail[0]:
            triples[link.head[0]].add((link.label, link.head[1], link.tail[1]))
    for event in paper.events:
        at, trigger = event.trigger
        roles = [(role, place[1]) for role, place in event.arguments if place[0] == at]
        triples[at].update((role, trigger, argument) for role, argument in roles)
        ends = dict(roles)
        events[at].add(DopingEvent(trigger, ends.get(DOPANT), ends.get(SITE)))
    return [
        RelatedPassage(as_passage(p), _mentions(p), frozenset(t), frozenset(e))
        for p, t, e in zip(paper.passages, triples, events, strict=True)
    ]


def without_main(related: RelatedPassage) -> RelatedPassage:
    """The same with main materials labelled as any other, as some taggers give them."""
    mentions = tuple(replace(m, label=scoring_label(m.label)) for m in related.mentions)
    return replace(related, mentions=mentions)


def relation_examples(related: Iterable[RelatedPassage], rule: Rule) -> list[Example]:
    """One example a chooser that has anything to choose."""
    found = []
    for one in related:
        choices = Choices(PassageView(one.passage, one.mentions), rule)
        for chooser in choices.choosers:
            ends = [(chooser.index, choice.index) for choice in choices.of(chooser)]
            if not ends:
                continue
            pairs = ends if rule.chooser_is_head else [end[::-1] for end in ends]
            right = [(rule.label, *pair) in one.triples for pair in pairs]
            shares = np.array([*right, not any(right)], dtype=np.float32)
            found.append(Example(choices.rows(chooser), shares / shares.sum()))
    return found


def _mentions(gold: GoldPassage) -> tuple[Mention, ...]:
    return tuple(Mention(m.start, m.end, m.label, gold.surface(m)) for m in gold.mentions)
