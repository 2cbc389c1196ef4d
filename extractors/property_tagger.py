"""Mentions of λ, ω_log, ω₂ and μ*: numbers that the name of the quantity stands before.

Elements with a λ in brackets behind them ("Be (λ = 0.23)") are materials. Names and what may stand
around them are data (``property_patterns.toml``). How numbers follow a name is read in
``property_values``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

from scmine.extractors.characters import uniform
from scmine.extractors.claim import Label, Mention
from scmine.extractors.elements import elements
from scmine.extractors.property_values import (
    FREQUENCY_UNIT,
    Kind,
    blanked,
    is_bridge,
    patterns,
    values_after,
)

QUANTITIES = (Label.LAMBDA, Label.OMEGA_LOG, Label.OMEGA2, Label.MU_STAR)

BEFORE = 90
"""Characters before a symbol in which a word may make it another quantity."""

AROUND = 60
"""Characters on both sides of a symbol for words that do so on either side."""

CONTEXT = 400
"""Characters on both sides of a bare symbol for words of its field."""

SHORT = 250
"""Characters of a text that has no room for such words."""

ELEMENT_SCORE = 0.7
"""Score of an element that is told by the λ in brackets behind it."""

LIST_GAP = 60
"""Characters between two names that are listed together."""

_ELEMENT = re.compile(r"(?<![\w-])[A-Z][a-z]?(?=\s?\()")
_OTHER_NAMES = re.compile(
    r"(?P<tc>(?<![A-Za-z])T\s?c(?![a-z])|\b(?:critical|transition) temperatures?)"
    r"|N\s?\(\s?(?:E\s?F|ε\s?F|0)\s?\)|[ΘθΔγ]\s?[A-Z]?(?![a-z])"
)
_LISTED = re.compile(
    r"\s*(?:\([^()]{0,25}\)\s*)?(?:,\s*and|,|and|&|as well as)\s+(?:the\s+)?(?:[a-z-]+\s+){0,3}$"
)
_ITEM = re.compile(
    r"[~≈]?\s?(?P<number>\d{1,4}(?:\.\d{1,6})?)(?:\s?±\s?\d{1,4}(?:\.\d{1,6})?|\(\d{1,3}\))?"
    r"(?:\s?-\s?\d{1,4}(?:\.\d{1,6})?)?\s?"
    rf"(?P<unit>{FREQUENCY_UNIT}|states[^,;]{{0,25}})?(?!\w)"
)
_NEXT_ITEM = re.compile(r"\s*(?:,\s*and|,|and|;)\s+(?:an?\s+|the\s+)?")


@dataclass(frozen=True, slots=True)
class _Name:
    """Where a quantity is named; ``label`` is None for one that is not looked for."""

    start: int
    end: int
    label: Label | None
    is_tc: bool = False


@cache
def _kind(label: Label) -> Kind:
    entry = patterns()[label.value]
    return Kind(
        load_kind(label) == "frequency",
        entry["low"],
        entry["high"],
        entry["whole"],
        entry.get("not_unit"),
    )


def load_kind(label: Label) -> str:
    """``number`` or ``frequency``: how the numbers of ``label`` are read.

    >>> load_kind(Label.MU_STAR)
    'number'
    """
    return str(patterns()[label.value]["kind"])


def property_mentions(text: str) -> list[Mention]:
    """Mentions of λ, ω_log, ω₂ and μ* in ``text``.

    A list gives one mention a value, a range is one. The unit of a list stands behind its last
    value and belongs to that mention only.

    >>> [(m.label.value, m.text) for m in property_mentions("with λ = 2.1 and μ* = 0.10–0.13")]
    [('lambda', '2.1'), ('mu_star', '0.10–0.13')]
    >>> [(m.label.value, m.text) for m in property_mentions("λ and ωlog are 2.1 and 900 K")]
    [('lambda', '2.1'), ('omega_log', '900 K')]
    """
    plain = uniform(text).replace("µ", "μ")
    names = _names(plain)
    found: dict[tuple[int, int], Label] = {}
    listed: set[_Name] = set()
    for chain in _chains(plain, names):
        spans = _shared_out(plain, chain)
        if spans:
            listed.update(chain)
            found.update(spans)
    shared = frozenset(found)
    for name in names:
        if name.label is not None and name not in listed:
            for span in values_after(plain, name.end, _kind(name.label)):
                _add(found, shared, span, name.label)
    named = [
        Mention(m.start(), m.end(), Label.MATERIAL, m.group(), ELEMENT_SCORE)
        for m in _ELEMENT.finditer(text)
        if m.group() in elements() and _in_brackets_behind(found, m.end())
    ]
    values = [Mention(start, end, label, text[start:end]) for (start, end), label in found.items()]
    return sorted([*named, *values], key=lambda m: m.start)


def _in_brackets_behind(found: dict[tuple[int, int], Label], position: int) -> bool:
    """Whether a value of λ stands within brackets that open at ``position``."""
    return any(position < s < position + 9 and v is Label.LAMBDA for (s, _), v in found.items())


def _add(
    found: dict[tuple[int, int], Label],
    shared: frozenset[tuple[int, int]],
    span: tuple[int, int],
    label: Label,
) -> None:
    """Add a value; the name that stands closest before a number is the one whose value it is."""
    overlapping = [s for s in found if s[0] < span[1] and span[0] < s[1]]
    if any(s in shared or found[s] is label for s in overlapping):
        return
    for other in overlapping:
        del found[other]
    found[span] = label


def _names(text: str) -> list[_Name]:
    """Where quantities are named, in order; words and the symbol behind them are one name."""
    hits = [n for label in QUANTITIES for n in _named(text, label)]
    hits += [
        _Name(m.start(), m.end(), None, m.lastgroup == "tc") for m in _OTHER_NAMES.finditer(text)
    ]
    hits.sort(key=lambda n: (n.start, -n.end))
    result: list[_Name] = []
    for name in hits:
        last = result[-1] if result else None
        if last and name.start < last.end:
            continue
        gap = text[last.end : name.start] if last else ""
        if last and last.label is name.label and re.fullmatch(r"\s*[,(]?\s*", gap):
            result[-1] = _Name(last.start, name.end, name.label)
        else:
            result.append(name)
    return result


def _named(text: str, label: Label) -> Iterator[_Name]:
    entry = patterns()[label.value]
    for match in entry["words"].finditer(text):
        if _fits(text, match, entry):
            yield _Name(match.start(), match.end(), label)
    bare = "context" in entry and entry["defined"].search(text) is None
    for match in entry["symbol"].finditer(text):
        before = text[max(0, match.start() - 12) : match.start()]
        behind = text[match.end() : match.end() + 12]
        if entry["not_before"].search(before) or entry["not_behind"].match(behind):
            continue
        # A symbol that stands for many things, as λ does and λep does not.
        vague = "context" in entry and len(match.group()) == 1
        if vague and not (bare and _has_context(text, match, entry["context"])):
            continue
        if _fits(text, match, entry):
            yield _Name(match.start(), match.end(), label)


def _has_context(text: str, match: re.Match[str], context: re.Pattern[str]) -> bool:
    """Whether words of its field stand near a bare symbol, or the text has no room for them."""
    near = text[max(0, match.start() - CONTEXT) : match.end() + CONTEXT]
    return len(text) < SHORT or context.search(near) is not None


def _fits(text: str, match: re.Match[str], entry: dict[str, re.Pattern[str]]) -> bool:
    """Whether no word around a name makes it another quantity."""
    before = text[max(0, match.start() - BEFORE) : match.start()]
    if "not_after" in entry and entry["not_after"].search(before):
        return False
    if "not_around" not in entry:
        return True
    around = text[max(0, match.start() - AROUND) : match.end() + AROUND]
    return entry["not_around"].search(around) is None


def _chains(text: str, names: Sequence[_Name]) -> list[list[_Name]]:
    """Names that are listed one after the other ("λ, ωlog and Tc"), two or more."""
    chains: list[list[_Name]] = []
    for first, second in pairwise(names):
        gap = text[first.end : second.start]
        if len(gap) > LIST_GAP or not _LISTED.match(gap):
            continue
        if chains and chains[-1][-1] is first:
            chains[-1].append(second)
        else:
            chains.append([first, second])
    return [c for c in chains if any(n.label for n in c)]


def _shared_out(text: str, chain: Sequence[_Name]) -> dict[tuple[int, int], Label]:
    """The values that follow listed names, one each; empty if their numbers do not agree."""
    rest = blanked(text[chain[-1].end : chain[-1].end + 300])
    first = re.search(r"\d", rest)
    if first is None or not is_bridge(rest[: first.start()]):
        return {}
    items: list[re.Match[str]] = []
    position = first.start()
    while match := _ITEM.match(rest, position):
        items.append(match)
        gap = _NEXT_ITEM.match(rest, match.end())
        if gap is None:
            break
        position = gap.end()
    if len(items) != len(chain):
        return {}
    found: dict[tuple[int, int], Label] = {}
    for name, item in zip(chain, items, strict=True):
        if name.label is None:
            if name.is_tc and (item["unit"] or "").endswith("K"):
                found[_span_of(item, chain[-1].end)] = Label.TC_VALUE
            continue
        kind = _kind(name.label)
        if kind.frequency != (item["unit"] is not None and "state" not in item["unit"]):
            return {}
        if not kind.frequency and not kind.low <= float(item["number"]) <= kind.high:
            return {}
        found[_span_of(item, chain[-1].end)] = name.label
    return found


def _span_of(item: re.Match[str], offset: int) -> tuple[int, int]:
    end = item.start() + len(item.group().rstrip())
    return offset + item.start("number"), offset + end
