"""Way 1: CIF and POSCAR texts, and lists of all atoms."""

from __future__ import annotations

import time
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pymatgen.analysis.structure_matcher import StructureMatcher
from pymatgen.core import Lattice, Structure
from pymatgen.io.cif import CifWriter
from pymatgen.io.vasp import Poscar

from scmine.validator.structures.cif_text import read_blocks
from scmine.validator.structures.coordinates import from_coordinates
from scmine.validator.structures.rebuilt import Way
from scmine.validator.structures.refusal import RefusalError
from scmine.validator.structures.stated import StatedSite, StatedStructure

MATCHER = StructureMatcher()
MGB2 = Structure.from_spacegroup(
    "P6/mmm", Lattice.hexagonal(3.086, 3.524), ["Mg", "B"], [[0, 0, 0], [1 / 3, 2 / 3, 0.5]]
)
COMPOSITION = {"Mg": 1.0, "B": 2.0}
CIF = """
data_MgB2   # a comment
_cell_length_a 3.086(1)
_cell_length_b 3.086(1)
_cell_length_c 3.524(2)
_cell_angle_alpha 90
_cell_angle_beta 90
_cell_angle_gamma 120
_symmetry_space_group_name_H-M 'P 6/m m m'
{operations}
loop_
_atom_site_label
_atom_site_type_symbol
_atom_site_fract_x
_atom_site_fract_y
_atom_site_fract_z
_atom_site_occupancy
Mg1 Mg2+ 0 0 0 1
B1 B 0.333 0.667 0.5 {occupancy}
"""
TWELVE = """loop_
_symmetry_equiv_pos_as_xyz
'x, y, z'
'-y, x-y, z'
'-x+y, -x, z'
'-x, -y, z'
'y, -x+y, z'
'x-y, x, z'
'y, x, -z'
'x-y, -y, -z'
'-x, -x+y, -z'
'-y, -x, -z'
'-x+y, y, -z'
'x, x-y, -z'
"""
POSCAR = """MgB2
1.0
3.086 0 0
-1.543 2.672554 0
0 0 3.524
Mg B
1 2
Direct
0 0 0
0.333333 0.666667 0.5
0.666667 0.333333 0.5
"""


def block(text: str, kind: str = "cif", **more: object) -> StatedStructure:
    stated = StatedStructure("MgB2", COMPOSITION, block=text, block_format=kind)
    return replace(stated, **more)  # type: ignore[arg-type]


def only(stated: StatedStructure) -> Structure:
    (candidate,) = from_coordinates(stated)
    assert candidate.way is Way.COORDINATES
    return candidate.structure


def refusal(stated: StatedStructure) -> RefusalError:
    with pytest.raises(RefusalError) as caught:
        from_coordinates(stated)
    return caught.value


def test_a_cif_with_operations_is_expanded() -> None:
    text = CIF.format(operations=TWELVE, occupancy=1)
    structure = only(block(text))
    assert structure.composition.formula == "Mg1 B2"
    assert structure.get_space_group_info(1e-5)[1] == 191
    (candidate,) = from_coordinates(block(text))
    assert "completed from 0.667" in candidate.repairs[0]


def test_a_cif_without_operations_goes_by_its_space_group() -> None:
    assert MATCHER.fit(only(block(CIF.format(operations="", occupancy=1))), MGB2)


@pytest.mark.parametrize("digits", [3, 4, 8])
def test_what_pymatgen_writes_is_read(digits: int) -> None:
    assert MATCHER.fit(only(block(str(CifWriter(MGB2)))), MGB2)
    written = str(CifWriter(MGB2, symprec=0.01, significant_figures=digits))
    assert MATCHER.fit(only(block(written)), MGB2)


def test_partial_occupancy_is_kept() -> None:
    stated = block(CIF.format(operations=TWELVE, occupancy="0.9(1)"), composition={})
    structure = only(stated)
    assert not structure.is_ordered
    assert structure.composition["B"] == pytest.approx(1.8)


def test_the_block_of_the_stated_formula_and_cell_is_taken() -> None:
    pressed = CIF.format(operations=TWELVE, occupancy=1).replace("3.086", "2.95")
    other = CIF.format(operations=TWELVE, occupancy=1).replace("B1 B", "B1 C")
    text = other + CIF.format(operations=TWELVE, occupancy=1) + pressed
    assert only(block(text, a_A=2.95)).lattice.a == pytest.approx(2.95)
    assert only(block(text, a_A=3.09)).lattice.a == pytest.approx(3.086)


def test_a_cif_of_another_material_contradicts() -> None:
    text = CIF.format(operations=TWELVE, occupancy=1).replace("B1 B", "B1 C")
    caught = refusal(block(text))
    assert (caught.name, caught.contradiction) == ("block_against_formula", True)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("no cif at all", "block_unreadable"),
        ("data_x\n_cell_length_a 3", "block_unreadable"),
        (CIF.format(operations=TWELVE, occupancy=1).replace("0.667", "?"), "sites_open"),
        (CIF.format(operations="loop_\n_symmetry_equiv_pos_as_xyz\n'x,y,q'", occupancy=1),
         "block_unreadable"),
        (CIF.format(operations=TWELVE, occupancy=1).replace("_cell_length_c 3.524(2)", ""),
         "cell_missing"),
        (CIF.format(operations=TWELVE, occupancy=3), "sites_unreadable"),
        ("data_x" + " " * 3_000_000, "block_too_large"),
    ],
)  # fmt: skip
def test_broken_cifs_are_refused_by_name(text: str, name: str) -> None:
    assert refusal(block(text)).name == name


@settings(max_examples=100, deadline=None)
@given(st.text(alphabet="data_loop_ab'\";#\n\t 01.?x", max_size=300))
def test_any_text_is_cut_into_blocks(text: str) -> None:
    for found in read_blocks(text):
        assert all(isinstance(value, str) for values in found.values.values() for value in values)


