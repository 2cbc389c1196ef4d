"""Where the crawls of a database stand, and what can be done about what failed."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from datetime import UTC, date, datetime
from typing import Any

from scmine.database.crawl import crawl_counts, crawl_listings, crawl_runs, crawled
from scmine.database.crawl_progress import retry_failed
from scmine.database.crawl_values import CrawlVersion, VersionState
from scmine.database.store import Database
from scmine.pipelines.crawl.shown import print_status
from scmine.pipelines.workers import tidy_reason

TROUBLE = (VersionState.FAILED, VersionState.GIVEN_UP, VersionState.UNREADABLE)


def show_status(database: Database, *, as_json: bool, all_problems: bool) -> None:
    """Print what is listed, fetched, read, what failed, and the last crawls."""
    counts, listings = crawl_counts(database), crawl_listings(database)
    runs = crawl_runs(database)
    troubled = [version for _, version in crawled(database, states=TROUBLE)]
    if as_json:
        found = {
            "database": database.where,
            "sources": {s: {n.value: k for n, k in c.items()} for s, c in counts.items()},
            "listings": [asdict(listing) for listing in listings],
            "crawls": [asdict(run) for run in runs],
            "problems": [_problem(version) for version in troubled],
        }
        print(json.dumps(found, indent=2, ensure_ascii=False, default=_plain))
        return
    steps = list(_steps(counts))
    if all_problems:
        steps = [
            f"  {tidy_reason(v.name)}: {v.state.value}: {tidy_reason(v.reason)}" for v in troubled
        ] + steps
    print_status(counts, listings, runs, steps)


def let_retry(database: Database, source: str | None, threshold: float | None) -> str:
    """Let the next crawl try again what failed; what was done, in words."""
    moved = retry_failed(database, datetime.now(UTC), source=source, threshold=threshold)
    told = f"{moved['failed']} papers that could not be fetched"
    if threshold is not None:
        told += f" and {moved['skipped']} that were skipped"
    return f"{told} will be tried in the next crawl"


def _steps(counts: Mapping[str, Mapping[VersionState, int]]) -> Iterator[str]:
    """What a person may do next."""

    def number(*states: VersionState) -> int:
        return sum(found.get(state, 0) for found in counts.values() for state in states)

    if waiting := number(VersionState.WAITING, VersionState.FAILED, VersionState.FETCHED):
        yield f"{waiting} papers wait for the next crawl"
    if given_up := number(VersionState.GIVEN_UP):
        yield f"{given_up} were given up: scmine crawl retry lets them be tried again"
    if unreadable := number(VersionState.UNREADABLE):
        yield f"{unreadable} could not be read: scmine ingest --retry on the folder of the crawl"


def _problem(version: CrawlVersion) -> dict[str, Any]:
    return {
        "source": version.source,
        "name": version.name,
        "state": version.state.value,
        "reason": version.reason,
        "path": version.path,
        "failures": version.failures,
    }


def _plain(value: Any) -> str:
    return value.isoformat() if isinstance(value, date | datetime) else str(value)
