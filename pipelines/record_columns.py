"""Rows of anybody's table as records: which column is which field, and what a cell says.

The names of columns are data (``validator/data/columns.toml``). Files are opened in
``record_files``; a cell that cannot be read leaves its field empty and is said.
"""

from __future__ import annotations

import json
import math
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache
from typing import Any

from pydantic import ValidationError

from scmine.database.columns import column_types
from scmine.database.record import COLUMNS, Evidence, Record
from scmine.extractors.formula import parse_formula
from scmine.extractors.material_class import classify
from scmine.extractors.materials import Material, parse_material
from scmine.extractors.names import formula_of_name
from scmine.extractors.quantities import parse_quantity
from scmine.extractors.quantity_items import units_of
from scmine.validator.plausibility.ceilings import known_classes
from scmine.validator.plausibility.rules import data

COLUMNS_FILE = "columns.toml"

_OWN = frozenset({"record_id", "doc_id", "raw_material"})
"""Columns by which an export of ours is told; no other table has all of them."""

_UNIT = re.compile(r"\s*(?:[(\[]\s*(?P<a>[^()\[\]]{1,12})\s*[)\]]|[,/_]\s*(?P<b>[\w°Å/]{1,6}))\s*$")
_DECIMAL_COMMA = re.compile(r"(?<=\d),(?=\d)")
_DOI = re.compile(r"\b10\.\d{4,9}/[^\s\"'\],;<>]+")
_LONGEST_MATERIAL = 300

RANGED = ("tc_K", "pressure_GPa")
"""Fields that have columns for the ends of a range."""


class ColumnsError(ValueError):
    """The user names a field or a column that is not there; the message lists those that are."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What a row gave: a record, or None with the reason among ``problems``.

    ``tc_unknown`` says that a Tc of 0 stood there of which it cannot be told what it means.
    """

    record: Record | None
    problems: tuple[str, ...] = ()
    tc_unknown: bool = False


@dataclass(frozen=True, slots=True)
class ColumnMap:
    """Which column of a table is which field: the field, its column, and the column's unit.

    ``is_own`` says that it is an export of ours, whose columns are the record's; ``decimal_comma``
    that numbers are written with a comma (39,5).
    """

    fields: Mapping[str, str] = field(default_factory=dict)
    units: Mapping[str, str] = field(default_factory=dict)
    unused: tuple[str, ...] = ()
    is_own: bool = False
    decimal_comma: bool = False

    @classmethod
    def of(cls, header: Sequence[str], given: Mapping[str, str] | None = None) -> ColumnMap:
        """The map of a table with these column names.

        Parameters
        ----------
        header
            The names as the table prints them.
        given
            What the user says: our field to their column.

        Raises
        ------
        ColumnsError
            A field of ``given`` that is none of ours, or a column that is not there.

        >>> ColumnMap.of(["name", "Tc (mK)", "no"]).fields
        {'raw_material': 'name', 'tc_K': 'Tc (mK)'}
        >>> ColumnMap.of(["name", "Tc (mK)", "no"]).unused
        ('no',)
        """
        fields: dict[str, str] = {}
        for ours, theirs in (given or {}).items():
            if ours not in data(COLUMNS_FILE)["names"]:
                known = ", ".join(data(COLUMNS_FILE)["names"])
                raise ColumnsError(f"{ours!r} is no column to read into; there are {known}")
            if theirs not in header:
                listed = ", ".join(header)
                raise ColumnsError(f"there is no column {theirs!r}; there are {listed}")
            fields[ours] = theirs
        if not given and set(header) >= _OWN:
            return cls({name: name for name in header if name in COLUMNS}, is_own=True)
        units: dict[str, str] = {}
        taken = set(fields.values())
        for column in header:
            found = _field_of(column)
            if column not in taken and found is not None and found not in fields:
                fields[found] = column
                taken.add(column)
        for ours, column in fields.items():
            unit = _unit_of(ours, column)
            if unit is not None:
                units[ours] = unit
        return cls(fields, units, tuple(c for c in header if c not in taken))

    def read(self, row: Mapping[str, Any], number: int, source: str) -> Reading:
        """The record of a row; ``number`` and ``source`` name it where the table has no ids."""
        if self.is_own:
            return _own_record(row)
        return _Row(self, row, number, source).reading()


