"""Whether a printed material can be the one that the paper is about, by its elements.

Which material that is, is settled in ``context``; what a Tc without a material then means, in
``link_decisions`` and ``tc_claims``.
"""

from __future__ import annotations

import re
from functools import lru_cache

from scmine.extractors.formula import parse_formula
from scmine.extractors.materials import parse_material

_SAMPLE = re.compile(r"\b[w-zδ]\s?[=≈∼~]\s?\d")
"""A sample by its doping, whatever else it is said to be made with."""

_OFTEN_LEFT_OUT = frozenset("OHD")
"""Elements of oxygen and water, whose amounts a paper gives now and then only."""


def may_be(printed: str, own: str) -> bool:
    """Whether ``printed`` is the material ``own``, a member of its series or one of its samples.

    >>> may_be("NaxCoO2", "Na0.35CoO2·1.3H2O"), may_be("x = 0.1", "LaFeAsO1-xFx")
    (True, True)
    >>> may_be("KOs2O6", "AOs2O6"), may_be("x = 0.4 with Ag2O2", "CoSr2YCu2O7")
    (True, True)
    >>> may_be("Sr2RuO4", "Na0.35CoO2·1.3H2O"), may_be("tungsten", "PdTe2")
    (False, False)
    """
    elements, others = _elements(printed), _elements(own)
    if not elements or not others or _SAMPLE.search(printed):
        return True
    shared = elements & others
    if _is_open(printed) or _is_open(own):  # AOs2O6 may be KOs2O6
        return bool(shared) and shared in (elements, others)
    return shared in (elements, others) and (len(shared) > 1 or elements == others)


def is_element(printed: str) -> bool:
    """Whether ``printed`` names a single element, such as that of a tip or a manometer.

    >>> is_element("tungsten"), is_element("MgB2"), is_element("x = 0.1")
    (True, False, False)
    """
    return len(_elements(printed)) == 1 and not _SAMPLE.search(printed)


@lru_cache(maxsize=4096)
def _is_open(printed: str) -> bool:
    """Whether a formula leaves open which element sits on a site."""
    formulas = [parse_formula(m.formula) for m in parse_material(printed) if m.formula]
    return any(f is not None and f.placeholders for f in formulas)


@lru_cache(maxsize=4096)
def _elements(printed: str) -> frozenset[str]:
    """The elements of a printed material, oxygen and water aside; empty where it has no formula."""
    found: set[str] = set()
    for material in parse_material(printed):
        formula = parse_formula(material.formula) if material.formula else None
        if formula is not None:
            found |= set(formula.amounts) - set(formula.placeholders)
    return frozenset(found - _OFTEN_LEFT_OUT or found)
