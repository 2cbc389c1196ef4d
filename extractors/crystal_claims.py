"""Crystal claims: what a passage says about crystal structures, put into claims or made claims.

Facts come from ``crystal_facts``, their materials and pressures from ``crystal_links``; facts of
one material in one sentence are bundled until one of them would be stated twice.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import replace

from scmine.extractors.claim import Claim, Label, Place
from scmine.extractors.crystal_facts import CrystalFact, facts_by_sentence
from scmine.extractors.crystal_links import (
    Named,
    SentenceMaterials,
    material_before,
    pressure_of,
)
from scmine.extractors.document import PassageKind
from scmine.extractors.found_mentions import FoundMentions, quoted
from scmine.extractors.rule_tagger import formula_mentions
from scmine.extractors.spacegroups import find_space_groups
from scmine.extractors.structure_types import system_fits
from scmine.extractors.table_captions import stated_for_all

CONFIDENCE = 0.6
"""Confidence of a crystal claim of running text, by judgement, not measured."""

IMPLIED_CONFIDENCE = 0.4
"""The same where no material is named and the paper's own is taken."""

_PRODUCT = re.compile(
    r"\b(?:final|obtained|resulting|resultant|prepared|synthesi[sz]ed)\s"
    r"(?:products?|samples?|compounds?|materials?|powders?|phases?)\b"
)
"""What was made is the paper's own material, not the one that it was made from."""

_ELEMENT_LISTED = re.compile(r"(?<!\w)[A-Z][a-z]?\s?=\s?[A-Z][a-z]?(?![\w.])")
"""``B = In, a = 5.30 Å``: of one member of a family, which the sentence before does not name."""

_VALUES_OF_VARIABLE = re.compile(
    r"\s*([xyzδ])\s*[=≈]\s*(\d[\d.]*(?:\s?(?:,|and|,\sand)\s?\d[\d.]*)+)\s*"
)

_LONGEST_HEADING = 60
_GAP = 120
"""Characters of a sentence without facts between two that go on with each other."""

_SHARED_REACH = 100
"""Characters between a fact and the words for its crystal system or type."""

Made = tuple[Claim, tuple[int, ...]]
_Bundle = list[CrystalFact]


def add_crystals(
    found: FoundMentions, claims: list[Made], main_material: str | None = None
) -> list[Made]:
    """``claims`` with the structures that the passage states: added to them, or as new ones.

    ``main_material`` is what the paper is about: a structure is its own where neither the sentence
    nor those before it name a material.
    """
    lead = _of_heading(found)
    main_material = lead.pop("material", main_material)
    told_before: tuple[tuple[int, int], list[int]] | None = None
    for sentence, facts in facts_by_sentence(found).items():
        if told_before and _goes_on(found, claims, told_before, sentence, facts):
            told_before = (sentence, told_before[1])
            continue
        made: list[int] = []
        bundles = _bundles(found, sentence, facts, main_material)
        for materials, bundle in bundles:
            others = [f for _, b in bundles if b is not bundle for f in b]
            pressure = pressure_of(found, sentence, bundle, others)
            values = {**lead, **_values(bundle)}
            for material in materials:
                if _is_stated(found, claims, sentence, material, values):
                    continue
                single = sum(material in m for m, _ in bundles) == 1
                joined = single and _join(found, claims, sentence, material, values, pressure)
                if joined:
                    made += joined
                    continue
                made.append(len(claims))
                claim = _claim(found, sentence, material, bundle, values, pressure)
                claims.append((claim, (-1,)))
        told_before = (sentence, made)
    return claims


def _of_heading(found: FoundMentions) -> dict[str, str]:
    """Material, group and pressure of a heading that names one structure, of which a passage that
    names neither group nor compound goes on to tell ("Fm-3m LaH10 (150 GPa)").
    """
    heading = found.passage.section
    compounds = [m for i in found.of(Label.MATERIAL) for m in (found.mentions[i].text,)]
    if len(heading) > _LONGEST_HEADING or found.of(Label.SPACE_GROUP):
        return {}
    stated = stated_for_all(heading)
    named = formula_mentions(heading)
    if "space_group" not in stated or len(named) != 1 or found.of(Label.PRESSURE):
        return {}
    if any(re.search(r"[A-Z].*[A-Z]", c) and c != named[0].text for c in compounds):
        return {}
    return {**stated, "material": named[0].text}


