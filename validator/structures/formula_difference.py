"""How far two formulas are apart, by the criteria of 3DSC.

Compositions only; which site is doped, and whether it can be, is decided in ``doping``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from scmine.validator.data_files import load_toml

_SAME = 1e-6


class Grade(StrEnum):
    """How near a host's formula is to the one wanted, nearest first."""

    SAME = "same"
    CLOSE = "close"
    DOPED = "doped"
    FAR = "far"


@dataclass(frozen=True, slots=True)
class Limits:
    """What a grade allows: the total difference, and per element absolute and relative."""

    total: float
    absolute: float
    relative: float


@dataclass(frozen=True, slots=True)
class FormulaDifference:
    """The difference of two formulas: its grade, the total, and each element's amount of change.

    ``by_element`` is wanted minus host, the host scaled to as many atoms as the formula wanted has.
    """

    grade: Grade
    total: float
    by_element: dict[str, float]


@cache
def limits() -> dict[Grade, Limits]:
    """The limits of the grades ``close`` and ``doped``, from the data file."""
    return {
        Grade(name): Limits(**values) for name, values in load_toml("doping_criteria.toml").items()
    }


def allowed() -> str:
    """What 3DSC allows a doped formula to differ, in words."""
    doped = limits()[Grade.DOPED]
    return (
        f"3DSC's limits are {doped.total:g} in all, and {doped.absolute:g} atoms a formula or "
        f"{100 * doped.relative:.0f} % of each element"
    )


def formula_difference(wanted: Mapping[str, float], host: Mapping[str, float]) -> FormulaDifference:
    """Compare the composition ``wanted`` with that of a ``host``; scale does not matter.

    The total is 2 Σ|d| / (Σ₁ + Σ₂) over the elements of both, with Σ₁ = Σ₂ after scaling (Sommer et
    al., Sci. Data 10, 816 (2023)).

    Raises
    ------
    ValueError
        If one of them has no atoms.

    >>> formula_difference({"La": 1.85, "Sr": 0.15, "Cu": 1, "O": 4}, {"La": 4, "Cu": 2, "O": 8})
    FormulaDifference(grade=<Grade.CLOSE: 'close'>, total=0.042857, by_element={'Cu': 0.0, \
'La': -0.15, 'O': 0.0, 'Sr': 0.15})
    >>> host = {"Ba": 1, "Fe": 2, "As": 2}
    >>> formula_difference({"Ba": 0.6, "K": 0.4, "Fe": 2, "As": 2}, host).grade
    <Grade.FAR: 'far'>
    """
    atoms, host_atoms = sum(wanted.values()), sum(host.values())
    if atoms <= 0 or host_atoms <= 0:
        raise ValueError("a formula without atoms cannot be compared")
    scale = atoms / host_atoms
    change: dict[str, float] = {}
    relative: dict[str, float] = {}
    for element in sorted({*wanted, *host}):
        one, two = wanted.get(element, 0.0), host.get(element, 0.0) * scale
        change[element] = round(one - two, 9)
        relative[element] = 2 * abs(one - two) / (one + two) if one + two else 0.0
    total = sum(map(abs, change.values())) / atoms
    return FormulaDifference(_grade(total, change, relative), round(total, 6), change)


def _grade(total: float, change: Mapping[str, float], relative: Mapping[str, float]) -> Grade:
    if total < _SAME:
        return Grade.SAME
    for grade, limit in limits().items():
        # A hair's breadth over a limit is rounding: 0.1 F in LaFeAsO lies exactly on one.
        kept = all(
            abs(change[e]) <= limit.absolute + _SAME or relative[e] <= limit.relative + _SAME
            for e in change
        )
        if kept and total <= limit.total + _SAME:
            return grade
    return Grade.FAR
