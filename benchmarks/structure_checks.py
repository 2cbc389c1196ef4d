"""What the checks of structures let pass and catch: CompSC and HTSC-2025, whole and spoilt.

    python benchmarks/structure_checks.py COMPSC.csv [HTSC-2025.json] [--half dev|test] [--show]

Whole: every structure goes through the checks with its own formula, space group, cell and pressure;
a refusal is counted (and shown with ``--show``). Spoilt: the structure is stated by space group,
cell and the sites of its asymmetric unit to four decimals, one thing of which is then made wrong,
and rebuilt without known structure types, which these structures are among. ``caught``: no
structure is handed out; ``true``: the true structure all the same (by pymatgen's StructureMatcher,
sizes included); ``wrong``: another one. Papers are halved by the SHA-256 of their reference; the
limits were set on ``dev``.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import json
import random
import warnings
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

from pymatgen.analysis.structure_matcher import StructureMatcher
from pymatgen.core import Lattice, Structure
from pymatgen.symmetry.analyzer import SpacegroupAnalyzer

from scmine.extractors.spacegroup_table import crystal_system, lookup_space_group
from scmine.validator.finding import Severity
from scmine.validator.structures.checks import check, is_refused
from scmine.validator.structures.prototype_library import Library
from scmine.validator.structures.rebuild import rebuild
from scmine.validator.structures.rebuilt import Candidate, Way
from scmine.validator.structures.stated import StatedSite, StatedStructure
from scmine.validator.structures.symmetry import found_symmetry

SYMPREC = 0.01
SHIFT = 0.1
"""By how much one coordinate is made wrong, as a share of the cell's edge."""

Spoil = Callable[[StatedStructure, random.Random], StatedStructure | None]


class Known(NamedTuple):
    """A structure with its name and pressure."""

    name: str
    structure: Structure
    pressure_GPa: float


def compsc(path: Path, half: str) -> Iterator[Known]:
    """The structures of CompSC's table, those of one half of the papers."""
    with path.open(encoding="utf-8") as stream:
        for row in csv.DictReader(stream):
            even = int(hashlib.sha256(row["ref"].encode()).hexdigest(), 16) % 2 == 0
            if half not in ("all", "dev" if even else "test"):
                continue
            names = ("a", "b", "c", "alpha", "beta", "gamma")
            lattice = Lattice.from_parameters(*(float(row[n]) for n in names))
            species = [s.strip() for s in json.loads(row["species"])]
            atoms = Structure(lattice, species, json.loads(row["xred"]))
            pressure = float(row["pressure"].split("P")[0])  # one row has a file's name there
            yield Known(f"{row['ID']} {row['composition']}", atoms, pressure)


def htsc(path: Path) -> Iterator[Known]:
    """The structures of HTSC-2025, all at ambient pressure."""
    for name, row in json.loads(path.read_text("utf-8")).items():
        yield Known(name, Structure.from_str(row["cif"], fmt="cif"), 0.0)


def whole(known: Known, show: bool) -> str:
    """Whether a structure as it is passes the checks."""
    atoms = known.structure
    group = next(f for f in found_symmetry(atoms) if f.tolerance_A == SYMPREC)
    stated = StatedStructure(
        composition={str(k): float(v) for k, v in atoms.composition.get_el_amt_dict().items()},
        space_group=group.symbol,
        space_group_number=group.number,
        **dict(zip(_CELL, atoms.lattice.parameters, strict=True)),
        pressure_GPa=known.pressure_GPa,
        volume_A3=float(atoms.volume),
        density_g_cm3=float(atoms.density),
    )
    findings = check(Candidate(atoms, Way.COORDINATES), stated)
    told = [f for f in findings if f.severity is not Severity.NOTE]
    if told and show:
        print(f"  {known.name} ({known.pressure_GPa:g} GPa): {told[0].message}")
    return "refused" if is_refused(findings) else "warned" if told else "passed"


_CELL = ("a_A", "b_A", "c_A", "alpha_deg", "beta_deg", "gamma_deg")


def as_stated(known: Known) -> StatedStructure:
    """A structure as a paper states it: conventional cell, a site of each orbit, four decimals."""
    analyzer = SpacegroupAnalyzer(known.structure, symprec=SYMPREC)
    atoms = SpacegroupAnalyzer(
        analyzer.get_refined_structure(), symprec=SYMPREC
    ).get_symmetrized_structure()
    sites = tuple(
        StatedSite(
            orbit[0].specie.symbol,
            site=label,
            xyz=tuple(round(float(x) % 1.0, 4) for x in orbit[0].frac_coords),  # type: ignore[arg-type]
        )
        for orbit, label in zip(atoms.equivalent_sites, atoms.wyckoff_symbols, strict=True)
    )
    group = lookup_space_group(analyzer.get_space_group_number())
    assert group is not None
    cell = (*(round(v, 4) for v in atoms.lattice.abc), *(round(v, 3) for v in atoms.lattice.angles))
    amounts = known.structure.composition.get_el_amt_dict()
    return StatedStructure(
        formula=known.structure.composition.reduced_formula,
        composition={str(k): float(v) for k, v in amounts.items()},
        space_group=group.symbol,
        space_group_number=group.number,
        **dict(zip(_CELL, cell, strict=True)),
        sites=sites,
        pressure_GPa=known.pressure_GPa,
    )


