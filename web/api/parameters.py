"""The parameters by which records are asked for: read as the pages read them, and described.

Their names stand once, in ``scmine.web.record_query``; the kinds of their values follow from
``scmine.database.filters``.
"""

from __future__ import annotations

import types
import typing
from collections.abc import Iterable
from enum import StrEnum
from typing import Any

from fastapi import Request
from fastapi.exceptions import RequestValidationError

from scmine.database.filters import RecordFilter
from scmine.web.record_query import (
    FIELDS,
    LABELS,
    LARGEST_TEXT,
    RecordQuery,
    read_query,
    unknown_names,
)

PLAIN: dict[type, dict[str, Any]] = {
    str: {"type": "string", "minLength": 1, "maxLength": LARGEST_TEXT},
    float: {"type": "number"},
    int: {"type": "integer", "minimum": 0, "maximum": 999_999},
    bool: {"type": "string", "enum": ["yes", "no"]},
}
"""The schema of a parameter by the type that the filter takes."""


def asked_for(request: Request) -> RecordQuery:
    """The filter of the request.

    Raises
    ------
    RequestValidationError
        A value that makes no sense.
    """
    query = read_query(request.query_params)
    # Forms of pages send empty fields; of a program an empty value is a slip.
    empty = {n: "empty; leave it out" for n, v in request.query_params.multi_items() if not v}
    problems = {name: what for name, what in empty.items() if name in FIELDS} | dict(query.problems)
    if problems:
        raise RequestValidationError(
            [
                {"loc": ("query", name) if name else ("query",), "msg": message}
                for name, message in problems.items()
            ]
        )
    return query


def check_names(request: Request, known: Iterable[str]) -> None:
    """Refuse parameters that are none of ``known``: a slip would else ask for everything.

    Raises
    ------
    RequestValidationError
        A parameter that there is not.
    """
    if unknown := unknown_names(request.query_params, known):
        raise RequestValidationError(
            [{"loc": ("query", name), "msg": message} for name, message in unknown.items()]
        )


def filter_parameters() -> list[dict[str, Any]]:
    """The description of each parameter of the filter."""
    hints = typing.get_type_hints(RecordFilter)
    return [
        _parameter(name, LABELS[name], _schema(hints[target]))
        for name, (target, _) in FIELDS.items()
    ]


def _one_of(values: tuple[str, ...]) -> dict[str, Any]:
    return {"type": "string", "enum": list(values)}


def _parameter(name: str, description: str, schema: dict[str, Any]) -> dict[str, Any]:
    found = {
        "name": name,
        "in": "query",
        "required": False,
        "description": description,
        "schema": schema,
    }
    if schema["type"] == "array":
        found |= {"style": "form", "explode": True}
    return found


def _schema(annotation: Any) -> dict[str, Any]:
    if isinstance(annotation, types.UnionType):
        (annotation,) = (a for a in typing.get_args(annotation) if a is not types.NoneType)
    if typing.get_origin(annotation) in (tuple, frozenset):
        return {"type": "array", "items": _schema(typing.get_args(annotation)[0])}
    if issubclass(annotation, StrEnum):
        return _one_of(tuple(value.value for value in annotation))
    return dict(PLAIN[annotation])
