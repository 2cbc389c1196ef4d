"""Loaders of the sets that collect measured values: SuperCon in its forms, SuperCon², 3DSC.

How each set says that no Tc was observed or reported is told where its row is read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from scmine.database.record import Evidence
from scmine.database.reference import ReferenceEntry
from scmine.extractors.formula import parse_formula
from scmine.extractors.quantities import parse_quantity_list
from scmine.validator.references.composition import Material, material_of
from scmine.validator.references.loaders.reading import (
    HIGHEST_TC_K,
    RowError,
    entry_of,
    material_of_text,
    number,
    tc_of,
)
from scmine.validator.references.loaders.source import Row

MDR_LABELS = {
    "data number": "num",
    "reference number": "refno",
    "chemical formula": "element",
    "measured value of oxygen content": "oz",
    "unit of tc": "utc",
    "transition temperature (r = 0)": "t1",
    "transition temperature (mid point)": "t2",
    "transition temperature (r = 100%)": "t3",
    "tc from susceptibility measurement": "tcsus",
    "lowest temperature for measurement (not superconducting)": "tcn",
    "tc (of this sample) recommended": "tc",
    "space group": "spaceg",
}
"""The first header row of NIMS's table, and the second, whose short names stand in this file."""

_TC_COLUMNS = (
    "tc",
    "t2",
    "t1",
    "tcsus",
    "t3",
)  # recommended, midpoint, zero, susceptibility, onset
_OPEN_OXYGEN = re.compile(r"O(?:\d{1,3}\.?\d{0,6})?(?:[+-]?[XYZD])?$")
_CALCULATED = re.compile(r"calc|predict|theor|simulat|comput|first.principles|ab.initio", re.I)
_ASSIGNMENT = re.compile(r"\b([A-Za-zδ]{1,3})\s*=\s*([\d./]{1,10})(?![\w-])")


def read_stanev(row: Row) -> Iterator[ReferenceEntry]:
    """A row of Stanev's SuperCon: ``name``, ``Tc``.

    Its 0 is no measurement: "Materials without reported critical temperature have been assigned
    Tc=0" (README of github.com/vstanev1/Supercon), so neither a Tc nor its absence is known.
    """
    yield _measured_or_zero(row, "name", "tc")


def read_uci(row: Row) -> Iterator[ReferenceEntry]:
    """A row of Hamidieh's SuperCon (UCI, ``unique_m.csv``): ``critical_temp``, ``material``."""
    yield _measured_or_zero(row, "material", "critical_temp")


def _measured_or_zero(row: Row, formula_column: str, tc_column: str) -> ReferenceEntry:
    """A measured Tc at ambient pressure; a 0 is neither a Tc nor its absence."""
    formula = row.text(formula_column)
    tc = tc_of(row.text(tc_column)) or None
    return entry_of(
        material_of_text(formula),
        formula,
        row,
        tc_K=tc,
        superconducting=True if tc else None,
        ambient_unless_stated=True,
        evidence=Evidence.MEASURED,
    )


def read_3dsc(row: Row) -> Iterator[ReferenceEntry]:
    """A row of 3DSC: ``formula_sc``, ``tc``, and a structure by its file or its id.

    "Non-superconductors have a Tc of 0" (its README); they are the rows that Stanev's set has
    without a reported Tc.
    """
    formula = row.text("formula_sc")
    material = material_of_text(formula)
    tc = tc_of(row.text("tc"))
    structure_id = row.text("material_id_2") or row.text("database_id_2")
    yield entry_of(
        material,
        formula,
        row,
        tc_K=tc or None,
        superconducting=None if tc is None else tc > 0,
        ambient_unless_stated=True,
        evidence=Evidence.MEASURED,
        structure_file=row.text("cif") or None,
        space_group=row.text("spacegroup_2") or None,
        source=structure_id,
    )