def nothing(stated: StatedStructure, _: random.Random) -> StatedStructure | None:
    """Leave the statement as it is."""
    return stated


def coordinate(stated: StatedStructure, rng: random.Random) -> StatedStructure | None:
    """Make one coordinate wrong."""
    i, axis = rng.randrange(len(stated.sites)), rng.randrange(3)
    site = stated.sites[i]
    xyz: list[Any] = list(site.xyz or ())
    xyz[axis] = round(xyz[axis] + SHIFT, 4)
    sites = [*stated.sites[:i], replace(site, xyz=tuple(xyz)), *stated.sites[i + 1 :]]
    return replace(stated, sites=tuple(sites))


def coordinate_unlabelled(stated: StatedStructure, rng: random.Random) -> StatedStructure | None:
    """Make one coordinate wrong where positions have no names."""
    bare = replace(stated, sites=tuple(replace(s, site=None) for s in stated.sites))
    return coordinate(bare, rng)


def axes(stated: StatedStructure, _: random.Random) -> StatedStructure | None:
    """Swap a and c."""
    if stated.a_A == stated.c_A:
        return None
    return replace(stated, a_A=stated.c_A, c_A=stated.a_A)


def group(stated: StatedStructure, rng: random.Random) -> StatedStructure | None:
    """Put another space group of the same crystal system."""
    number = stated.space_group_number or 1
    system = crystal_system(number)
    others = [n for n in range(1, 231) if crystal_system(n) == system and n != number]
    other = lookup_space_group(rng.choice(others))
    assert other is not None
    return replace(stated, space_group=other.symbol, space_group_number=other.number)


def element(stated: StatedStructure, rng: random.Random) -> StatedStructure | None:
    """Put another element of the formula onto one site."""
    i = rng.randrange(len(stated.sites))
    others = sorted(set(stated.composition) - {stated.sites[i].element})
    if not others:
        return None
    site = replace(stated.sites[i], element=rng.choice(others))
    return replace(stated, sites=(*stated.sites[:i], site, *stated.sites[i + 1 :]))


def pressure(stated: StatedStructure, _: random.Random) -> StatedStructure | None:
    """Make the pressure ten times what it is."""
    return replace(stated, pressure_GPa=10 * stated.pressure_GPa) if stated.pressure_GPa else None


def edge(stated: StatedStructure, _: random.Random) -> StatedStructure | None:
    """Give all edges in nanometres."""
    edges = {name: getattr(stated, name) / 10 for name in _CELL[:3]}
    return replace(stated, **edges)


SPOILS: tuple[tuple[str, Spoil], ...] = (
    ("as it is", nothing),
    ("one coordinate off by 0.1, positions named", coordinate),
    ("one coordinate off by 0.1, not named", coordinate_unlabelled),
    ("a and c swapped", axes),
    ("another space group of the system", group),
    ("an element put for another", element),
    ("pressure ten times", pressure),
    ("edges in nm", edge),
)


def same(one: Structure, other: Structure) -> bool:
    """Whether two structures are one, sizes included.

    pymatgen's own primitive cells of AsH8 (C2/c) differ between two settings of it, so spglib's
    are compared as well.
    """
    if StructureMatcher(scale=False).fit(one, other):
        return True
    cells = [SpacegroupAnalyzer(s, symprec=SYMPREC).find_primitive() for s in (one, other)]
    if None in cells:
        return False
    return bool(StructureMatcher(primitive_cell=False, scale=False).fit(*cells))


def outcome(stated: StatedStructure, truth: Structure) -> str:
    """What comes of a statement, against the true structure."""
    rebuilt = rebuild(stated, library=Library([]))
    if rebuilt.structure is None:
        return "caught"
    if same(rebuilt.structure, truth):
        warned = any(f.severity is Severity.WARNING for f in rebuilt.reasons)
        return "true, warned" if warned else "true"
    warned = any(f.severity is Severity.WARNING for f in rebuilt.reasons)
    return "wrong, warned" if warned else "wrong"


def main() -> None:
    """Print both tables."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("compsc", type=Path)
    parser.add_argument("htsc", type=Path, nargs="?")
    parser.add_argument("--half", choices=("dev", "test", "all"), default="dev")
    parser.add_argument("--show", action="store_true")
    options = parser.parse_args()
    warnings.simplefilter("ignore")
    known = list(compsc(options.compsc, options.half))
    print("CompSC", options.half, dict(Counter(whole(k, options.show) for k in known)))
    if options.htsc:
        print("HTSC-2025", dict(Counter(whole(k, options.show) for k in htsc(options.htsc))))
    columns = ("caught", "true", "true, warned", "wrong, warned", "wrong")
    print(f"\n{'spoilt':45} {'of':>4} " + " ".join(f"{c:>14}" for c in columns))
    for name, spoil in SPOILS:
        rng = random.Random(0)
        found: Counter[str] = Counter()
        for one in known:
            stated = spoil(as_stated(one), rng)
            if stated is not None:
                result = outcome(stated, one.structure)
                found[result] += 1
                if options.show and (
                    result.startswith("wrong") or (spoil is nothing and result != "true")
                ):
                    print(f"  {result}: {one.name}: {name}")
        total = sum(found.values())
        print(f"{name:45} {total:4} " + " ".join(f"{found[c]:14}" for c in columns))


if __name__ == "__main__":
    main()
