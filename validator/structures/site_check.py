"""Sites that a paper states, against a structure whose atoms come from elsewhere.

A prototype or a host must have what little is stated: an element on a position of the stated
multiplicity, and atoms of that element near all stated coordinates, also where one or two of the
three are left open, in one choice of axes and origin.
Structures built from the stated sites themselves are not checked here.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from scmine.validator.finding import Finding, Severity
from scmine.validator.structures.limits import limits
from scmine.validator.structures.printed_sites import printed_sites
from scmine.validator.structures.refusal import RefusalError
from scmine.validator.structures.stated import StatedSite, StatedStructure
from scmine.validator.structures.stated_points import has_atoms_at
from scmine.validator.structures.symmetry import symmetry_analyzer

if TYPE_CHECKING:
    from pymatgen.core import Structure


def check_sites(structure: Structure, stated: StatedStructure) -> list[Finding]:
    """An error for stated sites that the structure has no such position or no such atoms for."""
    found = _check_multiplicities(structure, stated.sites)
    if found:
        return found
    try:
        printed = printed_sites(stated) if stated.sites else []
    except RefusalError as refusal:
        return [refusal.finding()]
    placed = [site for site in printed if not np.isnan(site.xyz).all()]
    if not placed or has_atoms_at(structure, placed, stated):
        return []
    names = ", ".join(sorted({site.name for site in placed}))
    message = f"wherever its origin is put, the structure lacks atoms where {names} is stated"
    return [Finding("site_missing", Severity.ERROR, message, ("sites",))]


def _check_multiplicities(structure: Structure, sites: Sequence[StatedSite]) -> list[Finding]:
    counted = [(site, re.match(r"[0-9]+", site.site or "")) for site in sites]
    wanted = {(s.element, s.site or "", int(count[0])) for s, count in counted if count}
    if not wanted:
        return []
    positions = _positions(structure)
    found = []
    for element, site, multiplicity in sorted(wanted):
        if (element, multiplicity) not in positions:
            message = f"{element} is stated on {site}; the structure has it on no such position"
            found.append(Finding("site_missing", Severity.ERROR, message, ("sites",)))
    return found


def _positions(structure: Structure) -> set[tuple[str, int]]:
    """Elements and the multiplicities of their positions in the conventional cell."""
    analyzer = symmetry_analyzer(structure, limits()["symmetry"]["exact_A"])
    cell = analyzer.get_symmetrized_structure()
    # multiplicities count in the conventional cell, whatever cell is given
    data = analyzer.get_symmetry_dataset()
    scale = len(data.std_types) / len(structure)
    return {
        (symbol, round(len(group) * scale))
        for group in cell.equivalent_sites
        for symbol in group[0].species.get_el_amt_dict()
    }
