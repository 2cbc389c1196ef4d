"""Passages become words with tags, and batches hold them all."""

from __future__ import annotations

import random
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scmine.corpora.tag_sequences import TaggedWords, group, make_batch, tagged_words
from scmine.extractors.crf import constrained, decode
from scmine.extractors.word_features import COLUMNS, UNKNOWN, WordFeatures
from scmine.extractors.words import split_words

LABELS = ("material", "tcValue")
Span = tuple[int, int, str]


@st.composite
def texts_with_spans(draw: st.DrawFn) -> tuple[str, list[Span]]:
    """A text and spans of whole words that do not overlap."""
    text = draw(st.text(st.sampled_from("MgB2 39K.-x(\n"), min_size=1, max_size=80))
    words = split_words(text)
    edges = draw(st.sets(st.integers(0, len(words)), max_size=8).map(sorted))
    spans = []
    for first, end in pairwise(edges):
        label = draw(st.sampled_from(["", *LABELS]))
        if label:
            spans.append((words[first].start, words[end - 1].end, label))
    return text, spans


def spans_of(text: str, tags: tuple[int, ...]) -> list[Span]:
    """What the random field reads where each word's tag is beyond doubt."""
    count = 1 + 2 * len(LABELS)
    emissions = np.where(np.arange(count) == np.array(tags)[:, None], 50, -50).astype(np.float32)
    words = split_words(text)
    found = decode(emissions, constrained(np.zeros((count, count), np.float32)))
    return [(words[s.first].start, words[s.end - 1].end, LABELS[s.label]) for s in found]


@given(texts_with_spans())
def test_spans_survive_as_tags(made: tuple[str, list[Span]]) -> None:
    text, spans = made
    sequences = tagged_words(text, reversed(spans), LABELS, 1000)
    if not text.strip():
        assert sequences == spans == []
        return
    [sequence] = sequences
    assert sequence.words == tuple(w.text for w in split_words(text))
    assert spans_of(text, sequence.tags) == spans


def test_a_span_takes_all_of_its_outer_words() -> None:
    [sequence] = tagged_words("the Hc2 line", [(5, 9, "material")], LABELS, 100)
    assert sequence == TaggedWords(("the", "Hc2", "line"), (0, 1, 2))


def test_of_overlapping_spans_the_first_and_longest_stays() -> None:
    text = "MgB2 films at 39 K"
    spans = [(0, 4, "tcValue"), (0, 10, "material"), (5, 13, "tcValue"), (14, 18, "tcValue")]
    [sequence] = tagged_words(text, spans, LABELS, 100)
    assert sequence.tags == (1, 2, 0, 3, 4)


def test_a_blank_span_has_no_tags() -> None:
    [sequence] = tagged_words("a  b", [(1, 3, "material")], LABELS, 100)
    assert sequence.tags == (0, 0)


def test_a_long_passage_comes_in_stretches() -> None:
    text = "It is so. MgB2 it is. Or not."
    found = tagged_words(text, [(10, 14, "material")], LABELS, 5)
    assert [s.words[0] for s in found] == ["It", "MgB2", "Or"]
    assert [s.tags for s in found] == [(0, 0, 0, 0), (1, 0, 0, 0), (0, 0, 0)]


def test_a_label_that_is_not_there_is_an_error() -> None:
    with pytest.raises(ValueError, match="not in"):
        tagged_words("MgB2", [(0, 4, "nosuch")], LABELS, 100)


def test_groups_hold_every_sequence_once_and_few_words() -> None:
    rng = random.Random(1)
    sequences = [TaggedWords(("w",) * rng.randint(1, 90), ()) for _ in range(300)]
    groups = group(sequences, 400, random.Random(0))
    assert sorted(map(id, sequences)) == sorted(id(s) for part in groups for s in part)
    assert all(len(part) * max(len(s.words) for s in part) <= 400 for part in groups)
    again = group(sequences, 400, random.Random(0))
    assert groups == again != group(sequences, 400, random.Random(2))
    assert group([TaggedWords(("w",) * 900, ())], 400, rng) != []
    assert group([], 400, rng) == []


def test_a_batch_says_which_word_stands_where() -> None:
    features = WordFeatures(["<formula2>", "at"])
    sequences = tagged_words("MgB2 at 39 K", [(0, 4, "material")], LABELS, 100)
    sequences += tagged_words("at MgB2", [], LABELS, 100)
    batch = make_batch("supermat", sequences, features, 0, random.Random(0))
    assert batch.scheme == "supermat"
    assert batch.rows.shape == (4, COLUMNS)
    for i, sequence in enumerate(sequences):
        count = len(sequence.words)
        rows = batch.rows[batch.index[i, :count]]
        assert [tuple(row) for row in rows.tolist()] == [features(w) for w in sequence.words]
        assert batch.mask[i].tolist() == [1] * count + [0] * (4 - count)
        assert batch.tags[i, :count].tolist() == list(sequence.tags)


def test_words_lose_their_vector_at_random() -> None:
    features = WordFeatures(["word"])
    sequences = [TaggedWords(("word",) * 500, (0,) * 500)]
    batch = make_batch("supermat", sequences, features, 0.2, random.Random(0))
    share = float((batch.rows[batch.index[0], 0] == UNKNOWN).mean())
    assert share == pytest.approx(0.2, abs=0.06)
    assert {tuple(row[1:]) for row in batch.rows.tolist()} == {features("word")[1:]}
