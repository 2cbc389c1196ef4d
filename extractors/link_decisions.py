"""Which links between materials and Tc values are believed, and which the text adds.

The linker gives each value the likeliest materials with a probability. Here the sentence is asked
again where its form leaves no doubt: lists that run side by side, a value with its material right
behind it, a material that is only compared with. Unlikely links are believed where the paper leaves
no other choice. How links are found lives in ``linking``; what a link then says, in ``tc_claims``.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from scmine.extractors.claim import Label, Link, LinkLabel, Mention
from scmine.extractors.cues import cues
from scmine.extractors.document import Passage
from scmine.extractors.listed import runs_of
from scmine.extractors.own_material import is_element, may_be

SURE = 0.5
"""Links from this probability on are believed whatever the text around says."""

LIST_SCORE = 0.8
"""Confidence that lists of the same length in one sentence run side by side."""

BEHIND_SCORE = 0.75
"""Confidence that a value belongs to the material that follows it (``12 K for x = 0.1``)."""

NEAREST_SCORE = 0.5
"""Confidence that a Tc in a sentence without materials is that of the material named last."""

_REACH = 80
"""Characters beside a mention in which words speak of it."""

_NAMED_REACH = 90
"""Characters before a temperature in which a Tc must be named for an unlikely link to count."""

_RESPECTIVELY = re.compile(r"\brespectively\b")


class Decisions:
    """Believed links of one passage.

    ``materials`` are the mentions that may be linked to, ``own`` is what the paper is about, if it
    is about one material.
    """

    def __init__(
        self,
        passage: Passage,
        mentions: Sequence[Mention],
        links: Sequence[Link],
        materials: Collection[int],
        own: str | None = None,
    ) -> None:
        self._passage = passage
        self._mentions = mentions
        self._links = links
        self._own = own
        self._materials = sorted(materials, key=lambda i: mentions[i].start)
        self._values = sorted(
            (i for i, m in enumerate(mentions) if m.label is Label.TC_VALUE),
            key=lambda i: mentions[i].start,
        )

    def links(self) -> list[Link]:
        """The links believed, material–Tc ones by value and then those of other labels."""
        listed = self._side_by_side()
        result = []
        for value in self._values:
            if value in listed:
                result.append(Link(listed[value], value, LinkLabel.MATERIAL_TC, LIST_SCORE))
            else:
                result += self._of_value(value)
        result += self._beside_linked(result)
        others = [k for k in self._links if k.label is not LinkLabel.MATERIAL_TC]
        return [*result, *(k for k in others if k.score >= SURE)]

    def _beside_linked(self, believed: Sequence[Link]) -> list[Link]:
        """Links of the values left over in sentences whose other values are all one material's.

        "Tc of LaH10 is raised to 5.0 K at 2 GPa and further increased to 7.6 K at 6 GPa."
        """
        linked = {link.tail: link.head for link in believed}
        result = []
        for value in self._values:
            if value in linked:
                continue
            start, end = self._passage.sentence_at(self._mentions[value].start)
            beside = [
                head
                for other, head in linked.items()
                if start <= self._mentions[other].start < self._mentions[value].start
            ]
            named = {self._mentions[i].text for i in (*beside, *self._within(start, end))}
            between = self._passage.text[start : self._mentions[value].start]
            if len(named) == 1 and beside and cues()["link"]["goes_on"].search(between):
                score = NEAREST_SCORE
                result.append(Link(beside[-1], value, LinkLabel.MATERIAL_TC, score))
        return result

    def _of_value(self, value: int) -> list[Link]:
        """The links of one value that no list settles."""
        known = [
            k
            for k in self._links
            if k.tail == value
            and k.label is LinkLabel.MATERIAL_TC
            and k.head in self._materials
            and not self._is_compared(k.head, value)
            and not self._is_anothers(k.head, value)
        ]
        behind = self._right_behind(value)
        if behind is not None and behind not in [k.head for k in known if k.score >= SURE]:
            kept = [k for k in known if k.score >= SURE and self._goes_with(k.head, behind)]
            return [*kept, Link(behind, value, LinkLabel.MATERIAL_TC, BEHIND_SCORE)]
        sure = [k for k in known if k.score >= SURE]
        if sure:
            return sure
        return self._without_rival(value, max(known, key=lambda k: k.score, default=None))

    def _without_rival(self, value: int, best: Link | None) -> list[Link]:
        """The unlikely link, or one to the material named last, if the sentence leaves no other."""
        start, end = self._passage.sentence_at(self._mentions[value].start)
        before = self._passage.text[start : self._mentions[value].start]
        sentence = self._passage.text[start:end]
        others = any(cues()["link"][words].search(sentence) for words in ("others", "found"))
        if others or not cues()["tc_value"]["before"].search(before[-_NAMED_REACH:]):
            return []
        named = {self._mentions[i].text for i in self._within(start, end)}
        if best is not None:
            return [best] if named <= {self._mentions[best.head].text} else []
        last = self._named_last(start)
        if named or last is None:
            return []
        return [Link(last, value, LinkLabel.MATERIAL_TC, NEAREST_SCORE)]

    def _named_last(self, before: int) -> int | None:
        """The material of the last sentence that names any, if it names one only."""
        earlier = self._within(0, before)
        if not earlier:
            return None
        start, end = self._passage.sentence_at(self._mentions[earlier[-1]].start)
        named = {self._mentions[i].text for i in self._within(start, end)}
        name = named.pop()
        if named or (is_element(name) if self._own is None else not may_be(name, self._own)):
            return None
        return earlier[-1]

    def _within(self, start: int, end: int) -> list[int]:
        """The materials that begin in a stretch of the text."""
        return [i for i in self._materials if start <= self._mentions[i].start < end]

    def _goes_with(self, material: int, behind: int) -> bool:
        """Whether a material and one right behind the value are two names of the same sample."""
        return not re.search(r"[=≈∼~]", self._mentions[material].text) and bool(
            re.search(r"[=≈∼~]", self._mentions[behind].text)
        )

    def _right_behind(self, value: int) -> int | None:
        """The material that follows a value at once (``12 K for the x = 0.1 sample``)."""
        end = self._mentions[value].end
        for i in self._materials:
            mention = self._mentions[i]
            if mention.start >= end:
                between = self._passage.text[end : mention.start]
                near = len(between) <= _REACH
                return i if near and cues()["link"]["behind"].fullmatch(between) else None
        return None

    def _is_compared(self, material: int, value: int) -> bool:
        """Whether the material is named only to compare another one with it."""
        mention, tc = self._mentions[material], self._mentions[value]
        start, end = self._passage.sentence_at(tc.start)
        if not start <= mention.start < end:
            return False
        before = self._passage.text[max(start, mention.start - _REACH) : mention.start]
        if not cues()["link"]["compared"].search(before):
            return False
        if mention.start > tc.start:
            return True
        if cues()["link"]["own_value"].match(self._passage.text[mention.end : tc.start]):
            return False
        return bool(self._within(start, mention.start - 10))

    def _is_anothers(self, material: int, value: int) -> bool:
        """Whether a link leaves a sentence without materials for one that the paper is not about.

        Such a sentence speaks of the paper's own material, as a later one of another.
        """
        start, end = self._passage.sentence_at(self._mentions[value].start)
        mention = self._mentions[material]
        if self._own is None or start <= mention.start < end or self._within(start, end):
            return False
        return not may_be(mention.text, self._own) and not cues()["link"]["others"].search(
            self._passage.text[start:end]
        )

    def _side_by_side(self) -> dict[int, int]:
        """The material of each value of a list that runs beside a list of as many materials."""
        pairs: dict[int, int] = {}
        before: list[list[int]] = []
        for start, end in self._passage.sentences or ((0, len(self._passage.text)),):
            values = self._runs(self._values, start, end)
            materials = self._runs(self._materials, start, end)
            lists = materials
            if _RESPECTIVELY.search(self._passage.text[start:end]) and not self._within(start, end):
                lists = before  # "They have a Tc of 3 K and 5 K, respectively."
            if len(values) == 1 and len(lists) == 1 and len(values[0]) == len(lists[0]):
                pairs |= dict(zip(values[0], lists[0], strict=True))
            before = materials
        return pairs

    def _runs(self, among: Sequence[int], start: int, end: int) -> list[list[int]]:
        """The lists of two or more mentions between which only ``,`` and ``and`` stand."""

        def go_on(one: int, other: int) -> bool:
            between = self._passage.text[self._mentions[one].end : self._mentions[other].start]
            return cues()["link"]["list"].fullmatch(between) is not None

        inside = [i for i in among if start <= self._mentions[i].start < end]
        return [run for run in runs_of(inside, go_on) if len(run) > 1]
