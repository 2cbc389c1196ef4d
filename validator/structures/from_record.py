"""From a record to what it states of a crystal structure.

Only what the record says; what several records of a paper say together lives in ``statements``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from scmine.database.record import PressureKind, Record
from scmine.extractors.elements import elements
from scmine.extractors.structure_types import is_crystal_system
from scmine.validator.structures.stated import Coordinate, StatedSite, StatedStructure

MOST_SITES = 1000
"""Sites of one statement; a longer list is no asymmetric unit."""

CELL = ("a_A", "b_A", "c_A", "alpha_deg", "beta_deg", "gamma_deg")
"""The fields of a cell, in a record and in a statement."""

_SYMBOL = re.compile(r"[A-Z][a-z]?")
_SHARE = r"[A-Z][a-z]?(?:\d?\.\d+)?"
_SHARED = re.compile(
    rf"\(?{_SHARE}(?:\s?[/,+]\s?{_SHARE})+\)?\d{{0,2}}"  # O/F, (Ba, K)1
    rf"|\(?(?:[A-Z][a-z]?\d?\.\d+[/,+]?)+\)?"  # Ba0.6K0.4
    rf"|\((?:[A-Z][a-z]?){{2,4}}\)\d{{0,2}}"  # (LaSr)
)
"""Labels of sites that several elements share, as far as they can be told from others."""


def is_statement(stated: StatedStructure) -> bool:
    """Whether more is stated than a formula and a crystal system."""
    edges = (stated.a_A, stated.b_A, stated.c_A)
    return bool(
        stated.block
        or stated.sites
        or stated.prototype
        or stated.space_group
        or stated.space_group_number
        or any(edge is not None for edge in edges)
    )


def all_stated(record: Record) -> StatedStructure:
    """The crystallographic fields of ``record`` as a statement, however little they say.

    Isotopes count as their element. Of a range of pressures the lower end is taken, where the phase
    is said to begin. A site that two elements share ("O/F") becomes one site of each, occupied as
    the composition says, where no other site holds them. Names of structures that are no crystal
    systems are prototypes. ``is_statement`` tells whether it says enough to be rebuilt.

    >>> stated = all_stated(
    ...     Record(
    ...         record_id="r",
    ...         doc_id="d",
    ...         raw_material="D3S",
    ...         formula="D3S",
    ...         composition={"D": 3, "S": 1},
    ...         space_group="Im-3m",
    ...         space_group_number=229,
    ...         pressure_GPa=200,
    ...     )
    ... )
    >>> stated.composition, stated.space_group, stated.pressure_GPa
    ({'H': 3.0, 'S': 1.0}, 'Im-3m', 200.0)
    >>> is_statement(all_stated(Record(record_id="r", doc_id="d", raw_material="Nb", tc_K=9.2)))
    False
    """
    composition = _elements(record.composition)
    name = record.crystal_structure
    system = name if name and is_crystal_system(name.lower()) else None
    return StatedStructure(
        formula=record.formula or record.raw_material,
        composition=composition,
        space_group=record.space_group,
        space_group_number=record.space_group_number,
        **{field: getattr(record, field) for field in CELL},
        sites=_sites(record.wyckoff, composition),
        prototype=record.prototype or (name if system is None else None) or None,
        crystal_system=system.lower() if system else None,
        pressure_GPa=_pressure(record),
        shape=record.shape,
    )


def _pressure(record: Record) -> float | None:
    """The pressure that the structure is under, in GPa; that of a synthesis is over."""
    if record.pressure_kind is PressureKind.SYNTHESIS:
        return None
    ends = (record.pressure_GPa, record.pressure_min_GPa, record.pressure_max_GPa)
    return next((value for value in ends if value is not None), None)


def _elements(composition: Mapping[str, float]) -> dict[str, float]:
    """``composition`` with isotopes counted as their elements."""
    total: dict[str, float] = {}
    for symbol, amount in composition.items():
        known = elements().get(symbol)
        name = known.counts_as if known else symbol
        total[name] = total.get(name, 0.0) + float(amount)
    return total


def _sites(
    printed: Sequence[dict[str, Any]], composition: dict[str, float]
) -> tuple[StatedSite, ...]:
    """The sites of a record; none if one of them holds elements in a ratio that is not known."""
    if len(printed) > MOST_SITES:
        return ()
    held = [_held(site) for site in printed]
    found: list[StatedSite] = []
    for number, (values, held_here) in enumerate(zip(printed, held, strict=True)):
        shares = _shares(held_here, [h for n, h in enumerate(held) if n != number], composition)
        if not shares:
            return ()
        site = _site(values)
        found += [
            replace(site, element=symbol, occupancy=site.occupancy * share)
            for symbol, share in shares.items()
        ]
    return tuple(found)


def _site(values: dict[str, Any]) -> StatedSite:
    xyz = values.get("xyz")
    return StatedSite(
        element="",
        label=str(values.get("label") or values.get("element") or ""),
        site=values.get("site"),
        xyz=(_coordinate(xyz[0]), _coordinate(xyz[1]), _coordinate(xyz[2])) if xyz else None,
        occupancy=1.0 if values.get("occupancy") is None else float(values["occupancy"]),
    )


def _coordinate(value: Any) -> Coordinate:
    return float(value) if isinstance(value, int | float) else value


def _held(site: dict[str, Any]) -> dict[str, float | None]:
    """The elements that a site's label names, with their shares where it gives them.

    >>> _held({"label": "As/P"}), _held({"label": "Ba0.6K0.4"}), _held({"element": "D"})
    ({'As': None, 'P': None}, {'Ba': 0.6, 'K': 0.4}, {'H': None})
    >>> _held({"label": "OW1", "element": "O"})
    {'O': None}
    """
    label = str(site.get("label") or "").strip()
    known = elements()
    symbols = _SYMBOL.findall(label)
    if len(set(symbols)) > 1 and _SHARED.fullmatch(label) and all(s in known for s in symbols):
        amounts = re.findall(r"([A-Z][a-z]?)(\d?\.\d+)?", label)
        return {known[s].counts_as: float(a) if a else None for s, a in amounts}
    symbol = str(site.get("element") or (symbols[0] if symbols else ""))
    return {known[symbol].counts_as: None} if symbol in known else {}


def _shares(
    held: dict[str, float | None],
    others: Sequence[dict[str, float | None]],
    composition: dict[str, float],
) -> dict[str, float]:
    """How much of a site each of its elements occupies; empty if that is not known."""
    if len(held) < 2:
        return dict.fromkeys(held, 1.0)
    printed = {symbol: share for symbol, share in held.items() if share is not None}
    if len(printed) == len(held):
        return printed
    elsewhere = {symbol for other in others for symbol in other}
    amounts = {symbol: composition.get(symbol, 0.0) for symbol in held}
    alike = all(set(other) == set(held) for other in others if set(other) & set(held))
    if (elsewhere & set(held) and not alike) or min(amounts.values()) <= 0:
        return {}
    total = sum(amounts.values())
    return {symbol: amount / total for symbol, amount in amounts.items()}
