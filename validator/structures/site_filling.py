"""Putting a planned substitution (``substitution``) into the atoms of a structure.

Which structure, and whether it may be changed, is decided in ``doping`` and ``shared_sites``.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from scmine.validator.structures.rebuilt import Candidate
from scmine.validator.structures.refusal import RefusalError
from scmine.validator.structures.substitution import Orbit, plan_substitution
from scmine.validator.structures.symmetry import symmetry_analyzer

if TYPE_CHECKING:
    from pymatgen.core import PeriodicSite, Structure

SYMMETRY_TOLERANCE_A = 0.01
"""Distance within which a host's atoms count as equivalent; spglib's usual value."""


def substituted(wanted: Mapping[str, float], host: Candidate) -> tuple[Structure, tuple[str, ...]]:
    """A copy of the host's structure with the composition ``wanted``, and what was changed.

    Raises
    ------
    RefusalError
        As ``substitution.plan_substitution``.
    """
    structure = host.structure.copy()
    analyzer = symmetry_analyzer(structure, SYMMETRY_TOLERANCE_A)
    symmetric = analyzer.get_symmetrized_structure()
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


def shared(structure: Structure, element: str, shares: Mapping[str, float]) -> Structure:
    """A copy of ``structure`` with the site of an element shared by several.

    Raises
    ------
    RefusalError
        ``site_not_unique``: the element sits on several sites.
    """
    analyzer = symmetry_analyzer(structure, SYMMETRY_TOLERANCE_A)
    orbits = analyzer.get_symmetrized_structure().equivalent_indices
    held = [orbit for orbit in orbits if structure[orbit[0]].specie.symbol == element]
    if len(held) != 1:
        names = " and ".join(shares)
        raise RefusalError(
            "site_not_unique", f"{names} may share any of {len(held)} different sites"
        )
    mixed = structure.copy()
    for site in held[0]:
        mixed.replace(site, dict(shares))
    return mixed


def _species(site: PeriodicSite) -> dict[str, float]:
    return {str(e): float(n) for e, n in site.species.element_composition.items()}
