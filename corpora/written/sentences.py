"""Sentences that state a structure: wordings of each level, of which a seed draws one.

``SITES`` state cell and sites, ``CELLS`` space group and cell, ``FORMULAS`` only space group and
formula. All are the project's own wording.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from scmine.corpora.written.described import DescribedSite
from scmine.corpora.written.printed import Printed

Sentence = Callable[[Printed], str]


def listed(parts: Sequence[str]) -> str:
    """``a, b and c``."""
    return parts[0] if len(parts) == 1 else ", ".join(parts[:-1]) + " and " + parts[-1]


def article(word: str) -> str:
    """``a cubic``, ``an orthorhombic``."""
    return f"{'an' if word[0] in 'aeiou' else 'a'} {word}"


def cell_told(p: Printed) -> str:
    """``a = 3.5, c = 5.1 Å and β = 103.2°``."""
    s = p.script
    edges = [f"{s.symbol(k)} = {v}" for k, v in p.edges()]
    angles = [f"{s.symbol(k)} = {v}{s.degree}" for k, v in p.angles()]
    return listed([*edges[:-1], f"{edges[-1]} {s.angstrom}", *angles])


def cell_each(p: Printed) -> str:
    """``a = 3.5 Å, c = 5.1 Å, β = 103.2°``."""
    s = p.script
    edges = [f"{s.symbol(k)} = {v} {s.angstrom}" for k, v in p.edges()]
    return ", ".join(edges + [f"{s.symbol(k)} = {v}{s.degree}" for k, v in p.angles()])


def cell_equal(p: Printed) -> str:
    """``a = b = 3.5 Å, c = 5.1 Å, γ = 120°``."""
    s = p.script
    count = len(p.all_edges()) if len(p.edges()) > 2 else len(p.edges())
    told = p.equal()
    parts = [f"{k} = {v} {s.angstrom}" for k, v in told[:count]]
    return ", ".join(parts + [f"{k} = {v}{s.degree}" for k, v in told[count:]])


def by_element(p: Printed, place: Callable[[DescribedSite], str]) -> list[tuple[str, str]]:
    """Each element with the places of its sites, listed."""
    places: dict[str, list[str]] = {}
    for site in p.sites:
        places.setdefault(site.element, []).append(place(site))
    return [(element, listed(found)) for element, found in places.items()]


def free_told(p: Printed, site: DescribedSite) -> str:
    """The free coordinates of a site: ``x = 0.1194, z = 0.25``; empty if there is none."""
    return ", ".join(f"{p.script.symbol(k)} = {v}" for k, v in p.free(site))


def _at_sites(p: Printed, sites_first: bool = False) -> str:
    """``La at 4b (0.5, 0.5, 0.5) and H at 32f (…) and 8c (…)``."""
    places = by_element(p, lambda s: f"{p.position(s)} ({', '.join(p.coordinates(s))})")
    if sites_first:
        return listed([f"{e} atoms occupy the {told} sites" for e, told in places])
    return listed([f"{e} at {told}" for e, told in places])


def _crystallizes(p: Printed) -> str:
    return (
        f"{p.formula} crystallizes in the {p.group} structure with {cell_told(p)} at {p.pressure}, "
        f"with {_at_sites(p)}."
    )


def _at_pressure(p: Printed) -> str:
    return (
        f"At {p.pressure}, the {p.group} phase of {p.formula} has the lattice parameters "
        f"{cell_each(p)}. {_at_sites(p, sites_first=True)}."
    )


def _labelled_atoms(p: Printed) -> str:
    atoms = [f"{s.label} {p.position(s)} ({', '.join(p.coordinates(s))})" for s in p.sites]
    return (
        f"The optimized structure of {p.formula} at {p.pressure} (space group {p.group}, "
        f"No. {p.of.number}) has {cell_equal(p)}; the atomic positions are {listed(atoms)}."
    )


def _free_parameters(p: Printed) -> str:
    parts = []
    for s in p.sites:
        free = free_told(p, s)
        tail = f" with {free}" if free else ""
        name = p.position(s)
        parts.append(f"{s.label} at the Wyckoff position {name} {p.expression(s)}{tail}")
    return (
        f"{p.formula} adopts {article(p.of.system)} lattice (space group {p.group}) at "
        f"{p.pressure} with {cell_told(p)}. The atoms are located as follows: {'; '.join(parts)}."
    )


def _in_the_phase(p: Printed) -> str:
    atoms = "; ".join(
        f"{s.label} ({p.position(s)}): ({', '.join(p.coordinates(s))})" for s in p.sites
    )
    return (
        f"In {p.group} {p.formula} at {p.pressure}, the lattice constants are {cell_each(p)} and "
        f"the atomic coordinates are {atoms}."
    )


SITES: tuple[Sentence, ...] = (
    _crystallizes,
    _at_pressure,
    _labelled_atoms,
    _free_parameters,
    _in_the_phase,
)


def _cell_of_phase(p: Printed) -> str:
    return (
        f"The calculated lattice parameters of {p.group} {p.formula} at {p.pressure} are "
        f"{cell_each(p)}."
    )


def _crystallizes_in(p: Printed) -> str:
    return (
        f"{p.formula} crystallizes in the space group {p.group} (No. {p.of.number}) with "
        f"{cell_told(p)} at {p.pressure}."
    )


def _found_stable(p: Printed) -> str:
    return (
        f"At {p.pressure}, we find {p.formula} to be stable in {article(p.of.system)} structure of "
        f"{p.group} symmetry ({cell_equal(p)})."
    )


def _unit_cell(p: Printed) -> str:
    return (
        f"The {p.of.system} unit cell of {p.formula} ({p.group}) is described by {cell_told(p)} "
        f"at a pressure of {p.pressure}."
    )


CELLS: tuple[Sentence, ...] = (_cell_of_phase, _crystallizes_in, _found_stable, _unit_cell)


def _becomes_stable(p: Printed) -> str:
    return f"{p.formula} is found in the {p.group} structure at {p.pressure}."


def _phase_at(p: Printed) -> str:
    return (
        f"The {p.group} phase of {p.formula} is dynamically stable at {p.pressure}, as its phonon "
        "dispersion shows no imaginary frequencies."
    )


def _joined(p: Printed) -> str:
    return f"At {p.pressure}, {p.group}-{p.formula} lies on the convex hull."


def _belongs(p: Printed) -> str:
    return (
        f"At {p.pressure}, {p.formula} adopts {article(p.of.system)} structure with space group "
        f"{p.group}."
    )


FORMULAS: tuple[Sentence, ...] = (_becomes_stable, _phase_at, _joined, _belongs)
