"""Font encodings: what the fonts show whose text layer does not say so, known by their names.

The tables are data (``font_encodings.toml``). Finding out that an unknown font lies is for
``quality``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

from scmine.extractors.lexicons import load_toml


@cache
def font_encoding(font: str) -> Mapping[int, str] | None:
    """The characters by code of the font named ``font``; None if its text layer is to be believed.

    >>> font_encoding("MathematicalPi-One")[ord("6")]
    '±'
    >>> font_encoding("Times-Roman") is None
    True
    """
    for pattern, encoding in _encodings():
        if pattern.fullmatch(font):
            return encoding
    return None


@cache
def _encodings() -> tuple[tuple[re.Pattern[str], Mapping[int, str]], ...]:
    return tuple(
        (
            re.compile(entry["fonts"]),
            MappingProxyType({_code(k): v for k, v in entry["characters"].items()}),
        )
        for entry in load_toml("font_encodings.toml")["encoding"]
    )


def _code(key: str) -> int:
    return int(key, 16) if key.startswith("0x") else ord(key)
