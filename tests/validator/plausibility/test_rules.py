"""Each rule fires on what it is about and stays silent beside it; the data files are sound."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import pytest

from scmine.database.record import Record
from scmine.extractors.lexicons import load_toml
from scmine.extractors.material_class import OTHER
from scmine.validator.finding import Severity
from scmine.validator.plausibility.ceilings import ceilings
from scmine.validator.plausibility.check import check_records
from scmine.validator.plausibility.composed import ELSEWHERE
from scmine.validator.plausibility.rules import rules

Row = dict[str, Any]
H3S: Row = {"raw_material": "H3S", "formula": "H3S", "composition": {"H": 3.0, "S": 1.0}}
D3S: Row = {"raw_material": "D3S", "formula": "D3S", "composition": {"D": 3.0, "S": 1.0}}
MGB2: Row = {"raw_material": "MgB2", "formula": "MgB2", "composition": {"Mg": 1.0, "B": 2.0}}
YBCO: Row = {
    "raw_material": "YBa2Cu3O7",
    "formula": "YBa2Cu3O7",
    "composition": {"Y": 1.0, "Ba": 2.0, "Cu": 3.0, "O": 7.0},
    "material_class": "cuprate",
}
PDH: Row = {"raw_material": "PdH", "formula": "PdH", "composition": {"Pd": 1.0, "H": 1.0}}
PDD: Row = {"raw_material": "PdD", "formula": "PdD", "composition": {"Pd": 1.0, "D": 1.0}}
SNIDER = "10.1038/s41586-020-2801-z"
REVIEW = "Superconductivity in hydrides: a review"


def told(sentence: str, **values: Any) -> Row:
    return {**MGB2, "sentence": sentence, "evidence": "measured", **values}


# What a rule must find, and what it must not; a list is the records of one paper.
CASES: dict[str, tuple[Sequence[Row | list[Row]], Sequence[Row | list[Row]]]] = {
    "tc_out_of_range": (
        [{**MGB2, "tc_K": 39000.0}, {**MGB2, "tc_max_K": 401.0, "evidence": "measured"}],
        [{**MGB2, "tc_K": 39.0}, {**H3S, "tc_K": 473.0, "evidence": "calculated"}],
    ),
    "lowest_temperature_out_of_range": (
        [{**MGB2, "lowest_temperature_K": 1800.0}],
        [{**MGB2, "lowest_temperature_K": 1.8}],
    ),
    "tc_uncertainty_too_large": (
        [{**MGB2, "tc_K": 4.0, "tc_uncertainty_K": 40.0}],
        [{**MGB2, "tc_K": 39.0, "tc_uncertainty_K": 0.5}],
    ),
    "pressure_out_of_range": (
        [{**H3S, "pressure_GPa": 155000.0}, {**H3S, "pressure_min_GPa": -1.0}],
        [{**H3S, "pressure_GPa": 155.0}, {"pressure_GPa": 3000.0, "evidence": "calculated"}],
    ),
    "pressure_beyond_experiment": (
        [{**H3S, "pressure_GPa": 600.0, "evidence": "measured"}],
        [
            {**H3S, "pressure_GPa": 600.0, "evidence": "calculated"},
            {**H3S, "pressure_GPa": 300.0, "evidence": "measured"},
        ],
    ),
    "lambda_out_of_range": ([{"lambda": 150.0}, {"lambda": 0.001}], [{"lambda": 0.87}]),
    "mu_star_out_of_range": ([{"mu_star": 1.0}, {"mu_star": -0.1}], [{"mu_star": 0.13}]),
    "omega_log_out_of_range": ([{"omega_log_K": 0.1}, {"omega2_K": 9e4}], [{"omega_log_K": 700}]),
    "omega_log_unit_slip": ([{"omega_log_K": 5.6}], [{"omega_log_K": 56.0}, {"omega2_K": 0.5}]),
    "omega_log_unit_slip_hydride": (
        [{**H3S, "omega_log_K": 97.0}],
        [{**H3S, "omega_log_K": 1125.0}, {**MGB2, "omega_log_K": 97.0}],
    ),
    "tc_unit_slip": (
        [{**YBCO, "tc_K": 0.092}],
        [{**YBCO, "tc_K": 92.0}, {"raw_material": "W", "formula": "W", "tc_K": 0.012}],
    ),
    "lattice_out_of_range": ([{"a_A": 0.3086}, {"c_A": 352.0}], [{"a_A": 3.086}, {"c_A": 36.9}]),
    "lattice_unit_slip": ([{"c_A": 1.2}, {"c_A": 150.0}], [{"c_A": 12.0}, {"c_A": 0.5}]),
    "angle_out_of_range": ([{"gamma_deg": 2.094}], [{"gamma_deg": 120.0}]),
    "space_group_out_of_range": ([{"space_group_number": 231}], [{"space_group_number": 225}]),
    "field_out_of_range": ([{"magnetic_field_T": 50000.0}], [{"magnetic_field_T": 9.0}]),
    "year_out_of_range": ([{"year": 1191}], [{"year": 1911}]),
    "ends_reversed": (
        [{"tc_min_K": 40.0, "tc_max_K": 30.0}, {"pressure_min_GPa": 9.0, "pressure_max_GPa": 1.0}],
        [{"tc_min_K": 30.0, "tc_max_K": 40.0}, {"tc_min_K": 30.0}],
    ),
    "above_class_record": (
        [
            {**H3S, "tc_K": 203.0, "pressure_GPa": 0.0, "evidence": "measured"},
            {**H3S, "tc_K": 290.0, "pressure_GPa": 200.0},
            {**H3S, "tc_K": 250.0, "pressure_GPa": 1.7},
            {**H3S, "tc_K": 250.0, "pressure_GPa": 20.0},
            {**H3S, "tc_K": 250.0, "pressure_GPa": 60.0},
            {**H3S, "tc_K": 250.0, "pressure_GPa": 100.0},
            {**YBCO, "tc_K": 180.0},
            {"raw_material": "CeCoIn5", "formula": "CeCoIn5", "tc_K": 10.0},
        ],
        [
            {**H3S, "tc_K": 203.0, "pressure_GPa": 155.0},
            {**H3S, "tc_K": 108.0, "pressure_GPa": 80.0},
            {**H3S, "tc_K": 176.0, "pressure_GPa": 100.0},
            {**H3S, "tc_K": 203.0},
            {**YBCO, "tc_K": 93.0, "pressure_GPa": 0.0},
            {"raw_material": "PuCoGa5", "formula": "PuCoGa5", "tc_K": 18.5},
            {"raw_material": "FeSe monolayer", "formula": "FeSe", "tc_K": 100.0},
            {"raw_material": "something", "tc_K": 250.0},
        ],
    ),
    "pressure_not_stated": (
        [{**H3S, "tc_K": 203.0}],
        [{**H3S, "tc_K": 203.0, "pressure_GPa": 155.0}, {**MGB2, "tc_K": 39.0}],
    ),
    "tc_not_as_printed": (
        [
            {"raw_tc": "39 K", "tc_K": 390.0},
            {"raw_tc": "12 mK", "tc_K": 12.0},
            {"raw_tc": "9.2", "tc_K": 92.0},
            {"raw_tc": "39,5", "tc_K": 41.0},
        ],
        [
            {"raw_tc": "39 K", "tc_K": 39.0},
            {"raw_tc": "39,5", "tc_K": 39.5},
            {"raw_tc": "1,234", "tc_K": 1234.0},
            {"raw_tc": "12 mK", "tc_K": 0.012},
            {"raw_tc": "9.2", "tc_K": 0.0092},
            {"raw_tc": "18-23 K", "tc_min_K": 18.0, "tc_max_K": 23.0},
            {"raw_tc": "about the same", "tc_K": 39.0},
        ],
    ),
    "pressure_not_as_printed": (
        [{"raw_pressure": "12 kbar", "pressure_GPa": 12.0}, {"raw_pressure": "150 GPa",
         "pressure_GPa": 0.0}],
        [{"raw_pressure": "12 kbar", "pressure_GPa": 1.2}, {"raw_pressure": "ambient pressure",
         "pressure_GPa": 0.0}, {"raw_pressure": "12", "pressure_GPa": 1.2}],
    ),
    "one_number_for_two": (
        [told("Tc reaches 150 at high pressure", tc_K=150.0, pressure_GPa=150.0)],
        [
            told("Tc reaches 150 K at 150 GPa", tc_K=150.0, pressure_GPa=150.0),
            told("Tc reaches 150 K at 140 GPa", tc_K=150.0, pressure_GPa=140.0),
            told("cubic, a = b = c = 5.26 Å", a_A=5.26, b_A=5.26, c_A=5.26),
        ],
    ),
    "composition_not_of_formula": (
        [{**MGB2, "composition": {"Mg": 1.0, "B": 20.0}}, {**MGB2, "composition": {"Mg": 1.0}}],
        [MGB2, {**MGB2, "formula": None}, {**MGB2, "formula": "MgBx"}],
    ),
    "class_not_of_formula": (
        [{**MGB2, "material_class": "cuprate"}],
        [
            YBCO,
            {**MGB2, "material_class": "conventional"},
            {"raw_material": "YBaCuO", "formula": "YBaCuO", "material_class": "cuprate",
             "composition": {"Y": 1.0, "Ba": 1.0, "Cu": 1.0, "O": 1.0}},
        ],
    ),
    "pressure_ambient_and_high": (
        [
            {**H3S, "raw_pressure": "ambient pressure", "pressure_GPa": 150.0},
            told("at ambient pressure Tc is 39 K", tc_K=39.0, pressure_GPa=150.0),
        ],
        [
            {**H3S, "raw_pressure": "150 GPa", "pressure_GPa": 150.0},
            {**H3S, "raw_pressure": "ambient pressure", "pressure_GPa": 0.0},
            told("39 K at ambient pressure and 30 K at 9 GPa", tc_K=30.0, pressure_GPa=9.0),
        ],
    ),
    "calculated_called_measured": (
        [
            told("DFT predicts a Tc of 39 K", raw_tc="39 K", tc_K=39.0),
            told("Tc is 39 K", raw_tc="39 K", tc_K=39.0, tc_method="SCDFT"),
        ],
        [
            told("Tc of 39 K was measured as predicted", raw_tc="39 K", tc_K=39.0),
            told("the predicted phase has a Tc of 39 K", raw_tc="39 K", tc_K=39.0),
            told("39 K; a model was proposed later", raw_tc="39 K", tc_K=39.0),
            told("39 K, which is not expected to be reached", raw_tc="39 K", tc_K=39.0),
            told("with λ from McMillan", raw_tc="39 K", tc_K=39.0, tc_method="McMillan"),
            told("DFT predicts a Tc of 39 K", raw_tc="39 K", tc_K=39.0, evidence="calculated"),
        ],
    ),
    "measured_called_calculated": (
        [
            told("a Tc of 39 K was measured", raw_tc="39 K", tc_K=39.0, evidence="calculated"),
            told("Tc", tc_K=39.0, evidence="calculated", measurement_method="resistivity"),
        ],
        [
            told("a Tc of 39 K was measured", raw_tc="39 K", tc_K=39.0),
            told("measured and calculated: 39 K", raw_tc="39 K", tc_K=39.0, evidence="calculated"),
            told("39 K, close to experiments", raw_tc="39 K", tc_K=39.0, evidence="calculated"),
        ],
    ),
    "tc_is_other_temperature": (
        [
            told("it was annealed at 900 K for 12 h", raw_tc="900 K", tc_K=900.0),
            told("the Néel temperature is 39 K", raw_tc="39 K", tc_K=39.0),
        ],
        [
            told("it superconducts at 39 K", raw_tc="39 K", tc_K=39.0),
            told("annealed at 39 K; Tc is 39 K", raw_tc="39 K", tc_K=39.0),
            told("Tc = 4.3 ± 0.1 K and 6.7 ± 0.1 K", raw_tc="6.7 ± 0.1 K", tc_K=6.7),
        ],
    ),
    "absent_and_tc": (
        [{**MGB2, "superconducting": False, "tc_K": 39.0}],
        [{**MGB2, "superconducting": True, "tc_K": 39.0}, {**MGB2, "superconducting": False}],
    ),
    "tc_of_insulator": (
        [
            {"raw_material": "NaCl", "formula": "NaCl", "tc_K": 30.0,
             "composition": {"Na": 1.0, "Cl": 1.0}},
            {"raw_material": "MgO", "formula": "MgO", "tc_K": 85.0, "pressure_GPa": 0.0,
             "composition": {"Mg": 1.0, "O": 1.0}},
        ],
        [
            {"raw_material": "CsI", "formula": "CsI", "tc_K": 2.0, "pressure_GPa": 200.0,
             "composition": {"Cs": 1.0, "I": 1.0}},
            {"raw_material": "CsI", "formula": "CsI", "tc_K": 2.0,
             "composition": {"Cs": 1.0, "I": 1.0}},
            {"raw_material": "LiO8", "formula": "LiO8", "tc_K": 7.0,
             "composition": {"Li": 1.0, "O": 8.0}},
            {"raw_material": "12CaO.7Al2O3", "formula": "Ca12Al14O33", "tc_K": 0.2,
             "composition": {"Ca": 12.0, "Al": 14.0, "O": 33.0}},
            {**MGB2, "tc_K": 39.0},
        ],
    ),
    "material_not_read": (
        [{"raw_material": "RoomTempium", "tc_K": 300.0}],
        [
            {**MGB2, "tc_K": 39.0},
            {"raw_material": "RoomTempium"},
            {"raw_material": "cuprates", "material_class": "cuprate", "tc_K": 90.0},
        ],
    ),
    "charge_implausible": (
        [
            {**YBCO, "formula": "YBa2Cu3O17", "composition": {**YBCO["composition"], "O": 17.0}},
            {"raw_material": "LaFeAsO9", "formula": "LaFeAsO9",
             "composition": {"La": 1.0, "Fe": 1.0, "As": 1.0, "O": 9.0}},
        ],
        [
            YBCO,
            {"raw_material": "LaFeAsO", "formula": "LaFeAsO",
             "composition": {"La": 1.0, "Fe": 1.0, "As": 1.0, "O": 1.0}},
            {"raw_material": "CaFeAs2", "formula": "CaFeAs2",
             "composition": {"Ca": 1.0, "Fe": 1.0, "As": 2.0}},
            {"raw_material": "Nb3Sn", "formula": "Nb3Sn", "composition": {"Nb": 3.0, "Sn": 1.0}},
            {**YBCO, "composition": {**YBCO["composition"], "O": 17.0},
             "flags": ["unresolved_variable"]},
        ],
    ),
    "site_sum_open": (
        [{"raw_material": "x", "composition": {"La": 1.85, "Sr": 0.25, "Cu": 1.0, "O": 4.0}}],
        [
            {"raw_material": "x", "composition": {"La": 1.85, "Sr": 0.15, "Cu": 1.0, "O": 4.0}},
            {"raw_material": "x", "composition": {"K": 0.8, "Fe": 1.7, "Se": 2.0}},
            {"raw_material": "x",
             "composition": {"Bi": 1.95, "Sr": 1.65, "La": 0.4, "Cu": 1.0, "O": 6.0}},
        ],
    ),
    "variable_not_balanced": (
        [{"raw_material": "La2-xSr2xCuO4"}],
        [{"raw_material": "La2-xSrxCuO4"}, {"raw_material": "YBa2Cu3O7-δ"}],
    ),
    "element_repeated": (
        [{"raw_material": "D0.11Nb1D0.13Nb1"}],
        [{"raw_material": "Cu0.5Fe0.5Sr2YCu2O7"}, {"raw_material": "CH3NH3PbI3"}],
    ),
    "isotope_shift_reversed": (
        [[{**H3S, "tc_K": 150.0, "pressure_GPa": 155.0}, {**D3S, "tc_K": 200.0,
          "pressure_GPa": 155.0}]],
        [
            [{**H3S, "tc_K": 200.0, "pressure_GPa": 155.0}, {**D3S, "tc_K": 150.0,
             "pressure_GPa": 155.0}],
            [{**H3S, "tc_K": 150.0, "pressure_GPa": 155.0}, {**D3S, "tc_K": 200.0,
             "pressure_GPa": 170.0}],
            [{**PDH, "tc_K": 9.0}, {**PDD, "tc_K": 11.0}],
            [{**H3S, "tc_K": 150.0, "sentence": "an inverse isotope effect"},
             {**D3S, "tc_K": 200.0}],
        ],
    ),
    "isotope_shift_too_large": (
        [[{**H3S, "tc_K": 200.0}, {**D3S, "tc_K": 50.0}]],
        [[{**H3S, "tc_K": 200.0}, {**D3S, "tc_K": 150.0}]],
    ),
    "review_value_as_own": (
        [{**MGB2, "title": REVIEW, "origin": "this_work"}],
        [{**MGB2, "title": REVIEW, "origin": "cited"}, {**MGB2, "origin": "this_work",
         "title": "Superconductivity at 39 K in magnesium diboride"}],
    ),
    "retracted_paper": (
        [
            {"doi": f"https://doi.org/{SNIDER.upper()}"},
            {"title": "RETRACTED ARTICLE: Room-temperature superconductivity in a carbonaceous "
             "sulfur hydride"},
        ],
        [{"doi": "10.1038/nature14964"}, {"title": "Superconductivity in hydrides"}, {}],
    ),
    "retracted_value": (
        [
            {"raw_material": "carbonaceous sulfur hydride", "tc_K": 288.0, "origin": "cited"},
            {"raw_material": "SCyHx", "tc_K": 287.7},
            {**MGB2, "raw_material": "C60", "formula": "C60", "tc_K": 11.0,
             "sentence": "Schön et al. reported 11 K in a field-effect device of C60."},
        ],
        [
            {"raw_material": "carbonaceous sulfur hydride", "tc_K": 180.0},
            {"raw_material": "C60", "formula": "C60", "tc_K": 11.0},
            {"raw_material": "carbonaceous sulfur hydride", "tc_K": 288.0, "doi": SNIDER},
        ],
    ),
}  # fmt: skip


def found(rows: Row | list[Row]) -> set[str]:
    records = [
        Record.model_validate({"record_id": str(n), "doc_id": "d", "raw_material": "?", **row})
        for n, row in enumerate(rows if isinstance(rows, list) else [rows])
    ]
    return {finding.name for findings in check_records(records) for finding in findings}


def cases(side: int) -> list[Any]:
    return list(_cases(side))


def _cases(side: int) -> Iterator[Any]:
    for name, both in CASES.items():
        for number, rows in enumerate(both[side]):
            yield pytest.param(name, rows, id=f"{name}-{number}")


@pytest.mark.parametrize(("name", "rows"), cases(0))
def test_a_rule_finds_what_it_is_about(name: str, rows: Row | list[Row]) -> None:
    assert name in found(rows)


@pytest.mark.parametrize(("name", "rows"), cases(1))
def test_a_rule_is_silent_where_all_is_well(name: str, rows: Row | list[Row]) -> None:
    assert name not in found(rows)


def test_every_rule_is_tested_both_ways() -> None:
    tested = {rule.name for rule in rules().values() if rule.kind not in ELSEWHERE}
    assert tested - {"doubted_paper"} == CASES.keys()
    assert all(fires and silent for fires, silent in CASES.values())


def test_rules_say_why_and_from_where() -> None:
    columns = {field.alias or name for name, field in Record.model_fields.items()}
    for rule in rules().values():
        assert rule.reason.endswith(".")
        assert rule.source
        assert set(rule.fields) <= columns
        assert rule.name.replace("_", "").isalnum()


def test_class_records_are_of_classes_that_there_are() -> None:
    entries = load_toml("material_classes.toml")["rule"]
    classes = {entry["class"] for entry in entries}
    others = {entry["rule"] for entry in entries if entry["class"] == OTHER}
    assert {ceiling.material_class for ceiling in ceilings()} == classes
    assert {ceiling.rule for ceiling in ceilings() if ceiling.rule} <= others
    assert all(ceiling.source and ceiling.record for ceiling in ceilings())


def test_a_calculated_tc_above_the_record_is_only_noted() -> None:
    row = {**H3S, "tc_K": 298.0, "pressure_GPa": 200.0, "evidence": "calculated"}
    record = Record.model_validate({"record_id": "r", "doc_id": "d", **row})
    [findings] = check_records([record])
    assert [(f.name, f.severity) for f in findings] == [("above_class_record", Severity.NOTE)]


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ({**H3S, "pressure_GPa": 1550.0, "evidence": "measured"}, "read as kbar"),
        ({**H3S, "tc_K": 203.0, "pressure_GPa": 0.155, "evidence": "measured"}, "in TPa"),
        ({**H3S, "tc_K": 203.0, "pressure_GPa": 1.55}, "in Mbar"),
        ({**H3S, "omega_log_K": 97.0}, "read as meV it would be 1125"),
        ({"a_A": 0.352}, "read as nm it would be 3.52 Å"),
    ],
)
def test_a_finding_proposes_the_slip_that_explains_it(row: Row, words: str) -> None:
    record = Record.model_validate({"record_id": "r", "doc_id": "d", "raw_material": "?", **row})
    assert any(words in finding.message for finding in check_records([record])[0])
