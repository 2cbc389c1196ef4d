"""Swapped passages keep their mentions and change only what may change."""

from __future__ import annotations

import random
import re

from scmine.corpora.swaps import element_groups, swap_passage
from scmine.corpora.types import GoldMention, GoldPassage
from scmine.extractors.claim import Label

TEXT = "Both LaFeAsO and Nd-doped LaFeAsO show Tc ~ 26.5 K in Indium."
PASSAGE = GoldPassage(
    "paragraph",
    TEXT,
    tuple(
        GoldMention(m.start(), m.end(), label)
        for pattern, label in (
            ("LaFeAsO", Label.MATERIAL),
            (r"26\.5 K", Label.TC_VALUE),
            ("Indium", Label.MATERIAL),
        )
        for m in re.finditer(pattern, TEXT)
    ),
)


def test_one_seed_gives_one_text() -> None:
    assert swap_passage(PASSAGE, random.Random(4)) == swap_passage(PASSAGE, random.Random(4))


def test_formulas_change_alike_and_words_stay() -> None:
    seen = set()
    for seed in range(40):
        new = swap_passage(PASSAGE, random.Random(seed))
        first, second, value, word = (new.surface(m) for m in new.mentions)
        assert first == second
        assert re.fullmatch(r"[A-Z][a-z]?[A-Z][a-z]?[A-Z][a-z]?O", first)
        assert re.fullmatch(r"\d+\.\d K", value)
        assert word == "Indium"
        seen.add(first)
    assert len(seen) > 10


def test_swaps_stay_in_the_group() -> None:
    groups = element_groups()
    assert "Sm" in groups["La"]
    assert all(el in group for el, group in groups.items())
