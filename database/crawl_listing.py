"""Taking listings of sources in: papers, their versions, and where the listing stands.

Each page is one transaction with its cursor, so that a crawl that is killed goes on with the next
one, and a page that comes twice changes nothing. What is fetched lives in ``crawl_progress``.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, func, select
from sqlalchemy.dialects import postgresql, sqlite

from scmine.database.crawl_models import LISTINGS, PAPERS, VERSIONS
from scmine.database.crawl_standing import fill_documents, settle_papers
from scmine.database.crawl_taking import Taking
from scmine.database.crawl_values import TO_FETCH, CrawlListing, CrawlPaper
from scmine.database.store import Database

OVERLAP_DAYS = 1
"""Datestamps are days: what changes late on the last day of a listing is seen by the next one."""

FIRST_DAYS = 7
"""How far back a first listing goes for which no day was given."""


def listing_of(database: Database, source: str, query: str) -> CrawlListing:
    """How far the listing of a query has been taken in."""
    c = LISTINGS.c
    statement = select(LISTINGS).where(c.source == source, c.query == query)
    rows = [CrawlListing(**row) for row in database.rows(statement)]
    return rows[0] if rows else CrawlListing(source=source, query=query)


def first_day(listing: CrawlListing, since: date | None, today: date) -> date:
    """The day that the next listing begins with.

    ``since`` is the day asked for: what is known to be complete from there on is not listed again.

    >>> known = CrawlListing(source="arxiv", query="q", complete_from=date(2024, 1, 1),
    ...     complete_until=date(2024, 6, 3))
    >>> first_day(known, date(2024, 1, 1), date(2024, 6, 5))
    datetime.date(2024, 6, 2)
    >>> first_day(known, date(2023, 1, 1), date(2024, 6, 5))
    datetime.date(2023, 1, 1)
    >>> first_day(CrawlListing(source="arxiv", query="q"), None, date(2024, 6, 5))
    datetime.date(2024, 5, 29)
    """
    begun, until = listing.complete_from, listing.complete_until
    if begun is None or until is None:
        return since or today - timedelta(days=FIRST_DAYS)
    overlapped = max(begun, until - timedelta(days=OVERLAP_DAYS))
    # A clock that was set back must not leave days out.
    overlapped = min(overlapped, today - timedelta(days=OVERLAP_DAYS))
    if since is None or begun <= since <= overlapped:
        return overlapped
    return since


def begin_listing(database: Database, listing: CrawlListing, since: date, now: datetime) -> None:
    """Note that a listing begins with ``since``, in the place of one that was cut off."""
    with database.writing() as connection:
        _write(connection, listing, since=since, cursor=None, begun=now)


def end_listing(database: Database, listing: CrawlListing) -> None:
    """Note that all pages of the listing have been taken in.

    Up to which day it is complete, the newest datestamp says, which is the source's: the clock of
    this machine may be wrong.
    """
    since, begun = listing.since, listing.begun
    if since is None or begun is None:
        return
    with database.writing() as connection:
        until = _newest(connection, listing.source, begun) or since
        known_from, known_until = listing.complete_from, listing.complete_until
        if known_from is not None and known_until is not None and since <= known_until:
            since, until = min(since, known_from), max(until, known_until)
        complete = {"complete_from": since, "complete_until": until}
        _write(connection, listing, since=None, cursor=None, begun=None, **complete)


def _newest(connection: Connection, source: str, begun: datetime) -> date | None:
    """The newest datestamp of what a listing has seen; the day it began if there are none."""
    seen = select(func.count(), func.max(PAPERS.c.datestamp)).where(
        PAPERS.c.source == source, PAPERS.c.seen >= begun
    )
    number, newest = connection.execute(seen).one()
    if not number:
        return None
    return begun.date() if newest is None else min(newest, begun.date())


def _write(connection: Connection, listing: CrawlListing, **values: Any) -> None:
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    named = {"source": listing.source, "query": listing.query}
    statement = dialect.insert(LISTINGS).values(**named, **values)
    connection.execute(
        statement.on_conflict_do_update(index_elements=["source", "query"], set_=values)
    )


def take_page(
    database: Database,
    listing: CrawlListing,
    papers: Sequence[CrawlPaper],
    cursor: str | None,
    *,
    run_id: int,
    now: datetime,
    threshold: float | None,
) -> Counter[str]:
    """Save a page of a listing with the cursor of the next one; return what was new, by kind.

    Papers without a score, and all where ``threshold`` is None, are to be fetched; others from
    ``threshold`` on.
    """
    with database.writing() as connection:
        taking = Taking(connection, listing.source, papers, threshold)
        counts = taking.take()
        taking.write({"run_id": run_id, "changed": now}, now)
        named = [(paper.source, paper.key) for paper in papers]
        fill_documents(connection, named)
        settle_papers(connection, named)
        if cursor is not None:
            _write(connection, listing, cursor=cursor)
    return counts


def known_names(database: Database, papers: Sequence[CrawlPaper]) -> set[str]:
    """The names of those versions that need not be fetched any more; for a look beforehand."""
    keys = [paper.key for paper in papers]
    statement = select(VERSIONS.c.source, VERSIONS.c.key, VERSIONS.c.version).where(
        VERSIONS.c.key.in_(keys), VERSIONS.c.state.not_in([s.value for s in TO_FETCH])
    )
    done = {(r["source"], r["key"], r["version"]) for r in database.rows(statement)}
    return {p.name for p in papers if (p.source, p.key, p.version) in done}
