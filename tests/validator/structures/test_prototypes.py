"""Structures from known types: what comes out of statements, and what is refused."""

from __future__ import annotations

from typing import Any

import pytest
from pymatgen.core import Composition, Lattice

from scmine.validator.structures.prototypes import explain, find_prototype, from_prototypes
from scmine.validator.structures.rebuilt import Candidate, Way
from scmine.validator.structures.refusal import RefusalError
from scmine.validator.structures.stated import StatedStructure


def rebuilt(group: int | None, formula: str, **rest: Any) -> Candidate:
    return from_prototypes(statement(group, formula, **rest))[0]


def statement(group: int | None, formula: str, **rest: Any) -> StatedStructure:
    amounts = Composition(formula).get_el_amt_dict()
    return StatedStructure(composition=amounts, space_group_number=group, **rest)


def refused(group: int | None, formula: str, **rest: Any) -> str:
    with pytest.raises(RefusalError) as caught:
        rebuilt(group, formula, **rest)
    return caught.value.name


def test_superhydride_with_its_cell() -> None:
    found = rebuilt(225, "LaH10", a_A=5.10, pressure_GPa=150)
    structure = found.structure
    assert found.way is Way.PROTOTYPE
    assert len(structure) == 44
    assert structure.lattice.abc == pytest.approx((5.10, 5.10, 5.10))
    assert structure.get_space_group_info()[1] == 225
    assert found.estimated == ("sites",)
    assert "LaH10" in found.origin


@pytest.mark.parametrize(
    ("group", "formula", "atoms", "cell"),
    [
        (194, "CeH9", 20, {"a_A": 3.711, "c_A": 5.543, "pressure_GPa": 93}),
        (229, "YH6", 14, {"a_A": 3.58, "pressure_GPa": 165}),
        (229, "H3S", 8, {"a_A": 3.089, "pressure_GPa": 155}),
        (223, "La4H23", 54, {"a_A": 6.15, "pressure_GPa": 100}),
        (225, "LaBeH8", 40, {"pressure_GPa": 80}),
        (225, "Mg2IrH6", 36, {}),
        (139, "BaFe2As2", 10, {"a_A": 3.96, "c_A": 13.02, "prototype": "ThCr2Si2-type"}),
        (139, "SrNi2P2", 10, {"a_A": 3.948, "c_A": 10.677}),
        (47, "YBa2Cu3O7", 13, {"a_A": 3.82, "b_A": 3.89, "c_A": 11.68}),
        (191, "MgB2", 3, {"a_A": 3.086, "c_A": 3.524}),
        (None, "Nb3Sn", 8, {"prototype": "A15-type"}),
        (129, "SmFeAsO", 8, {"a_A": 3.94, "c_A": 8.50, "prototype": "ZrCuSiAs-type"}),
        (191, "KV3Sb5", 9, {"a_A": 5.482, "c_A": 8.948}),
        (148, "PbMo6S8", 15, {"a_A": 6.55, "alpha_deg": 89.33, "prototype": "Chevrel phase"}),
    ],
)
def test_types_of_superconductors(
    group: int | None, formula: str, atoms: int, cell: dict[str, Any]
) -> None:
    structure = rebuilt(group, formula, **cell).structure
    assert len(structure) == atoms
    wanted = Composition(formula)
    assert structure.composition.reduced_composition == wanted.reduced_composition
    if group:
        assert structure.get_space_group_info(symprec=0.01)[1] == group


def test_elements_go_to_the_sites_that_suit_them() -> None:
    structure = rebuilt(139, "SrNi2P2", a_A=3.948, c_A=10.677).structure
    places = {tuple(site.frac_coords.round(2)): site.specie.symbol for site in structure}
    assert places[0.0, 0.0, 0.0] == "Sr"
    assert places[0.0, 0.5, 0.25] == "Ni"


def test_cells_tell_phases_apart() -> None:
    flat = rebuilt(139, "Pr2CuO4", a_A=3.96, c_A=12.21)
    tall = rebuilt(139, "La2CuO4", a_A=3.78, c_A=13.2)
    assert "Nd2CuO4" in flat.origin
    assert "K2NiF4" in tall.origin


def test_what_is_missing_of_the_cell_is_estimated_and_said() -> None:
    found = rebuilt(191, "MgB2", a_A=3.086)
    assert found.estimated == ("sites", "c_A")
    assert found.structure.lattice.c == pytest.approx(3.52, abs=0.1)
    free = rebuilt(225, "LaH10", pressure_GPa=200)
    assert "volume" in free.estimated
    assert free.structure.lattice.a == pytest.approx(4.97, abs=0.12)


def test_pressure_shrinks_an_estimated_cell() -> None:
    volumes = [
        rebuilt(229, "YH6", pressure_GPa=pressure).structure.volume for pressure in (120, 200, 300)
    ]
    assert volumes == sorted(volumes, reverse=True)


def test_other_axes_of_the_same_lattice() -> None:
    """Rhombohedral axes give the primitive cell of what hexagonal axes give."""
    hexagonal = rebuilt(166, "Bi2Se3", a_A=4.143, c_A=28.636).structure
    small = rebuilt(166, "Bi2Se3", a_A=9.841, alpha_deg=24.30).structure
    assert len(hexagonal) == 15
    assert len(small) == 5
    assert hexagonal.matches(small)


def test_another_choice_of_monoclinic_axes() -> None:
    """The cell of SnH12 (C2/m) with a and c of the primitive rectangle's other diagonal."""
    known = rebuilt(12, "SnH12", pressure_GPa=250).structure
    a, b, c = known.lattice.matrix
    other = Lattice([a + 2 * c, b, c])
    cell = {
        "a_A": other.a,
        "b_A": other.b,
        "c_A": other.c,
        "alpha_deg": 90.0,
        "beta_deg": other.beta,
        "gamma_deg": 90.0,
    }
    found = rebuilt(12, "SnH12", pressure_GPa=250, **cell).structure
    assert found.lattice.a == pytest.approx(other.a)
    assert known.matches(found)


