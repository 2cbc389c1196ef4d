"""Site columns: where a table of atomic sites keeps atoms, positions and coordinates.

Coordinates stand in three columns, in one, or with atom and position in one cell of many lines.
Which structure a row's sites belong to is told in ``table_sites``.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from scmine.extractors.characters import uniform
from scmine.extractors.document import Table
from scmine.extractors.elements import elements
from scmine.extractors.site_chains import chains
from scmine.extractors.site_coordinates import COORDINATE, NUMBER, assigned, filled, site_coordinate
from scmine.extractors.table_head import head_words
from scmine.extractors.table_sheet import EMPTY, head_parts, plain_text

_COORDINATE = re.compile(rf"{COORDINATE}")
_POSITION = r"\d{1,3}\s?[a-zA]|\d{1,3}α"
_SITE = re.compile(rf"^\(?({_POSITION})\)?(?:\s?\(.{{1,24}}\))?$")
_LABEL = (
    r"(?P<element>[A-Z][a-z]?)"
    r"(?P<rest>(?:\s?\(\s?\d{1,2}\s?\)|\d{1,2}(?!\d?\s?[a-zA]\b)|\s\d{1,2}(?!\d|\s?[a-z])"
    r"|\s?[IVX]{1,4}(?![a-z]))?['′″*]?)"
)
_ATOM = re.compile(
    rf"^{_LABEL}(?:\s?\d?[+-])?\s?(?:[\s:,]?\s?[\[(]?\s?(?P<site>{_POSITION})\s?[\])]?)?$"
    rf"|^\(?(?P<before>{_POSITION})\)?\s?[:,]?\s?(?P<after>[A-Z][a-z]?)(?P<number>\d{{0,2}})$"
)
_SEPARATOR = r"(?:\s?[,;]\s?|\s)"
_TRIPLE = re.compile(
    rf"^[\[(]?\s?({COORDINATE}){_SEPARATOR}({COORDINATE}){_SEPARATOR}({COORDINATE})\s?[\])]?$"
)
_PACKED = re.compile(
    rf"{_LABEL}(?:\s?[:,]?\s?[\[(]?\s?(?P<site>{_POSITION})\s?[\])]?)?\s?[:,]?\s?(?:at\s)?[\[(]?\s?"
    rf"(?P<x>{COORDINATE}){_SEPARATOR}(?P<y>{COORDINATE}){_SEPARATOR}(?P<z>{COORDINATE})(?![\d.])"
    r"\s?[\])]?"
)
_ABOUT_COORDINATES = re.compile(
    r"coordinat|position|fraction|wyckoff|atom|^\(?x\s?,\s?y\s?,\s?z\)?$|^xyz$", re.I
)
_LARGEST = 1.5
"""A coordinate is smaller."""

_LEFT = 4
"""Characters of brackets and stops around the sites of a cell."""
_MOST = 0.8
"""Share of a column's cells that must be what the column is said to hold."""


@dataclass(frozen=True, slots=True)
class SiteColumns:
    """The columns of a table of sites by their index; those that it does not have are None.

    ``packed`` holds whole sites; else ``atom`` and either ``axes`` or ``triple`` are there.
    """

    atom: int | None = None
    wyckoff: int | None = None
    axes: tuple[int, int, int] | None = None
    triple: int | None = None
    packed: int | None = None
    occupancy: int | None = None

    @property
    def used(self) -> set[int]:
        """The indices of all of them."""
        single = (self.atom, self.wyckoff, self.triple, self.packed, self.occupancy)
        return {i for i in (*single, *(self.axes or ())) if i is not None}