def _field_of(column: str) -> str | None:
    """The field that a column's name stands for, as it is or without the unit at its end."""
    names = _known_names()
    if (ours := names.get(_plain(column))) is not None:
        return ours
    ours = names.get(_plain(_without_unit(column)[0]))
    return ours if ours is not None and _unit_of(ours, column) is not None else None


def _without_unit(column: str) -> tuple[str, str | None]:
    match = _UNIT.search(column)
    if match is None:
        return column, None
    return column[: match.start()], match["a"] or match["b"]


def _unit_of(ours: str, column: str) -> str | None:
    """The unit that a column's name states, if it is one of the field's kind."""
    kind = data(COLUMNS_FILE)["kinds"].get(ours)
    unit = _without_unit(column)[1]
    if kind in (None, "number") or unit is None:
        return None
    return unit if units_of(kind).factor(unit) is not None else None


@lru_cache(maxsize=4096)
def _plain(name: str) -> str:
    folded = unicodedata.normalize("NFKC", name).casefold()
    return "".join(c for c in folded if c.isalnum() or c == "*")


@cache
def _known_names() -> dict[str, str]:
    """Plain names of columns to our fields; ours come first, then those of the data file."""
    names: dict[str, list[str]] = data(COLUMNS_FILE)["names"]
    found = {_plain(ours): ours for ours in names}
    for ours, theirs in names.items():
        for name in theirs:
            found.setdefault(_plain(name), ours)
    return found


def _own_record(row: Mapping[str, Any]) -> Reading:
    """The record that a row of an export holds."""
    kinds = column_types()
    values: dict[str, Any] = {}
    try:
        for name in COLUMNS:
            value = row.get(name)
            if isinstance(value, str) and kinds[name] in ("list", "map"):
                value = json.loads(value) if value else None
            elif isinstance(value, str) and kinds[name] == "boolean":
                value = {"true": True, "false": False}.get(value.lower())
            elif isinstance(value, str) and kinds[name] != "text" and not value:
                value = None
            if value is not None and value != "":
                values[name] = value
        values.setdefault("raw_material", "")
        return Reading(Record.model_validate(values))
    except ValidationError as error:
        return Reading(None, tuple(_said(error)))
    except ValueError as error:
        return Reading(None, (f"a list or map is no JSON: {error}",))


def _said(error: ValidationError) -> list[str]:
    return [f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors()[:5]]


