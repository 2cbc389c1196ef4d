"""Matrices: how the coordinates of a PDF's objects lie in those of the page."""

from __future__ import annotations

import pypdfium2.raw as raw

Matrix = tuple[float, float, float, float, float, float]
"""a, b, c, d, e, f of ISO 32000-1, 8.3.3."""


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
