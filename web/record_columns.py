"""The columns of the records table: which there are, which are shown, and what a cell says."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from urllib.parse import quote

from markupsafe import Markup

from scmine.database.columns import describe_columns
from scmine.database.composition import material_of
from scmine.database.record import Place, Record
from scmine.web import printing

DEFAULT = (
    "formula",
    "tc_K",
    "pressure_GPa",
    "evidence",
    "origin",
    "material_class",
    "title",
    "year",
    "source",
    "status",
    "flags",
)
"""The columns of a table that asks for none."""

SORTED_BY = {
    "formula": "formula",
    "tc_K": "tc_K",
    "pressure_GPa": "pressure_GPa",
    "lambda": "lambda",
    "omega_log_K": "omega_log_K",
    "year": "year",
    "confidence": "confidence",
    "path": "document",
}
"""The columns that a table can be sorted by, and what the search calls that order."""

_TITLES = {
    "formula": "Material",
    "tc_K": "Tc (K)",
    "pressure_GPa": "P (GPa)",
    "lambda": "λ",
    "omega_log_K": "ω_log (K)",
    "omega2_K": "ω₂ (K)",
    "mu_star": "μ*",
    "material_class": "Class",
    "title": "Paper",
    "source": "Found in",
    "doi": "DOI",
    "arxiv_id": "arXiv",
    "tc_kind": "Kind of Tc",
    "measurement_method": "Method",
    "raw_tc": "Tc as printed",
    "raw_pressure": "Pressure as printed",
    "raw_material": "Material as printed",
    "wyckoff": "Wyckoff positions",
}
_ATTRIBUTES = {field.alias or name: name for name, field in Record.model_fields.items()}
_NUMBERS = frozenset({"number", "integer"})
_CELL_TEXT = 160


@dataclass(frozen=True, slots=True)
class TableColumn:
    """A column as the table heads it; ``sort`` is empty where it cannot be sorted by."""

    name: str
    title: str
    meaning: str
    is_number: bool
    sort: str


def all_columns() -> list[TableColumn]:
    """All columns of a record, in the order of every export."""
    return [
        TableColumn(
            name=column.name,
            title=_TITLES.get(column.name) or _title(column.name, column.unit),
            meaning=column.meaning,
            is_number=column.type in _NUMBERS and column.name != "year",
            sort=SORTED_BY.get(column.name, ""),
        )
        for column in describe_columns()
    ]


def chosen(names: Iterable[str]) -> list[TableColumn]:
    """The columns called ``names`` in that order, unknown ones left out; `DEFAULT` if none."""
    known = {column.name: column for column in all_columns()}
    found = [known[name] for name in dict.fromkeys(names) if name in known]
    return found or [known[name] for name in DEFAULT]


def _title(name: str, unit: str) -> str:
    """``a_A`` in Å is "a (Å)", ``doc_id`` is "Doc id"."""
    words = (name.rsplit("_", 1)[0] if unit else name).replace("_", " ")
    if words.startswith("tc "):
        words = f"Tc {words[3:]}"
    elif len(words) > 1:
        words = words[0].upper() + words[1:]
    return f"{words} ({unit})" if unit else words


def record_address(record: Record, search: str = "") -> str:
    """The page of a record, which leads on within the ``search`` (a query) that it was found by."""
    path = f"/records/{quote(record.record_id, safe='')}"
    return f"{path}?{search}" if search else path


def material_address(key: str) -> str:
    """The page of a composition."""
    return f"/materials/{quote(key, safe='')}"


def paper_address(record: Record) -> str:
    """The page of a record's paper."""
    return f"/papers/{quote(record.doc_id, safe='')}"


def cell(record: Record, column: TableColumn, search: str = "") -> Markup:
    """What the table of a ``search`` says of a record in a column, as HTML."""
    if column.name == "formula":
        return _material(record, search)
    if (special := _CELLS.get(column.name)) is not None:
        return special(record)
    value = _value(record, column.name)
    if value is None or value in ("", [], {}):
        return Markup()
    if isinstance(value, bool):
        return Markup("yes" if value else "no")
    if isinstance(value, int | float):
        return Markup(printing.number(value)) if column.is_number else Markup(value)
    if isinstance(value, list | dict):
        value = json.dumps(value, ensure_ascii=False)
    return _shortened(str(value))


def _shortened(text: str) -> Markup:
    if len(text) <= _CELL_TEXT:
        return Markup("{}").format(text)
    return Markup('<span title="{}">{}…</span>').format(text, text[:_CELL_TEXT])


def _material(record: Record, search: str) -> Markup:
    printed = (
        printing.formula(record.formula)
        if record.formula
        else Markup("{}").format(record.name or record.raw_material or "unnamed")
    )
    link = Markup('<a href="{}" title="{}">{}</a>').format(
        record_address(record, search), record.raw_material, printed
    )
    key = material_of(record.composition, record.formula).key
    if key is None:
        return link
    return link + Markup(
        ' <a class="to-material" href="{}" title="{said}" aria-label="{said}">all</a>'
    ).format(material_address(key), said=f"All claims on {key}")


def _paper(record: Record) -> Markup:
    name = record.title or record.doi or record.arxiv_id or record.path.rsplit("/", 1)[-1]
    return Markup('<a class="paper" href="{}#record={}" title="{}">{}</a>').format(
        paper_address(record), record.record_id, name, name or "paper"
    )


def _word(value: str | None) -> Markup:
    return Markup("{}").format((value or "").replace("_", " "))


def _status(record: Record) -> Markup:
    return Markup('<span class="badge status-{0}">{0}</span>').format(record.status.value)


def _flags(record: Record) -> Markup:
    parts = [Markup('<span class="flag">{}</span>').format(_word(f)) for f in record.flags]
    return Markup(" ").join(parts)


_CELLS: Mapping[str, Callable[[Record], Markup]] = {
    "tc_K": lambda record: Markup("{}").format(printing.tc(record)),
    "pressure_GPa": lambda record: Markup("{}").format(printing.pressure(record)),
    "title": _paper,
    "status": _status,
    "flags": _flags,
    "evidence": lambda record: _word(record.evidence.value),
    "origin": lambda record: _word(record.origin.value if record.origin else None),
}


def export_columns(columns: Iterable[TableColumn]) -> tuple[str, ...]:
    """The columns of an export of the table: the record's id, and those shown."""
    return tuple(dict.fromkeys(("record_id", *(column.name for column in columns))))


def export_row(record: Record, names: Iterable[str]) -> dict[str, Any]:
    """A record's values in these columns, as in every export."""
    return {name: _value(record, name) for name in names}


def _value(record: Record, name: str) -> Any:
    """The value of one column; `Record.to_row` would make all of them."""
    value = getattr(record, _ATTRIBUTES[name])
    if isinstance(value, StrEnum):
        return value.value
    if isinstance(value, list):
        return [item.model_dump(mode="json") if isinstance(item, Place) else item for item in value]
    return value