def _goes_on(
    found: FoundMentions,
    claims: list[Made],
    before: tuple[tuple[int, int], list[int]],
    sentence: tuple[int, int],
    facts: Sequence[CrystalFact],
) -> bool:
    """Add a sentence to the structure of the one right before it, if it only goes on with that.

    So it does where the one before states one structure and this one, which names no other
    material and no pressure, what was not said yet: the cell, or the sites of its elements.
    """
    (_, end), made = before
    if len(made) != 1 or not _is_near(found, end, sentence[0]):
        return False
    claim, used = claims[made[0]]
    stated = [f for f in facts if f.stands]
    if {f.kind for f in stated} - {"site", "cell"} or any(f.listed for f in stated):
        return False
    values = _values(stated)
    keys = [key for f in stated for key in f.values]
    known = dict(claim.values)
    if "wyckoff" in values and "wyckoff" in known:
        sites = _more_sites(known.pop("wyckoff"), values["wyckoff"])
        if sites is None:
            return False
        values["wyckoff"] = sites
    if len(keys) != len(set(keys)) or set(values) & set(known):
        return False
    pressures = {found.mentions[i].text for i in found.inside(Label.PRESSURE, sentence)}
    if pressures - {known.get("pressure")}:
        return False
    if not _same_material(found, sentence, facts, claim.material):
        return False
    passage = found.passage
    boxes = tuple(box for f in stated for box in passage.boxes(f.start, f.end))
    claims[made[0]] = (
        replace(
            claim,
            values={**claim.values, **values},
            sentence=f"{claim.sentence} {quoted(passage.text, [sentence])}",
            boxes=(*claim.boxes, *boxes),
        ),
        used,
    )
    return True


def _is_near(found: FoundMentions, end: int, start: int) -> bool:
    """Whether a sentence follows at once, or after few words that name neither material nor
    pressure ("There are three inequivalent atoms.").
    """
    if start - end <= 2:
        return True
    between = found.passage.text[end:start]
    named = [*found.of(Label.MATERIAL), *found.of(Label.PRESSURE)]
    return (
        start - end <= _GAP
        and not any(end <= found.mentions[i].start < start for i in named)
        and not re.search(r"\d", between)
    )


def _more_sites(known: str, more: str) -> str | None:
    """The sites of two sentences that go on with each other; None if one is stated twice."""
    sites, others = json.loads(known), json.loads(more)
    places = [(s.get("site"), str(s.get("xyz"))) for s in sites]
    named = [s["label"] for s in sites if re.search(r"\d", s["label"])]
    if any((s.get("site"), str(s.get("xyz"))) in places or s["label"] in named for s in others):
        return None
    if any(("xyz" in s) != ("xyz" in sites[0]) for s in (*sites, *others)):
        return None
    return json.dumps([*sites, *others], ensure_ascii=False)


def _same_material(
    found: FoundMentions, sentence: tuple[int, int], facts: Sequence[CrystalFact], material: str
) -> bool:
    """Whether a sentence names no compound but ``material``, and sites only of its elements."""
    name = re.sub(r"\s", "", material)
    if any(m.name != name for m in SentenceMaterials(found, sentence, facts).materials):
        return False
    held = set(re.findall(r"[A-Z][a-z]?", material))
    return all(f.site is None or f.site["element"] in held for f in facts)


def _bundles(
    found: FoundMentions,
    sentence: tuple[int, int],
    facts: Sequence[CrystalFact],
    main_material: str | None,
) -> list[tuple[tuple[Named, ...], _Bundle]]:
    """The facts of a sentence by material, each bundle one structure."""
    linked = _linked(found, sentence, facts, main_material)
    bundles: list[tuple[tuple[Named, ...], _Bundle]] = []
    for fact, materials in linked:
        fitting = [b for m, b in bundles if m == materials and not _states(b, fact)]
        if fitting:
            # lists run side by side: "Im-3m and Pm-3n … 2.9 and 4.6 Å"
            fitting[0 if fact.listed else -1].append(fact)
        else:
            bundles.append((materials, [fact]))
    for fact in facts:
        if not fact.stands:
            _share(found.passage.text, fact, [b for _, b in bundles])
    return bundles


