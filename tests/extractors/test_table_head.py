"""Heads of columns: which quantity and unit they name."""

from __future__ import annotations

import pytest

from scmine.extractors.table_head import understand_head, understand_heads


@pytest.mark.parametrize(
    ("text", "field", "unit"),
    [
        ("Tc (K)", "tc", "K"),
        ("Tconset (K)", "tc", "K"),
        ("P (GPa)", "pressure", "GPa"),
        ("λ", "lambda", "1"),
        ("ωlog [meV]", "omega_log", "meV"),
        ("μ*", "mu_star", "1"),
        ("Space group", "space_group", "symbol"),
        ("a (Å)", "a", "Å"),
        ("Compound", "material", ""),
    ],
)
def test_heads(text: str, field: str, unit: str) -> None:
    head = understand_head(text)
    assert head is not None
    assert (head.field, head.unit) == (field, unit)


@pytest.mark.parametrize(
    "text",
    [
        "TCDW (K)",
        "TCO (K)",
        "Tcoh (K)",
        "TCurie (K)",
        "Tc error (K)",
        "Tc year",
        "Transition temperature TN (K)",
        "Critical temperature of the CDW (K)",
    ],
)
def test_other_temperatures_and_errors_are_no_tc(text: str) -> None:
    assert understand_head(text) is None


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Transition temperature (K)", ""),
        ("Superconducting transition temperature (K)", ""),
        ("Tc (K) on cooling", ""),
        ("Tc (zero field) (K)", ""),
        ("Tc,on (K)", "onset"),
        ("Tconset (K)", "onset"),
        ("TCON (K)", "onset"),
        ("T on c (K)", "onset"),
        ("Tc zero (K)", "zero"),
        ("Tco (K)", "zero"),
    ],
)
def test_kind_of_tc_is_said_by_words_not_by_letters_within_words(text: str, kind: str) -> None:
    head = understand_head(text)
    assert head is not None
    assert (head.field, head.kind) == ("tc", kind)


@pytest.mark.parametrize("text", ["ΔTc (K)", "ΘD (K)", "ρ (μΩ cm)", "T (K)", "λab (nm)", "Jc"])
def test_heads_of_something_else(text: str) -> None:
    head = understand_head(text)
    assert head is None or head.field not in ("tc", "lambda", "pressure")


@pytest.mark.parametrize(
    ("parts", "field", "unit", "kind"),
    [
        (["Lattice parameters (Å)", "a"], "a", "Å", ""),
        (["Tc", "(K)"], "tc", "K", ""),
        (["TcR = 0 (K)"], "tc", "K", "zero"),
        (["Tcmid"], "tc", "", "midpoint"),
        (["Highest Tc [K]"], "tc", "K", ""),
        (["ωlog", "(cm−1)"], "omega_log", "cm-1", ""),
        (["Pressure (kbar)"], "pressure", "kbar", ""),
        (["Structure", "Space group"], "space_group", "symbol", ""),
    ],
)
def test_heads_of_several_rows(parts: list[str], field: str, unit: str, kind: str) -> None:
    head = understand_heads(parts)
    assert head is not None
    assert (head.field, head.unit, head.kind) == (field, unit, kind)


@pytest.mark.parametrize(
    "parts",
    [
        ["Tc (K)", "width"],
        ["dTc/dP (K/GPa)"],
        ["ΔC/γTc"],
        ["T/Tc"],
        ["λ (Å)"],
        ["λ", "(nm)"],
        ["ΔTc (K)"],
        ["Ref."],
    ],
)
def test_heads_of_several_rows_that_are_something_else(parts: list[str]) -> None:
    head = understand_heads(parts)
    assert head is None or head.field not in ("tc", "lambda")


@pytest.mark.parametrize("text", ["Tc (K) TN (K)", "Tc (K) Hc2 (T)", "Tc (K) P (GPa)"])
def test_heads_of_two_columns_in_one_are_none(text: str) -> None:
    assert understand_head(text) is None


@pytest.mark.parametrize(
    ("head", "field", "unit"),
    [
        ("λe−ph", "lambda", "1"),
        ("EPC parameter λ", "lambda", "1"),
        ("⟨ωlog⟩ (cm−1)", "omega_log", "cm-1"),
        ("ωlog/kB (K)", "omega_log", "K"),
        ("log. average frequency (meV)", "omega_log", "meV"),
        ("⟨ω2⟩1/2 (meV)", "omega2", "meV"),
        ("∗ μ (N = 6)", "mu_star", "1"),
        ("P@Tcmax (GPa)", "pressure", "GPa"),
    ],
)
def test_heads_of_electron_phonon_tables(head: str, field: str, unit: str) -> None:
    understood = understand_head(head)
    assert understood is not None
    assert (understood.field, understood.unit) == (field, unit)
