"""Printed values: the numbers of one kind in a passage, each whole and with the unit it has there.

Lists are taken apart and share the unit of their last number, ranges stay whole. Whether a number
is what an answer takes it for is settled in ``meanings``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cache, lru_cache

from scmine.extractors.characters import uniform
from scmine.extractors.lexicons import load_toml
from scmine.extractors.llm.answers import ValueField
from scmine.extractors.quantities import (
    Kind,
    Quantity,
    find_parts,
    parse_quantity,
    parse_quantity_list,
)
from scmine.extractors.quantity_items import chains, units_of

KINDS: dict[ValueField, Kind] = {
    ValueField.TC: "temperature",
    ValueField.PRESSURE: "pressure",
    ValueField.LAMBDA: "number",
    ValueField.OMEGA_LOG: "frequency",
    ValueField.OMEGA2: "frequency",
    ValueField.MU_STAR: "number",
    ValueField.MAGNETIC_FIELD: "field",
    ValueField.A: "length",
    ValueField.B: "length",
    ValueField.C: "length",
    ValueField.ALPHA: "angle",
    ValueField.BETA: "angle",
    ValueField.GAMMA: "angle",
}
"""The kind of quantity of each field that is a number; the others are words."""

_LETTERS_BEHIND = re.compile(r"\d[)\s]*([^\W\d_][^\s,;()]*|[°%˚])[^\d]*$")
_ZERO_PRESSURE = re.compile(
    r"(?<![\w-])[Pp]\s?=\s?0(?![\d.]|\s?[-–])"
    r"|(?<![\w-])ambient(?!\s(?:pressure|temperature|cond|P\b))"
)
_RUNS_ON = re.compile(r"\d(?:['\u2019_:\u00b7\u066b\u0300-\u036f]|\s?\.?\s)$")
"""Digits right before a number, of which it may be the end: what stands between is a decimal point
as some fonts give it, or nothing that is seen."""

_FORMULA_END = re.compile(r"[A-Za-z)\]]\s?\d*\.?\d+\s$")
_OTHER_KINDS: tuple[Kind, ...] = ("temperature", "pressure", "field", "frequency", "length")

CHANGE_REACH = 90
"""Characters before a range in which a word may say that something changes over it."""


@dataclass(frozen=True, slots=True)
class PrintedValue:
    """A value as a passage prints it: ``unit`` may be that of its list's end."""

    start: int
    end: int
    unit: str
    text: str

    def with_unit(self) -> str:
        """The printed text, the unit of its list behind it where it has none of its own."""
        own = not self.unit or uniform(self.text).rstrip(" )").endswith(self.unit)
        return self.text if own else f"{self.text} {self.unit}"


@lru_cache(maxsize=1024)
def printed_values(text: str, kind: Kind) -> tuple[PrintedValue, ...]:
    """The values of ``kind`` in ``text`` that have a unit, in order; of ``number`` all numbers.

    >>> [v.with_unit() for v in printed_values("Tc of 10, 20 and 30-40 K", "temperature")]
    ['10 K', '20 K', '30-40 K']
    """
    if kind == "number":
        return tuple(_bare_numbers(text))
    values: list[PrintedValue] = []
    for parts in find_parts(text, kind):
        listed: list[PrintedValue] = []
        if len(parts) == 2 and parts[1].change and _is_change(text, parts[0].start):
            values += [PrintedValue(p.start, p.end, p.unit, text[p.start : p.end]) for p in parts]
        if _is_end(text, parts[0].start):
            continue
        for part in parts:
            if part.change and listed:
                start = listed[-1].start
                listed[-1] = PrintedValue(start, part.end, part.unit, text[start : part.end])
            else:
                value = PrintedValue(part.start, part.end, part.unit, text[part.start : part.end])
                listed.append(value)
        values += listed
    return tuple(values + _zero_pressures(text)) if kind == "pressure" else tuple(values)


def _is_end(text: str, start: int) -> bool:
    """Whether a number is, or may be, the end of one in which something stands (``3 9 K``).

    >>> [_is_end(text, text.index("9")) for text in ("3 9 K", "MgB2 9 K", "3, 9 K")]
    [True, False, False]
    """
    before = text[max(0, start - 12) : start]
    return _RUNS_ON.search(before) is not None and _FORMULA_END.search(before) is None


@cache
def _change() -> re.Pattern[str]:
    return re.compile(load_toml("quantity_words.toml")["side_by_side"]["change"], re.IGNORECASE)


def _is_change(text: str, start: int) -> bool:
    """Whether a range is a change from one state to another, whose ends are values as well."""
    return _change().search(uniform(text[max(0, start - CHANGE_REACH) : start])) is not None


