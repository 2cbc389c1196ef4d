"""n-grams as numbers are those that one would cut by hand."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from scmine.corpora.annotation.grams import LONGEST, hashed_grams


@settings(deadline=None)
@given(st.lists(st.text(max_size=12), max_size=6), st.integers(1, LONGEST))
def test_equal_grams_have_equal_numbers_and_others_have_not(texts: list[str], length: int) -> None:
    found = hashed_grams(texts, length)
    names: dict[int, str] = {}
    assert len(found) == len(texts)
    for text, hashes in zip(texts, found, strict=True):
        cut = [text[i : i + length] for i in range(len(text) - length + 1)]
        assert len(hashes) == len(cut)
        for gram, number in zip(cut, hashes.tolist(), strict=True):
            assert names.setdefault(number, gram) == gram
    assert len(set(names.values())) == len(names)
