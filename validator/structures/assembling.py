"""From placed sites and a cell to a structure, and how well its atoms keep apart.

The closeness is only for ranking settings and dropping impossible ones; the real judgement of
distances is in ``checks``.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from scmine.validator.structures.agreement import Occupied
from scmine.validator.structures.lattices import Cell

if TYPE_CHECKING:
    from pymatgen.core import Structure

MOST_ATOMS = 2000
_HYDROGEN_A = 0.37
_UNKNOWN_A = 1.5
_REACH_A = 3.0
_FULL = 1.001


def assemble(occupied: Sequence[Occupied], cell: Cell) -> Structure:
    """The structure of all atoms in the cell, each site with its label and its shares."""
    from pymatgen.core import Lattice, Structure

    lattice = Lattice.from_parameters(cell.a, cell.b, cell.c, cell.alpha, cell.beta, cell.gamma)
    species: list[dict[str, float]] = []
    coordinates = []
    labels: list[str | None] = []
    for o in occupied:
        count = o.place.multiplicity
        coordinates.append(o.place.orbit)
        species += [dict(o.species)] * count
        labels += [o.label or None] * count
    return Structure(lattice, species, np.concatenate(coordinates), labels=labels)


def closeness(structure: Structure) -> float:
    """The shortest distance as a share of the two atoms' radii; small if atoms clash.

    Sites that are occupied in part and exclude each other do not count. 10 if no two atoms are
    within 3 Å; 0 for a cell thinner than an atom.
    """
    if min(structure.lattice.abc) < 2 * _HYDROGEN_A:
        return 0.0
    first, second, images, distances = structure.get_neighbor_list(_REACH_A, exclude_self=True)
    if not len(distances):
        return 10.0
    radii = np.array([max(_radius(s.symbol) for s in site.species) for site in structure])
    full = np.array([site.species.num_atoms for site in structure])
    own = (first == second) & np.any(images != 0, axis=1)
    counts = own | (full[first] + full[second] > _FULL)
    if not counts.any():
        return 10.0
    return float((distances / (radii[first] + radii[second]))[counts].min())


@cache
def _radius(symbol: str) -> float:
    from pymatgen.core import Element

    if symbol == "H":
        return _HYDROGEN_A
    radius = Element(symbol).atomic_radius
    return float(radius) if radius else _UNKNOWN_A
