"""What comes of a table of stated structures in words: verdicts by kind, ways and reasons.

    python benchmarks/structure_targets.py TARGETS.csv [--json OUT] [--csv OUT] [--draw 20 --seed 0]

A row of the table says of one compound, mostly in words, formula, structure type, space group,
pressure, cell and positions (columns ``target_formula_or_system``, ``phase_or_prototype``,
``space_group_symbol`` …). How a row becomes a statement is part of what is measured, and is kept
honest: a cell's edge is one number and nothing else ("interlayer d=2.252 A" is no c), a formula is
one formula ("K-doped graphene" is none, nor are two that differ), positions are read where the
table says that they are those of the paper at this condition. What is not read is counted. Nothing
is looked up elsewhere. ``--draw`` prints a seeded draw of rows with and without a structure.
"""

from __future__ import annotations

import argparse
import csv
import json
import random
import re
import warnings
from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import permutations
from pathlib import Path
from typing import Any, NamedTuple

from scmine.extractors.elements import elements
from scmine.extractors.materials import parse_material
from scmine.extractors.sites import site_coordinate
from scmine.extractors.spacegroups import lookup_space_group
from scmine.extractors.structure_types import find_structure_types, is_crystal_system
from scmine.validator.structures.from_listing import same_ratios
from scmine.validator.structures.rebuild import rebuild
from scmine.validator.structures.rebuilt import Rebuilt, Verdict
from scmine.validator.structures.stated import Coordinate, StatedSite, StatedStructure

Row = Mapping[str, str]
Triplet = tuple[Coordinate, Coordinate, Coordinate]

CELL = {
    "lattice_a": "a_A", "lattice_b": "b_A", "lattice_c": "c_A",
    "lattice_alpha": "alpha_deg", "lattice_beta": "beta_deg", "lattice_gamma": "gamma_deg",
}  # fmt: skip

_NUMBER = re.compile(r"[~≈]?\s?(-?\d+(?:\.\d+)?)(?:\(\d+\))?")
_NO_PLAIN_TYPE = re.compile(r"derived|related|distort|deform|variant|hint|proxy", re.I)
_OF_A_PART = re.compile(r"\s(?:\S+\s){0,2}(?:sub)?lattice\b")
_LAYER = re.compile(
    r"\b(?:mono|bi|tri|few)[- ]?layers?\b|\bsingle[- ]layer\b|\b2D\b|\bslab\b|\bsurface\b"
    r"|\bthickness\b|\bvacuum\b|\blayer group\b|\bMXene\b",
    re.I,
)
_STRAIN = re.compile(r"(?<!un)strain(?:ed)?\b", re.I)
_NO_STRAIN = re.compile(r"\b(?:no|zero)\b[^;,]{0,20}\bstrain|unstrained|^none", re.I)
_NOT_THIS_CELL = re.compile(r"hint|only for|incomplete|inferred|candidate", re.I)

_XYZ = r"\([^()]{3,60}\)"
_VALUE = r"[-\d./]+"
_ITEM = re.compile(
    rf"(?<![\w/])(?P<label>[A-Z][a-z]?)(?P<count>\d?)(?:\s(?:at\s)?(?P<site>\d{{1,2}}[a-z])\b)?"
    rf"(?:\sat\b)?(?P<xyz>(?:\s?,?\s?{_XYZ})+)?(?P<free>(?:,?\s[xyz]={_VALUE})+)?"
)
_RESPECTIVE = re.compile(
    rf"(?P<labels>[A-Z][a-z]?(?:/[A-Z][a-z]?)+) at (?P<xyz>{_XYZ}) with (?P<values>.+)"
)
_SHARED = re.compile(r"(?P<labels>[A-Z][a-z]?(?:/[A-Z][a-z]?)+) (?:on|at) (?P<site>\d{1,2}[a-z])\b")


class Reading(NamedTuple):
    """A row as a statement, and what of the row was not read."""

    stated: StatedStructure
    unread: tuple[str, ...]


def read_number(text: str) -> float | None:
    """The one number that a cell of the table is; None for words, ranges and several numbers.

    >>> read_number("4.105(2)"), read_number("~180"), read_number("interlayer d=2.252 A")
    (4.105, 180.0, None)
    """
    match = _NUMBER.fullmatch(text.strip())
    return float(match[1]) if match else None


