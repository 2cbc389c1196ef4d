"""Changing the values of a record: which columns a person may change, and what they may hold.

Pure functions on records. How a change is written down lives in ``scmine.database.curation``;
whether a value is plausible is for the validator to say, and only what cannot be is refused here.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import ValidationError

from scmine.database.clean import clean
from scmine.database.columns import column_types
from scmine.database.errors import DatabaseError
from scmine.database.record import COLUMNS, Record
from scmine.database.results import DOCUMENT_COLUMNS

IDS = ("record_id", "doc_id")
PROVENANCE = (
    "source",
    "section",
    "page",
    "boxes",
    "places",
    "extractor",
    "model_version",
    "confidence",
)
"""Where and how a claim was found: what a person does not change, but a new reading does."""
VERDICT = ("status", "error_type", "flags")
TRACKED = tuple(c for c in COLUMNS if c not in {*IDS, *DOCUMENT_COLUMNS})
"""The columns that are the record's own and may change from revision to revision."""
EDITABLE = tuple(c for c in TRACKED if c not in {*PROVENANCE, *VERDICT})
"""The columns that a person may change."""
GIVEN_WHEN_ADDED = (*EDITABLE, "source", "section", "page", "boxes")
"""The columns that a person may give for a record that the reading missed."""
CURATOR = "curator"
"""What stands as the extractor of a record that a person added."""

LARGEST = 2**31 - 1
"""What a column of whole numbers holds in each database; nothing that is measured comes near it in
the units of records, and products of larger numbers overflow."""

_RANGES = (("tc_min_K", "tc_max_K"), ("pressure_min_GPa", "pressure_max_GPa"))
_LENGTHS = ("a_A", "b_A", "c_A")
_ANGLES = ("alpha_deg", "beta_deg", "gamma_deg")
_TEMPERATURES = tuple(c for c in EDITABLE if c.endswith("_K"))
_RELATIONS = ("=", "<", ">", "~")
_SPACE_GROUPS = range(1, 231)
_ELEMENT = re.compile(r"[A-Z][a-z]?")


class ChangeError(DatabaseError):
    """Values that a record cannot hold; nothing was written. ``problems`` says what, by column."""

    def __init__(self, problems: Mapping[str, str]) -> None:
        super().__init__("; ".join(f"{column}: {what}" for column, what in problems.items()))
        self.problems = dict(problems)


def edited(
    record: Record, changes: Mapping[str, Any], columns: tuple[str, ...] = EDITABLE
) -> Record:
    """``record`` with other values.

    Parameters
    ----------
    record
        The record as it is.
    changes
        New values by column, as exports name it (``lambda``, not ``lambda_``). None, and for
        anything but the printed material the empty string, make a column unknown.
    columns
        The columns that may be changed.

    Raises
    ------
    ChangeError
        A column that cannot be changed, a value of the wrong type, NaN or infinity, a lower end
        above its upper end, or a value that nothing can have (below 0 K, space group 231).

    >>> record = Record(record_id="r", doc_id="d", raw_material="MgB2", tc_K=93.0)
    >>> edited(record, {"tc_K": 39, "lambda": "0.87"}).lambda_
    0.87
    >>> edited(record, {"tc_min_K": 40, "tc_max_K": 39})
    Traceback (most recent call last):
    ...
    scmine.database.editing.ChangeError: tc_min_K: 40 is above tc_max_K, 39
    """
    problems = {c: _why_not(c) for c in changes if c not in columns}
    values = {c: _given(c, clean(v)) for c, v in changes.items()}
    problems |= {c: what for c, v in values.items() if (what := _odd(c, v))}
    if problems:
        raise ChangeError(problems)
    row = record.to_row()
    for column, value in values.items():
        if value is None and column != "raw_material":
            row.pop(column)  # the record's own default
        else:
            row[column] = value
    try:
        new = Record.model_validate(row)
    except ValidationError as error:
        raise ChangeError({str(e["loc"][0]): _said(e) for e in error.errors()}) from error
    problems = dict(_impossible(new, changes))
    if problems:
        raise ChangeError(problems)
    return new


