"""Gold comes into the form in which it is scored with its links where linkers put them."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

from scmine.corpora.scored import ScoredPassage, scored_paper
from scmine.corpora.types import GoldLink, GoldMention, GoldPassage, Paper
from scmine.extractors.claim import Label, Mention
from scmine.extractors.document import Passage, PassageKind
from tests.corpora.gold_tagger import SC_COMICS_PAPER, SUPERMAT_PAPER


def test_supermat_links_run_as_linkers_give_them() -> None:
    paper = scored_paper("supermat", SUPERMAT_PAPER)
    assert paper.passages[1].links == {
        ("material-tcValue", 0, 1),
        ("material-tcValue", 4, 3),
        ("tcValue-pressure", 3, 2),
        ("tcValue-me_method", 3, 5),
    }
    assert paper.unscored == {"material-tcValue": 1}
    assert paper.passages[1].mentions[0].label is Label.MATERIAL
    assert paper.passages[0].passage.kind is PassageKind.TITLE


def test_arguments_of_events_are_links_from_the_trigger() -> None:
    [passage] = scored_paper("sc-comics", SC_COMICS_PAPER).passages
    assert passage.links == {
        ("Target", 1, 2),
        ("Equivalent", 3, 4),
        ("Dopant", 1, 0),
        ("Site", 1, 2),
    }


def test_links_that_no_linker_makes_are_left_out() -> None:
    paper = replace(SUPERMAT_PAPER, links=(GoldLink((1, 0), (1, 4)),))
    scored = scored_paper("supermat", paper)
    assert not scored.passages[1].links
    assert not scored.unscored


def test_passages_without_text_are_left_out() -> None:
    assert not scored_paper("supermat", Paper("p", (GoldPassage("title", ""),))).passages


def test_closing_up_keeps_links_at_their_mentions() -> None:
    text = "La 2 CuO 4 has T c of 30 K"
    gold = GoldPassage(
        "title", text, (GoldMention(0, 10, "material"), GoldMention(22, 26, "tcValue"))
    )
    paper = Paper("p", (gold,), (GoldLink((0, 0), (0, 1)),))
    [passage] = scored_paper("supermat", paper, Counter()).passages
    assert passage.text == "La2CuO4 has Tc of 30 K"
    [(_, head, tail)] = passage.links
    assert [passage.mentions[i].text for i in (head, tail)] == ["La2CuO4", "30 K"]


def test_a_mention_is_inside_if_most_of_it_is() -> None:
    passage = ScoredPassage(Passage(PassageKind.PARAGRAPH, "x" * 20), (), inside=((0, 4), (6, 8)))
    inside = [passage.is_inside(Mention(s, e, "tc", "")) for s, e in ((0, 4), (2, 8), (3, 7))]
    assert inside == [True, True, False]
    assert replace(passage, inside=None).is_inside(Mention(3, 20, "tc", ""))