def read_formula(text: str, group: str = "") -> tuple[str | None, dict[str, float]]:
    """The one formula that a text states, with its composition.

    Words in brackets and after a formula are passed over; a space group before it (``group``) is
    no part of it. Several formulas must be of one composition.

    >>> read_formula("Nb13Sn3 / Nb0.8125Sn0.1875")[0], read_formula("Be-Al alloy")
    ('Nb13Sn3', (None, {}))
    >>> read_formula("P1H5S2", "P1")
    ('H5S2', {'H': 5.0, 'S': 2.0})
    """
    found: list[tuple[str, dict[str, float]]] = []
    for part in text.split(" / "):
        bare = re.sub(r"\s\([^()]*\s[^()]*\)", "", part).strip()
        if group and bare.startswith(group) and read_formula(bare[len(group) :])[1]:
            bare = bare[len(group) :]
        match = re.fullmatch(r"(\S+)((?:\s(?:[a-z+]+|monolayer))*)", bare)
        if match is None or re.search(r"\bon\b", match[2]):
            return None, {}
        if match[1] in elements():  # `I` alone is read as a numeral
            found.append((match[1], {match[1]: 1.0}))
            continue
        materials = [m for m in parse_material(match[1]) if m.composition]
        if len(materials) != 1 or not re.fullmatch(r"[A-Za-z\d.()-]+", match[1]):
            return None, {}
        found.append((materials[0].formula or match[1], dict(materials[0].composition or {})))
    if not found or not all(same_ratios(found[0][1], other) for _, other in found):
        return None, {}
    return found[0]


def read_types(text: str) -> tuple[str | None, str | None]:
    """Structure type and crystal system of a description; of what is said first only.

    >>> read_types("TiNiSi-type orthorhombic"), read_types("Cccm GeH3 distortion of A15")
    (('TiNiSi-type', 'orthorhombic'), (None, None))
    """
    first = text.split(";")[0]
    if _NO_PLAIN_TYPE.search(first):
        return None, None
    found = find_structure_types(first)
    whole = [(end, n) for _, end, n in found if not _OF_A_PART.match(first[end:])]
    system = next((n for _, n in whole if is_crystal_system(n.lower())), None)
    kind = next((n for _, n in whole if not is_crystal_system(n.lower())), None)
    return kind, system


def read_shape(row: Row) -> str | None:
    """The word that says that the row is of a layer in vacuum or of a strained cell."""
    strain = row["strain_or_doping"]
    said = [row[c] for c in ("target_formula_or_system", "phase_or_prototype", "lattice_c")]
    words = "; ".join([*said, row["space_group_symbol"], row["space_group_number"]])
    if (match := _LAYER.search(words)) is not None:
        return "layer in vacuum" if match[0].lower() in ("thickness", "vacuum") else match[0]
    told = [t for t in (strain, row["phase_or_prototype"]) if not _NO_STRAIN.search(t)]
    return "strained" if any(_STRAIN.search(t) for t in told) else None


def read_sites(text: str, composition: Mapping[str, float]) -> tuple[StatedSite, ...]:
    """The sites that a status of positions lists, if they are those of the paper's condition.

    Labels that are no element of the formula (``M``, ``Ln``, ``X``) are its other elements if
    their numbers of atoms say which.

    >>> [(s.element, s.site, s.xyz) for s in read_sites(
    ...     "full Wyckoff parameters from paper: M 2a (0,0,0), Pt 8c (1/4,1/4,1/4)",
    ...     {"Ba": 1, "Pt": 4})]
    [('Ba', '2a', (0.0, 0.0, 0.0)), ('Pt', '8c', (0.25, 0.25, 0.25))]
    """
    if not re.match(r"(?:full|complete|partial)\b", text) or _NOT_THIS_CELL.search(text):
        return ()
    body = text.partition(":")[2]
    respective = _RESPECTIVE.search(body)
    items = _respective(respective) if respective else _listed(body)
    names = _roles(items, composition)
    if names is None:
        return ()
    shared = {label: m["site"] for m in _SHARED.finditer(body) for label in m["labels"].split("/")}
    return tuple(
        StatedSite(names[label], label=label + count, site=site or shared.get(label), xyz=xyz)
        for label, count, site, xyz in items
    )


_Item = tuple[str, str, str | None, Triplet | None]


