"""λ, ω_log and μ* of sentences: with which material, pressure, phase and Tc they end in records."""

from __future__ import annotations

from typing import Any

import pytest

from scmine.database.record import Record
from scmine.extractors import extract
from scmine.extractors.document import Document, Passage, PassageKind
from scmine.extractors.formats.marked_text import MarkedText
from scmine.extractors.pdf.lines import Line
from scmine.extractors.pdf.reading_text import Words, make_passage


def passage(text: str, kind: PassageKind = PassageKind.PARAGRAPH) -> Passage:
    marked = MarkedText()
    marked.add(text)
    line: Line = marked.line()
    return make_passage(kind, [line], "Results", Words.of([line]))


def records(*texts: str, kind: PassageKind = PassageKind.PARAGRAPH) -> list[Record]:
    passages = tuple(passage(text, kind) for text in texts)
    return extract(Document("id", "paper.md", "markdown", passages=passages)).records


def stated(text: str, *fields: str) -> list[tuple[Any, ...]]:
    """The chosen fields of the records of ``text`` that have λ or ω_log, in order of print."""
    rows = [
        tuple(getattr(r, name) for name in fields)
        for r in records(text)
        if r.lambda_ is not None or r.omega_log_K is not None
    ]
    return sorted(rows, key=str)


def test_a_sentence_that_says_it_all() -> None:
    text = (
        "At 200 GPa, the Im-3m phase of H3S has a λ of 2.19 and an ωlog of 1334.6 K, and its Tc is "
        "204 K by the Allen–Dynes modified McMillan formula with μ* = 0.10."
    )
    [record] = records(text)
    assert (record.formula, record.pressure_GPa, record.space_group) == ("H3S", 200, "Im-3m")
    assert (record.lambda_, record.omega_log_K, record.mu_star) == (2.19, 1334.6, 0.10)
    assert (record.tc_K, record.tc_method) == (204, "Allen-Dynes")


@pytest.mark.parametrize(
    ("printed", "kelvin"),
    [("100 meV", 1160.45), ("800 cm−1", 1151.02), ("25 THz", 1199.81), ("1200 K", 1200.0)],
)
def test_frequencies_in_kelvin(printed: str, kelvin: float) -> None:
    [record] = records(f"LaH10 at 200 GPa has λ = 2.2 and ωlog = {printed}.")
    assert record.omega_log_K == pytest.approx(kelvin, rel=1e-4)


def test_values_beside_their_pressures() -> None:
    text = "For H3S, λ of 2.1 at 150 GPa and 1.8 at 200 GPa were found."
    assert stated(text, "formula", "lambda_", "pressure_GPa") == [
        ("H3S", 1.8, 200),
        ("H3S", 2.1, 150),
    ]


def test_lists_side_by_side() -> None:
    text = "We obtain λ = 1.2, 1.5 and 2.0 for YH4, YH6 and YH10, respectively, at 200 GPa."
    assert stated(text, "formula", "lambda_", "pressure_GPa") == [
        ("YH10", 2.0, 200),
        ("YH4", 1.2, 200),
        ("YH6", 1.5, 200),
    ]
    text = "The λ of CaH6 is 2.69, 2.1 and 1.9 at 150, 200 and 250 GPa."
    assert stated(text, "lambda_", "pressure_GPa") == [(1.9, 250), (2.1, 200), (2.69, 150)]


def test_phases_side_by_side() -> None:
    text = "λ = 1.84 and 2.76 for the R3m and Im-3m phases of H3S, respectively."
    assert stated(text, "lambda_", "space_group") == [(1.84, "R3m"), (2.76, "Im-3m")]


def test_two_materials_with_all_of_their_own() -> None:
    text = "YH6 has λ = 2.9 and Tc = 264 K at 120 GPa, while YH10 has λ = 2.6 and Tc = 303 K."
    values = stated(text, "formula", "lambda_", "tc_K")
    assert values == [("YH10", 2.6, 303), ("YH6", 2.9, 264)]


def test_a_material_that_is_only_compared_with() -> None:
    text = "The λ of YH10 is 2.56 at 250 GPa, larger than that of LaH10 at 210 GPa."
    assert stated(text, "formula", "lambda_", "pressure_GPa") == [("YH10", 2.56, 250)]


def test_a_value_in_brackets_is_that_of_its_material() -> None:
    text = "We obtain λ = 1.09 for H3Se at 200 GPa, much smaller than that of H3S (λ = 2.19)."
    assert stated(text, "formula", "lambda_", "pressure_GPa") == [
        ("H3S", 2.19, None),
        ("H3Se", 1.09, 200),
    ]


def test_what_no_one_can_tell_is_left_out() -> None:
    assert stated("For LaH10 and YH6 we find λ = 2.2.", "formula") == []


def test_the_material_of_the_sentence_before() -> None:
    text = "The P1 phase of H3S was found at 22 GPa. Its R3m phase has a λ of 2.07 at 130 GPa."
    assert stated(text, "formula", "lambda_", "pressure_GPa") == [("H3S", 2.07, 130)]


def test_two_mu_star_make_two_claims() -> None:
    text = "The Tc of LaH10 is 250 (280) K with μ* = 0.13 (0.10)."
    assert sorted((r.tc_K, r.mu_star) for r in records(text)) == [(250, 0.13), (280, 0.10)]
    text = "Using μ* values of 0.1 and 0.13, the Tc of CaH6 is 235 K and 220 K, where λ = 2.69."
    assert stated(text, "tc_K", "mu_star", "lambda_") == [(220, 0.13, 2.69), (235, 0.1, 2.69)]


def test_a_range_of_mu_star_is_no_number() -> None:
    [record] = records("CeH9 at 200 GPa has λ = 2.3 and Tc = 117 K with μ* = 0.10–0.13.")
    assert record.mu_star is None
    assert "mu_star_range" in record.flags


def test_a_variable_is_filled_in() -> None:
    text = "For V3−xMoxSi the λ values are 0.81 and 0.52 at x = 0.2 and 1.4."
    assert [row[0] for row in stated(text, "lambda_")] == [0.52, 0.81]
    assert {row[0] for row in stated(text, "formula")} == {"V2.8Mo0.2Si", "V1.6Mo1.4Si"}


def test_captions_state_values_too() -> None:
    text = "Figure 3. α2F(ω) of LaH10 at 200 GPa (λ = 2.29, ωlog = 1110 K)."
    [record] = records(text, kind=PassageKind.CAPTION)
    assert (record.formula, record.lambda_, record.omega_log_K) == ("LaH10", 2.29, 1110)
    assert record.source.value == "caption"


def test_the_papers_own_material_where_none_is_named() -> None:
    first = "The hydride LaH10 is superconducting. LaH10 was made at 170 GPa. LaH10 is cubic."
    found = [r for r in records(first, "The calculated EPC constant λ is 2.2.") if r.lambda_]
    assert [(r.formula, r.lambda_) for r in found] == [("LaH10", 2.2)]
