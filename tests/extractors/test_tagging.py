"""Putting taggers together."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from scmine.extractors.claim import Label, Mention
from scmine.extractors.document import Passage, PassageKind
from scmine.extractors.tagging import CombinedTagger, default_tagger


class Fixed:
    """A tagger that finds given words."""

    name = "fixed"

    def __init__(self, *words: tuple[str, Label]) -> None:
        self.words = words

    def tag(self, passages: Sequence[Passage]) -> list[list[Mention]]:
        return [
            [
                Mention(p.text.index(w), p.text.index(w) + len(w), label, w)
                for w, label in self.words
                if w in p.text
            ]
            for p in passages
        ]


def combined(text: str, *taggers: Fixed) -> list[tuple[str, str]]:
    [found] = CombinedTagger(taggers).tag([Passage(PassageKind.PARAGRAPH, text)])
    return [(m.label.value, m.text) for m in found]


def test_the_earlier_tagger_is_believed() -> None:
    first = Fixed(("39 K", Label.TC_VALUE))
    second = Fixed(("MgB2", Label.MATERIAL), ("39", Label.PRESSURE))
    assert combined("MgB2 at 39 K", first, second) == [("material", "MgB2"), ("tcValue", "39 K")]


def test_a_space_group_may_stand_inside_a_material() -> None:
    first = Fixed(("Fm-3m LaH10", Label.MATERIAL))
    second = Fixed(("Fm-3m", Label.SPACE_GROUP))
    assert len(combined("the Fm-3m LaH10 phase", first, second)) == 2


def test_a_quantity_that_was_cut_short_is_made_whole() -> None:
    found = combined("above Pc ∼ 3.6 − 3.7 GPa.", Fixed(("3.6 −", Label.PRESSURE)))
    assert found == [("pressure", "∼ 3.6 − 3.7 GPa")]


def test_two_values_of_one_list_are_left_alone() -> None:
    tagger = Fixed(("31.4", Label.TC_VALUE), ("43.2 K", Label.TC_VALUE))
    assert combined("are 31.4 and 43.2 K", tagger) == [("tcValue", "31.4"), ("tcValue", "43.2 K")]


def test_an_open_bracket_is_closed() -> None:
    found = combined(
        "of Ba1-xKxBiO3 (x = 0.37) at", Fixed(("Ba1-xKxBiO3 (x = 0.37", Label.MATERIAL))
    )
    assert found == [("material", "Ba1-xKxBiO3 (x = 0.37)")]


def test_by_default_the_rules_add_to_the_trained_tagger() -> None:
    text = "With λ = 2.1 we find that MgB2 has a Tc of 39 K."
    [found] = default_tagger().tag([Passage(PassageKind.PARAGRAPH, text)])
    by_text = {m.text: m for m in found}
    assert by_text["39 K"].label is Label.TC_VALUE
    assert by_text["39 K"].extractor.startswith("tagger@")
    assert (by_text["2.1"].label, by_text["2.1"].extractor) == (Label.LAMBDA, "rules")


def test_the_default_tagger_takes_another_model(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=str(tmp_path)):
        default_tagger(tmp_path).tag([Passage(PassageKind.TITLE, "MgB2")])


def test_a_formula_that_was_cut_at_its_front_is_made_whole() -> None:
    for text, cut, whole in (
        ("for La1.94Sr0.06CuO4 andLa1.9Sr0.1CuO4 films", "9Sr0.1CuO4", "La1.9Sr0.1CuO4"),
        ("a film of La1.985Sr0.015CuO4 here", "Sr0.015CuO4", "La1.985Sr0.015CuO4"),
    ):
        assert combined(text, Fixed((cut, Label.MATERIAL))) == [("material", whole)]


def test_but_words_and_other_mentions_stay_apart() -> None:
    assert combined("In FeSe films", Fixed(("FeSe", Label.MATERIAL))) == [("material", "FeSe")]
    first = Fixed(("La1.9", Label.MATERIAL), ("Sr0.1CuO4", Label.MATERIAL))
    assert len(combined("La1.9Sr0.1CuO4", first)) == 2


def test_a_word_glued_to_a_formula_stays_outside() -> None:
    found = combined("andLa1.9Sr0.1CuO4 too", Fixed(("andLa1.9Sr0.1CuO4", Label.MATERIAL)))
    assert found == [("material", "La1.9Sr0.1CuO4")]


def test_a_list_of_values_before_its_noun_is_one_mention() -> None:
    text = "the x = 0.069 and 0.067 levels and λ = 0.5"
    tagger = Fixed(("x = 0.069", Label.MATERIAL), ("0.067", Label.MATERIAL))
    values = Fixed(("0.5", Label.LAMBDA))
    assert combined(text, tagger, values) == [
        ("material", "x = 0.069 and 0.067"),
        ("lambda", "0.5"),
    ]
    assert combined("x = 0.1 and 0.2 K", Fixed(("x = 0.1", Label.MATERIAL))) == [
        ("material", "x = 0.1")
    ]
