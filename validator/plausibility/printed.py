"""Numbers against what was printed: raw texts, and one number for two columns."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from scmine.database.record import Record, Source
from scmine.extractors.characters import uniform
from scmine.extractors.quantities import parse_quantity_list
from scmine.validator.finding import Finding
from scmine.validator.plausibility.rules import Rule
from scmine.validator.plausibility.values import named, value_of

CLOSE = 0.006
"""Relative difference up to which two numbers are the same one, rounded."""

_NUMBER = re.compile(r"\d{1,6}(?:\.\d{1,6})?")
_COMMA = re.compile(r"(?<=\d),(?=\d)")
_MAX_LENGTH = 400


def not_as_printed(rule: Rule, record: Record) -> Iterator[Finding]:
    """Columns whose number follows from no number of the raw text, in no unit of the field's."""
    raw_column, *columns = rule.fields
    raw = value_of(record, raw_column)
    values = {c: v for c in columns if (v := value_of(record, c)) is not None}
    if not raw or not values or len(raw) > _MAX_LENGTH:
        return
    printed = _printed(raw, rule.options["quantity"])
    if not printed:
        return
    factors = rule.options["factors"]
    for column, value in values.items():
        if any(_same(value, number) for number, exact in printed if exact):
            continue
        bare = [number for number, exact in printed if not exact]
        if not any(_same(value, number * f) for number in bare for f in factors):
            yield rule.finding(
                f"{named(column, value)} does not follow from what was printed, {raw!r}",
                (raw_column, column),
            )


def _printed(raw: str, kind: str) -> list[tuple[float, bool]]:
    """The numbers of a raw text: with a unit that was read (True), else bare (False)."""
    found: list[tuple[float, bool]] = []
    for quantity in parse_quantity_list(raw, kind):  # type: ignore[arg-type]
        ends = (quantity.value, quantity.minimum, quantity.maximum)
        found += [(number, True) for number in ends if number is not None]
    if not found:
        # A comma may part thousands or be the decimal one.
        text = uniform(raw)
        found = [
            (float(n), False)
            for comma in ("", ".")
            for n in _NUMBER.findall(_COMMA.sub(comma, text))
        ]
    return found


def _same(value: float, other: float) -> bool:
    return abs(value - other) <= CLOSE * max(abs(value), abs(other))


def one_number_for_two(rule: Rule, record: Record) -> Iterator[Finding]:
    """Two columns with the same number that the sentence prints once."""
    if record.source is not Source.TEXT or not record.sentence:
        return
    values = {c: v for c in rule.fields if (v := value_of(record, c)) is not None and v > 0}
    taken: dict[float, str] = {}
    for column, value in values.items():
        other = taken.setdefault(value, column)
        if other != column and _times(record.sentence, value) == 1:
            yield rule.finding(
                f"{named(other, value)} and {named(column, value)}: the sentence prints the "
                "number once",
                (other, column),
            )


def _times(sentence: str, value: float) -> int:
    """How often a text prints a number."""
    return _count(_NUMBER.findall(uniform(sentence)[:4000]), value)


def _count(numbers: Iterable[str], value: float) -> int:
    return sum(float(number) == value for number in numbers)
