"""Classes of superconductors by composition and by words, and the rule that decided."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scmine.extractors.elements import elements
from scmine.extractors.formula import parse_formula
from scmine.extractors.lexicons import load_toml
from scmine.extractors.material_class import ClassDecision, class_of_words, classify
from scmine.extractors.materials import parse_material

CLASSES = {
    "cuprate",
    "iron-based pnictide",
    "iron-based chalcogenide",
    "hydride",
    "heavy fermion",
    "A15",
    "Chevrel",
    "organic",
    "nickelate",
    "bismuthate",
    "fulleride",
    "borocarbide",
    "MgB2-like",
    "element",
    "alloy",
    "other",
}


def class_of(printed: str) -> str | None:
    formula = parse_formula(printed)
    assert formula is not None, printed
    decision = classify(formula)
    return decision.name if decision else None


@pytest.mark.parametrize(
    ("printed", "expected"),
    [
        ("MgB2", "MgB2-like"),
        ("Mg1-xAlxB2", "MgB2-like"),
        ("MgB1.9C0.1", "MgB2-like"),
        ("YB6", "other"),
        ("LaH10", "hydride"),
        ("LaH10-δ", "hydride"),
        ("(La,Y)H10", "hydride"),
        ("PdHx", "hydride"),
        ("D3S", "hydride"),
        ("SiH4", "hydride"),
        ("La2-xSrxCuO4", "cuprate"),
        ("YBa2Cu3Oy", "cuprate"),
        ("Y1Ba2Cu3OY", "cuprate"),
        ("HgBa2Ca2Cu3O8+δ", "cuprate"),
        ("RuSr2GdCu2O8", "cuprate"),
        ("RBa2Cu3O7", "cuprate"),
        ("LaFeAsO1-xFx", "iron-based pnictide"),
        ("Ba(Fe1-xCox)2As2", "iron-based pnictide"),
        ("AFe2As2", "iron-based pnictide"),
        ("LaFePO", "iron-based pnictide"),
        ("LiFePO4", "other"),
        ("LaFe4P12", "other"),
        ("FeSe", "iron-based chalcogenide"),
        ("KxFe2-ySe2", "iron-based chalcogenide"),
        ("[(Li1-xFex)OH]FeSe", "iron-based chalcogenide"),
        ("Fe0.05NbSe2", "other"),
        ("CeCoIn5", "heavy fermion"),
        ("La2.96Ce0.04In", "alloy"),
        ("K3C60", "fulleride"),
        ("A3C60", "fulleride"),
        ("Ba0.6K0.4BiO3", "bismuthate"),
        ("BaPb1-xBixO3", "bismuthate"),
        ("PbMo6S8", "Chevrel"),
        ("MoS2", "other"),
        ("Nb3Sn", "A15"),
        ("Nb0.79Al0.21", "A15"),
        ("V3Ir", "A15"),
        ("Nd0.8Sr0.2NiO2", "nickelate"),
        ("La3Ni2O7", "nickelate"),
        ("κ-(BEDT-TTF)2Cu[N(CN)2]Br", "organic"),
        ("K3picene", "organic"),
        ("YNi2B2C", "borocarbide"),
        ("RNi2B2C", "borocarbide"),
        ("Nb", "element"),
        ("C60", "element"),
        ("NbTi", "alloy"),
        ("LaSn3", "alloy"),
        ("LaO0.5F0.5BiS2", "other"),
        ("CaC6", "other"),
        ("NbSe2", "other"),
        ("Na0.35CoO2·1.3H2O", "other"),
        ("MX2", None),
    ],
)
def test_class_by_composition(printed: str, expected: str | None) -> None:
    assert class_of(printed) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("hydrogen sulfide", "hydride"),
        ("lanthanum superhydrides", "hydride"),
        ("BSCCO", "cuprate"),
        ("Bi(Pb)-2223", "cuprate"),
        ("high-Tc cuprates", "cuprate"),
        ("1111", "iron-based pnictide"),
        ("122", None),
        ("oxyarsenide", "iron-based pnictide"),
        ("iron selenide", "iron-based chalcogenide"),
        ("infinite-layer nickelate", "nickelate"),
        ("A15", "A15"),
        ("sample S2", None),
        ("20 nm film", None),
    ],
)
def test_class_by_words(text: str, expected: str | None) -> None:
    decision = class_of_words(text)
    assert (decision.name if decision else None) == expected


def test_the_rule_that_decided_is_said() -> None:
    formula = parse_formula("NbSe2")
    assert formula is not None
    assert classify(formula) == ClassDecision("other", "chalcogenide without Fe as main metal")
    material = parse_material("YBCO thin films")[0]
    assert (material.material_class, (material.class_rule or "")[:8]) == ("cuprate", "Cu and O")
    named = parse_material("the 1111 family")[0]
    assert named.class_rule == "family number 1111"


def test_dopants_count_where_they_make_the_class() -> None:
    assert parse_material("Cs-doped C60")[0].material_class == "fulleride"
    assert parse_material("boron-doped Si")[0].material_class == "other"


def test_every_rule_names_a_class_of_the_list() -> None:
    data = load_toml("material_classes.toml")
    assert {rule["class"] for rule in data["rule"] + data["word"]} == CLASSES
    kinds = {e.kind for e in elements().values()}
    for rule in data["rule"]:
        for key in ("any_kind", "only_kinds", "rest_kinds"):
            assert set(rule.get(key, ())) <= kinds
        for key in ("all", "only", "none"):
            assert set(rule.get(key, ())) <= set(elements())


@given(st.dictionaries(st.sampled_from(sorted(elements())), st.integers(1, 12), min_size=1))
def test_any_composition_has_a_class(composition: dict[str, int]) -> None:
    formula = parse_formula("".join(f"{s}{n}" for s, n in composition.items()))
    if formula is not None:
        decision = classify(formula)
        assert decision is not None
        assert decision.name in CLASSES


@pytest.mark.shared
def test_formulas_of_supercon_have_a_class(shared: Path) -> None:
    with (shared / "data/supercon_stanev.csv").open(encoding="utf-8") as stream:
        formulas = [parse_formula(row["name"]) for row in csv.DictReader(stream)]
    read = [f for f in formulas if f is not None]
    assert len(read) > 0.999 * len(formulas)
    assert sum(classify(f) is not None for f in read) > 0.999 * len(read)
