"""Scores of links are what one counts by hand."""

from __future__ import annotations

from scmine.corpora.evaluate import MICRO, Score
from scmine.corpora.link_scores import EVENT, score_events, score_found, score_given
from scmine.corpora.predict import TaggedPaper, TaggedPassage, predict
from scmine.corpora.scored import scored_paper
from scmine.extractors.claim import Label, Mention
from tests.corpora.gold_tagger import (
    SC_COMICS_PAPER,
    SUPERMAT_PAPER,
    FirstMaterialLinker,
    WordTagger,
)


def _tagged(words: dict[str, str]) -> TaggedPaper:
    gold = scored_paper("supermat", SUPERMAT_PAPER)
    [paper] = predict([gold], WordTagger(words), FirstMaterialLinker())
    return paper


def test_links_between_gold_mentions() -> None:
    scores = score_given(_tagged({}))
    assert scores["material-tcValue"] == Score(1, 2, 2, 1)
    assert scores["tcValue-pressure"] == Score(0, 0, 1, 0)
    assert scores[MICRO] == Score(1, 2, 4, 1)


def test_links_between_found_mentions() -> None:
    words = {"MgB2 has": "material", "39 K": "tcValue", "37 K": "tcValue"}
    exact, overlap = (score_found(_tagged(words), exact) for exact in (True, False))
    assert exact["material-tcValue"] == Score(0, 2, 2, 0)
    assert overlap["material-tcValue"] == Score(1, 2, 2, 1)


def test_a_wrong_label_of_an_end_makes_a_link_wrong() -> None:
    gold = scored_paper("supermat", SUPERMAT_PAPER).passages[1]
    found = tuple(Mention(m.start, m.end, Label.TC, m.text) for m in gold.mentions)
    paper = TaggedPaper("p", (TaggedPassage(gold, found, frozenset(), gold.links),))
    assert score_found(paper, exact=False)[MICRO].right == 0


def test_an_event_is_right_if_all_its_arguments_are() -> None:
    [gold] = scored_paper("sc-comics", SC_COMICS_PAPER).passages
    half = frozenset(link for link in gold.links if link[0] != "Site")
    whole, part = (
        TaggedPaper("0801", (TaggedPassage(gold, (), links, frozenset()),))
        for links in (gold.links, half)
    )
    assert score_events(whole) == {EVENT: Score(1, 1, 1, 1), MICRO: Score(1, 1, 1, 1)}
    assert score_events(part)[EVENT] == Score(0, 1, 1, 0)
    assert score_given(part)["Site"] == Score(0, 0, 1, 0)


def test_main_material_found_as_element_is_right_in_a_link() -> None:
    [gold] = scored_paper("sc-comics", SC_COMICS_PAPER).passages
    found = tuple(
        Mention(m.start, m.end, "Element" if m.label == "Main" else m.label, m.text)
        for m in gold.mentions
    )
    paper = TaggedPaper("0801", (TaggedPassage(gold, found, frozenset(), gold.links),))
    assert score_found(paper, exact=True)[MICRO].f1 == 100
