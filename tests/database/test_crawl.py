"""Listings page by page, what is to be fetched, failures, and the same paper of two sources."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scmine.database.crawl import crawl_counts, crawl_run, crawl_runs, crawled, paper_counts
from scmine.database.crawl_listing import (
    begin_listing,
    end_listing,
    first_day,
    known_names,
    listing_of,
    take_page,
)
from scmine.database.crawl_progress import (
    CrawledFile,
    finish_crawl,
    retry_failed,
    set_failed,
    set_fetched,
    settle_read,
    start_crawl,
    to_fetch,
    to_read,
)
from scmine.database.crawl_values import CrawlListing, CrawlPaper, CrawlState, VersionState
from scmine.database.store import Database

NOW = datetime(2024, 6, 3, 6, tzinfo=UTC)
TODAY = NOW.date()


def paper(number: int, version: int = 1, source: str = "arxiv", **more: object) -> CrawlPaper:
    own = {"source": source, "key": f"2401.{number:05}", "version": version, "title": "T"}
    return CrawlPaper(**own | {"datestamp": TODAY - timedelta(number)} | more)  # type: ignore[arg-type]


def take(
    database: Database,
    *papers: CrawlPaper,
    cursor: str | None = None,
    threshold: float | None = None,
    run_id: int | None = None,
) -> dict[str, int]:
    run = run_id or start_crawl(database, papers[0].source, "q", NOW)
    listing = listing_of(database, papers[0].source, "q")
    return take_page(database, listing, papers, cursor, run_id=run, now=NOW, threshold=threshold)


def states(database: Database) -> dict[str, VersionState]:
    return {f"{v.source}:{v.name}": v.state for _, v in crawled(database)}


def test_a_page_is_taken_with_its_cursor_and_twice_is_once(database: Database) -> None:
    begin_listing(database, listing_of(database, "arxiv", "q"), date(2024, 5, 1), NOW)
    for _ in range(2):
        take(database, paper(1), paper(2), cursor="next")
    assert paper_counts(database) == {"arxiv": 2}
    listing = listing_of(database, "arxiv", "q")
    assert (listing.since, listing.cursor) == (date(2024, 5, 1), "next")
    assert take(database, paper(2), paper(3)) == {"listed": 2, "new": 1}
    end_listing(database, listing)
    ended = listing_of(database, "arxiv", "q")
    # The newest datestamp counts, not the clock of this machine.
    assert (ended.complete_from, ended.complete_until) == (date(2024, 5, 1), date(2024, 6, 2))
    assert (ended.since, ended.cursor) == (None, None)


def test_a_day_that_is_listed_joins_what_is_known(database: Database) -> None:
    def listed(since: date, *papers: CrawlPaper) -> tuple[date | None, date | None]:
        begin_listing(database, listing_of(database, "arxiv", "q"), since, NOW)
        take(database, *papers)
        end_listing(database, listing_of(database, "arxiv", "q"))
        found = listing_of(database, "arxiv", "q")
        return found.complete_from, found.complete_until

    assert listed(date(2024, 5, 1), paper(10)) == (date(2024, 5, 1), date(2024, 5, 24))
    assert listed(date(2024, 4, 1), paper(8)) == (date(2024, 4, 1), date(2024, 5, 26))
    # Behind a gap the days before it do not count as listed any more.
    assert listed(date(2024, 6, 1), paper(1)) == (date(2024, 6, 1), date(2024, 6, 2))


@given(
    st.dates(date(2020, 1, 1), date(2030, 1, 1)),
    st.integers(0, 900),
    st.none() | st.dates(date(2019, 1, 1), date(2031, 1, 1)),
    st.dates(date(2020, 1, 1), date(2031, 1, 1)),
)
def test_no_day_is_left_out(begun: date, days: int, since: date | None, today: date) -> None:
    until = begun + timedelta(days)
    known = CrawlListing(source="s", query="q", complete_from=begun, complete_until=until)
    first = first_day(known, since, today)
    wanted = since or until
    # All days from the one that is wanted on are known already, or are listed now.
    assert first <= wanted or begun <= wanted <= first <= until
    assert first < until or first in (since, begun)


def test_relevance_says_what_waits(database: Database) -> None:
    take(database, paper(1, score=0.9), paper(2, score=0.1), paper(3), threshold=0.5)
    assert [p.name for p, _ in to_fetch(database, "arxiv", 0, 99)] == [
        "2401.00001v1",
        "2401.00003v1",
    ]
    ((skipped, why),) = crawled(database, states=[VersionState.SKIPPED])
    assert (skipped.score, why.reason) == (0.1, "relevance 0.100 is below 0.500")
    assert known_names(database, [paper(1), paper(2), paper(4)]) == {"2401.00002v1"}
    # Listed again without a threshold, or let by a person, it waits.
    retry_failed(database, NOW, threshold=0.05)
    assert len(to_fetch(database, "arxiv", 0, 99)) == 3
    take(database, paper(2, score=0.1), threshold=0.5)
    assert len(to_fetch(database, "arxiv", 0, 99)) == 2
    take(database, paper(2))
    assert len(to_fetch(database, "arxiv", 0, 99)) == 3


def test_failures_are_tried_in_so_many_later_crawls(database: Database) -> None:
    take(database, paper(1))
    for crawl in range(3):
        run = start_crawl(database, "arxiv", "q", NOW)
        ((_, version),) = to_fetch(database, "arxiv", run, 99)
        state = set_failed(database, version, "503", retries=2, run_id=run, now=NOW)
        assert state is (VersionState.FAILED if crawl < 2 else VersionState.GIVEN_UP)
        assert to_fetch(database, "arxiv", run, 99) == []  # not again in the same crawl
    assert to_fetch(database, "arxiv", run + 1, 99) == []
    assert retry_failed(database, NOW, source="folder")["failed"] == 0
    assert retry_failed(database, NOW, source="arxiv")["failed"] == 1
    ((_, version),) = to_fetch(database, "arxiv", run, 99)
    assert (version.state, version.failures) == (VersionState.WAITING, 0)


def test_a_fetched_file_waits_to_be_read(database: Database) -> None:
    run = start_crawl(database, "arxiv", "q", NOW)
    take(database, paper(1), paper(2), run_id=run)
    for n, (_, version) in enumerate(to_fetch(database, "arxiv", run, 99)):
        file = CrawledFile(kind="html", url="u", path=f"/{n}", size=2**40, doc_id=str(n))
        set_fetched(database, version, file, run, NOW)
    pairs = to_read(database, "arxiv")
    assert [v.path for _, v in pairs] == ["/0", "/1"]
    assert settle_read(database, pairs, run, NOW, all_ended=False) == {}
    ended = settle_read(database, pairs[:1], run, NOW, all_ended=True)
    assert ended == {VersionState.UNREADABLE: 1}
    assert len(to_read(database, "arxiv")) == 1


def test_the_same_paper_of_another_source_is_not_fetched_twice(database: Database) -> None:
    take(database, paper(1, arxiv_id="2401.00001", doi="10.1/a"))
    by_doi = CrawlPaper(source="crossref", key="10.1/a", version=1, title="T", doi="10.1/a")
    by_id = CrawlPaper(source="list", key="x", version=2, title="T", arxiv_id="2401.00001")
    take(database, by_doi)
    take(database, by_id)
    assert states(database) == {
        "arxiv:2401.00001v1": VersionState.WAITING,
        "crossref:10.1/av1": VersionState.KNOWN,
        "list:xv2": VersionState.WAITING,  # a newer version
    }
    ((_, version),) = to_fetch(database, "arxiv", 0, 99)
    set_failed(database, version, "404", retries=0, run_id=1, now=NOW)
    take(database, by_doi)
    assert states(database)["crossref:10.1/av1"] is VersionState.WAITING  # there it may be had
    assert crawl_counts(database)["arxiv"] == {VersionState.GIVEN_UP: 1}


def test_a_crawl_that_was_killed_is_told_by_the_next(database: Database) -> None:
    first = start_crawl(database, "arxiv", "q", NOW)
    other = start_crawl(database, "folder", "q", NOW)
    second = start_crawl(database, "arxiv", "q", NOW)
    finish_crawl(database, second, CrawlState.FINISHED, "", NOW)
    ended = {run.id: run.state for run in crawl_runs(database)}
    assert ended == {
        first: CrawlState.KILLED,
        other: CrawlState.RUNNING,
        second: CrawlState.FINISHED,
    }
    last = crawl_run(database)
    assert last is not None
    assert last.id == second
    assert crawl_run(database, 99) is None


@pytest.mark.parametrize("text", ["nul \0 here", "\ud800", "x" * 100_000])
def test_what_sources_say_can_be_stored(database: Database, text: str) -> None:
    take(database, paper(1, title=text, abstract=text, authors=[text]))
    assert paper_counts(database) == {"arxiv": 1}
