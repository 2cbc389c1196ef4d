"""What a record's Tc bounds: a value or range that the paper states, or only one end of one.

"Tc < 4.2 K" is no claim of 4.2 K. Each rule stands here twice, for a record's values and in SQL.
"""

from __future__ import annotations

from sqlalchemy import ColumnElement, and_, case, func, or_

from scmine.database.filters import RECORDS


def upper_bound(
    value: float | None, low: float | None, high: float | None, relation: str | None
) -> float | None:
    """What a Tc in K is below, of which no more is known; else None.

    >>> upper_bound(4.2, None, None, "<"), upper_bound(None, None, 2.0, None)
    (4.2, 2.0)
    >>> upper_bound(4.2, None, None, "="), upper_bound(None, 32.0, 50.0, None)
    (None, None)
    """
    if relation == "<":
        return next((v for v in (high, value, low) if v is not None), None)
    return high if relation != ">" and value is None and low is None else None


def lower_bound(
    value: float | None, low: float | None, high: float | None, relation: str | None
) -> float | None:
    """What a Tc in K is above, of which no more is known; else None.

    >>> lower_bound(30.0, None, None, ">"), lower_bound(None, 2.0, None, None)
    (30.0, 2.0)
    >>> lower_bound(30.0, None, None, None) is None
    True
    """
    if relation == ">":
        return next((v for v in (low, value, high) if v is not None), None)
    return low if relation != "<" and value is None and high is None else None


def is_bound(
    value: float | None, low: float | None, high: float | None, relation: str | None
) -> bool:
    """Whether a Tc is only bounded.

    >>> is_bound(4.2, None, None, "<"), is_bound(60.0, None, None, "~")
    (True, False)
    """
    asked = (value, low, high, relation)
    return upper_bound(*asked) is not None or lower_bound(*asked) is not None


_R = RECORDS.c
_RELATION = func.coalesce(_R.tc_relation, "=")

UPPER: ColumnElement[float] = case(
    (_RELATION == "<", func.coalesce(_R.tc_max_K, _R.tc_K, _R.tc_min_K)),
    (and_(_RELATION != ">", _R.tc_K.is_(None), _R.tc_min_K.is_(None)), _R.tc_max_K),
)
"""`upper_bound` over the table of records."""

LOWER: ColumnElement[float] = case(
    (_RELATION == ">", func.coalesce(_R.tc_min_K, _R.tc_K, _R.tc_max_K)),
    (and_(_RELATION != "<", _R.tc_K.is_(None), _R.tc_max_K.is_(None)), _R.tc_min_K),
)
"""`lower_bound` over the table of records."""

BOUND: ColumnElement[bool] = or_(UPPER.is_not(None), LOWER.is_not(None))
"""`is_bound` over the table of records."""
