"""Records against reference sets: what is known, what agrees, what is far off, and what is not
compared with what."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scmine.database.record import Evidence, PressureKind, Record
from scmine.database.reference import ReferenceEntry
from scmine.validator.finding import Severity
from scmine.validator.references.columns import REFERENCE_COLUMNS, reference_columns
from scmine.validator.references.compare import Agreement, Novelty, compare
from scmine.validator.references.composition import read_material
from scmine.validator.references.findings import findings
from scmine.validator.references.index import ReferenceIndex

CALCULATED = {"evidence": Evidence.CALCULATED}


def entry_of(formula: str, tc_K: float | None = None, **values: Any) -> ReferenceEntry:
    """An entry of a measured set at ambient pressure, unless told otherwise."""
    material = read_material(formula)
    assert material is not None
    defaults: dict[str, Any] = {
        "superconducting": True if tc_K else None,
        "ambient_unless_stated": True,
        "evidence": Evidence.MEASURED,
        "set_name": "ours",
    }
    return ReferenceEntry(
        formula=formula,
        key=material.key,
        system=material.system,
        composition=material.composition,
        open_amounts=material.open_amounts,
        tc_K=tc_K,
        **(defaults | values),
    )


def record_of(formula: str, tc_K: float | None = None, **values: Any) -> Record:
    """A record of a measured Tc."""
    own = {"raw_material": formula, "formula": formula, "tc_K": tc_K}
    return Record(record_id="r", doc_id="d", **(own | {"evidence": Evidence.MEASURED} | values))


HIGH = {"ambient_unless_stated": False}
INDEX = ReferenceIndex(
    [
        entry_of("Nb3Sn", 18.0),
        entry_of("Nb0.75Sn0.25", 17.0),
        entry_of("Nb3Ge", 22.0),
        entry_of("Nb3Al", 19.0),
        entry_of("Nb3Ga", 20.0),
        entry_of("Nb3Si0.1Sn0.9", 17.5),
        entry_of("La1.85Sr0.15CuO4", 37.0),
        entry_of("La2CuO4"),
        entry_of("MgB2", 39.0),
        entry_of("MgB2", 40.0, **CALCULATED),
        entry_of("ZrZn2", superconducting=False, lowest_temperature_K=0.02),
        entry_of("LaH10", 210.0, pressure_GPa=200.0, set_name="theory", **HIGH, **CALCULATED),
        entry_of("LaH10", 250.0, pressure_GPa=170.0, **HIGH),
        entry_of("FeSe", 8.0, pressure_GPa=0.0, **HIGH),
        entry_of("FeSe", 37.0, pressure_GPa=8.0, **HIGH),
        entry_of("Bi2Sr2CaCu2Oy", 85.0),
    ]
)


def _names(record: Record, index: ReferenceIndex = INDEX) -> list[str]:
    return [finding.name for finding in findings(record, index)]


@pytest.mark.parametrize(
    ("formula", "novelty"),
    [
        ("SnNb3", Novelty.KNOWN),
        ("B4Mg2", Novelty.KNOWN),
        ("La1.9Sr0.1CuO4", Novelty.OTHER_DOPING),
        ("Nb3Sn0.95Ge0.05", Novelty.OTHER_DOPING),
        ("Bi2Sr2CaCu2O8.2", Novelty.OTHER_DOPING),
        ("LaH9", Novelty.SYSTEM_KNOWN),
        ("La3Ni2O7", Novelty.NEW),
    ],
)
def test_novelty(formula: str, novelty: Novelty):
    found = compare(record_of(formula), INDEX)
    assert found is not None
    assert found.novelty is novelty
    assert ("not_in_references" in _names(record_of(formula))) is (novelty is Novelty.NEW)


def test_a_material_that_names_no_composition_is_not_compared():
    record = record_of("AFe2As2", 30.0)
    assert compare(record, INDEX) is None
    assert findings(record, INDEX) == []
    assert reference_columns(record, INDEX)["reference_novelty"] is None


def test_the_composition_stands_in_for_a_formula_that_is_missing():
    named = {"formula": None, "composition": {"Nb": 3.0, "Sn": 1.0}}
    record = record_of("the A15 phase", 18.0).model_copy(update=named)
    found = compare(record, INDEX)
    assert found is not None
    assert found.novelty is Novelty.KNOWN


@pytest.mark.parametrize(
    ("record", "agreement"),
    [
        (record_of("Nb3Sn", 18.2), Agreement.AGREES),
        (record_of("Nb3Sn", 12.0), Agreement.AGREES),  # within the factor
        (record_of("Nb3Sn", 181.0), Agreement.ABOVE),
        (record_of("Nb3Sn", 1.8), Agreement.BELOW),
        (record_of("Nb3Sn", None, tc_min_K=15.0, tc_max_K=40.0), Agreement.AGREES),
        (record_of("Nb3Sn", None, tc_min_K=35.0, tc_max_K=40.0), Agreement.ABOVE),
        (record_of("Nb3Sn", 40.0, tc_relation="<"), Agreement.AGREES),
        (record_of("Nb3Sn", 40.0, tc_relation=">"), Agreement.ABOVE),
        (record_of("Nb3Sn", 3.0, tc_relation=">"), Agreement.AGREES),
        (record_of("Nb3Sn"), None),
        (record_of("La2CuO4", 30.0), None),  # the set has it without a Tc
    ],
)
def test_agreement(record: Record, agreement: Agreement | None):
    found = compare(record, INDEX)
    assert found is not None
    assert found.agreement is agreement


def test_calculated_values_are_not_held_against_measured_ones():
    measured = compare(record_of("MgB2", 39.0), INDEX)
    calculated = compare(record_of("MgB2", 39.0, **CALCULATED), INDEX)
    unknown = compare(record_of("MgB2", 39.0, evidence=Evidence.UNKNOWN), INDEX)
    assert measured is not None
    assert calculated is not None
    assert unknown is not None
    assert measured.known_tc_K == (39.0,)
    assert calculated.known_tc_K == (40.0,)
    assert unknown.known_tc_K == (39.0, 40.0)
    assert measured.entries == 2


@pytest.mark.parametrize(
    ("pressure", "known"),
    [
        ({"pressure_GPa": 0.0}, ()),
        ({"pressure_GPa": 165.0}, (250.0,)),
        ({"pressure_GPa": 120.0}, ()),
        ({"pressure_min_GPa": 100.0, "pressure_max_GPa": 160.0}, (250.0,)),
        ({"pressure_min_GPa": 140.0}, (250.0,)),
        ({}, (250.0,)),
        ({"pressure_GPa": 0.001, "pressure_kind": PressureKind.SYNTHESIS}, (250.0,)),
    ],
)
def test_pressures(pressure: dict[str, Any], known: tuple[float, ...]):
    found = compare(record_of("LaH10", 250.0, **pressure), INDEX)
    assert found is not None
    assert found.known_tc_K == known


def test_a_tc_under_pressure_is_not_beyond_those_at_ambient():
    assert "tc_beyond_references" in _names(record_of("FeSe", 36.0, pressure_GPa=0.0))
    assert "tc_beyond_references" not in _names(record_of("FeSe", 36.0, pressure_GPa=8.5))
    # where the paper names no pressure, any may be meant
    assert "tc_beyond_references" not in _names(record_of("FeSe", 36.0))


def test_zero_is_never_among_the_known_values():
    sets = [entry_of("NbC", 11.0), entry_of("NbC"), entry_of("NbC", superconducting=False)]
    found = compare(record_of("NbC", 11.5), ReferenceIndex(sets))
    assert found is not None
    assert (found.entries, found.known_tc_K, found.tc_median_K) == (3, (11.0,), 11.0)


def test_rows_that_sets_repeat_count_once():
    sets = [entry_of("NbC", 11.0, set_name=name) for name in ("a", "b", "b")]
    found = compare(record_of("NbC", 11.5), ReferenceIndex([*sets, entry_of("NbC", 12.0)]))
    assert found is not None
    assert found.known_tc_K == (11.0, 12.0)
    assert found.sets == ("a", "b", "ours")


def test_findings_say_what_is_known_and_how_far_it_is():
    high, outlier = findings(record_of("Nb3Sn", 180.0), INDEX)
    assert (high.name, high.severity) == ("tc_beyond_references", Severity.WARNING)
    assert "17 to 18 K (2 values of ours" in high.message
    assert (outlier.name, outlier.severity) == ("tc_outlier", Severity.WARNING)
    assert "Nb3Ge 22 K at distance 0.25 (ours)" in outlier.message
    low, _ = findings(record_of("Nb3Sn", 1.8), INDEX)
    assert (low.name, low.severity) == ("tc_beyond_references", Severity.NOTE)
    [new] = findings(record_of("La3Ni2O7", 80.0, pressure_GPa=14.0), INDEX)
    assert (new.name, new.severity) == ("not_in_references", Severity.NOTE)
    assert "the nearest is La2CuO4 at distance" in new.message


def test_outliers_need_enough_neighbours_that_are_comparable():
    doped = "Nb3Sn0.9Al0.1"  # another doping of Nb3Sn
    assert _names(record_of(doped, 180.0)) == ["tc_outlier"]
    assert _names(record_of(doped, 18.0)) == []
    assert _names(record_of(doped, 180.0, **CALCULATED)) == []
    assert _names(record_of(doped, 180.0, pressure_GPa=50.0)) == []
    assert _names(record_of("MgB2C0.1", 390.0)) == []


def test_a_tc_that_its_own_composition_confirms_is_no_outlier():
    own = [entry_of("Nb3Si", 180.0)]
    index = ReferenceIndex([*INDEX.entries, *own])
    assert _names(record_of("Nb3Si", 180.0), index) == []


def test_a_formula_of_many_compositions_has_no_tc_of_its_own():
    index = ReferenceIndex([*INDEX.entries, entry_of("La2-xSrxCuO4", 30.0)])
    assert _names(record_of("La2-xSrxCuO4", 3.0), index) == []
    near = [entry_of(f"Nb3Sn{x}O{y}", 18.0) for x, y in ((0.99, 0.01), (0.98, 0.02), (0.97, 0.03))]
    index = ReferenceIndex([*INDEX.entries, *near])
    assert _names(record_of("Nb3Sn1-xOx", 1.0), index) == []
    assert _names(record_of("Nb3SnO0.02-x", 1.0), index) == ["tc_outlier"]


@pytest.mark.parametrize(
    ("doping", "found"),
    [
        (None, ["tc_beyond_references", "tc_outlier"]),
        ("undoped", ["tc_beyond_references", "tc_outlier"]),
        ("Ti-free", ["tc_beyond_references", "tc_outlier"]),
        ("Sn-doped", ["tc_beyond_references", "tc_outlier"]),
        ("Ti-doped", []),
        ("2 % titanium doping", []),
        ("hole-doped", []),
        ("doped", []),
    ],
)
def test_the_host_of_a_doped_material_does_not_tell_its_tc(doping: str | None, found: list[str]):
    assert _names(record_of("Nb3Sn", 180.0, doping=doping)) == found


def test_the_sample_is_named():
    [finding, _] = findings(record_of("Nb3Sn", 1.0, shape="film", substrate="sapphire"), INDEX)
    assert finding.message.endswith("the sample is: film, sapphire")


def test_far_above_what_is_known_is_a_warning():
    [near] = findings(record_of("MgB2", 80.0), INDEX)
    [far] = findings(record_of("MgB2", 130.0), INDEX)
    assert (near.severity, far.severity) == (Severity.NOTE, Severity.WARNING)


def test_what_was_not_observed_on_one_side():
    assert _names(record_of("ZrZn2", 1.5)) == ["not_observed_in_references"]
    assert _names(record_of("ZrZn2", 0.3)) == []  # less than a kelvin says little
    absent = {"superconducting": False, "lowest_temperature_K": 1.8}
    [finding] = findings(record_of("MgB2", **absent), INDEX)
    assert finding.name == "observed_in_references"
    assert "39 K" in finding.message
    assert _names(record_of("MgB2", superconducting=False)) == []


def test_without_sets_there_is_nothing_to_say():
    empty = ReferenceIndex([])
    assert findings(record_of("MgB2", 39.0), empty) == []
    assert reference_columns(record_of("MgB2", 39.0), empty)["reference_novelty"] == "new"


def test_columns():
    row = reference_columns(record_of("Nb3Sn", 180.0), INDEX)
    assert list(row) == list(REFERENCE_COLUMNS)
    assert row["reference_novelty"] == "known"
    assert row["reference_entries"] == 2
    assert row["reference_sets"] == ["ours"]
    assert row["reference_agreement"] == "above"
    assert (row["reference_tc_min_K"], row["reference_tc_max_K"]) == (17.0, 18.0)
    assert row["reference_tc_median_K"] == 17.5
    assert row["reference_nearest"] == "Nb3Si0.1Sn0.9"
    assert 0 < row["reference_distance"] < 0.1


def test_the_nearest_are_in_order_and_others():
    near = INDEX.nearest({"Nb": 3, "Sn": 1}, 4, without=frozenset({"Nb3Sn"}))
    assert [n.entries[0].formula for n in near[:2]] == ["Nb3Si0.1Sn0.9", "Nb3Ge"]
    assert [n.distance for n in near] == sorted(n.distance for n in near)
    assert INDEX.nearest({}, 3) == []
    assert INDEX.nearest({"Xx": 1.0}, 3) == []


def test_a_formula_without_its_oxygen_is_no_neighbour():
    formulas = {n.entries[0].formula for n in INDEX.nearest({"Bi": 2, "Cu": 2}, 50)}
    assert "Bi2Sr2CaCu2Oy" not in formulas
    assert "La2CuO4" in formulas


@given(
    st.sampled_from(["Nb3Sn", "LaH10", "MgB2", "ZrZn2", "FeSe", "La1.8Sr0.2CuO4", "XeF2"]),
    st.one_of(st.none(), st.floats(0, 1000)),
    st.one_of(st.none(), st.floats(0, 500)),
    st.sampled_from(list(Evidence)),
)
def test_any_record_can_be_compared(formula, tc, pressure, evidence):
    record = record_of(formula, tc, pressure_GPa=pressure, evidence=evidence)
    found = compare(record, INDEX)
    assert found is not None
    assert all(t > 0 for t in found.known_tc_K)
    assert len({f.name for f in findings(record, INDEX)}) == len(findings(record, INDEX))
