"""Loaders of the sets of calculated values: CompSC, JARVIS-EPC, Cerqueira et al., HTSC-2025, and of
the review's collection, which holds measured values too.

A calculated Tc of 0 says that the calculation gave none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from scmine.database.record import Evidence
from scmine.database.reference import ReferenceEntry
from scmine.validator.references.composition import Material, material_of_amounts
from scmine.validator.references.loaders.reading import (
    RowError,
    cell_of,
    cif_of,
    dois,
    entry_of,
    given,
    listed,
    material_of_atoms,
    material_of_text,
    number,
    tc_of,
)
from scmine.validator.references.loaders.source import Row

_NUMBERS = re.compile(r"(?<![\w.])\d{1,6}(?:\.\d{1,30})?(?:[eE]-?\d{1,3})?(?![\w.])")
_FORMULA_SUM = re.compile(r"^_chemical_formula_sum\s+['\"]?([^'\"\n]+)", re.M)
_UNSTABLE = {"false", "unstable", "0", "no"}


def _entry(material: Material, formula: str, row: Row, **values: Any) -> ReferenceEntry:
    tc = values.pop("tc_K")
    return entry_of(
        material,
        formula,
        row,
        tc_K=tc or None,
        superconducting=None if tc is None else tc > 0,
        **values,
    )


def read_compsc(row: Row) -> Iterator[ReferenceEntry]:
    """A row of CompSC: ``composition`` of a cell, ``pressure`` in GPa, ``Lambda``, ``omlog`` in K,
    the cell and its atoms. The set gives no Tc.
    """
    formula = row.text("composition")
    material = material_of_text(formula)
    yield _entry(
        material,
        formula,
        row,
        tc_K=None,
        lambda_=number(row.text("lambda"), "lambda"),
        omega_log_K=number(row.text("omlog"), "omega_log"),
        pressure_GPa=number(row.text("pressure"), "pressure"),
        evidence=Evidence.CALCULATED,
        cif=_compsc_cif(row, material),
        entry_id=row.text("id"),
        source=dois(row.text("ref")),
    )


def _compsc_cif(row: Row, material: Material) -> str | None:
    if not row.text("species") or not row.text("xred"):
        return None
    symbols = [str(s).strip() for s in listed(row.text("species"))]
    if material_of_atoms(symbols).key != material.key:
        raise RowError("structure_not_of_formula", row.text("composition"))
    cell = [number(row.text(name), "cell") for name in ("a", "b", "c", "alpha", "beta", "gamma")]
    numbers = [x for x in cell if x is not None]
    return cif_of(material.key, numbers[:3], numbers[3:], symbols, listed(row.text("xred")))


def read_review(row: Row) -> Iterator[ReferenceEntry]:
    """A row of the review's figure 3: all Tc of a formula at a pressure, each an entry.

    ``method`` is ``expt`` or ``comput``.
    """
    formula = row.text("formula")
    material = material_of_text(formula)
    evidence = {"expt": Evidence.MEASURED, "comput": Evidence.CALCULATED}.get(row.text("method"))
    if evidence is None:
        raise RowError("method_not_read", row.text("method"))
    values = _NUMBERS.findall(row.text("tc_list"))
    if not values:
        raise RowError("tc_not_read", row.text("tc_list"))
    pressure = number(row.text("pressure"), "pressure")
    for value in values:
        yield _entry(
            material,
            formula,
            row,
            tc_K=tc_of(value),
            pressure_GPa=pressure,
            evidence=evidence,
            source=dois(row.text("ref")),
        )


def read_htsc(row: Row) -> Iterator[ReferenceEntry]:
    """An item of HTSC-2025: its name (``X2YH6-Li2CuH6``), a CIF, and a Tc at ambient pressure.

    The composition is the CIF's; the names write it in several ways.
    """
    cif = row.text("cif")
    formula = row.key.partition("-")[2] or row.key
    stated = _FORMULA_SUM.search(cif)
    material = material_of_text("".join(stated[1].split()) if stated else formula)
    yield _entry(
        material,
        formula,
        row,
        tc_K=tc_of(row.values.get("tc")),
        pressure_GPa=0.0,
        evidence=Evidence.CALCULATED,
        cif=cif or None,
        entry_id=row.key,
    )


def read_jarvis(row: Row) -> Iterator[ReferenceEntry]:
    """An item of JARVIS-EPC: ``jid``, ``atoms``, ``lamb``, ``wlog`` in K, ``Tc`` in K, ambient.

    Where ``stability`` says that the structure has imaginary phonon modes, λ, ω_log and Tc mean
    nothing and are left out.
    """
    stable = row.text("stability").lower() not in _UNSTABLE
    yield from _from_atoms(row, "lamb", stable=stable, entry_id=row.text("jid"))


def read_cerqueira(row: Row) -> Iterator[ReferenceEntry]:
    """A row or an item of the set of Cerqueira et al.: ``la``, ``wlog`` in K, ``Tc`` in K, ambient,
    with ``atoms`` (as jarvis-tools gives it), a ``composition``, or a ``formula``.
    """
    name = given(row.values, "id", "mat_id", "material_id", "mp_id")
    yield from _from_atoms(row, "la", stable=True, entry_id="" if name is None else str(name))


def _from_atoms(
    row: Row, coupling: str, *, stable: bool, entry_id: str
) -> Iterator[ReferenceEntry]:
    atoms = row.values.get("atoms")
    written = str(given(row.values, "formula", "composition", "reduced_formula") or "")
    cif = row.text("cif") or None
    if isinstance(atoms, Mapping):
        symbols = [str(s).strip() for s in atoms.get("elements") or ()]
        material = material_of_atoms(symbols)
        cif = _atoms_cif(material.key, atoms, symbols)
    elif isinstance(amounts := row.values.get("composition"), Mapping):
        material = _of_amounts(amounts)
        written = material.key
    else:
        material = material_of_text(written)
    yield _entry(
        material,
        written or material.key,
        row,
        tc_K=tc_of(row.values.get("tc")) if stable else None,
        lambda_=number(row.values.get(coupling), "lambda") if stable else None,
        omega_log_K=number(row.values.get("wlog"), "omega_log") if stable else None,
        pressure_GPa=0.0,
        evidence=Evidence.CALCULATED,
        cif=cif,
        entry_id=entry_id,
    )


def _of_amounts(amounts: Mapping[str, Any]) -> Material:
    read = {str(s): number(a, "composition") or 0.0 for s, a in amounts.items()}
    material = material_of_amounts(read)
    if material is None:
        raise RowError("formula_not_read", dict(amounts))
    return material


def _atoms_cif(name: str, atoms: Mapping[str, Any], symbols: list[str]) -> str | None:
    """The CIF of jarvis-tools' atoms; None where its coordinates are Cartesian."""
    if atoms.get("cartesian") or not atoms.get("lattice_mat") or not atoms.get("coords"):
        return None
    lengths, angles = cell_of(atoms["lattice_mat"])
    return cif_of(name, lengths, angles, symbols, atoms["coords"])