def read_mdr(row: Row) -> Iterator[ReferenceEntry]:
    """A row of NIMS's SuperCon (MDR, oxides and metals), by its short column names.

    ``tc`` is the Tc recommended for the sample; ``tcn`` is how far down no superconductivity was
    found. A 0 in ``tc`` is no Tc. Oxygen has its measured amount ``oz`` where there is one.
    ``pmax`` is the highest pressure of a study and not that of ``tc``, so it is not read.
    """
    formula = row.text("element")
    oxygen = number(row.text("oz"), "oxygen") if row.text("oz") else None
    material = _mdr_material(formula, oxygen)
    unit = row.text("utc")
    if unit.lower() not in {"", "k"}:
        raise RowError("tc_unit", unit)
    values = [tc_of(row.text(name)) for name in _TC_COLUMNS]
    tc = next((value for value in values if value), None)
    lowest = number(row.text("tcn"), "tc") or None
    yield entry_of(
        material,
        formula,
        row,
        tc_K=tc,
        superconducting=True if tc else False if lowest else None,
        lowest_temperature_K=None if tc else lowest,
        ambient_unless_stated=True,
        evidence=Evidence.MEASURED,
        space_group=row.text("spaceg") or None,
        entry_id=row.text("num"),
        source=row.text("refno"),
    )


def _mdr_material(formula: str, oxygen: float | None) -> Material:
    """A formula with variables in capitals, as NIMS prints them: ``La2-XSrXCuO4-Y``."""
    small = re.sub(r"[XZ](?![a-z])", lambda m: m[0].lower(), formula)
    small = re.sub(r"(?<=[+-])[YD](?![a-z])", "y", small)  # no yttrium, no deuterium
    if oxygen and (_OPEN_OXYGEN.search(formula) and not formula.endswith("O")):
        small = _OPEN_OXYGEN.sub(f"O{oxygen:g}", formula)
    return material_of_text(small)


def read_supercon2(row: Row) -> Iterator[ReferenceEntry]:
    """A row of SuperCon²'s CSV: one Tc of one paper, as a machine read it.

    It has no way to say that no superconductivity was found. Where no pressure is named, none is
    known. A range of Tc gives an entry for each end.
    """
    formula = row.text("formula") or row.text("rawmaterial")
    material = _with_variables(formula, row.text("variables"))
    pressure = _one(row.text("appliedpressure"), "pressure")
    method = row.text("criticaltemperaturemeasurementmethod")
    evidence = Evidence.UNKNOWN
    if method:
        evidence = Evidence.CALCULATED if _CALCULATED.search(method) else Evidence.MEASURED
    for tc in _values(row.text("criticaltemperature")):
        yield entry_of(
            material,
            formula,
            row,
            tc_K=tc,
            superconducting=True,
            pressure_GPa=pressure,
            evidence=evidence,
            entry_id=row.text("id"),
            source=row.text("doi") or row.text("hash"),
        )


def _with_variables(formula: str, variables: str) -> Material:
    """The material of a formula, its variables replaced where the row gives each one number."""
    read = parse_formula(formula) if formula else None
    if read is not None and read.variables and variables:
        named = dict(_ASSIGNMENT.findall(variables))
        try:
            material = material_of(read.substitute(named))
        except ValueError:
            material = None
        if material is not None:
            return material
    return material_of_text(formula)


def _values(text: str) -> list[float]:
    """The Tc that a text states, in K: one, or the ends of a range; limits are none."""
    if not text:
        raise RowError("no_tc", "")
    found: list[float] = []
    for quantity in parse_quantity_list(text, "temperature"):
        if "unit_missing" in quantity.flags or "unit_odd" in quantity.flags:
            continue
        if quantity.relation in "<>" and quantity.value is not None:
            continue
        values = (quantity.value, quantity.minimum, quantity.maximum)
        found += [v for v in values if v is not None]
    if not found:
        raise RowError("tc_not_read", text)
    if not all(0 < v <= HIGHEST_TC_K for v in found):
        raise RowError("tc_not_possible", text)
    return list(dict.fromkeys(found))


def _one(text: str, kind: str) -> float | None:
    """The one pressure that a text states, in GPa; None if it states none.

    Raises
    ------
    RowError
        ``pressure_not_read``: there is something else, since a Tc under an unknown pressure would
        pass for one without.
    """
    if not text:
        return None
    quantities = parse_quantity_list(text, "pressure")
    values = [q.value for q in quantities if q.value is not None and "unit_missing" not in q.flags]
    if len(quantities) != 1 or len(values) != 1 or values[0] < 0:
        raise RowError(f"{kind}_not_read", text)
    return values[0]
