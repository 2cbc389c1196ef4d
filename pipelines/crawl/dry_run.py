"""What a crawl would fetch: the listing is asked, nothing is fetched and nothing written."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path

from scmine.database.crawl import crawled
from scmine.database.crawl_listing import first_day, known_names, listing_of
from scmine.database.crawl_values import TO_FETCH, CrawlListing, CrawlPaper, CrawlState
from scmine.database.store import Database, open_database
from scmine.pipelines.crawl.clock import Clock, SystemClock
from scmine.pipelines.crawl.run import Relevance, crawl_paper
from scmine.pipelines.crawl.source import Source
from scmine.pipelines.crawl.summary import Candidate, CrawlSummary, Told
from scmine.pipelines.settings import Settings


def dry_run(
    source: Source,
    settings: Settings,
    *,
    since: date | None = None,
    relevance: Relevance | None = None,
    progress: Told | None = None,
    clock: Clock | None = None,
) -> CrawlSummary:
    """The summary of a crawl that was not done; its ``candidates`` are what it would fetch.

    A database that is not there yet is not made. Parameters are those of
    `scmine.pipelines.crawl.run.crawl`. Raises the errors of ``scmine.pipelines.crawl.errors``.
    """
    started = time.monotonic()
    with _database(settings.db) as database:
        listing = CrawlListing(source=source.name, query=source.query)
        if database is not None:
            listing = listing_of(database, source.name, source.query)
        where = settings.db if database is None else database.where
        summary = CrawlSummary(where, source.name, source.query)
        today = (clock or SystemClock()).now().date()
        summary.since = listing.since or first_day(listing, since, today)
        found: dict[str, CrawlPaper] = {}
        listed: set[str] = set()
        for page in source.pages(summary.since):
            papers = [crawl_paper(paper, relevance) for paper in page.papers]
            summary.total = page.total or summary.total
            listed.update(paper.name for paper in papers)
            found |= {p.name: p for p in _wanted(database, papers, relevance, summary)}
            if progress is not None:
                progress(summary)
        for paper in _waiting(database, source.name):
            if paper.name not in listed:
                found[paper.name] = paper
    ordered = sorted(found.values(), key=_best_first)
    summary.candidates = [_candidate(paper, relevance) for paper in ordered]
    summary.counts["to_fetch"] = len(ordered)
    summary.state = CrawlState.FINISHED
    summary.elapsed_s = time.monotonic() - started
    return summary


def _wanted(
    database: Database | None,
    papers: Sequence[CrawlPaper],
    relevance: Relevance | None,
    summary: CrawlSummary,
) -> Iterator[CrawlPaper]:
    """Those papers of a page that would be fetched; the others are counted by why not."""
    known = set() if database is None else known_names(database, papers)
    for paper in papers:
        summary.counts["listed"] += 1
        if paper.withdrawn:
            summary.counts["withdrawn"] += 1
        elif paper.name in known:
            summary.counts["known"] += 1
        elif relevance is not None and (paper.score or 0.0) < relevance.threshold:
            summary.counts["skipped"] += 1
        else:
            yield paper


def _waiting(database: Database | None, source: str) -> Iterator[CrawlPaper]:
    """What earlier crawls have listed and not fetched."""
    if database is None:
        return
    for paper, version in crawled(database, source=source, states=TO_FETCH):
        if paper.version == version.version:
            yield paper


def _candidate(paper: CrawlPaper, relevance: Relevance | None) -> Candidate:
    words = () if relevance is None else tuple(relevance.explain(paper.title, paper.abstract))
    return Candidate(paper.name, paper.title, paper.score, paper.datestamp, words)


def _best_first(paper: CrawlPaper) -> tuple[float, str]:
    return (-(paper.score or 0.0), paper.name)


@contextmanager
def _database(target: str) -> Iterator[Database | None]:
    """The database if it is there; None for a file that is not."""
    if "://" not in target and not Path(target).exists():
        yield None
        return
    with open_database(target, create=False) as database:
        yield database
