"""Scores of answers are what one counts by hand, and survive being written down."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scmine.corpora.evaluate import MICRO, Score
from scmine.corpora.llm_scores import (
    PRINTED,
    Measure,
    SystemScores,
    can_link,
    found_link_scores,
    given_link_scores,
    mention_scores,
    shuffled,
)
from scmine.corpora.loading import SUPERMAT
from scmine.corpora.scored import ScoredPaper, scored_paper
from scmine.corpora.types import GoldLink, GoldMention, GoldPassage, Paper
from scmine.extractors.claim import Label, LinkLabel, Mention

# Two materials and two temperatures: "AB has 1 K, CD 2 K."
TEXT = "AB has 1 K, CD 2 K."
SPANS = (
    (0, 2, Label.MATERIAL),
    (7, 10, Label.TC_VALUE),
    (12, 14, Label.MATERIAL),
    (15, 18, Label.TC_VALUE),
)
TC = LinkLabel.MATERIAL_TC.value


def paper(stem: str = "made") -> ScoredPaper:
    mentions = tuple(GoldMention(start, end, label) for start, end, label in SPANS)
    links = (GoldLink((0, 0), (0, 1)), GoldLink((0, 2), (0, 3)))
    return scored_paper(SUPERMAT, Paper(stem, (GoldPassage("paragraph", TEXT, mentions),), links))


def mention(start: int, end: int, label: str) -> Mention:
    return Mention(start, end, label, TEXT[start:end])


def test_mentions_by_both_ways_of_counting() -> None:
    # Right: AB, 1 K. Wrong bounds: "has 1 K" is none, "CD 2" meets the material. Missed: 2 K.
    found = [mention(0, 2, "material"), mention(7, 10, "tcValue"), mention(12, 16, "material")]
    scores = mention_scores(paper(), [found])
    exact, overlap = scores[Measure.MENTIONS_EXACT], scores[Measure.MENTIONS_OVERLAP]
    assert exact["material"] == Score(1, 2, 2, 1)
    assert exact["tcValue"] == Score(1, 1, 2, 1)
    assert exact[MICRO] == Score(2, 3, 4, 2)
    assert overlap[MICRO] == Score(3, 3, 4, 3)


def test_links_by_order_and_all_shuffles_together() -> None:
    right = [{(TC, 0, 1), (TC, 2, 3)}]
    crossed = [{(TC, 0, 3), (TC, 2, 1)}]
    scores = given_link_scores(paper(), {PRINTED: right, 1: crossed, 2: right})
    assert scores[Measure.LINKS_PRINTED][MICRO].f1 == 100
    assert scores["links_shuffled_1"][MICRO].f1 == 0
    assert scores["links_shuffled_2"][MICRO].f1 == 100
    assert scores[Measure.LINKS_SHUFFLED][MICRO] == Score(2, 4, 4, 2)


def test_links_between_found_mentions_need_both_ends() -> None:
    found = [mention(0, 2, "material"), mention(7, 9, "tcValue"), mention(15, 18, "tcValue")]
    scores = found_link_scores(paper(), [found], [{(TC, 0, 1), (TC, 0, 2)}])
    assert scores[Measure.LINKS_FOUND_EXACT][MICRO] == Score(0, 2, 2, 0)
    assert scores[Measure.LINKS_FOUND_OVERLAP][MICRO] == Score(1, 2, 2, 1)


def test_what_cannot_be_linked_is_not_asked_about() -> None:
    assert can_link([mention(0, 2, "material"), mention(7, 10, "tcValue")])
    assert can_link([mention(0, 2, Label.PRESSURE), mention(7, 10, Label.TC_VALUE)])
    assert not can_link([mention(0, 2, "material"), mention(7, 10, "tc")])
    assert not can_link([])


@given(st.integers(0, 30), st.integers(0, 5), st.text(max_size=5), st.integers(0, 9))
def test_a_shuffle_is_an_order_and_always_the_same(
    count: int, order: int, stem: str, passage: int
) -> None:
    indices = shuffled(count, order, stem, passage)
    assert sorted(indices) == list(range(count))
    assert indices == shuffled(count, order, stem, passage)
    if order == PRINTED:
        assert indices == list(range(count))


def test_shuffles_differ_between_orders_papers_and_passages() -> None:
    orders = {
        tuple(shuffled(8, order, stem, passage))
        for order in (1, 2)
        for stem in ("a", "b")
        for passage in (0, 1)
    }
    assert len(orders) == 8


def test_counts_survive_json_and_figures_follow_from_them() -> None:
    system = SystemScores("model")
    system.add("a", mention_scores(paper("a"), [[mention(0, 2, "material")]]))
    system.add("b", given_link_scores(paper("b"), {PRINTED: [set()], 1: [set()]}))
    data = json.loads(json.dumps(system.to_json()))
    again = SystemScores.from_json(data)
    assert again.papers == system.papers
    assert again.name == "model"
    assert data["figures"]["mentions_exact"]["material"]["recall"] == 50
    assert system.measured() == [
        "mentions_exact",
        "mentions_overlap",
        "links_printed",
        "links_shuffled",
        "links_shuffled_1",
    ]
    assert list(again.of(Measure.MENTIONS_EXACT)) == ["a"]
    assert again.of(Measure.MENTIONS_EXACT, ["b", "c"]) == {}


@pytest.mark.parametrize("data", [{}, {"name": "x", "papers": {"a": {"m": {"l": [1, 2]}}}}])
def test_other_json_is_refused(data: dict[str, object]) -> None:
    with pytest.raises((KeyError, TypeError)):
        SystemScores.from_json(data)
