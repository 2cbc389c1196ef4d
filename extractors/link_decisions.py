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

SURE = 0.5
"""Links from this probability on are believed whatever the text around says."""

LIST_SCORE = 0.8
"""Confidence that lists of the same length in one sentence run side by side."""

BEHIND_SCORE = 0.75
"""Confidence that a value belongs to the material that follows it (``12 K for x = 0.1``)."""

_REACH = 80
"""Characters beside a mention in which words speak of it."""


class Decisions:
    """Believed links of one passage; ``materials`` are the mentions that may be linked to."""

    def __init__(
        self,
        passage: Passage,
        mentions: Sequence[Mention],
        links: Sequence[Link],
        materials: Collection[int],
    ) -> None:
        self._passage = passage
        self._mentions = mentions
        self._links = links
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
        others = [k for k in self._links if k.label is not LinkLabel.MATERIAL_TC]
        return [*result, *(k for k in others if k.score >= SURE)]

    def _of_value(self, value: int) -> list[Link]:
        """The links of one value that no list settles."""
        known = [
            k
            for k in self._links
            if k.tail == value
            and k.label is LinkLabel.MATERIAL_TC
            and k.head in self._materials
            and not self._is_compared(k.head, value)
        ]
        behind = self._right_behind(value)
        if behind is not None and behind not in [k.head for k in known if k.score >= SURE]:
            kept = [k for k in known if k.score >= SURE and self._goes_with(k.head, behind)]
            return [*kept, Link(behind, value, LinkLabel.MATERIAL_TC, BEHIND_SCORE)]
        sure = [k for k in known if k.score >= SURE]
        if sure:
            return sure
        best = max(known, key=lambda k: k.score, default=None)
        if best is None or not self._is_without_rival(best.head, value):
            return []
        return [best]

    def _is_without_rival(self, material: int, value: int) -> bool:
        """Whether an unlikely link is the only one that the sentence of the value leaves."""
        start, end = self._passage.sentence_at(self._mentions[value].start)
        if cues()["origin"]["cited"].search(self._passage.text[start:end]):
            return False
        named = {
            self._mentions[i].text
            for i in self._materials
            if start <= self._mentions[i].start < end
        }
        before = self._passage.text[start : self._mentions[value].start]
        return named <= {self._mentions[material].text} and bool(
            cues()["tc_value"]["before"].search(before[-90:])
        )

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
        return any(start <= self._mentions[i].start < mention.start - 10 for i in self._materials)

    def _side_by_side(self) -> dict[int, int]:
        """The material of each value of a list that runs beside a list of as many materials."""
        pairs: dict[int, int] = {}
        for start, end in self._passage.sentences or ((0, len(self._passage.text)),):
            values = self._runs(self._values, start, end)
            materials = self._runs(self._materials, start, end)
            if len(values) == 1 and len(materials) == 1 and len(values[0]) == len(materials[0]):
                pairs |= dict(zip(values[0], materials[0], strict=True))
        return pairs

    def _runs(self, among: Sequence[int], start: int, end: int) -> list[list[int]]:
        """The lists of two or more mentions between which only ``,`` and ``and`` stand."""
        runs: list[list[int]] = []
        last: int | None = None
        for i in among:
            if not start <= self._mentions[i].start < end:
                continue
            between = (
                self._passage.text[self._mentions[last].end : self._mentions[i].start]
                if last is not None
                else ""
            )
            if last is not None and cues()["link"]["list"].fullmatch(between):
                runs[-1].append(i)
            else:
                runs.append([i])
            last = i
        return [run for run in runs if len(run) > 1]
