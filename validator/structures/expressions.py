"""Coordinates written as expressions: ``1/2-y``, ``2x``, ``-x+y+1/4``.

One coordinate gives its coefficients of x, y and z and its constant. A triplet of them is a
symmetry operation, a Wyckoff position's form, or what a paper left open.
"""

from __future__ import annotations

import re
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

_LONGEST = 60
_SIGNS = str.maketrans({"−": "-", "–": "-", "⁄": "/", "½": "1/2", "¼": "1/4", "¾": "3/4"} | {
    "⅓": "1/3", "⅔": "2/3", "⅛": "1/8", "⅜": "3/8", "⅝": "5/8", "⅞": "7/8", "⅙": "1/6", "⅚": "5/6",
})  # fmt: skip
_TERM = re.compile(
    r"(?P<sign>[+-]?)(?:(?P<number>\d{1,9}(?:\.\d{0,15})?|\.\d{1,15})(?:/(?P<below>\d{1,4}))?\*?)?"
    r"(?P<letter>[xyz])?(?:/(?P<part>\d))?"
)


@lru_cache(maxsize=4096)
def linear(text: str) -> tuple[float, float, float, float] | None:
    """Coefficients of x, y, z and the constant of an expression; None if it is none.

    >>> linear("1/2 - y"), linear("2x"), linear("-x+y+1/4")
    ((0.0, -1.0, 0.0, 0.5), (2.0, 0.0, 0.0, 0.0), (-1.0, 1.0, 0.0, 0.25))
    >>> linear("free") is None
    True
    """
    plain = text[: _LONGEST + 1].translate(_SIGNS).lower().replace(" ", "")
    if not plain or len(plain) > _LONGEST:
        return None
    found, position = [0.0, 0.0, 0.0, 0.0], 0
    while position < len(plain):
        term = _TERM.match(plain, position)
        if term is None or term.end() == position or not (term["number"] or term["letter"]):
            return None
        if position and not term["sign"]:
            return None
        value = _value(term)
        if value is None:
            return None
        found["xyz".index(term["letter"]) if term["letter"] else 3] += value
        position = term.end()
    return found[0], found[1], found[2], found[3]


def _value(term: re.Match[str]) -> float | None:
    value = float(term["number"] or 1)
    for below in (term["below"], term["part"]):
        if below is not None:
            if int(below) == 0:
                return None
            value /= int(below)
    return -value if term["sign"] == "-" else value


def affine(triplet: str) -> tuple[Floats, Floats] | None:
    """Matrix (3, 3) and shift (3,) of ``x, y, z`` expressions parted by commas.

    >>> matrix, shift = affine("-y, x-y, z+1/2")
    >>> matrix.tolist(), shift.tolist()
    ([[0.0, -1.0, 0.0], [1.0, -1.0, 0.0], [0.0, 0.0, 1.0]], [0.0, 0.0, 0.5])
    """
    parts = triplet.split(",")
    rows = [linear(part) for part in parts[:3]]
    found = [row for row in rows if row is not None]
    if len(parts) != 3 or len(found) != 3:
        return None
    table = np.array(found, dtype=float)
    return table[:, :3], table[:, 3]
