"""What a crawl shows to people: a bar while it goes on, what it came to, what waits.

What sources say is never printed as it came: ``tidy_reason`` and the tables take out what could
steer a terminal.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import timedelta

from rich.text import Text

from scmine.database.crawl_values import CrawlListing, CrawlRun, CrawlState, VersionState
from scmine.pipelines.crawl.summary import CrawlSummary, Told
from scmine.pipelines.progress_bar import counts_bar
from scmine.pipelines.report import print_table, wide_console
from scmine.pipelines.tables import Column, Kind
from scmine.pipelines.workers import tidy_reason

CANDIDATES_SHOWN = 25
PROBLEMS_SHOWN = 20
RUNS_SHOWN = 5

_DONE = ("fetched", "failed", "given_up")
_WORDS = {
    "listed": "listed",
    "new": "new",
    "changed": "with a new version",
    "withdrawn": "withdrawn",
    "fetched": "fetched",
    "failed": "not fetched, to be tried again",
    "given_up": "given up",
    "read": "read",
    "unreadable": "could not be read",
    "records": "records",
    "left": "left for the next crawl",
}


@contextmanager
def crawl_progress(*, quiet: bool) -> Iterator[Told | None]:
    """A bar on a terminal; None where nothing is to be shown."""
    with counts_bar("asking for the listing", quiet=quiet) as update:
        if update is None:
            yield None
            return
        shown = update

        def tell(summary: CrawlSummary) -> None:
            counts = summary.counts
            if "to_fetch" not in counts:
                shown(counts["listed"], summary.total or 0, f"listed {counts['listed']}")
                return
            done = sum(counts[name] for name in _DONE)
            words = f"fetched {counts['fetched']}, read {counts['read']}"
            shown(done, counts["to_fetch"], f"{words}, records {counts['records']}")

        yield tell


def print_crawl(summary: CrawlSummary) -> None:
    """What a crawl came to."""
    counts = summary.counts
    with wide_console() as console:
        since = "" if summary.since is None else f", changes since {summary.since}"
        console.print(Text(f"{summary.source}: {tidy_reason(summary.query)}{since}"))
        told = [f"{counts[name]} {words}" for name, words in _WORDS.items() if counts[name]]
        console.print(Text(f"  {', '.join(told) or 'nothing new'}"))
        for problem in summary.problems[:PROBLEMS_SHOWN]:
            reason = tidy_reason(problem.reason)
            console.print(Text(f"  {tidy_reason(problem.name)}: {problem.state}: {reason}"))
        more = len(summary.problems) - PROBLEMS_SHOWN
        if more > 0:
            console.print(Text(f"  … and {more} more; scmine crawl status --all lists them"))
        if summary.state is not CrawlState.FINISHED:
            reason = f": {tidy_reason(summary.reason)}" if summary.reason else ""
            console.print(Text(f"  the crawl was not finished ({summary.state.value}){reason}"))
            console.print(Text("  what it did is saved; the same command goes on from there"))
        console.print(Text(f"  {summary.elapsed_s:.0f} s; database {summary.db}"))


def print_dry_run(summary: CrawlSummary, limit: int | None, interval_s: float) -> None:
    """What a crawl would fetch, and how long its requests would take."""
    counts, found = summary.counts, summary.candidates
    number = min(len(found), limit or len(found))
    with wide_console() as console:
        console.print(Text(f"{summary.source}: {tidy_reason(summary.query)}"))
        listed = f"  {counts['listed']} papers changed since {summary.since}"
        left = [f"{counts[n]} {n}" for n in ("known", "skipped", "withdrawn") if counts[n]]
        console.print(Text(listed + (f"; of these {', '.join(left)}" if left else "")))
        rows = [
            ("" if c.score is None else f"{c.score:.3f}", c.name, ", ".join(c.words), c.title)
            for c in found[:CANDIDATES_SHOWN]
        ]
        if rows:
            names = (Column("paper"), Column("words"), Column("title"))
            columns = (Column("relevance", Kind.NUMBER), *names)
            print_table(console, columns, rows)
        if len(found) > len(rows):
            console.print(Text(f"  … and {len(found) - len(rows)} more; --json lists them all"))
        takes = timedelta(seconds=round(number * interval_s))
        console.print(
            Text(
                f"{number} papers would be fetched, in {takes} or more at one request in "
                f"{interval_s:g} s; nothing was fetched and nothing written"
            )
        )


def print_status(
    counts: Mapping[str, Mapping[VersionState, int]],
    listings: Sequence[CrawlListing],
    runs: Sequence[CrawlRun],
    steps: Sequence[str],
) -> None:
    """Where the crawls of a database stand, and what can be done."""
    with wide_console() as console:
        if not counts and not runs:
            console.print("nothing has been crawled into this database")
        for source, states in counts.items():
            told = [f"{states[s]} {s.value.replace('_', ' ')}" for s in VersionState if s in states]
            console.print(Text(f"{tidy_reason(source)}: {', '.join(told)}"))
        for listing in listings:
            console.print(Text(f"  {tidy_reason(listing.query)}: {_how_far(listing)}"))
        for run in runs[-RUNS_SHOWN:]:
            console.print(Text(f"  crawl {run.id}, {run.started:%Y-%m-%d %H:%M} UTC: {_told(run)}"))
        for step in steps:
            console.print(Text(step))


def _how_far(listing: CrawlListing) -> str:
    known = "nothing complete yet"
    if listing.complete_from is not None:
        known = f"complete from {listing.complete_from} to {listing.complete_until}"
    if listing.since is None:
        return known
    return f"{known}; a listing since {listing.since} was cut off and goes on"


def _told(run: CrawlRun) -> str:
    told = [f"{run.counts[n]} {w}" for n, w in _WORDS.items() if run.counts.get(n)]
    reason = f" ({tidy_reason(run.reason)})" if run.reason else ""
    return f"{run.state.value}{reason}, {', '.join(told) or 'nothing new'}{_mail(run)}"


def _mail(run: CrawlRun) -> str:
    """How the e-mail of a crawl's report stands; empty where none was wanted."""
    if run.mail is None:
        return ""
    why = f" ({tidy_reason(run.mail_reason)})" if run.mail_reason else ""
    return f"; e-mail {run.mail.value}{why}"
