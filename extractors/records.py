"""Records: claims with their numbers read, their material resolved, and their provenance.

Puts together what ``pairing``, ``tc_fields``, ``property_fields`` and ``crystal_fields`` read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from scmine.database.record import Evidence, Record, Source, make_record_id
from scmine.extractors.claim import Claim
from scmine.extractors.context import MaterialContext
from scmine.extractors.crystal_fields import crystal_fields
from scmine.extractors.cues import cues
from scmine.extractors.document import Document
from scmine.extractors.formula import canonical_variable, parse_formula
from scmine.extractors.materials import Material, material_of_formula
from scmine.extractors.pairing import in_order, paired
from scmine.extractors.paper_profile import PaperProfile
from scmine.extractors.property_fields import property_fields
from scmine.extractors.tc_fields import pressure_fields, pressures, tc_fields, tc_quantities
from scmine.extractors.tc_methods import tc_method_of
from scmine.extractors.whose_claim import whose_claim


def records_of(
    claims: Sequence[Claim],
    document: Document,
    context: MaterialContext,
    profile: PaperProfile,
    model_version: str,
) -> list[tuple[Record, int]]:
    """The records of ``claims``, each with the index of its claim; doubles are left out."""
    result: list[tuple[Record, int]] = []
    seen: set[str] = set()
    for n, claim in enumerate(claims):
        for fields in _fields_of(claim, context):
            key = [
                document.doc_id,
                claim.source,
                claim.page,
                claim.sentence,
                claim.values,
                fields.get("raw_material"),
                fields.get("formula"),
                fields.get("tc_K"),
                fields.get("pressure_GPa"),
                sorted(fields.get("variables", {}).items()),
            ]
            record_id = make_record_id(*key)
            if record_id in seen:
                continue
            seen.add(record_id)
            fields.update(_provenance(claim, document, profile, model_version))
            if fields["evidence"] is Evidence.CALCULATED and fields.get("superconducting"):
                fields["tc_method"] = (
                    claim.hints.get("tc_method")
                    or tc_method_of(claim.hints.get("tc_words", ""))
                    or tc_method_of(f"{claim.sentence} {claim.hints.get('caption', '')}")
                )
            result.append((Record(record_id=record_id, **fields), n))
    return result


def _provenance(
    claim: Claim, document: Document, profile: PaperProfile, model_version: str
) -> dict[str, Any]:
    meta = document.metadata
    text = claim.sentence
    whose = whose_claim(claim, profile)
    return {
        "doc_id": document.doc_id,
        "path": document.path,
        "doi": meta.doi,
        "arxiv_id": meta.arxiv_id,
        "title": meta.title or None,
        "authors": list(meta.authors),
        "journal": meta.journal,
        "publisher": meta.publisher,
        "year": meta.year,
        "source": Source(claim.source),
        "section": claim.section or None,
        "page": claim.page,
        "boxes": [[b.page, b.x0, b.y0, b.x1, b.y1] for b in claim.boxes],
        "sentence": text,
        "extractor": claim.extractor,
        "model_version": model_version,
        "confidence": claim.confidence,
        "evidence": whose.evidence,
        "origin": whose.origin,
    }


def _fields_of(claim: Claim, context: MaterialContext) -> Iterator[dict[str, Any]]:
    """One set of fields for each material and Tc that ``claim`` names."""
    before = claim.hints.get("before", "")
    stated = {k[4:]: v for k, v in claim.hints.items() if k.startswith("var:")}
    materials = [m for m in context.resolve(claim.material, before) if not _is_prototype(m, claim)]
    if "formula" in claim.hints and not any(m.formula for m in materials):
        sure = material_of_formula(claim.hints["formula"])
        materials = [sure] if sure is not None else materials
    if stated:
        materials = [_with_variables(m, stated, context, before) for m in materials]
    if not materials:
        return
    quantities = tc_quantities(claim)
    materials, unsure = in_order(materials, quantities, claim.hints.get("order", ""), claim.values)
    rest = {**property_fields(claim), **crystal_fields(claim)}
    for material, tc, pressure, flags in paired(materials, quantities, pressures(claim)):
        fields = _material_fields(material)
        flags = [*fields.pop("flags"), *flags, *unsure]
        if claim.hints.get("unsure_material"):
            flags.append("unsure_material")
        fields.update(rest)
        fields.update(tc_fields(claim, tc, flags))
        fields["fabrication"] = fields["fabrication"] or claim.hints.get("fabrication")
        fields.update(pressure_fields(claim, pressure, flags))
        fields["flags"] = list(dict.fromkeys(flags + rest.get("flags", [])))
        yield fields


def _is_prototype(material: Material, claim: Claim) -> bool:
    """Whether the formula only names a structure type ("ZrCuSiAs-type structure")."""
    if not material.formula:
        return False
    words = re.findall(r"(\S+?)[-–‐]\s?(?:type|structure)", claim.material)
    return any(
        (parsed := parse_formula(w.strip("()"))) is not None and str(parsed) == material.formula
        for w in words
    )


def _with_variables(
    material: Material, stated: dict[str, str], context: MaterialContext, before: str
) -> Material:
    """``material`` with the variables that its table row states."""
    parsed = parse_formula(material.formula) if material.formula else None
    if parsed is not None:
        open_names = parsed.variables | parsed.placeholders
        stated = {k: v for k, v in stated.items() if canonical_variable(k) in open_names}
        if not stated:
            return material
    if material.formula and not material.composition:
        text = f"{material.formula} ({', '.join(f'{k} = {v}' for k, v in stated.items())})"
    elif not material.formula:
        text = ", ".join(f"{k} = {v}" for k, v in stated.items())
    else:
        return material
    found = context.resolve(text, before)
    return replace(found[0], raw=material.raw) if len(found) == 1 else material


def _material_fields(material: Material) -> dict[str, Any]:
    absent = cues()["not_material"]["absent"].search(material.raw)
    if absent is not None and material.formula == absent["element"]:
        # A "Pb-free series" is not lead.
        material = replace(material, formula=None, composition={}, material_class=None)
    return {
        "raw_material": material.raw,
        "formula": material.formula,
        "composition": material.composition,
        "name": material.name,
        "material_class": material.material_class,
        "doping": material.doping,
        "shape": material.shape,
        "substrate": material.substrate,
        "fabrication": material.fabrication,
        "variables": dict(material.variables),
        "flags": list(material.flags),
    }
