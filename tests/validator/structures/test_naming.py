"""A Tc is of a structure of its paper only where no other can be meant."""

from __future__ import annotations

from typing import Any

import pytest

from scmine.database.record import Record
from scmine.extractors.specimens import material_key
from scmine.validator.structures.from_record import all_stated
from scmine.validator.structures.naming import Known, named_structures

FCC = {"space_group": "Fm-3m", "space_group_number": 225, "a_A": 5.1}
LOW = {"space_group": "C2/m", "space_group_number": 12, "a_A": 9.0}
SITES = {"wyckoff": [{"label": "La", "element": "La", "site": "4a", "xyz": [0, 0, 0]}]}


def claim(name: str = "tc", **fields: Any) -> Record:
    """A record of LaH10."""
    own: dict[str, Any] = {
        "record_id": name,
        "doc_id": "d",
        "raw_material": "LaH10",
        "formula": "LaH10",
        "composition": {"La": 1.0, "H": 10.0},
    }
    return Record(**{**own, **fields})


def tc(name: str = "tc", **fields: Any) -> Record:
    """A Tc of LaH10 at 150 GPa."""
    return claim(name, **{"tc_K": 250.0, "pressure_GPa": 150.0, **fields})


def named(*records: Record, listing: dict[str, Any] | None = None) -> dict[str, str]:
    """The structures of those records that state none; each of the others is one of its own."""
    known = [
        Known(r.record_id, material_key(r), all_stated(r), r)
        for r in records
        if r.space_group or r.a_A
    ]
    if listing is not None:
        printed = claim("listing", **listing)
        known.append(Known("listing", material_key(printed), all_stated(printed)))
    own = {k.record.record_id: k.structure_id for k in known if k.record is not None}
    return named_structures(records, known, own)


def test_a_tc_is_of_the_structure_at_its_pressure() -> None:
    low = claim("low", pressure_GPa=120.0, **LOW)
    high = claim("high", pressure_GPa=150.0, **FCC)
    records = [tc(), tc("other", pressure_GPa=120.0), tc("between", pressure_GPa=135.0), low, high]
    assert named(*records) == {"tc": "high", "other": "low"}


def test_two_phases_at_one_pressure_or_one_without_are_too_many() -> None:
    high = claim("high", pressure_GPa=150.0, **FCC)
    assert named(tc(), high, claim("low", pressure_GPa=150.0, **LOW)) == {}
    assert named(tc(), high, claim("low", **LOW)) == {}
    said = claim("said", pressure_GPa=150.0, crystal_structure="monoclinic")
    assert named(tc(), high, said) == {}


def test_another_material_sample_or_system_is_not_meant() -> None:
    high = claim("high", pressure_GPa=150.0, **FCC)
    other = {"formula": "LaD10", "composition": {"La": 1.0, "D": 10.0}}
    assert named(tc(**other), high) == {}
    assert named(tc(crystal_structure="hexagonal"), high) == {}
    assert named(tc(sentence="In bcc LaH10 we find 250 K."), high) == {}
    assert named(tc(sentence="In fcc LaH10 we find 250 K."), high) == {"tc": "high"}
    samples = (tc(raw_material="LaH10 (sample A)"), tc("b", raw_material="LaH10 (sample B)"))
    of_a = claim("high", pressure_GPa=150.0, raw_material="LaH10 (sample A)", **FCC)
    assert named(*samples, of_a) == {"tc": "high"}
    assert named(tc(doping="electron-doped"), high) == {}


@pytest.mark.parametrize(
    ("pressure", "cell", "expected"),
    [(None, None, True), (0.0, None, True), (None, 0.0001, True), (0.0, 0.0, True)],
)
def test_without_a_pressure_both_are_in_the_room(
    pressure: float | None, cell: float | None, expected: bool
) -> None:
    record = claim(tc_K=8.0, pressure_GPa=pressure, evidence="measured")
    structure = claim("cell", pressure_GPa=cell, **FCC)
    assert (named(record, structure) == {"tc": "cell"}) is expected


def test_the_room_is_not_assumed_where_the_paper_presses() -> None:
    cell = claim("cell", evidence="measured", **FCC)
    silent = claim(tc_K=8.0, evidence="measured")
    assert named(silent, tc("high"), cell) == {}
    assert named(claim(tc_K=8.0, pressure_GPa=0.0), tc("high"), cell) == {"tc": "cell"}
    pressed = claim(tc_K=8.0, sentence="Tc rises to 8 K by applying hydrostatic pressure.")
    assert named(pressed, cell) == {}
    made = claim(tc_K=8.0, sentence="Samples synthesized under high pressure have Tc = 8 K.")
    assert named(made, cell) == {"tc": "cell"}
    assert named(claim(tc_K=8.0, pressure_min_GPa=1.0, pressure_max_GPa=9.0), cell) == {}


def test_calculations_are_at_the_only_pressure_of_the_paper() -> None:
    high = claim("high", pressure_GPa=150.0, evidence="calculated", **FCC)
    silent = claim(tc_K=280.0, lambda_=2.2, evidence="calculated")
    assert named(silent, high) == {"tc": "high"}
    assert named(silent, high, tc("other", pressure_GPa=300.0)) == {}
    assert named(silent.model_copy(update={"evidence": "measured"}), high) == {}


def test_of_one_phase_the_fullest_of_the_same_evidence_is_taken() -> None:
    at = {"pressure_GPa": 150.0}
    measured = claim("measured", evidence="measured", **at, **FCC)
    relaxed = claim("relaxed", evidence="calculated", **at, **{**FCC, "a_A": 5.12})
    assert named(tc(evidence="measured"), relaxed, measured) == {"tc": "measured"}
    assert named(tc(evidence="calculated"), measured, relaxed) == {"tc": "relaxed"}
    full = claim("full", **at, **FCC, **SITES)
    assert named(tc(evidence="measured"), measured, full) == {"tc": "full"}


def test_a_listing_is_a_structure_too() -> None:
    assert named(tc(), listing={"pressure_GPa": 150.0, **FCC}) == {"tc": "listing"}
    assert named(tc(), listing={"pressure_GPa": 100.0, **FCC}) == {}


def test_a_material_without_a_composition_is_not_told_from_others() -> None:
    unknown = {"formula": None, "composition": {}, "raw_material": "the sample"}
    assert named(tc(**unknown), claim("high", pressure_GPa=150.0, **{**FCC, **unknown})) == {}