@pytest.mark.parametrize("piece", ["'", '"', "; ", "\n;", "loop_ ", "_a ", "#", "' "])
def test_hostile_cifs_take_no_time(piece: str) -> None:
    start = time.perf_counter()
    read_blocks(piece * (1_000_000 // len(piece)))
    assert time.perf_counter() - start < 5


def test_a_poscar_is_read() -> None:
    assert MATCHER.fit(only(block(POSCAR, "poscar")), MGB2)


@pytest.mark.parametrize(
    "change",
    [
        ("Mg B\n", ""),
        ("1.0\n", "-29.06\n"),
        ("MgB2\n1.0\n", "\n\nanything\n1.0\n"),
        ("Direct", "Selective dynamics\nDirect"),
        ("Mg B\n", "Mg_pv B/a1b2\n"),
        ("1.0\n", "1.0 1.0 1.0\n"),
        ("\n0 0 0\n", "\n0 0 0 Mg\n"),
    ],
)
def test_other_poscars_are_read(change: tuple[str, str]) -> None:
    assert MATCHER.fit(only(block(POSCAR.replace(*change), "poscar")), MGB2)


def test_cartesian_coordinates_are_read() -> None:
    text = Poscar(MGB2).get_str(direct=False)
    assert MATCHER.fit(only(block(text, "poscar")), MGB2)


def test_a_vasp4_file_gets_its_elements_from_the_counts_if_these_are_clear() -> None:
    text = POSCAR.replace("MgB2\n", "film\n").replace("Mg B\n", "")
    assert MATCHER.fit(only(block(text, "poscar")), MGB2)
    rocksalt = Structure.from_spacegroup(
        "Fm-3m", Lattice.cubic(5.6), ["Na", "Cl"], [[0, 0, 0], [0.5, 0.5, 0.5]]
    )
    lines = Poscar(rocksalt).get_str().splitlines()
    bare = "\n".join(["x", *lines[1:5], *lines[6:8], *(" ".join(x.split()[:3]) for x in lines[8:])])
    caught = refusal(block(bare, "poscar", composition={"Na": 1.0, "Cl": 1.0}))
    assert caught.name == "block_without_elements"


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("", "block_unreadable"),
        ("x\n1.0\n1 0 0\n0 1 0\n", "block_unreadable"),
        (POSCAR.replace("1 2\n", "1 9\n"), "block_unreadable"),
        (POSCAR.replace("1 2\n", "1 999999\n"), "block_too_large"),
        (POSCAR.replace("0 0 3.524", "0 0 0"), "block_unreadable"),
        (POSCAR.replace("3.524", "nan"), "block_unreadable"),
        (POSCAR.replace("Mg B", "Mg C"), "block_against_formula"),
    ],
)
def test_broken_poscars_are_refused_by_name(text: str, name: str) -> None:
    assert refusal(block(text or " ", "poscar")).name == name


def listed(structure: Structure, decimals: int, **more: object) -> StatedStructure:
    lattice = structure.lattice
    amounts = structure.composition.reduced_composition.get_el_amt_dict()
    stated = StatedStructure(
        formula=structure.composition.reduced_formula,
        composition={str(e): float(n) for e, n in amounts.items()},
        a_A=lattice.a, b_A=lattice.b, c_A=lattice.c,
        alpha_deg=lattice.alpha, beta_deg=lattice.beta, gamma_deg=lattice.gamma,
        sites=tuple(
            StatedSite(s.specie.symbol, xyz=tuple(np.round(s.frac_coords, decimals).tolist()))
            for s in structure
        ),
    )  # fmt: skip
    return replace(stated, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize("decimals", [2, 3, 4])
def test_a_list_of_all_atoms_is_a_structure(decimals: int) -> None:
    assert MATCHER.fit(only(listed(MGB2, decimals, space_group="P6/mmm")), MGB2)
    assert MATCHER.fit(only(listed(MGB2, decimals)), MGB2)


def test_a_primitive_cell_of_a_centred_group_may_be_listed() -> None:
    primitive = Structure(
        Lattice.from_parameters(3.606, 3.606, 3.606, 60, 60, 60),
        ["La", "H", "H", "H"],
        [[0, 0, 0], [0.25, 0.25, 0.25], [0.75, 0.75, 0.75], [0.5, 0.5, 0.5]],
    )
    assert MATCHER.fit(only(listed(primitive, 4, space_group="Fm-3m")), primitive)


def test_an_asymmetric_unit_is_no_list_of_all_atoms() -> None:
    sites = (StatedSite("Na", xyz=(0.0, 0.0, 0.0)), StatedSite("Cl", xyz=(0.5, 0.5, 0.5)))
    stated = StatedStructure(
        "NaCl", {"Na": 1, "Cl": 1}, "Fm-3m", a_A=5.64, crystal_system="cubic", sites=sites
    )
    assert refusal(stated).name == "not_all_atoms"
    named = (replace(sites[0], site="4a"), replace(sites[1], site="4b"))
    assert refusal(replace(stated, space_group=None, sites=named)).name == "not_all_atoms"


def test_a_list_needs_all_coordinates_and_a_formula() -> None:
    stated = listed(MGB2, 4)
    open_site = replace(stated.sites[0], xyz=(0.0, 0.0, "z"))
    assert refusal(replace(stated, sites=(open_site, *stated.sites[1:]))).name == "sites_open"
    assert refusal(replace(stated, composition={})).name == "not_all_atoms"
    assert refusal(replace(stated, sites=stated.sites[:2])).name == "not_all_atoms"
    assert refusal(replace(stated, c_A=None)).name == "cell_missing"
