"""Antecedents: the materials that the words before a sentence without one were about.

"It has a Tc of 38 K" is said of what was named last. That is weaker evidence than a name beside
the value, so what rests on it alone is marked unsure. How likely a named material is lives in
``owners``.
"""

from __future__ import annotations

import re
from functools import cache

from scmine.extractors.lexicons import load_toml
from scmine.extractors.llm.findings import Findings
from scmine.extractors.llm.owners import same
from scmine.extractors.own_material import may_be

REACH = 2
"""Passages before the value's own in which an antecedent is looked for."""

LEAST_OPEN = 0.1
"""Share of the probability from which on a material may be that of a sentence without one."""

OPEN_CONFIDENCE = 0.3
"""Confidence at most of a value whose material is only that named last; judged, not measured."""


def is_open(findings: Findings, index: int, at: int) -> bool:
    """Whether the sentence at ``at`` of a passage names no material, or refers back to one."""
    passage = findings.document.passages[index]
    low, high = passage.sentence_at(at)
    named = any(low <= m.start < high for m in findings.materials(index))
    return not named or _back().search(passage.text[low:at]) is not None


def antecedents(findings: Findings, index: int, at: int) -> tuple[str, ...]:
    """The materials of the nearest sentence before that of ``at`` that names any, as printed."""
    low = findings.document.passages[index].sentence_at(at)[0]
    for earlier in range(index, max(-1, index - REACH - 1), -1):
        found = [m for m in findings.materials(earlier) if earlier < index or m.end <= low]
        if found:
            start, _ = findings.document.passages[earlier].sentence_at(found[-1].start)
            return tuple(m.text for m in found if m.start >= start)
    return ()


def is_antecedent(findings: Findings, material: str, index: int, at: int) -> bool:
    """Whether an open sentence can only speak of ``material``, as the one that was named last."""
    named = antecedents(findings, index, at)
    return bool(named) and all(same(name, material) for name in named)


def may_be_meant(
    findings: Findings, material: str, index: int, at: int, probability: float
) -> bool:
    """Whether an open sentence may speak of ``material``, which its passage names elsewhere."""
    if not is_open(findings, index, at):
        return False
    if is_antecedent(findings, material, index, at):
        return True
    main = findings.main_material
    own = main is not None and may_be(material, main)
    listed = any(same(name, material) for name in antecedents(findings, index, at))
    return probability >= LEAST_OPEN and (own or listed)


@cache
def _back() -> re.Pattern[str]:
    return re.compile(load_toml("evidence_words.toml")["owner"]["back"])
