"""Records: how printed claims become numbers, materials and provenance."""

from __future__ import annotations

import pytest

from scmine.database.record import Record
from scmine.extractors.claim import Claim, Label, Mention
from scmine.extractors.context import MaterialContext
from scmine.extractors.document import Box, Document, Metadata, Passage, PassageKind
from scmine.extractors.paper_profile import PaperProfile
from scmine.extractors.records import records_of

DOCUMENT = Document(
    doc_id="d" * 64,
    path="paper.pdf",
    reader="pdf",
    metadata=Metadata(title="A paper", authors=("A. One", "B. Two"), arxiv_id="0810.4856"),
)

PROFILE = PaperProfile.of(DOCUMENT)


def make(material: str, values: dict[str, str], **more: object) -> Claim:
    fields: dict[str, object] = {
        "source": "text",
        "section": "Results",
        "sentence": "We measured it.",
        "page": 2,
        "boxes": (Box(2, 1.0, 2.0, 3.0, 4.0),),
        "extractor": "test",
        "confidence": 0.9,
        "hints": {},
    }
    fields.update(more)
    return Claim(material=material, values=values, **fields)  # type: ignore[arg-type]


def records(*claims: Claim, context: MaterialContext | None = None) -> list[Record]:
    found = records_of(claims, DOCUMENT, context or MaterialContext(), PROFILE, "v")
    return [record for record, _ in found]


def test_provenance_and_document_fields() -> None:
    [record] = records(make("MgB2", {"tc": "39 K"}))
    assert (record.doc_id, record.path, record.title) == ("d" * 64, "paper.pdf", "A paper")
    assert (record.authors, record.arxiv_id) == (["A. One", "B. Two"], "0810.4856")
    assert (record.page, record.boxes) == (2, [[2.0, 1.0, 2.0, 3.0, 4.0]])
    assert (record.source.value, record.section, record.sentence) == (
        "text",
        "Results",
        "We measured it.",
    )
    assert record.composition == {"Mg": 1.0, "B": 2.0}


@pytest.mark.parametrize(
    ("printed", "tc_K", "low", "high", "relation"),
    [
        ("39 K", 39.0, None, None, "="),
        ("52.4 mK", 0.0524, None, None, "="),
        ("~ 115 K", 115.0, None, None, "~"),
        ("from 16 K to 21 K", None, 16.0, 21.0, "="),
        ("37 − 38 K", None, 37.0, 38.0, "="),
        ("as high as 203 K", 203.0, None, None, "="),
    ],
)
def test_tc_in_kelvin(
    printed: str, tc_K: float | None, low: float | None, high: float | None, relation: str
) -> None:
    [record] = records(make("MgB2", {"tc": printed}))
    assert record.raw_tc == printed
    assert (record.tc_K, record.tc_min_K, record.tc_max_K) == (tc_K, low, high)
    assert record.tc_relation == relation
    assert record.superconducting is True


def test_a_tc_without_a_unit_is_flagged_and_not_guessed() -> None:
    [record] = records(make("MgB2", {"tc": "39"}))
    assert record.tc_K is None
    assert "tc_unit_missing" in record.flags


def test_what_was_not_seen_is_no_tc() -> None:
    [bound] = records(make("Y2IrSi", {"tc": "< 1.8 K"}))
    assert (bound.tc_K, bound.tc_max_K, bound.superconducting) == (None, 1.8, False)
    assert bound.lowest_temperature_K == 1.8
    [zero] = records(make("Y2IrSi", {"tc": "0 K"}))
    assert (zero.tc_K, zero.superconducting) == (None, False)
    [absent] = records(
        make("Y2IrSi", {"absent": "no superconductivity", "absent_down_to": "100 mK"})
    )
    assert (absent.tc_K, absent.superconducting) == (None, False)
    assert absent.lowest_temperature_K == pytest.approx(0.1)


@pytest.mark.parametrize(
    ("printed", "expected"),
    [
        ("2 GPa", 2.0),
        ("12 kbar", 1.2),
        ("1.5 Mbar", 150.0),
        ("100 MPa", 0.1),
        ("ambient pressure", 0.0),
        ("1 atm", 0.000101325),
    ],
)
def test_pressure_in_gigapascal(printed: str, expected: float) -> None:
    [record] = records(make("MgB2", {"tc": "39 K", "pressure": printed}))
    assert record.pressure_GPa == pytest.approx(expected)
    assert record.raw_pressure == printed


