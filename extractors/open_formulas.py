"""Open formulas: which formula of a paper the value of a variable belongs to.

Keeps where each formula stands. A value goes to the formula it stands beside, else to the one that
the title or the paper as a whole is about; where several are possible, to none.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
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

_AT_ONCE = 45
"""Characters from the beginning of a formula to a value that is stated at once ("LSCO with x")."""

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
    closed: Counter[str] = field(default_factory=Counter)

    def add(self, place: Place, formula: Formula) -> None:
        """Note that ``formula`` is printed or named at ``place``.

        One with nothing of an element (``Ga0``) was cut off, and is left out.
        """
        if any(not any(c for _, c in amount.terms) for amount in formula.amounts.values()):
            return
        self.printed.append(Printed(place, str(formula)))

    def add_closed(self, formula: Formula) -> None:
        """Note that the paper speaks of the compound ``formula`` at stated values."""
        if not formula.placeholders:
            self.closed[_signature(formula, ())] += 1

    def candidates(self, values: Mapping[str, str]) -> dict[str, list[Printed]]:
        """Where formulas stand that leave ``values`` open, by what they are at these values.

        Spellings of one composition are one candidate, as are O4 and O4-δ.
        """
        found: dict[str, list[Printed]] = {}
        stated = tuple(sorted(values.items()))
        for printed in self.printed:
            key = _key_if_fitting(printed.formula, stated)
            if key is not None:
                found.setdefault(key, []).append(printed)
        return found

    def choose(
        self,
        values: Mapping[str, str],
        place: Place | None,
        may_be: Callable[[Formula], bool] = lambda formula: True,
    ) -> tuple[str | None, int]:
        """The formula that ``values`` (variable or open site to text) belong to at ``place``.

        Parameters
        ----------
        values
            Variable or open site to what is stated of it.
        place
            Where they stand; None if that is not known.
        may_be
            What else must hold of the formula.

        Returns
        -------
        tuple
            The formula or None, and the number of formulas that were possible.
        """
        found = {
            key: group
            for key, group in self.candidates(values).items()
            if (formula := read(group[0].formula)) is not None and may_be(formula)
        }
        found = _without_fragments(found)
        if not found:
            return None, 0
        if len(found) == 1:
            [group] = found.values()
            return _nearest(group, place), 1
        listed = Counter({key: self._listed(g[0], values) for key, g in found.items()})
        chosen = self._beside(found, place, +listed) or by_far(+listed)
        if chosen is None:
            among = {k: g for k, g in found.items() if listed[k]} if +listed else found
            picks = (self._after, self._in_title, self._in_passage, self._in_section)
            tries = (pick(among, place) for pick in picks)
            chosen = next((key for key in tries if key is not None), None)
        if chosen is None and not +listed:
            chosen = by_far(Counter({key: len(group) for key, group in found.items()}))
        return (_nearest(found[chosen], place) if chosen is not None else None), len(found)

    def _listed(self, printed: Printed, values: Mapping[str, str]) -> int:
        """How often the paper elsewhere speaks of this formula at these very values."""
        key = _key_at(printed.formula, tuple(sorted(values.items())))
        return self.closed[key] if key is not None else 0

    def _beside(
        self, found: Mapping[str, list[Printed]], place: Place | None, listed: Collection[str]
    ) -> str | None:
        """The one of "x = 0.1 in FORMULA", else the last before in the sentence.

        Where several stand before and none of them at once, those that the paper names at these
        values (``listed``) count.
        """
        if place is None:
            return None
        text = self.passages[place.passage].text
        inside = self._in_sentence(found, place)
        after = [i for i in inside if i[0] >= place.end]
        if after and _OWNED.fullmatch(text[place.end : after[0][0]]):
            return after[0][1]
        before = [i for i in inside if i[0] < place.start]
        if not before:
            return None
        named = {key for _, key in before} & set(listed)
        if len(named) == 1 and place.start - before[-1][0] > _AT_ONCE:
            return named.pop()
        return before[-1][1]

    def _in_sentence(
        self, found: Mapping[str, list[Printed]], place: Place
    ) -> list[tuple[int, str]]:
        """Where candidates begin in the sentence of ``place``, in order."""
        low, high = self.passages[place.passage].sentence_at(place.start)
        return sorted(
            (p.place.start, key)
            for key, group in found.items()
            for p in group
            if p.place.passage == place.passage and low <= p.place.start < high
        )

    def _after(self, found: Mapping[str, list[Printed]], place: Place | None) -> str | None:
        """The only one that follows in the sentence."""
        after = self._in_sentence(found, place) if place is not None else []
        keys = {key for _, key in after}
        return keys.pop() if len(keys) == 1 else None

    def _in_title(self, found: Mapping[str, list[Printed]], place: Place | None) -> str | None:
        kinds = [p.kind for p in self.passages]
        titled = [
            key
            for key, group in found.items()
            if any(kinds[p.place.passage] is PassageKind.TITLE for p in group)
        ]
        return titled[0] if len(titled) == 1 else None

    def _in_passage(self, found: Mapping[str, list[Printed]], place: Place | None) -> str | None:
        """The only one before in the passage, or the last one if it is in the sentence before."""
        if place is None:
            return None
        passage = self.passages[place.passage]
        before = [
            (p.place.start, key)
            for key, group in found.items()
            for p in group
            if p.place.passage == place.passage and p.place.start < place.start
        ]
        if len({key for _, key in before}) < 2:
            return before[0][1] if before else None
        low, _ = passage.sentence_at(max(0, passage.sentence_at(place.start)[0] - 2))
        near = {key for start, key in before if start >= low}
        return max(before)[1] if near and len(near) == 1 else None

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


def _without_fragments(found: dict[str, list[Printed]]) -> dict[str, list[Printed]]:
    """Candidates without those that are a part of one printed as often ("Cu1-xZnx" was cut off)."""
    amounts = {
        key: {(s, str(a)) for s, a in formula.amounts.items()}
        for key, group in found.items()
        if (formula := read(group[0].formula)) is not None
    }
    return {
        key: group
        for key, group in found.items()
        if not any(
            amounts[key] < other and len(group) <= len(found[whole])
            for whole, other in amounts.items()
        )
    }


def by_far(counts: Counter[str]) -> str | None:
    """The key with by far the highest count.

    >>> by_far(Counter("aaab")), by_far(Counter("aab"))
    ('a', None)
    """
    ranked = counts.most_common(2)
    if not ranked or (len(ranked) > 1 and ranked[0][1] < BY_FAR * ranked[1][1]):
        return None
    return ranked[0][0]


def _nearest(group: Sequence[Printed], place: Place | None) -> str:
    """Of the spellings of one formula, the last before ``place``; without a place the commonest."""
    if place is not None:
        before = [p for p in group if p.place[:2] < place[:2]]
        if before and before[-1].place.passage == place.passage:
            return max(before, key=lambda p: p.place[:2]).formula
    return Counter(p.formula for p in group).most_common(1)[0][0]


@lru_cache(maxsize=8192)
def _key_if_fitting(text: str, values: tuple[tuple[str, str], ...]) -> str | None:
    """What a formula is at ``values``; None if it does not leave them open."""
    formula = read(text)
    if formula is None or not fits(formula, dict(values)):
        return None
    return _signature(formula, {name for name, _ in values})


@lru_cache(maxsize=8192)
def _key_at(text: str, values: tuple[tuple[str, str], ...]) -> str | None:
    """The compound that a formula is at ``values``; None if they are no numbers."""
    formula = read(text)
    numbers = {name: number(value) for name, value in values}
    if formula is None or None in numbers.values():
        return None
    at = {name: format_number(value) for name, value in numbers.items() if value is not None}
    return _signature(formula.substitute(at), ())


def fits(formula: Formula, values: Mapping[str, str]) -> bool:
    """Whether ``formula`` leaves all of ``values`` open and is possible at them.

    >>> ybco, other = parse_formula("YBa2Cu3Oy"), parse_formula("YBa2Cu3O6+y")
    >>> fits(ybco, {"y": "6.95"}), fits(other, {"y": "6.95"}), fits(ybco, {"x": "0.1"})
    (True, False, False)
    """
    placeholders, variables = formula.placeholders, formula.variables
    for name, text in values.items():
        if name in placeholders:
            continue
        if name not in variables:
            return False
        single = number(text)
        if single is None:
            continue
        if not all(_is_possible(a, name, single) for a in formula.amounts.values()):
            return False
        if _is_short_of_oxygen(formula, name, single):
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


def _is_short_of_oxygen(formula: Formula, name: str, value: Fraction) -> bool:
    """Whether a cuprate would have less oxygen than copper: "x = 0.01" is no YBa2Cu3Ox."""
    oxygen, copper = formula.amounts.get("O"), formula.amounts.get("Cu")
    if oxygen is None or copper is None or oxygen.terms != Amount.variable(name).terms:
        return False
    return value < copper.constant


@lru_cache(maxsize=1024)
def end_member(formula: Formula) -> str | None:
    """What ``formula`` is without its dopant; None unless one variable is a dopant's.

    The result is a key to compare with ``key_of_compound``.
    """
    names = [name for name in dopants(formula) if name != "δ"]
    if len(names) != 1:
        return None
    return _signature(formula.substitute({names[0]: 0}), ())


def key_of_compound(formula: Formula) -> str:
    """A string that is the same for all spellings of a compound; small deviations do not count.

    >>> end_member(parse_formula("LaO1-xFxFeAs")) == key_of_compound(parse_formula("LaFeAsO"))
    True
    """
    return _signature(formula, ())


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


@lru_cache(maxsize=1024)
def dopants(formula: Formula) -> Mapping[str, set[str]]:
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
