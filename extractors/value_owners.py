"""Value owners: which material, phase or pressure of a sentence each of its values is said of.

Lists are paired by their order, single values by what stands beside them. Nothing here knows which
quantity a value is of.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from scmine.extractors.characters import uniform
from scmine.extractors.claim import Label
from scmine.extractors.found_mentions import FoundMentions
from scmine.extractors.listed import runs_of
from scmine.extractors.property_values import patterns
from scmine.extractors.spacegroups import find_space_groups


def inside_of(found: FoundMentions, label: Label, sentence: tuple[int, int]) -> list[int]:
    """The mentions of ``label`` that begin in ``sentence``; a space group is no material."""
    here = found.inside(label, sentence)
    if label is not Label.MATERIAL:
        return here
    groups = {found.mentions[i].text for i in found.of(Label.SPACE_GROUP)}
    return [i for i in here if not _is_phase(found, i, groups)]


def _is_phase(found: FoundMentions, i: int, groups: Collection[str]) -> bool:
    """Whether what was taken for a material is the symbol of a phase ("the P1 phase")."""
    mention = found.mentions[i]
    if mention.text in groups:
        return True
    hits = find_space_groups(mention.text, "symbol") if len(mention.text) < 9 else []
    behind = found.passage.text[mention.end : mention.end + 12]
    return bool(hits) and re.match(r"\s?[-–]?\s?(?:phase|structure|symmetr)", behind) is not None


def name_of(found: FoundMentions, i: int) -> str:
    """The text of a mention without blanks, to compare it with others."""
    return re.sub(r"\s", "", uniform(found.mentions[i].text))


def owners_of(
    found: FoundMentions,
    sentence: tuple[int, int],
    spans: Sequence[tuple[int, int]],
    label: Label,
    among: Sequence[int] | None = None,
) -> list[int | None]:
    """For each value the mention of ``label`` in its sentence that it is said of.

    ``spans`` are the values' characters in order of print; ``among`` limits the mentions. None
    where the sentence names none, or where it does not tell which.
    """
    candidates = list(inside_of(found, label, sentence) if among is None else among)
    if not candidates:
        return [None] * len(spans)
    compared = compared_of(found, candidates)
    own = [c for c in candidates if c not in compared]
    leading = [leading_of(found, span, candidates) for span in spans]
    if any(i is not None for i in leading) and len({name_of(found, c) for c in candidates}) > 1:
        free = [None if i is not None else span for i, span in zip(leading, spans, strict=True)]
        others = [c for c in own if c not in leading]
        return [
            i if i is not None else _nearest(found, span, others, others) if span else None
            for i, span in zip(leading, free, strict=True)
        ]
    if len({name_of(found, c) for c in own}) == 1:
        return [None if _set_against(found, span, own[0]) else own[0] for span in spans]
    if len(spans) == 1:
        return [_nearest(found, spans[0], candidates, own)]
    run = _listed_run(found, own, spans)
    if run or not own:
        return list(run) or [None] * len(spans)
    return _beside_each(found, spans, own, sentence[1])


def _set_against(found: FoundMentions, span: tuple[int, int], i: int) -> bool:
    """Whether a value is only compared with that of mention ``i``: "0.49, close to 0.43 of A"."""
    start = found.mentions[i].start
    gap = between(found, span[1], start) if start > span[1] else ""
    return patterns()["attribute"]["comparing"].search(gap) is not None


def compared_of(found: FoundMentions, candidates: Sequence[int]) -> list[int]:
    """Those that are only compared with ("larger than that of A or B")."""
    listed = patterns()["attribute"]["listed"]
    result: list[int] = []
    for n, i in enumerate(candidates):
        here = patterns()["attribute"]["compared"].search(found.before(i, 60)) is not None
        if not here and n and candidates[n - 1] in result:
            gap = between(found, found.mentions[candidates[n - 1]].end, found.mentions[i].start)
            here = listed.match(gap) is not None
        if here:
            result.append(i)
    return result


def leading_of(
    found: FoundMentions, span: tuple[int, int], candidates: Sequence[int]
) -> int | None:
    """What a value in brackets stands behind: ``W (λ = 0.28)``."""
    for i in reversed(candidates):
        end = found.mentions[i].end
        if end <= span[0]:
            gap = between(found, end, span[0])
            return i if patterns()["attribute"]["in_brackets"].match(gap) else None
    return None


def between(found: FoundMentions, start: int, end: int) -> str:
    """The passage's text from ``start`` to ``end``, its dashes and blanks uniform."""
    return uniform(found.passage.text[start:end])