def test_a_pressure_of_synthesis_is_told_from_an_applied_one() -> None:
    made = make("MgB2", {"pressure": "5 GPa"}, sentence="It was sintered at 5 GPa.")
    used = make("MgB2", {"tc": "39 K", "pressure": "5 GPa"}, sentence="Tc is 39 K at 5 GPa.")
    assert [r.pressure_kind for r in records(made, used)] == ["synthesis", "applied"]


def test_lists_that_run_side_by_side_are_paired() -> None:
    claim = make("x", {"tc": "43.2, 46.8 and 48.1 K", "pressure": "0, 2.0 and 4.0 GPa"})
    found = [(r.tc_K, r.pressure_GPa) for r in records(claim)]
    assert found == [(43.2, 0.0), (46.8, 2.0), (48.1, 4.0)]


def test_a_list_takes_its_value_by_order() -> None:
    listed = "AOs2O6 with A = K, Rb and Cs"
    claims = [
        make(listed, {"tc": tc}, hints={"order": f"{i}/3"})
        for i, tc in enumerate(("9.6 K", "6.3 K", "3.3 K"))
    ]
    assert [(r.formula, r.tc_K) for r in records(*claims)] == [
        ("KOs2O6", 9.6),
        ("RbOs2O6", 6.3),
        ("CsOs2O6", 3.3),
    ]


def test_one_tc_for_a_list_of_materials_names_none_of_them() -> None:
    [record] = records(make("AFe2As2 (A = Ca, Sr and Ba)", {"tc": "30 K"}))
    assert record.formula is None
    assert "list_unpaired" in record.flags


def test_a_bare_variable_finds_its_formula() -> None:
    text = "ScFeAsO1-xFx samples"
    mention = Mention(0, 12, Label.MATERIAL, "ScFeAsO1-xFx")
    context = MaterialContext.of([Passage(PassageKind.TITLE, text)], [[mention]])
    [record] = records(make("x = 0.10", {"tc": "43.2 K"}), context=context)
    assert (record.raw_material, record.formula) == ("x = 0.10", "ScFeAsO0.9F0.1")
    assert record.variables == {"x": "0.10"}


def test_electron_phonon_numbers_and_units() -> None:
    claim = make("LaH10", {"lambda": "2.29", "omega_log": "95 meV", "mu_star": "0.10"})
    [record] = records(claim)
    assert (record.lambda_, record.mu_star) == (2.29, 0.1)
    assert record.omega_log_K == pytest.approx(95 * 11.604518, rel=1e-6)


def test_a_cell_and_its_space_group() -> None:
    values = {"space_group": "I4/mmm", "a": "0.393 nm", "c": "1.236 nm"}
    claim = make("SrFe2As2", {**values, "prototype": "ThCr2Si2", "crystal_structure": "tetragonal"})
    [record] = records(claim)
    assert (record.space_group, record.space_group_number) == ("I4/mmm", 139)
    assert record.a_A == pytest.approx(3.93)
    assert record.c_A == pytest.approx(12.36)
    assert (record.crystal_structure, record.prototype) == ("tetragonal", "ThCr2Si2")


def test_the_same_claim_is_one_record_with_a_lasting_id() -> None:
    claim = make("MgB2", {"tc": "39 K"})
    [first] = records(claim, claim)
    [again] = records(claim)
    assert first.record_id == again.record_id


def test_what_a_sample_is_free_of_is_not_its_formula() -> None:
    [record] = records(make("Pb-free series", {"tc": "17 K"}))
    assert (record.formula, record.composition) == (None, {})


def test_numbers_that_cannot_be_are_flagged_and_left_out() -> None:
    [record] = records(make("MgB2", {"a": "0.3 Å", "alpha": "0.463", "mu_star": "1.3"}))
    assert (record.a_A, record.alpha_deg, record.mu_star) == (None, None, None)
    assert {"a_implausible", "alpha_implausible", "mu_star_implausible"} <= set(record.flags)


def test_a_sign_before_the_value_is_its_relation() -> None:
    [record] = records(make("MgB2", {"tc": "39 K"}, hints={"tc_relation": "~"}))
    assert (record.tc_K, record.tc_relation) == (39.0, "~")


def test_a_listing_shares_its_space_group_but_not_its_coupling() -> None:
    listed = "AFe2As2 (A = Ca, Sr)"
    shared = records(make(listed, {"space_group": "I4/mmm"}))
    assert [r.formula for r in shared] == ["CaFe2As2", "SrFe2As2"]
    [own] = records(make(listed, {"lambda": "0.8"}))
    assert (own.formula, own.lambda_, own.flags) == (None, 0.8, ["list_unpaired"])
