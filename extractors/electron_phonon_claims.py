"""Claims of λ, ω_log, ω₂ and μ*: put into the claim of the Tc they explain, or made one.

What a sentence states of which material is worked out in ``electron_phonon_facts``; numbers stay
as printed. Space groups and lattices without these live in ``crystal_claims``.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from dataclasses import replace

from scmine.extractors.characters import uniform
from scmine.extractors.claim import Claim, Label
from scmine.extractors.electron_phonon_facts import MAIN, Fact, facts_of, material_before
from scmine.extractors.formula import parse_formula
from scmine.extractors.found_mentions import FoundMentions, claim_of
from scmine.extractors.other_temperatures import is_other_temperature
from scmine.extractors.property_values import patterns
from scmine.extractors.tc_methods import method_beside, methods_in
from scmine.extractors.value_owners import inside_of, name_of

SCORE = 0.6
"""Confidence of a claim without a Tc, by judgement, not measured."""

TC_REACH = 60
"""Characters before a temperature in which a Tc must be named."""

Placed = tuple[Claim, tuple[int, ...]]

_SEVERAL = re.compile(
    r"(?P<first>[~≈]?\s?(?<!\d)\d{1,4}(?:\.\d+)?)\s*+(?:\((?P<second>\d+(?:\.\d+)?)\)|"
    r"(?:,\s*and|and|,|/|or)\s*(?P<listed>\d+(?:\.\d+)?))\s*(?P<unit>m?K)"
)
_LISTED = re.compile(r"[^A-Za-z0-9]*(?:K\b)?\s*(?:,|and|or|,\s*and|/)?\s*[(≈~]?\s*")


def add_electron_phonon(
    found: FoundMentions, claims: list[Placed], main_material: str | None = None
) -> list[Placed]:
    """``claims`` with the λ, ω_log, ω₂ and μ* of their sentences, and those that stand alone.

    ``main_material`` is that of the paper; it is used where the passage names no material.
    """
    labels = (*MAIN, Label.MU_STAR)
    sentences = sorted({found.sentence(i) for label in labels for i in found.of(label)})
    for sentence in sentences:
        claims = _add_sentence(found, claims, sentence, main_material)
    return [_with_method(found, placed) for placed in claims]


def _with_method(found: FoundMentions, placed: Placed) -> Placed:
    """The claim of a Tc with the method that stands by it, if its sentence names several."""
    claim, used = placed
    if "tc" not in claim.values:
        return placed
    begin, stop = found.sentence(used[1])
    text = found.passage.text[begin:stop]
    if len({name for _, _, name in methods_in(text)}) < 2:
        return placed
    spans = [
        (found.mentions[i].start - begin, found.mentions[i].end - begin)
        for i in inside_of(found, Label.TC_VALUE, (begin, stop))
    ]
    own = (found.mentions[used[1]].start - begin, found.mentions[used[1]].end - begin)
    method = method_beside(text, *own, [s for s in spans if s != own])
    return (replace(claim, hints={**claim.hints, "tc_method": method}), used) if method else placed


def _add_sentence(
    found: FoundMentions,
    claims: list[Placed],
    sentence: tuple[int, int],
    main_material: str | None,
) -> list[Placed]:
    facts = facts_of(found, sentence)
    claims = claims + _unlinked(found, claims, sentence, facts)
    inside = [
        n
        for n, (claim, used) in enumerate(claims)
        if "tc" in claim.values and found.sentence(used[1]) == sentence
    ]
    inside.sort(key=lambda n: found.mentions[claims[n][1][1]].start)
    joined: dict[int, Fact] = {}
    alone: list[Fact] = []
    for n, fact in enumerate(facts):
        targets = _targets(found, claims, inside, facts, n)
        for target in targets:
            claims[target] = _joined(found, claims[target], fact)
            joined[target] = fact
        if not targets:
            alone.append(fact)
    stars = inside_of(found, Label.MU_STAR, sentence)
    if inside:
        claims = _with_stars(found, claims, inside, joined, stars)
        if len(stars) == 1 and joined and all(fact.aside for fact in joined.values()):
            for fact in alone:
                fact.values[Label.MU_STAR] = (stars[0], found.mentions[stars[0]].text)
    elif len(stars) == 1 and facts:
        for fact in alone:
            if not fact.aside:
                fact.values[Label.MU_STAR] = (stars[0], found.mentions[stars[0]].text)
    elif stars and not facts:
        claims += _star_alone(found, sentence, stars)
    made = [_claim_alone(found, fact, main_material) for fact in alone]
    return claims + [claim for claim in made if claim is not None]


def _unlinked(
    found: FoundMentions, claims: Sequence[Placed], sentence: tuple[int, int], facts: Sequence[Fact]
) -> list[Placed]:
    """The claim of the one Tc that a sentence names for the one fact it states.

    The linker may not have found the material, which often stands some sentences before.
    """
    tcs = inside_of(found, Label.TC_VALUE, sentence)
    taken = any("tc" in c.values and found.sentence(used[1]) == sentence for c, used in claims)
    if taken or len(tcs) != 1 or len(facts) != 1 or facts[0].material is None:
        return []
    tc, material = tcs[0], facts[0].material
    before = found.before(tc, TC_REACH)
    named = patterns()["attribute"]["tc_named"].search(uniform(before))
    if named is None or is_other_temperature(found, tc):
        return []
    used = (material, tc)
    hints = {"tc_words": before}
    return [(claim_of(found, used, {"tc": found.mentions[tc].text}, SCORE, hints), used)]


def _targets(
    found: FoundMentions,
    claims: Sequence[Placed],
    inside: Sequence[int],
    facts: Sequence[Fact],
    place: int,
) -> list[int]:
    """The claims of a Tc in its sentence that ``facts[place]`` belongs to."""
    fact = facts[place]
    fitting = [n for n in inside if _agree(found, fact, claims[n])]
    if len(fitting) < 2:
        return fitting
    if len(facts) > 1:
        by_order = len(inside) == len(facts) and inside[place] in fitting
        return [inside[place]] if by_order else []
    pressures = {p for n in fitting if (p := claims[n][0].values.get("pressure"))}
    if fact.pressure is None and len(pressures) > 1:
        return []
    if all(_listed(found, claims[a], claims[b]) for a, b in itertools.pairwise(fitting)):
        return fitting
    start = fact.span(found)[1]
    after = [n for n in fitting if found.mentions[claims[n][1][1]].start >= start]
    return (after or fitting[::-1])[:1]


def _agree(found: FoundMentions, fact: Fact, placed: Placed) -> bool:
    """Whether a fact and a Tc are said of the same material and pressure, as far as known."""
    claim, used = placed
    if fact.material is not None and name_of(found, fact.material) != _name(claim.material):
        return False
    stated = claim.values.get("pressure")
    return not (
        stated
        and fact.pressure
        and _name(stated) != _name(fact.pressure[1])
        and used[1] is not None
    )


def _name(text: str) -> str:
    return re.sub(r"\s", "", uniform(text))


def _listed(found: FoundMentions, first: Placed, second: Placed) -> bool:
    """Whether two Tc values stand in one list ("204 and 191 K")."""
    a, b = found.mentions[first[1][1]], found.mentions[second[1][1]]
    return a is b or _LISTED.fullmatch(uniform(found.passage.text[a.end : b.start])) is not None


def _joined(found: FoundMentions, placed: Placed, fact: Fact) -> Placed:
    """The claim of a Tc with the values, the pressure and the phase of a fact."""
    claim, used = placed
    values = dict(claim.values)
    more: list[int] = []
    for label, (i, text) in fact.values.items():
        values.setdefault(label.value, text)
        more.append(i)
    if fact.pressure is not None and "pressure" not in values:
        values["pressure"] = fact.pressure[1]
        more.append(fact.pressure[0])
    if fact.phase is not None and "space_group" not in values:
        values["space_group"] = found.mentions[fact.phase].text
        more.append(fact.phase)
    boxes = (*claim.boxes, *(b for i in more for b in found.boxes(i)))
    return replace(claim, values=values, boxes=boxes), used


def _with_stars(
    found: FoundMentions,
    claims: list[Placed],
    inside: Sequence[int],
    joined: dict[int, Fact],
    stars: Sequence[int],
) -> list[Placed]:
    """Each Tc with its μ*; a Tc with a second one in brackets becomes two."""
    if not stars:
        return claims
    texts = [found.mentions[i].text for i in stars]
    if len(stars) == 1:
        own = [n for n in inside if not _measured(found, claims[n])] or list(inside)
        of_facts = [n for n, fact in joined.items() if not fact.aside]
        for n in of_facts if joined else own:
            claims[n] = _star(found, claims[n], stars[0], texts[0])
        return claims
    if len(inside) == len(stars):
        for n, i, text in zip(inside, stars, texts, strict=True):
            claims[n] = _star(found, claims[n], i, text)
        return claims
    if len(stars) == 2:
        result: list[Placed] = []
        for n, placed in enumerate(claims):
            both = _SEVERAL.search(uniform(_tc_text(found, placed))) if n in inside else None
            if both is None:
                result.append(placed)
                continue
            tcs = (both["first"], both["second"] or both["listed"])
            for tc, i, text in zip(tcs, stars, texts, strict=True):
                claim, used = _star(found, placed, i, text)
                values = {**claim.values, "tc": f"{tc.strip()} {both['unit']}"}
                result.append((replace(claim, values=values), used))
        return result
    return claims


def _measured(found: FoundMentions, placed: Placed) -> bool:
    """Whether the words before a Tc say that it was measured."""
    before = found.before(placed[1][1], 60)
    return patterns()["attribute"]["measured"].search(before) is not None


def _tc_text(found: FoundMentions, placed: Placed) -> str:
    """The printed Tc with what stands right behind it, since mentions may stop at a bracket."""
    mention = found.mentions[placed[1][1]]
    return found.passage.text[mention.start : mention.end + 12]


def _star(found: FoundMentions, placed: Placed, i: int, text: str) -> Placed:
    claim, used = placed
    values = {**claim.values, "mu_star": text}
    return replace(claim, values=values, boxes=(*claim.boxes, *found.boxes(i))), used


def _star_alone(
    found: FoundMentions, sentence: tuple[int, int], stars: Sequence[int]
) -> list[Placed]:
    """The claim of a μ* in a sentence without λ and Tc, if it is clear of which material."""
    inside = inside_of(found, Label.MATERIAL, sentence)
    names = {name_of(found, i) for i in inside}
    material = inside[0] if len(names) == 1 else None
    if not inside:
        material = material_before(found, sentence)
    if material is None or len(stars) > 1:
        return []
    used = (material, stars[0])
    values = {"mu_star": found.mentions[stars[0]].text}
    return [(claim_of(found, used, values, SCORE), used)]


def _claim_alone(found: FoundMentions, fact: Fact, main_material: str | None) -> Placed | None:
    """The claim of a fact without a Tc; None if its material is not known."""
    values = {label.value: text for label, (_, text) in fact.values.items()}
    others = [i for i, _ in fact.values.values()]
    if fact.pressure is not None:
        values["pressure"] = fact.pressure[1]
        others.append(fact.pressure[0])
    if fact.phase is not None:
        values["space_group"] = found.mentions[fact.phase].text
        others.append(fact.phase)
    if fact.material is not None:
        used = (fact.material, *others)
        hints = {"order": fact.order, **{f"var:{k}": v for k, v in fact.variables.items()}}
        claim = claim_of(found, used, values, SCORE, hints)
        if fact.variables and parse_formula(claim.material) is None:
            # The mention lists the values of all facts.
            own = ", ".join(f"{name} = {value}" for name, value in fact.variables.items())
            claim = replace(claim, material=own)
        return claim, used
    if main_material is None or not fact.implied:
        return None
    used = (others[0], *others)
    claim = claim_of(found, used, values, SCORE, {"implied": "yes"})
    return replace(claim, material=main_material), used
