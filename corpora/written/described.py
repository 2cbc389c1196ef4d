"""A known structure as crystallography describes it: space group, conventional cell, Wyckoff sites.

Symmetry comes from spglib. In which setting a structure is described (axes, origin) is the caller's
choice, as it is the choice of authors, who seldom say which they took.
"""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np

from scmine.corpora.written.known import Known
from scmine.corpora.written.site_forms import form_of
from scmine.extractors.spacegroup_table import crystal_system

if TYPE_CHECKING:
    from pymatgen.core import Structure

SYMMETRY_TOLERANCE = 0.01
"""Å within which atoms are taken for equivalent; what most who publish structures use."""

_OTHER_SETTING = 0.15
"""Share of the monoclinic and rhombohedral structures described on other axes than the standard."""


@dataclass(frozen=True, slots=True)
class DescribedSite:
    """One orbit: its element and the atom's name in the paper, its letter, and one of its atoms.

    ``form`` are the coordinates as the position's general expression (``x``, ``-x``, ``1/2``).
    """

    element: str
    label: str
    multiplicity: int
    letter: str
    xyz: tuple[float, float, float]
    form: tuple[str, str, str]

    @property
    def site(self) -> str:
        """Multiplicity and Wyckoff letter."""
        return f"{self.multiplicity}{self.letter}"


@dataclass(frozen=True, slots=True)
class Described:
    """A structure described: ``cell`` is a, b, c (Å), α, β, γ (°), ``symbol`` its setting's."""

    known: Known
    formula: str
    amounts: tuple[tuple[str, int], ...]
    symbol: str
    number: int
    system: str
    cell: tuple[float, float, float, float, float, float]
    rhombohedral_axes: bool
    sites: tuple[DescribedSite, ...]

    @property
    def pressure(self) -> str:
        """The pressure in GPa as printed."""
        return f"{self.known.pressure_GPa:.0f}" if self.known.pressure_GPa >= 1 else "0"


def describe(known: Known, seed: int) -> Described | None:
    """``known`` in a setting drawn by ``seed``; None if spglib finds no symmetry."""
    import spglib

    rng = random.Random(f"{seed} setting {known.ident}")
    structure = known.structure
    numbers = [site.specie.Z for site in structure]
    cell: Any = (structure.lattice.matrix, structure.frac_coords, numbers)
    first = spglib.get_symmetry_dataset(cell, symprec=SYMMETRY_TOLERANCE)
    if first is None:
        return None
    hall = _setting(first.number, rng)
    data = spglib.get_symmetry_dataset(cell, symprec=SYMMETRY_TOLERANCE, hall_number=hall)
    if data is None:
        return None
    kind = _kinds()[data.hall_number - 1]
    from pymatgen.core import Lattice

    a, b, c, alpha, beta, gamma = Lattice(data.std_lattice).parameters
    amounts = _amounts(structure)
    return Described(
        known,
        "".join(f"{symbol}{n if n > 1 else ''}" for symbol, n in amounts),
        amounts,
        _symbol(kind),
        data.number,
        crystal_system(data.number),
        (a, b, c, alpha, beta, gamma),
        kind.choice == "R",
        tuple(_sites(structure, data, rng)),
    )


def _setting(number: int, rng: random.Random) -> int:
    """The Hall number of a setting: of two origins either, of other axes seldom any."""
    kinds = [k for k in _kinds() if k.number == number]
    origins = [k for k in kinds if k.choice in ("1", "2")]
    if origins:
        return int(rng.choice(origins).hall_number)
    other = [k for k in kinds[1:] if k.choice == "R" or re.fullmatch(r"b[23]", k.choice)]
    if other and rng.random() < _OTHER_SETTING:
        return int(rng.choice(other).hall_number)
    return int(kinds[0].hall_number)


@cache
def _kinds() -> Sequence[Any]:
    import spglib

    return [spglib.get_spacegroup_type(hall) for hall in range(1, 531)]


def _symbol(kind: Any) -> str:
    """The short symbol; of monoclinic settings that of their own cell (``I2/m``)."""
    if kind.choice.startswith("b") and len(kind.choice) == 2:
        return "".join(part for part in kind.international_full.split() if part != "1")
    return str(kind.international_short)


def _amounts(structure: Structure) -> tuple[tuple[str, int], ...]:
    """The reduced formula in the order of the file's atoms."""
    counts: dict[str, int] = {}
    for site in structure:
        counts[site.specie.symbol] = counts.get(site.specie.symbol, 0) + 1
    divisor = int(np.gcd.reduce(list(counts.values())))
    return tuple((symbol, count // divisor) for symbol, count in counts.items())


def _sites(structure: Structure, data: Any, rng: random.Random) -> list[DescribedSite]:
    """The orbits of the standard cell, those of an element numbered where it has several."""
    import spglib

    parent = {p: i for i, p in reversed(list(enumerate(data.mapping_to_primitive)))}
    orbits: dict[int, list[int]] = {}
    for j, primitive in enumerate(data.std_mapping_to_primitive):
        orbits.setdefault(int(data.equivalent_atoms[parent[primitive]]), []).append(j)
    operations: Any = spglib.get_symmetry_from_database(data.hall_number)
    found = []
    for atom, members in sorted(orbits.items(), key=lambda item: len(item[1])):
        places = [_within(data.std_positions[j]) for j in members]
        places.sort(key=lambda p: (sum(abs(x) for x in p), p))
        xyz = places[0] if rng.random() < 0.7 else rng.choice(places)
        found.append(
            DescribedSite(
                structure[atom].specie.symbol,
                "",
                len(members),
                str(data.wyckoffs[atom]),
                xyz,
                form_of(xyz, operations["rotations"], operations["translations"]),
            )
        )
    found.sort(key=lambda s: s.element == "H")
    return _labelled(found)


def _within(position: Sequence[float]) -> tuple[float, float, float]:
    x, y, z = (float(v) % 1.0 for v in position)
    return tuple(0.0 if abs(v - 1) < 1e-5 else v for v in (x, y, z))  # type: ignore[return-value]


def _labelled(sites: list[DescribedSite]) -> list[DescribedSite]:
    elements = [s.element for s in sites]
    seen: dict[str, int] = {}
    result = []
    for s in sites:
        seen[s.element] = seen.get(s.element, 0) + 1
        number = str(seen[s.element]) if elements.count(s.element) > 1 else ""
        result.append(
            DescribedSite(s.element, s.element + number, s.multiplicity, s.letter, s.xyz, s.form)
        )
    return result
