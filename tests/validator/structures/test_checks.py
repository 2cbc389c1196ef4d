"""The checks of structures: each lets pass what is right and names what is wrong."""

from __future__ import annotations

import warnings
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pymatgen.core import Lattice, Structure

from scmine.validator.finding import Severity
from scmine.validator.structures.checks import check, is_refused
from scmine.validator.structures.rebuilt import Candidate, Way
from scmine.validator.structures.site_check import check_sites
from scmine.validator.structures.stated import StatedSite, StatedStructure

from .known import LAH10, bct, changed, lah10, rock_salt


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def found(
    structure: Structure,
    stated: StatedStructure,
    way: Way = Way.WYCKOFF,
    *,
    estimated: tuple[str, ...] = (),
    repairs: tuple[str, ...] = (),
) -> dict[str, str]:
    """Names and severities of the findings."""
    candidate = Candidate(structure, way, estimated=estimated, repairs=repairs)
    return {f.name: f.severity.value for f in check(candidate, stated)}


def test_what_agrees_has_no_finding() -> None:
    assert found(lah10(), LAH10) == {}
    assert found(lah10().get_primitive_structure(), LAH10) == {}


@settings(max_examples=12, deadline=None)
@given(st.floats(0.2, 0.75))
def test_a_structure_scaled_down_is_refused(scale: float) -> None:
    small = check(Candidate(lah10(5.1 * scale), Way.WYCKOFF), changed(LAH10, a_A=5.1 * scale))
    assert is_refused(small)
    assert {f.name for f in small} & {"distance_too_short", "volume_too_small"}


@settings(max_examples=12, deadline=None)
@given(st.floats(1.6, 20.0))
def test_a_structure_scaled_up_is_refused(scale: float) -> None:
    large = check(Candidate(lah10(5.1 * scale), Way.WYCKOFF), changed(LAH10, a_A=5.1 * scale))
    assert is_refused(large)
    assert {f.name for f in large} & {"isolated_atom", "volume_too_large"}


@pytest.mark.parametrize(
    ("composition", "name"),
    [
        ({"La": 1.0, "H": 9.0}, "composition_differs"),
        ({"Y": 1.0, "H": 10.0}, "elements_differ"),
        ({"La": 1.0, "H": 10.0, "Be": 1.0}, "elements_differ"),
    ],
)
def test_another_composition_is_an_error(composition: dict[str, float], name: str) -> None:
    assert found(lah10(), changed(LAH10, composition=composition))[name] == "error"


def test_multiples_and_isotopes_are_the_same_composition() -> None:
    assert found(lah10(), changed(LAH10, composition={"La": 2.0, "D": 20.0})) == {}


def test_a_small_difference_of_a_solid_solution_is_noted() -> None:
    oxygen = Structure.from_spacegroup(
        "Fm-3m", Lattice.cubic(4.8), ["Ca", {"O": 0.95}], [[0, 0, 0], [0.5, 0.5, 0.5]]
    )
    stated = StatedStructure(formula="CaO0.98", composition={"Ca": 1.0, "O": 0.98})
    assert found(oxygen, stated) == {"composition_near": "note"}
    assert found(oxygen, changed(stated, composition={"Ca": 1.0, "O": 0.5})) == {
        "composition_differs": "error"
    }


@pytest.mark.parametrize(("units", "wrong"), [(4.0, False), (1.0, False), (3.0, True)])
def test_formula_units_are_of_the_cell_or_the_primitive_one(units: float, wrong: bool) -> None:
    names = found(rock_salt(), StatedStructure(composition={"Na": 1, "Cl": 1}, formula_units=units))
    assert ("formula_units_differ" in names) is wrong


def test_a_molecule_of_hydrogen_is_right_and_less_is_not() -> None:
    def hydrogen(distance: float) -> Structure:
        half = distance / 2 / 2.6
        return Structure(Lattice.cubic(2.6), ["H", "H"], [[0.5 + half, 0, 0], [0.5 - half, 0, 0]])

    assert found(hydrogen(0.741), StatedStructure(pressure_GPa=0.0)) == {}
    assert found(hydrogen(0.69), StatedStructure(pressure_GPa=0.0)) == {"distance_short": "warning"}
    assert found(hydrogen(0.5), StatedStructure(pressure_GPa=0.0)) == {
        "distance_too_short": "error"
    }


