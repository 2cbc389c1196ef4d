"""Owners: whether a printed value is said of the material that an answer gives it to.

Both may stand in one passage and still not belong together. Lists that run side by side decide by
their order, else the trained linker says how likely the material is beside the others of the
passage. Whether material and value are printed at all is settled elsewhere.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import pairwise

from scmine.extractors.claim import Label, LinkLabel, Mention
from scmine.extractors.cues import cues
from scmine.extractors.document import Passage
from scmine.extractors.formula import looks_like_formula
from scmine.extractors.found_mentions import FoundMentions
from scmine.extractors.lexicons import load_toml
from scmine.extractors.link_decisions import BEHIND_SCORE, LIST_SCORE
from scmine.extractors.link_model import LinkModel
from scmine.extractors.linking import target_probabilities
from scmine.extractors.llm.quotes import find_words, fold
from scmine.extractors.materials import parse_material
from scmine.extractors.own_material import may_be
from scmine.extractors.side_by_side import rows
from scmine.extractors.tc_conditions import zero_pressure
from scmine.extractors.value_owners import owners_of

Span = tuple[int, int]

SURE = 0.5
"""Share of the probability from which on a material is the value's own."""

LEAST = 0.2
"""Share below which it is another's. On SuperMat's dev half, with linkers that had not seen the
paper, this loses 3 % of the right materials and keeps 5 % of swapped ones."""

MAIN_ODDS = 4.0
"""By how much the odds are raised that a value is the material's that the paper is about."""

OTHERS_ODDS = 0.1
"""The same for a material that its sentence, or its paper, does not speak of."""

UNTOLD = 0.4
"""What stands for a share where a sentence does not tell whose a value is."""


@dataclass(frozen=True, slots=True)
class Owner:
    """How likely a value belongs to a material, from 0 to 1, and where the material stands.

    ``listed`` says that the order of lists decided.
    """

    probability: float
    material: Span | None
    listed: bool = False


def with_mentions(
    mentions: Sequence[Mention], text: str, spans: Collection[Span], label: Label
) -> list[Mention]:
    """``mentions`` with one of ``label`` at each of ``spans`` where none is yet, in order."""
    result = list(mentions)
    for start, end in spans:
        if not any(m.label is label and m.start < end and start < m.end for m in result):
            result = [m for m in result if not (m.start < end and start < m.end)]
            result.append(Mention(start, end, label, text[start:end], extractor="llm"))
    return sorted(result, key=lambda m: (m.start, m.end))


def owner_of(
    passage: Passage,
    mentions: Sequence[Mention],
    material: str,
    value: Span,
    models: Mapping[str, LinkModel] | None = None,
    main: str | None = None,
) -> Owner:
    """How likely the value at ``value`` is said of ``material``, which ``passage`` names."""
    places = find_words(passage.text, material)
    named = [*places, *_arguments(passage.text)]
    every = with_mentions(mentions, passage.text, named, Label.MATERIAL)
    every = with_mentions(every, passage.text, [value], Label.TC_VALUE)
    found = _without_others(passage, every, places)
    own = {
        i
        for i, m in enumerate(found)
        if _is_at(m, Label.MATERIAL, places) and not differ(m.text, material)
    }
    nearest = min(
        (m for i, m in enumerate(found) if i in own),
        key=lambda m: max(value[0] - m.end, m.start - value[1]),
        default=None,
    )
    place = (nearest.start, nearest.end) if nearest else None
    listed = _by_form(passage, found, own, value)
    if listed is not None:
        return Owner(1.0 if listed else 0.0, place, True)
    return Owner(_probability(passage, found, own, value, models, main), place)


