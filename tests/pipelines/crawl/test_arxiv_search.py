"""What arXiv's query API finds: order, pages that are empty, errors."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scmine.pipelines.crawl.arxiv import ArxivSource
from scmine.pipelines.crawl.arxiv_query import read_feed
from scmine.pipelines.crawl.errors import BrokenAnswerError, CrawlError, CursorExpiredError
from scmine.pipelines.crawl.paper import ListedPaper, Page
from tests.pipelines.crawl.arxiv_answers import entry, feed
from tests.pipelines.crawl.conftest import Serve
from tests.pipelines.crawl.loopback import Loopback, LoopbackWeb


def _search(
    serve: Serve, *pages: bytes, since: date | None = None, cursor: str | None = None
) -> tuple[Loopback, list[Page]]:
    server, settings = serve({"/api/query": list(pages)}, crawl_tries="3")
    source = ArxivSource(settings, LoopbackWeb(), "cond-mat.supr-con", "ti:made OR abs:made")
    return server, list(source.pages(since, cursor))


def _names(pages: list[Page]) -> list[str]:
    return [paper.name for page in pages for paper in page.papers]


def test_an_entry_tells_a_version() -> None:
    told = entry(journal_ref="Nature 525, 73 (2015)", doi="10.1038/x14964", comment="4 pages")
    assert read_feed(feed(told, total=1)).papers[0] == ListedPaper(
        source="arxiv",
        key="2404.01234",
        version=2,
        title="Superconductivity at 12 K",
        abstract="We report 12 K.",
        authors=("Ada Müster",),
        categories=("cond-mat.supr-con",),
        doi="10.1038/x14964",
        arxiv_id="2404.01234",
        journal="Nature",
        publisher="Springer Nature",
        year=2015,
        link="https://arxiv.org/abs/2404.01234",
        datestamp=date(2024, 4, 5),
    )


def test_withdrawn_papers_are_known_by_their_comment() -> None:
    told = entry(comment="This submission has been withdrawn by arXiv administrators")
    assert read_feed(feed(told, total=1)).papers[0].withdrawn


def test_a_search_is_asked_for_newest_change_first(serve: Serve) -> None:
    server, pages = _search(serve, feed(entry(), total=1))
    assert server.asked == [
        (
            "/api/query",
            {
                "search_query": "cat:cond-mat.supr-con AND (ti:made OR abs:made)",
                "start": "0",
                "max_results": "200",
                "sortBy": "lastUpdatedDate",
                "sortOrder": "descending",
            },
        )
    ]
    assert _names(pages) == ["2404.01234v2"]


def test_a_search_ends_where_changes_are_old(serve: Serve) -> None:
    first = feed(entry("2404.00003v1", "2024-04-20"), entry("2404.00002v1", "2024-04-10"), total=9)
    second = feed(entry("2404.00001v1", "2024-04-07"), entry("2403.00001v1", "2024-03-01"), total=9)
    server, pages = _search(serve, first, second, since=date(2024, 4, 20))
    # That of the 7th may have been held back until the 20th.
    assert _names(pages) == ["2404.00003v1", "2404.00002v1", "2404.00001v1"]
    assert [page.cursor for page in pages] == ["2", None]
    assert [asked["start"] for _, asked in server.asked] == ["0", "2"]


def test_a_search_goes_on_at_its_cursor(serve: Serve) -> None:
    server, _ = _search(serve, feed(entry(), total=41), cursor="40")
    assert [asked["start"] for _, asked in server.asked] == ["40"]


@pytest.mark.parametrize("cursor", ["", "x", "-1", "²", "99999999999999"])
def test_what_is_no_cursor_is_told(serve: Serve, cursor: str) -> None:
    with pytest.raises(CursorExpiredError):
        _search(serve, feed(entry(), total=1), cursor=cursor)


def test_a_page_that_is_empty_by_mistake_is_asked_for_again(serve: Serve) -> None:
    pages = (feed(entry("2404.00002v1"), total=2), feed(total=2), feed(entry(), total=2))
    server, found = _search(serve, *pages)
    assert _names(found) == ["2404.00002v1", "2404.01234v2"]
    assert [asked["start"] for _, asked in server.asked] == ["0", "1", "1"]


def test_a_search_that_finds_nothing_is_asked_for_twice(serve: Serve) -> None:
    server, pages = _search(serve, feed(total=0))
    assert (_names(pages), len(server.asked)) == ([], 2)
    server, pages = _search(serve, feed(total=0), feed(entry(), total=1))
    assert _names(pages) == ["2404.01234v2"]


def test_pages_that_stay_empty_end_the_search(serve: Serve) -> None:
    with pytest.raises(BrokenAnswerError, match="in 3 tries"):
        _search(serve, feed(entry(), total=7), feed(total=7))


def test_totals_may_change(serve: Serve) -> None:
    pages = (feed(entry("2404.00002v1"), total=9), feed(entry(), total=2))
    assert len(_names(_search(serve, *pages)[1])) == 2


def test_errors_of_the_api_are_told() -> None:
    error = (
        "<entry><id>http://arxiv.org/api/errors#start_must_be_an_integer</id>"
        "<title>Error</title><summary>start must be an integer</summary></entry>"
    )
    with pytest.raises(CrawlError, match="start must be an integer"):
        read_feed(feed(error, total=1))


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"<rss/>",
        b"<feed/>",
        feed(entry("../x"), total=1),
        feed(total=1)[:-9],
        feed(total=-1),
    ],
)
def test_what_is_no_feed_is_turned_down(data: bytes) -> None:
    with pytest.raises(BrokenAnswerError):
        read_feed(data)


@given(st.lists(st.sampled_from([entry(), "<entry>", "&x;"]) | st.text(max_size=20), max_size=5))
def test_any_feed_is_read_or_turned_down(told: list[str]) -> None:
    try:
        page = read_feed(feed(*told, total=3))
    except CrawlError:
        return
    assert page.total == 3
