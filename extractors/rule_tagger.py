"""The rule tagger: quantities that have a unit or a fixed symbol, and space groups.

Finds λ, ω_log, ω₂ and μ* by their names, pressures by their units, Tc values by the words before
them, space groups and lattice parameters by their form. Which material a value belongs to is not
settled here.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from functools import cache

from scmine.extractors.claim import Label, Mention
from scmine.extractors.crystal_tagger import crystal_mentions
from scmine.extractors.cues import cues
from scmine.extractors.document import Passage
from scmine.extractors.element_tagger import element_mentions
from scmine.extractors.formula import looks_like_formula, parse_formula
from scmine.extractors.lexicons import load_toml
from scmine.extractors.other_pressures import SYNTHESIS, other_pressure
from scmine.extractors.property_tagger import property_mentions
from scmine.extractors.quantities import find_quantities

_TC_REACH = 90
_PRESSURE_REACH = 120
_TC_SCORE = 0.7
_FORMULA_SCORE = 0.7
_FORMULA_LIKE = re.compile(r"(?<![\w.-])[A-Z(\[][\w()\[\].,+−–\-·⋅•δ]*")
_AMOUNT = re.compile(r"\d|[a-z]x|x[A-Z]|δ")


class RuleTagger:
    """Finds mentions by patterns and units; the same text always gives the same mentions."""

    name = "rules"

    def tag(self, passages: Sequence[Passage]) -> list[list[Mention]]:
        """Mentions of λ, ω_log, ω₂, μ*, space groups, lattice parameters, pressures and Tc values.

        >>> from scmine.extractors.document import PassageKind
        >>> text = "With λ = 2.1 and μ* = 0.1 the hydride in space group Fm-3m has Tc = 250 K."
        >>> [found] = RuleTagger().tag([Passage(PassageKind.PARAGRAPH, text)])
        >>> [(m.label.value, m.text) for m in found]
        [('lambda', '2.1'), ('mu_star', '0.1'), ('space_group', 'Fm-3m'), ('tcValue', '250 K')]
        """
        return [self._tag(passage.text) for passage in passages]

    def _tag(self, text: str) -> list[Mention]:
        found = [*property_mentions(text), *crystal_mentions(text)]
        for start, end, quantity in find_quantities(text, "temperature"):
            before = text[max(0, start - _TC_REACH) : start]
            names = names_tc(before) or heads_superconductor(before, text[end : end + 40])
            if quantity.unit_printed and names:
                found.append(Mention(start, end, Label.TC_VALUE, text[start:end], _TC_SCORE))
        for start, end, quantity in find_quantities(text, "pressure"):
            before, after = text[max(0, start - _PRESSURE_REACH) : start], text[end : end + 40]
            kind = other_pressure(before, text[start:end], after)
            if quantity.unit_printed and kind in (None, SYNTHESIS):
                found.append(Mention(start, end, Label.PRESSURE, text[start:end]))
        found += [*formula_mentions(text), *_nicknames(text), *element_mentions(text)]
        return _without_overlaps(found)


def formula_mentions(text: str) -> list[Mention]:
    """Compounds by their formula: two elements or more; open sites and variables need an amount."""
    found = []
    for match in _FORMULA_LIKE.finditer(text):
        word = match.group().rstrip(".,;:-–−")
        if word.count("(") < word.count(")"):
            word = word.rstrip(")")
        if len(word) < 3 or not looks_like_formula(word):
            continue
        formula = parse_formula(word)
        after = text[match.start() + len(word) :]
        if formula is None or len(formula.amounts) < 2 or "Tc" in formula.amounts:
            continue
        if not _AMOUNT.search(word) and (formula.variables or formula.placeholders):
            continue
        if re.match(r"\s?[-–]?\s?type", after):
            continue
        end = match.start() + len(word)
        found.append(Mention(match.start(), end, Label.MATERIAL, word, _FORMULA_SCORE))
    return found


def _nicknames(text: str) -> list[Mention]:
    """Compounds by the short names of the field (``YBCO``, ``Bi-2223``)."""
    return [
        Mention(m.start(), m.end(), Label.MATERIAL, m.group(), _FORMULA_SCORE)
        for m in _nickname().finditer(text)
    ]


@cache
def _nickname() -> re.Pattern[str]:
    """The nicknames that denote one compound; numbers alone (``1111``) are left out."""
    known = load_toml("compound_names.toml")["nicknames"].values()
    names = sorted({n for names in known for n in names if re.match("[A-Z]", n)}, key=len)
    return re.compile(rf"(?<![\w/-])(?:{'|'.join(map(re.escape, reversed(names)))})(?![\w-])")


def names_tc(before: str) -> bool:
    """Whether a Tc is named shortly before a temperature and nothing else was given one since.

    >>> names_tc("a sharp superconducting transition at "), names_tc("annealed at ")
    (True, False)
    """
    if cues()["tc_value"]["before"].search(before):
        return True
    match = cues()["tc_value"]["farther"].search(before)
    return match is not None and not re.search(r"\d\s?m?K\b", match.group())


def heads_superconductor(before: str, after: str) -> bool:
    """Whether a temperature between these words is said of a superconductor by its Tc.

    >>> heads_superconductor("the ", " superconductor MgB2")
    True
    >>> heads_superconductor("was measured at ", " superconducting wires")
    False
    """
    patterns = cues()["tc_value"]
    return bool(patterns["heads"].match(after)) and not patterns["not_heads"].search(before)


def _without_overlaps(mentions: Sequence[Mention]) -> list[Mention]:
    """Sorted, and of two that overlap under one label the longer."""
    kept: dict[str, list[Mention]] = {}
    for mention in sorted(mentions, key=lambda m: (m.start - m.end, m.start)):
        others = kept.setdefault(mention.label, [])  # in order of print, none overlaps another
        place = bisect_left(others, mention.end, key=lambda m: m.start)
        if not place or others[place - 1].end <= mention.start:
            others.insert(place, mention)
    return sorted((m for found in kept.values() for m in found), key=lambda m: (m.start, m.end))