def test_hydrogen_as_near_as_under_pressure_needs_one() -> None:
    assert found(lah10(), changed(LAH10, pressure_GPa=None)) == {"hydrogen_squeezed": "note"}
    low = found(lah10(), changed(LAH10, pressure_GPa=30.0))
    assert low["hydrogen_squeezed"] == "warning"
    assert "error" not in low.values()


def test_pressure_lets_atoms_be_nearer() -> None:
    squeezed = rock_salt(3.5)
    assert "error" in found(squeezed, StatedStructure(pressure_GPa=0.0)).values()
    assert found(squeezed, StatedStructure(pressure_GPa=500.0)) == {}
    assert found(squeezed, StatedStructure()) == {"distance_short": "warning"}


def test_atoms_at_one_place() -> None:
    twice = Structure(Lattice.cubic(4), ["Na", "Cl"], [[0, 0, 0], [0, 0, 0.001]])
    assert found(twice, StatedStructure())["atoms_overlap"] == "error"


def test_split_sites_that_exclude_each_other_may_be_near() -> None:
    split = Structure(
        Lattice.cubic(4.0), [{"O": 0.5}, {"O": 0.5}, "Mg"], [[0.46, 0, 0], [0.54, 0, 0], [0, 0, 0]]
    )
    assert "error" not in found(split, StatedStructure(pressure_GPa=0.0)).values()


@pytest.mark.parametrize(("a", "pressure", "wrong"), [(2.98, 200.0, False), (2.98, 1.0, True)])
def test_a_cell_can_be_too_small_for_its_pressure(a: float, pressure: float, wrong: bool) -> None:
    places = [[0, 0, 0], [0.5, 0, 0]]
    structure = Structure.from_spacegroup("Im-3m", Lattice.cubic(a), ["S", "H"], places)
    names = found(structure, StatedStructure(pressure_GPa=pressure))
    assert ("volume_too_small" in names) is wrong


def test_ions_of_alkali_metals_are_small() -> None:
    assert found(rock_salt(5.64), StatedStructure(pressure_GPa=0.0)) == {}


def test_a_slab_in_vacuum_is_warned_of_and_a_void_under_pressure_is_refused() -> None:
    graphene = Structure(
        Lattice.hexagonal(2.46, 20.0), ["C", "C"], [[1 / 3, 2 / 3, 0.5], [2 / 3, 1 / 3, 0.5]]
    )
    assert found(graphene, StatedStructure(pressure_GPa=0.0)) == {"volume_too_large": "warning"}
    assert found(graphene, StatedStructure(pressure_GPa=100.0)) == {"volume_too_large": "error"}


def test_a_pressure_of_ten_times_is_doubted() -> None:
    assert "volume_too_large" in found(lah10(5.4), changed(LAH10, a_A=5.4, pressure_GPa=1500.0))


@pytest.mark.parametrize(
    ("group", "way", "severity"),
    [
        ("P4/mmm", Way.WYCKOFF, "error"),
        ("P4/mmm", Way.PROTOTYPE, "error"),
        ("P4/mmm", Way.COORDINATES, "warning"),
        ("P1", Way.COORDINATES, "note"),
    ],
)
def test_more_symmetry_than_claimed(group: str, way: Way, severity: str) -> None:
    assert (
        found(lah10(), changed(LAH10, space_group=group, space_group_number=None, sites=()), way)[
            "symmetry_higher"
        ]
        == severity
    )


def test_less_symmetry_than_claimed_is_an_error() -> None:
    stated = StatedStructure(space_group="Fm-3m")
    assert found(bct(), stated, Way.COORDINATES)["space_group_differs"] == "error"
    moved = lah10()
    moved.translate_sites([0], [0.05, 0.01, 0.0])
    assert found(moved, LAH10, Way.COORDINATES)["space_group_differs"] == "error"


def test_a_group_that_appears_at_a_loose_tolerance_is_noted() -> None:
    moved = lah10()
    moved.translate_sites([0], [0.004, 0.001, 0.0])
    assert found(moved, LAH10, Way.COORDINATES) == {"symmetry_inexact": "note"}


