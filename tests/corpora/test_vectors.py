"""Word vectors: words with like neighbours have like vectors."""

from __future__ import annotations

import random

import numpy as np
import pytest

pytest.importorskip("scipy")

from scmine.corpora.vectors import word_vectors

DOERS = ("cat", "dog", "horse")
DEEDS = ("eats", "drinks", "chases")
PLACES = ("garden", "kitchen", "stable")


def sentences(count: int = 400) -> list[str]:
    rng = random.Random(0)
    frame = "Today the {} {} something in our {} again MgB2"
    return [
        frame.format(rng.choice(DOERS), rng.choice(DEEDS), rng.choice(PLACES)) for _ in range(count)
    ]


def test_words_with_like_neighbours_have_like_vectors() -> None:
    vectors = word_vectors(sentences(), width=6)
    row = {kind: vectors.table[i] for i, kind in enumerate(vectors.kinds)}

    def likeness(one: str, other: str) -> float:
        a, b = row[one], row[other]
        return float(a @ b / np.linalg.norm(a) / np.linalg.norm(b))

    for like, unlike in ((DOERS, DEEDS), (DEEDS, PLACES), (PLACES, DOERS)):
        assert likeness(like[0], like[1]) > 0.9 > 0.5 > likeness(like[0], unlike[0])


def test_the_table_has_a_row_for_each_kind_and_unit_spread() -> None:
    vectors = word_vectors(sentences(), width=5)
    assert vectors.table.shape == (len(vectors.kinds), 5)
    assert vectors.table.dtype == np.float32
    assert float(vectors.table.std()) == pytest.approx(1, abs=1e-5)
    assert "<formula2>" in vectors.kinds
    assert len(set(vectors.kinds)) == len(vectors.kinds)


def test_one_text_gives_one_table() -> None:
    one, other = (word_vectors(sentences(), width=5) for _ in range(2))
    assert one.kinds == other.kinds
    assert np.array_equal(one.table, other.table)


def test_rare_words_have_no_vector() -> None:
    vectors = word_vectors([*sentences(), "rare words here"], width=5, min_count=2)
    assert {"rare", "words", "here"}.isdisjoint(vectors.kinds)
    assert "here" in word_vectors([*sentences(), "rare words here"], width=5, min_count=1).kinds


def test_too_few_words_are_refused() -> None:
    with pytest.raises(ValueError, match="16 frequent words are too few for vectors of width 128"):
        word_vectors(sentences())
    with pytest.raises(ValueError, match="0 frequent words"):
        word_vectors([])
