"""Methods that a calculated Tc comes from: which formula or theory a sentence names for it.

Patterns are data (``cues.toml``, ``tc_method``). Whether a Tc is calculated at all is decided in
``whose_claim``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from scmine.extractors.cues import cues

NEAR = 40
"""Characters between two names of one formula: the McMillan formula modified by Allen and Dynes."""

_OF_THE_VALUE = re.compile(
    r"[(\[]|\b(?:by|using|with(?:in)?|from|via|through|in|on|under|according|after|of)\b"
)
_BREAK = re.compile(
    r";|\b(?:while|whereas|but|than|comparable|compared|agree\w*|consistent|close to|similar to)\b"
)


@lru_cache(maxsize=64)  # each claim of a sentence asks for it
def methods_in(text: str) -> tuple[tuple[int, int, str], ...]:
    """Where ``text`` names methods, as (start, end, standard name).

    The formula that Allen and Dynes made of McMillan's is theirs.

    >>> [m[2] for m in methods_in("the Allen–Dynes modified McMillan equation")]
    ['Allen-Dynes']
    """
    found = sorted(
        (match.start(), match.end(), name)
        for name, pattern in cues()["tc_method"].items()
        for match in pattern.finditer(text)
    )
    theirs = [(start, end) for start, end, name in found if name == "Allen-Dynes"]
    return tuple(
        (start, end, name)
        for start, end, name in found
        if name != "McMillan" or not any(_is_one(text, (start, end), other) for other in theirs)
    )


def _is_one(text: str, first: tuple[int, int], second: tuple[int, int]) -> bool:
    """Whether two names stand close together and are not listed."""
    gap = text[min(first[1], second[1]) : max(first[0], second[0])]
    return len(gap) <= NEAR and re.search(r"\band\b|\bor\b|,", gap) is None


def tc_method_of(text: str) -> str | None:
    """The method that ``text`` names, if it is exactly one.

    >>> tc_method_of("by McMillan's formula"), tc_method_of("SCDFT and Eliashberg theory")
    ('McMillan', None)
    """
    names = {name for _, _, name in methods_in(text)}
    return names.pop() if len(names) == 1 else None


def method_beside(text: str, start: int, end: int, others: Iterable[tuple[int, int]]) -> str | None:
    """The method of the Tc at ``start`` to ``end`` of a sentence, where that names several.

    What follows the value up to the next one counts before what stands between it and the one
    before; ``others`` are the other values of Tc.

    >>> text = "Tc is 204 K by the Eliashberg equations and 191 K by the McMillan formula"
    >>> method_beside(text, 6, 11, [(44, 49)]), method_beside(text, 44, 49, [(6, 11)])
    ('Migdal-Eliashberg', 'McMillan')
    >>> method_beside("McMillan's formula gives 191 K and the Eliashberg theory 204 K", 25, 30, [])
    'McMillan'
    """
    spans = list(others)
    last = max((e for _, e in spans if e <= start), default=0)
    following = min((s for s, _ in spans if s >= end), default=len(text))
    methods = methods_in(text)
    after = [m for m in methods if end <= m[0] < following]
    before = [m for m in methods if last <= m[0] and m[1] <= start]
    close = bool(after) and not _BREAK.search(text[end : after[0][0]])
    if close and before and not spans:
        # One value, and methods on both sides of it: the one that stands closer.
        close = after[0][0] - end < start - before[-1][1]
    if close and before and not _OF_THE_VALUE.search(text[end : after[0][0]]):
        close = False  # "the McMillan formula gives 191 K and the Eliashberg theory 204 K"
    if close:
        return after[0][2]
    if before:
        return before[-1][2]
    return after[0][2] if after and not spans else None
