"""How a list of records is found quickly: along its order, or from the rarest thing asked for.

Where few records fit one of the conditions, they are the candidates, and those that fit the others
are sorted. Else the order's index is walked until a page is full, but not far; if it is not full by
then, the candidates are taken though they are many, or the walk goes on, at last to all records.
What is few is counted, up to a number that takes no time, and not estimated: estimates of databases
err here, since what is asked for hangs together (hydrides have high Tc and pressures).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Integer,
    Select,
    and_,
    func,
    literal,
    not_,
    select,
    union_all,
)
from sqlalchemy.dialects.postgresql import ARRAY

from scmine.database.filters import RecordFilter
from scmine.database.search_conditions import (
    S,
    records_with_words,
    search_conditions,
)
from scmine.database.search_models import SEARCH
from scmine.database.search_text import read_query

FEW = 20_000
"""Candidates that are looked up and sorted at once."""

MANY = 100_000
"""Candidates that are still looked up sooner than all records, if a short walk was not enough."""

FEW_ENOUGH = 2_000
"""Candidates so few that no rarer condition is looked for, and words are looked up one by one."""

WALK = 3_000
"""Entries of an order's index that are looked at first where there are no few candidates. Some more
than a page takes if one record in fifty fits; a walk in vain then costs little beside the rest."""

LONG_WALK = 45_000
"""Entries of an order's index that are looked at before all records."""

INDEXED = (
    *("composition_key", "only", "document", "text", "elements", "lambda", "space_group"),
    *("space_group_number", "tc", "pressure", "flags", "year", "material_class", "status"),
    *("statuses", "classes"),
)
"""The conditions that an index answers, the rarest as a rule first."""

INDEX_OF = {
    "only": "system",
    "elements": "system",
    "statuses": "status",
    "classes": "material_class",
}
"""The column of a condition's index where its name is another."""

RANGES = {"tc": ("tc_min_K", "tc_max_K"), "pressure": ("pressure_min_GPa", "pressure_max_GPa")}
"""The fields of a filter for the columns that may be ranges."""


@dataclass(frozen=True, slots=True)
class Candidates:
    """The query for the numbers of the records that fulfil one condition, and how many they are.

    ``answers`` names the condition if all of these records fulfil it: a range may have its ends
    reversed, and then does not hold its own value. ``condition`` is what their rows fulfil, where
    one index answers it.
    """

    answers: str | None
    numbers: Any
    count: int
    condition: ColumnElement[bool] | None


def rarest(connection: Connection, wanted: RecordFilter, at_most: int) -> Candidates | None:
    """The candidates of the rarest condition; None if each leaves more than ``at_most``."""
    conditions = search_conditions(wanted)
    best: Candidates | None = None
    fewest = at_most
    for name in INDEXED:
        if name not in conditions:
            continue
        numbers = _candidates(name, conditions[name], wanted)
        if name == "text" and fewest <= FEW and _has_phrase(wanted.text or ""):
            # Words that follow one another are costly to find: they are not looked for twice.
            count, numbers = _listed(connection, numbers.limit(fewest + 1))
        else:
            counted = select(func.count()).select_from(numbers.limit(fewest + 1).subquery())
            count = connection.scalar(counted) or 0
        if count <= fewest:
            exact = name not in RANGES
            condition = conditions[name] if exact and name != "text" else None
            best = Candidates(name if exact else None, numbers, count, condition)
            fewest = count
        if count <= FEW_ENOUGH:
            break
    return best


@dataclass(frozen=True, slots=True)
class Branches:
    """Two ways to the records wanted, which share no record.

    ``inside`` lets the index of an order begin and end where it must. ``wide`` is the query for the
    numbers of the records whose value lies outside of that, but whose range reaches into it.
    """

    inside: list[ColumnElement[bool]]
    wide: Select[Any] | None


def branches(wanted: RecordFilter, sort_column: str) -> Branches:
    """The ways to the records wanted in the order of ``sort_column``."""
    if sort_column not in RANGES:
        return Branches([], None)
    inside = _inside(sort_column, *_ends(sort_column, wanted))
    if inside is None:
        return Branches([], None)
    return Branches([inside], _wide(sort_column, inside, wanted))


def _inside(name: str, low: float | None, high: float | None) -> ColumnElement[bool] | None:
    ends = ([] if low is None else [S[name] >= low]) + ([] if high is None else [S[name] <= high])
    return and_(*ends) if ends else None


def along(statement: Select[Any], index: str) -> Select[Any]:
    """``statement`` with the index that SQLite is to use."""
    return statement.with_hint(SEARCH, f"INDEXED BY ix_record_search_{index}", "sqlite")


def _candidates(name: str, condition: ColumnElement[bool], wanted: RecordFilter) -> Any:
    """The query for the numbers of the records that fulfil one condition, by its index."""
    if name == "text":
        return records_with_words(read_query(wanted.text or ""))
    index = INDEX_OF.get(name, name)
    if name not in RANGES:
        return along(select(S.id).where(condition), index)
    inside = _inside(name, *_ends(name, wanted))
    assert inside is not None
    return union_all(along(select(S.id).where(inside), index), _wide(name, inside, wanted))


def _has_phrase(text: str) -> bool:
    query = read_query(text)
    return any(len(run) > 1 for run in (*query.required, *query.excluded))


def _listed(connection: Connection, numbers: Select[Any]) -> tuple[int, Select[Any]]:
    """How many numbers there are, and a query that holds them in one parameter."""
    found = numbers.subquery()
    column = found.c[0]
    if connection.dialect.name == "sqlite":
        # As text that Python need not read.
        row = connection.execute(select(func.count(), func.json_group_array(column))).one()
        return row[0], select(func.json_each(row[1]).table_valued("value").c.value)
    row = connection.execute(select(func.count(), func.array_agg(column))).one()
    listed = literal(row[1] or [], ARRAY(Integer))
    return row[0], select(func.unnest(listed).column_valued("number"))


def _ends(name: str, wanted: RecordFilter) -> tuple[float | None, float | None]:
    lowest, highest = RANGES[name]
    return getattr(wanted, lowest), getattr(wanted, highest)


def _wide(name: str, inside: ColumnElement[bool], wanted: RecordFilter) -> Select[Any]:
    """The query for the numbers of the records whose range alone reaches into what is asked for.

    Where there is a range, both its ends stand in the index: nothing else need be looked at.
    """
    low, high = S[f"{name}_low"], S[f"{name}_high"]
    at_least, at_most = _ends(name, wanted)
    reaching: list[ColumnElement[bool]] = [low.is_not(None)]
    reaching += [] if at_least is None else [high >= at_least]
    reaching += [] if at_most is None else [low <= at_most]
    return along(select(S.id).where(*reaching, not_(inside)), f"{name}_wide")
