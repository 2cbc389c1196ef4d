"""Mentions of whole small papers, resolved."""

from __future__ import annotations

import pytest

from scmine.extractors.claim import Label, Mention
from scmine.extractors.context import MaterialContext
from scmine.extractors.document import Cell, Passage, PassageKind, Table
from scmine.extractors.materials import Material
from scmine.extractors.sentences import split_sentences


def paper(*texts: str, title: str = "", tables: tuple[Table, ...] = ()) -> MaterialContext:
    """A paper whose material mentions stand in braces."""
    passages: list[Passage] = []
    mentions: list[list[Mention]] = []
    kinds = [PassageKind.TITLE] * bool(title) + [PassageKind.PARAGRAPH] * len(texts)
    for kind, marked in zip(kinds, [title, *texts] if title else texts, strict=True):
        text, found = "", []
        for i, piece in enumerate(marked.replace("}", "{").split("{")):
            if i % 2:
                end = len(text) + len(piece)
                found.append(Mention(len(text), end, Label.MATERIAL, piece))
            text += piece
        passages.append(Passage(kind, text, sentences=split_sentences(text)))
        mentions.append(found)
    return MaterialContext.of(passages, mentions, tables)


def resolved(made: MaterialContext, raw: str) -> list[Material]:
    """``raw`` at the place where it stands last in the paper, if it stands there."""
    for passage in reversed(made.passages):
        start = passage.text.rfind(raw)
        if start >= 0:
            return made.resolve(raw, passage.text[max(0, start - 600) : start + len(raw)])
    return made.resolve(raw)


def formulas(made: MaterialContext, raw: str) -> list[str | None]:
    return [m.formula for m in resolved(made, raw)]


def flags(made: MaterialContext, raw: str) -> set[str]:
    return {f for m in resolved(made, raw) for f in m.flags}


def test_a_list_of_values_is_a_list_of_formulas() -> None:
    made = paper("We made {LaFeAsO1−xFx}.", "For {x = 0.05, 0.10 and 0.15} Tc is 20, 26 and 10 K.")
    assert formulas(made, "x = 0.05, 0.10 and 0.15") == [
        "LaFeAsO0.95F0.05",
        "LaFeAsO0.9F0.1",
        "LaFeAsO0.85F0.15",
    ]


def test_a_sample_named_by_its_value() -> None:
    made = paper("We made {La2-xSrxCuO4}.", "The {x = 0.12} sample is red. The {x=1/8} one is not.")
    assert formulas(made, "x = 0.12") == ["La1.88Sr0.12CuO4"]
    assert formulas(made, "x=1/8") == ["La1.875Sr0.125CuO4"]


def test_a_bound_stays_a_range() -> None:
    made = paper("We made {La2-xSrxCuO4}.", "It is metallic for {x ≥ 0.1}.")
    assert formulas(made, "x ≥ 0.1") == ["La2-xSrxCuO4"]
    assert "variable_range" in flags(made, "x ≥ 0.1")


def test_per_cent_of_the_variable_itself() -> None:
    made = paper("We made {Mg(B1-xCx)2}.", "At {x = 7.5 %} it is lower.")
    assert formulas(made, "x = 7.5 %") == ["Mg(B0.925C0.075)2"]


def test_the_rest_to_one() -> None:
    made = paper("We made {NdFeAsO1-y}.", "The {1-y = 0.85} sample is the best.")
    assert formulas(made, "1-y = 0.85") == ["NdFeAsO0.85"]


@pytest.mark.parametrize("raw", ["x = p = 0.10", "p = x = 0.10", "x = 0.10, p = 0.1"])
def test_the_number_of_holes_is_no_variable_of_a_formula(raw: str) -> None:
    made = paper("We made {La2-xSrxCuO4}.", f"The {{{raw}}} sample is the best.")
    assert formulas(made, raw) == ["La1.9Sr0.1CuO4"]


def test_a_lone_number_of_a_list() -> None:
    made = paper("We made {La2-xSrxCuO4}.", "Tc is 10 and 20 K for {x = 0.08} and {0.12}.")
    assert formulas(made, "0.12") == ["La1.88Sr0.12CuO4"]


def test_values_stated_at_once_go_into_one_formula() -> None:
    made = paper("We made {La2-x-yNdySrxCuO4}.", "With {x = 0.12}, y = 0.4 it is striped.")
    assert formulas(made, "x = 0.12") == ["La1.48Nd0.4Sr0.12CuO4"]


