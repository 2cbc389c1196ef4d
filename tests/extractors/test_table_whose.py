"""Whose the values of table rows are, and what they rest on."""

from __future__ import annotations

from dataclasses import replace

import pytest

from scmine.database.record import Evidence, Origin
from scmine.extractors.claim import Claim, Place
from scmine.extractors.document import Cell, Document, Span, Table, Typography
from scmine.extractors.paper_profile import PaperProfile
from scmine.extractors.table_whose import row_evidence, row_origin
from tests.extractors.whose_papers import EXPERIMENT, REVIEW, THEORY

OWN, CITED = Origin.THIS_WORK, Origin.CITED


def table(*rows: str, caption: str = "") -> Table:
    """A table of rows with cells between bars, the first of them its heads."""
    made = tuple(
        tuple(Cell(text.strip(), is_header=i == 0) for text in row.split("|"))
        for i, row in enumerate(rows)
    )
    return Table(made, caption)


def row(made: Table, n: int, column: int | None = 1, **values: str) -> tuple[Claim, Place]:
    place = Place(table=made, row=made.body[n], column=column)
    material = made.body[n][0].text
    stated = values or {"tc": made.body[n][1].text}
    return Claim(material, stated, "table", "", "", None, (), "", 1.0, place=place), place


def origin(made: Table, n: int, paper: Document = EXPERIMENT) -> Origin:
    return row_origin(*row(made, n), PaperProfile.of(paper))


def evidence(made: Table, n: int, paper: Document, whose: Origin, **values: str) -> Evidence:
    claim, place = row(made, n, **values)
    return row_evidence(claim, place, PaperProfile.of(paper), whose)


def test_a_column_of_references_tells_each_row() -> None:
    made = table(
        "Compound | Tc (K) | Ref.",
        "LaFePO | 4 | [3]",
        "LiFeAs | 18 | 12",
        "LaFeAsO | 26 | this work",
        "CeFeAsO | 41 | ",
    )
    assert [origin(made, n) for n in range(4)] == [CITED, CITED, OWN, OWN]


def test_a_last_column_of_bare_numbers_holds_references() -> None:
    made = table("Compound | Tc (K) | ", "A | 4 | 3", "B | 18 | 12, 13", "C | 26 | 7")
    assert origin(made, 0) is CITED


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        ("V3Si | 16.4 [62]", CITED),
        ("Ref. 3 | 12.4", CITED),
        ("present work | 12.1", OWN),
        ("Film A | 12.1", OWN),
    ],
)
def test_a_row_that_cites(cells: str, expected: Origin) -> None:
    assert origin(table("Material | Tc (K)", cells), 0) is expected


def test_a_raised_number_cites_and_a_power_of_ten_does_not() -> None:
    def raised(text: str, mark: str) -> Table:
        span = Span(len(text), len(text) + len(mark), Typography.SUPERSCRIPT)
        cells = (Cell("V3Si"), Cell(text + mark, typography=(span,)))
        return Table(((Cell("Material", True), Cell("Tc (K)", True)), cells))

    assert origin(raised("16.4", "21"), 0) is CITED
    assert origin(raised("3 × 10", "5"), 0) is OWN


def test_a_caption_cites_behind_one_material() -> None:
    made = table(
        "Material | Tc (K)",
        "SnSb | 1.5",
        "SnAs | 3.6",
        caption="Comparison of SnSb (this work) and SnAs [20].",
    )
    assert [origin(made, n) for n in range(2)] == [OWN, CITED]


@pytest.mark.parametrize(
    ("caption", "paper", "expected"),
    [
        ("Properties of the films.", EXPERIMENT, OWN),
        ("Tc for some iron-based superconductors.", EXPERIMENT, CITED),
        ("Reported values of Tc.", EXPERIMENT, CITED),
        ("Transition temperatures.", REVIEW, CITED),
    ],
)
def test_a_caption_speaks_for_all_rows(caption: str, paper: Document, expected: Origin) -> None:
    assert origin(table("Material | Tc (K)", "PrFeAsO | 52", caption=caption), 0, paper) is expected


def test_heads_tell_measured_from_calculated() -> None:
    made = table("Phase | Exp. Tc (K) | Calc. Tc (K)", "YH6 | 220 | 251")
    profile = PaperProfile.of(THEORY)
    measured, calculated = row(made, 0, 1), row(made, 0, 2)
    assert row_origin(*measured, profile) is CITED
    assert row_evidence(*measured, profile, CITED) is Evidence.MEASURED
    assert row_origin(*calculated, profile) is OWN
    assert row_evidence(*calculated, profile, OWN) is Evidence.CALCULATED


def test_a_head_of_references_may_be_letter_spaced() -> None:
    made = table("Sam ple | Tc (K) | R eference", "V3Si | 16.8 | 24", "Nb3Sn | 17.8 | 5")
    assert origin(made, 0) is CITED


def test_an_onset_was_measured() -> None:
    made = table("Phase | Onset Tc (K) | λ", "MgB2 | 38 | 0.98")
    assert evidence(made, 0, THEORY, OWN, tc="38", mu_star="0.1") is Evidence.MEASURED


def test_a_row_without_a_name_has_the_source_of_the_one_above() -> None:
    made = table("Material | Tc (K) | Ref.", "A | 4 | [3]", " | 5 | ", "B | 6 | ")
    assert [origin(made, n) for n in range(3)] == [CITED, CITED, OWN]


def test_a_theorist_measures_nothing() -> None:
    caption = "Lattice parameter and measured superconducting transition temperature Tc."
    made = table("Material | Tc (K)", "K3C60 | 19", caption=caption)
    assert origin(made, 0, THEORY) is CITED
    assert origin(made, 0, EXPERIMENT) is OWN
    made = table("Material | calc. Tc (K)", "K3C60 | 21", caption=caption)
    assert origin(made, 0, THEORY) is OWN


def test_the_kind_of_paper_tells_where_heads_do_not() -> None:
    made = table("Phase | Tc (K)", "YBeH12 | 240")
    assert evidence(made, 0, THEORY, OWN) is Evidence.CALCULATED
    assert evidence(made, 0, EXPERIMENT, OWN) is Evidence.MEASURED


def test_a_coupling_that_is_cited_without_a_word_may_be_either() -> None:
    made = table("Phase | λ | μ*", "Nb3Sn | 1.8 | 0.16", caption="Parameters.")
    values = {"lambda": "1.8", "mu_star": "0.16"}
    assert evidence(made, 0, THEORY, CITED, **values) is Evidence.UNKNOWN


def test_the_evidence_of_a_structure_alone_is_unknown_where_nothing_tells() -> None:
    made = table("Compound | Space group | a (Å)", "CaH6 | Im-3m | 3.50")
    cell = {"space_group": "Im-3m", "a": "3.50"}
    caption = "Table 1. Crystal structure parameters of the phases."
    neither = Document("", "", "")

    def of(paper: Document, more: str = "", **values: str) -> Evidence:
        return evidence(replace(made, caption=caption + more), 0, paper, OWN, **cell, **values)

    assert of(neither) is Evidence.UNKNOWN
    assert of(neither, tc="215 K") is Evidence.MEASURED
    assert of(neither, " Refined from neutron diffraction.") is Evidence.MEASURED
    assert of(neither, " Relaxed by DFT.") is Evidence.CALCULATED
    assert (of(EXPERIMENT), of(THEORY)) == (Evidence.MEASURED, Evidence.CALCULATED)