def site_columns(table: Table) -> SiteColumns | None:
    """Where ``table`` keeps its sites; None if it is no table of sites."""
    if not table.header or not table.body:
        return None
    heads = [head_parts(table, i) for i in range(len(table.rows[0]))]
    columns = [[plain_text(row[i]) for row in table.body] for i in range(len(heads))]
    axes = _axes(heads, columns)
    occupancy = _named(heads, "occupancy")
    if axes is not None:
        free = [i for i in range(len(heads)) if i not in axes]
        counted = [n for n, text in enumerate(columns[axes[2]]) if _has_coordinate(text)]
        return _with_atoms(heads, columns, free, counted, axes=axes, occupancy=occupancy)
    told = [[t for t in texts if not EMPTY.match(t)] for texts in columns]
    for i, said in enumerate(told):
        if said and sum(bool(_packed(t)) for t in said) >= _MOST * len(said):
            return SiteColumns(packed=i)
    for i, texts in enumerate(columns):
        said = told[i]
        if said and sum(_is_triple(t) for t in said) >= _MOST * len(said):
            free = [k for k in range(len(heads)) if k != i]
            counted = [n for n, t in enumerate(texts) if _TRIPLE.match(t)]
            return _with_atoms(heads, columns, free, counted, triple=i, occupancy=occupancy)
    return None


def sites_of_row(texts: Sequence[str], columns: SiteColumns) -> list[dict[str, Any]]:
    """The sites that a row states, as the record keeps them; none if it states no coordinates."""
    if columns.packed is not None:
        return _packed(texts[columns.packed])
    atom = texts[columns.atom] if columns.atom is not None else ""
    site = texts[columns.wyckoff] if columns.wyckoff is not None else ""
    full = texts[columns.occupancy] if columns.occupancy is not None else ""
    if columns.triple is not None:
        match = _TRIPLE.match(texts[columns.triple])
        one = _site(atom, site, match.groups(), full) if match else None
        return [one] if one else []
    xyz = [texts[i] for i in columns.axes or ()]
    one = _site(atom, site, xyz, full)
    return [one] if one else _lines(atom, site, xyz)


def _lines(atom: str, site: str, xyz: Sequence[str]) -> list[dict[str, Any]]:
    """The sites of cells that hold as many lines each."""
    atoms, sites = atom.split(), site.split()
    axes = [text.split() for text in xyz]
    count = len(atoms)
    if count < 2 or any(len(part) != count for part in axes) or len(sites) not in (0, count):
        return []
    rows = zip(atoms, sites or [""] * count, *axes, strict=True)
    found = [_site(a, s, (x, y, z), "") for a, s, x, y, z in rows]
    return [one for one in found if one is not None] if all(found) else []


def _site(atom: str, site: str, xyz: Sequence[str], full: str) -> dict[str, Any] | None:
    """One site; None if its atom or its coordinates are none."""
    told = _atom(atom)
    if told is None or not all(_COORDINATE.fullmatch(t.strip()) for t in xyz):
        return None
    label, element, own = told
    found: dict[str, Any] = {"label": label, "element": element}
    position = _SITE.match(site)
    letter = position.group(1) if position else own
    if letter:
        found["site"] = re.sub(r"\s", "", letter)
    values = assigned(" ".join(xyz))
    found["xyz"] = filled([site_coordinate(t) for t in xyz], values)
    number = re.match(r"\d*\.?\d+", full)
    if number:
        found["occupancy"] = float(number.group())
    return found


def _atom(text: str) -> tuple[str, str, str] | None:
    """An atom's label, its element and the position that its cell names; None if it is none.

    >>> _atom("H(32f)"), _atom("H1"), _atom("8c Fe2")
    (('H', 'H', '32f'), ('H1', 'H', ''), ('Fe2', 'Fe', '8c'))
    """
    match = _ATOM.match(text)
    if match is None:
        first = re.match(r"([A-Z][a-z]?)(?![a-z])", text)
        known = first is not None and first[1] in elements() and len(text) < 24
        return (text, first[1], "") if first is not None and known else None
    if match["after"]:
        found = match["after"] + match["number"], match["after"], match["before"]
    else:
        label = re.sub(r"\s", "", match["element"] + match["rest"])
        found = label, match["element"], match["site"] or ""
    return found if found[1] in elements() else None


