"""How likely it is that a known structure laid over a statement is the one meant.

A logistic model of a few differences between the statement and the known structure. Its numbers
are data (``data/prototype_choice.toml``), fitted by ``benchmarks/prototypes.py``.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from functools import cache
from math import exp, sqrt

from scmine.validator.data_files import load_toml

_MOST_FREE = 6


@dataclass(frozen=True, slots=True)
class Evidence:
    """What speaks for and against a known structure; every number but ``same`` is a doubt.

    ``positions``: root of the number of free coordinates; ``cell``: number of ratios and angles of
    the cell that are estimated; ``strain``: of the known cell, times 10; ``crowd``: 1 if another
    structure fits as well, 0 if none comes near; ``chemistry``: unlikeness of the elements,
    weighed by what is free to differ; ``squeeze``: unlikeness of the pressures; ``same``: 1 if the
    known structure has the same elements.
    """

    positions: float
    cell: float
    strain: float
    crowd: float
    chemistry: float
    squeeze: float
    same: float


def evidence(
    *, free: int, open_ratios: int, strain: float, gap: float, chemistry: float, squeeze: float
) -> Evidence:
    """The evidence from raw differences; ``gap`` is by how much the next structure is farther."""
    freedom = min(free + 2 * open_ratios, _MOST_FREE) / 3
    return Evidence(
        positions=sqrt(min(free, 12)),
        cell=float(open_ratios),
        strain=10 * strain,
        crowd=1 - min(gap, 0.6) / 0.6,
        chemistry=min(chemistry, 1.3) * freedom,
        squeeze=min(squeeze, 2.0),
        same=float(chemistry == 0),
    )


@cache
def weights() -> dict[str, float]:
    """The numbers of the model, and the least probabilities with a whole cell and without."""
    return {key: float(value) for key, value in load_toml("prototype_choice.toml").items()}


def confidence(found: Evidence, *, stated_type: bool = False) -> float:
    """The probability that the structure is right, 0 to 1.

    ``stated_type``: the statement names the structure's type.
    """
    table = weights()
    total = table["constant"] + (table["stated_type"] if stated_type else 0.0)
    total += sum(table[name] * value for name, value in asdict(found).items())
    return 1 / (1 + exp(-total))


def least(found: Evidence) -> float:
    """The probability at which a structure is handed out; more if ratios of the cell are open."""
    return weights()["least_without_cell" if found.cell else "least"]


def is_likely(probability: float, found: Evidence) -> bool:
    """Whether a structure of this probability is handed out."""
    return probability >= least(found)


def open_ratios(number: int, estimated: tuple[str, ...]) -> int:
    """How many ratios and angles of a cell of a space group are estimated.

    >>> open_ratios(139, ("volume", "a_A", "b_A", "c_A")), open_ratios(225, ("volume", "a_A"))
    (1, 0)
    >>> open_ratios(139, ("c_A",)), open_ratios(12, ("beta_deg",)), open_ratios(139, ())
    (1, 1, 0)
    """
    if number >= 195 or not estimated:
        return 0
    if number >= 75:
        return 1
    edges = sum(name in estimated for name in ("a_A", "b_A", "c_A"))
    angles = sum(name.endswith("_deg") for name in estimated)
    return min(edges, 2) + angles
