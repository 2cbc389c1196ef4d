"""Way 1: structures whose atoms are all stated, by a CIF, a POSCAR, or a list of the whole cell."""

from __future__ import annotations

import itertools
import warnings
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from scmine.validator.structures.agreement import Fit, fit
from scmine.validator.structures.assembling import MOST_ATOMS, assemble, closeness
from scmine.validator.structures.cif_block import CifStatement, read_cif
from scmine.validator.structures.distinct import distinct
from scmine.validator.structures.lattices import Cell, cell_for
from scmine.validator.structures.orbits import Operations
from scmine.validator.structures.placing import Place, snapped_place
from scmine.validator.structures.poscar_block import read_poscar
from scmine.validator.structures.positions import position
from scmine.validator.structures.printed_sites import PrintedSite, printed_sites
from scmine.validator.structures.rebuilt import Candidate, Way
from scmine.validator.structures.refusal import RefusalError
from scmine.validator.structures.settings import Setting, settings_of_group
from scmine.validator.structures.stated import StatedStructure
from scmine.validator.structures.trials import readings
from scmine.validator.structures.wyckoff import completed_thirds, from_wyckoff, is_asymmetric_unit

if TYPE_CHECKING:
    from pymatgen.core import Structure

_CLASH = 0.3
"""A file is taken at its word unless atoms are this near (share of their radii)."""
_TIGHT = 2e-5
_MOST_CHOICES = 64
_SAME_CELL = 0.02
_TOLERANCES_A = (0.005, 0.02, 0.05, 0.1)
_IDENTITY: Operations = (np.eye(3)[None], np.zeros((1, 3)))
_AXES_OF_SYSTEM = {"cubic", "tetragonal", "orthorhombic", "hexagonal", "triclinic"}


def from_coordinates(stated: StatedStructure) -> list[Candidate]:
    """Structures from a block of a file, or from the list of all atoms of the cell.

    Parameters
    ----------
    stated
        The statement. With ``block`` the file alone gives the atoms; the composition, and the
        cell where more than one structure of the file makes it, are held against it.

    Returns
    -------
    list of Candidate
        Usually one; more if a file holds several structures that agree with the statement.

    Raises
    ------
    RefusalError
        ``block_unreadable``, ``block_too_large``, ``block_without_elements``,
        ``block_against_formula`` for a file; ``sites_missing``, ``sites_open``,
        ``not_all_atoms`` where the sites are not a whole cell; ``cell_missing``.
    """
    if stated.block:
        is_cif = (stated.block_format or "").lower() == "cif" or "_atom_site_" in stated.block
        return _from_cif(stated) if is_cif else _from_poscar(stated)
    return _from_list(stated)


def _from_cif(stated: StatedStructure) -> list[Candidate]:
    found: list[Candidate] = []
    refusals: list[RefusalError] = []
    for block in read_cif(stated.block or ""):
        try:
            found += _from_block(block, stated.composition)
        except RefusalError as refusal:
            refusals.append(refusal)
    if not found:
        raise refusals[0]
    alike = [c for c in found if _has_stated_edges(c.structure, stated)]
    return distinct(alike or found)


def _from_block(block: CifStatement, composition: Mapping[str, float]) -> list[Candidate]:
    """The structure of one data block."""
    own = block.stated
    wanted = dict(composition) or own.composition
    if block.operations is None:
        return [
            Candidate(c.structure, Way.COORDINATES, c.repairs, c.estimated, f"CIF {block.name}")
            for c in from_wyckoff(_with(own, wanted))
        ]
    cell = cell_for(own, "triclinic", "P")
    made = _fit(printed_sites(own), block.operations, wanted)
    if made is None and not composition:
        made = _fit(printed_sites(own), block.operations, {})  # the file's formula is not its atoms
    if made is None:
        message = f"the atoms of the CIF {block.name} do not make the formula"
        raise RefusalError("block_against_formula", message, contradiction=True)
    structure = assemble(made.occupied, cell)
    if closeness(structure) < _CLASH:
        message = f"atoms of the CIF {block.name} are at one place"
        raise RefusalError("atoms_too_close", message, contradiction=True)
    repairs = (*made.repairs, *completed_thirds(made))
    return [Candidate(structure, Way.COORDINATES, repairs, origin=f"CIF {block.name}".strip())]


def _with(own: StatedStructure, composition: Mapping[str, float]) -> StatedStructure:
    return replace(own, composition=dict(composition))


def _fit(
    sites: Sequence[PrintedSite], group: Operations, composition: Mapping[str, float]
) -> Fit | None:
    """Sites under a file's operations, each on the most special place that its digits allow."""
    choices = [list(_places(site, group)) for site in sites]
    if sum(choice[0].multiplicity for choice in choices) > MOST_ATOMS:
        raise RefusalError("block_too_large", f"more than {MOST_ATOMS} atoms are not read")
    for choice in itertools.islice(itertools.product(*choices), _MOST_CHOICES):
        made = fit(choice, composition)
        if made is not None:
            return made
    return None


def _places(site: PrintedSite, group: Operations) -> Iterator[Place]:
    seen: set[int] = set()
    for tolerance in (site.tolerance, site.tolerance / 4, np.full(3, _TIGHT)):
        place = snapped_place(site, group, tolerance)
        if place.multiplicity not in seen:
            seen.add(place.multiplicity)
            yield place


def _has_stated_edges(structure: Structure, stated: StatedStructure) -> bool:
    """Whether the stated edges are among those of the structure's cell."""
    edges = [edge for edge in (stated.a_A, stated.b_A, stated.c_A) if edge is not None]
    return all(
        any(abs(edge / own - 1) < _SAME_CELL for own in structure.lattice.abc) for edge in edges
    )


