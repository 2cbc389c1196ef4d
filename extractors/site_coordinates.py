"""Coordinates of atomic sites as printed: numbers, fractions, and expressions of x, y and z.

Which atom they are of is told in ``sites`` and ``table_sites``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from scmine.extractors.characters import uniform

_TERM = r"(?:\d\s?[/⁄]\s?\d{1,2}|0?\.\d{1,6}|1|\d?[xyz])"
EXPRESSION = rf"[-−–]?\s?\d?[xyz](?:\s?[+−–-]\s?{_TERM})?|\d\s?[/⁄]\s?\d{{1,2}}\s?[+−–-]\s?\d?[xyz]"
"""An expression of x, y and z."""

NUMBER = (
    r"[-−–]?\s?(?:\d{0,2}\.\d{1,8}(?:\s?\(\d{1,3}\))?|\d\s?[/⁄]\s?\d{1,2}|\d(?![\d.])|[½¼¾⅓⅔⅛])"
)
"""A number or a fraction."""

COORDINATE = rf"(?:{EXPRESSION}|{NUMBER})"
TRIPLE = rf"[(\[]\s?({COORDINATE})\s?[,;]\s?({COORDINATE})\s?[,;]\s?({COORDINATE})\s?[)\]]"
"""Three coordinates in a bracket."""

_VALUE = r"[-−–]?\d{0,2}\.\d{1,8}(?:\s?\(\d{1,3}\))?"
FREE = (
    rf"(?:[\s,;:(\[]|with|where|and|for|at|free|internal|parameters?)*"
    rf"(?P<first>(?<![\w])[xyz](?:\s?=\s?[xyz]){{0,2}}\s?[=≈~]\s?{_VALUE})"
    rf"(?P<more>(?:\s?[,;]?\s?(?:and\s)?[xyz](?:\s?=\s?[xyz]){{0,2}}\s?[=≈~]\s?{_VALUE}){{0,2}})[)\]]?"
)
"""The values of free coordinates behind a position: ``with x = 0.1194 and z = 0.25``."""

_ASSIGNED = re.compile(rf"(?P<names>[xyz](?:\s?=\s?[xyz]){{0,2}})\s?[=≈~]\s?(?P<value>{_VALUE})")
_FRACTIONS = {"½": 0.5, "¼": 0.25, "¾": 0.75, "⅓": 1 / 3, "⅔": 2 / 3, "⅛": 0.125}
_PIECE = re.compile(r"([+-]?)(?:(\d)/(\d{1,2})|(\d?)([xyz])|(\d*\.\d+|\d+))")


def site_coordinate(text: str) -> float | str:
    """A fractional coordinate as a number; as printed if it names a variable.

    >>> site_coordinate("0.2652(2)"), site_coordinate("−3/4"), site_coordinate("x")
    (0.2652, -0.75, 'x')
    """
    plain = re.sub(r"\s|\(\d+\)", "", uniform(text)).replace("⁄", "/")
    sign = -1.0 if plain.startswith("-") else 1.0
    if plain.lstrip("-") in _FRACTIONS:
        return round(sign * _FRACTIONS[plain.lstrip("-")], 6)
    parts = re.fullmatch(r"-?(\d)/(\d{1,2})", plain)
    if parts and int(parts.group(2)):
        return round(sign * int(parts.group(1)) / int(parts.group(2)), 6)
    try:
        return float(plain)
    except ValueError:
        return plain


def assigned(text: str) -> dict[str, float]:
    """The values that ``text`` gives x, y and z; none of a letter that it gives two.

    >>> assigned("x = y = 0.1194(2) and z = 0.25")
    {'x': 0.1194, 'y': 0.1194, 'z': 0.25}
    """
    found: dict[str, float] = {}
    twice = set()
    for match in _ASSIGNED.finditer(uniform(text)):
        value = site_coordinate(match["value"])
        for name in re.findall("[xyz]", match["names"]):
            if isinstance(value, float) and found.setdefault(name, value) != value:
                twice.add(name)
    return {name: value for name, value in found.items() if name not in twice}


def filled(xyz: Sequence[float | str], values: Mapping[str, float]) -> list[float | str]:
    """Coordinates with the values of x, y and z put in; those that stay open as they were.

    >>> filled(["x", "2x", "1/2-z"], {"x": 0.1194})
    [0.1194, 0.2388, '1/2-z']
    """
    return [_worked_out(c, values) if isinstance(c, str) else c for c in xyz]


def _worked_out(expression: str, values: Mapping[str, float]) -> float | str:
    plain = re.sub(r"\s", "", uniform(expression)).replace("⁄", "/")
    pieces = list(_PIECE.finditer(plain))
    if "".join(p.group() for p in pieces) != plain:
        return expression
    total = 0.0
    for piece in pieces:
        sign = -1.0 if piece[1] == "-" else 1.0
        if piece[5]:
            if piece[5] not in values:
                return expression
            total += sign * int(piece[4] or 1) * values[piece[5]]
        elif piece[2]:
            if not int(piece[3]):
                return expression
            total += sign * int(piece[2]) / int(piece[3])
        else:
            total += sign * float(piece[6])
    return round(total, 6)
