"""Compositions: how many records and papers there are on each, and their highest Tc.

A composition is known by its key, the normal form of its formula. All records of one are read by
the filter's ``composition_key``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal, get_args

from sqlalchemy import ColumnElement, ScalarSelect, and_, case, func, not_, select

from scmine.database.bounds import BOUND, LOWER, UPPER
from scmine.database.filters import RecordFilter
from scmine.database.record import Evidence
from scmine.database.search_conditions import S
from scmine.database.search_models import TERMS
from scmine.database.search_places import matching
from scmine.database.store import Database

MaterialSort = Literal["key", "records", "papers", "measured", "calculated"]
"""What compositions can be sorted by; ``measured`` and ``calculated`` are the highest Tc."""

SORTS: tuple[str, ...] = get_args(MaterialSort)


@dataclass(frozen=True, slots=True)
class MaterialSummary:
    """A composition: its records and papers, and the ends of Tc in K by evidence.

    ``key`` is the normal form, ``formula`` the one that most of its records have. Of records that
    only bound a Tc, ``…_below_K`` is the lowest upper bound, ``…_above_K`` the highest lower one.
    """

    key: str
    formula: str
    records: int
    papers: int
    measured_min_K: float | None
    measured_max_K: float | None
    calculated_min_K: float | None
    calculated_max_K: float | None
    measured_below_K: float | None = None
    measured_above_K: float | None = None
    calculated_below_K: float | None = None
    calculated_above_K: float | None = None


class Materials:
    """What the database has by composition."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def page(
        self,
        wanted: RecordFilter,
        *,
        sort: str = "papers",
        descending: bool = True,
        limit: int = 50,
        offset: int = 0,
    ) -> list[MaterialSummary]:
        """Some compositions of the records that ``wanted`` asks for, from the ``offset``-th on.

        Raises
        ------
        ValueError
            An unknown ``sort``.
        """
        if sort not in SORTS:
            raise ValueError(f"materials cannot be sorted by {sort!r}; choose of {SORTS}")
        columns = _columns()
        order = columns[_ORDERS[sort]]
        statement = (
            matching(select(*columns.values()), wanted, with_records=True)
            .where(S.composition_key.is_not(None))
            .group_by(S.composition_key)
            .order_by((order.desc() if descending else order.asc()).nulls_last(), S.composition_key)
            .limit(limit)
            .offset(offset)
        )
        rows = list(self._database.rows(statement))
        formulas = self._formulas([row["key"] for row in rows])
        return [MaterialSummary(formula=formulas[row["key"]], **row) for row in rows]

    def _formulas(self, keys: Sequence[str]) -> dict[str, str]:
        """The most frequent formula of each of these compositions; where none is, the key."""
        statement = (
            select(S.composition_key, S.formula)
            .where(S.composition_key.in_(keys), S.formula.is_not(None))
            .group_by(S.composition_key, S.formula)
            .order_by(func.count(), S.formula.desc())
        )
        with self._database.reading() as connection:
            # The last one of a key stays: the most frequent.
            found = {row[0]: row[1] for row in connection.execute(statement)}
        return {key: found.get(key, key) for key in keys}

    def count(self, wanted: RecordFilter) -> int:
        """How many compositions the records that ``wanted`` asks for have."""
        statement = matching(select(func.count(S.composition_key.distinct())), wanted)
        with self._database.reading() as connection:
            return connection.scalar(statement) or 0


_ORDERS = {
    "key": "key",
    "records": "records",
    "papers": "papers",
    "measured": "measured_max_K",
    "calculated": "calculated_max_K",
}


def _columns() -> dict[str, ColumnElement[Any]]:
    """What is told of each composition, by the names of `MaterialSummary`."""
    columns: dict[str, ColumnElement[Any]] = {
        "key": S.composition_key.label("key"),
        "records": func.count().label("records"),
        "papers": func.count(S.document.distinct()).label("papers"),
    }
    for evidence in (Evidence.MEASURED, Evidence.CALCULATED):
        of_kind = S.evidence == _term(evidence)
        stated = and_(of_kind, not_(BOUND))
        ends = {
            "min": func.min(case((stated, func.coalesce(S.tc_low, S.tc)))),
            "max": func.max(case((stated, func.coalesce(S.tc_high, S.tc)))),
            "below": func.min(case((of_kind, UPPER))),
            "above": func.max(case((of_kind, LOWER))),
        }
        for end, value in ends.items():
            name = f"{evidence.value}_{end}_K"
            columns[name] = value.label(name)
    return columns


def _term(evidence: Evidence) -> ScalarSelect[Any]:
    """The number that stands for a kind of evidence in the search's rows."""
    return (
        select(TERMS.c.id)
        .where(TERMS.c.kind == "evidence", TERMS.c.value == evidence.value)
        .scalar_subquery()
    )