def _probability(
    passage: Passage,
    found: Sequence[Mention],
    own: Collection[int],
    value: Span,
    models: Mapping[str, LinkModel] | None,
    main: str | None,
) -> float:
    """The share of the materials ``own`` by the linker, and by what the paper is about.

    A sentence that names other materials only, or none where the paper is about another one,
    tells against them.
    """
    names = {fold(found[i].text).text for i in own}
    share = 0.0
    for tc, shares in target_probabilities(passage, found, LinkLabel.MATERIAL_TC, models).items():
        if _is_at(found[tc], Label.TC_VALUE, [value]):
            share = max(share, _share(passage, found, shares, names))
    low, high = passage.sentence_at(value[0])
    inside = {i for i, m in enumerate(found) if m.label is Label.MATERIAL and low <= m.start < high}
    odds = 1.0
    is_main = main is not None and any(same(found[i].text, main) for i in own)
    if inside and not inside & set(own):
        odds = OTHERS_ODDS
    elif not inside and is_main:
        odds = MAIN_ODDS
    elif not inside and main is not None and not any(may_be(found[i].text, main) for i in own):
        others = cues()["link"]["others"].search(passage.text[low:high])
        odds = 1.0 if others else OTHERS_ODDS
    return odds * share / (1 - share + odds * share) if share < 1 else share


def _is_at(mention: Mention, label: Label, places: Collection[Span]) -> bool:
    return mention.label is label and any(s < mention.end and mention.start < e for s, e in places)


def _without_others(
    passage: Passage, mentions: Sequence[Mention], places: Collection[Span]
) -> list[Mention]:
    """``mentions`` without materials that are none of a sample, such as substrates."""
    counted = FoundMentions(passage, mentions, []).of(Label.MATERIAL)
    return [
        m
        for i, m in enumerate(mentions)
        if m.label is not Label.MATERIAL or i in counted or _is_at(m, Label.MATERIAL, places)
    ]


def differ(one: str, other: str) -> bool:
    """Whether two printed materials are known to be different ones, by their compositions.

    >>> differ("LaFeAsO0.89F0.11", "LaFeAsO"), differ("MgB2 films", "MgB2"), differ("S1", "MgB2")
    (True, False, False)
    """
    first, second = _compositions(one), _compositions(other)
    return bool(first) and bool(second) and not first & second


def same(one: str, other: str) -> bool:
    """Whether two printed materials are known to be one, by their words or compositions.

    >>> same("MgB2 films", "MgB2"), same("S1", "MgB2")
    (True, False)
    """
    return fold(one).text == fold(other).text or bool(_compositions(one) & _compositions(other))


@lru_cache(maxsize=4096)
def _compositions(text: str) -> frozenset[str]:
    """The compositions that a printed material names; empty if one of them is not known."""
    found = [m.composition for m in parse_material(text)]
    return frozenset(str(sorted(c.items())) for c in found) if all(found) else frozenset()


def _share(
    passage: Passage, found: Sequence[Mention], shares: Mapping[int, float], names: Collection[str]
) -> float:
    """The share of the material called ``names`` in the probability of all materials.

    One that is listed with the likeliest ("A, B and C") shares its probability.
    """
    every = sum(shares.values())
    if not every:
        return 0.0
    mine = [i for i in shares if fold(found[i].text).text in names]
    likeliest = max(shares, key=lambda i: shares[i])
    share = sum(shares[i] for i in mine) / every
    if likeliest not in mine and any(_listed_with(passage, found, i, likeliest) for i in mine):
        share = max(share, shares[likeliest] / every)
    return share


def _listed_with(passage: Passage, found: Sequence[Mention], one: int, other: int) -> bool:
    """Whether only members of one list of materials stand between two of them."""
    low, high = sorted((one, other), key=lambda i: found[i].start)
    if any(m.label is Label.TC_VALUE for m in found[low:high]):
        return False
    between = [
        i
        for i, m in enumerate(found)
        if m.label is Label.MATERIAL and found[low].start <= m.start <= found[high].start
    ]
    return all(
        cues()["link"]["list"].fullmatch(passage.text[found[a].end : found[b].start])
        for a, b in pairwise(between)
    )


