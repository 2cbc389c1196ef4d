"""Structures as CIF, POSCAR, JSON and ASE's atoms: other programs read back what was rebuilt."""

from __future__ import annotations

import io
import json
import warnings
from collections.abc import Iterator
from pathlib import Path

import ase.io
import gemmi
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pymatgen.analysis.structure_matcher import StructureMatcher
from pymatgen.core import Lattice, Structure
from pymatgen.io.cif import CifFile

from scmine.pipelines.structure_input import read_statement
from scmine.validator.finding import Finding, Severity
from scmine.validator.structures.cif import to_cif
from scmine.validator.structures.output import (
    OutputError,
    ase_of,
    cif_of,
    json_of,
    poscar_of,
)
from scmine.validator.structures.rebuild import rebuild
from scmine.validator.structures.rebuilt import Rebuilt, Verdict, Way
from scmine.validator.structures.symmetry import found_symmetry

from .known import LAH10, bct, lah10


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def rebuilt(structure: Structure | None) -> Rebuilt:
    return Rebuilt(
        LAH10,
        Verdict.REPAIRED if structure else Verdict.CONTRADICTORY,
        structure,
        Way.WYCKOFF,
        repairs=("x of H: 0.333 → 1/3", "it's Fm3̄m"),
        estimated=("c_A",),
        origin="a paper's Table #2",
        reasons=(Finding("distance_short", Severity.WARNING, "H–H 0.70 Å"),),
    )


def same(one: Structure, other: Structure) -> bool:
    return bool(StructureMatcher(scale=False).fit(one, other))


def test_a_cif_is_read_back_with_its_symmetry_and_items() -> None:
    text = cif_of(rebuilt(lah10()), doi="10.1000/x#1", more={"structure_id": "s1"})
    assert text.isascii()
    assert same(Structure.from_str(text, fmt="cif"), lah10())
    (block,) = CifFile.from_str(text).data.values()
    assert block["_symmetry_Int_Tables_number"] == "225"
    assert block["_scmine_structure_id"] == "s1"
    assert block["_scmine_pressure_GPa"] == "150"
    assert block["_journal_paper_doi"] == "10.1000/x#1"
    assert "it's Fm3m" in block["_scmine_repairs"]
    assert len(block["_atom_site_label"]) == 3


@pytest.mark.parametrize("structure", [lah10(), bct(), bct().get_primitive_structure()])
def test_gemmi_reads_the_cif(structure: Structure, tmp_path: Path) -> None:
    (tmp_path / "x.cif").write_text(cif_of(rebuilt(structure)))
    small = gemmi.read_small_structure(str(tmp_path / "x.cif"))
    assert small.spacegroup.number == found_symmetry(structure)[0].number
    conventional = Structure.from_file(tmp_path / "x.cif")
    assert len(small.get_all_unit_cell_sites()) == len(conventional)
    block = gemmi.cif.read(str(tmp_path / "x.cif")).sole_block()
    assert block.find_value("_scmine_verdict") == "'repaired'"


def test_ase_reads_the_cif(tmp_path: Path) -> None:
    (tmp_path / "x.cif").write_text(cif_of(rebuilt(lah10())))
    atoms = ase.io.read(tmp_path / "x.cif")
    assert sorted(set(atoms.get_chemical_symbols())) == ["H", "La"]
    assert len(atoms) == 44


def test_partial_occupancies_stay_in_a_cif() -> None:
    mixed = Structure.from_spacegroup(
        "Fm-3m", Lattice.cubic(4.8), ["Ca", {"O": 0.9, "S": 0.05}], [[0, 0, 0], [0.5, 0.5, 0.5]]
    )
    back = Structure.from_str(cif_of(rebuilt(mixed)), fmt="cif")
    assert same(back, mixed)
    assert not back.is_ordered
    with pytest.raises(OutputError, match="in part"):
        poscar_of(rebuilt(mixed))


@settings(max_examples=40, deadline=None)
@given(st.text(max_size=120), st.lists(st.text(max_size=60), min_size=1, max_size=3))
def test_no_text_breaks_a_cif(text: str, lines: list[str]) -> None:
    written = to_cif(bct(), {"note": text, "notes": lines, "number": 1.5})
    assert written.isascii()
    (block,) = CifFile.from_str(written).data.values()
    assert block["_scmine_number"] == "1.5"
    assert block["_cell_length_a"] == "3.96250000"


