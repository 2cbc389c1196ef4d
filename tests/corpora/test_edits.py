"""Edits move spans so that they keep covering what they covered."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from scmine.corpora.edits import Edit, apply_edits, edit_passage
from scmine.corpora.types import GoldMention, GoldPassage
from scmine.extractors.claim import Label


def test_overlapping_edits_the_first_wins() -> None:
    assert apply_edits("abcdef", [Edit(1, 4, "X"), Edit(2, 5, "Y")], []) == ("aXef", [])


def test_span_inside_a_replacement_takes_all_of_it() -> None:
    assert apply_edits("abcdef", [Edit(1, 4, "XYZW")], [(2, 5)]) == ("aXYZWef", [(1, 6)])


def test_emptied_mentions_go() -> None:
    passage = GoldPassage("title", "T c", (GoldMention(1, 2, Label.TC),))
    assert edit_passage(passage, [Edit(1, 2)]) == GoldPassage("title", "Tc", ())


@given(st.text(alphabet="ab ", max_size=30), st.data())
def test_deleting_blanks_keeps_the_letters_of_every_span(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    edits = [Edit(i, i + 1) for i, c in enumerate(text) if c == " "]
    new, [(s, e)] = apply_edits(text, edits, [(start, end)])
    assert new == text.replace(" ", "")
    assert new[s:e] == text[start:end].replace(" ", "")
