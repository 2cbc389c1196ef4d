"""Finds a passage of one text in another that was read from the same paper in another way.

Characters are compared, not words: readers differ in blanks, hyphens, ligatures and in how they
spell sub- and superscripts, and all of that is left out beforehand. Two stages: the stretch of the
other text that holds most of the passage's pieces, then the pieces that occur once in both, put in
order, as anchors; what lies between two anchors is compared character by character.
"""

from __future__ import annotations

import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import groupby

PIECE = 8
"""Characters in a piece; a passage of fewer cannot be found."""
NOWHERE = -1
_FREQUENT = 8  # a piece that occurs more often in the other text says nothing about the place
_LONGEST_GAP = 600  # characters between anchors that are compared one by one
_LEFT_OUT = frozenset("'`\"´‘’“”„′″\u00ad")
_SAME = str.maketrans({"∼": "~", "≃": "~", "≈": "~", "⋅": "·", "•": "·", "∙": "·", "⩽": "≤"})


@dataclass(frozen=True, slots=True)
class Skeleton:
    """The characters of a text that are compared, and where in it each stands."""

    text: str
    at: tuple[int, ...]


def skeleton(text: str) -> Skeleton:
    """What is left of ``text`` without blanks, dashes, quotes, accents and case.

    >>> skeleton("La 2−x CuO₄").text
    'la2xcuo4'
    """
    kept: list[str] = []
    at: list[int] = []
    for i, char in enumerate(text):
        for part in unicodedata.normalize("NFKD", char).translate(_SAME).lower():
            category = unicodedata.category(part)
            if category[0] in "ZCM" or category == "Pd" or part == "−" or part in _LEFT_OUT:
                continue
            kept.append(part)
            at.append(i)
    return Skeleton("".join(kept), tuple(at))


class Pieces:
    """A long text, made ready for passages to be found in it."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._places: dict[str, list[int]] = {}
        for i in range(len(text) - PIECE + 1):
            self._places.setdefault(text[i : i + PIECE], []).append(i)

    def align(self, passage: str) -> list[int]:
        """For each character of ``passage`` its place in the text, ``NOWHERE`` if it has none.

        Places rise. Both texts have to be skeletons.

        >>> Pieces("xxtcofmgb2is39kxx").align("thetcofmgb2was39k")
        [-1, -1, -1, 2, 3, 4, 5, 6, 7, 8, 9, -1, -1, 11, 12, 13, 14]
        """
        places = [NOWHERE] * len(passage)
        window = self._window(passage)
        if window is None:
            return places
        anchors = self._anchors(passage, *window)
        for a, b in anchors:
            places[a : a + PIECE] = range(b, b + PIECE)
        self._fill(passage, places, *window)
        return places

    def _window(self, passage: str) -> tuple[int, int] | None:
        """The stretch of the text in which most pieces of ``passage`` occur."""
        hits = sorted(
            place
            for i in range(len(passage) - PIECE + 1)
            if len(found := self._places.get(passage[i : i + PIECE], ())) <= _FREQUENT
            for place in found
        )
        if not hits:
            return None
        size = 2 * len(passage) + 2000  # figures and footnotes may stand in between
        counts = [bisect_right(hits, hit + size) - i for i, hit in enumerate(hits)]
        best = max(range(len(hits)), key=counts.__getitem__)
        first, last = hits[best], hits[best + counts[best] - 1]
        return max(0, first - _LONGEST_GAP), min(len(self.text), last + PIECE + _LONGEST_GAP)

    def _anchors(self, passage: str, start: int, end: int) -> list[tuple[int, int]]:
        """Pieces that occur once in the passage and once in the window, in rising order of both."""
        once: dict[str, int] = {}
        for i in range(len(passage) - PIECE + 1):
            piece = passage[i : i + PIECE]
            once[piece] = NOWHERE if piece in once else i
        pairs = []
        for piece, i in once.items():
            inside = [p for p in self._places.get(piece, ()) if start <= p <= end - PIECE]
            if i != NOWHERE and len(inside) == 1:
                pairs.append((i, inside[0]))
        # Overlapping pieces have to tell the same shift, or the later one would undo the former.
        kept: list[tuple[int, int]] = []
        for i, place in longest_rise(sorted(pairs)):
            on, further = (i - kept[-1][0], place - kept[-1][1]) if kept else (PIECE, PIECE)
            if on == further or min(on, further) >= PIECE:
                kept.append((i, place))
        return kept

    def _fill(self, passage: str, places: list[int], start: int, end: int) -> None:
        """Align what lies between anchors, and before and after them."""
        for first, last in list(_gaps(places)):
            low = places[first - 1] + 1 if first else max(start, places[last] - 2 * (last + 9))
            high = places[last] if last < len(places) else min(end, low + 2 * (last - first + 9))
            if high - low > _LONGEST_GAP or last - first > _LONGEST_GAP:
                continue
            matcher = SequenceMatcher(None, passage[first:last], self.text[low:high], False)
            for a, b, size in matcher.get_matching_blocks():
                places[first + a : first + a + size] = range(low + b, low + b + size)


def _gaps(places: Sequence[int]) -> Iterator[tuple[int, int]]:
    """The stretches without a place, unless all is one."""
    for is_gap, group in groupby(range(len(places)), key=lambda i: places[i] == NOWHERE):
        indices = list(group)
        if is_gap and len(indices) < len(places):
            yield indices[0], indices[-1] + 1


def longest_rise(pairs: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """The longest run of ``pairs``, sorted by their first, whose seconds rise too.

    >>> longest_rise([(0, 5), (1, 90), (2, 6), (3, 7)])
    [(0, 5), (2, 6), (3, 7)]
    """
    tails: list[int] = []  # the smallest second that a run of each length ends with
    holders: list[int] = []
    before: list[int] = []
    for i, (_, second) in enumerate(pairs):
        length = bisect_left(tails, second)
        before.append(holders[length - 1] if length else NOWHERE)
        tails[length:] = [second, *tails[length + 1 :]]
        holders[length:] = [i, *holders[length + 1 :]]
    run = []
    i = holders[-1] if holders else NOWHERE
    while i != NOWHERE:
        run.append(pairs[i])
        i = before[i]
    return run[::-1]
