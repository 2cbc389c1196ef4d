"""Which values of reference sets may be held against a record: the same evidence and pressure.

A calculated Tc is not compared with a measured one, nor one at ambient pressure with one at
150 GPa. Where the record's paper names no pressure, the pressure is unknown and every value may be
meant; where a set names none for an entry, the set says whether that is ambient
(``ambient_unless_stated``).
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from scmine.database.record import Evidence, PressureKind, Record
from scmine.database.reference import ReferenceEntry

PRESSURE_STEP_GPA = 0.1
"""Pressures that differ by less are the same: the smallest step that papers apply."""

PRESSURE_SHARE = 0.1
"""Pressures that differ by less than this share of the larger are the same: what ruby scales differ
by above 100 GPa, and calculations from measurements."""

_CODES = {Evidence.UNKNOWN: 0, Evidence.MEASURED: 1, Evidence.CALCULATED: 2}


@dataclass(frozen=True, slots=True)
class Conditions:
    """Under which a record's Tc was found; a pressure of None is unknown (then both ends are)."""

    evidence: Evidence
    low_GPa: float | None
    high_GPa: float | None


@dataclass(frozen=True, slots=True)
class Values:
    """The entries' values side by side: Tc in K, pressure in GPa, evidence; NaN where unknown."""

    tc: npt.NDArray[np.float64]
    pressure: npt.NDArray[np.float64]
    evidence: npt.NDArray[np.int8]


def conditions_of(record: Record) -> Conditions:
    """The conditions of a record's Tc; a pressure of the synthesis is none of them."""
    low, high = record.pressure_min_GPa, record.pressure_max_GPa
    if record.pressure_GPa is not None:
        low = high = record.pressure_GPa
    if record.pressure_kind is PressureKind.SYNTHESIS or (low is None and high is None):
        return Conditions(record.evidence, None, None)
    return Conditions(
        record.evidence, 0.0 if low is None else low, math.inf if high is None else high
    )


def values_of(entries: Iterable[ReferenceEntry]) -> Values:
    """The values of entries, in their order."""
    rows = [(e.tc_K, pressure_of(e), _CODES[e.evidence]) for e in entries]
    return Values(
        np.array([math.nan if tc is None else tc for tc, _, _ in rows], dtype=np.float64),
        np.array([math.nan if p is None else p for _, p, _ in rows], dtype=np.float64),
        np.array([code for _, _, code in rows], dtype=np.int8),
    )


def pressure_of(entry: ReferenceEntry) -> float | None:
    """The pressure of an entry in GPa, None if unknown."""
    if entry.pressure_GPa is None and entry.ambient_unless_stated:
        return 0.0
    return entry.pressure_GPa


def comparable(values: Values, conditions: Conditions) -> npt.NDArray[np.bool_]:
    """Which entries are of the conditions, whether they have a Tc or not; shape ``(n,)``.

    An entry of unknown pressure is comparable at ambient pressure only.
    """
    code = _CODES[conditions.evidence]
    same: npt.NDArray[np.bool_] = np.ones(len(values.evidence), dtype=np.bool_)
    if code:
        same = (values.evidence == code) | (values.evidence == 0)
    low, high = conditions.low_GPa, conditions.high_GPa
    if low is None or high is None:
        return same
    pressure = np.nan_to_num(values.pressure, nan=0.0)
    below = low - pressure
    above = pressure - high
    gap = np.maximum(np.maximum(below, above), 0.0)
    larger = np.maximum(pressure, low if math.isinf(high) else high)
    return same & (gap <= np.maximum(PRESSURE_STEP_GPA, PRESSURE_SHARE * larger))
