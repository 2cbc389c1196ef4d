"""Claims of a Tc in running text: linked to a material, or implied.

Numbers stay as printed; ``tc_fields`` reads them. λ, μ* and structures are added in
``property_claims``; that there is no Tc is claimed in ``absence_claims``.
"""

from __future__ import annotations

import re
from dataclasses import replace

from scmine.extractors.absence_claims import leads_to_denied
from scmine.extractors.claim import Claim, Label, LinkLabel, Mention
from scmine.extractors.cues import cues
from scmine.extractors.document import Passage
from scmine.extractors.found_mentions import FoundMentions, claim_of
from scmine.extractors.quantities import find_quantities

IMPLIED_SCORE = 0.6
"""Confidence that a Tc of a passage without materials is that of the paper's own material."""

TC_NAMED_REACH = 90
"""Characters before a temperature in which a Tc must be named for it to count without a link."""

OTHER_WORDS_REACH = 110
"""Characters before a temperature in which another transition may be named."""

DENIAL_REACH = 300
"""Characters before a temperature in which superconductivity down to it may be denied."""

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
    if leads_to_denied(found.before(tc, DENIAL_REACH)):
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
    """Claims of the Tc values of a passage without materials, as those of the paper's own."""
    result: list[tuple[Claim, tuple[int, ...]]] = []
    for tc in found.of(Label.TC_VALUE):
        value = found.mentions[tc]
        start, end = found.sentence(tc)
        if (
            found.cites([(start, end)])
            or _is_other_temperature(found, tc)
            or cues()["origin"]["cited"].search(found.passage.text[start:end])
            or not cues()["tc_value"]["before"].search(found.before(tc, TC_NAMED_REACH))
        ):
            continue
        hints = {"tc_words": found.before(tc, TC_WORDS_REACH), "implied": "yes"}
        claim = claim_of(found, [tc], {"tc": value.text}, IMPLIED_SCORE * value.score, hints)
        result.append((replace(claim, material=material), (tc, tc)))
    return result
