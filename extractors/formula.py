"""Chemical formulas as superconductivity papers print them, with variables and placeholders.

Reads ``La2-xSrxCuO4`` as well as the same formula with blanks between its parts, substitutes what
the text says about ``x`` or ``A``, and gives exact compositions. Names, doping words and the split
of longer strings live in ``materials``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cache

from scmine.extractors.amounts import Amount
from scmine.extractors.characters import uniform
from scmine.extractors.elements import elements, symbols
from scmine.extractors.lexicons import load_toml

_ONE = Amount.number(1)
_MAX_AMOUNT = 400
_MAX_COEFFICIENT = 20  # a larger one is a damaged glyph: `O72d` was printed `O7-δ`
_MAX_LENGTH = 300
_MAX_DEPTH = 8
_SUBSCRIPTS = str.maketrans("₀₁₂₃₄₅₆₇₈₉₊₋ₓ[]{}⟨⟩", "0123456789+-x()()()")
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


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula that was read; ``prefix`` is its phase label (``β`` of β-YbAlB4), if printed.

    >>> lsco = parse_formula("La 2−x Sr x CuO 4")
    >>> str(lsco), sorted(lsco.variables), lsco.composition()
    ('La2-xSrxCuO4', ['x'], None)
    >>> str(lsco.substitute({"x": 0.15}))
    'La1.85Sr0.15CuO4'
    """

    parts: tuple[Site | Group, ...]
    prefix: str = ""

    @property
    def amounts(self) -> dict[str, Amount]:
        """How much of each element or placeholder, in order of print."""
        total: dict[str, Amount] = {}
        for site in _sites(self.parts, _ONE):
            total[site.symbol] = total.get(site.symbol, Amount(())) + site.amount
        return total

    @property
    def variables(self) -> frozenset[str]:
        """The number variables, such as ``x`` and ``δ``."""
        return frozenset(v for s in _sites(self.parts, _ONE) for v in s.amount.variables)

    @property
    def placeholders(self) -> frozenset[str]:
        """Sites whose element is open: ``A``, ``Ln``, and mixed ones such as ``(Sr,Ca)``."""
        return frozenset(s for s in self.amounts if s not in elements())

    def composition(self) -> dict[str, float] | None:
        """Element to amount; None while a variable or a placeholder is open."""
        amounts = self.amounts
        if self.variables or self.placeholders:
            return None
        return {s: float(a.constant) for s, a in amounts.items() if a.constant > 0}

    def substitute(self, values: Mapping[str, str | float]) -> Formula:
        """The formula with variables and placeholders replaced.

        Parameters
        ----------
        values
            Variable to number (or to an expression such as ``"3n"``), placeholder to element.

        Raises
        ------
        ValueError
            If a value cannot be read or an amount would be negative.

        >>> str(parse_formula("AFe2As2").substitute({"A": "Ca"}))
        'CaFe2As2'
        """
        numbers: dict[str, Amount] = {}
        species: dict[str, tuple[Site | Group, ...]] = {}
        for name, value in values.items():
            variable = canonical_variable(name)
            if name in self.placeholders:
                species[name] = _species(str(value))
            elif variable in self.variables:
                numbers[variable] = _amount_of(value)
        parts = _substituted(self.parts, numbers, species)
        result = replace(self, parts=parts)
        if not _is_sane(result):
            raise ValueError(f"{self} with {dict(values)} is no possible formula")
        return result

    def __str__(self) -> str:
        return _printed(self.parts)


def canonical_variable(name: str) -> str:
    """``name`` without blanks and with every printed form of delta as ``δ``."""
    name = "".join(uniform(name).split())
    return "δ" if name in symbols("delta_spellings") else name


def parse_formula(text: str) -> Formula | None:
    """Read ``text`` as one formula; None if any of it does not belong to a possible one.

    >>> parse_formula("YBa2Cu3O7-δ").amounts["O"].coefficients
    {'δ': Fraction(-1, 1)}
    >>> parse_formula("Na0.3CoO2·1.3H2O").composition()["H"]
    2.6
    >>> parse_formula("superconductor") is None
    True
    """
    if len(text) > _MAX_LENGTH:
        return None
    compact = "".join(uniform(text.translate(_SUBSCRIPTS)).split()).strip(".,;:-'\"")
    compact = re.sub(r"(?<=\d):(?=\d)", ".", compact)  # a decimal point of a damaged font
    for delta in symbols("delta_spellings") - {"d"}:
        compact = compact.replace(delta, "δ")
    formula = _parse(compact)
    if formula is None:
        prefix, dash, rest = _split_prefix(compact)
        if dash and (found := _parse(rest)) is not None:
            formula = replace(found, prefix=prefix)
    return formula


