"""Whose a claim is and what it rests on, on self-made papers."""

from __future__ import annotations

import pytest

from scmine.database.record import Evidence, Origin
from scmine.extractors.claim import Claim
from scmine.extractors.document import Document, PassageKind
from scmine.extractors.paper_profile import PaperProfile
from scmine.extractors.whose_claim import Whose, origin_weights, probability, whose_claim
from tests.extractors.whose_papers import EXPERIMENT, REVIEW, THEORY, claim_at, paper

OWN, CITED = Origin.THIS_WORK, Origin.CITED
MEASURED, CALCULATED = Evidence.MEASURED, Evidence.CALCULATED


def whose(document: Document, value: str, material: str, **values: str) -> Whose:
    return whose_claim(claim_at(document, value, material, **values), PaperProfile.of(document))


@pytest.mark.parametrize(
    ("value", "material", "origin", "evidence"),
    [
        ("240 K", "YBeH12", OWN, CALCULATED),
        ("203 K", "H3S", CITED, MEASURED),
        ("303 K", "YH10", CITED, CALCULATED),
        ("250 K", "LaH10", CITED, MEASURED),
        ("221 K", "YBeH12", OWN, CALCULATED),
        ("220 K", "YH6", CITED, MEASURED),
    ],
)
def test_a_theorist_calculates_his_own_and_cites_experiments(
    value: str, material: str, origin: Origin, evidence: Evidence
) -> None:
    assert whose(THEORY, value, material) == Whose(evidence, origin)


def test_the_coupling_of_a_theorist_is_his_own() -> None:
    found = whose(THEORY, "2.1", "YBeH12", **{"lambda": "2.1"})
    assert found == Whose(CALCULATED, OWN)


@pytest.mark.parametrize(
    ("value", "material", "origin", "evidence"),
    [
        ("26.1 K", "LaO0.89F0.11FeAs", OWN, MEASURED),
        ("4 K", "LaFePO", CITED, MEASURED),
        ("0.8 K", "LaFePO", CITED, CALCULATED),
        ("55 K", "SmFeAsO", CITED, MEASURED),
        ("26.5 K", "sample", OWN, MEASURED),
        ("22 K", "sample", OWN, MEASURED),
        ("24.2 K", "x = 0.05", OWN, MEASURED),
        ("18 K", "LiFeAs", CITED, MEASURED),
    ],
)
def test_an_experimenter_measures_and_cites(
    value: str, material: str, origin: Origin, evidence: Evidence
) -> None:
    assert whose(EXPERIMENT, value, material) == Whose(evidence, origin)


def test_a_review_reports_the_work_of_others() -> None:
    assert whose(REVIEW, "134 K", "HgBa2Ca2Cu3O8").origin is CITED


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("At 130 GPa the R3m phase has a λ of 2.07, and Tc is 155 K.", CITED),
        ("In this work we find a Tc of 155 K for our own sample (Fig. 4).", OWN),
    ],
)
def test_a_review_says_what_is_its_own(text: str, expected: Origin) -> None:
    made = paper("Hydrides: a review", (PassageKind.PARAGRAPH, "3.2. Sulfur hydride", text))
    assert whose(made, "155 K", "H3S").origin is expected


def test_a_claim_without_a_place_tells_nothing() -> None:
    claim = Claim("MgB2", {"tc": "39 K"}, "llm", "", "MgB2: 39 K", None, (), "", 1.0)
    assert whose_claim(claim, PaperProfile.of(THEORY)) == Whose(Evidence.UNKNOWN, None)


def test_probabilities_stay_finite_however_much_speaks_for_one_side() -> None:
    assert probability({"a": 1e6}, {"a": 1e3}) == pytest.approx(1.0)
    assert probability({"a": -1e6}, {"a": 1e3}) == pytest.approx(0.0)
    assert probability({}, {}) == 0.5


def test_the_packaged_weights_agree_with_what_is_known() -> None:
    weights = origin_weights()
    assert weights["cited right behind"] < 0 < weights["this_work"]
    assert weights["review"] < weights["section:introduction"] < 0 < weights["section:results"]


@pytest.mark.parametrize(
    ("text", "evidence"),
    [
        ("CaH6 has the space group Im-3m.", Evidence.UNKNOWN),
        ("X-ray diffraction of CaH6 shows the space group Im-3m.", MEASURED),
        ("CaH6 is predicted to have the space group Im-3m.", CALCULATED),
    ],
)
def test_the_evidence_of_a_structure_alone_needs_a_word(text: str, evidence: Evidence) -> None:
    document = paper("CaH6", (PassageKind.PARAGRAPH, "Results", text))
    found = whose(document, "Im-3m", "CaH6", space_group="Im-3m")
    assert found.evidence is evidence
