"""Class records: a Tc above all that was measured in its class and range of pressures.

The records are data (``class_ceilings.toml``). The class is the record's own, else the one of its
formula; a value without a class is held against none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from scmine.database.record import Record
from scmine.extractors.formula import parse_formula
from scmine.extractors.material_class import ClassDecision, classify
from scmine.validator.finding import Finding, Severity
from scmine.validator.plausibility.rules import Rule, data
from scmine.validator.plausibility.values import (
    highest_pressure,
    highest_tc,
    is_calculated,
    merged_isotopes,
)

CEILINGS_FILE = "class_ceilings.toml"


@dataclass(frozen=True, slots=True)
class Ceiling:
    """The highest Tc of a class up to a pressure, with the material that reached it."""

    material_class: str
    tc_K: float
    margin: float
    record: str
    source: str
    up_to_GPa: float | None
    rule: str | None
    wanted: frozenset[str]
    unwanted: frozenset[str]
    words: re.Pattern[str] | None

    @property
    def limit_K(self) -> float:
        """The Tc above which a value is doubted."""
        return self.tc_K * (1 + self.margin)

    def fits(self, decision: ClassDecision, record: Record) -> bool:
        """Whether it is about the class and the elements of ``record``, whatever its pressure."""
        if decision.name != self.material_class:
            return False
        if self.rule is not None and self.rule != decision.rule:
            return False
        present = elements_of(record)
        if (self.wanted and not self.wanted <= present) or self.unwanted & present:
            return False
        return self.words is None or bool(self.words.search(_said(record)))


@cache
def ceilings() -> tuple[Ceiling, ...]:
    """All entries of the data file, in its order."""
    return tuple(
        Ceiling(
            material_class=entry["class"],
            tc_K=entry["tc_K"],
            margin=entry["margin"],
            record=entry["record"],
            source=entry["source"],
            up_to_GPa=entry.get("up_to_GPa"),
            rule=entry.get("rule"),
            wanted=frozenset(entry.get("with", ())),
            unwanted=frozenset(entry.get("without", ())),
            words=re.compile(entry["words"]) if "words" in entry else None,
        )
        for entry in data(CEILINGS_FILE)["ceiling"]
    )


def above_ceiling(rule: Rule, record: Record) -> Iterator[Finding]:
    """A Tc above the record of its class; a note where it is calculated."""
    tc, pressure = highest_tc(record), highest_pressure(record)
    ceiling = _ceiling(record, pressure)
    if tc is None or ceiling is None or tc <= ceiling.limit_K:
        return
    calculated = is_calculated(record)
    if not calculated and tc > rule.options["up_to_K"]:
        return
    message = (
        f"Tc = {tc:g} K{_at(pressure)} is above the highest measured of its class "
        f"({ceiling.material_class}): {ceiling.tc_K:g} K, {ceiling.record} [{ceiling.source}]"
    )
    if calculated:
        message += "; it is calculated"
    if (mended := _mended(record, tc, pressure, ceiling)) is not None:
        message += f"; {mended}"
    yield rule.finding(message, severity=Severity.NOTE if calculated else None)


def above_ambient_without_pressure(rule: Rule, record: Record) -> Iterator[Finding]:
    """A Tc that the class reaches under pressure only, in a record without a pressure."""
    tc = highest_tc(record)
    if tc is None or highest_pressure(record) is not None:
        return
    ambient, highest = _ceiling(record, 0.0), _ceiling(record, None)
    if ambient is None or highest is None or ambient.up_to_GPa is None:
        return
    if ambient.limit_K < tc <= highest.limit_K:
        yield rule.finding(
            f"Tc = {tc:g} K is reached under pressure only in this class "
            f"({ambient.material_class}; at ambient pressure {ambient.tc_K:g} K, "
            f"{ambient.record}), and no pressure is stated"
        )


def _ceiling(record: Record, pressure: float | None) -> Ceiling | None:
    """The entry for a record at a pressure; where that is unknown, the most that is possible."""
    decision = class_of(record)
    if decision is None:
        return None
    fitting = [entry for entry in ceilings() if entry.fits(decision, record)]
    if pressure is None:
        always = [entry for entry in fitting if entry.up_to_GPa is None]
        return always[0] if always else None
    return next((e for e in fitting if e.up_to_GPa is None or pressure <= e.up_to_GPa), None)


def class_of(record: Record) -> ClassDecision | None:
    """The class of a record and the rule of its formula.

    The class that the record has counts before that of its formula: a dopant that is only named
    (K-doped C60) may have decided it. A class that is none of ours says nothing.
    """
    parsed = parse_formula(record.formula) if record.formula else None
    decision = classify(parsed) if parsed is not None else None
    if record.material_class not in known_classes():
        return decision
    if decision is not None and decision.name == record.material_class:
        return decision
    return ClassDecision(record.material_class, "")


def elements_of(record: Record) -> frozenset[str]:
    """The elements of a record's material, also where a variable of its formula is open."""
    parsed = parse_formula(record.formula) if record.formula else None
    amounts = record.composition or (dict.fromkeys(parsed.amounts, 1.0) if parsed else {})
    return frozenset(merged_isotopes(amounts))


@cache
def known_classes() -> frozenset[str]:
    """The classes that have a record."""
    return frozenset(ceiling.material_class for ceiling in ceilings())


def _said(record: Record) -> str:
    parts = (record.raw_material, record.name, record.shape, record.substrate, record.sentence)
    return " ".join(part for part in parts if part)


def _at(pressure: float | None) -> str:
    if pressure is None:
        return ""
    return f" at {pressure:g} GPa" if pressure else " at ambient pressure"


_PRESSURE_SLIPS: Mapping[str, float] = {"Mbar": 100.0, "TPa": 1000.0}
_USUAL_GPA = (50.0, 500.0)
"""Pressures in GPa that are usual where one in larger units is printed."""

_CLEARLY = 5.0
"""How many times higher the record must be at the pressure of another unit to speak for a slip."""


def _mended(record: Record, tc: float, pressure: float | None, ceiling: Ceiling) -> str | None:
    """What slip of a unit would explain the value."""
    if pressure and ceiling.up_to_GPa is not None:
        for unit, factor in _PRESSURE_SLIPS.items():
            other = _ceiling(record, pressure * factor)
            if not _USUAL_GPA[0] <= pressure * factor <= _USUAL_GPA[1]:
                continue
            if other is not None and tc <= other.limit_K and other.tc_K > _CLEARLY * ceiling.tc_K:
                return f"were the pressure in {unit}, it would not be"
    return None
