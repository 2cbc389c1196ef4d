"""Several records of a paper become one statement, where they can only mean one structure."""

from __future__ import annotations

from typing import Any

from scmine.database.record import Place, Record
from scmine.validator.structures.statements import Statement, statements

GROUP = {"space_group": "P4/nmm", "space_group_number": 129}
CELL = {"a_A": 3.77, "c_A": 5.52}
SITES = {"wyckoff": [{"label": "Se", "element": "Se", "site": "2c", "xyz": [0, 0.5, 0.267]}]}


def claim(name: str, **fields: Any) -> Record:
    """A record of FeSe with one place."""
    own: dict[str, Any] = {
        "record_id": name,
        "doc_id": "d",
        "raw_material": "FeSe",
        "formula": "FeSe",
        "composition": {"Fe": 1.0, "Se": 1.0},
        "places": [Place(id=f"place-{name}", source="text", raw_material="FeSe")],
    }
    return Record(**{**own, **fields})


def summary(found: list[Statement]) -> list[tuple[Any, ...]]:
    """Group number, a, number of sites, pressure and records of each statement."""
    return [
        (
            s.stated.space_group_number,
            s.stated.a_A,
            len(s.stated.sites),
            s.stated.pressure_GPa,
            s.record_ids,
        )
        for s in found
    ]


def test_text_and_tables_are_put_together_with_the_place_of_each_field():
    records = [claim("text", **GROUP), claim("cell", **CELL), claim("sites", **SITES)]
    (found,) = statements(records)
    assert summary([found]) == [(129, 3.77, 1, None, ("text", "cell", "sites"))]
    assert found.record.record_id == "sites"
    assert found.stated_in["space_group"] == "place-text"
    assert found.stated_in["a_A"] == "place-cell"
    assert found.stated_in["sites"] == "place-sites"


def test_a_merged_record_says_which_of_its_places_states_a_field():
    places = [Place(id=name, source="text", raw_material="FeSe") for name in ("one", "two")]
    record = claim("r", **GROUP, **CELL, places=places)
    pieces = [claim("one", **GROUP), claim("two", **CELL)]
    (found,) = statements([record], pieces)
    assert (found.stated_in["space_group"], found.stated_in["c_A"]) == ("one", "two")


def test_records_that_state_no_structure_have_none():
    found = statements([claim("tc", tc_K=8.0), claim("text", **GROUP)])
    assert summary(found) == [(129, None, 0, None, ("text",))]
    assert statements([claim("tc", tc_K=8.0, crystal_structure="tetragonal")]) == []


def test_another_material_gives_nothing():
    other = claim("b", formula="FeTe", composition={"Fe": 1, "Te": 1}, **CELL)
    assert summary(statements([claim("a", **GROUP), other])) == [
        (129, None, 0, None, ("a",)),
        (None, 3.77, 0, None, ("b",)),
    ]


def test_two_phases_share_no_cell():
    other = {"space_group": "P63/mmc", "space_group_number": 194}
    found = statements([claim("a", **GROUP), claim("b", **other), claim("c", **CELL)])
    assert summary(found) == [
        (129, None, 0, None, ("a",)),
        (194, None, 0, None, ("b",)),
        (None, 3.77, 0, None, ("c",)),
    ]


def test_a_type_that_may_be_of_either_phase_is_given_to_neither():
    fcc = claim("fcc", space_group="Fm-3m", space_group_number=225)
    a15 = claim("a15", space_group="Pm-3n", space_group_number=223, prototype="A15")
    lone = claim("lone", prototype="A15")
    by_number = {s.stated.space_group_number: s.stated for s in statements([fcc, a15, lone])}
    assert by_number[225].prototype is None
    assert by_number[223].prototype == "A15"


def test_a_crystal_system_that_does_not_fit_keeps_apart():
    found = statements([claim("a", **GROUP), claim("b", crystal_structure="orthorhombic", **CELL)])
    assert [s.stated.space_group_number for s in found] == [129, None]


def test_a_group_under_no_stated_pressure_goes_to_none_of_several():
    cells = [claim(f"p{p:g}", a_A=a, pressure_GPa=p) for p, a in ((1.0, 3.76), (2.0, 3.75))]
    # Under which of the pressures the group holds is not said.
    found = statements([claim("text", **GROUP), *cells])
    assert summary(found) == [
        (129, None, 0, None, ("text",)),
        (None, 3.76, 0, 1.0, ("p1",)),
        (None, 3.75, 0, 2.0, ("p2",)),
    ]


def test_the_only_pressure_of_a_phase_is_that_of_its_cell():
    found = statements([claim("a", **GROUP, pressure_GPa=8.0), claim("b", **CELL)])
    assert summary(found) == [(129, 3.77, 0, 8.0, ("a", "b"))]


def test_a_cell_measured_under_no_stated_pressure_is_not_one_at_high_pressure():
    cell = claim("b", **CELL, evidence="measured")
    found = statements([claim("a", **GROUP, pressure_GPa=8.0), cell])
    assert summary(found) == [(129, None, 0, 8.0, ("a",)), (None, 3.77, 0, None, ("b",))]