class _Row:
    """One row of a table that is none of ours."""

    def __init__(
        self, columns: ColumnMap, row: Mapping[str, Any], number: int, source: str
    ) -> None:
        self._columns = columns
        self._row = row
        self._number = number
        self._source = source
        self._problems: list[str] = []
        self._values: dict[str, Any] = {}

    def reading(self) -> Reading:
        """The record and what could not be read."""
        material = self._material()
        if material is None:
            return Reading(None, ("no material", *self._problems))
        for name in data(COLUMNS_FILE)["kinds"]:
            self._number_into(name)
        self._rest()
        values = self._values
        zero = values.get("tc_K") == 0
        if zero:
            values["tc_K"] = None
            values["superconducting"] = self._absent()
        elif values.get("tc_K") is not None:
            values["superconducting"] = True
        if "pressure_GPa" in values or "pressure_max_GPa" in values:
            values["pressure_kind"] = "applied"
        where = f"{self._source}:{self._number}"
        values["record_id"] = self._text("record_id") or where
        # Rows of one paper are held against each other; without a paper a row stands alone.
        values["doc_id"] = self._text("doc_id") or values.get("doi") or where
        values["path"] = self._source
        try:
            record = Record.model_validate(values)
            unknown = zero and record.superconducting is None
            return Reading(record, tuple(self._problems), unknown)
        except ValidationError as error:
            return Reading(None, (*self._problems, *_said(error)))

    def _absent(self) -> bool | None:
        """Whether a Tc of 0 says that there is no superconductivity: False if so, else None.

        It does where it was calculated, and where it is said down to which temperature was looked.
        Else it may be that no Tc was reported, as in the tables made from SuperCon.
        """
        calculated = self._values.get("evidence") is Evidence.CALCULATED
        looked = self._values.get("lowest_temperature_K") is not None
        return False if calculated or looked else None

    def _cell(self, ours: str) -> Any:
        """The cell of a field; None if it says nothing."""
        column = self._columns.fields.get(ours)
        value = self._row.get(column) if column is not None else None
        if isinstance(value, float) and math.isnan(value):
            return None
        if isinstance(value, str):
            value = value.strip()
            if value.casefold() in data(COLUMNS_FILE)["unknown"]["cells"]:
                return None
        return value

    def _text(self, ours: str) -> str | None:
        value = self._cell(ours)
        return None if value is None else str(value)

    def _material(self) -> Material | None:
        raw, formula = self._text("raw_material"), self._text("formula")
        if raw is None and formula is None:
            return None
        material = _read_material((formula or raw or "")[:_LONGEST_MATERIAL])
        if material.formula is None and raw is not None and formula is not None:
            material = _read_material(raw[:_LONGEST_MATERIAL])
        self._values |= {
            "raw_material": raw if raw is not None else formula,
            "formula": material.formula,
            "composition": material.composition,
            "name": material.name,
            "material_class": material.material_class or self._class(),
            "flags": list(material.flags),
        }
        return material

    def _class(self) -> str | None:
        """The stated class, if it is one of ours, for materials whose formula gives none.

        Schemes differ (fullerides may be called organic) and are not translated.
        """
        stated = (self._text("material_class") or "").casefold()
        return next((name for name in known_classes() if name.casefold() == stated), None)

    def _number_into(self, name: str) -> None:
        """Read the cell of a field with a number."""
        value = self._cell(name)
        if value is None or isinstance(value, bool):
            return
        kind = data(COLUMNS_FILE)["kinds"][name]
        unit = self._columns.units.get(name) or data(COLUMNS_FILE)["units"][kind]
        factor = units_of(kind).factor(unit) if kind != "number" else 1.0
        printed = str(value)
        if self._columns.decimal_comma and isinstance(value, str) and not value.startswith("["):
            value = _DECIMAL_COMMA.sub(".", value)
        plain = _plain_number(value)
        if plain is not None and factor is not None:
            self._values[name] = _scaled(plain, factor)
            return
        listed = _numbers_listed(value)
        if listed and factor is not None:
            self._list_into(name, [_scaled(number, factor) for number in listed], str(value))
            return
        self._printed_into(name, str(value), kind, unit, printed)

    def _list_into(self, name: str, values: Sequence[float], text: str) -> None:
        """Take a cell that lists numbers: one is the value, several are the ends of a range."""
        group, _, suffix = name.partition("_")
        if len(set(values)) == 1:
            self._values[name] = values[0]
        elif name in RANGED:
            self._values[f"{group}_min_{suffix}"] = min(values)
            self._values[f"{group}_max_{suffix}"] = max(values)
        else:
            column = self._columns.fields[name]
            self._problems.append(f"{column}: {text[:60]!r} are several numbers")

    def _printed_into(self, name: str, text: str, kind: Any, unit: str, printed: str) -> None:
        """Read a cell that is no bare number, ``printed`` so: a unit, a range, an uncertainty."""
        quantity = parse_quantity(text[:200], kind, unit or None)
        column = self._columns.fields[name]
        ends = None if quantity is None else (quantity.minimum, quantity.maximum)
        if quantity is None or (quantity.value is None and ends == (None, None)):
            self._problems.append(f"{column}: {text[:60]!r} is no {kind}")
            return
        group, _, suffix = name.partition("_")
        ranged = name in RANGED
        if quantity.value is not None:
            self._values[name] = quantity.value
        elif ranged:
            self._values[f"{group}_min_{suffix}"] = quantity.minimum
            self._values[f"{group}_max_{suffix}"] = quantity.maximum
        else:
            self._problems.append(f"{column}: {text[:60]!r} is a range")
        if ranged:
            self._values[f"raw_{group}"] = printed
        if name == "tc_K":
            self._values["tc_relation"] = quantity.relation
            if quantity.uncertainty is not None:
                self._values.setdefault("tc_uncertainty_K", quantity.uncertainty)

    def _rest(self) -> None:
        """The fields that hold texts, a year, or the number of a space group."""
        for name in ("space_group", "crystal_structure", "prototype", "title", "journal"):
            self._values[name] = self._text(name)
        for name in ("publisher", "doping", "shape", "substrate", "fabrication", "section"):
            self._values[name] = self._text(name)
        self._values["sentence"] = self._text("sentence") or ""
        self._values["arxiv_id"] = self._text("arxiv_id")
        doi = _DOI.search(self._text("doi") or "")
        self._values["doi"] = doi[0].rstrip(".)") if doi else None
        for name in ("year", "space_group_number"):
            self._whole_into(name)
        method, evidence = self._text("measurement_method"), self._text("evidence")
        found = _evidence_of(evidence) or _evidence_of(method)
        self._values["evidence"] = found or Evidence.UNKNOWN
        if method is not None and _evidence_of(method) is None:
            self._values["measurement_method"] = method

    def _whole_into(self, name: str) -> None:
        value = self._cell(name)
        number = None if value is None else _plain_number(value)
        if number is not None and number.is_integer():
            self._values[name] = int(number)
        elif value is not None:
            column = self._columns.fields[name]
            self._problems.append(f"{column}: {str(value)[:60]!r} is no whole number")


