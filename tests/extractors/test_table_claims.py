"""Tables: which claims their rows make."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from scmine.extractors.claim import Claim
from scmine.extractors.context import MaterialContext
from scmine.extractors.document import Box, Cell, Document, Span, Table, Typography
from scmine.extractors.paper_profile import PaperProfile
from scmine.extractors.table_claims import claims_of_table
from scmine.extractors.table_sheet import plain_text
from scmine.extractors.whose_claim import whose_claim

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
    assert plain_text(power) == "10⁻³"


@pytest.mark.parametrize(
    ("text", "start", "plain"),
    [
        ("7.25,6", 3, "7.2"),
        ("7.2[5–7]", 3, "7.2"),
        ("3.71)", 3, "3.7"),
        ("3.7(b)", 3, "3.7"),
        ("102", 2, "10²"),
        ("2×103", 4, "2×10³"),
        ("1103", 3, "110"),
    ],
)
def test_marks_of_notes_and_powers_are_no_digits(text: str, start: int, plain: str) -> None:
    raised = (Span(start, len(text), Typography.SUPERSCRIPT),)
    assert plain_text(Cell(text, typography=raised)) == plain


def test_greek_coefficients_are_no_cell_angles() -> None:
    made = table("Sample | Tc (K) | α | β", "LSCO | 27.4 | 0.463 | 0.186")
    assert claims(made)[0].values == {"tc": "27.4 K"}
    cell = table("Sample | Tc (K) | a (Å) | β", "NbSe2 | 7.2 | 3.44 | 90.5")
    assert claims(cell)[0].values["beta"] == "90.5 °"


def test_a_unit_over_several_columns_holds_for_all() -> None:
    made = table(
        " | > Tc (K) | | ", "Film | onset | zero | a (Å)", "NbN | 16.1 | 15.2 | 4.39", heads=2
    )
    found = claims(made)
    assert [(c.values["tc"], c.hints["tc_kind"]) for c in found] == [
        ("16.1 K", "onset"),
        ("15.2 K", "zero"),
    ]
    assert all(c.values["a"] == "4.39 Å" for c in found)


def test_methods_over_one_tc_are_calculated() -> None:
    made = table(
        " | > Tc (K) | | ", "Phase | McMillan | Eliashberg | Exp.", "YH6 | 201 | 249 | 224", heads=2
    )
    made = replace(made, rows=(_spanning(made.rows[0], 1, 3), *made.rows[1:]))
    profile = PaperProfile.of(Document("", "", ""))
    assert [(c.values["tc"], whose_claim(c, profile).evidence.value) for c in claims(made)] == [
        ("201 K", "calculated"),
        ("249 K", "calculated"),
        ("224 K", "measured"),
    ]


def _spanning(row: tuple[Cell, ...], index: int, columns: int) -> tuple[Cell, ...]:
    return tuple(replace(c, columns=columns) if i == index else c for i, c in enumerate(row))


def test_a_name_that_stands_once_holds_for_the_rows_under_it() -> None:
    made = table(
        "Compound | P (GPa) | Tc (K)", "CaH6 | 150 | 220", " | 172 | 215", "YH6 | 166 | 224"
    )
    assert [(c.material, c.values["pressure"]) for c in claims(made)] == [
        ("CaH6", "150 GPa"),
        ("CaH6", "172 GPa"),
        ("YH6", "166 GPa"),
    ]


def test_a_row_of_its_own_names_the_material_of_its_group() -> None:
    made = table("P (GPa) | λ | Tc (K)", "LaBeH8 | | ", "20 | 1.6 | 185", "50 | 1.4 | 170")
    assert [c.material for c in claims(made)] == ["LaBeH8", "LaBeH8"]


def test_labels_of_samples_stand_for_the_captions_material() -> None:
    made = table(
        "Sample | d (nm) | Tc (K)", "A1 | 120 | 86", "SC-II | 140 | 88",
        caption="TABLE I. Characteristics of the YBa2Cu3O7 thin films.",
    )  # fmt: skip
    assert [c.material for c in claims(made)] == ["YBa2Cu3O7"] * 2


def test_names_of_compounds_without_a_formula_stay() -> None:
    made = table("Compound | Tc (K)", "Tl-2234 | 109", "κ-(ET)2Cu(NCS)2 | 10.4")
    assert [c.material for c in claims(made)] == ["Tl-2234", "κ-(ET)2Cu(NCS)2"]


def test_an_element_completes_the_captions_formula() -> None:
    made = table(
        "R | Tc (K)", "Nd | 51", "Sm | 55", caption="TABLE II. Transition temperatures of RFeAsO."
    )
    assert [(c.material, c.hints["var:R"]) for c in claims(made)] == [
        ("RFeAsO", "Nd"),
        ("RFeAsO", "Sm"),
    ]


def test_panels_have_heads_of_their_own() -> None:
    made = table(
        "(a) | x | Tc (K) | p", " | 0.1 | 12 | 0.1", "(b) | Tc (K) | La(y) | P (GPa)",
        " | 24 | 0.3 | 1",
        caption="Table I: (a) values of La2-xSrxCuO4 and (b) of La2-yBayCuO4.",
    )  # fmt: skip
    assert [(c.material, c.values["tc"]) for c in claims(made)] == [
        ("La2-xSrxCuO4", "12 K"),
        ("La2-yBayCuO4", "24 K"),
    ]


def test_materials_over_groups_of_columns() -> None:
    made = table(
        " | > MgB2 | | > NbB2 | ", "P (GPa) | Tc (K) | λ | Tc (K) | λ", "0 | 39 | 0.87 | 5 | 0.5",
        heads=2,
    )  # fmt: skip
    assert [(c.material, c.values) for c in claims(made)] == [
        ("MgB2", {"pressure": "0 GPa", "tc": "39 K", "lambda": "0.87"}),
        ("NbB2", {"pressure": "0 GPa", "tc": "5 K", "lambda": "0.5"}),
    ]


def test_pressures_along_the_top() -> None:
    made = table(
        " | 100 GPa | 200 GPa", "λ | 2.1 | 1.8", "ωlog (K) | 900 | 1100", "Tc (K) | 170 | 180",
        caption="TABLE I. Calculated properties of CaH6 with μ* = 0.10.",
    )  # fmt: skip
    assert [c.values for c in claims(made)] == [
        {"pressure": p, "lambda": la, "omega_log": w, "tc": t, "mu_star": "0.10"}
        for p, la, w, t in (
            ("100 GPa", "2.1", "900 K", "170 K"),
            ("200 GPa", "1.8", "1100 K", "180 K"),
        )
    ]


def test_units_in_a_column_of_their_own() -> None:
    made = table(
        "Property | Unit | MgB2 | NbN",
        "Tc | K | 39 | 16",
        "a | Å | 3.086 | 4.39",
        "λ | | 0.87 | 1.0",
    )
    assert [(c.material, c.values["tc"], c.values["a"]) for c in claims(made)] == [
        ("MgB2", "39 K", "3.086 Å"),
        ("NbN", "16 K", "4.39 Å"),
    ]


def test_a_space_group_in_the_caption_and_a_cell_make_claims() -> None:
    made = table(
        "Compound | a (Å) | c (Å)", "FeSe | 3.77 | 5.52",
        caption="TABLE I. Cells of the samples, all of the space group P4/nmm.",
    )  # fmt: skip
    assert claims(made)[0].values == {"space_group": "P4/nmm", "a": "3.77 Å", "c": "5.52 Å"}


def test_what_is_no_value_makes_no_claim() -> None:
    made = table("Compound | Tc (K)", "LaOFeP | PM", "CeOFeP | 0", "PrOFeP | n.a.", "NdOFeP | 3.2")
    assert [c.material for c in claims(made)] == ["NdOFeP"]


def test_cells_that_name_their_transition() -> None:
    made = table("Compound | TC/TN (K) | a (Å)", "MoSr2 | TC=18(1) | 3.8", "SmSr2 | 13 | 3.9")
    assert claims(made)[0].values == {"tc": "18(1) K", "a": "3.8 Å"}


def test_a_tc_without_a_unit_gets_none() -> None:
    [claim] = claims(table("Compound | Tc | x", "MgB2 | 39 | 1"))
    assert (claim.values["tc"], claim.hints.get("tc_unit")) == ("39", None)
    made = table("Compound | Tc", "MgB2 | 39000", caption="TABLE I. Values of Tc (in mK).")
    assert claims(made)[0].hints["tc_unit"] == "mK"


def test_a_table_of_sites_is_one_structure() -> None:
    made = table(
        "Atom | Site | x | y | z | Occ.", "Fe | 2a | 3/4 | 1/4 | 0 | 1",
        "Se | 2c | 1/4 | 1/4 | 0.2652(2) | 0.92(1)",
        caption="TABLE II. FeSe0.92, space group P4/nmm, a = 3.7747(1) Å, c = 5.5229(1) Å.",
    )  # fmt: skip
    [claim] = claims(made)
    assert claim.material == "FeSe0.92"
    assert {k: v for k, v in claim.values.items() if k != "wyckoff"} == {
        "space_group": "P4/nmm",
        "a": "3.7747(1) Å",
        "c": "5.5229(1) Å",
    }
    assert json.loads(claim.values["wyckoff"]) == [
        {"label": "Fe", "element": "Fe", "site": "2a", "xyz": [0.75, 0.25, 0.0], "occupancy": 1.0},
        {
            "label": "Se",
            "element": "Se",
            "site": "2c",
            "xyz": [0.25, 0.25, 0.2652],
            "occupancy": 0.92,
        },
    ]
    assert len(claim.boxes) == 12


def test_sites_of_several_structures_are_claims_of_their_own() -> None:
    made = table(
        "Atom | x | y | z", "LaH10 | | | ", "La | 0 | 0 | 0", "YH9 | | | ", "Y | 0 | 0 | 0"
    )
    first, second = claims(made)
    assert (first.material, second.material) == ("LaH10", "YH9")
    assert [s["element"] for s in json.loads(second.values["wyckoff"])] == ["Y"]


def test_columns_beside_the_sites_part_structures() -> None:
    made = table(
        "Phase | Pressure (GPa) | Lattice parameters (Å) | Atom | Site | x | y | z",
        "Fm-3m LaH10 | 150 | a = 5.10 | La | 4b | 0.5 | 0.5 | 0.5",
        " | | | H | 8c | 0.25 | 0.25 | 0.25",
        "C2/m LaH10 | 120 | a = 5.31, b = 5.75, c = 3.89 | La | 4i | 0.1 | 0 | 0.3",
    )
    first, second = claims(made)
    assert first.material == second.material == "LaH10"
    assert (first.values["space_group"], first.values["pressure"]) == ("Fm-3m", "150 GPa")
    assert [s["site"] for s in json.loads(first.values["wyckoff"])] == ["4b", "8c"]
    assert second.values["b"] == "5.75 Å"
    assert (second.values["space_group"], second.values["pressure"]) == ("C2/m", "120 GPa")


def test_a_head_of_equal_edges_is_of_both() -> None:
    [claim] = claims(table("Compound | a = b (Å) | c (Å)", "BaFe2As2 | 3.950 42 (3.951) | 13.02"))
    assert (claim.values["a"], claim.values["b"]) == ("3.95042 Å", "3.95042 Å")
    [claim] = claims(table("Compound | a = b = c (Å)", "Nb3Sn | 5.289(1)"))
    assert {claim.values[axis] for axis in "abc"} == {"5.289(1) Å"}


def test_a_column_called_a_is_no_cell_without_words_or_company() -> None:
    assert claims(table("Compound | a (Å) | s", "BaFe2As2 | 3.95 | 1")) == []
    [claim] = claims(table("Compound | Lattice constant (nm)", "Nb3Sn | 0.529"))
    assert claim.values["a"] == "0.529 nm"


def test_structure_types_and_systems_have_columns() -> None:
    [claim] = claims(
        table(
            "Compound | Structure type | Crystal system | a (Å) | c (Å)",
            "BaFe2As2 | ThCr2Si2 | tetragonal | 3.96 | 13.0",
        )
    )
    assert (claim.values["prototype"], claim.values["crystal_structure"]) == (
        "ThCr2Si2",
        "tetragonal",
    )


def _raised(before: str, mark: str, after: str = "") -> Cell:
    span = Span(len(before), len(before) + len(mark), Typography.SUPERSCRIPT)
    return Cell(before + mark + after, False, 1, (span,), BOX)


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        (_raised("1.2×10", "−1"), "1.2×10⁻¹ K"),
        (_raised("10", "−2"), "10⁻² K"),
        (_raised("110", "3"), "110 K"),
        (_raised("10", "2"), None),
        (_raised("1.5", "+0.2", "−0.1"), "1.5 K"),
        (_raised("∼2 ", "+ 0.2", " − 0.1"), "∼2 K"),
        (Cell("9.2e-3", False, 1, (), BOX), None),
        (Cell("3–5", False, 1, (), BOX), "3–5 K"),
    ],
)
def test_exponents_marks_and_uneven_errors_change_no_number(cell: Cell, value: str | None) -> None:
    made = table("Compound | Tc (K)", "NbN | 1")
    made = replace(made, rows=(made.rows[0], (made.rows[1][0], cell)))
    assert [claim.values["tc"] for claim in claims(made)] == ([value] if value else [])


@pytest.mark.parametrize(
    ("caption", "stated"),
    [
        ("Results with μ* = 0.13, 0.16.", {}),
        ("Results with μ* = 0.13–0.16.", {}),
        ("Results with μ* = 0.10 (0.13).", {}),
        ("Results with μ* = 0.10 and 0.13.", {}),
        ("Results with μ* = 0.13, at 5 GPa.", {"mu_star": "0.13", "pressure": "5 GPa"}),
        ("Tc up to 20 GPa.", {}),
        ("Superconductors above 100 GPa.", {}),
        ("Tc of samples synthesized at 5 GPa.", {}),
        ("Samples grown from a melt. Tc at 5 GPa.", {"pressure": "5 GPa"}),
    ],
)
def test_a_caption_states_for_all_rows_what_is_one_value(
    caption: str, stated: dict[str, str]
) -> None:
    (claim,) = claims(table("Compound | Tc (K)", "NbN | 16", caption=f"TABLE I. {caption}"))
    assert claim.values == {"tc": "16 K", **stated}


def test_a_limit_of_pressure_is_not_that_of_a_structure() -> None:
    rows = ("Atom | x | y | z", "Nb | 0 | 0 | 0", "N | 1/2 | 1/2 | 1/2")
    (limit,) = claims(table(*rows, caption="TABLE I. Sites in NbN, stable up to 20 GPa."))
    (stated,) = claims(table(*rows, caption="TABLE I. Sites in NbN at 20 GPa."))
    assert "pressure" not in limit.values
    assert stated.values["pressure"] == "20 GPa"


def test_a_column_of_additives_names_no_superconductor() -> None:
    made = table(
        "Name | Add. | Tc (K)", "RRP-54 | Ta | 17.85", "RRP-61 | Ti | 17.7", caption="Nb3Sn."
    )
    assert {c.material for c in claims(made)} == {"Nb3Sn"}


def test_a_cell_of_remarks_may_name_the_space_group() -> None:
    made = table(
        "Compound | Tc (K) | P (GPa) | short summary",
        "ThH10 | 161 | 174 | resistance measured, Fm-3m structure resolved and matched",
        "H3S | 203 | 155 | R3m structure predicted, Im-3m structure found",
        "LiH | 3 | 100 | as in P63/mmc metals",
    )
    assert [c.values.get("space_group") for c in claims(made)] == ["Fm-3m", None, None]


def test_samples_that_are_counted_are_no_elements() -> None:
    made = table(
        "Film | Tc (K)", "P1 | 21.5", "P2 | 23.9", caption="TABLE I. Films of Pr1.85Ce0.15CuO4."
    )
    assert {c.material for c in claims(made)} == {"Pr1.85Ce0.15CuO4"}
    lettered = table("Sample | Tc (K)", "B2A | 15.7", "B2B | 16.8", "B2C | 17.6", caption="Nb3Sn.")
    assert {c.material for c in claims(lettered)} == {"Nb3Sn"}
    borides = table("Compound | Tc (K)", "NbB | 8.2", "NbC | 11.1", "NbH | 2")
    assert [c.material for c in claims(borides)] == ["NbB", "NbC", "NbH"]
    fullerenes = table("Compound | Tc (K)", "K3C60 | 19", "Rb3C60 | 29")
    assert [c.material for c in claims(fullerenes)] == ["K3C60", "Rb3C60"]


def test_a_cell_may_hold_the_pressure_of_its_tc() -> None:
    made = table("Compound | Tc (K)", "YH6 | 92 at 5 GPa", "H3S | 203 K (155 GPa)", "FeSe | 8")
    values = [c.values for c in claims(made)]
    assert [(v["tc"], v.get("pressure")) for v in values] == [
        ("92 K", "5 GPa"),
        ("203 K", "155 GPa"),
        ("8 K", None),
    ]


@pytest.mark.parametrize("printed", ["Ambient", "ambient pressure", "AP", "Ambient pressure"])
def test_ambient_pressure_in_any_words(printed: str) -> None:
    [claim] = claims(table("Compound | Tc (K) | P (GPa)", f"MgB2 | 39 | {printed}"))
    assert claim.values["pressure"] == printed


def test_two_tc_for_two_mu_star() -> None:
    made = table(
        "Compound | P (GPa) | λ | ωlog (K) | Tc (K)",
        "YH9 | 150 | 2.60 | 1100 | 276 (253)",
        caption="Table 2. Tc is given for μ* = 0.10 (0.13).",
    )
    values = [(c.values["tc"], c.values["mu_star"], c.values["lambda"]) for c in claims(made)]
    assert values == [("276 K", "0.10", "2.60"), ("253 K", "0.13", "2.60")]


def test_pressure_in_the_cell_of_the_material() -> None:
    made = table("Compound | λ | Tc (K)", "H3S (P = 155 GPa) [54] | 1.76 [55,56] | 190 [57]")
    [claim] = claims(made)
    assert (claim.values["pressure"], claim.values["lambda"]) == ("155 GPa", "1.76")


def test_a_lone_coupling_makes_claims_where_its_field_is_named() -> None:
    rows = ("Compound | λ", "Nb3Sn | 1.80")
    assert claims(table(*rows, caption="Table 1. Depths.")) == []
    [claim] = claims(table(*rows, caption="Table 1. Electron-phonon coupling."))
    assert claim.values["lambda"] == "1.80"


@pytest.mark.parametrize(
    "head", ["Tc (K) at 5 GPa", "Tc (5 GPa) (K)", "Tc (K) (5 GPa)", "Tc (K) @ 5 GPa"]
)
def test_a_pressure_within_a_head_is_no_unit_of_its_tc(head: str) -> None:
    (claim,) = claims(table(f"Compound | {head}", "NbN | 16"))
    assert claim.values == {"tc": "16 K", "pressure": "5 GPa"}


def test_columns_of_coordinates_state_no_content() -> None:
    start = "Sample | Tc (K) | a (Å) |"
    for heads in (f"{start} Ba (0, 0, z) | content (z)", f"{start} z | z", f"{start} (z) | (z)"):
        [claim] = claims(table(heads, "La2Ba2Cu4Oz | 40 | 3.85 | 0.365 | 0.412"))
        assert not [key for key in claim.hints if key.startswith("var:")], heads
    [claim] = claims(table(f"{start} content (z)", "La2Ba2Cu4Oz | 40 | 3.85 | 8.1"))
    assert claim.hints["var:z"] == "8.1"


def test_a_formula_wrapped_in_its_cell_is_the_rows_own() -> None:
    for head in ("Material", "Mate rials"):
        rows = (f"{head} | Tc (K)", "LiTi2O4 | 11", "La1.84Sr0.1 6CuO4 | 38")
        made = table(*rows, caption="Like LiTi2O4.")
        assert [c.material for c in claims(made)] == ["LiTi2O4", "La1.84Sr0.16CuO4"], head
