"""The limits of the structure checks and the radii and volumes of the elements, as data.

The numbers and their sources are in ``validator/data/structure_checks.toml`` and ``elements.csv``.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from functools import cache
from typing import Any, NamedTuple

from scmine.validator.data_files import load_rows, load_toml


class ElementData(NamedTuple):
    """What the checks know of an element; None where no source gives it."""

    radius_A: float
    volume_A3: float | None
    modulus_GPa: float | None


def limits() -> dict[str, Any]:
    """The tables of ``structure_checks.toml``."""
    return load_toml("structure_checks.toml")


@cache
def element_data() -> dict[str, ElementData]:
    """Radius, volume and modulus by symbol; the isotopes of hydrogen are hydrogen."""
    found = {
        row["element"]: ElementData(
            float(row["radius_A"]),
            float(row["volume_A3"]) if row["volume_A3"] else None,
            float(row["modulus_GPa"]) if row["modulus_GPa"] else None,
        )
        for row in load_rows("elements.csv")
    }
    return {**found, "D": found["H"], "T": found["H"]}


def at_pressure(values: Sequence[float], pressure_GPa: float) -> float:
    """A limit at a pressure, between the pressures of the distances' table.

    >>> at_pressure([1.0, 0.5, 0.5, 0.5], 50)
    0.75
    """
    knots = limits()["distances"]["pressure_GPa"]
    if pressure_GPa <= knots[0]:
        return values[0]
    i = bisect_right(knots, pressure_GPa)
    if i >= len(knots):
        return values[-1]
    share = (pressure_GPa - knots[i - 1]) / (knots[i] - knots[i - 1])
    return values[i - 1] + share * (values[i] - values[i - 1])
