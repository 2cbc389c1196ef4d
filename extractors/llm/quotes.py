"""Quotes: where the words that an answer quotes stand in the text that was shown.

Blanks, dashes, quotation marks, soft hyphens, ligatures and raised or lowered letters count as
equal in whatever form; digits, decimal points and letters must be the same. What a quote must hold
is for the checks of evidence to say.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from scmine.extractors.characters import uniform

SHORTEST_QUOTE = 2
"""Characters that a quote must have once blanks are gone; one alone is found everywhere."""

MOST_PLACES = 50
"""Places of one quote that are looked at."""

_LEFT_OUT = frozenset("'\"`´‘’‚‛“”„‟«»‹›$_{}^\\")
"""Quotation marks, and the signs by which a model may set letters lower or higher."""

_SAME = {"∼": "~", "≈": "~", "≃": "~", "≅": "~", "∗": "*", "⋆": "*", "∶": ":", "⟨": "<", "⟩": ">"}


@dataclass(frozen=True, slots=True)
class Folded:
    """A text as quotes are compared: ``places`` are the characters that its own came from."""

    text: str
    places: Sequence[int]

    def find(self, words: str, start: int = 0, end: int | None = None) -> Iterator[tuple[int, int]]:
        """The (start, end) in the text itself of each place where ``words``, folded, stand."""
        low = self._first(start)
        high = len(self.text) if end is None else self._first(end)
        found = 0
        at = self.text.find(words, low, high) if words else -1
        while at >= 0 and found < MOST_PLACES:
            yield self.places[at], self.places[at + len(words) - 1] + 1
            found += 1
            at = self.text.find(words, at + 1, high)

    def _first(self, place: int) -> int:
        """The first character of the folded text that comes from ``place`` or behind it."""
        return bisect_left(self.places, place)


@lru_cache(maxsize=4096)
def fold(text: str) -> Folded:
    """``text`` without what does not count in a quote.

    >>> fold("T\\u2009c  of MgB\\u2082 \\u2212 \\ufb01lms").text
    'TcofMgB2-films'
    """
    chars: list[str] = []
    places: list[int] = []
    for start, cluster in _clusters(text):
        for char in unicodedata.normalize("NFKC", uniform(_SAME.get(cluster, cluster))):
            plain = _SAME.get(char, uniform(char))
            if not plain.isspace() and plain not in _LEFT_OUT and _counts(plain):
                chars.append(plain)
                places.append(start)
    return Folded("".join(chars), places)


def _clusters(text: str) -> Iterator[tuple[int, str]]:
    """Letters with the combining marks behind them, and where they begin."""
    start = 0
    for i in range(1, len(text) + 1):
        if i == len(text) or not unicodedata.combining(text[i]):
            yield start, text[start:i]
            start = i


def _counts(char: str) -> bool:
    """Whether a character is printed: soft hyphens and joiners are not."""
    return unicodedata.category(char) not in ("Cf", "Cc", "Cn", "Co")


def find_quote(text: str, quote: str) -> list[tuple[int, int]]:
    """Where ``quote`` stands in ``text``, each place as (start, end); empty if nowhere.

    >>> find_quote("The T\\u2009c of MgB\\u2082 is 39 K.", "Tc of MgB2 is 39 K")
    [(4, 23)]
    >>> find_quote("The Tc is 39 K.", "Tc is 38 K")
    []
    """
    words = fold(quote).text.strip(".…")
    return list(fold(text).find(words)) if len(words) >= SHORTEST_QUOTE else []


def find_words(
    text: str, words: str, start: int = 0, end: int | None = None
) -> list[tuple[int, int]]:
    """Where ``words`` stand in ``text`` between two places as whole words or formulas.

    >>> find_words("LaFeAsO and FeAs", "FeAs")
    [(12, 16)]
    >>> find_words("Nb3Sn, Nb", "Nb")
    [(7, 9)]
    """
    folded = fold(words).text
    return [
        (low, high)
        for low, high in fold(text).find(folded, start, end)
        if is_whole(text, low, high)
    ]


_GOES_ON = re.compile(
    r"\s?[-+±]\s?(?:[xyzδ](?![a-z])|\d*\.\d)|\s?\d+(?:\.\d+)?[A-Z(]"
    r"|\s\d?\.\d+\s[A-Z][a-z]?(?:\s?\d|(?<![KT])(?![A-Za-z]))"
)
"""What goes on behind a part of a formula: ``-xCx``, ``+δ``, a subscript set apart."""


def is_whole(text: str, start: int, end: int) -> bool:
    """Whether ``start`` to ``end`` is no part of a longer word, number or formula.

    >>> is_whole("MgB2-xCx", 0, 4), is_whole("MgB2-based", 0, 4)
    (False, True)
    """
    before, after = text[max(0, start - 1) : start], text[end : end + 1]
    if before.isalnum() and text[start].isalnum():
        return False
    if before == ")" and text[start].isupper() and text[end - 1].isdigit():
        return False
    if after.isalnum() and text[end - 1].isalnum():
        return False
    formula = any(c.isupper() for c in text[start:end])
    return not (formula and _GOES_ON.match(uniform(text[end : end + 12])))
