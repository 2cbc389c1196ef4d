"""Pairs of material and Tc, and triples with a pressure: of the gold, of records, and their match.

How end-to-end results are counted, by the benchmarks and ``scmine evaluate llm``. A pair counts
once a paper however often it is said, and only records of running text and captions count, whoever
found them there, since the gold leaves tables out.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from scmine.corpora.types import Paper, Place
from scmine.database.record import Place as RecordPlace
from scmine.database.record import Record, Source
from scmine.extractors.claim import Label
from scmine.extractors.materials import parse_material
from scmine.extractors.quantities import Kind, Quantity, parse_quantity_list

TOLERANCE = 0.01
"""By how much two Tc may differ, relative to the larger."""

PRESSURE_TOLERANCE = 0.02
"""The same for pressures."""

Range = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Pair:
    """A material and a Tc in kelvin: (low, high), equal for a single value; perhaps a pressure.

    ``record`` is what a found pair was taken from; it has no part in comparisons.
    """

    material: str
    tc_K: Range
    formulas: frozenset[str] = frozenset()
    pressure_GPa: Range | None = None
    record: Record | None = field(default=None, compare=False, repr=False)


@dataclass(slots=True)
class Outcome:
    """Pairs of one paper: found and right, missed, and found but not in the gold.

    ``misses`` and ``extras`` are those of the strict measure; ``lenient_extras`` are the extras
    that the lenient measure leaves. ``gold_said`` are the gold pairs
    that some found pair agrees with (leniently) and ``found_said`` the found ones that some gold
    pair does, however many share one: a sample has several names.
    """

    stem: str
    hits: int = 0
    lenient_hits: int = 0
    gold: int = 0
    found: int = 0
    gold_said: int = 0
    found_said: int = 0
    misses: list[Pair] = field(default_factory=list)
    extras: list[Pair] = field(default_factory=list)
    lenient_extras: list[Pair] = field(default_factory=list)


def normalise(text: str) -> str:
    """A material string without blanks, with one kind of dash and dot, in lower case."""
    text = unicodedata.normalize("NFKC", text)
    text = re.sub(r"[-‐‑‒–—―−⁃]", "-", text)
    text = re.sub(r"[·•⋅∙]", "·", text)
    text = re.sub(r"[\"“”'’‘]", "", text)
    text = re.sub(r"-\s+(?=[a-z]{2})", "", text)
    return re.sub(r"\s", "", text).strip(".,;:").lower()


def gold_pairs(paper: Paper) -> list[Pair]:
    """The material–Tc pairs that the annotators linked, each once."""
    pairs = {}
    for material, tcs, _ in _linked(paper):
        for tc in tcs:
            pair = Pair(normalise(material), tc, formulas_of(material))
            pairs[pair.material, tc] = pair
    return list(pairs.values())


def gold_triples(paper: Paper) -> list[Pair]:
    """The same with the pressure that the annotators linked to the Tc, each once.

    A pair that has a pressure in one place counts with it only. Where a list of Tc values has as
    many pressures, they go together in order; else each Tc has the range of the pressures.
    """
    pairs = {}
    for material, tcs, pressures in _linked(paper):
        side_by_side = len(tcs) == len(pressures)
        whole = (min(p[0] for p in pressures), max(p[1] for p in pressures)) if pressures else None
        for i, tc in enumerate(tcs):
            pressure = pressures[i] if side_by_side else whole
            pair = Pair(normalise(material), tc, formulas_of(material), pressure)
            pairs[pair.material, tc, pressure] = pair
    return _without_bare(pairs.values())


def _linked(paper: Paper) -> Iterable[tuple[str, list[Range], list[Range]]]:
    """Each link of a material and a Tc: its string, the Tc values and their pressures."""
    pressures: dict[Place, list[Range]] = {}
    materials: list[tuple[str, Place]] = []
    for link in paper.links:
        ends = {paper.mention(at).label: at for at in (link.head, link.tail)}
        value = ends.get(Label.TC_VALUE)
        if value is None:
            continue
        if Label.MATERIAL in ends:
            materials.append((_surface(paper, ends[Label.MATERIAL]), value))
        elif Label.PRESSURE in ends:
            found = numbers(_surface(paper, ends[Label.PRESSURE]), "pressure")
            pressures.setdefault(value, []).extend(found)
    for material, value in materials:
        yield material, numbers(_surface(paper, value)), pressures.get(value, [])


def _surface(paper: Paper, at: Place) -> str:
    return paper.passages[at[0]].surface(paper.mention(at))


def numbers(text: str, kind: Kind = "temperature") -> list[Range]:
    """The values of a printed string in kelvin (GPa); a bare number has that unit."""
    unit = {"temperature": "K", "pressure": "GPa"}[kind]
    return [e for q in parse_quantity_list(text, kind, unit) if (e := _ends(q)) is not None]


def _ends(quantity: Quantity) -> Range | None:
    low = quantity.value if quantity.value is not None else quantity.minimum
    high = quantity.value if quantity.value is not None else quantity.maximum
    return (low, high) if low is not None and high is not None else None


def formulas_of(text: str) -> frozenset[str]:
    """The formulas that a material string resolves to on its own."""
    return frozenset(m.formula for m in parse_material(text) if m.formula)


def found_pairs(records: Iterable[Record]) -> list[Pair]:
    """The material–Tc pairs of a paper's records from running text and captions, each once."""
    pairs: dict[tuple[str, Range], Pair] = {}
    for pair in _from_records(records):
        pairs.setdefault((pair.material, pair.tc_K), replace(pair, pressure_GPa=None))
    return list(pairs.values())


