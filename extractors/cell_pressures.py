"""Pressures in the cells of tables: those that stand beside a Tc, and words of ambient pressure."""

from __future__ import annotations

import re

from scmine.extractors.quantities import find_quantities, parse_quantity

_BEFORE_PRESSURE = re.compile(
    r"^(?P<tc>.*?\d.*?)\s*(?:\(\s*|@\s*|,\s*)?(?:\b(?:at|under|for)\s*)?$"
)


def split_pressure(text: str) -> tuple[str, str]:
    """A cell of Tc values without the pressure that it states as well, and that pressure.

    >>> split_pressure("92 at 5 GPa"), split_pressure("203 K (155 GPa)"), split_pressure("39")
    (('92', '5 GPa'), ('203 K', '155 GPa'), ('39', ''))
    """
    found = find_quantities(text, "pressure")
    if len(found) != 1:
        return text, ""
    start, end, _ = found[0]
    before = _BEFORE_PRESSURE.match(text[:start])
    if before is None or not re.fullmatch(r"\s*\)?\s*", text[end:]):
        return text, ""
    return before["tc"].strip(), text[start:end]


def says_ambient(text: str) -> bool:
    """Whether a cell of pressures says in words that the pressure is ambient.

    >>> says_ambient("Ambient"), says_ambient("AP"), says_ambient("5")
    (True, True, False)
    """
    quantity = parse_quantity(text, "pressure")
    return quantity is not None and "ambient" in quantity.flags
