"""A CIF as a statement: cell, symmetry operations and sites of each data block.

The operations that the file lists are used as they are; where it lists none, its space group is
left to ``wyckoff``. The grammar is in ``cif_text``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np

from scmine.validator.structures.cif_text import CifBlock, read_blocks
from scmine.validator.structures.expressions import Floats, affine
from scmine.validator.structures.orbits import Operations
from scmine.validator.structures.refusal import RefusalError
from scmine.validator.structures.stated import Coordinate, StatedSite, StatedStructure

MOST_CHARACTERS = 2_000_000
_MOST_OPERATIONS = 192 * 4
_MOST_BLOCKS = 20
_NUMBER = re.compile(
    r"([+-]?(?:\d{1,12}\.?\d{0,15}|\.\d{1,15})(?:[eE][+-]?\d{1,3})?)(?:\(\d{0,6}\))?"
)
_ELEMENT_AND_AMOUNT = re.compile(r"([A-Z][a-z]?)\s*(\d{0,6}\.?\d{0,6})")


@dataclass(frozen=True, slots=True)
class CifStatement:
    """What one data block states, and the operations that it lists (None: it lists none)."""

    name: str
    stated: StatedStructure
    operations: Operations | None


def read_cif(text: str) -> list[CifStatement]:
    """The structures of a CIF; blocks without sites are left out.

    Raises
    ------
    RefusalError
        ``block_too_large``, ``block_unreadable`` if no block has a cell and sites, ``sites_open``
        if a site has no coordinates.
    """
    if len(text) > MOST_CHARACTERS:
        raise RefusalError("block_too_large", f"a CIF of {len(text)} characters is not read")
    blocks = [b for b in read_blocks(text) if b.column("_atom_site_fract_x")]
    if not blocks:
        raise RefusalError("block_unreadable", "the CIF lists no fractional coordinates")
    return [_statement(block) for block in blocks[:_MOST_BLOCKS]]


def number(text: str | None) -> float | None:
    """A number of a CIF without its uncertainty (``4.035(2)``); None for ``?``."""
    match = _NUMBER.fullmatch(text.strip()) if text else None
    return float(match[1]) if match else None


def _statement(block: CifBlock) -> CifStatement:
    group = block.one(
        "_space_group_name_h-m_alt", "_symmetry_space_group_name_h-m",
        "_space_group_name_h-m_full", "_space_group_name_h-m_ref",
    )  # fmt: skip
    number_of_group = number(block.one("_space_group_it_number", "_symmetry_int_tables_number"))
    listed = block.column(
        "_space_group_symop_operation_xyz", "_symmetry_equiv_pos_as_xyz",
        "_space_group_symop_operation_xyz_", "_symmetry_equiv_pos_site_xyz",
    )  # fmt: skip
    formula = block.one("_chemical_formula_sum")
    stated = StatedStructure(
        formula=formula,
        composition=_composition(formula),
        space_group=group,
        space_group_number=int(number_of_group) if number_of_group else None,
        sites=tuple(_sites(block)),
        a_A=number(block.one("_cell_length_a")),
        b_A=number(block.one("_cell_length_b")),
        c_A=number(block.one("_cell_length_c")),
        alpha_deg=number(block.one("_cell_angle_alpha")),
        beta_deg=number(block.one("_cell_angle_beta")),
        gamma_deg=number(block.one("_cell_angle_gamma")),
    )
    return CifStatement(block.name, stated, _operations(listed) if listed else None)


def _composition(formula: str | None) -> dict[str, float]:
    """The amounts of ``_chemical_formula_sum``; deuterium is hydrogen."""
    found: dict[str, float] = {}
    for symbol, amount in _ELEMENT_AND_AMOUNT.findall(formula or ""):
        element = {"D": "H", "T": "H"}.get(symbol, symbol)
        try:
            found[element] = found.get(element, 0.0) + float(amount or 1)
        except ValueError:
            return {}
    return found


def _operations(listed: list[str]) -> Operations:
    """The operations of a symmetry loop; translations in print as 0.3333 are made exact."""
    if len(listed) > _MOST_OPERATIONS:
        raise RefusalError("block_unreadable", f"{len(listed)} symmetry operations are no group")
    parsed = [affine(text.strip("'\" ")) for text in listed]
    found = [operation for operation in parsed if operation is not None]
    if len(found) != len(parsed):
        raise RefusalError("block_unreadable", "a symmetry operation of the CIF is not understood")
    rotations: Floats = np.array([m for m, _ in found])
    if not np.allclose(rotations, np.rint(rotations)) or not np.allclose(
        np.abs(np.linalg.det(rotations)), 1.0
    ):
        raise RefusalError("block_unreadable", "a symmetry operation of the CIF is none")
    translations = np.array([t for _, t in found])
    exact = np.rint(translations * 24) / 24
    translations = np.where(np.abs(translations - exact) < 2e-3, exact, translations)
    return rotations, translations % 1.0


def _sites(block: CifBlock) -> list[StatedSite]:
    axes = [block.column(f"_atom_site_fract_{axis}") for axis in "xyz"]
    labels = block.column("_atom_site_label")
    types = block.column("_atom_site_type_symbol")
    shares = block.column("_atom_site_occupancy")
    flags = block.column("_atom_site_calc_flag")
    found = []
    for i, coordinates in enumerate(zip(*axes, strict=False)):
        label = labels[i] if i < len(labels) else ""
        if i < len(flags) and flags[i] == "dum":
            continue
        values: list[Coordinate] = [_coordinate(text, label) for text in coordinates]
        share = number(shares[i]) if i < len(shares) else None
        found.append(
            StatedSite(
                _element(types[i] if i < len(types) else "", label),
                label,
                xyz=(values[0], values[1], values[2]),
                occupancy=1.0 if share is None else share,
            )
        )
    return found


def _coordinate(text: str, label: str) -> Coordinate:
    """A coordinate as printed, so that its digits are known."""
    plain = re.sub(r"\(\d{0,6}\)", "", text.strip())
    value = number(plain)
    if value is None:
        raise RefusalError("sites_open", f"the CIF gives no coordinates of {label}")
    return value if "e" in plain.lower() else plain


def _element(symbol: str, label: str) -> str:
    """The element of a site by its type symbol (``Fe3+``), or else by its label (``FE1``)."""
    from pymatgen.core import Element

    for text in (symbol, label):
        letters = (re.match(r"[A-Za-z]{1,2}", text) or [""])[0]
        for name in (letters.capitalize(), letters[:1].upper()):
            if name and (Element.is_valid_symbol(name) or name in "DT"):
                return name
    raise RefusalError("sites_unreadable", f"{symbol or label!r} is no element")
