"""How far two compositions are from each other: the earth mover's distance on a line of elements.

The elements stand in the order of the modified Pettifor scale (``data/modified_pettifor.csv``), in
which neighbours replace each other in crystals; the distance is how many places the atoms of one
composition have to be moved, on average, to become the other. It is 0 for equal atomic fractions
only, and a metric: on a line it equals the area between the two cumulative distributions.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache

import numpy as np
import numpy.typing as npt

from scmine.validator.data_files import load_rows

Vectors = npt.NDArray[np.float32]


@cache
def places() -> dict[str, int]:
    """The place of each element on the scale, from 0; isotopes have their element's.

    >>> places()["Nd"] - places()["Pr"], places()["D"] == places()["H"]
    (-1, True)
    """
    found = {row["symbol"]: int(row["place"]) for row in load_rows("modified_pettifor.csv")}
    return found | {"D": found["H"], "T": found["H"]}


def vector(composition: Mapping[str, float]) -> Vectors:
    """The cumulative distribution of the atoms over the scale, shape ``(103,)``.

    Raises
    ------
    ValueError
        If there is no atom, or an element is not on the scale.
    """
    fractions = np.zeros(_size(), dtype=np.float64)
    for symbol, amount in composition.items():
        place = places().get(symbol)
        if place is None:
            raise ValueError(f"{symbol!r} is no element on the modified Pettifor scale")
        fractions[place] += max(amount, 0.0)
    total = float(fractions.sum())
    if total <= 0:
        raise ValueError("a composition without atoms has no place among others")
    return np.cumsum(fractions / total).astype(np.float32)


def vectors(compositions: Iterable[Mapping[str, float]]) -> Vectors:
    """The vectors of many compositions, shape ``(n, 103)``; raises as `vector` does."""
    rows = [vector(c) for c in compositions]
    return np.vstack(rows) if rows else np.zeros((0, _size()), dtype=np.float32)


def distances(one: Vectors, others: Vectors, room: Vectors | None = None) -> Vectors:
    """The distances of a vector from many, shape ``(n,)``, in places of the scale.

    ``room``, of the shape of ``others``, is overwritten: large arrays are slow to come by.
    """
    differences = np.subtract(others, one, out=room)
    result: Vectors = np.abs(differences, out=differences).sum(axis=1)
    return result


def distance(one: Mapping[str, float], other: Mapping[str, float]) -> float:
    """The distance of two compositions in places of the scale; raises as `vector` does.

    >>> distance({"Mg": 1, "B": 2}, {"Mg": 2, "B": 4})
    0.0
    >>> round(distance({"Nb": 3, "Sn": 1}, {"Nb": 3, "Ge": 1}), 3)
    0.25
    """
    return float(np.abs(vector(one).astype(np.float64) - vector(other)).sum())


@cache
def _size() -> int:
    return max(places().values()) + 1
