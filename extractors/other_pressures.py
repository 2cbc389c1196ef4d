"""Other pressures: which pressures of a text are not put on the sample that is measured, and what.

Gas in a chamber, a modulus, a synthesis. The words that tell are data (``other_pressures.toml``).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from scmine.extractors.characters import uniform
from scmine.extractors.lexicons import load_toml
from scmine.extractors.quantities import parse_quantity

APPLIED = "applied"
"""The kind of a pressure that a sample is under while it is measured."""

SYNTHESIS = "synthesis"
"""The kind of a pressure under which a sample was made: a fact about the sample, kept as such."""

WORDS_AFTER = 40
"""Characters behind a pressure in which words may say what it is."""


@dataclass(frozen=True, slots=True)
class _Words:
    """What stands around pressures of one kind, and the units and sizes that are always of it."""

    reach: int
    before: re.Pattern[str]
    after: re.Pattern[str] | None
    unless: re.Pattern[str] | None
    units: frozenset[str]
    below: float


@cache
def _kinds() -> dict[str, _Words]:
    def pattern(entry: dict[str, str], key: str) -> re.Pattern[str] | None:
        return re.compile(entry[key], re.IGNORECASE) if key in entry else None

    return {
        kind: _Words(
            entry["reach"],
            re.compile(entry["before"], re.IGNORECASE),
            pattern(entry, "after"),
            pattern(entry, "unless"),
            frozenset(entry.get("units", ())),
            entry.get("below_GPa", 0.0),
        )
        for kind, entry in load_toml("other_pressures.toml").items()
    }


def other_pressure(before: str, value: str, after: str = "") -> str | None:
    """The kind of pressure that ``value`` is by the words around it; None if it may be applied.

    Parameters
    ----------
    before, after
        The words of the sentence before and behind the pressure.
    value
        The pressure as printed.

    >>> other_pressure("a bulk modulus of ", "151 GPa"), other_pressure("in ", "100 mTorr")
    ('property', 'gas')
    >>> other_pressure("sintered at ", "6 GPa"), other_pressure("Tc = 250 K at ", "170 GPa")
    ('synthesis', None)
    """
    before, after = uniform(before), uniform(after)[:WORDS_AFTER]
    quantity = parse_quantity(value, "pressure")
    ambient = quantity is not None and "ambient" in quantity.flags
    for kind, words in _kinds().items():
        if quantity is not None and quantity.unit_printed in words.units:
            size = quantity.value if quantity.value is not None else quantity.maximum
            if size is not None and size < words.below:
                return kind
        if ambient:
            continue
        window = before[-words.reach :]
        match = words.before.search(window)
        if match and not (words.unless and words.unless.search(window[match.start() :])):
            return kind
        if words.after and words.after.search(after):
            return kind
    return None
