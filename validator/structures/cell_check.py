"""The cell of a structure against the lengths and angles that are stated.

Guards the ways: what was stated must be found again in what they built, in some order of the axes
and in the conventional cell, the primitive one or the cell as given.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import permutations
from typing import TYPE_CHECKING

from scmine.validator.finding import Finding, Severity
from scmine.validator.structures.limits import limits
from scmine.validator.structures.rebuilt import Candidate
from scmine.validator.structures.stated import StatedStructure
from scmine.validator.structures.symmetry import standard_lattice

if TYPE_CHECKING:
    from pymatgen.core import Lattice, Structure

_LENGTHS = ("a_A", "b_A", "c_A")
_ANGLES = ("alpha_deg", "beta_deg", "gamma_deg")


def check_cell(candidate: Candidate, stated: StatedStructure) -> list[Finding]:
    """A finding if the stated cell is not that of the candidate.

    A warning where the statement was repaired on the way, an error where it was not.
    """
    values = [
        None if name in candidate.estimated else getattr(stated, name)
        for name in (*_LENGTHS, *_ANGLES)
    ]
    if all(v is None for v in values):
        return []
    if any(_agree(lattice, values) for lattice in _cells(candidate.structure)):
        return []
    severity = Severity.WARNING if candidate.repairs else Severity.ERROR
    have = ", ".join(f"{v:.4g}" for v in candidate.structure.lattice.parameters)
    said = ", ".join("?" if v is None else f"{v:g}" for v in values)
    message = f"the cell is stated as {said}, the structure has {have}"
    return [Finding("cell_differs", severity, message, (*_LENGTHS, *_ANGLES))]


def _agree(lattice: Lattice, values: Sequence[float | None]) -> bool:
    """Whether the stated values are those of a lattice, its axes in any order."""
    table = limits()["cell"]
    for order in permutations(range(3)):
        lengths = [lattice.abc[i] for i in order]
        angles = [lattice.angles[i] for i in order]
        near = [
            *(_near(v, x, table["length"] * x) for v, x in zip(values[:3], lengths, strict=True)),
            *(_near(v, x, table["angle_deg"]) for v, x in zip(values[3:], angles, strict=True)),
        ]
        if all(near):
            return True
    return False


def _near(stated: float | None, value: float, tolerance: float) -> bool:
    return stated is None or abs(stated - value) <= tolerance


def _cells(structure: Structure) -> Iterator[Lattice]:
    """The cells that a paper may state for these atoms."""
    from pymatgen.core import Lattice

    yield structure.lattice
    for primitive in (False, True):
        vectors = standard_lattice(structure, limits()["symmetry"]["exact_A"], primitive=primitive)
        if vectors is not None:
            yield Lattice(vectors)
