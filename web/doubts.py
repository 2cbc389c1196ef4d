"""Why a record should be looked at first: each reason with its weight, and the sum of them.

Pure. Weights of flags are data (``validator/data/flags.toml``); the order of the queue is all that
depends on them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from scmine.database.record import Record
from scmine.validator.finding import Finding, Severity
from scmine.validator.references.compare import Agreement
from scmine.web.known_values import Known
from scmine.web.record_checks import flag

SURE = 0.8
"""A confidence that is no reason to look."""

CONFIDENCE_WEIGHT = 3.0
"""What a confidence of 0 weighs."""

SEVERITY_WEIGHT = {Severity.ERROR: 4.0, Severity.WARNING: 2.5, Severity.NOTE: 0.2}

AGREEMENT_WEIGHT = {Agreement.ABOVE: 2.5, Agreement.BELOW: 1.5, Agreement.AGREES: -1.0}
"""A Tc that the reference sets know already needs a look the least."""


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a record is in the queue, in a sentence, and how much that weighs."""

    words: str
    weight: float


@dataclass(frozen=True, slots=True)
class Doubted:
    """A record with the reasons to look at it, the weightiest first."""

    record_id: str
    reasons: tuple[Reason, ...]

    @property
    def score(self) -> float:
        """The sum of all weights."""
        return sum(reason.weight for reason in self.reasons)


def doubted(record: Record, found: Sequence[Finding], known: Known | None) -> Doubted:
    """The reasons to look at a record: findings, flags, confidence, reference sets.

    >>> record = Record(record_id="r", doc_id="d", raw_material="x", flags=["list_unpaired"])
    >>> [reason.words for reason in doubted(record, [], None).reasons]
    ['which value of a list belongs to which is not told']
    """
    reasons = [
        Reason(finding.message, SEVERITY_WEIGHT[finding.severity])
        for finding in dict.fromkeys(found)
        if finding.severity is not Severity.NOTE
    ]
    for name in record.flags:
        told = flag(name)
        if not told.is_rule:
            reasons.append(Reason(told.meaning, told.weight))
    if record.confidence is not None and record.confidence < SURE:
        weight = CONFIDENCE_WEIGHT * (SURE - record.confidence) / SURE
        reasons.append(Reason(f"the extractor was {record.confidence:.0%} sure", weight))
    agreement = known.comparison.agreement if known is not None else None
    if known is not None and agreement is not None:
        reasons.append(Reason(_of_sets(known, agreement), AGREEMENT_WEIGHT[agreement]))
    return Doubted(record.record_id, tuple(sorted(reasons, key=lambda r: -r.weight)))


def _of_sets(known: Known, agreement: Agreement) -> str:
    tcs = known.comparison.known_tc_K
    span = f"{tcs[0]:g} K" if tcs[0] == tcs[-1] else f"{tcs[0]:g} to {tcs[-1]:g} K"
    if agreement is Agreement.AGREES:
        return f"the reference sets agree: {span}"
    return f"Tc {agreement.value} what the reference sets know: {span}"