def test_mirror_images_are_one_crystal() -> None:
    quartz = Structure.from_spacegroup(
        "P3121",
        Lattice.hexagonal(4.913, 5.405),
        ["Si", "O"],
        [[0.47, 0, 1 / 3], [0.4135, 0.2669, 0.4524]],
    )
    assert found(quartz, StatedStructure(space_group="P3221"), Way.COORDINATES) == {}


@pytest.mark.parametrize(
    ("system", "wrong"),
    [
        ("tetragonal", False),
        ("body-centered tetragonal", False),
        ("cubic", True),
        ("pseudo-cubic", False),
        ("layered", False),
    ],
)
def test_crystal_system(system: str, wrong: bool) -> None:
    names = found(bct(), StatedStructure(crystal_system=system))
    assert ("crystal_system_differs" in names) is wrong


def test_the_stated_cell_is_found_again() -> None:
    stated = StatedStructure(a_A=3.9625, c_A=13.0168)
    assert found(bct(), stated) == {}
    assert found(bct().get_primitive_structure(), stated) == {}
    assert found(bct(), changed(stated, c_A=12.5)) == {"cell_differs": "error"}
    assert found(bct(), changed(stated, c_A=12.5), repairs=("c from 12.5",)) == {
        "cell_differs": "warning"
    }
    assert found(bct(), changed(stated, c_A=12.5), estimated=("c_A",)) == {}


@pytest.mark.parametrize(
    ("volume", "severity"),
    [(179.4, None), (44.85, None), (175.0, "warning"), (150.0, "error")],
)
def test_stated_volume(volume: float, severity: str | None) -> None:
    assert found(rock_salt(), StatedStructure(volume_A3=volume)).get("volume_differs") == severity


@pytest.mark.parametrize(
    ("density", "severity"),
    [(2.16, None), (2.05, "warning"), (1.5, "warning"), (3.0, "error")],
)
def test_stated_density(density: float, severity: str | None) -> None:
    stated = StatedStructure(density_g_cm3=density)
    assert found(rock_salt(), stated).get("density_differs") == severity


def test_a_prototype_has_the_sites_that_are_stated() -> None:
    sites = (StatedSite("Ba", site="2a"), StatedSite("Fe", site="4d"))
    stated = StatedStructure(sites=sites)
    assert found(bct(), stated, Way.PROTOTYPE) == {}
    assert found(bct().get_primitive_structure(), stated, Way.PROTOTYPE) == {}
    other = changed(stated, sites=(*sites, StatedSite("As", site="8h")))
    assert found(bct(), other, Way.PROTOTYPE) == {"site_missing": "error"}


@pytest.mark.parametrize(
    ("element", "xyz", "wrong"),
    [
        ("As", (0.0, 0.0, 0.36), False),
        ("As", (0.5, 0.5, 0.86), False),
        ("As", (0.0, 0.0, 0.61), False),  # the origin a quarter up
        ("As", (0.25, 0.1, 0.2), True),
        ("K", (0.0, 0.0, 0.0), True),
        ("As", (0.0, 0.0, "z"), False),
    ],
)
def test_a_prototype_has_atoms_where_they_are_stated(
    element: str, xyz: tuple[float, float, float], wrong: bool
) -> None:
    stated = StatedStructure(sites=(StatedSite(element, xyz=xyz),))
    assert ("site_missing" in found(bct(), stated, Way.PROTOTYPE)) is wrong
    both = changed(stated, sites=(StatedSite("Ba", xyz=(0.0, 0.0, 0.0)), *stated.sites))
    shifted = xyz == (0.0, 0.0, 0.61)
    assert ("site_missing" in found(bct(), both, Way.PROTOTYPE)) is (wrong or shifted)


def test_flat_and_overfull_cells_end_with_a_reason() -> None:
    flat = Structure(Lattice.from_parameters(5, 5, 0.2, 90, 90, 90), ["Na"], [[0, 0, 0]])
    assert "error" in found(flat, StatedStructure()).values()
    supercell = Structure(Lattice.cubic(40), ["H"] * 2000, [[i / 2000, 0, 0] for i in range(2000)])
    assert found(supercell, StatedStructure()) == {"size_not_checked": "error"}


def test_errors_come_first() -> None:
    stated = changed(LAH10, composition={"La": 1, "H": 9}, density_g_cm3=7.1)
    severities = [f.severity for f in check(Candidate(lah10(), Way.WYCKOFF), stated)]
    assert severities[0] is Severity.ERROR
    assert severities == sorted(severities, key=list(Severity).index)