def _packed(text: str) -> list[dict[str, Any]]:
    """The sites of a cell that holds nothing but whole sites, one or many."""
    read = chains(uniform(text))
    if len(read) == 1 and "xyz" in read[0][0].values:
        left = text[: read[0][0].start] + text[read[0][-1].end :]
        if len(left) < _LEFT and not re.search(r"\w", left):
            return [dict(site.values) for site in read[0]]
    matches = list(_PACKED.finditer(text))
    rest = _PACKED.sub("", text)
    if not matches or re.search(r"[^\s,;.]", rest):
        return []
    if any(m["element"] not in elements() for m in matches):
        return []
    if not any("." in m[axis] or "/" in m[axis] for m in matches for axis in "xyz") and any(
        not m["site"] for m in matches
    ):
        return []  # "La 2 1 4" is no site
    found = []
    for match in matches:
        label = re.sub(r"\s", "", match["element"] + match["rest"])
        site: dict[str, Any] = {"label": label, "element": match["element"]}
        if match["site"]:
            site["site"] = re.sub(r"\s", "", match["site"])
        site["xyz"] = [site_coordinate(match[axis]) for axis in "xyz"]
        found.append(site)
    return found


def _is_triple(text: str) -> bool:
    """Whether a cell holds three coordinates; larger numbers are the edges of a cell."""
    match = _TRIPLE.match(text)
    numbers = [site_coordinate(c) for c in match.groups()] if match else []
    return bool(numbers) and all(isinstance(n, str) or abs(n) <= _LARGEST for n in numbers)


def _named(heads: Sequence[Sequence[str]], name: str) -> int | None:
    """The first column that a pattern of ``sites`` names."""
    pattern = head_words("sites")[name]
    return next((i for i, h in enumerate(heads) if any(pattern.match(p) for p in h)), None)


def _has_coordinate(text: str) -> bool:
    first = text.split()[0] if text.strip() else ""
    return bool(_COORDINATE.fullmatch(text.strip()) or _COORDINATE.fullmatch(first))


def _axes(
    heads: Sequence[Sequence[str]], columns: Sequence[Sequence[str]]
) -> tuple[int, int, int] | None:
    """The columns of x, y and z, by their heads, or three under one head about coordinates."""
    x, y, z = (_named(heads, axis) for axis in "xyz")
    if x is not None and y is not None and z is not None:
        return x, y, z
    for i in range(len(heads) - 2):
        three = range(i, i + 3)
        shared = set(heads[i]) & set(heads[i + 1]) & set(heads[i + 2])
        if not any(_ABOUT_COORDINATES.search(part) for part in shared):
            continue
        texts = [t for k in three for t in columns[k] if not EMPTY.match(t)]
        right = sum(bool(_COORDINATE.fullmatch(t)) for t in texts)
        exact = any(re.fullmatch(NUMBER, t) and "." in t for t in texts)
        if texts and exact and right >= _MOST * len(texts):
            return i, i + 1, i + 2
    return None


def _with_atoms(
    heads: Sequence[Sequence[str]],
    columns: Sequence[Sequence[str]],
    free: Sequence[int],
    counted: Sequence[int],
    **found: Any,
) -> SiteColumns | None:
    """The columns found with those of atoms and positions; None if no column names atoms."""
    patterns = head_words("sites")
    wyckoff = None
    named_atoms: list[tuple[bool, int, int]] = []
    for i in free:
        texts = [columns[i][n] for n in counted if columns[i][n]]
        parts = heads[i] or [""]
        if wyckoff is None and texts and any(patterns["wyckoff"].match(p) for p in parts):
            words = [w for t in texts for w in ([t] if _SITE.match(t) else t.split())]
            if all(_SITE.match(w) for w in words):
                wyckoff = i
                continue
        named = any(patterns["atom"].match(p) or _ABOUT_COORDINATES.search(p) for p in parts)
        if texts and named and _are_atoms(texts):
            strict = all(_ATOM.match(t) for t in texts)
            named_atoms.append((strict, len(texts), -i))
    atom = -max(named_atoms)[2] if named_atoms else None
    return None if atom is None else SiteColumns(atom=atom, wyckoff=wyckoff, **found)


def _are_atoms(texts: Sequence[str]) -> bool:
    """Whether cells name atoms, all of them."""
    words = [w for t in texts for w in ([t] if _atom(t) else t.split())]
    return bool(words) and all(_atom(w) is not None for w in words)