@pytest.mark.parametrize("raw", ["8% Co-doped sample", "8% Co"])
def test_a_share_where_the_paper_makes_plain_that_it_is_the_variable(raw: str) -> None:
    plain = paper("We made {Ba(Fe1-xCox)2As2} with x = 0.08.", f"The {{{raw}}} is best.")
    assert formulas(plain, raw) == ["Ba(Fe0.92Co0.08)2As2"]
    unclear = paper("We made {Ba(Fe1-xCox)2As2}.", f"The {{{raw}}} is best.")
    assert formulas(unclear, raw) == [None]
    assert "unresolved_sample" in flags(unclear, raw)


def test_optimal_doping_as_the_paper_states_it() -> None:
    texts = ("We made {La2-xSrxCuO4} (LSCO).", "The {optimally doped LSCO} is best.")
    assert formulas(paper(*texts), "optimally doped LSCO") == ["La2-xSrxCuO4"]
    stated = paper(*texts, "Optimal doping is at x = 0.15.")
    assert formulas(stated, "optimally doped LSCO") == ["La1.85Sr0.15CuO4"]


def test_sample_labels_of_the_text() -> None:
    made = paper(
        "We made {La2-xSrxCuO4} samples with x = 0.00, 0.05 and 0.10, hereafter S1, S2 and S3.",
        "Tc of {S2} is 12 K, that of {sample S3} 20 K and that of {S4} unknown.",
    )
    assert formulas(made, "S2") == ["La1.95Sr0.05CuO4"]
    assert formulas(made, "sample S3") == ["La1.9Sr0.1CuO4"]
    assert formulas(made, "S4") == [None]
    assert flags(made, "S4") == {"unresolved_sample"}


def test_sample_labels_of_a_table() -> None:
    rows = (("Sample", "x", "Tc (K)"), ("#1", "0.05", "12"), ("#2", "0.10", "20"))
    cells = tuple(tuple(Cell(t, is_header=i == 0) for t in row) for i, row in enumerate(rows))
    made = paper("We made {La2-xSrxCuO4}.", "Sample {#2} is red.", tables=(Table(cells),))
    assert formulas(made, "#2") == ["La1.9Sr0.1CuO4"]


def test_a_series_named_by_its_label() -> None:
    made = paper(
        "Two series: {La2-ySryCuO4} samples (series I) and {Nd2-yCeyCuO4} samples (series II).",
        "So {y = 0.15} compounds of series II are best.",
    )
    assert formulas(made, "y = 0.15") == ["Nd1.85Ce0.15CuO4"]


def test_a_dopant_named_beside_the_value() -> None:
    made = paper(
        "We study {Bi2Sr2-xLaxCuO6} and {Bi2-yPbySr2-xLaxCuO6}.",
        "Next.",
        "So {Pb-free with x = 0.3} is unlike {Pb-doped with x = 0.4}.",
    )
    assert formulas(made, "Pb-free with x = 0.3") == ["Bi2Sr1.7La0.3CuO6"]
    assert formulas(made, "Pb-doped with x = 0.4") == ["Bi2-yPbySr1.6La0.4CuO6"]


def test_a_label_of_two_samples_stays_open() -> None:
    made = paper("In {La2-xSrxCuO4} sample A (x = 0.1) and sample A (x = 0.2).", "But {sample A}.")
    assert formulas(made, "sample A") == [None]


@pytest.mark.parametrize(
    ("raw", "formula"),
    [
        ("the title compound", "LaFeAsO1-xFx"),
        ("this compound", "LaFeAsO1-xFx"),
        ("the parent compound", "LaFeAsO"),
    ],
)
def test_phrases(raw: str, formula: str) -> None:
    made = paper(f"Here {{{raw}}} is best.", title="Superconductivity in {LaFeAsO1-xFx}")
    assert formulas(made, raw) == [formula]


def test_the_parent_of_several_formulas_stays_open() -> None:
    made = paper("{La2-xSrxCuO4} and {Nd2-xCexCuO4}.", "The {parent compound} is not.")
    assert formulas(made, "parent compound") == [None]


@pytest.mark.parametrize("raw", ["LSCO", "LSCO thin film", "underdoped LSCO"])
def test_an_abbreviation_stands_for_its_formula(raw: str) -> None:
    made = paper("{La1.85Sr0.15CuO4} (LSCO) is known.", f"The {{{raw}}} is red.")
    assert formulas(made, raw) == ["La1.85Sr0.15CuO4"]


