"""Making the library of prototypes: ``python -m scmine.validator.structures.library_building``.

Reads our hand-written types (``data/structure_types.toml``), AFLOW's prototypes as pymatgen ships
them, and optional collections of structures (CompSC's table, HTSC-2025's file), describes each
structure by space group, cell and sites, groups those that agree when made anonymous, and writes
``data/prototypes.jsonl``. Matching statements with the library is not done here.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import json
import re
import sys
import tomllib
import warnings
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from importlib.util import find_spec
from math import log
from pathlib import Path
from typing import Any

import numpy as np
import spglib
from pymatgen.core import Composition, Lattice, Structure
from pymatgen.core.structure_matcher import StructureMatcher

from scmine.validator.structures.prototype_library import Example, Site, anonymous, expand
from scmine.validator.structures.volumes import expected_volume

AFLOW = "10.1016/j.commatsci.2017.01.017"
HTSC = "HTSC-2025"
_DATA = Path(__file__).parent.parent / "data"
_VOLUME_SLIP = 0.6
"""A volume farther from the expected than this (as a logarithm) is a slip of the source."""
_MATCHING_ATOMS = 120
"""Structures with more atoms in the primitive cell are not compared: each is a prototype."""

_HEAD = """\
# Known crystal structures, grouped into prototypes. Made by
# scmine.validator.structures.library_building; do not edit. Facts from structure_types.toml
# (sources there); the AFLOW library of crystallographic prototypes (Mehl et al., Comput. Mater.
# Sci. 136, S1, 2017) as shipped with pymatgen (MIT); the CompSC collection of calculated
# superconductors, by the DOI of each paper; HTSC-2025. Cells are conventional, in the first
# setting of spglib's list; lengths in ångström, pressures in GPa.
"""


@dataclass
class Described:
    """A structure described, and what it is called."""

    example: Example
    structure: Structure
    names: list[str] = field(default_factory=list)


def describe(
    structure: Structure,
    sources: tuple[str, ...],
    pressure: float | None,
    symprec: float = 0.01,
) -> Described | None:
    """Space group, conventional cell and sites of a structure; None where spglib finds none.

    The description is expanded again and compared by the number of atoms, so that it can be
    trusted.
    """
    numbers = [site.specie.Z for site in structure]
    cell: Any = (structure.lattice.matrix, structure.frac_coords, numbers)
    found = spglib.get_symmetry_dataset(cell, symprec=symprec)
    if found is None:
        return None
    standard: Any = (found.std_lattice, found.std_positions, found.std_types)
    again = spglib.get_symmetry_dataset(standard, symprec=symprec, hall_number=found.hall_number)
    if again is None or again.number != found.number:
        return None
    by_number = {site.specie.Z: site.specie.symbol for site in structure}
    sites = []
    for orbit in dict.fromkeys(again.crystallographic_orbits.tolist()):
        x, y, z = (round(float(v), 5) % 1.0 for v in found.std_positions[orbit])
        symbol = by_number[int(found.std_types[orbit])]
        sites.append(Site(symbol, again.wyckoffs[orbit], (x, y, z)))
    sites.sort(key=lambda s: (s.element, s.letter, s.xyz))
    a, b, c, *angles = Lattice(found.std_lattice).parameters
    alpha, beta, gamma = (round(v, 3) for v in angles)
    reduced = structure.composition.reduced_composition
    composition = {e.symbol: int(n) for e, n in sorted(reduced.items(), key=lambda p: p[0].X)}
    example = Example(
        number=found.number,
        hall=found.hall_number,
        cell=(round(a, 4), round(b, 4), round(c, 4), alpha, beta, gamma),
        sites=tuple(sites),
        pressure_GPa=pressure,
        sources=sources,
        composition=composition,
    )
    elements, positions = expand(example)
    if len(elements) != len(found.std_types):
        return None
    rebuilt = Structure(Lattice.from_parameters(*example.cell), elements, positions)
    return Described(example, rebuilt.get_primitive_structure())


def from_types(path: Path) -> Iterator[Described]:
    """The structures of the hand-written file, each checked against its space group."""
    for row in tomllib.loads(path.read_text("utf-8"))["type"]:
        structure = _written_structure(row)
        described = describe(structure, tuple(row["sources"]), row.get("pressure_GPa"), 0.001)
        if described is None or described.example.number != row["number"]:
            found = described and described.example.number
            raise ValueError(f"{row['names'][0]}: space group {found}, not {row['number']}")
        if Composition(row["formula"]).reduced_formula != structure.composition.reduced_formula:
            raise ValueError(f"{row['names'][0]}: atoms are {structure.composition}")
        described.names = row["names"]
        if "vacant" in row:
            described.example = replace(described.example, vacant=_vacant(described.example, row))
        yield described


def _vacant(example: Example, row: dict[str, Any]) -> int:
    """The number of the site that a type names as the one with vacancies (``O e``)."""
    named = [f"{site.element} {site.letter}" for site in example.sites]
    if named.count(row["vacant"]) != 1:
        raise ValueError(f"{row['names'][0]}: sites {', '.join(named)}, not one {row['vacant']}")
    return named.index(row["vacant"])


def _written_structure(row: dict[str, Any]) -> Structure:
    """The atoms of a hand-written type: its cell, its sites, the setting of its symbol."""
    hall = _hall(row["number"], row.get("setting"))
    sites = []
    for written in row["sites"]:
        element, *xyz = written.split()
        x, y, z = (_fraction(v) for v in xyz)
        sites.append(Site(element, "", (x, y, z)))
    a, b, c, alpha, beta, gamma = row["cell"]
    example = Example(
        row["number"], hall, (a, b, c, alpha, beta, gamma), tuple(sites), None, (), {}
    )
    elements, positions = expand(example)
    return Structure(Lattice.from_parameters(*row["cell"]), elements, positions)


def _hall(number: int, setting: str | None) -> int:
    """The number in spglib's list of settings: of the first, or of that with a choice or symbol."""
    for hall in range(1, 531):
        kind: Any = spglib.get_spacegroup_type(hall)
        if kind.number == number and setting in (None, kind.choice, kind.international_short):
            return hall
    raise ValueError(f"space group {number} has no setting {setting}")