def _from_poscar(stated: StatedStructure) -> list[Candidate]:
    from pymatgen.core import Lattice, Structure

    atoms = read_poscar(stated.block or "", stated.composition)
    structure = Structure(Lattice(atoms.lattice), list(atoms.elements), atoms.coordinates)
    have = {str(k): float(v) for k, v in structure.composition.get_el_amt_dict().items()}
    if stated.composition and not _is_multiple(have, stated.composition):
        message = f"the POSCAR is of {structure.composition.reduced_formula}, not {stated.formula}"
        raise RefusalError("block_against_formula", message, contradiction=True)
    if closeness(structure) < _CLASH:
        message = "atoms of the POSCAR are at one place"
        raise RefusalError("atoms_too_close", message, contradiction=True)
    return [Candidate(structure, Way.COORDINATES, origin="POSCAR")]


def _is_multiple(have: Mapping[str, float], composition: Mapping[str, float]) -> bool:
    if set(have) != {element for element, n in composition.items() if n > 0}:
        return False
    units = sum(have.values()) / sum(composition.values())
    return all(abs(have[e] / units - n) <= 0.02 * max(n, 1.0) for e, n in composition.items())


def _from_list(stated: StatedStructure) -> list[Candidate]:
    sites = printed_sites(stated)
    incomplete = [site for site in sites if not site.is_complete]
    open_sites = [site.name for site in incomplete if not _is_fixed(site, stated)]
    if open_sites:
        message = f"coordinates of {', '.join(list(dict.fromkeys(open_sites))[:5])} are not stated"
        raise RefusalError("sites_open", message)
    if incomplete:
        message = "positions of the space group are listed, not all atoms of a cell"
        raise RefusalError("not_all_atoms", message)
    if not stated.composition:
        message = "without a formula a list of sites cannot be known to be the whole cell"
        raise RefusalError("not_all_atoms", message)
    made = fit(
        [snapped_place(site, _IDENTITY, site.tolerance) for site in sites], stated.composition
    )
    if made is None or not made.exact or not _has_whole_orbits(sites):
        message = "the listed sites are not all atoms of a cell of the formula"
        raise RefusalError("not_all_atoms", message)
    if _has_group(stated) and is_asymmetric_unit(stated):
        message = "the listed sites are the asymmetric unit of the stated space group"
        raise RefusalError("not_all_atoms", message)
    refusal: RefusalError | None = None
    for cell in _cells(stated):
        if isinstance(cell, RefusalError):
            refusal = refusal or cell
            continue
        structure = assemble(made.occupied, cell)
        if closeness(structure) >= _CLASH and _has_stated_group(structure, stated):
            repairs = (*cell.repairs, *made.repairs)
            return [Candidate(structure, Way.COORDINATES, repairs, origin="list of all atoms")]
        message = "the listed sites alone have not the stated space group: not all atoms are listed"
        refusal = RefusalError("not_all_atoms", message)
    raise refusal or RefusalError("cell_missing", "the cell is not stated")


def _is_fixed(site: PrintedSite, stated: StatedStructure) -> bool:
    """Whether the site's position in the stated group leaves no coordinate open."""
    if site.letter is None or not _has_group(stated):
        return False
    return any(
        place is not None and place.free == 0
        for reading in readings(stated)
        for place in [position(settings_of_group(reading.group.number)[0].hall, site.letter)]
    )


def _has_whole_orbits(sites: Sequence[PrintedSite]) -> bool:
    """Whether as many sites are listed under each stated position as it has points."""
    listed = Counter((site.element, site.multiplicity, site.letter) for site in sites)
    return all(
        multiplicity is None or count % multiplicity == 0
        for (_, multiplicity, _), count in listed.items()
    )


def _cells(stated: StatedStructure) -> Iterator[Cell | RefusalError]:
    """The cell as printed if it is complete, else as the stated group or system completes it."""
    values = (
        stated.a_A, stated.b_A, stated.c_A, stated.alpha_deg, stated.beta_deg, stated.gamma_deg
    )  # fmt: skip
    if all(value is not None for value in values):
        kinds = ["triclinic"]
    elif _has_group(stated):
        kinds = ["rhombohedral", *_axes_of_group(stated)]
    else:
        system = (stated.crystal_system or "").lower()
        kinds = [system] if system in _AXES_OF_SYSTEM else ["triclinic"]
    for kind in kinds:
        try:
            yield cell_for(stated, kind, "P")
        except RefusalError as refusal:
            yield refusal


def _has_group(stated: StatedStructure) -> bool:
    return bool(stated.space_group or stated.space_group_number)


def _axes_of_group(stated: StatedStructure) -> list[str]:
    every: tuple[Setting, ...] = settings_of_group(readings(stated)[0].group.number)
    return list(dict.fromkeys(setting.axes for setting in every))


def _has_stated_group(structure: Structure, stated: StatedStructure) -> bool:
    """Whether the atoms alone have the stated space group, at some tolerance; yes if none is."""
    if not _has_group(stated):
        return True
    import spglib

    numbers = {reading.group.number for reading in readings(stated)}
    kinds = {site.species: i + 1 for i, site in enumerate(structure)}
    kind_of_each = [kinds[site.species] for site in structure]
    cell: Any = (structure.lattice.matrix, structure.frac_coords, kind_of_each)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        sets = [spglib.get_symmetry_dataset(cell, symprec=tolerance) for tolerance in _TOLERANCES_A]
    return any(found is not None and found.number in numbers for found in sets)
