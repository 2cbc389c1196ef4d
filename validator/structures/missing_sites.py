"""Whether a list of sites that does not make the formula may only lack some.

A contradiction must be sure: where the cell has room for the atoms that are missing and positions
of the group for their numbers, the list is incomplete. Whether sites make the formula is found in
``agreement``.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from scmine.validator.structures.limits import limits
from scmine.validator.structures.volume_check import expected_volume, least_volume

_MOST_UNITS = 64
_MOST_LACKING = 400
_OFF = 0.05
"""Atoms by which occupancies that were rounded may be off."""


@dataclass(frozen=True, slots=True)
class Contents:
    """Atoms of each element that listed sites put into the cell of one setting.

    ``multiplicities`` are those of the setting's positions; ``volume_A3`` is None if the cell is
    not stated.
    """

    amounts: Mapping[str, float]
    multiplicities: frozenset[int]
    volume_A3: float | None = None


def may_lack_sites(
    contents: Contents, composition: Mapping[str, float], pressure_GPa: float | None
) -> bool:
    """Whether further sites in the same cell could make the formula.

    >>> listed = Contents({"Sn": 2, "H": 12}, frozenset({2, 4, 8}), 52.3)
    >>> [may_lack_sites(listed, {"Sn": 1, "H": n}, 300) for n in (8, 4)]
    [True, False]
    """
    if not set(contents.amounts) <= {e for e, n in composition.items() if n > 0}:
        return False
    for units in _formula_units(contents, composition, pressure_GPa):
        lacking = [units * n - contents.amounts.get(e, 0.0) for e, n in composition.items()]
        if any(n > _OFF for n in lacking) and all(
            _can_be_placed(n, contents.multiplicities) for n in lacking
        ):
            return True
    return False


def _formula_units(
    contents: Contents, composition: Mapping[str, float], pressure_GPa: float | None
) -> Iterator[int]:
    """Numbers of formula units that hold all listed atoms and for which the cell has room.

    Where an element is complete as listed there is room unless such atoms cannot be so dense; for
    more formula units the room must be what such atoms usually take.
    """
    amounts = {e: n for e, n in composition.items() if n > 0}
    most = max(contents.amounts.get(e, 0.0) / n for e, n in amounts.items())
    first = max(1, math.ceil(most - _OFF))
    table, volume = limits()["volume"], contents.volume_A3
    pressure = table["unknown_pressure_GPa"] if pressure_GPa is None else pressure_GPa
    densest = least_volume(amounts, pressure) * table["too_small"]["refused"]
    if abs(most - first) <= _OFF and (volume is None or volume >= first * densest):
        yield first
    if volume is not None:
        usual = expected_volume(amounts, pressure_GPa or 0.0)
        last = min(round(volume / usual), first + _MOST_UNITS)
        yield from range(first, last + 1)


def _can_be_placed(lacking: float, multiplicities: frozenset[int]) -> bool:
    """Whether positions of these multiplicities hold so many atoms."""
    number = round(lacking)
    if number == 0:
        return True
    if abs(lacking - number) > _OFF or number > _MOST_LACKING:
        return number > 0  # occupied in part, or too many to count out
    reached = {0}
    for total in range(1, number + 1):
        if any(total - m in reached for m in multiplicities):
            reached.add(total)
    return number in reached
