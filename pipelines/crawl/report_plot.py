"""A small picture of a report: Tc over pressure, as SVG that needs neither script nor style."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape
from math import floor, log10

from scmine.pipelines.crawl.report_values import ReportClaim

LEAST_POINTS = 3
"""Fewer claims with a pressure are told well enough by the list."""

WIDTH, HEIGHT, LEFT, BOTTOM, EDGE = 560, 260, 52, 44, 12


def pressure_plot(claims: Sequence[ReportClaim]) -> str:
    """Tc over pressure of the claims that state one; empty if they are few.

    Filled circles are measured, open ones are not.
    """
    points = [(c.pressure_GPa, c.tc_K, c) for c in claims if c.pressure_GPa is not None]
    if len(points) < LEAST_POINTS:
        return ""
    across = _ticks(max(p for p, _, _ in points))
    up = _ticks(max(t for _, t, _ in points))
    return "".join(
        (
            f'<svg class="plot" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}" '
            'role="img" aria-label="Tc over pressure of the new claims that state a pressure" '
            'font-size="12" fill="currentColor">',
            *_axes(across, up),
            *(_point(p, t, c, across[-1], up[-1]) for p, t, c in points),
            "</svg>",
        )
    )


def _x(value: float, end: float) -> float:
    return LEFT + (WIDTH - LEFT - EDGE) * value / end


def _y(value: float, end: float) -> float:
    return HEIGHT - BOTTOM - (HEIGHT - BOTTOM - EDGE) * value / end


def _ticks(highest: float) -> list[float]:
    """Round numbers from 0 to at least ``highest``.

    >>> _ticks(48.7)
    [0.0, 10.0, 20.0, 30.0, 40.0, 50.0]
    """
    if highest <= 0:
        return [0.0, 1.0]
    unit = 10.0 ** floor(log10(highest))
    step = next(s for s in (0.2 * unit, 0.5 * unit, unit, 2 * unit) if highest <= 5 * s)
    count = next(n for n in range(1, 7) if n * step >= highest * (1 - 1e-12))
    return [round(n * step, 12) for n in range(count + 1)]


def _axes(across: Sequence[float], up: Sequence[float]) -> Iterator[str]:
    x0, x1, y0, y1 = LEFT, WIDTH - EDGE, HEIGHT - BOTTOM, EDGE
    yield f'<path d="M{x0} {y1}V{y0}H{x1}" fill="none" stroke="currentColor"/>'
    for value in across:
        x = _x(value, across[-1])
        yield f'<text x="{x:.1f}" y="{y0 + 16}" text-anchor="middle">{value:g}</text>'
    for value in up:
        y = _y(value, up[-1])
        yield f'<text x="{x0 - 6}" y="{y + 4:.1f}" text-anchor="end">{value:g}</text>'
    yield f'<text x="{(x0 + x1) / 2}" y="{HEIGHT - 8}" text-anchor="middle">P (GPa)</text>'
    yield f'<text transform="translate(14 {(y0 + y1) / 2}) rotate(-90)" '
    yield 'text-anchor="middle">Tc (K)</text>'


def _point(p: float, t: float, claim: ReportClaim, across: float, up: float) -> str:
    fill = "currentColor" if claim.evidence == "measured" else "none"
    told = escape(f"{claim.material}: {claim.tc} at {claim.pressure}")
    return (
        f'<circle cx="{_x(p, across):.1f}" cy="{_y(t, up):.1f}" r="4" fill="{fill}" '
        f'stroke="currentColor"><title>{told}</title></circle>'
    )
