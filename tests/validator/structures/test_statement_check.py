"""What cannot be in a statement by itself."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from scmine.validator.structures.stated import StatedSite, StatedStructure
from scmine.validator.structures.statement_check import check_statement
from scmine.validator.structures.symmetry import claimed_number

from .known import LAFEASO, LAH10

NB3SN = StatedStructure(
    formula="Nb3Sn", composition={"Nb": 3.0, "Sn": 1.0}, space_group="Pm-3n", a_A=5.29
)


def names(stated: StatedStructure, **changes: Any) -> list[str]:
    return [finding.name for finding in check_statement(replace(stated, **changes))]


@pytest.mark.parametrize("pressure", [1.0, -5.0])
def test_a_cell_too_small_at_its_pressure_is_refused_without_sites(pressure: float) -> None:
    assert names(LAH10, sites=(), pressure_GPa=pressure) == ["volume_too_small"]


def test_without_a_pressure_only_what_no_pressure_brings_about_is_refused() -> None:
    assert names(LAH10, sites=(), pressure_GPa=None) == []
    assert names(LAH10, sites=(), pressure_GPa=None, a_A=3.3) == ["volume_too_small"]


@pytest.mark.parametrize(
    ("amounts", "group", "a", "pressure"),
    [
        ({"Ta": 1, "Nb": 1, "Hf": 1, "Zr": 1, "Ti": 1}, "Im-3m", 3.36, 0),  # 0.4 units in a cell
        ({"Pd": 10, "H": 1}, "Fm-3m", 3.9, 0),
        ({"Nb": 4, "C": 3}, "Fm-3m", 4.43, 0),
        ({"Hf": 1, "Zr": 1, "Ti": 1, "Nb": 1, "Ta": 1, "C": 5}, "Fm-3m", 4.53, 0),
        ({"S": 1, "H": 3}, "Im-3m", 3.0, 200),
        ({"K": 3, "C": 60}, "Fm-3m", 14.24, 0),
        ({"Nb": 1, "Ti": 1}, "I m -3 m", 3.29, 0),
    ],
)
def test_small_cells_of_alloys_and_interstitials_may_be(
    amounts: dict[str, float], group: str, a: float, pressure: float
) -> None:
    stated = StatedStructure(composition=amounts, space_group=group, a_A=a, pressure_GPa=pressure)
    assert check_statement(stated) == []


def test_the_primitive_cell_holds_one_lattice_point() -> None:
    primitive = replace(LAH10, sites=(), a_A=3.606, alpha_deg=60.0, pressure_GPa=150.0)
    assert check_statement(primitive) == []
    assert names(primitive, pressure_GPa=1.0) == ["volume_too_small"]


def test_a_density_that_no_number_of_formula_units_makes() -> None:
    assert names(NB3SN, density_g_cm3=12.0) == ["density_differs"]
    for right in (8.9, 8.3, 6.0):  # the crystal's, and porous samples'
        assert names(NB3SN, density_g_cm3=right) == []


def test_formula_units_that_the_positions_cannot_make() -> None:
    assert names(NB3SN, formula_units=3.0) == ["formula_units_differ"]
    assert names(NB3SN, formula_units=2.0) == []
    assert names(NB3SN, formula_units=20.0) == ["volume_too_small"]
    assert names(LAH10, formula_units=1.0) == names(LAH10, formula_units=4.0) == []


@pytest.mark.parametrize("site", ["6x", "x", "1z"])
def test_a_position_that_the_group_does_not_have(site: str) -> None:
    stated = replace(NB3SN, sites=(StatedSite("Nb", site=site), StatedSite("Sn", site="2a")))
    (finding,) = check_statement(stated)
    assert finding.name == "position_unknown"
    assert f"{site}: Pm-3n has 2a 6b 6c" in finding.message


def test_true_statements_and_letters_in_the_other_case() -> None:
    assert check_statement(LAFEASO) == check_statement(LAH10) == []
    assert names(NB3SN, sites=(StatedSite("Nb", site="6C"),)) == []


def test_short_names_of_settings_are_names_of_their_group() -> None:
    assert claimed_number(StatedStructure(space_group="I2/b")) == 15
