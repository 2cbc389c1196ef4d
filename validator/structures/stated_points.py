"""Whether a structure has atoms at stated coordinates, in some choice of axes and origin.

A paper and a table may lay axes and origin differently: those choices that the symmetry allows are
gone through, and one of them must bring every stated site near an atom of its element. What a
failure means is said in ``site_check``.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import permutations, product
from typing import TYPE_CHECKING

import numpy as np

from scmine.validator.structures.expressions import Floats
from scmine.validator.structures.limits import limits
from scmine.validator.structures.printed_sites import PrintedSite
from scmine.validator.structures.stated import StatedStructure
from scmine.validator.structures.symmetry import symmetry_dataset

if TYPE_CHECKING:
    from pymatgen.core import Structure

_QUARTERS = (0.0, 0.25, 0.5, 0.75)
_EIGHTHS = tuple(n / 8 for n in range(8))
_THIRDS = ((0.0, 0.0), (1 / 3, 2 / 3), (2 / 3, 1 / 3))
_ORIGINS_AT_EIGHTHS = {70, 88, 141, 142, 203, 210, 227, 228}
"""Groups whose origins in the tables, or in structures of them, are eighths apart."""
_TRIGONAL_AND_HEXAGONAL = range(143, 195)
_SWAPPED = np.array([[0.0, 1, 0], [1, 0, 0], [0, 0, 1]])
_TURNED = np.diag([-1.0, -1.0, 1.0])
_TO_RHOMBOHEDRAL = np.array([[1.0, 0, 1], [-1, 1, 1], [0, -1, 1]])
"""Coordinates on hexagonal axes (obverse) to those on rhombohedral ones."""
_SAME_EDGE = 0.02


@dataclass(frozen=True, slots=True)
class _Frame:
    """Atoms on one choice of axes.

    ``atoms`` are fractions (n, 3) of each element; ``lattice`` (3, 3) has the axes as rows;
    ``is_free`` (3,) tells along which axes the origin may lie anywhere.
    """

    number: int
    lattice: Floats
    atoms: dict[str, Floats]
    is_free: np.ndarray


def has_atoms_at(
    structure: Structure, sites: Sequence[PrintedSite], stated: StatedStructure
) -> bool:
    """Whether the structure has atoms of their elements near all of ``sites``.

    Coordinates that are open (NaN) are passed over. No, if spglib finds no symmetry.
    """
    return any(
        _fits(frame, sites, axes, near_A=limits()["sites"]["near_A"])
        for frame in _frames(structure)
        for axes in _axes(frame, stated)
    )


def _frames(structure: Structure) -> Iterator[_Frame]:
    data = symmetry_dataset(structure, limits()["symmetry"]["exact_A"])
    if data is None:
        return
    number = int(data.number)
    species = [_elements(site.species) for site in structure]
    free = _free_axes(np.asarray(data.rotations))
    own = _Frame(
        number, structure.lattice.matrix, _by_element(species, structure.frac_coords), free
    )
    kinds: dict[int, tuple[str, ...]] = {}
    names: dict[str, int] = {}
    for site, elements in zip(structure, species, strict=True):
        kinds[names.setdefault(site.species_string, len(names) + 1)] = elements
    held = [kinds[int(kind)] for kind in data.std_types]
    atoms = _by_element(held, np.asarray(data.std_positions))
    turn = np.asarray(data.transformation_matrix)
    free = _free_axes(turn @ np.asarray(data.rotations) @ np.linalg.inv(turn))
    standard = _Frame(number, np.asarray(data.std_lattice), atoms, free)
    yield own
    yield standard
    if str(data.international).startswith("R"):
        lattice = np.linalg.inv(_TO_RHOMBOHEDRAL).T @ standard.lattice
        turned = {e: xyz @ _TO_RHOMBOHEDRAL.T for e, xyz in atoms.items()}
        yield _Frame(number, lattice, turned, np.zeros(3, dtype=bool))


def _elements(species: object) -> tuple[str, ...]:
    amounts: dict[str, float] = species.get_el_amt_dict()  # type: ignore[attr-defined]
    return tuple("H" if symbol in ("D", "T") else symbol for symbol in amounts)


def _by_element(held: Sequence[tuple[str, ...]], xyz: Floats) -> dict[str, Floats]:
    names = sorted({element for elements in held for element in elements})
    return {
        name: np.array([x for x, elements in zip(xyz, held, strict=True) if name in elements])
        for name in names
    }


def _free_axes(rotations: Floats) -> np.ndarray:
    """Along which axes no operation turns: (3,)."""
    return np.all(np.abs(rotations - np.eye(3)) < 1e-6, axis=(0, 1))


def _axes(frame: _Frame, stated: StatedStructure) -> Iterator[Floats]:
    """Matrices that turn stated coordinates to the axes of the frame, the identity first."""
    for matrix in _proper_axes(frame, stated):
        yield matrix
        yield -matrix


def _proper_axes(frame: _Frame, stated: StatedStructure) -> Iterator[Floats]:
    one = np.eye(3)
    if frame.number > 74:
        yield one
    if frame.number > 194:
        yield _SWAPPED
    elif frame.number > 142:
        yield from (_SWAPPED, _TURNED, _SWAPPED @ _TURNED)
    elif frame.number > 74:
        yield _SWAPPED
    else:
        orders = [one[list(order)] for order in permutations(range(3))]
        agreed = [order for order in orders if _has_stated_edges(frame, order, stated)]
        yield from agreed or orders
        if frame.number < 16 and not agreed:
            unique = int(np.argmax(_oblique(frame.lattice)))
            yield from (m @ order for m, order in product(_monoclinic(unique), orders))


def _has_stated_edges(frame: _Frame, order: Floats, stated: StatedStructure) -> bool:
    """Whether all edges are stated and are those of the frame, in this order."""
    edges = (stated.a_A, stated.b_A, stated.c_A)
    if None in edges:
        return False
    own = np.linalg.norm(frame.lattice, axis=1)
    return bool(np.all(np.abs(order @ np.array(edges, dtype=float) / own - 1) < _SAME_EDGE))


def _oblique(lattice: Floats) -> Floats:
    """How far the angle opposite each axis is from a right one."""
    unit = lattice / np.linalg.norm(lattice, axis=1)[:, None]
    cosines = np.abs(unit @ unit.T)
    return np.array([cosines[1, 2], cosines[0, 2], cosines[0, 1]])


def _monoclinic(unique: int) -> Iterator[Floats]:
    """Other choices of the two axes that are not the unique one."""
    i, j = (k for k in range(3) if k != unique)
    for p, q, r, s in product((-1.0, 0.0, 1.0), repeat=4):
        if abs(p * s - q * r) == 1.0:
            matrix = np.eye(3)
            matrix[i, i], matrix[i, j], matrix[j, i], matrix[j, j] = p, q, r, s
            yield matrix


def _fits(frame: _Frame, sites: Sequence[PrintedSite], axes: Floats, near_A: float) -> bool:
    """Whether one origin brings all sites near atoms."""
    turned = [(site.element, _turned(site.xyz, axes)) for site in sites]
    turned = [(element, xyz) for element, xyz in turned if not np.isnan(xyz).all()]
    shifts = _shifts(frame, turned)
    for element, xyz in turned:
        atoms = frame.atoms.get(element)
        if atoms is None:
            return False
        off = xyz + shifts[:, None, :] - atoms
        off = np.where(np.isnan(off), 0.0, off - np.rint(off))
        distances = np.linalg.norm(off @ frame.lattice, axis=2).min(axis=1)
        shifts = shifts[distances <= near_A]
        if not len(shifts):
            return False
    return True


def _turned(xyz: Floats, axes: Floats) -> Floats:
    """Coordinates on other axes; open where an open one takes part."""
    is_open = np.isnan(xyz)
    turned = axes @ np.where(is_open, 0.0, xyz)
    turned[(np.abs(axes) @ is_open) > 0] = np.nan
    return np.asarray(turned)


def _shifts(frame: _Frame, sites: Sequence[tuple[str, Floats]]) -> Floats:
    """Shifts of the origin (n, 3): fixed ones, and along free axes those to an atom."""
    steps = _EIGHTHS if frame.number in _ORIGINS_AT_EIGHTHS else _QUARTERS
    shifts = np.array(list(product(steps, repeat=3)))
    if frame.number in _TRIGONAL_AND_HEXAGONAL:
        shifts = np.concatenate(
            [shifts, [(x, y, z) for (x, y), z in product(_THIRDS[1:], _QUARTERS)]]
        )
    free = frame.is_free
    anchors = [s for s in sites if not np.isnan(s[1][free]).any()]
    if not free.any() or not anchors:
        return shifts
    element, xyz = anchors[0]
    fixed = np.unique(np.where(free, 0.0, shifts), axis=0)
    along = np.where(free, frame.atoms.get(element, np.zeros((1, 3))) - np.nan_to_num(xyz), 0.0)
    return (fixed[:, None, :] + along).reshape(-1, 3)
