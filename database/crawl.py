"""Reading what a database knows of crawls: runs, papers, versions, listings, what waits.

The values and what the states mean live in ``crawl_values``, what is written in ``crawl_listing``,
``crawl_progress`` and ``crawl_leases``.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import Select, func, select

from scmine.database.crawl_models import LISTINGS, PAPERS, RUNS, SAME_PAPER, VERSIONS
from scmine.database.crawl_values import (
    CrawlListing,
    CrawlPaper,
    CrawlRun,
    CrawlState,
    CrawlVersion,
    MailState,
    VersionState,
)
from scmine.database.record import Record
from scmine.database.record_rows import DOCUMENTS, record_of, select_records
from scmine.database.store import Database


def crawl_runs(database: Database, *, source: str | None = None) -> list[CrawlRun]:
    """All crawls, or those of a source, oldest first."""
    statement = select(RUNS).order_by(RUNS.c.id)
    if source is not None:
        statement = statement.where(RUNS.c.source == source)
    return [_run(row) for row in database.rows(statement)]


def crawl_run(database: Database, run_id: int | None = None) -> CrawlRun | None:
    """The crawl of this number, or the last one; None if there is none."""
    statement = select(RUNS).order_by(RUNS.c.id.desc()).limit(1)
    if run_id is not None:
        statement = statement.where(RUNS.c.id == run_id)
    return next((_run(row) for row in database.rows(statement)), None)


def crawled(
    database: Database,
    *,
    run_id: int | None = None,
    source: str | None = None,
    states: Sequence[VersionState] = (),
) -> Iterator[tuple[CrawlPaper, CrawlVersion]]:
    """Versions with their papers: those that a crawl brought to their state, in these states.

    What is not given asks for nothing. The newest datestamp comes first.
    """
    statement = (
        pairs_query()
        .where(
            *([VERSIONS.c.run_id == run_id] if run_id is not None else []),
            *([VERSIONS.c.source == source] if source is not None else []),
            *([VERSIONS.c.state.in_([s.value for s in states])] if states else []),
        )
        .order_by(
            PAPERS.c.datestamp.desc().nulls_last(),
            VERSIONS.c.source,
            VERSIONS.c.key.desc(),
            VERSIONS.c.version.desc(),
        )
    )
    for row in database.rows(statement):
        yield pair_of(row)


def crawled_document(database: Database, doc_id: str) -> list[tuple[CrawlPaper, CrawlVersion]]:
    """The versions whose file is this document, with their papers; none if nothing crawled it."""
    statement = pairs_query().where(VERSIONS.c.doc_id == doc_id)
    return [pair_of(row) for row in database.rows(statement.order_by(VERSIONS.c.source))]


def records_of_runs(database: Database, ingest_runs: Sequence[int]) -> Iterator[Record]:
    """The records of documents that these runs of ``ingest`` read last, by path."""
    statement = (
        select_records()
        .where(DOCUMENTS.c.run_id.in_(list(ingest_runs)))
        .order_by(DOCUMENTS.c.path, DOCUMENTS.c.doc_id)
    )
    for row in database.rows(statement):
        yield record_of(row, database.where)


def crawl_counts(database: Database) -> dict[str, dict[VersionState, int]]:
    """How many versions of each source are in each state, by the source's name."""
    c = VERSIONS.c
    statement = (
        select(c.source, c.state, func.count().label("number"))
        .group_by(c.source, c.state)
        .order_by(c.source, c.state)
    )
    found: dict[str, dict[VersionState, int]] = {}
    for row in database.rows(statement):
        found.setdefault(row["source"], {})[VersionState(row["state"])] = row["number"]
    return found


def paper_counts(database: Database) -> dict[str, int]:
    """How many papers each source has listed."""
    statement = select(PAPERS.c.source, func.count().label("number")).group_by(PAPERS.c.source)
    return {row["source"]: row["number"] for row in database.rows(statement)}


def crawl_listings(database: Database) -> list[CrawlListing]:
    """How far each listing has been taken in."""
    statement = select(LISTINGS).order_by(LISTINGS.c.source, LISTINGS.c.query)
    return [CrawlListing(**row) for row in database.rows(statement)]


def pairs_query() -> Select[Any]:
    """The query for versions and their papers; columns of papers begin with ``paper_``."""
    of_paper = [column.label(f"paper_{column.name}") for column in PAPERS.c]
    return select(*VERSIONS.c, *of_paper).join_from(VERSIONS, PAPERS, SAME_PAPER)


def pair_of(row: dict[str, Any]) -> tuple[CrawlPaper, CrawlVersion]:
    """The paper and the version that a row holds."""
    paper = CrawlPaper(**{c.name: row[f"paper_{c.name}"] for c in PAPERS.c})
    values = {c.name: row[c.name] for c in VERSIONS.c}
    return paper, CrawlVersion(**values | {"state": VersionState(row["state"])})


def _run(row: dict[str, Any]) -> CrawlRun:
    mail = None if row["mail"] is None else MailState(row["mail"])
    return CrawlRun(**row | {"state": CrawlState(row["state"]), "mail": mail})
