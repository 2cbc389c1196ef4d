"""What an import would do with each row: pure functions on a claim and what the database holds.

A person's work is never overwritten: a row that differs from it is refused as a conflict. Reading
what the database holds, and writing, lives in ``scmine.database.importing``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from scmine.database.editing import EDITABLE, PROVENANCE, ChangeError, difference, edited
from scmine.database.import_rows import Claim
from scmine.database.import_values import Reason, RowError
from scmine.database.record import Record, RecordStatus
from scmine.database.revision import ChangeKind, ErrorType, Revision
from scmine.database.status import StatusError, check_step, status_after_edit

KEPT = (*PROVENANCE, "flags")
"""Columns that say how a claim was found; in a record that is there they stay as they are."""


class Outcome(StrEnum):
    """What becomes of a row."""

    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Present:
    """A record of the database: its state, the number of its revision, and all its revisions.

    ``history`` is empty where nobody has changed the record.
    """

    record: Record
    revision: int = 0
    history: Sequence[Revision] = ()

    @property
    def is_judged(self) -> bool:
        """Whether the state in force is a person's work, and not a program's or a file's."""
        if not self.history:
            return self.record.status is not RecordStatus.NEW
        return self.history[-1].kind not in (ChangeKind.EXTRACTED, ChangeKind.IMPORTED)

    def held(self, column: str, value: Any) -> bool:
        """Whether the column held ``value`` before: a file that says so is the older one."""
        states = (revision.record.to_row() for revision in self.history[:-1])
        return any(not _differs(state[column], value) for state in states)


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be done with a row: the outcome, and what it takes.

    ``changes`` are the columns that change, with the values before and after; ``edits`` what
    `scmine.database.curation.Curation.edit` is given. ``kept`` are columns that say how the claim
    was found and differ, ``older`` those in which the row says what the record said before its
    last changes: both stay as they are.
    """

    outcome: Outcome
    record: Record
    changes: Mapping[str, tuple[Any, Any]] = field(default_factory=dict)
    edits: Mapping[str, Any] = field(default_factory=dict)
    status: RecordStatus | None = None
    error_type: ErrorType | None = None
    revision: int = 0
    kept: tuple[str, ...] = ()
    older: tuple[str, ...] = ()


def plan_of(
    claim: Claim,
    present: Present | None,
    structures: Mapping[str, str],
    compose: Callable[[str], Mapping[str, float] | None],
) -> Plan:
    """What an import does with ``claim``, where the database holds ``present``.

    Parameters
    ----------
    claim, present
        The row, and the record of its id, None if there is none.
    structures
        The structures that the database has of those that rows name, with their documents.
    compose
        Gives the composition of a formula, for rows that change it and state none.

    Raises
    ------
    RowError
        The row is refused.
    """
    if present is None:
        return _of_new(claim)
    record = present.record
    if claim.names_document and claim.doc_id != record.doc_id:
        raise RowError(Reason.OTHER_DOCUMENT, f"the database has it in {record.doc_id}", "doc_id")
    row = record.to_row()
    given = claim.values
    differ = [c for c in EDITABLE if c in given and _differs(row[c], given[c])]
    if given.get("raw_material") is None and "raw_material" in differ:
        differ.remove("raw_material")
    older = tuple(c for c in differ if present.held(c, given[c]))
    edits = {c: given[c] for c in differ if c not in older}
    if "formula" in edits:
        edits["composition"] = _composition(given, compose)
    kept = tuple(c for c in KEPT if c in given and _differs(row[c], given[c]))
    status, error_type = _verdict(given, present)
    if not edits and error_type is None and status in (None, record.status):
        return Plan(Outcome.UNCHANGED, record, kept=kept, older=older)
    named = edits.get("structure_id")
    if named is not None and structures.get(named) != record.doc_id:
        raise RowError(Reason.NO_STRUCTURE, named, "structure_id")
    if present.is_judged:
        raise RowError(Reason.CONFLICT, _whose(present), ", ".join(edits) or "status")
    new = _changed(record, edits, status, error_type)
    return Plan(
        Outcome.CHANGED,
        new,
        changes=difference(record, new),
        edits=edits,
        status=status,
        error_type=error_type,
        revision=present.revision,
        kept=kept,
        older=older,
    )


def _verdict(
    given: Mapping[str, Any], present: Present
) -> tuple[RecordStatus | None, ErrorType | None]:
    """The status and the error type that a row asks for, as far as they are new."""
    status = _status(given.get("status"))
    if status is not None and status != present.record.status:
        status = None if present.held("status", status.value) else status
    error_type = _error_type(given.get("error_type"))
    if error_type is not None:
        known = error_type.value == present.record.error_type
        error_type = None if known or present.held("error_type", error_type.value) else error_type
    return status, error_type


def _composition(
    given: Mapping[str, Any], compose: Callable[[str], Mapping[str, float] | None]
) -> dict[str, float]:
    """The composition that goes with a formula: as the row states it, or as the formula says."""
    if "composition" in given:
        return dict(given["composition"] or {})
    return dict((given["formula"] and compose(given["formula"])) or {})


def _of_new(claim: Claim) -> Plan:
    _error_type(claim.values.get("error_type"))
    return Plan(Outcome.NEW, claim.new_record())


def _differs(held: Any, given: Any) -> bool:
    """Whether a row says something else; an empty list, map or text is as good as nothing."""
    return held != given and not (_is_empty(held) and _is_empty(given))


def _is_empty(value: Any) -> bool:
    return value is None or value in ("", [], {})


def _status(value: Any) -> RecordStatus | None:
    """The status that a row asks for; ``new`` asks for none, it is what nobody has judged."""
    if not value or value == RecordStatus.NEW.value:
        return None
    try:
        return RecordStatus(value)
    except ValueError as error:
        raise RowError(Reason.UNKNOWN_VALUE, str(value), "status") from error


def _error_type(value: Any) -> ErrorType | None:
    if not value:
        return None
    try:
        return ErrorType(value)
    except ValueError as error:
        raise RowError(Reason.UNKNOWN_VALUE, str(value), "error_type") from error


def _whose(present: Present) -> str:
    if not present.history:
        return f"a person has judged the record {present.record.status}"
    last = present.history[-1]
    return f"revision {last.number} is by {last.who}, {last.when:%Y-%m-%d %H:%M} UTC"


def _changed(
    record: Record,
    edits: Mapping[str, Any],
    status: RecordStatus | None,
    error_type: ErrorType | None,
) -> Record:
    """The record after the change, as the curation will make it."""
    try:
        new = edited(record, edits) if edits else record
        if status is not None:
            check_step(record.status, status)
        after = status_after_edit(record.status) if status is None else status
    except ChangeError as error:
        column, what = next(iter(error.problems.items()))
        raise RowError(Reason.INVALID_VALUE, what, column) from error
    except StatusError as error:
        raise RowError(Reason.STATUS_STEP, str(error), "status") from error
    update: dict[str, Any] = {"status": after}
    if error_type is not None:
        update["error_type"] = error_type.value
    return new.model_copy(update=update)
