"""The pace between real processes, of which some are killed, and by clocks that jump."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from scmine.pipelines.crawl.errors import NotKeptError, RefusedError, UnreachableError
from scmine.pipelines.crawl.http import REFUSED_S, PoliteWeb
from scmine.pipelines.crawl.pace import MARGIN_S, MAX_WAIT_S
from scmine.pipelines.settings import load_settings
from tests.crawl_clock import CrawlClock
from tests.pipelines.crawl.raw_server import OK, RawServer, answer, clients_of, environment

YEAR_S = 365 * 86400.0

Ask = Callable[..., "subprocess.Popen[str]"]


@pytest.fixture
def ask(root: Path, tmp_path: Path) -> Iterator[Ask]:
    """Starts processes that ask a server, with one pace for all of them."""
    started: list[subprocess.Popen[str]] = []

    def start(server: RawServer, **given: object) -> subprocess.Popen[str]:
        command = [sys.executable, "-m", "tests.pipelines.crawl.asking", server.url]
        command += [str(tmp_path / "pace"), *(f"{name}={value}" for name, value in given.items())]
        process = subprocess.Popen(
            command, stdout=subprocess.PIPE, text=True, env=environment(root), cwd=tmp_path
        )
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.communicate()


def said(process: subprocess.Popen[str]) -> str:
    """What a process has to say at its end."""
    return process.communicate(timeout=120)[0].removeprefix("asks\n").strip()


def polite(clock: CrawlClock, folder: Path, **given: object) -> PoliteWeb:
    return PoliteWeb(load_settings(crawl_contact="ada@example.org", **given), clock, folder)


def state_of(folder: Path) -> Path:
    (state,) = folder.glob("*.json")
    return state


def test_processes_share_the_pace_and_one_connection(ask: Ask) -> None:
    open_then: list[int] = []

    def noting() -> Iterator[bytes]:
        open_then.append(clients_of(server.port))
        yield OK

    # The server would leave each connection open, as those do that overlook "Connection: close".
    with RawServer(*(noting() for _ in range(8)), stays=True) as server:
        processes = [ask(server, crawl_interval_s=0.3, times=4) for _ in range(2)]
        assert [said(process) for process in processes] == ["done", "done"]
        assert len(server.asked) == 8
        assert min(server.gaps_s()) >= 0.3
        assert max(open_then) == 1
        assert clients_of(server.port) == 0


def test_a_refusal_reaches_those_who_wait(ask: Ask) -> None:
    def slowly() -> Iterator[bytes]:
        let_go.wait(60)
        yield answer(429, "Retry-After: 90000")

    let_go = threading.Event()
    with RawServer(slowly(), OK) as server:
        processes = [ask(server, crawl_interval_s=0.5) for _ in range(3)]
        for process in processes:
            assert process.stdout is not None
            assert process.stdout.readline() == "asks\n"
        let_go.set()
        words = sorted(said(process) for process in processes)
        assert len(server.asked) == 1
        assert sum("it asks to wait 90000 s" in word for word in words) == 1
        assert all(word.startswith("RefusedError") for word in words)


def test_403_stops_other_processes_too(ask: Ask) -> None:
    with RawServer(answer(403), OK) as server:
        assert "403" in said(ask(server, crawl_interval_s=0))
        assert "nothing is asked for another 3" in said(ask(server, crawl_interval_s=0))
        assert len(server.asked) == 1


def test_the_next_goes_on_when_the_one_who_asks_is_killed(ask: Ask) -> None:
    asked = threading.Event()

    def never() -> Iterator[bytes]:
        asked.set()
        threading.Event().wait(60)
        yield OK

    with RawServer(never(), OK) as server:
        first = ask(server, crawl_interval_s=1)
        assert asked.wait(60)
        second = ask(server, crawl_interval_s=1)
        first.kill()
        assert said(second) == "done"
        assert min(server.gaps_s()) >= 1


def test_what_a_server_asks_to_wait_holds_for_all(tmp_path: Path) -> None:
    clock = CrawlClock()
    with RawServer(answer(503, "Retry-After: 77"), OK) as server:
        with pytest.raises(UnreachableError):
            polite(clock, tmp_path, crawl_tries=1).get(server.url)
        assert polite(clock, tmp_path).get(server.url).body == b"ok"
        assert sum(clock.slept) >= 77


@pytest.mark.parametrize("asked_s", [3.0, 20.0])
def test_each_keeps_its_own_interval(tmp_path: Path, asked_s: float) -> None:
    clock = CrawlClock()
    with RawServer(OK) as server:
        polite(clock, tmp_path, crawl_interval_s=5).get(server.url)
        clock.move(2)
        polite(clock, tmp_path, crawl_interval_s=asked_s).get(server.url)
        assert clock.slept == [pytest.approx(asked_s + MARGIN_S - 2)]


# --- clocks


@pytest.mark.parametrize("seconds", [86400.0, -86400.0, 10 * YEAR_S, -10 * YEAR_S])
def test_a_jump_of_the_clock_changes_no_wait(tmp_path: Path, seconds: float) -> None:
    clock = CrawlClock()
    with RawServer(OK, answer(403), OK) as server:
        polite(clock, tmp_path).get(server.url)
        clock.jump(seconds)
        with pytest.raises(RefusedError):
            polite(clock, tmp_path).get(server.url)
        assert clock.slept == [pytest.approx(3 + MARGIN_S)]
        clock.jump(seconds)
        clock.move(REFUSED_S - 1)
        with pytest.raises(RefusedError, match="nothing is asked for another"):
            polite(clock, tmp_path).get(server.url)
        clock.move(2)
        assert polite(clock, tmp_path).get(server.url).body == b"ok"


def test_a_refusal_outlives_a_restart(tmp_path: Path) -> None:
    clock = CrawlClock()
    with RawServer(answer(403), OK) as server:
        with pytest.raises(RefusedError):
            polite(clock, tmp_path).get(server.url)
        state = json.loads(state_of(tmp_path).read_text())
        state_of(tmp_path).write_text(json.dumps(state | {"boot": "another"}))
        later = CrawlClock(clock.now())  # its monotonic time counts from another moment
        later.move(-900)
        later.jump(900 + 600)
        with pytest.raises(RefusedError, match="another 3000 s"):
            polite(later, tmp_path).get(server.url)
        later.jump(-10 * YEAR_S)
        later.move(3000)
        assert polite(later, tmp_path).get(server.url).body == b"ok"


def test_a_wish_for_a_very_long_time_is_bounded(tmp_path: Path) -> None:
    clock = CrawlClock()
    with RawServer(answer(503, f"Retry-After: {'9' * 30}"), OK) as server:
        with pytest.raises(RefusedError):
            polite(clock, tmp_path).get(server.url)
        clock.move(MAX_WAIT_S - 1)
        with pytest.raises(RefusedError):
            polite(clock, tmp_path).get(server.url)
        clock.move(1)
        assert polite(clock, tmp_path).get(server.url).body == b"ok"


# --- files that are not as they were left


@pytest.mark.parametrize(
    "left",
    [
        b"",
        b"{",
        b"[]",
        b"3",
        b'{"last": 1717394400.0}',
        b'{"boot": "x", "then_s": 1, "day_s": 1, "since_s": 0, "wait_s": [], "refused_s": 0}',
        b"\xff\x00",
        b"[" * 100_000,
    ],
)
def test_half_a_file_costs_one_interval(tmp_path: Path, left: bytes) -> None:
    clock = CrawlClock()
    with RawServer(OK) as server:
        polite(clock, tmp_path).get(server.url)
        state_of(tmp_path).write_bytes(left)
        polite(clock, tmp_path).get(server.url)
        assert clock.slept == [pytest.approx(3 + MARGIN_S)]


@pytest.mark.parametrize("value", ["NaN", "Infinity", "-Infinity", "1e300", "-1e300"])
@pytest.mark.parametrize("name", ["then_s", "day_s", "since_s", "wait_s", "refused_s"])
def test_no_number_stops_crawls_for_ever(tmp_path: Path, name: str, value: str) -> None:
    clock = CrawlClock()
    with RawServer(OK) as server:
        polite(clock, tmp_path).get(server.url)
        state = json.loads(state_of(tmp_path).read_text()) | {name: float(value)}
        state_of(tmp_path).write_text(json.dumps(state))
        try:
            polite(clock, tmp_path).get(server.url)
        except RefusedError:
            clock.move(MAX_WAIT_S)
            polite(clock, tmp_path).get(server.url)
        assert sum(clock.slept) <= MAX_WAIT_S


@pytest.mark.parametrize("folder", ["file/pace", "/dev/full/pace", "/proc/pace"])
def test_where_the_pace_cannot_be_kept_nothing_is_asked(tmp_path: Path, folder: str) -> None:
    (tmp_path / "file").touch()
    with RawServer(OK) as server:
        with pytest.raises(NotKeptError, match="the pace cannot be kept"):
            polite(CrawlClock(), tmp_path / folder).get(server.url)
        assert server.connected == 0


def test_on_a_full_disk_nothing_is_asked(ask: Ask, tmp_path: Path) -> None:
    with RawServer(OK) as server:
        assert said(ask(server, crawl_interval_s=0)) == "done"
        before = state_of(tmp_path / "pace").read_bytes()
        assert "the pace cannot be kept: File too large" in said(ask(server, bytes=10))
        assert state_of(tmp_path / "pace").read_bytes() == before
        assert len(list((tmp_path / "pace").iterdir())) == 2
        assert len(server.asked) == 1


def test_a_download_to_a_full_disk_leaves_nothing(ask: Ask, tmp_path: Path) -> None:
    with RawServer(answer(200, body=bytes(300_000))) as server:
        process = ask(server, to=tmp_path / "paper.pdf", bytes=100_000, crawl_interval_s=0)
        assert "NotKeptError" in (words := said(process))
        assert "paper.pdf: cannot be written: File too large" in words
        assert len(server.asked) == 1
        assert [path.name for path in tmp_path.iterdir()] == ["pace"]
