"""Specimens: what a record says of its specimen besides the formula, and whether two may be one.

Sample labels, phases, shapes and doping levels, told by the words of ``data/specimens.toml``.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache, lru_cache

from scmine.database.record import Record
from scmine.extractors.lexicons import load_toml
from scmine.extractors.normal_form import normal_form


@cache
def _patterns() -> dict[str, dict[str, re.Pattern[str]]]:
    cased = ("label",)
    return {
        group: {
            name: re.compile(p, 0 if group in cased or name == "prefix" else re.I)
            for name, p in entries.items()
        }
        for group, entries in load_toml("specimens.toml").items()
    }


@dataclass(frozen=True, slots=True)
class Sample:
    """What tells one sample of a material from another; an empty set says nothing.

    ``doping`` is the level of doping in words; ``dopant`` a doping that names what was added, which
    makes another material.
    """

    labels: frozenset[str]
    phases: frozenset[str]
    shapes: frozenset[str]
    doping: str
    dopant: str


def sample_of(record: Record) -> Sample:
    """What ``record`` says of its sample, at all its places."""
    printed = (record.raw_material, *(place.raw_material for place in record.places))
    found = [_words(text, record.shape or "") for text in dict.fromkeys(printed)]
    labels, phases, shapes = (frozenset().union(*words) for words in zip(*found, strict=True))
    doping = re.sub(r"[\s-]+", " ", record.doping or "").lower().strip()
    is_level = _patterns()["doping"]["level"].match(doping) is not None
    return Sample(labels, phases, shapes, doping if is_level else "", "" if is_level else doping)


@lru_cache(maxsize=4096)
def _words(printed: str, shape: str) -> tuple[frozenset[str], frozenset[str], frozenset[str]]:
    patterns = _patterns()
    labels = {
        hit for pattern in patterns["label"].values() for hit in pattern.findall(printed) if hit
    }
    phases = {
        hit.lower() for pattern in patterns["phase"].values() for hit in pattern.findall(printed)
    }
    shapes = {
        name
        for name, pattern in patterns["shape"].items()
        if pattern.search(shape) or pattern.search(printed)
    }
    return frozenset(labels), frozenset(phases), frozenset(shapes)


def may_be_one(first: Sample, second: Sample) -> bool:
    """Whether nothing that both say tells the samples apart.

    >>> from scmine.database.record import Record
    >>> a, b = (
    ...     sample_of(Record(record_id="", doc_id="", raw_material=text))
    ...     for text in ("FeSe (sample A)", "FeSe (sample B)")
    ... )
    >>> may_be_one(a, a), may_be_one(a, b)
    (True, False)
    """
    return (
        first.dopant == second.dopant
        and (not first.doping or not second.doping or first.doping == second.doping)
        and all(
            not one or not other or one & other
            for one, other in (
                (first.labels, second.labels),
                (first.phases, second.phases),
                (first.shapes, second.shapes),
            )
        )
    )


def material_key(record: Record) -> str:
    """The material as a string that is equal for all spellings; D is not H.

    Without a formula it is what the paper prints, blanks, dashes and case aside.

    >>> from scmine.database.record import Record
    >>> keys = [
    ...     material_key(Record(record_id="", doc_id="", raw_material="", formula=formula))
    ...     for formula in ("LaH10", "H20La2")
    ... ]
    >>> keys[0] == keys[1]
    True
    """
    if record.formula:
        return formula_key(record.formula)
    text = unicodedata.normalize("NFKC", record.raw_material)
    text = re.sub(r"[-‐‑‒–—―−⁃]", "-", text)
    return "?" + re.sub(r"\s", "", re.sub(r"[·•⋅∙]", "·", text)).casefold()


@lru_cache(maxsize=4096)
def formula_key(formula: str) -> str:
    """A formula as a string that is equal for all its spellings."""
    try:
        return normal_form(formula)
    except ValueError:
        return re.sub(r"\s", "", formula)
