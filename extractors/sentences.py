"""Sentences: where one ends in the prose of physics papers. The words that keep a full stop from
ending a sentence are in ``data/abbreviations.txt``.
"""

from __future__ import annotations

import re

from scmine.extractors.lexicons import load_words

_BREAK = re.compile(r"[.!?]['\"”’)\]]*(?=\s+[\"“‘(\[]?[^\sa-z])|[.!?]['\"”’)\]]*$")
_LAST_WORD = re.compile(r"(?:^|[\s(\[–—/])([A-Za-z][A-Za-z.]*)\.$")


def split_sentences(text: str) -> tuple[tuple[int, int], ...]:
    """The (start, end) of each sentence in ``text``, blanks between them left out.

    >>> [ "MgB2 has Tc = 39 K (Ref. 3). It is s-wave."[a:b]
    ...   for a, b in split_sentences("MgB2 has Tc = 39 K (Ref. 3). It is s-wave.")]
    ['MgB2 has Tc = 39 K (Ref. 3).', 'It is s-wave.']
    """
    spans: list[tuple[int, int]] = []
    start = 0
    for match in _BREAK.finditer(text):
        end = match.end()
        if end < len(text) and not _ends_sentence(text, match.start(), end):
            continue
        spans += _trim(text, start, end)
        start = end
    spans += _trim(text, start, len(text))
    return tuple(spans)


def _ends_sentence(text: str, stop: int, end: int) -> bool:
    if text[stop] != ".":
        return True
    word = _LAST_WORD.search(text[max(0, stop - 20) : stop + 1])
    if word is None:
        return True
    name = word.group(1)
    if name.lower() in load_words("abbreviations.txt"):
        return False
    # An initial ("J. Nagamatsu") is one capital letter; K, T and the like end sentences as units.
    if len(name) == 1 and name.isupper():
        before = text[max(0, stop - 4) : stop - 1]
        return bool(re.search(r"\d\)?\s?$", before))
    return not re.fullmatch(r"(?:[A-Za-z]\.)+[A-Za-z]", name)


def _trim(text: str, start: int, end: int) -> list[tuple[int, int]]:
    piece = text[start:end]
    stripped = piece.strip()
    if not stripped:
        return []
    start += len(piece) - len(piece.lstrip())
    return [(start, start + len(stripped))]