def test_the_claimed_group_is_written_if_the_atoms_nearly_have_it() -> None:
    moved = lah10()
    moved.translate_sites([0], [0.004, 0.001, 0.0])
    written = to_cif(moved, space_group_number=225)
    assert "_symmetry_Int_Tables_number   225" in written
    assert "_symmetry_Int_Tables_number   225" not in to_cif(moved)


def test_a_poscar_is_read_back_in_the_stated_cell() -> None:
    text = poscar_of(rebuilt(lah10()))
    assert text.startswith("LaH10 repaired wyckoff 150 GPa\n")
    back = Structure.from_str(text, fmt="poscar")
    assert same(back, lah10())
    assert back.lattice.abc == pytest.approx((5.1, 5.1, 5.1))


def test_json_says_all_and_gives_the_atoms_back() -> None:
    plain = json.loads(json_of(rebuilt(lah10())))
    assert same(Structure.from_dict(plain["structure"]), lah10())
    assert plain["stated"]["a_A"] == 5.1
    assert plain["symmetry"][0]["number"] == 225
    assert plain["distances"][0]["first"] == "H"
    assert plain["findings"][0]["name"] == "distance_short"
    empty = json.loads(json_of(rebuilt(None)))
    assert (empty["verdict"], empty["structure"]) == ("contradictory", None)


def test_ase_has_the_same_atoms() -> None:
    atoms = ase_of(rebuilt(bct()))
    assert atoms.get_volume() == pytest.approx(bct().volume)
    assert len(atoms) == 10


def test_without_ase_the_error_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "ase", None)
    with pytest.raises(OutputError, match="pip install ase"):
        ase_of(rebuilt(bct()))


@pytest.mark.parametrize("write", [cif_of, poscar_of, ase_of])
def test_no_structure_is_no_file(write: object) -> None:
    with pytest.raises(OutputError, match="contradictory"):
        write(rebuilt(None))  # type: ignore[operator]


@pytest.mark.parametrize(
    ("group", "edges"), [("Fmmm", (5.289, 5.218, 19.73)), ("Cmmm", (5.2, 5.3, 4.0))]
)
def test_a_small_distortion_is_in_the_cif(group: str, edges: tuple[float, float, float]) -> None:
    structure = Structure.from_spacegroup(
        group, Lattice.orthorhombic(*edges), ["La", "O"], [[0, 0, 0], [0, 0, 0.3]]
    )
    back = Structure.from_str(cif_of(rebuilt(structure)), fmt="cif")
    assert sorted(back.lattice.abc) == pytest.approx(sorted(edges), abs=1e-4)
    assert found_symmetry(back)[0].symbol == group


def test_the_group_that_a_repair_took_is_written() -> None:
    structure = Structure.from_spacegroup(
        "I4/mmm", Lattice.tetragonal(4.0, 4.0 * 2**0.5 + 0.06), ["Na", "Cl"],
        [[0, 0, 0], [0, 0, 0.5]],
    )  # fmt: skip
    one = Rebuilt(LAH10, Verdict.REPAIRED, structure, Way.WYCKOFF, space_group_number=225)
    assert "_symmetry_Int_Tables_number   225" in cif_of(one)


@pytest.mark.parametrize(
    ("formula", "group", "cell"),
    [
        ("La1.85Sr0.15CuO4", "I4/mmm", {"a": 3.78, "c": 13.2}),
        ("YBa2Cu3O7", "Pmmm", {"a": 3.82, "b": 3.885, "c": 11.68}),
        ("La3Ni2O7", "Fmmm", {"a": 5.289, "b": 5.218, "c": 19.73}),
        ("Ga", "Cmca", {"a": 4.52, "b": 7.66, "c": 4.53}),
        ("NbSe2", "P6_3/mmc", {"a": 3.44, "c": 12.54}),
        ("Hg", "R-3m", {"a": 3.005, "alpha": 70.53}),
    ],
)
def test_pymatgen_ase_and_spglib_read_the_same_crystal(
    formula: str, group: str, cell: dict[str, float]
) -> None:
    one = rebuild(read_statement({"formula": formula, "space_group": group, **cell}))
    assert one.structure is not None
    text = cif_of(one)
    back = Structure.from_str(text, fmt="cif")
    assert same(back, one.structure)
    assert found_symmetry(back) == found_symmetry(one.structure)
    atoms = ase.io.read(io.StringIO(text), format="cif")
    assert len(atoms) == len(back)
    assert atoms.get_volume() == pytest.approx(back.volume, rel=1e-5)
