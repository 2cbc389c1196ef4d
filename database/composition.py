"""What a record says of its elements: the composition's key and the chemical system.

Both are taken from ``composition``, and from ``formula`` where that is empty because an amount is
open (``YBa2Cu3O7-δ``). The normal form is that of ``scmine.extractors.normal_form``, by which
reference sets are compared too.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

OPEN_SITE = "?"
"""Stands among the elements of a system where the formula leaves a site open (``AFe2As2``)."""

_SYMBOL = re.compile("[A-Za-z][A-Za-z]?")
_RUN_PART = re.compile("[A-Z][a-z]?")
_RUN = re.compile("(?:[A-Z][a-z]?)+")
_BETWEEN = re.compile(r"[\s,;–-]+")
_HYDROGEN = {"D": "H", "T": "H"}
_LARGEST = 1e6  # no formula has so many atoms; amounts that are no numbers may be printed so


@dataclass(frozen=True, slots=True)
class Material:
    """A composition's ``key`` and the symbols of its elements, in order, `OPEN_SITE` among them."""

    key: str | None
    elements: tuple[str, ...]


def material_of(composition: Mapping[str, float], formula: str | None) -> Material:
    """The key and the elements of a record.

    >>> material_of({"La": 3.0, "H": 30.0}, None)
    Material(key='LaH10', elements=('H', 'La'))
    >>> material_of({}, "YBa2Cu3O7-δ").elements, material_of({}, "AFe2As2").elements
    (('Ba', 'Cu', 'O', 'Y'), ('?', 'As', 'Fe'))
    """
    if composition:
        amounts = [(s, a) for s, a in composition.items() if 0 < a < _LARGEST]
        found = _of_text("".join(f"{s}{_decimal(a)}" for s, a in amounts))
        if found.elements:
            return found
    return _of_text(formula) if formula else Material(None, ())


@lru_cache(maxsize=65536)
def _of_text(formula: str) -> Material:
    # The readers of formulas take long to import, and only writing needs them.
    from scmine.extractors.elements import elements
    from scmine.extractors.formula import parse_formula
    from scmine.extractors.normal_form import normal_form

    read = parse_formula(formula)
    if read is None:
        return Material(None, ())
    known = elements()
    there: set[str] = set()
    for site, amount in read.amounts.items():
        if amount.terms:  # a mixed site is printed as (Y,Dy)
            for symbol in site.strip("()").split(","):
                there.add(known[symbol].counts_as if symbol in known else OPEN_SITE)
    if not there - {OPEN_SITE}:
        return Material(None, ())
    return Material(normal_form(read), tuple(sorted(there)))


def read_elements(printed: Iterable[str]) -> frozenset[str]:
    """Symbols of elements as the search keeps them: ``la`` is La, deuterium and tritium are H.

    Raises
    ------
    ValueError
        If one has not the form of a symbol.

    >>> sorted(read_elements(["la", "D"]))
    ['H', 'La']
    """
    found = set()
    for symbol in printed:
        if not _SYMBOL.fullmatch(symbol):
            raise ValueError(f"{symbol[:100]!r} is no symbol of an element; write La or H")
        found.add(_HYDROGEN.get(symbol.capitalize(), symbol.capitalize()))
    return frozenset(found)


def read_system(printed: str) -> frozenset[str]:
    """The elements of a chemical system.

    Raises
    ------
    ValueError
        If it is not symbols with something between them, or a run of symbols.

    >>> sorted(read_system("La-H")), sorted(read_system("LaH"))
    (['H', 'La'], ['H', 'La'])
    """
    parts = _BETWEEN.split(printed.strip())
    if len(parts) == 1 and _RUN.fullmatch(printed.strip()):
        parts = _RUN_PART.findall(printed)
    if not parts or parts == [""]:
        raise ValueError(f"{printed[:100]!r} is no chemical system; write H-La")
    return read_elements(parts)


def _decimal(amount: float) -> str:
    return f"{amount:.6f}".rstrip("0").rstrip(".")