def _listed(body: str) -> list[_Item]:
    items: list[_Item] = []
    for m in _ITEM.finditer(body):
        label, site = m["label"], m["site"]
        places = re.findall(_XYZ, m["xyz"] or "")
        triplets = [t for p in places if (t := _triplet(p)) is not None]
        if m["free"]:
            free = dict(re.findall(rf"([xyz])=({_VALUE})", m["free"]))
            x, y, z = (site_coordinate(free[a]) if a in free else None for a in "xyz")
            triplets = [(x, y, z)]
        if not (site or triplets):
            continue
        items += [(label, m["count"], site, t) for t in triplets or [None]]
    return items


def _respective(match: re.Match[str]) -> list[_Item]:
    """``A/B at (x,1/4,z) with x=1/2 and z=3/4``: the first values are A's, the second B's."""
    labels = match["labels"].split("/")
    values = {
        a: v.split("/") for a, v in re.findall(r"([xyz])=([\d.]+(?:/[\d.]+)*)", match["values"])
    }
    if any(len(v) != len(labels) for v in values.values()):
        return []
    items: list[_Item] = []
    for n, label in enumerate(labels):
        parts = [values[p][n] if p in values else p for p in match["xyz"].strip("()").split(",")]
        items.append((label, "", None, _triplet(",".join(parts))))
    return items


def _triplet(text: str) -> Triplet | None:
    parts = [p.strip() for p in text.strip("() ").split(",")]
    if len(parts) != 3:
        return None
    x, y, z = (site_coordinate(p) for p in parts)
    return x, y, z


def _roles(items: Sequence[_Item], composition: Mapping[str, float]) -> dict[str, str] | None:
    """The element of each label; None if that is not told."""
    labels = list(dict.fromkeys(label for label, *_ in items))
    names = {label: label for label in labels if label in composition}
    roles = [label for label in labels if label not in names]
    # `B` may be a role beside `A` where the formula has boron as well: then it is boron.
    others = [symbol for symbol in composition if symbol not in names]
    if len(roles) != len(others) or not items:
        return None
    atoms = {
        label: sum(int(s[:-1]) if s else 1 for name, _, s, _ in items if name == label)
        for label in labels
    }
    fits = []
    for chosen in permutations(others):
        trial = names | dict(zip(roles, chosen, strict=True))
        if len(roles) < 2 or same_ratios(
            {trial[label]: float(n) for label, n in atoms.items()}, dict(composition)
        ):
            fits.append(trial)
    return fits[0] if len(fits) == 1 else None


def read_row(row: Row) -> Reading:
    """What a row of the table states, and the columns that say something that was not read."""
    unread: list[str] = []
    group = lookup_space_group(row["space_group_symbol"]) if row["space_group_symbol"] else None
    number = read_number(row["space_group_number"])
    if row["space_group_symbol"] and group is None:
        unread.append("space_group_symbol")
    if row["space_group_number"] and number is None:
        unread.append("space_group_number")
    formula, composition = read_formula(
        row["target_formula_or_system"], row["space_group_symbol"] if group else ""
    )
    if formula is None:
        unread.append("target_formula_or_system")
    numbers: dict[str, Any] = {}
    for column, name in (*CELL.items(), ("pressure_GPa", "pressure_GPa")):
        numbers[name] = read_number(row[column])
        if row[column] and numbers[name] is None:
            unread.append(column)
    kind, system = read_types(row["phase_or_prototype"])
    stated = StatedStructure(
        formula=formula,
        composition=composition,
        space_group=group.stated if group else None,
        space_group_number=int(number) if number is not None else None,
        **numbers,
        sites=read_sites(row["atomic_positions_status"], composition),
        prototype=kind,
        crystal_system=system.lower() if system else None,
        shape=read_shape(row),
    )
    return Reading(stated, tuple(unread))


def measure(rows: Sequence[Row]) -> list[dict[str, Any]]:
    """A line for each row: what was read, and what came of it."""
    lines = []
    for row in rows:
        reading = read_row(row)
        rebuilt = rebuild(reading.stated)
        lines.append(_line(row, reading, rebuilt))
    return lines


