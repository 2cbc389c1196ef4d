"""A known structure put on a stated cell: whole, in part, or estimated; in other settings too.

Says how much the known cell had to be strained. Which known structures are tried, and which is
chosen, is the affair of ``prototypes``.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from math import exp, log
from typing import TYPE_CHECKING, Any

import numpy as np

from scmine.validator.structures.element_likeness import unlikeness
from scmine.validator.structures.prototype_library import Example, expand, vacant_atoms
from scmine.validator.structures.stated import StatedStructure
from scmine.validator.structures.volumes import transferred_volume

if TYPE_CHECKING:
    from pymatgen.core import Structure

_STRAIN = 0.16
"""A cell that differs by more from that of the known structure is not its cell."""
_SURE_STRAIN = 0.005
"""Below this strain in the standard setting no other is looked for: YBCO has b 1.7 % above a."""
_VOLUME = 0.6
"""A cell whose volume differs from the expected by more (as a logarithm) holds other contents."""
_KEPT = 0.3
"""Unlikeness of elements at which 1/e of an example's deviation from its atoms' volume is kept."""
_EDGE_TOLERANCE, _ANGLE_TOLERANCE = 0.25, 12.0
_SAME_ATOM = 1e-3
_NEAR = 0.02
"""Fractions, and ratios of edges, that differ less make no other structure."""

Cell = tuple[float, float, float, float, float, float]
_EDGES = ("a_A", "b_A", "c_A")
_ANGLES = ("alpha_deg", "beta_deg", "gamma_deg")
_HALF = 0.5
_CENTRINGS: dict[str, list[tuple[float, float, float]]] = {
    "P": [(0, 0, 0)],
    "A": [(0, 0, 0), (0, _HALF, _HALF)],
    "B": [(0, 0, 0), (_HALF, 0, _HALF)],
    "C": [(0, 0, 0), (_HALF, _HALF, 0)],
    "I": [(0, 0, 0), (_HALF, _HALF, _HALF)],
    "F": [(0, 0, 0), (0, _HALF, _HALF), (_HALF, 0, _HALF), (_HALF, _HALF, 0)],
    "R": [(0, 0, 0), (2 / 3, 1 / 3, 1 / 3), (1 / 3, 2 / 3, 2 / 3)],
}
_PRIMITIVE = {
    "P": [[1, 0, 0], [0, 1, 0], [0, 0, 1]],
    "A": [[1, 0, 0], [0, 0.5, 0.5], [0, -0.5, 0.5]],
    "B": [[0.5, 0, 0.5], [0, 1, 0], [-0.5, 0, 0.5]],
    "C": [[0.5, 0.5, 0], [-0.5, 0.5, 0], [0, 0, 1]],
    "I": [[-0.5, 0.5, 0.5], [0.5, -0.5, 0.5], [0.5, 0.5, -0.5]],
    "F": [[0, 0.5, 0.5], [0.5, 0, 0.5], [0.5, 0.5, 0]],
    "R": [[2 / 3, 1 / 3, 1 / 3], [-1 / 3, 1 / 3, 1 / 3], [-1 / 3, -2 / 3, 1 / 3]],
}


@dataclass(frozen=True, slots=True)
class Fitted:
    """A known structure on the stated cell.

    ``strain`` is the root mean square of the logarithms of the principal stretches that bring the
    known cell, scaled to the same volume, onto this one; ``volume`` is ln(volume / expected
    volume). Both are 0 where the cell is an estimate.
    """

    elements: tuple[str, ...]
    positions: np.ndarray
    cell: Cell
    strain: float
    volume: float
    estimated: tuple[str, ...]
    vacancies: tuple[int, ...] = ()

    def structure(self) -> Structure:
        """The atoms."""
        from pymatgen.core import Lattice, Structure

        return Structure(Lattice.from_parameters(*self.cell), self.elements, self.positions)

    def primitive(self, hall: int) -> Structure:
        """The atoms of a primitive cell, for comparisons; the cell is of the setting ``hall``."""
        from pymatgen.core import Lattice, Structure

        steps = np.array(_PRIMITIVE[centring(hall)])
        if len(self.elements) % round(1 / np.linalg.det(steps)):
            return self.structure()
        fractions = self.positions @ np.linalg.inv(steps)
        kept: list[int] = []
        for i, place in enumerate(fractions):
            apart = (fractions[kept] - place + 0.5) % 1.0 - 0.5
            same = np.abs(apart).max(axis=1) < _SAME_ATOM
            if not same.any():
                kept.append(i)
        if len(kept) * round(1 / np.linalg.det(steps)) != len(self.elements):
            return self.structure()
        lattice = Lattice(steps @ _matrix(self.cell))
        return Structure(lattice, [self.elements[i] for i in kept], fractions[kept])

    def is_near(self, other: Fitted) -> bool:
        """Whether another has the same atoms in the same order almost in the same places."""
        if self.elements != other.elements:
            return False
        apart = (self.positions - other.positions + 0.5) % 1.0 - 0.5
        cells = np.array(self.cell) / np.array(other.cell)
        turned = np.abs(cells[3:] - 1).max()
        return bool(max(np.abs(apart).max(), np.ptp(cells[:3]), turned) < _NEAR)


def fit_cell(
    stated: StatedStructure, example: Example, elements: dict[str, str]
) -> list[Fitted] | str:
    """The known structure with other elements on the stated cell, or why it cannot be.

    More than one comes back where the stated axes may be the known ones in several orders.
    """
    old, positions = expand(example)
    new = tuple(elements[el] for el in old)
    known = _scaled(example.cell, _expected(stated, example, elements))
    target, estimated = _completed(stated, example.number, known)
    before, after = _matrix(known), _matrix(target)
    fits = []
    if _same_shape(example.number, target):
        strain = _strain(before, after)
        change = log(np.linalg.det(after) / np.linalg.det(before))
        missing = tuple(vacant_atoms(example))
        fits = [Fitted(new, positions, target, strain, change, estimated, missing)]
    if (
        not estimated
        and (not fits or fits[0].strain > _SURE_STRAIN)
        and (example.number < 75 or not fits)
    ):
        fits += _mapped(stated, example, new, positions, before, target)
    if not fits:
        return "shape of the cell"
    near = [f for f in fits if f.strain < _STRAIN]
    if not near:
        return "ratios of the cell"
    right = [f for f in near if abs(f.volume) < _VOLUME]
    return sorted(right, key=lambda f: f.strain) or "volume of the cell"


def _mapped(
    stated: StatedStructure,
    example: Example,
    new: tuple[str, ...],
    positions: np.ndarray,
    before: np.ndarray,
    target: Cell,
) -> list[Fitted]:
    """The known structure on other axes: primitive cells are laid over each other every way."""
    from pymatgen.core import Lattice

    letter = centring(example.hall)
    known = np.array(_PRIMITIVE[letter]) @ before
    after = _matrix(target)
    inside = np.linalg.solve(known.T, (positions @ before).T).T
    first = (stated.space_group or letter).strip("-")[:1].upper()
    found: dict[float, Fitted] = {}
    for kind in _centrings(first, letter):
        primitive = np.array(_PRIMITIVE[kind]) @ after
        change = log(abs(np.linalg.det(primitive) / np.linalg.det(known)))
        if abs(change) > _VOLUME:
            continue
        scaled = Lattice(known * exp(change / 3))
        mappings = scaled.find_all_mappings(
            Lattice(primitive),
            ltol=_EDGE_TOLERANCE,
            atol=_ANGLE_TOLERANCE,
            skip_rotation_matrix=True,
        )
        for _, _, steps in mappings:
            strain = _strain(steps @ scaled.matrix, primitive)
            if strain > _STRAIN or round(strain, 3) in found:
                continue
            fractions = inside @ np.linalg.inv(steps) @ np.array(_PRIMITIVE[kind])
            fitted = _centred(new, fractions, vacant_atoms(example), kind, target)
            fitted = replace(fitted, strain=strain, volume=change)
            if _number(fitted) == example.number:
                found[round(strain, 3)] = fitted
        if found:
            break
    return list(found.values())


def _centrings(first: str, letter: str) -> list[str]:
    """Centrings that the stated cell may have, that of its symbol first."""
    if letter == "R":
        return ["R", "P"]
    same = [k for k in "ABCI" if letter in "ABCI"]
    return list(dict.fromkeys(k for k in (first, letter, *same, "P") if k in _PRIMITIVE))


def _centred(
    new: tuple[str, ...], fractions: np.ndarray, vacant: list[int], kind: str, target: Cell
) -> Fitted:
    """All atoms of the stated conventional cell, each once; its strain is not known here."""
    elements: list[str] = []
    kept: list[np.ndarray] = []
    missing: list[int] = []
    for number, (element, place) in enumerate(zip(new, fractions, strict=True)):
        for step in _CENTRINGS[kind]:
            image = (place + step) % 1.0
            same = (
                np.abs((image - p + 0.5) % 1.0 - 0.5).max() < _SAME_ATOM and e == element
                for e, p in zip(elements, kept, strict=True)
            )
            if not any(same):
                missing += [len(kept)] * (number in vacant)
                elements.append(element)
                kept.append(image)
    return Fitted(tuple(elements), np.array(kept), target, 0.0, 0.0, (), tuple(missing))


def _number(fitted: Fitted) -> int | None:
    """The space group that spglib finds."""
    import spglib

    kinds = sorted(set(fitted.elements))
    numbers = [kinds.index(el) for el in fitted.elements]
    cell: Any = (_matrix(fitted.cell), fitted.positions, numbers)
    found = spglib.get_symmetry_dataset(cell, symprec=0.02)
    return None if found is None else int(found.number)


@cache
def centring(hall: int) -> str:
    """The letter of the lattice of a setting (``C`` for C2/m)."""
    import spglib

    kind: Any = spglib.get_spacegroup_type(hall)
    return str(kind.international_short[0])


def _same_shape(number: int, cell: Cell) -> bool:
    """Whether a cell has the fixed angles and equal edges of its space group's standard axes."""
    a, b, c, alpha, beta, gamma = cell
    right = [abs(x - 90) < 0.3 for x in (alpha, beta, gamma)]
    if number <= 2:
        return True
    if number <= 15:
        return right[0] and right[2]
    hexagonal = 143 <= number <= 194
    if hexagonal:
        return right[0] and right[1] and abs(gamma - 120) < 0.3 and abs(a - b) < 0.01 * a
    equal = number < 75 or abs(a - b) < 0.01 * a
    return all(right) and equal and (number < 195 or abs(a - c) < 0.01 * a)


