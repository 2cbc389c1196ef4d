"""Which formula of a paper a value belongs to."""

from __future__ import annotations

import re
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scmine.extractors.document import Passage, PassageKind
from scmine.extractors.formula import parse_formula
from scmine.extractors.open_formulas import (
    OpenFormulas,
    Place,
    base_names,
    end_member,
    fits,
    key_of_compound,
    number,
)
from scmine.extractors.sentences import split_sentences

_FORMULA = re.compile(r"(?:La2-x|La1\.|Nd2-x|LaFe|LaO1|YBa2|Sr1-x|Cu1-x|BaFe)\S*[a-zA-Z\d]")


def paper(*texts: str, title: str = "") -> OpenFormulas:
    """A paper whose formulas are all found."""
    passages = [Passage(PassageKind.TITLE, title)] if title else []
    passages += [Passage(PassageKind.PARAGRAPH, t, sentences=split_sentences(t)) for t in texts]
    made = OpenFormulas(passages)
    for index, passage in enumerate(passages):
        for match in _FORMULA.finditer(passage.text):
            formula = parse_formula(match[0])
            assert formula is not None, match[0]
            made.add(Place(index, match.start(), match.end()), formula)
            if not formula.variables:
                made.add_closed(formula)
    return made


def chosen(made: OpenFormulas, values: dict[str, str], at: str) -> str | None:
    """The formula for ``values`` printed as ``at``, which stands once in the paper."""
    [index] = [i for i, p in enumerate(made.passages) if at in p.text]
    start = made.passages[index].text.index(at)
    return made.choose(values, Place(index, start, start + len(at)))[0]


def test_the_last_before_in_the_sentence() -> None:
    made = paper("In La2-xSrxCuO4 and then in Nd2-xCexCuO4 at x = 0.15 it is high.")
    assert chosen(made, {"x": "0.15"}, "x = 0.15") == "Nd2-xCexCuO4"


def test_the_one_that_the_value_is_said_to_be_of() -> None:
    made = paper("Unlike La2-xSrxCuO4, the x = 0.15 sample of Nd2-xCexCuO4 is red.")
    assert chosen(made, {"x": "0.15"}, "x = 0.15 sample") == "Nd2-xCexCuO4"


def test_spellings_of_one_compound_are_one() -> None:
    made = paper("LaFeAsO1-xFx is known.", "LaO1-xFxFeAs too.", "So x = 0.1 is good.")
    assert chosen(made, {"x": "0.1"}, "x = 0.1") in ("LaFeAsO1-xFx", "LaO1-xFxFeAs")


def test_the_oxygen_content_makes_no_other_compound() -> None:
    made = paper("YBa2Cu1-xZnxO7 is known.", "YBa2Cu1-xZnxOy too.", "So x = 0.1 is good.")
    place = Place(2, 3, 10)
    assert made.choose({"x": "0.1"}, place)[1] == 1


def test_the_title_decides_between_formulas_far_away() -> None:
    made = paper("La2-xSrxCuO4 is known.", "So x = 0.15 is good.", title="A study of Nd2-xCexCuO4")
    assert chosen(made, {"x": "0.15"}, "x = 0.15") == "Nd2-xCexCuO4"


def test_a_value_that_the_paper_names_with_one_of_them() -> None:
    made = paper(
        "We have La2-xSrxCuO4 and Nd2-xCexCuO4.",
        "The compound La1.85Sr0.15CuO4 is studied.",
        "So x = 0.15 is good.",
    )
    assert chosen(made, {"x": "0.15"}, "x = 0.15") == "La2-xSrxCuO4"


def test_where_several_are_possible_none_is_chosen() -> None:
    made = paper("We have La2-xSrxCuO4 and Nd2-xCexCuO4.", "So x = 0.15 is good.")
    place = Place(1, 3, 11)
    assert made.choose({"x": "0.15"}, place) == (None, 2)


def test_by_far_the_commonest() -> None:
    made = paper("La2-xSrxCuO4 and Nd2-xCexCuO4.", *["La2-xSrxCuO4."] * 2, "So x = 0.15 is.")
    assert chosen(made, {"x": "0.15"}, "x = 0.15") == "La2-xSrxCuO4"


def test_a_part_that_was_cut_off_is_no_candidate() -> None:
    made = paper("YBa2Cu1-xZnxO7 and Cu1-xZnx.", "YBa2Cu1-xZnxO7.", "So x = 0.02 is.")
    assert chosen(made, {"x": "0.02"}, "x = 0.02") == "YBa2Cu1-xZnxO7"


def test_a_formula_with_nothing_of_an_element_is_left_out() -> None:
    damaged = parse_formula("Mo3-xAlxGa0")
    assert damaged is not None
    made = OpenFormulas([Passage(PassageKind.PARAGRAPH, "Mo3-xAlxGa0.")])
    made.add(Place(0, 0, 11), damaged)
    assert made.choose({"x": "1"}, None) == (None, 0)


@pytest.mark.parametrize(
    ("formula", "values", "possible"),
    [
        ("YBa2Cu3Oy", {"y": "6.95"}, True),
        ("YBa2Cu3O6+y", {"y": "6.95"}, False),
        ("YBa2Cu3Ox", {"x": "0.01"}, False),
        ("La2-xSrxCuO4", {"x": "2.5"}, False),
        ("La2-xSrxCuO4", {"x": "0.063"}, True),
        ("Sr14-xCaxCu24O41", {"x": "11.5"}, True),
        ("AFe2As2", {"A": "Ba"}, True),
        ("BaFe2As2", {"x": "0.1"}, False),
    ],
)
def test_at_which_values_a_formula_is_possible(
    formula: str, values: dict[str, str], possible: bool
) -> None:
    parsed = parse_formula(formula)
    assert parsed is not None
    assert fits(parsed, values) is possible


@given(st.fractions(min_value=0, max_value=99, max_denominator=100))
def test_numbers_are_read_exactly(value: Fraction) -> None:
    assert number(f"{float(value):.4f}") == Fraction(f"{float(value):.4f}")


def test_what_is_no_number() -> None:
    assert [number(t) for t in ("0.1, 0.2", "0.1-0.2", "1/0", "x", "")] == [None] * 5


def test_names_with_marks() -> None:
    assert base_names({"xn": "0.1", "xi2": "0.2"} | {"y": "1"}) == {"x": "0.2", "y": "1"}


def test_end_members() -> None:
    open_one, host, two = (
        parse_formula(t) for t in ("CeFeAsO1-xFx", "CeOFeAs", "La2-x-yNdySrxCuO4")
    )
    assert open_one is not None
    assert host is not None
    assert two is not None
    assert end_member(open_one) == key_of_compound(host)
    assert end_member(two) is None
