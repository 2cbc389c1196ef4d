"""What a record holds of a structure that its paper states: each piece, and all in one record.

Numbers count as read if they are those printed. Whether the structure can be rebuilt from them is
asked in ``structure_scores``.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import reduce
from math import gcd, isclose

from scmine.corpora.written.described import Described
from scmine.corpora.written.papers import Level
from scmine.database.record import Record

PIECES = ("formula", "space_group", "pressure", "cell", "sites")
_PRESSURE_SAME = 0.6
"""GPa; pressures are printed without decimals."""


def pieces_of(level: Level) -> tuple[str, ...]:
    """The pieces that a paper of ``level`` states."""
    return {Level.CELL: PIECES[:4], Level.FORMULA: PIECES[:3]}.get(level, PIECES)


def read_pieces(record: Record, stated: Described, level: Level) -> frozenset[str]:
    """The pieces of ``stated`` that ``record`` has; none if it is of another formula."""
    if not same_formula(record, stated):
        return frozenset()
    found = {"formula"}
    if record.space_group_number == stated.number:
        found.add("space_group")
    if record.pressure_GPa is not None and isclose(
        record.pressure_GPa, float(stated.pressure), abs_tol=_PRESSURE_SAME
    ):
        found.add("pressure")
    if _has_cell(record, stated, 6e-4):
        found.add("cell")
    if _has_sites(record, stated, 1.6e-3 if level is Level.SITES3 else 1.6e-4):
        found.add("sites")
    return frozenset(found)


def best_record(
    records: Sequence[Record], stated: Described, level: Level
) -> tuple[Record | None, frozenset[str]]:
    """The record that has the most pieces of ``stated`` that its paper states, and those."""
    wanted = frozenset(pieces_of(level))
    best: tuple[Record | None, frozenset[str]] = (None, frozenset())
    for record in records:
        pieces = read_pieces(record, stated, level) & wanted
        if len(pieces) > len(best[1]):
            best = (record, pieces)
    return best


def same_formula(record: Record, stated: Described) -> bool:
    """Whether a record's composition is that of ``stated``, in any multiple."""
    amounts = {symbol: amount for symbol, amount in record.composition.items() if amount}
    if not amounts or any(abs(a - round(a)) > 1e-6 for a in amounts.values()):
        return False
    whole = {symbol: round(amount) for symbol, amount in amounts.items()}
    divisor = reduce(gcd, whole.values())
    return {s: n // divisor for s, n in whole.items()} == dict(stated.amounts)


def _has_cell(record: Record, stated: Described, tolerance: float) -> bool:
    edges = [record.a_A, record.b_A, record.c_A]
    angles = [record.alpha_deg, record.beta_deg, record.gamma_deg]
    cell = stated.cell
    implied_edges, implied_angles = _implied(stated)
    told = [*zip(edges, cell[:3], implied_edges, strict=True)]
    ok = all(
        implied if value is None else isclose(value, true, abs_tol=tolerance)
        for value, true, implied in told
    )
    told = [*zip(angles, cell[3:], implied_angles, strict=True)]
    return ok and all(
        implied if value is None else isclose(value, true, abs_tol=6e-3)
        for value, true, implied in told
    )


def _implied(stated: Described) -> tuple[tuple[bool, ...], tuple[bool, ...]]:
    """Which edges and angles the crystal system gives, so that a record need not."""
    system = stated.system
    if stated.rhombohedral_axes:
        return (False, True, True), (False, True, True)
    if system == "cubic":
        return (False, True, True), (True, True, True)
    if system in ("tetragonal", "hexagonal", "trigonal"):
        return (False, True, False), (True, True, True)
    angles = {"monoclinic": (True, False, True), "triclinic": (False, False, False)}
    return (False, False, False), angles.get(system, (True, True, True))


def _has_sites(record: Record, stated: Described, tolerance: float) -> bool:
    """Whether the record has each site once, with its element, letter and coordinates."""
    left = list(record.wyckoff)
    for site in stated.sites:
        match = next((s for s in left if _is_site(s, site, tolerance)), None)
        if match is None:
            return False
        left.remove(match)
    return not left


def _is_site(found: dict[str, object], site: object, tolerance: float) -> bool:
    from scmine.corpora.written.described import DescribedSite

    assert isinstance(site, DescribedSite)
    xyz = found.get("xyz")
    if found.get("element") != site.element or found.get("site") not in (None, site.site):
        return False
    if not isinstance(xyz, list) or len(xyz) != 3:
        return False
    for value, true in zip(xyz, site.xyz, strict=True):
        if isinstance(value, str):
            if re.search(r"[xyz]", value):
                return False
            continue
        if value is None or abs((value - true + 0.5) % 1.0 - 0.5) > tolerance:
            return False
    return True
