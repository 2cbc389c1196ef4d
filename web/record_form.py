"""What a person typed into the form of a record, as values; what cannot be, said beside the field.

Reading only: whether the record can hold the values is for ``scmine.database.editing`` to say,
whether they are plausible for the validator.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from scmine.database.editing import ChangeError, edited
from scmine.database.record import Record
from scmine.extractors.formula import parse_formula
from scmine.extractors.materials import material_of_formula
from scmine.validator.finding import Severity
from scmine.validator.plausibility.check import check_record
from scmine.web.record_fields import Field, can_be_unknown, fields, text_of
from scmine.web.record_printed import not_as_printed

LONGEST = 2000
"""Characters that a field may have; a sentence's worth."""

_PAIR = re.compile(r"\s*([^=,]{1,40}?)\s*=\s*([^,=]{1,80}?)\s*$")


@dataclass(slots=True)
class Filled:
    """A form as it was filled in: the texts, the values that differ, and what is wrong.

    ``doubts`` are errors of the validator that the record did not have before, and numbers that
    are not those that were printed, by column: they can be saved, if the person says so.
    """

    texts: dict[str, str]
    changes: dict[str, Any] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)
    doubts: dict[str, str] = field(default_factory=dict)


def filled_with(record: Record) -> Filled:
    """The form as it stands before anybody typed."""
    row = record.to_row()
    return Filled({name: text_of(name, row[name]) for name in _editable()})


def read_form(form: Mapping[str, str], base: Record) -> Filled:
    """What was typed into a form that showed ``base``; a field that is not in it stays as it was.

    A new formula brings its composition, and its class unless the class was changed as well.
    """
    before = filled_with(base).texts
    filled = Filled(dict(before))
    for name, column in _editable().items():
        if name not in form:
            continue
        text = " ".join(form[name].split())
        filled.texts[name] = text
        if text == before[name]:
            continue
        try:
            filled.changes[name] = _value(column, text)
        except ValueError as error:
            filled.errors[name] = str(error)
    if "formula" in filled.changes:
        filled.changes |= of_formula(filled.changes["formula"], base, filled.changes)
    if not filled.errors and filled.changes:
        _hold(filled, base)
    return filled


def of_formula(
    formula: str | None, base: Record, changes: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """What follows from a formula: the composition, and the class that its rules give.

    >>> base = Record(record_id="r", doc_id="d", raw_material="x")
    >>> of_formula("MgB2", base)["composition"]
    {'Mg': 1.0, 'B': 2.0}
    """
    read = parse_formula(formula) if formula else None
    found: dict[str, Any] = {"composition": (read.composition() if read else None) or {}}
    if formula and "material_class" not in (changes or {}):
        material = material_of_formula(formula)
        if material is not None and material.material_class not in (None, base.material_class):
            found["material_class"] = material.material_class
    return found


def _editable() -> dict[str, Field]:
    return {name: column for name, column in fields().items() if column.editable}


def _value(column: Field, text: str) -> Any:
    """The value of a column; ``ValueError`` says in plain words why there is none."""
    if not text:
        if column.name == "raw_material":
            raise ValueError("every record needs the material as the paper prints it")
        if not can_be_unknown(column.name):
            raise ValueError("choose one")
        return {} if column.type == "map" else None
    if len(text) > LONGEST:
        raise ValueError(f"too long: {len(text)} characters, at most {LONGEST}")
    if column.choices and text not in column.choices:
        raise ValueError(f"choose one of: {', '.join(column.choices.values())}")
    if column.type == "number":
        return _number(text)
    if column.type == "integer":
        if not text.isascii() or not text.isdigit():
            raise ValueError(f"“{text}” is no whole number")
        return int(text)
    if column.type == "boolean":
        return text == "true"
    return _pairs(text) if column.type == "map" else text


def _number(text: str) -> float:
    plain = text.replace("−", "-").replace(" ", "")
    try:
        value = float(plain)
    except ValueError:
        if re.fullmatch(r"-?\d+,\d+", plain):
            raise ValueError(f"write {plain.replace(',', '.')}, with a point") from None
        raise ValueError(f"“{text}” is no number; units are given beside the field") from None
    if not math.isfinite(value):
        raise ValueError(f"“{text}” is no number that a paper can state")
    return value


def _pairs(text: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for item in text.split(","):
        match = _PAIR.match(item)
        if match is None:
            raise ValueError(f"“{item.strip()}” is no variable; write x = 0.15, y = 2")
        found[match[1]] = match[2]
    return found


def _hold(filled: Filled, base: Record) -> None:
    """Ask whether the record can hold the changes, and whether they can be."""
    try:
        new = edited(base, filled.changes)
    except ChangeError as error:
        filled.errors |= error.problems
        return
    before = {(f.name, f.message) for f in check_record(base)}
    for finding in check_record(new):
        if finding.severity is Severity.ERROR and (finding.name, finding.message) not in before:
            changed = [name for name in finding.fields if name in filled.changes]
            for name in changed[:1]:
                filled.doubts[name] = finding.message
    for name, remark in not_as_printed(base, new, filled.changes).items():
        filled.doubts.setdefault(name, remark)