def found_triples(records: Iterable[Record]) -> list[Pair]:
    """The same with their pressure; a pair found with a pressure counts with it only."""
    pairs: dict[tuple[str, Range, Range | None], Pair] = {}
    for pair in _from_records(records):
        pairs.setdefault((pair.material, pair.tc_K, pair.pressure_GPa), pair)
    return _without_bare(pairs.values())


def _from_records(records: Iterable[Record]) -> Iterable[Pair]:
    for record in records:
        if record.raw_tc is None:
            continue
        tc = _range(record.tc_K, record.tc_min_K, record.tc_max_K)
        if tc is None:
            continue
        formulas = frozenset({record.formula}) if record.formula else frozenset()
        pressure = _range(record.pressure_GPa, record.pressure_min_GPa, record.pressure_max_GPa)
        for place in record.places:
            if _is_of_text(place) and place.raw_tc is not None:
                # "About 18 K" counts as it stands there, though the record has 17.8 K.
                own = numbers(place.raw_tc) if place.raw_tc != record.raw_tc else []
                here = own[0] if len(own) == 1 else tc
                yield Pair(normalise(place.raw_material), here, formulas, pressure, record)


def _is_of_text(place: RecordPlace) -> bool:
    """Whether a place is a passage; what a language model read in a table has none."""
    if place.source is Source.LLM:
        return place.passage is not None
    return place.source in (Source.TEXT, Source.CAPTION)


def _range(value: float | None, low: float | None, high: float | None) -> Range | None:
    high = value if value is not None else high
    low = high if low is None else low
    return (low, high) if low is not None and high is not None else None


def _without_bare(pairs: Iterable[Pair]) -> list[Pair]:
    pairs = list(pairs)
    pressed = {(p.material, p.tc_K) for p in pairs if p.pressure_GPa is not None}
    return [p for p in pairs if p.pressure_GPa or (p.material, p.tc_K) not in pressed]


def score(stem: str, gold: Sequence[Pair], found: Sequence[Pair]) -> Outcome:
    """Match found pairs to gold pairs, each at most once, strict matches first."""
    outcome = Outcome(stem, gold=len(gold), found=len(found))
    outcome.gold_said = sum(any(_agree(g, f, True) for f in found) for g in gold)
    outcome.found_said = sum(any(_agree(g, f, True) for g in gold) for f in found)
    open_gold, open_found = list(gold), list(found)
    for lenient in (False, True):
        for pair in list(open_found):
            match = next((g for g in open_gold if _agree(g, pair, lenient)), None)
            if match is None:
                continue
            open_gold.remove(match)
            open_found.remove(pair)
            outcome.lenient_hits += 1
            outcome.hits += not lenient
            if lenient:
                outcome.misses.append(match)
                outcome.extras.append(pair)
    outcome.misses += open_gold
    outcome.extras += open_found
    outcome.lenient_extras = open_found
    return outcome


def _agree(gold: Pair, found: Pair, lenient: bool) -> bool:
    """Whether two pairs say the same; a pressure counts where the gold has one."""
    if not _close(gold.tc_K, found.tc_K, TOLERANCE):
        return False
    if gold.pressure_GPa is not None and (
        found.pressure_GPa is None
        or not _close(gold.pressure_GPa, found.pressure_GPa, PRESSURE_TOLERANCE)
    ):
        return False
    if gold.material == found.material:
        return True
    return lenient and bool(
        gold.material in found.material
        or found.material in gold.material
        or gold.formulas & found.formulas
    )


def _close(one: Range, other: Range, tolerance: float) -> bool:
    return all(
        abs(a - b) <= tolerance * max(abs(a), abs(b)) + 1e-9
        for a, b in zip(one, other, strict=True)
    )
