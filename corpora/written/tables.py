"""Tables that state structures: layouts of each level, of which a seed draws one.

A layout gives tables of cells; how they are set in Markdown or LaTeX lives in ``papers_markdown``
and ``papers_latex``. A cell may hold several lines.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from scmine.corpora.written.printed import Printed

Cells = tuple[str, ...]
Layout = Callable[[Sequence[Printed]], "list[WrittenTable]"]


@dataclass(frozen=True, slots=True)
class WrittenTable:
    """A caption, the heads, and rows as long as the heads; ``\\n`` parts the lines of a cell."""

    caption: str
    heads: Cells
    rows: tuple[Cells, ...]


def _xyz_heads(p: Printed) -> Cells:
    return tuple(p.script.symbol(axis) for axis in "xyz")


def _cell_lines(p: Printed, unit: bool = False) -> list[str]:
    """``a = b = 3.50`` and the like, one edge or angle a line."""
    told = p.equal()
    edges = len(told) - (1 if told[-1][1] == "120" else 0) - len(p.angles())
    lines = [f"{k} = {v}{' ' + p.script.angstrom if unit else ''}" for k, v in told[:edges]]
    return lines + [f"{k} = {v}{p.script.degree if unit else ''}" for k, v in told[edges:]]


def _rows_of_atoms(papers: Sequence[Printed]) -> list[WrittenTable]:
    """One table of all structures, an atom a row, the structure told in its first row only."""
    p = papers[0]
    s = p.script
    heads = (
        "Phase",
        "Space group",
        f"Lattice parameters ({s.angstrom}, {s.degree})",
        "Atom",
        "Wyckoff site",
        *_xyz_heads(p),
    )
    rows: list[Cells] = []
    for p in papers:
        cell = ", ".join(_cell_lines(p))
        for i, site in enumerate(p.sites):
            lead = (f"{p.formula} ({p.pressure})", p.group, cell) if i == 0 else ("", "", "")
            rows.append((*lead, site.label, p.position(site), *p.coordinates(site)))
    return [WrittenTable("Structural parameters of the predicted phases.", heads, tuple(rows))]


def _lines_in_cells(papers: Sequence[Printed]) -> list[WrittenTable]:
    """One row a structure, its edges and its atoms as lines of one cell."""
    p = papers[0]
    s = p.script
    heads = (
        "Phase",
        "Pressure (GPa)",
        "Space group",
        f"Lattice parameters ({s.angstrom}, {s.degree})",
        "Atomic coordinates (fractional)",
    )
    rows = []
    for p in papers:
        atoms = [f"{t.label} {p.position(t)} {' '.join(p.coordinates(t))}" for t in p.sites]
        cell = "\n".join(_cell_lines(p))
        rows.append((p.formula, p.of.pressure, p.group, cell, "\n".join(atoms)))
    caption = "Lattice parameters and atomic coordinates of the structures found in this work."
    return [WrittenTable(caption, heads, tuple(rows))]


def _one_each(papers: Sequence[Printed]) -> list[WrittenTable]:
    """A table for each structure, which its caption describes."""
    tables = []
    for p in papers:
        cell = ", ".join(_cell_lines(p, unit=True))
        caption = (
            f"Optimized atomic positions of {p.formula} in the {p.group} structure at "
            f"{p.pressure}. The lattice parameters are {cell}."
        )
        rows = tuple((t.label, p.position(t), *p.coordinates(t)) for t in p.sites)
        tables.append(WrittenTable(caption, ("Atom", "Wyckoff", *_xyz_heads(p)), rows))
    return tables


def _letters_in_labels(papers: Sequence[Printed]) -> list[WrittenTable]:
    """An atom a row with its letter in the label, pressure first."""
    p = papers[0]
    heads = (
        "Pressure (GPa)",
        "Structure",
        f"Lattice parameters ({p.script.angstrom})",
        "Atoms",
        *_xyz_heads(p),
    )
    rows: list[Cells] = []
    for p in papers:
        lines = _cell_lines(p)
        for i, site in enumerate(p.sites):
            first = (p.of.pressure, f"{p.group}-{p.formula}") if i == 0 else ("", "")
            cell = lines[i] if i < len(lines) else ""
            if i == len(p.sites) - 1 and len(lines) > len(p.sites):
                cell = ", ".join(lines[i:])
            label = f"{site.element}({p.position(site)})"
            rows.append((*first, cell, label, *p.coordinates(site)))
    return [WrittenTable("Calculated structural parameters.", heads, tuple(rows))]


def _columns_of_edges(papers: Sequence[Printed]) -> list[WrittenTable]:
    """Edges and angles in columns of their own, coordinates as fractions where special."""
    p = papers[0]
    s = p.script
    heads = (
        "Compound",
        "Space group",
        "P (GPa)",
        *(f"{s.symbol(axis)} ({s.angstrom})" for axis in "abc"),
        *(f"{s.symbol(angle)} ({s.degree})" for angle in ("alpha", "beta", "gamma")),
        "Atom",
        "Site",
        *_xyz_heads(p),
    )
    rows: list[Cells] = []
    for p in papers:
        lead = (p.formula, p.group, p.of.pressure, *p.all_edges(), *p.all_angles())
        for i, site in enumerate(p.sites):
            first = lead if i == 0 else ("",) * len(lead)
            rows.append((*first, site.label, p.position(site), *p.mixed(site)))
    return [WrittenTable("Crystal structures of the studied compounds.", heads, tuple(rows))]


SITES: tuple[Layout, ...] = (
    _rows_of_atoms,
    _lines_in_cells,
    _one_each,
    _letters_in_labels,
    _columns_of_edges,
)


def _plain_cells(papers: Sequence[Printed]) -> list[WrittenTable]:
    p = papers[0]
    s = p.script
    heads = (
        "Compound",
        "Space group",
        "Pressure (GPa)",
        *(f"{s.symbol(axis)} ({s.angstrom})" for axis in "abc"),
        *(f"{s.symbol(angle)} ({s.degree})" for angle in ("alpha", "beta", "gamma")),
    )
    rows = tuple(
        (p.formula, p.group, p.of.pressure, *p.all_edges(), *p.all_angles()) for p in papers
    )
    return [WrittenTable("Lattice parameters of the compounds studied.", heads, rows)]


def _cells_in_one(papers: Sequence[Printed]) -> list[WrittenTable]:
    papers[0]
    heads = ("Phase", "Space group", "P (GPa)", "Lattice parameters")
    rows = tuple(
        (p.formula, p.group, p.of.pressure, ", ".join(_cell_lines(p, unit=True))) for p in papers
    )
    return [WrittenTable("Structures of the stable phases.", heads, rows)]


CELLS: tuple[Layout, ...] = (_plain_cells, _cells_in_one)


def _couplings(papers: Sequence[Printed]) -> list[WrittenTable]:
    p = papers[0]
    s = p.script
    heads = (
        "Compound",
        "Space group",
        "Pressure (GPa)",
        s.symbol("lambda"),
        f"{s.lowered('omega', 'log')} (K)",
    )
    rows = []
    for p in papers:
        known = p.of.known
        coupling = "–" if known.lambda_ is None else f"{known.lambda_:.2f}"
        frequency = "–" if known.omega_log_K is None else f"{known.omega_log_K:.0f}"
        rows.append((p.formula, p.group, p.of.pressure, coupling, frequency))
    caption = f"Electron-phonon coupling {s.symbol('lambda')} and logarithmic average frequency."
    return [WrittenTable(caption, heads, tuple(rows))]


def _phases(papers: Sequence[Printed]) -> list[WrittenTable]:
    p = papers[0]
    s = p.script
    heads = ("Phase", "P (GPa)", f"{s.lowered('omega', 'log')} (K)", s.symbol("lambda"))
    rows = []
    for p in papers:
        known = p.of.known
        coupling = "–" if known.lambda_ is None else f"{known.lambda_:.3f}"
        frequency = "–" if known.omega_log_K is None else f"{known.omega_log_K:.1f}"
        rows.append((f"{p.group}-{p.formula}", p.of.pressure, frequency, coupling))
    caption = "Superconducting properties of the stable phases from electron-phonon calculations."
    return [WrittenTable(caption, heads, tuple(rows))]


FORMULAS: tuple[Layout, ...] = (_couplings, _phases)
