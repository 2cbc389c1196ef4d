"""General expressions of positions: ``(x, -x, 1/4)`` of an atom, from the operations that fix it.

Works on any setting, for it asks only which operations leave the atom where it is.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np

_FIXED = 2e-3
"""Fraction of an edge within which an operation leaves an atom where it is."""


def form_of(
    xyz: tuple[float, float, float], rotations: Any, translations: Any
) -> tuple[str, str, str]:
    """The expression of the position of ``xyz``, each free coordinate named by its first axis.

    ``rotations`` (n, 3, 3) and ``translations`` (n, 3) are the operations of the space group.

    >>> turn = [[[0, 1, 0], [0, 0, 1], [1, 0, 0]]]
    >>> form_of((0.12, 0.12, 0.12), turn, [[0, 0, 0]])
    ('x', 'x', 'x')
    """
    point = np.array(xyz)
    fixing = [np.eye(3)]
    for rotation, translation in zip(rotations, translations, strict=True):
        moved = np.array(rotation) @ point + translation - point
        if np.all(np.abs(moved - np.round(moved)) < _FIXED):
            fixing.append(np.array(rotation, dtype=float))
    mean = np.mean(_closed(fixing), axis=0)
    names: list[tuple[int, str]] = []
    form = []
    for axis, letter in enumerate("xyz"):
        row = mean[axis]
        if np.all(np.abs(row) < 1e-9):
            form.append(_fraction(point[axis]))
            continue
        told = [
            (ratio, i, name)
            for i, name in names
            for ratio in (1, -1, 2, -2)
            if np.allclose(row, ratio * mean[i], atol=1e-6)
        ]
        if told:
            ratio, i, name = told[0]
            form.append(_expression(ratio, name, point[axis] - ratio * point[i]))
        else:
            names.append((axis, letter))
            form.append(letter)
    return form[0], form[1], form[2]


def _closed(matrices: list[Any]) -> list[Any]:
    """The matrices and all their products."""
    found = {m.astype(int).tobytes(): m for m in matrices}
    grown = True
    while grown:
        fresh = {
            p.astype(int).tobytes(): p
            for one in found.values()
            for other in matrices
            for p in (np.rint(one @ other),)
        }
        grown = not fresh.keys() <= found.keys()
        found |= fresh
    return list(found.values())


def _fraction(value: float) -> str:
    part = Fraction(float(value) % 1.0).limit_denominator(24)
    return "0" if part in (0, 1) else f"{part.numerator}/{part.denominator}"


def _expression(ratio: int, name: str, shift: float) -> str:
    start = {1: "", -1: "-", 2: "2", -2: "-2"}[ratio] + name
    rest = _fraction(shift)
    return start if rest == "0" else f"{start}+{rest}"
