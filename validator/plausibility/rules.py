"""The rules as data: what each is called, why it is there, from where its numbers come.

Reads the data files of the validator. What a kind of rule does with its parameters lives in the
module of that kind; which kinds there are, in ``check``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from scmine.validator.data_files import load_toml
from scmine.validator.finding import Finding, Severity

DATA = Path(__file__).resolve().parent.parent / "data"
RULES_FILE = "plausibility_rules.toml"

_OWN = frozenset({"name", "kind", "severity", "fields", "reason", "source"})


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: its name (the flag of a record), its kind, and the parameters of that kind."""

    name: str
    kind: str
    severity: Severity
    fields: tuple[str, ...]
    reason: str
    source: str
    options: Mapping[str, Any] = field(default_factory=dict)

    def finding(
        self,
        message: str,
        fields: tuple[str, ...] | None = None,
        severity: Severity | None = None,
    ) -> Finding:
        """What the rule found, in a sentence; ``severity`` where it differs from the rule's."""
        return Finding(self.name, severity or self.severity, message, fields or self.fields)


@cache
def data(name: str) -> Mapping[str, Any]:
    """A data file of the validator, parsed."""
    return MappingProxyType(load_toml(name))


@cache
def rules() -> dict[str, Rule]:
    """All rules of the data file by name, in its order.

    >>> rules()["tc_out_of_range"].severity.value
    'error'
    """
    found = {}
    for entry in data(RULES_FILE)["rule"]:
        found[entry["name"]] = Rule(
            name=entry["name"],
            kind=entry["kind"],
            severity=Severity(entry["severity"]),
            fields=tuple(entry["fields"]),
            reason=entry["reason"],
            source=entry["source"],
            options=MappingProxyType({k: v for k, v in entry.items() if k not in _OWN}),
        )
    return found