def _nearest(
    found: FoundMentions, span: tuple[int, int], candidates: Sequence[int], own: Sequence[int]
) -> int | None:
    """What stands right behind a value ("for A"), else last before it, else first behind."""
    behind = patterns()["attribute"]["behind"]
    for i in candidates:
        mention = found.mentions[i]
        if mention.start >= span[1]:
            if behind.match(between(found, span[1], mention.start)):
                return i
            break
    before = [i for i in own if found.mentions[i].end <= span[0]]
    if before:
        return None if _is_one_of_several(found, before) else before[-1]
    within = [i for i in own if span[0] <= found.mentions[i].start < span[1]]
    first = within or own
    return first[0] if first else None


def _is_one_of_several(found: FoundMentions, before: Sequence[int]) -> bool:
    """Whether the last of ``before`` is listed with the one before it ("For A and B")."""
    if len(before) < 2 or name_of(found, before[-1]) == name_of(found, before[-2]):
        return False
    first, second = found.mentions[before[-2]], found.mentions[before[-1]]
    gap = between(found, first.end, second.start)
    return patterns()["attribute"]["listed"].match(gap) is not None


def _listed_run(
    found: FoundMentions, candidates: Sequence[int], spans: Sequence[tuple[int, int]]
) -> list[int]:
    """As many mentions as values, in a list of their own behind or before the values' list."""
    listed = patterns()["attribute"]["listed"]

    def go_on(one: int, other: int) -> bool:
        gap = between(found, found.mentions[one].end, found.mentions[other].start)
        return listed.match(gap) is not None

    runs = runs_of(candidates, go_on)
    start, end = spans[0][0], spans[-1][1]
    fitting = [
        run
        for run in runs
        if len(run) == len(spans)
        and (found.mentions[run[0]].start >= end or found.mentions[run[-1]].end <= start)
    ]
    after = [run for run in fitting if found.mentions[run[0]].start >= end]
    return (after or fitting[::-1] or [[]])[0]


def _beside_each(
    found: FoundMentions,
    spans: Sequence[tuple[int, int]],
    candidates: Sequence[int],
    end_of_sentence: int,
) -> list[int | None]:
    """For each value what stands right behind it, or before it and behind the value before.

    What stands before all values holds for those that have nothing beside them.
    """
    behind = patterns()["attribute"]["behind"]
    starts = [*(start for start, _ in spans[1:]), end_of_sentence]
    bounds = [0, *(end for _, end in spans)]
    after = [
        [i for i in candidates if end <= found.mentions[i].start < stop]
        for (_, end), stop in zip(spans, starts, strict=True)
    ]
    before = [
        [i for i in candidates if bound <= found.mentions[i].start < start]
        for bound, (start, _) in zip(bounds, spans, strict=False)
    ]
    if not before[0] and all(len(found_here) == 1 for found_here in after):
        return [found_here[0] for found_here in after]
    if not after[-1] and all(len(found_here) == 1 for found_here in before):
        return [found_here[0] for found_here in before]
    close: list[int | None] = []
    for (_, end), near in zip(spans, after, strict=True):
        here = near and behind.match(between(found, end, found.mentions[near[0]].start))
        close.append(near[0] if here else None)
    first = before[0][-1] if before[0] else None
    if any(i is not None for i in close):
        return [i if i is not None else first for i in close]
    result: list[int | None] = []
    for near in before:
        result.append(near[-1] if near else (result[-1] if result else None))
    return result
