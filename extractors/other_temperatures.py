"""Other temperatures: which temperatures of a text are no superconducting transition, and what.

The Néel temperature, a bath, an anneal, a shift of Tc. The words that tell are data
(``other_temperatures.toml``). Which temperatures are taken for a Tc at all is for the taggers.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from scmine.extractors.absence_claims import leads_to_denied
from scmine.extractors.characters import uniform
from scmine.extractors.found_mentions import FoundMentions
from scmine.extractors.lexicons import load_toml
from scmine.extractors.quantities import parse_quantity
from scmine.extractors.words_around import WORDS_AFTER, WordsAround, optional

DENIAL_REACH = 300
"""Characters before a temperature in which superconductivity down to it may be denied."""

SENTENCE_REACH = 400
"""Characters before a temperature in which its sentence may say what it is."""

POINT_TOLERANCE_K = 0.3
"""How far a printed boiling point may be from the exact one: 77 K is printed for 77.3 K."""

# `30 K, 40 K and 46 K`: what stands before a list stands before each of its temperatures
_LIST_BEFORE = re.compile(
    r"(?>[~≈<>]?\s?\d{1,4}(?:\.\d{1,4})?\s?(?:K\b)?\s?(?:\([^()]{0,30}\)\s?)?"
    r"(?:,\s?(?:and\b|or\b)?|and\b|or\b|-|to\b)\s*){1,6}[~≈<>]?\s*$"
)

_LEAD = re.compile(r"(?:[a-z]+\s+)+(?=[~≈∼≃<>]?\s?[\d.])")
_SIGN = re.compile(r"[~≈≃=<>≤≥]")


@dataclass(frozen=True, slots=True)
class _Kind:
    """What tells temperatures of one kind."""

    words: WordsAround
    after_unless: re.Pattern[str] | None
    after_not: re.Pattern[str] | None
    values: tuple[float, ...]


@cache
def _kinds() -> dict[str, _Kind]:
    return {
        name: _Kind(
            WordsAround.of(entry),
            optional(entry, "after_unless"),
            optional(entry, "after_not"),
            tuple(entry.get("values", ())),
        )
        for name, entry in load_toml("other_temperatures.toml").items()
    }


def other_kind(before: str, value: str, after: str = "") -> str | None:
    """The kind of temperature that ``value`` is by the words around it; None if it may be a Tc.

    Parameters
    ----------
    before, after
        The words of the sentence before and behind the temperature.
    value
        The temperature as printed.

    >>> other_kind("a structural transition at ", "198 K"), other_kind("Tc rises by ", "5 K")
    ('anomaly', 'difference')
    >>> other_kind("a transition at ", "39 K") is None
    True
    """
    before, after = uniform(before), uniform(after)
    leads = [before, *before_list(before)]
    sign = _SIGN.match(uniform(value))
    if sign is not None:  # `Td2 ~ 41 K`: a sign that the value begins with is the symbol's as well
        leads += [lead + sign[0] for lead in leads]
    after = after[:WORDS_AFTER]
    for name, kind in _kinds().items():
        if kind.values and not _is_one_of(value, kind.values):
            continue
        goes_on = kind.after_not is not None and kind.after_not.search(after)
        if not goes_on and any(kind.words.stand_before(lead) for lead in leads):
            return name
        behind = kind.words.after is not None and kind.words.after.search(after)
        if behind and not (kind.after_unless and kind.after_unless.search(before)):
            return name
    return None


def before_list(before: str) -> list[str]:
    """What stands before the list of temperatures that one goes on; empty if it goes on none.

    >>> before_list("with a Tc of 54 K, 41 K and ")
    ['with a Tc of ']
    """
    listed = _LIST_BEFORE.search(before[-120:])
    return [] if listed is None else [before[: len(before) - len(listed[0])] + " "]


def _is_one_of(value: str, points: Sequence[float]) -> bool:
    quantity = parse_quantity(value, "temperature", "K")
    if quantity is None or quantity.value is None:
        return False
    return any(abs(quantity.value - point) <= POINT_TOLERANCE_K for point in points)


def is_other_temperature(found: FoundMentions, tc: int) -> bool:
    """Whether the words around a temperature make it something else than a Tc.

    What a material does not superconduct down to is a claim of its own, and no Tc either.
    """
    mention = found.mentions[tc]
    lead = _LEAD.match(mention.text)  # "above 4 K" may be one mention
    before = found.before(tc, SENTENCE_REACH) + (lead[0] if lead else "")
    if leads_to_denied(before[-DENIAL_REACH:]):
        return True
    after = found.passage.text[mention.end : found.sentence(tc)[1]][:WORDS_AFTER]
    value = mention.text[len(lead[0]) :] if lead else mention.text
    return other_kind(before, value, after) is not None
