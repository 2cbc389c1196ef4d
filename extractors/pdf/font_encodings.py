"""Font encodings: what the fonts show whose text layer does not say so, known by their names.

The tables are data (``font_encodings.toml``). Finding out that an unknown font lies is for
``quality``.
"""

from __future__ import annotations

import re
from collections import Counter
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


COMMON_LETTERS = frozenset(map(ord, "etaoinsrhl"))
MIN_TEXT_CHARACTERS = 60
MIN_COMMON_SHARE = 0.4
"""English text is made of these ten letters by 69 %, German by 63 %, formulas by far less."""


def bitmap_encoding(codes: Counter[int]) -> Mapping[int, str] | None:
    """The ligatures of a font without a name, if the ``codes`` it is used for are those of text.

    TeX's bitmap fonts have neither a name nor a map. Their ligatures stand where the encodings OT1
    and T1 have them; mathematical fonts have Greek letters there.

    >>> bitmap_encoding(Counter(map(ord, "the rest of the sentence " * 5)))[0x0C]
    'ﬁ'
    """
    count = sum(codes.values())
    common = sum(codes[code] for code in COMMON_LETTERS)
    if count < MIN_TEXT_CHARACTERS or common < MIN_COMMON_SHARE * count:
        return None
    return _ligatures()


@cache
def _ligatures() -> Mapping[int, str]:
    characters = load_toml("font_encodings.toml")["ligatures"]["characters"]
    return MappingProxyType({_code(k): v for k, v in characters.items()})
