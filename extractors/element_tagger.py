"""Superconducting elements as materials, where the words around leave no doubt.

``Pb films``, ``a piece of In [Tc = 3.4 K]`` and ``tungsten`` are seldom marked in SuperMat, from
which the trained tagger learnt, and one that is missed leaves its Tc to the compound beside it.
Only elements that superconduct are looked for; a lone symbol counts by what stands around it, since
``In`` begins sentences and ``V`` is a volume. Compounds are the affair of the other taggers.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from scmine.extractors.claim import Label, Mention
from scmine.extractors.elements import elements
from scmine.extractors.lexicons import load_toml

_SCORE = 0.6
_VALUE_IN_BRACKETS = r"\s?[\[(](?:[^()\[\]]{0,25}\bT\s?[cC]\s?[=≈∼~≃]\s?)?\d[\d.]*\s?m?K\b"


def element_mentions(text: str) -> list[Mention]:
    """The elements that ``text`` names as superconductors.

    >>> [m.text for m in element_mentions("In Pb films, Tc of In and of niobium are known.")]
    ['Pb', 'In', 'niobium']
    """
    if not _about_superconductors().search(text):
        return []
    places = {match.span("element") for pattern in _patterns() for match in pattern.finditer(text)}
    return [
        Mention(start, end, Label.MATERIAL, text[start:end], _SCORE)
        for start, end in sorted(places)
    ]


@cache
def _about_superconductors() -> re.Pattern[str]:
    return re.compile(load_toml("superconducting_elements.toml")["about"])


@cache
def _patterns() -> Sequence[re.Pattern[str]]:
    """One pattern a way in which an element is named; each has the group ``element``."""
    words = load_toml("superconducting_elements.toml")
    symbols: list[str] = words["symbols"]
    plain = [s for s in symbols if len(s) > 1 and s not in words["ambiguous"]]
    every_name = [elements()[s].name.lower() for s in symbols] + words["other_names"]
    names = [name for name in every_name if name not in words["ambiguous_names"]]
    any_symbol, plain_symbol = "|".join(symbols), "|".join(plain)
    sample = "|".join(words["samples"])
    apart = r"(?<![\w.·•⋅)\]/–-])"  # not inside a formula, a doping or a compound word
    ends = r"(?![\w(·•⋅/–-]|\s?[=≈])"
    return [
        re.compile(rf"{apart}(?P<element>{any_symbol})(?=\s?[\[(][^()\[\]]{{0,25}}\bT\s?[cC]\b)"),
        re.compile(rf"{apart}(?P<element>(?i:{'|'.join(every_name)}))(?={_VALUE_IN_BRACKETS})"),
        re.compile(rf"\bT\s?[cC] (?:of|for) (?:pure |bulk )?(?P<element>{any_symbol}){ends}"),
        re.compile(rf"{apart}(?P<element>{plain_symbol})(?=\s(?:thin )?(?:{sample})\b)"),
        re.compile(rf"\b(?:{words['before']})\s(?P<element>{plain_symbol}){ends}"),
        re.compile(rf"(?<![\w-])(?P<element>(?i:{'|'.join(names)}))(?![\w-])"),
    ]
