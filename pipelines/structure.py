"""The command ``structure``: one statement rebuilt, told to people and written to a file."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any

from scmine.pipelines.output import open_output
from scmine.validator.structures.distances import shortest_distances
from scmine.validator.structures.hosts import Hosts
from scmine.validator.structures.output import OutputError, cif_of, json_of, poscar_of
from scmine.validator.structures.rebuild import rebuild
from scmine.validator.structures.rebuilt import Rebuilt, Way
from scmine.validator.structures.stated import StatedStructure
from scmine.validator.structures.symmetry import FoundSymmetry, found_symmetry

if TYPE_CHECKING:
    from pymatgen.core import Structure

_WRITERS = {"cif": cif_of, "poscar": poscar_of, "json": json_of}
_SUFFIXES = {".cif": "cif", ".json": "json", ".vasp": "poscar", ".poscar": "poscar"}
_MOST_PAIRS = 15


class OutputFormat(StrEnum):
    """How a rebuilt structure is put out."""

    SUMMARY = "summary"
    CIF = "cif"
    POSCAR = "poscar"
    JSON = "json"


def format_of(out: Path) -> OutputFormat:
    """The format that the name of a file says; a CIF where it has no ending.

    Raises
    ------
    OutputError
        If what the name ends with is no format's.
    """
    if out.stem.upper() in ("POSCAR", "CONTCAR"):
        return OutputFormat.POSCAR
    ending = out.suffix.lower()
    if ending and ending not in _SUFFIXES:
        known = ", ".join(_SUFFIXES)
        raise OutputError(f"{out}: name a file that ends in one of {known}, or give --format")
    return OutputFormat(_SUFFIXES.get(ending, "cif"))


def run_structure(
    stated: StatedStructure, form: OutputFormat | None, out: Path | None, *, hosts: Hosts | None
) -> bool:
    """Rebuild a statement, print what came of it and write the structure; whether there is one.

    Without ``out`` the form goes to standard output (a summary if none is asked for) and then a
    summary to standard error; with it, the structure to the file and the summary to standard
    output. Where there is no structure nothing but JSON is written.

    Raises
    ------
    OutputError
        If the structure cannot be said in the form.
    OSError
        If ``out`` cannot be written.
    """
    wanted = None if form is OutputFormat.SUMMARY else form
    written = wanted or (OutputFormat.CIF if out is None else format_of(out))
    rebuilt = rebuild(stated, hosts=hosts)
    summary = "\n".join(_printable(line) for line in summary_lines(rebuilt))
    found = rebuilt.structure is not None
    if out is None and wanted is None:
        print(summary)
        return found
    print(summary, file=sys.stderr if out is None else sys.stdout)
    if found or written is OutputFormat.JSON:
        text = text_of(rebuilt, written)
        with open_output(out) as stream:
            stream.write(text.encode())
        if out is not None:
            print(f"{written.value} written to {out}")
    return found


def text_of(rebuilt: Rebuilt, form: OutputFormat) -> str:
    """A rebuilt structure in a form, ending in a line break."""
    return _WRITERS[form.value](rebuilt).rstrip("\n") + "\n"


def summary_lines(rebuilt: Rebuilt) -> Iterator[str]:
    """What came of a statement, for people."""
    stated = rebuilt.stated
    found = [] if rebuilt.structure is None else found_symmetry(rebuilt.structure)
    group = stated.space_group or (found[-1].symbol if found else None)
    named = [stated.formula, group, _pressure(stated.pressure_GPa)]
    yield "  ".join(part for part in named if part) or "structure"
    yield f"  verdict      {rebuilt.verdict.value}"
    if rebuilt.way:
        yield f"  way          {rebuilt.way.value}{_bracketed(rebuilt.origin)}"
    if rebuilt.way in (Way.PROTOTYPE, Way.DOPING):
        yield "  sites        not of the paper: those of the known structure"
    for repair in rebuilt.repairs:
        yield f"  repaired     {repair}"
    if rebuilt.estimated:
        yield f"  estimated    {', '.join(rebuilt.estimated)}"
    if rebuilt.structure is not None:
        yield from _crystal_lines(rebuilt.structure, found)
    for finding in rebuilt.reasons:
        yield f"  {finding.severity.value:12} {finding.message} [{finding.name}]"


def _crystal_lines(structure: Structure, symmetry: Sequence[FoundSymmetry]) -> Iterator[str]:
    lattice = structure.lattice
    lengths = ", ".join(f"{v:.4f}" for v in lattice.abc)
    angles = ", ".join(f"{v:.2f}" for v in lattice.angles)
    atoms = structure.composition.num_atoms
    yield f"  cell         {lengths} Å; {angles}°"
    yield (
        f"  contents     {structure.composition.formula}; {structure.volume:.2f} Å³, "
        f"{structure.volume / atoms:.2f} Å³ an atom; {float(structure.density):.3f} g/cm³"
    )
    found: dict[str, list[float]] = {}
    for one in symmetry:
        found.setdefault(f"{one.symbol} ({one.number})", []).append(one.tolerance_A)
    told = "; ".join(f"{name} at {_range(values)} Å" for name, values in found.items())
    yield f"  symmetry     {told}"
    pairs = shortest_distances(structure)[:_MOST_PAIRS]
    if pairs:
        told = ", ".join(f"{p.first}–{p.second} {p.distance_A:.3f}" for p in pairs)
        yield f"  distances    {told} Å"


def _range(values: list[float]) -> str:
    return f"{values[0]:g}" if len(values) == 1 else f"{values[0]:g}–{values[-1]:g}"


def _pressure(value: float | None) -> str | None:
    return None if value is None else f"{value:g} GPa"


def _bracketed(text: str) -> str:
    return f" ({text})" if text else ""


def _printable(text: str) -> str:
    """``text`` without what would steer a terminal."""
    return "".join(c if c.isprintable() else " " for c in text)


def stated_values(options: Mapping[str, Any]) -> dict[str, Any]:
    """The options that were given."""
    return {name: value for name, value in options.items() if value not in (None, [], "")}
