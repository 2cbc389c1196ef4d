"""Claims of a Tc in running text: linked to a material, or implied.

Numbers stay as printed; ``tc_fields`` reads them. λ, μ* and structures are added in
``electron_phonon_claims`` and ``crystal_claims``; that there is no Tc is claimed in
``absence_claims``.
"""

from __future__ import annotations

import re
from dataclasses import replace

from scmine.extractors.claim import Claim, Label, LinkLabel, Mention
from scmine.extractors.cues import cues
from scmine.extractors.document import Box, Passage, PassageKind
from scmine.extractors.found_mentions import FoundMentions, claim_of
from scmine.extractors.other_pressures import APPLIED
from scmine.extractors.other_temperatures import is_other_temperature
from scmine.extractors.quantities import find_quantities, relation_before
from scmine.extractors.side_by_side import Row, rows
from scmine.extractors.tc_conditions import add_field, bound_lead, pressure_of, zero_pressure

IMPLIED_SCORE = 0.6
"""Confidence that a Tc of a passage without materials is that of the paper's own material."""

TC_NAMED_REACH = 90
"""Characters before a temperature in which a Tc must be named for it to count without a link."""

CLAUSE_REACH = 300
"""Characters beside a Tc value in which its sentence is searched for what it adds to it."""

TC_KIND_REACH = 90
"""Characters before a Tc value in which its kind may be named, before a list even."""

TC_WORDS_REACH = 45
"""Characters before a Tc value in which words such as "onset" are taken to speak of it."""

_TEMPERATURE = re.compile(r"\d\s?m?K\b")
_ZERO_SYMBOL = re.compile(r"\bT\s?[cC]\s?[,_^{(]*\s?[0o]\b[^\d.;]{0,30}$")
_RESISTIVE = re.compile(r"resist|onset")
_OWN_WORDS = re.compile(r"\bT\s?[cC]\b|=|transition|supercond|temperature|resist")
_REFERENCES = re.compile(r"\W*(?:references|bibliography|literature cited)\b", re.IGNORECASE)
_NEGATED = re.compile(r"\b(?:no|not)\s+$")
_BEHIND = re.compile(
    r"\s*\([^()]{0,40}\)|\s+(?:\(?(?:at|for|defined|determined|taken)\s+(?:\w+\s+){0,3}?)?"
    r"(?:onset|midpoint|zero[- ]resist\w+|\d\d\s?%)"
)
_SUPERCONDUCTS = re.compile(
    r"\bsuperconductivity\b[^.;,]{0,20}\b(?:appears|occurs|emerges|exists|develops|sets in|is found"
    r"|is observed|was found|was observed|has been (?:found|observed))\b(?![^.;]{0,40}\bnot?\b)"
)
_SETS_IN = re.compile(
    r"\b(?:superconduct(?:s|ing|ivity|or)|diamagneti(?:c|sm)|zero[- ]resist\w+|drops?|vanish\w*)\b"
    r"(?! T| critical| tran)(?:(?!\d\s?m?K\b)[^.;,]){0,50}\bbelow\s+(?:about\s+|T\s?c\s?[=~≈∼]\s?)?"
    r"[~≈∼]?\s?$"
)


def tc_claims(found: FoundMentions) -> list[tuple[Claim, tuple[int, ...]]]:
    """Claims of a Tc, each with the mentions it rests on."""
    ordered = rows(found)
    result = [_row_claim(found, row) for row in ordered]
    for tc in found.of(Label.TC_VALUE):
        value = found.mentions[tc]
        done = any(row.tc.start < value.end and value.start < row.tc.end for row in ordered)
        if done or is_other_temperature(found, tc):
            continue
        start = _with_between(found, tc)
        values = {"tc": found.passage.text[start : value.end]}
        conditions = []
        hints = {"tc_unit": _shared_unit(found.passage, value), **tc_hints(found, start, value.end)}
        zero = zero_pressure(found, start, value.end)
        pressure = pressure_of(found, tc) if zero is None else None
        zero_boxes = _add_zero(found, values, hints, zero)
        if pressure is not None:
            _add_pressure(found, values, hints, pressure)
            conditions.append(pressure)
        for i in found.tails(tc, LinkLabel.TC_METHOD)[:1]:
            values["method"] = found.mentions[i].text
            conditions.append(i)
        boxes = [*zero_boxes, *add_field(found, values, value.start, value.end)]
        for link in found.links:
            if link.tail == tc and link.label is LinkLabel.MATERIAL_TC:
                used = (link.head, tc, *conditions)
                order = {"order": _order(found, link.head, tc)}
                claim = claim_of(found, used, values, link.score * value.score, {**hints, **order})
                result.append((replace(claim, boxes=(*claim.boxes, *boxes)), used))
    return result