@pytest.mark.parametrize(
    ("reason", "group", "formula", "rest"),
    [
        ("fractional_formula", 139, "La1.85Sr0.15CuO4", {"a_A": 3.78, "c_A": 13.2}),
        ("no_space_group", None, "LaH10", {}),
        ("no_space_group", None, "LaH10", {"prototype": "cubic"}),
        ("no_prototype", 2, "La3Fe5O7", {}),
        ("no_prototype", 225, "LaH10", {"a_A": 8.9, "pressure_GPa": 150}),
        ("several_prototypes", 191, "MgSi2", {"pressure_GPa": 60}),
    ],
)
def test_refusals(reason: str, group: int | None, formula: str, rest: dict[str, Any]) -> None:
    assert refused(group, formula, **rest) == reason


def test_unlike_structures_are_not_handed_out() -> None:
    """A low-symmetry oxide's sites say nothing of a hydride of the same formula and group."""
    assert refused(15, "BeH2", pressure_GPa=300) in ("unlike_prototype", "several_prototypes")


def test_names_of_structure_types() -> None:
    assert {p.number for p in find_prototype("A15")} == {223}
    assert find_prototype("ThCr2Si2-type")[0].number == 139
    assert find_prototype("sodalite-like clathrate")[0].number == 229
    assert 225 in {p.number for p in find_prototype("LaH10-type")}
    assert find_prototype("no such type") == []


def test_explanations_list_what_fits_best_first() -> None:
    lines = explain(statement(139, "Pr2CuO4", a_A=3.96, c_A=12.21))
    assert lines[0].startswith("Nd2CuO4")


def test_a_molecule_is_no_element() -> None:
    assert refused(225, "C60") == "molecule"
    assert len(rebuilt(225, "Cu").structure) == 4


def test_a_type_of_another_group_than_stated_is_not_passed_over() -> None:
    # FeSe is of the PbO type in P4/nmm; P4/mmm beside it is a misprint of one of the two.
    assert refused(123, "FeSe", prototype="PbO") == "type_of_other_group"
    assert len(rebuilt(129, "FeSe", prototype="PbO").structure) == 4


def test_a_pressure_not_stated_is_that_of_the_known_structure() -> None:
    """YH6 exists under pressure only: its volume is not that of atoms in a vacuum."""
    wanted = StatedStructure(
        formula="YH6", composition={"Y": 1, "H": 6}, space_group="Im-3m", space_group_number=229
    )
    (candidate,) = from_prototypes(wanted)
    assert 40 < candidate.structure.volume < 60
    assert "pressure_GPa" in candidate.estimated


def test_hydrogen_sulphide_under_pressure() -> None:
    (candidate,) = from_prototypes(statement(229, "H3S", pressure_GPa=200))
    assert candidate.structure.lattice.a == pytest.approx(2.98, abs=0.05)


@pytest.mark.parametrize(
    ("group", "formula", "rest", "edge"),
    [
        # Measured: 5.72 Å; NbC, the nearest of the NaCl type, is dense for its atoms.
        (225, "SnAs", {"prototype": "NaCl"}, 5.72),
        (221, "SnS", {"pressure_GPa": 40}, 3.10),
        (225, "Mg2IrH6", {"pressure_GPa": 20}, 6.3),
    ],
)
def test_estimated_cells_are_not_far_too_small(
    group: int, formula: str, rest: dict[str, Any], edge: float
) -> None:
    assert rebuilt(group, formula, **rest).structure.lattice.a == pytest.approx(edge, rel=0.035)


def test_the_volume_of_other_elements_at_an_unknown_pressure_is_open() -> None:
    assert refused(229, "LuH6") == "pressure_open"
    assert len(rebuilt(229, "LuH6", pressure_GPa=150).structure) == 14


def test_a_cell_unlike_the_known_one_of_the_compound_is_doubted() -> None:
    (finding,) = rebuilt(191, "MgB2", a_A=3.524, c_A=3.086).findings
    assert finding.name == "cell_unlike_known"
    assert "exchanged" in finding.message
    (finding,) = rebuilt(None, "V3Si", prototype="A15", a_A=5.29).findings
    assert finding.name == "cell_unlike_known"
    assert rebuilt(191, "MgB2", a_A=3.086, c_A=3.524).findings == ()
    assert rebuilt(225, "LaH10", a_A=4.95, pressure_GPa=200).findings == ()


def test_the_origin_names_exchanged_elements() -> None:
    assert "La → Sm" in rebuilt(129, "SmFeAsO", a_A=3.94, c_A=8.50).origin
    assert "→" not in rebuilt(225, "LaH10", a_A=5.10, pressure_GPa=150).origin


def test_refusals_say_what_their_number_is() -> None:
    with pytest.raises(RefusalError, match=r"% likely, \d+ % is asked"):
        rebuilt(15, "BeH2", pressure_GPa=300)


def test_hexagonal_and_rhombohedral_axes_give_one_answer() -> None:
    hexagonal = rebuilt(148, "PbMo6S8", a_A=9.19, c_A=11.46).structure
    small = rebuilt(148, "PbMo6S8", a_A=6.5417, alpha_deg=89.24).structure
    assert hexagonal.matches(small, scale=False)


def test_hcp_is_a_type_of_an_element() -> None:
    assert len(rebuilt(194, "Fe", prototype="hcp", pressure_GPa=100).structure) == 2
    assert {p.number for p in find_prototype("β-W")} == {223}
