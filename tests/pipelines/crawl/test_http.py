"""Requests with manners, against the real server on loopback that speaks as arXiv does."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scmine.pipelines.crawl.contact import contact_of
from scmine.pipelines.crawl.errors import (
    BrokenAnswerError,
    NotThereError,
    RefusedError,
    UnreachableError,
)
from scmine.pipelines.crawl.http import PoliteWeb, back_off_s, retry_after_s
from scmine.pipelines.settings import SettingsError, load_settings
from tests.arxiv_server import ArxivServer
from tests.arxiv_server_faults import broken, cut, endless, moved, refused, too_many, unavailable
from tests.arxiv_server_papers import made_papers
from tests.crawl_clock import CrawlClock

CONTACT = "somebody@example.org"
PAGE = "/html/2405.00001v1"


def polite(clock: CrawlClock, folder: Path, **given: object) -> PoliteWeb:
    settings = load_settings(**{"crawl_contact": CONTACT, "crawl_interval_s": 3.0} | given)
    return PoliteWeb(settings, clock, folder)


def test_requests_keep_the_pace_and_tell_whom_to_reach(tmp_path: Path) -> None:
    clock = CrawlClock()
    with ArxivServer(made_papers(1), clock) as server:
        for _ in range(2):  # another crawl of the same machine keeps the same pace
            web = polite(clock, tmp_path)
            for _ in range(2):
                web.get(server.url + PAGE)
        assert len(server.asked()) == 4
        assert all(gap >= 3.0 for gap in server.gaps_s())
        assert all(CONTACT in asked.user_agent for asked in server.asked())


def test_a_file_comes_whole_or_not_at_all(tmp_path: Path) -> None:
    clock = CrawlClock()
    to = tmp_path / "paper.pdf"
    with ArxivServer(made_papers(1), clock) as server:
        server.fail("/pdf", cut(10))
        came = polite(clock, tmp_path / "pace").download(f"{server.url}/pdf/2405.00001v1", to)
        assert to.read_bytes().startswith(b"%PDF")
        assert came.size == to.stat().st_size
        server.fail("/pdf", cut(10), times=None)
        web = polite(clock, tmp_path / "pace", crawl_tries=2)
        with pytest.raises(UnreachableError):
            web.download(f"{server.url}/pdf/2405.00001v1", tmp_path / "other.pdf")
        assert sorted(path.name for path in tmp_path.iterdir()) == ["pace", "paper.pdf"]


def test_a_server_that_asks_for_time_gets_it(tmp_path: Path) -> None:
    clock = CrawlClock()
    with ArxivServer(made_papers(1), clock) as server:
        server.fail("/html", unavailable("77"))
        polite(clock, tmp_path).get(server.url + PAGE)
        assert server.gaps_s()[-1] >= 77


@pytest.mark.parametrize("fault", [refused(), too_many(), unavailable("90000")])
def test_a_refusal_ends_it_for_all_crawls_of_the_machine(tmp_path: Path, fault: object) -> None:
    clock = CrawlClock()
    with ArxivServer(made_papers(1), clock) as server:
        server.fail("/html", fault, times=None)
        with pytest.raises(RefusedError):
            polite(clock, tmp_path, crawl_tries=2).get(server.url + PAGE)
        server.heal()
        asked = len(server.asked())
        with pytest.raises(RefusedError):
            polite(clock, tmp_path).get(server.url + PAGE)
        assert len(server.asked()) == asked
        clock.move(100_000)
        assert polite(clock, tmp_path).get(server.url + PAGE).body


def test_answers_that_are_none_are_named(tmp_path: Path) -> None:
    clock = CrawlClock()
    with ArxivServer(made_papers(1), clock) as server:
        web = polite(clock, tmp_path, crawl_tries=2, crawl_max_file_MB=1)
        with pytest.raises(NotThereError):
            web.get(f"{server.url}/html/2405.99999v1")
        server.fail("/html", moved("http://127.0.0.2:1/"))
        with pytest.raises(BrokenAnswerError, match="another server"):
            web.get(server.url + PAGE)
        server.fail("/html", broken(), times=None)
        with pytest.raises(UnreachableError, match="after 2 tries"):
            web.get(server.url + PAGE)
        server.fail("/pdf", endless())
        with pytest.raises(BrokenAnswerError, match="larger than 1 MB"):
            web.download(f"{server.url}/pdf/2405.00001v1", tmp_path / "paper.pdf")


def test_a_clock_that_was_set_back_does_not_stop_a_crawl(tmp_path: Path) -> None:
    clock = CrawlClock()
    with ArxivServer(made_papers(1), clock) as server:
        polite(clock, tmp_path).get(server.url + PAGE)
        clock.jump(-10 * 365 * 86400)
        assert polite(clock, tmp_path).get(server.url + PAGE).body


def test_without_a_contact_nothing_is_asked(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="SCMINE_CRAWL_CONTACT"):
        contact_of(load_settings(), tmp_path)
    with pytest.raises(SettingsError, match="no e-mail"):
        contact_of(load_settings(crawl_contact="evil\r\nX: y"), tmp_path)


@given(st.integers(1, 100), st.floats(1, 5000), st.floats(0, 1))
def test_waits_grow_and_are_bounded(tried: int, most_s: float, chance: float) -> None:
    wait_s = back_off_s(tried, most_s, chance)
    assert 0 < wait_s <= most_s
    assert wait_s <= back_off_s(tried + 1, most_s, chance)


@given(st.text(max_size=40))
def test_any_retry_after_is_a_time_or_nothing(value: str) -> None:
    wait_s = retry_after_s(value, CrawlClock())
    assert wait_s is None or wait_s >= 0


def test_retry_after_has_two_forms() -> None:
    clock = CrawlClock()
    assert retry_after_s("120", clock) == 120
    assert retry_after_s(" 0000000000120 ", clock) == 120
    assert retry_after_s("0", clock) == 0
    assert retry_after_s("Mon, 03 Jun 2024 06:01:00 GMT", clock) == 60
    assert retry_after_s("Mon, 03 Jun 2024 05:00:00 GMT", clock) == 0
    assert retry_after_s("Wed, 21 Oct 2099 07:28:00 GMT", clock) > 1e8
