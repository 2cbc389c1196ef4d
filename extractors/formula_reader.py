"""Reads a formula from left to right into sites and groups, and prints them again.

Takes text that ``formula`` has made compact: no blanks, one kind of bracket and dash. What a whole
formula can do lives there; how amounts add up in ``amounts``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from string import ascii_letters

from scmine.extractors.amounts import Amount
from scmine.extractors.elements import elements, symbols
from scmine.extractors.lexicons import load_toml

ONE = Amount.number(1)
_MAX_DEPTH = 8
_NUMBER = re.compile(r"\d{1,3}(?:\.\d{1,6})?|\.\d{1,6}")
_LEADING_ZERO = re.compile(r"0\d")


@dataclass(frozen=True, slots=True)
class Site:
    """An element, a placeholder (``A``) or a mixed site (``(Sr,Ca)``), and how much of it."""

    symbol: str
    amount: Amount


@dataclass(frozen=True, slots=True)
class Group:
    """Parts in brackets, or after the dot of a hydrate when ``dotted``."""

    parts: tuple[Site | Group, ...]
    amount: Amount
    dotted: bool = False


Parts = tuple[Site | Group, ...]


def sites(parts: Parts, factor: Amount = ONE) -> Iterator[Site]:
    """The sites of all brackets and abbreviated molecules with their total amounts."""
    for part in parts:
        if isinstance(part, Group):
            yield from sites(part.parts, part.amount * factor)
        elif part.symbol.strip("()") in _molecules():
            yield from sites(_molecules()[part.symbol.strip("()")], part.amount * factor)
        else:
            yield Site(part.symbol, part.amount * factor)


def printed(parts: Parts) -> str:
    """The parts in one line, as ``parse_formula`` reads them again."""
    text = ""
    for part in parts:
        amount = "" if part.amount == ONE else str(part.amount)
        if isinstance(part, Site):
            text += part.symbol + amount
        elif part.dotted:
            text += f"·{amount}{printed(part.parts)}"
        elif part.amount == ONE:
            text += printed(part.parts)
        else:
            text += f"({printed(part.parts)}){amount}"
    return text


class Reader:
    """Reads a compact formula; every method moves on only by what it read."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.position = 0
        self.isotopes: list[str] = []

    @property
    def done(self) -> bool:
        """Whether all of the text is read."""
        return self.position == len(self.text)

    def parts(self, depth: int = 0) -> Parts:
        """Sites and groups up to the first character that is neither."""
        found: list[Site | Group] = []
        bare = False
        while depth < _MAX_DEPTH and self.position < len(self.text):
            bracket = self._at("(")
            part = self._hydrate(depth) if self._at("·") else self._part(depth)
            if part is None:
                break
            beside = found[-1] if found and bracket and bare else None
            mixed = _mixed(beside, part) if beside else None
            found[-1:] = [mixed] if mixed else [*found[-1:], part]
            bare = not bracket
        return tuple(found)

    def _at(self, char: str) -> bool:
        return self.text.startswith(char, self.position)

    def _hydrate(self, depth: int) -> Group | None:
        start = self.position
        self.position += 1
        amount = self.amount() or ONE
        parts = self.parts(depth + 1)
        if not parts:
            self.position = start
            return None
        return Group(parts, amount, dotted=True)

    def _part(self, depth: int) -> Site | Group | None:
        molecule = _molecule_pattern().match(self.text, self.position)
        if molecule:
            self.position = molecule.end()
            return Site(molecule[0], self.amount() or ONE)
        if self._at("("):
            return self._bracket(depth)
        symbol = _symbol_at(self.text, self.position)
        if symbol is None:
            return None
        self.position += len(symbol)
        isotope = isotope_after(self.text, self.position, symbol)
        if isotope:
            amount, label = isotope
            self.position += len(amount) + len(label.rstrip(ascii_letters))
            self.isotopes.append(label)
            return Site(symbol, Amount.number(amount) if amount else ONE)
        return Site(symbol, self.amount() or ONE)

    def _bracket(self, depth: int) -> Site | Group | None:
        start = self.position
        self.position += 1
        choices = [self.parts(depth + 1)]
        while choices[-1] and (self._at(",") or self._at("/")):
            self.position += 1
            choices.append(self.parts(depth + 1))
        if not all(choices) or not self._at(")"):
            self.position = start
            return None
        self.position += 1
        amount = self.amount() or ONE
        flat = tuple(p for choice in choices for p in choice)
        if len(flat) == 1 and isinstance(flat[0], Site) and flat[0].amount == ONE:
            return Site(flat[0].symbol, amount)
        if len(choices) == 1 or any(p.amount != ONE for p in flat):
            return Group(flat, amount)
        return Site("(" + ",".join(printed(c) for c in choices) + ")", amount)

    def amount(self) -> Amount | None:
        """A sum of terms such as ``2-x`` or ``1/3``; None if none begins here."""
        total = self._term()
        while total is not None and self.text[self.position : self.position + 1] in ("+", "-", "±"):
            operator, before = self.text[self.position], self.position
            self.position += 1
            term = self._term()
            if term is None and operator == "+" and self._ends_here():
                return total + Amount.variable("δ")  # `O2+Cl1.2`: the font lost its δ
            if term is None or not (total.variables | term.variables):
                self.position = before  # `O4+2` lost its δ: nobody prints a sum of numbers
                break
            total = total - term if operator == "-" else total + term
        return total

    def _ends_here(self) -> bool:
        """Whether an amount cannot go on: another part of a formula begins."""
        return self.text[self.position : self.position + 1].isupper()

    def _term(self) -> Amount | None:
        start = self.position
        number = self._number()
        factor = self._nested() or self._variable()
        if number is None and factor is None:
            return None
        value = (number or ONE) * (factor or ONE)
        if self._at("/"):
            self.position += 1
            divisor = self._number()
            if divisor is None or not divisor.constant:
                self.position = start
                return None
            value = value * Amount.number(1 / divisor.constant)
        return value

    def _number(self) -> Amount | None:
        match = _NUMBER.match(self.text, self.position)
        if match is None or _LEADING_ZERO.match(match[0]):
            return None
        self.position = match.end()
        return Amount.number(match[0])

    def _variable(self) -> Amount | None:
        char = self.text[self.position : self.position + 1]
        if char not in symbols("variables") or _molecule_pattern().match(self.text, self.position):
            return None
        self.position += 1
        while self.text[self.position : self.position + 1] == "'":
            char += "'"
            self.position += 1
        return Amount.variable("δ" if char == "d" else char)

    def _nested(self) -> Amount | None:
        """A bracket that holds an amount with a variable or a fraction, as in ``2(1-x)``.

        A bracket with a bare number is an uncertainty or the number of a reference.
        """
        match = re.match(r"\([^()A-Z]{1,20}\)", self.text[self.position : self.position + 24])
        if match is None:
            return None
        inner = Reader(match[0][1:-1])
        value = inner.amount()
        if value is None or not inner.done or not (value.variables or "/" in match[0]):
            return None
        self.position += match.end()
        return value


