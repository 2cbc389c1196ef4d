"""Columns of anybody's table: which are recognised, with which unit, and what their cells say."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scmine.database.record import COLUMNS, Evidence, Record
from scmine.pipelines.record_columns import ColumnMap, ColumnsError, Reading


def read(row: dict[str, Any], **given_columns: str) -> Reading:
    return ColumnMap.of(list(row), given_columns or None).read(row, 2, "t.csv")


def record(row: dict[str, Any], **given_columns: str) -> Record:
    reading = read(row, **given_columns)
    assert reading.record is not None
    assert reading.problems == ()
    return reading.record


@pytest.mark.parametrize(
    ("name", "ours"),
    [
        ("Tc", "tc_K"),
        ("critical_temp", "tc_K"),
        ("criticalTemperature", "tc_K"),
        ("Tc (K)", "tc_K"),
        ("TC [mK]", "tc_K"),
        ("P_GPa", "pressure_GPa"),
        ("appliedPressure", "pressure_GPa"),
        ("Pressure, kbar", "pressure_GPa"),
        ("omlog", "omega_log_K"),
        ("λ", "lambda"),
        ("mu*", "mu_star"),
        ("space_group_symbol", "space_group"),
        ("materialClass", "material_class"),
        ("a (Å)", "a_A"),
    ],
)
def test_columns_are_recognised_by_name(name: str, ours: str) -> None:
    assert ColumnMap.of(["compound", name]).fields == {"raw_material": "compound", ours: name}


def test_columns_that_are_not_recognised_are_said() -> None:
    assert ColumnMap.of(["name", "Tc", "Tc_list", "colour"]).unused == ("Tc_list", "colour")


def test_the_unit_of_a_column_counts() -> None:
    row = {"name": "W", "Tc (mK)": "12", "pressure (kbar)": "15", "a [nm]": 0.3165}
    got = record(row)
    assert (got.tc_K, got.pressure_GPa, got.a_A) == pytest.approx((0.012, 1.5, 3.165))


def test_the_unit_of_a_cell_counts_more() -> None:
    got = record({"name": "H3S", "Tc": "203 K", "pressure": "1.5 Mbar"})
    assert (got.tc_K, got.raw_tc, got.pressure_GPa) == (203.0, "203 K", 150.0)


def test_ranges_and_uncertainties_of_cells_are_kept() -> None:
    got = record({"name": "FeSe", "Tc": "8-9 K", "pressure": "0.5"})
    assert (got.tc_K, got.tc_min_K, got.tc_max_K) == (None, 8.0, 9.0)
    assert record({"name": "FeSe", "Tc": "8.5(3)"}).tc_uncertainty_K == pytest.approx(0.3)


def test_a_list_in_a_cell_is_a_range() -> None:
    got = record({"name": "NbN", "Tc_expt": "[14.7, 16.0,17.3]"})
    assert (got.tc_min_K, got.tc_max_K) == (14.7, 17.3)
    assert record({"name": "NbN", "Tc": "[16]"}).tc_K == 16.0


def test_a_tc_of_zero_is_neither_a_tc_nor_a_non_observation() -> None:
    """SuperCon's tables print 0 where no Tc is reported."""
    got = record({"name": "Cu", "Tc": "0.0"})
    assert (got.tc_K, got.superconducting) == (None, None)


@pytest.mark.parametrize("cell", ["", "  ", "-", "N/A", "nan", float("nan"), None])
def test_cells_that_say_nothing_leave_the_field_empty(cell: Any) -> None:
    assert record({"name": "Nb", "Tc": cell}).tc_K is None


def test_a_material_is_read_with_its_class() -> None:
    got = record({"name": "YBCO", "Tc": 92})
    assert (got.formula, got.material_class) == ("YBa2Cu3O7-δ", "cuprate")
    assert record({"formula": "La1.85Sr0.15CuO4"}).composition["Sr"] == 0.15


def test_classes_of_other_schemes_do_not_count() -> None:
    assert record({"name": "K3C60", "class": "organic"}).material_class == "fulleride"
    assert record({"name": "sample 7", "class": "Cuprate"}).material_class == "cuprate"


@pytest.mark.parametrize(
    ("method", "evidence", "kept"),
    [
        ("comput", Evidence.CALCULATED, None),
        ("expt", Evidence.MEASURED, None),
        ("DFT", Evidence.CALCULATED, None),
        ("resistivity", Evidence.UNKNOWN, "resistivity"),
    ],
)
def test_a_column_of_methods_says_measured_or_calculated(
    method: str, evidence: Evidence, kept: str | None
) -> None:
    got = record({"name": "H3S", "method": method})
    assert (got.evidence, got.measurement_method) == (evidence, kept)


def test_a_doi_is_found_in_a_column_of_references() -> None:
    got = record({"name": "CaBH2", "ref": "['[10.1103/PhysRevB.104.174106]']"})
    assert (got.doi, got.doc_id) == ("10.1103/PhysRevB.104.174106",) * 2


def test_rows_without_a_paper_stand_alone() -> None:
    assert record({"name": "Nb"}).doc_id == "t.csv:2"


def test_what_cannot_be_read_is_said_and_the_rest_is_kept() -> None:
    reading = read({"name": "Nb", "Tc": "cold", "year": "19x"})
    assert reading.problems == ("Tc: 'cold' is no temperature", "year: '19x' is no whole number")
    assert reading.record is not None
    assert reading.record.raw_material == "Nb"


def test_a_row_without_a_material_is_no_record() -> None:
    assert read({"name": " ", "Tc": "9"}) == Reading(None, ("no material",))


def test_the_user_names_columns() -> None:
    got = record({"Probe": "Nb", "T_onset (mK)": "9200", "Tc": "1"}, raw_material="Probe",
                 tc_K="T_onset (mK)")  # fmt: skip
    assert (got.raw_material, got.tc_K) == ("Nb", 9.2)


@pytest.mark.parametrize("given_columns", [{"tc": "Tc"}, {"tc_K": "T"}])
def test_columns_that_are_not_there_are_refused(given_columns: dict[str, str]) -> None:
    with pytest.raises(ColumnsError, match=r"there (?:is|are)"):
        ColumnMap.of(["name", "Tc"], given_columns)


def test_an_export_of_ours_comes_back_as_it_was() -> None:
    first = Record(record_id="r", doc_id="d", raw_material="MgB2", tc_K=39.0, flags=["x"],
                   composition={"Mg": 1.0, "B": 2.0}, superconducting=True)  # fmt: skip
    row = first.to_row()
    assert read(row).record == first
    assert ColumnMap.of(COLUMNS).is_own


@given(st.dictionaries(st.text(max_size=12), st.text(max_size=12) | st.integers(), max_size=6))
@settings(max_examples=150, deadline=None)
def test_any_row_is_a_record_or_says_why_not(row: dict[str, Any]) -> None:
    reading = ColumnMap.of(list(row)).read(row, 2, "t.csv")
    assert reading.record is not None or reading.problems


CELLS = st.text(max_size=20) | st.floats() | st.none() | st.sampled_from(["39 K", "[1,2]", "1e400"])


@given(st.fixed_dictionaries({"name": CELLS, "Tc": CELLS, "P (kbar)": CELLS, "year": CELLS}))
@settings(max_examples=150, deadline=None)
def test_any_cells_are_read_or_said(row: dict[str, Any]) -> None:
    reading = ColumnMap.of(list(row)).read(row, 2, "t.csv")
    assert reading.record is not None or reading.problems
