"""Scores of what tables claim: records from tables against the claims of gold tables.

A claim is right if material, Tc, pressure, λ, ω_log, μ*, space group and edges are all right, null
included. The fields are scored one by one as well, on the claims that answer to each other.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import isclose
from typing import Any

from scmine.corpora.evaluate import Score
from scmine.corpora.gold_tables import GoldClaim, GoldPaper
from scmine.corpora.table_alignment import normal_text
from scmine.corpora.table_scores import Miss
from scmine.database.record import Evidence, Record, Source, TcKind
from scmine.extractors.formula import parse_formula
from scmine.extractors.spacegroups import find_space_groups

CLAIMS = "claims"
TOLERANCE = 1e-3
"""Relative difference up to which two numbers are the same."""

NUMBERS = (
    "tc_K", "tc_min_K", "tc_max_K", "pressure_GPa", "lambda", "omega_log_K", "mu_star",
    "a_A", "b_A", "c_A",
)  # fmt: skip
DECISIVE = ("material", *NUMBERS, "space_group")
"""The fields that must all be right."""

SIDE = ("tc_kind", "evidence")
"""Fields that are scored, but do not make a claim wrong."""

_SAYING = ("tc_K", "tc_min_K", "tc_max_K", "lambda", "omega_log_K", "mu_star", "a_A", "b_A", "c_A")

Claim = Mapping[str, Any]
"""The fields that a claim states, by their names in the record; what is not stated is no key."""


@dataclass(frozen=True, slots=True)
class PaperClaims:
    """What is counted of one paper, whole claims and by field."""

    claims: Score
    fields: dict[str, Score]
    misses: tuple[Miss, ...]


def score_claims(
    paper: GoldPaper, records: Sequence[Record], continued: Mapping[int, int] | None = None
) -> PaperClaims:
    """The scores of one paper, whose ``records`` may be from all its parts and pages.

    ``continued`` gives for pages that go on with a table the page on which it begins.

    Counted are records from tables, page by page: on pages of which all tables are known each of
    them, on other pages with a gold table those that are right.
    """
    begins = continued or {}
    claims = Score(0, 0, 0, 0)
    fields: Counter[tuple[str, str]] = Counter()
    misses: list[Miss] = []
    for page in sorted({*paper.pages_complete, *(table.page for table in paper.tables)}):
        gold = [_of_gold(c) for table in paper.tables if table.page == page for c in table.claims]
        found = [
            stated
            for record in records
            if record.source is Source.TABLE
            and record.page is not None
            and begins.get(record.page, record.page) == page
            if (stated := _of_record(record)).keys() & set(_SAYING)
        ]
        pairs = _paired(gold, found)
        right = sum(_is_right(gold[g], found[f]) for g, f in pairs)
        complete = page in paper.pages_complete
        claims += Score(right, len(found) if complete else right, len(gold), right)
        _count_fields(fields, gold, found, pairs, complete)
        misses += _misses(paper.file, page, gold, found, pairs, complete)
    return PaperClaims(
        claims,
        {
            name: Score(*(fields[name, count] for count in ("right", "found", "gold", "right")))
            for name in (*DECISIVE, *SIDE)
        },
        tuple(misses),
    )


def _of_gold(claim: GoldClaim) -> Claim:
    return _stated(claim.model_dump(by_alias=True, exclude_none=True))


def _of_record(record: Record) -> Claim:
    fields = record.model_dump(by_alias=True, include={*NUMBERS, "lambda_", "space_group"})
    stated = {name: value for name, value in fields.items() if value is not None}
    stated["material"] = record.formula or record.raw_material
    stated["printed"] = record.raw_material
    if record.tc_kind is not TcKind.UNSPECIFIED:
        stated["tc_kind"] = record.tc_kind.value
    if record.evidence is not Evidence.UNKNOWN:
        stated["evidence"] = record.evidence.value
    return _stated(stated)


def _stated(fields: dict[str, Any]) -> Claim:
    """``fields`` without what others say already: ends of a Tc that is a number, b equal to a."""
    if "tc_K" in fields:
        fields.pop("tc_min_K", None)
        fields.pop("tc_max_K", None)
    if "a_A" in fields and _same_number(fields["a_A"], fields.get("b_A", fields["a_A"])):
        fields.pop("b_A", None)
    return fields


def _paired(gold: Sequence[Claim], found: Sequence[Claim]) -> list[tuple[int, int]]:
    """Indices of claims that answer to each other: right ones first, then the most alike."""
    chances = sorted(
        (-alike, g, f)
        for g, one in enumerate(gold)
        for f, other in enumerate(found)
        if (alike := _alike(one, other)) > 0
    )
    free_gold, free_found = set(range(len(gold))), set(range(len(found)))
    pairs = []
    for _, g, f in chances:
        if g in free_gold and f in free_found:
            free_gold.discard(g)
            free_found.discard(f)
            pairs.append((g, f))
    return pairs


def _alike(gold: Claim, found: Claim) -> int:
    """More than any number of shared fields if all are right; 0 if none is shared."""
    if _is_right(gold, found):
        return len(DECISIVE) + 1
    return sum(name in gold and name in found and _same(name, gold, found) for name in DECISIVE)


def _is_right(gold: Claim, found: Claim) -> bool:
    return all(_same(name, gold, found) for name in DECISIVE)


def _same(name: str, gold: Claim, found: Claim) -> bool:
    """Whether both state the same of a field, or both nothing."""
    if name not in gold or name not in found:
        return name not in gold and name not in found
    if name == "material":
        return same_material(gold[name], found[name]) or _same_name(gold[name], found["printed"])
    if name == "space_group":
        return _space_group(gold[name]) == _space_group(found[name])
    if name in NUMBERS:
        return _same_number(gold[name], found[name])
    return bool(gold[name] == found[name])


def same_material(first: str, second: str) -> bool:
    """Whether two formulas, or names, say the same: order and brackets do not matter.

    >>> same_material("La1.85Sr0.15CuO4", "(La1.85Sr0.15)CuO4"), same_material("YBCO", "Y BCO")
    (True, True)
    """
    one, other = (parse_formula(text) for text in (first, second))
    if one is None or other is None:
        return normal_text(first) == normal_text(second)
    amounts, others = (
        {
            (symbol, term): float(coefficient)
            for symbol, amount in formula.amounts.items()
            for term, coefficient in amount.terms
            if coefficient
        }
        for formula in (one, other)
    )
    return amounts.keys() == others.keys() and all(
        _same_number(amounts[key], others[key]) for key in amounts
    )


def _same_name(gold: str, printed: str) -> bool:
    """Whether ``gold`` is a name and no formula, and was printed so: what it stands for is open."""
    return parse_formula(gold) is None and normal_text(gold) == normal_text(printed)


def _same_number(first: float, second: float) -> bool:
    return isclose(first, second, rel_tol=TOLERANCE, abs_tol=1e-9)


def _space_group(printed: str) -> str:
    hits = find_space_groups(printed, "symbol")
    return hits[0].symbol if hits else normal_text(printed)


def _count_fields(
    counts: Counter[tuple[str, str]],
    gold: Sequence[Claim],
    found: Sequence[Claim],
    pairs: Sequence[tuple[int, int]],
    complete: bool,
) -> None:
    """Add the counts by field; evidence counts only where the gold table tells it."""
    for name in (*DECISIVE, *SIDE):
        counts[name, "gold"] += sum(name in claim for claim in gold)
        told = {f for g, f in pairs if name in gold[g]} if name == "evidence" else None
        paired = {f for _, f in pairs}
        counts[name, "found"] += sum(
            name in claim and (told is None or f in told) and (complete or f in paired)
            for f, claim in enumerate(found)
        )
        counts[name, "right"] += sum(
            name in gold[g] and name in found[f] and _same(name, gold[g], found[f])
            for g, f in pairs
        )


def _misses(
    file: str,
    page: int,
    gold: Sequence[Claim],
    found: Sequence[Claim],
    pairs: Sequence[tuple[int, int]],
    complete: bool,
) -> list[Miss]:
    partner = dict(pairs)
    misses = []
    for g, claim in enumerate(gold):
        other = found[partner[g]] if g in partner else None
        if other is None:
            misses.append(Miss(file, page, "claim missed", _said(claim), ""))
        elif not _is_right(claim, other):
            wrong = [name for name in DECISIVE if not _same(name, claim, other)]
            what = f"claim wrong in {', '.join(wrong)}"
            misses.append(Miss(file, page, what, _said(claim), _said(other)))
    extra = set(range(len(found))) - set(partner.values()) if complete else set()
    return misses + [
        Miss(file, page, "claim that is none", "", _said(found[f])) for f in sorted(extra)
    ]


def _said(claim: Claim) -> str:
    return ", ".join(f"{name} {claim[name]}" for name in DECISIVE if name in claim)
