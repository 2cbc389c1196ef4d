"""Rows of SuperCon²'s CSV as values of our columns."""

from __future__ import annotations

from typing import Any

import pytest

from scmine.database.import_rows import claim_of
from scmine.database.import_values import RowError
from scmine.database.record import Record
from scmine.database.supercon2 import supercon2_row
from scmine.pipelines.import_supercon2 import read_supercon2

ROW = {"rawMaterial": "MgB2", "criticalTemperature": "39 K", "doi": "10.1/x"}


def read(**values: str | None) -> dict[str, Any]:
    """What a row says."""
    return read_supercon2(ROW | values)


def test_texts_stay_as_they_are():
    found = read(
        name="magnesium diboride",
        formula="Mg0.9Al0.1B2",
        doping="Al-doped",
        shape="wire",
        materialClass="MgB2",
        fabrication="annealed",
        substrate="Si(111)",
        section="body",
        title="On MgB2",
        authors="A. One, B. Two",
        publisher="X",
        journal="Y",
        year="2001",
        variables="M=Nb, Ta, x=0.1",
        spaceGroup="P6/mmm",
    )
    expected = {
        "raw_material": "MgB2",
        "name": "magnesium diboride",
        "formula": "Mg0.9Al0.1B2",
        "composition": {"Mg": 0.9, "Al": 0.1, "B": 2.0},
        "doping": "Al-doped",
        "shape": "wire",
        "material_class": "MgB2",
        "fabrication": "annealed",
        "substrate": "Si(111)",
        "section": "body",
        "title": "On MgB2",
        "authors": ["A. One", "B. Two"],
        "publisher": "X",
        "journal": "Y",
        "year": 2001,
        "doi": "10.1/x",
        "variables": {"M": "Nb, Ta", "x": "0.1"},
        "space_group": "P6/mmm",
        "extractor": "supercon2",
    }
    assert {name: found.get(name) for name in expected} == expected


@pytest.mark.parametrize(
    ("printed", "fields"),
    [
        ("39 K", {"tc_K": 39.0, "superconducting": True, "flags": []}),
        ("250 mK", {"tc_K": 0.25}),
        ("4.2-9 K", {"tc_K": None, "tc_min_K": 4.2, "tc_max_K": 9.0}),
        ("< 1.8 K", {"tc_K": None, "superconducting": False, "lowest_temperature_K": 1.8}),
        ("39", {"raw_tc": "39", "flags": ["tc_unit_missing"]}),
        ("10 and 12 K", {"tc_min_K": 10.0, "tc_max_K": 12.0, "flags": ["tc_list"]}),
    ],
)
def test_temperatures_are_read_as_those_of_papers(printed: str, fields: dict[str, Any]):
    found = read(criticalTemperature=printed)
    assert {name: found.get(name) for name in fields} == fields
    assert found["raw_tc"] == printed


def test_pressures_are_applied():
    found = read(appliedPressure="15 kbar")
    assert (found["pressure_GPa"], found["pressure_kind"]) == (1.5, "applied")
    assert "pressure_GPa" not in read(appliedPressure=None)


@pytest.mark.parametrize(
    ("method", "fields"),
    [
        ("resistivity", {"evidence": "measured", "measurement_method": "resistivity"}),
        ("calculated", {"evidence": "calculated", "measurement_method": None}),
        ("Allen-Dynes", {"evidence": "calculated", "tc_method": "Allen-Dynes"}),
        ("", {"evidence": None, "measurement_method": None}),
    ],
)
def test_a_theory_means_that_the_tc_was_calculated(method: str, fields: dict[str, Any]):
    found = read(criticalTemperatureMeasurementMethod=method)
    assert {name: found.get(name) for name in fields} == fields


def test_verdicts_of_its_curators():
    found = read(status="Validated", error_type="Tc classification", sentence="At 39 K.")
    assert (found["status"], found["error_type"]) == ("validated", "tc_classification")
    assert found["sentence"] == "At 39 K."
    assert read(errorType="anomaly_detection")["error_type"] == "anomaly"


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ({"criticalTemperature": ""}, "tc_not_read"),
        ({"criticalTemperature": "room temperature"}, "tc_not_read"),
        ({"criticalTemperature": "-3 K"}, "negative"),
        ({"appliedPressure": "high"}, "pressure_not_read"),
        ({"year": "unknown"}, "not_an_integer"),
    ],
)
def test_rows_that_say_too_little_are_refused(values: dict[str, str], reason: str):
    with pytest.raises(RowError) as caught:
        read(**values)
    assert caught.value.reason == reason


def test_papers_and_records_keep_their_ids():
    sha = "a" * 64
    assert read(hash=sha)["doc_id"] == sha
    assert "doc_id" not in read(hash="0f3c")
    one, other = (claim_of(2, read(hash=h)) for h in ("0f3c", "ffff"))
    assert one.doc_id == other.doc_id
    by_hash = [claim_of(2, read(doi=None, hash=h)).doc_id for h in ("0f3c", "0f3c", "ffff")]
    assert by_hash[0] == by_hash[1] != by_hash[2]
    assert read(id="1", status="new")["record_id"] == read(id="2", status="valid")["record_id"]
    assert read(criticalTemperature="38 K")["record_id"] != read()["record_id"]
    mongo = "5f" * 12
    changed = read(id=mongo, criticalTemperature="38 K")["record_id"]
    assert changed == read(id=mongo)["record_id"]


def test_what_we_write_comes_back_as_it_was():
    record = Record(
        record_id="r",
        doc_id="b" * 64,
        raw_material="Mg0.9Al0.1B2",
        formula="Mg0.9Al0.1B2",
        raw_tc="36(1) K",
        raw_pressure="1.5 GPa",
        pressure_kind="applied",
        evidence="calculated",
        tc_method="Allen-Dynes",
        superconducting=True,
        authors=["A. One"],
        year=2001,
    )
    row = supercon2_row(record)
    assert row is not None
    back = claim_of(2, read_supercon2(row)).new_record()
    assert supercon2_row(back) == row
    assert (back.tc_K, back.tc_uncertainty_K, back.pressure_GPa) == (36.0, 1.0, 1.5)
