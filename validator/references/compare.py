"""A record held against reference sets: is the material known, and does its Tc agree?

Pure: a record and an index in, a comparison and findings out. What may be compared with what is in
``conditions``, distances are in ``distance``, the sentences of findings in ``messages``.
"""

from __future__ import annotations

import math
import statistics
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from scmine.database.record import Record
from scmine.database.reference import ReferenceEntry
from scmine.validator.references.composition import (
    Material,
    material_of_amounts,
    read_material,
)
from scmine.validator.references.conditions import Conditions, conditions_of
from scmine.validator.references.doping import is_other_doping
from scmine.validator.references.host import is_host_only
from scmine.validator.references.index import Near, ReferenceIndex

AGREEMENT_FACTOR = 1.65
"""A Tc agrees if it is within this factor of a known one: of the 348 compositions that Stanev's
SuperCon has twice, 90 % have Tc within a factor of 1.37 of each other, 95 % within 1.73."""

SMALLEST_DIFFERENCE_K = 1.0
"""Tc that differ by less agree, whatever their ratio."""

NEIGHBOURS, LEAST_NEIGHBOURS, LARGEST_DISTANCE = 5, 3, 1.0
"""How many compositions with a Tc count as neighbours, how many there must be, and up to which
distance, in places of the modified Pettifor scale."""

OUTLIER_FACTOR, OUTLIER_SPREADS, BEYOND_RANGE_FACTOR = 3.7, 3.0, 1.5
"""A Tc is an outlier if it differs from its neighbours' median by this factor, by so many times
their spread (scaled median deviation of ln Tc), and from their ends by the last factor. Chosen on
3,000 compositions of Stanev's SuperCon, see docs/experiments.md, 2026-11-23."""

NEAREST_SHOWN = 3


class Novelty(StrEnum):
    """What the references know of a material."""

    KNOWN = "known"
    """An entry has this composition."""
    OTHER_DOPING = "known_at_another_doping"
    """An entry differs by a doping: amounts that are no whole numbers, nearly the same."""
    SYSTEM_KNOWN = "system_known"
    """Entries have the same elements, none this composition."""
    NEW = "new"
    """No entry has just these elements."""


class Agreement(StrEnum):
    """How a Tc stands to what is known for the same composition, evidence and pressure."""

    AGREES = "agrees"
    ABOVE = "above"
    BELOW = "below"


