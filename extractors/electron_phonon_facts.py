"""Facts: λ, ω_log, ω₂ and μ* of one sentence, each with its material, pressure and phase.

Lists are paired by their order ("1.8 and 2.1 for A and B") or by what stands beside each value
("2.1 at 150 GPa and 1.8 at 200 GPa"). How facts become claims, and which Tc they belong to, is
settled in ``electron_phonon_claims``.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from scmine.extractors.characters import uniform
from scmine.extractors.claim import Label
from scmine.extractors.formula import parse_formula
from scmine.extractors.found_mentions import FoundMentions
from scmine.extractors.property_values import patterns
from scmine.extractors.quantities import find_quantities, parse_quantity_list
from scmine.extractors.value_owners import (
    between,
    compared_of,
    inside_of,
    leading_of,
    name_of,
    owners_of,
)

MAIN = (Label.LAMBDA, Label.OMEGA_LOG, Label.OMEGA2)
"""Quantities that are stated of a material; μ* is a condition of its Tc."""

SENTENCES_BACK = 4
"""Sentences before one that names no material in which the material is looked for."""

_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_VARIABLE_LIST = re.compile(
    r"(?<![A-Za-z])(?P<name>[xyzδ])\s?=\s?"
    r"(?P<values>\d+(?:\.\d+)?(?:\s?(?:,\s?and|,|and)\s?\d+(?:\.\d+)?){1,11})"
)


@dataclass(slots=True)
class Fact:
    """Values by label with the mention they come from, and what they are said of.

    ``material`` and ``phase`` are mentions; ``pressure`` is a mention and the text of the part of
    it that counts. ``order`` is ``i/n`` where one mention lists the materials of n facts; an
    ``aside`` stands in brackets behind its material, beside others that do not. ``variables`` are
    those of the formula that a list gives for each fact ("for x = 0.1 and 0.2"). ``implied`` says
    that neither the sentence nor those before it name a material.
    """

    values: dict[Label, tuple[int, str]] = field(default_factory=dict)
    material: int | None = None
    phase: int | None = None
    pressure: tuple[int, str] | None = None
    order: str = ""
    aside: bool = False
    variables: dict[str, str] = field(default_factory=dict)
    implied: bool = False

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
    _set_variables(found, sentence, facts)
    spans = [fact.span(found) for fact in facts]
    phases = owners_of(found, sentence, spans, Label.SPACE_GROUP)
    for fact, phase in zip(facts, phases, strict=True):
        fact.phase = phase
    _set_pressures(found, sentence, facts)
    return facts


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
    spans = [fact.span(found) for fact in facts]
    owners = owners_of(found, sentence, spans, Label.MATERIAL)
    here = inside_of(found, Label.MATERIAL, sentence)
    for fact in facts:
        fact.aside = leading_of(found, fact.span(found), here) is not None
    if all(fact.aside for fact in facts):
        for fact in facts:
            fact.aside = False
    own = patterns()["attribute"]["own"].search(found.passage.text[sentence[0] : sentence[1]])
    only_compared = own is not None and set(here) == set(compared_of(found, here))
    free = not here or only_compared
    before = material_before(found, sentence) if free else None
    earlier = any(inside_of(found, Label.MATERIAL, s) for s in _earlier(found, sentence))
    named = {name_of(found, o) for o in owners if o is not None}
    for n, (fact, owner) in enumerate(zip(facts, owners, strict=True)):
        fact.material = before if owner is None else owner
        fact.implied = owner is None and free and not earlier
        if len(facts) > 1 and len(named) <= 1:
            fact.order = f"{n}/{len(facts)}"


def _set_variables(found: FoundMentions, sentence: tuple[int, int], facts: list[Fact]) -> None:
    """Give each fact its value of the variable that the sentence lists as many values of."""
    text = uniform(found.passage.text[sentence[0] : sentence[1]])
    lists = [
        (m["name"], values)
        for m in _VARIABLE_LIST.finditer(text)
        if len(values := _NUMBER.findall(m["values"])) == len(facts)
    ]
    if len(facts) < 2 or len(lists) != 1:
        return
    name, values = lists[0]
    open_formulas = [
        i
        for i in inside_of(found, Label.MATERIAL, sentence)
        if (formula := parse_formula(found.mentions[i].text)) and name in formula.variables
    ]
    named = {name_of(found, i) for i in open_formulas}
    for fact, value in zip(facts, values, strict=True):
        fact.variables = {name: value}
        fact.order = ""
        if len(named) == 1:
            fact.material = open_formulas[0]


def material_before(found: FoundMentions, sentence: tuple[int, int]) -> int | None:
    """The only material of the last sentence before ``sentence`` that is about any."""
    for previous in reversed(_earlier(found, sentence)):
        named = inside_of(found, Label.MATERIAL, previous)
        compared = compared_of(found, named)
        about = [i for i in named if i not in compared]
        if about:
            return about[-1] if len({name_of(found, i) for i in about}) == 1 else None
    return None


def _earlier(found: FoundMentions, sentence: tuple[int, int]) -> list[tuple[int, int]]:
    """The sentences before ``sentence`` in which its material is looked for."""
    return [s for s in found.passage.sentences if s[1] <= sentence[0]][-SENTENCES_BACK:]


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
    spans = [fact.span(found) for fact in facts]
    owners = owners_of(found, sentence, spans, Label.PRESSURE, candidates)
    if not any(o is not None for o in owners) and not candidates:
        owners = [_pressure_before(found, sentence, fact.material) for fact in facts]
    for fact, owner in zip(facts, owners, strict=True):
        if owner is not None and not (fact.aside and not _in_bracket(found, fact, owner)):
            fact.pressure = (owner, found.mentions[owner].text)


def _in_bracket(found: FoundMentions, fact: Fact, i: int) -> bool:
    """Whether mention ``i`` stands in the bracket that a fact stands in."""
    start, end = fact.span(found)
    mention = found.mentions[i]
    gap = between(found, min(end, mention.end), max(start, mention.start))
    return not re.search(r"[()\[\]]", gap)


def _stated_pressures(found: FoundMentions, sentence: tuple[int, int]) -> list[int]:
    """The pressures of a sentence that are no limits."""
    limit = patterns()["attribute"]["limit"]
    return [
        i
        for i in inside_of(found, Label.PRESSURE, sentence)
        if not limit.search(found.before(i, 45)) and not found.mentions[i].text.startswith(">")
    ]


def _pressure_before(
    found: FoundMentions, sentence: tuple[int, int], material: int | None
) -> int | None:
    """The only pressure stated since the material was named, if that was before ``sentence``."""
    if material is None or found.mentions[material].start >= sentence[0]:
        return None
    since = found.sentence(material)[0]
    earlier = [s for s in _earlier(found, sentence) if s[0] >= since]
    stated = [i for s in earlier for i in inside_of(found, Label.PRESSURE, s)]
    if len({name_of(found, i) for i in stated}) != 1:
        return None
    valid = [i for s in earlier for i in _stated_pressures(found, s)]
    return stated[0] if valid and len(_parts_of(found.mentions[stated[0]].text)) == 1 else None


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
