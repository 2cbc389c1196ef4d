"""From a CIF or POSCAR, printed in a paper or a file of its own, to what it states.

Its atoms stay in its text, for ``coordinates`` to read; formula, space group and cell are taken
from its items, the pressure also from the words that introduce it.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from functools import reduce
from typing import Any

from scmine.extractors.document import Listing, ListingFormat
from scmine.extractors.elements import elements
from scmine.extractors.formats.cif_items import cif_items
from scmine.extractors.formula import parse_formula
from scmine.extractors.quantities import parse_quantity
from scmine.extractors.spacegroups import lookup_space_group
from scmine.extractors.table_captions import stated_for_all
from scmine.validator.structures.stated import StatedStructure

_GROUP_TAGS = (
    "_space_group_name_h-m_alt",
    "_symmetry_space_group_name_h-m",
    "_space_group.name_h-m_alt",
)
_NUMBER_TAGS = (
    "_space_group_it_number",
    "_symmetry_int_tables_number",
    "_space_group.it_number",
)
_FORMULA_TAGS = ("_chemical_formula_sum", "_chemical_formula_structural")
_PRESSURE_TAGS = ("_cell_measurement_pressure", "_diffrn_ambient_pressure")
_CELL_TAGS = {
    "_cell_length_a": "a_A",
    "_cell_length_b": "b_A",
    "_cell_length_c": "c_A",
    "_cell_angle_alpha": "alpha_deg",
    "_cell_angle_beta": "beta_deg",
    "_cell_angle_gamma": "gamma_deg",
    "_cell_volume": "volume_A3",
    "_cell_formula_units_z": "formula_units",
    "_exptl_crystal_density_diffrn": "density_g_cm3",
}
_ATOM_TAGS = ("_atom_site_fract_x", "_atom_site.fract_x", "_atom_site_cartn_x")
_KPA_IN_GPA = 1e-6
_VALUE = re.compile(r"([-+]?\d*\.?\d+)(?:\(\d+\))?")


def listing_statement(listing: Listing) -> StatedStructure:
    """What a CIF or POSCAR states; ``block`` is its text if it holds atoms.

    >>> poscar = "Nb 20 GPa\\n1\\n3.1 0 0\\n0 3.1 0\\n0 0 3.1\\nNb\\n2\\nDirect\\n0 0 0\\n.5 .5 .5"
    >>> stated = listing_statement(Listing(ListingFormat.POSCAR, poscar))
    >>> stated.formula, stated.composition, stated.pressure_GPa, stated.block_format
    ('Nb', {'Nb': 1.0}, 20.0, 'poscar')
    """
    lines = listing.text.split("\n")
    if listing.format is ListingFormat.POSCAR:
        composition = _of_poscar(lines)
        return StatedStructure(
            formula=_formula(composition) or None,
            composition=composition,
            pressure_GPa=_pressure(listing.before, lines[0]),
            block=listing.text,
            block_format=listing.format.value,
        )
    items = cif_items(lines)
    has_atoms = any(items.get(tag) for tag in _ATOM_TAGS)
    formula, composition = _of_cif(items)
    if not composition:
        composition = _of_atoms(items)
        formula = formula or _formula(composition) or None
    symbol, number = _group(items)
    pressure = _number(_first(items, _PRESSURE_TAGS))
    name = next((line for line in lines if line.startswith("data_")), "")
    numbers: Any = {n: _number(_first(items, (tag,))) for tag, n in _CELL_TAGS.items()}
    return StatedStructure(
        formula=formula,
        composition=composition,
        space_group=symbol,
        space_group_number=number,
        **numbers,
        pressure_GPa=(
            pressure * _KPA_IN_GPA if pressure is not None else _pressure(listing.before, name)
        ),
        block=listing.text if has_atoms else None,
        block_format=listing.format.value if has_atoms else None,
    )


def _first(items: Mapping[str, Sequence[str]], tags: Sequence[str]) -> str:
    return next((items[tag][0] for tag in tags if items.get(tag)), "")


def _number(text: str) -> float | None:
    match = _VALUE.fullmatch(text.strip())
    return float(match[1]) if match else None


def _of_cif(items: Mapping[str, Sequence[str]]) -> tuple[str | None, dict[str, float]]:
    """The formula and composition of a CIF."""
    printed = _first(items, _FORMULA_TAGS)
    formula = parse_formula(printed) if printed else None
    composition = (formula.composition() if formula else None) or {}
    known = elements()
    total: dict[str, float] = {}
    for symbol, amount in composition.items():
        name = known[symbol].counts_as
        total[name] = total.get(name, 0.0) + amount
    return (_formula(_reduced(total)) or printed or None), _reduced(total)


def _of_atoms(items: Mapping[str, Sequence[str]]) -> dict[str, float]:
    """The composition of the atoms of a CIF that says how often each stands in the cell."""
    symbols = items.get("_atom_site_type_symbol") or items.get("_atom_site_label") or ()
    counts = items.get("_atom_site_symmetry_multiplicity") or ()
    total: dict[str, float] = {}
    for label, count in zip(symbols, counts, strict=False):
        match = re.match(r"[A-Z][a-z]?", label)
        if match is None or match.group() not in elements() or not count.isdigit():
            return {}
        name = elements()[match.group()].counts_as
        total[name] = total.get(name, 0.0) + int(count)
    shares = items.get("_atom_site_occupancy") or ()
    full = all(_number(share) in (None, 1.0) for share in shares)
    return _reduced(total) if full and len(symbols) == len(counts) else {}


def _of_poscar(lines: Sequence[str]) -> dict[str, float]:
    """The composition of a POSCAR; its elements may stand in its first line only."""
    named = re.match(r"\s*[A-Z]", lines[5]) is not None
    symbols = re.findall(r"(?<!\S)[A-Z][a-z]?", lines[5] if named else lines[0])
    total: dict[str, float] = {}
    for symbol, count in zip(symbols, lines[6 if named else 5].split(), strict=False):
        if symbol in elements():
            name = elements()[symbol].counts_as
            total[name] = total.get(name, 0.0) + int(count)
    return _reduced(total)


def _reduced(composition: Mapping[str, float]) -> dict[str, float]:
    """Whole numbers of atoms divided by what they have in common."""
    amounts = list(composition.values())
    if not amounts or any(amount != round(amount) for amount in amounts):
        return dict(composition)
    common = reduce(math.gcd, (round(amount) for amount in amounts)) or 1
    return {symbol: amount / common for symbol, amount in composition.items()}


def same_ratios(one: Mapping[str, float], other: Mapping[str, float]) -> bool:
    """Whether two compositions hold the same elements in the same ratios.

    >>> same_ratios({"La": 1, "H": 10}, {"H": 40, "La": 4}), same_ratios({"H": 1}, {"La": 1})
    (True, False)
    """
    if not one or set(one) != set(other):
        return False
    totals = sum(one.values()), sum(other.values())
    return all(math.isclose(one[s] / totals[0], other[s] / totals[1]) for s in one)


def _formula(composition: Mapping[str, float]) -> str:
    return "".join(
        symbol + ("" if amount == 1 else f"{amount:g}") for symbol, amount in composition.items()
    )


def _group(items: Mapping[str, Sequence[str]]) -> tuple[str | None, int | None]:
    """The space group of a CIF: its symbol and number, as far as they name one."""
    printed = _first(items, _GROUP_TAGS)
    group = lookup_space_group(printed) if printed else None
    number = _number(_first(items, _NUMBER_TAGS))
    if group is None and number is not None and number == int(number):
        group = lookup_space_group(int(number))
    return (group.stated, group.number) if group else (None, None)


def _pressure(*texts: str) -> float | None:
    """The pressure in GPa that the last sentence of the first text that has one states."""
    for text in texts:
        sentence = re.split(r"\.\s", text.replace("_", " ").rstrip(". "))[-1]
        printed = stated_for_all(sentence).get("pressure")
        quantity = parse_quantity(printed, "pressure") if printed else None
        if quantity is not None and quantity.value is not None:
            return quantity.value
    return None
