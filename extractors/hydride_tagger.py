"""Formulas of hydrides as materials: what papers up to 2019, which the tagger learnt from, lack.

``H3S`` and ``CaH6`` are rare in SuperMat, and one that is missed leaves its Tc to the material
beside it. Formulas with hydrogen or deuterium but neither carbon nor oxygen are taken whatever
stands around them. All other materials are the affair of ``trained_tagger``, and where records are
made of ``rule_tagger``.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from scmine.extractors.claim import Label, Mention
from scmine.extractors.document import Passage
from scmine.extractors.tokenizer import is_formula
from scmine.extractors.words import split_words

_SYMBOL = re.compile("[A-Z][a-z]?")
_COUNTED_HYDROGEN = re.compile(r"[HD]\d")
_HYDROGEN = frozenset("HD")
_ORGANIC_OR_OXIDE = frozenset("CO")
_MOLECULES = frozenset(("NH3", "ND3", "NH4"))
_SCORE = 0.7


class HydrideTagger:
    """Finds formulas such as ``H3S``, ``LaH10`` and ``Y3Fe4H20``.

    >>> from scmine.extractors.document import PassageKind
    >>> text = "LaH10 and D3S differ from CH4, H2O and NH3."
    >>> [found] = HydrideTagger().tag([Passage(PassageKind.PARAGRAPH, text)])
    >>> [m.text for m in found]
    ['LaH10', 'D3S']
    """

    name = "hydrides"

    def tag(self, passages: Sequence[Passage]) -> list[list[Mention]]:
        """One list of mentions a passage, in order of ``start``."""
        return [
            [
                Mention(w.start, w.end, Label.MATERIAL, w.text, _SCORE, "rules")
                for w in split_words(passage.text)
                if _is_hydride(w.text)
            ]
            for passage in passages
        ]


def _is_hydride(word: str) -> bool:
    symbols = set(_SYMBOL.findall(word))
    return (
        word not in _MOLECULES
        and len(symbols) > 1
        and bool(symbols & _HYDROGEN)
        and not symbols & _ORGANIC_OR_OXIDE
        and _COUNTED_HYDROGEN.search(word) is not None
        and is_formula(word)
    )
