"""Claims that a material does not superconduct, down to a temperature or without one, in text.

The words that deny superconductivity are patterns of ``data/absence.toml``. Cells of tables that
deny it are read by ``table_claims``.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import islice

from scmine.extractors.claim import Claim, Label, Place
from scmine.extractors.cues import cues
from scmine.extractors.found_mentions import FoundMentions, claim_of, only_material, quoted
from scmine.extractors.lexicons import load_toml
from scmine.extractors.quantities import find_quantities

ABSENCE_SCORE = 0.6
"""Confidence of a claim that a material does not superconduct, by judgement, not measured."""

TEMPERATURE_REACH = 110
"""Characters behind a denial, or before it, in which the temperature it holds down to may stand."""

MATERIAL_REACH = 160
"""Characters between a denial and the material that it is about."""


MOST_DENIALS = 10
"""Denials of one form that are looked at in one sentence; a real one holds two or three."""


@cache
def _patterns() -> dict[str, re.Pattern[str]]:
    """The patterns of the data file; ``{name}`` in one stands for the pattern of that name."""
    words = load_toml("absence.toml")
    parts = {f"{{{name}}}": text for name, text in words["parts"].items()}

    def filled(text: str) -> str:
        for _ in range(2):  # parts are made of parts
            for name, part in parts.items():
                text = text.replace(name, f"(?:{part})")
        return text

    return {name: re.compile(filled(text), re.I) for name, text in words["patterns"].items()}


def cell_denies(text: str) -> bool:
    """Whether a cell in a column of Tc says that there is none.

    >>> cell_denies("NSC"), cell_denies("non-superconducting"), cell_denies("–")
    (True, True, False)
    """
    return _patterns()["cell"].fullmatch(text.strip()) is not None


def leads_to_denied(before: str) -> bool:
    """Whether ``before``, a sentence up to a temperature, denies superconductivity at it.

    >>> leads_to_denied("We saw no superconductivity down to ")
    True
    """
    for form in ("none", "verb", "passive", "state"):
        for match in _patterns()[form].finditer(before):
            rest = before[match.end() :]
            if _patterns()["down_to"].fullmatch(rest) or _patterns()["above"].fullmatch(rest):
                return True
    return False


def absences(found: FoundMentions) -> list[Claim]:
    """The claims of a passage that a material does not superconduct."""
    text = found.passage.text
    claims: list[Claim] = []
    for start, end in found.passage.sentences or ((0, len(text)),):
        if _patterns()["relevant"].search(text, start, end):
            for form in _FORMS:
                matches = _patterns()[form].finditer(text, start, end)
                for match in islice(matches, MOST_DENIALS):
                    denial = _Denial(found, (start, end), match.span(), form)
                    claims += denial.claims()
    return _without_repeats(claims)


_FORMS = ("none", "verb", "passive", "state", "normal", "attribute")


def _without_repeats(claims: Sequence[Claim]) -> list[Claim]:
    """``claims``, each once; of two on the same material that which gives a temperature."""
    kept: dict[tuple[str, str], Claim] = {}
    for claim in sorted(claims, key=lambda c: "absent_down_to" not in c.values):
        kept.setdefault((claim.material, claim.sentence), claim)
    chosen = {id(claim) for claim in kept.values()}
    return [claim for claim in claims if id(claim) in chosen]


@dataclass(frozen=True, slots=True)
class _Denial:
    """Words of one sentence that deny superconductivity: where they stand, and their form."""

    found: FoundMentions
    sentence: tuple[int, int]
    span: tuple[int, int]
    form: str

    @property
    def _text(self) -> str:
        return self.found.passage.text

    def claims(self) -> list[Claim]:
        """One claim for each material that the denial is about; none if it is no plain denial."""
        if self._is_no_claim():
            return []
        temperature = self._temperature()
        weak = self.form == "normal" or re.search(
            r"Meissner|diamagnet", self._text[slice(*self.span)], re.I
        )
        if weak and temperature is None:
            return []
        # A "non-superconducting X" in a sentence on pressure may be so without it.
        pressures = [] if self.form == "attribute" else self._pressures()
        if len(pressures) > 1:
            return []
        return [self._claim(m, temperature, pressures) for m in self._materials(temperature)]

    def _is_no_claim(self) -> bool:
        """Whether it is supposed or asked only, or holds in a magnetic field."""
        patterns, (start, end) = _patterns(), self.sentence
        if self.form == "attribute":
            return False
        said, after = self._text[start : self.span[1]], self._text[self.span[1] : end]
        if patterns["supposed"].search(said) or patterns["unreported"].match(after):
            return True
        near = _BREAK.split(said)[-1] + _BREAK.split(after[:100])[0]
        in_field = patterns["field"].search(near) and not patterns["zero_field"].search(near)
        return bool(in_field)

    def _temperature(self) -> tuple[int, int] | None:
        """Where the temperature stands down to which the denial holds."""
        if self.form == "attribute":
            return None
        patterns, text = _patterns(), self._text
        leads = ("down_to",) if self.form == "normal" else ("down_to", "above")
        start, end = self.span
        window = text[end : min(self.sentence[1], end + TEMPERATURE_REACH)]
        for low, high, _ in find_quantities(window, "temperature"):
            if any(patterns[lead].fullmatch(window[:low]) for lead in leads):
                return end + low, end + high
        first = max(self.sentence[0], start - TEMPERATURE_REACH)
        for low, high, _ in find_quantities(text[first:start], "temperature"):
            if patterns["cooled"].search(text[first : first + low]):
                return first + low, first + high
        return None

    def _pressures(self) -> list[str]:
        """The pressures of the sentence as printed, with a word before that makes one a bound."""
        text = self._text[slice(*self.sentence)]
        return [
            _bound_before(text[:low]) + text[low:high]
            for low, high, _ in find_quantities(text, "pressure")
            if not cues()["pressure_kind"]["synthesis"].search(text[max(0, low - 40) : low])
        ]

    def _materials(self, temperature: tuple[int, int] | None) -> list[int]:
        """The mentions of the materials that the denial is about."""
        inside = self.found.inside(Label.MATERIAL, self.sentence)
        if self.form == "attribute":
            return self._listed(self._qualified(inside), inside)
        about = self._behind(inside)
        if about is None:
            about = self._before(inside)
        if about is None and not inside and temperature is not None:
            about = only_material(self.found, self.sentence)
        return self._listed(about, inside)

    def _qualified(self, inside: Sequence[int]) -> int | None:
        """The material that a "non-superconducting" belongs to, which may be in its mention."""
        for i in inside:
            mention = self.found.mentions[i]
            if mention.start <= self.span[0] and self.span[1] <= mention.end:
                return i
            between = self._text[self.span[1] : max(self.span[1], mention.start)]
            if mention.start >= self.span[1]:
                return i if _patterns()["adjective"].fullmatch(between) else None
        return None

    def _behind(self, inside: Sequence[int]) -> int | None:
        """The material behind the denial: "no superconductivity in MATERIAL"."""
        if self.form in ("state", "normal"):
            return None
        for i in inside:
            start = self.found.mentions[i].start
            if start >= self.span[1]:
                between = self._text[self.span[1] : start]
                return i if _patterns()["inside"].fullmatch(between) else None
        return None

    def _before(self, inside: Sequence[int]) -> int | None:
        """The material before the denial: "MATERIAL is not superconducting"."""
        text, start = self._text, self.span[0]
        ended = [i for i in inside if self.found.mentions[i].end <= start]
        if not ended:
            return None
        mention = self.found.mentions[ended[-1]]
        between = text[mention.end : start]
        if len(between) > MATERIAL_REACH or _BREAK.search(between) or "supercond" in between:
            return None
        allowed = self.form in ("none", "passive") or len(inside) == 1
        word = _PREPOSITION.search(text[self.sentence[0] : mention.start])
        if word is not None and word[1].lower() == "with" and "=" in mention.text:
            return ended[-1]  # "the sample with x = 0.4"
        if word is not None and (not allowed or word[1].lower() not in ("in", "for", "of")):
            return None
        return ended[-1]

    def _listed(self, about: int | None, inside: Sequence[int]) -> list[int]:
        """``about`` with the materials that stand in a list with it."""
        if about is None:
            return []
        if about not in inside:
            return [about]
        at = inside.index(about)
        first = last = at
        while last + 1 < len(inside) and self._in_list(inside[last], inside[last + 1]):
            last += 1
        if self.form in ("state", "verb"):
            while first > 0 and self._in_list(inside[first - 1], inside[first]):
                first -= 1
        return list(inside[first : last + 1])

    def _in_list(self, one: int, other: int) -> bool:
        between = self._text[self.found.mentions[one].end : self.found.mentions[other].start]
        return _patterns()["list"].fullmatch(between) is not None

    def _claim(
        self, material: int, temperature: tuple[int, int] | None, pressures: Sequence[str]
    ) -> Claim:
        text = self._text
        values = {"absent": text[slice(*self.span)]}
        if temperature is not None:
            values["absent_down_to"] = text[slice(*temperature)]
        if pressures:
            values["pressure"] = pressures[0]
        treated = _patterns()["treated"].findall(text, self.sentence[0], self.span[1])
        hints = {"fabrication": treated[-1]} if treated else {}
        claim = claim_of(self.found, [material], values, ABSENCE_SCORE, hints)
        # The denial stands in this sentence, whichever names the material.
        sentences = sorted({self.found.sentence(material), self.sentence})
        boxes = [*claim.boxes, *self.found.passage.boxes(*self.span)]
        if temperature is not None:
            boxes += self.found.passage.boxes(*temperature)
        place = Place(self.found.passage, *self.span)
        words = quoted(text, sentences)
        return replace(claim, sentence=words, boxes=tuple(boxes), place=place)


_BOUND = re.compile(
    r"(?:\b(?:up to|as high as|above|below|under|over|beyond)\s+|[<>≤≥]\s?)?$", re.I
)
_BREAK = re.compile(r";|\b(?:but|whereas|where|while|although|though)\b")
_PREPOSITION = re.compile(
    r"\b(of|in|for|by|with|into|onto|on|from|to|than|like|unlike|as|at)\s+(?:\w+\s+)?$", re.I
)


def _bound_before(text: str) -> str:
    found = _BOUND.search(text)
    return found.group() if found else ""
