"""Texts that say the same twice."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from scmine.corpora.annotation.duplicates import (
    ALIKE,
    Sameness,
    _bare,
    _grams,
    _likeness,
    find_duplicates,
)

LONG = (
    "The superconducting transition of the sample with nominal composition LaFeAsO was measured "
    "by the standard four-probe method in magnetic fields up to 9 T."
)


def test_other_blanks_dashes_ligatures_and_case_are_the_same() -> None:
    other = "The  super\u00adconducting\u2014 \ufb01lm\n"
    first = "The superconducting- film"
    [found] = find_duplicates([first, "Something else entirely.", other])
    assert (found.index, found.kept, found.sameness, found.likeness) == (2, 0, Sameness.EXACT, 1.0)


def test_a_letter_that_was_misread_is_near() -> None:
    [found] = find_duplicates(
        [LONG, LONG.replace("standard", "stand ard").replace("up to", "upto")]
    )
    assert found.sameness is Sameness.EXACT
    [found] = find_duplicates([LONG, LONG.replace("nominal", "nomlnal")])
    assert found.sameness is Sameness.NEAR
    assert ALIKE <= found.likeness < 1


def test_another_number_is_another_claim() -> None:
    assert find_duplicates([LONG, LONG.replace("9 T", "8 T")]) == []
    assert find_duplicates([LONG, LONG.replace("9 T", "9.0 T")]) == []


def test_a_decimal_point_makes_another_number() -> None:
    assert find_duplicates(["Tc of MgB2 is 39 K.", "Tc of MgB2 is 3.9 K."]) == []
    assert find_duplicates(["It rose from 1.52 K.", "It rose from 1.5-2 K."]) == []


def test_marks_of_citations_are_no_numbers_but_directions_are() -> None:
    texts = [f"{LONG[:-1]} {mark}." for mark in ("[20–23]", "[20][21] [22]", "[1, 2]", "")]
    assert [d.index for d in find_duplicates(texts)] == [1, 2, 3]
    assert find_duplicates([f"{LONG} along [110]", f"{LONG} along [001]"]) == []


def test_the_first_is_kept_and_named_by_all() -> None:
    near = LONG.replace("nominal", "nomlnal")
    found = find_duplicates([LONG, near, near.upper(), LONG])
    assert [(d.index, d.kept) for d in found] == [(1, 0), (2, 0), (3, 0)]


_TEXTS = st.lists(
    st.lists(
        st.sampled_from(["MgB2 ", "has a ", "Tc of 39 K ", "high ", "at 5 GPa "]), max_size=9
    ).map("".join),
    max_size=10,
)


@settings(deadline=None)
@given(_TEXTS)
def test_no_alike_pair_is_missed_and_what_is_kept_stays(texts: list[str]) -> None:
    found = find_duplicates(texts)
    gone = {d.index for d in found}
    assert len(gone) == len(found)
    assert all(d.kept < d.index and d.kept not in gone for d in found)
    left = [i for i in range(len(texts)) if i not in gone]
    digits = [[c for c in text if c.isdigit()] for text in texts]
    for i in left:
        for j in left:
            if i < j and digits[i] == digits[j]:
                assert _likeness(*_grams([_bare(texts[i]), _bare(texts[j])])) < ALIKE
