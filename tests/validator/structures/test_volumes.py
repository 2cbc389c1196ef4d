"""Volumes of atoms, and of other atoms in a known structure's places."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scmine.validator.structures.volumes import expected_volume, transferred_volume

PRESSURES = st.floats(0, 500)
ALIKE = st.floats(0, 1)


@given(PRESSURES, ALIKE)
def test_the_same_atoms_at_the_same_pressure_take_the_same_volume(
    pressure: float, alike: float
) -> None:
    atoms = ({"La": 4.0, "H": 40.0}, pressure)
    assert transferred_volume(132.7, atoms, atoms, 1.0) == pytest.approx(132.7)
    between = sorted((132.7, expected_volume(*atoms) or 0.0))
    found = transferred_volume(132.7, atoms, atoms, alike)
    assert between[0] - 1e-6 <= found <= between[1] + 1e-6


@given(st.floats(0, 300), st.floats(1, 200))
def test_pressure_shrinks(before: float, more: float) -> None:
    atoms = {"Mg": 2.0, "Ir": 1.0, "H": 6.0}
    found = transferred_volume(73.5, (atoms, before), (atoms, before + more), 1.0)
    assert found < 73.5
    back = transferred_volume(found, (atoms, before + more), (atoms, before), 1.0)
    assert back == pytest.approx(73.5)


def test_a_compound_known_at_ambient_pressure_is_no_gas() -> None:
    """Bulk moduli of such hydrides are near 80 GPa: 20 GPa take less than a fifth."""
    atoms = {"Sr": 2.0, "Ir": 1.0, "H": 6.0}
    assert transferred_volume(110.0, (atoms, None), (atoms, 20), 1.0) > 0.8 * 110.0


def test_an_element_that_is_not_known_leaves_the_volume() -> None:
    assert transferred_volume(50.0, ({"Og": 1.0}, None), ({"Og": 1.0}, 5.0), 0.5) == 50.0
