"""Unit cells in running text: axes, numbers, units, and lengths that are none."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scmine.extractors.cells import find_cells
from scmine.extractors.quantities import parse_quantity


@pytest.mark.parametrize(
    ("text", "cells"),
    [
        ("a = b = 3.950 Å and c = 3.410 Å.", [{"a": "3.950 Å", "b": "3.950 Å", "c": "3.410 Å"}]),
        ("a = 3.952(1), c = 13.02(2) Å", [{"a": "3.952(1) Å", "c": "13.02(2) Å"}]),
        ("a=0.3870(3)nm, c = 1.1601(5)nm", [{"a": "0.3870(3) nm", "c": "1.1601(5) nm"}]),
        ("a = b = c = 5.26(2) Å", [{"a": "5.26(2) Å", "b": "5.26(2) Å", "c": "5.26(2) Å"}]),
        ("cell of a = 7.2 bohr", [{"a": "7.2 bohr"}]),
        ("lattice constant a = 395.2(1) pm", [{"a": "395.2(1) pm"}]),
        ("cell edges a = 2.82, c = 19.6 (in Å)", [{"a": "2.82 Å", "c": "19.6 Å"}]),
        (
            "a = 5.31 Å, b = 5.74 Å, c = 3.89 Å and β = 92.2°",
            [{"a": "5.31 Å", "b": "5.74 Å", "c": "3.89 Å", "beta": "92.2 °"}],
        ),
        ("edges a = 5.27(9) and a = 5.25(1) Å of two", [{"a": "5.27(9) Å"}, {"a": "5.25(1) Å"}]),
        ("The lattice parameters a and c are 2.82 and 19.7 Å.", [{"a": "2.82 Å", "c": "19.7 Å"}]),
        ("The lattice parameter of the cubic cell is 5.29 Å", [{"a": "5.29 Å"}]),
        ("the c-axis lattice constant was found to be 6.9 Å", [{"c": "6.9 Å"}]),
        (
            "The lattice parameter is 5.33 Å, close to the measured value of 5.29 Å [4]",
            [{"a": "5.33 Å"}, {"a": "5.29 Å"}],
        ),
        (
            "the lattice constant and the order are 5.291 Å and 0.98 respectively",
            [{"a": "5.291 Å"}],
        ),
        ("less than the lattice parameter of bulk Nb3Sn (5.290 Å)", [{"a": "5.290 Å"}]),
        ("lattice constants of 5.1 Å and 4.6 Å", [{"a": "5.1 Å"}, {"a": "4.6 Å"}]),
    ],
)
def test_cells(text: str, cells: list[dict[str, str]]) -> None:
    assert [c.values for c in find_cells(text)] == cells


@pytest.mark.parametrize(
    "text",
    [
        "a lattice parameter larger than 3.90 Å",
        "a unit cell volume of 219.2 Å3",
        "ξa = 3.1 nm and λc = 150 nm",
        "√2a = 5.4 Å",
        "tetrahedra with α = 108.58° and β = 109.92°",
        "a mesh of a = 38 nm",
        "the lattice constant varies from 5.31 to 5.35 Å",
        "a = 3.95 and c = 13.0 of the cell",
        "a lattice mismatch of 2.8 Å",
    ],
)
def test_no_cell(text: str) -> None:
    assert find_cells(text) == []


def test_lists_know_that_they_are_lists() -> None:
    assert [c.listed for c in find_cells("lattice constants of 5.1 Å and 4.6 Å")] == [True, True]


def test_a_bohr_is_half_an_angstrom() -> None:
    quantity = parse_quantity("10 bohr", "length")
    assert quantity is not None
    assert quantity.value == pytest.approx(5.29177, rel=1e-5)


@given(st.text() | st.text(st.sampled_from("abc=βÅnm ,and(.1239)lattice parameter")))
def test_any_text_gives_numbers_that_stand_in_it(text: str) -> None:
    for cell in find_cells(text):
        assert 0 <= cell.start < cell.end <= len(text)
        for printed in cell.values.values():
            assert printed.split()[0].split("(")[0] in text