def test_two_measurements_are_two_structures_of_one_phase():
    found = statements(
        [claim("text", **GROUP), claim("a", a_A=3.77, c_A=5.52), claim("b", a_A=3.79, c_A=5.5)]
    )
    assert [s[:2] for s in summary(found)] == [(129, 3.77), (129, 3.79)]
    assert sorted(i for s in found for i in s.record_ids) == ["a", "b", "text"]


def test_another_measurement_of_the_phase_gives_its_symmetry_and_not_its_cell():
    measured = claim("a", a_A=3.77, c_A=5.52, **GROUP, prototype="PbO")
    found = statements([measured, claim("b", a_A=3.81), claim("c", a_A=4.2)])
    assert [(s.stated.space_group_number, s.stated.a_A, s.stated.c_A) for s in found] == [
        (129, 3.77, 5.52),
        (129, 3.81, None),
        (None, 4.2, None),
    ]


def test_sites_without_a_cell_go_to_none_of_two():
    cells = [claim("a", a_A=3.77, c_A=5.52), claim("b", a_A=3.79, c_A=5.5)]
    found = statements([claim("text", **GROUP), *cells, claim("sites", **SITES)])
    assert all(not s.stated.sites for s in found if s.stated.a_A)


def test_a_table_of_sites_has_the_group_and_cell_of_its_caption():
    caption = "TABLE I. Sites of the superconductor Fe Se in P4/nmm, a = 3.77 Å."
    own = Place(id="t", source="table", raw_material="FeSe", sentence=f"{caption} || Fe | 2a")
    said = Place(id="c", source="caption", raw_material="Fe Se", sentence=caption)
    table = claim("table", **SITES, places=[own])
    head = claim("head", formula=None, composition={}, **GROUP, **CELL, places=[said])
    found = {s.stated.formula: s for s in statements([table, head])}
    assert (found["FeSe"].stated.space_group_number, found["FeSe"].stated.a_A) == (129, 3.77)
    assert found["FeSe"].stated_in["space_group"] == "c"
    another = claim("other", **SITES, places=[own], formula="FeS", composition={"Fe": 1, "S": 1})
    for statement in statements([table, another, head]):
        assert not (statement.stated.sites and statement.stated.a_A)


def test_sites_of_other_elements_are_put_together():
    iron = {"wyckoff": [{"label": "Fe", "element": "Fe", "site": "2a"}]}
    found = statements([claim("a", **GROUP, **iron), claim("b", **SITES, **GROUP)])
    assert [[site.element for site in s.stated.sites] for s in found] == [["Fe", "Se"]]
    assert found[0].record_ids == ("a", "b")
    other = {"wyckoff": [{"label": "Se", "element": "Se", "site": "2c", "xyz": [0, 0.5, 0.3]}]}
    both = statements([claim("a", **GROUP, **other), claim("b", **GROUP, **SITES)])
    assert [len(s.stated.sites) for s in both] == [1, 1]


def test_rounded_numbers_are_one_cell():
    found = statements([claim("a", a_A=3.77), claim("b", a_A=3.7696, c_A=5.52, **GROUP)])
    assert [(s.stated.a_A, s.record_ids) for s in found] == [(3.7696, ("b", "a"))]


def test_a_record_that_may_be_of_several_structures_is_of_none():
    groups = [claim(f"p{p}", **GROUP, pressure_GPa=p) for p in (1.0, 2.0)]
    found = statements([claim("text", **GROUP), *groups])
    assert [s.record_ids for s in found] == [("p1.0",), ("p2.0",)]


def test_members_of_a_family_have_its_group():
    family = claim("f", formula="LaFeAsO1-xFx", composition={}, **GROUP, prototype="ZrCuSiAs")
    members = [
        claim(
            f"x{x}",
            formula=f"LaFeAsO{1 - x}F{x}",
            composition={"La": 1, "Fe": 1, "As": 1, "O": 1 - x, "F": x},
            a_A=4.03 - x,
        )
        for x in (0.1, 0.2)
    ]
    found = statements([family, *members])
    assert [(s.stated.space_group_number, s.stated.prototype, s.stated.a_A) for s in found] == [
        (129, "ZrCuSiAs", None),
        (129, "ZrCuSiAs", 3.93),
        (129, "ZrCuSiAs", 3.83),
    ]
    assert found[1].stated_in["space_group"] == "place-f"


def test_samples_with_other_labels_stay_apart():
    a = claim("a", raw_material="FeSe (sample A)", **GROUP)
    b = claim("b", raw_material="FeSe (sample B)", **CELL)
    assert [s.stated.space_group_number for s in statements([a, b])] == [129, None]


def test_what_is_found_does_not_depend_on_the_order():
    records = [claim("text", **GROUP), claim("cell", **CELL), claim("sites", **SITES)]
    forward, backward = statements(records), statements(records[::-1])
    assert [s.stated for s in forward] == [s.stated for s in backward]


def test_very_many_records_of_one_material_stand_alone():
    records = [claim(f"r{i}", a_A=3 + i / 1000, **GROUP) for i in range(300)]
    assert len(statements(records)) == 300
