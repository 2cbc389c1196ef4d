"""The coefficients give the values of published worked examples, and say where they have none."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scmine.corpora.annotation.agreement_tables import coincidences, continuum, tags
from scmine.corpora.annotation.coefficients import (
    NoFigure,
    Table,
    cohen,
    f1,
    fleiss,
    krippendorff,
)
from scmine.corpora.annotation.versions import Unit, Version
from scmine.corpora.types import GoldMention

# Fleiss (1971), table 1: 30 patients, 6 psychiatrists, 5 diagnoses.
PSYCHIATRISTS = (
    "0 0 0 6 0|0 3 0 0 3|0 1 4 0 1|0 0 0 0 6|0 3 0 3 0|2 0 4 0 0|0 0 4 0 2|2 0 3 1 0|2 0 0 4 0|"
    "0 0 0 0 6|1 0 0 5 0|1 1 0 4 0|0 3 3 0 0|1 0 0 5 0|0 2 0 3 1|0 0 5 0 1|3 0 0 1 2|5 1 0 0 0|"
    "0 2 0 4 0|1 0 2 0 3|0 0 0 0 6|0 1 0 5 0|0 2 0 1 3|2 0 0 4 0|1 0 0 4 1|0 5 0 1 0|4 0 0 0 2|"
    "0 2 0 4 0|1 0 5 0 0|0 0 0 0 6"
)
# The worked example of Wikipedia's article on Fleiss' kappa: 10 subjects, 14 raters.
FOURTEEN_RATERS = (
    "0 0 0 0 14|0 2 6 4 2|0 0 3 5 6|0 3 9 2 0|2 2 8 1 1|7 7 0 0 0|3 2 6 3 0|2 5 3 2 2|6 5 2 1 0|"
    "0 2 2 3 7"
)
# Krippendorff (2011), Computing Krippendorff's Alpha-Reliability, example C: 4 observers, 12 units.
OBSERVERS = "11-1 2232 3333 3333 2222 1234 4444 1121 2222 -555 --11 --3-"


def fleiss_of(rows: str, raters: int) -> float | NoFigure:
    counts = np.array([[float(n) for n in row.split()] for row in rows.split("|")])
    pairs = float((counts * (counts - 1)).sum())
    return fleiss(counts.sum(axis=0), pairs, len(counts), raters)


def alpha_of(columns: str) -> float | NoFigure:
    used = sorted(set(columns) - set(" -"))
    tables = [coincidences([[v] for v in c if v != "-"], used) for c in columns.split()]
    return krippendorff(np.sum(tables, axis=0))


def test_fleiss_1971() -> None:
    assert fleiss_of(PSYCHIATRISTS, 6) == pytest.approx(0.430, abs=5e-4)


def test_fleiss_with_fourteen_raters() -> None:
    assert fleiss_of(FOURTEEN_RATERS, 14) == pytest.approx(0.210, abs=5e-4)


def test_cohen_1968() -> None:
    # Cohen, Psychol. Bull. 70, 213 (1968), table 1; unweighted kappa.
    table = np.array([[0.44, 0.07, 0.09], [0.05, 0.20, 0.05], [0.01, 0.03, 0.06]])
    assert cohen(table) == pytest.approx(0.492, abs=5e-4)


def test_krippendorff_2011() -> None:
    assert alpha_of(OBSERVERS) == pytest.approx(0.743, abs=5e-4)


def test_krippendorff_2011_for_two_observers_and_two_values() -> None:
    # Example A of the same paper: ten units, no value missing.
    assert alpha_of("01 11 01 00 00 01 00 00 10 00") == pytest.approx(0.095, abs=5e-4)


ANSWERS = st.lists(st.text("abc-", min_size=3, max_size=3), min_size=1, max_size=12)


@given(ANSWERS)
def test_alpha_of_stretches_one_character_long_is_that_of_single_items(rows: list[str]) -> None:
    """The unitizing form holds the one for items as the case of all lengths being one."""
    used = "ab"
    items = np.zeros((2, 2))
    stretches = np.zeros((3, 2))
    for row in rows:
        values = ["a" if c == "a" else "b" for c in row]
        items += coincidences([[v] for v in values], used)
        versions = [
            Version(str(i), (GoldMention(0, 1, "x"),) if v == "a" else ())
            for i, v in enumerate(values)
        ]
        stretches += continuum(Unit("u", "x"), versions, "x")
    first, second = krippendorff(items), krippendorff(stretches[:2], stretches[2])
    assert first == second or first == pytest.approx(second)


def marked(*spans: tuple[int, int]) -> tuple[GoldMention, ...]:
    return tuple(GoldMention(a, b, "x") for a, b in spans)


def unitizing(length: int, *versions: tuple[GoldMention, ...]) -> float | NoFigure:
    made = [Version(str(i), mentions) for i, mentions in enumerate(versions)]
    table: Table = continuum(Unit("u", "x" * length), made, None)
    return krippendorff(table[:2], table[2])


def test_alpha_of_stretches_by_hand() -> None:
    # Two annotators, 10 characters: 2 to 6 and 4 to 6. Coincidences [[4, 2], [2, 12]], margins
    # 6 and 14, sums 16 + 4 = 20 and 6 + 8 = 14; e_cc = 20 (36 - 20)/366 + 20 (196 - 14)/366.
    expected = 20 - 20 * (16 + 182) / (400 - 34)
    assert unitizing(10, marked((2, 6)), marked((4, 6))) == pytest.approx(1 - 4 / expected)
    assert unitizing(10, marked((2, 6)), marked((2, 6))) == 1
    apart = unitizing(10, marked((0, 3)), marked((6, 9)))
    assert isinstance(apart, float)
    assert apart < 0


def test_what_is_not_defined_says_why() -> None:
    one = np.array([[9.0, 0.0], [0.0, 0.0]])
    assert cohen(one) is NoFigure.ONE_CATEGORY
    assert cohen(np.zeros((2, 2))) is NoFigure.NO_OVERLAP
    assert krippendorff(one) is NoFigure.ONE_CATEGORY
    assert krippendorff(np.zeros((2, 2))) is NoFigure.NO_OVERLAP
    assert fleiss(np.array([6.0, 0.0]), 6, 3, 2) is NoFigure.ONE_CATEGORY
    assert fleiss(np.array([3.0]), 0, 3, 1) is NoFigure.ONE_ANNOTATOR
    assert fleiss(np.array([0.0]), 0, 0, 2) is NoFigure.NO_OVERLAP
    assert f1(0, 0, 0) is NoFigure.NOTHING_MARKED
    assert f1(0, 1, 0) == 0
    assert unitizing(10, (), ()) is NoFigure.ONE_CATEGORY
    assert unitizing(10, marked((0, 10)), marked((0, 10))) is NoFigure.ONE_CATEGORY


@given(st.lists(st.lists(st.integers(0, 5), min_size=3, max_size=3), min_size=3, max_size=3))
def test_kappa_and_alpha_stay_below_one_and_do_not_depend_on_names(rows: list[list[int]]) -> None:
    table = np.array(rows, dtype=float)
    order = [2, 0, 1]
    for coefficient, counts in ((cohen, table), (krippendorff, table + table.T)):
        value = coefficient(counts)
        again = coefficient(counts[np.ix_(order, order)])
        if isinstance(value, NoFigure):
            assert again is value
        else:
            assert value <= 1 + 1e-12
            assert again == pytest.approx(value)


def test_words_have_the_tag_of_the_mention_that_begins_first() -> None:
    text = "La and Y hydrides at 39 K"
    version = Version(
        "a",
        (
            GoldMention(0, 17, "material", fragments=((0, 2), (9, 17))),
            GoldMention(9, 17, "class"),
            GoldMention(22, 25, "tcValue"),
        ),
    )
    assert tags(text, version) == [
        *("B-material", "O", "O", "I-material", "O"),
        *("B-tcValue", "I-tcValue"),
    ]
