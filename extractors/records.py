"""Records: claims with their numbers read, their material resolved, and their provenance.

The only place where a printed string becomes a number of a record.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from typing import Any

from scmine.database.record import (
    Evidence,
    PressureKind,
    Record,
    Source,
    TcKind,
    make_record_id,
)
from scmine.extractors.claim import Claim
from scmine.extractors.context import MaterialContext
from scmine.extractors.cues import (
    cues,
    evidence_of,
    measurement_method_of,
    origin_of,
    tc_kind_of,
    tc_method_of,
)
from scmine.extractors.document import Document
from scmine.extractors.formula import canonical_variable, parse_formula
from scmine.extractors.materials import Material
from scmine.extractors.quantities import Quantity, parse_quantity, parse_quantity_list
from scmine.extractors.spacegroups import find_space_groups, find_structure_types

HIGHEST_TC_K = 400.0
"""A Tc above this is not believed and flagged: no calculation for a stable phase reaches it."""

PLAUSIBLE = {
    "lambda": (0.0, 10.0),
    "mu_star": (0.0, 0.5),
    "omega_log_K": (1.0, 6000.0),
    "omega2_K": (1.0, 6000.0),
    "magnetic_field_T": (0.0, 1000.0),
    "a_A": (1.5, 300.0),
    "b_A": (1.5, 300.0),
    "c_A": (1.5, 300.0),
    "alpha_deg": (30.0, 150.0),
    "beta_deg": (30.0, 150.0),
    "gamma_deg": (30.0, 150.0),
}
"""Lowest and highest value that is believed, in the unit of the column. Outside, the column was
misread, and the record keeps no number."""

_OWN_TO_ONE = frozenset({"lambda", "omega_log", "omega2", "lattice", "a", "b", "c"})
# Values that one material has and its neighbours in a list do not share, as they may a space group.

_LATTICE_PART = re.compile(r"\b(a\s?=\s?b|[abc])\s?=\s?(\d{1,2}\.\d+(?:\s?\(\d+\))?)\s*(Å|A\b|nm)?")


def records_of(
    claims: Sequence[Claim],
    document: Document,
    context: MaterialContext,
    paper_evidence: Evidence,
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
            fields.update(_provenance(claim, document, paper_evidence, model_version))
            if fields["evidence"] is Evidence.CALCULATED and fields.get("tc_K") is not None:
                fields["tc_method"] = tc_method_of(claim.hints.get("tc_words", "")) or tc_method_of(
                    claim.sentence + claim.hints.get("caption", "")
                )
            result.append((Record(record_id=record_id, **fields), n))
    return result


def _provenance(
    claim: Claim, document: Document, paper: Evidence, model_version: str
) -> dict[str, Any]:
    meta = document.metadata
    text = claim.sentence
    evidence = claim.hints.get("evidence")
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
        "evidence": Evidence(evidence) if evidence else evidence_of(text, paper),
        "origin": origin_of(text, claim.section, bool(claim.hints.get("cites"))),
    }


def _fields_of(claim: Claim, context: MaterialContext) -> Iterator[dict[str, Any]]:
    """One set of fields for each material and Tc that ``claim`` names."""
    before = claim.hints.get("before", "")
    stated = {k[4:]: v for k, v in claim.hints.items() if k.startswith("var:")}
    materials = [m for m in context.resolve(claim.material, before) if not _is_prototype(m, claim)]
    if stated:
        materials = [_with_variables(m, stated, context, before) for m in materials]
    if not materials:
        return
    quantities = _tc_quantities(claim)
    materials, unsure = _in_order(materials, quantities, claim.hints.get("order", ""), claim.values)
    pressures = _pressures(claim)
    rest = _other_fields(claim)
    for material, tc, pressure, flags in _paired(materials, quantities, pressures):
        fields = _material_fields(material)
        flags = [*fields.pop("flags"), *flags, *unsure]
        fields.update(rest)
        fields.update(_tc_fields(claim, tc, flags))
        fields.update(_pressure_fields(claim, pressure, flags))
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


def _in_order(
    materials: Sequence[Material],
    tcs: Sequence[Quantity | None],
    order: str,
    values: Collection[str] = (),
) -> tuple[list[Material], list[str]]:
    """Of the materials that one mention lists, the one that this claim's values belong to.

    Where neither the number of Tc values nor their order tells, nothing is chosen: the record
    keeps the printed string alone and is flagged.
    """
    own = bool(_OWN_TO_ONE & set(values))
    if len(materials) < 2 or (tcs == [None] and not own) or len(tcs) == len(materials):
        return list(materials), []
    index, count = map(int, order.split("/")) if order else (0, 1)
    if count == len(materials):
        return [materials[index]], []
    keep = Material(raw=materials[0].raw, material_class=_common_class(materials))
    return [keep], ["list_unpaired"]


def _common_class(materials: Sequence[Material]) -> str | None:
    classes = {m.material_class for m in materials}
    return classes.pop() if len(classes) == 1 else None


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


def _tc_quantities(claim: Claim) -> list[Quantity | None]:
    if "tc" not in claim.values:
        return [None]
    text = claim.values["tc"]
    return list(parse_quantity_list(text, "temperature", claim.hints.get("tc_unit"))) or [None]


def _pressures(claim: Claim) -> list[Quantity | None]:
    if "pressure" not in claim.values:
        return [None]
    return list(parse_quantity_list(claim.values["pressure"], "pressure")) or [None]


Paired = tuple[Material, Quantity | None, Quantity | None, list[str]]


def _paired(
    materials: Sequence[Material],
    tcs: Sequence[Quantity | None],
    pressures: Sequence[Quantity | None],
) -> Iterator[Paired]:
    """Lists that run side by side are paired; a single value holds for all of a list.

    Lists of different lengths cannot be told apart: their values become one range, flagged.
    """
    flags: list[str] = []
    if len(tcs) > 1 and len(materials) not in (1, len(tcs)):
        tcs, flags = [_span_of(tcs)], ["list_unpaired"]
    if len(pressures) > 1 and len(pressures) != max(len(tcs), len(materials)):
        pressures, flags = [_span_of(pressures)], [*flags, "list_unpaired"]
    for i in range(max(len(materials), len(tcs))):
        yield (
            materials[i if len(materials) > 1 else 0],
            tcs[i if len(tcs) > 1 else 0],
            pressures[i if len(pressures) > 1 else 0],
            list(flags),
        )


def _span_of(quantities: Sequence[Quantity | None]) -> Quantity | None:
    """One quantity from the lowest to the highest of a list."""
    known = [q for q in quantities if q is not None]
    lows = [v for q in known if (v := q.minimum if q.value is None else q.value) is not None]
    highs = [v for q in known if (v := q.maximum if q.value is None else q.value) is not None]
    if not lows or not highs:
        return None
    return replace(known[0], value=None, minimum=min(lows), maximum=max(highs), flags=("list",))


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


def _tc_fields(claim: Claim, tc: Quantity | None, flags: list[str]) -> dict[str, Any]:
    if "absent_down_to" in claim.values:
        lowest = parse_quantity(claim.values["absent_down_to"], "temperature")
        return {
            "superconducting": False,
            "lowest_temperature_K": lowest.value if lowest else None,
        }
    if "tc" not in claim.values:
        return {}
    fields: dict[str, Any] = {"raw_tc": claim.values["tc"]}
    words = claim.hints.get("tc_words", "") + " " + claim.values["tc"]
    fields["tc_kind"] = (
        TcKind(claim.hints["tc_kind"]) if claim.hints.get("tc_kind") else tc_kind_of(words)
    )
    if tc is None:
        flags.append("tc_unparsed")
        return fields
    flags += [f"tc_{f}" for f in tc.flags]
    if claim.hints.get("implied"):
        flags.append("material_implied")
    reached = "up_to" in tc.flags  # "as high as 203 K" states a value that was reached
    fields.update(
        tc_K=tc.value,
        tc_min_K=tc.minimum,
        tc_max_K=tc.maximum,
        tc_uncertainty_K=tc.uncertainty,
        tc_relation="=" if reached else claim.hints.get("tc_relation", tc.relation),
    )
    top = tc.value if tc.value is not None else tc.maximum
    if top is not None:
        # Tc = 0 K and "Tc < 1.8 K" say that superconductivity was not seen, not what Tc is.
        if top == 0:
            fields.update(superconducting=False, tc_K=None)
        elif _is_upper_bound(claim.values["tc"]):
            fields.update(superconducting=False, lowest_temperature_K=top)
            fields.update(tc_K=None, tc_max_K=top)
        else:
            fields["superconducting"] = True
        if top > HIGHEST_TC_K:
            flags.append("tc_implausible")
    return fields


def _is_upper_bound(text: str) -> bool:
    """Whether a printed Tc only says that superconductivity was not seen above it.

    >>> _is_upper_bound("< 1.8 K"), _is_upper_bound("below 10 K")
    (True, False)
    """
    return re.match(r"\s*(?:[<≤]|less than)", text) is not None


def _pressure_fields(claim: Claim, pressure: Quantity | None, flags: list[str]) -> dict[str, Any]:
    if "pressure" not in claim.values:
        return {}
    fields: dict[str, Any] = {"raw_pressure": claim.values["pressure"]}
    if pressure is None:
        flags.append("pressure_unparsed")
        return fields
    flags += [f"pressure_{f}" for f in pressure.flags if f != "ambient"]
    synthesis = cues()["pressure_kind"]["synthesis"].search(claim.sentence)
    superconducts = re.search(r"supercond|T\s?c\b", claim.sentence)
    kind = PressureKind.SYNTHESIS if synthesis and not superconducts else PressureKind.APPLIED
    fields.update(
        pressure_GPa=pressure.value,
        pressure_min_GPa=pressure.minimum,
        pressure_max_GPa=pressure.maximum,
        pressure_kind=kind,
    )
    return fields


def _other_fields(claim: Claim) -> dict[str, Any]:
    """λ, ω_log, ω₂, μ*, method, field, space group and cell, as far as the claim states them."""
    fields: dict[str, Any] = {"flags": []}
    values = claim.values
    for key, column, kind in (
        ("lambda", "lambda", "number"),
        ("mu_star", "mu_star", "number"),
        ("omega_log", "omega_log_K", "frequency"),
        ("omega2", "omega2_K", "frequency"),
        ("magnetic_field", "magnetic_field_T", "field"),
        ("a", "a_A", "length"),
        ("b", "b_A", "length"),
        ("c", "c_A", "length"),
        ("alpha", "alpha_deg", "angle"),
        ("beta", "beta_deg", "angle"),
        ("gamma", "gamma_deg", "angle"),
    ):
        if key not in values:
            continue
        quantity = parse_quantity(values[key], kind, "°" if kind == "angle" else None)  # type: ignore[arg-type]
        if quantity is None:
            fields["flags"].append(f"{key}_unparsed")
        elif quantity.value is None:
            fields["flags"] += [f"{key}_{flag}" for flag in quantity.flags or ("range",)]
        elif not PLAUSIBLE[column][0] <= quantity.value <= PLAUSIBLE[column][1]:
            fields["flags"].append(f"{key}_implausible")
        else:
            fields[column] = quantity.value
    if "wyckoff" in values:
        fields["wyckoff"] = json.loads(values["wyckoff"])
    if "method" in values:
        fields["measurement_method"] = measurement_method_of(values["method"])
    if "lattice" in values:
        fields.update(_lattice(values["lattice"]))
    if "space_group" in values:
        hits = find_space_groups(values["space_group"], "symbol")
        if hits:
            fields["space_group"] = hits[0].symbol
            fields["space_group_number"] = hits[0].number
    if "space_group" in values or "lattice" in values:
        structures = [name for _, _, name in find_structure_types(claim.sentence)]
        types = [n for n in structures if n.endswith("-type")]
        systems = [n for n in structures if not n.endswith("-type")]
        fields["prototype"] = types[0].removesuffix("-type") if types else None
        fields["crystal_structure"] = systems[0] if systems else None
    return fields


def _lattice(text: str) -> dict[str, float]:
    """Cell edges in Å from ``a = 3.9 Å and c = 12.4 Å``; a unit that stands once holds for all."""
    parts = _LATTICE_PART.findall(text)
    units = [unit for _, _, unit in parts if unit]
    found: dict[str, float] = {}
    for name, number, unit in parts:
        quantity = parse_quantity(f"{number} {unit or (units[-1] if units else 'Å')}", "length")
        if quantity is None or quantity.value is None:
            continue
        for axis in re.findall(r"[abc]", name):
            found[f"{axis}_A"] = quantity.value
    return found
