"""From the query of an address to the records wanted, and back: all state of a view is there.

The names are those of the forms and of the API. What a filter means lives in
``scmine.database.filters``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from typing import Any
from urllib.parse import urlencode

from starlette.datastructures import QueryParams

from scmine.database.filters import RecordFilter
from scmine.database.record import Evidence, Origin, RecordStatus, Source
from scmine.extractors.elements import known_symbols

Pairs = Sequence[tuple[str, str]]
"""Names and values of an address, a name as often as it has values."""

LARGEST_TEXT = 500
"""Longest value of a field; longer ones are slips or attacks."""

MOST_VALUES = 100
"""Most values of a field; there are no more elements or flags that make sense."""


class FieldError(ValueError):
    """A value that a field cannot take; the message says why."""


@dataclass(frozen=True, slots=True)
class RecordQuery:
    """The filter that an address asks for.

    ``values`` are what the form shows, by the names in the address; ``problems`` says what is
    wrong with a value, by its name. ``wanted`` leaves such values out. ``notices`` tell what else
    of the address was passed over.
    """

    wanted: RecordFilter
    values: Mapping[str, tuple[str, ...]]
    problems: Mapping[str, str] = field(default_factory=dict)
    notices: tuple[str, ...] = ()

    def value(self, name: str) -> str:
        """What a field of the form shows."""
        found = self.values.get(name, ())
        return found[0] if found else ""

    def has(self, name: str, value: str) -> bool:
        """Whether a field has this value among its own."""
        return value in self.values.get(name, ())

    @property
    def in_details(self) -> bool:
        """Whether the form asks for more than a text, so that its fields are to be seen."""
        return bool(self.problems)

    @staticmethod
    def label(name: str) -> str:
        """What people call a field."""
        return LABELS[name]

    def address(self, path: str, changes: Mapping[str, Any] | None = None, kept: Pairs = ()) -> str:
        """The address of ``path`` with these values and what else is ``kept``.

        ``changes`` replace the values of some names; None drops a name.
        """
        changed = dict(self.values)
        for name, value in (changes or {}).items():
            changed[name] = () if value is None else _several(value)
        pairs = [(name, value) for name, values in changed.items() for value in values]
        pairs += kept
        return f"{path}?{urlencode(pairs)}" if pairs else path

    def chips(self, path: str, kept: Pairs = ()) -> list[tuple[str, str, str]]:
        """What is asked for: its label, its value, and the address without it."""
        found = []
        for name, values in self.values.items():
            for value in values:
                rest = tuple(other for other in values if other != value)
                shown = value.replace("_", " ") if name in WORDS else value
                found.append((LABELS[name], shown, self.address(path, {name: rest}, kept)))
        return found


def _several(value: Any) -> tuple[str, ...]:
    return tuple(map(str, value)) if isinstance(value, list | tuple) else (str(value),)


def unknown_names(parameters: Iterable[str], known: Iterable[str]) -> dict[str, str]:
    """What to say of each name of an address that is none of ``known``.

    >>> unknown_names(["tcmin", "sort"], ["tc_min", "tc_max", "sort"])
    {'tcmin': 'there is no such parameter; did you mean tc_min?'}
    """
    there = sorted(known)
    said = {}
    for name in dict.fromkeys(parameters):
        if name not in there:
            near = get_close_matches(name[:LARGEST_TEXT].lower(), there, n=1)
            hint = f"did you mean {near[0]}?" if near else f"there are {', '.join(there)}"
            said[name] = f"there is no such parameter; {hint}"
    return said


def read_page_query(
    parameters: QueryParams, also: Iterable[str], sorts: Iterable[str] = ()
) -> RecordQuery:
    """The records that the address of a page asks for; what it passes over is told as notices.

    ``also`` are names that the page takes besides the filter, ``sorts`` what it can sort by.
    """
    found = read_query(parameters)
    unknown = unknown_names(parameters, {*FIELDS, *also})
    notices = [f"“{name[:40]}” is passed over: {why}" for name, why in unknown.items()]
    choices = {"sort": sorted(sorts), "order": ["asc", "desc"]}
    for name, allowed in choices.items():
        given = parameters.get(name)
        if sorts and given and given not in allowed:
            notices.append(
                f"The {name} “{given[:40]}” is passed over; there are {', '.join(allowed)}"
            )
    return replace(found, notices=tuple(notices))


def read_query(parameters: QueryParams) -> RecordQuery:
    """The records that an address asks for; values that make no sense are told, not obeyed."""
    values: dict[str, tuple[str, ...]] = {}
    asked: dict[str, Any] = {}
    problems: dict[str, str] = {}
    for name, (target, read) in FIELDS.items():
        given = tuple(v.strip() for v in parameters.getlist(name) if v.strip())
        if not given:
            continue
        values[name] = given[:MOST_VALUES]
        try:
            if len(given) > MOST_VALUES:
                raise FieldError(f"more than {MOST_VALUES} values")
            if any(len(value) > LARGEST_TEXT for value in given):
                raise FieldError(f"longer than {LARGEST_TEXT} characters")
            asked[target] = read(given)
        except FieldError as error:
            problems[name] = str(error)
    try:
        wanted = RecordFilter(**asked)
    except ValueError as error:
        return RecordQuery(RecordFilter(), values, {**problems, "": str(error)})
    return RecordQuery(wanted, values, problems)


def _text(given: tuple[str, ...]) -> str:
    return given[0]


def _texts(given: tuple[str, ...]) -> tuple[str, ...]:
    return given


def _number(given: tuple[str, ...]) -> float:
    try:
        value = float(given[0].replace(",", ".").replace("−", "-"))
    except ValueError:
        raise FieldError(f"“{given[0]}” is no number") from None
    if abs(value) == float("inf") or value != value:
        raise FieldError(f"“{given[0]}” is no number")
    return value


def _integer(given: tuple[str, ...]) -> int:
    if not re.fullmatch(r"\d{1,6}", given[0], re.ASCII):
        raise FieldError(f"“{given[0]}” is no whole number")
    return int(given[0])


def _symbols(given: tuple[str, ...]) -> tuple[str, ...]:
    symbols = [s for s in re.split(r"[\s,;+-]+", " ".join(given)) if s]
    try:
        return known_symbols(symbols)
    except ValueError as error:
        raise FieldError(str(error)) from error


def _system(given: tuple[str, ...]) -> str:
    return "-".join(sorted(_symbols(given)))


def _flag(given: tuple[str, ...]) -> bool:
    if given[0] not in {"yes", "no"}:
        raise FieldError("write yes or no")
    return given[0] == "yes"


def _one_of(names: Iterable[Any]) -> Callable[[tuple[str, ...]], Any]:
    known = {str(name): name for name in names}

    def read(given: tuple[str, ...]) -> Any:
        if given[0] not in known:
            raise FieldError(f"“{given[0]}” is none of {', '.join(known)}")
        return known[given[0]]

    return read


def _some_of(names: Iterable[Any]) -> Callable[[tuple[str, ...]], Any]:
    one = _one_of(names)
    return lambda given: frozenset(one((value,)) for value in given)


FIELDS: Mapping[str, tuple[str, Callable[[tuple[str, ...]], Any]]] = {
    "text": ("text", _text),
    "material": ("material", _text),
    "contains": ("elements", _symbols),
    "without": ("without", _symbols),
    "system": ("only", _system),
    "key": ("composition_key", _text),
    "tc_min": ("tc_min_K", _number),
    "tc_max": ("tc_max_K", _number),
    "pressure_min": ("pressure_min_GPa", _number),
    "pressure_max": ("pressure_max_GPa", _number),
    "lambda_min": ("lambda_min", _number),
    "lambda_max": ("lambda_max", _number),
    "year_min": ("year_min", _integer),
    "year_max": ("year_max", _integer),
    "class": ("classes", frozenset),
    "evidence": ("evidence", _one_of(Evidence)),
    "origin": ("origin", _one_of(Origin)),
    "status": ("statuses", _some_of(RecordStatus)),
    "flag": ("flags", _texts),
    "source": ("source", _one_of(Source)),
    "space_group": ("space_group_number", _integer),
    "space_group_symbol": ("space_group", _text),
    "structure": ("has_structure", _flag),
    "doc": ("doc", _text),
}
"""Each name in an address: the field of `RecordFilter` that it fills, and how it is read."""

LABELS: Mapping[str, str] = {
    "": "Filter",
    "text": "Text",
    "material": "Material",
    "contains": "Contains",
    "without": "Without",
    "system": "System",
    "key": "Composition",
    "tc_min": "Tc from (K)",
    "tc_max": "Tc to (K)",
    "pressure_min": "Pressure from (GPa)",
    "pressure_max": "Pressure to (GPa)",
    "lambda_min": "λ from",
    "lambda_max": "λ to",
    "year_min": "Year from",
    "year_max": "Year to",
    "class": "Class",
    "evidence": "Evidence",
    "origin": "Origin",
    "status": "Status",
    "flag": "Flag",
    "source": "Found in",
    "space_group": "Space group number",
    "space_group_symbol": "Space group",
    "structure": "Has a structure",
    "doc": "Document",
}
"""What people call each field."""

WORDS = frozenset({"evidence", "origin", "status", "flag", "source"})
"""Fields whose values are names of ours, shown with blanks for their underscores."""
