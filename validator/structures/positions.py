"""Wyckoff positions: of a setting and a letter, the multiplicity and the form of its coordinates.

The table is ``data/wyckoff.csv``; the other triplets of an orbit follow from the setting's
operations. Which position an atom of a paper is on is decided in ``placing``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

import numpy as np

from scmine.validator.data_files import load_rows
from scmine.validator.structures.expressions import Floats, affine
from scmine.validator.structures.settings import operations, settings_of_group

_REACH = np.stack(np.meshgrid(*[np.arange(-2, 3)] * 3, indexing="ij"), axis=-1).reshape(-1, 3)
_BY_LENGTH = _REACH[np.argsort(np.abs(_REACH).sum(axis=1), kind="stable")][1:].astype(float)
"""Short integer vectors, shortest first: conditions that a position's form sets are among them."""


@dataclass(frozen=True, slots=True)
class Position:
    """One Wyckoff position of a setting.

    ``matrices`` (k, 3, 3) and ``shifts`` (k, 3) are its k triplets, one for each line, plane or
    point of the cell: a coordinate is ``matrix @ (x, y, z) + shift``. ``conditions`` (k, 3, 3) are
    the integer rows c with c·(coordinate - shift) whole on the position, rows of zeros behind
    them; ``remedies`` (k, 3, 3) are their pseudo-inverses. ``free`` counts free parameters.
    """

    letter: str
    multiplicity: int
    form: str
    free: int
    matrices: Floats
    shifts: Floats
    conditions: Floats
    remedies: Floats

    @property
    def name(self) -> str:
        """Multiplicity and letter: ``4f``."""
        return f"{self.multiplicity}{self.letter}"


@cache
def _rows() -> dict[int, str]:
    return {int(row["hall"]): row["positions"] for row in load_rows("wyckoff.csv")}


@cache
def positions(hall: int) -> tuple[Position, ...]:
    """The Wyckoff positions of a setting, by letter; the last is the general one.

    >>> [(p.name, p.form) for p in positions(409)[:3]]
    [('2a', '3/4,1/4,0'), ('2b', '3/4,1/4,1/2'), ('2c', '1/4,1/4,z')]
    """
    found = []
    for entry in _rows()[hall].split():
        name, _, form = entry.partition(":")
        found.append(_position(hall, name[0], int(name[1:]), form))
    return tuple(found)


def position(hall: int, letter: str) -> Position | None:
    """The position of this letter (``A`` is α, the 27th of Pmmm); None if there is none.

    A letter in the wrong case is understood where the setting has it in one case only.
    """
    every = {p.letter: p for p in positions(hall)}
    return every.get(letter) or every.get(letter.swapcase())


def unknown_positions(group_number: int, names: Iterable[str | None]) -> list[str]:
    """Names of positions (``6x``, ``x``) whose letter no setting of the group has, as printed.

    >>> unknown_positions(223, ["6c", "6x", None, "2A"])
    ['6x']
    """
    hall = settings_of_group(group_number)[0].hall
    found = []
    for name in names:
        letter = re.search(r"[A-Za-zα]", name or "")
        if name and letter and position(hall, letter[0].replace("α", "A")) is None:
            found.append(name)
    return list(dict.fromkeys(found))


def positions_told(group_number: int) -> str:
    """The positions of a group in a sentence's end.

    >>> positions_told(221)[:23]
    'Pm-3m has 1a 1b 3c 3d 6'
    """
    first = settings_of_group(group_number)[0]
    return f"{first.name} has {' '.join(p.name for p in positions(first.hall))}"


def _position(hall: int, letter: str, multiplicity: int, form: str) -> Position:
    parsed = affine(form)
    if parsed is None:
        raise ValueError(f"not a coordinate triplet in wyckoff.csv: {form}")
    matrix, shift = parsed
    free = int(np.linalg.matrix_rank(matrix))
    rotations, translations = operations(hall)
    matrices = rotations @ matrix
    shifts = (rotations @ shift + translations) % 1.0
    if free == 3:
        zero = np.zeros((1, 3, 3))
        return Position(letter, multiplicity, form, 3, matrices[:1], shifts[:1], zero, zero)
    turned = _conditions(matrix) @ np.linalg.inv(rotations)
    conditions = np.rint(turned * _signs(turned))
    whole = np.rint((conditions @ shifts[:, :, None])[:, :, 0] * 48) % 48
    _, chosen = np.unique(
        np.concatenate([conditions.reshape(len(shifts), 9), whole], axis=1),
        axis=0, return_index=True,
    )  # fmt: skip
    conditions = conditions[chosen]
    return Position(
        letter, multiplicity, form, free, matrices[chosen], shifts[chosen], conditions,
        np.linalg.pinv(conditions),
    )  # fmt: skip


def _signs(rows: Floats) -> Floats:
    """-1 for each row whose first number other than 0 is negative, else 1: shape (k, 3, 1)."""
    weights = np.sign(np.rint(rows)) @ np.array([9.0, 3.0, 1.0])
    return np.where(weights < 0, -1.0, 1.0)[:, :, None]


def _conditions(matrix: Floats) -> Floats:
    """Independent shortest integer rows c with c @ matrix = 0, filled up with rows of zeros."""
    table = np.zeros((3, 3))
    wanted = 3 - int(np.linalg.matrix_rank(matrix))
    count = 0
    for row in _BY_LENGTH[np.all(np.abs(_BY_LENGTH @ matrix) < 1e-9, axis=1)]:
        if count == wanted:
            break
        table[count] = row
        if np.linalg.matrix_rank(table) > count:
            count += 1
        else:
            table[count] = 0.0
    return table
