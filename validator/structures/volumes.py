"""The volume that atoms take in a crystal at a pressure, estimated from their elements alone.

Each element has a volume at ambient pressure and a stiffness (``data/atomic_volumes.csv``); the
volumes of the atoms add up. How the table was fitted is in ``volume_fitting``.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from functools import cache
from importlib import resources

STIFFENING = 4.0
"""Pressure derivative of the bulk modulus in Murnaghan's equation, the same for all elements."""


@cache
def atomic_volumes() -> dict[str, tuple[float, float]]:
    """By element: volume in Å³ at ambient pressure, bulk modulus in GPa."""
    path = resources.files("scmine.validator").joinpath("data", "atomic_volumes.csv")
    lines = (line for line in path.read_text("utf-8").splitlines() if not line.startswith("#"))
    return {
        row["element"]: (float(row["volume_A3"]), float(row["bulk_modulus_GPa"]))
        for row in csv.DictReader(lines)
    }


def expected_volume(composition: Mapping[str, float], pressure_GPa: float | None) -> float | None:
    """Volume in Å³ of the atoms of ``composition``; None for an element that is not known.

    No pressure is taken as ambient.

    >>> round(expected_volume({"La": 1, "H": 10}, 150)) in range(28, 38)
    True
    """
    table = atomic_volumes()
    if any(element not in table for element in composition):
        return None
    pressure = max(0.0, pressure_GPa or 0.0)
    total = 0.0
    for element, amount in composition.items():
        volume, modulus = table[element]
        total += amount * volume * (1 + STIFFENING * pressure / modulus) ** (-1 / STIFFENING)
    return total
