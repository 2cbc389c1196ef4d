"""Which stated groups can be subgroups of what the atoms have, on a lattice of the stated cell."""

from __future__ import annotations

import pytest
from pymatgen.core import Lattice, Structure

from scmine.validator.structures.stated import StatedStructure
from scmine.validator.structures.sublattices import is_part_on_lattice
from scmine.validator.structures.symmetry import symmetry_dataset

from .known import bct, lah10, rock_salt
from .test_checks import Way, found


def h3s(a: float = 3.089) -> Structure:
    return Structure.from_spacegroup(
        "Im-3m", Lattice.cubic(a), ["S", "H"], [[0, 0, 0], [0, 0.5, 0]]
    )


H3S = {"H": 3.0, "S": 1.0}


@pytest.mark.parametrize(
    ("group", "name", "severity"),
    [
        ("Fm-3m", "space_group_differs", "error"),
        ("Fd-3m", "space_group_differs", "error"),
        ("Pm-3m", "symmetry_higher", "warning"),
        ("I4/mmm", "symmetry_higher", "warning"),
        ("I-43m", "symmetry_higher", "warning"),
        ("R-3m", "symmetry_higher", "warning"),
        ("P1", "symmetry_higher", "note"),
    ],
)
def test_a_supergroup_is_one_only_with_a_lattice_of_the_stated_cell(
    group: str, name: str, severity: str
) -> None:
    stated = StatedStructure(composition=H3S, space_group=group, a_A=3.089)
    assert found(h3s(), stated, Way.COORDINATES)[name] == severity


def test_fcc_atoms_are_not_bcc_nor_primitive_in_their_primitive_cell() -> None:
    for structure in (lah10(), lah10().get_primitive_structure()):
        stated = StatedStructure(space_group="Im-3m")
        assert found(structure, stated, Way.COORDINATES)["space_group_differs"] == "error"
    stated = StatedStructure(space_group="Pm-3m")
    assert found(lah10(), stated, Way.COORDINATES)["symmetry_higher"] == "warning"
    primitive = lah10().get_primitive_structure()
    assert found(primitive, stated, Way.COORDINATES)["space_group_differs"] == "error"


def test_a_larger_cell_may_have_the_other_lattice() -> None:
    large = h3s()
    large.make_supercell(2)
    stated = StatedStructure(space_group="Fm-3m")
    assert found(large, stated, Way.COORDINATES)["symmetry_higher"] == "warning"


@pytest.mark.parametrize(
    ("structure", "part", "is_part"),
    [
        (rock_salt(), 139, True),  # I4/mmm on a/√2
        (rock_salt(), 227, False),
        (rock_salt(), 221, True),
        (bct(), 71, True),
        (bct(), 69, True),
        (bct(), 129, True),
        (bct(), 65, True),  # along the diagonals
        (bct(), 166, False),
    ],
)
def test_lattices(structure: Structure, part: int, is_part: bool) -> None:
    data = symmetry_dataset(structure, 0.01)
    assert is_part_on_lattice(structure.lattice.matrix, data, part) is is_part
