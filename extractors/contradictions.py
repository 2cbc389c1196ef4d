"""Contradictions: records of one paper that cannot both hold under the same conditions.

Two Tc of one material, or a Tc and no superconductivity at that temperature. Samples that anything
tells apart may differ, and so may the values of a series, whose rows something unsaid tells apart.
"""

from __future__ import annotations

import json
from collections.abc import Hashable, Iterable, Sequence
from itertools import combinations

from scmine.database.record import Origin, Record, Source
from scmine.extractors.same_claim import may_stand_for, same_tc
from scmine.extractors.specimens import material_key, sample_of

MOST_VALUES = 3
"""Different Tc under the same conditions, as far as they are said; more are a series."""

AROUND = 0.1
"""Relative difference up to which an approximate Tc contradicts no other."""

_OPEN = frozenset(
    (
        "unresolved_variable",
        "unresolved_site",
        "variable_range",
        "approximate_variable",
        "ambiguous_variables",
        "list_unpaired",
        "material_implied",
        "unsure_material",
    )
)
"""Flags of records whose material is not known for sure."""

_CONDITIONS = (
    "evidence", "tc_method", "mu_star", "crystal_structure", "prototype", "space_group",
    "variables",
)  # fmt: skip


def contradicted(records: Sequence[Record]) -> set[int]:
    """The indices of the ``records`` of one paper that another one contradicts."""
    materials: dict[Hashable, list[int]] = {}
    conditions: dict[Hashable, list[int]] = {}
    for i, record in enumerate(records):
        if _is_definite(record):
            about = _sample_key(record)
            materials.setdefault(about, []).append(i)
            said = {name: getattr(record, name) for name in _CONDITIONS}
            key = json.dumps(said, default=str, sort_keys=True)
            # A record may be read as an onset in one place and as no kind of Tc in another.
            for how in {(p.tc_kind, p.measurement_method) for p in record.places}:
                conditions.setdefault((about, key, how), []).append(i)
    found: set[int] = set()
    for group in conditions.values():
        found |= _different(records, [i for i in group if records[i].tc_K is not None])
    for group in materials.values():
        found |= _denied(records, group)
    return found


def _is_definite(record: Record) -> bool:
    """Whether a record says of a known material, as the paper's own result, where its Tc is."""
    return (
        record.origin is Origin.THIS_WORK
        and bool(record.composition)
        and not _OPEN & set(record.flags)
        and (record.tc_K is not None or record.superconducting is False)
    )


def _sample_key(record: Record) -> Hashable:
    """What must be the same for two records to speak of one thing: material, sample, conditions."""
    pressure = record.pressure_GPa, record.pressure_min_GPa, record.pressure_max_GPa
    if not any(pressure):
        pressure = (None, None, None)  # ambient is what a paper means that names no pressure
    made = (record.fabrication or "").casefold(), record.substrate
    return material_key(record), sample_of(record), made, pressure, record.magnetic_field_T or 0.0


def _different(records: Sequence[Record], group: Sequence[int]) -> set[int]:
    """Those of ``group``, which have the same conditions, whose Tc cannot both be right."""
    values = {records[i].tc_K for i in group}
    if not 1 < len(values) <= MOST_VALUES:
        return set()
    return _both(
        (i, j)
        for i, j in combinations(group, 2)
        if not _told_apart(records[i], records[j]) and _tc_differ(records[i], records[j])
    )


def _told_apart(first: Record, second: Record) -> bool:
    """Whether the paper itself states both side by side, so that something tells them apart.

    As rows of tables, or in one sentence ("Tc is 2.8 K in the bcc and 3.4 K in the A15 phase").
    """
    if all(p.source is Source.TABLE for r in (first, second) for p in r.places[:1]):
        return True
    one, other = ({p.sentence for p in r.places} for r in (first, second))
    return bool(one & other)


def _tc_differ(first: Record, second: Record) -> bool:
    if first.tc_K is None or second.tc_K is None or same_tc(first, second):
        return False
    difference = abs(first.tc_K - second.tc_K)
    margin = (first.tc_uncertainty_K or 0.0) + (second.tc_uncertainty_K or 0.0)
    if "~" in (first.tc_relation, second.tc_relation):
        margin = max(margin, AROUND * max(first.tc_K, second.tc_K))
    rounded = may_stand_for(first, second.tc_K) or may_stand_for(second, first.tc_K)
    return difference > margin and not rounded


def _denied(records: Sequence[Record], group: Sequence[int]) -> set[int]:
    """Those of ``group``, all of one sample, that say that it does and does not superconduct."""
    absent = [i for i in group if records[i].superconducting is False]
    present = [i for i in group if records[i].tc_K is not None]
    if not absent or len(absent) * len(present) > MOST_VALUES**2:
        return set()
    return _both(
        (i, j)
        for i in absent
        for j in present
        if (records[i].lowest_temperature_K or 0.0) < (records[j].tc_K or 0.0)
        and (records[i].lowest_temperature_K is not None or records[j].tc_relation != "~")
    )


def _both(pairs: Iterable[tuple[int, int]]) -> set[int]:
    return {i for pair in pairs for i in pair}
