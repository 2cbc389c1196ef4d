"""Solid solutions between known ends, and what keeps two elements from sharing a site."""

from __future__ import annotations

from typing import Any

import pytest
from pymatgen.core import Composition

from scmine.validator.structures.doping import from_host
from scmine.validator.structures.rebuilt import Candidate, Way
from scmine.validator.structures.refusal import RefusalError
from scmine.validator.structures.stated import StatedStructure


def statement(group: int | None, formula: str, **rest: Any) -> StatedStructure:
    amounts = Composition(formula).get_el_amt_dict()
    return StatedStructure(formula=formula, composition=amounts, space_group_number=group, **rest)


def rebuilt(group: int | None, formula: str, **rest: Any) -> Candidate:
    return from_host(statement(group, formula, **rest))[0]


def refused(group: int | None, formula: str, **rest: Any) -> RefusalError:
    with pytest.raises(RefusalError) as caught:
        rebuilt(group, formula, **rest)
    return caught.value


@pytest.mark.parametrize(
    ("group", "formula", "shared", "rest"),
    [
        (139, "Ba0.6K0.4Fe2As2", {"Ba": 0.6, "K": 0.4}, {"a_A": 3.917, "c_A": 13.3}),
        (None, "Ba0.6K0.4Fe2As2", {"Ba": 0.6, "K": 0.4}, {"prototype": "ThCr2Si2-type"}),
        (221, "Ba0.6K0.4BiO3", {"Ba": 0.6, "K": 0.4}, {"a_A": 4.293}),
        (129, "FeSe0.45Te0.55", {"Se": 0.45, "Te": 0.55}, {"a_A": 3.80, "c_A": 6.03}),
        (225, "La0.6Y0.4H10", {"La": 0.6, "Y": 0.4}, {"a_A": 5.05, "pressure_GPa": 180}),
        (225, "Nb0.6Ti0.4N", {"Nb": 0.6, "Ti": 0.4}, {"a_A": 4.34}),
        (229, "Nb0.55Ti0.45", {"Nb": 0.55, "Ti": 0.45}, {"a_A": 3.28}),
        (139, "BaFe2As1.3P0.7", {"As": 0.65, "P": 0.35}, {"a_A": 3.92, "c_A": 12.8}),
    ],
)
def test_two_elements_share_the_site(
    group: int | None, formula: str, shared: dict[str, float], rest: dict[str, Any]
) -> None:
    candidate = rebuilt(group, formula, **rest)
    assert candidate.way is Way.PROTOTYPE
    mixed = [s.species.get_el_amt_dict() for s in candidate.structure if not s.is_ordered]
    assert mixed
    assert all(species == pytest.approx(shared) for species in mixed)
    wanted = Composition(formula).fractional_composition
    assert candidate.structure.composition.fractional_composition.almost_equals(wanted)
    assert "share a site" in candidate.origin


def test_without_a_cell_it_lies_between_the_ends() -> None:
    edges = [
        rebuilt(None, f"Ba{x}K{1 - x:.1f}Fe2As2", prototype="ThCr2Si2-type").structure.lattice.c
        for x in (0.6, 0.4)
    ]
    assert 13.01 < edges[0] < edges[1] < 13.9


def test_near_a_parent_3dscs_limits_decide() -> None:
    assert rebuilt(139, "Ba0.9K0.1Fe2As2", a_A=3.95, c_A=13.1).way is Way.DOPING


@pytest.mark.parametrize(
    ("reason", "group", "formula", "rest"),
    [
        ("no_shared_site", 139, "Ba0.5K0.2Fe2As2", {"a_A": 3.917, "c_A": 13.3}),
        ("no_shared_site", 139, "Ba0.5K0.3Na0.2Fe2As2", {"a_A": 3.917, "c_A": 13.3}),
        ("unlike_elements", 191, "Mg0.5B2Al0.5", {"a_A": 3.05, "c_A": 3.36}),
        ("unlike_elements", 225, "Pd0.4H0.6", {"a_A": 4.0}),
        ("no_prototype", 139, "Ba0.6K0.4Fe2As2", {"a_A": 6.1, "c_A": 6.3}),
        ("no_space_group", None, "Ba0.6K0.4Fe2As2", {}),
        ("no_shared_site", 139, "La1.2Sr0.8CuO2.4S1.6", {"a_A": 3.8, "c_A": 13.2}),
        ("site_not_unique", 139, "La2CuO2.4S1.6", {"a_A": 3.78, "c_A": 13.2}),
    ],
)
def test_refusals(reason: str, group: int | None, formula: str, rest: dict[str, Any]) -> None:
    assert refused(group, formula, **rest).name == reason


def test_the_limit_is_named() -> None:
    assert "0.15 in all" in str(refused(139, "Ba0.5K0.2Fe2As2", a_A=3.917, c_A=13.3))


def test_written_together_unlike_elements_may_share() -> None:
    found = rebuilt(191, "Mg0.5Al0.5B2", a_A=3.05, c_A=3.36)
    assert {str(s.species) for s in found.structure if not s.is_ordered} == {"Mg0.5 Al0.5"}


@pytest.mark.parametrize("oxygen", [6.93, 6.5])
def test_vacancies_are_on_the_chains(oxygen: float) -> None:
    found = rebuilt(47, f"YBa2Cu3O{oxygen}", a_A=3.82, b_A=3.885, c_A=11.68)
    (vacant,) = [s for s in found.structure if not s.is_ordered]
    assert vacant.frac_coords == pytest.approx([0, 0.5, 0])
    assert vacant.species.num_atoms == pytest.approx(oxygen - 6)


def test_vacancies_with_the_axes_exchanged() -> None:
    """Papers that call the chain axis a have the vacancies at (1/2, 0, 0)."""
    found = rebuilt(47, "YBa2Cu3O6.9", a_A=3.89, b_A=3.82, c_A=11.68)
    (vacant,) = [s for s in found.structure if not s.is_ordered]
    assert vacant.frac_coords == pytest.approx([0.5, 0, 0])


def test_no_source_no_vacant_site() -> None:
    assert refused(139, "La2CuO3.9", a_A=3.78, c_A=13.2).name == "site_not_unique"
