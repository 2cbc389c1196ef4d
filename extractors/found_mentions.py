"""Mentions of one passage as claims need them: by label, by sentence, by link.

Also how used mentions become a claim with its sentence and boxes. Which mentions make a claim is
settled in ``tc_claims``, ``electron_phonon_claims`` and ``crystal_claims``.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from scmine.extractors.claim import Claim, Label, Link, LinkLabel, Mention, Place
from scmine.extractors.cues import cues
from scmine.extractors.document import Box, Passage, PassageKind
from scmine.extractors.link_decisions import Decisions
from scmine.extractors.other_pressures import SYNTHESIS, other_pressure
from scmine.extractors.quantities import parse_quantity
from scmine.extractors.words_around import WORDS_AFTER

PRESSURE_WORDS_REACH = 200
"""Characters before a pressure in which words may say what it is."""


class FoundMentions:
    """Mentions and links of one passage, indexed; without what is no material, no pressure on a
    sample, and unlikely links.

    ``of`` gives the indices of the mentions with a label; ``links`` are those that make claims.
    """

    def __init__(
        self,
        passage: Passage,
        mentions: Sequence[Mention],
        links: Sequence[Link],
        own: str | None = None,
    ) -> None:
        self.passage = passage
        self.mentions = mentions
        self._sentences = [passage.sentence_at(mention.start) for mention in mentions]
        self._of: dict[str, list[int]] = {}
        self._pressure_kinds: dict[int, str | None] = {}
        for i, mention in enumerate(mentions):
            if mention.label is Label.PRESSURE:
                self._pressure_kinds[i] = _pressure_kind(passage, mention)
            if self._counts(i):
                self._of.setdefault(mention.label, []).append(i)
        materials, pressures = set(self.of(Label.MATERIAL)), set(self.of(Label.PRESSURE))
        self.links = [
            link
            for link in Decisions(passage, mentions, links, materials, own).links()
            if link.label is not LinkLabel.TC_PRESSURE or link.tail in pressures
        ]
        self._tails: dict[tuple[int, str], list[int]] = {}
        for link in sorted(self.links, key=lambda k: -k.score):
            self._tails.setdefault((link.head, link.label), []).append(link.tail)

    def _counts(self, i: int) -> bool:
        """Whether mention ``i`` is what its label says: a material, or a pressure on a sample."""
        mention = self.mentions[i]
        if mention.label is Label.MATERIAL:
            return not _is_no_material(self.passage, mention)
        return self._pressure_kinds.get(i) in (None, SYNTHESIS)

    def pressure_kind(self, i: int) -> str | None:
        """``synthesis`` for a pressure under which a sample was made; None for an applied one."""
        return self._pressure_kinds.get(i)

    def of(self, label: Label) -> list[int]:
        """The indices of the mentions with ``label``."""
        return self._of.get(label, [])

    def inside(self, label: Label, sentence: tuple[int, int]) -> list[int]:
        """The indices of the mentions with ``label`` that begin in ``sentence``."""
        low, high = sentence
        return [i for i in self.of(label) if low <= self.mentions[i].start < high]

    def tails(self, head: int, label: LinkLabel) -> list[int]:
        """What mention ``head`` is linked to, the likeliest first."""
        return self._tails.get((head, label), [])

    def sentence(self, i: int) -> tuple[int, int]:
        """The (start, end) of the sentence in which mention ``i`` begins."""
        return self._sentences[i]

    def before(self, i: int, reach: int) -> str:
        """At most ``reach`` characters before mention ``i``, from its own sentence."""
        start = self.mentions[i].start
        return self.passage.text[max(self.sentence(i)[0], start - reach) : start]

    def boxes(self, i: int) -> tuple[Box, ...]:
        """Where mention ``i`` stands."""
        return self.passage.boxes(self.mentions[i].start, self.mentions[i].end)

    def cites(self, sentences: Iterable[tuple[int, int]]) -> bool:
        """Whether a citation mark stands in one of ``sentences``."""
        return any(s <= c.offset <= e for c in self.passage.citations for s, e in sentences)


def _is_no_material(passage: Passage, mention: Mention) -> bool:
    """Whether a mention names a structure type, a substrate, a plane or another quantity."""
    patterns = cues()["not_material"]
    before = passage.text[max(0, mention.start - 40) : mention.start]
    after = passage.text[mention.end : mention.end + 20]
    return any(
        (
            patterns["before"].search(before),
            patterns["text"].search(mention.text),
            patterns["companion"].search(mention.text),
            patterns["after"].search(after),
            patterns["value"].search(after),
        )
    )


def _pressure_kind(passage: Passage, mention: Mention) -> str | None:
    """What kind of pressure a mention is by the words around it; None if it may be applied."""
    low, high = passage.sentence_at(mention.start)
    if parse_quantity(mention.text, "pressure") is None:
        return "unreadable"
    low = max(low, mention.start - PRESSURE_WORDS_REACH)
    before = passage.text[low : mention.start]
    return other_pressure(before, mention.text, passage.text[mention.end : high][:WORDS_AFTER])


def claim_of(
    found: FoundMentions,
    used: Sequence[int],
    values: dict[str, str],
    score: float,
    hints: dict[str, str] | None = None,
) -> Claim:
    """The claim that mentions make, with its sentences and boxes.

    ``used`` are the indices of the mentions: that of the material, then that of the value that the
    claim's place is; ``values`` are what they state.
    """
    passage = found.passage
    material = found.mentions[used[0]]
    at = used[1] if len(used) > 1 else used[0]
    anchor, anchor_boxes = found.mentions[at], found.boxes(at)
    sentences = sorted({found.sentence(i) for i in used})
    return Claim(
        material=material.text,
        values=values,
        source="caption" if passage.kind is PassageKind.CAPTION else "text",
        section=passage.section,
        sentence=quoted(passage.text, sentences),
        page=anchor_boxes[0].page if anchor_boxes else passage.page,
        boxes=tuple(box for i in used for box in found.boxes(i)),
        extractor=anchor.extractor,
        confidence=round(min(1.0, score), 3),
        hints={
            **{key: text for key, text in (hints or {}).items() if text},
            "cites": "yes" if found.cites(sentences) else "",
            "before": passage.text[max(0, material.start - 600) : anchor.end],
        },
        place=Place(passage, anchor.start, anchor.end),
    )


def quoted(text: str, sentences: Sequence[tuple[int, int]]) -> str:
    """The sentences as one string; where others stand between them, a mark says so."""
    quoted = ""
    last = 0
    for start, end in sentences:
        if quoted:
            quoted += " " if not text[last:start].strip() else " […] "
        quoted += text[start:end]
        last = end
    return quoted


def only_material(found: FoundMentions, sentence: tuple[int, int]) -> int | None:
    """The one material named in ``sentence``; else the last one named before it in the passage."""
    inside = found.inside(Label.MATERIAL, sentence)
    names = {found.mentions[i].text for i in inside}
    if len(names) == 1:
        return inside[0]
    if names:
        return None
    before = [i for i in found.of(Label.MATERIAL) if found.mentions[i].start < sentence[0]]
    if len({found.mentions[i].text for i in before}) == 1:
        return before[-1]
    return None
