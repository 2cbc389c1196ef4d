"""Charges: the valence that a formula leaves for its conducting metal, and salts without one.

No guessing of oxidation states: the valences of the other elements are data (``valences.toml``),
and a formula with an element that is missing there is not judged.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from scmine.database.record import Record
from scmine.validator.finding import Finding
from scmine.validator.plausibility.ceilings import class_of
from scmine.validator.plausibility.rules import Rule, data
from scmine.validator.plausibility.values import highest_pressure, highest_tc, merged_isotopes

VALENCES_FILE = "valences.toml"
_EXCESS = 0.1
_BALANCED = 1e-6
_OPEN = frozenset(
    {"unresolved_variable", "unresolved_site", "undoped_formula", "ambiguous_formula"}
)


def implausible_charge(rule: Rule, record: Record) -> Iterator[Finding]:
    """A metal whose average valence is out of what it has, whatever valence the others take."""
    if not record.composition or _OPEN & set(record.flags):
        return
    decision = class_of(record)
    if decision is not None and not decision.rule:
        return  # the class is not that of the formula, which may be the name of a system: YBaCuO
    entries: list[dict[str, Any]] = data(VALENCES_FILE)["judged"]
    entry = next((e for e in entries if decision and e["class"] == decision.name), None)
    if entry is None:
        return
    composition = merged_isotopes(record.composition)
    if "at_most" in entry:
        few, many = (sum(composition.get(e, 0.0) for e in group) for group in entry["at_most"])
        if few > many * (1 + _EXCESS):
            return
    if not composition.keys().isdisjoint(entry.get("unjudged", ())):
        return
    known = data(VALENCES_FILE)["valence"] | entry.get("valence", {})
    valences = possible_valences(composition, frozenset(entry["metals"]), known)
    if valences is None:
        return
    lowest, highest = valences
    if highest < entry["low"] or lowest > entry["high"]:
        doubted = highest if highest < entry["low"] else lowest
        yield rule.finding(
            f"{record.formula or record.raw_material}: {entry['metals'][0]} would have an average "
            f"valence of {doubted:.2f}, {entry['low']:g} to {entry['high']:g} is known"
        )


def insulating_salt(rule: Rule, record: Record) -> Iterator[Finding]:
    """A Tc of a compound of cations and anions of closed shells whose charges are balanced."""
    tc, pressure = highest_tc(record), highest_pressure(record)
    if tc is None or tc <= rule.options["above_K"] or _OPEN & set(record.flags) or record.doping:
        return
    if pressure is not None and pressure > rule.options["up_to_GPa"]:
        return
    composition, valences = merged_isotopes(record.composition), rule.options["valences"]
    if len(composition) < 2 or not composition.keys() <= valences.keys():
        return
    charge = sum(amount * valences[symbol] for symbol, amount in composition.items())
    if abs(charge) < _BALANCED:
        yield rule.finding(
            f"Tc = {tc:g} K of {record.formula or record.raw_material}, which is an insulator"
        )


def possible_valences(
    composition: Mapping[str, float],
    metals: frozenset[str],
    known: Mapping[str, Sequence[float]],
) -> tuple[float, float] | None:
    """The lowest and highest average valence of ``metals``; None if another element has no data.

    >>> known = {"La": (3, 3), "O": (-2, -2)}
    >>> possible_valences({"La": 2, "Cu": 1, "O": 4}, frozenset({"Cu"}), known)
    (2.0, 2.0)
    """
    amount = low = high = 0.0
    for symbol, number in composition.items():
        if symbol in metals:
            amount += number
        elif symbol in known:
            low -= number * known[symbol][1]
            high -= number * known[symbol][0]
        else:
            return None
    return (low / amount, high / amount) if amount else None
