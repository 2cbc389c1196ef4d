"""What a paper states of a crystal structure: the input of every way to rebuild it.

Numbers are in the unit of their names and None where the paper says nothing. How a statement is
taken from a record lives in ``from_record``; nothing is checked or completed here.
"""

from __future__ import annotations

from dataclasses import dataclass, field

Coordinate = float | str | None
"""A fraction of the cell edge; a text (``x``, ``1/2-y``) left open by the paper; None: not said."""


@dataclass(frozen=True, slots=True)
class StatedSite:
    """One site: its element, and as far as stated its position's name and coordinates.

    ``element`` is a symbol (deuterium is ``H``); ``site`` is multiplicity and Wyckoff letter
    (``4f``), or either alone; ``label`` is what the paper calls the atom (``O1``).
    """

    element: str
    label: str = ""
    site: str | None = None
    xyz: tuple[Coordinate, Coordinate, Coordinate] | None = None
    occupancy: float = 1.0


@dataclass(frozen=True, slots=True)
class StatedStructure:
    """All that is stated of one structure.

    ``composition`` maps element symbols to amounts of one formula unit. ``space_group`` is the
    symbol as printed, with its setting if that was printed (``P4/nmm:2``). ``block`` is the text
    of a whole file of a structure (``block_format``: ``cif`` or ``poscar``) from a supplement.
    ``shape`` is the word for what kind of sample or model it is (``monolayer``, ``thin film``).
    """

    formula: str | None = None
    composition: dict[str, float] = field(default_factory=dict)
    space_group: str | None = None
    space_group_number: int | None = None
    a_A: float | None = None
    b_A: float | None = None
    c_A: float | None = None
    alpha_deg: float | None = None
    beta_deg: float | None = None
    gamma_deg: float | None = None
    sites: tuple[StatedSite, ...] = ()
    prototype: str | None = None
    crystal_system: str | None = None
    pressure_GPa: float | None = None
    volume_A3: float | None = None
    formula_units: float | None = None
    density_g_cm3: float | None = None
    block: str | None = None
    block_format: str | None = None
    shape: str | None = None
