"""A second set of wordings, written after the extraction was mended on the first.

What they state is the same as in ``sentences``: ``SITES`` cell and sites, ``CELLS`` space group and
cell, ``FORMULAS`` only space group and formula.
"""

from __future__ import annotations

from scmine.corpora.written.printed import Printed
from scmine.corpora.written.sentences import (
    Sentence,
    article,
    by_element,
    cell_each,
    cell_equal,
    cell_told,
    free_told,
    listed,
)


def _relaxed(p: Printed) -> str:
    atoms = [f"{s.label} at ({', '.join(p.coordinates(s))}) [{p.position(s)}]" for s in p.sites]
    return (
        f"For {p.group} {p.formula}, our relaxation at {p.pressure} gives {cell_told(p)}. "
        f"The inequivalent atoms are {listed(atoms)}."
    )


def _located(p: Printed) -> str:
    places = by_element(p, lambda s: f"{p.position(s)}({', '.join(p.mixed(s))})")
    told = "; ".join(f"the {element} atoms are located at {where}" for element, where in places)
    return (
        f"{p.formula} has {article(p.of.system)} structure with space group {p.group} at "
        f"{p.pressure}; its lattice parameters are {cell_each(p)}, and {told}."
    )


def _wyckoff_sites(p: Printed) -> str:
    parts = [
        f"{s.element} on the {p.position(s)} site [{', '.join(p.coordinates(s))}]" for s in p.sites
    ]
    return (
        f"The calculated structural parameters of {p.formula} at {p.pressure} are: space group "
        f"{p.group}, {cell_equal(p)}, {listed(parts)}."
    )


def _occupy_with(p: Printed) -> str:
    parts = []
    for s in p.sites:
        free = free_told(p, s)
        name = p.position(s)
        tail = f", {free}" if free else ""
        parts.append(f"{s.label} occupies {name} {p.expression(s)}{tail}")
    return (
        f"Under a pressure of {p.pressure}, {p.formula} is {p.of.system} ({p.group}, "
        f"{cell_each(p)}). In this structure, {'; '.join(parts)}."
    )


SITES: tuple[Sentence, ...] = (_relaxed, _located, _wyckoff_sites, _occupy_with)


def _optimized(p: Printed) -> str:
    return (
        f"Our optimized lattice constants for {p.formula} in the {p.group} phase are "
        f"{cell_told(p)} under {p.pressure}."
    )


def _transforms(p: Printed) -> str:
    return (
        f"Above all, {p.formula} was predicted to form {article(p.of.system)} crystal with the "
        f"space group {p.group} and {cell_each(p)} at {p.pressure}."
    )


def _bracketed(p: Printed) -> str:
    return (
        f"{p.formula} ({p.group}, {cell_equal(p)} at {p.pressure}) is among the most stable "
        "compounds."
    )


CELLS: tuple[Sentence, ...] = (_optimized, _transforms, _bracketed)


def _stabilized(p: Printed) -> str:
    return f"Our search finds {p.group} {p.formula} to be the ground state at {p.pressure}."


def _with_symmetry(p: Printed) -> str:
    return f"The {p.of.system} {p.formula} ({p.group}) becomes favorable under {p.pressure}."


def _predicted(p: Printed) -> str:
    return f"{p.formula} with {p.group} symmetry was calculated at {p.pressure}."


FORMULAS: tuple[Sentence, ...] = (_stabilized, _with_symmetry, _predicted)
