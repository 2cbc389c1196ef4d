"""The order of mentions, links and events that loaders give and writers accept in any form.

Who changes a paper may append a mention to its passage, whatever its place in the text: places of
other mentions then stay true. ``ordered`` sorts and moves the places along. What a format asks of
a paper beyond that lives with the format.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from scmine.corpora.types import GoldEvent, GoldLink, GoldMention, Paper, Place


def ordered(paper: Paper) -> Paper:
    """``paper`` with mentions in the order of the text, links by tail and head, events by trigger.

    Raises
    ------
    ValueError
        If a link or event names a mention or event that is not there, or if the place at which a
        link ends is not the trigger of the event it names.

    >>> from scmine.corpora.types import GoldPassage
    >>> mentions = (GoldMention(4, 8, "tcValue"), GoldMention(0, 3, "material"))
    >>> paper = ordered(Paper("p", (GoldPassage("title", "LaH 250K", mentions),),
    ...                       (GoldLink((0, 1), (0, 0)),)))
    >>> paper.links, [m.label for m in paper.passages[0].mentions]
    ((GoldLink(head=(0, 0), tail=(0, 1), ...),), ['material', 'tcValue'])
    """
    places: dict[Place, Place] = {}
    passages = []
    for i, passage in enumerate(paper.passages):
        ranks = sorted(range(len(passage.mentions)), key=lambda j: _rank(passage.mentions[j]))
        places.update({(i, old): (i, new) for new, old in enumerate(ranks)})
        passages.append(replace(passage, mentions=tuple(passage.mentions[j] for j in ranks)))
    try:
        events = [_moved_event(event, places) for event in paper.events]
        ranks = sorted(range(len(events)), key=lambda k: _event_rank(events[k]))
        indices = {old: new for new, old in enumerate(ranks)}
        links = [_moved_link(link, places, indices) for link in paper.links]
    except KeyError as error:
        raise ValueError(f"{paper.stem}: no mention or event at {error.args[0]}") from error
    sorted_events = tuple(events[k] for k in ranks)
    _check_ends(paper.stem, links, sorted_events)
    return replace(
        paper,
        passages=tuple(passages),
        links=tuple(sorted(links, key=_link_rank)),
        events=sorted_events,
    )


def _rank(mention: GoldMention) -> tuple[object, ...]:
    return mention.start, mention.end, mention.fragments, str(mention.label), mention.ident


def _event_rank(event: GoldEvent) -> tuple[object, ...]:
    return event.trigger, event.label, event.arguments, event.ident


def _link_rank(link: GoldLink) -> tuple[object, ...]:
    events = tuple(-1 if e is None else e for e in (link.tail_event, link.head_event))
    return link.tail, link.head, events, link.label, link.ident


def _moved_event(event: GoldEvent, places: Mapping[Place, Place]) -> GoldEvent:
    arguments = tuple((role, places[at]) for role, at in event.arguments)
    return replace(event, trigger=places[event.trigger], arguments=arguments)


def _moved_link(
    link: GoldLink, places: Mapping[Place, Place], indices: Mapping[int, int]
) -> GoldLink:
    head, tail = (None if e is None else indices[e] for e in (link.head_event, link.tail_event))
    return replace(
        link, head=places[link.head], tail=places[link.tail], head_event=head, tail_event=tail
    )


def _check_ends(stem: str, links: list[GoldLink], events: tuple[GoldEvent, ...]) -> None:
    for link in links:
        for at, event in ((link.head, link.head_event), (link.tail, link.tail_event)):
            if event is not None and events[event].trigger != at:
                raise ValueError(f"{stem}: a link ends at {at}, its event's trigger elsewhere")
