"""Scores structures rebuilt from prototypes: space group and formula, with and without the cell.

    python benchmarks/prototypes.py COMPSC.csv [--wrong] [--fit]

COMPSC.csv is the table of CompSC (440 calculated superconductors with primitive cells, pressures
and DOIs). Each structure is stated by space group, formula and pressure, with its conventional
cell (4 decimals) or without, and rebuilt with a library that knows nothing of its paper, or
nothing of it alone. Right is what pymatgen's StructureMatcher with its default tolerances calls
the same. ``--fit`` prints the numbers of the model of ``prototype_choice`` fitted to all of it.
"""

from __future__ import annotations

import argparse
import sys
import warnings
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import asdict, replace
from pathlib import Path

import numpy as np
from pymatgen.core.structure_matcher import StructureMatcher

from scmine.validator.structures.library_building import Described, from_compsc
from scmine.validator.structures.prototype_choice import Evidence
from scmine.validator.structures.prototype_library import Example, Library, load_library
from scmine.validator.structures.prototypes import (
    evidence_of,
    from_prototypes,
    nearest_other,
    proposals,
)
from scmine.validator.structures.refusal import RefusalError
from scmine.validator.structures.stated import StatedStructure

Less = Callable[[Library, Example], Library]


def without_paper(library: Library, example: Example) -> Library:
    """The library without all structures of the example's papers."""
    return library.without(example.sources)


def without_itself(library: Library, example: Example) -> Library:
    """The library without the example (and what has its formula, pressure and paper)."""
    kept = []
    for prototype in library.prototypes:
        examples = tuple(e for e in prototype.examples if not _is_same(e, example))
        if examples:
            kept.append(replace(prototype, examples=examples))
    return Library(kept)


def _is_same(one: Example, other: Example) -> bool:
    return (
        one.composition == other.composition
        and one.pressure_GPa == other.pressure_GPa
        and bool(set(one.sources) & set(other.sources))
    )


MODES: dict[str, Less] = {"its paper": without_paper, "itself": without_itself}


def statement(example: Example, with_cell: bool) -> StatedStructure:
    """What a paper would state of a structure without its sites."""
    composition = {element: float(n) for element, n in example.composition.items()}
    stated = StatedStructure(
        composition=composition,
        space_group_number=example.number,
        pressure_GPa=example.pressure_GPa,
    )
    if not with_cell:
        return stated
    a, b, c, alpha, beta, gamma = example.cell
    return replace(stated, a_A=a, b_A=b, c_A=c, alpha_deg=alpha, beta_deg=beta, gamma_deg=gamma)


def score(structures: list[Described], with_cell: bool, less: Less, show: bool) -> Counter[str]:
    """Structures by outcome: match, wrong, or the reason of the refusal."""
    library, matcher = load_library(), StructureMatcher()
    counts: Counter[str] = Counter()
    for one in structures:
        try:
            found = from_prototypes(statement(one.example, with_cell), less(library, one.example))[
                0
            ]
        except RefusalError as refusal:
            counts[refusal.name] += 1
            continue
        outcome = "match" if matcher.fit(found.structure, one.structure) else "wrong"
        counts[outcome] += 1
        if show and outcome == "wrong":
            example = one.example
            line = f"{example.formula} {example.number} {example.pressure_GPa}: {found.origin}"
            sys.stdout.write(f"    wrong: {line}\n")
    return counts


def nearest(structures: list[Described]) -> Iterator[tuple[Evidence, bool]]:
    """The evidence for the nearest known structure of every statement, and whether it is right."""
    library, matcher = load_library(), StructureMatcher()
    for one in structures:
        for less in MODES.values():
            known = less(library, one.example)
            for with_cell in (True, False):
                try:
                    found = proposals(statement(one.example, with_cell), known)
                except RefusalError:
                    continue
                gap, _ = nearest_other(found)
                right = matcher.fit(found[0].fitted.structure(), one.structure)
                yield evidence_of(found[0], gap), bool(right)


def fit(structures: list[Described]) -> dict[str, float]:
    """Numbers of the logistic model: the most likely, with a weak pull to zero."""
    from scipy.optimize import minimize

    rows = list(nearest(structures))
    table = np.array([[1.0, *asdict(found).values()] for found, _ in rows])
    signs = np.array([1.0 if right else -1.0 for _, right in rows])

    def loss(weights: np.ndarray) -> float:
        misfit = np.logaddexp(0.0, -signs * (table @ weights)).sum()
        return float(misfit + 0.3 * (weights[1:] ** 2).sum())

    weights = minimize(loss, np.zeros(table.shape[1])).x
    return dict(zip(["constant", *asdict(rows[0][0])], weights.round(2).tolist(), strict=True))


def main() -> None:
    """Read the table, rebuild, print a row for each level and each library."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("compsc", type=Path)
    parser.add_argument("--wrong", action="store_true", help="print each wrong structure")
    parser.add_argument("--fit", action="store_true", help="fit the model of the choice")
    arguments = parser.parse_args()
    warnings.simplefilter("ignore")
    structures = list(from_compsc(arguments.compsc))
    if arguments.fit:
        for name, value in fit(structures).items():
            sys.stdout.write(f"{name} = {value}\n")
        return
    sys.stdout.write(
        f"{len(structures)} structures\nstated            without    match  wrong  refused\n"
    )
    for level, with_cell in (("group, formula, cell", True), ("group, formula", False)):
        for name, less in MODES.items():
            counts = score(structures, with_cell, less, arguments.wrong)
            match, wrong = (100 * counts[k] / len(structures) for k in ("match", "wrong"))
            rest = ", ".join(f"{k} {n}" for k, n in counts.items() if k not in ("match", "wrong"))
            refused = f"{100 - match - wrong:5.1f} ({rest})"
            sys.stdout.write(f"{level:21}{name:10}{match:5.1f}  {wrong:5.1f}  {refused}\n")


if __name__ == "__main__":
    main()
