"""Words cover a text; stretches cover the words, none too long."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scmine.extractors.words import Word, split_words, stretches

ANY_TEXT = st.text(st.characters(exclude_categories=()), max_size=200)
PHYSICS = st.text(
    st.sampled_from("LaFeAsO-x−()[]2.05 \n\t\xa0\u2009Tc=~26K,;?!δ"), min_size=1, max_size=300
)


@given(ANY_TEXT | PHYSICS)
def test_every_character_but_blanks_is_in_one_word(text: str) -> None:
    words = split_words(text)
    covered = [i for w in words for i in range(w.start, w.end)]
    assert covered == [i for i, char in enumerate(text) if not char.isspace()]
    for word in words:
        assert word.text == text[word.start : word.end] != ""
        assert word.spaced == (word.start > 0 and text[word.start - 1].isspace())


def test_the_first_word_is_spaced_only_after_a_blank() -> None:
    assert split_words("39 K") == [Word(0, 2, "39", False), Word(3, 4, "K", True)]
    assert split_words("\n39K") == [Word(1, 3, "39", True), Word(3, 4, "K", False)]
    assert split_words(" \n") == split_words("") == []


@given(PHYSICS, st.integers(1, 30))
def test_stretches_cover_the_words_and_none_is_too_long(text: str, longest: int) -> None:
    words = split_words(text)
    cuts = stretches(words, longest)
    assert [i for a, b in cuts for i in range(a, b)] == list(range(len(words)))
    assert all(0 < b - a <= longest for a, b in cuts)


@pytest.mark.parametrize("end", [".", ";", "?", "!"])
def test_a_stretch_ends_with_the_last_sentence_that_fits(end: str) -> None:
    words = split_words(f"One two three{end} four five six{end} seven eight")
    assert stretches(words, 9) == [(0, 8), (8, 10)]
    assert stretches(words, 7) == [(0, 4), (4, 10)]


def test_a_stop_within_a_run_of_characters_is_no_sentence_end() -> None:
    words = split_words("a b c d e.f g h i j")
    assert stretches(words, 8) == [(0, 8), (8, 11)]


def test_a_sentence_longer_than_a_stretch_is_cut_anywhere() -> None:
    words = split_words("Short. " + "word " * 20)
    assert stretches(words, 10) == [(0, 10), (10, 20), (20, 22)]
