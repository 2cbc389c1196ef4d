"""Merging: several records that make one claim become one, with all that they say and all places.

That they do make one claim is for ``coherence`` to know.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import Any

from scmine.database.record import Evidence, Place, Record, Source, TcKind
from scmine.extractors.same_claim import states_pressure, states_tc

_SOURCES = (Source.TEXT, Source.CAPTION, Source.TABLE, Source.LLM)
"""Where a claim is best read: a sentence says more than the cells of a row."""

_TC = ("raw_tc", "tc_K", "tc_min_K", "tc_max_K", "tc_relation")
_PRESSURE = (
    "raw_pressure", "pressure_GPa", "pressure_min_GPa", "pressure_max_GPa", "pressure_kind",
)  # fmt: skip

_PRINTED = (
    "tc_uncertainty_K", "lowest_temperature_K", "magnetic_field_T", "lambda_", "omega_log_K",
    "omega2_K", "mu_star", "space_group", "a_A", "b_A", "c_A", "alpha_deg", "beta_deg",
    "gamma_deg", "wyckoff", "doping", "substrate", "fabrication",
)  # fmt: skip
"""Fields whose values are to be found in the sentence."""

_JUDGED = (
    "name", "material_class", "shape", "superconducting", "measurement_method", "tc_method",
    "space_group_number", "crystal_structure", "prototype", "structure_id",
)  # fmt: skip

HIGHEST_CONFIDENCE = 0.99
"""What no number of places exceeds: they may all be misread in the same way."""

GAP = " […] "
"""What stands between sentences that do not follow each other, as in the claims themselves."""


def place_of(record: Record, passage: int | None) -> Place:
    """Where ``record`` was found, as its place; ``passage`` is the position of its passage."""
    return Place(
        id=record.record_id,
        source=record.source,
        section=record.section,
        page=record.page,
        passage=passage,
        boxes=record.boxes,
        sentence=record.sentence,
        raw_material=record.raw_material,
        raw_tc=record.raw_tc,
        tc_kind=record.tc_kind,
        raw_pressure=record.raw_pressure,
        measurement_method=record.measurement_method,
        extractor=record.extractor,
        confidence=record.confidence,
        flags=record.flags,
    )


def merged(records: Sequence[Record]) -> Record:
    """One record of ``records``, which make the same claim; their order does not matter.

    It is the one that says it best (exactly, in a sentence, with most fields), with what the others
    say besides. Where they give a number that it lacks, their sentence is added to its own, so that
    each number can be read there. Its confidence is that one of its passages is right at least.
    """
    best, *others = sorted(records, key=_rank)
    if not others:
        return best
    update: dict[str, Any] = {}
    sentences = [best.sentence]
    flags = list(best.flags)
    for other in others:
        printed, judged = _additions(best.model_copy(update=update), other)
        update |= judged | printed
        if printed and other.sentence not in sentences:
            sentences.append(other.sentence)
            flags += [flag for flag in other.flags if flag not in flags]
    update["sentence"] = GAP.join(sentences)
    update["flags"] = flags
    update["places"] = _all_places(best, others)
    update["boxes"] = _unique(box for place in update["places"] for box in place.boxes)
    update["confidence"] = together(update["places"])
    return best.model_copy(update=update)


def together(places: Sequence[Place]) -> float | None:
    """The probability that one place is right, as if passages and tables were read independently.

    On SuperMat's papers 96 of 100 Tc of two passages were right, where this gave 95.
    """
    highest: dict[tuple[int | None, str], float] = {}
    for place in places:
        if place.confidence is not None:
            where = place.passage, place.sentence if place.passage is None else ""
            highest[where] = max(highest.get(where, 0.0), place.confidence)
    wrong = math.prod(1 - confidence for _, confidence in sorted(highest.items(), key=str))
    return round(min(HIGHEST_CONFIDENCE, 1 - wrong), 3) if highest else None


def _rank(record: Record) -> tuple[object, ...]:
    """Sorts the record first that says a claim best; no two different records rank the same."""
    filled = sum(getattr(record, name) not in (None, "", []) for name in (*_PRINTED, *_JUDGED))
    return (
        not states_tc(record),
        record.tc_relation != "=",
        _SOURCES.index(record.source),
        -filled - states_pressure(record) - (record.tc_kind is not TcKind.UNSPECIFIED),
        len(record.flags),
        -(record.confidence or 0.0),
        record.page or 0,
        record.model_dump_json(),
    )


def _additions(record: Record, other: Record) -> tuple[dict[str, Any], dict[str, Any]]:
    """What ``other`` says and ``record`` does not: printed values, and what was judged."""
    printed: dict[str, Any] = {}
    if states_tc(other) and not states_tc(record):
        printed |= {name: getattr(other, name) for name in _TC}
    if states_pressure(other) and not states_pressure(record):
        printed |= {name: getattr(other, name) for name in _PRESSURE}
    judged: dict[str, Any] = {}
    for names, found in ((_PRINTED, printed), (_JUDGED, judged)):
        for name in names:
            value = getattr(other, name)
            if value not in (None, "", []) and getattr(record, name) in (None, "", []):
                found[name] = value
    variables = {**other.variables, **record.variables}
    if variables != record.variables:
        printed["variables"] = dict(sorted(variables.items()))
    if record.tc_kind is TcKind.UNSPECIFIED is not other.tc_kind:
        judged["tc_kind"] = other.tc_kind
    if record.evidence is Evidence.UNKNOWN is not other.evidence:
        judged["evidence"] = other.evidence
    if record.origin is None and other.origin is not None:
        judged["origin"] = other.origin
    return printed, judged


def _all_places(best: Record, others: Sequence[Record]) -> list[Place]:
    """The places of all, each once: that of ``best`` first, the others as the paper goes."""
    first, *rest = best.places
    places = {p.id: p for record in (*others, best) for p in (*record.places, *rest)}
    places.pop(first.id, None)
    return [first, *sorted(places.values(), key=_position)]


def _position(place: Place) -> tuple[object, ...]:
    passage = place.passage
    return (passage is None, passage or 0, place.page or 0, place.id)


def _unique(boxes: Iterable[list[float]]) -> list[list[float]]:
    return list({tuple(box): box for box in boxes}.values())
