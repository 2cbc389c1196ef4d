"""A crawl from the listing to records: order, failures, kills, refusals, versions."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest

from scmine.database.crawl import crawl_counts, crawl_listings, crawl_runs, crawled, records_of_runs
from scmine.database.crawl_leases import Lease, LeaseHeldError
from scmine.database.crawl_values import CrawlState, VersionState
from scmine.database.store import open_database
from scmine.pipelines.crawl.dry_run import dry_run
from scmine.pipelines.crawl.run import Relevance, crawl
from scmine.pipelines.crawl.summary import CrawlSummary
from scmine.pipelines.run import ingest
from scmine.pipelines.workers import WorkerStartError
from tests.conftest import ROOT
from tests.pipelines.crawl.loopback import Loopback, LoopbackWeb
from tests.pipelines.crawl.shelf import (
    PROCESSOR,
    Shelf,
    crawl_shelf,
    listed,
    made_paper,
    page,
    shelf_settings,
)

SINCE = date(2024, 5, 1)
TITLES = Relevance(lambda title, abstract: 0.0 if "bridge" in title else 1.0, 0.5)

Answers = dict[str, bytes | int | list[bytes]]
Go = Callable[..., CrawlSummary]


class Place:
    """A folder with a database, and a server that answers as it is told."""

    def __init__(self, folder: Path, answers: Answers) -> None:
        self.folder = folder
        self.answers = answers
        self.server = Loopback(answers)
        self.settings = shelf_settings(folder)
        self.shelf = Shelf(self.server.url, LoopbackWeb())

    def go(self, **more: object) -> CrawlSummary:
        """Crawl, with a processor that reads at once unless another is named."""
        options = {"processor": PROCESSOR} | more
        return crawl(self.shelf, self.settings, LoopbackWeb(), **options)  # type: ignore[arg-type]

    def answer(self, **pages: bytes | int | list[bytes]) -> None:
        """Answer otherwise from now on; ``page_first`` is ``/page/first``."""
        self.server.close()
        self.answers |= {f"/{k.replace('_', '/', 1)}": v for k, v in pages.items()}
        self.server = Loopback(self.answers)
        self.shelf = Shelf(self.server.url, LoopbackWeb())

    def asked(self) -> Counter[str]:
        return Counter(self.server.paths())

    def states(self) -> dict[str, VersionState]:
        with open_database(self.settings.db) as database:
            return {v.name: v.state for _, v in crawled(database)}

    def claims(self) -> dict[tuple[str, str], list[float | None]]:
        """The Tc of each paper and status."""
        found: dict[tuple[str, str], list[float | None]] = {}
        with open_database(self.settings.db) as database:
            for record in database.records():
                name = Path(record.path).stem
                found.setdefault((name, record.status.value), []).append(record.tc_K)
        return found


@pytest.fixture
def place(own_folder: Path) -> Iterator[Callable[[Answers], Place]]:
    made: list[Place] = []

    def make(answers: Answers) -> Place:
        made.append(Place(own_folder, answers))
        return made[-1]

    yield make
    for one in made:
        one.server.close()


def three(**more: bytes | int) -> Answers:
    """Two pages with three papers, one of them about something else."""
    return {
        "/page/first": page(listed(1), listed(2), next="second", total=4),
        "/page/second": page(listed(3), listed(4, title="On a bridge")),
        "/html/2401.00001v1": made_paper("Nb3Sn", 18.1),
        "/html/2401.00002v1": made_paper("MgB2", 39.2),
        "/html/2401.00003v1": made_paper("V3Si", 16.8),
        **more,
    }


def test_papers_are_listed_judged_fetched_and_read(place: Callable[[Answers], Place]) -> None:
    here = place(three())
    told: list[Counter[str]] = []
    summary = here.go(
        since=SINCE, relevance=TITLES, progress=lambda s: told.append(Counter(s.counts))
    )
    assert (summary.state, summary.exit_code) == (CrawlState.FINISHED, 0)
    assert {k: summary.counts[k] for k in ("listed", "new", "fetched", "read", "left")} == {
        "listed": 4,
        "new": 4,
        "fetched": 3,
        "read": 3,
        "left": 0,
    }
    assert here.states() == {
        **{f"2401.0000{n}v1": VersionState.READ for n in (1, 2, 3)},
        "2401.00004v1": VersionState.SKIPPED,
    }
    assert [max(c["listed"] for c in told), told[-1]["records"]] == [4, summary.counts["records"]]
    with open_database(here.settings.db) as database:
        records = {r.arxiv_id: r.tc_K for r in records_of_runs(database, summary.ingest_runs)}
        (run,) = crawl_runs(database)
        (listing,) = crawl_listings(database)
    assert records == {"2401.00001": 18.1, "2401.00002": 39.2, "2401.00003": 16.8}
    assert (run.state, run.counts) == (CrawlState.FINISHED, dict(summary.counts))
    assert (listing.complete_from, listing.complete_until) == (SINCE, date(2024, 6, 5))
    # The next one has nothing to do, and asks for nothing but the listing.
    asked = here.asked()
    assert here.go(since=SINCE, relevance=TITLES).counts["new"] == 0
    assert here.asked() - asked == {"/page/first": 1, "/page/second": 1}


def test_a_dry_run_writes_nothing(place: Callable[[Answers], Place]) -> None:
    here = place(three())
    summary = dry_run(here.shelf, here.settings, since=SINCE, relevance=TITLES)
    assert [c.name for c in summary.candidates] == [f"2401.0000{n}v1" for n in (1, 2, 3)]
    assert summary.counts["skipped"] == 1
    assert list(here.folder.iterdir()) == []
    here.go(since=SINCE, limit=1, relevance=TITLES)
    assert len(dry_run(here.shelf, here.settings, relevance=TITLES).candidates) == 2
    assert not any("html" in path for path in here.server.paths()[-2:])


def test_a_limit_leaves_the_rest_for_the_next(place: Callable[[Answers], Place]) -> None:
    here = place(three())
    summary = here.go(since=SINCE, limit=2, relevance=TITLES)
    assert (summary.counts["fetched"], summary.counts["left"]) == (2, 1)
    assert here.go(relevance=TITLES).counts["fetched"] == 1
    assert {path: n for path, n in here.asked().items() if "html" in path} == {
        f"/html/2401.0000{n}v1": 1 for n in (1, 2, 3)
    }


def test_failures_end_no_crawl_and_are_tried_again(place: Callable[[Answers], Place]) -> None:
    here = place(three(**{"/html/2401.00002v1": 404}))
    summary = here.go(since=SINCE, relevance=TITLES)
    assert (summary.exit_code, summary.counts["failed"]) == (0, 1)
    assert [p.name for p in summary.problems] == ["2401.00002v1"]
    here.answer(**{"html_2401.00002v1": made_paper("MgB2", 39.2)})
    assert here.go(relevance=TITLES).counts["read"] == 1
    assert set(here.states().values()) == {VersionState.READ, VersionState.SKIPPED}


def test_a_server_that_is_down_ends_the_crawl(place: Callable[[Answers], Place]) -> None:
    many = [listed(n) for n in range(1, 9)]
    here = place({"/page/first": page(*many), **{f"/html/2401.0000{n}v1": 503 for n in range(9)}})
    summary = here.go(since=SINCE)
    assert (summary.state, summary.exit_code) == (CrawlState.FAILED, 1)
    assert (summary.counts["failed"], summary.counts["left"]) == (3, 5)
    assert sum("html" in path for path in here.asked().elements()) == 3


def test_a_refusal_ends_the_crawl_with_what_is_done(place: Callable[[Answers], Place]) -> None:
    refused = b'{"error": "refused"}'
    here = place(three() | {"/page/second": refused})
    summary = here.go(since=SINCE)
    assert (summary.state, summary.reason) == (CrawlState.REFUSED, "the shelf is refused")
    assert summary.exit_code == 1
    assert here.states() == {f"2401.0000{n}v1": VersionState.WAITING for n in (1, 2)}
    here.answer(page_second=three()["/page/second"])
    assert here.go(relevance=TITLES).counts["fetched"] == 3
    assert here.asked()["/page/first"] == 0  # it went on with the second page


def test_a_cursor_that_expired_begins_the_listing_again(place: Callable[[Answers], Place]) -> None:
    second = three()["/page/second"]
    assert isinstance(second, bytes)
    here = place(three() | {"/page/second": [b'{"error": "expired"}', second]})
    summary = here.go(since=SINCE, relevance=TITLES)
    assert (summary.state, summary.counts["new"], summary.counts["fetched"]) == (
        CrawlState.FINISHED,
        4,
        3,
    )
    assert here.asked()["/page/first"] == 2


def test_a_listing_out_of_reach_stops_no_fetching(place: Callable[[Answers], Place]) -> None:
    here = place(three())
    here.go(since=SINCE, limit=1, relevance=TITLES)
    here.answer(page_first=503)
    summary = here.go(relevance=TITLES)
    assert (summary.state, summary.counts["read"]) == (CrawlState.FAILED, 2)
    assert "the listing" in summary.reason


def test_a_second_version_takes_the_place_of_the_first(place: Callable[[Answers], Place]) -> None:
    here = place(three())
    here.go(since=SINCE, relevance=TITLES)
    first = {k[0]: v for k, v in here.claims().items()}
    here.answer(
        page_first=page(listed(2, version=2), listed(3, version=2, withdrawn=True)),
        **{"html_2401.00002v2": made_paper("MgB2", 38.4)},
    )
    here.go()
    claims = here.claims()
    assert claims["2401.00002v2", "new"] == [38.4]
    assert claims["2401.00002v1", "obsolete"] == first["2401.00002v1"]
    ingest(here.folder / "crawled", here.settings.db, force=True, workers=1, processor=PROCESSOR)
    assert here.claims() == claims
    with open_database(here.settings.db) as database:
        flagged = {r.arxiv_id for r in database.records() if "withdrawn" in r.flags}
    assert flagged == {"2401.00003"}


def test_a_second_crawl_at_once_is_told(place: Callable[[Answers], Place]) -> None:
    here = place(three())
    with open_database(here.settings.db) as database, Lease(database, "arxiv"):
        with pytest.raises(LeaseHeldError, match=f"process {os.getpid()}"):
            here.go(since=SINCE)
        assert crawl_runs(database) == []


def test_files_that_are_gone_are_fetched_again(place: Callable[[Answers], Place]) -> None:
    here = place(three())
    with pytest.raises(WorkerStartError):
        here.go(since=SINCE, relevance=TITLES, processor="nowhere:nothing")
    with open_database(here.settings.db) as database:
        (run,) = crawl_runs(database)
    assert (run.state, "nowhere" in run.reason) == (CrawlState.FAILED, True)
    gone = list(here.folder.rglob("*.html"))
    assert gone
    for path in gone:
        path.unlink()
    assert here.go(relevance=TITLES).counts["read"] == 3


KILL_AT = ["/page/first", "/page/second", *(f"/html/2401.0000{n}v1" for n in (3, 2, 1))]
"""What is asked for, in order: the newest paper is fetched first."""


class Killing(Loopback):
    """A server that kills who asks for a path, once, before it answers."""

    def __init__(self, answers: Answers, at: str, number: int = signal.SIGKILL) -> None:
        super().__init__(answers)
        self.at: str | None = at
        self.number = number
        self.process: subprocess.Popen[bytes] | None = None

    def _answer(self, path: str) -> bytes | int:
        if path == self.at and self.process is not None:
            self.at = None
            self.process.send_signal(self.number)
            if self.number == signal.SIGKILL:
                self.process.wait()
        return super()._answer(path)


def _start(server: Loopback, folder: Path) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-c", crawl_shelf(server.url, folder)], cwd=ROOT)


def test_a_crawl_that_is_killed_again_and_again_goes_on(own_folder: Path) -> None:
    server = Killing(three() | {"/page/second": page(listed(3))}, "")
    for at in KILL_AT:
        server.at = at
        server.process = _start(server, own_folder)
        assert server.process.wait(timeout=120) == -signal.SIGKILL
    assert _start(server, own_folder).wait(timeout=120) == 0
    asked = Counter(server.paths())
    server.close()
    # Nothing that had come is asked for again, but for the listing once the last one was whole.
    assert asked == {
        "/page/first": 2 + 3,
        "/page/second": 2 + 3,
        **dict.fromkeys(KILL_AT[2:], 2),
    }
    with open_database(own_folder / "t.db") as database:
        assert crawl_counts(database) == {"arxiv": {VersionState.READ: 3}}
        assert sorted(r.tc_K or 0 for r in database.records()) == [16.8, 18.1, 39.2]
        states = [run.state for run in crawl_runs(database)]
    assert states == [*[CrawlState.KILLED] * 5, CrawlState.FINISHED]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_a_crawl_well(own_folder: Path, number: int) -> None:
    server = Killing(three(), "/html/2401.00002v1", number)
    server.process = _start(server, own_folder)
    assert server.process.wait(timeout=120) == 130
    with open_database(own_folder / "t.db") as database:
        (run,) = crawl_runs(database)
    assert run.state is CrawlState.INTERRUPTED
    assert _start(server, own_folder).wait(timeout=120) == 0
    server.close()
    with open_database(own_folder / "t.db") as database:
        assert sorted(r.tc_K or 0 for r in database.records()) == [16.8, 18.1, 39.2]
