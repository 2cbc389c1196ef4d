"""Words of the record view: what a change did, what a judgement is called, when it was."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from scmine.database.record import RecordStatus
from scmine.database.revision import ChangeKind, Revision
from scmine.web.record_fields import fields, shown

NOTHING = "not stated"
"""Stands for a value that is not known."""

LONGEST = 120
"""Characters of a value that a line shows."""


@dataclass(frozen=True, slots=True)
class Change:
    """A column that differs between two states of a record, both values in words."""

    column: str
    label: str
    before: str
    after: str


JUDGEMENTS: Mapping[RecordStatus, str] = {
    RecordStatus.CURATED: "Mark as curated",
    RecordStatus.VALIDATED: "Accept",
    RecordStatus.INVALID: "Reject",
    RecordStatus.OBSOLETE: "Obsolete",
    RecordStatus.REMOVED: "Remove",
}

_DONE: Mapping[RecordStatus, str] = {
    RecordStatus.NEW: "Put back to new",
    RecordStatus.CURATED: "Marked as curated",
    RecordStatus.VALIDATED: "Accepted",
    RecordStatus.INVALID: "Rejected",
    RecordStatus.OBSOLETE: "Marked as obsolete",
    RecordStatus.REMOVED: "Removed",
}

_KINDS: Mapping[ChangeKind, str] = {
    ChangeKind.EXTRACTED: "extracted",
    ChangeKind.ADDED: "added",
    ChangeKind.EDITED: "edited",
    ChangeKind.JUDGED: "judged",
    ChangeKind.UNDONE: "undone",
    ChangeKind.REDONE: "redone",
    ChangeKind.IMPORTED: "imported",
    ChangeKind.PROPOSAL: "a proposal accepted",
}


def changes_in_words(changes: Mapping[str, tuple[Any, Any]]) -> list[Change]:
    """What differs, a line for each column.

    >>> changes_in_words({"tc_K": (39.0, None)})
    [Change(column='tc_K', label='Tc', before='39 K', after='not stated')]
    """
    return [
        Change(name, fields()[name].label, in_words(name, before), in_words(name, after))
        for name, (before, after) in changes.items()
    ]


def in_words(name: str, value: Any) -> str:
    """A value in words, at most so long as a line, never empty."""
    text = shown(name, value) or NOTHING
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"


def done(revision: Revision) -> str:
    """What a revision did, as the page says it right after."""
    if revision.kind is ChangeKind.JUDGED:
        return _DONE[revision.status]
    if revision.kind is ChangeKind.UNDONE:
        return f"Revision {revision.of} was undone"
    if revision.kind is ChangeKind.REDONE:
        return f"Revision {revision.of} is in force again"
    if revision.kind is ChangeKind.EDITED:
        return "Saved"
    return kind(revision).capitalize()


def kind(revision: Revision) -> str:
    """What made a revision, in words."""
    return _KINDS[revision.kind] + (f" ({revision.of})" if revision.of is not None else "")


def when(moment: datetime) -> str:
    """A moment in UTC to the minute."""
    aware = moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)
    return f"{aware.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
