"""Host structures from files that the user points to: CIF (COD, ICSD, own), Materials Project JSON.

A folder is looked through once; of each file only the formula is read then, and the atoms when a
statement needs them. Nothing is downloaded.
"""

from __future__ import annotations

import json
import re
import warnings
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pymatgen.core import Structure

LARGEST_CIF_BYTES = 2_000_000
"""A host's file above this is left out: a cell of superconductors takes a few kilobytes."""
LARGEST_JSON_BYTES = 500_000_000

_FORMULA_SUM = re.compile(
    r"^_chemical_formula_sum[ \t]*(?:\r?\n)?[ \t]*"
    r"(?:'([^'\n]*)'|\"([^\"\n]*)\"|;?([^'\"\s][^\n]*))",
    re.M,
)
_PART = re.compile(r"([A-Z][a-z]?)(\d*\.?\d*)")


@dataclass(frozen=True)
class Host:
    """One host: where it comes from, its composition, and what its atoms are read from."""

    origin: str
    composition: dict[str, float]
    source: Path | Mapping[str, Any] | str

    @cached_property
    def structure(self) -> Structure:
        """Its atoms.

        Raises
        ------
        ValueError
            If the file, or the entry, holds no structure that can be read.
        """
        from pymatgen.core import Structure

        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                if isinstance(self.source, Path):
                    text = self.source.read_text("utf-8", "replace")
                    return Structure.from_str(text, fmt="cif")
                if isinstance(self.source, str):
                    return Structure.from_str(self.source, fmt="cif")
                return Structure.from_dict(dict(self.source))
        except (ArithmeticError, AssertionError, LookupError, TypeError, ValueError) as error:
            raise ValueError(f"{self.origin}: no structure could be read: {error}") from error


class Hosts:
    """Host structures, found by their elements.

    ``left_out`` says of each file that is no use why.
    """

    def __init__(
        self, hosts: Iterable[Host] = (), left_out: Iterable[tuple[str, str]] = ()
    ) -> None:
        self._by_elements: dict[frozenset[str], list[Host]] = {}
        self.left_out = list(left_out)
        for host in hosts:
            self._by_elements.setdefault(frozenset(host.composition), []).append(host)

    def __len__(self) -> int:
        return sum(map(len, self._by_elements.values()))

    def within(self, elements: Iterable[str]) -> Iterator[Host]:
        """The hosts that hold no element beyond ``elements``."""
        wanted = frozenset(elements)
        for found, hosts in self._by_elements.items():
            if found <= wanted:
                yield from hosts


def read_hosts(path: Path) -> Hosts:
    """The hosts in a folder (its folders included) or in one file.

    Reads ``*.cif`` and ``*.json``; JSON is a pymatgen structure, a Materials Project document (with
    ``structure`` or ``cif``), or a list or map of them.

    Raises
    ------
    FileNotFoundError
        If there is nothing at ``path``.
    """
    if not path.exists():
        raise FileNotFoundError(f"{path}: no such file or folder of host structures")
    hosts: list[Host] = []
    left_out: list[tuple[str, str]] = []
    for file in _files(path):
        try:
            hosts.extend(_of_cif(file) if file.suffix.lower() == ".cif" else _of_json(file))
        except (OSError, ValueError) as error:
            left_out.append((str(file), str(error)))
    return Hosts(hosts, left_out)


def _files(path: Path) -> list[Path]:
    if path.is_file():
        return [path]
    return sorted(
        p for p in path.rglob("*") if p.suffix.lower() in {".cif", ".json"} and p.is_file()
    )


def _of_cif(file: Path) -> list[Host]:
    if file.stat().st_size > LARGEST_CIF_BYTES:
        raise ValueError(f"larger than {LARGEST_CIF_BYTES:,} bytes")
    composition = formula_sum(file.read_text("utf-8", "replace"))
    if not composition:
        raise ValueError("it states no _chemical_formula_sum")
    return [Host(str(file), composition, file)]


def formula_sum(cif: str) -> dict[str, float]:
    """The composition that a CIF states of itself; empty if it states none.

    >>> formula_sum("_chemical_formula_sum 'La2 Cu O4'")
    {'La': 2.0, 'Cu': 1.0, 'O': 4.0}
    """
    match = _FORMULA_SUM.search(cif)
    amounts: dict[str, float] = {}
    if match is None:
        return amounts
    text = match[1] or match[2] or match[3] or ""
    for symbol, number in _PART.findall(text):
        element = "H" if symbol in {"D", "T"} else symbol
        amounts[element] = amounts.get(element, 0.0) + (float(number) if number.strip(".") else 1.0)
    return {element: amount for element, amount in amounts.items() if amount > 0}


def _of_json(file: Path) -> list[Host]:
    if file.stat().st_size > LARGEST_JSON_BYTES:
        raise ValueError(f"larger than {LARGEST_JSON_BYTES:,} bytes")
    content = json.loads(file.read_text("utf-8"))
    hosts = list(_entries(content, str(file)))
    if not hosts:
        raise ValueError(
            "it holds no structure: neither `lattice` and `sites`, nor `structure` or `cif`"
        )
    return hosts


def _entries(content: Any, origin: str) -> Iterator[Host]:
    """Hosts of one structure, one document, or a list or a map of them; two levels at most."""
    single = _entry(content, origin)
    if single is not None:
        yield single
    elif isinstance(content, list | dict):
        pairs = content.items() if isinstance(content, dict) else enumerate(content)
        for key, value in pairs:
            entry = _entry(value, f"{origin}#{key}")
            if entry is not None:
                yield entry


def _entry(content: Any, origin: str) -> Host | None:
    if not isinstance(content, dict):
        return None
    name = next((content[k] for k in ("material_id", "cod_id", "task_id") if k in content), None)
    label = f"{origin} ({name})" if isinstance(name, str) else origin
    held = content.get("structure", content)
    if isinstance(held, dict) and "lattice" in held and isinstance(held.get("sites"), list):
        composition = _sites_composition(held["sites"])
        return Host(label, composition, held) if composition else None
    text = content.get("cif", held if isinstance(held, str) else None)
    if isinstance(text, str) and (composition := formula_sum(text)):
        return Host(label, composition, text)
    return None


def _sites_composition(sites: list[Any]) -> dict[str, float]:
    amounts: dict[str, float] = {}
    for site in sites:
        for species in site.get("species", ()) if isinstance(site, dict) else ():
            element, occupancy = species.get("element"), species.get("occu", 1)
            if isinstance(element, str) and isinstance(occupancy, int | float):
                amounts[element] = amounts.get(element, 0.0) + float(occupancy)
    return amounts
