"""Cells completed by their crystal system."""

from __future__ import annotations

import pytest

from scmine.validator.structures.lattices import Cell, cell_for
from scmine.validator.structures.refusal import RefusalError
from scmine.validator.structures.stated import StatedStructure


def numbers(cell: Cell) -> list[float]:
    values = (cell.a, cell.b, cell.c, cell.alpha, cell.beta, cell.gamma)
    return [round(value, 3) for value in values]


@pytest.mark.parametrize(
    ("given", "axes", "expected"),
    [
        ({"a_A": 5.1}, "cubic", [5.1, 5.1, 5.1, 90, 90, 90]),
        ({"c_A": 5.1}, "cubic", [5.1, 5.1, 5.1, 90, 90, 90]),
        ({"a_A": 4.0, "c_A": 8.7}, "tetragonal", [4.0, 4.0, 8.7, 90, 90, 90]),
        ({"b_A": 3.1, "c_A": 3.5}, "hexagonal", [3.1, 3.1, 3.5, 90, 90, 120]),
        ({"a_A": 6.5, "alpha_deg": 89.3}, "rhombohedral", [6.5, 6.5, 6.5, 89.3, 89.3, 89.3]),
        (
            {"a_A": 5, "b_A": 4, "c_A": 6, "beta_deg": 101},
            "monoclinic b",
            [5, 4, 6, 90, 101, 90],
        ),
    ],
)
def test_what_the_system_implies_is_no_repair(
    given: dict[str, float], axes: str, expected: list[float]
) -> None:
    cell = cell_for(StatedStructure(**given), axes, "P")  # type: ignore[arg-type]
    assert numbers(cell) == expected
    assert cell.repairs == ()


def test_a_stated_number_that_is_changed_is_named() -> None:
    stated = StatedStructure(a_A=4.0, b_A=4.04, c_A=8.7)
    cell = cell_for(stated, "tetragonal", "P")
    assert numbers(cell)[:3] == [4.0, 4.0, 8.7]
    assert len(cell.repairs) == 1
    assert "4.04" in cell.repairs[0]


@pytest.mark.parametrize(
    ("given", "axes"),
    [
        ({"a_A": 4.0, "b_A": 5.0, "c_A": 8.7}, "tetragonal"),
        ({"a_A": 4.0, "b_A": 5.0, "c_A": 8.7, "gamma_deg": 100}, "orthorhombic"),
        ({"a_A": 4.0, "c_A": 8.7, "alpha_deg": 60.0}, "cubic"),
        ({"a_A": 4.0, "alpha_deg": 90.0}, "rhombohedral"),
        ({"a_A": 400.0}, "cubic"),
    ],
)
def test_numbers_that_cannot_be_are_a_contradiction(given: dict[str, float], axes: str) -> None:
    with pytest.raises(RefusalError) as refusal:
        cell_for(StatedStructure(**given), axes, "P")  # type: ignore[arg-type]
    assert refusal.value.contradiction


@pytest.mark.parametrize(
    ("given", "axes", "missing"),
    [
        ({"a_A": 4.0}, "tetragonal", "c"),
        ({}, "cubic", "a"),
        ({"a_A": 4.0, "b_A": 5.0, "c_A": 6.0}, "monoclinic b", "beta"),
        ({"a_A": 4.0}, "rhombohedral", "alpha"),
    ],
)
def test_what_is_missing_is_said(given: dict[str, float], axes: str, missing: str) -> None:
    with pytest.raises(RefusalError, match=missing) as refusal:
        cell_for(StatedStructure(**given), axes, "P")  # type: ignore[arg-type]
    assert refusal.value.name == "cell_missing"
    assert not refusal.value.contradiction


def test_the_one_length_missing_follows_from_a_volume() -> None:
    cell = cell_for(StatedStructure(a_A=3.0), "hexagonal", "P", volume_A3=31.177)
    assert cell.c == pytest.approx(4.0, abs=1e-3)
    assert cell.estimated == ("c_A",)
    stated = StatedStructure(volume_A3=125.0)
    assert cell_for(stated, "cubic", "P").a == pytest.approx(5.0)
    assert cell_for(stated, "cubic", "P").estimated == ()


def test_primitive_and_rhombohedral_cells_become_conventional() -> None:
    fcc = cell_for(StatedStructure(a_A=3.6062, alpha_deg=60.0), "cubic", "F")
    assert numbers(fcc)[:4] == [5.1, 5.1, 5.1, 90]
    assert fcc.repairs
    # Bi2Te3: a = 10.473 Å and 24.159° are a = 4.383, c = 30.487 Å
    hexagonal = cell_for(StatedStructure(a_A=10.473, alpha_deg=24.159), "hexagonal", "R")
    assert hexagonal.a == pytest.approx(4.383, abs=2e-3)
    assert hexagonal.c == pytest.approx(30.49, abs=2e-2)