def _scaled(value: float, factor: float) -> float:
    """``value * factor`` without the binary noise of factors such as 1e-3."""
    return value if factor == 1 else float(f"{value * factor:.12g}")


def _plain_number(value: Any) -> float | None:
    try:
        number = float(value)
    except (TypeError, ValueError):
        return None
    return number if math.isfinite(number) else None


def _numbers_listed(value: Any) -> list[float]:
    """The numbers of a list or of a cell such as ``[8, 16]``; empty if it is none.

    >>> _numbers_listed("[8,16]"), _numbers_listed("8-16")
    ([8.0, 16.0], [])
    """
    if isinstance(value, str):
        text = value.strip()
        if not (text.startswith("[") and text.endswith("]")):
            return []
        value = [part.strip(" '\"") for part in text[1:-1].split(",")]
    if not isinstance(value, list):
        return []
    numbers = [_plain_number(part) for part in value]
    found = [number for number in numbers if number is not None]
    return found if len(found) == len(numbers) else []


def _evidence_of(text: str | None) -> Evidence | None:
    """What a cell such as ``comput`` or ``expt`` says.

    >>> _evidence_of("comput"), _evidence_of("resistivity") is None
    (<Evidence.CALCULATED: 'calculated'>, True)
    """
    plain = (text or "").casefold().strip()
    for name, beginnings in data(COLUMNS_FILE)["evidence"].items():
        if any(plain.startswith(beginning) for beginning in beginnings):
            return Evidence(name)
    return None


@lru_cache(maxsize=8192)
def _read_material(text: str) -> Material:
    """A printed material; a plain formula is read as one, which is faster."""
    parsed = parse_formula(text) if formula_of_name(text) is None else None
    if parsed is not None and not parsed.variables and not parsed.placeholders:
        decision = classify(parsed)
        return Material(
            text,
            formula=str(parsed),
            composition=parsed.composition() or {},
            material_class=decision.name if decision else None,
        )
    found = parse_material(text)
    return found[0] if len(found) == 1 else Material(text)
