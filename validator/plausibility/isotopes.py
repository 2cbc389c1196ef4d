"""Isotope pairs: records of one paper that differ in an isotope alone, and which Tc is higher."""

from __future__ import annotations

import math
import re
from collections.abc import Hashable, Iterator, Sequence
from itertools import combinations

from scmine.database.record import Record
from scmine.extractors.formula import parse_formula
from scmine.extractors.normal_form import normal_form
from scmine.validator.finding import Finding
from scmine.validator.plausibility.rules import Rule
from scmine.validator.plausibility.values import merged_isotopes, sentences

_MASS = re.compile(r"(\d{1,3})([A-Z][a-z]?)")
_HEAVY_HYDROGEN = {"D": 2.014, "T": 3.016}
_HYDROGEN = 1.008
MOST = 40
"""Isotope records of one material and conditions; more are series that no pair speaks for."""


def reversed_shift(rule: Rule, records: Sequence[Record]) -> Iterator[tuple[int, Finding]]:
    """Pairs in which the heavier isotope has the higher Tc, and nothing says that it may."""
    inverse = re.compile(rule.options["inverse_words"], re.IGNORECASE)
    families = [frozenset(family) for family in rule.options["inverse"]]
    for light, heavy, symbol in _pairs(records):
        one, other = records[light], records[heavy]
        low, high = _tc(one), _tc(other)
        margin = (one.tc_uncertainty_K or 0.0) + (other.tc_uncertainty_K or 0.0)
        if high - low <= max(margin, rule.options["tolerance"] * low):
            continue
        present = merged_isotopes(one.composition).keys()
        if any(family <= present for family in families):
            continue
        if any(inverse.search(s) for r in (one, other) for s in sentences(r)):
            continue
        message = (
            f"{_material(other)} has Tc = {high:g} K, above the {low:g} K of {_material(one)}: "
            f"the heavier isotope of {symbol} should have the lower one"
        )
        yield light, rule.finding(message)
        yield heavy, rule.finding(message)


def excessive_shift(rule: Rule, records: Sequence[Record]) -> Iterator[tuple[int, Finding]]:
    """Pairs whose isotope exponent is above the rule's."""
    for light, heavy, symbol in _pairs(records):
        masses = _mass(records[light], symbol), _mass(records[heavy], symbol)
        low, high = _tc(records[heavy]), _tc(records[light])
        alpha = math.log(high / low) / math.log(masses[1] / masses[0])
        if alpha > rule.options["exponent"]:
            message = (
                f"{_material(records[light])} has {high:g} K and {_material(records[heavy])} "
                f"{low:g} K: an isotope exponent of {alpha:.2g}"
            )
            yield light, rule.finding(message)
            yield heavy, rule.finding(message)


def _pairs(records: Sequence[Record]) -> Iterator[tuple[int, int, str]]:
    """Index of the lighter and of the heavier record, and the element that differs."""
    groups: dict[Hashable, dict[str, list[int]]] = {}
    marked = [(i, _isotopes(r)) for i, r in enumerate(records) if _counts(r)]
    elements = {symbol for _, isotopes in marked for symbol in isotopes}
    for symbol in sorted(elements):
        groups.clear()
        for i, isotopes in marked:
            if symbol not in merged_isotopes(records[i].composition):
                continue
            key = _conditions(records[i], symbol, isotopes)
            groups.setdefault(key, {}).setdefault(isotopes.get(symbol, ""), []).append(i)
        for variants in groups.values():
            yield from _ordered(records, variants, symbol)


def _ordered(
    records: Sequence[Record], variants: dict[str, list[int]], symbol: str
) -> Iterator[tuple[int, int, str]]:
    """Pairs of groups that hold one Tc each: of more, which belong together is unknown."""
    if sum(map(len, variants.values())) > MOST:
        return
    if symbol != "H":
        variants = {label: found for label, found in variants.items() if label}
    single = [found for found in variants.values() if len({_tc(records[i]) for i in found}) == 1]
    for first, second in combinations(single, 2):
        one, other = _mass(records[first[0]], symbol), _mass(records[second[0]], symbol)
        if one != other:
            light, heavy = (first[0], second[0]) if one < other else (second[0], first[0])
            yield light, heavy, symbol


def _counts(record: Record) -> bool:
    return record.tc_K is not None and record.tc_K > 0 and bool(record.composition)


def _tc(record: Record) -> float:
    return record.tc_K or 0.0


def _isotopes(record: Record) -> dict[str, str]:
    """Element to the isotope that the printed formula names."""
    heavy = next((s for s in _HEAVY_HYDROGEN if s in record.composition), None)
    found = {} if heavy is None else {"H": heavy}
    parsed = parse_formula(record.raw_material) if len(record.raw_material) < 100 else None
    for label in parsed.isotopes if parsed is not None else ():
        match = _MASS.fullmatch(label)
        if match:
            found[match[2]] = match[1]
    return found


def _mass(record: Record, symbol: str) -> float:
    """The mass of the isotope of an element in a record, by the mass number."""
    label = _isotopes(record).get(symbol, "")
    if symbol == "H":
        return _HEAVY_HYDROGEN.get(label) or float(label or _HYDROGEN)
    return float(label)


def _conditions(record: Record, symbol: str, isotopes: dict[str, str]) -> Hashable:
    """What must be the same for two records to differ in the isotopes of ``symbol`` alone."""
    others = tuple(sorted((s, label) for s, label in isotopes.items() if s != symbol))
    amounts = "".join(f"{s}{n:.6g}" for s, n in sorted(merged_isotopes(record.composition).items()))
    try:
        material = normal_form(amounts)
    except ValueError:
        material = amounts
    return (
        material,
        others,
        record.pressure_GPa,
        record.pressure_min_GPa,
        record.pressure_max_GPa,
        record.evidence,
        record.origin,
        record.tc_kind,
        record.tc_method,
        record.mu_star,
        record.measurement_method,
        record.space_group,
    )


def _material(record: Record) -> str:
    return record.raw_material or record.formula or "?"
