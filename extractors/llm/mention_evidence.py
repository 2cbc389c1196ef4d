"""Evidence for mentions and links: where the words that an answer names stand in their passage."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from scmine.extractors.claim import Label, Link, LinkLabel, Mention
from scmine.extractors.document import Passage
from scmine.extractors.llm.answers import LinksAnswer, MentionItem, MentionsAnswer
from scmine.extractors.llm.drops import Drop, Dropped
from scmine.extractors.llm.quotes import find_quote, find_words
from scmine.extractors.llm.request import Task

MENTION_SCORE = 0.7
"""Score of a mention that a language model names, by judgement, not measured."""

LINK_SCORE = 0.7
"""The same of a link."""

_LINKS: dict[tuple[str, str], LinkLabel] = {
    (Label.MATERIAL, Label.TC_VALUE): LinkLabel.MATERIAL_TC,
    (Label.TC_VALUE, Label.PRESSURE): LinkLabel.TC_PRESSURE,
    (Label.TC_VALUE, Label.ME_METHOD): LinkLabel.TC_METHOD,
}


def check_mentions(
    answer: MentionsAnswer, passage: Passage, labels: Collection[str], extractor: str = "llm"
) -> tuple[list[Mention], list[Dropped]]:
    """The mentions of ``answer`` that stand in ``passage``, in order, and what was dropped.

    Where a text stands more than once in its quote, each answer that names it takes the next
    place. Mentions of one label do not overlap.
    """
    taken: list[Mention] = []
    dropped: list[Dropped] = []
    for item in answer.mentions:
        result = _place(item, passage, labels, taken)
        if isinstance(result, Drop):
            dropped.append(Dropped(result, Task.MENTIONS, item.label, item.text, item.quote))
        else:
            text = passage.text[result[0] : result[1]]
            taken.append(Mention(*result, item.label, text, MENTION_SCORE, extractor))
    return sorted(taken, key=lambda m: (m.start, m.end)), dropped


def _place(
    item: MentionItem, passage: Passage, labels: Collection[str], taken: Sequence[Mention]
) -> tuple[int, int] | Drop:
    if item.label not in labels:
        return Drop.UNKNOWN_NAME
    quotes = find_quote(passage.text, item.quote)
    if not quotes:
        return Drop.QUOTE_NOT_FOUND
    places = [p for start, end in quotes for p in find_words(passage.text, item.text, start, end)]
    if not places:
        return Drop.VALUE_NOT_IN_QUOTE
    for start, end in places:
        if not any(m.label == item.label and m.start < end and start < m.end for m in taken):
            return start, end
    return Drop.SEVERAL


def check_links(
    answer: LinksAnswer, passage: Passage, mentions: Sequence[Mention]
) -> tuple[list[Link], list[Dropped]]:
    """The links of ``answer`` between ``mentions`` (``m0`` is the first) whose quote holds them.

    A quote must reach both mentions or stand between them.
    """
    links: dict[tuple[int, int], Link] = {}
    dropped: list[Dropped] = []
    for item in answer.links:
        head, tail = _named(item.head, mentions), _named(item.tail, mentions)
        reason: Drop | None = None
        if head is None or tail is None or head == tail:
            reason = Drop.UNKNOWN_NAME
        else:
            if (mentions[head].label, mentions[tail].label) not in _LINKS:
                head, tail = tail, head
            label = _LINKS.get((mentions[head].label, mentions[tail].label))
            if label is None:
                reason = Drop.OTHER_QUANTITY
            else:
                reason = _reaches(passage, item.quote, mentions[head], mentions[tail])
                if reason is None:
                    links.setdefault((head, tail), Link(head, tail, label, LINK_SCORE))
        if reason is not None:
            dropped.append(
                Dropped(reason, Task.LINKS, "link", f"{item.head} {item.tail}", item.quote)
            )
    return sorted(links.values(), key=lambda k: (k.head, k.tail)), dropped


def _named(name: str, mentions: Sequence[Mention]) -> int | None:
    """The index of the mention called ``name``."""
    known = name[:1] == "m" and name[1:].isdecimal() and int(name[1:]) < len(mentions)
    return int(name[1:]) if known else None


def _reaches(passage: Passage, quote: str, head: Mention, tail: Mention) -> Drop | None:
    """Why a quote does not speak of two mentions; None if one of its places does."""
    places = find_quote(passage.text, quote)
    if not places:
        return Drop.QUOTE_NOT_FOUND
    low, high = min(head.start, tail.start), max(head.end, tail.end)
    for start, end in places:
        both = all(m.start < end and start < m.end for m in (head, tail))
        if both or (low <= start and end <= high):
            return None
    return Drop.NOT_SAID
