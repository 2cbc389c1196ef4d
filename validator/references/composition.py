"""What a formula of a reference set or a record says of the composition: key, system, amounts.

The normal form itself is ``scmine.extractors.normal_form``; distances are in ``distance``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

from scmine.extractors.elements import elements
from scmine.extractors.formula import Formula, parse_formula
from scmine.extractors.normal_form import normal_form

_PRECISION = 10**6  # amounts that come as floats are rounded to so many parts


@dataclass(frozen=True, slots=True)
class Material:
    """A formula as comparisons need it; the fields are as those of a ``ReferenceEntry``.

    ``is_series`` tells a formula of many compositions (``La2-xSrxCuO4``, ``KxFe2Se2``) from one
    that leaves only a little of one element open (``YBa2Cu3O7-x``).
    """

    key: str
    system: str
    composition: Mapping[str, float]
    open_amounts: bool
    is_series: bool = False


@lru_cache(maxsize=65536)
def read_material(formula: str) -> Material | None:
    """What ``formula`` says of the composition; None if it is no formula of elements.

    A formula that leaves an element open (``AFe2As2``) says too little and gives None, one that
    leaves an amount open (``O7-x``) is read, its key keeping the variable.

    >>> read_material("Ba2YCu3O7").key == read_material("Y0.5Ba1Cu1.5O3.5").key
    True
    >>> read_material("YBa2Cu3O7-x").open_amounts, read_material("YBa2Cu3O7-x").system
    (True, 'Ba-Cu-O-Y')
    """
    return material_of(parse_formula(formula))


def material_of(read: Formula | None) -> Material | None:
    """As `read_material`, of a formula that was parsed already."""
    if read is None or read.placeholders:
        return None
    composition = {
        symbol: float(amount.constant)
        for symbol, amount in read.amounts.items()
        if amount.constant > 0
    }
    there = {symbol: amount for symbol, amount in read.amounts.items() if amount.terms}
    if not composition:
        return None
    # Not read.variables, which goes through the formula a second time: sets have many rows.
    open_symbols = {s for s, a in there.items() if any(product for product, _ in a.terms)}
    return Material(
        normal_form(read),
        system_of(set(there)),
        composition,
        bool(open_symbols),
        is_series=len(open_symbols) > 1 or not open_symbols <= composition.keys(),
    )


def material_of_amounts(amounts: Mapping[str, float]) -> Material | None:
    """As `read_material`, of element symbols and amounts; None if one is no element.

    >>> material_of_amounts({"H": 30.0, "La": 3.0}).key
    'LaH10'
    """
    known = {s: Fraction(round(a * _PRECISION), _PRECISION) for s, a in amounts.items() if a > 0}
    if not known or not known.keys() <= elements().keys():
        return None
    return read_material("".join(f"{s}{_decimal(a)}" for s, a in known.items()))


def system_of(symbols: set[str] | Mapping[str, float]) -> str:
    """The chemical system of elements; deuterium and tritium are hydrogen in it.

    >>> system_of({"S", "D"}), system_of({"La": 1, "H": 10})
    ('H-S', 'H-La')
    """
    known = elements()
    plain = {known[s].counts_as if s in known else s for s in symbols}
    return "-".join(sorted("H" if s == "T" else s for s in plain))


def _decimal(amount: Fraction) -> str:
    return f"{float(amount):.6f}".rstrip("0").rstrip(".")