def _fraction(text: str) -> float:
    """A coordinate: a decimal, or a fraction such as 1/3."""
    top, _, bottom = text.partition("/")
    return float(top) / float(bottom or 1)


def from_aflow(aliases: dict[str, list[str]]) -> Iterator[Described]:
    """AFLOW's prototypes as shipped with pymatgen; ``aliases`` are more names by AFLOW's name."""
    spec = find_spec("pymatgen.analysis.prototypes")
    if spec is None or spec.origin is None:
        raise FileNotFoundError("pymatgen ships no AFLOW prototypes here")
    path = Path(spec.origin).parent / "aflow_prototypes.json.gz"
    for row in json.loads(gzip.decompress(path.read_bytes())):
        structure = Structure.from_dict(row["snl"])
        number = int(row["tags"]["aflow"].split("_")[2])
        for symprec in (0.01, 0.001, 0.1):
            described = describe(structure, (AFLOW,), None, symprec)
            if described is not None and described.example.number == number:
                break
        else:
            continue
        tags = row["tags"]
        names = [*(tags["mineral"] or "").split(", "), tags["strukturbericht"], tags["aflow"]]
        described.names = [described.example.formula, *(n for n in names if n and n != "None")]
        described.names += [a for n in described.names for a in aliases.get(n, ())]
        yield described


def from_compsc(path: Path) -> Iterator[Described]:
    """CompSC's structures: a CSV with primitive cells, pressures and the papers' DOIs."""
    for row in csv.DictReader(path.read_text("utf-8").splitlines()):
        cell = [float(row[k]) for k in ("a", "b", "c", "alpha", "beta", "gamma")]
        species = [symbol.strip() for symbol in json.loads(row["species"])]
        structure = Structure(Lattice.from_parameters(*cell), species, json.loads(row["xred"]))
        pressure = re.match(r"\d+(?:\.\d+)?", row["pressure"])
        described = describe(structure, references(row["ref"]), pressure and float(pressure[0]))
        if described is not None:
            yield described


def references(text: str) -> tuple[str, ...]:
    """DOIs and arXiv numbers in a cell of a table.

    >>> references("[10.1103/PhysRevLett.110.165504,10.1039/c9cp00310j]")
    ('10.1103/PhysRevLett.110.165504', '10.1039/c9cp00310j')
    """
    found = re.findall(r"10\.\d{4,9}/[^\s,\]\"']+|arXiv:[\w.]+", text)
    return tuple(dict.fromkeys(found))


