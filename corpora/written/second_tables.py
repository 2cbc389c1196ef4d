"""A second set of layouts, written after the extraction was mended on the first.

What they state is the same as in ``tables``.
"""

from __future__ import annotations

from collections.abc import Sequence

from scmine.corpora.written.printed import Printed
from scmine.corpora.written.tables import Cells, Layout, WrittenTable


def _cell(p: Printed, separator: str) -> str:
    """``a = 3.5 Å, c = 5.1 Å, γ = 120°`` with every edge that differs."""
    s = p.script
    told = p.equal()
    edges = len(told) - (1 if told[-1][1] == "120" else 0) - len(p.angles())
    parts = [f"{k} = {v} {s.angstrom}" for k, v in told[:edges]]
    return separator.join(parts + [f"{k} = {v}{s.degree}" for k, v in told[edges:]])


def _triple(p: Printed, index: int) -> str:
    return f"({', '.join(p.coordinates(p.sites[index]))})"


def _triples(papers: Sequence[Printed]) -> list[WrittenTable]:
    """Coordinates in one cell, the cell under the name, pressure in the caption of each."""
    tables = []
    for p in papers:
        caption = (
            f"Structural information of {p.formula} at {p.pressure}: space group, lattice "
            "parameters and fractional coordinates."
        )
        rows: list[Cells] = []
        for i, site in enumerate(p.sites):
            lead = (p.group, _cell(p, ", ")) if i == 0 else ("", "")
            letter = p.position(site)
            rows.append((*lead, site.element, letter, _triple(p, i)))
        heads = ("Space group", "Lattice parameters", "Element", "Wyckoff position", "Coordinates")
        tables.append(WrittenTable(caption, heads, tuple(rows)))
    return tables


def _stacked(papers: Sequence[Printed]) -> list[WrittenTable]:
    """Name, group and pressure under each other in the first column, the cell in the second."""
    p = papers[0]
    s = p.script
    heads = (
        "Structure",
        f"Lattice parameters ({s.angstrom})",
        "Atom",
        "Site",
        *(s.symbol(axis) for axis in "xyz"),
    )
    rows: list[Cells] = []
    for p in papers:
        names = [p.formula, p.group, p.pressure]
        cells = [f"{k} = {v}" for k, v in p.equal()]
        for i in range(max(len(p.sites), len(names), len(cells))):
            atoms: Cells = ("",) * 5
            if i < len(p.sites):
                site = p.sites[i]
                letter = p.position(site)
                atoms = (site.label, letter, *p.coordinates(site))
            name = names[i] if i < len(names) else ""
            rows.append((name, cells[i] if i < len(cells) else "", *atoms))
    return [WrittenTable("Parameters of the optimized structures.", heads, tuple(rows))]


def _rows_of_names(papers: Sequence[Printed]) -> list[WrittenTable]:
    """A row of its own heads the sites of each structure."""
    p = papers[0]
    s = p.script
    heads = ("Atom", "Wyckoff position", *(f"{s.symbol(k)}/{s.symbol(e)}" for k, e in _AXES))
    rows: list[Cells] = []
    for p in papers:
        said = f"{p.group} {p.formula} at {p.pressure}, {_cell(p, ', ')}"
        rows.append((said, "", "", "", ""))
        for site in p.sites:
            letter = p.position(site)
            rows.append((site.label, letter, *p.coordinates(site)))
    return [WrittenTable("Atomic positions of all phases.", heads, tuple(rows))]


_AXES = (("x", "a"), ("y", "b"), ("z", "c"))

SITES: tuple[Layout, ...] = (_triples, _stacked, _rows_of_names)


def _by_phase(papers: Sequence[Printed]) -> list[WrittenTable]:
    p = papers[0]
    s = p.script
    heads = (
        "System",
        "Symmetry",
        f"{s.symbol('P')} (GPa)",
        *(f"{s.symbol(axis)} [{s.angstrom}]" for axis in "abc"),
        f"{s.symbol('alpha')}, {s.symbol('beta')}, {s.symbol('gamma')} [{s.degree}]",
    )
    rows = tuple(
        (p.formula, p.group, p.of.pressure, *p.all_edges(), ", ".join(p.all_angles()))
        for p in papers
    )
    return [WrittenTable("Computed unit cells.", heads, rows)]


def _lines(papers: Sequence[Printed]) -> list[WrittenTable]:
    heads = ("Compound", "Pressure", "Space group (No.)", "Unit cell parameters")
    rows = tuple(
        (p.formula, p.pressure, f"{p.group} ({p.of.number})", _cell(p, "\n")) for p in papers
    )
    return [WrittenTable("Unit cells of the compounds under pressure.", heads, rows)]


CELLS: tuple[Layout, ...] = (_by_phase, _lines)


def _superconductors(papers: Sequence[Printed]) -> list[WrittenTable]:
    p = papers[0]
    s = p.script
    heads = (
        "Structure",
        "Symmetry",
        f"{s.symbol('P')} [GPa]",
        s.symbol("lambda"),
        f"{s.lowered('omega', 'log')} [K]",
    )
    rows = []
    for p in papers:
        known = p.of.known
        coupling = "" if known.lambda_ is None else f"{known.lambda_:.2f}"
        frequency = "" if known.omega_log_K is None else f"{known.omega_log_K:.0f}"
        rows.append((p.formula, p.group, p.of.pressure, coupling, frequency))
    return [WrittenTable("Coupling constants of the structures found.", heads, tuple(rows))]


FORMULAS: tuple[Layout, ...] = (_superconductors,)
