"""Statements of layers, surfaces and strained cells, which no bulk crystal may complete.

Only the atoms that the paper states make their structure; a prototype or a host would give the bulk
crystal of that formula under their name. Which words tell is data (``validator/data/shapes.toml``).
"""

from __future__ import annotations

import re
from functools import cache

from scmine.validator.data_files import load_toml
from scmine.validator.finding import Finding, Severity
from scmine.validator.structures.stated import StatedStructure


def not_bulk(stated: StatedStructure) -> Finding | None:
    """Why a bulk crystal must not complete a statement; None if it may.

    >>> not_bulk(StatedStructure(formula="AlB2", shape="monolayers")).name
    'not_bulk'
    >>> not_bulk(StatedStructure(formula="La3Ni2O7", shape="bilayer", c_A=20.5)) is None
    True
    """
    if not stated.shape:
        return None
    words = re.sub(r"[-\s]+", " ", stated.shape.lower())
    layer, maybe = _patterns()
    if layer.search(words) or (stated.c_A is None and maybe.search(words)):
        message = f"{stated.shape}: the atoms of a bulk crystal are not those of this"
        return Finding("not_bulk", Severity.NOTE, message, ("shape",))
    return None


@cache
def _patterns() -> tuple[re.Pattern[str], re.Pattern[str]]:
    data = load_toml("shapes.toml")
    layer, maybe = ("|".join(map(re.escape, data[name])) for name in ("layer", "maybe"))
    return re.compile(rf"\b(?:{layer})s?\b"), re.compile(rf"\b(?:{maybe})s?\b")
