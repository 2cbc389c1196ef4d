"""Agreement: what both say is one record and surer, what they say differently is told."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scmine.database.record import Record, Source
from scmine.extractors.claim import Claim
from scmine.extractors.document import Document
from scmine.extractors.extract import Extraction, told_as_one
from scmine.extractors.llm.agreement import (
    NOT_FOUND,
    OTHER_CONDITION,
    OTHER_MATERIAL,
    OTHER_VALUE,
    OTHER_WHOSE,
    Answered,
    Joined,
    confidence_alone,
    joined,
)
from scmine.extractors.llm.routing import Open
from tests.extractors.llm.papers import MODEL, mined_paper, said, stating

TEXT = "We find that MgB2 becomes superconducting at Tc = 39 K, but NbN and VN were studied too."
TWO = mined_paper(TEXT, "Nb3Sn has Tc = 18 K at ambient pressure and 15 K at 10 GPa.")
FLAGS = {NOT_FOUND, OTHER_CONDITION, OTHER_MATERIAL, OTHER_VALUE, OTHER_WHOSE}


def join(
    document: Document,
    extraction: Extraction,
    *claims: tuple[Claim, int | None],
    place: str = "p0",
    reason: Open = Open.ALL,
    whole: bool = True,
) -> Joined:
    return joined(document, extraction, [Answered(place, (reason,), claims, whole)])


def tcs(found: Joined) -> list[tuple[str, float | None, set[str]]]:
    """Material, Tc and our flags of each record."""
    return [(r.raw_material, r.tc_K, FLAGS & set(r.flags)) for r in found.extraction.records]


def only(found: Joined) -> Record:
    [record] = found.extraction.records
    return record


def test_without_answers_nothing_changes() -> None:
    document, extraction = mined_paper(TEXT)
    assert joined(document, extraction, []).extraction == extraction


def test_what_both_say_is_one_record_of_both_and_surer() -> None:
    document, extraction = mined_paper(TEXT)
    [before] = extraction.records
    found = join(document, extraction, said(document, 0, "MgB2", tc="39 K"))
    after = only(found)
    assert after.record_id == before.record_id
    assert after.source is Source.TEXT
    assert after.extractor == f"{before.extractor} + {MODEL} (all)"
    assert {place.source for place in after.places} == {Source.TEXT, Source.LLM}
    assert before.confidence is not None
    expected = 1 - (1 - before.confidence) * (1 - confidence_alone([Open.ALL]))
    assert after.confidence == pytest.approx(min(0.99, expected), abs=1e-3)
    assert tcs(found) == [("MgB2", 39.0, set())]
    assert found.meetings == {"agreed": 1}


def test_a_shorter_name_is_the_same_claim() -> None:
    document, extraction = mined_paper("The MgB2 thin film has a Tc of 39 K.")
    found = join(document, extraction, said(document, 0, "MgB2", tc="39 K"))
    assert found.meetings == {"agreed": 1}


def test_what_only_the_model_says_is_its_own_record() -> None:
    text = "The magnetization of NbN drops sharply near 16.5 K; there are no other anomalies."
    document, extraction = mined_paper(text)
    extraction = stating(extraction)
    claim = said(document, 0, "NbN", tc="16.5 K")
    found = only(join(document, extraction, claim, reason=Open.UNLINKED_VALUE))
    assert (found.source, found.extractor) == (Source.LLM, f"{MODEL} (unlinked_value)")
    assert found.confidence == confidence_alone([Open.UNLINKED_VALUE])
    assert (found.tc_K, found.formula, found.sentence) == (16.5, "NbN", text)
    unsure = said(document, 0, "NbN", confidence=0.2, tc="16.5 K")
    assert only(join(document, extraction, unsure)).confidence == 0.2


def test_another_material_for_the_same_tc_is_told_by_both() -> None:
    document, extraction = mined_paper(TEXT)
    [before] = extraction.records
    found = join(document, extraction, said(document, 0, "NbN", tc="39 K"))
    assert tcs(found) == [("MgB2", 39.0, {OTHER_MATERIAL}), ("NbN", 39.0, {OTHER_MATERIAL})]
    rules, model = found.extraction.records
    assert before.confidence
    assert rules.confidence == pytest.approx(before.confidence / 2, abs=1e-3)
    assert model.confidence == 0.25
    assert found.meetings == {"disagreed": 2}


def test_another_value_of_the_same_material_is_told_by_both() -> None:
    text = "Resistivity shows that MgB2 becomes superconducting at Tc = 39 K and not at 45 K."
    document, extraction = mined_paper(text)
    extraction = stating(extraction, 39.0)
    found = join(document, extraction, said(document, 0, "MgB2", tc="45 K"))
    assert [flags for *_, flags in tcs(found)] == [{OTHER_VALUE}, {OTHER_VALUE}]


def test_another_pressure_of_the_same_tc_is_told_by_both() -> None:
    text = "At 12 GPa the Tc of FeSe is 30 K, as found before at 8 GPa for other samples."
    document, extraction = mined_paper(text)
    pressed = [r.model_copy(update={"pressure_GPa": 12.0}) for r in extraction.stated]
    extraction = told_as_one(extraction, pressed)
    found = join(document, extraction, said(document, 0, "FeSe", tc="30 K", pressure="8 GPa"))
    assert [flags for *_, flags in tcs(found)] == [{OTHER_CONDITION}, {OTHER_CONDITION}]


def test_a_second_value_beside_an_agreed_one_is_no_contradiction() -> None:
    text = "Resistivity shows that MgB2 becomes superconducting at Tc = 39 K and not at 45 K."
    document, extraction = mined_paper(text)
    extraction = stating(extraction, 39.0)
    claims = [said(document, 0, "MgB2", tc=value) for value in ("39 K", "45 K")]
    found = join(document, extraction, *claims)
    assert found.meetings == {"agreed": 1, "llm_only": 1}
    assert all(flags == set() for *_, flags in tcs(found))


def test_values_of_two_sentences_do_not_contradict_each_other() -> None:
    text = "We find that FeSe has a Tc of 29.8 K. In the susceptibility it is 30.2 K for FeSe."
    document, extraction = mined_paper(text)
    extraction = stating(extraction, 29.8)
    found = join(document, extraction, said(document, 0, "FeSe", tc="30.2 K"))
    assert found.meetings == {"not_found": 1, "llm_only": 1}


def test_whose_result_it_is_may_be_another_opinion_and_is_no_second_record() -> None:
    document, extraction = mined_paper(TEXT)
    [before] = extraction.records
    claim = said(document, 0, "MgB2", tc="39 K", llm_origin="cited", llm_evidence="measured")
    after = only(join(document, extraction, claim))
    assert OTHER_WHOSE in after.flags
    assert (after.origin, after.evidence) == (before.origin, before.evidence)
    same = said(document, 0, "MgB2", tc="39 K", llm_origin="this_work", llm_evidence="unknown")
    assert OTHER_WHOSE not in only(join(document, extraction, same)).flags


def test_what_the_model_was_asked_and_does_not_say_is_less_sure() -> None:
    document, extraction = mined_paper(TEXT)
    [before] = extraction.records
    after = only(join(document, extraction))
    assert NOT_FOUND in after.flags
    assert before.confidence
    assert after.confidence == pytest.approx(0.9 * before.confidence, abs=1e-3)
    for found in (
        join(document, extraction, whole=False),
        join(document, extraction, place="p7"),
    ):
        assert only(found).confidence == before.confidence
        assert NOT_FOUND not in only(found).flags


def test_what_the_rules_merged_stays_merged_whatever_the_model_says() -> None:
    texts = ("We find that FeSe has a Tc of 30 K.", "At 8 GPa the Tc of FeSe is 30 K. Not 12 GPa.")
    document, extraction = mined_paper(*texts)
    bare = {"raw_pressure": None, "pressure_kind": None, "pressure_max_GPa": None}
    first, second = (r.model_copy(update=bare | {"pressure_GPa": None}) for r in extraction.stated)
    pressed = {"raw_pressure": "8 GPa", "pressure_GPa": 8.0}
    second = second.model_copy(
        update=pressed | {"origin": first.origin, "evidence": first.evidence}
    )
    extraction = told_as_one(extraction, [first, second])
    assert len(extraction.records) == 1
    claim = said(document, 1, "FeSe", tc="30 K", pressure="12 GPa")
    found = join(document, extraction, claim, place="p1")
    rules, model = found.extraction.records
    assert len(rules.places) == 2
    assert (rules.pressure_GPa, model.pressure_GPa) == (8.0, 12.0)
    assert OTHER_CONDITION in rules.flags


def test_a_pressure_left_out_is_no_other_claim() -> None:
    text = "The Tc of FeSe is 30 K at 8 GPa; we also looked at FeSe with 30 K at 3 GPa."
    document, extraction = mined_paper(text)
    pressed = [
        extraction.stated[0].model_copy(update={"pressure_GPa": 8.0, "raw_pressure": "8 GPa"})
    ]
    extraction = told_as_one(replace(extraction, stated_tables=[None]), pressed)
    found = join(document, extraction, said(document, 0, "FeSe", tc="30 K"))
    assert found.meetings == {"agreed": 1}


VALUES = ("39 K", "18 K", "15 K", "10 GPa")


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["MgB2", "Nb3Sn", "NbN", "VN"]),
            st.sampled_from(VALUES[:3]),
            st.sampled_from([None, *VALUES[3:]]),
        ),
        max_size=6,
    )
)
def test_each_place_of_the_rules_is_in_a_record_whatever_is_claimed(
    drawn: list[tuple[str, str, str | None]],
) -> None:
    document, extraction = TWO
    answers = []
    for number, passage in enumerate(document.passages):
        claims = tuple(
            said(document, number, material, **({"pressure": p} if p else {}) | {"tc": tc})
            for material, tc, p in drawn
            if tc in passage.text and (p is None or p in passage.text)
        )
        answers.append(Answered(f"p{number}", (Open.ALL,), claims))
    after = joined(document, extraction, answers).extraction
    kept = {place.id for record in after.records for place in record.places}
    assert {place.id for record in extraction.records for place in record.places} <= kept
    assert len({record.record_id for record in after.records}) == len(after.records)
    assert all(record.confidence and 0 < record.confidence <= 0.99 for record in after.records)
    again = joined(document, extraction, answers[::-1]).extraction
    assert {r.record_id: r.flags for r in again.records} == {
        r.record_id: r.flags for r in after.records
    }


def test_no_record_of_the_rules_is_lost() -> None:
    texts = (TEXT, "Nb3Sn has Tc = 18 K at ambient pressure and 15 K at 10 GPa.")
    document, extraction = mined_paper(*texts)
    claims = [said(document, 0, "VN", tc="39 K"), said(document, 1, "Nb3Sn", tc="15 K")]
    answers = [Answered(f"p{n}", (Open.ALL,), (claim,)) for n, claim in enumerate(claims)]
    after = joined(document, extraction, answers).extraction
    assert {r.record_id for r in extraction.records} <= {r.record_id for r in after.records}
