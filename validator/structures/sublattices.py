"""Lattices of a structure: which ones a space group may have that is a subgroup of what is found.

A symbol says a lattice, too. Atoms of Im-3m on one cubic cell have no face-centred lattice in
theirs, so Fm-3m is no subgroup that leaves the cell as it is stated; Pm-3m is one. What group the
atoms have is found in ``symmetry``.
"""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
import spglib

from scmine.extractors.spacegroup_table import crystal_system, lookup_space_group
from scmine.validator.structures.expressions import Floats
from scmine.validator.structures.limits import limits
from scmine.validator.structures.settings import operations, settings_of_group

_MOST_TRANSLATIONS = 16
_LATTICE = {
    2: "aP", 10: "mP", 12: "mC", 47: "oP", 65: "oC", 69: "oF", 71: "oI", 123: "tP", 139: "tI",
    166: "hR", 191: "hP", 221: "cP", 225: "cF", 229: "cI",
}  # fmt: skip
"""The lattice whose points alone have this space group."""

_LESS = {
    "cF": "tI hR", "cI": "tI hR", "cP": "tP hR", "tP": "oP oC", "tI": "oI oF", "hP": "oC",
    "hR": "mC", "oP": "mP", "oC": "mP mC", "oF": "mC", "oI": "mC", "mP": "aP", "mC": "aP",
    "aP": "",
}  # fmt: skip
"""Lattices that a lattice becomes with fewer symmetries and the same points (ITA A, ch. 3.1)."""

_LETTERS = {
    "triclinic": "a", "monoclinic": "m", "orthorhombic": "o", "tetragonal": "t", "trigonal": "h",
    "hexagonal": "h", "cubic": "c",
}  # fmt: skip


def lattice_of_group(number: int) -> str:
    """The Bravais lattice of a space group, by its Pearson letters.

    >>> lattice_of_group(225), lattice_of_group(164), lattice_of_group(166), lattice_of_group(38)
    ('cF', 'hP', 'hR', 'oC')
    """
    group = lookup_space_group(number)
    centring = group.symbol[0] if group else "P"
    return _LETTERS[crystal_system(number)] + ("C" if centring in "AB" else centring)


def is_part_on_lattice(matrix: Floats, dataset: Any, part: int) -> bool:
    """Whether a subgroup of this number may have a lattice between the cell's and the atoms' own.

    Parameters
    ----------
    matrix
        The cell as it is stated, its vectors as rows, shape (3, 3) in Å.
    dataset
        spglib's dataset of the atoms in this cell.
    part
        Number of a space group that is a subgroup of the found one by its type.

    Returns
    -------
    bool
        True where the cell holds too many lattice points to try.
    """
    own = _translations(dataset)
    if len(own) > _MOST_TRANSLATIONS:
        return True
    wanted = lattice_of_group(part)
    fewer = _point_symmetries(part) < _point_symmetries(int(dataset.number))
    return any(
        wanted in _with_less(_lattice(matrix, points))
        for points in _between(own)
        if fewer or len(points) < len(own)
    )


def _point_symmetries(number: int) -> int:
    rotations, _ = operations(settings_of_group(number)[0].hall)
    return len(np.unique(np.rint(rotations).reshape(len(rotations), 9), axis=0))


def _translations(dataset: Any) -> Floats:
    """The lattice points of the atoms in the cell, shape (n, 3), in fractions of its edges."""
    still = np.all(np.asarray(dataset.rotations) == np.eye(3, dtype=int), axis=(1, 2))
    points: Floats = np.asarray(dataset.translations, dtype=np.float64)[still] % 1.0
    return points


def _between(own: Floats) -> list[Floats]:
    """The lattices from the cell's alone to all points of ``own``: the points of each."""
    found: dict[frozenset[int], Floats] = {}
    for count in range(3):
        for some in itertools.combinations(range(len(own)), count):
            members = _closed(own, some)
            found.setdefault(members, own[sorted(members)])
    found.setdefault(frozenset(range(len(own))), own)
    return list(found.values())


def _closed(own: Floats, generators: tuple[int, ...]) -> frozenset[int]:
    """Indices of the points that are sums of the generators."""
    members = {_index(own, np.zeros(3))}
    while True:
        sums = {_index(own, own[m] + own[g]) for m in members for g in generators}
        if sums <= members:
            return frozenset(members)
        members |= sums


def _index(own: Floats, point: Floats) -> int:
    off = own - point
    return int(np.argmin(np.abs(off - np.rint(off)).max(axis=1)))


def _lattice(matrix: Floats, points: Floats) -> str:
    """The Bravais lattice of the points in the cell, at a tolerance of 0.01 Å."""
    exact = limits()["symmetry"]["exact_A"]
    cell: Any = (matrix, points, [1] * len(points))
    data = spglib.get_symmetry_dataset(cell, symprec=exact)
    return "aP" if data is None else _LATTICE.get(int(data.number), "aP")


def _with_less(lattice: str) -> set[str]:
    found = {lattice}
    for less in _LESS[lattice].split():
        found |= _with_less(less)
    return found
