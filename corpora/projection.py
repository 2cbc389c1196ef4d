"""Brings gold mentions onto the text of the same paper as our own reader gives it.

SuperMat's text was read by GROBID's early releases; a score on it says little about text from our
reader. Where a passage of the gold stands in our text is found by ``alignment``. A mention that
cannot be followed there is counted as lost, and the place where it should be is not scored.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from scmine.corpora.alignment import NOWHERE, Pieces, Skeleton, skeleton
from scmine.corpora.loading import SUPERMAT
from scmine.corpora.scored import (
    ScoredPaper,
    ScoredPassage,
    Triple,
    as_mention,
    gold_links,
)
from scmine.corpora.types import GoldPassage, Paper, Place, Span
from scmine.extractors.claim import Mention
from scmine.extractors.document import Document

PASSAGE_LOST, CHARACTERS_LOST = "passage not found", "characters not found"
_LEAST_PASSAGE = 0.5  # share of a passage's characters to be found
_LEAST_MENTION = 0.7  # share of a mention's characters to be found
_MOST_LONGER = 1.4  # how much longer than in the gold a mention may be


@dataclass(slots=True)
class ProjectionReport:
    """How much of the gold could be brought onto our text.

    ``unread`` holds the papers without a usable PDF, with the reason. Mentions are counted by
    label, lost ones by reason. What the gold repeats (a few files hold paragraphs twice) counts
    here each time, and once where it is scored.
    """

    papers: int = 0
    unread: dict[str, str] = field(default_factory=dict)
    mentions: Counter[str] = field(default_factory=Counter)
    projected: Counter[str] = field(default_factory=Counter)
    lost: Counter[str] = field(default_factory=Counter)
    links: int = 0
    projected_links: int = 0

    def to_json(self) -> dict[str, Any]:
        """The counts as plain data."""
        return {
            "papers": self.papers,
            "papers_unread": dict(self.unread),
            "mentions": dict(sorted(self.mentions.items())),
            "mentions_projected": dict(sorted(self.projected.items())),
            "mentions_lost": dict(sorted(self.lost.items())),
            "links": self.links,
            "links_projected": self.projected_links,
        }


def project(paper: Paper, document: Document, report: ProjectionReport) -> ScoredPaper:
    """The gold of ``paper`` on the passages of ``document``; ``report`` is counted up.

    Only passages that hold a part of the gold's text are given, and only that part is scored.
    """
    stream = _Stream([skeleton(p.text) for p in document.passages])
    placed: dict[Place, tuple[int, Mention]] = {}
    covered: set[int] = set()
    for i, gold in enumerate(paper.passages):
        placed.update(_project_passage(i, gold, stream, document, covered, report))
    report.papers += 1
    return _scored_paper(paper, document, stream, placed, covered, report)


class _Stream:
    """The passages of a document as one text of comparable characters."""

    def __init__(self, passages: Sequence[Skeleton]) -> None:
        self.pieces = Pieces("".join(p.text for p in passages))
        self.at = [(i, at) for i, p in enumerate(passages) for at in p.at]

    def span(self, first: int, last: int) -> tuple[int, int, int] | None:
        """(passage, start, end) of the characters from ``first`` to ``last``; None if in two."""
        (passage, start), (other, end) = self.at[first], self.at[last]
        return (passage, start, end + 1) if passage == other else None


def _project_passage(
    number: int,
    gold: GoldPassage,
    stream: _Stream,
    document: Document,
    covered: set[int],
    report: ProjectionReport,
) -> dict[Place, tuple[int, Mention]]:
    """The mentions of one passage by their place in the gold; ``covered`` gets its characters."""
    bones = skeleton(gold.text)
    places = stream.pieces.align(bones.text)
    found = [p for p in places if p != NOWHERE]
    report.mentions.update(str(m.label) for m in gold.mentions)
    if len(found) < _LEAST_PASSAGE * max(1, len(places)):
        report.lost[PASSAGE_LOST] += len(gold.mentions)
        return {}
    covered.update(found)
    projected: dict[Place, tuple[int, Mention]] = {}
    for j, mention in enumerate(gold.mentions):
        first, last = bisect_left(bones.at, mention.start), bisect_left(bones.at, mention.end)
        inside = places[first:last]
        span = _projected_span(inside, stream)
        if span is None:
            report.lost[CHARACTERS_LOST] += 1
            covered.difference_update(inside)  # what a tagger finds there can be right
            continue
        passage, start, end = span
        report.projected[str(mention.label)] += 1
        text = document.passages[passage].text
        projected[number, j] = passage, as_mention(SUPERMAT, text, start, end, mention.label)
    return projected


def _projected_span(places: Sequence[int], stream: _Stream) -> tuple[int, int, int] | None:
    """Where a mention stands, given the places of its characters; None if that is not clear."""
    found = [p for p in places if p != NOWHERE]
    if not found or len(found) < _LEAST_MENTION * len(places):
        return None
    if NOWHERE in (places[0], places[-1]) or found[-1] - found[0] >= _MOST_LONGER * len(places) + 1:
        return None
    return stream.span(found[0], found[-1])


def _scored_paper(
    paper: Paper,
    document: Document,
    stream: _Stream,
    placed: Mapping[Place, tuple[int, Mention]],
    covered: set[int],
    report: ProjectionReport,
) -> ScoredPaper:
    mentions: list[list[Mention]] = [[] for _ in document.passages]
    for passage, mention in sorted(placed.values(), key=lambda p: (p[0], p[1].start, p[1].end)):
        if mention not in mentions[passage]:  # two passages of the gold may be one of ours
            mentions[passage].append(mention)
    links: list[set[Triple]] = [set() for _ in document.passages]
    unscored: Counter[str] = Counter()
    for label, head, tail in gold_links(SUPERMAT, paper):
        report.links += 1
        first, second = placed.get(head), placed.get(tail)
        if first is None or second is None or first[0] != second[0]:
            unscored[label] += 1
            continue
        report.projected_links += 1
        held = mentions[first[0]]
        links[first[0]].add((label, held.index(first[1]), held.index(second[1])))
    inside = _stretches(stream, covered)
    passages = [
        ScoredPassage(passage, tuple(mentions[i]), frozenset(links[i]), tuple(inside[i]))
        for i, passage in enumerate(document.passages)
        if i in inside
    ]
    return ScoredPaper(paper.stem, tuple(passages), unscored)


def _stretches(stream: _Stream, covered: set[int]) -> dict[int, list[Span]]:
    """The covered characters of each passage as spans; neighbours take in what lies between."""
    spans: dict[int, list[Span]] = {}
    last = NOWHERE
    for place in sorted(covered):
        passage, at = stream.at[place]
        known = spans.setdefault(passage, [])
        if known and place == last + 1:
            known[-1] = known[-1][0], at + 1
        else:
            known.append((at, at + 1))
        last = place
    return spans
