"""Cuts text into words for the trained tagger, and long texts into stretches at sentence ends.

A word knows where it stands. How a run of characters without blanks is split is ``tokenizer``'s
affair; what the network sees of a word is ``word_features``'.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from scmine.extractors.tokenizer import split_chunk

_SENTENCE_ENDS = frozenset(".;?!")


class Word(NamedTuple):
    """Characters ``start`` to ``end`` of a text; ``spaced`` says whether a blank goes before."""

    start: int
    end: int
    text: str
    spaced: bool


def split_words(text: str) -> list[Word]:
    """The words of a text in order; everything but blanks belongs to exactly one.

    >>> [w.text for w in split_words("Tc = 26K in LaFeAsO0.89F0.11.")]
    ['Tc', '=', '26', 'K', 'in', 'LaFeAsO0.89F0.11', '.']
    """
    words = []
    for match in re.finditer(r"\S+", text):
        at = match.start()
        spaced = at > 0
        for token in split_chunk(match.group()):
            words.append(Word(at, at + len(token), token, spaced))
            at += len(token)
            spaced = False
    return words


def stretches(words: Sequence[Word], longest: int) -> list[tuple[int, int]]:
    """``(first, end)`` of stretches of at most ``longest`` words, cut after sentences if possible.

    >>> words = split_words("It is so. It is not.")
    >>> stretches(words, 6), stretches(words, 100)
    ([(0, 4), (4, 8)], [(0, 8)])
    """
    cuts = []
    first = 0
    while len(words) - first > longest:
        end = first + longest
        for after in range(end, first + longest // 2, -1):
            if words[after - 1].text in _SENTENCE_ENDS and words[after].spaced:
                end = after
                break
        cuts.append((first, end))
        first = end
    if first < len(words):
        cuts.append((first, len(words)))
    return cuts