def from_htsc(path: Path) -> Iterator[Described]:
    """HTSC-2025's structures, all at ambient pressure."""
    for key, entry in json.loads(path.read_text("utf-8")).items():
        structure = Structure.from_str(entry["cif"], fmt="cif")
        described = describe(structure, (HTSC,), 0.0, 0.05)
        if described is not None:
            family = key.partition("-")[0]
            described.names = [family] if re.search(r"[A-Z][a-z]?\d", family) else []
            yield described


def _is_plausible(one: Described) -> bool:
    """Whether the volume is near what such atoms take; one that is not is said, and left out.

    Where the source names no pressure, any volume is taken.
    """
    example = one.example
    expected = expected_volume(one.structure.composition.get_el_amt_dict(), example.pressure_GPa)
    if expected is None or example.pressure_GPa is None:
        return True
    if abs(log(one.structure.volume / expected)) < _VOLUME_SLIP:
        return True
    where = f"{example.pressure_GPa} GPa, {example.sources[0]}"
    sys.stderr.write(f"left out for its volume: {example.formula}, {where}\n")
    return False


def grouped(structures: list[Described]) -> list[list[Described]]:
    """Structures in groups that are one prototype: same group and formula, alike when anonymous."""
    matcher = StructureMatcher()
    by_key: dict[Any, list[list[Described]]] = defaultdict(list)
    for one in structures:
        key = (one.example.number, anonymous(one.example.composition.values()))
        for group in by_key[key]:
            if _alike(matcher, group[0], one):
                group.append(one)
                break
        else:
            by_key[key].append([one])
    return [group for groups in by_key.values() for group in groups]


def _alike(matcher: StructureMatcher, one: Described, other: Described) -> bool:
    """Whether two structures are one prototype."""
    if len(one.structure) != len(other.structure) or len(one.structure) > _MATCHING_ATOMS:
        return False
    return bool(matcher.fit_anonymous(one.structure, other.structure))


def _with_vacancies(group: list[Described]) -> list[Described]:
    """The site with vacancies of one example named in the others of the same compound and sites."""
    for named in [one.example for one in group if one.example.vacant is not None]:
        letters = [(site.element, site.letter) for site in named.sites]
        for one in group:
            if [(site.element, site.letter) for site in one.example.sites] == letters:
                one.example = replace(one.example, vacant=named.vacant)
    return group


def _line(group: list[Described]) -> str:
    """A prototype as a line of the file."""
    first = group[0].example
    names = list(dict.fromkeys(name for one in group for name in one.names))
    examples = []
    for example in dict.fromkeys(json.dumps(_written(one.example)) for one in group):
        examples.append(json.loads(example))
    row = {
        "names": names or [f"{first.formula} {first.number}"],
        "number": first.number,
        "hall": first.hall,
        "examples": examples,
    }
    return json.dumps(row, separators=(",", ":"))


def _written(example: Example) -> dict[str, Any]:
    sites = ";".join(
        f"{s.element} {s.letter} " + " ".join(f"{v:.5f}".rstrip("0").rstrip(".") for v in s.xyz)
        for s in example.sites
    )
    written: dict[str, Any] = {
        "composition": example.composition,
        "cell": list(example.cell),
        "sites": sites,
        "sources": list(example.sources),
    }
    if example.pressure_GPa is not None:
        written["pressure"] = example.pressure_GPa
    if example.vacant is not None:
        written["vacant"] = example.vacant
    return written


def main() -> None:
    """Read the sources, group, write the file."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--compsc", type=Path, help="CompSC's table, a CSV")
    parser.add_argument("--htsc", type=Path, help="HTSC-2025's structures, a JSON file")
    parser.add_argument("--output", type=Path, default=_DATA / "prototypes.jsonl")
    arguments = parser.parse_args()
    structures: list[Described] = []
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        types = _DATA / "structure_types.toml"
        structures += from_types(types)
        structures += from_aflow(tomllib.loads(types.read_text("utf-8"))["aliases"])
        if arguments.compsc:
            structures += from_compsc(arguments.compsc)
        if arguments.htsc:
            structures += from_htsc(arguments.htsc)
        structures = [one for one in structures if _is_plausible(one)]
        groups = [_with_vacancies(group) for group in grouped(structures)]
    text = _HEAD + "\n".join(_line(group) for group in groups) + "\n"
    arguments.output.write_text(text, "utf-8")
    sys.stdout.write(
        f"{len(structures)} structures, {len(groups)} prototypes, {np.round(len(text) / 1000)} kB\n"
    )


if __name__ == "__main__":
    main()
