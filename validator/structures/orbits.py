"""Orbits of points under symmetry operations, and points put exactly onto what keeps them.

Knows operations only, neither space groups nor the names of positions.
"""

from __future__ import annotations

import numpy as np

from scmine.validator.structures.expressions import Floats

Operations = tuple[Floats, Floats]
"""Rotations (n, 3, 3) and translations (n, 3) of a group, on the axes of the cell."""

EXACT = 1e-6
_STEPS = 4
_GRID = 100_000


def snapped(xyz: Floats, group: Operations, tolerance: Floats) -> Floats:
    """The point (3,) kept by all operations that keep ``xyz`` within its tolerance (3,).

    An error of t in a coordinate moves an image by at most |R - 1| t: operations that do not move
    it more than that belong to the site, and the mean of their images is kept by all of them.

    >>> mirror = np.array([np.eye(3), [[0, 1, 0], [1, 0, 0], [0, 0, 1]]])
    >>> point = np.array([0.2, 0.21, 0.4])
    >>> snapped(point, (mirror, np.zeros((2, 3))), np.full(3, 0.01)).round(6).tolist()
    [0.205, 0.205, 0.4]
    """
    rotations, translations = group
    change = np.abs(rotations - np.eye(3))
    off = rotations @ xyz + translations - xyz
    off -= np.rint(off)
    found = xyz
    for step in range(_STEPS):
        keeping = np.all(np.abs(off) <= change @ (tolerance / 2**step) + EXACT, axis=1)
        if not keeping.any():
            break
        mean = xyz + off[keeping].mean(axis=0)
        again = rotations @ mean + translations - mean
        exact = np.all(np.abs(again - np.rint(again)) < EXACT, axis=1)
        if exact.sum() >= keeping.sum():
            found = mean
            break
    return np.asarray(found)


def orbit(xyz: Floats, group: Operations) -> Floats:
    """All points (m, 3) of the orbit in the cell, each once; ``xyz`` must be exact."""
    rotations, translations = group
    images = (rotations @ xyz + translations) % 1.0
    keys = np.rint(images * _GRID).astype(np.int64) % _GRID
    _, first = np.unique(keys, axis=0, return_index=True)
    return np.asarray(images[np.sort(first)])
