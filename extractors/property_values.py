"""Numbers that follow the name of a property: one, several in a list, a second one in brackets.

Decides from the words between whether a number is the value of what was named. Which names there
are lives in ``property_tagger``, whose value it is in ``electron_phonon_claims``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Any

from scmine.extractors.formula import looks_like_formula
from scmine.extractors.lexicons import load_toml
from scmine.extractors.quantities import find_quantities
from scmine.extractors.spacegroups import find_space_groups

REACH = 150
"""Characters between a name and its value, what is blanked included."""

BRIDGE = 75
"""The same without formulas, phases, pressures and citations."""

NEXT = 90
"""Characters between one value of a list and the next."""

LIST_REACH = 800
"""Characters from a name to the last value of its list."""

MAX_LIST = 12
"""Values of one list; longer ones stand in tables."""

_NUMBER = re.compile(
    r"(?<![\w.])(?P<low>\d{1,3}(?:,\d{3})+(?!\d)|\d{1,4}(?:\.\d{1,6})?)(?:\s?\(\d{1,3}\)|\s?±\s?\d{1,4}(?:\.\d{1,6})?)?"
    r"(?P<range>\s?(?:-{1,3}|to|÷|…)\s?~?\s?\d{1,4}(?:\.\d{1,6})?(?:\(\d{1,3}\))?)?"
    r"(?![\w]|\.\d(?!\d{0,2}(?:\s|$))|\s?\^)"
)
_BETWEEN = re.compile(r"\bbetween\s*[~≈]?\s*$")
_UP_TO_SECOND = re.compile(r"\s?and\s?[~≈]?\s?\d{1,4}(?:\.\d{1,6})?(?![\w.]\d)")
FREQUENCY_UNIT = r"(?:K|meV|THz|cm\s?\^?\{?-\s?1\}?)"
"""Units that papers print ω_log in, as `uniform` leaves them; which others are read: units.toml."""

_UNIT = re.compile(rf"\s?-?\s?{FREQUENCY_UNIT}(?!\w)")
_BRACKETED = re.compile(r"\s?[(\[]\s?[~≈]?(?P<number>\d{1,4}\.\d{1,6})\s?[)\]]")
_CITATION = re.compile(
    r"\[[\d,\s–-]{1,20}\]|\((?:eqs?|refs?|figs?|tables?)\.?\s?[^()]{0,15}\)", re.I
)
_WORD = re.compile(r"[^\s,;:]+")
_DIGIT = re.compile(r"\d")
_STATED = re.compile(r"[=≈≃~≅≡≃]\s*$")
_BOUND = re.compile(
    r"\s*[<>≤≥≲≳≪≫]|\s?-{1,2}\s?\d|\s?[+×·*](?!\s?[a-z])|\s?-\s?[μλ]|\s?[eE][-+]?\d"
)
_INTEGER_ENDS = re.compile(r"\s*(?:,(?!\s?\d)|[;).]|and\b|at\b|for\b|$)")
_TO_SECOND = re.compile(
    rf"\s?(?:to|-{{1,3}})\s?~?\s?\d{{1,4}}(?:\.\d{{1,6}})?\s?{FREQUENCY_UNIT}(?!\w)"
)
_BLANK = " "


@dataclass(frozen=True, slots=True)
class Kind:
    """How a quantity's numbers are read: bounds, and what makes a number something else."""

    frequency: bool
    low: float
    high: float
    whole: bool
    not_unit: re.Pattern[str] | None = None


@cache
def patterns() -> dict[str, dict[str, Any]]:
    """``property_patterns.toml`` with its expressions compiled."""
    ignoring_case = ("not_after", "not_around", "not", "compared", "limit", "measured", "own")
    return {
        section: {
            key: re.compile(value, re.I if key in ignoring_case else 0)
            if isinstance(value, str) and key != "kind"
            else value
            for key, value in entry.items()
        }
        for section, entry in load_toml("property_patterns.toml").items()
    }


def blanked(text: str) -> str:
    """``text`` with blanks for formulas, phases, pressures and citations; the length stays.

    >>> blanked("of LaH10 (Fm-3m) at 150 GPa [12] is")
    'of       (     ) at              is'
    """
    spans = [(s, e) for s, e, _ in find_quantities(text, "pressure")]
    spans += [(hit.start, hit.end) for hit in find_space_groups(text)]
    spans += [m.span() for m in _CITATION.finditer(text)]
    for match in _WORD.finditer(text):
        word = match.group().strip("().[]")
        start = match.start() + match.group().find(word)
        if len(word) > 2 and re.search(r"[\dxδ]", word) and looks_like_formula(word):
            spans.append((start, start + len(word)))
    chars = list(text)
    for start, end in spans:
        chars[start:end] = _BLANK * (end - start)
    return "".join(chars)


