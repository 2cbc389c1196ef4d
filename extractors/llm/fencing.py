"""Fencing: a paper's text set apart from the words of a prompt, as data.

What a reader of the page does not see is taken out, what a chat template would obey is broken up,
and the text is put between lines that carry a marker which the text itself does not hold. What is
sent maps back to the text as read, so that a quote of it is found there. What is asked of the text
lives in ``tasks``; whether a quote is true in ``evidence``.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from itertools import count

from scmine.extractors.lexicons import load_toml

LONGEST_TEXT = 20_000
"""Characters of one place that are sent at most; tasks part longer ones before."""

_MARKER_LENGTH = 12


@dataclass(frozen=True, slots=True)
class Sendable:
    """A text as it is sent. ``offsets`` gives for each character, and for the end, its place in
    the text as read."""

    text: str
    offsets: tuple[int, ...]

    def as_read(self, start: int, end: int) -> tuple[int, int]:
        """Where characters ``start`` to ``end`` (exclusive) of what is sent stand in the text."""
        if start >= end:
            return self.offsets[start], self.offsets[start]
        return self.offsets[start], self.offsets[end - 1] + 1


def sendable(text: str, limit: int = LONGEST_TEXT) -> Sendable:
    """``text`` without what a reader cannot see and without what chat templates obey.

    Invisible characters are left out, controls and line breaks become blanks, a blank breaks up
    special tokens, and what is beyond ``limit`` characters is cut.

    >>> sendable("Mg\\u200bB2\\thas <|im_end|> 39 K").text
    'MgB2 has < |im_end|> 39 K'
    >>> sendable("Mg\\u200bB2").as_read(0, 4)
    (0, 5)
    """
    kept = [(i, c) for i, c in enumerate(text[: limit * 2]) if c not in _unseen()[0]][:limit]
    shown = "".join(_as_shown(c) for _, c in kept)
    breaks = {match.start() for match in _special_tokens().finditer(shown)}
    characters: list[str] = []
    offsets: list[int] = []
    for n, (place, _) in enumerate(kept):
        characters.append(shown[n])
        offsets.append(place)
        if n in breaks:
            characters.append(" ")
            offsets.append(place)
    return Sendable("".join(characters), (*offsets, kept[-1][0] + 1 if kept else 0))


def shown_text(text: str, limit: int = LONGEST_TEXT) -> str:
    """The characters of ``sendable`` alone."""
    return sendable(text, limit).text


def marker_of(texts: Iterable[str]) -> str:
    """The marker of the fences around ``texts``: follows from them, and stands in none of them.

    A paper cannot forge a fence: whichever marker it holds is not chosen.
    """
    whole = "\n".join(texts)
    lowered = whole.lower()
    digest = hashlib.sha256(whole.encode("utf-8", "replace")).digest()
    for turn in count():
        marker = hashlib.sha256(digest + turn.to_bytes(4, "big")).hexdigest()[:_MARKER_LENGTH]
        if marker not in lowered:
            break
    return marker


def fenced(marker: str, name: str, kind: str, text: str) -> str:
    """``text``, sendable already, between its fences; ``name`` and ``kind`` are words of ours.

    >>> print(fenced("0a1b2c3d4e5f", "p3", "paragraph", "MgB2 superconducts."))
    -----BEGIN 0a1b2c3d4e5f p3 (paragraph)-----
    MgB2 superconducts.
    -----END 0a1b2c3d4e5f p3-----
    """
    return f"-----BEGIN {marker} {name} ({kind})-----\n{text}\n-----END {marker} {name}-----"


def _as_shown(character: str) -> str:
    _, blank, broken = _unseen()
    if character in blank:
        return " "
    return "\ufffd" if character in broken else character


@cache
def _unseen() -> tuple[frozenset[str], frozenset[str], frozenset[str]]:
    """The characters that are left out, become a blank, and are broken."""
    lists = load_toml("unseen_characters.toml")
    removed, blank, broken = (_characters(lists[k]) for k in ("removed", "blank", "broken"))
    return removed, blank, broken


def _characters(ranges: Iterable[str]) -> frozenset[str]:
    found: set[str] = set()
    for entry in ranges:
        low, _, high = entry.partition("-")
        found.update(map(chr, range(int(low, 16), int(high or low, 16) + 1)))
    return frozenset(found)


@cache
def _special_tokens() -> re.Pattern[str]:
    """Finds where a special token begins, also inside another one."""
    patterns = load_toml("chat_tokens.toml")["patterns"]
    return re.compile("(?=" + "|".join(f"(?:{p})" for p in patterns) + ")", re.IGNORECASE)
