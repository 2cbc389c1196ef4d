"""What a stated cell can hold: refused without any atom placed, where every count fails.

The number of formula units need not be stated: a centred lattice has at least one metal atom on
each of its points, and metals whose radii keep them apart fill whole positions of the group. Where
metals may share a site, or the formula has broken amounts, less is known and less is refused.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from itertools import combinations

from scmine.extractors.spacegroup_table import crystal_system
from scmine.validator.finding import Finding, Severity
from scmine.validator.structures.limits import element_data, limits
from scmine.validator.structures.positions import positions
from scmine.validator.structures.settings import group_named, settings_of_group
from scmine.validator.structures.stated import StatedStructure
from scmine.validator.structures.volume_check import least_volume

_POINTS = {"P": 1, "A": 2, "B": 2, "C": 2, "I": 2, "R": 3, "F": 4}
_EQUAL = {"cubic": "aaa", "tetragonal": "aac", "trigonal": "aac", "hexagonal": "aac"}
_NONMETALS = frozenset(("B", "C", "N", "O", "F", "Si", "P", "S", "Cl", "As", "Se", "Br", "Te", "I"))
_HYDROGEN = frozenset("HDT")
_MIX = 1.16
"""Metals whose radii differ by less may share a site (Hume-Rothery's 15 %, rounded up)."""
_WHOLE = 1e-6
_DENSITY = 1.66054
"""Unified atomic mass units per Å³ in g/cm³."""
_MOST_UNITS = 2000


def check_contents(stated: StatedStructure, group_number: int | None) -> list[Finding]:
    """An error if the stated cell is too small for its atoms, or Z or the density impossible.

    Nothing is said without a formula in whole numbers, a group and a complete cell, or where a
    file gives the atoms.

    >>> lah10 = StatedStructure(composition={"La": 1, "H": 10}, a_A=5.1, pressure_GPa=1)
    >>> [f.name for f in check_contents(lah10, 225)]
    ['volume_too_small']
    """
    amounts = {element: n for element, n in stated.composition.items() if n > 0}
    whole = all(abs(n - round(n)) < _WHOLE for n in amounts.values())
    if not amounts or not whole or stated.block or group_number is None:
        return []
    cell = _cell(stated, group_number)
    if cell is None:
        return []
    volume, points = cell
    counted = _counted(amounts)
    least = least_volume(amounts, _pressure(stated)) * limits()["volume"]["too_small"]["refused"]
    fewest = stated.formula_units or points / sum(counted.values())
    if volume / fewest < least:
        return [_too_small(stated, volume / fewest, sum(amounts.values()), fewest)]
    if _may_mix(counted) or any(site.occupancy < 1 for site in stated.sites):
        return []
    step = _step(counted, group_number)
    wrong = _check_units(stated, step, points)
    return wrong or _check_density(stated, amounts, volume, least, step)


def _pressure(stated: StatedStructure) -> float:
    if stated.pressure_GPa is None:
        return float(limits()["volume"]["unknown_pressure_GPa"])
    return stated.pressure_GPa


def _too_small(stated: StatedStructure, volume: float, atoms: float, units: float) -> Finding:
    pressure = stated.pressure_GPa
    at = "" if pressure is None else f" at {pressure:g} GPa"
    message = (
        f"{volume / atoms:.2f} Å³ an atom with {units:.3g} formula units in the cell, "
        f"the fewest there can be{at}: less than such atoms take"
    )
    if stated.formula_units:
        message = f"{volume / atoms:.2f} Å³ an atom at Z = {units:g}: less than such atoms take{at}"
    fields = ("a_A", "b_A", "c_A", "pressure_GPa")
    return Finding("volume_too_small", Severity.ERROR, message, fields)


def _check_units(stated: StatedStructure, step: float, points: int) -> list[Finding]:
    """Z as stated, of the conventional cell or the primitive one, is a number the group allows."""
    units = stated.formula_units
    if not units or any(_is_multiple(n, step) for n in (units, units * points)):
        return []
    message = f"Z is stated as {units:g}; the positions of the group make multiples of {step:g}"
    return [Finding("formula_units_differ", Severity.ERROR, message, ("formula_units",))]


def _check_density(
    stated: StatedStructure, amounts: dict[str, float], volume: float, least: float, step: float
) -> list[Finding]:
    """No number of formula units makes the density, be it the crystal's or a porous sample's."""
    density = stated.density_g_cm3
    if not density or stated.formula_units:
        return []
    mass = _mass(amounts)
    off = limits()["cell"]["density_refused"]
    sound = least_volume(amounts, stated.pressure_GPa or 0.0)
    sound *= limits()["volume"]["too_small"]["doubted"]
    porous = limits()["cell"]["porous"]
    made = []
    for units in _multiples(step, volume / least):
        crystal = units * mass * _DENSITY / volume
        if abs(density / crystal - 1) <= off or (
            density <= crystal <= porous * density and volume / units >= sound
        ):
            return []
        made.append(crystal)
    if not made:
        return []
    near = ", ".join(f"{d:.2f}" for d in sorted(made, key=lambda d: abs(d - density))[:2])
    message = f"density stated as {density:g} g/cm³; whole numbers of formula units make {near}"
    return [Finding("density_differs", Severity.ERROR, message, ("density_g_cm3",))]


def _multiples(step: float, most: float) -> Iterator[float]:
    for n in range(1, _MOST_UNITS):
        if n * step > most:
            return
        yield n * step


def _is_multiple(value: float, step: float) -> bool:
    return value / step > 0.5 and abs(value / step - round(value / step)) < 0.01


def _counted(amounts: dict[str, float]) -> dict[str, float]:
    """The atoms that stand on whole lattice points: metals; if there are none, what is left.

    What is small may be missing from its sites, as hydrogen in palladium.
    """
    nonmetals = {e: n for e, n in amounts.items() if e in _NONMETALS}
    metals = {e: n for e, n in amounts.items() if e not in _NONMETALS | _HYDROGEN}
    return metals or nonmetals or amounts


def _may_mix(elements: Iterable[str]) -> bool:
    """Whether two of the elements are of so like a size that they may share a site."""
    radii = sorted(element_data()[e].radius_A for e in elements if e in element_data())
    return any(larger < _MIX * smaller for smaller, larger in combinations(radii, 2))


def _step(counted: dict[str, float], group_number: int) -> float:
    """The number of which Z is a multiple when the atoms fill whole positions of the group."""
    hall = settings_of_group(group_number)[0].hall
    common = math.gcd(*(p.multiplicity for p in positions(hall)))
    return common / math.gcd(*(round(n) for n in counted.values()))


def _mass(amounts: dict[str, float]) -> float:
    from pymatgen.core import Element

    return sum(n * float(Element(e).atomic_mass) for e, n in amounts.items())


def _cell(stated: StatedStructure, group_number: int) -> tuple[float, int] | None:
    """Volume (Å³) of the stated cell and its lattice points; None if the cell is incomplete."""
    system = crystal_system(group_number)
    names = [settings_of_group(group_number)[0].name]
    printed = group_named(stated.space_group) if stated.space_group else None
    names += [printed.stated] if printed else []  # F4/mmm is I4/mmm on a larger cell
    points = min(_POINTS.get(name[0], 1) for name in names)
    edges = _edges(stated, _EQUAL.get(system, "abc"))
    angles: list[float | None] = [stated.alpha_deg, stated.beta_deg, stated.gamma_deg]
    usual = _usual_angles(system)
    wanted = zip(angles, usual, strict=True)
    if any(v is not None and u is not None and abs(v - u) > 1 for v, u in wanted):
        points = 1  # a primitive cell: its angles and edges are equal or all stated
        known = {v for v in angles if v is not None}
        if len(known) == 1 and system in ("cubic", "trigonal"):
            edges, angles = _edges(stated, "aaa"), [known.pop()] * 3
        usual = (None, None, None)
    full = [v if v is not None else u for v, u in zip(angles, usual, strict=True)]
    numbers = [v for v in (*edges, *full) if v is not None]
    if len(numbers) < 6:
        return None
    a, b, c, *degrees = numbers
    alpha, beta, gamma = (math.cos(math.radians(v)) for v in degrees)
    square = 1 - alpha**2 - beta**2 - gamma**2 + 2 * alpha * beta * gamma
    return (a * b * c * math.sqrt(square), points) if square > _WHOLE else None


def _edges(stated: StatedStructure, classes: str) -> list[float | None]:
    """The edges, those not stated from the ones that they are equal to."""
    edges = (stated.a_A, stated.b_A, stated.c_A)
    known = {k: v for k, v in zip(classes, edges, strict=True) if v is not None}
    return [v if v is not None else known.get(k) for k, v in zip(classes, edges, strict=True)]


def _usual_angles(system: str) -> tuple[float | None, float | None, float | None]:
    if system in ("trigonal", "hexagonal"):
        return 90.0, 90.0, 120.0
    if system == "triclinic":
        return None, None, None
    return (90.0, None, 90.0) if system == "monoclinic" else (90.0, 90.0, 90.0)
