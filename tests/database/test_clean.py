"""Text that cannot be stored becomes text that can, and other values stay what they are."""

from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from scmine.database.clean import clean

anything = st.text(st.characters(exclude_categories=()))
storable = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"))


@given(anything)
def test_all_that_remains_can_be_stored(text: str):
    cleaned = clean(text)
    assert len(cleaned) == len(text)
    assert "\x00" not in cleaned
    cleaned.encode("utf-8")


@given(st.recursive(storable | st.none() | st.integers() | st.booleans(), st.lists))
def test_what_can_be_stored_stays(value: object):
    assert clean(value) == value


@given(st.dictionaries(anything, st.lists(anything)))
def test_maps_and_lists_are_cleaned_inside(value: dict[str, list[str]]):
    json.dumps(clean(value), ensure_ascii=False).encode("utf-8")
