"""Other pressures: which pressures of a text are not put on the sample that is measured, and what.

Gas in a chamber, a modulus, a synthesis. The words that tell are data (``other_pressures.toml``).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from scmine.extractors.characters import uniform
from scmine.extractors.lexicons import load_toml
from scmine.extractors.quantities import parse_quantity
from scmine.extractors.words_around import WORDS_AFTER, WordsAround

APPLIED = "applied"
"""The kind of a pressure that a sample is under while it is measured."""

SYNTHESIS = "synthesis"
"""The kind of a pressure under which a sample was made: a fact about the sample, kept as such."""


@dataclass(frozen=True, slots=True)
class _Kind:
    """What tells pressures of one kind: words around, and units and sizes that are always of it."""

    words: WordsAround
    units: frozenset[str]
    below: float


@cache
def _kinds() -> dict[str, _Kind]:
    return {
        name: _Kind(
            WordsAround.of(entry),
            frozenset(entry.get("units", ())),
            entry.get("below_GPa", 0.0),
        )
        for name, entry in load_toml("other_pressures.toml").items()
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
    for name, kind in _kinds().items():
        if quantity is not None and quantity.unit_printed in kind.units:
            size = quantity.value if quantity.value is not None else quantity.maximum
            if size is not None and size < kind.below:
                return name
        if ambient:
            continue
        if kind.words.stand_before(before):
            return name
        if kind.words.after and kind.words.after.search(after):
            return name
    return None