@dataclass(frozen=True, slots=True)
class Outlier:
    """A Tc far from those of the nearest compositions: their median in K, and which they are."""

    median_K: float
    neighbours: tuple[Near, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """What the references say of a record.

    ``entries`` counts those of the record's composition, ``sets`` names theirs. The known Tc are of
    the same composition, evidence and pressure, from ``known_sets``; each distinct formula and Tc
    counts once, and entries without a Tc never do. A formula that leaves an amount open, or is
    only the host of a doped material, has none.
    ``agreement`` is None where the record has no Tc or none is known. ``nearest`` are other
    compositions, whatever their evidence and pressure; none where a whole amount is left open.
    """

    novelty: Novelty
    entries: int
    sets: tuple[str, ...]
    known_tc_K: tuple[float, ...]
    known_sets: tuple[str, ...]
    agreement: Agreement | None
    nearest: tuple[Near, ...]
    not_observed_K: float | None = None
    outlier: Outlier | None = None

    @property
    def tc_median_K(self) -> float | None:
        """The median of the known Tc."""
        return statistics.median(self.known_tc_K) if self.known_tc_K else None


def compare(record: Record, index: ReferenceIndex) -> Comparison | None:
    """What ``index`` says of ``record``; None if its material names no composition."""
    material = material_of_record(record)
    if material is None:
        return None
    conditions = conditions_of(record)
    same = index.of_key(material.key)
    usable = index.comparable(conditions)
    host = is_host_only(record, material)
    # One formula with an open amount stands for samples of many Tc.
    with_tc = [index.entries[n] for n in same if usable[n]]
    if host or material.open_amounts:
        with_tc = []
    known = _distinct(with_tc)
    stated = _stated_range(record)
    nearest = index.nearest(material.composition, NEAREST_SHOWN, without=frozenset((material.key,)))
    return Comparison(
        novelty=_novelty(material, index, bool(same), nearest),
        entries=len(same),
        sets=tuple(sorted({index.entries[n].set_name for n in same})),
        known_tc_K=known,
        known_sets=tuple(sorted({entry.set_name for entry in with_tc})),
        agreement=None if stated is None or not known else _agreement(stated, known),
        nearest=tuple(nearest),
        not_observed_K=_not_observed(index, same, conditions),
        outlier=None if host else _outlier(material, conditions, stated, index),
    )


def material_of_record(record: Record) -> Material | None:
    """The material that a record is about, from its formula, else from its composition."""
    found = read_material(record.formula) if record.formula else None
    if found is None and record.composition:
        found = material_of_amounts(record.composition)
    return found


def _distinct(entries: Iterable[ReferenceEntry]) -> tuple[float, ...]:
    """The Tc of entries; sets that repeat each other's rows count once."""
    pairs = {(e.formula, e.tc_K) for e in entries if e.tc_K is not None}
    return tuple(sorted(tc for _, tc in pairs))


def _stated_range(record: Record) -> tuple[float, float] | None:
    """Between which ends a record's Tc lies, in K; None if it states no Tc."""
    if record.superconducting is False:
        return None
    if record.tc_K is None:
        ends = [t for t in (record.tc_min_K, record.tc_max_K) if t is not None]
        return (min(ends), max(ends)) if len(ends) == 2 else None
    if record.tc_relation == "<":
        return (0.0, record.tc_K)
    if record.tc_relation == ">":
        return (record.tc_K, math.inf)
    spread = record.tc_uncertainty_K or 0.0
    return (max(record.tc_K - spread, 0.0), record.tc_K + spread)


def _agreement(stated: tuple[float, float], known: tuple[float, ...]) -> Agreement:
    low, high = stated
    lowest, highest = known[0], known[-1]
    if low > max(highest * AGREEMENT_FACTOR, highest + SMALLEST_DIFFERENCE_K):
        return Agreement.ABOVE
    if high < min(lowest / AGREEMENT_FACTOR, lowest - SMALLEST_DIFFERENCE_K):
        return Agreement.BELOW
    return Agreement.AGREES


def _not_observed(index: ReferenceIndex, same: list[int], conditions: Conditions) -> float | None:
    """The lowest temperature down to which an entry at ambient pressure found no transition."""
    if conditions.low_GPa not in (None, 0.0):
        return None
    found = [
        lowest
        for n in same
        if index.entries[n].superconducting is False
        and (lowest := index.entries[n].lowest_temperature_K) is not None
    ]
    return min(found, default=None)


def _novelty(
    material: Material, index: ReferenceIndex, known: bool, nearest: list[Near]
) -> Novelty:
    if known:
        return Novelty.KNOWN
    same_system = [index.entries[n] for n in index.of_system(material.system)]
    candidates = [*same_system, *(near.entries[0] for near in nearest)]
    if any(is_doping_of(material, entry) for entry in candidates):
        return Novelty.OTHER_DOPING
    return Novelty.SYSTEM_KNOWN if same_system else Novelty.NEW


def is_doping_of(material: Material, entry: ReferenceEntry) -> bool:
    """Whether an entry is the material at another doping.

    Elements of which a formula leaves the whole amount open (``Oy``) are left out.
    """
    unknown = {
        symbol
        for own in (material, entry)
        for symbol in own.system.split("-")
        if own.open_amounts and symbol not in own.composition
    }
    one = {s: a for s, a in material.composition.items() if s not in unknown}
    other = {s: a for s, a in entry.composition.items() if s not in unknown}
    compounds = not any(own.open_amounts or "." in own.key for own in (material, entry))
    return bool(one and other) and is_other_doping(one, other, compounds=compounds)


def _outlier(
    material: Material,
    conditions: Conditions,
    stated: tuple[float, float] | None,
    index: ReferenceIndex,
) -> Outlier | None:
    """The neighbours of a Tc, if it is far from what they let expect.

    Of a neighbour with several Tc the nearest counts: which pressure and sample is meant is not
    known.
    """
    if stated is None or not math.isfinite(stated[1]) or stated[1] <= 0 or material.is_series:
        return None
    tc = statistics.fmean(stated)
    near = [
        found
        for found in index.nearest(
            material.composition,
            NEIGHBOURS,
            among=index.comparable(conditions),
            without=frozenset((material.key,)),
        )
        if found.distance <= LARGEST_DISTANCE
    ]
    if len(near) < LEAST_NEIGHBOURS:
        return None
    logs = [_nearest_log(tc, found.entries) for found in near]
    median = statistics.median(logs)
    spread = 1.4826 * statistics.median(abs(x - median) for x in logs)
    value = math.log(tc)
    deviation = abs(value - median)
    beyond = max(value - max(logs), min(logs) - value)
    if (
        deviation > max(math.log(OUTLIER_FACTOR), OUTLIER_SPREADS * spread)
        and beyond > math.log(BEYOND_RANGE_FACTOR)
        and abs(tc - math.exp(median)) > SMALLEST_DIFFERENCE_K
    ):
        return Outlier(math.exp(median), tuple(near))
    return None


def _nearest_log(tc: float, entries: Iterable[ReferenceEntry]) -> float:
    logs = [math.log(e.tc_K) for e in entries if e.tc_K]
    return min(logs, key=lambda x: abs(x - math.log(tc)))
