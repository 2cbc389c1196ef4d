"""Records as a whole: flags, order, any record at all, and the user's own retractions."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scmine.database.record import Evidence, Origin, PressureKind, Record, Source
from scmine.validator.finding import Finding, Severity
from scmine.validator.plausibility.check import check_record, check_records
from scmine.validator.plausibility.flagging import flagged, flags_of
from scmine.validator.plausibility.papers import RetractionsError, load_papers, papers_with

NUMBER = st.none() | st.floats(allow_nan=False, allow_infinity=False)
SMALL = st.none() | st.floats(0, 500)
TEXT = st.text(max_size=30) | st.sampled_from(
    ["La2-xSrxCuO4", "C60", "39 K", "1-2 GPa", "ambient pressure", "Tc of 39 K was predicted"]
)
FORMULA = st.none() | TEXT | st.sampled_from(["H3S", "D3S", "YBa2Cu3O7", "MgB2", "Hg0.5Ba2CuO4"])
RECORD = st.builds(
    Record,
    record_id=st.text(min_size=1, max_size=5),
    doc_id=st.sampled_from(["a", "b"]),
    raw_material=TEXT,
    formula=FORMULA,
    composition=st.dictionaries(st.sampled_from(["H", "D", "Cu", "O", "Xx"]), st.floats(0, 9)),
    material_class=st.none() | st.sampled_from(["cuprate", "hydride", "other", "none of ours"]),
    tc_K=NUMBER | SMALL,
    tc_min_K=NUMBER,
    tc_max_K=SMALL,
    tc_uncertainty_K=SMALL,
    raw_tc=st.none() | TEXT,
    superconducting=st.none() | st.booleans(),
    raw_pressure=st.none() | TEXT,
    pressure_GPa=NUMBER | SMALL,
    pressure_kind=st.none() | st.sampled_from(PressureKind),
    lambda_=SMALL,
    omega_log_K=SMALL,
    omega2_K=SMALL,
    mu_star=st.none() | st.floats(0, 1),
    tc_method=st.none() | st.sampled_from(["McMillan", "SCDFT", "?"]),
    evidence=st.sampled_from(Evidence),
    origin=st.none() | st.sampled_from(Origin),
    source=st.sampled_from(Source),
    sentence=TEXT,
    title=st.none() | TEXT,
    doi=st.none() | TEXT,
    a_A=NUMBER,
)


@given(st.lists(RECORD, max_size=6))
@settings(max_examples=150, deadline=None)
def test_any_records_are_checked_without_an_error(records: list[Record]) -> None:
    before = [record.model_copy(deep=True) for record in records]
    results = check_records(records)
    assert len(results) == len(records)
    assert records == before
    assert all(f.message and f.fields for findings in results for f in findings)


@given(RECORD)
@settings(max_examples=60, deadline=None)
def test_flagging_twice_changes_nothing_more(record: Record) -> None:
    once = flagged([record])
    assert flagged(once) == once


def make(**values: Any) -> Record:
    return Record.model_validate({"record_id": "r", "doc_id": "d", "raw_material": "?", **values})


def test_notes_are_no_flags() -> None:
    findings = [Finding("one", Severity.NOTE, "?"), Finding("two", Severity.ERROR, "?")]
    assert flags_of([*findings, findings[1]]) == ["two"]


def test_flags_of_the_extractors_stay_and_old_ones_of_the_validator_go() -> None:
    record = make(tc_K=39.0, flags=["tc_up_to", "tc_out_of_range", "contradicted"])
    assert flagged([record])[0].flags == ["tc_up_to", "contradicted"]


def test_other_checks_are_joined() -> None:
    finding = Finding("too_nice", Severity.WARNING, "?", ("tc_K",))
    assert check_record(make(), others=[lambda record: [finding]]) == [finding]


def test_records_of_different_papers_are_not_compared() -> None:
    light = make(doc_id="one", formula="H3S", composition={"H": 3.0, "S": 1.0}, tc_K=150.0)
    heavy = make(doc_id="two", formula="D3S", composition={"D": 3.0, "S": 1.0}, tc_K=200.0)
    names = {f.name for findings in check_records([light, heavy]) for f in findings}
    assert "isotope_shift_reversed" not in names


def test_oxygen_isotopes_are_told_by_the_printed_formula() -> None:
    composition = {"Y": 1.0, "Ba": 2.0, "Cu": 3.0, "O": 7.0}
    light, heavy = (
        make(raw_material=f"YBa2Cu3^{mass}O7", formula="YBa2Cu3O7", composition=composition, tc_K=t)
        for mass, t in ((16, 90.0), (18, 93.0))
    )
    results = check_records([light, heavy])
    assert all("isotope_shift_reversed" in {f.name for f in found} for found in results)


OWN_LIST = """
[[paper]]
kind = "expression of concern"
arxiv_ids = ["2303.00001"]
title = "A paper of doubtful data"
notice = "Journal of Examples 1, 2 (2024)"
"""


def test_the_users_own_list_is_used_beside_the_packaged_one(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(OWN_LIST, "utf-8")
    doubted = papers_with(path)
    of_mine = make(arxiv_id="arXiv:2303.00001v2")
    of_packaged = make(doi="10.1126/science.1064773")
    assert flags_of(check_record(of_mine, doubted=doubted)) == ["doubted_paper"]
    assert flags_of(check_record(of_packaged, doubted=doubted)) == ["retracted_paper"]
    assert flags_of(check_record(of_mine)) == []


@pytest.mark.parametrize(
    "text",
    ["[[paper]", "[[paper]]\nnotice = 'x'\nkind = 'retraction'", "[[paper]]\ndoi = '10.1/x'",
     "paper = 3", "[[paper]]\ndoi='10.1/x'\nkind='retraction'\nnotice='n'\nvalues=[{words='('}]"],
)  # fmt: skip
def test_a_broken_list_is_said_with_its_name(tmp_path: Path, text: str) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(text, "utf-8")
    with pytest.raises(RetractionsError, match=r"mine\.toml"):
        load_papers(path)


def test_a_list_that_is_not_there_is_said() -> None:
    with pytest.raises(RetractionsError, match="cannot be read"):
        load_papers(Path("not/there.toml"))
