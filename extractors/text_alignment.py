"""Alignment: where the characters of a text stand in a longer one that says nearly the same.

Blanks, dashes, case and typography do not count. Time grows with the length of both texts only.
"""

from __future__ import annotations

import unicodedata
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cache

GRAM = 12
"""Characters that have to agree in a row for a place to be considered."""

STRIDE = 4
"""Every so many characters of the longer text one gram is looked up by."""

MAX_PLACES = 16
"""Places of one gram; what stands in more is said everywhere."""

MAX_PROBES = 400
"""Grams of a text that are looked up to find its place."""

MIN_VOTES = 0.1
"""Share of the grams of a text that must be found at a place."""

BUCKET = 256
"""Grams whose places differ by less than this belong to one stretch."""

MAX_GAP = 300
"""Characters between two places that agree, up to which the rest is compared sign by sign."""

MIN_AT_END = 6
"""Characters in a row that must agree beyond the last place that is sure."""

MAX_PARTS = 4
"""Stretches that one passage can be parted into, by columns, pages and floats."""

_FOLDED = {"∗": "*", "⋆": "*", "∼": "~", "∶": ":", "‖": "|", "∥": "|", "◦": "∘", "°": "∘"}


@dataclass(frozen=True, slots=True)
class Folded:
    """A text with what does not count left out; ``places`` are the characters it came from."""

    text: str
    places: Sequence[int]


def fold(text: str) -> Folded:
    """The letters, digits and signs of ``text`` that two renderings of it have in common.

    >>> fold("Tc\u2009= −38 K").text
    'tc=38k'
    """
    chars: list[str] = []
    places: list[int] = []
    for i, char in enumerate(text):
        plain = _fold_char(char)
        if plain:
            chars.append(plain)
            places += [i] * len(plain)
    return Folded("".join(chars), places)


@cache
def _fold_char(char: str) -> str:
    if char.isspace():
        return ""
    plain = unicodedata.normalize("NFKD", _FOLDED.get(char, char)).lower()
    return "".join(
        c
        for c in plain
        if unicodedata.category(c) not in ("Mn", "Pd", "Pi", "Pf", "Cf")
        and c not in "−'\"`′\u2044 "
    )


