"""Passages as sequences for the network: words, BIO tags, batches of padded arrays.

Which passages are shown, and how they are altered, is ``fitting``'s affair; what a word's row says
is ``scmine.extractors.word_features``'.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from scmine.corpora.evaluate import LabelledSpan
from scmine.corpora.types import PartialPassage
from scmine.extractors.word_features import UNKNOWN, WordFeatures
from scmine.extractors.words import split_words, stretches

_LENGTH_NOISE = 20  # words; batches hold texts of like length, but not always the same ones


@dataclass(frozen=True, slots=True)
class TaggedWords:
    """A stretch of text as words, and the tag of each (see ``scmine.extractors.crf``).

    Where the tags are known only in part, ``allowed`` holds those each word may have, and ``tags``
    any of them.
    """

    words: tuple[str, ...]
    tags: tuple[int, ...]
    allowed: tuple[frozenset[int], ...] = ()


@dataclass(frozen=True, slots=True)
class Batch:
    """Stretches of one scheme as arrays.

    ``rows`` are the different words, shape (different words, columns); ``index``, ``tags`` and
    ``mask`` have shape (stretches, words). ``allowed``, where tags are known only in part, has
    shape (stretches, words, tags).
    """

    scheme: str
    rows: NDArray[np.int64]
    index: NDArray[np.int64]
    tags: NDArray[np.int64]
    mask: NDArray[np.float32]
    allowed: NDArray[np.bool_] | None = None


def tagged_words(
    text: str, spans: Iterable[LabelledSpan], labels: Sequence[str], longest: int
) -> list[TaggedWords]:
    """A passage as stretches of at most ``longest`` words.

    A word that a span begins or ends in belongs to the span; of overlapping spans the first, and
    of those that begin together the longest, is kept.

    >>> [(s.words, s.tags) for s in tagged_words(
    ...     "MgB2 at 39 K", [(0, 4, "material"), (8, 12, "tcValue")], ["material", "tcValue"], 100
    ... )]
    [(('MgB2', 'at', '39', 'K'), (1, 0, 3, 4))]
    """
    words = split_words(text)
    tags = [0] * len(words)
    for start, end, label in sorted(spans, key=lambda s: (s[0], -s[1])):
        inside = [i for i, w in enumerate(words) if w.start < end and start < w.end]
        if inside and not any(tags[i] for i in inside):
            first = 1 + 2 * labels.index(label)
            tags[inside[0]] = first
            for i in inside[1:]:
                tags[i] = first + 1
    return [
        TaggedWords(tuple(w.text for w in words[a:b]), tuple(tags[a:b]))
        for a, b in stretches(words, longest)
    ]


def partly_tagged_words(
    passage: PartialPassage, labels: Sequence[str], longest: int
) -> list[TaggedWords]:
    """A passage known in part, as stretches of at most ``longest`` words of which any is known.

    >>> passage = PartialPassage("MgB2 at 39 K", known=((8, 12, "tcValue"),))
    >>> [sorted(a) for a in partly_tagged_words(passage, ["tcValue"], 100)[0].allowed]
    [[0, 1, 2], [0, 1, 2], [1], [2]]
    """
    words = split_words(passage.text)
    every = frozenset(range(1 + 2 * len(labels)))
    allowed = [every] * len(words)

    def inside(start: int, end: int) -> list[int]:
        return [i for i, w in enumerate(words) if w.start < end and start < w.end]

    for span in passage.whole:
        for i in inside(*span):
            allowed[i] = frozenset((0,))
    for span in passage.open:
        for i in inside(*span):
            allowed[i] = every
    for start, end, label in passage.wrong:
        first = 1 + 2 * labels.index(label)
        for i in inside(start, end):
            allowed[i] = allowed[i] - {first, first + 1} or every
    for start, end, label in passage.rough:
        first = 1 + 2 * labels.index(label)
        covered = inside(start, end)
        solid = [i for i in covered if any(c.isalnum() for c in words[i].text)] or covered
        for i in covered:
            edge = () if solid[0] <= i <= solid[-1] else (0,)
            allowed[i] = frozenset((first, first + 1, *edge))
    for start, end, label in passage.known:
        first = 1 + 2 * labels.index(label)
        for n, i in enumerate(inside(start, end)):
            allowed[i] = frozenset((first if n == 0 else first + 1,))
        after = inside(start, end)[-1:]
        if after and after[0] + 1 < len(words):  # the mention ends where it ends
            allowed[after[0] + 1] = allowed[after[0] + 1] - {first + 1} or every
    return [
        TaggedWords(
            tuple(w.text for w in words[a:b]), tuple(map(min, allowed[a:b])), tuple(allowed[a:b])
        )
        for a, b in stretches(words, longest)
        if any(tags != every for tags in allowed[a:b])
    ]


def group(
    sequences: Iterable[TaggedWords], batch_words: int, rng: random.Random
) -> list[list[TaggedWords]]:
    """Shuffled groups of stretches of like length, about ``batch_words`` words each."""
    ranked = sorted(sequences, key=lambda s: len(s.words) + rng.random() * _LENGTH_NOISE)
    groups: list[list[TaggedWords]] = []
    current: list[TaggedWords] = []
    longest = 0
    for sequence in ranked:
        longest = max(longest, len(sequence.words))
        if current and longest * (len(current) + 1) > batch_words:
            groups.append(current)
            current, longest = [], len(sequence.words)
        current.append(sequence)
    if current:
        groups.append(current)
    rng.shuffle(groups)
    return groups


def make_batch(
    scheme: str,
    sequences: Sequence[TaggedWords],
    features: WordFeatures,
    unknown_share: float,
    rng: random.Random,
    tag_count: int | None = None,
) -> Batch:
    """Arrays of some stretches; ``unknown_share`` of the words lose their vector.

    Stretches that are known in part want the number of tags of their scheme.
    """
    shape = (len(sequences), max(len(s.words) for s in sequences))
    index = np.zeros(shape, np.int64)
    tags = np.zeros(shape, np.int64)
    mask = np.zeros(shape, np.float32)
    places: dict[tuple[int, ...], int] = {}
    for i, sequence in enumerate(sequences):
        count = len(sequence.words)
        for j, word in enumerate(sequence.words):
            row = features(word)
            if unknown_share and rng.random() < unknown_share:
                row = (UNKNOWN, *row[1:])
            index[i, j] = places.setdefault(row, len(places))
        tags[i, :count] = sequence.tags
        mask[i, :count] = 1
    allowed = None if tag_count is None else _allowed(sequences, (*shape, tag_count))
    return Batch(scheme, np.array(list(places), np.int64), index, tags, mask, allowed)


def _allowed(sequences: Sequence[TaggedWords], shape: tuple[int, int, int]) -> NDArray[np.bool_]:
    """Which tags each word may have; padding may have any."""
    allowed = np.ones(shape, np.bool_)
    for i, sequence in enumerate(sequences):
        for j, tags in enumerate(sequence.allowed):
            allowed[i, j] = False
            allowed[i, j, list(tags)] = True
    return allowed
