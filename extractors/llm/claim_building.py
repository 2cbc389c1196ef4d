"""Claims from found values: one a Tc, with all that the page adds, as rules make them.

The page's own characters become the claim; nothing of an answer's wording does. Which values hold
is settled before, in ``shown_text``.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from scmine.extractors.claim import Claim, Place
from scmine.extractors.document import Document, Passage
from scmine.extractors.found_mentions import FoundMentions, quoted
from scmine.extractors.llm.answers import EvidenceKind, Origin, ValueField
from scmine.extractors.llm.antecedents import OPEN_CONFIDENCE
from scmine.extractors.llm.findings import Findings
from scmine.extractors.llm.owners import SURE
from scmine.extractors.llm.shown_text import FoundMaterial, FoundValue, ShownText, Span
from scmine.extractors.tc_claims import tc_hints

READ_CONFIDENCE = 0.9
"""Confidence of a value whose quote, number and unit hold, before its owner is asked."""

IMPLIED_CONFIDENCE = 0.5
"""The same where the passage does not name the material, which is that of the paper."""

WITHOUT_TC_CONFIDENCE = 0.7
"""Confidence of a claim without a Tc, whose owner no model was trained to tell."""


def build(
    text: ShownText,
    material: FoundMaterial,
    found: Sequence[FoundValue],
    extractor: str,
    whose: tuple[EvidenceKind, Origin] = (EvidenceKind.UNKNOWN, Origin.UNKNOWN),
    sites: Sequence[tuple[dict[str, Any], int, Span]] = (),
) -> list[tuple[Claim, int | None]]:
    """The claims of what was found: one a Tc, or one if there is none; none of nothing.

    ``sites`` are atomic sites, each with its passage and place; ``whose`` is what the model says
    of the claim.
    """
    tcs = [f for f in found if f.value.field is ValueField.TC]
    others = [f for f in found if f.value.field is not ValueField.TC]
    groups = [[tc, *others] for tc in tcs] or ([others] if others or sites else [])
    return [_claim(text, material, group, extractor, whose, sites) for group in groups]


def _claim(
    text: ShownText,
    material: FoundMaterial,
    group: Sequence[FoundValue],
    extractor: str,
    whose: tuple[EvidenceKind, Origin],
    sites: Sequence[tuple[dict[str, Any], int, Span]],
) -> tuple[Claim, int | None]:
    anchor = group[0] if group else None
    index, place = (anchor.index, anchor.place) if anchor else sites[0][1:]
    passage = text.document.passages[index]
    named = anchor.owner.material if anchor and anchor.owner else None
    spans = [(index, named) if named else (material.index, material.place)]
    spans += [(f.index, f.place) for f in group]
    spans += [(i, at) for _, i, at in sites]
    values = {f.value.field.value: f.printed.with_unit() for f in group}
    if sites:
        values["wyckoff"] = json.dumps([site for site, _, _ in sites], ensure_ascii=False)
    hints = {"llm_evidence": whose[0].value, "llm_origin": whose[1].value}
    if anchor is not None:
        hints |= _hints(passage, text.findings, anchor, named)
    at = passage.boxes(*place)
    made = Claim(
        material=material.text,
        values=values,
        source="llm",
        section=passage.section,
        sentence=_sentence(text.document, spans),
        page=at[0].page if at else passage.page,
        boxes=tuple(b for i, (s, e) in spans for b in text.document.passages[i].boxes(s, e)),
        extractor=extractor,
        confidence=_confidence(anchor),
        hints={key: words for key, words in hints.items() if words},
        place=Place(passage, *place),
    )
    return made, index


def _confidence(anchor: FoundValue | None) -> float:
    """How far a claim is believed: as far as its first value is the material's."""
    if anchor is not None and anchor.unclear:
        return min(OPEN_CONFIDENCE, _share(anchor))
    if anchor is not None and anchor.implied:
        return IMPLIED_CONFIDENCE
    if anchor is None or anchor.value.field is not ValueField.TC or anchor.owner is None:
        return WITHOUT_TC_CONFIDENCE
    return _share(anchor)


def _share(anchor: FoundValue) -> float:
    """The confidence of a value by its material's probability; that of a likely one if unknown."""
    probability = anchor.owner.probability if anchor.owner else 1.0
    return round(READ_CONFIDENCE * probability, 3)


def _hints(
    passage: Passage,
    findings: Findings,
    anchor: FoundValue,
    material_at: Span | None,
) -> dict[str, str]:
    """What the words around add to the values."""
    found = FoundMentions(passage, findings.mentions(anchor.index), [])
    start, end = anchor.place
    hints = tc_hints(found, start, end) if anchor.value.field is ValueField.TC else {}
    begin = material_at[0] if material_at else start
    doubted = anchor.owner is not None and anchor.owner.probability < SURE
    unsure = anchor.unclear or doubted
    return {
        **hints,
        "before": passage.text[max(0, begin - 600) : end],
        "cites": "yes" if found.cites([passage.sentence_at(start)]) else "",
        "implied": "yes" if anchor.implied else "",
        "unsure_material": "yes" if unsure else "",
    }


def _sentence(document: Document, spans: Sequence[tuple[int, Span]]) -> str:
    """The sentences that hold ``spans``, passage by passage."""
    parts = []
    for index in sorted({i for i, _ in spans}):
        passage = document.passages[index]
        sentences = sorted({passage.sentence_at(s) for i, (s, _) in spans if i == index})
        parts.append(quoted(passage.text, sentences))
    return " […] ".join(parts)
