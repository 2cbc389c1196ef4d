"""The loopback server that speaks as arXiv does, asked by a plain client."""

from datetime import date, timedelta

import pytest
import requests

from scmine.pipelines.crawl.arxiv_oai import read_page
from scmine.pipelines.crawl.errors import CursorExpiredError
from tests.arxiv_server import ArxivServer
from tests.arxiv_server_faults import cut, too_many, unavailable
from tests.arxiv_server_papers import made_papers
from tests.crawl_clock import START, CrawlClock

LIST = {"verb": "ListRecords", "metadataPrefix": "arXivRaw", "set": "physics:cond-mat:supr-con"}


def test_a_listing_comes_in_pages_whose_tokens_expire() -> None:
    clock = CrawlClock()
    with ArxivServer(made_papers(7), clock) as server:
        first = read_page(requests.get(server.oai_url, params=LIST, timeout=10).content)
        keys, cursor = [paper.key for paper in first.papers], first.cursor
        while cursor is not None:
            args = {"verb": "ListRecords", "resumptionToken": cursor}
            page = read_page(requests.get(server.oai_url, params=args, timeout=10).content)
            keys, cursor = keys + [paper.key for paper in page.papers], page.cursor
        assert keys == [f"2405.{k:05}" for k in range(1, 8)]
        clock.move(server.oai.token_life_s + 1)
        args = {"verb": "ListRecords", "resumptionToken": str(first.cursor)}
        late = requests.get(server.oai_url, params=args, timeout=10).content
        with pytest.raises(CursorExpiredError):
            read_page(late)


def test_files_come_whole_or_in_part_and_withdrawn_ones_not_at_all() -> None:
    paper = made_papers(1)[0]
    with ArxivServer([paper], CrawlClock()) as server:
        whole = requests.get(f"{server.url}/pdf/2405.00001v1", timeout=10)
        asked = {"Range": "bytes=100-", "If-Range": whole.headers["ETag"]}
        part = requests.get(f"{server.url}/pdf/2405.00001v1", headers=asked, timeout=10)
        assert (whole.status_code, part.status_code) == (200, 206)
        assert part.content == whole.content[100:]
        server.put(paper.withdrawn(date(2024, 6, 2)))
        assert requests.get(f"{server.url}/pdf/2405.00001", timeout=10).status_code == 404
        assert requests.get(f"{server.url}/pdf/2405.00001v1", timeout=10).status_code == 200


def test_faults_come_in_order_and_haste_is_refused() -> None:
    clock = CrawlClock()
    with ArxivServer(made_papers(2), clock) as server:
        server.fail("/html", unavailable("7"), after=1)
        server.fail("/pdf", cut(10))
        url = f"{server.url}/html/2405.00001"
        came = [requests.get(url, timeout=10) for _ in range(3)]
        assert [each.status_code for each in came] == [200, 503, 200]
        assert came[1].headers["Retry-After"] == "7"
        with pytest.raises(requests.RequestException):
            requests.get(f"{server.url}/pdf/2405.00001", timeout=10)
        server.limit_s = 3
        clock.move(2)
        assert requests.get(url, timeout=10).status_code == too_many().status
        clock.move(3)
        assert requests.get(url, timeout=10).ok
        assert server.gaps_s() == [0, 0, 0, 2, 3]


def test_a_jump_changes_the_time_of_day_only() -> None:
    clock = CrawlClock()
    clock.sleep(5)
    clock.jump(-3600)
    assert clock.now() == START + timedelta(seconds=5 - 3600)
    assert (clock.monotonic(), clock.slept) == (1005.0, [5])
