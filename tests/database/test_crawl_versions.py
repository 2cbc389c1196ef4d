"""What newer versions and withdrawals do to records, in whatever order things happen."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from itertools import permutations

import pytest

from scmine.database.crawl import crawl_counts, crawled_document
from scmine.database.crawl_listing import begin_listing, listing_of, take_page
from scmine.database.crawl_progress import CrawledFile, set_fetched, start_crawl, to_fetch
from scmine.database.crawl_values import CrawlPaper, VersionState
from scmine.database.curation import Curation
from scmine.database.record import RecordStatus
from scmine.database.results import DocumentResult
from scmine.database.store import Database

MakeResult = Callable[..., DocumentResult]
NOW = datetime(2024, 6, 3, 6, tzinfo=UTC)


def paper(version: int = 1, key: str = "2401.00001", **changes: object) -> CrawlPaper:
    listed = {"title": "As listed", "datestamp": NOW.date(), "arxiv_id": key}
    return CrawlPaper(**{"source": "arxiv", "key": key, "version": version, **listed, **changes})  # type: ignore[arg-type]


class Crawled:
    """A database into which versions come by hand."""

    def __init__(self, database: Database, make_result: MakeResult) -> None:
        self.database = database
        self.make = make_result
        self.run = start_crawl(database, "arxiv", "q", NOW)
        self.ingest = database.start_run("p1")

    def list(self, *papers: CrawlPaper, threshold: float | None = None) -> dict[str, int]:
        listing = listing_of(self.database, "arxiv", "q")
        begin_listing(self.database, listing, NOW.date() - timedelta(7), NOW)
        return take_page(
            self.database, listing, papers, None, run_id=self.run, now=NOW, threshold=threshold
        )

    def fetch(self, *files: str) -> None:
        """Each version that waits, newest first, gets the file of a name."""
        for name, (_, version) in zip(
            files, to_fetch(self.database, "arxiv", self.run, 99), strict=True
        ):
            doc_id = self.make(name).doc_id
            file = CrawledFile(kind="pdf", url="u", path=f"/{name}", size=1, doc_id=doc_id)
            set_fetched(self.database, version, file, self.run, NOW)

    def read(self, name: str, **changes: object) -> None:
        self.database.save_document(self.ingest, self.make(name, **changes))

    def statuses(self) -> dict[str, str]:
        return {r.record_id: r.status.value for r in self.database.records()}

    def flags(self) -> dict[str, list[str]]:
        return {r.record_id: r.flags for r in self.database.records() if r.flags}

    def versions(self) -> dict[VersionState, int]:
        return crawl_counts(self.database)["arxiv"]


@pytest.fixture
def crawled(database: Database, make_result: MakeResult) -> Crawled:
    return Crawled(database, make_result)


def two_versions(crawled: Crawled) -> None:
    crawled.list(paper(1))
    crawled.fetch("a")
    crawled.list(paper(2))
    crawled.fetch("b")


@pytest.mark.parametrize("order", list(permutations(["a", "b", "a", "b"], 4))[::5])
def test_a_newer_version_overtakes_in_any_order(crawled: Crawled, order: Sequence[str]) -> None:
    two_versions(crawled)
    for name in order:
        crawled.read(name)
    assert crawled.statuses() == {
        **{f"a-{i}": "obsolete" for i in (0, 1)},
        **{f"b-{i}": "new" for i in (0, 1)},
    }
    assert crawled.versions() == {VersionState.READ: 2}


def test_versions_before_the_last_one_are_all_overtaken(crawled: Crawled) -> None:
    two_versions(crawled)
    crawled.list(paper(3))
    crawled.fetch("c")
    for name in "cab":
        crawled.read(name, claims=1)
    assert crawled.statuses() == {"a-0": "obsolete", "b-0": "obsolete", "c-0": "new"}


def test_a_version_that_cannot_be_read_overtakes_nothing(crawled: Crawled) -> None:
    two_versions(crawled)
    crawled.read("a", claims=1)
    crawled.read("b", claims=0, status="crashed", reason="signal 11", reader="")
    assert crawled.statuses() == {"a-0": "new"}
    assert crawled.versions() == {VersionState.READ: 1, VersionState.UNREADABLE: 1}
    crawled.read("b", claims=1)
    assert crawled.statuses() == {"a-0": "obsolete", "b-0": "new"}
    crawled.read("b", claims=0, status="timeout", reader="")
    assert crawled.statuses() == {"a-0": "new"}


def test_what_a_person_touched_stays_and_is_flagged(crawled: Crawled) -> None:
    two_versions(crawled)
    crawled.read("a", claims=3)
    curation = Curation(crawled.database)
    curation.edit("a-1", {"tc_K": 12.0}, who="ada", expected=0)
    curation.judge("a-2", RecordStatus.OBSOLETE, who="ada", expected=0)
    for _ in range(2):
        crawled.read("b", claims=1)
        assert crawled.statuses() == {
            "a-0": "obsolete",
            "a-1": "curated",
            "a-2": "obsolete",
            "b-0": "new",
        }
        assert crawled.flags() == {"a-1": ["newer_version"], "a-2": ["newer_version"]}
        crawled.read("a", claims=3)
    crawled.read("b", claims=0, status="failed", reader="")
    assert crawled.statuses() == {"a-0": "new", "a-1": "curated", "a-2": "obsolete"}
    assert crawled.flags() == {}


def test_an_overtaken_record_can_be_put_in_force_by_a_person(crawled: Crawled) -> None:
    two_versions(crawled)
    crawled.read("a", claims=1)
    crawled.read("b", claims=1)
    curation = Curation(crawled.database)
    curation.judge("a-0", "curated", who="ada", why="v2 has a slip", expected=0)
    crawled.read("a", claims=1)
    assert crawled.statuses() == {"a-0": "curated", "b-0": "new"}
    curation.undo("a-0", who="ada", expected=1)
    assert crawled.statuses()["a-0"] == "obsolete"


def test_a_withdrawn_paper_is_marked_and_nothing_deleted(crawled: Crawled) -> None:
    crawled.list(paper(1))
    crawled.fetch("a")
    crawled.read("a", record={"flags": ["ends_reversed"]})
    counts = crawled.list(paper(2, withdrawn=True))
    assert counts == {"listed": 1, "withdrawn": 1}
    assert crawled.statuses() == {"a-0": "new", "a-1": "new"}
    for _ in range(2):
        assert set(map(tuple, crawled.flags().values())) == {("ends_reversed", "withdrawn")}
        crawled.read("a", record={"flags": ["ends_reversed"]})
    assert crawled.versions() == {VersionState.READ: 1, VersionState.WITHDRAWN: 1}
    crawled.list(paper(3))
    assert set(map(tuple, crawled.flags().values())) == {("ends_reversed",)}


def test_a_file_that_two_versions_share_overtakes_itself_not(crawled: Crawled) -> None:
    crawled.list(paper(1))
    crawled.fetch("a")
    crawled.list(paper(2))
    crawled.fetch("a")
    crawled.read("a")
    assert set(crawled.statuses().values()) == {"new"}


def test_a_document_that_was_read_before_it_was_crawled(crawled: Crawled) -> None:
    crawled.read("a", claims=1, title=None, doi=None)
    crawled.read("b", claims=1)
    crawled.list(paper(1, doi="10.1/listed"))
    crawled.fetch("a")
    crawled.list(paper(2))
    crawled.fetch("b")
    assert crawled.statuses() == {"a-0": "obsolete", "b-0": "new"}
    (first,) = [d for d in crawled.database.documents() if d.path.endswith("a.pdf")]
    assert (first.title, first.doi) == ("As listed", "10.1/listed")


def test_a_listing_fills_what_reading_left_empty(crawled: Crawled) -> None:
    crawled.list(paper(1, authors=["A. Listed"], journal="Phys. Rev. B", year=2024))
    crawled.fetch("a")
    crawled.read("a", title="As read", authors=[], doi=None, year=None)
    (document,) = crawled.database.documents()
    assert (document.title, list(document.authors)) == ("As read", ["A. Listed"])
    assert (document.journal, document.year, document.doi) == ("Phys. Rev. B", 2024, None)
    crawled.list(paper(1, title="Another", doi="10.1/late"))
    (document,) = crawled.database.documents()
    assert (document.title, document.doi) == ("As read", "10.1/late")
    ((of, version),) = crawled_document(crawled.database, document.doc_id)
    assert (of.title, version.state) == ("Another", VersionState.READ)


def test_older_versions_that_were_never_fetched_pass(crawled: Crawled) -> None:
    crawled.list(paper(1))
    assert crawled.list(paper(3)) == {"listed": 1, "changed": 1}
    assert crawled.versions() == {VersionState.PASSED: 1, VersionState.WAITING: 1}
    assert crawled.list(paper(2)) == {"listed": 1}
    assert crawled.versions() == {VersionState.PASSED: 1, VersionState.WAITING: 1}