class Aligner:
    """One long text, in which places of others are found; no character is given twice."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._taken = bytearray(len(text))
        self._grams: dict[str, list[int]] = {}
        for place in range(0, len(text) - GRAM + 1, STRIDE):
            places = self._grams.setdefault(text[place : place + GRAM], [])
            if len(places) <= MAX_PLACES:
                places.append(place)

    def align(self, text: str, expected: int = 0) -> list[int]:
        """For each character of ``text`` (folded) its place here, or -1.

        Where a text occurs more than once, the first place from ``expected`` on is taken.
        """
        found = [-1] * len(text)
        open_parts = [(0, len(text))]
        for _ in range(MAX_PARTS):
            if not open_parts:
                break
            start, end = open_parts.pop()
            window = self._window(text, start, end, expected)
            if window is None:
                continue
            for i, place in self._match(text, start, end, *window):
                found[i] = place
                self._taken[place] = 1
            matched = [i for i in range(start, end) if found[i] >= 0]
            if not matched:
                continue
            rest = [(start, matched[0]), (matched[-1] + 1, end)]
            open_parts += [(a, b) for a, b in rest if b - a >= 2 * GRAM]
        return found

    def find(self, text: str, low: int, high: int) -> list[int]:
        """The same for a short text that has to stand whole between two places."""
        place = self._text.find(text, max(0, low), high) if text else -1
        while place >= 0 and any(self._taken[place : place + len(text)]):
            place = self._text.find(text, place + 1, high)
        if place < 0:
            return [-1] * len(text)
        for i in range(place, place + len(text)):
            self._taken[i] = 1
        return list(range(place, place + len(text)))

    def _window(self, text: str, start: int, end: int, expected: int) -> tuple[int, int] | None:
        """Between which places ``text`` from ``start`` to ``end`` stands, by most of its grams."""
        # An odd step meets each place that the stride has left.
        probes = range(start, end - GRAM + 1, (end - start) // MAX_PROBES | 1)
        votes: Counter[int] = Counter()
        seen: list[tuple[int, int]] = []
        for i in probes:
            for place in self._grams.get(text[i : i + GRAM], ()):
                if not self._taken[place]:
                    bucket = (place - i + len(text)) // BUCKET
                    votes[bucket] += 1
                    seen.append((bucket, place))
        if not votes:
            return None
        goal = (expected + len(text)) // BUCKET
        best = max(
            votes,
            key=lambda b: (votes[b] + votes[b + 1], b >= goal - 1, -abs(b - goal)),
        )
        places = [place for bucket, place in seen if bucket in (best, best + 1)]
        if len(places) * STRIDE < MIN_VOTES * len(probes):
            return None  # a phrase in common is no place
        slack = GRAM + (end - start) // 8
        return max(0, min(places) - slack), min(len(self._text), max(places) + GRAM + slack)

    def _match(
        self, text: str, start: int, end: int, low: int, high: int
    ) -> Iterable[tuple[int, int]]:
        """Pairs of characters that belong together, in the order of both."""
        pairs = self._anchors(text, start, end, low, high)
        last_i, last_place = start - 1, low - 1
        for i, place in [*pairs, (end, high)]:
            gap, other = i - last_i - 1, place - last_place - 1
            if i == end:  # the ends of the window have room that may not belong to the text
                other = min(other, 2 * gap + GRAM)
            low_gap = last_place + 1
            if last_i < start:
                other_start = max(low_gap, place - 2 * gap - GRAM)
                other, low_gap = place - other_start, other_start
            if 0 < gap <= MAX_GAP and 0 < other <= MAX_GAP:
                sure = 1 if last_i >= start and i < end else MIN_AT_END
                yield from self._between(text, last_i + 1, i, low_gap, low_gap + other, sure)
            if i < end and not self._taken[place]:
                yield i, place
            last_i, last_place = i, place

    def _anchors(
        self, text: str, start: int, end: int, low: int, high: int
    ) -> list[tuple[int, int]]:
        """Characters of grams that occur once in the window, as far as they keep their order."""
        once: dict[str, int] = {}
        for place in range(low, high - GRAM + 1):
            gram = self._text[place : place + GRAM]
            once[gram] = -1 if gram in once else place
        grams = [
            (i, place)
            for i in range(start, end - GRAM + 1)
            if (place := once.get(text[i : i + GRAM], -1)) >= 0
        ]
        pairs: dict[int, int] = {}
        last = low - 1
        for i, place in _ascending(grams):
            for k in range(GRAM):
                if i + k not in pairs and place + k > last:
                    pairs[i + k] = last = place + k
        return sorted(pairs.items())

    def _between(
        self, text: str, start: int, end: int, low: int, high: int, sure: int
    ) -> Iterable[tuple[int, int]]:
        """Pairs by the longest runs in common; runs under ``sure`` count at the edges only."""
        matcher = SequenceMatcher(None, text[start:end], self._text[low:high], autojunk=False)
        for block in matcher.get_matching_blocks():
            at_edge = (block.a == 0 and block.b == 0) or (
                start + block.a + block.size == end and low + block.b + block.size == high
            )
            if block.size < sure and not at_edge:
                continue
            for k in range(block.size):
                if not self._taken[low + block.b + k]:
                    yield start + block.a + k, low + block.b + k


def _ascending(pairs: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """The longest run of ``pairs``, ordered by their first, whose second rises, too."""
    tails: list[int] = []
    ends: list[int] = []
    before: list[int] = []
    for index, (_, place) in enumerate(pairs):
        k = bisect_left(tails, place)
        before.append(ends[k - 1] if k else -1)
        if k == len(tails):
            tails.append(place)
            ends.append(index)
        else:
            tails[k], ends[k] = place, index
    run: list[tuple[int, int]] = []
    index = ends[-1] if ends else -1
    while index >= 0:
        run.append(pairs[index])
        index = before[index]
    return run[::-1]
