"""Magnetic fields: the field in which a Tc of running text is stated, where one is.

Critical fields and ranges of fields are none. Tables state fields in their heads
(``table_claims``).
"""

from __future__ import annotations

import re
from functools import cache

from scmine.extractors.lexicons import load_toml
from scmine.extractors.quantities import find_quantities


@cache
def _words() -> dict[str, re.Pattern[str]]:
    data = load_toml("quantity_words.toml")["magnetic_field"]
    return {name: re.compile(pattern) for name, pattern in data.items()}


_FIELD_UNIT = re.compile(r"[\d)]\s?(?:k?Oe|m?T|k?G|[Tt]eslas?)\b")


def may_state_field(text: str) -> bool:
    """Whether ``text`` has a number with the unit of a field: a quick look before a long one.

    >>> may_state_field("10 K at 9 T"), may_state_field("10 K at 9 GPa")
    (True, False)
    """
    return _FIELD_UNIT.search(text) is not None


def field_of(sentence: str, start: int, end: int) -> tuple[int, int] | None:
    """Where ``sentence`` states the field of the Tc at ``start`` to ``end``; None if it does not.

    A field that stands before the Tc counts if it is the only one, zero included.

    >>> text = "In a field of 5 T, the Tc of NbN is 10 K."
    >>> low, high = field_of(text, 36, 40)
    >>> text[low:high]
    '5 T'
    >>> field_of("Tc = 250 K with an upper critical field of 136 T.", 5, 10) is None
    True
    """
    words = _words()
    fields = [(s, e) for s, e, q in find_quantities(sentence, "field") if q.value is not None]
    for low, high in fields:
        if low >= end and words["after_tc"].fullmatch(sentence[end:low]):
            return low, high
    if words["of_tc"].search(sentence[:start]):
        inside = [(s, e) for s, e in fields if s < start and ")" in sentence[e:start]]
        return inside[-1] if inside else None
    if len(fields) != 1 or fields[0][0] > start or words["zero"].search(sentence):
        return None
    low, high = fields[0]
    before = sentence[:low]
    if words["applied"].search(before) and not words["not_applied"].search(before[-60:]):
        return low, high
    return None
