"""The undoped parent of a doped composition: the formula in whole numbers that it is a doping of.

A parent is a guess by arithmetic alone, within the criteria of 3DSC; its structure comes from a
known structure type (``prototypes``), and ``doping`` puts the dopant in.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import ceil

from scmine.validator.structures.formula_difference import Grade, formula_difference
from scmine.validator.structures.substitution import SAME_AMOUNT

LARGEST_DOPANT_SHARE = 0.5
"""Of a site shared by two elements the host holds at least half, else it is not the host."""


@dataclass(frozen=True, slots=True)
class Parent:
    """An undoped composition in whole numbers, and the grade of the change that doping makes."""

    composition: dict[str, float]
    grade: Grade


def parents(wanted: Mapping[str, float]) -> list[Parent]:
    """Parents of a composition, nearest first; none if it is in whole numbers already.

    One element may share the place of another (Sr with La), and one may be short of a whole number
    (O in oxides); all other amounts must be whole.

    >>> [p.composition for p in parents({"La": 1.85, "Sr": 0.15, "Cu": 1, "O": 4})]
    [{'La': 2, 'Cu': 1, 'O': 4}]
    >>> [p.composition for p in parents({"Sm": 1, "Fe": 1, "As": 1, "O": 0.85})]
    [{'Sm': 1, 'Fe': 1, 'As': 1, 'O': 1}]
    >>> parents({"Ba": 0.6, "K": 0.4, "Fe": 2, "As": 2})  # farther than 3DSC allows
    []
    """
    broken = [e for e, amount in wanted.items() if not _whole(amount)]
    if not broken:
        return []
    found: dict[tuple[tuple[str, float], ...], tuple[float, Parent]] = {}
    for composition in _guesses(wanted, broken):
        difference = formula_difference(wanted, composition)
        if difference.grade is not Grade.FAR:
            parent = Parent(composition, difference.grade)
            found[tuple(composition.items())] = (difference.total, parent)
    return [parent for _, parent in sorted(found.values(), key=lambda entry: entry[0])]


def _guesses(wanted: Mapping[str, float], broken: list[str]) -> Iterator[dict[str, float]]:
    if len(broken) == 1:
        (element,) = broken
        for whole in dict.fromkeys((round(wanted[element]), ceil(wanted[element]))):
            if wanted[element] > 0.5:
                yield _rounded(wanted, {element: whole})
        return
    if len(broken) > 3:
        return
    for dopant in broken:
        for host in broken:
            together = wanted[dopant] + wanted[host]
            if dopant == host or wanted[dopant] > LARGEST_DOPANT_SHARE * together:
                continue
            rest = [e for e in broken if e not in (dopant, host)]
            # Of three broken amounts, the third is an anion's vacancies beside the substitution.
            if all(wanted[e] > 0.5 for e in rest) and (not rest or _whole(together)):
                changed = {host: round(together), dopant: 0}
                changed |= {e: round(wanted[e]) for e in rest}
                yield _rounded(wanted, changed)


def _rounded(wanted: Mapping[str, float], changed: Mapping[str, int]) -> dict[str, float]:
    amounts: dict[str, float] = {e: changed.get(e, round(amount)) for e, amount in wanted.items()}
    return {e: amount for e, amount in amounts.items() if amount > 0}


def _whole(amount: float) -> bool:
    return abs(amount - round(amount)) < SAME_AMOUNT and round(amount) > 0
