"""What a cell of an export says, read strictly: a value of its column's type, or why it is none.

Nothing is guessed: ``39 K`` is no number, and neither is ``39,5``. Files are opened in
``scmine.database.import_files``; what becomes of the rows is decided in
``scmine.database.importing``.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping
from enum import StrEnum
from functools import cache
from typing import Any, NoReturn

from scmine.database.columns import column_types, describe_columns


class Reason(StrEnum):
    """Why a row is refused."""

    NOT_A_ROW = "not_a_row"
    """The line is no JSON object, or no row of CSV."""
    NOT_UTF8 = "not_utf8"
    """The line has bytes that are no UTF-8."""
    CELL_COUNT = "cell_count"
    """The row has more or fewer cells than the header."""
    TOO_LONG = "too_long"
    """The line, or an id, is longer than can be."""
    NO_MATERIAL = "no_material"
    """A new record names no material as printed."""
    NO_DOCUMENT = "no_document"
    """Nothing says which paper the row is of."""
    BAD_ID = "bad_id"
    """An id has characters that no id of scmine has."""
    NOT_A_NUMBER = "not_a_number"
    NOT_FINITE = "not_finite"
    """NaN or infinity."""
    NEGATIVE = "negative"
    """Below zero, in kelvin."""
    NOT_AN_INTEGER = "not_an_integer"
    OUT_OF_RANGE = "out_of_range"
    """An integer beyond what a database holds."""
    NOT_A_BOOLEAN = "not_a_boolean"
    NOT_TEXT = "not_text"
    NOT_JSON = "not_json"
    """A list or map that is none."""
    UNKNOWN_VALUE = "unknown_value"
    """A word that the column does not know, such as a status that there is none of."""
    INVALID_VALUE = "invalid_value"
    """A value that a record cannot hold."""
    TC_NOT_READ = "tc_not_read"
    """SuperCon²: the critical temperature is no temperature that can be read."""
    PRESSURE_NOT_READ = "pressure_not_read"
    """SuperCon²: there is a pressure, but none that can be read."""
    TWICE = "twice"
    """An earlier row of this import has the id."""
    OTHER_DOCUMENT = "other_document"
    """The database has the record in another document."""
    NO_STRUCTURE = "no_structure"
    """The row gives a record of the database a structure that the database has not."""
    STATUS_STEP = "status_step"
    """The record cannot go from its status to the row's."""
    CONFLICT = "conflict"
    """A person has changed the record since it was read from the paper."""


class RowError(ValueError):
    """A row that is refused: the named reason, and what stood there."""

    def __init__(self, reason: Reason, detail: str = "", column: str = "") -> None:
        super().__init__(f"{reason}: {column} {detail}")
        self.reason = reason
        self.detail = detail
        self.column = column


LARGEST_INTEGER = 2**31 - 1
"""What a column of integers holds on PostgreSQL."""

_SHOWN = 60
_NUMBER = re.compile(r"[+-]?(?:\d{1,400}\.?\d{0,400}|\.\d{1,400})(?:[eE][+-]?\d{1,5})?", re.ASCII)
_NOT_FINITE = re.compile(r"[+-]?(?:nan|inf|infinity)", re.IGNORECASE)
_INTEGER = re.compile(r"[+-]?\d{1,20}(?:\.0{1,20})?", re.ASCII)


def typed(column: str, value: Any) -> Any:
    """``value`` as its column's type has it; None where nothing is known.

    Text cells of CSV and values of JSON and Parquet are taken alike. ``column`` must be one of a
    record.

    Raises
    ------
    RowError
        It is no such value.

    >>> typed("tc_K", "39.5"), typed("year", 2001.0), typed("superconducting", "True")
    (39.5, 2001, True)
    >>> typed("tc_K", "39 K")
    Traceback (most recent call last):
    ...
    scmine.database.import_values.RowError: not_a_number: tc_K 39 K
    """
    kind = column_types()[column]
    if kind == "text":
        if value is None or isinstance(value, str):
            return value
        _refuse(Reason.NOT_TEXT, value, column)
    if isinstance(value, str):
        value = value.strip()
    if value is None or value == "":
        return None
    if kind == "number":
        return _number(column, value)
    if kind == "integer":
        return _integer(column, value)
    if kind == "boolean":
        return _boolean(column, value)
    return _json(column, value, list if kind == "list" else dict)


def _refuse(reason: Reason, value: Any, column: str) -> NoReturn:
    shown = value if isinstance(value, str) else repr(value)
    raise RowError(reason, shown if len(shown) <= _SHOWN else f"{shown[:_SHOWN]}…", column)


def _number(column: str, value: Any) -> float:
    if isinstance(value, str):
        if _NOT_FINITE.fullmatch(value):
            _refuse(Reason.NOT_FINITE, value, column)
        if not _NUMBER.fullmatch(value):
            _refuse(Reason.NOT_A_NUMBER, value, column)
    elif isinstance(value, bool) or not isinstance(value, int | float):
        _refuse(Reason.NOT_A_NUMBER, value, column)
    try:
        number = float(value)
    except OverflowError:  # an int of JSON that no float holds
        number = math.inf
    if not math.isfinite(number):
        _refuse(Reason.NOT_FINITE, value, column)
    if number < 0 and column in _kelvin():
        _refuse(Reason.NEGATIVE, value, column)
    return number


@cache
def _kelvin() -> frozenset[str]:
    return frozenset(column.name for column in describe_columns() if column.unit == "K")


def _integer(column: str, value: Any) -> int:
    if isinstance(value, str) and not _INTEGER.fullmatch(value):
        _refuse(Reason.NOT_AN_INTEGER, value, column)
    # Programs that have no empty integer write 2001 as 2001.0.
    if isinstance(value, bool) or (isinstance(value, float) and not value.is_integer()):
        _refuse(Reason.NOT_AN_INTEGER, value, column)
    if not isinstance(value, int | float | str):
        _refuse(Reason.NOT_AN_INTEGER, value, column)
    number = int(float(value)) if isinstance(value, str) and "." in value else int(value)
    if abs(number) > LARGEST_INTEGER:
        _refuse(Reason.OUT_OF_RANGE, value, column)
    return number


def _boolean(column: str, value: Any) -> bool:
    if isinstance(value, bool):
        return value
    if isinstance(value, str) and value.lower() in {"true", "false"}:
        return value.lower() == "true"
    _refuse(Reason.NOT_A_BOOLEAN, value, column)


def _json(column: str, value: Any, kind: type) -> Any:
    if isinstance(value, str):
        text = value

        def no_constant(name: str) -> NoReturn:
            _refuse(Reason.NOT_FINITE, name, column)

        try:
            value = json.loads(text, parse_constant=no_constant)
        except RowError:
            raise
        except (ValueError, RecursionError):
            _refuse(Reason.NOT_JSON, text, column)
    if not isinstance(value, kind):
        _refuse(Reason.NOT_JSON, value, column)
    return value


def read_columns(values: Mapping[str, Any]) -> dict[str, Any]:
    """The columns of a record among ``values``, each as `typed` reads it; others are left out."""
    return {name: typed(name, values[name]) for name in column_types() if name in values}
