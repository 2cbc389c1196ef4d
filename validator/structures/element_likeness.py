"""How alike two elements are as neighbours in a crystal, and which may stand where.

Used to choose between known structures and to decide which element takes which site. Facts on
elements come from ``extractors.elements``; radii from pymatgen's tables.
"""

from __future__ import annotations

from functools import cache

from scmine.extractors.elements import elements

_NO_SCALE = 1.8
"""Electronegativity taken where Pauling's scale has none (rare gases excepted: they are few)."""


_OTHER_BLOCK = 0.25


@cache
def unlikeness(one: str, other: str) -> float:
    """How unlike two elements are: 0 for the same, about 1 for a metal and a halogen.

    Counts the difference of electronegativity, that of their places in Pettifor's order of the
    elements (``Element.mendeleev_no``), and whether one is a metal of the s or f block, of the d
    block, or an element of the p block; hydrogen is like nothing else.

    >>> unlikeness("La", "Ce") < unlikeness("La", "Li") < unlikeness("La", "H")
    True
    """
    if one == other:
        return 0.0
    from pymatgen.core import Element

    if "H" in (one, other):
        return 2.0
    places = abs(Element(one).mendeleev_no - Element(other).mendeleev_no) / 100
    block = 0.0 if _block(one) == _block(other) else _OTHER_BLOCK
    return 0.05 + places / 2 + abs(_pauling(one) - _pauling(other)) / 5 + block


def _block(symbol: str) -> str:
    kind = elements()[symbol].kind
    if kind in ("alkali", "alkaline_earth", "rare_earth", "actinide"):
        return "s"
    return "d" if kind == "transition" else "p"


def _pauling(symbol: str) -> float:
    value = elements()[symbol].electronegativity
    return _NO_SCALE if value is None else value
