"""Scores are what one counts by hand."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scmine.corpora.evaluate import (
    MICRO,
    Score,
    add_scores,
    bootstrap,
    gold_spans,
    intervals,
    micro_f1,
    score_passage,
    table,
)
from scmine.corpora.types import GoldMention, GoldPassage
from scmine.extractors.claim import Label

GOLD = [(0, 4, "material"), (10, 14, "tcValue")]
FOUND = [(0, 6, "material"), (10, 14, "tcValue"), (20, 22, "tc")]


def test_exact_and_overlap() -> None:
    exact = add_scores([score_passage(GOLD, FOUND, exact=True)])
    overlap = add_scores([score_passage(GOLD, FOUND, exact=False)])
    assert exact["material"].f1 == 0
    assert exact[MICRO].precision == pytest.approx(100 / 3)
    assert exact[MICRO].recall == pytest.approx(50)
    assert exact[MICRO].f1 == pytest.approx(40)
    assert overlap["material"].f1 == pytest.approx(100)
    assert overlap[MICRO].f1 == pytest.approx(80)
    assert list(exact) == ["material", "tc", "tcValue", MICRO]


def test_sums_of_sums_count_nothing_twice() -> None:
    once = add_scores([score_passage(GOLD, FOUND, exact=True)])
    assert add_scores([once, once])[MICRO] == Score(2, 6, 4, 2)


def test_nothing_predicted_and_nothing_to_find() -> None:
    assert add_scores([])[MICRO].f1 == 0
    assert score_passage(GOLD, [], exact=True)["tcValue"] == Score(0, 0, 1, 0)


def test_interval_holds_the_figure_and_is_a_point_for_papers_alike() -> None:
    good = add_scores([score_passage(GOLD, GOLD, exact=True)])
    bad = add_scores([score_passage(GOLD, FOUND, exact=True)])
    low, high = bootstrap([good, bad, good], micro_f1, rounds=200)
    assert low < micro_f1(add_scores([good, bad, good])) < high
    assert bootstrap([good, good], micro_f1, rounds=50) == (100, 100)


def test_gold_is_tidied_and_the_table_has_a_line_a_label() -> None:
    passage = GoldPassage("title", "in FeSe, Tc", (GoldMention(3, 8, Label.MATERIAL),))
    spans = gold_spans(passage)
    assert spans == [(3, 7, "material")]
    lines = table(add_scores([score_passage(spans, spans, exact=True)])).splitlines()
    assert [line.split()[0] for line in lines] == ["label", "material", "micro"]


spans = st.lists(
    st.tuples(st.integers(0, 20), st.integers(1, 5), st.sampled_from(["tc", "class"])).map(
        lambda t: (t[0], t[0] + t[1], t[2])
    ),
    max_size=6,
)


@given(spans, spans)
def test_overlap_is_never_stricter_than_exact(
    gold: list[tuple[int, int, str]], found: list[tuple[int, int, str]]
) -> None:
    exact = score_passage(gold, found, exact=True)
    overlap = score_passage(gold, found, exact=False)
    for label, score in exact.items():
        assert overlap[label].right >= score.right
        assert overlap[label].found >= score.found
        assert score.right <= min(score.predicted, score.gold)


def test_intervals_are_over_the_draws_of_the_bootstrap() -> None:
    papers = [
        add_scores([score_passage(GOLD, found, exact=True)])
        for found in (GOLD, FOUND, [], FOUND[:1], GOLD[1:])
    ]
    every = intervals(papers)
    assert every[MICRO].f1 == pytest.approx(bootstrap(papers, micro_f1))
    assert every["tcValue"].recall == pytest.approx(
        bootstrap(papers, lambda scores: scores["tcValue"].recall)
    )
    low, high = every["material"].precision
    assert 0 <= low <= add_scores(papers)["material"].precision <= high <= 100
