"""Tagging: the taggers in use put together, their mentions merged into one list a passage."""

from __future__ import annotations

from collections.abc import Sequence

from scmine.extractors.claim import Label, Mention, Tagger
from scmine.extractors.document import Passage
from scmine.extractors.rule_tagger import RuleTagger
from scmine.extractors.spacy_tagger import SpacyTagger


class CombinedTagger:
    """Several taggers one after the other; where two disagree, the earlier one is believed."""

    name = "combined"

    def __init__(self, taggers: Sequence[Tagger]) -> None:
        self.taggers = tuple(taggers)

    def tag(self, passages: Sequence[Passage]) -> list[list[Mention]]:
        """The merged mentions of each passage, in order of ``start``."""
        merged: list[list[Mention]] = [[] for _ in passages]
        for tagger in self.taggers:
            for mentions, found in zip(merged, tagger.tag(passages), strict=True):
                mentions += [m for m in found if not any(_clash(m, k) for k in mentions)]
        return [sorted(mentions, key=lambda m: (m.start, m.end)) for mentions in merged]


def _clash(a: Mention, b: Mention) -> bool:
    """Whether two mentions overlap and cannot both hold."""
    if a.start >= b.end or b.start >= a.end:
        return False
    # A space group may stand inside a material's name ("Fm-3m LaH10"); numbers may not be shared.
    return Label.SPACE_GROUP not in (a.label, b.label) or a.label == b.label


def default_tagger() -> CombinedTagger:
    """The taggers that ``scmine ingest`` uses: the trained model, then the rules."""
    return CombinedTagger([SpacyTagger(), RuleTagger()])