def _line(row: Row, reading: Reading, rebuilt: Rebuilt) -> dict[str, Any]:
    stated, atoms = reading.stated, rebuilt.structure
    return {
        "case": row["case_id"],
        "kind": row["material_type"],
        "formula": stated.formula,
        "space_group": stated.space_group,
        "prototype": stated.prototype,
        "shape": stated.shape,
        "cell": [getattr(stated, name) for name in CELL.values()],
        "pressure_GPa": stated.pressure_GPa,
        "sites": [f"{s.label} {s.site} {s.xyz}" for s in stated.sites],
        "unread": list(reading.unread),
        "verdict": rebuilt.verdict.value,
        "way": rebuilt.way.value if rebuilt.way else None,
        "origin": rebuilt.origin,
        "repairs": list(rebuilt.repairs),
        "estimated": list(rebuilt.estimated),
        "reasons": [f"{f.severity.value} {f.name}: {f.message}" for f in rebuilt.reasons],
        "reason_names": sorted({f.name for f in rebuilt.reasons}),
        "rebuilt_cell": [round(v, 4) for v in atoms.lattice.parameters] if atoms else None,
        "contents": atoms.composition.formula if atoms else None,
        "volume_per_atom": round(atoms.volume / len(atoms), 3) if atoms else None,
    }


def report(lines: Sequence[Mapping[str, Any]]) -> str:
    """Tables of verdicts by kind, of ways, and of reasons."""
    verdicts = [v.value for v in Verdict]
    kinds = sorted({line["kind"] for line in lines})
    out = [f"{'kind':16}{'rows':>6}" + "".join(f"{v:>17}" for v in verdicts)]
    for kind in (*kinds, "all"):
        here = [line for line in lines if kind in (line["kind"], "all")]
        counts = Counter(line["verdict"] for line in here)
        out.append(f"{kind:16}{len(here):>6}" + "".join(f"{counts[v]:>17}" for v in verdicts))
    out.append("\nway")
    done = [line for line in lines if line["way"]]
    for way, number in Counter(line["way"] for line in done).most_common():
        mine = [line for line in done if line["way"] == way]
        sized = sum("c_A" in line["estimated"] or "a_A" in line["estimated"] for line in mine)
        out.append(f"  {way:24}{number:>5}   edges estimated {sized}")
    layers = [line for line in lines if line["shape"]]
    handed = sum(line["way"] is not None for line in layers)
    out.append(f"\nlayers, surfaces, strained: {len(layers)} rows, {handed} with a structure")
    out.append("\nreason (rows without a structure)")
    refused = [line for line in lines if not line["way"]]
    reasons = Counter(name for line in refused for name in line["reason_names"])
    out += [f"  {name:30}{number:>5}" for name, number in reasons.most_common()]
    out.append("\nwarnings (rows with a structure)")
    warned = Counter(
        r.split(":")[0].split(" ")[1] for li in done for r in li["reasons"] if r.startswith("warn")
    )
    out += [f"  {name:30}{number:>5}" for name, number in warned.most_common()]
    out.append("\nnot read (rows)")
    unread = Counter(name for line in lines for name in line["unread"])
    out += [f"  {name:30}{number:>5}" for name, number in unread.most_common()]
    return "\n".join(out)


def draw(lines: Sequence[Mapping[str, Any]], each: int, seed: int) -> list[Mapping[str, Any]]:
    """A seeded draw of ``each`` rows with a structure and ``each`` without."""
    rng = random.Random(seed)
    halves = [[li for li in lines if bool(li["way"]) is known] for known in (True, False)]
    return [li for half in halves for li in rng.sample(half, min(each, len(half)))]


def main() -> None:
    """Read, rebuild, print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("targets", type=Path)
    parser.add_argument("--json", type=Path)
    parser.add_argument("--csv", type=Path)
    parser.add_argument("--draw", type=int, default=0, help="rows to show, of each half")
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    warnings.simplefilter("ignore")
    with options.targets.open(encoding="utf-8-sig", newline="") as file:
        lines = measure(list(csv.DictReader(file)))
    print(report(lines))
    for line in draw(lines, options.draw, options.seed):
        print(json.dumps(line, ensure_ascii=False, indent=1))
    if options.json:
        options.json.write_text(json.dumps(lines, ensure_ascii=False, indent=1), "utf-8")
    if options.csv:
        with options.csv.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, list(lines[0]))
            writer.writeheader()
            writer.writerows(lines)


if __name__ == "__main__":
    main()
