"""The chemical elements and the other letters that formulas are made of, from the data files.

Facts about symbols only; formulas are read in ``formula``.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from scmine.extractors.lexicons import load_rows, load_toml


@dataclass(frozen=True, slots=True)
class Element:
    """One element: its group of the periodic table, and what an isotope's symbol counts as.

    ``electronegativity`` is Pauling's; None for the few elements that have none.
    """

    symbol: str
    number: int
    name: str
    kind: str
    counts_as: str
    electronegativity: float | None


@cache
def elements() -> dict[str, Element]:
    """The elements by symbol; deuterium (D) is listed and counts as H.

    >>> elements()["La"].kind, elements()["D"].counts_as
    ('rare_earth', 'H')
    """
    return {
        row["symbol"]: Element(
            row["symbol"],
            int(row["number"]),
            row["name"],
            row["kind"],
            row["counts_as"] or row["symbol"],
            float(row["electronegativity"]) if row["electronegativity"] else None,
        )
        for row in load_rows("elements.csv")
    }


@cache
def symbols(group: str) -> frozenset[str]:
    """The entries of list ``group`` of the data file of formula symbols."""
    return frozenset(load_toml("formula_symbols.toml")[group])


def known_symbols(printed: Iterable[str]) -> tuple[str, ...]:
    """Symbols of elements, each once, ``la`` as La.

    Raises
    ------
    ValueError
        If no element is called so.

    >>> known_symbols(["la", "H", "La"])
    ('La', 'H')
    >>> known_symbols(["Lu", "Hx"])
    Traceback (most recent call last):
    ValueError: no element is called Hx; write symbols such as La H
    """
    asked = [(s, s if s in elements() else s.capitalize()) for s in printed]
    if unknown := [s for s, symbol in asked if symbol not in elements()]:
        raise ValueError(f"no element is called {', '.join(unknown)}; write symbols such as La H")
    return tuple(dict.fromkeys(symbol for _, symbol in asked))
