"""Sites that a paper states, against a structure whose atoms come from elsewhere.

A prototype or a host must have what little is stated: an element on a position of the stated
multiplicity. Structures built from the stated sites themselves are not checked here.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from scmine.validator.finding import Finding, Severity
from scmine.validator.structures.limits import limits
from scmine.validator.structures.stated import StatedStructure

if TYPE_CHECKING:
    from pymatgen.core import Structure


def check_sites(structure: Structure, stated: StatedStructure) -> list[Finding]:
    """An error for each stated site that the structure has no such position for."""
    wanted = {(s.element, s.site) for s in stated.sites if s.site and s.site[0].isdigit()}
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
