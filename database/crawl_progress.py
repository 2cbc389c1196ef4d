"""What a crawl does, written down as it does it: crawls, files that came, and what was read.

Each step is a transaction of its own, made as soon as it is true, so that a crawl that is killed
goes on behind the last one. Listings live in ``crawl_listing``.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, func, insert, or_, select, update

from scmine.database.clean import clean
from scmine.database.crawl import crawled, pair_of, pairs_query
from scmine.database.crawl_models import PAPERS, RUNS, VERSIONS
from scmine.database.crawl_standing import fill_documents, settle_papers, state_after
from scmine.database.crawl_values import (
    CrawlPaper,
    CrawlState,
    CrawlVersion,
    MailState,
    VersionState,
)
from scmine.database.record_rows import DOCUMENTS
from scmine.database.store import READ_BATCH, Database

Pair = tuple[CrawlPaper, CrawlVersion]

NOT_READ = "the file is gone, or it is the same paper as another one"


@dataclass(frozen=True, slots=True, kw_only=True)
class CrawledFile:
    """A file that has come: its kind, where from, where it lies, its bytes and its SHA-256."""

    kind: str
    url: str
    path: str
    size: int
    doc_id: str


def start_crawl(
    database: Database, source: str, query: str, now: datetime, *, mail: bool = False
) -> int:
    """Note that a crawl begins; return its id. To be called by who holds the source's lease.

    Crawls of the source that are still called running were killed. ``mail`` says that its report is
    to be sent: noted at once, so that what a crawl has read that is killed is told by the next one.
    """
    killed = {"state": CrawlState.KILLED.value, "reason": "its process ended without a word"}
    running = (RUNS.c.source == source) & (RUNS.c.state == CrawlState.RUNNING.value)
    row = {
        "source": source,
        "query": clean(query),
        "started": now,
        "state": CrawlState.RUNNING.value,
        "reason": "",
        "counts": {},
        "ingest_runs": [],
        "mail": MailState.WAITING.value if mail else None,
    }
    with database.writing() as connection:
        connection.execute(update(RUNS).where(running).values(killed))
        return connection.execute(insert(RUNS).returning(RUNS.c.id), row).scalar_one()


def note_crawl(
    database: Database, run_id: int, counts: Mapping[str, int], ingest_runs: Sequence[int]
) -> None:
    """Note what a crawl has done so far."""
    values = {"counts": dict(counts), "ingest_runs": list(ingest_runs)}
    with database.writing() as connection:
        connection.execute(update(RUNS).where(RUNS.c.id == run_id).values(values))


def finish_crawl(
    database: Database, run_id: int, state: CrawlState, reason: str, now: datetime
) -> None:
    """Note how a crawl has ended."""
    values = {"state": state.value, "reason": clean(reason), "finished": now}
    with database.writing() as connection:
        connection.execute(update(RUNS).where(RUNS.c.id == run_id).values(values))


def to_fetch(database: Database, source: str, run_id: int, limit: int) -> list[Pair]:
    """The next versions that a crawl has to fetch, at most ``limit``.

    The newest come first, and what failed in earlier crawls last. What failed in this crawl is not
    tried again in it.
    """
    statement = (
        pairs_query()
        .where(*_due(source, run_id))
        .order_by(
            VERSIONS.c.state.desc(),  # waiting, failed
            PAPERS.c.datestamp.desc().nulls_last(),
            VERSIONS.c.key.desc(),
            VERSIONS.c.version.desc(),
        )
        .limit(limit)
    )
    return [pair_of(row) for row in database.rows(statement)]


def number_to_fetch(database: Database, source: str, run_id: int) -> int:
    """How many versions a crawl has to fetch."""
    statement = select(func.count().label("number")).where(*_due(source, run_id))
    return next(int(row["number"]) for row in database.rows(statement))


def _due(source: str, run_id: int) -> list[ColumnElement[bool]]:
    c = VERSIONS.c
    earlier = or_(c.run_id.is_(None), c.run_id != run_id)
    waiting = c.state == VersionState.WAITING.value
    failed = and_(c.state == VersionState.FAILED.value, earlier)
    return [c.source == source, or_(waiting, failed)]


def to_read(database: Database, source: str) -> list[Pair]:
    """The files that have come and were not read."""
    return list(crawled(database, source=source, states=[VersionState.FETCHED]))


def set_fetched(
    database: Database, version: CrawlVersion, file: CrawledFile, run_id: int, now: datetime
) -> None:
    """Note that the file of a version has come, before it is read."""
    values: dict[str, Any] = {
        "state": VersionState.FETCHED.value,
        "kind": file.kind,
        "url": clean(file.url),
        "path": clean(file.path),
        "size": file.size,
        "doc_id": file.doc_id,
        "reason": "",
        "changed": now,
        "run_id": run_id,
    }
    with database.writing() as connection:
        connection.execute(update(VERSIONS).where(_same(version)).values(values))
        # The document may be there already: the file was ingested by hand, or is another version's.
        fill_documents(connection, [(version.source, version.key)])
        settle_papers(connection, [(version.source, version.key)])


def set_waiting(database: Database, version: CrawlVersion, reason: str, now: datetime) -> None:
    """Let a version be fetched again whose file is gone."""
    values: dict[str, Any] = {
        "state": VersionState.WAITING.value,
        "reason": clean(reason),
        "changed": now,
    }
    values |= {"doc_id": None, "path": None, "size": None}
    with database.writing() as connection:
        connection.execute(update(VERSIONS).where(_same(version)).values(values))


def set_failed(
    database: Database,
    version: CrawlVersion,
    reason: str,
    *,
    retries: int,
    run_id: int,
    now: datetime,
) -> VersionState:
    """Note that a version could not be fetched; after ``retries`` later crawls it is given up."""
    more = version.failures < retries
    state = VersionState.FAILED if more else VersionState.GIVEN_UP
    values = {
        "state": state.value,
        "reason": clean(reason),
        "failures": version.failures + 1,
        "changed": now,
        "run_id": run_id,
    }
    with database.writing() as connection:
        connection.execute(update(VERSIONS).where(_same(version)).values(values))
    return state


def settle_read(
    database: Database, pairs: Sequence[Pair], run_id: int, now: datetime, *, all_ended: bool
) -> Counter[VersionState]:
    """Bring fetched versions to the state that their documents say; count those states.

    A version without a document stays to be read, or, if ``all_ended`` says that reading has ended
    for all of them, ends as unreadable.
    """
    found: Counter[VersionState] = Counter()
    with database.writing() as connection:
        for _, version in pairs:
            column = DOCUMENTS.c.doc_id == version.doc_id
            statement = select(DOCUMENTS.c.status, DOCUMENTS.c.reason).where(column)
            row = connection.execute(statement).one_or_none()
            if row is not None:
                values = state_after(row.status, row.reason)
            elif all_ended:
                values = state_after("not read", NOT_READ)
            else:
                continue
            found[VersionState(values["state"])] += 1
            fetched = VERSIONS.c.state == VersionState.FETCHED.value
            changed = values | {"changed": now, "run_id": run_id}
            connection.execute(update(VERSIONS).where(_same(version), fetched).values(changed))
    return found


def read_in_runs(database: Database, doc_ids: Sequence[str], after: int) -> list[int]:
    """The ids of the runs of ingest, later than ``after``, that read these documents."""
    found: set[int] = set()
    for start in range(0, len(doc_ids), READ_BATCH):
        part = list(doc_ids[start : start + READ_BATCH])
        statement = select(DOCUMENTS.c.run_id).where(
            DOCUMENTS.c.doc_id.in_(part), DOCUMENTS.c.run_id > after
        )
        found.update(row["run_id"] for row in database.rows(statement.distinct()))
    return sorted(found)


def retry_failed(
    database: Database,
    now: datetime,
    *,
    source: str | None = None,
    threshold: float | None = None,
) -> Counter[str]:
    """Let the next crawl try again: what could not be fetched, as if it never had been tried.

    With ``threshold`` also papers that were skipped and score at least so much.
    """
    c = VERSIONS.c
    own = [c.source == source] if source is not None else []
    counts: Counter[str] = Counter()
    with database.writing() as connection:

        def move(old: Sequence[VersionState], name: str, *conditions: Any) -> None:
            states = [state.value for state in old]
            values = {"state": VersionState.WAITING.value, "failures": 0, "changed": now}
            statement = update(VERSIONS).where(c.state.in_(states), *own, *conditions)
            counts[name] += connection.execute(statement.values(values)).rowcount

        move([VersionState.FAILED, VersionState.GIVEN_UP], "failed")
        if threshold is not None:
            papers = select(PAPERS.c.key).where(
                PAPERS.c.source == c.source, PAPERS.c.key == c.key, PAPERS.c.score >= threshold
            )
            move([VersionState.SKIPPED], "skipped", papers.exists())
    return counts


def _same(version: CrawlVersion) -> Any:
    c = VERSIONS.c
    return (c.source == version.source) & (c.key == version.key) & (c.version == version.version)
