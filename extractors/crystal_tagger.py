"""Mentions of crystal structures: space groups and lattice parameters in running text."""

from __future__ import annotations

import re

from scmine.extractors.claim import Label, Mention
from scmine.extractors.spacegroups import find_space_groups

_LATTICE = re.compile(
    r"(?<![A-Za-z])(?:a\s?=\s?b|[abc])\s?=\s?\d{1,2}\.\d+(?:\s?\(\d+\))?\s*(?:Å|A\b|nm|˚)?"
    r"(?:\s*(?:,|and|;)\s*(?:and\s+)?[abc]\s?=\s?\d{1,2}\.\d+(?:\s?\(\d+\))?\s*(?:Å|A\b|nm|˚)?)*"
)


def crystal_mentions(text: str) -> list[Mention]:
    """Mentions of space groups and lattice parameters in ``text``.

    >>> [(m.label.value, m.text) for m in crystal_mentions("space group Fm-3m, a = 5.1 Å")]
    [('space_group', 'Fm-3m'), ('lattice', 'a = 5.1 Å')]
    """
    found = []
    for hit in find_space_groups(text):
        start, end = hit[0], hit[1]
        found.append(Mention(start, end, Label.SPACE_GROUP, text[start:end]))
    for match in _LATTICE.finditer(text):
        if "Å" in match.group() or "nm" in match.group() or "lattice" in text:
            found.append(Mention(match.start(), match.end(), Label.LATTICE, match.group()))
    return found
