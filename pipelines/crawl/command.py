"""What the commands of ``scmine crawl`` do, whatever their source: once or at set times.

How options reach this lives in ``scmine.pipelines.cli_crawl``, what is printed in ``shown``.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from scmine.database.errors import DatabaseError
from scmine.database.store import open_database
from scmine.pipelines.crawl.deliver import Delivered, deliver, is_wanted
from scmine.pipelines.crawl.dry_run import dry_run
from scmine.pipelines.crawl.errors import CrawlError
from scmine.pipelines.crawl.http import PoliteWeb
from scmine.pipelines.crawl.run import Relevance, crawl, relevance_of
from scmine.pipelines.crawl.schedule import run_at
from scmine.pipelines.crawl.shown import crawl_progress, print_crawl, print_dry_run
from scmine.pipelines.crawl.source import Source
from scmine.pipelines.crawl.summary import EXIT_DONE, EXIT_FAILED, EXIT_INTERRUPTED, CrawlSummary
from scmine.pipelines.crawl.web import NoWeb, Web
from scmine.pipelines.settings import Settings
from scmine.pipelines.workers import WorkerStartError, tidy_reason

MakeSources = Callable[[Settings, Web], Sequence[Source]]
"""Gives the sources of a crawl, in the order in which they are crawled."""


@dataclass(frozen=True, slots=True)
class CrawlRequest:
    """How a crawl is to be done.

    ``every`` are cron's five fields; None: once, now. ``relevance`` says whether papers are judged
    by title and abstract before they are fetched. ``limit`` is for all sources together. Without
    ``network`` no contact is asked for, and nothing can be fetched from afar.
    """

    since: date | None = None
    limit: int | None = None
    dry_run: bool = False
    relevance: bool = True
    wait: bool = False
    every: str | None = None
    as_json: bool = False
    quiet: bool = False
    network: bool = True


def run_crawl(make_sources: MakeSources, settings: Settings, request: CrawlRequest) -> int:
    """Crawl once or at set times; the exit code: 0 done, 1 not finished, 130 interrupted.

    Raises
    ------
    CrawlError
        The sources cannot be made, or a dry run cannot list them.
    scmine.database.errors.DatabaseError
        The database cannot be used, or another crawl runs on it.
    scmine.pipelines.crawl.schedule.ScheduleError
        The times cannot be read.
    """
    if request.every is None:
        return _once(make_sources, settings, request)
    code = EXIT_DONE

    def job() -> bool:
        nonlocal code
        try:
            code = _once(make_sources, settings, request)
        except (CrawlError, DatabaseError, OSError, WorkerStartError) as error:
            # A crawl that failed is no reason not to try the next one.
            print(f"scmine: {tidy_reason(str(error))}", file=sys.stderr, flush=True)
            code = EXIT_FAILED
        return code != EXIT_INTERRUPTED

    run_at(request.every, job, quiet=request.quiet)
    return EXIT_DONE


def _once(make_sources: MakeSources, settings: Settings, request: CrawlRequest) -> int:
    """Crawl all sources now, print what it came to; the exit code."""
    web: Web = PoliteWeb(settings) if request.network else NoWeb()
    relevance = relevance_of(settings) if request.relevance else None
    summaries: list[CrawlSummary] = []
    try:
        _crawl_all(make_sources(settings, web), settings, request, web, relevance, summaries)
    except (CrawlError, DatabaseError, OSError, WorkerStartError):
        _report(summaries, settings, request)  # of the sources before
        raise
    delivered = _report(summaries, settings, request)
    if request.as_json:
        found = {"crawls": [summary.to_json() for summary in summaries]}
        told = {} if delivered is None else {"report": delivered.to_json()}
        print(json.dumps(found | told, indent=2, ensure_ascii=False), flush=True)
    return max((summary.exit_code for summary in summaries), default=EXIT_DONE)


def _crawl_all(
    sources: Sequence[Source],
    settings: Settings,
    request: CrawlRequest,
    web: Web,
    relevance: Relevance | None,
    summaries: list[CrawlSummary],
) -> None:
    """Crawl one source after another, until one is not finished; what each came to is added."""
    left = request.limit
    for source in sources:
        with crawl_progress(quiet=request.quiet or request.as_json) as progress:
            if request.dry_run:
                summary = dry_run(
                    source,
                    settings,
                    since=request.since,
                    relevance=relevance,
                    progress=progress,
                )
            else:
                summary = crawl(
                    source,
                    settings,
                    web,
                    since=request.since,
                    limit=left,
                    relevance=relevance,
                    wait=request.wait,
                    waiting=_say,
                    progress=progress,
                )
        summaries.append(summary)
        _print(summary, settings, request)
        if summary.exit_code != EXIT_DONE:
            break
        if left is not None:
            left -= summary.counts["fetched"]
            if left <= 0:
                break


def _report(
    summaries: Sequence[CrawlSummary], settings: Settings, request: CrawlRequest
) -> Delivered | None:
    """Write and send the report of these crawls, if the settings ask for one.

    What fails here is told: the crawls are done, and their report can be made at any time.
    """
    run_ids = [s.run_id for s in summaries if s.run_id is not None]
    if not run_ids or not is_wanted(settings):
        return None
    interrupted = any(s.exit_code == EXIT_INTERRUPTED for s in summaries)
    try:
        with open_database(settings.db, create=False) as database:
            done = deliver(database, run_ids, settings, interrupted=interrupted)
    except DatabaseError as error:
        done = Delivered(problems=[f"no report could be made: {tidy_reason(str(error))}"])
    quiet = request.quiet or request.as_json
    for note in [*([] if quiet else done.notes), *done.problems]:
        _say(note)
    return done


def _print(summary: CrawlSummary, settings: Settings, request: CrawlRequest) -> None:
    if request.as_json or request.quiet:
        if summary.exit_code == EXIT_FAILED:
            _say(f"{summary.source}: {summary.state.value}: {tidy_reason(summary.reason)}")
    elif request.dry_run:
        print_dry_run(summary, request.limit, max(settings.crawl_interval_s, 0.0))
    else:
        print_crawl(summary)


def _say(words: str) -> None:
    print(f"scmine: {words}", file=sys.stderr, flush=True)
