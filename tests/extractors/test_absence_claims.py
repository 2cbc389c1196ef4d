"""Claims that a material does not superconduct: which sentences make one, and of what."""

from __future__ import annotations

import time

import pytest

from scmine.extractors.absence_claims import absences, cell_denies, leads_to_denied
from scmine.extractors.claim import Claim, Label, Mention
from scmine.extractors.document import Passage, PassageKind
from scmine.extractors.found_mentions import FoundMentions
from scmine.extractors.sentences import split_sentences


def denied(text: str, *materials: str) -> list[Claim]:
    mentions = [
        Mention(text.index(m), text.index(m) + len(m), Label.MATERIAL, m) for m in materials
    ]
    passage = Passage(PassageKind.PARAGRAPH, text, sentences=split_sentences(text))
    return absences(FoundMentions(passage, sorted(mentions, key=lambda m: m.start), []))


@pytest.mark.parametrize(
    ("text", "material", "down_to"),
    [
        ("No superconductivity was observed in LaNiO2 down to 50 mK.", "LaNiO2", "50 mK"),
        ("Bulk LaNiO2 is not superconducting.", "LaNiO2", None),
        ("We measured the non-superconducting parent compound LaNiO2.", "LaNiO2", None),
        ("LaNiO2 does not superconduct down to 0.4 K.", "LaNiO2", "0.4 K"),
        ("LaNiO2 shows no sign of bulk superconductivity above 1.8 K.", "LaNiO2", "1.8 K"),
        ("The absence of superconductivity in LaNiO2 is a puzzle.", "LaNiO2", None),
        ("Down to 2 K, no superconducting transition was seen in LaNiO2.", "LaNiO2", "2 K"),
        ("LaNiO2 remains metallic down to 1.5 K.", "LaNiO2", "1.5 K"),
        ("LaNiO2 fails to become superconducting.", "LaNiO2", None),
        ("LaNiO2 was found not to be superconducting.", "LaNiO2", None),
        ("In LaNiO2 superconductivity is absent.", "LaNiO2", None),
        ("The samples with x = 0.1 are non-superconducting down to 2 K.", "x = 0.1", "2 K"),
        ("It did not show any superconductivity in LaNiO2.", "LaNiO2", None),
    ],
)
def test_a_denial_is_a_claim(text: str, material: str, down_to: str | None) -> None:
    [claim] = denied(text, material)
    assert claim.material == material
    assert claim.values.get("absent_down_to") == down_to
    assert claim.values["absent"] in text


@pytest.mark.parametrize(
    "text",
    [
        "In LaNiO2 the superconducting gap has no nodes.",
        "It is not clear whether LaNiO2 is not superconducting.",
        "LaNiO2 is probably not superconducting.",
        "No superconductivity has been reported in LaNiO2.",
        "No superconductivity survives in LaNiO2 in a magnetic field of 14 T.",
        "No superconductivity is observed when LaNiO2 is deposited on glass.",
        "LaNiO2 is not only a metal but superconducting down to 2 K.",
        "In the absence of superconductivity, LaNiO2 would be a metal.",
        "The doping of LaNiO2 does not affect superconductivity.",
        "LaNiO2 remains metallic.",
        "LaNiO2 is superconducting, where the elements are not superconductors.",
        "Unlike LaNiO2, no superconductivity was found down to 2 K.",
        "The non-superconducting phase in LaNiO2 grows.",
        "LaNiO2 has no superconductivity-related anomaly.",
    ],
)
def test_what_is_no_denial_is_no_claim(text: str) -> None:
    assert denied(text, "LaNiO2") == []


def test_a_list_of_materials_is_a_claim_each() -> None:
    found = denied("LaFeAsO, CeFeAsO and NdFeAsO are not superconducting.", "LaFeAsO", "NdFeAsO")
    assert {c.material for c in found} == {"NdFeAsO"}  # the unnamed one parts the list
    found = denied("LaFeAsO and NdFeAsO are not superconducting.", "LaFeAsO", "NdFeAsO")
    assert [c.material for c in found] == ["LaFeAsO", "NdFeAsO"]


def test_what_the_next_sentence_denies_is_of_the_one_material_before() -> None:
    text = "We cooled LaNiO2. No superconductivity was seen down to 2 K. No trace of it was seen."
    [claim] = denied(text, "LaNiO2")
    assert claim.sentence.startswith("We cooled LaNiO2. No superconductivity")


def test_a_pressure_belongs_to_the_denial() -> None:
    [claim] = denied("BaFe2As2 shows no superconductivity up to 13 GPa.", "BaFe2As2")
    assert claim.values["pressure"] == "up to 13 GPa"
    assert "absent_down_to" not in claim.values
    # At which of two pressures is not told: no claim.
    assert (
        denied("From 2 GPa to 5 GPa, and at 7 GPa, LaH3 shows no superconductivity.", "LaH3") == []
    )


def test_how_the_sample_was_made_is_kept() -> None:
    [claim] = denied("As-grown Pr2CuO4 crystals are not superconducting.", "Pr2CuO4")
    assert claim.hints["fabrication"] == "As-grown"


@pytest.mark.parametrize(
    ("before", "absent"),
    [
        ("No superconductivity was observed down to ", True),
        ("LaFePO is not superconducting above ", True),
        ("Although H3S is not stable, its superconductivity was enhanced to ", False),
        ("It is not only a metal but shows superconductivity up to ", False),
        ("It is not clear whether the superconductivity above ", False),
        ("Without doping, superconductivity appears with Tc raised to ", False),
    ],
)
def test_a_temperature_of_a_denial_is_no_tc(before: str, absent: bool) -> None:
    assert leads_to_denied(before) is absent


@pytest.mark.parametrize(
    "text", ["NSC", "no SC", "NO", "n.s.", "n.s.c.", "not superconducting", "none"]
)
def test_cells_that_deny(text: str) -> None:
    assert cell_denies(text)


@pytest.mark.parametrize("text", ["", "–", "39", "N/A", "Nb", "n.d.", "not measured", "NOx"])
def test_cells_that_do_not(text: str) -> None:
    assert not cell_denies(text)


def test_long_text_is_read_in_linear_time() -> None:
    started = time.perf_counter()
    denied("LaNiO2 does not show " + "no sign of superconductivity to " * 3000 + ".", "LaNiO2")
    assert time.perf_counter() - started < 5
