"""Gold in the form in which it is scored: the same for both corpora, and for text from PDFs.

Mentions and passages are those of the extractors, links are by label and direction as linkers give
them. What taggers make of it lives in ``predict``.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from scmine.corpora.gold_passage import as_passage
from scmine.corpora.loading import SUPERMAT
from scmine.corpora.respace import reading_form
from scmine.corpora.types import GoldPassage, Paper, Place, Span
from scmine.extractors.claim import Label, LinkLabel, Mention
from scmine.extractors.document import Passage
from scmine.extractors.tidy import tidy

Triple = tuple[str, int, int]
"""A link: its label and the indices of head and tail among the mentions of the passage."""
LabelledSpan = tuple[int, int, str]

ROLES = ("Dopant", "Site")
"""What takes part in a doping event."""

_LABEL_OF_ENDS = {
    (Label.MATERIAL, Label.TC_VALUE): LinkLabel.MATERIAL_TC,
    (Label.TC_VALUE, Label.PRESSURE): LinkLabel.TC_PRESSURE,
    (Label.TC_VALUE, Label.ME_METHOD): LinkLabel.TC_METHOD,
}


@dataclass(frozen=True, slots=True)
class ScoredPassage:
    """A passage with gold mentions and links; ``inside`` are the stretches that are scored.

    Without ``inside`` all of the passage is.
    """

    passage: Passage
    mentions: tuple[Mention, ...]
    links: frozenset[Triple] = frozenset()
    inside: tuple[Span, ...] | None = None

    @property
    def text(self) -> str:
        """The passage's text."""
        return self.passage.text

    def is_inside(self, mention: Mention) -> bool:
        """Whether most of a mention lies in the stretches that are scored."""
        if self.inside is None:
            return True
        covered = sum(
            max(0, min(end, mention.end) - max(start, mention.start)) for start, end in self.inside
        )
        return 2 * covered > mention.end - mention.start


@dataclass(frozen=True, slots=True)
class ScoredPaper:
    """The passages of a paper; ``unscored`` counts the links, by label, that none of them holds."""

    stem: str
    passages: tuple[ScoredPassage, ...]
    unscored: Counter[str] = field(default_factory=Counter)


def scored_paper(corpus: str, paper: Paper, words: Counter[str] | None = None) -> ScoredPaper:
    """``paper`` as it is scored, closed up as our reader gives it if ``words`` are given.

    ``words`` is the ``vocabulary`` that ``reading_form`` wants. Links from one passage to another
    are counted as ``unscored``; links between mentions that no linker joins are left out.
    """
    links: list[set[Triple]] = [set() for _ in paper.passages]
    unscored: Counter[str] = Counter()
    for label, head, tail in gold_links(corpus, paper):
        if head[0] == tail[0]:
            links[head[0]].add((label, head[1], tail[1]))
        else:
            unscored[label] += 1
    passages = [
        _scored(corpus, gold, found, words)
        for gold, found in zip(paper.passages, links, strict=True)
        if gold.text
    ]
    return ScoredPaper(paper.stem, tuple(passages), unscored)


def gold_links(corpus: str, paper: Paper) -> list[tuple[str, Place, Place]]:
    """The links of a paper as (label, head, tail), the arguments of its events among them.

    SuperMat: from material to Tc value, and from Tc value to pressure and method. SC-CoMIcs:
    relations as they are, and from an event's trigger to each argument, labelled by its role.
    """
    if corpus != SUPERMAT:
        relations = [(link.label, link.head, link.tail) for link in paper.links]
        roles = [
            (role.rstrip("0123456789"), event.trigger, at)
            for event in paper.events
            for role, at in event.arguments
        ]
        return relations + roles
    found = []
    for link in paper.links:
        for head, tail in ((link.head, link.tail), (link.tail, link.head)):
            ends = Label(paper.mention(head).label), Label(paper.mention(tail).label)
            if ends in _LABEL_OF_ENDS:
                found.append((str(_LABEL_OF_ENDS[ends]), head, tail))
    return found


def labelled_spans(text: str, mentions: Sequence[Mention]) -> list[LabelledSpan]:
    """Mentions as they are compared: tidied bounds and label."""
    return [(*tidy(text, m.start, m.end), str(m.label)) for m in mentions]


def as_mention(corpus: str, text: str, start: int, end: int, label: str) -> Mention:
    """A gold mention as the extractors have it."""
    known = Label(label) if corpus == SUPERMAT else label
    return Mention(start, end, known, text[start:end], extractor="gold")


def _scored(
    corpus: str, gold: GoldPassage, links: set[Triple], words: Counter[str] | None
) -> ScoredPassage:
    if words is not None:
        gold, links = _closed_up(gold, links, words)
    passage = as_passage(gold)
    mentions = (as_mention(corpus, gold.text, m.start, m.end, m.label) for m in gold.mentions)
    return ScoredPassage(passage, tuple(mentions), frozenset(links))


def _closed_up(
    gold: GoldPassage, links: set[Triple], words: Counter[str]
) -> tuple[GoldPassage, set[Triple]]:
    """The passage in reading form; a mention that vanishes there takes its links along."""
    numbered = (replace(m, ident=str(i)) for i, m in enumerate(gold.mentions))
    closed = reading_form(replace(gold, mentions=tuple(numbered)), words)
    place = {int(m.ident): new for new, m in enumerate(closed.mentions)}
    kept = {(k, place[h], place[t]) for k, h, t in links if h in place and t in place}
    return closed, kept
