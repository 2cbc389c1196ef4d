"""What each column of a record means: its type, unit and meaning, for documentation and exports.

Units and meanings are data (``data/columns.toml``), types come from the record itself.
"""

from __future__ import annotations

import tomllib
import types
import typing
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

from scmine.database.record import Record

COLUMNS_FILE = Path(__file__).parent / "data" / "columns.toml"


@dataclass(frozen=True, slots=True)
class Column:
    """A column of every export.

    ``type`` is ``text``, ``number`` (a float), ``integer``, ``boolean``, ``list`` or ``map``;
    ``unit`` is empty where there is none.
    """

    name: str
    type: str
    unit: str
    meaning: str


@cache
def column_types() -> dict[str, str]:
    """The type of each column, in the order of every export.

    >>> column_types()["tc_K"], column_types()["lambda"], column_types()["boxes"]
    ('number', 'number', 'list')
    """
    fields = Record.model_fields.items()
    return {field.alias or name: _type_name(field.annotation) for name, field in fields}


def describe_columns() -> list[Column]:
    """All columns with unit and meaning, in the order of every export.

    >>> next(c for c in describe_columns() if c.name == "pressure_GPa").unit
    'GPa'
    """
    entries = tomllib.loads(COLUMNS_FILE.read_text(encoding="utf-8"))["columns"]
    return [
        Column(name, kind, entries[name].get("unit", ""), entries[name]["meaning"])
        for name, kind in column_types().items()
    ]


def _type_name(annotation: Any) -> str:
    """The name of a field's type; ``X | None`` is an X that may be unknown."""
    if isinstance(annotation, types.UnionType):
        (annotation,) = (a for a in typing.get_args(annotation) if a is not types.NoneType)
    plain = typing.get_origin(annotation) or annotation
    if issubclass(plain, StrEnum):
        return "text"
    names = {str: "text", float: "number", int: "integer", bool: "boolean", list: "list"}
    return names.get(plain, "map")
