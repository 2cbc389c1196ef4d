"""Counts what a corpus holds, as a whole and by the parts of its split.

Pure functions of loaded papers. Reading them is ``loading``'s affair, printing the command line's.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from scmine.corpora.splits import split_corpus
from scmine.corpora.types import Corpus, GoldPassage, Paper

WHOLE = "all"


@dataclass(frozen=True, slots=True)
class MentionStatistics:
    """Mentions of one label; ``passage_share`` is the share (0 to 1) of passages with one."""

    count: int
    distinct: int  # different strings
    passage_share: float


@dataclass(frozen=True, slots=True)
class LinkStatistics:
    """Links of one label: with both ends in one passage, and from one passage to another."""

    within: int
    across: int


@dataclass(frozen=True, slots=True)
class EventStatistics:
    """Events of one label, and how many arguments they have in each role."""

    count: int
    roles: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class PartStatistics:
    """Counts of some papers; the mappings go by label, in alphabetical order.

    ``link_ends`` are links by label and by the labels of head and tail. A word is a run of
    characters between blanks.
    """

    papers: int
    passages: int
    words: int
    mentions: Mapping[str, MentionStatistics]
    links: Mapping[str, LinkStatistics]
    link_ends: Mapping[tuple[str, str, str], LinkStatistics]
    events: Mapping[str, EventStatistics]


class Row(NamedTuple):
    """One line of a table; a column that says nothing about ``what`` is ``None``.

    ``what`` is ``papers``, ``passages``, ``words``, ``mention``, ``link``, ``link ends``,
    ``event`` or ``role``. Of ``total`` links, ``across`` run between passages.
    """

    part: str
    what: str
    label: str
    total: int
    distinct: int | None = None
    passage_share: float | None = None
    across: int | None = None


@dataclass(frozen=True, slots=True)
class Statistics:
    """Counts of a corpus by part: ``all``, then ``train``, ``dev`` and, if there are any, others.

    ``other`` are the papers held back.
    """

    corpus: str
    parts: Mapping[str, PartStatistics]

    def rows(self) -> list[Row]:
        """Everything as lines of one table, part by part."""
        return [row for name, part in self.parts.items() for row in _rows(name, part)]


def corpus_statistics(corpus: Corpus) -> Statistics:
    """Counts of the whole corpus and of each part of its split that has papers.

    Raises
    ------
    ValueError
        If the corpus is none we have a split for.
    """
    parts = {WHOLE: part_statistics(corpus.papers)}
    for name, papers in split_corpus(corpus.name, corpus.papers)._asdict().items():
        if papers:
            parts[name] = part_statistics(papers)
    return Statistics(corpus.name, parts)


def part_statistics(papers: Sequence[Paper]) -> PartStatistics:
    """Counts of some papers."""
    passages = [passage for paper in papers for passage in paper.passages]
    by_label, by_ends = _links(papers)
    return PartStatistics(
        papers=len(papers),
        passages=len(passages),
        words=sum(len(passage.text.split()) for passage in passages),
        mentions=_mentions(passages),
        links=by_label,
        link_ends=by_ends,
        events=_events(papers),
    )


def _mentions(passages: Sequence[GoldPassage]) -> dict[str, MentionStatistics]:
    counts: Counter[str] = Counter()
    having: Counter[str] = Counter()
    strings: dict[str, set[str]] = {}
    for passage in passages:
        labels = [str(mention.label) for mention in passage.mentions]
        counts.update(labels)
        having.update(set(labels))
        for label, mention in zip(labels, passage.mentions, strict=True):
            strings.setdefault(label, set()).add(passage.surface(mention))
    return {
        label: MentionStatistics(count, len(strings[label]), having[label] / len(passages))
        for label, count in sorted(counts.items())
    }


def _links(
    papers: Sequence[Paper],
) -> tuple[dict[str, LinkStatistics], dict[tuple[str, str, str], LinkStatistics]]:
    within: Counter[tuple[str, str, str]] = Counter()
    across: Counter[tuple[str, str, str]] = Counter()
    for paper in papers:
        for link in paper.links:
            head, tail = (str(paper.mention(at).label) for at in (link.head, link.tail))
            counts = within if link.head[0] == link.tail[0] else across
            counts[link.label, head, tail] += 1
    ends = sorted({*within, *across})
    by_ends = {key: LinkStatistics(within[key], across[key]) for key in ends}
    by_label = {
        label: LinkStatistics(
            sum(within[key] for key in ends if key[0] == label),
            sum(across[key] for key in ends if key[0] == label),
        )
        for label in sorted({key[0] for key in ends})
    }
    return by_label, by_ends


def _events(papers: Sequence[Paper]) -> dict[str, EventStatistics]:
    counts: Counter[str] = Counter()
    roles: dict[str, Counter[str]] = {}
    for paper in papers:
        for event in paper.events:
            counts[event.label] += 1
            names = (role.rstrip("0123456789") for role, _ in event.arguments)
            roles.setdefault(event.label, Counter()).update(names)
    return {
        label: EventStatistics(count, dict(sorted(roles[label].items())))
        for label, count in sorted(counts.items())
    }


def _rows(name: str, part: PartStatistics) -> Iterator[Row]:
    for what, count in (
        ("papers", part.papers),
        ("passages", part.passages),
        ("words", part.words),
    ):
        yield Row(name, what, "", count)
    for label, mention in part.mentions.items():
        distinct, share = mention.distinct, mention.passage_share
        yield Row(name, "mention", label, mention.count, distinct, share)
    for label, link in part.links.items():
        yield Row(name, "link", label, link.within + link.across, across=link.across)
    for (label, head, tail), link in part.link_ends.items():
        count = link.within + link.across
        yield Row(name, "link ends", f"{label}: {head}, {tail}", count, across=link.across)
    for label, event in part.events.items():
        yield Row(name, "event", label, event.count)
        for role, count in event.roles.items():
            yield Row(name, "role", f"{label}: {role}", count)
