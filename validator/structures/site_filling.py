"""Putting a planned substitution (``substitution``) into the atoms of a structure.

Which structure, and whether it may be changed, is decided in ``doping`` and ``shared_sites``.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from scmine.validator.structures.rebuilt import Candidate
from scmine.validator.structures.substitution import Orbit, plan_substitution

if TYPE_CHECKING:
    from pymatgen.core import PeriodicSite, Structure

SYMMETRY_TOLERANCE_A = 0.01
"""Distance within which a host's atoms count as equivalent; spglib's usual value."""


def substituted(
    wanted: Mapping[str, float], host: Candidate
) -> tuple[Structure, tuple[str, ...]]:
    """A copy of the host's structure with the composition ``wanted``, and what was changed.

    Raises
    ------
    RefusalError
        As ``substitution.plan_substitution``.
    """
    from pymatgen.symmetry.analyzer import SpacegroupAnalyzer

    structure = host.structure.copy()
    symmetric = SpacegroupAnalyzer(structure, SYMMETRY_TOLERANCE_A).get_symmetrized_structure()
    orbits = [
        Orbit(len(sites), _species(sites[0]), bool(set(indices) & set(host.vacancies)))
        for sites, indices in zip(
            symmetric.equivalent_sites, symmetric.equivalent_indices, strict=True
        )
    ]
    plan = plan_substitution(wanted, orbits)
    for index, species in plan.species.items():
        for site in symmetric.equivalent_indices[index]:
            structure.replace(site, species)
    return structure, plan.changes


def _species(site: PeriodicSite) -> dict[str, float]:
    return {str(e): float(n) for e, n in site.species.element_composition.items()}
