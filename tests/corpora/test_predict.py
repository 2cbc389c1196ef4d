"""Predictions are made on gold passages, and links between gold mentions whatever their order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from scmine.corpora.predict import predict
from scmine.corpora.scored import scored_paper
from scmine.extractors.claim import Link, Mention
from scmine.extractors.document import Passage
from tests.corpora.gold_tagger import SUPERMAT_PAPER, FirstMaterialLinker, WordTagger

WORDS = {"MgB2": "material", "39 K": "tcValue", "37 K": "tcValue"}


def test_indices_are_those_of_gold_and_found_mentions() -> None:
    gold = scored_paper("supermat", SUPERMAT_PAPER)
    [paper] = predict([gold], WordTagger(WORDS), FirstMaterialLinker())
    title, passage = paper.passages
    assert not title.found
    assert passage.links_given == {("material-tcValue", 0, 1), ("material-tcValue", 0, 3)}
    assert [m.text for m in passage.found] == ["MgB2", "39 K", "37 K", "MgB2"]
    assert passage.links_found == {("material-tcValue", 0, 1), ("material-tcValue", 0, 2)}


def test_what_is_found_outside_is_no_prediction() -> None:
    gold = scored_paper("supermat", SUPERMAT_PAPER)
    passage = replace(gold.passages[1], inside=((5, 70),))
    [paper] = predict(
        [replace(gold, passages=(passage,))], WordTagger(WORDS), FirstMaterialLinker()
    )
    assert [m.text for m in paper.passages[0].found] == ["39 K", "37 K", "MgB2"]
    assert not paper.passages[0].links_found  # they end at the material that is not inside


def test_gold_mentions_are_given_in_another_order() -> None:
    orders: list[list[int]] = []

    class Spy:
        name = "spy"

        def link(self, passage: Passage, mentions: Sequence[Mention]) -> list[Link]:
            orders.append([m.start for m in mentions])
            return []

    gold = scored_paper("supermat", SUPERMAT_PAPER)
    list(predict([gold], WordTagger({}), Spy()))
    assert any(order != sorted(order) for order in orders)
