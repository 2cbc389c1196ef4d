"""What follows for documents and records from what was crawled: newer versions, withdrawn papers.

The claims of a version become ``obsolete`` once a newer one has been read; those that a person has
touched stay and carry a flag, as do all of a withdrawn paper. Worked out anew whenever a document,
its flags or its listing changes, so that no order of events and no repetition leads elsewhere.
Statements only; the transactions around them are begun elsewhere.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, false, or_, select, update

from scmine.database.crawl_models import PAPERS, SAME_PAPER, VERSIONS
from scmine.database.crawl_values import HAS_FILE, VersionState
from scmine.database.record import RecordStatus
from scmine.database.record_rows import DOCUMENTS, RECORDS, untouched
from scmine.database.results import DOCUMENT_COLUMNS

NEWER_VERSION = "newer_version"
WITHDRAWN = "withdrawn"
READ_STATUSES = ("done", "partial")
"""The statuses of documents of which there are claims to take the place of older ones."""

LISTED_COLUMNS = tuple(c for c in DOCUMENT_COLUMNS if c != "path")
"""The columns of a document that a listing may fill."""

Paper = tuple[str, str]
"""Source and key."""


def lock_versions(connection: Connection, doc_id: str) -> None:
    """Lock all documents of the papers that ``doc_id`` is a version of, always in one order.

    To be called before a single one of them is locked.
    """
    others = _documents_of(connection, _papers_of(connection, [doc_id]))
    if others - {doc_id}:
        _lock(connection, others)


def listed_values(connection: Connection, doc_id: str) -> dict[str, Any]:
    """What listings say of a document, by column; empty if it was not crawled."""
    statement = (
        select(*(PAPERS.c[name] for name in LISTED_COLUMNS))
        .join(VERSIONS, SAME_PAPER)
        .where(VERSIONS.c.doc_id == doc_id)
        .order_by(VERSIONS.c.source)
        .limit(1)
    )
    row = connection.execute(statement).one_or_none()
    return {} if row is None else row._asdict()


def fill_documents(connection: Connection, papers: Iterable[Paper]) -> None:
    """Give the documents of papers what listings say and reading left empty."""
    for doc_id in sorted(_documents_of(connection, list(papers))):
        found = select(DOCUMENTS).where(DOCUMENTS.c.doc_id == doc_id)
        row = connection.execute(found.with_for_update()).one_or_none()
        if row is None:
            continue
        listed = listed_values(connection, doc_id)
        new = {n: v for n, v in listed.items() if v and not getattr(row, n)}
        if new:
            same = DOCUMENTS.c.doc_id == doc_id
            connection.execute(update(DOCUMENTS).where(same).values(**new))


def follow_document(connection: Connection, doc_id: str, status: str, reason: str) -> None:
    """Bring the versions that a document is the file of to the state that it ended in."""
    files = VERSIONS.c.state.in_([state.value for state in HAS_FILE])
    values = state_after(status, reason) | {"changed": datetime.now(UTC)}
    own = VERSIONS.c.doc_id == doc_id
    connection.execute(update(VERSIONS).where(own, files).values(values))


def state_after(status: str, reason: str) -> dict[str, str]:
    """The state of a version whose document ended so, and the reason.

    >>> state_after("timeout", "more than 120 s")
    {'state': 'unreadable', 'reason': 'timeout: more than 120 s'}
    """
    read = status in READ_STATUSES
    state = VersionState.READ if read else VersionState.UNREADABLE
    said = reason if status == "done" else f"{status}: {reason}" if reason else status
    return {"state": state.value, "reason": said}


def settle_documents(connection: Connection, doc_ids: Sequence[str]) -> None:
    """Bring the records of these documents, and of other versions of them, where they belong."""
    settle_papers(connection, _papers_of(connection, doc_ids))


def settle_papers(connection: Connection, papers: Iterable[Paper]) -> None:
    """Bring the records of all versions of these papers where they belong."""
    first = list(papers)
    if not first:
        return
    documents = _documents_of(connection, first)
    overtaken, withdrawn = _standing(connection, _papers_of(connection, sorted(documents)))
    _lock(connection, documents)
    for doc_id in sorted(documents):
        _mark(connection, doc_id, overtaken=doc_id in overtaken, withdrawn=doc_id in withdrawn)


def _papers_of(connection: Connection, doc_ids: Sequence[str]) -> list[Paper]:
    """The papers that documents are versions of."""
    if not doc_ids:
        return []
    named = VERSIONS.c.doc_id.in_(list(doc_ids))
    statement = select(VERSIONS.c.source, VERSIONS.c.key).where(named).distinct()
    return [(row.source, row.key) for row in connection.execute(statement)]


def _documents_of(connection: Connection, papers: Sequence[Paper]) -> set[str]:
    """The files of all versions of papers, also those that were not read yet."""
    if not papers:
        return set()
    statement = select(VERSIONS.c.doc_id).where(_named(papers), VERSIONS.c.doc_id.is_not(None))
    return {str(doc_id) for doc_id in connection.scalars(statement)}


def _named(papers: Iterable[Paper]) -> ColumnElement[bool]:
    """The versions of these papers; source by source, as the table is indexed."""
    by_source: dict[str, list[str]] = defaultdict(list)
    for source, key in papers:
        by_source[source].append(key)
    own = [
        (VERSIONS.c.source == source) & VERSIONS.c.key.in_(keys)
        for source, keys in by_source.items()
    ]
    return or_(false(), *own)


def _standing(connection: Connection, papers: Sequence[Paper]) -> tuple[set[str], set[str]]:
    """The documents that a newer version has overtaken, and those of withdrawn papers."""
    statement = (
        select(VERSIONS.c.source, VERSIONS.c.key, VERSIONS.c.doc_id, DOCUMENTS.c.status)
        .add_columns(PAPERS.c.withdrawn)
        .join_from(
            VERSIONS,
            PAPERS,
            SAME_PAPER,
        )
        .join(DOCUMENTS, DOCUMENTS.c.doc_id == VERSIONS.c.doc_id)
        .where(_named(papers))
        .order_by(VERSIONS.c.version)
    )
    overtaken: set[str] = set()
    withdrawn: set[str] = set()
    families: dict[Paper, list[Any]] = defaultdict(list)
    for row in connection.execute(statement):
        families[row.source, row.key].append(row)
        withdrawn.update([row.doc_id] if row.withdrawn else [])
    for rows in families.values():
        read = [i for i, row in enumerate(rows) if row.status in READ_STATUSES]
        if read:
            newest = rows[read[-1]].doc_id  # two versions may be one file
            overtaken.update(row.doc_id for row in rows[: read[-1]] if row.doc_id != newest)
    return overtaken, withdrawn


def _lock(connection: Connection, doc_ids: Iterable[str]) -> None:
    named = DOCUMENTS.c.doc_id.in_(sorted(doc_ids))
    ordered = select(DOCUMENTS.c.doc_id).where(named).order_by(DOCUMENTS.c.doc_id)
    connection.execute(ordered.with_for_update()).all()


def _mark(connection: Connection, doc_id: str, *, overtaken: bool, withdrawn: bool) -> None:
    """Give the records of a document the status and flags that they have to have."""
    ours = untouched().label("ours")
    statement = select(RECORDS.c.record_id, RECORDS.c.status, RECORDS.c.flags, ours)
    for row in connection.execute(statement.where(RECORDS.c.doc_id == doc_id)).all():
        status = row.status
        if row.ours:
            status = (RecordStatus.OBSOLETE if overtaken else RecordStatus.NEW).value
        due = {NEWER_VERSION: overtaken and not row.ours, WITHDRAWN: withdrawn}
        flags = [flag for flag in row.flags if due.get(flag, True)]
        flags += [flag for flag, wanted in due.items() if wanted and flag not in flags]
        if (status, flags) != (row.status, row.flags):
            same = RECORDS.c.record_id == row.record_id
            connection.execute(update(RECORDS).where(same).values(status=status, flags=flags))