def _row_claim(found: FoundMentions, row: Row) -> tuple[Claim, tuple[int, ...]]:
    """The claim of one row of lists that run side by side."""
    passage = found.passage
    used = [row.material, row.mention]
    values = {"tc": passage.text[row.tc.start : row.tc.end]}
    hints = {
        **tc_hints(found, row.tc.start, row.tc.end),
        "tc_unit": row.tc.unit,
        "tc_kind": row.kind,
        "order": row.order,
    }
    boxes = [*passage.boxes(row.tc.start, row.tc.end)]
    boxes += add_field(found, values, row.tc.start, row.tc.end)
    if row.pressure is not None:
        values["pressure"] = passage.text[row.pressure.start : row.pressure.end]
        hints |= {"pressure_unit": row.pressure.unit, "pressure_kind": APPLIED}
        boxes += passage.boxes(row.pressure.start, row.pressure.end)
    else:
        zero = zero_pressure(found, row.tc.start, row.tc.end)
        boxes += _add_zero(found, values, hints, zero)
    for i in found.tails(row.mention, LinkLabel.TC_METHOD)[:1]:
        values["method"] = found.mentions[i].text
        used.append(i)
    if row.unpaired:
        hints["unpaired"] = "yes"
    score = found.mentions[row.material].score * found.mentions[row.mention].score
    claim = claim_of(found, used, values, score, hints)
    material = claim.material
    if row.through is not None:
        first, last = found.mentions[row.material], found.mentions[row.through]
        material = passage.text[first.start : last.end]
        boxes += found.boxes(row.through)
    boxes = [*found.boxes(row.material), *boxes]
    return replace(claim, material=material, boxes=tuple(boxes)), tuple(used)


def _add_pressure(
    found: FoundMentions, values: dict[str, str], hints: dict[str, str], pressure: int
) -> list[Box]:
    """Put a mention's pressure into ``values``; returns where it stands."""
    end = found.mentions[pressure].end
    values["pressure"] = found.passage.text[_with_between(found, pressure) : end]
    hints["pressure_kind"] = found.pressure_kind(pressure) or APPLIED
    hints["pressure_lead"] = bound_lead(found, pressure)
    return list(found.boxes(pressure))


def _add_zero(
    found: FoundMentions,
    values: dict[str, str],
    hints: dict[str, str],
    zero: tuple[int, int] | None,
) -> list[Box]:
    """Put the words that say zero pressure into ``values``; returns where they stand."""
    if zero is None:
        return []
    values["pressure"] = found.passage.text[zero[0] : zero[1]]
    hints["pressure_kind"] = APPLIED
    return list(found.passage.boxes(*zero))


def tc_hints(found: FoundMentions, start: int, end: int) -> dict[str, str]:
    """What the words around a Tc value add to it: its kind, and how it relates to the number."""
    text = found.passage.text
    sentence = found.passage.sentence_at(start)
    before = text[max(sentence[0], start - TC_WORDS_REACH) : start]
    behind = _BEHIND.match(text[end : sentence[1]])
    words = behind[0] if behind else ""
    if not _says_kind(words):
        words = _kind_words(text[max(sentence[0], start - TC_KIND_REACH) : start])
    if not words and _ZERO_SYMBOL.search(before) and _RESISTIVE.search(text, *sentence):
        words = "zero resistance"  # a Tc0 beside resistance is where it vanishes
    hints = {"tc_words": f"{before} {words}", "tc_kind_words": words or " "}
    lead = re.split(r"\d", text[start:end], maxsplit=1)[0]
    negated = _NEGATED.search(before) is not None and bool(lead.strip())
    relation = relation_before(before + lead if negated else before)
    if relation != "=" and not re.search(r"\b(?:up to|as high as|maximum of)\s*$", before):
        hints["tc_relation"] = relation
    if _SUPERCONDUCTS.search(text[max(sentence[0], start - CLAUSE_REACH) : start]):
        hints["superconducts"] = "yes"
    if _SETS_IN.search(before + lead):
        hints["tc_relation"] = "="  # "superconducting below 39 K" names Tc, not a bound of it
    return hints


