"""Items: numbers with the unit printed after them, and the chains that lists and ranges make.

Finds where a number of one kind begins and ends, and what stands between it and the next. What
the chains mean is read in ``quantities``, how a number alone is printed in ``printed_number``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from typing import Literal

from scmine.extractors.characters import uniform
from scmine.extractors.lexicons import load_toml
from scmine.extractors.printed_number import LIMITS, NUMBER, Number, read_limits, read_number

Separator = Literal["", "list", "range", "change"]


@dataclass(frozen=True, slots=True)
class Item:
    """One number of a chain, with the offsets it covers and the unit printed after it, if any.

    ``separator`` is what stands between the item before and this one: a change is a range whose
    ends are states before and after (``40 → 35 K``). ``ambient`` marks words that state ambient
    pressure, ``bracketed`` a number in brackets behind that may be an uncertainty or a second
    value.
    """

    start: int
    end: int
    number: Number
    sign: str
    unit: str | None
    separator: Separator
    ambient: bool = False
    bracketed: bool = False


@dataclass(frozen=True, slots=True)
class Units:
    """A kind's units and compiled pattern of one item.

    ``factors`` are those to the canonical unit, ``odd`` the units that are not converted,
    ``lowest`` the lowest value there is; ``unit_at_end`` finds a unit that ends a string.
    """

    name: str
    factors: dict[str, float]
    odd: frozenset[str]
    lowest: float | None
    item: re.Pattern[str]
    unit_at_end: re.Pattern[str] | None

    def respell(self, unit: str) -> str:
        """``unit`` as its spelling in the data file, whose blanks may be missing in print."""
        if unit in self.factors or unit in self.odd:
            return unit
        plain = unit.replace(" ", "")
        return next((s for s in self.factors if s.replace(" ", "") == plain), unit)

    def factor(self, unit: str | None) -> float | None:
        """The factor of ``unit`` to the canonical unit; None if it is missing or odd."""
        return 1.0 if self.name == "number" else self.factors.get(self.respell(unit or ""))


_SIGN = r"(?P<sign>[~≈≃≅≲≳<>≤≥⩽⩾≦≧≪≫=](?:\s*[~<>=])?)"
# `20 K < Tc < 30 K` is a range; `26 K to about 43 K` as well
_BETWEEN = r"[<≤⩽≦≲]\s*(?:T\s?c|[TPpHB])\s*[<≤⩽≦≲]"
_TO = r"\b(?:down |up )?to\b(?:\s+(?:about|around|approximately|nearly|almost|over|as high as))?"
_NEXT = r"(?=[\d.~<>≈≃≤≥(])"
_RANGE = re.compile(rf"\s*(?:-{{1,3}}|~|\.\.\.?|…|÷|{_BETWEEN}|{_TO}|\bthrough\b)\s*{_NEXT}")
_CHANGE = re.compile(rf"\s*(?:→|⇒|-+>)\s*{_NEXT}")
_LIST = re.compile(r"\s*(?:[,;]\s*(?:and|or)?\b|,|;|/|&|\band\b|\bor\b)\s*(?=[\d.~<>≈≃≤≥(=])")
# `K/GPa`, `K GPa-1`, `K per GPa`, `mJ/mol K2`: the unit goes on
_PER = (
    r"(?!\s?per\b|\s?[·.]?\s?(?:[GM]Pa|kbar|bar|min|hr?|s|k?Oe|T|cm|mol|Å|at\.?\s?%)"
    r"\s?\^?\s?\{?\s?(?:-\s?1|⁻¹)\b)"
)
_POWER = r"(?!\s?[-^]\s?\{?-?[12]\}?(?![\d.]|\s?(?:[mkGM]?(?:K|Pa|bar|Oe|T)|meV|THz|cm)\b))"
_AFTER_UNIT = rf"(?![\w/^*′'°]){_POWER}{_PER}"
# `Ba 0.6 K 0.4 Fe 2 As 2`: potassium with its subscript, not kelvin
_NOT_ELEMENT = (
    r"(?!\s?(?:\d+(?:\.\d+)?|[xyz]\b)\s?[)\]]?\s?(?:[A-Z][a-z](?![a-z])|[BCFHINOPSVWYU](?![a-z])))"
)
_NOT_TC = r"(?!\s?[cN]\b|\s?_)"
_BEFORE_NUMBER = r"(?:(?<=\.\.)|(?<![\w.^]))"


@cache
def ambient_words() -> tuple[str, str, str]:
    """Patterns of phrases that state ambient pressure: in running text, as a symbol, alone."""
    data = load_toml("quantity_words.toml")["ambient_pressure"]
    phrases = "|".join(re.escape(p).replace(r"\ ", r"[\s-]+") for p in data["phrases"])
    symbols = "|".join(data["symbols"])
    whole = "|".join(re.escape(p) for p in data["whole"])
    return rf"(?i:(?<![\w-])(?:{phrases})(?!\w))", symbols, rf"(?i:\s*(?:at\s+)?(?:{whole})\s*)"


@cache
def units_of(kind: str) -> Units:
    """The compiled units of ``kind``; raises KeyError for a kind that does not exist."""
    data = load_toml("units.toml")[kind]
    factors = {uniform(s): u["factor"] for u in data["units"] for s in u["spellings"]}
    odd = frozenset(uniform(s) for s in data["odd"])
    unit, at_end, spaced, limits = "(?P<unit>(?!))", None, "(?P<spaced>(?!))", "(?P<limits>(?!))"
    if factors:
        spellings = sorted((*factors, *odd), key=len, reverse=True)
        choice = "|".join(re.escape(s).replace(r"\ ", r"\s?") for s in spellings)
        not_element = _NOT_ELEMENT if kind in ("temperature", "frequency") else ""
        not_tc = _NOT_TC if kind == "field" else ""
        after = f"{_AFTER_UNIT}{not_element}{not_tc}"
        unit = rf"(?P<unit>{choice}){after}"
        spaced = rf"(?P<spaced>\s\(\d{{1,3}}(?:\.\d{{1,3}})?\))(?=\s?(?:{choice}){after})"
        limits = rf"\s?(?P<limits>{LIMITS})\s?(?P<limits_unit>{choice}){after}\s?\)?"
        at_end = re.compile(rf"(?<![\w])(?:{choice})\s*[).,;]*\s*$")
    number = rf"(?P<number>{_BEFORE_NUMBER}{NUMBER})"
    item = (
        rf"(?:{_SIGN}\s*)?(?:(?P<open>\()\s*)?{number}(?:{spaced})?(?P<close>\s*\))?"
        rf"(?:\s?-?\s?{unit}(?:{limits})?)?"
    )
    if kind == "pressure":
        item = rf"(?P<ambient>{ambient_words()[0]}|{ambient_words()[1]})|{item}"
    return Units(kind, factors, odd, data.get("lowest"), re.compile(item), at_end)


def chains(text: str, units: Units) -> Iterator[list[Item]]:
    """Runs of numbers in ``text`` (already uniform) that only list or range separators divide."""
    position, chain = 0, list[Item]()
    separator: Separator = ""
    while True:
        match = units.item.match(text, position) if chain else _first(text, position, units)
        if match is None:
            if not chain:
                return
            yield chain
            position, chain, separator = chain[-1].end, [], ""
            continue
        item = _item(match, separator, units)
        chain.append(item)
        position = item.end
        gap, separator = _gap(text, position, units)
        if gap is None:
            yield chain
            chain, separator = [], ""
        else:
            position = gap.end()


def _gap(text: str, position: int, units: Units) -> tuple[re.Match[str] | None, Separator]:
    """What stands at ``position`` between two items, if another one follows."""
    for pattern, kind in _separators(units.name):
        gap = pattern.match(text, position)
        if gap is not None:
            return gap, kind
    return None, ""


@cache
def _separators(kind: str) -> tuple[tuple[re.Pattern[str], Separator], ...]:
    """The separators of a kind; before words of ambient pressure they need no digit to follow."""
    found: list[tuple[re.Pattern[str], Separator]] = [
        (_CHANGE, "change"),
        (_RANGE, "range"),
        (_LIST, "list"),
    ]
    if kind == "pressure":
        words = ambient_words()[0]
        found.append((re.compile(rf"\s*(?:,|,?\s*\b(?:and|or)\b)\s*(?={words})"), "list"))
        found.append((re.compile(rf"\s*\b(?:down )?to\b\s*(?={words})"), "range"))
    return tuple(found)


def _first(text: str, position: int, units: Units) -> re.Match[str] | None:
    """The next number that is no part of a name or an exponent (``Bi-2212``, ``K-1``)."""
    for match in units.item.finditer(text, position):
        if match.groupdict().get("ambient"):
            return match
        start = match.start("number")
        hyphenated = re.match(r"[^\W\d_]-", text[max(0, start - 2) : start])
        glued = match["number"].startswith("-") and text[:start][-1:].isalpha()
        if match["sign"] or not (hyphenated or glued):
            return match
    return None


def _item(match: re.Match[str], separator: Separator, units: Units) -> Item:
    if match.groupdict().get("ambient"):
        words = match[0].strip()
        return Item(match.start(), match.end(), Number(0.0), "", words, separator, ambient=True)
    unit = match["unit"]
    end = match.end()
    if match["close"] and not match["open"] and unit is None:
        end = match.start("close")  # the bracket closes something that was opened earlier
    start, sign = match.start(), (match["sign"] or "").replace(" ", "")
    if match["open"] and not match["close"]:
        start, sign = match.start("number"), ""  # the bracket holds more than the number
    number, bracketed = _number(match, units)
    return Item(start, end, number, sign, unit, separator, bracketed=bracketed)


def _number(match: re.Match[str], units: Units) -> tuple[Number, bool]:
    """The number of an item with the uncertainty behind it, and whether a bracket stays unread."""
    printed = match["number"]
    spaced = match["spaced"]
    if spaced:
        # `38.5 (12) K` counts in the last digit; `0.38 (0.16) K` may as well be two values
        if "." in spaced or "(" in printed or "±" in printed:
            return read_number(printed), True
        return read_number(printed + spaced.strip()), False
    number = read_number(printed)
    if match.groupdict().get("limits") and number.uncertainty is None:
        own, other = units.factor(match["unit"]), units.factor(match["limits_unit"])
        if own and other:
            number = replace(number, uncertainty=read_limits(match["limits"]) * other / own)
    return number, False