def test_blanks_and_dashes_do_not_matter() -> None:
    made = paper("{Bi2Sr2CaCu2O8.2} (Bi-2212) is known.", "{Bi2212} and {Bi 2212} are it.")
    assert formulas(made, "Bi2212") == formulas(made, "Bi 2212") == ["Bi2Sr2CaCu2O8.2"]


@pytest.mark.parametrize("raw", ["LCCO with x = 0.1", "LCCO (x = 0.1)"])
def test_an_abbreviation_with_a_value(raw: str) -> None:
    made = paper("{La2-xCexCuO4-y} (LCCO) is known.", f"But {{{raw}}} is red.")
    assert formulas(made, raw) == ["La1.9Ce0.1CuO4-y"]


def test_the_papers_own_definition_counts_before_the_fields() -> None:
    made = paper("{La1.9Ce0.1CuO4} (LCCO) is known.", "Then {LCCO} is red.")
    assert formulas(made, "LCCO") == ["La1.9Ce0.1CuO4"]
    assert formulas(paper("Then {LCCO} is red."), "LCCO") == ["La2-xCexCuO4"]


def test_a_name_that_nobody_defines_but_fits_one_formula() -> None:
    made = paper("{La1.84Y0.04Sr0.12CuO4} is known.", "Then {LYSCO} is red.")
    assert formulas(made, "LYSCO") == ["La1.84Y0.04Sr0.12CuO4"]
    other = paper("{La1.84Nd0.04Sr0.12CuO4} is known.", "Then {LYSCO} is red.")
    assert flags(other, "LYSCO") == {"unresolved_name"}


def test_a_hydride_named_by_letters_is_no_compound() -> None:
    made = paper("We study lutetium hydride (LuH).", "The {LuH} sample is blue.")
    assert formulas(made, "LuH") == [None]


def test_a_host_named_with_the_value_of_its_dopant() -> None:
    made = paper("We study {CeO1-xFxFeAs}.", "Tc of {Ce1111 with x = 0.12} is 40 K.")
    assert formulas(made, "Ce1111 with x = 0.12") == ["CeO0.88F0.12FeAs"]
    alone = paper("Tc of {Ce1111 with x = 0.12} is 40 K.")
    [material] = resolved(alone, "Ce1111 with x = 0.12")
    assert "undoped_formula" in material.flags
    assert material.composition == {}


def test_a_dopant_beside_its_host() -> None:
    known = paper("We study {CsxC60}.", "Tc of {Cs-doped C60} is 38 K.")
    assert formulas(known, "Cs-doped C60") == ["CsxC60"]
    [material] = resolved(paper("Tc of {Cs-doped C60} is 38 K."), "Cs-doped C60")
    assert material.composition == {}
    assert "undoped_formula" in material.flags


@pytest.mark.parametrize("raw", ["hydrated sodium cobaltate", "carbon content"])
def test_an_element_in_a_compounds_name_is_not_the_compound(raw: str) -> None:
    assert formulas(paper(f"The {{{raw}}} is known."), raw) == [None]


def test_a_title_in_capitals() -> None:
    made = paper(
        "We study {La2-xSrxCuO4}.", "So {x = 0.1} is.", title="STUDY OF {LA2-XSRXCUO4} FILMS"
    )
    assert formulas(made, "x = 0.1") == ["La1.9Sr0.1CuO4"]


def test_several_formulas_and_no_hint() -> None:
    made = paper("{La2-xSrxCuO4} and {Nd2-xCexCuO4} are known.", "So {x = 0.1} is.")
    assert formulas(made, "x = 0.1") == [None]
    assert flags(made, "x = 0.1") == {"ambiguous_formula"}


def test_a_label_that_is_its_own_text_ends() -> None:
    rows = (("Sample", "Formula"), ("H3", "H3"), ("H2", "H2"))
    cells = tuple(tuple(Cell(t, is_header=i == 0) for t in row) for i, row in enumerate(rows))
    made = paper("A {H3} sample.", tables=(Table(cells),))
    assert len(resolved(made, "H3")) == 1


def test_the_values_of_one_list_belong_to_one_formula() -> None:
    made = paper(
        "We pressed {LaFeAsO1-xFx with x = 0.11 and 0.05}.",
        "Others made {SmFeAsO1-xFx with x = 0.13 and 0.3}.",
        "The {x = 0.05, 0.13 and 0.3} samples are the best.",
    )
    found = formulas(made, "x = 0.05, 0.13 and 0.3")
    assert found == ["SmFeAsO0.95F0.05", "SmFeAsO0.87F0.13", "SmFeAsO0.7F0.3"]
