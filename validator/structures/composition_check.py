"""Composition: the atoms of a structure against the stated formula and number of formula units."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scmine.validator.finding import Finding, Severity
from scmine.validator.structures.limits import limits
from scmine.validator.structures.stated import StatedStructure

if TYPE_CHECKING:
    from pymatgen.core import Structure

_HYDROGEN = {"D": "H", "T": "H"}
_UNITS_OFF = 0.05


def check_composition(structure: Structure, stated: StatedStructure) -> list[Finding]:
    """Findings where the atoms are not those of the formula, or their number not Z times it.

    The cell may hold any multiple of the formula. Amounts may differ a little where the formula
    is not of whole numbers: the difference is noted.
    """
    if not stated.composition:
        return []
    have = _shares({str(k): float(v) for k, v in structure.composition.get_el_amt_dict().items()})
    want = _shares(stated.composition)
    formula = stated.formula or _written(stated.composition)
    if set(have) != set(want):
        message = f"atoms of {_listed(have)} where {formula} is stated"
        return [Finding("elements_differ", Severity.ERROR, message, ("formula",))]
    worst = max(want, key=lambda e: abs(have[e] - want[e]))
    off = abs(have[worst] - want[worst])
    table = limits()["composition"]
    if off > table["same"]:
        odd = any(abs(v - round(v)) > 1e-6 for v in stated.composition.values())
        near = off <= table["near"] and (odd or not structure.is_ordered)
        message = f"the atoms make {structure.composition.reduced_formula}, stated is {formula}"
        if not near:
            return [Finding("composition_differs", Severity.ERROR, message, ("formula",))]
        return [Finding("composition_near", Severity.NOTE, message, ("formula",))]
    return _check_units(structure, stated)


def _check_units(structure: Structure, stated: StatedStructure) -> list[Finding]:
    """Z as stated: of the conventional cell, of the primitive one, or of the cell as given."""
    if not stated.formula_units:
        return []
    from scmine.validator.structures.symmetry import conventional_atoms

    unit = sum(stated.composition.values())
    given = float(structure.composition.num_atoms)
    occupancy = given / len(structure)
    primitive = len(structure.get_primitive_structure()) * occupancy
    possible = {n / unit for n in (given, primitive, conventional_atoms(structure) * occupancy)}
    if any(abs(z - stated.formula_units) <= _UNITS_OFF * stated.formula_units for z in possible):
        return []
    message = f"Z stated as {stated.formula_units:g}, the cell has {given / unit:g}"
    return [Finding("formula_units_differ", Severity.ERROR, message, ("formula_units",))]


def _shares(amounts: dict[str, float]) -> dict[str, float]:
    """The share of each element; isotopes of hydrogen are hydrogen, what is absent is left out."""
    total = sum(amounts.values())
    found: dict[str, float] = {}
    for symbol, amount in amounts.items():
        if amount > 0:
            name = _HYDROGEN.get(symbol, symbol)
            found[name] = found.get(name, 0.0) + amount / total
    return found


def _listed(symbols: dict[str, float]) -> str:
    return ", ".join(sorted(symbols))


def _written(composition: dict[str, float]) -> str:
    return "".join(f"{k}{'' if v == 1 else f'{v:g}'}" for k, v in composition.items())
