"""One change of one record inside a transaction: locked, compared with what was seen, written down.

What is changed, and who may ask for it, lives in ``scmine.database.curation``.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import Connection, select

from scmine.database.clean import clean
from scmine.database.editing import difference
from scmine.database.proposals import settle
from scmine.database.record import Record
from scmine.database.record_rows import DOCUMENTS, RECORDS, record_of, select_records, update_record
from scmine.database.revision import (
    ChangeKind,
    ConflictError,
    ErrorType,
    NotFoundError,
    Revision,
)
from scmine.database.revisions import extracted, insert_revision, last_revision


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """How a revision came to be.

    Raises
    ------
    ValueError
        ``who`` is empty.
    """

    kind: ChangeKind
    who: str
    why: str = ""
    error_type: ErrorType | None = None
    of: int | None = None

    def __post_init__(self) -> None:
        """Check what can only be a slip of the caller."""
        if not self.who.strip():
            raise ValueError("a change needs the name of the person who makes it")


def lock_document(connection: Connection, doc_id: str) -> None:
    """Keep all others from changing the document or its records until the transaction ends.

    SQLite has no such lock and needs none: there, one transaction writes at a time.
    """
    found = select(DOCUMENTS.c.doc_id).where(DOCUMENTS.c.doc_id == doc_id)
    connection.execute(found.with_for_update()).all()


def in_force(connection: Connection, record_id: str, where: str) -> Record | None:
    """The record as it is now, None if there is none; ``where`` names the database."""
    rows = connection.execute(select_records().where(RECORDS.c.record_id == record_id))
    row = rows.one_or_none()
    return None if row is None else record_of(row._asdict(), where)


def number_in_force(connection: Connection, record_id: str, where: str) -> int:
    """The number of the revision in force; raises ``NotFoundError`` if there is no such record."""
    number = connection.scalar(select(RECORDS.c.revision).where(RECORDS.c.record_id == record_id))
    if number is None:
        raise no_record(record_id, where)
    return int(number)


def locked(
    connection: Connection, record_id: str, expected: int | None, where: str
) -> tuple[Record, int]:
    """The record and the number of its revision, which nobody else can change until the end.

    As for a new reading of the paper the document is locked first: such a reading may delete the
    record and insert it again under the same id.

    Raises
    ------
    NotFoundError
        There is no such record, or a new reading has just done away with it.
    ConflictError
        Another revision than ``expected`` is in force.
    """
    doc_id = connection.scalar(select(RECORDS.c.doc_id).where(RECORDS.c.record_id == record_id))
    if doc_id is None:
        raise no_record(record_id, where)
    lock_document(connection, doc_id)
    revision = select(RECORDS.c.revision).where(RECORDS.c.record_id == record_id)
    number = connection.scalar(revision.with_for_update())
    record = in_force(connection, record_id, where)
    if number is None or record is None:
        raise no_record(record_id, where)
    if expected is not None and number != expected:
        current = last_revision(connection, record_id) or extracted(connection, record, number)
        raise _conflict(expected, current)
    return record, number


def write_change(
    connection: Connection, change: Change, old: Record, number: int, new: Record
) -> Revision:
    """Write the changed record and its revision, before the first one also that of the reading.

    ``number`` is that of the revision in force so far.
    """
    if last_revision(connection, old.record_id) is None:
        insert_revision(connection, extracted(connection, old, number))
    revision = make_revision(change, old, new, number)
    update_record(connection, new, revision.number)
    insert_revision(connection, revision)
    settle(connection, new, revision.who)
    return revision


def make_revision(change: Change, old: Record, new: Record, parent: int | None) -> Revision:
    """The revision after ``parent``; the first one has none."""
    return Revision(
        record_id=new.record_id,
        number=0 if parent is None else parent + 1,
        parent=parent,
        kind=change.kind,
        who=clean(change.who.strip()),
        when=datetime.now(UTC),
        why=clean(change.why.strip()),
        error_type=change.error_type,
        changes=difference(old, new),
        record=new,
        of=change.of,
    )


def no_record(record_id: str, where: str) -> NotFoundError:
    """The error for a record that is not there."""
    return NotFoundError(f"there is no record {record_id}", where)


def _conflict(expected: int, current: Revision) -> ConflictError:
    what = "read from its paper" if current.kind is ChangeKind.EXTRACTED else "changed"
    return ConflictError(
        f"record {current.record_id} was {what} by {current.who} at "
        f"{current.when:%Y-%m-%d %H:%M} UTC (revision {current.number}; you saw {expected}); look "
        "at it and repeat what is still to be changed",
        current,
    )
