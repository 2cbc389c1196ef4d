"""Tagging: the taggers in use put together, their mentions merged into one list a passage."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from scmine.extractors.claim import Label, Mention, Tagger
from scmine.extractors.document import Passage
from scmine.extractors.formula import looks_like_formula
from scmine.extractors.quantities import find_quantities
from scmine.extractors.rule_tagger import RuleTagger
from scmine.extractors.trained_tagger import TrainedTagger

_FORMULA_LEAD = re.compile(r"(?:[A-Z][a-z]?[\d.]{0,6}){1,6}$")
_GLUED = re.compile(r"(?:and|for|of|in|with|the|to|or|on|from|is|that)(?=[A-Z][a-z]?[\d(A-Z])")
_LAST_VALUE = re.compile(r"(?<![A-Za-z])[xyzδ][A-Za-z]?\d?'?\s?[=≈]\s?\d?\.\d+$")
_BARE_NUMBER = re.compile(r"\d?\.\d{1,4}")
_LIST_REST = re.compile(
    r"(?P<values>(?:\s?,\s?\d?\.\d{1,4}){0,6}\s?,?\s?(?:and|&)\s\d?\.\d{1,4})"
    r"\s(?:samples?|films?|crystals?|compounds?|compositions?|levels?|specimens?|concentrations?)\b"
)
_FIRST_WORD = re.compile(r"(?=[\d.]|[A-Z][a-z]?[\d.(A-Z])[\w.+−–-]+")


class CombinedTagger:
    """Several taggers one after the other; where two disagree, the earlier one is believed.

    Parameters
    ----------
    taggers
        From the one believed most.
    whole
        Whether quantities are made whole and brackets closed: better for records, worse against
        annotators, who draw such edges either way.
    """

    name = "combined"

    def __init__(self, taggers: Sequence[Tagger], whole: bool = True) -> None:
        self.taggers = tuple(taggers)
        self._whole = whole

    def tag(self, passages: Sequence[Passage]) -> list[list[Mention]]:
        """The merged mentions of each passage, in order of ``start``."""
        merged: list[list[Mention]] = [[] for _ in passages]
        for tagger in self.taggers:
            for mentions, found in zip(merged, tagger.tag(passages), strict=True):
                mentions += [m for m in found if not any(_clash(m, k) for k in mentions)]
        return [
            sorted(
                _whole_materials(p.text, _whole_quantities(p.text, mentions))
                if self._whole
                else mentions,
                key=lambda m: (m.start, m.end),
            )
            for p, mentions in zip(passages, merged, strict=True)
        ]


def _whole_materials(text: str, mentions: Sequence[Mention]) -> list[Mention]:
    """The mentions, those of materials with all that belongs to them and nothing glued to them."""
    return _whole_lists(text, _closed_brackets(text, _whole_formulas(text, mentions)))


def _closed_brackets(text: str, mentions: Sequence[Mention]) -> list[Mention]:
    """The mentions, a bracket that one leaves open at its end closed (``SrFe2As2 (x = 0.1``)."""
    result = []
    for mention in mentions:
        is_open = mention.text.count("(") == mention.text.count(")") + 1
        if is_open and text[mention.end : mention.end + 1] == ")":
            end = mention.end + 1
            mention = replace(mention, end=end, text=text[mention.start : end])
        result.append(mention)
    return result


def _whole_formulas(text: str, mentions: Sequence[Mention]) -> list[Mention]:
    """The mentions, those that begin within a formula (``9Sr0.1CuO4`` of ``La1.9Sr0.1CuO4``) whole.

    What a formula is glued to (``andLa1.9Sr0.1CuO4``) stays outside.
    """
    result: list[Mention] = []
    for mention in mentions:
        glued = _GLUED.match(mention.text) if mention.label is Label.MATERIAL else None
        if glued is not None and looks_like_formula(mention.text[glued.end() :].split()[0]):
            start = mention.start + glued.end()
            mention = replace(mention, start=start, text=text[start : mention.end])
        lead = _FORMULA_LEAD.search(text[max(0, mention.start - 30) : mention.start])
        first = _FIRST_WORD.match(mention.text)
        if mention.label is Label.MATERIAL and lead is not None and first is not None:
            start = mention.start - len(lead[0])
            clear = not any(m.start < mention.start and start < m.end for m in mentions)
            if clear and looks_like_formula(lead[0] + first[0]):
                mention = replace(mention, start=start, text=text[start : mention.end])
        result.append(mention)
    return result


def _whole_lists(text: str, mentions: Sequence[Mention]) -> list[Mention]:
    """The mentions, those whole that have only the first of a list (``x = 0.1 and 0.2 films``)."""
    result = list(mentions)
    for mention in mentions:
        rest = _LIST_REST.match(text, mention.end) if mention.label is Label.MATERIAL else None
        if rest is None or not _LAST_VALUE.search(mention.text):
            continue
        end = rest.end("values")
        others = [m for m in mentions if mention.end < m.end and m.start < end]
        if all(m.label is Label.MATERIAL and _BARE_NUMBER.fullmatch(m.text) for m in others):
            whole = replace(mention, end=end, text=text[mention.start : end])
            result[result.index(mention)] = whole
            result = [m for m in result if m not in others]
    return result


def _whole_quantities(text: str, mentions: Sequence[Mention]) -> list[Mention]:
    """The mentions, those that cut a quantity short (``3.6 −`` of ``3.6 − 3.7 GPa``) made whole."""
    result = list(mentions)
    for kind, label in (("temperature", Label.TC_VALUE), ("pressure", Label.PRESSURE)):
        if not any(m.label is label for m in mentions):
            continue
        for start, end, _ in find_quantities(text, kind):  # type: ignore[arg-type]
            inside = [m for m in result if m.start < end and start < m.end]
            if len(inside) == 1 and inside[0].label is label:
                mention = inside[0]
                larger = (start, end) != (mention.start, mention.end)
                if larger and start <= mention.start and mention.end <= end:
                    whole = replace(mention, start=start, end=end, text=text[start:end])
                    result[result.index(mention)] = whole
    return result


def _clash(a: Mention, b: Mention) -> bool:
    """Whether two mentions overlap and cannot both hold."""
    if a.start >= b.end or b.start >= a.end:
        return False
    # A space group may stand inside a material's name ("Fm-3m LaH10"); numbers may not be shared.
    return Label.SPACE_GROUP not in (a.label, b.label) or a.label == b.label


def default_tagger(model: Path | None = None) -> CombinedTagger:
    """The taggers that ``scmine ingest`` uses: the trained model, then the rules.

    ``model`` is the folder of another model than the packaged one.
    """
    return CombinedTagger([TrainedTagger(folder=model), RuleTagger()])
