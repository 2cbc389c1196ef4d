"""What a paper as a whole says about its materials."""

from __future__ import annotations

from scmine.extractors.claim import Label, Mention
from scmine.extractors.context import MaterialContext
from scmine.extractors.document import Passage, PassageKind


def context(*texts: tuple[str, str], kind: PassageKind = PassageKind.PARAGRAPH) -> MaterialContext:
    """The context of passages, each given with the one material that it mentions."""
    passages = [Passage(kind, text) for text, _ in texts]
    mentions = [
        [Mention(text.index(m), text.index(m) + len(m), Label.MATERIAL, m)] for text, m in texts
    ]
    return MaterialContext.of(passages, mentions)


def formulas(made: MaterialContext, raw: str, before: str = "") -> list[str | None]:
    return [m.formula for m in made.resolve(raw, before)]


def test_a_value_is_put_into_the_formula_of_the_paper() -> None:
    made = context(("Films of La2-xSrxCuO4 were grown.", "La2-xSrxCuO4"))
    assert formulas(made, "x = 0.15") == ["La1.85Sr0.15CuO4"]
    assert formulas(made, "x = 0.1 and 0.2") == ["La1.9Sr0.1CuO4", "La1.8Sr0.2CuO4"]


def test_of_two_formulas_the_last_before_counts() -> None:
    made = context(
        ("La2-xSrxCuO4 is known.", "La2-xSrxCuO4"), ("Nd2-xCexCuO4 as well.", "Nd2-xCexCuO4")
    )
    assert formulas(made, "x = 0.15") == [None]
    before = "In La2-xSrxCuO4 and then in Nd2-xCexCuO4, for"
    assert formulas(made, "x = 0.15", before) == ["Nd1.85Ce0.15CuO4"]


def test_a_variable_of_no_formula_stays_open() -> None:
    made = context(("MgB2 is known.", "MgB2"))
    assert formulas(made, "x = 0.15") == [None]


def test_an_abbreviation_that_the_paper_defines() -> None:
    made = context(("We grew Pr0.88LaCe0.12CuO4 (PLCCO) crystals.", "Pr0.88LaCe0.12CuO4"))
    assert formulas(made, "annealed PLCCO") == ["Pr0.88LaCe0.12CuO4"]


def test_an_element_that_stands_for_a_listed_compound() -> None:
    made = context(("oxides AOs2O6 (A = Cs, Rb, K)", "AOs2O6 (A = Cs, Rb, K)"))
    assert formulas(made, "Rb") == ["RbOs2O6"]
    assert formulas(made, "Nb") == ["Nb"]


def test_the_main_material_is_the_titles_or_the_commonest_by_far() -> None:
    titled = context(("Superconductivity in MgB2", "MgB2"), kind=PassageKind.TITLE)
    assert titled.main_formula() == "MgB2"
    often = context(*[("the MgB2 film", "MgB2")] * 3, ("and NbN", "NbN"))
    assert often.main_formula() == "MgB2"
    even = context(("the MgB2 film", "MgB2"), ("and NbN", "NbN"))
    assert even.main_formula() is None
    assert MaterialContext().main_printed() is None
