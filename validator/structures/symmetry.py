"""Symmetry: the space group that spglib finds over a ladder of tolerances, against what is stated.

The claimed group must appear at one tolerance. Where the atoms have more symmetry than claimed at
all of them, either the symbol is wrong or a coordinate was lost or rounded to a special value.
That holds for a subgroup on a lattice that the cell as given has; a symbol with another lattice
(Fm-3m of atoms with Im-3m) is wrong.
Atoms built from the symbol are then refused, for nobody can tell which; atoms that were all listed
are not, for they stand without it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

from scmine.extractors.spacegroup_table import LAST_OF_SYSTEM, crystal_system, lookup_space_group
from scmine.extractors.structure_types import system_fits
from scmine.validator.finding import Finding, Severity
from scmine.validator.structures.limits import limits
from scmine.validator.structures.rebuilt import Candidate, Way
from scmine.validator.structures.stated import StatedStructure

if TYPE_CHECKING:
    from pymatgen.core import Structure
    from pymatgen.symmetry.analyzer import SpacegroupAnalyzer

ANGLES_BY_LENGTH = -1.0
"""spglib's sign for angles judged by the tolerance in Å: pymatgen's own 5 degrees would make
centred orthorhombic cells tetragonal."""

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
    import numpy as np

    lattice, places, numbers = _cell(structure)
    packed = np.asarray(lattice, np.float64).tobytes(), np.asarray(places, np.float64).tobytes()
    return list(_found(*packed, tuple(numbers)))


@lru_cache(maxsize=64)  # a structure is asked for when it is checked and when it is kept
def _found(lattice: bytes, places: bytes, numbers: tuple[int, ...]) -> tuple[FoundSymmetry, ...]:
    """What `found_symmetry` says of a cell; its numbers as they lie in memory."""
    import numpy as np

    vectors, atoms = np.frombuffer(lattice).reshape(3, 3), np.frombuffer(places).reshape(-1, 3)
    cell: tuple[Any, Any, Sequence[int]] = (vectors, atoms, numbers)
    found: list[FoundSymmetry] = []
    for tolerance in limits()["symmetry"]["tolerances_A"]:
        data = _dataset(cell, tolerance)
        if data is not None:
            if not found:
                cell = _primitive(cell, data)  # what is found at a looser tolerance is in it, too
            group = lookup_space_group(int(data.number))
            symbol = group.symbol if group else str(data.international)
            found.append(FoundSymmetry(tolerance, int(data.number), symbol))
    return tuple(found)


def conventional_atoms(structure: Structure) -> int:
    """How many sites the conventional cell has; of the cell as given if there is no group."""
    data = symmetry_dataset(structure, limits()["symmetry"]["exact_A"])
    return len(structure) if data is None else len(data.std_types)


def claimed_number(stated: StatedStructure) -> int | None:
    """The number of the stated space group; None if none is stated or the symbol is no group's."""
    if stated.space_group:
        from scmine.validator.structures.settings import group_named

        group = group_named(stated.space_group)
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
    return [*_check_group(candidate, stated, found), *_check_system(stated, found)]


def _check_group(
    candidate: Candidate, stated: StatedStructure, found: list[FoundSymmetry]
) -> list[Finding]:
    claimed = candidate.space_group_number or claimed_number(stated)
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
    if all(contains(f.number, claimed) for f in found) and _is_part(candidate, found[0], claimed):
        severity = Severity.ERROR
        if candidate.way is Way.COORDINATES:
            severity = Severity.NOTE if claimed == 1 else Severity.WARNING
        message = f"{name} is stated, the atoms have the symmetry of {seen}"
        return [Finding("symmetry_higher", severity, message, fields)]
    message = f"{name} is stated, the atoms have {seen}"
    return [Finding("space_group_differs", Severity.ERROR, message, fields)]


def _is_part(candidate: Candidate, found: FoundSymmetry, claimed: int) -> bool:
    """Whether the claimed group can be a subgroup of what is found, on a lattice of this cell."""
    if claimed == 1:
        return True
    from scmine.validator.structures.sublattices import is_part_on_lattice

    structure = candidate.structure
    data = symmetry_dataset(structure, found.tolerance_A)
    return data is None or is_part_on_lattice(structure.lattice.matrix, data, claimed)


def _check_system(stated: StatedStructure, found: list[FoundSymmetry]) -> list[Finding]:
    """The stated crystal system against the atoms, where no group is stated."""
    numbers = {f.number for f in found}
    if claimed_number(stated) is not None or is_system(stated.crystal_system, numbers):
        return []
    systems = " or ".join(sorted({crystal_system(n) for n in numbers}))
    message = f"{stated.crystal_system} is stated, the crystal is {systems}"
    return [Finding("crystal_system_differs", Severity.ERROR, message, ("crystal_system",))]


def is_system(printed: str | None, numbers: Iterable[int]) -> bool:
    """Whether one of the groups is of the crystal system that a paper prints.

    True where nothing can be said: no word, no word of a system, or one hedged by ``pseudo``.

    >>> is_system("body-centered cubic", {229}), is_system("tetragonal", {62})
    (True, False)
    """
    systems = systems_of(printed)
    return not systems or bool(systems & {crystal_system(number) for number in numbers})


def systems_of(printed: str | None) -> set[str]:
    """The crystal systems that a word may mean; empty if none, or if it is hedged by ``pseudo``.

    >>> sorted(systems_of("hexagonal")), systems_of("pseudo-cubic"), systems_of("layered")
    (['hexagonal', 'trigonal'], set(), set())
    """
    word = (printed or "").lower()
    if "pseudo" in word or "quasi" in word:
        return set()
    return {name for name, last in LAST_OF_SYSTEM.items() if system_fits(word, last)}


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
    """spglib's dataset; sites are alike if their species and occupancies are. None: no symmetry."""
    return _dataset(_cell(structure), tolerance_A)


def symmetry_analyzer(structure: Structure, tolerance_A: float) -> SpacegroupAnalyzer:
    """pymatgen's analyzer, its angles judged by length; raises as it does if there is no group."""
    from pymatgen.symmetry.analyzer import SpacegroupAnalyzer

    return SpacegroupAnalyzer(structure, tolerance_A, ANGLES_BY_LENGTH)


def _dataset(cell: tuple[Any, Any, Sequence[int]], tolerance_A: float) -> Any:
    import spglib

    return spglib.get_symmetry_dataset(cell, symprec=tolerance_A)


def _primitive(cell: tuple[Any, Any, Sequence[int]], data: Any) -> tuple[Any, Any, Sequence[int]]:
    """The atoms of the primitive cell that a dataset of ``cell`` has found."""
    import numpy as np

    lattice, places, numbers = cell
    _, first = np.unique(data.mapping_to_primitive, return_index=True)
    inside = np.asarray(places)[first] @ np.asarray(lattice) @ np.linalg.inv(data.primitive_lattice)
    return data.primitive_lattice, inside, [numbers[i] for i in first]


def standard_lattice(structure: Structure, tolerance_A: float, *, primitive: bool) -> Any:
    """The vectors of the conventional or primitive cell, shape (3, 3) in Å; None: no symmetry."""
    import spglib

    found = spglib.standardize_cell(_cell(structure), to_primitive=primitive, symprec=tolerance_A)
    return None if found is None else found[0]


def _cell(structure: Structure) -> tuple[Any, Any, list[int]]:
    """The structure as spglib takes it."""
    kinds: dict[str, int] = {}
    numbers = [kinds.setdefault(site.species_string, len(kinds) + 1) for site in structure]
    return structure.lattice.matrix, structure.frac_coords, numbers
