"""Distances between atoms: the shortest of each pair of elements, and whether they can be.

Limits are shares of the sum of covalent radii that shrink with pressure; hydrogen to hydrogen has
its own. The numbers are data (see ``limits``).
"""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from scmine.validator.finding import Finding, Severity
from scmine.validator.structures.limits import at_pressure, element_data, limits

if TYPE_CHECKING:
    from pymatgen.core import PeriodicSite, Structure

_SAME_PLACE_A = 0.05
_SHORTEST_CELL_A = 0.6
"""No atom is this close to its own image; also keeps the number of neighbours in bounds."""
_FULL = 1.001
"""Two sites that are occupied less than this together need never be occupied at once."""


class PairDistance(NamedTuple):
    """The shortest distance between atoms of two elements, in alphabetic order."""

    first: str
    second: str
    distance_A: float


def shortest_distances(structure: Structure) -> list[PairDistance]:
    """The shortest distance of each pair of elements that come near each other, shortest first.

    Sites that are occupied in part and exclude each other are left out. Pairs farther apart than
    neighbours can be are left out too.
    """
    return _measure(structure)[0]


def check_distances(structure: Structure, pressure_GPa: float | None) -> list[Finding]:
    """Findings on distances that are too short, or an atom that has no neighbour.

    Without a pressure only what no pressure can bring about is an error.
    """
    if min(structure.lattice.abc) < _SHORTEST_CELL_A:
        edge = min(structure.lattice.abc)
        message = f"a cell edge is {edge:.2f} Å, shorter than any distance between atoms"
        return [Finding("distance_too_short", Severity.ERROR, message)]
    pairs, reach = _measure(structure)
    found = [f for pair in pairs if (f := _judge(pair, pressure_GPa)) is not None]
    return [*found, *_lonely(structure, reach)]


def _judge(pair: PairDistance, pressure_GPa: float | None) -> Finding | None:
    refused, doubted = _limits_of(pair, pressure_GPa)
    if pair.distance_A >= doubted:
        return _judge_squeezed(pair, pressure_GPa)
    at = "at any pressure" if pressure_GPa is None else f"at {pressure_GPa:g} GPa"
    names = f"{pair.first}–{pair.second}"
    if pair.distance_A < _SAME_PLACE_A:
        message = f"two atoms ({names}) are at one place"
        return Finding("atoms_overlap", Severity.ERROR, message)
    if pair.distance_A < refused:
        message = f"{names} {pair.distance_A:.3f} Å; less than {refused:.2f} Å is not known {at}"
        return Finding("distance_too_short", Severity.ERROR, message)
    at = "without pressure" if pressure_GPa is None else at
    message = f"{names} {pair.distance_A:.3f} Å; less than {doubted:.2f} Å is unusual {at}"
    return Finding("distance_short", Severity.WARNING, message)


def _judge_squeezed(pair: PairDistance, pressure_GPa: float | None) -> Finding | None:
    """Hydrogen as near as only pressure brings it, where little or none is stated."""
    table = limits()["distances"]["hydrogen_squeezed"]
    near = pair.first == pair.second == "H" and table["from_A"] < pair.distance_A < table["to_A"]
    if not near or (pressure_GPa is not None and pressure_GPa >= table["needs_GPa"]):
        return None
    message = (
        f"H–H {pair.distance_A:.3f} Å is known above {table['needs_GPa']:g} GPa only; "
        f"{'no pressure' if pressure_GPa is None else f'{pressure_GPa:g} GPa'} is stated"
    )
    severity = Severity.NOTE if pressure_GPa is None else Severity.WARNING
    return Finding("hydrogen_squeezed", severity, message, ("pressure_GPa",))