def with_values(record: Record, values: Mapping[str, Any]) -> Record:
    """``record`` with values that a record has held before; nothing is asked of them.

    >>> with_values(Record(record_id="r", doc_id="d", raw_material="MgB2"), {"lambda": 0.9}).lambda_
    0.9
    """
    return Record.model_validate(record.to_row() | dict(values))


def difference(old: Record, new: Record) -> dict[str, tuple[Any, Any]]:
    """The columns of two states of a record that differ, with the values of both.

    Ids and what describes the document are left out. Values are as in exports (`Record.to_row`).

    >>> record = Record(record_id="r", doc_id="d", raw_material="MgB2", tc_K=93.0)
    >>> difference(record, edited(record, {"tc_K": 39}))
    {'tc_K': (93.0, 39.0)}
    """
    before, after = old.to_row(), new.to_row()
    return {c: (before[c], after[c]) for c in TRACKED if before[c] != after[c]}


def _why_not(column: str) -> str:
    if column not in COLUMNS:
        return "there is no such column; docs/records.md lists them"
    if column in {*IDS, *DOCUMENT_COLUMNS}:
        return "this describes the document, and cannot be changed in a record"
    if column == "flags":
        return "flags are what the checks found; scmine check --update renews them"
    if column in VERDICT:
        return "this is a verdict, which is given beside the values"
    return "this says where the claim was found, and cannot be changed"


def _given(column: str, value: Any) -> Any:
    return None if value == "" and column != "raw_material" else value


def _odd(column: str, value: Any) -> str:
    """What is wrong with a value that the record itself would take; empty if nothing is."""
    if isinstance(value, bool) and column_types().get(column) in {"number", "integer"}:
        return f"{value} is no number"
    if isinstance(value, dict | list):
        try:
            json.dumps(value, allow_nan=False)
        except (TypeError, ValueError) as error:
            return f"this cannot be stored: {error}"
    return ""


def _said(error: Any) -> str:
    """One error of pydantic in words, with the place in a list or map where there is one."""
    inner = ".".join(str(part) for part in error["loc"][1:])
    given = error["input"]
    shown = "" if isinstance(given, dict | list) else f", not {given!r}"
    message = str(error["msg"]).removeprefix("Input ")
    return f"{inner + ' ' if inner else ''}{message}{shown}"


def _impossible(record: Record, changes: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """What is wrong with the changed columns, beyond their types."""
    row = record.to_row()
    if not record.raw_material.strip():
        yield "raw_material", "the material as printed cannot be empty"
    for low, high in _RANGES:
        if None in (row[low], row[high]) or row[low] <= row[high]:
            continue
        if low in changes:
            yield low, f"{row[low]:g} is above {high}, {row[high]:g}"
        elif high in changes:
            yield high, f"{row[high]:g} is below {low}, {row[low]:g}"
    for column in changes:
        value = row[column]
        if value is not None and (wrong := _bound(column, value)):
            yield column, wrong


def _bound(column: str, value: Any) -> str:
    """What is wrong with a known value on its own; empty if nothing is."""
    if isinstance(value, int | float) and abs(value) > LARGEST:
        return f"no number that a record holds is above {LARGEST}"
    if column in _TEMPERATURES and value < 0:
        return f"{value:g} is below 0"
    if column in _LENGTHS and value <= 0:
        return f"a length of {value:g} is impossible"
    if column in _ANGLES and not 0 < value < 180:
        return f"an angle of {value:g}° is impossible"
    if column == "tc_relation" and value not in _RELATIONS:
        return f"{value!r} is none of {' '.join(_RELATIONS)}"
    if column == "space_group_number" and value not in _SPACE_GROUPS:
        return f"space groups have the numbers 1 to 230, not {value}"
    return _composition(value) if column == "composition" else ""


def _composition(value: Mapping[str, float]) -> str:
    for symbol, amount in value.items():
        if not _ELEMENT.fullmatch(symbol):
            return f"{symbol!r} is no element symbol"
        if amount <= 0:
            return f"the amount of {symbol}, {amount:g}, is not above 0"
    return ""
