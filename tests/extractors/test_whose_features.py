"""What around a value speaks for the paper's own result or for another's."""

from __future__ import annotations

import time

import pytest

from scmine.extractors.claim import Claim, Place
from scmine.extractors.document import Document, Passage, PassageKind
from scmine.extractors.paper_profile import PaperProfile
from scmine.extractors.surroundings import Surroundings
from scmine.extractors.whose_features import evidence_features, origin_features
from tests.extractors.whose_papers import EXPERIMENT, claim_at, paper, passage


def features(
    text: str, value: str, material: str = "LiFeAs", section: str = ""
) -> dict[str, float]:
    made = paper("A paper", (PassageKind.PARAGRAPH, section, text))
    claim = claim_at(made, value, material)
    assert claim.place is not None
    return origin_features(claim, claim.place, PaperProfile.of(made))


def test_a_mark_belongs_to_the_value_before_it_unless_another_is_between() -> None:
    text = "It is 18 K for one and 26 K [3] for the other."
    assert "cited right behind" in features(text, "26 K")
    assert "cited right behind" not in features(text, "18 K")
    assert "cited behind" not in features(text, "18 K")
    assert "cites" in features(text, "18 K")


def test_words_count_near_in_their_own_clause_only() -> None:
    text = "We find 24 K for x = 0.05, whereas 18 K was reported for LiFeAs."
    assert "found near" in features(text, "24 K")
    assert "reported near" not in features(text, "24 K")
    assert "reported near" in features(text, "18 K")
    assert "found near" not in features(text, "18 K")


def test_a_raised_mark_behind_the_full_stop_is_the_sentence_s() -> None:
    made = Document(
        "", "", "", passages=(passage(PassageKind.PARAGRAPH, "", "It is 18 K.{3} So."),)
    )
    claim = claim_at(made, "18 K", "LiFeAs")
    assert claim.place is not None
    assert "cites" in origin_features(claim, claim.place, PaperProfile.of(made))


def test_what_everyone_knows() -> None:
    assert "textbook" in features("It is coated with Nb3Sn (Tc = 18 K).", "18 K", "Nb3Sn")
    assert "textbook" not in features("Our film of Nb3Sn has 15 K.", "15 K", "Nb3Sn")


def test_a_place_without_a_passage_is_refused() -> None:
    claim = claim_at(EXPERIMENT, "22 K", "sample")
    profile = PaperProfile.of(EXPERIMENT)
    with pytest.raises(ValueError, match="no passage"):
        origin_features(claim, Place(), profile)
    with pytest.raises(ValueError, match="no passage"):
        evidence_features(claim, Place(), profile, 0.5)


@pytest.mark.parametrize(
    ("text", "last"),
    [
        ("The calculated Tc is 18 K.", "calculated"),
        ("The theory fails, but experiments gave 18 K.", "measured"),
        ("The measured value is above the calculated 18 K.", "calculated"),
        ("It is 18 K.", "neither"),
    ],
)
def test_the_last_word_before_the_value_speaks_of_it(text: str, last: str) -> None:
    made = paper("A paper", (PassageKind.PARAGRAPH, "", text))
    claim = claim_at(made, "18 K", "LiFeAs")
    assert claim.place is not None
    found = evidence_features(claim, claim.place, PaperProfile.of(made), 0.5)
    assert f"{last} last" in found


@pytest.mark.parametrize(
    ("text", "calculated"),
    [
        ("YH9 in its predicted hexagonal P63/mmc phase was reported to have 18 K.", False),
        ("It was synthesized in the predicted cubic structure and has 18 K.", False),
        ("The predicted cubic phase has a Tc of 18 K.", True),
        ("The predicted Tc was confirmed at 18 K.", True),
        ("The computational examination gives 18 K.", True),
        ("Among the structures, one of dynamical instability has 18 K.", True),
    ],
)
def test_a_predicted_phase_that_was_found_is_an_experiment_s(text: str, calculated: bool) -> None:
    made = paper("A paper", (PassageKind.PARAGRAPH, "", text))
    claim = claim_at(made, "18 K", "YH9")
    assert claim.place is not None
    found = evidence_features(claim, claim.place, PaperProfile.of(made), 0.5)
    assert ("calculated in sentence" in found) is calculated


def test_the_sentence_before() -> None:
    one = passage(PassageKind.PARAGRAPH, "", "Kumar found it. It is 18 K. So it is.")
    profile = PaperProfile.of(Document("", "", "", passages=(one,)))
    around = Surroundings(one, one.text.index("18"), one.text.index("18") + 4, profile)
    assert (around.previous, around.sentence) == ("Kumar found it.", "It is 18 K.")
    first = Surroundings(one, 0, 5, profile)
    assert first.previous == ""


def test_a_passage_without_full_stops_costs_no_more_than_others() -> None:
    text = "the our we 18 K (as shown " * 20_000
    one = Passage(PassageKind.PARAGRAPH, text)
    profile = PaperProfile.of(Document("", "", "", passages=(one,)))
    start = time.perf_counter()
    for n in range(50):
        at = text.index("18", n * 5000)
        place = Place(one, at, at + 4)
        claim = Claim("x", {"tc": "18 K"}, "text", "", "", None, (), "", 1.0, place=place)
        evidence_features(claim, place, profile, 0.5)
        origin_features(claim, place, profile)
    assert time.perf_counter() - start < 5


def test_of_two_words_behind_a_value_the_first_is_its_own() -> None:
    text = "It lies between the 18 K that were measured and the 26 K that were calculated."
    made = paper("A paper", (PassageKind.PARAGRAPH, "", text))
    for value, behind in (("18 K", "measured"), ("26 K", "calculated")):
        claim = claim_at(made, value, "LiFeAs")
        assert claim.place is not None
        found = evidence_features(claim, claim.place, PaperProfile.of(made), 0.5)
        assert [f for f in found if f.endswith(" behind")] == [f"{behind} behind"]
