"""Parts of passages: all of the text, in order, each as short as asked."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from scmine.extractors.document import Passage, PassageKind
from scmine.extractors.llm.cost import tokens_of
from scmine.extractors.llm.fencing import shown_text
from scmine.extractors.llm.parts import last_sentences, parts_of, sentences_around
from scmine.extractors.sentences import split_sentences


def _passage(text: str) -> Passage:
    return Passage(PassageKind.PARAGRAPH, text, sentences=split_sentences(text))


THREE = _passage("MgB2 has Tc = 39 K. NbN has Tc = 16 K. Nb has Tc = 9 K.")

texts = st.lists(
    st.sampled_from(
        ["MgB2 has Tc = 39 K.", "A", "a long word " * 8, "β" * 50, "\u200b", "\n", " "]
    ),
    max_size=20,
).map(" ".join)


@given(texts, st.integers(8, 80))
def test_parts_hold_all_of_the_text_in_order_and_are_short_enough(text: str, most: int) -> None:
    parts = parts_of(_passage(text), most)
    assert parts == sorted(parts)
    at = 0
    for start, end in parts:
        assert not text[at:start].strip()
        assert start < end
        assert tokens_of(shown_text(text[start:end])) <= most
        at = end
    assert not text[at:].strip()


def test_a_short_passage_is_one_part_and_an_empty_one_none() -> None:
    assert parts_of(THREE, 1000) == [(0, len(THREE.text))]
    assert parts_of(_passage(""), 1000) == []


def test_parts_are_cut_between_sentences() -> None:
    parts = parts_of(THREE, 12)
    assert [THREE.text[a:b] for a, b in parts] == [
        "MgB2 has Tc = 39 K.",
        "NbN has Tc = 16 K.",
        "Nb has Tc = 9 K.",
    ]


def test_the_last_sentences_that_fit() -> None:
    end = len(THREE.text)
    assert last_sentences(THREE, end, 1000) == THREE.text
    assert last_sentences(THREE, end, 22) == "NbN has Tc = 16 K. Nb has Tc = 9 K."
    assert last_sentences(THREE, 20, 1000) == "MgB2 has Tc = 39 K."
    assert last_sentences(THREE, end, 1) == ""


def test_the_sentence_at_a_place_and_those_around_it_that_fit() -> None:
    at = THREE.text.index("16 K")
    start, end = sentences_around(THREE, at, 1)
    assert THREE.text[start:end] == "NbN has Tc = 16 K."
    assert sentences_around(THREE, at, 1000) == (0, len(THREE.text))
    assert sentences_around(THREE, 10_000, 1)[1] == len(THREE.text)
