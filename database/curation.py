"""What persons do to records: change, judge, undo, redo, add, and decide on proposals.

Each change is one transaction that writes the record and its revision, after a look at whether
anybody else was faster. What a record may hold lives in ``scmine.database.editing``, which steps
between statuses are allowed in ``status``, how a change is locked and written in ``changing``, and
what a later reading proposes in ``proposing``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import Connection, Table, func, select

from scmine.database.adding import bare_record, filled, with_id
from scmine.database.changing import (
    Change,
    in_force,
    lock_document,
    locked,
    make_revision,
    no_record,
    number_in_force,
    write_change,
)
from scmine.database.editing import PROVENANCE, ChangeError, difference, edited, with_values
from scmine.database.models import StructureModel
from scmine.database.proposals import decide, proposals_of
from scmine.database.record import Record, RecordStatus
from scmine.database.record_rows import DOCUMENTS, RECORDS, NewRow, insert_records
from scmine.database.revision import (
    ChangeKind,
    ErrorType,
    NoChangeError,
    NotFoundError,
    Proposal,
    ProposalState,
    Revision,
)
from scmine.database.revisions import extracted, insert_revision, revisions_of, undoable
from scmine.database.status import check_step, status_after_edit
from scmine.database.store import Database

STRUCTURES: Table = StructureModel.metadata.tables[StructureModel.__tablename__]

Compose = Callable[[str], Mapping[str, float] | None]
"""Gives the composition of a formula, None where it has none."""


class Curation:
    """The changes that persons make to the records of a database.

    Parameters
    ----------
    database
        The open database.
    compose
        Gives the composition of a formula, for those who change the formula alone; None where the
        formula has none. Without it the composition becomes unknown then. It is handed in because
        formulas are read in ``scmine.extractors``, which the database does not know;
        ``scmine.pipelines.curate.curation_of`` does so.

    Notes
    -----
    ``who`` is the name of a user and must not be empty. ``expected`` is the number of the revision
    that the person saw; None changes whatever is in force. Every method raises ``DatabaseError``
    if the database cannot be read or written, and those that name a record ``NotFoundError`` if
    there is none.
    """

    def __init__(self, database: Database, *, compose: Compose | None = None) -> None:
        self._database = database
        self._where = database.where
        self._compose = compose

    def revision_number(self, record_id: str) -> int:
        """The number of the revision in force.

        A record that nobody has changed has one too: 0, and one more each time that its paper was
        read with another result.
        """
        with self._database.reading() as connection:
            return number_in_force(connection, record_id, self._where)

    def record(self, record_id: str) -> Record | None:
        """The record as it is in force, None if there is none of this id."""
        with self._database.reading() as connection:
            return in_force(connection, record_id, self._where)

    def ids_starting(self, start: str, limit: int = 10) -> list[str]:
        """The ids that begin with ``start``, at most ``limit``, in order."""
        statement = (
            select(RECORDS.c.record_id)
            .where(func.substr(RECORDS.c.record_id, 1, len(start)) == start)
            .order_by(RECORDS.c.record_id)
            .limit(limit)
        )
        with self._database.reading() as connection:
            return list(connection.scalars(statement))

    def edit(
        self,
        record_id: str,
        changes: Mapping[str, Any],
        *,
        who: str,
        why: str = "",
        error_type: ErrorType | str | None = None,
        status: RecordStatus | str | None = None,
        expected: int | None,
        kind: ChangeKind = ChangeKind.EDITED,
    ) -> Revision:
        """Change values of a record.

        Parameters
        ----------
        record_id
            The record.
        changes
            New values by column, as `scmine.database.editing.edited` takes them.
        who, why, error_type
            Who makes the change, the reason, and where the extraction went wrong.
        status
            Where the record stands afterwards; None leaves it to the table of statuses
            (``curated``).
        expected
            The revision that the person saw.
        kind
            ``IMPORTED`` for values that came from a file.

        Raises
        ------
        ChangeError
            A value that the record cannot hold.
        StatusError
            A step between statuses that is not allowed.
        ConflictError
            Another revision than ``expected`` is in force.
        NoChangeError
            The record holds all this already.
        """
        error = _error_type(error_type)
        wanted = None if status is None else _status(status)

        def make(record: Record) -> Record:
            new = self._composed(record, edited(record, changes), changes)
            new = _without_structure_of_another(record, new, changes)
            new = _with_error(new, error)
            if not difference(record, new) and wanted in (None, record.status):
                return record
            if wanted is None:
                return new.model_copy(update={"status": status_after_edit(record.status)})
            check_step(record.status, wanted)
            return new.model_copy(update={"status": wanted})

        change = Change(kind=kind, who=who, why=why, error_type=error)
        return self._change(record_id, change, expected, make)

    def judge(
        self,
        record_id: str,
        status: RecordStatus | str,
        *,
        who: str,
        why: str = "",
        error_type: ErrorType | str | None = None,
        expected: int | None,
        kind: ChangeKind = ChangeKind.JUDGED,
    ) -> Revision:
        """Give a record another status, or the same one with another error type.

        Raises what `edit` raises.
        """
        error = _error_type(error_type)
        wanted = _status(status)

        def make(record: Record) -> Record:
            new = _with_error(record, error)
            if wanted == record.status and new == record:
                return record
            check_step(record.status, wanted)
            return new.model_copy(update={"status": wanted})

        change = Change(kind=kind, who=who, why=why, error_type=error)
        return self._change(record_id, change, expected, make)

    def undo(self, record_id: str, *, who: str, expected: int | None) -> Revision:
        """Take the last change in force back, in a revision of its own.

        An undo after an undo goes further back, to the record as it was extracted or added.

        Raises
        ------
        ConflictError
            Another revision than ``expected`` is in force.
        NoChangeError
            There is nothing to undo.
        """
        return self._turn(record_id, who, expected, redo=False)

    def redo(self, record_id: str, *, who: str, expected: int | None) -> Revision:
        """Put the change that was undone last in force again, in a revision of its own.

        After any other change there is nothing to redo. Raises what `undo` raises.
        """
        return self._turn(record_id, who, expected, redo=True)

    def add(
        self,
        doc_id: str,
        values: Mapping[str, Any],
        *,
        who: str,
        why: str = "",
        kind: ChangeKind = ChangeKind.ADDED,
    ) -> Revision:
        """Add a record that the reading of a document missed; it stands at ``curated``.

        Parameters
        ----------
        doc_id
            The document.
        values
            Values by column; ``raw_material`` is needed. Besides what can be edited, ``source``,
            ``section``, ``page`` and ``boxes`` may be given.
        who, why
            Who adds it, and the reason.
        kind
            ``IMPORTED`` for values that came from a file.

        Raises
        ------
        ChangeError
            A value that the record cannot hold, or no ``raw_material``.
        NoChangeError
            The same was added before, and is there unchanged.
        """
        with self._database.writing() as connection:
            lock_document(connection, doc_id)
            document = connection.execute(select(DOCUMENTS).where(DOCUMENTS.c.doc_id == doc_id))
            row = document.one_or_none()
            if row is None:
                raise NotFoundError(f"there is no document {doc_id}", self._where)
            nothing = bare_record(row._asdict())
            record = self._composed(nothing, filled(nothing, values), values)
            self._check_structure(connection, nothing, record)
            record = with_id(connection, record, self._where)
            last = select(func.max(RECORDS.c.position)).where(RECORDS.c.doc_id == doc_id)
            position = connection.scalar(last)
            insert_records(connection, [NewRow(record, 0 if position is None else position + 1)])
            change = Change(kind=kind, who=who, why=why)
            revision = make_revision(change, nothing, record, None)
            insert_revision(connection, revision)
            return revision

    def history(self, record_id: str) -> list[Revision]:
        """All revisions of a record, oldest first: the first is how it was extracted or added."""
        with self._database.reading() as connection:
            # The number first: a change in between then is a conflict, and does not go unnoticed.
            number = number_in_force(connection, record_id, self._where)
            record = in_force(connection, record_id, self._where)
            if record is None:
                raise no_record(record_id, self._where)
            return revisions_of(connection, record_id) or [extracted(connection, record, number)]

    def difference(self, record_id: str, a: int, b: int) -> dict[str, tuple[Any, Any]]:
        """The columns in which two revisions of a record differ, with the values of both."""
        states = {revision.number: revision.record for revision in self.history(record_id)}
        for number in (a, b):
            if number not in states:
                raise NotFoundError(f"record {record_id} has no revision {number}")
        return difference(states[a], states[b])

    def proposals(
        self, state: ProposalState | None = ProposalState.OPEN, doc_id: str | None = None
    ) -> list[Proposal]:
        """The proposals in this state (None: in any), of a document or of all, oldest first."""
        with self._database.reading() as connection:
            return proposals_of(connection, state=state, doc_id=doc_id)

    def accept(self, proposal_id: int, *, who: str) -> Revision:
        """Put what a later reading found in force; a claim that is gone becomes ``obsolete``.

        With the values the record takes over where they were found.

        Raises
        ------
        NotFoundError
            There is no such proposal.
        NoChangeError
            It was decided before.
        StatusError
            The record has been given a status that does not allow it.
        """
        with self._database.writing() as connection:
            proposal, record, number = self._open_proposal(connection, proposal_id)
            wanted = RecordStatus.OBSOLETE if proposal.proposed is None else RecordStatus.CURATED
            check_step(record.status, wanted)
            values = {column: after for column, (_, after) in proposal.changes.items()}
            if proposal.proposed is not None:
                found = proposal.proposed.to_row()
                values |= {column: found[column] for column in (*PROVENANCE, "flags")}
            new = with_values(record, values | {"status": wanted.value})
            decide(connection, proposal, ProposalState.ACCEPTED, who)
            why = f"proposal {proposal_id}"
            change = Change(kind=ChangeKind.PROPOSAL, who=who, why=why)
            return write_change(connection, change, record, number, new)

    def dismiss(self, proposal_id: int, *, who: str) -> None:
        """Leave the record as it is, and do not propose the same again. Raises as `accept`."""
        with self._database.writing() as connection:
            proposal, _, _ = self._open_proposal(connection, proposal_id)
            decide(connection, proposal, ProposalState.DISMISSED, who)

    def _turn(self, record_id: str, who: str, expected: int | None, *, redo: bool) -> Revision:
        with self._database.writing() as connection:
            record, number = locked(connection, record_id, expected, self._where)
            history = revisions_of(connection, record_id)
            found = undoable(history)
            changes = found.undone if redo else found.done
            if not changes:
                raise NoChangeError(
                    f"record {record_id}: there is nothing to {'redo' if redo else 'undo'}"
                )
            turned = next(r for r in history if r.number == changes[-1])
            side = 1 if redo else 0
            new = with_values(record, {c: pair[side] for c, pair in turned.changes.items()})
            kind = ChangeKind.REDONE if redo else ChangeKind.UNDONE
            change = Change(kind=kind, who=who, of=turned.number)
            return write_change(connection, change, record, number, new)

    def _change(
        self,
        record_id: str,
        change: Change,
        expected: int | None,
        make: Callable[[Record], Record],
    ) -> Revision:
        with self._database.writing() as connection:
            record, number = locked(connection, record_id, expected, self._where)
            new = make(record)
            if not difference(record, new):
                raise NoChangeError(f"record {record_id} holds all this already")
            self._check_structure(connection, record, new)
            return write_change(connection, change, record, number, new)

    def _open_proposal(
        self, connection: Connection, proposal_id: int
    ) -> tuple[Proposal, Record, int]:
        found = proposals_of(connection, proposal_id=proposal_id)
        if not found:
            raise NotFoundError(f"there is no proposal {proposal_id}", self._where)
        record, number = locked(connection, found[0].record_id, None, self._where)
        # Another person may have decided while this one waited for the lock.
        (proposal,) = proposals_of(connection, proposal_id=proposal_id)
        if proposal.state is not ProposalState.OPEN:
            by = f" by {proposal.decided_by}" if proposal.decided_by else ""
            raise NoChangeError(f"proposal {proposal_id} was {proposal.state}{by} already")
        return proposal, record, number

    def _composed(self, old: Record, new: Record, given: Mapping[str, Any]) -> Record:
        """``new`` with the composition of its formula, if only the formula was changed."""
        if new.formula == old.formula or "composition" in given:
            return new
        found = self._compose(new.formula) if self._compose and new.formula else None
        return new.model_copy(update={"composition": dict(found or {})})

    def _check_structure(self, connection: Connection, old: Record, new: Record) -> None:
        """Raise if the record names a structure that its document does not have."""
        if new.structure_id is None or new.structure_id == old.structure_id:
            return
        c = STRUCTURES.c
        one = select(c.doc_id).where(c.structure_id == new.structure_id)
        if connection.scalar(one) != new.doc_id:
            what = f"its document has no structure {new.structure_id}"
            raise ChangeError({"structure_id": what})


def _without_structure_of_another(old: Record, new: Record, given: Mapping[str, Any]) -> Record:
    """``new`` without the structure that it named, if it is of another composition now."""
    if "structure_id" in given or new.composition == old.composition:
        return new
    return new.model_copy(update={"structure_id": None})


def _with_error(record: Record, error_type: ErrorType | None) -> Record:
    if error_type is None:
        return record
    return record.model_copy(update={"error_type": error_type.value})


def _error_type(given: ErrorType | str | None) -> ErrorType | None:
    if given is None:
        return None
    try:
        return ErrorType(given)
    except ValueError:
        names = ", ".join(ErrorType)
        raise ChangeError({"error_type": f"{given!r} is none of {names}"}) from None


def _status(given: RecordStatus | str) -> RecordStatus:
    try:
        return RecordStatus(given)
    except ValueError:
        names = ", ".join(RecordStatus)
        raise ChangeError({"status": f"{given!r} is none of {names}"}) from None
