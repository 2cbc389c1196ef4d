"""Ranges: numbers that cannot be, ends that are swapped, uncertainties as large as the value."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any

from scmine.database.record import Record
from scmine.validator.finding import Finding
from scmine.validator.plausibility.ceilings import class_of, elements_of
from scmine.validator.plausibility.rules import Rule
from scmine.validator.plausibility.values import LABELS, is_calculated, named, value_of


def out_of_range(rule: Rule, record: Record) -> Iterator[Finding]:
    """Values below ``low`` or above ``high``, with the unit that may have slipped."""
    options = rule.options
    if record.evidence.value not in options.get("evidence", [record.evidence.value]):
        return
    if "classes" in options:
        decision = class_of(record)
        if decision is None or decision.name not in options["classes"]:
            return
    if not elements_of(record).isdisjoint(options.get("without", ())):
        return
    low, high = options["low"], options["high"]
    if is_calculated(record):
        high = options.get("high_calculated", high)
    for column in rule.fields:
        value = value_of(record, column)
        if value is None or low <= value <= high or not _within(options, value):
            continue
        message = f"{named(column, value)} is outside {low:g} to {high:g}"
        for slip in options.get("slips", ()):
            if value > 0 and _may_be(slip["factor"], value, low, high):
                number = named(column, value * slip["factor"])
                message += f"; read as {slip['unit']} it would be {number.split(' = ')[1]}"
                break
        yield rule.finding(message, (column,))


def _within(options: Mapping[str, Any], value: float) -> bool:
    """Whether a value is in the range that the rule is about; of others another rule speaks."""
    least, most = options.get("within", (-math.inf, math.inf))
    return bool(least <= value <= most)


def _may_be(factor: float, value: float, low: float, high: float) -> bool:
    """Whether a factor mends a value: one above 1 those too small, one below 1 those too large."""
    return (factor > 1) == (value < low) and low < value * factor <= high


def reversed_ends(rule: Rule, record: Record) -> Iterator[Finding]:
    """Pairs of columns, lower end and upper end, whose lower end is above."""
    for lower, upper in zip(rule.fields[::2], rule.fields[1::2], strict=True):
        low, high = value_of(record, lower), value_of(record, upper)
        if low is not None and high is not None and low > high:
            yield rule.finding(f"{named(lower, low)} is above {named(upper, high)}", (lower, upper))


def too_large_a_share(rule: Rule, record: Record) -> Iterator[Finding]:
    """A first column that is more than ``high`` of the second."""
    first, second = rule.fields
    part, whole = value_of(record, first), value_of(record, second)
    if part is not None and whole and abs(part) >= rule.options["high"] * abs(whole):
        unit = LABELS[first][1]
        yield rule.finding(f"{named(first, part)} is as large as the value, {whole:g} {unit}")
