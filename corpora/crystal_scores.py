"""Scores of crystal facts: what records say of structures, held against papers read by hand.

The gold files are ``data/crystals/*.json``: one a paper, with every space group, structure type,
cell edge, cell angle and site it states, of which material, and at which pressure if the paper says
so. A fact is a value of one field of one material; how often a paper repeats it does not matter.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from math import isclose
from pathlib import Path
from typing import Any

from scmine.corpora.claim_scores import normal_text, same_material
from scmine.database.record import Record
from scmine.extractors.elements import elements

NUMBERS = ("a", "b", "c", "alpha", "beta", "gamma")
FIELDS = ("space_group", "prototype", *NUMBERS, "site")
TOLERANCE = 2e-5
"""Relative difference of two numbers that are the same one, printed in other units."""


@dataclass(frozen=True, slots=True)
class Fact:
    """One value of one field of a material; ``names`` are all that the material is called."""

    field: str
    value: Any
    names: tuple[str, ...]
    pressure: float | None = None
    optional: bool = False


@dataclass(frozen=True, slots=True)
class Paper:
    """A paper read by hand: its file's name, its half (``dev`` or ``test``) and its facts."""

    file: str
    split: str
    facts: tuple[Fact, ...]


def load_papers(folder: Path | None = None) -> list[Paper]:
    """The papers of ``folder``, by default those of the package."""
    source = folder or files("scmine.corpora") / "data" / "crystals"
    found = []
    for entry in sorted(source.iterdir(), key=lambda e: e.name):
        data = json.loads(entry.read_text(encoding="utf-8"))
        facts = tuple(
            Fact(
                fact["field"],
                fact["value"],
                (fact["material"],),
                fact.get("pressure_GPa"),
                fact.get("optional", False),
            )
            for fact in data["facts"]
        )
        found.append(Paper(data["file"], data["split"], facts))
    return found


def facts_of(records: Sequence[Record]) -> list[Fact]:
    """The facts that records state, each once."""
    found: list[Fact] = []
    for record in records:
        names = tuple(n for n in (record.formula, record.raw_material, record.name) if n)
        for field, value in _values(record):
            fact = Fact(field, value, names, record.pressure_GPa)
            if not any(f.names == names and same_value(f, fact) for f in found):
                found.append(fact)
            elif fact.pressure is not None:
                found = [
                    replace(f, pressure=fact.pressure)
                    if f.names == names and same_value(f, fact) and f.pressure is None
                    else f
                    for f in found
                ]
    return found


def _values(record: Record) -> Iterator[tuple[str, Any]]:
    if record.space_group_number is not None:
        yield "space_group", record.space_group_number
    if record.prototype:
        yield "prototype", record.prototype
    for name in NUMBERS:
        column = f"{name}_A" if len(name) == 1 else f"{name}_deg"
        value = getattr(record, column)
        if value is not None:
            yield name, value
    for site in record.wyckoff:
        yield "site", site


def same_value(one: Fact, other: Fact) -> bool:
    """Whether two facts state the same value of the same field."""
    if one.field != other.field:
        return False
    if one.field in NUMBERS:
        return isclose(one.value, other.value, rel_tol=TOLERANCE)
    if one.field == "prototype":
        first, second = (_plain_type(f.value) for f in (one, other))
        return first in second or second in first
    if one.field == "site":
        return _same_site(_site(one.value), _site(other.value))
    return bool(one.value == other.value)


def _plain_type(name: str) -> str:
    return re.sub(r"[\s-]|type$|structure$|like$", "", name).lower()


def _site(value: Any) -> tuple[str, str, tuple[str, ...]]:
    """Element, Wyckoff letter and coordinates of a site, from a record or a gold file."""
    if isinstance(value, dict):
        xyz = tuple(_rounded(v) for v in value.get("xyz", ()))
        return str(value.get("element", "")), str(value.get("site", "")), xyz
    element, _, place = value.partition(":")
    if re.fullmatch(r"\d+[a-z]", place):
        return element, place, ()
    return element, "", tuple(_rounded(v) for v in place.split(","))


def _rounded(value: Any) -> str:
    """A coordinate to three digits, also of a fraction; as printed if it names a variable."""
    if isinstance(value, str) and re.fullmatch(r"-?\d+/\d+", value):
        top, bottom = value.split("/")
        value = int(top) / int(bottom)
    try:
        return f"{float(value):.3f}"
    except ValueError:
        return str(value)


def _same_site(
    one: tuple[str, str, tuple[str, ...]], other: tuple[str, str, tuple[str, ...]]
) -> bool:
    if one[0] != other[0]:
        return False
    if one[1] and other[1]:
        return one[1] == other[1]
    return bool(one[2]) and one[2] == other[2]


def same_names(gold: Fact, found: Fact) -> bool:
    """Whether the material found is the one meant; open formulas count by their elements."""
    (name,) = gold.names
    for other in found.names:
        if same_material(name, other) or normal_text(name) in normal_text(other):
            return True
        if _is_open(name) and _may_be(_elements(name), _elements(other)):
            return True
    return False


def _may_be(open_formula: frozenset[str], other: frozenset[str]) -> bool:
    """Whether a formula has the elements of an open one, but for one that its end member lacks."""
    return len(other) > 1 and other <= open_formula and len(open_formula - other) <= 1


def _is_open(name: str) -> bool:
    return re.search(r"[xyzδ]|[-−][\d]|[RMA](?![a-z])", name) is not None


@cache
def _elements(name: str) -> frozenset[str]:
    """The elements of a formula; the x of ``Kx`` is an amount."""
    words = re.findall(r"[A-Z][a-z]?", name)
    return frozenset(s for w in words for s in (w if w in elements() else w[0],) if s in elements())


def count(gold: Sequence[Fact], found: Sequence[Fact]) -> Counter[tuple[str, str]]:
    """Counts by (field, ``gold`` | ``found`` | ``value`` | ``right`` | ``pressure`` …).

    ``value`` counts the gold facts whose value was found for any material, ``right`` those found
    for their own; ``stated`` those right that have a pressure on either side, ``pressure`` those of
    them whose pressures agree. Optional facts count neither as missed nor as wrong.
    """
    counts: Counter[tuple[str, str]] = Counter()
    free = list(found)
    for optional in (False, True):
        for fact in (g for g in gold if g.optional is optional):
            alike = [f for f in free if same_value(fact, f)]
            own = [f for f in alike if same_names(fact, f)]
            counts[fact.field, "gold"] += not optional
            counts[fact.field, "value"] += bool(alike) and not optional
            for taken in own:
                free.remove(taken)
            if own and not optional:
                counts[fact.field, "right"] += 1
                counts[fact.field, "found"] += 1
                pressures = {f.pressure for f in own}
                if fact.pressure is not None or pressures != {None}:
                    counts[fact.field, "stated"] += 1
                    counts[fact.field, "pressure"] += fact.pressure in pressures
    for fact in free:
        counts[fact.field, "found"] += 1
    return counts


def misses(gold: Sequence[Fact], found: Sequence[Fact]) -> list[str]:
    """What was missed and what was found too much, a line each."""
    lines = []
    for fact in gold:
        alike = [f for f in found if same_value(fact, f)]
        if not fact.optional and not any(same_names(fact, f) for f in alike):
            others = sorted({n for f in alike for n in f.names[:1]})
            lines.append(f"missed {fact.field} {fact.value} of {fact.names[0]}; as {others}")
    for fact in found:
        if not any(same_value(g, fact) and same_names(g, fact) for g in gold):
            lines.append(f"wrong  {fact.field} {fact.value} of {fact.names} at {fact.pressure}")
    return lines
