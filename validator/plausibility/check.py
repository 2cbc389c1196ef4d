"""Records held against all rules: what each finds, alone and beside the others of its paper.

Pure: records in, findings out. Here the kinds of rules are listed, and the checks of other parts of
the validator are joined; what a kind does lives in its module.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import cache
from typing import NamedTuple

from scmine.database.record import Record
from scmine.validator.finding import Finding
from scmine.validator.plausibility import (
    ceilings,
    charges,
    formulas,
    isotopes,
    papers,
    printed,
    ranges,
    words,
)
from scmine.validator.plausibility.composed import Check, default_checks
from scmine.validator.plausibility.papers import DoubtedPaper, known_papers
from scmine.validator.plausibility.rules import Rule, rules

_OF_RECORD: dict[str, Callable[[Rule, Record], Iterator[Finding]]] = {
    "range": ranges.out_of_range,
    "order": ranges.reversed_ends,
    "share": ranges.too_large_a_share,
    "ceiling": ceilings.above_ceiling,
    "ceiling_without_pressure": ceilings.above_ambient_without_pressure,
    "printed": printed.not_as_printed,
    "one_number": printed.one_number_for_two,
    "composition": formulas.composition_not_of_formula,
    "class": formulas.class_not_of_formula,
    "site_sum": formulas.open_site_sum,
    "variable_balance": formulas.unbalanced_variable,
    "repeated": formulas.repeated_element,
    "charge": charges.implausible_charge,
    "salt": charges.insulating_salt,
    "unread_material": formulas.unread_material,
    "ambient_and_high": words.ambient_and_high,
    "evidence_words": words.evidence_against_words,
    "other_temperature": words.other_temperature,
    "absent_and_tc": words.absent_and_tc,
    "review": papers.review_value,
}

_OF_LISTS: dict[str, Callable[[Rule, Record, Sequence[DoubtedPaper]], Iterator[Finding]]] = {
    "retracted_paper": lambda rule, record, known: papers.of_paper(
        rule, record, known, retracted=True
    ),
    "doubted_paper": lambda rule, record, known: papers.of_paper(
        rule, record, known, retracted=False
    ),
    "retracted_value": papers.cited_value,
}

_OF_PAPER: dict[str, Callable[[Rule, Sequence[Record]], Iterator[tuple[int, Finding]]]] = {
    "isotopes": isotopes.reversed_shift,
    "isotopes_exponent": isotopes.excessive_shift,
}


class _Plan(NamedTuple):
    """The rules with what tests them, so that a record looks nothing up."""

    of_record: tuple[tuple[Callable[[Rule, Record], Iterator[Finding]], Rule], ...]
    of_lists: tuple[
        tuple[Callable[[Rule, Record, Sequence[DoubtedPaper]], Iterator[Finding]], Rule], ...
    ]
    of_paper: tuple[
        tuple[Callable[[Rule, Sequence[Record]], Iterator[tuple[int, Finding]]], Rule], ...
    ]


@cache
def _plan() -> _Plan:
    known = rules().values()
    return _Plan(
        tuple((_OF_RECORD[r.kind], r) for r in known if r.kind in _OF_RECORD),
        tuple((_OF_LISTS[r.kind], r) for r in known if r.kind in _OF_LISTS),
        tuple((_OF_PAPER[r.kind], r) for r in known if r.kind in _OF_PAPER),
    )


def check_record(
    record: Record,
    *,
    doubted: Sequence[DoubtedPaper] | None = None,
    others: Sequence[Check] | None = None,
) -> list[Finding]:
    """What speaks against a record by itself; nothing of it is changed.

    Parameters
    ----------
    record
        From anywhere; what it does not state is not judged.
    doubted
        The list of retracted papers; None is the packaged one (see `load_papers`).
    others
        Checks of other parts of the validator; None are those of `default_checks`, to which
        agreement with the user's reference sets may be added.

    >>> record = Record(record_id="r", doc_id="d", raw_material="MgB2", tc_K=39000.0)
    >>> [finding.name for finding in check_record(record)]
    ['tc_out_of_range']
    """
    plan = _plan()
    known = known_papers() if doubted is None else doubted
    found = [f for test, rule in plan.of_record for f in test(rule, record)]
    found += [f for listed, rule in plan.of_lists for f in listed(rule, record, known)]
    for check in default_checks() if others is None else others:
        found += check(record)
    return found


def check_records(
    records: Sequence[Record],
    *,
    doubted: Sequence[DoubtedPaper] | None = None,
    others: Sequence[Check] | None = None,
) -> list[list[Finding]]:
    """The findings on each of ``records``, those that need the others of the paper included.

    Records of one paper share their ``doc_id``. Parameters are those of `check_record`.
    """
    found = [check_record(record, doubted=doubted, others=others) for record in records]
    documents: dict[str, list[int]] = {}
    for i, record in enumerate(records):
        documents.setdefault(record.doc_id, []).append(i)
    for group in documents.values():
        if len(group) > 1:
            together = [records[i] for i in group]
            for test, rule in _plan().of_paper:
                for position, finding in test(rule, together):
                    if finding not in found[group[position]]:
                        found[group[position]].append(finding)
    return found


def warm_up() -> None:
    """Load the data files and what checks import, so that the first record is as fast as others."""
    material = {"raw_material": "MgB2", "formula": "MgB2", "raw_tc": "39 K", "sentence": "39 K"}
    numbers = {"tc_K": 39.0, "lambda": 0.8, "omega_log_K": 700.0, "evidence": "measured"}
    check_record(Record.model_validate({"record_id": "", "doc_id": "", **material, **numbers}))
