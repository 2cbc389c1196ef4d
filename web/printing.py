"""How values are printed on pages: numbers, ranges, formulas. Pure functions of values."""

from __future__ import annotations

import re

from markupsafe import Markup, escape

from scmine.database.record import Record
from scmine.extractors.elements import elements

DIGITS = 6
"""Significant digits of a number on a page; exports have all of them."""

_AMOUNT = (
    r"\d+(?:\.\d+)?(?:\s?[-+±−–]\s?(?:\d+(?:\.\d+)?)?[a-zδε](?![a-z]))?|[x-zδε](?:\b|(?=[A-Z(\[]))"
)
_PART = re.compile(rf"(?P<element>[A-Z][a-z]?|[)\]])(?P<amount>{_AMOUNT})?")


def number(value: float | int | None) -> str:
    """A number without needless digits, empty for None.

    >>> number(39.0), number(0.1), number(1 / 3), number(None)
    ('39', '0.1', '0.333333', '')
    """
    if value is None:
        return ""
    return f"{value:.{DIGITS}g}".replace("-", "−")


def interval(
    value: float | None,
    low: float | None,
    high: float | None,
    *,
    relation: str | None = None,
    uncertainty: float | None = None,
) -> str:
    """A value or a range with what the paper says about it.

    >>> interval(39.0, None, None, uncertainty=0.5), interval(None, 8.0, 32.0)
    ('39 ± 0.5', '8–32')
    >>> interval(60.0, None, None, relation="~"), interval(None, None, 2.0)
    ('~60', '≤ 2')
    """
    if value is not None:
        sign = {"=": "", "~": "~", None: ""}.get(relation, f"{relation} ")
        spread = "" if uncertainty is None else f" ± {number(uncertainty)}"
        return f"{sign}{number(value)}{spread}"
    if low is not None and high is not None:
        return f"{number(low)}–{number(high)}"
    if low is not None:
        return f"≥ {number(low)}"
    return "" if high is None else f"≤ {number(high)}"


def tc(record: Record) -> str:
    """A record's Tc in K, a range, or down to where no superconductivity was found."""
    said = interval(
        record.tc_K,
        record.tc_min_K,
        record.tc_max_K,
        relation=record.tc_relation,
        uncertainty=record.tc_uncertainty_K,
    )
    if said or record.superconducting is not False:
        return said
    if record.lowest_temperature_K is None:
        return "none found"
    return f"none above {number(record.lowest_temperature_K)}"


def pressure(record: Record) -> str:
    """A record's pressure in GPa, or its range."""
    return interval(record.pressure_GPa, record.pressure_min_GPa, record.pressure_max_GPa)


def formula(text: str | None) -> Markup:
    """A formula as HTML with its amounts as subscripts; all else is escaped.

    >>> formula("MgB2"), formula("La1.85Sr0.15CuO4")
    (Markup('MgB<sub>2</sub>'), Markup('La<sub>1.85</sub>Sr<sub>0.15</sub>CuO<sub>4</sub>'))
    >>> formula("<b>")
    Markup('&lt;b&gt;')
    """
    if text is None:
        return Markup()
    parts: list[str] = []
    end = 0
    for found in _PART.finditer(text):
        if found.start() < end:
            continue
        element, amount = found["element"], found["amount"]
        stop = found.end()
        if len(element) == 2 and element not in elements():
            # "Kx" is K and the amount x, "Ox" is O and x.
            amount, stop = element[1] + (amount or ""), found.end()
            element = element[0]
            if amount[0] not in "xyz":
                amount, stop = None, found.start() + 1
        parts += [escape(text[end : found.start()]), escape(element)]
        if amount:
            parts.append(Markup("<sub>{}</sub>").format(amount.replace("-", "−")))
        end = stop
    parts.append(escape(text[end:]))
    return Markup("").join(parts)
