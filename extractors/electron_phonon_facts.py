"""Facts: λ, ω_log, ω₂ and μ* of one sentence, each with its material, pressure and phase.

Lists are paired by their order ("1.8 and 2.1 for A and B") or by what stands beside each value
("2.1 at 150 GPa and 1.8 at 200 GPa"). How facts become claims, and which Tc they belong to, is
settled in ``electron_phonon_claims``.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from scmine.extractors.characters import uniform
from scmine.extractors.claim import Label
from scmine.extractors.found_mentions import FoundMentions
from scmine.extractors.property_values import patterns
from scmine.extractors.quantities import find_quantities, parse_quantity_list

MAIN = (Label.LAMBDA, Label.OMEGA_LOG, Label.OMEGA2)
"""Quantities that are stated of a material; μ* is a condition of its Tc."""

SENTENCES_BACK = 4
"""Sentences before one that names no material in which the material is looked for."""

_NUMBER = re.compile(r"\d+(?:\.\d+)?")


@dataclass(slots=True)
class Fact:
    """Values by label with the mention they come from, and what they are said of.

    ``material`` and ``phase`` are mentions; ``pressure`` is a mention and the text of the part of
    it that counts. ``order`` is ``i/n`` where one mention lists the materials of n facts.
    """

    values: dict[Label, tuple[int, str]] = field(default_factory=dict)
    material: int | None = None
    phase: int | None = None
    pressure: tuple[int, str] | None = None
    order: str = ""

    def span(self, found: FoundMentions) -> tuple[int, int]:
        """From the start of its first value to the end of its last."""
        mentions = [found.mentions[i] for i, _ in self.values.values()]
        return min(m.start for m in mentions), max(m.end for m in mentions)


def facts_of(found: FoundMentions, sentence: tuple[int, int]) -> list[Fact]:
    """The facts of ``sentence``, in order of print; μ* is in one if all facts share it."""
    lists = {label: inside_of(found, label, sentence) for label in MAIN}
    lists = {label: indices for label, indices in lists.items() if indices}
    if not lists:
        return []
    main = max(lists, key=lambda label: len(lists[label]))
    facts = [Fact({main: (i, value_text(found, i))}) for i in lists[main]]
    for label, indices in lists.items():
        if label is not main:
            _share_out(found, facts, main, label, indices)
    _set_materials(found, sentence, facts)
    for fact, phase in zip(facts, _owners(found, sentence, facts, Label.SPACE_GROUP), strict=True):
        fact.phase = phase
    _set_pressures(found, sentence, facts)
    return facts


def inside_of(found: FoundMentions, label: Label, sentence: tuple[int, int]) -> list[int]:
    """The mentions of ``label`` that begin in ``sentence``; a space group is no material."""
    here = [i for i in found.of(label) if sentence[0] <= found.mentions[i].start < sentence[1]]
    if label is not Label.MATERIAL:
        return here
    groups = {(found.mentions[i].start, found.mentions[i].end) for i in found.of(Label.SPACE_GROUP)}
    return [i for i in here if (found.mentions[i].start, found.mentions[i].end) not in groups]


def value_text(found: FoundMentions, i: int) -> str:
    """The value of mention ``i`` with the unit that stands behind the list it is part of."""
    mention = found.mentions[i]
    if mention.label not in (Label.OMEGA_LOG, Label.OMEGA2) or re.search("[A-Za-z]", mention.text):
        return mention.text
    window = found.passage.text[mention.start : mention.start + 80]
    for start, end, quantity in find_quantities(window, "frequency"):
        if start <= 1 and end > len(mention.text):
            return f"{mention.text} {quantity.unit_printed}"
    return mention.text


def _share_out(
    found: FoundMentions, facts: list[Fact], main: Label, label: Label, indices: Sequence[int]
) -> None:
    """Give each fact its value of another quantity: by order, or the one that stands closest."""
    if len(indices) == len(facts):
        for fact, i in zip(facts, indices, strict=True):
            fact.values[label] = (i, value_text(found, i))
        return
    for i in indices:
        start = found.mentions[i].start
        near = min(facts, key=lambda f: abs(found.mentions[f.values[main][0]].start - start))
        near.values.setdefault(label, (i, value_text(found, i)))


def _set_materials(found: FoundMentions, sentence: tuple[int, int], facts: list[Fact]) -> None:
    owners = _owners(found, sentence, facts, Label.MATERIAL)
    any_here = inside_of(found, Label.MATERIAL, sentence)
    before = None if any_here else material_before(found, sentence)
    named = {name_of(found, o) for o in owners if o is not None}
    for n, (fact, owner) in enumerate(zip(facts, owners, strict=True)):
        fact.material = before if owner is None else owner
        if len(facts) > 1 and len(named) <= 1:
            fact.order = f"{n}/{len(facts)}"


def material_before(found: FoundMentions, sentence: tuple[int, int]) -> int | None:
    """The only material of the last sentence before ``sentence`` that names any."""
    earlier = [s for s in found.passage.sentences if s[1] <= sentence[0]][-SENTENCES_BACK:]
    for previous in reversed(earlier):
        inside = inside_of(found, Label.MATERIAL, previous)
        if inside:
            return inside[-1] if len({name_of(found, i) for i in inside}) == 1 else None
    return None


def name_of(found: FoundMentions, i: int) -> str:
    """The text of a mention without blanks, to compare it with others."""
    return re.sub(r"\s", "", uniform(found.mentions[i].text))


def _set_pressures(found: FoundMentions, sentence: tuple[int, int], facts: list[Fact]) -> None:
    """Give each fact its pressure; one mention may list those of all facts."""
    candidates = _stated_pressures(found, sentence)
    if len(facts) > 1:
        for i in candidates:
            parts = _parts_of(found.mentions[i].text)
            if len(parts) == len(facts):
                for fact, part in zip(facts, parts, strict=True):
                    fact.pressure = (i, part)
                return
    owners = _owners(found, sentence, facts, Label.PRESSURE, candidates)
    if not any(o is not None for o in owners) and not candidates:
        owners = [_pressure_before(found, sentence)] * len(facts)
    for fact, owner in zip(facts, owners, strict=True):
        if owner is not None:
            fact.pressure = (owner, found.mentions[owner].text)


def _stated_pressures(found: FoundMentions, sentence: tuple[int, int]) -> list[int]:
    """The pressures of a sentence that are no limits."""
    limit = patterns()["attribute"]["limit"]
    return [
        i
        for i in inside_of(found, Label.PRESSURE, sentence)
        if not limit.search(found.before(i, 45)) and not found.mentions[i].text.startswith(">")
    ]


def _pressure_before(found: FoundMentions, sentence: tuple[int, int]) -> int | None:
    """The only pressure of the sentence right before, if that names the same material alone."""
    earlier = [s for s in found.passage.sentences if s[1] <= sentence[0]]
    if not earlier or len(inside_of(found, Label.MATERIAL, sentence)) > 0:
        return None
    stated = inside_of(found, Label.PRESSURE, earlier[-1])
    names = {name_of(found, i) for i in inside_of(found, Label.MATERIAL, earlier[-1])}
    if len(stated) != 1 or len(names) > 1 or not _stated_pressures(found, earlier[-1]):
        return None
    return stated[0] if len(_parts_of(found.mentions[stated[0]].text)) == 1 else None


def _parts_of(text: str) -> list[str]:
    """The pressures that one mention lists, each with the unit.

    >>> _parts_of("150, 200 and 250 GPa")
    ['150 GPa', '200 GPa', '250 GPa']
    """
    quantities = parse_quantity_list(text, "pressure")
    numbers = _NUMBER.findall(text)
    if len(quantities) != len(numbers) or any(q.value is None for q in quantities):
        return [text]
    return [f"{n} {q.unit_printed}" for n, q in zip(numbers, quantities, strict=True)]


def _owners(
    found: FoundMentions,
    sentence: tuple[int, int],
    facts: Sequence[Fact],
    label: Label,
    among: Sequence[int] | None = None,
) -> list[int | None]:
    """For each fact the mention of ``label`` in its sentence that it is said of."""
    candidates = list(inside_of(found, label, sentence) if among is None else among)
    if not candidates:
        return [None] * len(facts)
    compared = _compared(found, candidates)
    own = [c for c in candidates if c not in compared]
    spans = [fact.span(found) for fact in facts]
    leading = [_leading(found, span, candidates) for span in spans]
    if any(i is not None for i in leading) and len({name_of(found, c) for c in candidates}) > 1:
        free = [None if i is not None else span for i, span in zip(leading, spans, strict=True)]
        others = [c for c in own if c not in leading]
        return [
            i if i is not None else _nearest(found, span, others, others) if span else None
            for i, span in zip(leading, free, strict=True)
        ]
    if len({name_of(found, c) for c in own}) == 1:
        return [own[0]] * len(facts)
    if len(facts) == 1:
        return [_nearest(found, spans[0], candidates, own)]
    run = _listed_run(found, own, spans)
    if run or not own:
        return list(run) or [None] * len(facts)
    return _beside_each(found, spans, own, sentence[1])


def _compared(found: FoundMentions, candidates: Sequence[int]) -> list[int]:
    """Those that are only compared with ("larger than that of A or B")."""
    listed = patterns()["attribute"]["listed"]
    result: list[int] = []
    for n, i in enumerate(candidates):
        here = patterns()["attribute"]["compared"].search(found.before(i, 60)) is not None
        if not here and n and candidates[n - 1] in result:
            gap = _between(found, found.mentions[candidates[n - 1]].end, found.mentions[i].start)
            here = listed.match(gap) is not None
        if here:
            result.append(i)
    return result


def _leading(found: FoundMentions, span: tuple[int, int], candidates: Sequence[int]) -> int | None:
    """What a value in brackets stands behind: ``W (λ = 0.28)``."""
    for i in reversed(candidates):
        end = found.mentions[i].end
        if end <= span[0]:
            gap = _between(found, end, span[0])
            return i if patterns()["attribute"]["in_brackets"].match(gap) else None
    return None


def _between(found: FoundMentions, start: int, end: int) -> str:
    return uniform(found.passage.text[start:end])


def _nearest(
    found: FoundMentions, span: tuple[int, int], candidates: Sequence[int], own: Sequence[int]
) -> int | None:
    """What stands right behind a value ("for A"), else last before it, else first behind."""
    behind = patterns()["attribute"]["behind"]
    for i in candidates:
        mention = found.mentions[i]
        if mention.start >= span[1]:
            if behind.match(_between(found, span[1], mention.start)):
                return i
            break
    before = [i for i in own if found.mentions[i].end <= span[0]]
    if before:
        return None if _is_one_of_several(found, before) else before[-1]
    within = [i for i in own if span[0] <= found.mentions[i].start < span[1]]
    return (within or own or [None])[0]


def _is_one_of_several(found: FoundMentions, before: Sequence[int]) -> bool:
    """Whether the last of ``before`` is listed with the one before it ("For A and B")."""
    if len(before) < 2 or name_of(found, before[-1]) == name_of(found, before[-2]):
        return False
    first, second = found.mentions[before[-2]], found.mentions[before[-1]]
    gap = _between(found, first.end, second.start)
    return patterns()["attribute"]["listed"].match(gap) is not None


def _listed_run(
    found: FoundMentions, candidates: Sequence[int], spans: Sequence[tuple[int, int]]
) -> list[int]:
    """As many mentions as values, in a list of their own behind or before the values' list."""
    listed = patterns()["attribute"]["listed"]
    runs: list[list[int]] = [[candidates[0]]]
    for first, second in pairwise(candidates):
        gap = _between(found, found.mentions[first].end, found.mentions[second].start)
        if listed.match(gap):
            runs[-1].append(second)
        else:
            runs.append([second])
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
        here = near and behind.match(_between(found, end, found.mentions[near[0]].start))
        close.append(near[0] if here else None)
    first = before[0][-1] if before[0] else None
    if any(i is not None for i in close):
        return [i if i is not None else first for i in close]
    result: list[int | None] = []
    for near in before:
        result.append(near[-1] if near else (result[-1] if result else None))
    return result
