"""Bringing a paper in order keeps what it says."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scmine.corpora.ordering import ordered
from scmine.corpora.types import GoldEvent, GoldLink, GoldMention, GoldPassage, Paper

MENTIONS = (
    GoldMention(0, 2, "Element", "T3"),
    GoldMention(3, 9, "Doping", "T1"),
    GoldMention(3, 9, "Process", "T1"),
    GoldMention(10, 12, "SC", "T4"),
)
PAPER = Paper(
    "p",
    (GoldPassage("title", "x"), GoldPassage("abstract", "Sr doping Tc", MENTIONS)),
    (
        GoldLink((1, 3), (1, 0), "Condition", "R2"),
        GoldLink((1, 1), (1, 0), "Target", "R1", head_event=0),
        GoldLink((1, 0), (1, 1), "Target", "R3", tail_event=1),
    ),
    (GoldEvent("Doping", (1, 1), (), "E2"), GoldEvent("Doping", (1, 1), (("Site", (1, 0)),), "E1")),
)


def shuffled(seed: int) -> Paper:
    """``PAPER`` with mentions, links and events in another order and places to match."""
    rng = random.Random(seed)
    order, events = rng.sample(range(4), 4), rng.sample(range(2), 2)

    def at(place: tuple[int, int]) -> tuple[int, int]:
        return place[0], order.index(place[1])

    def event(index: int | None) -> int | None:
        return None if index is None else events.index(index)

    title, abstract = PAPER.passages
    links = [
        GoldLink(at(k.head), at(k.tail), k.label, k.ident, event(k.head_event), event(k.tail_event))
        for k in PAPER.links
    ]
    happenings = [
        GoldEvent(e.label, at(e.trigger), tuple((r, at(p)) for r, p in e.arguments), e.ident)
        for e in (PAPER.events[i] for i in events)
    ]
    mentions = tuple(MENTIONS[i] for i in order)
    passages = (title, GoldPassage(abstract.kind, abstract.text, mentions))
    return Paper("p", passages, tuple(rng.sample(links, 3)), tuple(happenings))


@given(st.integers())
def test_the_order_something_is_given_in_does_not_matter(seed: int) -> None:
    paper = ordered(shuffled(seed))
    assert paper == ordered(PAPER)
    assert ordered(paper) == paper
    assert {(k.ident, paper.mention(k.head)) for k in paper.links} == {
        (k.ident, PAPER.mention(k.head)) for k in PAPER.links
    }
    assert [paper.events[k.head_event].ident for k in paper.links if k.head_event is not None] == [
        "E2"
    ]


@pytest.mark.parametrize(
    ("links", "events", "reason"),
    [
        ((GoldLink((0, 0), (0, 5)),), (), r"no mention or event at \(0, 5\)"),
        ((GoldLink((0, 0), (0, 0), head_event=3),), (), "no mention or event at 3"),
        ((), (GoldEvent("Doping", (2, 0)),), r"no mention or event at \(2, 0\)"),
        (
            (GoldLink((0, 0), (0, 0), tail_event=0),),
            (GoldEvent("Doping", (0, 1)),),
            "its event's trigger elsewhere",
        ),
    ],
)
def test_places_that_are_not_there_are_named(
    links: tuple[GoldLink, ...], events: tuple[GoldEvent, ...], reason: str
) -> None:
    mentions = (GoldMention(0, 1, "SC"), GoldMention(1, 2, "SC"))
    with pytest.raises(ValueError, match=reason):
        ordered(Paper("p", (GoldPassage("title", "ab", mentions),), links, events))
