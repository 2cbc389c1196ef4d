"""What a whole paper tells about its claims."""

from __future__ import annotations

from scmine.extractors.document import Document, PassageKind
from scmine.extractors.paper_profile import PaperProfile
from tests.extractors.whose_papers import EXPERIMENT, REVIEW, THEORY, paper


def test_theory_and_experiment() -> None:
    assert PaperProfile.of(THEORY).theory > 0.8
    assert PaperProfile.of(EXPERIMENT).theory < 0.4
    assert PaperProfile.of(Document("", "", "")).theory == 0.5


def test_reviews_are_known_by_title_or_abstract() -> None:
    assert PaperProfile.of(REVIEW).is_review
    assert not PaperProfile.of(THEORY).is_review


def test_own_values_are_those_of_the_abstract() -> None:
    assert PaperProfile.of(THEORY).own_values == {"240", "200"}


def test_a_letter_turns_to_its_own_work_with_an_announcement() -> None:
    profile = PaperProfile.of(EXPERIMENT)
    assert profile.turn is not None
    place, offset = profile.turn
    assert EXPERIMENT.passages[place].text[offset:].startswith("Here we report")


def test_a_paper_that_announces_nothing_turns_where_it_tells_of_work() -> None:
    body = PassageKind.PARAGRAPH
    made = paper(
        "Lead",
        (body, "", "Lead is soft."),
        (body, "", "The samples were grown from the melt."),
        (body, "", "They superconduct."),
    )
    assert PaperProfile.of(made).turn == (1, 0)
    assert PaperProfile.of(paper("Lead", (body, "", "Lead is soft."))).turn is None


def test_sections_by_their_headings() -> None:
    profile = PaperProfile.of(THEORY)
    found = [profile.section_of(p) for p in THEORY.passages]
    assert found == ["abstract", "introduction", "methods", "results"]
    assert profile.headed


def test_citations_of_a_passage_that_is_not_of_the_paper_are_none() -> None:
    assert PaperProfile.of(THEORY).citations_of(EXPERIMENT.passages[1]) == ()
    assert len(PaperProfile.of(THEORY).citations_of(THEORY.passages[1])) == 3
