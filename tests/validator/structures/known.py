"""Structures that are known, and what a paper would state of them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from pymatgen.core import Lattice, Structure

from scmine.validator.structures.stated import StatedSite, StatedStructure

LAH10 = StatedStructure(
    formula="LaH10",
    composition={"La": 1.0, "H": 10.0},
    space_group="Fm-3m",
    space_group_number=225,
    a_A=5.1,
    sites=(
        StatedSite("La", site="4b", xyz=(0.5, 0.5, 0.5)),
        StatedSite("H", site="32f", xyz=(0.12, 0.12, 0.12)),
        StatedSite("H", site="8c", xyz=(0.25, 0.25, 0.25)),
    ),
    pressure_GPa=150.0,
)

LAFEASO = StatedStructure(
    formula="LaFeAsO",
    composition={"La": 1.0, "Fe": 1.0, "As": 1.0, "O": 1.0},
    space_group="P4/nmm",
    space_group_number=129,
    a_A=4.0353,
    c_A=8.7409,
    sites=(
        StatedSite("La", site="2c", xyz=(0.25, 0.25, 0.1415)),
        StatedSite("Fe", site="2b", xyz=(0.75, 0.25, 0.5)),
        StatedSite("As", site="2c", xyz=(0.25, 0.25, 0.6512)),
        StatedSite("O", site="2a", xyz=(0.75, 0.25, 0.0)),
    ),
    pressure_GPa=0.0,
)


def changed(stated: StatedStructure, **changes: Any) -> StatedStructure:
    """A statement with some fields changed."""
    return replace(stated, **changes)


def lah10(a: float = 5.1, x: float = 0.12) -> Structure:
    """LaH10's clathrate in its conventional cell."""
    places = [[0.5, 0.5, 0.5], [x, x, x], [0.25, 0.25, 0.25]]
    return Structure.from_spacegroup("Fm-3m", Lattice.cubic(a), ["La", "H", "H"], places)


def rock_salt(a: float = 5.64) -> Structure:
    """Sodium chloride."""
    return Structure.from_spacegroup(
        "Fm-3m", Lattice.cubic(a), ["Na", "Cl"], [[0, 0, 0], [0.5, 0.5, 0.5]]
    )


def bct() -> Structure:
    """BaFe2As2 in ThCr2Si2's type."""
    return Structure.from_spacegroup(
        "I4/mmm",
        Lattice.tetragonal(3.9625, 13.0168),
        ["Ba", "Fe", "As"],
        [[0, 0, 0], [0.5, 0, 0.25], [0, 0, 0.3545]],
    )