def _kind_words(before: str) -> str:
    """The words before a value that may name its kind: back to a word about another temperature.

    "an onset of 37 K and zero resistance at 35 K" names two kinds, "onset Tc of 37 and 35 K" one.
    """
    for words in reversed(_TEMPERATURE.split(before)):
        if _says_kind(words):
            return words
        if _OWN_WORDS.search(words):
            return ""
    return ""


def _says_kind(words: str) -> bool:
    return any(pattern.search(words) for pattern in cues()["tc_kind"].values())


def _with_between(found: FoundMentions, i: int) -> int:
    """Where a value begins, the word "between" that makes two numbers a range put in."""
    mention = found.mentions[i]
    lead = re.search(r"\bbetween\s+$", found.before(i, 12))
    if lead is None or not re.search(r"\d.*\band\s", mention.text):
        return mention.start
    return mention.start - len(lead[0])


def _shared_unit(passage: Passage, value: Mention) -> str:
    """The unit of a value that has none of its own but stands in a list that ends with one."""
    if re.search(r"[A-Za-z]", value.text):
        return ""
    window = passage.text[value.start : value.end + 60]
    for start, end, quantity in find_quantities(window, "temperature"):
        if start <= 1 and end > len(value.text):
            return quantity.unit_printed
    return ""


def _order(found: FoundMentions, material: int, tc: int) -> str:
    """``i/n``: which of the n Tc values of one sentence this is that belong to one mention.

    A mention may list materials ("x = 0.1 and 0.2"), and its values come in the same order.
    """
    sentence = found.sentence(tc)
    values = sorted(
        {i for i in found.tails(material, LinkLabel.MATERIAL_TC) if found.sentence(i) == sentence},
        key=lambda i: found.mentions[i].start,
    )
    return f"{values.index(tc)}/{len(values)}" if len(values) > 1 else ""


def implied_claims(found: FoundMentions, material: str) -> list[tuple[Claim, tuple[int, ...]]]:
    """Claims of the Tc values that no material is named with, as those of the paper's own."""
    result: list[tuple[Claim, tuple[int, ...]]] = []
    passage = found.passage
    if passage.kind is PassageKind.PARAGRAPH and _REFERENCES.match(passage.section or ""):
        return []  # the title of another paper
    for tc in found.of(Label.TC_VALUE):
        value = found.mentions[tc]
        if _is_own_value(found, tc) and not is_other_temperature(found, tc):
            hints = {**tc_hints(found, value.start, value.end), "implied": "yes"}
            values = {"tc": value.text}
            zero = zero_pressure(found, value.start, value.end)
            boxes = _add_zero(found, values, hints, zero)
            pressure = pressure_of(found, tc) if zero is None else None
            if pressure is not None:
                boxes += _add_pressure(found, values, hints, pressure)
            boxes += add_field(found, values, value.start, value.end)
            claim = claim_of(found, [tc], values, IMPLIED_SCORE * value.score, hints)
            claim = replace(claim, material=material, boxes=(*claim.boxes, *boxes))
            result.append((claim, (tc, tc)))
    return result


def _is_own_value(found: FoundMentions, tc: int) -> bool:
    """Whether a sentence gives a Tc of its paper's own, without naming any material.

    Where other sentences of the passage name materials, the Tc has to be named right before it.
    """
    start, end = found.sentence(tc)
    sentence, before = found.passage.text[start:end], found.before(tc, TC_NAMED_REACH)
    materials = [found.mentions[i] for i in found.of(Label.MATERIAL)]
    if (
        any(link.tail == tc and link.label is LinkLabel.MATERIAL_TC for link in found.links)
        or any(start <= m.start < end for m in materials)
        or found.cites([(start, end)])
        or cues()["link"]["others"].search(sentence)
    ):
        return False
    if materials:
        return cues()["tc_value"]["before"].search(before) is not None
    speaks = cues()["link"]["superconducts"].search(sentence)
    return speaks is not None and cues()["link"]["sets_in"].search(before) is not None
