"""Shown text: where the words and values that an answer quotes stand in the passages shown.

A value is found if its quote stands there, holds the number whole and with its unit, says that it
is the quantity, and says it of the material. What becomes of found values lives in
``claim_evidence`` and ``crystal_evidence``.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace

from scmine.extractors.document import Document, Passage
from scmine.extractors.llm.answers import QuotedValue, ValueField
from scmine.extractors.llm.antecedents import is_antecedent, is_open, may_be_meant
from scmine.extractors.llm.drops import Drop
from scmine.extractors.llm.findings import Findings
from scmine.extractors.llm.instructions import addresses_model
from scmine.extractors.llm.meanings import meaning
from scmine.extractors.llm.owners import LEAST, Owner, owner_of, said_of, same
from scmine.extractors.llm.printed_values import (
    KINDS,
    Agreement,
    PrintedValue,
    compare,
    printed_values,
)
from scmine.extractors.llm.quotes import find_quote, find_words
from scmine.extractors.quantities import Kind
from scmine.extractors.spacegroups import find_space_groups

Span = tuple[int, int]

CONDITIONS = frozenset(
    {ValueField.PRESSURE, ValueField.MAGNETIC_FIELD, ValueField.METHOD, ValueField.MU_STAR}
)
"""Fields that say nothing of a material without another one."""


@dataclass(frozen=True, slots=True)
class FoundMaterial:
    """A material as printed: the position of its passage, its place there, and its words."""

    index: int
    place: Span
    text: str


@dataclass(frozen=True, slots=True)
class FoundValue:
    """A value, where the document prints it, and whose it is.

    ``implied`` says that its passage does not name its material; ``unclear`` that only the words
    before speak for it.
    """

    value: QuotedValue
    index: int
    printed: PrintedValue
    owner: Owner | None = None
    implied: bool = False
    unclear: bool = False

    @property
    def place(self) -> Span:
        """Where it stands in its passage."""
        return self.printed.start, self.printed.end


class ShownText:
    """The passages of ``document`` whose names are in ``shown``, and what was found in them."""

    def __init__(
        self, document: Document, shown: Collection[str], findings: Findings | None = None
    ) -> None:
        self.document = document
        self.findings = findings or Findings(document)
        self._shown = frozenset(shown)

    def is_shown(self, name: str) -> bool:
        """Whether the place called ``name`` was shown."""
        return name in self._shown

    def _passages(self, name: str) -> list[int]:
        """The passages that a quote may stand in: the named one, else any that was shown."""
        if name not in self._shown:
            return []
        own = _index(name)
        others = sorted(i for n in self._shown if (i := _index(n)) is not None and i != own)
        known = [own, *others] if own is not None else others
        return [i for i in known if i < len(self.document.passages)]

    def quotes(self, quote: str, name: str) -> list[tuple[int, Span]] | Drop:
        """Where a quote stands: passage and place; in the named passage if it is there."""
        passages = self._passages(name)
        if not passages:
            return Drop.NOT_SHOWN
        reason = Drop.QUOTE_NOT_FOUND
        for index in passages:
            text = self.document.passages[index].text
            places = find_quote(text, quote)
            if places and addresses_model(text):
                reason = Drop.INSTRUCTION
            elif places:
                return [(index, place) for place in places]
        return reason

    def material(self, words: str, quote: str, name: str) -> FoundMaterial | Drop:
        """Where the material is printed, and its printed words."""
        places = self.quotes(quote, name)
        if isinstance(places, Drop):
            return places
        for index, (start, end) in places:
            text = self.document.passages[index].text
            for low, high in find_words(text, words, start, end):
                return FoundMaterial(index, (low, high), text[low:high])
        return Drop.MATERIAL_NOT_FOUND

    def value(self, value: QuotedValue, material: str) -> FoundValue | Drop:
        """Where the value of an answer is printed, or why it is not believed."""
        places = self.quotes(value.quote, value.passage)
        if isinstance(places, Drop):
            return places
        reason = Drop.VALUE_NOT_IN_QUOTE
        best: FoundValue | None = None
        for index, place in places:
            for printed in self._candidates(value, index, place):
                result = (
                    printed
                    if isinstance(printed, Drop)
                    else self._owned(FoundValue(value, index, printed), material)
                )
                if isinstance(result, Drop):
                    reason = max(reason, result, key=_SEVERITY.index)
                elif best is None or _certainty(result) > _certainty(best):
                    best = result
        return best or reason

    def _candidates(self, value: QuotedValue, index: int, place: Span) -> list[PrintedValue | Drop]:
        """The printed values of a quote that are the answer's, or why one is not."""
        passage = self.document.passages[index]
        kind = KINDS.get(value.field)
        if kind is None:
            return list(_words(value, passage, place))
        found: list[PrintedValue | Drop] = []
        mentions = self.findings.mentions(index)
        for printed in printed_values(passage.text, kind):
            if not _within(printed, place):
                continue
            agreement = compare(value.value, printed, kind)
            if agreement is Agreement.UNIT_DIFFERS:
                found.append(Drop.UNIT_DIFFERS)
            elif agreement is Agreement.SAME:
                found.append(meaning(value.field, passage, printed, mentions) or printed)
        if not found and kind != "number" and _bare(value.value, kind, passage, place):
            found.append(Drop.UNIT_DIFFERS)
        return found

    def _owned(self, found: FoundValue, material: str) -> FoundValue | Drop:
        """``found`` with its owner, or why the value is not the material's."""
        passage = self.document.passages[found.index]
        span = (found.printed.start, found.printed.end)
        if not find_words(passage.text, material):
            return self._implied(found, material)
        if found.value.field in CONDITIONS:
            return found
        mentions = self.findings.mentions(found.index)
        if found.value.field is ValueField.TC:
            owner = owner_of(
                passage,
                mentions,
                material,
                span,
                self.findings.linkers,
                self.findings.main_material,
            )
        else:
            owner = said_of(passage, mentions, material, span)
        if owner.probability >= LEAST:
            return replace(found, owner=owner)
        meant = not owner.listed and may_be_meant(
            self.findings, material, found.index, span[0], owner.probability
        )
        return replace(found, owner=owner, unclear=True) if meant else Drop.OTHER_MATERIAL

    def _implied(self, found: FoundValue, material: str) -> FoundValue | Drop:
        """A value whose passage does not name its material: the paper's own, or that named last."""
        at = found.printed.start
        if not is_open(self.findings, found.index, at):
            return Drop.OTHER_MATERIAL
        low, high = self.document.passages[found.index].sentence_at(at)
        named = any(low <= m.start < high for m in self.findings.materials(found.index))
        main = self.findings.main_material
        if not named and main is not None and same(main, material):
            return replace(found, implied=True)
        if is_antecedent(self.findings, material, found.index, at):
            return replace(found, implied=True, unclear=True)
        return Drop.OTHER_MATERIAL if named else Drop.MATERIAL_NOT_FOUND