def _by_form(
    passage: Passage, found: Sequence[Mention], own: Collection[int], value: Span
) -> bool | None:
    """Whether the sentence's form gives the value to the material; None if it does not tell.

    That are lists that run side by side, and a value with its material right behind it.
    """
    beside = _beside(passage.text, found, value)
    if beside is not None:
        return beside in own
    indexed = FoundMentions(passage, found, [])
    ordered = [row for row in rows(indexed) if _meet((row.tc.start, row.tc.end), value)]
    if any(row.unpaired for row in ordered):
        return None
    if ordered:
        return any(row.material in own for row in ordered)
    heads = {
        link.head: link.score
        for link in indexed.links
        if link.label is LinkLabel.MATERIAL_TC
        and link.score >= BEHIND_SCORE
        and _is_at(found[link.tail], Label.TC_VALUE, [value])
    }
    if not heads:
        return None
    return any(
        i == head or (score < LIST_SCORE and _listed_with(passage, found, i, head))
        for i in own
        for head, score in heads.items()
    )


def _beside(text: str, found: Sequence[Mention], value: Span) -> int | None:
    """The material whose bracket a value stands in, or that its symbol has as its argument."""
    words = _words()
    before = [i for i, m in enumerate(found) if m.label is Label.MATERIAL and m.end <= value[0]]
    if not before:
        return None
    last = found[before[-1]]
    gap = text[last.end : value[0]]
    argument = words["argument"].fullmatch(gap) and words["symbol"].search(text[: last.start][-12:])
    return before[-1] if argument or words["in_brackets"].fullmatch(gap) else None


def _arguments(text: str) -> list[Span]:
    """The formulas that are the argument of a Tc's symbol, which taggers pass over."""
    found = re.finditer(_words()["symbol"].pattern.removesuffix("$") + r"([A-Z][\w.]*)\s?\)", text)
    return [m.span(1) for m in found if looks_like_formula(m[1])]


@cache
def _words() -> dict[str, re.Pattern[str]]:
    entries = load_toml("evidence_words.toml")["owner"]
    return {name: re.compile(pattern) for name, pattern in entries.items()}


def _meet(one: Span, other: Span) -> bool:
    return one[0] < other[1] and other[0] < one[1]


def said_of(passage: Passage, mentions: Sequence[Mention], material: str, value: Span) -> Owner:
    """The same for values that are no Tc, which the linker was not trained on: by the sentence."""
    places = find_words(passage.text, material)
    found = FoundMentions(
        passage, with_mentions(mentions, passage.text, places, Label.MATERIAL), []
    )
    sentence = passage.sentence_at(value[0])
    inside = [p for p in places if sentence[0] <= p[0] < sentence[1]]
    place = min(inside or places, key=lambda p: abs(p[0] - value[0]), default=None)
    [owner] = owners_of(found, sentence, [value], Label.MATERIAL)
    if owner is not None:
        return Owner(float(_is_at(found.mentions[owner], Label.MATERIAL, places)), place)
    named = {fold(found.mentions[i].text).text for i in found.inside(Label.MATERIAL, sentence)}
    return Owner(1.0 if inside and len(named) == 1 else UNTOLD, place)


def shares_condition(
    passage: Passage,
    mentions: Sequence[Mention],
    tc: Span,
    pressure: Span,
    models: Mapping[str, LinkModel] | None = None,
) -> bool:
    """Whether a pressure of the same passage can be that at which a Tc is stated."""
    found = with_mentions(mentions, passage.text, [pressure], Label.PRESSURE)
    found = with_mentions(found, passage.text, [tc], Label.TC_VALUE)
    indexed = FoundMentions(passage, found, [])
    zero = zero_pressure(indexed, *tc)
    if zero is not None:
        return _meet(zero, pressure)
    ordered = [
        row
        for row in rows(indexed)
        if row.tc.start < tc[1] and tc[0] < row.tc.end and row.pressure is not None
    ]
    if ordered:
        return any(
            row.pressure.start < pressure[1] and pressure[0] < row.pressure.end
            for row in ordered
            if row.pressure is not None
        )
    best = 0.0
    for i, shares in target_probabilities(passage, found, LinkLabel.TC_PRESSURE, models).items():
        if _is_at(found[i], Label.TC_VALUE, [tc]):
            mine = [p for k, p in shares.items() if _is_at(found[k], Label.PRESSURE, [pressure])]
            best = max(best, sum(mine) / max(sum(shares.values()), 1e-9))
    return best >= LEAST
