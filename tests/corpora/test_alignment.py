"""A passage is found in another reading of the same text, and characters are followed."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from scmine.corpora.alignment import NOWHERE, PIECE, Pieces, longest_rise, skeleton

WORDS = st.lists(
    st.text("abcdefghijklmnopqrstuvwxyz0123456789", min_size=3, max_size=12),
    min_size=20,
    max_size=60,
    unique=True,
)


def test_a_skeleton_knows_where_its_characters_stand() -> None:
    bones = skeleton("Im3̄m–ﬁeld x²")
    assert bones.text == "im3mfieldx2"
    assert [bones.at[i] for i in (3, 4, 5, 10)] == [4, 6, 6, 12]


def test_readings_that_differ_in_spelling_have_one_skeleton() -> None:
    readings = "La 2−x Sr x CuO 4", "La2-xSrxCuO4", "La₂₋ₓSrₓCuO₄", "La2−x\u00adSrxCuO4"
    assert len({skeleton(text).text for text in readings}) == 1


@settings(max_examples=50)
@given(WORDS, st.data())
def test_a_part_of_a_text_is_found_where_it_stands(words: list[str], data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(words) - 10))
    before, passage = "".join(words[:start]), "".join(words[start : start + 10])
    text = "".join(words)
    places = Pieces(text).align(passage)
    assert all(text[p] == c for p, c in zip(places, passage, strict=True) if p != NOWHERE)
    if text.count(passage[:PIECE]) == text.count(passage[-PIECE:]) == 1:
        assert places == list(range(len(before), len(before) + len(passage)))


@settings(max_examples=50)
@given(WORDS, WORDS)
def test_places_rise_and_hold_the_same_character(words: list[str], others: list[str]) -> None:
    text = "".join(w for pair in zip(words, others, strict=False) for w in pair)
    passage = "".join(words)
    places = Pieces(text).align(passage)
    found = [p for p in places if p != NOWHERE]
    assert found == sorted(set(found))
    assert all(text[p] == c for p, c in zip(places, passage, strict=True) if p != NOWHERE)


def test_insertions_are_jumped_over() -> None:
    passage = "superconductivityinhydridesunderpressure"
    text = f"introduction{passage[:20]}figure1showsthecell{passage[20:]}methods"
    places = Pieces(text).align(passage)
    assert "".join(text[p] for p in places) == passage
    assert places[20] - places[19] == 20


def test_a_text_that_is_not_there_is_nowhere() -> None:
    assert set(Pieces("abcdefghijklmnop").align("zyxwvutsrqponmlk")) == {NOWHERE}
    assert Pieces("abc").align("abc") == [NOWHERE] * 3
    assert Pieces("").align("") == []


@given(st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)), max_size=12))
def test_the_longest_rise_is_one_and_none_is_longer(pairs: list[tuple[int, int]]) -> None:
    pairs = sorted(dict(pairs).items())
    run = longest_rise(pairs)
    assert [p for p in pairs if p in run] == run
    assert all(a[1] < b[1] for a, b in pairwise(run))
    lengths: list[int] = []
    for i, (_, second) in enumerate(pairs):
        earlier = [lengths[j] for j in range(i) if pairs[j][1] < second]
        lengths.append(1 + max(earlier, default=0))
    assert len(run) == max(lengths, default=0)
