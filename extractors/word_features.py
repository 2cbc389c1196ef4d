"""What the trained tagger's network sees of a word: a row of whole numbers.

The row names the word's vector, four hashed descriptions (kind, shape, prefix, suffix) and the
word's characters. Hashes are CRC-32, so that they are the same in every process. The descriptions
themselves are made by ``tokenizer``; the vectors by ``scmine.corpora.vectors``.
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from functools import lru_cache

from scmine.extractors.tokenizer import features, token_kind

HASH_ROWS = (4000, 1000, 1000, 2000)
"""Sizes of the tables for a word's kind, shape, prefix and suffix."""
WORD_CHARACTERS = 14
"""Characters of a word that are seen: of a longer one the first ten and the last four."""
COLUMNS = 1 + len(HASH_ROWS) + WORD_CHARACTERS
UNKNOWN = 1  # row of a word without vector, and of a character without a place; 0 is padding
_LAST_CHARACTERS = 4
_ALPHABET = (
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
    ".,-−–+±/()[]{}·•=<>~∼≈%°'\"αβγδεθκλμνρσχω:;*ΔΘ"
)
_CHARACTERS = {char: i + UNKNOWN + 1 for i, char in enumerate(_ALPHABET)}
ALPHABET_ROWS = len(_ALPHABET) + UNKNOWN + 1


class WordFeatures:
    """Rows of words for one vocabulary, remembered from call to call.

    Parameters
    ----------
    vocabulary
        The kinds of words (``tokenizer.token_kind``) that have a vector, in the vectors' order.

    >>> rows = WordFeatures(["superconductor", "<00>"])
    >>> rows("Superconductor")[0], rows("39")[0], rows("pnictide")[0], len(rows("Tc")) == COLUMNS
    (2, 3, 1, True)
    """

    def __init__(self, vocabulary: Sequence[str]) -> None:
        self._places = {kind: i + UNKNOWN + 1 for i, kind in enumerate(vocabulary)}
        self._row = lru_cache(maxsize=100_000)(self._make_row)

    def __call__(self, word: str) -> tuple[int, ...]:
        """The row of a word, ``COLUMNS`` numbers."""
        return self._row(word)

    def _make_row(self, word: str) -> tuple[int, ...]:
        place = self._places.get(token_kind(word)) or self._places.get(word.lower(), UNKNOWN)
        found = features(word)
        hashes = [
            zlib.crc32(text.encode("utf-8", "surrogatepass")) % rows
            for text, rows in zip(
                (found.kind, found.shape, found.prefix, found.suffix), HASH_ROWS, strict=True
            )
        ]
        return (place, *hashes, *_character_row(word))


def _character_row(word: str) -> list[int]:
    if len(word) > WORD_CHARACTERS:
        word = word[: WORD_CHARACTERS - _LAST_CHARACTERS] + word[-_LAST_CHARACTERS:]
    row = [_CHARACTERS.get(char, UNKNOWN) for char in word]
    return row + [0] * (WORD_CHARACTERS - len(row))