def values_after(text: str, position: int, kind: Kind) -> list[tuple[int, int]]:
    """The spans of the values of what is named before ``position`` in ``text``.

    A range is one span. ``text`` has uniform dashes.

    >>> kind = Kind(False, 0.05, 10.0, False)
    >>> text = "λ of H3S is 2.1 at 150 GPa and 1.8 at 200 GPa."
    >>> [text[s:e] for s, e in values_after(text, 1, kind)]
    ['2.1', '1.8']
    """
    if not _DIGIT.search(text, position, position + REACH):
        return []
    window = blanked(text[position : position + REACH])
    found = _NUMBER.search(window)
    if found is None or not is_bridge(window[: found.start()]):
        return []
    bridge = window[: found.start()]
    whole = blanked(text[position : position + LIST_REACH])
    match = _NUMBER.match(whole, found.start())  # the end of the window may have cut the number
    if match is None or not is_value(whole, match, kind, _STATED.search(bridge) is not None):
        return []
    return [
        (position + start, position + end) for start, end in _list_from(whole, match, bridge, kind)
    ]


def is_bridge(text: str) -> bool:
    """Whether ``text``, blanked, can stand between a name and its value.

    >>> is_bridge(" is calculated to be "), is_bridge(" is larger than that with a gap of ")
    (True, False)
    """
    plain = re.sub(r"\s+", " ", re.sub(r"\([^()]{0,30}\)", " ", text))
    if ")" in plain.lstrip()[1:]:
        return False  # the bracket that the name stands in has ended
    entry = patterns()["bridge"]
    return (
        len(plain) <= BRIDGE
        and entry["end"].search(plain) is not None
        and entry["verb"].search(plain) is not None
        and entry["not"].search(plain) is None
        and entry["symbols"].search(plain) is None
    )


def is_value(text: str, match: re.Match[str], kind: Kind, stated: bool) -> bool:
    """Whether a number of ``text`` can be the quantity's; ``stated``: an equals sign is before."""
    if _BOUND.match(text, match.end()):
        return False
    number = float(match["low"].replace(",", ""))
    after = text[match.end() : match.end() + 12]
    if kind.frequency:
        return _UNIT.match(after) is not None or _leads_to_unit(text[match.end() :])
    if not kind.low <= number <= kind.high:
        return False
    if "." not in match[0] and not kind.whole:
        return stated and _INTEGER_ENDS.match(after) is not None
    return not (kind.not_unit and kind.not_unit.match(after))


def _leads_to_unit(after: str) -> bool:
    """Whether a list goes on behind a number until one with a unit: ``1335, 1100 and 900 K``."""
    return (
        re.match(
            r"(?:\s?(?:,|and|or|to|-|±|;|,\s?and)\s?[~≈]?\s?\d{1,4}(?:\.\d{1,6})?){1,11}"
            rf"\s?-?\s?{FREQUENCY_UNIT}(?!\w)",
            after,
        )
        is not None
    )


def _list_from(text: str, first: re.Match[str], bridge: str, kind: Kind) -> list[tuple[int, int]]:
    """The spans of the value ``first`` of ``text`` and of those that its list goes on with."""
    spans: list[tuple[int, int]] = []
    match: re.Match[str] | None = first
    while match is not None and len(spans) < MAX_LIST:
        start, end = match.span()
        second = _UP_TO_SECOND.match(text, end)
        if not spans and _BETWEEN.search(bridge) and second:
            end = second.end()
        unit = _UNIT.match(text, end) if kind.frequency else None
        if unit and not spans and (upper := _TO_SECOND.match(text, unit.end())):
            unit = upper  # "109 K to 120 K"
        spans.append((start, unit.end() if unit else end))
        end = spans[-1][1]
        in_brackets = None if kind.frequency else _BRACKETED.match(text, end)
        if in_brackets and kind.low <= float(in_brackets["number"]) <= kind.high:
            spans.append(in_brackets.span("number"))
            end = in_brackets.end()
        match = _next_value(text, end, kind)
    return spans


def _next_value(text: str, position: int, kind: Kind) -> re.Match[str] | None:
    """The value that a list goes on with behind ``position``."""
    found = _NUMBER.search(text, position, position + NEXT)
    if found is None:
        return None
    # The end of the window must not cut the number short.
    found = _NUMBER.match(text, found.start())
    if found is None or not patterns()["more"]["between"].match(text[position : found.start()]):
        return None
    if not kind.frequency and "." not in found["low"]:
        return None
    after = text[found.end() : found.end() + 40]
    if kind.frequency:
        return found if is_value(text, found, kind, False) else None
    goes_on = patterns()["more"]["after"].match(after)
    return found if goes_on and is_value(text, found, kind, False) else None
