"""The library of known structures: prototypes, the examples that support each, and its lookup.

Loads ``data/prototypes.jsonl``. How the file is made is in ``library_building``; how a statement
is matched with what is here is in ``prototypes``.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from functools import cache, cached_property, lru_cache
from math import gcd
from typing import TYPE_CHECKING, Any

from scmine.extractors.elements import elements
from scmine.validator.data_files import load_lines
from scmine.validator.structures.settings import operations

if TYPE_CHECKING:
    import numpy as np

_SNAP = 2e-5
"""How far a coordinate of five decimals may be from n/24 to be meant as it."""
_SAME_PLACE = 5e-3
"""Images of one atom nearer than this, in fractions of the cell, are one atom."""

_GREEK = {"α": "alpha", "β": "beta", "γ": "gamma", "δ": "delta", "ε": "epsilon", "σ": "sigma"}


@dataclass(frozen=True, slots=True)
class Site:
    """One site of the asymmetric unit: element, Wyckoff letter, and a representative position."""

    element: str
    letter: str
    xyz: tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class Example:
    """One known structure on its standard conventional cell (the first setting of spglib).

    ``cell`` is a, b, c in ångström and alpha, beta, gamma in degrees; ``pressure_GPa`` is None
    where the source names none; ``sources`` are DOIs, arXiv numbers or names of collections.
    ``vacant`` is the number of the site that lacks atoms where the compound has too few of their
    element (the chains of YBa2Cu3O7); None where no source says so.
    """

    number: int
    hall: int
    cell: tuple[float, float, float, float, float, float]
    sites: tuple[Site, ...]
    pressure_GPa: float | None
    sources: tuple[str, ...]
    composition: dict[str, int]
    vacant: int | None = None

    @property
    def formula(self) -> str:
        """The formula by electronegativity as stored (``LaH10``)."""
        return "".join(f"{el}{n if n > 1 else ''}" for el, n in self.composition.items())


@dataclass(frozen=True, slots=True)
class Prototype:
    """A structure type: its names, best known first, and examples alike when made anonymous."""

    names: tuple[str, ...]
    number: int
    examples: tuple[Example, ...] = field(repr=False)

    @property
    def name(self) -> str:
        """The best known name; of one without a name, the formula of its first example."""
        return re.sub(r" \d{1,3}$", "", self.names[0])


def anonymous(amounts: Iterable[float]) -> tuple[int, ...] | None:
    """Amounts of a formula in smallest whole numbers, sorted; None if they are not whole numbers.

    >>> anonymous({"H": 10, "La": 1}.values()), anonymous([0.5, 1.5]), anonymous([0.93, 1])
    ((1, 10), (1, 3), None)
    """
    values = list(amounts)
    for factor in (1, 2, 3, 4, 5, 6, 8):
        scaled = [value * factor for value in values]
        whole = [round(value) for value in scaled]
        if all(n > 0 and abs(n - v) < 1e-3 * factor for n, v in zip(whole, scaled, strict=True)):
            divisor = gcd(*whole)
            return tuple(sorted(n // divisor for n in whole))
    return None


def plain_name(name: str) -> str:
    """A name of a structure type without what varies: case, dashes, `type`, `structure`, `like`.

    >>> plain_name("ThCr2Si2-type"), plain_name("sodalite-like clathrate"), plain_name("D0_3")
    ('thcr2si2', 'sodalite', 'd03')
    >>> plain_name("β-W"), plain_name("beta-W structure")
    ('betaw', 'betaw')
    """
    for letter, spelt in _GREEK.items():
        name = name.replace(letter, spelt)
    text = re.sub(r"\((?:[A-L]\s?\d+[a-z_]*)\)", " ", name.replace("₂", "2").replace("’", "'"))
    weak = (
        r"type|like|structures?|structured|prototype|phases?|derived|related|based|clathrates?|cage"
    )
    words = re.split(r"[\s-]+", text.strip())
    kept = [w for w in words if not re.fullmatch(weak, w, re.I)] or words
    return re.sub(r"[^\w']|_", "", "".join(kept)).lower()


def plain_source(source: str) -> str:
    """A DOI or arXiv number without case, resolver, brackets or version.

    >>> plain_source("https://doi.org/10.1103/PhysRevB.1"), plain_source("[arXiv:2109.07051v1]")
    ('10.1103/physrevb.1', 'arxiv:2109.07051')
    """
    text = re.sub(r"^\W*(?:https?://(?:dx\.)?doi\.org/|doi:\s*)?", "", source.strip(), flags=re.I)
    text = text.lower().rstrip("]\"' .,;)")
    return re.sub(r"^(arxiv:.*?)v\d+$", r"\1", text)


class Library:
    """Prototypes with lookup by space group and formula, and by name."""

    def __init__(self, prototypes: Iterable[Prototype]) -> None:
        self.prototypes = tuple(prototypes)

    def without(self, dois: Iterable[str]) -> Library:
        """The library as if the papers ``dois`` did not exist."""
        unknown = {plain_source(doi) for doi in dois}
        kept = []
        for prototype in self.prototypes:
            examples = tuple(
                e
                for e in prototype.examples
                if not any(plain_source(source) in unknown for source in e.sources)
            )
            if examples:
                kept.append(replace(prototype, examples=examples))
        return Library(kept)

    def matching(self, number: int, amounts: tuple[int, ...]) -> list[Prototype]:
        """Prototypes of a space group with the anonymous formula ``amounts``."""
        return self._by_formula.get((number, amounts), [])

    def named(self, name: str) -> list[Prototype]:
        """Prototypes that a name of a structure type means; empty if it is not known.

        Besides names, the formula of an example (``LaH10-type``) means the prototypes that have it.
        """
        known = self._by_name.get(plain_name(name))
        if known:
            return known
        formula = re.sub(r"[\s-]*(?:type|like|structured?|prototype).*$", "", name, flags=re.I)
        return self._by_composition.get(_amounts(formula), [])

    @cached_property
    def _by_formula(self) -> dict[tuple[int, tuple[int, ...]], list[Prototype]]:
        table = defaultdict(list)
        for prototype in self.prototypes:
            amounts = anonymous(prototype.examples[0].composition.values())
            if amounts:
                table[prototype.number, amounts].append(prototype)
        return dict(table)

    @cached_property
    def _by_name(self) -> dict[str, list[Prototype]]:
        table: dict[str, list[Prototype]] = defaultdict(list)
        for prototype in self.prototypes:
            for name in {plain_name(n) for n in prototype.names}:
                table[name].append(prototype)
        return dict(table)

    @cached_property
    def _by_composition(self) -> dict[frozenset[tuple[str, int]], list[Prototype]]:
        table: dict[frozenset[tuple[str, int]], list[Prototype]] = defaultdict(list)
        for prototype in self.prototypes:
            for composition in {frozenset(e.composition.items()) for e in prototype.examples}:
                table[composition].append(prototype)
        return dict(table)


def _amounts(formula: str) -> frozenset[tuple[str, int]]:
    """The elements of a plain formula with their amounts; empty if it is no plain formula.

    >>> sorted(_amounts("LaH10")), _amounts("A15-type")
    ([('H', 10), ('La', 1)], frozenset())
    """
    if not re.fullmatch(r"(?:[A-Z][a-z]?\d*)+", formula):
        return frozenset()
    parts = re.findall(r"([A-Z][a-z]?)(\d*)", formula)
    if len({symbol for symbol, _ in parts}) < len(parts):
        return frozenset()
    if any(symbol not in elements() for symbol, _ in parts):
        return frozenset()
    return frozenset((symbol, int(number or 1)) for symbol, number in parts)


@cache
def load_library() -> Library:
    """The library of the package."""
    return Library(_prototype(json.loads(line)) for line in load_lines("prototypes.jsonl"))


def _prototype(row: dict[str, Any]) -> Prototype:
    """A prototype from a line of the file."""
    examples = tuple(_example(row, e) for e in row["examples"])
    return Prototype(tuple(row["names"]), row["number"], examples)


def _example(row: dict[str, Any], example: dict[str, Any]) -> Example:
    sites = []
    for written in example["sites"].split(";"):
        element, letter, *xyz = written.split()
        x, y, z = (_snapped(float(value)) for value in xyz)
        sites.append(Site(element, letter, (x, y, z)))
    a, b, c, alpha, beta, gamma = example["cell"]
    return Example(
        number=row["number"],
        hall=row["hall"],
        cell=(a, b, c, alpha, beta, gamma),
        sites=tuple(sites),
        pressure_GPa=example.get("pressure"),
        sources=tuple(example["sources"]),
        composition=dict(example["composition"]),
        vacant=example.get("vacant"),
    )


def _snapped(value: float) -> float:
    """A coordinate of five decimals with twenty-fourths made exact (0.33333 is 1/3)."""
    nearest = round(value * 24) / 24
    return nearest if abs(nearest - value) < _SNAP else value


def expand(example: Example) -> tuple[list[str], np.ndarray]:
    """All atoms of the conventional cell of an example: elements, and fractions of shape (n, 3)."""
    elements, positions, _ = _expanded(example.hall, example.sites)
    return elements, positions


def vacant_atoms(example: Example) -> list[int]:
    """The atoms of ``expand`` that are missing first; none if no source says which."""
    _, _, numbers = _expanded(example.hall, example.sites)
    return [i for i, number in enumerate(numbers) if number == example.vacant]


@lru_cache(maxsize=4096)
def _expanded(hall: int, sites: tuple[Site, ...]) -> tuple[list[str], np.ndarray, list[int]]:
    """Elements, fractions, and of which site each atom is."""
    import numpy as np

    rotations, translations = operations(hall)
    found: list[str] = []
    positions = []
    numbers: list[int] = []
    for number, site in enumerate(sites):
        images = (rotations @ np.array(site.xyz) + translations) % 1.0
        kept: list[np.ndarray] = []
        for image in images:
            apart = [np.abs((image - other + 0.5) % 1.0 - 0.5).max() for other in kept]
            if not apart or min(apart) > _SAME_PLACE:
                kept.append(image)
        found += [site.element] * len(kept)
        numbers += [number] * len(kept)
        positions += kept
    return found, np.array(positions), numbers
