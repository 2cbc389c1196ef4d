"""Placing: on which position of a setting a printed site is, with its coordinates made exact.

A coordinate within its printed precision of a special position is put onto it (0.333 becomes 1/3);
the position's name, where printed, decides or is a check. Which setting is right is decided in
``wyckoff``.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

import numpy as np

from scmine.validator.structures.expressions import Floats
from scmine.validator.structures.orbits import EXACT, Operations, orbit, snapped
from scmine.validator.structures.positions import Position, position, positions
from scmine.validator.structures.printed_sites import PrintedSite
from scmine.validator.structures.settings import operations

_TIGHT = 2e-5
_LOOSE = 0.012
"""How far a coordinate may be from the stated position if a repair is allowed."""


class Heed(Enum):
    """How much of a position's printed name is heeded."""

    NAME = "multiplicity and letter"
    MULTIPLICITY = "multiplicity"
    NOTHING = "coordinates alone"


@dataclass(frozen=True, slots=True)
class Place:
    """A site on a position: exact coordinates (3,), the orbit (m, 3) and how far it was moved."""

    site: PrintedSite
    xyz: Floats
    orbit: Floats
    moved: float

    @property
    def multiplicity(self) -> int:
        """Atoms in the cell."""
        return len(self.orbit)


def places(site: PrintedSite, hall: int, heed: Heed, loose: bool = False) -> list[Place]:
    """The places of a setting that a site can mean, most likely first; empty if there is none.

    A site without coordinates is on the positions of its name that have no free parameter.
    ``loose`` lets a coordinate be off its stated position by more than its printed digits.
    """
    if site.is_complete:
        return list(_unlike(_of_complete(site, hall, heed, loose)))
    named = [p for p in positions(hall) if _is_named(site, p)] if heed is Heed.NAME else []
    found = [_place(site, xyz, hall) for p in named for xyz in _completed(site, p)]
    return list(_unlike(place for place in found if _has_stated_number(place)))


def letter_of(xyz: Floats, hall: int) -> str:
    """The letter of the position that exact coordinates are on."""
    for p in positions(hall):
        residues = _residues(p, xyz)
        if bool(np.any(np.all(np.abs(residues) < 1e-4, axis=1))):
            return p.letter
    raise ValueError("no general position in the table")


def _of_complete(site: PrintedSite, hall: int, heed: Heed, loose: bool) -> Iterator[Place]:
    if heed is Heed.NAME and site.letter is not None:
        named = position(hall, site.letter)
        if named is None or site.multiplicity not in (None, named.multiplicity):
            return
        place = _onto(site, named, hall, loose)
        if place is not None and place.multiplicity == named.multiplicity:
            yield place
        return
    for tolerance in (site.tolerance, site.tolerance / 4, np.full(3, _TIGHT)):
        place = _snapped(site, hall, tolerance)
        if heed is Heed.NOTHING or _has_stated_number(place):
            yield place
    if loose and heed is not Heed.NOTHING and site.multiplicity is not None:
        for p in positions(hall):
            if p.multiplicity == site.multiplicity:
                found = _onto(site, p, hall, loose)
                if found is not None and _has_stated_number(found):
                    yield found


def _unlike(found: Iterator[Place]) -> Iterator[Place]:
    """Places that are on different orbits."""
    kept: list[Place] = []
    for place in found:
        if not any(same_orbit(place, other) for other in kept):
            kept.append(place)
            yield place


def same_orbit(one: Place, other: Place, within: float = 1e-3) -> bool:
    """Whether two places are the same points of the cell, to a fraction of the edges."""
    if one.multiplicity != other.multiplicity:
        return False
    off = other.orbit - one.xyz
    return bool(np.any(np.all(np.abs(off - np.rint(off)) < within, axis=1)))


def _has_stated_number(place: Place) -> bool:
    return place.site.multiplicity in (None, place.multiplicity)


def _is_named(site: PrintedSite, candidate: Position) -> bool:
    if site.letter is None and site.multiplicity is None:
        return False
    if site.letter is not None and site.letter not in (
        candidate.letter,
        candidate.letter.swapcase(),
    ):
        return False
    return site.multiplicity in (None, candidate.multiplicity)


def _snapped(site: PrintedSite, hall: int, tolerance: Floats) -> Place:
    """The site on the most special position within ``tolerance`` of its coordinates."""
    return snapped_place(site, operations(hall), tolerance)


def snapped_place(site: PrintedSite, group: Operations, tolerance: Floats) -> Place:
    """The same with the operations themselves, as a file of a structure lists them."""
    xyz = snapped(site.xyz, group, tolerance)
    return Place(site, xyz, orbit(xyz, group), float(np.abs(xyz - site.xyz).max()))


def _place(site: PrintedSite, xyz: Floats, hall: int, moved: float = 0.0) -> Place:
    return Place(site, xyz, orbit(xyz, operations(hall)), moved)


def _residues(p: Position, xyz: Floats) -> Floats:
    """How far the conditions of each triplet of a position are from whole numbers: (k, 3)."""
    found = (p.conditions @ (xyz - p.shifts)[:, :, None])[:, :, 0]
    return np.asarray(found - np.rint(found))


def _onto(site: PrintedSite, p: Position, hall: int, loose: bool) -> Place | None:
    """The site moved onto a position, if its printed digits allow it (or nearly, if loose)."""
    residues = _residues(p, site.xyz)
    moves = (p.remedies @ residues[:, :, None])[:, :, 0]
    nearest = int(np.argmin(np.abs(moves).max(axis=1)))
    allowed = np.abs(p.conditions[nearest]) @ site.tolerance + EXACT
    moved = float(np.abs(moves[nearest]).max())
    if not (bool(np.all(np.abs(residues[nearest]) <= allowed)) or (loose and moved <= _LOOSE)):
        return None
    return _place(site, site.xyz - moves[nearest], hall, moved)


def _completed(site: PrintedSite, p: Position) -> Iterator[Floats]:
    """Coordinates on a position that agree with those of a site that are known."""
    known = ~np.isnan(site.xyz)
    if not known.any():
        if p.free == 0:
            yield p.shifts[0] % 1.0
        return
    for matrix, shift in _plain_first(p, known):
        rows = matrix[known]
        if np.linalg.matrix_rank(rows) < p.free:
            continue
        for whole in itertools.product((-1.0, 0.0, 1.0), repeat=int(known.sum())):
            target = site.xyz[known] - shift[known] + np.array(whole)
            free, *_ = np.linalg.lstsq(rows, target, rcond=None)
            if np.all(np.abs(rows @ free - target) <= site.tolerance[known] + EXACT):
                yield np.asarray((matrix @ free + shift) % 1.0)


def _plain_first(p: Position, known: np.ndarray) -> list[tuple[Floats, Floats]]:
    """The triplets of a position, those first whose known coordinates are variables as they are.

    ``4f`` of P63/mmc is (1/3, 2/3, z) in the tables: z alone means that triplet, not
    (2/3, 1/3, z + 1/2) with another z.
    """

    def key(triplet: tuple[Floats, Floats]) -> tuple[bool, bool]:
        rows, shift = triplet[0][known], triplet[1][known]
        free = np.any(rows != 0, axis=1)
        return bool(np.any(rows < 0)), bool(np.any(np.abs(shift[free]) > EXACT))

    return sorted(zip(p.matrices, p.shifts, strict=True), key=key)
