"""The normal form of a formula, by which two spellings of one material compare equal.

Order: sites that are open or mixed, then elements by Pauling electronegativity (by symbol where
two agree). Brackets and hydrates are multiplied out. Amounts are the smallest whole numbers; where
one of these exceeds 20, a fifth, tenth, twentieth and so on of them is taken that leaves none above
20: the one that gives the most elements whole amounts. ``0.333``, ``0.667`` and the like are
thirds. C60 and C70 are molecules.

D and T stay apart from H; other isotopes are their element. A variable keeps its role and loses
its name (``YBa2Cu3O7-δ`` is ``YBa2Cu3O7-y``; ``YBa2Cu3Oy`` is another form, since its y says
something else): x, y, z and so on in order of appearance. A phase label and what the sample was
(film, doped) are not part of the form.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from fractions import Fraction
from itertools import zip_longest

from scmine.extractors.amounts import Amount
from scmine.extractors.elements import elements
from scmine.extractors.formula import Formula, parse_formula
from scmine.extractors.formula_reader import isotope_after
from scmine.extractors.names import formula_of_name

_NAMES = "xyzuvwpqrstabcdefgh"
_LARGEST_WHOLE = 20
_LARGEST_POSSIBLE = 300  # below what ``parse_formula`` takes for an amount
_DECIMAL = 5  # amounts that are printed as decimals are of these parts of whole ones
_MOLECULES = (60, 70)  # numbers of C atoms that make a fullerene
_THIRDS = {Fraction(n, 6) for n in (1, 2, 4, 5)}
_THIRD_TOLERANCE = Fraction(1, 2000)
_MAX_DIGITS = 6
_LAST = math.inf
Coefficients = dict[tuple[str, ...], Fraction]


def normal_form(formula: str | Formula) -> str:
    """The one spelling of a material that all its spellings share.

    Parameters
    ----------
    formula
        A formula as printed, or a nickname that denotes one compound (``YBCO``).

    Raises
    ------
    ValueError
        If the text is neither.

    >>> normal_form("SH3"), normal_form("As4Fe4Ba2"), normal_form("CuO4La1.85Sr0.15")
    ('H3S', 'BaFe2As2', 'Sr0.15La1.85CuO4')
    >>> normal_form("YBa2Cu3O7-δ") == normal_form("YBCO") == normal_form("Ba2YCu3O7-y")
    True
    """
    read = formula if isinstance(formula, Formula) else _read(formula)
    if read is None:
        raise ValueError(f"{str(formula)[:100]!r} is no formula and names no single compound")
    amounts = {symbol: _exact(amount) for symbol, amount in _units(read).items()}
    amounts = {symbol: terms for symbol, terms in amounts.items() if terms}
    ordered = sorted(amounts, key=_order)
    named = _renamed({symbol: amounts[symbol] for symbol in ordered})
    scale = _scale([abs(c) for terms in named.values() for c in terms.values()])
    sites = [(s, _printed({m: c * scale for m, c in terms.items()})) for s, terms in named.items()]
    return "".join(_apart(site, following) for site, following in zip_longest(sites, sites[1:]))


def _apart(site: tuple[str, str], following: tuple[str, str] | None) -> str:
    """A site in print, its amount kept from being read as a mass number of what follows it."""
    symbol, amount = site
    if following is not None and isotope_after(amount + following[0], 0, symbol):
        return f"{symbol}{amount}.0"
    return symbol + amount


def same_material(a: str, b: str) -> bool:
    """Whether two printed formulas or nicknames are one material.

    Phase labels that are stated on both sides must agree (2H-TaS2 is not 1T-TaS2); a text that is
    no formula is the same only as itself, blanks, dashes and case aside.

    >>> same_material("(La0.925Sr0.075)2CuO4", "La1.85Sr0.15CuO4"), same_material("D3S", "H3S")
    (True, False)
    >>> same_material("hydrogen sulfide", "Hydrogen-sulfide"), same_material("2H-TaS2", "1T-TaS2")
    (True, False)
    """
    first, second = _read(a), _read(b)
    if first is None or second is None:
        return first is second and _plain(a) == _plain(b)
    if first.prefix and second.prefix and first.prefix != second.prefix:
        return False
    return normal_form(first) == normal_form(second)


def _read(text: str) -> Formula | None:
    name = formula_of_name(text)
    return parse_formula(name if name is not None else text)


def _plain(text: str) -> str:
    return "".join(c for c in text.casefold() if c.isalnum())


def _units(formula: Formula) -> dict[str, Amount]:
    """Amounts by element, open site, and fullerene molecule."""
    amounts = dict(formula.amounts)
    carbon = amounts.get("C")
    if carbon is not None and not carbon.variables and not amounts.keys() & {"H", "D"}:
        for size in _MOLECULES:
            if carbon.constant % size == 0:
                del amounts["C"]
                amounts[f"C{size}"] = Amount.number(carbon.constant / size)
                break
    merged: dict[str, Amount] = {}
    for symbol, amount in amounts.items():
        key = _mixed(symbol) if symbol.startswith("(") else symbol
        merged[key] = merged.get(key, Amount(())) + amount
    return merged


def _mixed(symbol: str) -> str:
    """A mixed site with what shares it in order."""
    return "(" + ",".join(sorted(symbol[1:-1].split(","), key=_order)) + ")"


def _order(symbol: str) -> tuple[bool, float, str]:
    """Open sites first, then elements from the most electropositive to the most negative."""
    element = elements().get("C" if symbol.startswith("C") and symbol[1:].isdigit() else symbol)
    if element is None:
        return False, 0.0, symbol
    value = element.electronegativity
    return True, _LAST if value is None else value, symbol


def _exact(amount: Amount) -> Coefficients:
    """The coefficients of an amount; rounded thirds and sixths are the fractions they stand for."""
    return {m: _unrounded(c) for m, c in amount.terms if c}


def _unrounded(value: Fraction) -> Fraction:
    whole = math.floor(value)
    rest = value - whole
    for third in _THIRDS:
        if 0 < abs(rest - third) < _THIRD_TOLERANCE and (rest * 100).denominator > 1:
            return whole + third
    return value


def _renamed(amounts: Mapping[str, Coefficients]) -> dict[str, Coefficients]:
    """The amounts with variables named in order of what they do, whatever they were called."""
    variables = sorted({v for terms in amounts.values() for m in terms for v in m})
    ranked = sorted(variables, key=lambda v: (*_role(v, amounts.values()), v))
    names = dict(zip(ranked, _NAMES, strict=False))
    return {
        symbol: {tuple(sorted(names.get(v, v) for v in m)): c for m, c in terms.items()}
        for symbol, terms in amounts.items()
    }


def _role(variable: str, amounts: Iterable[Coefficients]) -> tuple[tuple[Fraction, int, int], ...]:
    """In which of the amounts a variable stands, with which coefficient: the first comes first."""
    role = []
    for terms in amounts:
        own = [(c, len(m)) for m, c in terms.items() if variable in m]
        total = sum((c for c, _ in own), Fraction(0))
        role.append((-abs(total), -sum(size for _, size in own), -1 if total > 0 else 0))
    return tuple(role)


def _scale(values: list[Fraction]) -> Fraction:
    """What the amounts are to be multiplied by."""
    denominator = math.lcm(*(v.denominator for v in values))
    whole = [int(v * denominator) for v in values]
    common = math.gcd(*whole)
    whole = [v // common for v in whole]
    smallest = Fraction(denominator, common)
    if max(whole) <= _LARGEST_WHOLE:
        return smallest
    units = {math.gcd(a, b) for a in whole for b in whole}
    fitting = [
        (sum(v % unit == 0 for v in whole), unit)
        for unit in units
        if unit % _DECIMAL == 0 and max(whole) <= unit * _LARGEST_WHOLE and _terminates(whole, unit)
    ]
    if fitting:
        return smallest / max(fitting)[1]
    unit = 1
    while max(whole) > unit * _LARGEST_POSSIBLE:
        unit *= 10
    return smallest / unit


def _terminates(whole: list[int], unit: int) -> bool:
    """Whether all numbers over ``unit`` are decimals of few digits."""
    return all((v * 10**_MAX_DIGITS) % unit == 0 for v in whole)


def _printed(terms: Coefficients) -> str:
    """An amount in print, its constant first and the rest by name."""
    ordered = sorted(terms.items(), key=lambda item: (len(item[0]) > 0, item[0]))
    negative = [item for item in ordered if item[1] < 0]
    text = str(Amount(tuple([item for item in ordered if item[1] > 0] + negative)))
    return "" if text == "1" else text
