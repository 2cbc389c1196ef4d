"""Records in SuperCon²'s columns."""

from __future__ import annotations

from typing import Any

import pytest

from scmine.database.record import Record
from scmine.database.supercon2 import SUPERCON2_COLUMNS, supercon2_row


def row_of(**values: Any) -> dict[str, str] | None:
    """The row of a record of MgB2."""
    known = {"record_id": "r", "doc_id": "d", "raw_material": "MgB2"}
    return supercon2_row(Record.model_validate(known | values))


def test_columns_are_in_order():
    row = row_of(tc_K=39)
    assert row is not None
    assert tuple(row) == SUPERCON2_COLUMNS


def test_what_is_known_is_there():
    row = row_of(
        formula="Mg0.9Al0.1B2",
        variables={"x": "0.1", "y": "2"},
        raw_tc="39(1) K",
        tc_K=39.0,
        measurement_method="resistivity",
        authors=["A. One", "B. Two"],
        year=2001,
        section="Results",
    )
    assert row is not None
    expected = {
        "formula": "Mg0.9Al0.1B2",
        "variables": "x=0.1, y=2",
        "criticalTemperature": "39(1) K",
        "criticalTemperatureMeasurementMethod": "resistivity",
        "authors": "A. One, B. Two",
        "year": "2001",
        "section": "Results",
        "subsection": "",
        "hash": "d",
        "name": "",
    }
    assert {name: row[name] for name in expected} == expected


@pytest.mark.parametrize(
    ("values", "printed"),
    [
        ({"tc_K": 39.0}, "39 K"),
        ({"tc_K": 0.0125}, "0.0125 K"),
        ({"tc_K": 250.0, "tc_relation": "~"}, "~ 250 K"),
        ({"tc_K": 20.0, "tc_relation": "="}, "20 K"),
        ({"tc_min_K": 4.2, "tc_max_K": 9.0}, "4.2-9 K"),
        ({"tc_min_K": 4.2}, "> 4.2 K"),
        ({"tc_max_K": 9.0}, "< 9 K"),
    ],
)
def test_a_tc_without_its_printed_form(values: dict[str, Any], printed: str):
    row = row_of(**values)
    assert row is not None
    assert row["criticalTemperature"] == printed


@pytest.mark.parametrize(
    "values",
    [
        {},
        {"lowest_temperature_K": 2.0, "superconducting": False},
        {"raw_tc": "2 K", "superconducting": False},
        {"tc_K": 39.0, "status": "invalid"},
        {"tc_K": 39.0, "status": "obsolete"},
        {"tc_K": 39.0, "status": "removed"},
    ],
)
def test_what_is_no_claim_of_a_tc_is_left_out(values: dict[str, Any]):
    assert row_of(**values) is None


@pytest.mark.parametrize(
    ("values", "pressure"),
    [
        ({"pressure_GPa": 150.0, "pressure_kind": "applied"}, "150 GPa"),
        ({"raw_pressure": "1.5 Mbar", "pressure_kind": "applied"}, "1.5 Mbar"),
        ({"raw_pressure": "6 GPa", "pressure_kind": "synthesis"}, ""),
        ({"raw_pressure": "6 GPa"}, ""),
    ],
)
def test_only_an_applied_pressure_is_one(values: dict[str, Any], pressure: str):
    row = row_of(tc_K=39.0, **values)
    assert row is not None
    assert row["appliedPressure"] == pressure


@pytest.mark.parametrize(
    ("values", "method"),
    [
        ({"evidence": "measured"}, ""),
        ({"evidence": "calculated"}, "calculated"),
        ({"evidence": "calculated", "tc_method": "Eliashberg"}, "Eliashberg"),
        ({"evidence": "unknown", "tc_method": "Eliashberg"}, ""),
    ],
)
def test_a_calculated_tc_says_so(values: dict[str, Any], method: str):
    row = row_of(tc_K=39.0, **values)
    assert row is not None
    assert row["criticalTemperatureMeasurementMethod"] == method


def test_a_material_has_one_id_in_a_paper_and_another_in_the_next():
    ids = [
        row["materialId"]
        for row in (row_of(tc_K=39.0), row_of(tc_K=38.0), row_of(tc_K=39.0, doc_id="other"))
        if row is not None
    ]
    assert ids[0] == ids[1]
    assert ids[0] != ids[2]
