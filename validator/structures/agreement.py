"""Whether placed sites make the stated formula, and who shares a place.

Sites on one place are one disordered site. An element of the formula that no site names is put
onto the site that lacks just as much, where the formula's amounts are those of a solid solution.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from scmine.validator.structures.placing import Place, same_orbit
from scmine.validator.structures.printed_sites import PrintedSite

_SAME = 0.02
"""Relative difference between amounts that rounding of occupancies explains."""
_NEAR = 0.15
"""The same where the formula is not of whole numbers or a site is occupied in part."""
_NEAR_TOTAL = 0.10
"""And how much all such differences may make of the formula."""
_FULL = 1.001
_ONE_POINT = 0.01
_WHOLE = 0.005


@dataclass(frozen=True, slots=True)
class Occupied:
    """One place of the cell and the elements on it with their shares."""

    place: Place
    species: Mapping[str, float]
    label: str = ""

    @property
    def total(self) -> float:
        """The share of the place that is occupied."""
        return sum(self.species.values())


@dataclass(frozen=True, slots=True)
class Fit:
    """Sites that make the formula: Z, whether exactly, and what had to be changed for it."""

    occupied: tuple[Occupied, ...]
    formula_units: float
    exact: bool
    repairs: tuple[str, ...] = ()


def merged(found: Sequence[Place]) -> tuple[list[Occupied], list[str]]:
    """The places, those that are the same as one with all their elements.

    Papers list several atoms of one orbit: they count once, and a sentence says so.
    """
    repairs: list[str] = []
    groups: list[list[Place]] = []
    for place in found:
        for group in groups:
            if same_orbit(group[0], place, within=0.01):
                group.append(place)
                break
        else:
            groups.append([place])
    merged_places = []
    for group in groups:
        species: dict[str, float] = {}
        for place in _of_unlike_atoms(group, repairs):
            element = place.site.element
            species[element] = species.get(element, 0.0) + place.site.occupancy
        merged_places.append(Occupied(group[0], species, group[0].site.label))
    return merged_places, repairs


def _of_unlike_atoms(group: Sequence[Place], repairs: list[str]) -> list[Place]:
    """Places of one orbit without those of an element at a further point of it."""
    kept: list[Place] = []
    repeated: Counter[str] = Counter()
    for place in group:
        if any(_is_repeated(place, other) for other in kept):
            repeated[place.site.element] += 1
        else:
            kept.append(place)
    for element, times in repeated.items():
        repairs.append(f"{1 + times} of the listed {element} are of one orbit and count once.")
    return kept


def _is_repeated(place: Place, other: Place) -> bool:
    """Whether two places of one orbit are the same atoms, listed at different points."""
    if place.site.element != other.site.element or place.site.occupancy != other.site.occupancy:
        return False
    off = place.xyz - other.xyz
    return bool(np.any(np.abs(off - np.rint(off)) > _ONE_POINT))


def fit(found: Sequence[Place], composition: Mapping[str, float]) -> Fit | None:
    """The sites as they make ``composition``; None if they do not.

    Without a composition anything fits whose places hold at most one atom each.
    """
    occupied, repairs = merged(found)
    if repairs and not composition:
        return None
    if any(o.total > _FULL for o in occupied):
        shared = [_shared(o, composition, repairs) for o in occupied]
        occupied = [o for o in shared if o is not None]
        if len(occupied) != len(shared):
            return None
    if not composition:
        return Fit(tuple(occupied), 0.0, exact=True)
    have = amounts(occupied)
    if not set(have) <= set(composition):
        return None
    missing = {e: n for e, n in composition.items() if e not in have and n > 0}
    if missing:
        mixed = _with_dopants(occupied, have, composition, missing)
        if mixed is None:
            return None
        occupied, sentence = mixed
        have = amounts(occupied)
        repairs.append(sentence)
    return _agreed(occupied, have, composition, repairs)


def make_formula(sites: Sequence[PrintedSite], composition: Mapping[str, float]) -> bool:
    """Whether the printed multiplicities alone make the formula; no if one is missing."""
    have: dict[str, float] = {}
    for site in sites:
        if site.multiplicity is None:
            return False
        have[site.element] = have.get(site.element, 0.0) + site.multiplicity * site.occupancy
    if set(have) != set(composition):
        return False
    units = _units(have, composition)
    return all(abs(have[e] / units - n) <= _SAME * n for e, n in composition.items())


def amounts(occupied: Sequence[Occupied]) -> dict[str, float]:
    """Atoms of each element in the cell."""
    found: dict[str, float] = {}
    for o in occupied:
        for element, share in o.species.items():
            found[element] = found.get(element, 0.0) + share * o.place.multiplicity
    return found


def _agreed(
    occupied: Sequence[Occupied],
    have: Mapping[str, float],
    composition: Mapping[str, float],
    repairs: list[str],
) -> Fit | None:
    units = _units(have, composition)
    exact, off = True, 0.0
    partial = {e for o in occupied if o.total < 1 - _WHOLE or len(o.species) > 1 for e in o.species}
    for element, wanted in composition.items():
        difference = abs(have.get(element, 0.0) / units - wanted)
        if difference <= _SAME * wanted:
            continue
        exact = False
        off += difference
        loose = element in partial or not _is_whole(wanted)
        if not loose or difference > _NEAR * max(wanted, 1.0):
            return None
    if off > _NEAR_TOTAL * sum(composition.values()):
        return None
    return Fit(tuple(occupied), units, exact, tuple(repairs))


def _units(have: Mapping[str, float], composition: Mapping[str, float]) -> float:
    """Formula units in the cell: the number that most of the amounts agree on."""
    ratios = sorted(have[e] / n for e, n in composition.items() if n > 0 and e in have)
    whole = [e for e, n in composition.items() if _is_whole(n) and n > 0 and e in have]
    if whole:
        ratios = sorted(have[e] / composition[e] for e in whole)
    return ratios[len(ratios) // 2]


def _is_whole(number: float) -> bool:
    return abs(number - round(number)) < _WHOLE


def _shared(o: Occupied, composition: Mapping[str, float], repairs: list[str]) -> Occupied | None:
    """A place that more than one atom is said to fill, shared as the formula says."""
    if o.total <= _FULL:
        return o
    wanted = {e: composition.get(e, 0.0) for e in o.species}
    total = sum(wanted.values())
    if len(o.species) == 1 or min(wanted.values()) <= 0:
        return None
    species = {e: n / total for e, n in wanted.items()}
    listed = " and ".join(f"{share:.3g} {e}" for e, share in species.items())
    repairs.append(f"{' and '.join(o.species)} share one site: {listed}, as the formula says.")
    return Occupied(o.place, species, o.label)


def _with_dopants(
    occupied: Sequence[Occupied],
    have: Mapping[str, float],
    composition: Mapping[str, float],
    missing: Mapping[str, float],
) -> tuple[list[Occupied], str] | None:
    """Elements that no site names, put onto the one site element that lacks their amount."""
    if any(_is_whole(n) for n in missing.values()):
        return None
    extra = sum(missing.values())
    hosts = []
    for element in have:
        joint = composition[element] + extra
        others = {e: composition[e] for e in have if e != element}
        units = _units(have, {**others, element: joint})
        agreed = all(abs(have[e] / units - n) <= _SAME * n for e, n in others.items())
        if agreed and abs(have[element] / units - joint) <= _SAME * joint and _is_whole(joint):
            hosts.append(element)
    if len(hosts) != 1 or extra >= composition[hosts[0]]:
        return None
    host = hosts[0]
    joint = composition[host] + extra
    mixed = []
    for o in occupied:
        species = dict(o.species)
        share = species.pop(host, 0.0)
        if share:
            species[host] = share * composition[host] / joint
            species |= {e: share * n / joint for e, n in missing.items()}
        mixed.append(Occupied(o.place, species, o.label))
    names = " and ".join(missing)
    return mixed, f"{names} is put onto the site of {host}, in the shares of the formula."
