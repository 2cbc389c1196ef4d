"""The counts beside the table of records: how many there are of each kind, each a link."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from scmine.database.search import Search
from scmine.web.record_query import RecordQuery
from scmine.web.table_view import TableView

SHOWN = 12
"""Values of a facet that are listed, the most frequent ones."""


@dataclass(frozen=True, slots=True)
class _Kind:
    """A facet: what the search calls it, its title, and the field of the filter it sets."""

    name: str
    title: str
    field: str
    open: bool = False


_KINDS = (
    _Kind("material_class", "Class", "class", open=True),
    _Kind("evidence", "Evidence", "evidence", open=True),
    _Kind("origin", "Origin", "origin", open=True),
    _Kind("status", "Status", "status", open=True),
    _Kind("flags", "Flag", "flag", open=True),
    _Kind("source", "Found in", "source"),
    _Kind("elements", "Element", "contains"),
    _Kind("year", "Year", "year"),
    _Kind("space_group", "Space group", "space_group_symbol"),
    _Kind("has_structure", "Structure", "structure"),
)


ANY_OF: Mapping[str, dict[str, Any]] = {
    "class": {"classes": frozenset()},
    "status": {"statuses": frozenset()},
}
"""Fields of which a record needs one of the values chosen, and what asks for none of them; their
counts are of the records that the rest of the filter asks for, so that further ones can be chosen.
"""


@dataclass(frozen=True, slots=True)
class FacetValue:
    """A value, how many records have it, and the view with or without it."""

    label: str
    count: int
    href: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class Facet:
    """Counts of one kind; ``more`` values are not listed."""

    name: str
    title: str
    open: bool
    values: Sequence[FacetValue]
    more: int


def facets_of(search: Search, view: TableView) -> list[Facet]:
    """The facets of the records of a view, those without any value left out."""
    wanted = view.query.wanted
    counts = search.facets(wanted, tuple(kind.name for kind in _KINDS))
    for kind in _KINDS:
        if kind.field in ANY_OF and view.query.values.get(kind.field):
            others = replace(wanted, **ANY_OF[kind.field])
            counts |= search.facets(others, (kind.name,))
    found = []
    for kind in _KINDS:
        values = counts[kind.name]
        listed = [_value(kind, view, name, count) for name, count in values[:SHOWN]]
        if listed:
            is_open = kind.open or any(value.chosen for value in listed)
            more = max(0, len(values) - SHOWN)
            found.append(Facet(kind.name, kind.title, is_open, listed, more))
    return found


def _value(kind: _Kind, view: TableView, name: str, count: int) -> FacetValue:
    label = name.replace("_", " ")
    if kind.name == "has_structure":
        name = label = "yes" if name == "true" else "no"
    chosen = _is_chosen(kind, view.query, name)
    return FacetValue(label, count, view.address(_changes(kind, view.query, name, chosen)), chosen)


def _is_chosen(kind: _Kind, query: RecordQuery, name: str) -> bool:
    if kind.field == "year":
        return query.value("year_min") == query.value("year_max") == name
    if kind.field == "contains":
        return name in query.wanted.elements
    return query.has(kind.field, name)


def _changes(kind: _Kind, query: RecordQuery, name: str, chosen: bool) -> dict[str, object]:
    """What a click on a value changes in the filter."""
    if kind.field == "year":
        return dict.fromkeys(("year_min", "year_max"), None if chosen else name)
    if kind.field == "contains":
        rest = [symbol for symbol in query.wanted.elements if symbol != name]
        return {"contains": " ".join(rest if chosen else [*rest, name]) or None}
    if kind.field == "flag":
        rest = [flag for flag in query.values.get("flag", ()) if flag != name]
        return {"flag": rest if chosen else [*rest, name]}
    if kind.field in ANY_OF:
        rest = [value for value in query.values.get(kind.field, ()) if value != name]
        return {kind.field: rest if chosen else [*rest, name]}
    return {kind.field: None if chosen else name}
