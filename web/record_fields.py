"""The columns of a record as people see them: their groups, names, values in words, choices.

Names and groups are data (``web/data/fields.toml``). What a column means and its unit come from
``scmine.database.columns``; reading what a person typed lives in ``scmine.web.record_form``.
"""

from __future__ import annotations

import tomllib
import types
import typing
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

from scmine.database.columns import Column, describe_columns
from scmine.database.record import Record
from scmine.validator.plausibility.ceilings import known_classes

FIELDS_FILE = Path(__file__).parent / "data" / "fields.toml"


@dataclass(frozen=True, slots=True)
class Field:
    """A column as a person sees it.

    ``choices`` maps each value of a column with a fixed set of values to its words; ``proposed``
    are values that the column mostly has.
    """

    name: str
    label: str
    type: str
    unit: str
    meaning: str
    editable: bool
    choices: Mapping[str, str]
    proposed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Group:
    """Columns that are shown together."""

    name: str
    title: str
    fields: tuple[Field, ...]

    @property
    def editable(self) -> bool:
        """Whether a person may change anything of it."""
        return any(field.editable for field in self.fields)


@cache
def _data() -> dict[str, Any]:
    return tomllib.loads(FIELDS_FILE.read_text(encoding="utf-8"))


@cache
def groups() -> tuple[Group, ...]:
    """All groups, in the order of the page.

    >>> groups()[0].fields[1].label, groups()[1].fields[1].unit
    ('Formula', 'K')
    """
    columns = {column.name: column for column in describe_columns()}
    return tuple(
        Group(
            entry["name"],
            entry["title"],
            tuple(_field(columns[name], name in entry["edit"]) for name in entry["columns"]),
        )
        for entry in _data()["group"]
    )


@cache
def fields() -> dict[str, Field]:
    """All columns by name.

    >>> fields()["lambda"].label
    'λ'
    """
    return {field.name: field for group in groups() for field in group.fields}


def error_types() -> Mapping[str, str]:
    """Where an extraction can go wrong: the name of each error type and its words."""
    errors: dict[str, str] = _data()["errors"]
    return errors


def _field(column: Column, editable: bool) -> Field:
    named = _data()["values"].get(column.name, {})
    proposed = tuple(sorted(known_classes())) if column.name == "material_class" else ()
    return Field(
        name=column.name,
        label=_data()["labels"][column.name],
        type=column.type,
        unit=column.unit,
        meaning=column.meaning,
        editable=editable,
        choices=named or {value: value for value in _values_of(column.name)},
        proposed=proposed,
    )


def _values_of(name: str) -> tuple[str, ...]:
    """The values of a column whose type is an enumeration; none for others."""
    annotation = Record.model_fields["lambda_" if name == "lambda" else name].annotation
    if isinstance(annotation, types.UnionType):
        (annotation,) = (a for a in typing.get_args(annotation) if a is not types.NoneType)
    plain = typing.get_origin(annotation) or annotation
    if isinstance(plain, type) and issubclass(plain, StrEnum):
        return tuple(member.value for member in plain)
    return ()


def can_be_unknown(name: str) -> bool:
    """Whether a column may be empty.

    >>> can_be_unknown("origin"), can_be_unknown("evidence")
    (True, False)
    """
    annotation = Record.model_fields["lambda_" if name == "lambda" else name].annotation
    return isinstance(annotation, types.UnionType) or typing.get_origin(annotation) is dict


def number(value: float) -> str:
    """A number as it is read and typed: no digits that are not there, no exponent near 1.

    >>> number(39.0), number(0.1), number(1e-7), number(204.85)
    ('39', '0.1', '1e-07', '204.85')
    """
    return f"{value:.10g}"


def text_of(name: str, value: Any) -> str:
    """A value as it stands in an input; empty where nothing is known.

    >>> text_of("variables", {"x": "0.1", "y": "2"}), text_of("tc_K", 39.0)
    ('x = 0.1, y = 2', '39')
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return number(value)
    if isinstance(value, Mapping):
        joint = " " if name == "composition" else " = "
        return ", ".join(f"{key}{joint}{_plain(item)}" for key, item in value.items())
    if isinstance(value, list | tuple):
        return ", ".join(_plain(item) for item in value)
    return str(value)


def _plain(value: Any) -> str:
    if isinstance(value, Mapping):
        return " ".join(f"{key} {_plain(item)}" for key, item in value.items())
    if isinstance(value, list | tuple):
        return "[" + ", ".join(_plain(item) for item in value) + "]"
    return number(value) if isinstance(value, int | float) else str(value)


def shown(name: str, value: Any) -> str:
    """A value in words with its unit, for reading; empty where nothing is known.

    Numbers have six digits at most: more come from a change of unit, not from the paper.

    >>> shown("tc_K", 39.0), shown("tc_relation", "~"), shown("superconducting", True)
    ('39 K', '~ about the number', 'yes')
    """
    text = text_of(name, value)
    if not text:
        return ""
    field = fields()[name]
    if text in field.choices:
        return field.choices[text]
    if isinstance(value, float):
        text = f"{value:.6g}"
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return f"{text} {field.unit}" if field.unit and is_number else text
