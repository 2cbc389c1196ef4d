"""A finding: one thing that speaks against a record or a structure, or that should be known of it.

The shape that all checks of the validator give. Which findings a record gets is decided in
``plausibility`` and ``structures``.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """How much a finding weighs."""

    ERROR = "error"
    """Cannot be so: a value, or what it was read as, is wrong."""
    WARNING = "warning"
    """Unlikely; a person should look."""
    NOTE = "note"
    """Worth knowing; nothing is wrong with it."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One finding: the rule's name (also the flag of a record), its weight, and a sentence.

    ``fields`` are the record's fields that it concerns.
    """

    name: str
    severity: Severity
    message: str
    fields: tuple[str, ...] = ()