def _expected(stated: StatedStructure, example: Example, elements: dict[str, str]) -> float:
    """The volume of the conventional cell: the example's, corrected for elements and pressure.

    A pressure that is not stated is taken to be the example's: a hydride of 150 GPa would else be
    blown up to what its atoms take in a vacuum.
    """
    volume = float(np.linalg.det(_matrix(example.cell)))
    before, _ = expand(example)
    there = {el: float(before.count(el)) for el in elements}
    here = {elements[el]: n for el, n in there.items()}
    alike = exp(-sum(unlikeness(old, new) for old, new in elements.items()) / len(elements) / _KEPT)
    pressure = example.pressure_GPa if stated.pressure_GPa is None else stated.pressure_GPa
    return transferred_volume(volume, (there, example.pressure_GPa), (here, pressure), alike)


def _scaled(cell: Cell, volume: float) -> Cell:
    factor = (volume / float(np.linalg.det(_matrix(cell)))) ** (1 / 3)
    a, b, c, alpha, beta, gamma = cell
    return (a * factor, b * factor, c * factor, alpha, beta, gamma)


def _matrix(cell: Cell) -> np.ndarray:
    """The rows are the edges of the cell in ångström."""
    from pymatgen.core import Lattice

    return np.array(Lattice.from_parameters(*cell).matrix)


