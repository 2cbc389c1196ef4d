"""Loaders of tables that are no published set's: scmine's exports, and any formula with a Tc."""

from __future__ import annotations

from collections.abc import Iterator

from scmine.database.record import Evidence
from scmine.database.reference import ReferenceEntry
from scmine.validator.references.loaders.reading import (
    entry_of,
    given,
    material_of_text,
    number,
    tc_of,
)
from scmine.validator.references.loaders.source import Row

FORMULA_COLUMNS = ("formula", "composition", "name", "material", "compound", "chemical_formula")
TC_COLUMNS = ("tc", "tc_k", "tc (k)", "critical_temp", "critical_temperature")

_TRUE, _FALSE = {"true", "1", "yes"}, {"false", "0", "no"}


def read_own(row: Row) -> Iterator[ReferenceEntry]:
    """A row with the columns of scmine's exports; ``formula`` and ``tc_K`` are enough.

    Where ``superconducting`` is false there is no Tc, whatever ``tc_K`` says; a 0 in ``tc_K``
    alone is an unknown Tc.
    """
    formula = row.text("formula") or row.text("raw_material")
    material = material_of_text(formula)
    said = row.text("superconducting").lower()
    tc = tc_of(row.values.get("tc_k")) or None
    if said in _FALSE:
        tc = None
    yield entry_of(
        material,
        formula,
        row,
        tc_K=tc,
        superconducting=False if said in _FALSE else True if tc or said in _TRUE else None,
        lowest_temperature_K=number(row.values.get("lowest_temperature_k"), "tc"),
        lambda_=number(row.values.get("lambda"), "lambda"),
        omega_log_K=number(row.values.get("omega_log_k"), "omega_log"),
        pressure_GPa=number(row.values.get("pressure_gpa"), "pressure"),
        evidence=_evidence(row),
        space_group=row.text("space_group") or None,
        entry_id=row.text("record_id"),
        source=row.text("doi") or row.text("arxiv_id") or row.text("source_doi"),
    )


def read_plain(row: Row) -> Iterator[ReferenceEntry]:
    """A row of any table with a formula and a Tc in K; of nothing else is anything assumed.

    Whether a 0 means that no Tc was found or that none was reported is not known, so it is an
    unknown Tc, and the evidence is unknown unless a column ``evidence`` names it.
    """
    formula = str(given(row.values, *FORMULA_COLUMNS) or "").strip()
    material = material_of_text(formula)
    tc = tc_of(given(row.values, *TC_COLUMNS)) or None
    yield entry_of(
        material,
        formula,
        row,
        tc_K=tc,
        superconducting=True if tc else None,
        pressure_GPa=number(row.values.get("pressure_gpa"), "pressure"),
        evidence=_evidence(row),
    )


def _evidence(row: Row) -> Evidence:
    name = row.text("evidence").lower()
    known = {kind.value for kind in Evidence}
    return Evidence(name) if name in known else Evidence.UNKNOWN
