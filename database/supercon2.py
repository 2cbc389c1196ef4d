"""Records in the columns of SuperCon², the database of Foppiano et al.

Only what one row holds. Writing rows lives in ``scmine.database.export``.
"""

from __future__ import annotations

from scmine.database.record import (
    Evidence,
    PressureKind,
    Record,
    RecordStatus,
    make_record_id,
)

SUPERCON2_COLUMNS = (
    "rawMaterial",
    "materialId",
    "name",
    "formula",
    "doping",
    "shape",
    "materialClass",
    "fabrication",
    "substrate",
    "variables",
    "criticalTemperature",
    "criticalTemperatureMeasurementMethod",
    "appliedPressure",
    "section",
    "subsection",
    "hash",
    "title",
    "doi",
    "authors",
    "publisher",
    "journal",
    "year",
)
"""The columns in SuperCon²'s order (Foppiano et al., Sci. Technol. Adv. Mater. Methods 3 (2023)
2153633, and its export)."""

REJECTED = frozenset({RecordStatus.INVALID, RecordStatus.OBSOLETE, RecordStatus.REMOVED})
"""Verdicts that SuperCon²'s columns could not show beside the value."""


def supercon2_row(record: Record) -> dict[str, str] | None:
    """``record`` in SuperCon²'s columns, or None if it does not belong there.

    Rows are claims of a Tc that nobody has rejected. ``materialId`` is the same for all claims of
    a paper about one material, ``hash`` is the ``doc_id``. Tc and pressure are given as printed,
    or from the numbers where nothing is; a pressure that is not known to be applied is left out.
    A calculated Tc names its theory as the method. ``subsection`` has no counterpart and is empty.

    >>> row = supercon2_row(Record(record_id="r", doc_id="d", raw_material="MgB2", tc_K=39.0))
    >>> row["criticalTemperature"], row["hash"], row["appliedPressure"]
    ('39 K', 'd', '')
    """
    tc = record.raw_tc or _quantity(
        record.tc_K, record.tc_min_K, record.tc_max_K, record.tc_relation, "K"
    )
    if not tc or record.superconducting is False or record.status in REJECTED:
        return None
    pressure = ""
    if record.pressure_kind is PressureKind.APPLIED:
        pressure = record.raw_pressure or _quantity(
            record.pressure_GPa, record.pressure_min_GPa, record.pressure_max_GPa, None, "GPa"
        )
    material_id = make_record_id(record.doc_id, record.raw_material, record.formula)
    return {
        "rawMaterial": record.raw_material,
        "materialId": material_id,
        "name": record.name or "",
        "formula": record.formula or "",
        "doping": record.doping or "",
        "shape": record.shape or "",
        "materialClass": record.material_class or "",
        "fabrication": record.fabrication or "",
        "substrate": record.substrate or "",
        "variables": ", ".join(f"{name}={value}" for name, value in record.variables.items()),
        "criticalTemperature": tc,
        "criticalTemperatureMeasurementMethod": _method(record),
        "appliedPressure": pressure,
        "section": record.section or "",
        "subsection": "",
        "hash": record.doc_id,
        "title": record.title or "",
        "doi": record.doi or "",
        "authors": ", ".join(record.authors),
        "publisher": record.publisher or "",
        "journal": record.journal or "",
        "year": "" if record.year is None else str(record.year),
    }


def _method(record: Record) -> str:
    if record.measurement_method:
        return record.measurement_method
    if record.evidence is Evidence.CALCULATED:
        return record.tc_method or record.evidence.value
    return ""


def _quantity(
    value: float | None, low: float | None, high: float | None, relation: str | None, unit: str
) -> str:
    """A number or a range with its unit, empty if nothing is known.

    >>> _quantity(39.0, None, None, "=", "K"), _quantity(None, 4.2, 9.25, None, "K")
    ('39 K', '4.2-9.25 K')
    """
    if value is not None:
        sign = f"{relation} " if relation and relation != "=" else ""
        return f"{sign}{_plain(value)} {unit}"
    if low is not None and high is not None:
        return f"{_plain(low)}-{_plain(high)} {unit}"
    if low is not None:
        return f"> {_plain(low)} {unit}"
    return "" if high is None else f"< {_plain(high)} {unit}"


def _plain(number: float) -> str:
    """All digits of ``number``, without ``.0``."""
    return str(int(number)) if number.is_integer() else str(number)
