"""Nicknames against formulas: whether letters and digits such as LSCO or 1212 can mean a formula.

Compares, and finds nothing in a text: where papers define nicknames is the business of
``abbreviations``, and which ones the field has agreed on stands in ``names``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from fractions import Fraction
from functools import lru_cache

from scmine.extractors.amounts import Amount
from scmine.extractors.characters import uniform
from scmine.extractors.elements import elements
from scmine.extractors.formula import Formula, Group, Site

_TOKEN = re.compile(r"[A-Z][a-z]?")
_DIGITS = re.compile(r"(?<![\d.])\d{2,5}(?![\d.%])")
_MAX_TOKENS = 10
_ANIONS = frozenset({"O", "F", "H", "N", "S", "Cl"})


def key_of(name: str) -> str:
    """``name`` as it is compared: without blanks, dashes, colons, dots and quotes.

    >>> key_of("Bi-2212") == key_of("Bi 2212"), key_of("1% Ni-SLCO")
    (True, '1%NiSLCO')
    """
    return re.sub(r"[\s\-:.'\"()]", "", uniform(name))


def may_mean(name: str, formula: Formula) -> bool:
    """Whether ``name`` is a possible short form of ``formula``.

    Its letters stand for elements in the order of print (``LFP`` for LiFePO4), or for all of them
    in any order; its digits, if it has some, count the atoms of the sites.

    >>> from scmine.extractors.formula import parse_formula
    >>> lsco = parse_formula("La2-xSrxCuO4")
    >>> may_mean("LSCO", lsco), may_mean("La-214", lsco), may_mean("YBCO", lsco)
    (True, True, False)
    """
    digits = _DIGITS.findall(uniform(name))
    tokens = _tokens(name)
    if digits:
        counted = any(_counts_fit(d, formula, unknown=bool(tokens)) for d in digits)
        return counted and _in_order(tokens, list(formula.amounts), _any_of)
    return bool(tokens) and (
        _in_order(tokens, list(formula.amounts), _one_of) or covers(name, formula)
    )


@lru_cache(maxsize=4096)
def covers(name: str, formula: Formula) -> bool:
    """Whether the letters of ``name`` stand for all elements of ``formula``, each for one."""
    digits = _DIGITS.findall(uniform(name))
    tokens, species = _tokens(name), _species(formula)
    if digits:
        return (
            bool(tokens)
            and any(_counts_fit(d, formula) for d in digits)
            and _all_found(tokens, species)
        )
    return len(tokens) == len(species) and _all_found(tokens, species)


def _tokens(name: str) -> list[str]:
    """The capitals of ``name``, with the small letter that makes them an element.

    >>> _tokens("1% Ni-SLCO"), _tokens("Bi-2212"), _tokens("BaK122")
    (['Ni', 'S', 'L', 'C', 'O'], ['Bi'], ['Ba', 'K'])
    """
    found = _TOKEN.findall(name)
    return [t if len(t) == 1 or t in elements() else t[0] for t in found][: _MAX_TOKENS + 1]


def _species(formula: Formula) -> list[str]:
    """The elements of a formula in order of print; those of a mixed site one by one."""
    found: list[str] = []
    for symbol in formula.amounts:
        found += _TOKEN.findall(symbol) if symbol.startswith("(") else [symbol]
    return list(dict.fromkeys(found))


def _one_of(token: str, symbol: str) -> bool:
    return symbol == token or (len(token) == 1 and symbol.startswith(token))


def _any_of(token: str, symbol: str) -> bool:
    """As ``_one_of``; an open or mixed site may be what the token says."""
    return _one_of(token, symbol) or symbol not in elements()


def _in_order(
    tokens: Sequence[str], symbols: Sequence[str], fits: Callable[[str, str], bool]
) -> bool:
    """Whether ``tokens`` fit some of ``symbols`` in their order."""
    position = 0
    for token in tokens:
        while position < len(symbols) and not fits(token, symbols[position]):
            position += 1
        if position == len(symbols):
            return False
        position += 1
    return True


def _all_found(tokens: Sequence[str], symbols: Sequence[str]) -> bool:
    """Whether each token fits a symbol of its own, in any order."""
    if len(tokens) > min(len(symbols), _MAX_TOKENS):
        return False
    if not tokens:
        return True
    first, rest = tokens[0], tokens[1:]
    return any(
        _one_of(first, symbol) and _all_found(rest, [*symbols[:i], *symbols[i + 1 :]])
        for i, symbol in enumerate(symbols)
    )


def _counts_fit(digits: str, formula: Formula, unknown: bool = False) -> bool:
    """Whether ``digits`` are the numbers of atoms on the sites, with or without the anion's.

    ``unknown`` is the answer where the formula does not tell its sites.
    """
    wanted = sorted(int(d) for d in digits if d != "0")
    counts = site_counts(formula)
    if counts is None:
        return unknown
    cations = [n for symbol, n in counts if symbol not in _ANIONS]
    return wanted in (sorted(n for _, n in counts), sorted(cations))


def site_counts(formula: Formula) -> list[tuple[str, int]] | None:
    """The first element and the number of atoms of each site; None if some share no site.

    Neighbours whose amounts add up to a whole number share one, as ``La2-xSrx`` does. A last part
    that never does (``O7-δ``) counts as its nearest whole number.

    >>> from scmine.extractors.formula import parse_formula
    >>> site_counts(parse_formula("Eu2-xCexRuSr2Cu2O10-δ"))
    [('Eu', 2), ('Ru', 1), ('Sr', 2), ('Cu', 2), ('O', 10)]
    """
    found: list[tuple[str, int]] = []
    open_sum, first = Amount(()), ""
    for part in formula.parts:
        first = first or _first_symbol(part)
        open_sum = open_sum + _total(part)
        if not open_sum.variables and open_sum.constant.denominator == 1:
            found.append((first, int(open_sum.constant)))
            open_sum, first = Amount(()), ""
    if first:
        if first not in _ANIONS:
            return None
        if open_sum.constant > 0:  # of `Oz` no number is known
            found.append((first, round(open_sum.constant)))
    return found


def _first_symbol(part: Site | Group) -> str:
    return part.symbol if isinstance(part, Site) else _first_symbol(part.parts[0])


def _total(part: Site | Group) -> Amount:
    """The number of atoms of a part."""
    if isinstance(part, Site):
        return part.amount
    total = Amount.number(Fraction(0))
    for inner in part.parts:
        total = total + _total(inner)
    return total * part.amount