def _linked(
    found: FoundMentions,
    sentence: tuple[int, int],
    facts: Sequence[CrystalFact],
    main_material: str | None,
) -> list[tuple[CrystalFact, tuple[Named, ...]]]:
    """The facts that stand alone, each with its materials; those without any are left out."""
    around = SentenceMaterials(found, sentence, facts)
    ordered: dict[int, Named] = {}
    for kind in ("group", "cell"):
        alike = [f for f in facts if f.stands and f.kind == kind]
        ordered |= {id(f): m for f, m in zip(alike, around.in_order(alike), strict=False)}
    groups = sum(f.kind == "group" for f in facts)
    values = [f for f in facts if f.listed]
    respectively = "respectively" in found.passage.text[sentence[0] : sentence[1]]
    told = respectively and len(values) == groups
    stated = any(f.kind in ("group", "cell") for f in facts)
    linked: list[tuple[CrystalFact, tuple[Named, ...]]] = []
    for fact in (f for f in facts if f.stands):
        if id(fact) in ordered:
            linked.append((fact, (ordered[id(fact)],)))
        elif not fact.listed or told:
            materials: tuple[Named, ...] = around.of(fact)
            alone = fact.kind == "type" and not stated
            if not materials and not alone and not around.undecided(fact):
                implied = _implied(found, sentence, facts, main_material)
                materials = (implied,) if implied is not None else ()
            if materials:
                linked.append((fact, materials))
    return _one_each(linked) if respectively else linked


def _one_each(
    linked: list[tuple[CrystalFact, tuple[Named, ...]]],
) -> list[tuple[CrystalFact, tuple[Named, ...]]]:
    """Cells "for x = 0, 0.1 and 0.2, respectively": each of one of the values listed."""
    cells = [(f, m[0]) for f, m in linked if f.kind == "cell" and len(m) == 1]
    listed = _VALUES_OF_VARIABLE.fullmatch(cells[0][1].text) if cells else None
    if listed is None or len({m for _, m in cells}) > 1:
        return linked
    values = re.findall(r"\d[\d.]*", listed[2])
    if len(values) != len(cells):
        return linked
    own = {
        id(fact): Named(material.start, material.end, f"{listed[1]} = {value.rstrip('.')}")
        for (fact, material), value in zip(cells, values, strict=True)
    }
    return [(f, (own[id(f)],) if id(f) in own else m) for f, m in linked]


def _implied(
    found: FoundMentions,
    sentence: tuple[int, int],
    facts: Sequence[CrystalFact],
    main_material: str | None,
) -> Named | None:
    """The material of a sentence that names none: the one before, or the paper's own.

    It holds all elements that the sentence puts on sites.
    """
    if _ELEMENT_LISTED.search(found.passage.text, sentence[0], sentence[1]):
        return None
    product = _PRODUCT.search(found.passage.text, sentence[0], sentence[1])
    material = (
        None if product and main_material else material_before(found, sentence[0], main_material)
    )
    if material is None and main_material and not found.cites([sentence]):
        material = Named(-1, -1, main_material)
    if material is None:
        return None
    held = {str(fact.site["element"]) for fact in facts if fact.site is not None}
    return material if held <= set(re.findall(r"[A-Z][a-z]?", material.text)) else None


def _states(bundle: _Bundle, fact: CrystalFact) -> bool:
    """Whether a bundle says already what ``fact`` says, or begins another structure."""
    return any(set(f.values) & set(fact.values) for f in bundle)


