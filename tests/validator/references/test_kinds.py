"""Kinds are told by columns; what is of none, or not of the one asked for, is an error."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scmine.database.export import export_records
from scmine.database.record import Evidence, Record
from scmine.validator.references.entry import ReferenceFileError
from scmine.validator.references.loaders.kinds import KINDS, kind_named, read_file


def test_the_name_of_the_file_tells_nothing(tmp_path: Path):
    path = tmp_path / "3DSC_MP.csv"
    path.write_text("name,Tc\nMgB2,39\n")
    assert read_file(path).kind == "supercon-stanev"


def test_our_own_exports_are_read(tmp_path: Path):
    records = [
        Record(
            record_id="r1",
            doc_id="d",
            raw_material="MgB2",
            formula="MgB2",
            tc_K=39.0,
            pressure_GPa=1.0,
            lambda_=0.7,
            evidence=Evidence.MEASURED,
            doi="10.1/a",
        ),
        Record(
            record_id="r2",
            doc_id="d",
            raw_material="ZrZn2",
            formula="ZrZn2",
            superconducting=False,
            lowest_temperature_K=0.02,
        ),
        Record(record_id="r3", doc_id="d", raw_material="the sample", tc_K=3.0),
    ]
    path = tmp_path / "own.csv"
    export_records(records, "csv", path)
    reading = read_file(path)
    assert reading.kind == "scmine"
    first, second = reading.entries
    assert (first.tc_K, first.pressure_GPa, first.lambda_) == (39, 1, 0.7)
    assert (first.evidence, first.source) == (Evidence.MEASURED, "10.1/a")
    assert (second.superconducting, second.lowest_temperature_K) == (False, 0.02)
    assert reading.reasons == {"formula_not_read": [4]}


def test_any_table_with_a_formula_and_a_tc(tmp_path: Path):
    path = tmp_path / "t.csv"
    path.write_text("No;Compound;Tc (K);evidence\n1;MgB2;39;measured\n2;NbN;0;\n")
    reading = read_file(path)
    assert reading.kind == "table"
    assert [(e.tc_K, e.superconducting) for e in reading.entries] == [(39, True), (None, None)]
    assert [e.evidence.value for e in reading.entries] == ["measured", "unknown"]


def test_a_kind_can_be_asked_for(tmp_path: Path):
    path = tmp_path / "t.csv"
    path.write_text("name,Tc\nMgB2,39\n")
    assert read_file(path, kind="table", name="mine").entries[0].set_name == "mine"
    with pytest.raises(ReferenceFileError, match="no table of the kind compsc"):
        read_file(path, kind="compsc")
    with pytest.raises(ValueError, match="no kind is called"):
        read_file(path, kind="nothing")


@pytest.mark.parametrize("text", ["doi,title\n10.1/a,On MgB2\n", '[{"a": 1}]', "just words\n"])
def test_what_is_of_no_kind_says_what_would_do(tmp_path: Path, text: str):
    path = tmp_path / "t"
    path.write_text(text)
    with pytest.raises(ReferenceFileError, match=r"no known reference set.*--kind.*tc_K"):
        read_file(path)


def test_progress_is_told(tmp_path: Path):
    path = tmp_path / "t.csv"
    path.write_text("name,Tc\n" + "MgB2,39\n" * 1200)
    told: list[int] = []
    assert len(read_file(path, progress=told.append).entries) == 1200
    assert told == [500, 1000]


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_kinds_have_names_of_their_own(kind):
    assert kind_named(kind.name) is kind
    assert kind.columns or kind.json_keys


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(st.lists(st.tuples(st.text(max_size=20), st.text(max_size=12)), max_size=8))
def test_every_row_is_an_entry_or_told(tmp_path: Path, rows):
    path = tmp_path / "t.csv"
    cells = [[c.replace('"', "").replace("\x00", "") for c in row] for row in rows]
    lines = ["name,Tc", *(",".join(f'"{c}"' for c in row) for row in cells)]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8", newline="")
    reading = read_file(path)
    there = [row for row in cells if any(c.strip() for c in row)]
    header = [row for row in there if [c.strip().lower() for c in row] == ["name", "tc"]]
    assert len(reading.entries) + len(reading.unread) == len(there) - len(header)
    assert all(e.tc_K is None or 0 < e.tc_K <= 1000 for e in reading.entries)
