"""What a tagger and a linker make of gold passages: mentions found, and links between both kinds.

The gold's form lives in ``scored``; what is right about the prediction, in ``evaluation``.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from scmine.corpora.scored import ScoredPaper, ScoredPassage, Triple
from scmine.extractors.claim import Linker, Mention, Tagger
from scmine.extractors.document import Passage

_SEED = 0


@dataclass(frozen=True, slots=True)
class TaggedPassage:
    """A gold passage and what was found in the stretches that are scored.

    ``links_given`` are links found between the gold mentions, by their indices; ``links_found``
    are those between the mentions ``found``.
    """

    gold: ScoredPassage
    found: tuple[Mention, ...]
    links_given: frozenset[Triple]
    links_found: frozenset[Triple]


@dataclass(frozen=True, slots=True)
class TaggedPaper:
    """The passages of a paper with what was found in them."""

    stem: str
    passages: tuple[TaggedPassage, ...]


def predict(papers: Iterable[ScoredPaper], tagger: Tagger, linker: Linker) -> Iterator[TaggedPaper]:
    """Tag and link each paper."""
    rng = random.Random(_SEED)
    for paper in papers:
        mentions = tagger.tag([p.passage for p in paper.passages])
        passages = [
            _tagged(gold, found, linker, rng)
            for gold, found in zip(paper.passages, mentions, strict=True)
        ]
        yield TaggedPaper(paper.stem, tuple(passages))


def _tagged(
    gold: ScoredPassage, found: Sequence[Mention], linker: Linker, rng: random.Random
) -> TaggedPassage:
    # The order of gold mentions is shuffled, because it says which belong together.
    order = rng.sample(range(len(gold.mentions)), len(gold.mentions))
    given = _links(linker, gold.passage, [gold.mentions[i] for i in order])
    kept = {old: new for new, old in enumerate(i for i, m in enumerate(found) if gold.is_inside(m))}
    links = _links(linker, gold.passage, found)
    return TaggedPassage(
        gold,
        tuple(found[i] for i in kept),
        frozenset((label, order[head], order[tail]) for label, head, tail in given),
        frozenset(
            (label, kept[head], kept[tail])
            for label, head, tail in links
            if head in kept and tail in kept
        ),
    )


def _links(linker: Linker, passage: Passage, mentions: Sequence[Mention]) -> list[Triple]:
    return [(str(k.label), k.head, k.tail) for k in linker.link(passage, mentions)]
