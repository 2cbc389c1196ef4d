"""Words around a quantity: which stand before it, and whether their case counts."""

from __future__ import annotations

from scmine.extractors.words_around import WordsAround


def test_case_counts_only_where_the_data_says_so() -> None:
    entry = {"reach": 20, "before": r"\bTN\s*=\s*$"}
    assert WordsAround.of(entry).stand_before("and tn = ")
    assert not WordsAround.of({**entry, "case": True}).stand_before("and tn = ")
    assert WordsAround.of({**entry, "case": True}).stand_before("and TN = ")


def test_words_out_of_reach_do_not_count() -> None:
    words = WordsAround.of({"reach": 20, "before": r"annealed[^.]*$"})
    assert words.stand_before("annealed at ")
    assert not words.stand_before("annealed, and after a long day at ")


def test_unless_is_looked_for_behind_what_matched() -> None:
    words = WordsAround.of({"reach": 60, "before": r"measured[^.]*$", "unless": "superconduct"})
    assert words.stand_before("The superconducting film was measured at ")
    assert not words.stand_before("It was measured to superconduct at ")
