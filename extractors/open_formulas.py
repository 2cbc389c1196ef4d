"""Open formulas: which formula of a paper the value of a variable belongs to.

Keeps where each formula stands. A value goes to the formula it stands beside, else to the one that
the title or the paper as a whole is about; where several are possible, to none.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import lru_cache
from typing import NamedTuple

from scmine.extractors.amounts import Amount, format_number
from scmine.extractors.document import Passage, PassageKind
from scmine.extractors.elements import elements
from scmine.extractors.formula import Formula, canonical_variable, parse_formula

BY_FAR = 3
"""A formula is what a paper is about if it stands this many times as often as the next."""

LARGEST_ADDITION = Fraction(2)
"""``O6+y`` takes no y of 6.95: what is added to a number is smaller than this."""

_SUBSCRIPTED = re.compile(r"([xyz])(?:i\d?|n|opt|c|[A-Z][a-z]?)")
_OWNED = re.compile(r"[)\]]?\s*(?:samples?|crystals?|films?)?\s*(?:of|in|for)\s+(?:the\s+)?$")
_SINGLE = re.compile(r"[~≈≃=\s]*(\d*\.?\d+)(?:\s?/\s?(\d+))?(?:\s?\(\d+\))?\s?(%?)\s*")


class Place(NamedTuple):
    """Characters ``start`` to ``end`` of the passage with this index."""

    passage: int
    start: int
    end: int


class Printed(NamedTuple):
    """A formula (as a canonical string) that is printed or named at a place."""

    place: Place
    formula: str


@lru_cache(maxsize=4096)
def read(formula: str) -> Formula | None:
    """``parse_formula``, remembered."""
    return parse_formula(formula)


def number(text: str) -> Fraction | None:
    """A single value as a number: ``0.15``, ``1/8``, ``7.5 %``; None for lists and ranges.

    >>> number("7.5 %"), number("1/8"), number("0.1-0.2") is None
    (Fraction(3, 40), Fraction(1, 8), True)
    """
    match = _SINGLE.fullmatch(text)
    if match is None or match[2] == "0":
        return None
    return Fraction(match[1]) / int(match[2] or 1) / (100 if match[3] else 1)


@dataclass(slots=True)
class OpenFormulas:
    """The formulas of a paper in order of print, open and closed ones."""

    passages: Sequence[Passage] = ()
    printed: list[Printed] = field(default_factory=list)
    closed: set[str] = field(default_factory=set)

    def add(self, place: Place, formula: Formula) -> None:
        """Note that ``formula`` is printed or named at ``place``."""
        self.printed.append(Printed(place, str(formula)))

    def add_closed(self, formula: Formula) -> None:
        """Note that the paper speaks of the compound ``formula`` at stated values."""
        if not formula.placeholders:
            self.closed.add(_signature(formula, ()))

    def candidates(self, values: Mapping[str, str]) -> dict[str, list[Printed]]:
        """Where formulas stand that leave ``values`` open, by what they are at these values.

        Spellings of one composition are one candidate, as are O4 and O4-δ.
        """
        found: dict[str, list[Printed]] = {}
        for printed in self.printed:
            formula = read(printed.formula)
            if formula is not None and fits(formula, values):
                found.setdefault(_signature(formula, set(values)), []).append(printed)
        return found

    def choose(self, values: Mapping[str, str], place: Place | None) -> tuple[str | None, int]:
        """The formula that ``values`` (variable or open site to text) belong to at ``place``.

        Returns
        -------
        tuple
            The formula or None, and the number of formulas that were possible.
        """
        found = self.candidates(values)
        if not found:
            return None, 0
        if len(found) == 1:
            [group] = found.values()
            return _nearest(group, place), 1
        picks = (self._beside, self._in_title, self._in_passage, self._in_section)
        for pick in picks:
            chosen = pick(found, place)
            if chosen is not None:
                return _nearest(found[chosen], place), len(found)
        ranked = Counter({key: len(group) for key, group in found.items()}).most_common(2)
        if ranked[0][1] >= BY_FAR * ranked[1][1]:
            return _nearest(found[ranked[0][0]], place), len(found)
        listed = [key for key, group in found.items() if self._is_listed(group[0], values)]
        return (_nearest(found[listed[0]], place) if len(listed) == 1 else None), len(found)

    def _is_listed(self, printed: Printed, values: Mapping[str, str]) -> bool:
        """Whether the paper elsewhere speaks of this formula at these very values."""
        numbers = {name: number(text) for name, text in values.items()}
        formula = read(printed.formula)
        if formula is None or None in numbers.values():
            return False
        at = {name: format_number(value) for name, value in numbers.items() if value is not None}
        return _signature(formula.substitute(at), ()) in self.closed

    def _beside(self, found: Mapping[str, list[Printed]], place: Place | None) -> str | None:
        """ "x = 0.1 in FORMULA"; else the last before in the sentence; else the only one after."""
        if place is None:
            return None
        passage = self.passages[place.passage]
        low, high = passage.sentence_at(place.start)
        inside = [
            (p.place.start, key)
            for key, group in found.items()
            for p in group
            if p.place.passage == place.passage and low <= p.place.start < high
        ]
        after = sorted(i for i in inside if i[0] >= place.end)
        if after and _OWNED.fullmatch(passage.text[place.end : after[0][0]]):
            return after[0][1]
        before = [i for i in inside if i[0] < place.start]
        if before:
            return max(before)[1]
        return after[0][1] if len({key for _, key in after}) == 1 else None

    def _in_title(self, found: Mapping[str, list[Printed]], place: Place | None) -> str | None:
        kinds = [p.kind for p in self.passages]
        titled = [
            key
            for key, group in found.items()
            if any(kinds[p.place.passage] is PassageKind.TITLE for p in group)
        ]
        return titled[0] if len(titled) == 1 else None

    def _in_passage(self, found: Mapping[str, list[Printed]], place: Place | None) -> str | None:
        """The last one before in the passage."""
        if place is None:
            return None
        before = [
            (p.place.start, key)
            for key, group in found.items()
            for p in group
            if p.place.passage == place.passage and p.place.start < place.start
        ]
        return max(before)[1] if before else None

    def _in_section(self, found: Mapping[str, list[Printed]], place: Place | None) -> str | None:
        """The only one of the section so far."""
        if place is None or not self.passages[place.passage].section:
            return None
        section = self.passages[place.passage].section
        keys = {
            key
            for key, group in found.items()
            for p in group
            if p.place.passage <= place.passage
            and self.passages[p.place.passage].section == section
        }
        return keys.pop() if len(keys) == 1 else None

    def last_before(self, place: Place) -> str | None:
        """The last formula printed before ``place`` in its passage."""
        inside = [p for p in self.printed if p.place.passage == place.passage]
        inside.sort(key=lambda p: p.place.start)
        index = bisect_right([p.place.end for p in inside], place.start)
        return inside[index - 1].formula if index else None


def _nearest(group: Sequence[Printed], place: Place | None) -> str:
    """Of the spellings of one formula, the last before ``place``; without a place the commonest."""
    if place is not None:
        before = [p for p in group if p.place[:2] < place[:2]]
        if before and before[-1].place.passage == place.passage:
            return max(before, key=lambda p: p.place[:2]).formula
    return Counter(p.formula for p in group).most_common(1)[0][0]


def fits(formula: Formula, values: Mapping[str, str]) -> bool:
    """Whether ``formula`` leaves all of ``values`` open and is possible at them.

    >>> ybco, other = parse_formula("YBa2Cu3Oy"), parse_formula("YBa2Cu3O6+y")
    >>> fits(ybco, {"y": "6.95"}), fits(other, {"y": "6.95"}), fits(ybco, {"x": "0.1"})
    (True, False, False)
    """
    for name, text in values.items():
        if name in formula.placeholders:
            continue
        if name not in formula.variables:
            return False
        single = number(text)
        if single is None:
            continue
        if not all(_is_possible(a, name, single) for a in formula.amounts.values()):
            return False
        try:
            formula.substitute({name: format_number(single)})
        except ValueError:
            return False
    return True


def _is_possible(amount: Amount, name: str, value: Fraction) -> bool:
    """Whether an amount stays one at the value: not negative, nothing large added to a number."""
    coefficient = amount.coefficients.get(name, Fraction(0))
    if not amount.constant or not coefficient:
        return True
    if coefficient > 0:
        return coefficient * value < LARGEST_ADDITION
    return amount.constant + coefficient * value >= 0 or len(amount.variables) > 1


def _signature(formula: Formula, names: Collection[str]) -> str:
    """What a formula is at given variables: its amounts, small deviations (4-δ) left out."""
    parts = []
    for symbol, amount in formula.amounts.items():
        if amount.constant and not amount.variables & set(names):
            amount = Amount.number(amount.constant)
        elif amount.constant:
            rest = amount.variables - set(names)
            amount = amount.substitute(dict.fromkeys(rest, Amount(())))
        parts.append(f"{symbol} {amount.terms and sorted(amount.terms)}")
    return "; ".join(sorted(parts))


def dopants(formula: Formula) -> dict[str, set[str]]:
    """Each variable with the elements whose amount it is: ``{"x": {"F"}}`` of LaFeAsO1-xFx.

    >>> dopants(parse_formula("La2-xSrxCuO4-δ"))
    {'x': {'Sr'}}
    """
    found: dict[str, set[str]] = {}
    for symbol, amount in formula.amounts.items():
        if len(amount.variables) == 1 and not amount.constant and symbol in elements():
            found.setdefault(next(iter(amount.variables)), set()).add(symbol)
    return found


def base_names(values: Mapping[str, str]) -> dict[str, str]:
    """``values`` with the marks of nominal, measured or optimal contents taken off (``xn``)."""
    return {
        (match[1] if (match := _SUBSCRIPTED.fullmatch(name)) else canonical_variable(name)): text
        for name, text in values.items()
    }
