"""Which structure of a paper a record is of that states none itself: same material, same phase.

A Tc or λ is of a structure only where nothing else can be meant. How statements are put together
lives in ``statements``.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from scmine.database.record import Evidence, Record
from scmine.extractors.specimens import material_key, may_be_one, sample_of
from scmine.validator.structures.from_record import CELL, all_stated, is_statement
from scmine.validator.structures.stated import StatedStructure
from scmine.validator.structures.statements import AMBIENT_GPa, of_one_phase, same_symmetry

_SAME_PRESSURE = 1e-3
"""Relative difference of two pressures that are one."""


@dataclass(frozen=True, slots=True)
class Known:
    """A structure of a paper: what is stated of it, and by which record (None: by a listing)."""

    structure_id: str
    material: str
    stated: StatedStructure
    record: Record | None = None
    has_atoms: bool = False


def named_structures(
    records: Sequence[Record], known: Sequence[Known], named: Mapping[str, str]
) -> dict[str, str]:
    """The structures of the records that state none, by ``record_id``.

    A record is of a structure of its material (formula, sample) if both are under one pressure and
    nothing that the paper states of the material there is of another phase. Without a pressure
    they are under that of the room, if the paper has the material under no other. Calculations
    are also of the only pressure that the paper has for the material. Of several descriptions of
    one phase the one with the record's evidence is taken, then the fullest.

    Parameters
    ----------
    records
        Those of one document.
    known
        Its structures; ``material`` is the `scmine.extractors.specimens.material_key` of each.
    named
        The structures of the records that state them, by ``record_id``.
    """
    by_material: dict[str, list[Record]] = {}
    for record in records:
        by_material.setdefault(material_key(record), []).append(record)
    found: dict[str, str] = {}
    for material, alike in by_material.items():
        own = [k for k in known if k.material == material]
        if not own or not any(record.composition for record in alike):
            continue
        stated = [(record, all_stated(record)) for record in alike]
        for record, states in stated:
            if record.record_id in named or is_statement(states) or _is_range(record):
                continue
            one = _structure_of(record, states, own, stated)
            if one is not None:
                found[record.record_id] = one.structure_id
    return found


def _is_range(record: Record) -> bool:
    """Whether a record is of a range of pressures, which phases may divide."""
    ends = (record.pressure_min_GPa, record.pressure_max_GPa)
    return record.pressure_GPa is None and any(end is not None for end in ends)


def _structure_of(
    record: Record,
    states: StatedStructure,
    known: Sequence[Known],
    stated: Sequence[tuple[Record, StatedStructure]],
) -> Known | None:
    sample = sample_of(record)
    near = [
        k
        for k in known
        if same_symmetry(states, k.stated)
        and (k.record is None or may_be_one(sample, sample_of(k.record)))
    ]
    pressures = {s.pressure_GPa for _, s in stated} | {k.stated.pressure_GPa for k in known}
    high = {p for p in pressures if p is not None and p > AMBIENT_GPa}
    fitting = [k for k in near if _under_one(record, states, k, high)]
    if not fitting:
        return None
    beside = [k.stated for k in near]
    beside += [
        s
        for other, s in stated
        if same_symmetry(states, s) and may_be_one(sample, sample_of(other))
    ]
    rivals = [s for s in beside if _may_be_under_one(states.pressure_GPa, s.pressure_GPa)]
    for one in fitting:
        if not all(same_symmetry(one.stated, rival) for rival in rivals):
            return None
        here = one.stated.pressure_GPa
        if not all(of_one_phase(_at(here, k.stated), one.stated, True) for k in fitting):
            return None
    return max(fitting, key=lambda k: _fullness(record, k))


def _at(pressure: float | None, stated: StatedStructure) -> StatedStructure:
    return replace(stated, pressure_GPa=pressure)


def _under_one(record: Record, states: StatedStructure, known: Known, high: set[float]) -> bool:
    """Whether a record and a structure are under the same pressure, given all high ones."""
    mine, theirs = states.pressure_GPa, known.stated.pressure_GPa
    if mine is not None and theirs is not None:
        return _equal(mine, theirs)
    if not high:
        return True
    if mine is None and theirs is None:
        return False
    if (mine or 0.0) > AMBIENT_GPa or (theirs or 0.0) > AMBIENT_GPa:
        silent = record if mine is None else known.record
        return len(high) == 1 and silent is not None and silent.evidence is Evidence.CALCULATED
    measured = known.record is not None and known.record.evidence is Evidence.MEASURED
    return mine is not None and measured  # a cell without a pressure is one of the room


def _may_be_under_one(one: float | None, other: float | None) -> bool:
    return one is None or other is None or _equal(one, other)


def _equal(one: float, other: float) -> bool:
    ambient = one <= AMBIENT_GPa and other <= AMBIENT_GPa
    return ambient or math.isclose(one, other, rel_tol=_SAME_PRESSURE)


def _fullness(record: Record, known: Known) -> tuple[bool, bool, bool, int]:
    stated = known.stated
    evidence = known.record is not None and known.record.evidence is record.evidence
    edges = sum(getattr(stated, name) is not None for name in CELL)
    return known.has_atoms, evidence, bool(stated.sites or stated.block), edges
