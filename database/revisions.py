"""The history of a record: its revisions as rows, and what undo and redo would take back.

Statements and pure functions. Which changes are made lives in ``scmine.database.curation``, which
begins and ends the transactions around them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, Table, insert, select

from scmine.database.models import DocumentModel, RunModel
from scmine.database.record import Record
from scmine.database.record_rows import REVISIONS
from scmine.database.revision import ChangeKind, ErrorType, Revision

DOCUMENTS: Table = DocumentModel.metadata.tables[DocumentModel.__tablename__]
RUNS: Table = RunModel.metadata.tables[RunModel.__tablename__]

PROGRAM = "scmine"
"""Who made what no person did."""


@dataclass(frozen=True, slots=True)
class Undoable:
    """The changes in force, oldest first, and those that were undone and may be redone."""

    done: tuple[int, ...]
    undone: tuple[int, ...]


def undoable(revisions: Iterable[Revision]) -> Undoable:
    """What undo and redo would take next: the last of ``done`` and of ``undone``.

    An undo after an undo goes further back; any other change ends the redo.
    """
    done: list[int] = []
    undone: list[int] = []
    for revision in revisions:
        if revision.parent is None:
            continue
        if revision.kind is ChangeKind.UNDONE:
            undone.append(done.pop())
        elif revision.kind is ChangeKind.REDONE:
            done.append(undone.pop())
        else:
            done.append(revision.number)
            undone.clear()
    return Undoable(tuple(done), tuple(undone))


def extracted(connection: Connection, record: Record, number: int) -> Revision:
    """The first revision of a record: as its last reading gave it, under the number in force."""
    statement = (
        select(RUNS.c.started, DOCUMENTS.c.pipeline_version)
        .join_from(DOCUMENTS, RUNS, DOCUMENTS.c.run_id == RUNS.c.id)
        .where(DOCUMENTS.c.doc_id == record.doc_id)
    )
    run = connection.execute(statement).one()
    return Revision(
        record_id=record.record_id,
        number=number,
        parent=None,
        kind=ChangeKind.EXTRACTED,
        who=PROGRAM,
        when=run.started,
        why=f"pipeline {run.pipeline_version}",
        error_type=None,
        changes={},
        record=record,
    )


def insert_revision(connection: Connection, revision: Revision) -> None:
    """Write one revision."""
    row = {
        "record_id": revision.record_id,
        "number": revision.number,
        "parent": revision.parent,
        "kind": revision.kind.value,
        "who": revision.who,
        "made": revision.when,
        "why": revision.why,
        "error_type": None if revision.error_type is None else revision.error_type.value,
        "changes": {column: list(pair) for column, pair in revision.changes.items()},
        "record": revision.record.to_row(),
        "of": revision.of,
    }
    connection.execute(insert(REVISIONS), row)


def revisions_of(connection: Connection, record_id: str) -> list[Revision]:
    """The revisions of a record, oldest first; none if nobody has changed it."""
    return revisions_by_record(connection, [record_id]).get(record_id, [])


def revisions_by_record(
    connection: Connection, record_ids: Sequence[str]
) -> dict[str, list[Revision]]:
    """The revisions of several records, oldest first, by ``record_id``."""
    statement = (
        select(REVISIONS)
        .where(REVISIONS.c.record_id.in_(record_ids))
        .order_by(REVISIONS.c.record_id, REVISIONS.c.number)
    )
    found: dict[str, list[Revision]] = {}
    for row in connection.execute(statement):
        found.setdefault(row.record_id, []).append(_revision(row))
    return found


def last_revision(connection: Connection, record_id: str) -> Revision | None:
    """The revision in force, None if nobody has changed the record."""
    statement = (
        select(REVISIONS)
        .where(REVISIONS.c.record_id == record_id)
        .order_by(REVISIONS.c.number.desc())
        .limit(1)
    )
    row = connection.execute(statement).one_or_none()
    return None if row is None else _revision(row)


def _revision(row: Row[Any]) -> Revision:
    return Revision(
        record_id=row.record_id,
        number=row.number,
        parent=row.parent,
        kind=ChangeKind(row.kind),
        who=row.who,
        when=row.made,
        why=row.why,
        error_type=None if row.error_type is None else ErrorType(row.error_type),
        changes=pairs(row.changes),
        record=Record.model_validate(row.record),
        of=row.of,
    )


def pairs(changes: Mapping[str, Sequence[Any]]) -> dict[str, tuple[Any, Any]]:
    """Values before and after, by column, as JSON lists hold them."""
    return {column: (before, after) for column, (before, after) in changes.items()}
