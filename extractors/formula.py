"""Chemical formulas as superconductivity papers print them, with variables and placeholders.

Reads ``La2-xSrxCuO4`` as well as the same formula with blanks between its parts, substitutes what
the text says about ``x`` or ``A``, and gives exact compositions. Names, doping words and the split
of longer strings live in ``materials``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cache, cached_property, lru_cache
from types import MappingProxyType

from scmine.extractors.amounts import Amount
from scmine.extractors.characters import uniform
from scmine.extractors.elements import elements, symbols
from scmine.extractors.formula_reader import (
    ONE,
    Group,
    Parts,
    Reader,
    Site,
    isotope_choice,
    printed,
    sites,
)
from scmine.extractors.spacegroups import lookup_space_group

_MAX_AMOUNT = 400
_MAX_COEFFICIENT = 20  # a larger one is a damaged glyph
_MAX_LENGTH = 300
_SUBSCRIPTS = str.maketrans("₀₁₂₃₄₅₆₇₈₉₊₋ₓ[]{}⟨⟩", "0123456789+-x()()()")
_SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
_REFERENCE = re.compile(r"(?<=\S)\s*\[\s?\d{1,3}(?:\s?[,-]\s?\d{1,3}){0,5}\s?\]\s*$")
_UNCERTAINTY = re.compile(r"(?<=\d)(\.\d{1,6})\s?\(\d{1,3}\)")
_PHASE = re.compile(r"\(?(\w[\w'/_\u0300-\u036f-]{0,9}?)\)?(?:\s*-\s*|\s+)(?=[A-Z(\[])")
_MIN_SPACE_GROUP = 4  # shorter symbols are formulas too: C2, Pm, I4
_ZERO_FOR_O = re.compile(
    r"(?<=[A-Z][a-z])0(?=\d(?!\d))|(?<=Cu\d)0(?=\d(?![\d.]))"
)  # `Cu04`, `Cu307`
# the same font: `Sr12xLaxCuO2` was printed `Sr1-xLaxCuO2`
_MINUS_AS_2 = re.compile(r"(?<=[A-Za-z])([12])2([xyz])(?=[A-Z][a-z]?\2)")
# the end of a bracket without an amount, whose begin was lost: `KxSr1-x)Fe2As2`
LOST_BRACKET = re.compile(r"(?<=[\w.])\s?\)(?=[A-Z])")
_OPEN_OXYGEN = re.compile(r"(?<=[a-z\d)])O([XYZ])$")  # `Ba2Cu3OY` in capitals, as databases print
_LOST_MINUS = re.compile(r"(?<=O)(\d|10)2([δd])$")  # a damaged font: `O72d` was printed `O7-δ`
_CAPITALS = re.compile(r"(?=.*[A-Z]{2})(?=.*\d)[A-Z\d.()]+")  # as in a title in capitals
_WORD = re.compile(r"\s(?:on|in|as|is|of|at|and|or|an|by|to|no|us|so|be|we|it|if|up|do)(?!\w)")
_ION = re.compile(r"[A-Z][a-z]?\d{0,2}[+-]")


@dataclass(frozen=True)  # without slots, so that amounts are worked out once
class Formula:
    """A formula that was read; ``prefix`` is its phase label (``β`` of β-YbAlB4), if printed, and
    ``isotopes`` are the labels of those named (``11B``).

    >>> lsco = parse_formula("La 2−x Sr x CuO 4")
    >>> str(lsco), sorted(lsco.variables), lsco.composition()
    ('La2-xSrxCuO4', ['x'], None)
    >>> str(lsco.substitute({"x": 0.15}))
    'La1.85Sr0.15CuO4'
    """

    parts: Parts
    prefix: str = ""
    isotopes: tuple[str, ...] = ()

    @cached_property
    def amounts(self) -> Mapping[str, Amount]:
        """How much of each element or placeholder, in order of print."""
        total: dict[str, Amount] = {}
        for site in sites(self.parts, ONE):
            total[site.symbol] = total.get(site.symbol, Amount(())) + site.amount
        return MappingProxyType(total)

    @cached_property
    def variables(self) -> frozenset[str]:
        """The number variables, such as ``x`` and ``δ``."""
        return frozenset(v for s in sites(self.parts, ONE) for v in s.amount.variables)

    @cached_property
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
        species: dict[str, Parts] = {}
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
        return printed(self.parts)


def canonical_variable(name: str) -> str:
    """``name`` without blanks and with every printed form of delta as ``δ``."""
    name = "".join(uniform(name).split())
    return "δ" if name in symbols("delta_spellings") else name


@lru_cache(maxsize=8192)  # a paper prints the same few formulas again and again
def parse_formula(text: str) -> Formula | None:
    """Read ``text`` as one formula; None if any of it does not belong to a possible one.

    A number of a reference behind it, uncertainties in brackets, a phase label (``2H-NbSe2``) and
    a space group (``Im-3m H3S``) are no part of the formula. D and T are not H; other isotopes are
    read as their element and listed in ``isotopes``. Ions are no formulas.

    >>> parse_formula("YBa2Cu3O7-δ").amounts["O"].coefficients
    {'δ': Fraction(-1, 1)}
    >>> parse_formula("Na0.3CoO2·1.3H2O").composition()["H"]
    2.6
    >>> parse_formula("superconductor") is None
    True
    """
    if len(text) > _MAX_LENGTH:
        return None
    text, isotopes = _without_isotopes(_UNCERTAINTY.sub(r"\1", _REFERENCE.sub("", uniform(text))))
    if re.search(r"\d\s+\d", text) or _WORD.search(text):
        return None  # a second number may be that of a reference; `NbN on` is no nobelium
    prefix, text = _split_phase(text.translate(_SUBSCRIPTS).strip())
    compact = "".join(text.split()).strip(".,;:'\"")
    if _ION.fullmatch(compact):
        return None
    compact = compact.strip("-.,;:'\"")
    compact = re.sub(r"(?<=\d):(?=\d)", ".", compact)  # a decimal point of a damaged font
    for delta in symbols("delta_spellings") - {"d"}:
        compact = compact.replace(delta, "δ")
    if compact.count(")") == compact.count("(") + 1:
        compact = LOST_BRACKET.sub("", compact, count=1)
    compact = _ZERO_FOR_O.sub("O", compact)
    compact = _LOST_MINUS.sub(r"\1-\2", compact)
    compact = _MINUS_AS_2.sub(r"\1-\2", compact)
    compact = _OPEN_OXYGEN.sub(lambda m: f"O{m[1].lower()}", compact)
    formula = _parse(compact) or _joined(text)
    if _CAPITALS.fullmatch(compact) and (formula is None or formula.placeholders):
        small = _with_small_letters(compact)
        formula = (_parse(small) if small else None) or formula
    if formula is None:
        return None
    return replace(formula, prefix=prefix, isotopes=(*isotopes, *formula.isotopes))


def _without_isotopes(text: str) -> tuple[str, tuple[str, ...]]:
    """``text`` with mass numbers that are set off left out, and the isotopes they told of."""
    text = re.sub(r"\^\{(\d{1,3})\}", r"^\1", text)
    text = re.sub(r"([⁰¹²³⁴-⁹]{1,3})(?=[A-Z])", lambda m: "^" + m[1].translate(_SUPERSCRIPTS), text)
    found: list[str] = []

    def bare(match: re.Match[str]) -> str:
        label = match[1] or match[2]
        found.append(label)
        return label.lstrip("0123456789")

    return _set_off_isotope().sub(bare, text), tuple(found)


@cache
def _set_off_isotope() -> re.Pattern[str]:
    return re.compile(rf"\(\^?({isotope_choice()})\)|(?:\^|(?<=[\s(\[]))({isotope_choice()})")


def _split_phase(text: str) -> tuple[str, str]:
    """A phase label or a space group, a blank or a dash, and the formula behind it."""
    match = _PHASE.match(text)
    if match is None:
        return "", text
    label, rest = match[1], text[match.end() :]
    dash = "-" in match[0][match.end(1) :]
    if label in symbols("prefixes" if dash else "phases"):
        return label, rest
    if len(label) >= _MIN_SPACE_GROUP and lookup_space_group(label):
        return label, rest
    return "", text


def _parse(compact: str) -> Formula | None:
    reader = Reader(compact)
    parts = reader.parts()
    if not parts or not reader.done:
        return None
    formula = Formula(parts, isotopes=tuple(reader.isotopes))
    return formula if _is_sane(formula) else None


def _joined(text: str) -> Formula | None:
    """A formula that a dash at a break of its line divides (``GdO- FeAs``)."""
    halves = re.split(r"(?<=[\w)])(?:\s-|-\s)(?=[A-Z(])", text)
    if len(halves) != 2:
        return None
    first, second = (_parse("".join(half.split())) for half in halves)
    if first is None or second is None or first.amounts.keys() & second.amounts.keys():
        return None
    kinds = {elements()[s].kind for s in second.amounts if s in elements()}
    if not kinds & {"nonmetal", "metalloid", "halogen"}:
        return None  # a layer of metal on something (`AlOx -Pb`)
    return _parse("".join("".join(halves).split()))


def _with_small_letters(compact: str) -> str | None:
    """A formula in capitals as formulas are written; None if it cannot be one of elements alone.

    >>> _with_small_letters("YBA2CU3O7"), _with_small_letters("AFE2AS2")
    ('YBa2Cu3O7', None)
    """
    written: dict[int, str] = {len(compact): ""}
    for i in range(len(compact) - 1, -1, -1):
        if not compact[i].isalpha():
            rest = written.get(i + 1)
            if rest is not None:
                written[i] = compact[i] + rest
            continue
        for size in (2, 1):
            symbol, rest = compact[i : i + size].capitalize(), written.get(i + size)
            if symbol in elements() and len(symbol) == size and rest is not None:
                written[i] = symbol + rest
                break
    return written.get(0)


def _is_sane(formula: Formula) -> bool:
    """Whether amounts are possible: none negative, none absurd, something there at all."""
    present = False
    for amount in formula.amounts.values():
        constant = amount.constant
        growing = any(c > 0 for m, c in amount.terms if m)  # Can-1 is possible, Ca-1 is not
        if (constant <= 0 and amount.terms and not growing) or constant > _MAX_AMOUNT:
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
    parts: Parts,
    numbers: Mapping[str, Amount],
    species: Mapping[str, Parts],
) -> Parts:
    out: list[Site | Group] = []
    for part in parts:
        amount = part.amount.substitute(numbers)
        if not amount.terms:
            continue  # nothing of it is left: La2-xSrxCuO4 at x = 0
        if isinstance(part, Group):
            inner = _substituted(part.parts, numbers, species)
            if len(inner) == 1 and isinstance(inner[0], Site) and inner[0].amount == ONE:
                out.append(Site(inner[0].symbol, amount))  # Ba(Fe1-xCox)2As2 at x = 0
            elif inner:
                out.append(replace(part, parts=inner, amount=amount))
        elif part.symbol not in species:
            out.append(Site(part.symbol, amount))
        else:
            new = species[part.symbol]
            single = len(new) == 1 and isinstance(new[0], Site) and new[0].amount == ONE
            out.append(replace(new[0], amount=amount) if single else Group(new, amount))
    return tuple(out)


def _species(value: str) -> Parts:
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
        reader = Reader(compact[1:] if negative else compact)
        amount = reader.amount()
        if amount is None or not reader.done:
            raise ValueError(f"{value!r} is no amount")
        return Amount(()) - amount if negative else amount
    return Amount.number(Fraction(str(value)))


@lru_cache(maxsize=8192)
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
    mixed = [s for s in formula.amounts if s.startswith("(")]
    if compact in symbols("not_formulas") or not known:
        return False
    has_digit = any(c.isdigit() for c in str(formula))
    if len(formula.amounts) == 1:
        if len(known[0]) == 1:
            return compact in symbols("single_letter_formulas")
        return not formula.variables
    if has_digit or formula.prefix:
        return compact[:1].isupper() or compact[:1] in "([" or bool(formula.prefix)
    if formula.placeholders and not formula.variables and not mixed:
        return len(known) > 1 and any(len(s) == 2 for s in known)
    return any(c.islower() for c in compact) or compact in symbols("all_caps_formulas")
