"""Trims what does not belong to a mention off its edges: stops, blanks, quotes, single brackets.

Annotators keep or drop such marks at random, so taggers, training and scoring all go through
``tidy``. What a mention means is not looked at.
"""

from __future__ import annotations

_STOPS = ".,;:"
_LONGEST = 500  # characters; what is longer is no mention, and pairing its brackets takes long
_PAIRS = {")": "(", "]": "["}


def tidy(text: str, start: int, end: int) -> tuple[int, int]:
    """A span without stops, blanks, quotes and unpaired brackets at its edges.

    >>> tidy("(MgB2).", 0, 7), tidy("LaFeAsO (La1111)", 0, 16), tidy("K (x=0.2)", 2, 8)
    ((1, 5), (0, 16), (3, 8))
    """
    while start < end <= start + _LONGEST:
        inner = text[start:end]
        first, last = inner[0], inner[-1]
        if first.isspace() or first in _STOPS + '"“':
            start += 1
        elif last.isspace() or last in _STOPS + '"”' or _unpaired(inner, last):
            end -= 1
        elif first in _PAIRS.values() and _closing(inner) in (-1, len(inner) - 1):
            start += 1
        else:
            break
    return start, end


def _unpaired(text: str, closing: str) -> bool:
    """Whether ``text`` has more brackets ``closing`` than it opens."""
    return closing in _PAIRS and text.count(closing) > text.count(_PAIRS[closing])


def _closing(text: str) -> int:
    """Where the bracket that ``text`` begins with is closed; -1 if it is not."""
    depth = 0
    for i, char in enumerate(text):
        depth += (char in "([") - (char in ")]")
        if depth == 0:
            return i
    return -1