_SEVERITY = [
    Drop.NOT_SHOWN,
    Drop.QUOTE_NOT_FOUND,
    Drop.INSTRUCTION,
    Drop.VALUE_NOT_IN_QUOTE,
    Drop.UNIT_DIFFERS,
    Drop.OTHER_QUANTITY,
    Drop.DENIED,
    Drop.MATERIAL_NOT_FOUND,
    Drop.OTHER_MATERIAL,
]
"""Reasons in the order in which checks are made: of several places the one that came farthest."""


def _index(name: str) -> int | None:
    """The position of the passage called ``name`` (``p12``); None if it is no passage's name."""
    return int(name[1:]) if name[:1] == "p" and name[1:].isdecimal() else None


def _within(printed: PrintedValue, place: Span) -> bool:
    """Whether the digits of a value stand in a quote; signs before and unit behind may not."""
    digits = [i for i, char in enumerate(printed.text) if char.isdigit()]
    if not digits:
        return place[0] <= printed.start and printed.end <= place[1]
    return place[0] <= printed.start + digits[0] and printed.start + digits[-1] < place[1]


def _words(value: QuotedValue, passage: Passage, place: Span) -> list[PrintedValue | Drop]:
    """The places in a quote of a value that is words."""
    found: list[PrintedValue | Drop] = []
    for start, end in find_words(passage.text, value.value, *place):
        text = passage.text[start:end]
        if value.field is ValueField.SPACE_GROUP and not find_space_groups(text, "symbol"):
            found.append(Drop.OTHER_QUANTITY)
        else:
            found.append(PrintedValue(start, end, "", text))
    return found


def _bare(value: str, kind: Kind, passage: Passage, place: Span) -> bool:
    """Whether a quote holds the number of a value, but not with a unit of its kind."""
    return any(
        compare(value, printed, "number") is not Agreement.NUMBER_DIFFERS
        for printed in printed_values(passage.text, "number")
        if _within(printed, place)
        and not any(
            known.start < printed.end and printed.start < known.end
            for known in printed_values(passage.text, kind)
        )
    )


def _certainty(found: FoundValue) -> float:
    return found.owner.probability if found.owner else 0.0
