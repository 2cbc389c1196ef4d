"""A CIF or POSCAR becomes a statement: its items, its atoms as text, the pressure."""

from __future__ import annotations

import pytest

from scmine.extractors.document import Listing, ListingFormat
from scmine.validator.structures.from_listing import listing_statement
from scmine.validator.structures.stated import StatedStructure
from tests.extractors.formats.crystal_texts import CIF, POSCAR


def of_cif(text: str, before: str = "") -> StatedStructure:
    """What a CIF states."""
    return listing_statement(Listing(ListingFormat.CIF, text, before))


def of_poscar(text: str, before: str = "") -> StatedStructure:
    """What a POSCAR states."""
    return listing_statement(Listing(ListingFormat.POSCAR, text, before))


def test_a_cif():
    found = of_cif(CIF, "The structure at 120 GPa is as follows.")
    assert found == StatedStructure(
        formula="LuZnH8",
        composition={"Lu": 1.0, "Zn": 1.0, "H": 8.0},
        space_group="Fm-3m",
        space_group_number=225,
        a_A=5.42,
        b_A=5.42,
        c_A=5.42,
        alpha_deg=90.0,
        beta_deg=90.0,
        gamma_deg=90.0,
        pressure_GPa=120.0,
        block=CIF,
        block_format="cif",
    )


def test_a_cif_without_atoms_states_its_cell():
    found = of_cif(CIF[: CIF.index("loop_")])
    assert (found.block, found.block_format, found.a_A) == (None, None, 5.42)


def test_a_cif_with_unknown_items():
    text = "_cell_length_a ?\n_symmetry_space_group_name_H-M 'X 9'\n_chemical_formula_sum 'C H x'"
    found = of_cif(text)
    assert (found.a_A, found.space_group, found.space_group_number) == (None, None, None)
    assert found.composition == {}


def test_a_number_alone_names_the_group():
    text = CIF.replace("_symmetry_space_group_name_H-M   'F m -3 m'\n", "")
    assert of_cif(text).space_group == "Fm-3m"


def test_isotopes_in_a_cif_count_as_their_element():
    assert of_cif("_chemical_formula_sum 'D3 S1'").composition == {"H": 3.0, "S": 1.0}


def test_a_poscar():
    found = of_poscar(POSCAR)
    assert found == StatedStructure(
        formula="LuZn",
        composition={"Lu": 1.0, "Zn": 1.0},
        pressure_GPa=120.0,
        block=POSCAR,
        block_format="poscar",
    )


def test_a_poscar_of_several_formula_units():
    assert of_poscar(POSCAR.replace("Lu Zn\n1 1", "Lu Zn Lu\n2 6 2")).formula == "Lu2Zn3"


@pytest.mark.parametrize(
    ("before", "pressure"),
    [
        ("POSCAR at 150 GPa:", 150.0),
        ("LuZn_150GPa.vasp", 150.0),
        ("LuZn superconducts at 70 GPa. Its POSCAR at 150 GPa:", 150.0),
        # What is nearest counts: the first line of the POSCAR.
        ("At 70 GPa and at 150 GPa:", 120.0),
        ("", 120.0),
    ],
)
def test_the_pressure_is_that_of_the_words_before(before: str, pressure: float):
    assert of_poscar(POSCAR, before).pressure_GPa == pressure


def test_the_pressure_of_the_measurement_is_in_kPa():
    assert of_cif(f"_diffrn_ambient_pressure 2.5E6\n{CIF}").pressure_GPa is None
    assert of_cif(f"_diffrn_ambient_pressure 2500000(1000)\n{CIF}").pressure_GPa == 2.5
