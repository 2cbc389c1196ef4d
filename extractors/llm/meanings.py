"""Meanings: whether the words around a printed number say that it is what an answer takes it for.

The patterns and lists are those that the rules go by (``cues``, ``other_temperatures``,
``property_patterns``, ``cells``). Whose value it is, is settled in ``owners``.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache

from scmine.extractors.absence_claims import leads_to_denied
from scmine.extractors.cells import find_cells
from scmine.extractors.characters import uniform
from scmine.extractors.claim import Label, Mention
from scmine.extractors.cues import cues
from scmine.extractors.document import Passage
from scmine.extractors.lexicons import load_toml
from scmine.extractors.llm.answers import ValueField
from scmine.extractors.llm.drops import Drop
from scmine.extractors.llm.printed_values import KINDS, PrintedValue, is_unitless
from scmine.extractors.other_pressures import SYNTHESIS, other_pressure
from scmine.extractors.other_temperatures import DENIAL_REACH, SENTENCE_REACH, other_kind
from scmine.extractors.property_tagger import QUANTITIES, property_mentions
from scmine.extractors.property_values import patterns
from scmine.extractors.words_around import WORDS_AFTER

PROPERTIES = {
    ValueField.LAMBDA: Label.LAMBDA,
    ValueField.OMEGA_LOG: Label.OMEGA_LOG,
    ValueField.OMEGA2: Label.OMEGA2,
    ValueField.MU_STAR: Label.MU_STAR,
}
_AXES = {
    ValueField.A: "a",
    ValueField.B: "b",
    ValueField.C: "c",
    ValueField.ALPHA: "α",
    ValueField.BETA: "β",
    ValueField.GAMMA: "γ",
}
_DIVIDED = re.compile(r"(?<=[a-z])-\s(?=[a-z])")
_LEAD = re.compile(r"^[^\d]*")


@cache
def _words(group: str, name: str) -> re.Pattern[str]:
    return re.compile(load_toml("evidence_words.toml")[group][name])


def meaning(
    field: ValueField, passage: Passage, value: PrintedValue, found: list[Mention]
) -> Drop | None:
    """Why ``value`` is not what ``field`` names; None if nothing speaks against it.

    ``found`` are the mentions that rules and models found in ``passage``.
    """
    if field is ValueField.TC:
        return _temperature(passage, value, found)
    if field is ValueField.PRESSURE:
        before, after = _around(passage, value)
        kind = other_pressure(before, value.text, after)
        return None if kind in (None, SYNTHESIS) else Drop.OTHER_QUANTITY
    if field is ValueField.MAGNETIC_FIELD:
        before = uniform(_around(passage, value)[0])
        return (
            Drop.OTHER_QUANTITY if _words("before", "critical_field").search(before[-60:]) else None
        )
    if field in PROPERTIES:
        return _property(PROPERTIES[field], passage, value)
    return _edge(field, passage, value)


def _around(passage: Passage, value: PrintedValue) -> tuple[str, str]:
    """The words of a value's sentence before and behind it."""
    low, high = passage.sentence_at(value.start)
    text = passage.text
    return text[max(low, value.start - SENTENCE_REACH) : value.start], text[value.end : high]


def _temperature(passage: Passage, value: PrintedValue, found: list[Mention]) -> Drop | None:
    before, after = _around(passage, value)
    lead = _LEAD.match(value.text)
    if leads_to_denied((before + (lead[0] if lead else ""))[-DENIAL_REACH:]):
        return Drop.DENIED
    if other_kind(before, value.text, after[:WORDS_AFTER]) is not None:
        return Drop.OTHER_QUANTITY
    if any(m.label is Label.TC_VALUE and _overlap(m, value) for m in found):
        return None
    low, high = passage.sentence_at(value.start)
    sentence = _DIVIDED.sub("", passage.text[low:high])
    speaks = cues()["link"]["superconducts"].search(sentence)
    sets_in = cues()["link"]["sets_in"].search(_DIVIDED.sub("", before)) or _words(
        "behind", "apposition"
    ).match(after)
    return None if speaks and sets_in else Drop.OTHER_QUANTITY


def _overlap(mention: Mention, value: PrintedValue) -> bool:
    return mention.start < value.end and value.start < mention.end


@lru_cache(maxsize=256)
def _properties(text: str) -> tuple[Mention, ...]:
    return tuple(m for m in property_mentions(text) if m.label in QUANTITIES)


def _property(label: Label, passage: Passage, value: PrintedValue) -> Drop | None:
    """Whether the quantity is named before the value, and no other one since."""
    if KINDS_OF[label] == "number" and not is_unitless(passage.text, value):
        return Drop.UNIT_DIFFERS
    labels = {m.label for m in _properties(passage.text) if _overlap(m, value)}
    if labels:
        return None if label in labels else Drop.OTHER_QUANTITY
    low, high = passage.sentence_at(value.start)
    text = uniform(passage.text[low:high]).replace("µ", "μ")
    at = value.start - low
    named = [
        (abs(match.start() - at) + (1000 if match.start() > at else 0), other)
        for other in QUANTITIES
        for name in ("words", "symbol")
        for match in patterns()[other.value][name].finditer(text)
    ]
    return None if named and min(named)[1] is label else Drop.OTHER_QUANTITY


KINDS_OF = {label: KINDS[field] for field, label in PROPERTIES.items()}


def _edge(field: ValueField, passage: Passage, value: PrintedValue) -> Drop | None:
    """Whether a length or angle is that of the cell's axis that ``field`` names."""
    number = re.sub(r"\s", "", re.sub(r"[^\d.()]*$", "", uniform(value.text)))
    for cell in find_cells(passage.text):
        if cell.start <= value.start and value.end <= cell.end + len(value.unit) + 2:
            own = re.sub(r"\s", "", cell.values.get(field.value, ""))
            if own.startswith(number):
                return None
    before = uniform(_around(passage, value)[0])
    named = re.search(
        rf"(?<![\w]){_AXES[field]}0?(?:\s?=\s?[abcαβγ])*\s?(?:[=≈~:]|is|of)\s?[~≈]?\s?$", before
    )
    return None if named else Drop.OTHER_QUANTITY
