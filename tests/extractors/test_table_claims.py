"""Tables: which claims their rows make."""

from __future__ import annotations

import pytest

from scmine.extractors.claim import Claim
from scmine.extractors.context import MaterialContext
from scmine.extractors.document import Box, Cell, Span, Table, Typography
from scmine.extractors.table_claims import claims_of_table, plain_text
from scmine.extractors.table_head import understand_head

BOX = Box(4, 0.0, 0.0, 10.0, 10.0)


def table(*rows: str, caption: str = "TABLE I. Results.", heads: int = 1) -> Table:
    """A table from rows with cells between bars; ``>`` before a head says that it spans two."""
    made = []
    for i, row in enumerate(rows):
        cells = []
        for text in row.split("|"):
            text = text.strip()
            columns = 2 if text.startswith(">") else 1
            cells.append(Cell(text.lstrip("> "), i < heads, columns, (), BOX))
        made.append(tuple(cells))
    return Table(tuple(made), caption)


def claims(made: Table) -> list[Claim]:
    return claims_of_table(made, MaterialContext())


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


@pytest.mark.parametrize("text", ["ΔTc (K)", "ΘD (K)", "ρ (μΩ cm)", "T (K)", "λab (nm)", "Jc"])
def test_heads_of_something_else(text: str) -> None:
    head = understand_head(text)
    assert head is None or head.field not in ("tc", "lambda", "pressure")


def test_each_row_is_a_claim() -> None:
    found = claims(table("Compound | P (GPa) | Tc (K)", "LaH10 | 170 | 250", "YH6 | 166 | 224"))
    assert [(c.material, c.values) for c in found] == [
        ("LaH10", {"pressure": "170 GPa", "tc": "250 K"}),
        ("YH6", {"pressure": "166 GPa", "tc": "224 K"}),
    ]
    assert found[0].page == 4
    assert found[0].sentence == "Compound | P (GPa) | Tc (K) || LaH10 | 170 | 250"


def test_onset_and_zero_are_two_claims() -> None:
    found = claims(table("Sample | Tconset (K) | Tczero (K)", "NbN | 16.1 | 15.2"))
    assert [(c.values["tc"], c.hints["tc_kind"]) for c in found] == [
        ("16.1 K", "onset"),
        ("15.2 K", "zero"),
    ]


def test_a_spanning_head_holds_for_its_columns_and_conditions_count() -> None:
    made = table(
        " | | > Tc (K) | ",
        "P (GPa) | λ | μ* = 0.10 | μ* = 0.13",
        "120 | 2.48 | 161 | 150",
        caption="TABLE I. Properties of ThCaH14.",
        heads=2,
    )
    found = claims(made)
    assert [(c.material, c.values["tc"], c.values["mu_star"]) for c in found] == [
        ("ThCaH14", "161 K", "0.10"),
        ("ThCaH14", "150 K", "0.13"),
    ]


def test_a_variable_column_completes_the_captions_formula() -> None:
    made = table("x | Tc (K)", "0.05 | 28.5", caption="TABLE I. Tc of La2-xSrxCuO4.")
    [claim] = claims(made)
    assert (claim.material, claim.hints["var:x"]) == ("La2-xSrxCuO4", "0.05")


def test_properties_down_the_side() -> None:
    made = table(
        "Parameter | LiTi2O4 | Sr2RuO4", "Tc (K) | 11.4 | 1.48", "λ | 0.65 | –", "ΘD (K) | 657 | –"
    )
    assert [(c.material, c.values) for c in claims(made)] == [
        ("LiTi2O4", {"tc": "11.4 K", "lambda": "0.65"}),
        ("Sr2RuO4", {"tc": "1.48 K"}),
    ]


def test_the_captions_pressure_holds_for_all_rows() -> None:
    made = table("Compound | Tc (K)", "LaH10 | 250", caption="TABLE I. Tc at 170 GPa.")
    assert claims(made)[0].values["pressure"] == "170 GPa"


def test_a_bare_p_is_no_pressure() -> None:
    made = table("Compound | p | Tc (K)", "LSCO | 0.16 | 38")
    assert "pressure" not in claims(made)[0].values


def test_tables_about_something_else_make_no_claims() -> None:
    assert claims(table("Atom | Site | x | y | z", "Cu | 2a | 0 | 0 | 0")) == []
    assert claims(table("Sample | ρ (μΩ cm)", "MgB2 | 0.4")) == []


def test_empty_cells_and_foot_marks() -> None:
    assert [c.values for c in claims(table("Compound | Tc (K)", "MgB2 | …", "NbN | 16"))] == [
        {"tc": "16 K"}
    ]
    marked = Cell("254(2)a", False, 1, (Span(6, 7, Typography.SUPERSCRIPT),))
    assert plain_text(marked) == "254(2)"
    power = Cell("10-3", False, 1, (Span(2, 4, Typography.SUPERSCRIPT),))
    assert plain_text(power) == "10-3"


def test_greek_coefficients_are_no_cell_angles() -> None:
    made = table("Sample | Tc (K) | α | β", "LSCO | 27.4 | 0.463 | 0.186")
    assert claims(made)[0].values == {"tc": "27.4 K"}
    cell = table("Sample | Tc (K) | a (Å) | β", "NbSe2 | 7.2 | 3.44 | 90.5")
    assert claims(cell)[0].values["beta"] == "90.5 °"
