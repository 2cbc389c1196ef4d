"""A record's revisions and what a later reading proposes for it, as plain values.

A record keeps its ``record_id``; each change of it is a revision that points to the one before.
The first revision is the record as it was extracted. How revisions are written lives in
``scmine.database.curation``, which steps between statuses are allowed in
``scmine.database.status``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from scmine.database.errors import DatabaseError
from scmine.database.record import Record, RecordStatus


class ErrorType(StrEnum):
    """Where the extraction went wrong, as a curator says it."""

    FROM_TABLE = "from_table"
    EXTRACTION = "extraction"
    LINKING = "linking"
    TC_CLASSIFICATION = "tc_classification"
    COMPOSITION_RESOLUTION = "composition_resolution"
    VALUE_RESOLUTION = "value_resolution"
    ANOMALY = "anomaly"
    AMENDMENT = "amendment"


class ChangeKind(StrEnum):
    """What made a revision."""

    EXTRACTED = "extracted"
    ADDED = "added"
    EDITED = "edited"
    JUDGED = "judged"
    UNDONE = "undone"
    REDONE = "redone"
    IMPORTED = "imported"
    PROPOSAL = "proposal"


@dataclass(frozen=True, slots=True, kw_only=True)
class Revision:
    """One state of a record and how it came to be.

    ``changes`` maps a column to its value before and after; ``record`` is the whole record after
    the change. ``parent`` is the number of the revision before (None for the first), ``of`` the
    revision that an undo took back or a redo put in force again.
    """

    record_id: str
    number: int
    parent: int | None
    kind: ChangeKind
    who: str
    when: datetime
    why: str
    error_type: ErrorType | None
    changes: Mapping[str, tuple[Any, Any]]
    record: Record
    of: int | None = None

    @property
    def status(self) -> RecordStatus:
        """Where the record stands in curation after this change."""
        return self.record.status


class ProposalState(StrEnum):
    """What became of a proposal."""

    OPEN = "open"
    ACCEPTED = "accepted"
    DISMISSED = "dismissed"
    REPLACED = "replaced"
    """A still later reading said otherwise before anybody had decided."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """What a later reading of a paper found for a record that a person had judged.

    ``proposed`` is the record as it was found now, None where the claim was not found any more;
    ``changes`` maps each column in which it says something new to the value in force (once it is
    decided: the value then) and the one proposed. What a person corrected and the new reading has
    as the old one had it is not among them.
    """

    id: int
    record_id: str
    doc_id: str
    made: datetime
    run_id: int | None
    state: ProposalState
    decided_by: str | None
    decided: datetime | None
    proposed: Record | None
    changes: Mapping[str, tuple[Any, Any]]


class ConflictError(DatabaseError):
    """The record was changed, or read from its paper again, since it was seen; nothing was written.

    ``current`` is the revision in force.
    """

    def __init__(self, message: str, current: Revision) -> None:
        super().__init__(message)
        self.current = current


class NotFoundError(DatabaseError):
    """There is no such record, document, revision or proposal.

    ``what`` says it without ``where``, the database: who asks over the web need not know that.
    """

    def __init__(self, what: str, where: str | None = None) -> None:
        super().__init__(what if where is None else f"{where}: {what}")
        self.what = what


class NoChangeError(DatabaseError):
    """Nothing would change, or there is nothing to undo, to redo or to decide."""