def _completed(stated: StatedStructure, number: int, known: Cell) -> tuple[Cell, tuple[str, ...]]:
    """The stated cell with what it leaves open: by symmetry, else by the known ratios."""
    edges = [stated.a_A, stated.b_A, stated.c_A]
    angles = [stated.alpha_deg, stated.beta_deg, stated.gamma_deg]
    if _is_rhombohedral(number, edges, angles):
        edges, angles = [edges[0]] * 3, [angles[0]] * 3
    _by_symmetry(number, edges, angles, known)
    scales = [log(e / k) for e, k in zip(edges, known[:3], strict=True) if e is not None]
    factor = exp(sum(scales) / len(scales)) if scales else 1.0
    full = [e if e is not None else k * factor for e, k in zip(edges, known[:3], strict=True)]
    corners = [x if x is not None else k for x, k in zip(angles, known[3:], strict=True)]
    estimated = [n for n, v in zip(_EDGES, edges, strict=True) if v is None]
    estimated += [n for n, x in zip(_ANGLES, angles, strict=True) if x is None]
    if not scales:
        estimated = ["volume", *estimated]
    return (full[0], full[1], full[2], corners[0], corners[1], corners[2]), tuple(estimated)


def _is_rhombohedral(number: int, edges: list[float | None], angles: list[float | None]) -> bool:
    """Whether one edge and one angle are stated, of a trigonal group: rhombohedral axes."""
    a, b, c = edges
    alpha, beta, gamma = angles
    alike = b in (None, a) and c in (None, a) and beta in (None, alpha) and gamma in (None, alpha)
    return 143 <= number <= 167 and a is not None and alpha is not None and alike


def _by_symmetry(
    number: int, edges: list[float | None], angles: list[float | None], known: Cell
) -> None:
    """Fill edges and angles that the crystal system fixes, in place."""
    for i, k in enumerate(known[3:]):
        fixed = number >= 16 or (number >= 3 and i != 1)
        if angles[i] is None and fixed:
            angles[i] = k
    if number >= 195:
        first = next((e for e in edges if e), None)
        edges[:] = [e or first for e in edges]
    elif number >= 75:
        first = edges[0] or edges[1]
        edges[:2] = [edges[0] or first, edges[1] or first]


def _strain(before: np.ndarray, after: np.ndarray) -> float:
    """How far one cell has to be deformed into another, its change of volume left out."""
    stretches = np.log(np.linalg.svd(np.linalg.solve(before, after), compute_uv=False))
    return float(np.sqrt(np.mean((stretches - stretches.mean()) ** 2)))
