"""Records as a table for people. Which records, and in which order, the caller says."""

from __future__ import annotations

from pathlib import Path

from rich.table import Table
from rich.text import Text

from scmine.database.filters import RecordFilter
from scmine.database.record import Record
from scmine.database.store import Database
from scmine.pipelines.report import wide_console

_RIGHT = frozenset({"Tc (K)", "P (GPa)", "λ", "ω_log (K)", "μ*", "page"})
_COLUMNS = (
    "material",
    "Tc (K)",
    "P (GPa)",
    "λ",
    "ω_log (K)",
    "μ*",
    "space group",
    "evidence",
    "paper",
    "page",
)


def print_records(database: Database, wanted: RecordFilter) -> None:
    """Print the records that ``wanted`` asks for, one a line, and how many they are."""
    table = Table()
    for name in _COLUMNS:
        table.add_column(
            name,
            justify="right" if name in _RIGHT else "left",
            no_wrap=name in _RIGHT,
            overflow="fold",
        )
    count = 0
    for record in database.records(wanted):
        table.add_row(*(Text(cell) for cell in _cells(record)))
        count += 1
    with wide_console() as console:
        if count:
            console.print(table)
        console.print(
            f"{count} record{'' if count == 1 else 's'} in {database.where}", markup=False
        )


def _cells(record: Record) -> list[str]:
    return [
        record.formula or record.raw_material,
        value_or_range(
            record.tc_K,
            record.tc_min_K,
            record.tc_max_K,
            record.tc_uncertainty_K,
            record.tc_relation,
        )
        or _absence(record),
        value_or_range(record.pressure_GPa, record.pressure_min_GPa, record.pressure_max_GPa),
        value_or_range(record.lambda_),
        value_or_range(record.omega_log_K),
        value_or_range(record.mu_star),
        record.space_group or "",
        "" if record.evidence.value == "unknown" else record.evidence.value,
        Path(record.path).name,
        "" if record.page is None else str(record.page),
    ]


def _absence(record: Record) -> str:
    """What there is to say where a material was found not to superconduct."""
    if record.superconducting is not False:
        return ""
    if record.lowest_temperature_K is None:
        return "none"
    return f"none to {record.lowest_temperature_K:g}"


def value_or_range(
    value: float | None,
    low: float | None = None,
    high: float | None = None,
    uncertainty: float | None = None,
    relation: str | None = None,
) -> str:
    """A number as people write it; nothing for one that is not known.

    >>> value_or_range(39.0, uncertainty=0.5), value_or_range(None, 10, 20), value_or_range(None)
    ('39±0.5', '10–20', '')
    >>> value_or_range(2.0, relation="<")
    '<2'
    """
    if low is not None and high is not None and low != high:
        return f"{low:g}–{high:g}"
    if value is None:
        return ""
    sign = relation if relation in {"<", ">", "~", "≤", "≥", "≈"} else ""
    return f"{sign}{value:g}" + (f"±{uncertainty:g}" if uncertainty is not None else "")
