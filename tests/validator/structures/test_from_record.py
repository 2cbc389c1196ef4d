"""Records and families become statements: what is stated, and nothing more."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scmine.database.record import Record
from scmine.validator.structures.families import is_member
from scmine.validator.structures.from_record import all_stated, is_statement
from scmine.validator.structures.plain import from_plain, to_plain
from scmine.validator.structures.stated import StatedSite, StatedStructure


def record(**fields: Any) -> Record:
    """A record of one claim."""
    return Record(**{"record_id": "r", "doc_id": "d", "raw_material": "LaH10", **fields})


def stated(**fields: Any) -> StatedStructure:
    """What a record with a space group and these fields states."""
    return all_stated(record(space_group="Fm-3m", space_group_number=225, **fields))


@pytest.mark.parametrize(
    "fields",
    [
        {"tc_K": 250.0},
        {"crystal_structure": "cubic"},
        {"crystal_structure": "Tetragonal", "pressure_GPa": 5.0},
        {"alpha_deg": 90.0},
    ],
)
def test_a_formula_and_a_system_are_no_statement(fields: dict[str, Any]):
    assert not is_statement(all_stated(record(**fields)))


@pytest.mark.parametrize(
    "fields",
    [
        {"space_group": "Fm-3m"},
        {"c_A": 13.2},
        {"prototype": "A15"},
        {"crystal_structure": "perovskite"},
        {"wyckoff": [{"element": "La", "label": "La", "site": "4a"}]},
    ],
)
def test_one_crystallographic_fact_is_a_statement(fields: dict[str, Any]):
    assert is_statement(all_stated(record(**fields)))


def test_the_fields_of_a_record_are_those_of_the_statement():
    found = stated(
        formula="LaH10",
        composition={"La": 1.0, "H": 10.0},
        a_A=5.1,
        alpha_deg=90.0,
        crystal_structure="cubic",
        pressure_GPa=150.0,
        wyckoff=[{"label": "H1", "element": "H", "site": "32f", "xyz": [0.12, "x", None]}],
    )
    assert found == StatedStructure(
        formula="LaH10",
        composition={"La": 1.0, "H": 10.0},
        space_group="Fm-3m",
        space_group_number=225,
        a_A=5.1,
        alpha_deg=90.0,
        sites=(StatedSite("H", "H1", "32f", (0.12, "x", None)),),
        crystal_system="cubic",
        pressure_GPa=150.0,
    )


def test_isotopes_count_as_their_element_and_the_printed_formula_stays():
    found = stated(
        formula="La(H,D)10",
        composition={"La": 1, "H": 4, "D": 6},
        wyckoff=[{"label": "D1", "element": "D", "site": "32f"}],
    )
    assert found.composition == {"La": 1.0, "H": 10.0}
    assert [site.element for site in found.sites] == ["H"]
    assert found.formula == "La(H,D)10"


@pytest.mark.parametrize(
    ("fields", "pressure"),
    [
        ({"pressure_min_GPa": 150.0, "pressure_max_GPa": 300.0}, 150.0),
        ({"pressure_max_GPa": 20.0}, 20.0),
        ({"pressure_GPa": 6.0, "pressure_kind": "synthesis"}, None),
        ({"raw_pressure": "high"}, None),
    ],
)
def test_the_pressure_is_that_of_the_structure(fields: dict[str, Any], pressure: float | None):
    assert stated(**fields).pressure_GPa == pressure


def test_a_name_that_is_no_system_is_a_prototype():
    assert stated(crystal_structure="perovskite").prototype == "perovskite"
    assert stated(crystal_structure="perovskite", prototype="CaTiO3").prototype == "CaTiO3"
    assert stated(crystal_structure="fcc").prototype is None


def sites_of(composition: dict[str, float], *labels: str) -> list[tuple[str, float]]:
    """The elements and occupancies of sites with these labels."""
    printed = [{"label": label, "element": label[:2].strip("/1(,")} for label in labels]
    found = stated(composition=composition, wyckoff=printed)
    return [(site.element, round(site.occupancy, 6)) for site in found.sites]


def test_a_shared_site_is_occupied_as_the_composition_says():
    composition = {"Ce": 1.0, "O": 0.5, "F": 0.5, "Bi": 1.0, "S": 2.0}
    assert sites_of(composition, "Ce", "O/F") == [("Ce", 1.0), ("O", 0.5), ("F", 0.5)]
    assert sites_of({"Ba": 0.6, "K": 0.4}, "(Ba,K)") == [("Ba", 0.6), ("K", 0.4)]
    assert sites_of({}, "Ba0.6K0.4") == [("Ba", 0.6), ("K", 0.4)]


def test_sites_are_left_out_where_a_share_is_not_known():
    assert sites_of({}, "O/F") == []
    # Oxygen on another site too: how much of it is here is not told.
    assert sites_of({"O": 1.5, "F": 0.5}, "O/F", "O1") == []
    assert sites_of({"La": 1.0}, "M") == []


def test_labels_with_numbers_are_one_element():
    assert sites_of({"Cs": 3.0}, "Cs(1)", "Cs(2)") == [("Cs", 1.0), ("Cs", 1.0)]


def test_an_occupancy_of_zero_stays():
    found = stated(wyckoff=[{"label": "O1", "element": "O", "occupancy": 0.0}])
    assert found.sites[0].occupancy == 0.0


_coordinate = st.none() | st.floats(0, 1) | st.sampled_from(["x", "1/2-y", "2x"])
_site = st.builds(
    StatedSite,
    element=st.sampled_from(["La", "H", "O"]),
    label=st.text(max_size=4),
    site=st.none() | st.just("4f"),
    xyz=st.none() | st.tuples(_coordinate, _coordinate, _coordinate),
    occupancy=st.floats(0, 1),
)


@given(
    st.builds(
        StatedStructure,
        formula=st.none() | st.text(max_size=8),
        composition=st.dictionaries(st.sampled_from(["La", "H"]), st.floats(0.1, 10), max_size=2),
        space_group_number=st.none() | st.integers(1, 230),
        a_A=st.none() | st.floats(1, 20),
        sites=st.lists(_site, max_size=3).map(tuple),
        block=st.none() | st.text(max_size=20),
    )
)
def test_statements_come_back_from_plain_data(statement: StatedStructure):
    assert from_plain(to_plain(statement)) == statement


@pytest.mark.parametrize(
    ("composition", "family", "is_one"),
    [
        ({"La": 1.85, "Sr": 0.15, "Cu": 1, "O": 4}, "La2-xSrxCuO4", True),
        ({"La": 2, "Cu": 1, "O": 4}, "La2-xSrxCuO4", True),
        ({"La": 1.85, "Ba": 0.15, "Cu": 1, "O": 4}, "La2-xSrxCuO4", False),
        ({"La": 1.85, "Sr": 0.25, "Cu": 1, "O": 4}, "La2-xSrxCuO4", False),
        ({"Y": 1, "Ba": 2, "Cu": 3, "O": 6.9}, "YBa2Cu3O7-δ", True),
        ({"Y": 1, "Ba": 2, "Cu": 3, "O": 7.1}, "YBa2Cu3O7-δ", False),
        ({"Nd": 1, "Fe": 1, "As": 1, "O": 0.8, "F": 0.2}, "RFeAsO1-xFx", True),
        ({"K": 3, "C": 60}, "A3C60", True),
        ({"K": 2, "Rb": 1, "C": 60}, "A3C60", False),
        ({"La": 1, "H": 10}, "LaHx", False),
        ({"La": 1, "H": 3}, "LaHx", True),
        ({"Nb": 3, "Sn": 1}, "Nb3Sn", False),
        ({}, "LaHx", False),
    ],
)
def test_members_of_families(composition: dict[str, float], family: str, is_one: bool):
    assert is_member(composition, family) is is_one
