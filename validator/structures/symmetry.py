"""Symmetry: the space group that spglib finds over a ladder of tolerances, against what is stated.

The claimed group must appear at one tolerance. Where the atoms have more symmetry than claimed at
all of them, the symbol or a rounded coordinate is wrong, but no atom is misplaced: a warning, and
an error only for atoms that come from a prototype, which then is another one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from scmine.extractors.spacegroup_table import lookup_space_group
from scmine.validator.finding import Finding, Severity
from scmine.validator.structures.limits import limits
from scmine.validator.structures.rebuilt import Candidate, Way
from scmine.validator.structures.stated import StatedStructure

if TYPE_CHECKING:
    from pymatgen.core import Structure

_SYSTEMS = (
    (2, "triclinic"),
    (15, "monoclinic"),
    (74, "orthorhombic"),
    (142, "tetragonal"),
    (167, "trigonal"),
    (194, "hexagonal"),
    (230, "cubic"),
)
_SPELLINGS = {
    "triclinic": "triclinic",
    "monoclinic": "monoclinic",
    "orthorhombic": "orthorhombic",
    "tetragonal": "tetragonal",
    "trigonal": "trigonal",
    "rhombohedral": "trigonal",
    "hexagonal": "hexagonal",
    "cubic": "cubic",
    "fcc": "cubic",
    "bcc": "cubic",
}
_ON_HEXAGONAL_AXES = {"trigonal", "hexagonal"}
"""Papers call a trigonal crystal hexagonal, after its axes."""

_MIRRORED = (
    {76, 78}, {91, 95}, {92, 96}, {144, 145}, {151, 153}, {152, 154},
    {169, 170}, {171, 172}, {178, 179}, {180, 181}, {212, 213},
)  # fmt: skip
"""The pairs of space groups that are mirror images."""


class FoundSymmetry(NamedTuple):
    """The space group found at one tolerance."""

    tolerance_A: float
    number: int
    symbol: str


def found_symmetry(structure: Structure) -> list[FoundSymmetry]:
    """The space group at each tolerance of the ladder, the tightest first.

    A tolerance at which spglib finds no group is left out.
    """
    found = []
    for tolerance in limits()["symmetry"]["tolerances_A"]:
        data = symmetry_dataset(structure, tolerance)
        if data is not None:
            group = lookup_space_group(int(data.number))
            symbol = group.symbol if group else str(data.international)
            found.append(FoundSymmetry(tolerance, int(data.number), symbol))
    return found


def conventional_atoms(structure: Structure) -> int:
    """How many sites the conventional cell has; of the cell as given if there is no group."""
    data = symmetry_dataset(structure, limits()["symmetry"]["exact_A"])
    return len(structure) if data is None else len(data.std_types)


def crystal_system(number: int) -> str:
    """The crystal system of a space group.

    >>> crystal_system(139), crystal_system(166), crystal_system(225)
    ('tetragonal', 'trigonal', 'cubic')
    """
    return next(name for last, name in _SYSTEMS if number <= last)


def claimed_number(stated: StatedStructure) -> int | None:
    """The number of the stated space group; None if none is stated or the symbol is no group's."""
    if stated.space_group:
        group = lookup_space_group(stated.space_group)
        if group is not None:
            return group.number
    return stated.space_group_number


def check_symmetry(
    candidate: Candidate, stated: StatedStructure, found: list[FoundSymmetry]
) -> list[Finding]:
    """Findings where the space group or the crystal system of the atoms is not the stated one."""
    if not found:
        message = "spglib finds no symmetry: atoms overlap or the cell is flat"
        return [Finding("symmetry_unknown", Severity.ERROR, message, ("space_group",))]
    return [
        *_check_number(stated),
        *_check_group(candidate, stated, found),
        *_check_system(stated, found),
    ]


def _check_number(stated: StatedStructure) -> list[Finding]:
    """Symbol and number that are not of one group."""
    claimed, number = claimed_number(stated), stated.space_group_number
    if number is None or claimed == number:
        return []
    message = f"{stated.space_group} is not space group {number} but {claimed}"
    return [
        Finding(
            "space_group_number_differs", Severity.ERROR, message, ("space_group", "space_group_number")
        )
    ]


def _check_group(
    candidate: Candidate, stated: StatedStructure, found: list[FoundSymmetry]
) -> list[Finding]:
    claimed = claimed_number(stated)
    if claimed is None:
        return []
    fields = ("space_group",)
    name = _name(claimed)
    hit = next((f for f in found if _same(f.number, claimed)), None)
    if hit is not None:
        if hit.tolerance_A <= limits()["symmetry"]["exact_A"]:
            return []
        message = f"{name} appears at {hit.tolerance_A:g} Å, {found[0].symbol} below"
        return [Finding("symmetry_inexact", Severity.NOTE, message, fields)]
    seen = ", ".join(dict.fromkeys(f.symbol for f in found))
    if all(contains(f.number, claimed) for f in found):
        made_up = candidate.way in (Way.PROTOTYPE, Way.DOPING)
        severity = Severity.ERROR if made_up else Severity.WARNING
        severity = Severity.NOTE if claimed == 1 and not made_up else severity
        message = f"{name} is stated, the atoms have the symmetry of {seen}"
        return [Finding("symmetry_higher", severity, message, fields)]
    message = f"{name} is stated, the atoms have {seen}"
    return [Finding("space_group_differs", Severity.ERROR, message, fields)]


def _check_system(stated: StatedStructure, found: list[FoundSymmetry]) -> list[Finding]:
    """The stated crystal system against the stated group, or the found ones without it."""
    word = (stated.crystal_system or "").lower()
    if "pseudo" in word or "quasi" in word:
        return []
    system = next((s for spelling, s in _SPELLINGS.items() if spelling in word), None)
    if system is None:
        return []
    claimed = claimed_number(stated)
    numbers = [f.number for f in found] if claimed is None else [claimed]
    systems = {crystal_system(n) for n in numbers}
    alike = _ON_HEXAGONAL_AXES if system in _ON_HEXAGONAL_AXES else {system}
    if systems & alike:
        return []
    message = f"{stated.crystal_system} is stated, the crystal is {' or '.join(sorted(systems))}"
    fields = ("crystal_system", "space_group")
    return [Finding("crystal_system_differs", Severity.ERROR, message, fields)]


def contains(group: int, part: int) -> bool:
    """Whether ``part`` is a subgroup of ``group`` (or the same), by their numbers.

    >>> contains(123, 99), contains(99, 123)
    (True, False)
    """
    if part in (group, 1):
        return True
    from pymatgen.symmetry.groups import SpaceGroup

    lower = SpaceGroup.from_int_number(part)
    return bool(lower.is_subgroup(SpaceGroup.from_int_number(group)))


def _same(one: int, other: int) -> bool:
    return one == other or {one, other} in _MIRRORED


def _name(number: int) -> str:
    group = lookup_space_group(number)
    return group.symbol if group else f"space group {number}"


def symmetry_dataset(structure: Structure, tolerance_A: float) -> Any:
    """spglib's dataset; sites are alike if their species and occupancies are."""
    import spglib

    kinds: dict[str, int] = {}
    numbers = [kinds.setdefault(site.species_string, len(kinds) + 1) for site in structure]
    cell = (structure.lattice.matrix, structure.frac_coords, numbers)
    return spglib.get_symmetry_dataset(cell, symprec=tolerance_A)