def _split_prefix(compact: str) -> tuple[str, str, str]:
    """A phase label or a space group before a dash, the dash, and the rest."""
    match = re.match(r"([PIFRCAB][-0-9a-e/mnd]{1,9}[0-9a-e/mnd])-(?=[A-Z(])", compact)
    if match:
        return match[1], "-", compact[match.end() :]
    prefix, dash, rest = compact.partition("-")
    if dash and prefix in symbols("prefixes"):
        return prefix, dash, rest
    return "", "", compact


def _parse(compact: str) -> Formula | None:
    reader = _Reader(compact)
    parts = reader.parts(0)
    if not parts or reader.position != len(compact):
        return None
    formula = Formula(parts)
    return formula if _is_sane(formula) else None


class _Reader:
    """Reads a compact formula from left to right; every method moves on only by what it read."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.position = 0

    def parts(self, depth: int) -> tuple[Site | Group, ...]:
        """Sites and groups up to the first character that is neither."""
        found: list[Site | Group] = []
        while depth < _MAX_DEPTH and self.position < len(self.text):
            part = self._hydrate(depth) if self._at("·") else self._part(depth)
            if part is None:
                break
            found.append(part)
        return tuple(found)

    def _at(self, char: str) -> bool:
        return self.text.startswith(char, self.position)

    def _hydrate(self, depth: int) -> Group | None:
        start = self.position
        self.position += 1
        amount = self.amount() or _ONE
        parts = self.parts(depth + 1)
        if not parts:
            self.position = start
            return None
        return Group(parts, amount, dotted=True)

    def _part(self, depth: int) -> Site | Group | None:
        if self._at("("):
            return self._bracket(depth)
        symbol = _symbol_at(self.text, self.position)
        if symbol is None:
            return None
        isotope = _isotope_pattern().match(self.text, self.position)
        self.position += len(symbol)
        if isotope:
            self.position = isotope.end()
            return Site(symbol, _ONE)
        return Site(symbol, self.amount() or _ONE)

    def _bracket(self, depth: int) -> Site | Group | None:
        start = self.position
        ligand = _ligand_pattern().match(self.text, start)
        if ligand:
            self.position = ligand.end()
            return Site(ligand[0], self.amount() or _ONE)
        self.position += 1
        choices = [self.parts(depth + 1)]
        while choices[-1] and (self._at(",") or self._at("/")):
            self.position += 1
            choices.append(self.parts(depth + 1))
        if not all(choices) or not self._at(")"):
            self.position = start
            return None
        self.position += 1
        amount = self.amount() or _ONE
        flat = tuple(p for choice in choices for p in choice)
        if len(choices) == 1 or any(p.amount != _ONE for p in flat):
            return Group(flat, amount)
        return Site("(" + ",".join(_printed(c) for c in choices) + ")", amount)

    def amount(self) -> Amount | None:
        """A sum of terms such as ``2-x`` or ``1/3``; None if none begins here."""
        total = self._term()
        while total is not None and self.text[self.position : self.position + 1] in ("+", "-", "±"):
            operator, before = self.text[self.position], self.position
            self.position += 1
            term = self._term()
            if term is None or not (total.variables | term.variables):
                self.position = before  # `O4+2` lost its δ: nobody prints a sum of numbers
                break
            total = total - term if operator == "-" else total + term
        return total

    def _term(self) -> Amount | None:
        start = self.position
        number = self._number()
        factor = self._nested() or self._variable()
        if number is None and factor is None:
            return None
        value = (number or _ONE) * (factor or _ONE)
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
        if char not in symbols("variables"):
            return None
        self.position += 1
        while self.text[self.position : self.position + 1] == "'":
            char += "'"
            self.position += 1
        return Amount.variable("δ" if char == "d" else char)

    def _nested(self) -> Amount | None:
        """A bracket that holds an amount, as in ``2(1-x)``."""
        match = re.match(r"\([^()A-Z]{1,20}\)", self.text[self.position :])
        if match is None:
            return None
        inner = _Reader(match[0][1:-1])
        value = inner.amount()
        if value is None or inner.position != len(inner.text):
            return None
        self.position += match.end()
        return value


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


@cache
def _isotope_pattern() -> re.Pattern[str]:
    """An element, and a mass number that belongs to the element after it (``Mg11B2``)."""
    labels = (re.fullmatch(r"([A-Z][a-z]?)(\d+)(\w+)", s) for s in sorted(symbols("isotopes")))
    return re.compile("|".join(rf"{m[1]}{m[2]}(?={m[3]}(?![a-z]))" for m in labels if m))


def _symbol_at(text: str, position: int) -> str | None:
    match = _symbol_at_pattern().match(text, position)
    return match[0] if match else None


@cache
def _ligands() -> dict[str, tuple[Site | Group, ...]]:
    """Abbreviated molecules of the data file, read as formulas."""
    table = load_toml("formula_symbols.toml")["ligands"]
    return {name: _Reader(formula).parts(0) for name, formula in table.items()}


@cache
def _ligand_pattern() -> re.Pattern[str]:
    names = "|".join(re.escape(n) for n in _ligands())
    return re.compile(rf"\((?:{names})\)")


def _sites(parts: tuple[Site | Group, ...], factor: Amount) -> Iterator[Site]:
    """The sites of all brackets with their total amounts."""
    for part in parts:
        if isinstance(part, Site) and part.symbol[1:-1] in _ligands():
            yield from _sites(_ligands()[part.symbol[1:-1]], part.amount * factor)
        elif isinstance(part, Site):
            yield Site(part.symbol, part.amount * factor)
        else:
            yield from _sites(part.parts, part.amount * factor)


def _is_sane(formula: Formula) -> bool:
    """Whether amounts are possible: none negative, none absurd, something there at all."""
    present = False
    for amount in formula.amounts.values():
        constant = amount.constant
        growing = any(c > 0 for m, c in amount.terms if m)  # Can-1 is possible, Ca-1 is not
        if (constant < 0 and not growing) or constant > _MAX_AMOUNT:
            return False
        if any(abs(c) > _MAX_COEFFICIENT for m, c in amount.terms if m):
            return False
        present = present or bool(amount.terms)
    amounts = formula.amounts
    if len(amounts) == 1 and not formula.variables:
        ((symbol, amount),) = amounts.items()
        return present and (symbol == "C" or amount.constant <= 12)
    return present


def _substituted(
    parts: tuple[Site | Group, ...],
    numbers: Mapping[str, Amount],
    species: Mapping[str, tuple[Site | Group, ...]],
) -> tuple[Site | Group, ...]:
    out: list[Site | Group] = []
    for part in parts:
        amount = part.amount.substitute(numbers)
        if not amount.terms:
            continue  # nothing of it is left: La2-xSrxCuO4 at x = 0
        if isinstance(part, Group):
            inner = _substituted(part.parts, numbers, species)
            if inner:
                out.append(replace(part, parts=inner, amount=amount))
        elif part.symbol not in species:
            out.append(Site(part.symbol, amount))
        else:
            new = species[part.symbol]
            single = len(new) == 1 and isinstance(new[0], Site) and new[0].amount == _ONE
            out.append(replace(new[0], amount=amount) if single else Group(new, amount))
    return tuple(out)


def _species(value: str) -> tuple[Site | Group, ...]:
    """What stands on a placeholder's site: an element or a formula of elements."""
    formula = parse_formula(value)
    if formula is None or formula.placeholders:
        raise ValueError(f"{value!r} names no element")
    return formula.parts


