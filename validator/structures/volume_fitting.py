"""Fitting the table of atomic volumes: ``python -m scmine.validator.structures.volume_fitting``.

Fits a volume and a bulk modulus of each element to the cells of the library of prototypes, prints
the error on papers that were left out, and writes ``data/atomic_volumes.csv``. What the table is
used for is in ``volumes``.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from pymatgen.core import Element, Lattice
from scipy.optimize import least_squares

from scmine.validator.structures.prototype_library import (
    Example,
    expand,
    load_library,
    plain_source,
)
from scmine.validator.structures.volumes import STIFFENING

_FOLDS = 8
_SPREAD = 0.08
"""How far ln(volume) of a structure lies from the sum over its elements; farther counts less."""
_VOLUME_PRIOR, _MODULUS_PRIOR = 0.5, 0.6
"""How strongly ln of volume and modulus are pulled to the prior where there are few structures."""
_MODULUS_GPA = 80.0
_HEAD = """\
# Volume of an atom in a crystal at ambient pressure and its bulk modulus, by element, and the
# number of structures with the element. Fitted by scmine.validator.structures.volume_fitting on
# the structures of prototypes.jsonl (sources there); elements with few structures are near a prior
# from their atomic radii (Slater, J. Chem. Phys. 41, 3199, 1964).
element,volume_A3,bulk_modulus_GPa,structures
"""


@dataclass(frozen=True)
class Table:
    """Structures as arrays: atoms of each element (n, e), volume in Å³ and pressure in GPa (n)."""

    elements: list[str]
    atoms: np.ndarray
    volumes: np.ndarray
    pressures: np.ndarray
    papers: list[str]

    def model(self, parameters: np.ndarray, rows: np.ndarray) -> np.ndarray:
        """The volumes of some rows from ln of the volumes and moduli of the elements."""
        count = len(self.elements)
        volume, modulus = np.exp(parameters[:count]), np.exp(parameters[count:])
        pressed = 1 + STIFFENING * self.pressures[rows, None] / modulus
        return np.asarray((self.atoms[rows] * volume * pressed ** (-1 / STIFFENING)).sum(axis=1))

    def fit(self, rows: np.ndarray) -> np.ndarray:
        """ln of volume and modulus of each element, from some of the structures."""
        prior = np.concatenate(
            [[np.log(_prior_volume(el)) for el in self.elements],
             np.full(len(self.elements), np.log(_MODULUS_GPA))]
        )  # fmt: skip
        weights = np.repeat([_VOLUME_PRIOR, _MODULUS_PRIOR], len(self.elements))
        measured = np.log(self.volumes[rows])

        def residuals(parameters: np.ndarray) -> np.ndarray:
            apart = (np.log(self.model(parameters, rows)) - measured) / _SPREAD
            return np.concatenate([np.arctan(apart), weights * (parameters - prior)])

        return np.asarray(least_squares(residuals, prior, max_nfev=60).x)


def _prior_volume(element: str) -> float:
    radius = Element(element).atomic_radius
    return 4.19 * float(radius or 1.4) ** 3 + 3.0


def read_table(examples: list[Example]) -> Table:
    """The library's structures as a table; no pressure counts as ambient."""
    counted = [Counter(expand(example)[0]) for example in examples]
    elements = sorted({el for atoms in counted for el in atoms})
    return Table(
        elements=elements,
        atoms=np.array([[float(atoms[el]) for el in elements] for atoms in counted]),
        volumes=np.array([Lattice.from_parameters(*e.cell).volume for e in examples]),
        pressures=np.array([e.pressure_GPa or 0.0 for e in examples]),
        papers=[plain_source(e.sources[0]) for e in examples],
    )


def left_out_errors(table: Table) -> np.ndarray:
    """ln(estimate / volume) of each structure by a fit without the structures of its paper.

    Collections that are one source (AFLOW, HTSC-2025) are split as if each entry were a paper.
    """
    random = np.random.default_rng(0)
    sizes = Counter(table.papers)
    fold = {paper: int(random.integers(_FOLDS)) for paper in sorted(sizes)}
    folds = np.array(
        [int(random.integers(_FOLDS)) if sizes[p] > 100 else fold[p] for p in table.papers]
    )
    errors = np.zeros(len(folds))
    for k in range(_FOLDS):
        rest, out = np.flatnonzero(folds != k), np.flatnonzero(folds == k)
        errors[out] = np.log(table.model(table.fit(rest), out) / table.volumes[out])
    return errors


def main() -> None:
    """Fit, print the errors, write the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    default = Path(__file__).parent.parent / "data" / "atomic_volumes.csv"
    parser.add_argument("--output", type=Path, default=default)
    arguments = parser.parse_args()
    table = read_table([e for p in load_library().prototypes for e in p.examples])
    errors = np.abs(left_out_errors(table))
    for name, rows in (("all", errors), ("under pressure", errors[table.pressures > 0])):
        middle, most, nearly = (100 * np.percentile(rows, share) for share in (50, 68, 90))
        line = f"{len(rows)} structures: half within {middle:.1f} %, 68 % within {most:.1f} %"
        sys.stdout.write(f"{name}, {line}, 90 % within {nearly:.1f} %\n")
    fitted = np.exp(table.fit(np.arange(len(errors))))
    lines = []
    for i, element in enumerate(table.elements):
        modulus = fitted[len(table.elements) + i]
        count = int((table.atoms[:, i] > 0).sum())
        lines.append(f"{element},{fitted[i]:.2f},{modulus:.1f},{count}\n")
    arguments.output.write_text(_HEAD + "".join(lines), "utf-8")


if __name__ == "__main__":
    main()
