"""Crystal facts of a passage: space groups, cells, structure types and sites, sentence by sentence.

What each says is put as a claim keeps it. Whose structure it is, is settled in ``crystal_links``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from scmine.extractors.cells import find_cells
from scmine.extractors.claim import Label
from scmine.extractors.found_mentions import FoundMentions
from scmine.extractors.sites import find_sites
from scmine.extractors.structure_types import find_structure_types, is_crystal_system

_STATED = re.compile(r"[\s-]{0,2}(?:\([^()]{1,12}\)\s?)?(?:crystal\s)?(?:structure|type\b)")
_PART = re.compile(
    r"\s?(?:structured?\s)?(?:[A-Z]\S*\s)?(?:layers?|blocks?|slabs?|sheets?|positions?|impurit\w+|phases)\b"
)
_NOT_STATED = re.compile(
    r"\b(?:(?:related|derived|similar|unlike|than|not|rather)\b.{0,24}"
    r"|(?:no\s(?:\w+\s){0,3}(?:evidence|signs?|traces?|indication)|absence|lack)\b.{0,60})$",
    re.I,
)

_ALTERED = re.compile(
    r"\b(?:distorted|defect(?:ive)?|vacancy-ordered|pseudo|modified|disordered|filled|inverse)[\s-]$",
    re.I,
)
"""What is like a type but not of it."""
_RULED_OUT = re.compile(
    r"\b(?:rul(?:e|ed|es|ing)\sout|exclud\w+|rather\sthan|instead\sof|unlike|no\s(?:evidence|signs?"
    r"|traces?|peaks?))\b[^.;,]{0,60}$|\bnot\s(?:the\s|of\s|in\s|to\s|a\s){0,2}$",
    re.I,
)

MOST_FACTS = 60
"""A sentence that states more is a table or a list gone astray; nothing is linked in it."""


@dataclass(frozen=True, slots=True)
class CrystalFact:
    """One statement about a structure: where it stands and what it adds to a claim's values.

    ``kind`` is ``group``, ``cell``, ``type``, ``system`` or ``site``; one that does not ``stand``
    alone only adds to others. ``listed`` marks a value of a list of one axis.
    """

    start: int
    end: int
    kind: str
    values: dict[str, str] = field(hash=False)
    stands: bool = True
    listed: bool = False
    site: dict[str, Any] | None = field(default=None, hash=False)


def facts_by_sentence(found: FoundMentions) -> dict[tuple[int, int], list[CrystalFact]]:
    """The facts of each sentence that states one, in order of print."""
    by_sentence: dict[tuple[int, int], list[CrystalFact]] = {}
    for fact in sorted(_facts(found), key=lambda f: (f.start, f.end)):
        by_sentence.setdefault(found.passage.sentence_at(fact.start), []).append(fact)
    by_sentence = {
        span: some
        for sentence, facts in by_sentence.items()
        for span, some in _segments(found.passage.text, sentence, facts)
    }
    return {
        sentence: facts
        for sentence, facts in by_sentence.items()
        if len(facts) <= MOST_FACTS and any(f.stands for f in facts)
    }


def _segments(
    text: str, sentence: tuple[int, int], facts: list[CrystalFact]
) -> list[tuple[tuple[int, int], list[CrystalFact]]]:
    """A sentence cut at semicolons outside of brackets where each part states a group and a cell
    or sites: a list of whole structures.
    """
    cuts, depth = [sentence[0]], 0
    for match in re.finditer(r"[(\[{)\]};]", text[sentence[0] : sentence[1]]):
        mark = match.group()
        depth += (mark in "([{") - (mark in ")]}")
        if mark == ";" and depth <= 0:
            cuts.append(sentence[0] + match.end())
    spans = list(pairwise([*cuts, sentence[1]]))
    parts = [(span, [f for f in facts if span[0] <= f.start < span[1]]) for span in spans]
    whole = [
        any(f.kind == "group" for f in some) and any(f.kind in ("cell", "site") for f in some)
        for _, some in parts
    ]
    return parts if len(parts) > 1 and all(whole) else [(sentence, facts)]


def _facts(found: FoundMentions) -> Iterator[CrystalFact]:
    text = found.passage.text
    sites = find_sites(text)
    for i in found.of(Label.SPACE_GROUP):
        mention = found.mentions[i]
        if any(s.start < mention.end and mention.start < s.end for s in sites):
            continue  # `B1 1b` is boron on a site
        if _RULED_OUT.search(text[max(0, mention.start - 80) : mention.start]):
            continue
        yield CrystalFact(mention.start, mention.end, "group", {"space_group": mention.text})
    spans = [(m.start, m.end) for i in found.of(Label.LATTICE) for m in (found.mentions[i],)]
    for cell in find_cells(text) if spans else ():
        if any(start < cell.end and cell.start < end for start, end in spans):
            yield CrystalFact(cell.start, cell.end, "cell", cell.values, listed=cell.listed)
    for start, end, name in find_structure_types(text):
        if is_crystal_system(name):
            yield CrystalFact(start, end, "system", {"crystal_structure": name}, stands=False)
        else:
            named = name.removesuffix("-type")
            yield CrystalFact(
                start, end, "type", {"prototype": named}, stands=_stands(text, start, end)
            )
    for site in sites:
        yield CrystalFact(site.start, site.end, "site", {}, site=site.values)


def _stands(text: str, start: int, end: int) -> bool:
    """Whether a structure type is stated as the structure of something."""
    typed = text[start:end].rstrip().endswith("type") or _STATED.match(text, end)
    family = re.fullmatch(r"1{3,4}|122|11", re.sub(r"\W|type", "", text[start:end]))
    layer = _PART.match(text, end)
    return (
        bool(typed)
        and not family
        and not layer
        and not _NOT_STATED.search(text[max(0, start - 96) : start])
        and not _ALTERED.search(text[max(0, start - 20) : start])
    )
