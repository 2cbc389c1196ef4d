"""Conditions of a Tc of running text: the pressure and the field that it is stated at.

Which pressures are put on a sample at all is settled in ``other_pressures``, what a field's words
are in ``magnetic_fields``.
"""

from __future__ import annotations

import re

from scmine.extractors.claim import Label, LinkLabel
from scmine.extractors.cues import cues
from scmine.extractors.document import Box
from scmine.extractors.found_mentions import FoundMentions
from scmine.extractors.magnetic_fields import field_of, may_state_field
from scmine.extractors.other_temperatures import before_list
from scmine.extractors.quantities import relation_before

CLAUSE_REACH = 300
"""Characters beside a Tc value in which its sentence is searched for a field."""

LEAD = 25
"""Characters before a pressure in which words may make a bound of it."""

BOUND_REACH = 60
"""Characters between a Tc and a bound of pressure ("up to 10 GPa") that still is about the Tc."""

_RIGHT_BEHIND = re.compile(
    r"\s*,?\s*(?:\(\s*(?:at\s+)?|(?:at|under)\s+(?:an?\s+|the\s+)?(?:(?:applied|hydrostatic|uniaxial"
    r"|external|high|quasi-?hydrostatic)\s+)*(?:pressures?\s+)?(?:of\s+)?(?:about\s+|around\s+)?)"
    r"(?:[Pp]\s?[=~≈∼]\s?)?"
)


def pressure_of(found: FoundMentions, tc: int) -> int | None:
    """The mention of the pressure that a Tc is stated at: right behind it, else as linked.

    "8.8 K at 1 GPa" leaves no doubt. A bound far from the Tc is that of the experiment.
    """
    value = found.mentions[tc]
    text = found.passage.text
    for i in found.of(Label.PRESSURE):
        start = found.mentions[i].start
        if start >= value.end and start - value.end < BOUND_REACH:
            if _RIGHT_BEHIND.fullmatch(text[value.end : start]):
                return i
            break
    for i in found.tails(tc, LinkLabel.TC_PRESSURE)[:1]:
        pressure = found.mentions[i]
        between = text[value.end : pressure.start] if pressure.start > value.end else ""
        bound = relation_before(found.before(i, LEAD)) in ("<", ">") and not _is_under(found, i)
        if not (bound and (len(between) > BOUND_REACH or re.search(r"[,;]", between))):
            return i
    return None


def zero_pressure(found: FoundMentions, start: int, end: int) -> tuple[int, int] | None:
    """Where the words beside a Tc value say that it is the one at zero pressure.

    "Tc(p = 0) = 3.4 K", "6.0 K at p = 0", "an ambient Tc of 134 K": whatever other pressures the
    sentence names.
    """
    text = found.passage.text
    low, high = found.passage.sentence_at(start)
    behind = cues()["zero_pressure"]["behind"].match(text[end:high])
    if behind is not None:
        return end + behind.start("zero"), end + behind.end("zero")
    low = max(low, start - BOUND_REACH)
    leads = [text[low:start], *before_list(text[low:start])]
    found_in = (cues()["zero_pressure"]["before"].search(lead) for lead in leads)
    before = next((match for match in found_in if match is not None), None)
    if before is None:
        return None
    group = "symbol" if before["symbol"] else "word"
    return low + before.start(group), low + before.end(group)


def bound_lead(found: FoundMentions, pressure: int) -> str:
    """The words before a pressure that may make a bound of it; "under 2 GPa" is at 2 GPa."""
    return "" if _is_under(found, pressure) else found.before(pressure, LEAD)


def _is_under(found: FoundMentions, pressure: int) -> bool:
    return re.search(r"\bunder\s*$", found.before(pressure, LEAD)) is not None


def add_field(found: FoundMentions, values: dict[str, str], start: int, end: int) -> list[Box]:
    """Put the field in which a Tc is stated into ``values``; returns where it stands."""
    passage = found.passage
    sentence = passage.sentence_at(start)
    low, high = max(sentence[0], start - CLAUSE_REACH), min(sentence[1], end + CLAUSE_REACH)
    window = passage.text[low:high]
    if not may_state_field(window):
        return []
    field = field_of(window, start - low, end - low)
    if field is None:
        return []
    values["magnetic_field"] = window[field[0] : field[1]]
    return list(passage.boxes(low + field[0], low + field[1]))
