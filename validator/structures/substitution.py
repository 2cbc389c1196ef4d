"""Which atoms of a host change so that it gets a wanted composition: scale, pairs, occupancies.

Works on composition and orbits (groups of equivalent sites) alone; hosts are chosen in ``doping``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from scmine.validator.structures.refusal import RefusalError

SAME_AMOUNT = 5e-3
"""Atoms a formula unit below which a difference is rounding: formulas are printed to 0.01."""


@dataclass(frozen=True, slots=True)
class Orbit:
    """Equivalent sites of the host: how many in the cell, and what each holds.

    ``vacant``: its atoms are missing first where there is too little of their element.
    """

    multiplicity: int
    species: dict[str, float]
    vacant: bool = False


@dataclass(frozen=True, slots=True)
class Plan:
    """New species of those orbits that change, by position in the list, and what was done."""

    species: dict[int, dict[str, float]]
    changes: tuple[str, ...]


def cell_scale(wanted: Mapping[str, float], cell: Mapping[str, float]) -> float:
    """Formula units of ``wanted`` in the host's cell.

    The scale under which most elements keep their amount is taken, those of whole amounts first: a
    doped formula leaves the others as they are. Of several as good, that nearest to equal numbers
    of atoms.

    >>> cell_scale({"Y": 1, "Ba": 2, "Cu": 3, "O": 6.9}, {"Y": 2, "Ba": 4, "Cu": 6, "O": 14})
    2.0
    """
    by_atoms = sum(cell.values()) / sum(wanted.values())
    shared = [cell[e] / wanted[e] for e in wanted if e in cell]

    def kept(scale: float, elements: Iterable[str]) -> int:
        return sum(abs(cell[e] / scale - wanted[e]) < SAME_AMOUNT for e in elements if e in cell)

    whole = [e for e, amount in wanted.items() if abs(amount - round(amount)) < SAME_AMOUNT]
    return max(
        [by_atoms, *shared], key=lambda s: (kept(s, whole), kept(s, wanted), -abs(s - by_atoms))
    )


def plan_substitution(wanted: Mapping[str, float], orbits: Sequence[Orbit]) -> Plan:
    """How the ``orbits`` of a host change to give ``wanted``.

    An element that gains takes the place of one that loses; what is lost beyond leaves vacancies,
    what is gained beyond fills them. Each change needs one orbit that it alone can concern; atoms
    are left out of the orbit that is ``vacant`` if there is one.

    Raises
    ------
    RefusalError
        ``too_many_dopants``, ``site_not_unique``, ``host_site_shared``, ``dopant_site_ambiguous``,
        ``occupancy_exceeded`` or ``no_site_for_excess``.

    >>> orbits = [Orbit(4, {"La": 1.0}), Orbit(2, {"Cu": 1.0}), Orbit(8, {"O": 1.0})]
    >>> plan = plan_substitution({"La": 1.85, "Sr": 0.15, "Cu": 1, "O": 4}, orbits)
    >>> plan.species, plan.changes
    ({0: {'La': 0.925, 'Sr': 0.075}}, ('0.15 La replaced by Sr',))
    """
    cell: dict[str, float] = {}
    for orbit in orbits:
        for element, occupancy in orbit.species.items():
            cell[element] = cell.get(element, 0.0) + orbit.multiplicity * occupancy
    scale = cell_scale(wanted, cell)
    change = {e: wanted.get(e, 0.0) - cell.get(e, 0.0) / scale for e in {*wanted, *cell}}
    gains = {e: d for e, d in sorted(change.items()) if d >= SAME_AMOUNT}
    losses = {e: -d for e, d in sorted(change.items()) if d <= -SAME_AMOUNT}
    new = [e for e in gains if e not in cell]
    if len(new) > 1:
        raise RefusalError("too_many_dopants", f"{' and '.join(new)} are not in the host")
    work = _Work(orbits, scale)
    for dopant, amount in gains.items():
        host = _replaced(dopant, amount, losses, cell)
        if host is None:
            work.fill(dopant, amount)
            continue
        work.replace(host, dopant, amount)
        losses[host] -= amount
    for element, amount in losses.items():
        if amount >= SAME_AMOUNT:
            work.empty(element, amount)
    return work.plan()


def _replaced(
    dopant: str, amount: float, losses: Mapping[str, float], cell: Mapping[str, float]
) -> str | None:
    """The element whose place ``dopant`` takes; None if it fills a place of its own."""
    equal = [e for e, lost in losses.items() if abs(lost - amount) < SAME_AMOUNT]
    if len(equal) == 1:
        return equal[0]
    enough = [e for e, lost in losses.items() if lost >= amount - SAME_AMOUNT]
    if len(enough) == 1 and not equal:
        return enough[0]
    if losses and sum(losses.values()) >= amount - SAME_AMOUNT:
        names = ", ".join(equal or enough or losses)
        raise RefusalError(
            "dopant_site_ambiguous", f"{dopant} may take the place of any of {names}"
        )
    if dopant in cell and not losses:
        return None
    raise RefusalError(
        "no_site_for_excess", f"there is no place in the host for {amount:.3g} more {dopant}"
    )


class _Work:
    """The orbits while they are changed."""

    def __init__(self, orbits: Sequence[Orbit], scale: float) -> None:
        self._orbits = orbits
        self._scale = scale
        self._species = [dict(orbit.species) for orbit in orbits]
        self._changes: list[str] = []

    def replace(self, host: str, dopant: str, amount: float) -> None:
        index = self._orbit_of(host)
        species = self._species[index]
        others = sorted({*species} - {host, dopant})
        if others:
            raise RefusalError(
                "host_site_shared", f"{' and '.join(others)} sits on the site of {host} as well"
            )
        if any(dopant in held for n, held in enumerate(self._species) if n != index):
            raise RefusalError("site_not_unique", f"{dopant} sits on another site of the host too")
        self._change(index, host, -amount)
        self._change(index, dopant, amount)
        self._changes.append(f"{amount:.4g} {host} replaced by {dopant}")

    def empty(self, element: str, amount: float) -> None:
        self._change(self._vacant_orbit_of(element), element, -amount)
        self._changes.append(f"{amount:.4g} {element} left out")

    def fill(self, element: str, amount: float) -> None:
        self._change(self._orbit_of(element), element, amount)
        self._changes.append(f"{amount:.4g} {element} put on empty places")

    def _orbit_of(self, element: str) -> int:
        found = [n for n, species in enumerate(self._species) if element in species]
        if len(found) != 1:
            raise RefusalError(
                "site_not_unique", f"{element} sits on {len(found)} different sites of the host"
            )
        return found[0]

    def _vacant_orbit_of(self, element: str) -> int:
        """The orbit named as the one that loses atoms, else the only one."""
        vacant = [
            n
            for n, orbit in enumerate(self._orbits)
            if orbit.vacant and element in self._species[n]
        ]
        return vacant[0] if len(vacant) == 1 else self._orbit_of(element)

    def _change(self, index: int, element: str, amount: float) -> None:
        species = self._species[index]
        each = amount * self._scale / self._orbits[index].multiplicity
        occupancy = species.get(element, 0.0) + each
        whole = sum(species.values()) + each
        if occupancy < -SAME_AMOUNT or whole > 1 + SAME_AMOUNT:
            raise RefusalError(
                "occupancy_exceeded",
                f"the site of {element} would hold {occupancy:.3g} {element}, {whole:.3g} in all",
            )
        species[element] = round(max(occupancy, 0.0), 9)
        if species[element] < SAME_AMOUNT:
            del species[element]

    def plan(self) -> Plan:
        changed = {
            n: species
            for n, (orbit, species) in enumerate(zip(self._orbits, self._species, strict=True))
            if species != orbit.species
        }
        return Plan(changed, tuple(self._changes))
