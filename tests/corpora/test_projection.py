"""Gold mentions come onto the text that our reader gives, or are counted as lost."""

from __future__ import annotations

from pathlib import Path

import pytest

from scmine.corpora.projection import (
    CHARACTERS_LOST,
    PASSAGE_LOST,
    ProjectionReport,
    project,
)
from scmine.corpora.scored import ScoredPaper
from scmine.corpora.splits import split_papers
from scmine.corpora.supermat import load_supermat
from scmine.corpora.types import GoldLink, GoldMention, GoldPassage, Paper
from scmine.extractors import read
from scmine.extractors.document import Document, Passage, PassageKind

GOLD = "Here La 2−x Sr x CuO 4 [3] becomes supercon- ducting below T c of 38 K at x = 0.15 ."
OURS = "Here La2-xSrxCuO4 becomes superconducting below Tc of 38 K at x = 0.15."


def _mention(text: str, words: str, label: str) -> GoldMention:
    return GoldMention(text.index(words), text.index(words) + len(words), label)


def _paper(text: str, *mentions: tuple[str, str], links: tuple[GoldLink, ...] = ()) -> Paper:
    found = tuple(_mention(text, *m) for m in mentions)
    return Paper("p", (GoldPassage("paragraph", text, found),), links)


def _projected(paper: Paper, *texts: str) -> tuple[ScoredPaper, ProjectionReport]:
    passages = tuple(Passage(PassageKind.PARAGRAPH, text) for text in texts)
    report = ProjectionReport()
    return project(paper, Document("", "", "", passages=passages), report), report


def test_mentions_and_links_move_to_our_text() -> None:
    paper = _paper(
        GOLD,
        ("La 2−x Sr x CuO 4", "material"),
        ("T c", "tc"),
        ("38 K", "tcValue"),
        links=(GoldLink((0, 0), (0, 2)),),
    )
    scored, report = _projected(paper, "Received in May.", OURS, "References are elsewhere.")
    [passage] = scored.passages
    assert [m.text for m in passage.mentions] == ["La2-xSrxCuO4", "Tc", "38 K"]
    assert passage.links == {("material-tcValue", 0, 2)}
    assert report.projected.total() == report.mentions.total() == 3
    assert (report.links, report.projected_links) == (1, 1)
    assert not report.lost


def test_only_what_the_gold_covers_is_scored() -> None:
    paper = _paper(GOLD, ("38 K", "tcValue"))
    more = " The sample of Fig. 7 was grown by Mueller and has never been measured by anyone."
    scored, _ = _projected(paper, OURS + more)
    [passage] = scored.passages
    assert passage.inside is not None
    covered = "".join(passage.text[start:end] for start, end in passage.inside)
    assert "Tc of 38 K at x = 0.15" in covered
    assert "Mueller" not in covered


def test_a_mention_whose_characters_are_gone_is_lost_and_its_place_not_scored() -> None:
    paper = _paper(GOLD, ("La 2−x Sr x CuO 4", "material"), ("38 K", "tcValue"))
    scored, report = _projected(paper, OURS.replace("La2-xSrxCuO4", "LaXXXXXXXuO4"))
    assert report.lost == {CHARACTERS_LOST: 1}
    [passage] = scored.passages
    assert [m.text for m in passage.mentions] == ["38 K"]
    assert passage.inside is not None
    assert not any(start <= passage.text.index("La") < end for start, end in passage.inside)


def test_a_mention_cut_in_two_by_passages_is_lost() -> None:
    paper = _paper(GOLD, ("T c of 38 K", "tcValue"))
    cut = OURS.index("38 K")
    scored, report = _projected(paper, OURS[:cut], OURS[cut:])
    assert report.lost == {CHARACTERS_LOST: 1}
    assert len(scored.passages) == 2


def test_a_passage_that_is_not_there_loses_all_its_mentions() -> None:
    paper = _paper(GOLD, ("38 K", "tcValue"), ("T c", "tc"), links=(GoldLink((0, 0), (0, 1)),))
    scored, report = _projected(paper, "An entirely different text about something else.")
    assert not scored.passages
    assert report.lost == {PASSAGE_LOST: 2}
    assert report.to_json()["mentions_projected"] == {}


def test_a_link_between_two_of_our_passages_is_not_scored() -> None:
    paper = _paper(
        GOLD,
        ("La 2−x Sr x CuO 4", "material"),
        ("38 K", "tcValue"),
        links=(GoldLink((0, 0), (0, 1)),),
    )
    cut = OURS.index("Tc")
    scored, _ = _projected(paper, OURS[:cut], OURS[cut:])
    assert scored.unscored == {"material-tcValue": 1}
    assert not any(p.links for p in scored.passages)


def test_what_the_gold_says_twice_is_scored_once() -> None:
    [passage] = _paper(GOLD, ("38 K", "tcValue")).passages
    scored, report = _projected(Paper("p", (passage, passage)), OURS)
    assert [len(p.mentions) for p in scored.passages] == [1]
    assert report.projected.total() == 2


@pytest.mark.shared
def test_nearly_all_mentions_of_real_papers_are_found(shared: Path) -> None:
    _, dev = split_papers(load_supermat(shared / "corpora" / "supermat"))
    report = ProjectionReport()
    for paper in dev[:4]:
        project(paper, read(shared / "papers" / "supermat" / f"{paper.stem}.pdf"), report)
    assert report.projected.total() > 0.95 * report.mentions.total()
