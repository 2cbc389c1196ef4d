"""All claims of Tc on one composition: how they spread, and which lie far from the others.

Robust numbers only: single wrong readings must not hide each other. Claims are compared with those
of the same evidence and about the same pressure.
"""

from __future__ import annotations

import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from scmine.database.bounds import is_bound
from scmine.database.record import Evidence, Origin, Record
from scmine.web.point_series import middle
from scmine.web.printing import number

LEAST_CLAIMS, LEAST_PAPERS = 5, 3
"""Claims, and papers they are from, without which none is called far from the others."""

OUTLIER_SCORE = 3.5
"""Modified z-score beyond which a value is an outlier: B. Iglewicz, D. C. Hoaglin, How to Detect
and Handle Outliers (ASQC, 1993)."""

NORMAL_MAD = 0.6745
"""Median absolute deviation of a normal distribution in units of its standard deviation."""

SMALLEST_MAD = 0.09
"""Median deviation that is assumed at least, as a share of the median: papers repeat one value so
often that the deviation can be 0. Of compositions that Stanev's SuperCon has twice, 90 % have Tc
within a factor of 1.37 of each other (``scmine.validator.references.compare``), as values with a
median deviation of 9 % have."""

PRESSURE_EDGES_GPa = (1.0, 10.0, 30.0, 60.0, 100.0, 150.0, 200.0, 300.0)
"""Ends of the ranges of pressure within which claims are compared; below 1 GPa counts as ambient,
and so does no stated pressure."""


@dataclass(frozen=True, slots=True)
class Claim:
    """A claim of a Tc, and why it lies far from the others (empty if it does not)."""

    record: Record
    tc_K: float
    pressure_GPa: float | None
    outlier: str = ""


@dataclass(frozen=True, slots=True)
class Spread:
    """How the Tc of some claims spread, in K; ``papers`` is how many papers they are from."""

    name: str
    claims: int
    papers: int
    lowest: float
    first_quartile: float
    median: float
    third_quartile: float
    highest: float


def claims_of(records: Iterable[Record]) -> list[Claim]:
    """The claims of a Tc among ``records``, outliers told; a range counts by its middle.

    A record that only bounds a Tc claims none.
    """
    claims = []
    for record in records:
        tc = middle(record.tc_K, record.tc_min_K, record.tc_max_K)
        if tc is not None and not bounds_tc(record):
            pressure = middle(record.pressure_GPa, record.pressure_min_GPa, record.pressure_max_GPa)
            claims.append(Claim(record, tc, pressure))
    groups: dict[tuple[Evidence, int], list[int]] = {}
    for i, claim in enumerate(claims):
        groups.setdefault((claim.record.evidence, _bin(claim.pressure_GPa)), []).append(i)
    for (evidence, place), members in groups.items():
        for i, why in _outliers([claims[i] for i in members], evidence, place):
            old = claims[members[i]]
            claims[members[i]] = Claim(old.record, old.tc_K, old.pressure_GPa, why)
    return claims


def bounds_tc(record: Record) -> bool:
    """Whether a record only says that Tc is below or above a value."""
    return is_bound(record.tc_K, record.tc_min_K, record.tc_max_K, record.tc_relation)


def spreads(claims: Sequence[Claim]) -> list[Spread]:
    """How claims spread: all, and those of each evidence and origin that has some."""
    kinds: list[tuple[str, list[Claim]]] = [("all", list(claims))]
    for evidence in Evidence:
        of_kind = [c for c in claims if c.record.evidence is evidence]
        word = "neither said" if evidence is Evidence.UNKNOWN else evidence.value
        kinds.append((word, of_kind))
        own = [c for c in of_kind if c.record.origin is Origin.THIS_WORK]
        cited = [c for c in of_kind if c.record.origin is Origin.CITED]
        if own and cited:
            kinds += [(f"{word}, own", own), (f"{word}, cited", cited)]
    return [_spread(name, of_kind) for name, of_kind in kinds if of_kind]


def _spread(name: str, claims: Sequence[Claim]) -> Spread:
    values = sorted(claim.tc_K for claim in claims)
    quartiles = statistics.quantiles(values, n=4, method="inclusive") if len(values) > 1 else None
    first, median, third = quartiles or [values[0]] * 3
    return Spread(
        name=name,
        claims=len(values),
        papers=_papers(claims),
        lowest=values[0],
        first_quartile=first,
        median=median,
        third_quartile=third,
        highest=values[-1],
    )


def _papers(claims: Iterable[Claim]) -> int:
    return len({claim.record.doc_id for claim in claims})


def _bin(pressure: float | None) -> int:
    """The number of the range of pressure; 0 is ambient."""
    return sum(edge <= (pressure or 0.0) for edge in PRESSURE_EDGES_GPa)


def _outliers(claims: Sequence[Claim], evidence: Evidence, place: int) -> Iterable[tuple[int, str]]:
    """Which of these comparable claims lie far from their median, and why."""
    if len(claims) < LEAST_CLAIMS or _papers(claims) < LEAST_PAPERS:
        return
    values = [claim.tc_K for claim in claims]
    median = statistics.median(values)
    deviation = statistics.median(abs(value - median) for value in values)
    deviation = max(deviation, SMALLEST_MAD * median)
    if deviation <= 0:
        return
    word = "" if evidence is Evidence.UNKNOWN else f" {evidence.value}"
    for i, value in enumerate(values):
        score = NORMAL_MAD * (value - median) / deviation
        if abs(score) > OUTLIER_SCORE:
            side = "above" if score > 0 else "below"
            yield (
                i,
                f"{number(abs(value - median))} K {side} the median {number(median)} K of "
                f"{len(values)}{word} claims {_where(place)}, with a median deviation of "
                f"{number(deviation)} K (score {abs(score):.1f}, limit {OUTLIER_SCORE:g})",
            )


def _where(place: int) -> str:
    """A range of pressure in words."""
    edges = PRESSURE_EDGES_GPa
    if place == 0:
        return f"below {edges[0]:g} GPa or at no stated pressure"
    if place == len(edges):
        return f"from {edges[-1]:g} GPa on"
    return f"at {edges[place - 1]:g} to {edges[place]:g} GPa"