def _mixed(before: Site | Group, part: Site | Group) -> Site | None:
    """``La(Al)H10``: an element and one in brackets beside it that share a site; None if not.

    A bracket with a number (``Sr(Fe)2``) is no such thing.
    """
    if isinstance(before, Group) or isinstance(part, Group):
        return None
    if not {before.symbol, part.symbol} <= elements().keys():
        return None
    if before.amount != ONE or not (part.amount == ONE or part.amount.variables):
        return None
    return Site(f"({before.symbol},{part.symbol})", part.amount)


@cache
def _symbol_at_pattern() -> re.Pattern[str]:
    """Two-letter elements, two-letter placeholders, then single letters."""
    known, open_sites = set(elements()), set(symbols("placeholders"))
    ordered = [
        *sorted(s for s in known if len(s) == 2),
        *sorted(s for s in open_sites if len(s) == 2),
        *sorted(s for s in known | open_sites if len(s) == 1),
    ]
    return re.compile("|".join(ordered))


def _symbol_at(text: str, position: int) -> str | None:
    match = _symbol_at_pattern().match(text, position)
    return match[0] if match else None


@cache
def isotope_choice() -> str:
    """A pattern of the isotope labels in use, such as ``11B``, without a group."""
    labels = "|".join(sorted(symbols("isotopes"), key=lambda label: (-len(label), label)))
    return f"(?:{labels})(?![a-z])"


@cache
def _glued_isotope() -> re.Pattern[str]:
    return re.compile(rf"(\d?)({isotope_choice()})")


def isotope_after(text: str, position: int, symbol: str) -> tuple[str, str] | None:
    """An amount and an isotope that lost its superscript: ``11B`` of ``Mg11B2``, ``18O``.

    Only where the number as a whole would be absurd, or in a compound of the data file.
    """
    match = _glued_isotope().match(text, position)
    if match is None:
        return None
    glued = not match[1] and symbol + match[2] in symbols("glued_isotopes")
    mass = match[2].rstrip(ascii_letters)
    return (match[1], match[2]) if glued or (match[1] and len(mass) == 2) else None


@cache
def _molecules() -> dict[str, Parts]:
    """Abbreviated molecules of the data file, read as formulas."""
    table = load_toml("formula_symbols.toml")
    return {name: Reader(formula).parts() for name, formula in _molecule_formulas(table)}


def _molecule_formulas(table: dict[str, dict[str, str]]) -> Iterator[tuple[str, str]]:
    yield from table["ligands"].items()
    yield from table["molecules"].items()


@cache
def _molecule_pattern() -> re.Pattern[str]:
    """An abbreviation in brackets, or the name of a molecule."""
    table = load_toml("formula_symbols.toml")
    short = "|".join(re.escape(n) for n in table["ligands"])
    names = "|".join(sorted(table["molecules"], key=len, reverse=True))
    return re.compile(rf"\((?:{short})\)|\(?(?:{names})\)?(?![a-z])")
