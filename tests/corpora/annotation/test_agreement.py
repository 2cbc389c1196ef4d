"""Agreement of made-up annotators: known values, intervals, and what has no value."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scmine.corpora.annotation.agreement import agreement
from scmine.corpora.annotation.agreement_tables import matches
from scmine.corpora.annotation.coefficients import NoFigure
from scmine.corpora.annotation.versions import Unit, Version
from scmine.corpora.types import GoldMention
from scmine.extractors.claim import Link

TEXT = "MgB2 has a Tc of 39 K at 2 GPa."
MATERIAL, VALUE = GoldMention(0, 4, "material"), GoldMention(17, 21, "tcValue")
LINK = Link(0, 1, "material-tcValue")


def unit(number: int, **versions: Version) -> Unit:
    return Unit(f"p{number}-0", TEXT, tuple(versions[name] for name in sorted(versions)))


def version(name: str, *mentions: GoldMention, links: tuple[Link, ...] | None = ()) -> Version:
    return Version(name, mentions, links)


def full(name: str) -> Version:
    return version(name, MATERIAL, VALUE, links=(LINK,))


def test_those_who_say_the_same_agree() -> None:
    units = [unit(i, a=full("a"), b=full("b"), c=full("c")) for i in range(12)]
    found = agreement(units, rounds=50)
    assert found.shared_units == 12
    assert found.drawn == "papers"
    assert {f.value for f in found.figures if f.reason is None} == {1.0}
    assert {f.name for f in found.figures if f.reason is not None} == {"cohen_units"}
    assert found.figure("fleiss_words").annotators == ("a", "b", "c")
    assert found.figure("f1_exact", "", ("a", "c")).high == 1


def test_the_values_of_a_small_case_by_hand() -> None:
    wide = GoldMention(14, 21, "tcValue")  # "of 39 K"
    units = [
        unit(0, a=full("a"), b=full("b")),
        unit(1, a=full("a"), b=version("b", MATERIAL, wide, links=(LINK,))),
        unit(2, a=full("a"), b=version("b", MATERIAL)),
        unit(3, a=full("a")),
    ]
    found = agreement(units, rounds=50)
    assert (found.units, found.shared_units, found.drawn) == (4, 3, "units")
    # a has six mentions, b five; four are the same, five overlap.
    assert found.figure("f1_exact").value == pytest.approx(2 * 4 / 11)
    assert found.figure("f1_overlap").value == pytest.approx(2 * 5 / 11)
    assert found.figure("f1_exact", "material").value == 1
    assert found.figure("f1_exact", "tcValue").value == pytest.approx(2 / 5)
    assert found.figure("link_f1_exact").value == pytest.approx(2 / 5)
    assert found.figure("link_f1_overlap").value == pytest.approx(2 * 2 / 5)
    # Words of tcValue, of 33: both 4, a alone 2, b alone 1.
    observed, expected = 30 / 33, (6 * 5 + 27 * 28) / 33**2
    kappa = (observed - expected) / (1 - expected)
    assert found.figure("cohen_words", "tcValue").value == pytest.approx(kappa)
    [confusion] = found.confusions
    assert confusion.labels == ("material", "tcValue", "O")
    assert confusion.counts == ((3, 0, 0), (0, 4, 2), (0, 1, 23))


def test_links_that_are_not_known_are_not_compared() -> None:
    units = [
        unit(0, a=full("a"), b=version("b", MATERIAL, VALUE, links=None)),
        unit(1, a=full("a"), b=full("b")),
    ]
    figure = agreement(units, rounds=20).figure("link_f1_exact")
    assert (figure.value, figure.units) == (1.0, 1)


def test_missing_versions_leave_alpha_and_limit_fleiss() -> None:
    units = [unit(0, a=full("a"), b=full("b"), c=full("c"))]
    units += [unit(i, a=full("a"), b=version("b")) for i in range(1, 4)]
    found = agreement(units, rounds=20)
    assert found.figure("fleiss_words").units == 1
    assert found.figure("alpha_words").units == 4
    assert found.figure("cohen_words", "", ("b", "c")).units == 1
    assert found.figure("cohen_words", "", ("a", "b")).units == 4


def test_what_was_adjudicated_does_not_count() -> None:
    decided = Version("judge", (), (), adjudicated=True)
    found = agreement([Unit("p-1", TEXT, (full("a"), decided))], rounds=20)
    assert found.annotators == ("a",)
    assert {f.reason for f in found.figures} == {NoFigure.ONE_ANNOTATOR}


@pytest.mark.parametrize(
    ("units", "reason"),
    [
        ([], NoFigure.ONE_ANNOTATOR),
        ([unit(0, a=full("a")), unit(1, b=full("b"))], NoFigure.NO_OVERLAP),
        ([unit(0, a=version("a"), b=version("b"))], NoFigure.ONE_CATEGORY),
        ([Unit("p-0", "", (version("a"), version("b")))], NoFigure.NO_OVERLAP),
    ],
)
def test_what_has_no_value_says_why(units: list[Unit], reason: NoFigure) -> None:
    found = agreement(units, rounds=20)
    assert all(f.value is None and f.reason is not None for f in found.figures)
    assert found.figure("alpha_words").reason is reason
    text = json.dumps(found.to_json(), allow_nan=False)
    assert "NaN" not in text


SPANS = st.lists(st.tuples(st.integers(0, 28), st.integers(1, 3)), max_size=5)


def drawn(name: str, spans: list[tuple[int, int]], label: str) -> Version:
    mentions, last = [], 0
    for start, length in sorted(spans):
        if start >= last:
            mentions.append(GoldMention(start, start + length, label))
            last = start + length
    return Version(name, tuple(mentions))


@given(SPANS, SPANS)
def test_f1_is_symmetric_and_more_is_shared_than_is_the_same(
    first: list[tuple[int, int]], second: list[tuple[int, int]]
) -> None:
    a, b = drawn("a", first, "x"), drawn("b", second, "x")
    exact, overlap = (matches(a, b, None, exact=way) for way in (True, False))
    assert exact[0] <= overlap[0] <= min(overlap[1:])
    for way in (True, False):
        right, mine, other = matches(a, b, None, exact=way)
        assert matches(b, a, None, exact=way) == (right, other, mine)


@settings(deadline=None, max_examples=30)
@given(st.lists(st.tuples(SPANS, SPANS), min_size=1, max_size=4))
def test_figures_are_numbers_or_reasons(
    pairs: list[tuple[list[tuple[int, int]], list[tuple[int, int]]]],
) -> None:
    units = [
        unit(i, a=drawn("a", first, "x"), b=drawn("b", second, "x"))
        for i, (first, second) in enumerate(pairs)
    ]
    found = agreement(units, rounds=20)
    for figure in found.figures:
        assert (figure.value is None) == (figure.reason is not None)
        if figure.value is not None:
            assert -1.5 <= figure.value <= 1
            if figure.low is not None and figure.high is not None:
                assert figure.low <= figure.high
    json.dumps(found.to_json(), allow_nan=False)
