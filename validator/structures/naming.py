"""Which structure of a paper a record is of that states none itself: same material, same phase.

A Tc or λ is of a structure only where nothing else can be meant. How statements are put together
lives in ``statements``.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache

from scmine.database.record import Evidence, Record
from scmine.extractors.specimens import material_key, may_be_one, sample_of
from scmine.validator.data_files import load_toml
from scmine.validator.structures.from_record import CELL, all_stated, is_statement
from scmine.validator.structures.stated import StatedStructure
from scmine.validator.structures.statements import AMBIENT_GPa, of_one_phase, same_symmetry

_SAME_PRESSURE = 1e-3
"""Relative difference of two pressures that are one."""


@cache
def _words() -> dict[str, dict[str, re.Pattern[str]]]:
    return {
        group: {name: re.compile(pattern, re.I) for name, pattern in entries.items()}
        for group, entries in load_toml("structure_naming.toml").items()
    }


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
    they are under that of the room, if the paper has the material under no other and the record's
    sentence speaks of none. Calculations are also of the only pressure that the paper has for the
    material. Of several descriptions of one phase one with atoms, sites or a cell is taken, of
    these one with the record's evidence.

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
            if record.record_id in named or is_statement(states) or not _is_plain(record):
                continue
            one = _structure_of(record, states, own, stated)
            if one is not None:
                found[record.record_id] = one.structure_id
    return found


def _is_plain(record: Record) -> bool:
    """Whether it is known what pressure a record is of, as far as it can be.

    Phases may divide a range of pressures; one that only words tell of may be any.
    """
    if record.pressure_GPa is not None:
        return True
    if record.pressure_min_GPa is not None or record.pressure_max_GPa is not None:
        return False
    words = _words()["pressure"]
    return not words["under"].search(record.sentence) or bool(
        words["other"].search(record.sentence)
    )


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
        and _has_lattice(k.stated, record.sentence)
        and _may_be_of(record, k.record)
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
        if not all(_is_phase_of(replace(k.stated, pressure_GPa=here), one.stated) for k in fitting):
            return None
    return max(fitting, key=lambda k: _fullness(record, k))


def _may_be_of(record: Record, stating: Record | None) -> bool:
    """Whether nothing tells the samples apart; one that is said to be doped needs the same said."""
    sample = sample_of(record)
    if stating is None:
        return not sample.dopant and not sample.doping
    other = sample_of(stating)
    return may_be_one(sample, other) and (not sample.doping or sample.doping == other.doping)


def _has_lattice(stated: StatedStructure, sentence: str) -> bool:
    """Whether a space group has one of the lattices that a sentence names, if it names any."""
    named = {letter for letter, words in _words()["lattice"].items() if words.search(sentence)}
    return not named or not stated.space_group or stated.space_group[0] in named


def _is_phase_of(one: StatedStructure, other: StatedStructure) -> bool:
    """Whether two structures under one pressure are of one phase.

    The cells of one space group may be those of two settings.
    """
    if one.space_group_number is not None and one.space_group_number == other.space_group_number:
        return same_symmetry(one, other)
    return of_one_phase(one, other, one_pressure=True)


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
        both = (record, known.record)
        return len(high) == 1 and all(r and r.evidence is Evidence.CALCULATED for r in both)
    measured = known.record is not None and known.record.evidence is Evidence.MEASURED
    return mine is not None and measured  # a cell without a pressure is one of the room


def _may_be_under_one(one: float | None, other: float | None) -> bool:
    return one is None or other is None or _equal(one, other)


def _equal(one: float, other: float) -> bool:
    ambient = one <= AMBIENT_GPa and other <= AMBIENT_GPa
    return ambient or math.isclose(one, other, rel_tol=_SAME_PRESSURE)


def _fullness(record: Record, known: Known) -> tuple[bool, bool, bool, bool, int]:
    stated = known.stated
    same_evidence = known.record is not None and known.record.evidence is record.evidence
    edges = sum(getattr(stated, name) is not None for name in CELL)
    has_sites = bool(stated.sites or stated.block)
    return known.has_atoms, has_sites, edges > 0, same_evidence, edges
