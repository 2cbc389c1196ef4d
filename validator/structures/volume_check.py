"""Volume: the cell against the atoms in it at their pressure, and against what is stated.

The atoms' volumes are those of the elements, shrunk by Murnaghan's law; the limits are wide, for
compounds differ, and the ion of an alkali metal is much smaller than its atom. The numbers are data
(see ``limits``). They are not those of ``volumes``, which are fitted to known compounds and size
the cells of prototypes: a check by the same numbers would find nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from scmine.validator.finding import Finding, Severity
from scmine.validator.structures.limits import element_data, limits
from scmine.validator.structures.stated import StatedStructure

if TYPE_CHECKING:
    from pymatgen.core import Structure


def expected_volume(amounts: dict[str, float], pressure_GPa: float) -> float:
    """The sum of the atoms' volumes (Å³) at a pressure: V₀(1 + 4P/B)^(−1/4) each.

    >>> round(expected_volume({"La": 1, "H": 10}, 150))
    37
    """
    table = limits()["volume"]
    total = 0.0
    for symbol, amount in amounts.items():
        data = element_data().get(symbol)
        volume = data.volume_A3 if data and data.volume_A3 else table["default_volume_A3"]
        modulus = data.modulus_GPa if data and data.modulus_GPa else table["default_modulus_GPa"]
        total += amount * volume * (1 + 4 * max(pressure_GPa, 0.0) / modulus) ** -0.25
    return total


def least_volume(amounts: dict[str, float], pressure_GPa: float) -> float:
    """The least volume (Å³) that the atoms may take: a share of each one's, smaller for ions.

    >>> least_volume({"K": 1, "Cl": 1}, 0) < 62.3 < expected_volume({"K": 1, "Cl": 1}, 0)
    True
    """
    table = limits()["volume"]
    ions = {symbol: n for symbol, n in amounts.items() if symbol in table["ions"]}
    others = {symbol: n for symbol, n in amounts.items() if symbol not in table["ions"]}
    return float(
        table["least_share_of_ions"] * expected_volume(ions, pressure_GPa)
        + table["least_share"] * expected_volume(others, pressure_GPa)
    )


def check_volume(structure: Structure, pressure_GPa: float | None) -> list[Finding]:
    """Findings on a cell that is too small or too large for its atoms.

    Without a pressure the cell may be as small as at the highest, and as large as at none. A cell
    that is too large is an error only where pressure leaves no voids; a slab in vacuum is right.
    """
    table = limits()["volume"]
    amounts = {str(k): float(v) for k, v in structure.composition.get_el_amt_dict().items()}
    least_at = table["unknown_pressure_GPa"] if pressure_GPa is None else pressure_GPa
    at = "" if pressure_GPa is None else f" at {pressure_GPa:g} GPa"
    small = structure.volume / least_volume(amounts, least_at)
    large = structure.volume / expected_volume(amounts, pressure_GPa or 0.0)
    per_atom = structure.volume / sum(amounts.values())
    for severity, level in ((Severity.ERROR, "refused"), (Severity.WARNING, "doubted")):
        voids = pressure_GPa is None or pressure_GPa < table["voids_end_GPa"]
        if small < table["too_small"][level]:
            message = f"{per_atom:.2f} Å³ an atom, {small:.2f} of the least such atoms take{at}"
            return [Finding("volume_too_small", severity, message)]
        if large > table["too_large"][level] and not (severity is Severity.ERROR and voids):
            message = f"{per_atom:.2f} Å³ an atom, {large:.1f} times what such atoms take{at}"
            return [Finding("volume_too_large", severity, message)]
    return []


def check_stated_volume(structure: Structure, stated: StatedStructure) -> list[Finding]:
    """Whether the stated volume and density agree with the cell.

    A volume may be that of the cell, of the primitive cell, of a formula unit or of an atom. A
    density below that of the crystal may be the sample's; one above it cannot be.
    """
    table = limits()["cell"]
    found: list[Finding] = []
    if stated.volume_A3:
        volumes = _volumes(structure, stated)
        nearest = min(volumes, key=lambda v: abs(v / stated.volume_A3 - 1))  # type: ignore[operator]
        off = abs(nearest / stated.volume_A3 - 1)
        message = f"volume stated as {stated.volume_A3:g} Å³, the cell has {structure.volume:.2f}"
        if off > table["volume_doubted"]:
            refused = off > table["volume_refused"]
            severity = Severity.ERROR if refused else Severity.WARNING
            found.append(Finding("volume_differs", severity, message, ("volume_A3",)))
    if stated.density_g_cm3:
        density = float(structure.density)
        off = stated.density_g_cm3 / density - 1
        message = f"density stated as {stated.density_g_cm3:g} g/cm³, the crystal has {density:.2f}"
        if off > table["density_refused"]:
            found.append(Finding("density_differs", Severity.ERROR, message, ("density_g_cm3",)))
        elif abs(off) > table["density_doubted"]:
            found.append(Finding("density_differs", Severity.WARNING, message, ("density_g_cm3",)))
    return found


def _volumes(structure: Structure, stated: StatedStructure) -> list[float]:
    """What a paper may call the volume of this structure."""
    atoms = structure.composition.num_atoms
    per_atom = structure.volume / atoms
    units = [1.0, atoms, len(structure.get_primitive_structure())]
    if stated.composition:
        units.append(sum(stated.composition.values()))
    return [structure.volume, *(per_atom * u for u in units), 2 * structure.volume]
