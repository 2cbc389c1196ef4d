"""The volume that atoms take in a crystal at a pressure, estimated from their elements alone.

Each element has a volume at ambient pressure and a stiffness (``data/atomic_volumes.csv``); the
volumes of the atoms add up. How the table was fitted is in ``volume_fitting``. It is fitted to
compounds, so that a cell can be made from it; ``volume_check`` has the volumes of the pure elements
and wide limits around them, calibrated apart from this table, so that a cell made here is not
checked by the numbers that made it.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from scmine.validator.data_files import load_rows

STIFFENING = 4.0
"""Pressure derivative of the bulk modulus in Murnaghan's equation, the same for all elements."""


@cache
def atomic_volumes() -> dict[str, tuple[float, float]]:
    """By element: volume in Å³ at ambient pressure, bulk modulus in GPa."""
    return {
        row["element"]: (float(row["volume_A3"]), float(row["bulk_modulus_GPa"]))
        for row in load_rows("atomic_volumes.csv")
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


_STIFFEST = (80.0, 2.0)
"""Bulk modulus (GPa) and its derivative of the least compression taken to be too much.

The moduli of the table are of atoms between a soft ion at ambient pressure and a metal at 200 GPa;
a compound known at ambient pressure is stiffer at first. At 150 GPa both say the same.
"""

Atoms = tuple[Mapping[str, float], float | None]
"""Amounts of elements, and the pressure in GPa that they are under."""


def transferred_volume(volume: float, known: Atoms, wanted: Atoms, alike: float) -> float:
    """The volume of other atoms in a known structure's places, at another pressure.

    Parameters
    ----------
    volume
        Of the known structure, in Å³.
    known, wanted
        The atoms of the known structure and those wanted, with their pressures; no pressure is
        ambient.
    alike
        1 if the elements are the same, near 0 if they have nothing in common. The known structure's
        deviation from the sum of its atoms counts by this share: that NbC is dense for its atoms
        says little of SnAs.

    Returns
    -------
    float
        In Å³; ``volume`` if an element is not in the table.

    >>> sn_as = ({"Sn": 4, "As": 4}, None)
    >>> [round(transferred_volume(89.3, ({"Nb": 4, "C": 4}, None), sn_as, s)) for s in (1, 0.3)]
    [164, 174]
    """
    atoms, pressure = wanted
    there, before = expected_volume(*known), expected_volume(atoms, known[1])
    if not there or not before:
        return volume
    return before * (volume / there) ** alike * _compression(atoms, known[1], pressure)


def _compression(atoms: Mapping[str, float], before: float | None, after: float | None) -> float:
    """By what factor the volume of atoms changes from one pressure to another."""
    from_GPa, to_GPa = max(0.0, before or 0.0), max(0.0, after or 0.0)
    here, there = expected_volume(atoms, to_GPa), expected_volume(atoms, from_GPa)
    if not here or not there:
        return 1.0
    modulus, derivative = _STIFFEST
    stiff = ((modulus + derivative * to_GPa) / (modulus + derivative * from_GPa)) ** (
        -1 / derivative
    )
    return max(here / there, stiff) if to_GPa > from_GPa else min(here / there, stiff)
