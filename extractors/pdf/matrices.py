"""Matrices: how the coordinates of a PDF's objects lie in those of the page."""

from __future__ import annotations

import pypdfium2.raw as raw

Matrix = tuple[float, float, float, float, float, float]
"""a, b, c, d, e, f of ISO 32000-1, 8.3.3."""

IDENTITY: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)


def entries(m: raw.FS_MATRIX) -> Matrix:
    """The six numbers of PDFium's matrix."""
    return (m.a, m.b, m.c, m.d, m.e, m.f)


def times(m: Matrix, n: Matrix) -> Matrix:
    """The matrix that applies ``m`` first, then ``n`` (ISO 32000-1, 8.3.4)."""
    return (
        m[0] * n[0] + m[1] * n[2],
        m[0] * n[1] + m[1] * n[3],
        m[2] * n[0] + m[3] * n[2],
        m[2] * n[1] + m[3] * n[3],
        m[4] * n[0] + m[5] * n[2] + n[4],
        m[4] * n[1] + m[5] * n[3] + n[5],
    )


def apply(m: Matrix, x: float, y: float) -> tuple[float, float]:
    """Where ``m`` puts the point."""
    return m[0] * x + m[2] * y + m[4], m[1] * x + m[3] * y + m[5]


def to_shown(bbox: tuple[float, float, float, float], quarters: int) -> Matrix:
    """The matrix (a, b, c, d, e, f of ISO 32000-1, 8.3.3) from the file's coordinates to ours.

    ``quarters`` says how many quarters the page is turned clockwise to be shown.
    """
    left, bottom, right, top = bbox
    return (
        (1, 0, 0, -1, -left, top),
        (0, 1, 1, 0, -bottom, -left),
        (-1, 0, 0, 1, right, -bottom),
        (0, -1, -1, 0, top, right),
    )[quarters]


def moved(
    bounds: tuple[float, float, float, float], matrix: Matrix
) -> tuple[float, float, float, float]:
    """The bounds (left, bottom, right, top) of what ``matrix`` makes of a box."""
    left, bottom, right, top = bounds
    if not matrix[1] and not matrix[2]:  # neither turned nor slanted, as most are
        x0, y0 = apply(matrix, left, bottom)
        x1, y1 = apply(matrix, right, top)
        return min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)
    corners = [apply(matrix, x, y) for x in (left, right) for y in (bottom, top)]
    xs, ys = [x for x, _ in corners], [y for _, y in corners]
    return min(xs), min(ys), max(xs), max(ys)