def _limits_of(pair: PairDistance, pressure_GPa: float | None) -> tuple[float, float]:
    """The distances in Å below which a pair is refused and doubted."""
    table = limits()["distances"]
    if pair.first == pair.second == "H":
        own = table["hydrogen_hydrogen_A"]
        return own["refused"], own["doubted"]
    kind = "hydrogen_other" if "H" in (pair.first, pair.second) else "other_other"
    radii = _radius(pair.first) + _radius(pair.second)
    highest = table["pressure_GPa"][-1]
    refused = at_pressure(table[kind]["refused"], highest if pressure_GPa is None else pressure_GPa)
    doubted = _doubted_shares(pair) or table[kind]["doubted"]
    return radii * refused, radii * at_pressure(doubted, pressure_GPa or 0.0)


def _doubted_shares(pair: PairDistance) -> list[float] | None:
    """The shares of a pair of elements of two known kinds; None where any is as good as another."""
    kinds = sorted((_kind(pair.first), _kind(pair.second)))
    shares: dict[str, list[float]] = limits()["distances"]["doubted_of_kinds"]
    return shares.get("-".join(kinds))


def _kind(symbol: str) -> str:
    kinds: dict[str, list[str]] = limits()["distances"]["kinds"]
    return next((kind for kind, symbols in kinds.items() if symbol in symbols), "metal")


def _radius(symbol: str) -> float:
    """The covalent radius; of an element heavier than curium the largest known one would mislead,
    so the smallest of the heavy ones is taken."""
    data = element_data().get(symbol)
    return data.radius_A if data else element_data()["Cm"].radius_A


def _measure(structure: Structure) -> tuple[list[PairDistance], list[float]]:
    """The shortest distance of each pair of elements, and of each site how near its nearest
    neighbour is as a share of their radii (infinite if none is in reach)."""
    occupants = [_elements(site) for site in structure]
    names = sorted({symbol for held in occupants for symbol in held})
    radii = np.array([_radius(name) for name in names])
    # sites x places: the number of an element on each site, -1 where there is none
    most = max(len(held) for held in occupants)
    kinds = np.full((len(structure), most), -1)
    for i, held in enumerate(occupants):
        kinds[i, : len(held)] = [names.index(symbol) for symbol in held]
    occupied = np.array([sum(held.values()) for held in occupants])
    cutoff = limits()["distances"]["lonely"] * 2 * radii.max()
    one, other, _, distance = structure.get_neighbor_list(cutoff, exclude_self=True)
    kept = (one == other) | (occupied[one] + occupied[other] > _FULL)
    one, other, distance = one[kept], other[kept], distance[kept]
    best = np.full((len(names), len(names)), np.inf)
    reach = np.full(len(structure), np.inf)
    for k, m in product(range(most), repeat=2):
        both = (kinds[one, k] >= 0) & (kinds[other, m] >= 0)
        first, second = kinds[one[both], k], kinds[other[both], m]
        np.minimum.at(best, (first, second), distance[both])
        np.minimum.at(reach, one[both], distance[both] / (radii[first] + radii[second]))
    pairs = [
        PairDistance(names[i], names[j], float(best[i, j]))
        for i, j in product(range(len(names)), repeat=2)
        if i <= j and np.isfinite(best[i, j])
    ]
    return sorted(pairs, key=lambda p: (p.distance_A, p.first, p.second)), reach.tolist()


def _elements(site: PeriodicSite) -> dict[str, float]:
    """The elements of a site with their occupancies; isotopes of hydrogen are hydrogen."""
    found: dict[str, float] = {}
    for species, share in site.species.items():
        symbol = getattr(species, "symbol", str(species))
        symbol = "H" if symbol in ("D", "T") else symbol
        found[symbol] = found.get(symbol, 0.0) + share
    return found


def _lonely(structure: Structure, reach: list[float]) -> list[Finding]:
    """One finding for the atom that is farthest from all others, if it is too far."""
    table = limits()["distances"]
    held = [
        (share, i)
        for i, share in enumerate(reach)
        if not set(_elements(structure[i])) & set(table["never_lonely"])
    ]
    if not held:
        return []
    share, i = max(held)
    if share <= table["lonely"]:
        return []
    message = (
        f"{structure[i].species_string} has no neighbour within {table['lonely']:g} times the "
        "sum of the covalent radii: the cell is too large or atoms are missing"
    )
    return [Finding("isolated_atom", Severity.ERROR, message)]
