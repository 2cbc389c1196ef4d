"""A known structure put on a stated cell: whole, in part, or estimated; in other settings too.

Says how much the known cell had to be strained. Which known structures are tried, and which is
chosen, is the affair of ``prototypes``.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import log, sqrt
from typing import TYPE_CHECKING

from scmine.validator.structures.prototype_library import Example, expand
from scmine.validator.structures.stated import StatedStructure
from scmine.validator.structures.volumes import expected_volume

if TYPE_CHECKING:
    import numpy as np
    from pymatgen.core import Structure

_STRAIN = 0.25
"""A cell whose ratios or angles differ by more is not that of the known structure."""
_VOLUME = 0.6
"""A cell whose volume differs from the expected by more (as a logarithm) holds other contents."""

Cell = tuple[float, float, float, float, float, float]


@dataclass(frozen=True, slots=True)
class Fitted:
    """A known structure on the stated cell.

    ``strain`` is the root mean square of the differences of ln(edge) and of the angles in radians
    after scaling to the same volume; ``volume`` is ln(volume / expected volume), 0 if the volume
    is an estimate.
    """

    elements: tuple[str, ...]
    positions: np.ndarray
    cell: Cell
    strain: float
    volume: float
    estimated: tuple[str, ...]

    def structure(self) -> Structure:
        """The atoms."""
        from pymatgen.core import Lattice, Structure

        return Structure(Lattice.from_parameters(*self.cell), self.elements, self.positions)


def fit_cell(stated: StatedStructure, example: Example, elements: dict[str, str]) -> Fitted | str:
    """The known structure with other elements on the stated cell, or why it cannot be."""
    old, positions = expand(example)
    new = tuple(elements[el] for el in old)
    volume = _expected(stated, example, new)
    known = _scaled(example.cell, volume)
    target, estimated = _completed(stated, example.number, known)
    strain = _strain(known, target)
    if strain > _STRAIN:
        return "ratios of the cell"
    change = log(_volume(target) / volume)
    if abs(change) > _VOLUME:
        return "volume of the cell"
    return Fitted(new, positions, target, strain, change, estimated)


def _expected(stated: StatedStructure, example: Example, new: tuple[str, ...]) -> float:
    """The volume of the conventional cell: the example's, corrected for elements and pressure."""
    volume = _volume(example.cell)
    atoms: dict[str, float] = {el: float(new.count(el)) for el in new}
    times = len(new) / sum(example.composition.values())
    before = {el: n * times for el, n in example.composition.items()}
    here = expected_volume(atoms, stated.pressure_GPa)
    there = expected_volume(before, example.pressure_GPa)
    return volume * here / there if here and there else volume


def _scaled(cell: Cell, volume: float) -> Cell:
    factor = (volume / _volume(cell)) ** (1 / 3)
    a, b, c, alpha, beta, gamma = cell
    return (a * factor, b * factor, c * factor, alpha, beta, gamma)


def _volume(cell: Cell) -> float:
    from pymatgen.core import Lattice

    return float(Lattice.from_parameters(*cell).volume)


def _completed(stated: StatedStructure, number: int, known: Cell) -> tuple[Cell, tuple[str, ...]]:
    """The stated cell with what it leaves open: by symmetry, else by the known ratios."""
    edges = [stated.a_A, stated.b_A, stated.c_A]
    angles = [stated.alpha_deg, stated.beta_deg, stated.gamma_deg]
    _by_symmetry(number, edges, angles, known)
    estimated = [n for n, v in zip(("a_A", "b_A", "c_A"), edges, strict=True) if v is None]
    scales = [e / k for e, k in zip(edges, known[:3], strict=True) if e is not None]
    scale = (sum(log(s) for s in scales) / len(scales)) if scales else 0.0
    factor = 2.718281828459045**scale
    full = [e if e is not None else k * factor for e, k in zip(edges, known[:3], strict=True)]
    corners = [x if x is not None else k for x, k in zip(angles, known[3:], strict=True)]
    names = ("alpha_deg", "beta_deg", "gamma_deg")
    estimated += [n for n, x in zip(names, angles, strict=True) if x is None]
    if not scales:
        estimated = ["volume", *estimated]
    return (full[0], full[1], full[2], corners[0], corners[1], corners[2]), tuple(estimated)


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


def _strain(one: Cell, other: Cell) -> float:
    logs = [log(p / q) for p, q in zip(one[:3], other[:3], strict=True)]
    mean = sum(logs) / 3
    turned = [(p - q) * 0.0174533 for p, q in zip(one[3:], other[3:], strict=True)]
    return sqrt((sum((v - mean) ** 2 for v in logs) + sum(t * t for t in turned)) / 3)
