"""A stored structure as the record view shows it: a scene of atoms to draw, and the same in words.

What the atoms are and the verdict on them come from the database; drawing is done in the browser.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import combinations, product
from typing import TYPE_CHECKING, Any

from scmine.database.structure import StoredStructure
from scmine.validator.structures.stored import rebuilt_of
from scmine.web.record_fields import fields

if TYPE_CHECKING:
    from pymatgen.core import Element, PeriodicSite, Structure

AT_BORDER = 1e-3
"""Atoms this near to the border of the cell, in fractions of an edge, are drawn on both sides."""

BALL = 0.4
"""The radius of a ball as a part of the atom's, so that one sees between them."""

LEAST_RADIUS_A = 0.28
"""Smaller balls, those of hydrogen, would be dots."""

BOND_REACH_A = 0.56
"""Two atoms are bonded up to so much more than the sum of their covalent radii, as in RasMol."""

MOST_ATOMS = 600
"""Larger scenes would be slow on a phone; of them the cell is drawn without its borders' copies."""

VERDICTS = {
    "consistent": "All that the paper states agrees with these atoms.",
    "repaired": "The atoms agree with what the paper states after a change, named below.",
    "underdetermined": "Too little is stated to place the atoms.",
    "contradictory": "What is stated cannot be so at once.",
}

WAYS = {
    "coordinates": "all atoms as listed in the paper",
    "wyckoff": "space group, cell and sites as stated in the paper",
    "prototype": "sites of a known structure type, not the paper's own list",
    "artificial_doping": "a known host structure with one element replaced in part",
}


@dataclass(frozen=True, slots=True)
class Site:
    """An atom of the cell: what sits there and where, in fractions of the edges."""

    what: str
    xyz: tuple[float, float, float]
    count: int = 1


@dataclass(frozen=True, slots=True)
class Scene:
    """A structure in words and, where it has atoms, as a scene.

    ``drawn`` is what the browser gets: ``cell`` (three vectors in Å), ``atoms`` (``elem``, ``x``,
    ``y``, ``z`` and ``radius`` in Å, ``label``), ``bonds`` (pairs of their numbers). ``cell_words``
    are a, b, c and the angles.
    """

    stored: StoredStructure
    verdict_words: str
    way_words: str
    drawn: dict[str, Any] | None
    cell_words: str = ""
    sites: tuple[Site, ...] = ()
    elements: tuple[str, ...] = ()
    is_mixed: bool = False

    @property
    def estimated(self) -> list[str]:
        """What was not stated but estimated, in words."""
        known = fields()
        return [known[n].label if n in known else n for n in self.stored.estimated]


def scene_of(stored: StoredStructure) -> Scene:
    """The scene of a structure of the database."""
    structure = rebuilt_of(stored).structure
    words = VERDICTS[stored.verdict]
    way = WAYS.get(stored.way or "", "")
    if structure is None:
        return Scene(stored, words, way, None)
    lattice = structure.lattice
    a, b, c = lattice.abc
    alpha, beta, gamma = lattice.angles
    return Scene(
        stored,
        words,
        way,
        _drawn(structure),
        f"a = {a:.4g} Å, b = {b:.4g} Å, c = {c:.4g} Å; "
        f"α = {alpha:.4g}°, β = {beta:.4g}°, γ = {gamma:.4g}°; V = {lattice.volume:.5g} Å³",
        tuple(Site(_what(site), _inside(site)) for site in structure),
        tuple(sorted(element.symbol for element in structure.composition.elements)),
        not structure.is_ordered,
    )


def _drawn(structure: Structure) -> dict[str, Any]:
    """The scene for the browser: the cell's edges, its atoms, those of its border on all sides."""
    matrix = structure.lattice.matrix
    atoms = []
    for site in structure:
        element = max(site.species.items(), key=lambda item: item[1])[0].symbol
        x, y, z = _inside(site)
        shifts = product(*((0, 1) if value < AT_BORDER else (0,) for value in (x, y, z)))
        if len(structure) > MOST_ATOMS:
            shifts = product((0,), (0,), (0,))
        for shift in shifts:
            place = (x + shift[0], y + shift[1], z + shift[2]) @ matrix
            atoms.append(
                {
                    "elem": element,
                    "x": round(float(place[0]), 4),
                    "y": round(float(place[1]), 4),
                    "z": round(float(place[2]), 4),
                    "label": _what(site),
                    "radius": _radius(site),
                }
            )
    cell = [[round(float(v), 5) for v in row] for row in matrix]
    return {"cell": cell, "atoms": atoms, "bonds": _bonds(atoms)}


def _bonds(atoms: list[dict[str, Any]]) -> list[tuple[int, int]]:
    """The pairs of drawn atoms to join: one is no metal, the other none that gives electrons away.

    Ions (alkali, alkaline and rare earths) are left alone: lines to all their neighbours hide the
    net that the others make.
    """
    from pymatgen.analysis.molecule_structure_comparator import CovalentRadius
    from pymatgen.core import Element

    elements = {atom["elem"]: Element(atom["elem"]) for atom in atoms}
    radii = CovalentRadius.radius
    joined = [
        n
        for n, atom in enumerate(atoms)
        if atom["elem"] in radii and not _is_ion(elements[atom["elem"]])
    ]
    found = []
    for first, second in combinations(joined, 2):
        one, other = atoms[first], atoms[second]
        if elements[one["elem"]].is_metal and elements[other["elem"]].is_metal:
            continue
        apart = math.dist(*((atom["x"], atom["y"], atom["z"]) for atom in (one, other)))
        if apart <= radii[one["elem"]] + radii[other["elem"]] + BOND_REACH_A:
            found.append((first, second))
    return found


def _is_ion(element: Element) -> bool:
    return bool(element.is_metal and (element.group <= 3 or element.is_rare_earth))


def _inside(site: PeriodicSite) -> tuple[float, float, float]:
    """Where a site lies within the cell; what is a hair below 1 is 0."""
    x, y, z = (0.0 if 1 - value % 1 < AT_BORDER else float(value % 1) for value in site.frac_coords)
    return x, y, z


def _radius(site: PeriodicSite) -> float:
    """The radius of a ball in Å: a part of the element's, so that elements are told by size too."""
    species = max(site.species.items(), key=lambda item: item[1])[0]
    radius = species.element.atomic_radius if hasattr(species, "element") else species.atomic_radius
    return round(max(LEAST_RADIUS_A, BALL * float(radius or 1.0)), 3)


def _what(site: PeriodicSite) -> str:
    """What sits on a site: ``Ba``, or ``Ba 0.6, K 0.4`` where it is shared."""
    items = [(species.symbol, amount) for species, amount in site.species.items()]
    if len(items) == 1 and abs(items[0][1] - 1) < AT_BORDER:
        return str(items[0][0])
    return ", ".join(f"{symbol} {amount:.3g}" for symbol, amount in items)
