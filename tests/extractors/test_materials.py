"""Material strings: segments, resolved formulas, sample words, names and classes."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scmine.extractors.formula import parse_formula
from scmine.extractors.lexicons import load_toml
from scmine.extractors.materials import Material, parse_material
from scmine.extractors.names import formula_of_name
from scmine.extractors.segments import segment_material


def one(raw: str, context: dict[str, str] | None = None) -> Material:
    materials = parse_material(raw, context)
    assert len(materials) == 1
    return materials[0]


def formulas(raw: str, context: dict[str, str] | None = None) -> list[str | None]:
    return [m.formula for m in parse_material(raw, context)]


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("LaFeAsO 1−x F x (x = 0.05, 0.11)", ["LaFeAsO0.95F0.05", "LaFeAsO0.89F0.11"]),
        ("Pr 2-x Ce x CuO 4 with x = 0.15", ["Pr1.85Ce0.15CuO4"]),
        ("AFe 2 As 2 (A = Ca, Sr, and Ba)", ["CaFe2As2", "SrFe2As2", "BaFe2As2"]),
        ("MgB 2 and NbSe2", ["MgB2", "NbSe2"]),
        ("LSCO (x=0.15)", ["La1.85Sr0.15CuO4"]),
        ("Bi 2 Sr 2 Ca n−1 Cu n O 2n+4 (n = 1, 2)", ["Bi2Sr2CuO6", "Bi2Sr2CaCu2O8"]),
        ("Bi2212", ["Bi2Sr2CaCu2O8+δ"]),
        ("hydrogen sulfide", [None]),
        ("κ-(BEDT-TTF) 2 Cu(NCS) 2", ["(BEDT-TTF)2Cu(NCS)2"]),
    ],
)
def test_formulas(raw: str, expected: list[str]) -> None:
    assert formulas(raw) == expected


def test_sample_words() -> None:
    assert one("single crystals of SrFe2As2").shape == "single crystals"
    assert one("optimally doped YBCO").doping == "optimally doped"
    assert one("F-doped LaFeAsO").doping == "F-doped"
    film = one("NbN thin films on MgO substrate")
    assert (film.formula, film.shape, film.substrate) == ("NbN", "thin films", "MgO")
    both = one("YBa 2 Cu 3 O 7 (YBCO)")
    assert (both.formula, both.name) == ("YBa2Cu3O7", "YBCO")
    assert one("HgBa 2 Ca 2 Cu 3 O 8+δ (Hg-1223)").name == "Hg-1223"
    assert one("boron-doped diamond").name == "diamond"


def test_bare_variable_has_no_formula() -> None:
    material = one("x = 0.4")
    assert (material.formula, material.variables) == (None, {"x": "0.4"})
    assert [m.variables for m in parse_material("x = 0.1 and 0.2")] == [{"x": "0.1"}, {"x": "0.2"}]


def test_unstated_variable_stays_open() -> None:
    material = one("polycrystalline Y 1−x Pr x Ba 2 Cu 3 O 7−δ")
    assert material.formula == "Y1-xPrxBa2Cu3O7-δ"
    assert material.composition == {}
    assert "unresolved_variable" in material.flags
    assert material.material_class == "cuprate"


def test_range_of_a_variable_is_not_put_in() -> None:
    material = one("Sr 2 VFeAsO 3−δ (0.031 ≤ δ ≤ 0.145)")
    assert material.formula == "Sr2VFeAsO3-δ"
    assert material.variables == {"δ": "0.031 ≤ δ ≤ 0.145"}
    assert "variable_range" in material.flags


def test_lists_that_cannot_be_paired_stay_open() -> None:
    material = one("La2-x-ySrxCeyCuO4 (x = 0.1, 0.2; y = 0.1, 0.3)")
    assert "ambiguous_variables" in material.flags
    assert material.composition == {}


def test_decimal_comma_or_list_of_two_stays_open() -> None:
    assert one("BaFe2(As1-xPx)2 x=0,3").composition == {}


def test_impossible_value_is_flagged() -> None:
    material = one("La 2-x Sr x CuO 4 (x = 3)")
    assert material.composition == {}
    assert "variable_out_of_range" in material.flags


def test_context_fills_only_what_the_string_leaves_open() -> None:
    context = {"x": "0.05, 0.11", "z": "1"}
    assert formulas("LaFeAsO1-xFx", context) == ["LaFeAsO0.95F0.05", "LaFeAsO0.89F0.11"]
    assert formulas("LaFeAsO1-xFx (x = 0.2)", context) == ["LaFeAsO0.8F0.2"]
    assert formulas("MgB2", context) == ["MgB2"]


def test_segments_in_order() -> None:
    raw = "slightly overdoped Bi2212 single crystals with x = 0.1"
    assert [(raw[s:e], label) for s, e, label in segment_material(raw)] == [
        ("slightly overdoped", "doping"),
        ("Bi2212", "name"),
        ("single crystals", "shape"),
        ("x", "variable"),
        ("0.1", "value"),
    ]


@given(
    st.text(max_size=80)
    | st.text(st.sampled_from("LaSrCuOx=0.1, ()-δdoped films\u2212~"), max_size=60)
)
def test_any_string_is_survived(raw: str) -> None:
    segments = segment_material(raw)
    assert all(0 <= s.start < s.end <= len(raw) for s in segments)
    assert all(a.end <= b.start for a, b in pairwise(segments))
    materials = parse_material(raw)
    assert bool(materials) == bool(raw.strip())
    assert all(min(m.composition.values(), default=1) > 0 for m in materials)


def test_every_formula_of_the_lexicon_reads() -> None:
    data = load_toml("compound_names.toml")
    for formula in (*data["nicknames"], *data["words"]):
        assert parse_formula(formula) is not None, formula


def test_names_of_families_have_no_formula() -> None:
    assert formula_of_name("BSCCO") is None
    assert formula_of_name("Y-123") == formula_of_name("YBCO") == "YBa2Cu3O7-δ"


def test_a_variable_stated_twice_has_both_values() -> None:
    found = parse_material("LaFeAsO1-xFx with x = 0.11 and with x = 0.05")
    assert [m.formula for m in found] == ["LaFeAsO0.89F0.11", "LaFeAsO0.95F0.05"]


def test_values_of_several_formulas_are_not_mixed_up() -> None:
    found = parse_material("LaFeAsO1-xFx (x = 0.1) and CeFeAsO1-xFx (x = 0.2)")
    assert [m.composition for m in found] == [{}, {}]


def test_titanium_nitride_is_no_tin() -> None:
    assert parse_material("TiN")[0].composition == {"Ti": 1.0, "N": 1.0}
    assert parse_material("tin")[0].composition == {"Sn": 1.0}


@pytest.mark.parametrize(
    ("raw", "formula", "name", "material_class"),
    [
        ("La1-xFxFeAsO", "La1-xFxFeAsO", None, "iron-based pnictide"),
        ("(La,Y)H10", "(La,Y)H10", None, "hydride"),
        ("[(Li1-xFex)OH]FeSe", "Li1-xFexOHFeSe", None, "iron-based chalcogenide"),
        ("κ-(BEDT-TTF)2Cu[N(CN)2]Br", "(BEDT-TTF)2CuN(CN)2Br", None, "organic"),
        ("κ-Cl", "(BEDT-TTF)2CuN(CN)2Cl", "κ-Cl", "organic"),
        ("Bi − 2212", "Bi2Sr2CaCu2O8+δ", "Bi − 2212", "cuprate"),
        ("YBCO6.95", "YBa2Cu3O6.95", "YBCO6.95", "cuprate"),
        ("hydrogen sulfide", None, "hydrogen sulfide", "hydride"),
        ("zirconium dodecaboride", "ZrB12", "zirconium dodecaboride", "other"),
        ("iron selenide", "FeSe", "iron selenide", "iron-based chalcogenide"),
        ("Nb-Ti", None, "Nb-Ti", "alloy"),
        ("YBaCuO", "YBa2Cu3O7-δ", "YBaCuO", "cuprate"),
        ("BiSrCaCuO", None, "BiSrCaCuO", "cuprate"),
        ("NbIr2B2 [70]", "NbIr2B2", None, "other"),
        ("La2Cu04", "La2CuO4", None, "cuprate"),
        ("LA2CUO4", "La2CuO4", None, "cuprate"),
        ("La1111 with x = 0.11", None, "La1111", None),
        ("Sr12xLaxCuO2", "Sr1-xLaxCuO2", None, "cuprate"),
        ("Sr2VFeAsO3\uf02d\uf064", "Sr2VFeAsO3-δ", None, "iron-based pnictide"),
        ("Sr2CuO2+Cl1.2", "Sr2CuO2+δCl1.2", None, "cuprate"),
        ("GdO- FeAs", "GdOFeAs", None, "iron-based pnictide"),
        ("Ca-doped", None, None, None),
        ("overdoped", None, None, None),
        ("Nd(Ba,_,Nd,)2Cu30,+6", None, None, None),
    ],
)
def test_formula_name_and_class(
    raw: str, formula: str | None, name: str | None, material_class: str | None
) -> None:
    material = one(raw)
    assert (material.formula, material.name) == (formula, name)
    assert material.material_class == material_class


def test_amounts_are_expressions_while_a_variable_is_open() -> None:
    material = one("La2-xSrxCuO4")
    assert material.amounts == {"La": "2-x", "Sr": "x", "Cu": "1", "O": "4"}
    assert material.composition == {}


def test_phase_and_isotopes_are_told() -> None:
    assert (one("2H-NbSe2").phase, one("A15 Nb3Si").phase) == ("2H", "A15")
    material = one("Mg11B2")
    assert (material.formula, material.flags) == ("MgB2", ("isotope",))


def test_approximate_values_are_flagged() -> None:
    assert "approximate_variable" in one("La2-xSrxCuO4 (x ≈ 0.15)").flags


def test_remarks_in_a_list_are_no_values() -> None:
    found = formulas("LaFeAsO1-xFx, x = 0 (squares), 0.1 (circles)")
    assert found == ["LaFeAsO", "LaFeAsO0.9F0.1"]


def test_the_only_element_of_a_bracket_loses_it() -> None:
    assert formulas("Ba(Fe1-xCox)2As2 (x = 0)") == ["BaFe2As2"]


def test_a_formula_that_a_line_break_cuts_is_one() -> None:
    assert formulas("La1.955Sr0.045-CuO4") == ["La1.955Sr0.045CuO4"]
    assert formulas("MgB2-SiC") == ["MgB2", "SiC"]
    assert formulas("Hf0.5Zr0.5-Ni") == ["Hf0.5Zr0.5", "Ni"]


def test_values_stated_as_what_is_left_to_one() -> None:
    assert formulas("NdO1-yFeAs with 1-y = 0.6 and 0.85") == ["NdO0.6FeAs", "NdO0.85FeAs"]


def test_each_value_of_a_list_may_have_a_remark_of_its_own() -> None:
    found = parse_material("x = 0 (undoped), 0.05 (underdoped) and 0.11 (optimally doped)")
    assert [m.variables for m in found] == [{"x": "0"}, {"x": "0.05"}, {"x": "0.11"}]
    assert {m.doping for m in found} == {None}


def test_an_additive_is_not_the_material() -> None:
    [found] = parse_material("x = 0.4 sample using 100 mol-% Ag2O2")
    assert (found.formula, found.variables) == (None, {"x": "0.4"})
    assert formulas("MgB2 with 10 wt% of SiC") == ["MgB2"]
    assert formulas("100 mol-% Ag2O2") == ["Ag2O2"]