@pytest.mark.parametrize(
    ("first", "second", "distance", "pressure", "doubted"),
    [
        ("Ir", "Mg", 2.005, None, True),
        ("Ir", "Mg", 2.783, None, False),
        ("Cr", "Ru", 1.99, 0.0, True),
        ("Mn", "Mn", 2.26, 0.0, False),
        ("U", "U", 2.75, 0.0, False),
        ("U", "O", 1.77, 0.0, False),
        ("V", "O", 1.585, 0.0, False),
        ("Fe", "As", 1.85, 0.0, True),
        ("Fe", "As", 2.4, 0.0, False),
        ("Sn", "Pd", 2.1, 0.0, True),
        ("K", "K", 2.75, 0.0, False),
        ("Y", "Y", 2.445, 300.0, False),
    ],
)
def test_metals_are_doubted_by_kind(
    first: str, second: str, distance: float, pressure: float | None, doubted: bool
) -> None:
    places = [[0, 0, 0], [0, 0, distance / 9]]
    pair = Structure(Lattice.tetragonal(3.9, 9.0), [first, second], places)
    assert ("distance_short" in found(pair, StatedStructure(pressure_GPa=pressure))) is doubted


@pytest.mark.parametrize(
    ("xyz", "wrong"),
    [
        ((None, None, 0.3545), False),
        ((None, None, 0.36), False),
        ((None, None, 0.43), True),
        ((0.0, 0.0, 0.43), True),
        (("0", "0", "0.3545"), False),
    ],
)
def test_a_prototype_is_held_against_single_coordinates(
    xyz: tuple[float | str | None, ...], wrong: bool
) -> None:
    sites = (StatedSite("Ba", xyz=(0.0, 0.0, 0.0)), StatedSite("As", xyz=xyz))  # type: ignore[arg-type]
    assert ("site_missing" in found(bct(), StatedStructure(sites=sites), Way.PROTOTYPE)) is wrong


@pytest.mark.parametrize("axes", [(0, 1, 2), (2, 0, 1), (1, 0, 2)])
@pytest.mark.parametrize("wrong", [False, True])
def test_stated_coordinates_may_be_on_other_axes(axes: tuple[int, ...], wrong: bool) -> None:
    """LaMnO3 as Pnma, and stated on permuted axes of another origin."""
    atoms = Structure.from_spacegroup(
        "Pnma",
        Lattice.orthorhombic(5.7473, 7.6929, 5.5367),
        ["La", "Mn", "O", "O"],
        [[0.0436, 0.25, 0.9937], [0, 0, 0.5], [0.4893, 0.25, 0.0733], [0.3014, 0.0385, 0.7257]],
    )
    sites = []
    for element, xyz in (("La", (0.0436, 0.25, 0.9937)), ("O", (0.3014, 0.0385, 0.7257))):
        moved = [x + (0.15 if wrong and element == "O" else 0.5) for x in xyz]
        sites.append(StatedSite(element, xyz=tuple(moved[i] for i in axes)))  # type: ignore[arg-type]
    stated = StatedStructure(sites=tuple(sites))
    assert ("site_missing" in found(atoms, stated, Way.PROTOTYPE)) is wrong


def test_a_polar_axis_has_no_origin_of_its_own() -> None:
    zinc = Structure.from_spacegroup(
        "P6_3mc",
        Lattice.hexagonal(3.25, 5.21),
        ["Zn", "O"],
        [[1 / 3, 2 / 3, 0.0], [1 / 3, 2 / 3, 0.3817]],
    )
    for z, wrong in ((0.3817, False), (0.5, True)):
        sites = (
            StatedSite("Zn", xyz=(1 / 3, 2 / 3, 0.137)),
            StatedSite("O", xyz=(1 / 3, 2 / 3, 0.137 + z)),
        )
        names = found(zinc, StatedStructure(sites=sites), Way.PROTOTYPE)
        assert ("site_missing" in names) is wrong


def test_a_position_in_raised_digits_is_said_not_to_be_one() -> None:
    site = StatedSite("Ba", site="²a")
    stated = StatedStructure(formula="BaFe2As2", space_group="I4/mmm", sites=(site,))
    names = [finding.name for finding in check_sites(bct(), stated)]
    assert names == ["sites_unreadable"]
