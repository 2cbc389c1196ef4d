"""The records that persons have judged: who did what to them last, and how they were before.

Reading only. How a judgement is made lives in ``scmine.database.curation``, what a machine can
learn from it in ``scmine.corpora.corrections``.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, select

from scmine.database.clean import clean
from scmine.database.filters import DOCUMENTS, RECORDS, RecordFilter
from scmine.database.record import Record, RecordStatus
from scmine.database.record_rows import REVISIONS
from scmine.database.revision import ErrorType, Revision
from scmine.database.revisions import revisions_by_record
from scmine.database.store import Database


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgedFilter:
    """Which judged records are wanted; a field that is None asks for nothing.

    Parameters
    ----------
    who
        Who changed the record last.
    error_type
        Where the extraction went wrong.
    since, until
        When the last change was made: not before ``since``, before ``until``.
    doc_id
        A document.
    """

    who: str | None = None
    error_type: ErrorType | None = None
    since: datetime | None = None
    until: datetime | None = None
    doc_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgedRecord:
    """A judged record in short; ``made`` is None where no revision says when it was judged."""

    record_id: str
    doc_id: str
    title: str | None
    status: RecordStatus
    error_type: ErrorType | None
    source: str
    who: str
    made: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordHistory:
    """A record as it is, and its revisions, oldest first; none if nobody has changed it."""

    record: Record
    revisions: tuple[Revision, ...]


class Judged:
    """The judged records of a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def records(
        self,
        wanted: JudgedFilter | None = None,
        *,
        limit: int | None = None,
        offset: int = 0,
    ) -> list[JudgedRecord]:
        """The judged records that are wanted, those judged last first."""
        statement = (
            _select(wanted)
            .add_columns(
                RECORDS.c.record_id,
                RECORDS.c.doc_id,
                DOCUMENTS.c.title,
                RECORDS.c.status,
                RECORDS.c.error_type,
                RECORDS.c.source,
                func.coalesce(REVISIONS.c.who, "").label("who"),
                REVISIONS.c.made,
            )
            .order_by(REVISIONS.c.made.desc().nulls_last(), RECORDS.c.record_id)
            .limit(limit)
            .offset(offset)
        )
        return [_judged(row) for row in self._database.rows(statement)]

    def count(self, wanted: JudgedFilter | None = None) -> int:
        """How many records are wanted."""
        statement = _select(wanted).add_columns(func.count().label("number"))
        return int(next(self._database.rows(statement))["number"])

    def users(self) -> list[str]:
        """Everybody who judged a record last, in order."""
        statement = _select(None).add_columns(REVISIONS.c.who).distinct()
        names = {row["who"] for row in self._database.rows(statement)}
        return sorted(name for name in names if name)

    def sums(self, wanted: JudgedFilter | None = None) -> list[tuple[str, str, str, int]]:
        """(status, error type or nothing, extractor, number of records), the most first."""
        columns = (RECORDS.c.status, RECORDS.c.error_type, RECORDS.c.extractor)
        number = func.count().label("number")
        statement = _select(wanted).add_columns(*columns, number).group_by(*columns)
        rows = [
            (row["status"], row["error_type"] or "", row["extractor"], int(row["number"]))
            for row in self._database.rows(statement)
        ]
        return sorted(rows, key=lambda row: (-row[3], row))

    def documents(self, wanted: JudgedFilter | None = None) -> list[str]:
        """The documents that have any of the records, in order of their ids."""
        statement = _select(wanted).add_columns(RECORDS.c.doc_id).distinct()
        return sorted(row["doc_id"] for row in self._database.rows(statement))

    def of_document(self, doc_id: str) -> Iterator[RecordHistory]:
        """All records of a document, those not judged too, with their revisions."""
        records = list(self._database.records(RecordFilter(doc=doc_id)))
        with self._database.reading() as connection:
            found = revisions_by_record(connection, [r.record_id for r in records])
        for record in records:
            revisions = tuple(found.get(record.record_id, ()))
            yield RecordHistory(record=record, revisions=revisions)


def _select(wanted: JudgedFilter | None) -> Select[Any]:
    """The judged records with their documents and the revision in force; no columns yet."""
    in_force = and_(
        REVISIONS.c.record_id == RECORDS.c.record_id, REVISIONS.c.number == RECORDS.c.revision
    )
    joined = RECORDS.join(DOCUMENTS, RECORDS.c.doc_id == DOCUMENTS.c.doc_id).outerjoin(
        REVISIONS, in_force
    )
    return select().select_from(joined).where(*_conditions(wanted or JudgedFilter()))


def _conditions(wanted: JudgedFilter) -> list[ColumnElement[bool]]:
    judged = [status.value for status in RecordStatus if status is not RecordStatus.NEW]
    # Named one by one, the few judged among many records are found by the index.
    conditions: list[ColumnElement[bool]] = [RECORDS.c.status.in_(judged)]
    if wanted.who is not None:
        conditions.append(REVISIONS.c.who == clean(wanted.who))
    if wanted.error_type is not None:
        conditions.append(RECORDS.c.error_type == wanted.error_type.value)
    if wanted.since is not None:
        conditions.append(REVISIONS.c.made >= wanted.since)
    if wanted.until is not None:
        conditions.append(REVISIONS.c.made < wanted.until)
    if wanted.doc_id is not None:
        conditions.append(RECORDS.c.doc_id == wanted.doc_id)
    return conditions


def _judged(row: dict[str, Any]) -> JudgedRecord:
    error_type = row["error_type"]
    known = error_type in set(ErrorType)  # an import may have brought another one
    return JudgedRecord(
        **row
        | {
            "status": RecordStatus(row["status"]),
            "error_type": ErrorType(error_type) if known else None,
        }
    )