def _amount_of(value: str | float) -> Amount:
    """The amount that ``value`` states: a number, ``1/8``, or an expression such as ``3n``."""
    if isinstance(value, str):
        compact = "".join(uniform(value).split())
        negative = compact.startswith("-")
        reader = _Reader(compact[1:] if negative else compact)
        amount = reader.amount()
        if amount is None or reader.position != len(reader.text):
            raise ValueError(f"{value!r} is no amount")
        return Amount(()) - amount if negative else amount
    return Amount.number(Fraction(str(value)))


def _printed(parts: tuple[Site | Group, ...]) -> str:
    text = ""
    for part in parts:
        amount = "" if part.amount == _ONE else str(part.amount)
        if isinstance(part, Site):
            text += part.symbol + amount
        elif part.dotted:
            text += f"·{amount}{_printed(part.parts)}"
        elif part.amount == _ONE:
            text += _printed(part.parts)
        else:
            text += f"({_printed(part.parts)}){amount}"
    return text


def looks_like_formula(text: str, strict: bool = True) -> bool:
    """Whether ``text``, taken from running text, is a formula and no word or acronym.

    With ``strict`` a lone element symbol that is also a word (``In``, ``As``), capitals without
    digits (``SC``, ``ESR``) and figure labels (``B1``) are refused; without it, whatever parses
    counts.

    >>> looks_like_formula("MgB2"), looks_like_formula("In"), looks_like_formula("SC")
    (True, False, False)
    """
    formula = parse_formula(text)
    if formula is None:
        return False
    if not strict:
        return True
    compact = "".join(text.split()).strip(".,;:")
    known = [s for s in formula.amounts if s in elements()]
    if compact in symbols("not_formulas") or not known:
        return False
    has_digit = any(c.isdigit() for c in str(formula))
    if len(formula.amounts) == 1:
        if len(known[0]) == 1:
            return compact in symbols("single_letter_formulas")
        return not formula.variables
    if has_digit or formula.prefix:
        return compact[:1].isupper() or compact[:1] in "([" or bool(formula.prefix)
    if formula.placeholders and not formula.variables:
        return len(known) > 1 and any(len(s) == 2 for s in known)
    return any(c.islower() for c in compact) or compact in symbols("all_caps_formulas")
