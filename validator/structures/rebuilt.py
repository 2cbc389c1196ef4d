"""A structure rebuilt: the atoms, the way that led to them, what was changed, and the verdict."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from scmine.validator.finding import Finding
from scmine.validator.structures.stated import StatedStructure

if TYPE_CHECKING:
    from pymatgen.core import Structure


class Way(StrEnum):
    """How the atoms were found, best first."""

    COORDINATES = "coordinates"
    """A CIF, a POSCAR, or all atoms of the cell listed."""
    WYCKOFF = "wyckoff"
    """Space group, cell and sites of the asymmetric unit."""
    PROTOTYPE = "prototype"
    """Space group and formula, the sites from a known structure type."""
    DOPING = "artificial_doping"
    """A known host structure with one element replaced in part."""


class Verdict(StrEnum):
    """What can be said of a structure."""

    CONSISTENT = "consistent"
    """All that is stated agrees with the atoms found."""
    REPAIRED = "repaired"
    """So after a change that is named."""
    UNDERDETERMINED = "underdetermined"
    """Too little is stated: no structure, or more than one."""
    CONTRADICTORY = "contradictory"
    """What is stated cannot be so at once: no structure."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A structure that one way proposes, before it is checked.

    ``repairs`` are sentences on what was changed in the statement; ``estimated`` names fields of
    the statement (``a_A``, ``volume``, ``sites``) that were estimated, not stated; ``origin`` says
    from where what was not stated comes (a prototype's name and source, a host's file).
    ``space_group_number`` is the group that was taken where a repair changed the stated one.
    ``vacancies`` are the atoms, by position in the structure, that are missing first when there is
    too little of their element; ``findings`` are what the way itself has to say of the structure.
    """

    structure: Structure
    way: Way
    repairs: tuple[str, ...] = ()
    estimated: tuple[str, ...] = ()
    origin: str = ""
    space_group_number: int | None = None
    vacancies: tuple[int, ...] = ()
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """What came of a statement. ``structure`` is None unless consistent or repaired.

    ``reasons`` are findings: why there is no structure, or what the checks of it said.
    ``space_group_number`` is the group that was taken where a repair changed the stated one.
    """

    stated: StatedStructure
    verdict: Verdict
    structure: Structure | None = None
    way: Way | None = None
    repairs: tuple[str, ...] = ()
    estimated: tuple[str, ...] = ()
    origin: str = ""
    reasons: tuple[Finding, ...] = ()
    space_group_number: int | None = None

    @property
    def sites_from(self) -> str:
        """Whose the atoms' places are, in words; empty if there is no structure.

        A structure type or a host that agrees with all that is stated is still not the paper's
        own list of atoms.
        """
        if self.structure is None:
            return ""
        if self.way in (Way.PROTOTYPE, Way.DOPING):
            return f"not of the paper: those of a known structure, {self.origin}"
        return "as stated"
