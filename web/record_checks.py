"""What speaks for and against a record, in words: findings of the validator, flags, confidence.

The rules live in ``scmine.validator.plausibility``; what the flags of the extractors mean is data
(``scmine.validator.flags``).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from scmine.database.record import Record
from scmine.validator import flags
from scmine.validator.finding import Finding, Severity
from scmine.validator.flags import Flag
from scmine.validator.plausibility.check import check_records
from scmine.validator.plausibility.rules import rules
from scmine.validator.plausibility.values import merged_isotopes
from scmine.web.record_fields import fields

MOST_TOGETHER = 50
"""Records of a paper that are checked together."""

_ORDER = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.NOTE: 2}


@dataclass(frozen=True, slots=True)
class Said:
    """A finding as a page shows it: what it says, why there is such a rule, and from where."""

    name: str
    severity: str
    message: str
    reason: str
    source: str
    labels: tuple[str, ...]


def flag(name: str) -> Flag:
    """What a flag means, columns by the names that pages have for them.

    >>> flag("tc_unit_missing").meaning
    'Tc: no unit is printed'
    """
    return flags.flag(name, _column_label)


def _column_label(start: str) -> str:
    """The label of the column that a flag's beginning (``tc``, ``pressure``, ``a``) stands for."""
    for name, field in fields().items():
        if name.partition("_")[0] == start and field.type in ("number", "integer"):
            return field.label
    return start


def findings(record: Record, siblings: Sequence[Record]) -> list[Finding]:
    """What the validator finds in a record, heaviest first; ``siblings`` are those of its paper.

    Rules on several records compare isotopes of one material.
    """
    own = merged_isotopes(record.composition)
    others = (r for r in siblings if r.record_id != record.record_id)
    alike = [r for r in others if merged_isotopes(r.composition) == own]
    together = [record, *alike][:MOST_TOGETHER]
    found = check_records(together)[0]
    return sorted(found, key=lambda finding: _ORDER[finding.severity])


def said(found: Sequence[Finding]) -> list[Said]:
    """Findings as pages show them, each once."""
    return [_said(finding) for finding in dict.fromkeys(found)]


def _said(finding: Finding) -> Said:
    rule = rules().get(finding.name)
    return Said(
        finding.name,
        finding.severity.value,
        finding.message,
        rule.reason if rule is not None else "",
        rule.source if rule is not None else "",
        tuple(_labels(finding)),
    )


def _labels(finding: Finding) -> Iterator[str]:
    for name in finding.fields:
        if name in fields():
            yield fields()[name].label
