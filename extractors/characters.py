"""One-to-one clean-up of characters, so that offsets into the printed text stay valid.

Makes dashes, blanks, tildes and a few damaged glyphs uniform. What the characters mean is for the
parsers of quantities, formulas and materials to say.
"""

from __future__ import annotations

from functools import cache, lru_cache

from scmine.extractors.lexicons import load_toml


@cache
def _table() -> dict[int, str]:
    """Translation table from the data file: every character maps to exactly one character."""
    data = load_toml("glyphs.toml")
    table = {ord(c): to for to, chars in data["uniform"].items() for c in chars}
    table |= {ord(c): to for to, chars in data["damaged"].items() for c in chars}
    return table


@lru_cache(maxsize=2048)  # each rule asks for the same passages and sentences
def uniform(text: str) -> str:
    """``text`` with dashes, blanks and tildes made uniform; the length does not change.

    >>> uniform("La2\u2212xSrx \u223c 38\u2009K")
    'La2-xSrx ~ 38 K'
    """
    return text.translate(_table())
