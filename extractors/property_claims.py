"""λ, ω_log, ω₂ and μ* of running text: put into a claim or made one.

Numbers stay as printed; ``property_fields`` reads them. Structures live in ``crystal_claims``.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from scmine.extractors.claim import Claim, Label
from scmine.extractors.found_mentions import FoundMentions, claim_of

_PROPERTIES = (
    Label.LAMBDA,
    Label.OMEGA_LOG,
    Label.OMEGA2,
    Label.MU_STAR,
)

PRESSURE_REACH = 40
"""Characters between a property and the pressure it is stated at."""


def add_properties(
    found: FoundMentions, claims: list[tuple[Claim, tuple[int, ...]]]
) -> list[tuple[Claim, tuple[int, ...]]]:
    """λ, ω_log, ω₂ and μ* of a sentence: put into its claim, or one of their own.

    They join a Tc claim only where the sentence makes exactly one; where several materials stand in
    the sentence and nothing tells whose they are, they are left out.
    """
    by_sentence: dict[tuple[int, int], list[int]] = {}
    for label in _PROPERTIES:
        for i in found.of(label):
            by_sentence.setdefault(found.sentence(i), []).append(i)
    for sentence, indices in by_sentence.items():
        values: dict[str, str] = {}
        clash = False
        for i in indices:
            key = str(found.mentions[i].label)
            clash = clash or key in values
            values.setdefault(key, found.mentions[i].text)
        inside = [n for n, (_, used) in enumerate(claims) if found.sentence(used[1]) == sentence]
        if clash:
            continue
        if len(inside) == 1:
            claim, used = claims[inside[0]]
            boxes = (*claim.boxes, *(b for i in indices for b in found.boxes(i)))
            joined = replace(claim, values={**claim.values, **values}, boxes=boxes)
            claims[inside[0]] = (joined, used)
        elif not inside:
            material = only_material(found, sentence)
            if material is not None:
                used_now = [material, *indices]
                pressure = _pressure_beside(found, indices)
                if pressure is not None:
                    values["pressure"] = found.mentions[pressure].text
                    used_now.append(pressure)
                claims.append((claim_of(found, used_now, values, 0.6), tuple(used_now)))
    return claims


def _pressure_beside(found: FoundMentions, properties: Sequence[int]) -> int | None:
    """The pressure stated right after a property ("a = 5.4 Å at 120 GPa"), if there is one."""
    for pressure in found.of(Label.PRESSURE):
        start = found.mentions[pressure].start
        for i in properties:
            between = found.passage.text[found.mentions[i].end : start]
            if 0 < len(between) < PRESSURE_REACH and re.fullmatch(
                r"[\s,(]*(?:at|under|for|and)\b[^\d.;]*", between
            ):
                return pressure
    return None


def only_material(found: FoundMentions, sentence: tuple[int, int]) -> int | None:
    """The one material named in ``sentence``; else the last one named before it in the passage."""
    inside = [
        i for i in found.of(Label.MATERIAL) if sentence[0] <= found.mentions[i].start < sentence[1]
    ]
    names = {found.mentions[i].text for i in inside}
    if len(names) == 1:
        return inside[0]
    if names:
        return None
    before = [i for i in found.of(Label.MATERIAL) if found.mentions[i].start < sentence[0]]
    if len({found.mentions[i].text for i in before}) == 1:
        return before[-1]
    return None
