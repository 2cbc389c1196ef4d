"""Crystal links: which material, and which pressure, a statement about a structure belongs to.

Rules over one sentence and what stands before it: what is joined to a formula, what brackets and
"for" attach, lists in the same order, the only material; else nothing is linked.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from scmine.extractors.claim import Label
from scmine.extractors.crystal_facts import CrystalFact
from scmine.extractors.cues import cues
from scmine.extractors.elements import elements
from scmine.extractors.found_mentions import FoundMentions

_JOINED = re.compile(
    r"[\s$*)]*(?:\(?\s?(?:No\.?|#)?\s?\d{1,3}\)\s?)?-?\s?(?:(?:(?:phases?|structures?|symmetry|polymorphs?|"
    r"compounds?|modifications?)\s(?:of|in|for)\s(?:the\s)?)|(?:structured|type|structure|phase)\s)?"
)
_FOR = re.compile(
    r"\s*\)?,?\s*(?:for|of|in)\s(?:both\s)?(?:the\s)?(?:[a-z][a-z-]*\s(?!and\s)){0,4}"
)
_LISTED = re.compile(r"\s*(?:,|;|/|&|and|or|,\s?and)\s*(?:for\s|of\s)?(?:the\s)?")
_ATOM = re.compile(
    r"\s?(?:[²³]?[+-]|\d[+-])?\s?(?:atoms?|ions?|cations?|anions?|sites?|chains?|layers?|at \d)\b"
)
_NEAR = 110
"""Characters between a material and a statement after it, where several materials stand."""

_LIMIT = re.compile(
    r"(?:\b(?:up to|above|below|over|beyond|to|from|until|exceeding|than|between)|[<>≤≥≳≲])\s?$"
)
_AT = re.compile(
    r"[\s,()]*(?:[^.;\d]{0,24}\s)?(?:at|under|for|and|near|around|about)\b[^\d.;]*|\s*\(\s*|\s*,\s*"
)
_PRESSURE_NEAR = 48
_PRESSURE_FAR = 130


class SentenceMaterials:
    """The materials of one sentence, those that only name atoms or structure types left out."""

    def __init__(
        self, found: FoundMentions, sentence: tuple[int, int], facts: Sequence[CrystalFact]
    ) -> None:
        self.found = found
        self.text = found.passage.text
        self.sentence = sentence
        taken = [(f.start, f.end) for f in facts if f.kind != "site"]
        sites = [(f.start, f.end) for f in facts if f.kind == "site"]
        inside = [
            i
            for i in found.of(Label.MATERIAL)
            if sentence[0] <= found.mentions[i].start < sentence[1]
            and not any(self._overlaps(i, span) for span in taken)
        ]
        compounds = [i for i in inside if not self._is_atom(i, sites)]
        self.indices = sorted(compounds or [], key=lambda i: found.mentions[i].start)

    def _overlaps(self, i: int, span: tuple[int, int]) -> bool:
        """Whether a mention lies in ``span``; one that is longer ("Fm-3m LaH10") does not."""
        mention = self.found.mentions[i]
        return span[0] <= mention.start and mention.end <= span[1]

    def _is_atom(self, i: int, sites: Sequence[tuple[int, int]]) -> bool:
        mention = self.found.mentions[i]
        if mention.text.strip() not in elements():
            return False
        inside = any(start < mention.end and mention.start < end for start, end in sites)
        return inside or _ATOM.match(self.text, mention.end) is not None

    def of(self, fact: CrystalFact) -> tuple[int, ...]:
        """The mentions that ``fact`` speaks of, one or, for a structure of several, more."""
        for attached in (self._joined(fact), self._bracketed(fact), self._for(fact)):
            if attached is not None:
                return self._with_list(attached, fact)
        names = {self._name(i) for i in self.indices}
        if len(names) == 1:
            return (self.indices[0],)
        before = [i for i in self.indices if self.found.mentions[i].end <= fact.start]
        if before:
            between = self.text[self.found.mentions[before[-1]].end : fact.start]
            if len(between) <= _NEAR and ";" not in between:
                return self._with_list(before[-1], fact)
        return ()

    def in_order(self, facts: Sequence[CrystalFact]) -> tuple[int, ...]:
        """The materials listed beside ``facts``, one for each, if "respectively" says so."""
        start, end = self.sentence
        if len(facts) < 2 or "respectively" not in self.text[start:end]:
            return ()
        runs = [run for run in self._runs() if len(run) == len(facts)]
        return runs[0] if len(runs) == 1 else ()

    def _runs(self) -> list[tuple[int, ...]]:
        """Materials that stand in a row with commas and "and" between them."""
        runs: list[list[int]] = []
        for i in self.indices:
            last = self.found.mentions[runs[-1][-1]].end if runs else -1
            if runs and _LISTED.fullmatch(self.text, last, self.found.mentions[i].start):
                runs[-1].append(i)
            else:
                runs.append([i])
        return [tuple(run) for run in runs]

    def _with_list(self, i: int, fact: CrystalFact) -> tuple[int, ...]:
        """``i``, and those listed with it if a whole structure is stated of them all."""
        if fact.kind not in ("group", "type"):
            return (i,)
        run = next(run for run in self._runs() if i in run)
        first, last = self.found.mentions[run[0]], self.found.mentions[run[-1]]
        outside = fact.end <= first.start or last.end <= fact.start
        bracket = self.text[last.end : fact.start].lstrip().startswith("(")
        return run if outside and not bracket else (i,)

    def _name(self, i: int) -> str:
        return re.sub(r"\s", "", self.found.mentions[i].text)

    def _joined(self, fact: CrystalFact) -> int | None:
        """The material right behind a space group or type ("Fm-3m LaH10", "C2/m phase of X")."""
        if fact.kind not in ("group", "type"):
            return None
        for i in self.indices:
            mention = self.found.mentions[i]
            if mention.start <= fact.start and fact.end <= mention.end:
                return i  # the mention holds the symbol: "Im-3m-H3S"
            if mention.start >= fact.end:
                return i if _JOINED.fullmatch(self.text, fact.end, mention.start) else None
        return None

    def _bracketed(self, fact: CrystalFact) -> int | None:
        """The material in whose bracket a fact stands ("AgAu2 (Cmmm)")."""
        for i in reversed(self.indices):
            end = self.found.mentions[i].end
            if end <= fact.start:
                between = self.text[end : fact.start]
                opened = re.match(r"\s?(?:[a-z-]+\s){0,2}[(\[]", between)
                return i if opened and not re.search(r"[)\]]", between) else None
        return None

    def _for(self, fact: CrystalFact) -> int | None:
        """The material that "for" puts behind a fact ("a = 4.02 Å for CeOBiS2")."""
        for i in self.indices:
            start = self.found.mentions[i].start
            if start >= fact.end:
                return i if _FOR.fullmatch(self.text, fact.end, start) else None
        return None


def material_before(found: FoundMentions, start: int) -> int | None:
    """The one compound that the last sentence before ``start`` that names any speaks of."""
    before = [
        i
        for i in found.of(Label.MATERIAL)
        if found.mentions[i].start < start and found.mentions[i].text.strip() not in elements()
    ]
    if not before:
        return None
    last = max(before, key=lambda i: found.mentions[i].start)
    sentence = found.sentence(last)
    names = {found.mentions[i].text for i in before if found.sentence(i) == sentence}
    return last if len(names) == 1 else None


def pressure_of(
    found: FoundMentions, sentence: tuple[int, int], facts: Sequence[CrystalFact], alone: bool
) -> int | None:
    """The pressure at which ``facts`` hold; None where that is not told.

    The one that follows with "at" counts first, then, if the facts stand ``alone`` in the sentence,
    its only pressure. Limits and pressures of synthesis do not count.
    """
    text = found.passage.text
    usable = [
        i
        for i in found.of(Label.PRESSURE)
        if found.sentence(i) == sentence and not _is_limit(text, found.mentions[i].start)
    ]
    for i in usable:
        for fact in facts:
            between = text[fact.end : found.mentions[i].start]
            if 0 < len(between) < _PRESSURE_NEAR and _AT.fullmatch(between):
                return i
    if not alone or len(usable) != 1 or len(found.of(Label.PRESSURE)) > 3:
        return None
    (only,) = usable
    mention = found.mentions[only]
    first, last = min(f.start for f in facts), max(f.end for f in facts)
    gap = text[mention.end : first] if mention.end <= first else text[last : mention.start]
    before = mention.end <= first
    near = len(gap) <= _PRESSURE_FAR and ";" not in gap
    return only if near and before else None


def _is_limit(text: str, start: int) -> bool:
    before = re.split(r"[.;]\s", text[max(0, start - 90) : start])[-1]
    synthesis = cues()["pressure_kind"]["synthesis"].search(before)
    return bool(_LIMIT.search(before) or synthesis)
