"""Claims of a Tc in running text: linked to a material, implied, or denied.

Numbers stay as printed; ``tc_fields`` reads them. λ, μ* and structures are added in
``property_claims``.
"""

from __future__ import annotations

import re
from dataclasses import replace

from scmine.extractors.claim import Claim, Label, LinkLabel, Mention
from scmine.extractors.cues import cues
from scmine.extractors.document import Passage
from scmine.extractors.found_mentions import FoundMentions, claim_of, quoted
from scmine.extractors.property_claims import only_material
from scmine.extractors.quantities import find_quantities

IMPLIED_SCORE = 0.6
"""Confidence that a Tc of a passage without materials is that of the paper's own material."""

TC_NAMED_REACH = 90
"""Characters before a temperature in which a Tc must be named for it to count without a link."""

OTHER_WORDS_REACH = 110
"""Characters before a temperature in which another transition may be named."""

TC_WORDS_REACH = 45
"""Characters before a Tc value in which words such as "onset" are taken to speak of it."""

_APPROXIMATELY = re.compile(
    r"(?:[∼~≈≃]|\b(?:about|around|approximately|nearly|almost|close to))\s*$"
)


def tc_claims(found: FoundMentions) -> list[tuple[Claim, tuple[int, ...]]]:
    """Claims of a Tc, each with the mentions it rests on."""
    result = []
    for tc in found.of(Label.TC_VALUE):
        value = found.mentions[tc]
        if _is_other_temperature(found, tc):
            continue
        values = {"tc": value.text}
        conditions = []
        for key, label in (("pressure", LinkLabel.TC_PRESSURE), ("method", LinkLabel.TC_METHOD)):
            for i in found.tails(tc, label)[:1]:
                values[key] = found.mentions[i].text
                conditions.append(i)
        after = found.passage.text[value.end : value.end + 12]
        hints = {
            "tc_unit": _shared_unit(found.passage, value),
            "tc_words": f"{found.before(tc, TC_WORDS_REACH)} "
            f"{after if after.lstrip().startswith('(') else ''}",
        }
        if _APPROXIMATELY.search(found.passage.text[: value.start][-16:]):
            hints["tc_relation"] = "~"
        for link in found.links:
            if link.tail == tc and link.label is LinkLabel.MATERIAL_TC:
                used = (link.head, tc, *conditions)
                ordered = {**hints, "order": _order(found, link.head, tc)}
                claim = claim_of(found, used, values, link.score * value.score, ordered)
                result.append((claim, used))
    return result


def _is_other_temperature(found: FoundMentions, tc: int) -> bool:
    """Whether the words before a temperature make it something else than a Tc."""
    patterns = cues()["not_tc"]
    before = found.before(tc, OTHER_WORDS_REACH)
    if patterns["before"].search(before[-40:]):
        return True
    sentence = found.before(tc, len(found.passage.text))
    absent = cues()["absence"]["pattern"].search(sentence)
    if absent is not None and absent.end() > len(sentence) - 3:
        return True  # "no superconductivity down to 1.8 K" is a claim of its own
    strong = patterns["strong"].search(before)
    if strong is not None and "supercond" not in before[strong.start() :]:
        return True
    topic = patterns["topic"].search(before)
    return topic is not None and not patterns["superconducting"].search(before[topic.start() :])


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
        {
            link.tail
            for link in found.links
            if link.head == material
            and link.label is LinkLabel.MATERIAL_TC
            and found.sentence(link.tail) == sentence
        },
        key=lambda i: found.mentions[i].start,
    )
    return f"{values.index(tc)}/{len(values)}" if len(values) > 1 else ""


def implied_claims(found: FoundMentions, material: str) -> list[tuple[Claim, tuple[int, ...]]]:
    """Claims of the Tc values that no material is named with, as those of the paper's own."""
    result: list[tuple[Claim, tuple[int, ...]]] = []
    for tc in found.of(Label.TC_VALUE):
        value = found.mentions[tc]
        if _is_own_value(found, tc) and not _is_other_temperature(found, tc):
            hints = {"tc_words": found.before(tc, TC_WORDS_REACH), "implied": "yes"}
            claim = claim_of(found, [tc], {"tc": value.text}, IMPLIED_SCORE * value.score, hints)
            result.append((replace(claim, material=material), (tc, tc)))
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


def absences(found: FoundMentions) -> list[Claim]:
    """Claims that a material does not superconduct down to a temperature."""
    claims = []
    text = found.passage.text
    for start, end in found.passage.sentences or ((0, len(text)),):
        match = cues()["absence"]["pattern"].search(text[start:end])
        if match is None:
            continue
        at = start + match.end()
        hits = [h for h in find_quantities(text[at : at + 25], "temperature") if h[0] <= 3]
        material = only_material(found, (start, end))
        if not hits or material is None:
            continue
        low, high = at + hits[0][0], at + hits[0][1]
        claim = claim_of(
            found,
            [material],
            {"absent_down_to": text[low:high]},
            0.6,
        )
        # What was measured down to stands in this sentence, whichever names the material.
        sentences = sorted({found.sentence(material), (start, end)})
        boxes = (*claim.boxes, *found.passage.boxes(low, high))
        claims.append(replace(claim, sentence=quoted(text, sentences), boxes=boxes))
    return claims
