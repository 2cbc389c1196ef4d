"""What the database knows: filled fields by group, documents by status, flags by number."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from scmine.database.filters import RecordFilter
from scmine.database.points import Points
from scmine.web.plot import Bar, BarPlot, GridPlot, GridRow
from scmine.web.record_columns import chosen

GROUPS = {"year": "Year", "material_class": "Class", "reader": "Reader"}
"""What records can be grouped by, and its name."""

FIELDS = (
    "formula",
    "tc_K",
    "pressure_GPa",
    "lambda",
    "omega_log_K",
    "mu_star",
    "space_group",
    "crystal_structure",
    "a_A",
    "structure_id",
    "measurement_method",
    "origin",
    "confidence",
)
"""The columns whose share of filled values is shown: those that data sets are made for."""

LinkTo = Callable[[Mapping[str, str]], str]
"""Gives the address of the records table with a filter changed, by names of the URL."""


def coverage(points: Points, wanted: RecordFilter, by: str, link: LinkTo) -> GridPlot:
    """The share of records with a value in each of `FIELDS`, by year, class or reader."""
    rows = []
    for group in points.filled(wanted, by, FIELDS):
        shares = [group.known[name] / group.records for name in FIELDS]
        name = "none stated" if group.group is None else str(group.group)
        rows.append(GridRow(name, group.records, shares, _link(by, group.group, link)))
    return GridPlot(
        name="coverage",
        title="Share of records with a value",
        by=GROUPS[by],
        columns=[column.title for column in chosen(FIELDS)],
        groups=rows,
        notes=["A range or a bound of Tc or pressure is not a value of its column."],
    )


def _link(by: str, group: str | int | None, link: LinkTo) -> str:
    """The records of a group, where the table can be filtered by it."""
    if group is None:
        return ""
    if by == "year":
        return link({"year_min": str(group), "year_max": str(group)})
    return link({"class": str(group)}) if by == "material_class" else ""


def documents(by_status: Mapping[str, int]) -> BarPlot:
    """How many documents ended in which status."""
    order = sorted(by_status.items(), key=lambda item: (-item[1], item[0]))
    return BarPlot(
        name="documents",
        title="Status",
        of="documents",
        bars=[Bar(name, count) for name, count in order],
        notes=["All documents of the database; the filter above is of records."],
    )


def flags(counted: Sequence[tuple[str, int]], link: LinkTo) -> BarPlot:
    """How many records carry which flag, the most frequent first."""
    return BarPlot(
        name="flags",
        title="Flag",
        of="records",
        bars=[Bar(name, count, link({"flag": name})) for name, count in counted],
        notes=["A record can carry several flags."],
    )
