"""All checks of a rebuilt structure against what is stated of it, each finding with its reason.

What each check asks lives in its own module; the limits are in ``structure_checks.toml``.
"""

from __future__ import annotations

from scmine.validator.finding import Finding, Severity
from scmine.validator.structures.cell_check import check_cell
from scmine.validator.structures.composition_check import check_composition
from scmine.validator.structures.distances import check_distances
from scmine.validator.structures.limits import limits
from scmine.validator.structures.rebuilt import Candidate, Way
from scmine.validator.structures.site_check import check_sites
from scmine.validator.structures.stated import StatedStructure
from scmine.validator.structures.symmetry import check_symmetry, found_symmetry
from scmine.validator.structures.volume_check import check_stated_volume, check_volume


def check(candidate: Candidate, stated: StatedStructure) -> list[Finding]:
    """What speaks against a candidate, errors first; empty if all that is stated agrees with it.

    Parameters
    ----------
    candidate
        The structure that a way proposes; its ``estimated`` fields are not held against it.
    stated
        What the paper states. Distances and volume are judged at its pressure (GPa).

    Returns
    -------
    list of Finding
        A structure with an error among them is not handed out.
    """
    structure, pressure = candidate.structure, stated.pressure_GPa
    most = limits()["size"]["most_atoms"]
    if not 0 < len(structure) <= most:
        message = f"{len(structure)} atoms; structures of 1 to {most} atoms are checked"
        return [Finding("size_not_checked", Severity.ERROR, message)]
    found = check_composition(structure, stated)
    volume = check_volume(structure, pressure)
    found += volume
    if not any(f.name == "volume_too_small" and f.severity is Severity.ERROR for f in volume):
        found += check_distances(structure, pressure)
        found += check_symmetry(candidate, stated, found_symmetry(structure))
        found += check_cell(candidate, stated)
        found += check_stated_volume(structure, stated)
        if candidate.way in (Way.PROTOTYPE, Way.DOPING):
            found += check_sites(structure, stated)
    order = list(Severity)
    return sorted(found, key=lambda f: order.index(f.severity))


def is_refused(findings: list[Finding]) -> bool:
    """Whether a structure with these findings is not handed out."""
    return any(f.severity is Severity.ERROR for f in findings)
