"""The reading of rows of stated structures, which is part of what that benchmark measures."""

from __future__ import annotations

import doctest
import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest
from hypothesis import given
from hypothesis import strategies as st

COLUMNS = (
    "case_id", "material_type", "target_formula_or_system", "phase_or_prototype",
    "space_group_symbol", "space_group_number", "pressure_GPa", "lattice_a", "lattice_b",
    "lattice_c", "lattice_alpha", "lattice_beta", "lattice_gamma", "atomic_positions_status",
    "strain_or_doping",
)  # fmt: skip


def _module() -> ModuleType:
    path = Path(__file__).resolve().parents[2] / "benchmarks" / "structure_targets.py"
    spec = importlib.util.spec_from_file_location("structure_targets", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


targets = _module()


def _row(**given: str) -> dict[str, str]:
    return dict.fromkeys(COLUMNS, "") | given


def test_examples_hold() -> None:
    assert doctest.testmod(targets).failed == 0


@pytest.mark.parametrize(
    "text",
    ["layer distance d=2.25 A", "vacuum 20 A", "3.1-3.2", "3.1, 3.2", "about 4 to 5", "", "a=3.1"],
)
def test_words_and_several_numbers_are_no_edge(text: str) -> None:
    assert targets.read_number(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "K-doped graphene 4x4",
        "A3C60 model",
        "Nb monolayer on Si(111)",
        "NbB1.9 / NbB2",
        "Be-Al alloy",
    ],
)
def test_what_is_not_one_formula_is_none(text: str) -> None:
    assert targets.read_formula(text) == (None, {})


@pytest.mark.parametrize(
    ("text", "formula"), [("I", "I"), ("H (atomic hydrogen)", "H"), ("MoS2 monolayer", "MoS2")]
)
def test_formulas_with_words(text: str, formula: str) -> None:
    assert targets.read_formula(text)[0] == formula


@given(st.text(max_size=80))
def test_any_text_can_be_read(text: str) -> None:
    row = _row(
        target_formula_or_system=text, phase_or_prototype=text, lattice_c=text,
        space_group_symbol=text, atomic_positions_status="full: " + text,
    )  # fmt: skip
    targets.read_row(row)


def test_a_layer_says_so_and_leaves_its_edge_out() -> None:
    row = _row(target_formula_or_system="TiB4", lattice_a="4.1", lattice_c="vacuum 20 A")
    reading = targets.read_row(row)
    assert reading.stated.c_A is None
    assert reading.stated.shape == "layer in vacuum"
    assert reading.unread == ("lattice_c",)


@pytest.mark.parametrize(
    ("said", "shape"),
    [("4% tensile strain", "strained"), ("zero strain", None), ("no intended strain", None)],
)
def test_strain(said: str, shape: str | None) -> None:
    assert targets.read_shape(_row(strain_or_doping=said)) == shape


def test_sites_given_one_after_another() -> None:
    sites = targets.read_sites(
        "full: A/B at (x,1/4,z) with x=0.1/0.2 and z=0.3/0.4".replace("A/B", "Ti/Si"),
        {"Ti": 1, "Si": 1},
    )
    assert [s.xyz for s in sites] == [(0.1, 0.25, 0.3), (0.2, 0.25, 0.4)]


def test_roles_are_elements_where_numbers_of_atoms_tell() -> None:
    text = "full: Ln 2a, T 8c (1/4,1/4,1/4), X 24g (0,0.35,0.15)"
    sites = targets.read_sites(text, {"Ru": 4, "P": 12, "La": 1})
    assert [s.element for s in sites] == ["La", "Ru", "P"]
    assert targets.read_sites("full: A 1a, B 1b", {"Na": 1, "Cl": 1}) == ()


@pytest.mark.parametrize(
    "status",
    ["full coordinates only for 30 GPa: Na 1a, Cl 1b", "proto-only; hint: Na 1a, Cl 1b", "none"],
)
def test_positions_of_another_condition_are_not_read(status: str) -> None:
    assert targets.read_sites(status, {"Na": 1, "Cl": 1}) == ()