def _zero_pressures(text: str) -> list[PrintedValue]:
    """Where ``text`` says in words or by a symbol that there is no pressure, and names none."""
    return [PrintedValue(m.start(), m.end(), "", m.group()) for m in _ZERO_PRESSURE.finditer(text)]


def _bare_numbers(text: str) -> list[PrintedValue]:
    """All numbers of ``text``, a range as one."""
    clean = uniform(text)
    values: list[PrintedValue] = []
    for chain in chains(clean, units_of("number")):
        for i, item in enumerate(chain):
            if i and item.separator == "range" and values:
                last = values[-1]
                values[-1] = replace(last, end=item.end, text=text[last.start : item.end])
            else:
                printed = text[item.start : item.end]
                start = item.end - len(printed.lstrip("= "))
                values.append(PrintedValue(start, item.end, "", text[start : item.end]))
    return values


def is_unitless(text: str, value: PrintedValue) -> bool:
    """Whether no unit stands behind a bare number.

    >>> text = "λ = 2.1 at 150 GPa"
    >>> [is_unitless(text, v) for v in printed_values(text, "number")]
    [True, False]
    """
    for kind in _OTHER_KINDS:
        for other in printed_values(text, kind):
            if other.unit and other.start < value.end and value.start < other.end:
                return False
    behind = uniform(text[value.end : value.end + 12])
    return re.match(r"\s?(?:%|°|m?eV\b|cm\b|states|THz\b|Å)", behind) is None


class Agreement(StrEnum):
    """How a value of an answer compares with a printed one."""

    SAME = "same"
    UNIT_DIFFERS = "unit_differs"
    NUMBER_DIFFERS = "number_differs"


def compare(value: str, printed: PrintedValue, kind: Kind) -> Agreement:
    """Whether ``value``, as an answer gives it, is the printed one: number, range and unit.

    A missing unit is no other unit, a missing uncertainty no other number.

    >>> [tc] = printed_values("Tc = 39.2(2) K", "temperature")
    >>> [compare(v, tc, "temperature").value for v in ("39.2 K", "39.2 mK", "38.2 K")]
    ['same', 'unit_differs', 'number_differs']
    """
    if kind == "pressure" and _ZERO_PRESSURE.fullmatch(printed.text):
        return Agreement.SAME if _is_zero(value, printed.text) else Agreement.NUMBER_DIFFERS
    found = parse_quantity(printed.text, kind, printed.unit or None)
    wanted = parse_quantity(value, kind, printed.unit or None)
    if found is None or wanted is None:
        return Agreement.NUMBER_DIFFERS
    ambient = "ambient" in found.flags
    if ambient != ("ambient" in wanted.flags):
        return Agreement.NUMBER_DIFFERS
    if not ambient and not _units_agree(value, printed.unit, kind):
        bare, own = parse_quantity(value, "number"), parse_quantity(printed.text, "number")
        same = bare is not None and own is not None and _ends(bare) == _ends(own)
        return Agreement.UNIT_DIFFERS if same else Agreement.NUMBER_DIFFERS
    known = _ends(wanted) != (None, None, None)
    sure = wanted.uncertainty in (None, found.uncertainty)
    same = known and sure and _ends(wanted) == _ends(found)
    return Agreement.SAME if same else Agreement.NUMBER_DIFFERS


def _is_zero(value: str, printed: str) -> bool:
    """Whether an answer gives zero pressure as it is printed."""
    plain = uniform(value).strip()
    return plain.casefold() == printed.casefold() or (
        "0" in printed and re.fullmatch(r"(?:[Pp]\s?=\s?)?0", plain) is not None
    )


def _ends(quantity: Quantity) -> tuple[float | None, float | None, float | None]:
    return quantity.value, quantity.minimum, quantity.maximum


def _units_agree(value: str, unit: str, kind: Kind) -> bool:
    """Whether the unit of an answer's value, if it gives one, is ``unit``."""
    given = unit_of(value, kind)
    if not given:
        return True
    units = units_of(kind)
    if units.respell(given) == units.respell(unit):
        return True
    factor = units.factors.get(units.respell(given))
    return factor is not None and factor == units.factors.get(units.respell(unit))


def unit_of(value: str, kind: Kind) -> str:
    """The unit that an answer's value has, whatever it is a unit of; empty if it has none.

    >>> unit_of("39 K", "temperature"), unit_of("39 GPa", "temperature"), unit_of("2", "number")
    ('K', 'GPa', '')
    """
    clean = uniform(value)
    known = [q.unit_printed for q in parse_quantity_list(clean, kind) if q.unit_printed]
    behind = _LETTERS_BEHIND.search(clean)
    if behind and not (known and clean.rstrip(" ).,").endswith(known[-1])):
        return behind[1]
    return known[-1] if known else ""
