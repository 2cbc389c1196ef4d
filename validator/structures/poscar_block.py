"""A POSCAR of VASP 4 or 5: lattice vectors, elements and coordinates of all atoms.

VASP 4 names no elements: they come from its comment line, from names behind the coordinates, or
from the stated formula where the counts leave one choice.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from scmine.validator.structures.expressions import Floats
from scmine.validator.structures.refusal import RefusalError

MOST_ATOMS = 2000
_MOST_LINES = 3 * MOST_ATOMS + 50
_MOST_KINDS = 7
_LONGEST_LINE = 1000


@dataclass(frozen=True, slots=True)
class Poscar:
    """Lattice vectors as rows (3, 3) in Å, and element and fractional coordinates of each atom."""

    lattice: Floats
    elements: tuple[str, ...]
    coordinates: Floats


def read_poscar(text: str, composition: Mapping[str, float]) -> Poscar:
    """A POSCAR's atoms; ``composition`` names the elements of a file that does not.

    Raises
    ------
    RefusalError
        ``block_unreadable``, ``block_too_large``, or ``block_without_elements``.
    """
    lines = [line[:_LONGEST_LINE].replace("−", "-") for line in text.splitlines()[:_MOST_LINES]]
    while lines and not lines[0].strip() and len(lines) > 1 and not _numbers(lines[1], 1):
        lines = lines[1:]
    try:
        return _read(lines, composition)
    except (IndexError, ValueError) as error:
        message = f"the POSCAR breaks off or is none: {error}"
        raise RefusalError("block_unreadable", message) from None


def _read(lines: Sequence[str], composition: Mapping[str, float]) -> Poscar:
    scale = [float(x) for x in lines[1].split()[:3] if _is_number(x)]
    vectors = np.array([[float(x) for x in line.split()[:3]] for line in lines[2:5]])
    if vectors.shape != (3, 3) or not scale or not np.isfinite(vectors).all():
        raise ValueError("no lattice vectors")
    lattice = _scaled(vectors, scale)
    position = 5
    names = lines[5].split() if not _numbers(lines[5], 1) else []
    if names:
        position = 6
    counts = [int(x) for x in itertools.takewhile(str.isdigit, lines[position].split())]
    total = sum(counts)
    if not counts or total == 0:
        raise ValueError("no numbers of atoms")
    if total > MOST_ATOMS:
        raise RefusalError("block_too_large", f"a POSCAR of {total} atoms is not read")
    position += 1
    if lines[position].strip()[:1].upper() == "S":
        position += 1
    mode = lines[position].strip()[:1].upper()
    rows = [line.split() for line in lines[position + 1 : position + 1 + total]]
    coordinates = np.array([[float(x) for x in row[:3]] for row in rows])
    if coordinates.shape != (total, 3) or not np.isfinite(coordinates).all():
        raise ValueError("atoms are missing")
    if mode in ("C", "K"):
        factor = scale[0] if len(scale) == 1 and scale[0] > 0 else np.array(scale)
        factor = _factor(vectors, scale) if scale[0] < 0 else factor
        coordinates = (coordinates * factor) @ np.linalg.inv(lattice)
    kinds = _kinds(names, counts, lines[0], rows, composition)
    return Poscar(lattice, tuple(kinds), coordinates)


def _scaled(vectors: Floats, scale: Sequence[float]) -> Floats:
    """The lattice in Å; a negative scale is the cell's volume, three scale x, y and z."""
    if abs(np.linalg.det(vectors)) < 1e-9:
        raise ValueError("the lattice vectors span no cell")
    if len(scale) == 3:
        return np.asarray(vectors * np.array(scale))
    return np.asarray(vectors * (_factor(vectors, scale) if scale[0] < 0 else scale[0]))


def _factor(vectors: Floats, scale: Sequence[float]) -> float:
    return float((-scale[0] / abs(np.linalg.det(vectors))) ** (1 / 3))


def _kinds(
    names: Sequence[str],
    counts: Sequence[int],
    comment: str,
    rows: Sequence[Sequence[str]],
    composition: Mapping[str, float],
) -> list[str]:
    """The element of each atom."""
    for candidates in (names, comment.split(), re.findall(r"[A-Z][a-z]?", comment)):
        symbols = [_symbol(name) for name in candidates]
        known = [symbol for symbol in symbols if symbol]
        if len(known) == len(counts) and (candidates is not names or len(known) == len(names)):
            return _spread(known, counts)
    behind = [_symbol(row[-1]) if len(row) > 3 else None for row in rows]
    listed = [symbol for symbol in behind if symbol]
    if len(listed) == len(rows):
        return listed
    fitting = _by_counts(counts, composition)
    if fitting is None:
        message = "the POSCAR does not say which elements its atoms are"
        raise RefusalError("block_without_elements", message)
    return _spread(fitting, counts)


def _by_counts(counts: Sequence[int], composition: Mapping[str, float]) -> list[str] | None:
    """The one order of the formula's elements whose amounts are as the counts; None if unclear."""
    if len(counts) != len(composition) or len(counts) > _MOST_KINDS:
        return None
    found = []
    for order in itertools.permutations(composition):
        ratios = [n / composition[e] for n, e in zip(counts, order, strict=True)]
        if max(ratios) - min(ratios) < 1e-3 * max(ratios):
            found.append(list(order))
    return found[0] if len(found) == 1 else None


def _spread(symbols: Sequence[str], counts: Sequence[int]) -> list[str]:
    return [symbol for symbol, count in zip(symbols, counts, strict=True) for _ in range(count)]


def _symbol(name: str) -> str | None:
    """The element of a name as POTCAR files spell it (``Ba_sv``, ``Fe_pv``, ``H/abc``)."""
    from pymatgen.core import Element

    letters = re.match(r"([A-Z][a-z]?)(?![A-Za-z])", name)
    if letters is None:
        return None
    symbol = {"D": "H", "T": "H"}.get(letters[1], letters[1])
    return symbol if Element.is_valid_symbol(symbol) else None


def _is_number(text: str) -> bool:
    try:
        return bool(np.isfinite(float(text)))
    except ValueError:
        return False


def _numbers(line: str, least: int) -> bool:
    """Whether a line begins with at least so many numbers."""
    words = line.split()
    return len(words) >= least and all(_is_number(word) for word in words[:least])
