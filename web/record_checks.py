"""What speaks for and against a record, in words: findings of the validator, flags, confidence.

The rules live in ``scmine.validator.plausibility``; what the flags of the extractors mean is data
(``web/data/flags.toml``).
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from scmine.database.record import Record
from scmine.validator.finding import Finding, Severity
from scmine.validator.plausibility.check import check_records
from scmine.validator.plausibility.rules import rules
from scmine.validator.plausibility.values import merged_isotopes
from scmine.web.record_fields import fields

FLAGS_FILE = Path(__file__).parent / "data" / "flags.toml"

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


@dataclass(frozen=True, slots=True)
class Flag:
    """A flag with its meaning; ``weight`` is the doubt that it puts on a record.

    ``is_rule`` tells the validator's from the extractors'.
    """

    name: str
    meaning: str
    weight: float
    is_rule: bool


@cache
def _data() -> dict[str, Any]:
    return tomllib.loads(FLAGS_FILE.read_text(encoding="utf-8"))


def flag(name: str) -> Flag:
    """What a flag means.

    >>> flag("tc_unit_missing").meaning
    'Tc: no unit is printed'
    >>> flag("tc_out_of_range").is_rule
    True
    """
    if (rule := rules().get(name)) is not None:
        return Flag(name, rule.reason, _data()["severities"].get(rule.severity.value, 0.3), True)
    if (known := _data()["flags"].get(name)) is not None:
        return Flag(name, known["meaning"], known["weight"], False)
    for ending, known in _data()["endings"].items():
        if name.endswith(f"_{ending}"):
            column = name.removesuffix(f"_{ending}")
            meaning = f"{_column_label(column)}: {known['meaning']}"
            return Flag(name, meaning, known["weight"], False)
    return Flag(name, name.replace("_", " "), 1.0, False)


def known_flags() -> dict[str, float]:
    """All flags with a name of their own, and the doubt that each puts on a record."""
    named = {name: entry["weight"] for name, entry in _data()["flags"].items()}
    return {**named, **{name: flag(name).weight for name in rules()}}


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
