"""Structures that are known atom by atom, from a CSV file with the columns of CompSC.

Columns: ``ID``, ``composition``, ``pressure`` (GPa), ``Lambda``, ``omlog`` (K), the primitive cell
(``a`` to ``gamma``; Å, degrees), ``species`` and ``xred`` (JSON lists), ``ref`` (DOIs).
"""

from __future__ import annotations

import csv
import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from scmine.corpora.types import CorpusError
from scmine.extractors.elements import elements

if TYPE_CHECKING:
    from pymatgen.core import Structure

_CELL = ("a", "b", "c", "alpha", "beta", "gamma")
_NEEDED = ("ID", "composition", "pressure", *_CELL, "species", "xred", "ref")


@dataclass(frozen=True, slots=True)
class Known:
    """One structure: its number in the file, its atoms, and the papers that it is from.

    ``lambda_`` and ``omega_log_K`` are None where the file does not have them.
    """

    ident: str
    structure: Structure
    pressure_GPa: float
    papers: tuple[str, ...]
    lambda_: float | None = None
    omega_log_K: float | None = None

    @property
    def paper(self) -> str:
        """The first of its papers, which it is counted with."""
        return self.papers[0]


def load_known(path: Path) -> list[Known]:
    """The structures of a file, in its order.

    Raises
    ------
    FileNotFoundError
        If there is no such file.
    CorpusError
        If a column is missing or a row cannot be read; the message names the line.
    """
    with path.open(newline="", encoding="utf-8-sig") as stream:
        reader = csv.DictReader(stream)
        missing = [name for name in _NEEDED if name not in (reader.fieldnames or ())]
        if missing:
            raise CorpusError(path, f"has no column {', '.join(missing)}", 1)
        found = [_known(path, reader.line_num, row) for row in reader]
    if not found:
        raise CorpusError(path, "holds no structure")
    return found


def _known(path: Path, line: int, row: dict[str, str]) -> Known:
    from pymatgen.core import Lattice, Structure

    try:
        cell = [float(row[name]) for name in _CELL]
        species = [str(s).strip() for s in json.loads(row["species"])]
        places = [[float(x) for x in xyz] for xyz in json.loads(row["xred"])]
        unknown = sorted(set(species) - set(elements()))
        if unknown:
            raise ValueError(f"no element: {', '.join(unknown)}")
        return Known(
            row["ID"],
            Structure(Lattice.from_parameters(*cell), species, places),
            _pressure(row["pressure"]),
            _papers(row["ref"]) or (f"structure {row['ID']}",),
            _number(row.get("Lambda")),
            _number(row.get("omlog")),
        )
    except (ValueError, TypeError) as error:
        raise CorpusError(path, str(error), line) from error


def _papers(text: str) -> tuple[str, ...]:
    """DOIs and arXiv numbers, brackets and quotes around them taken off.

    >>> _papers("[10.1103/PhysRevB.1.1,arXiv:2109.07051v1]")
    ('10.1103/physrevb.1.1', 'arxiv:2109.07051')
    """
    plain = re.sub(r"[\[\]'\"\s]", "", text).lower()
    return tuple(re.sub(r"(?<=\d)v\d+$", "", name) for name in plain.split(",") if name)


def _pressure(text: str) -> float:
    """The number that the text begins with; the names of files stand behind some."""
    match = re.match(r"\s*(\d+(?:\.\d+)?)", text)
    if match is None:
        raise ValueError(f"pressure: {text!r} is no number")
    return float(match.group(1))


def _number(text: str | None) -> float | None:
    try:
        return float(text) if text else None
    except ValueError:
        return None