def _share(text: str, fact: CrystalFact, bundles: Sequence[_Bundle]) -> None:
    """Add a crystal system or type to the bundle that it stands nearest to and fits."""
    best: tuple[int, _Bundle] | None = None
    for bundle in bundles:
        if _states(bundle, fact) or not _fits(text, fact, bundle):
            continue
        reach = min(max(f.start - fact.end, fact.start - f.end) for f in bundle)
        if reach <= _SHARED_REACH and (best is None or reach < best[0]):
            best = (reach, bundle)
    if best is not None:
        best[1].append(fact)


def _fits(text: str, fact: CrystalFact, bundle: _Bundle) -> bool:
    """Whether a crystal system agrees with the space group of a bundle, if it has one."""
    if fact.kind != "system":
        return True
    numbers = [
        hit.number
        for f in bundle
        if f.kind == "group"
        for hit in find_space_groups(text[f.start : f.end], "symbol")[:1]
    ]
    return all(system_fits(fact.values["crystal_structure"], number) for number in numbers)


def _values(bundle: _Bundle) -> dict[str, str]:
    """The claim's values that a bundle states."""
    values: dict[str, str] = {}
    for fact in bundle:
        values.update(fact.values)
    sites = [f.site for f in bundle if f.site is not None]
    if sites:
        values["wyckoff"] = json.dumps(sites, ensure_ascii=False)
    return values


def _is_about(found: FoundMentions, made: Made, sentence: tuple[int, int], material: Named) -> bool:
    """Whether a claim is made by ``sentence`` and about ``material``."""
    claim, used = made
    same = re.sub(r"\s", "", claim.material) == material.name
    return same and len(used) > 1 and found.sentence(used[1]) == sentence


def _is_stated(
    found: FoundMentions,
    claims: Sequence[Made],
    sentence: tuple[int, int],
    material: Named,
    values: dict[str, str],
) -> bool:
    """Whether a claim of the sentence holds ``values`` already, as one of λ may hold the phase."""
    return any(
        _is_about(found, made, sentence, material) and values.items() <= made[0].values.items()
        for made in claims
    )


def _join(
    found: FoundMentions,
    claims: list[Made],
    sentence: tuple[int, int],
    material: Named,
    values: dict[str, str],
    pressure: int | None,
) -> list[int]:
    """Add ``values`` to the claims that the sentence makes about the same material; which."""
    stated = found.mentions[pressure].text if pressure is not None else None
    joined = []
    for n, (claim, used) in enumerate(claims):
        if not _is_about(found, (claim, used), sentence, material):
            continue
        at = claim.values.get("pressure")
        if set(claim.values) & set(values) or (at and stated and at != stated):
            continue
        claims[n] = (replace(claim, values={**claim.values, **values}), used)
        joined.append(n)
    return joined


def _claim(
    found: FoundMentions,
    sentence: tuple[int, int],
    material: Named,
    bundle: _Bundle,
    values: dict[str, str],
    pressure: int | None,
) -> Claim:
    """A claim of its own about ``material``, which need not stand in the passage."""
    passage = found.passage
    spans = [(f.start, f.end) for f in bundle]
    sentences = {sentence}
    if material.start >= 0:
        spans.append((material.start, material.end))
        sentences.add(passage.sentence_at(material.start))
    if pressure is not None:
        values = {**values, "pressure": found.mentions[pressure].text}
        spans.append((found.mentions[pressure].start, found.mentions[pressure].end))
    boxes = tuple(box for start, end in spans for box in passage.boxes(start, end))
    ordered = sorted(sentences)
    begin, end = min(start for start, _ in spans), max(end for _, end in spans)
    hints = {"before": passage.text[max(0, begin - 600) : end]}
    if material.start >= 0:
        hints["formula"] = material.name
    if found.cites(ordered):
        hints["cites"] = "yes"
    return Claim(
        material=material.text,
        values=values,
        source="caption" if passage.kind is PassageKind.CAPTION else "text",
        section=passage.section,
        sentence=quoted(passage.text, ordered),
        page=boxes[0].page if boxes else passage.page,
        boxes=boxes,
        extractor="rules",
        confidence=CONFIDENCE if material.start >= 0 else IMPLIED_CONFIDENCE,
        hints=hints,
        place=Place(passage, bundle[0].start, bundle[0].end),
    )
