"""What it takes to turn one annotation into another, and an annotator who does so towards the gold.

An edit adds or removes a mention, gives it another label, moves its bounds, adds or removes a link.
A mention that shares no character with what it should be is removed and another added. Links go
with their mentions: who removes a mention need not remove its links. Where annotations come from
lives in ``annotation_model``.
"""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields

import numpy as np
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import maximum_bipartite_matching

from scmine.corpora.evaluate import LabelledSpan

LinkEnds = tuple[str, int, int]  # label, index of the value, index of what it is linked with


@dataclass(frozen=True, slots=True)
class Annotation:
    """Mentions (start, end, label), each once, and links between them by their index."""

    mentions: tuple[LabelledSpan, ...] = ()
    links: frozenset[LinkEnds] = frozenset()

    def __len__(self) -> int:
        return len(self.mentions) + len(self.links)


@dataclass(frozen=True, slots=True)
class Edits:
    """How many edits of each kind."""

    added: int = 0
    removed: int = 0
    relabelled: int = 0
    moved: int = 0
    linked: int = 0
    unlinked: int = 0

    @property
    def total(self) -> int:
        """All edits."""
        return sum(getattr(self, f.name) for f in fields(self))

    def __add__(self, other: Edits) -> Edits:
        return Edits(*(getattr(self, f.name) + getattr(other, f.name) for f in fields(self)))


def same_mentions(before: Sequence[LabelledSpan], after: Sequence[LabelledSpan]) -> dict[int, int]:
    """Which mention becomes which, by index, so that the fewest edits are needed.

    One becomes another if they are alike, have the same bounds, or overlap under one label. To
    keep what is alike is never worse: it saves two edits, any other pair one.

    >>> same_mentions([(0, 4, "material"), (8, 10, "tcValue")], [(8, 12, "tcValue")])
    {1: 0}
    """
    places = {mention: j for j, mention in enumerate(after)}
    found = {i: places[mention] for i, mention in enumerate(before) if mention in places}
    kept = set(found.values())
    left = [i for i in range(len(before)) if i not in found]
    right = [j for j in range(len(after)) if j not in kept]
    if left and right:
        fits = np.array([[_becomes(before[i], after[j]) for j in right] for i in left])
        match = maximum_bipartite_matching(csr_matrix(fits), perm_type="column")
        found |= {i: right[j] for i, j in zip(left, match, strict=True) if j >= 0}
    return found


def _becomes(one: LabelledSpan, other: LabelledSpan) -> bool:
    return one[:2] == other[:2] or (one[2] == other[2] and one[0] < other[1] and other[0] < one[1])


def edits(before: Annotation, after: Annotation) -> Edits:
    """The edits that turn ``before`` into ``after``: of mentions the fewest that can do it.

    >>> gold = Annotation(((0, 4, "material"), (8, 12, "tcValue")), frozenset({("link", 1, 0)}))
    >>> edits(Annotation(((0, 4, "class"), (8, 10, "tcValue"))), gold)
    Edits(added=0, removed=0, relabelled=1, moved=1, linked=1, unlinked=0)
    """
    same = same_mentions(before.mentions, after.mentions)
    changed = [(before.mentions[i], after.mentions[j]) for i, j in same.items()]
    moved = sum(one[:2] != other[:2] for one, other in changed)
    relabelled = sum(one[2] != other[2] for one, other in changed)
    surviving = _followed(before.links, same)
    return Edits(
        added=len(after.mentions) - len(same),
        removed=len(before.mentions) - len(same),
        relabelled=relabelled,
        moved=moved,
        linked=len(after.links - surviving),
        unlinked=len(surviving - after.links),
    )


def _followed(links: frozenset[LinkEnds], same: Mapping[int, int]) -> frozenset[LinkEnds]:
    """The links whose mentions both go on, by their new indices."""
    return frozenset(
        (label, same[value], same[target])
        for label, value, target in links
        if value in same and target in same
    )


def corrected(
    before: Annotation, gold: Annotation, miss: float = 0.0, rng: random.Random | None = None
) -> Annotation:
    """What an annotator makes of ``before`` who overlooks each edit with probability ``miss``.

    One who overlooks nothing gives the gold. A wrong mention that is overlooked goes all the same
    if a right one is drawn across it.

    Raises
    ------
    ValueError
        If something is to be overlooked and ``rng`` is missing.
    """
    if not miss:
        return gold
    if rng is None:
        raise ValueError("an annotator who overlooks edits needs a generator of random numbers")
    same = same_mentions(before.mentions, gold.mentions)
    origin = {j: i for i, j in same.items()}
    drawn: dict[LabelledSpan, int | None] = {}  # what stands in the end; its index in the gold
    for j, mention in enumerate(gold.mentions):
        old = before.mentions[origin[j]] if j in origin else None
        if old == mention or rng.random() >= miss:
            drawn[mention] = j
        elif old is not None:
            drawn[old] = j
    for i, mention in enumerate(before.mentions):
        if i not in same and rng.random() < miss and not _crossed(mention, drawn):
            drawn[mention] = None
    mentions = tuple(sorted(drawn))
    now = {j: at for at, m in enumerate(mentions) if (j := drawn[m]) is not None}
    proposed = _followed(before.links, same)
    links = set()
    for link in sorted(proposed | gold.links):
        overlooked = rng.random() < miss and link not in proposed & gold.links
        if (link in gold.links) != overlooked and now.keys() >= set(link[1:]):
            links.add((link[0], now[link[1]], now[link[2]]))
    return Annotation(mentions, frozenset(links))


def _crossed(mention: LabelledSpan, drawn: Mapping[LabelledSpan, int | None]) -> bool:
    return any(mention[0] < end and start < mention[1] for start, end, _ in drawn)
