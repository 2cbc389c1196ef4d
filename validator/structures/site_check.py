"""Sites that a paper states, against a structure whose atoms come from elsewhere.

A prototype or a host must have what little is stated: an element on a position of the stated
multiplicity, and atoms of that element at the stated coordinates, wherever the origin is put.
Structures built from the stated sites themselves are not checked here.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import product
from typing import TYPE_CHECKING

import numpy as np

from scmine.validator.finding import Finding, Severity
from scmine.validator.structures.limits import limits
from scmine.validator.structures.stated import StatedSite, StatedStructure
from scmine.validator.structures.symmetry import symmetry_dataset

if TYPE_CHECKING:
    from pymatgen.core import Structure

_PARTS = (0.0, 0.25, 0.5, 0.75)
_SHIFTS = (
    *product(_PARTS, repeat=3),
    *((1 / 3, 2 / 3, z) for z in _PARTS),
    *((2 / 3, 1 / 3, z) for z in _PARTS),
)
"""Where papers and tables put the origin differently."""

_POLAR = {"1", "2", "m", "mm2", "3", "3m", "4", "4mm", "6", "6mm"}
"""Point groups whose origin may lie anywhere along an axis."""

_FEWEST_OF_ONE_SETTING = 75
"""Space groups from here on have axes that a paper cannot well name otherwise."""


def check_sites(structure: Structure, stated: StatedStructure) -> list[Finding]:
    """An error for stated sites that the structure has no such position or no such atoms for."""
    found = _check_multiplicities(structure, stated.sites)
    if found:
        return found
    placed = [(site, xyz) for site in stated.sites if (xyz := _numeric(site)) is not None]
    if not placed or _agree(structure, placed):
        return []
    names = ", ".join(sorted({site.label or site.element for site, _ in placed}))
    message = f"wherever its origin is put, the structure lacks atoms where {names} is stated"
    return [Finding("site_missing", Severity.ERROR, message, ("sites",))]


def _numeric(site: StatedSite) -> tuple[float, float, float] | None:
    """The coordinates of a site if all are numbers."""
    if site.xyz is None:
        return None
    x, y, z = site.xyz
    if isinstance(x, str | None) or isinstance(y, str | None) or isinstance(z, str | None):
        return None
    return float(x), float(y), float(z)


def _agree(
    structure: Structure, placed: Sequence[tuple[StatedSite, tuple[float, float, float]]]
) -> bool:
    """Whether one shift of the origin puts every stated site onto an atom of its element.

    True where it cannot be told: in groups whose axes or origin a paper may choose freely, and for
    a cell that is not the conventional one.
    """
    data = symmetry_dataset(structure, limits()["symmetry"]["exact_A"])
    if data is None or data.number < _FEWEST_OF_ONE_SETTING or data.pointgroup in _POLAR:
        return True
    if len(data.std_types) != len(structure):
        return True
    near = limits()["sites"]["near_A"]
    atoms: dict[str, list[tuple[float, ...]]] = {}
    for site in structure:
        for symbol in site.species.get_el_amt_dict():
            atoms.setdefault("H" if symbol in "DT" else symbol, []).append(tuple(site.frac_coords))
    if any(site.element not in atoms for site, _ in placed):
        return False
    distances = structure.lattice.get_all_distances
    return any(
        all(
            distances(np.add(xyz, shift), atoms[site.element]).min() <= near for site, xyz in placed
        )
        for shift in _SHIFTS
    )


def _check_multiplicities(structure: Structure, sites: Sequence[StatedSite]) -> list[Finding]:
    wanted = {(s.element, s.site) for s in sites if s.site and s.site[0].isdigit()}
    if not wanted:
        return []
    positions = _positions(structure)
    found = []
    for element, site in sorted(wanted):
        multiplicity = int(re.match(r"\d+", site)[0])  # type: ignore[index]
        if (element, multiplicity) not in positions:
            message = f"{element} is stated on {site}; the structure has it on no such position"
            found.append(Finding("site_missing", Severity.ERROR, message, ("sites",)))
    return found


def _positions(structure: Structure) -> set[tuple[str, int]]:
    """Elements and the multiplicities of their positions in the conventional cell."""
    from pymatgen.symmetry.analyzer import SpacegroupAnalyzer

    tolerance = limits()["symmetry"]["exact_A"]
    cell = SpacegroupAnalyzer(structure, symprec=tolerance).get_symmetrized_structure()
    # multiplicities count in the conventional cell, whatever cell is given
    data = SpacegroupAnalyzer(structure, symprec=tolerance).get_symmetry_dataset()
    scale = len(data.std_types) / len(structure)
    return {
        (symbol, round(len(group) * scale))
        for group in cell.equivalent_sites
        for symbol in group[0].species.get_el_amt_dict()
    }
