"""Half downloads: what goes on where it was, and what comes anew."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from scmine.pipelines.crawl.errors import BrokenAnswerError, UnreachableError
from scmine.pipelines.crawl.http import PoliteWeb
from scmine.pipelines.settings import load_settings
from tests.arxiv_server import ArxivServer
from tests.arxiv_server_faults import cut
from tests.arxiv_server_papers import made_papers
from tests.crawl_clock import CrawlClock
from tests.pipelines.crawl.raw_server import RawServer, answer

FILE = bytes(range(256)) * 4
HALF = 500
TAG = 'ETag: "made"'
OLD = "Last-Modified: Sat, 01 Jun 2024 12:00:00 GMT"
NOW = "Date: Sat, 01 Jun 2024 12:00:30 GMT"
LATER = "Date: Mon, 03 Jun 2024 06:00:00 GMT"


def half(*headers: str, size: int = HALF) -> bytes:
    """The whole is told, and half of it sent."""
    return answer(200, *headers, body=FILE)[: size - len(FILE)]


def rest(*headers: str, start: int = HALF, told: str | None = None, body: bytes = b"") -> bytes:
    """What a server sends that goes on."""
    told = told or f"bytes {start}-{len(FILE) - 1}/{len(FILE)}"
    return answer(206, f"Content-Range: {told}", *headers, body=body or FILE[start:])


def polite(folder: Path, **given: object) -> PoliteWeb:
    settings = load_settings(crawl_contact="ada@example.org", crawl_interval_s=0, **given)
    return PoliteWeb(settings, CrawlClock(), folder / "pace")


def ranges(server: RawServer) -> list[tuple[str | None, str | None]]:
    """The part that each request asked for, and by which mark."""
    found = []
    for head in server.asked:
        fields = dict(line.split(": ", 1) for line in head.splitlines()[1:] if line)
        found.append((fields.get("Range"), fields.get("If-Range")))
    return found


@pytest.mark.parametrize(
    ("headers", "mark"),
    [
        ([TAG], '"made"'),
        ([TAG, OLD, LATER], '"made"'),
        ([OLD, LATER], OLD.partition(": ")[2]),
    ],
)
def test_half_a_file_goes_on_where_it_was(tmp_path: Path, headers: list[str], mark: str) -> None:
    to = tmp_path / "paper.pdf"
    first = half("Content-Type: application/pdf", *headers)
    more = rest(*headers)[: 200 - (len(FILE) - HALF)]  # half again
    with RawServer(first, more, rest(start=HALF + 200)) as server:
        came = polite(tmp_path).download(server.url, to)
        assert to.read_bytes() == FILE
        assert (came.size, came.media_type) == (len(FILE), "application/pdf")
        asked = [(None, None), (f"bytes={HALF}-", mark), (f"bytes={HALF + 200}-", mark)]
        assert ranges(server) == asked
        assert sorted(path.name for path in tmp_path.iterdir()) == ["pace", "paper.pdf"]


@pytest.mark.parametrize(
    "headers", [[], ['ETag: W/"made"'], ["ETag: made"], [OLD], [OLD, NOW], [OLD, "Date: today"]]
)
def test_what_cannot_be_known_again_comes_anew(tmp_path: Path, headers: list[str]) -> None:
    to = tmp_path / "paper.pdf"
    with RawServer(half(*headers), answer(200, body=FILE)) as server:
        polite(tmp_path).download(server.url, to)
        assert to.read_bytes() == FILE
        assert ranges(server) == [(None, None)] * 2


NEW = bytes(reversed(FILE)) + b"more"


@pytest.mark.parametrize(
    "second",
    [
        answer(416, f"Content-Range: bytes */{HALF}"),
        rest(TAG, start=0),
        rest(TAG, start=HALF + 1),
        rest(TAG, told=f"bytes {HALF}-{HALF + 1}/99"),
        rest(TAG, told=f"bytes {HALF}-{HALF - 1}/*"),
        rest(TAG, told="bytes ²-³/¹"),
        rest(TAG, told="pages 3-4/9"),
        rest(TAG, told="none", body=b"--x\r\nContent-Type: application/pdf\r\n"),
        rest('ETag: "other"'),
        rest(TAG, told=f"bytes {HALF}-{HALF + 9}/*", body=FILE[HALF : HALF + 10]),
        answer(206, TAG, body=FILE[HALF:]),
    ],
)
def test_a_rest_that_does_not_fit_is_not_taken(tmp_path: Path, second: bytes) -> None:
    to = tmp_path / "paper.pdf"
    with RawServer(half(TAG), second, answer(200, 'ETag: "new"', body=NEW)) as server:
        polite(tmp_path).download(server.url, to)
        assert to.read_bytes() == NEW
        assert ranges(server) == [(None, None), (f"bytes={HALF}-", '"made"'), (None, None)]


def test_a_file_that_has_changed_comes_anew_at_once(tmp_path: Path) -> None:
    to = tmp_path / "paper.pdf"
    with RawServer(half(TAG), answer(200, 'ETag: "new"', body=NEW)) as server:
        polite(tmp_path).download(server.url, to)
        assert to.read_bytes() == NEW
        assert len(server.asked) == 2


def test_a_part_that_was_not_asked_for_is_no_file(tmp_path: Path) -> None:
    with RawServer(rest(TAG)) as server, pytest.raises(BrokenAnswerError, match="206"):
        polite(tmp_path).download(server.url, tmp_path / "paper.pdf")


def test_parts_are_bounded_together(tmp_path: Path) -> None:
    size = 700_000
    first = answer(200, TAG, "Content-Length: x", body=bytes(size))
    first = first.replace(f"Content-Length: {size}\r\n".encode(), b"").replace(
        b"Content-Length: x", b"Transfer-Encoding: chunked"
    )
    head, _, body = first.partition(b"\r\n\r\n")
    first = head + b"\r\n\r\n" + f"{size:x}\r\n".encode() + body + b"\r\n"
    second = rest(TAG, told=f"bytes {size}-{2 * size - 1}/*", body=bytes(size))
    with RawServer(first, second) as server:
        web = polite(tmp_path, crawl_max_file_MB=1)
        with pytest.raises(BrokenAnswerError, match="larger than 1 MB"):
            web.download(server.url, tmp_path / "paper.pdf")
        assert [path.name for path in tmp_path.iterdir()] == ["pace"]


def test_parts_of_killed_processes_are_not_used_and_removed(tmp_path: Path) -> None:
    to = tmp_path / "paper.pdf"
    left, fresh = (tmp_path / f"paper.pdf.{n}.part" for n in (1, 2))
    for path in (left, fresh, tmp_path / f"paper.pdf.{os.getpid()}.part"):
        path.write_bytes(FILE[:HALF])
    os.utime(left, (time.time() - 2 * 86400,) * 2)
    with RawServer(answer(200, TAG, body=FILE)) as server:
        polite(tmp_path).download(server.url, to)
        assert ranges(server) == [(None, None)]
    assert to.read_bytes() == FILE
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "pace",
        "paper.pdf",
        "paper.pdf.2.part",  # its process may be at work
    ]


@pytest.mark.parametrize("goes_on", [True, False])
def test_a_server_like_arxiv_is_asked_for_the_rest(tmp_path: Path, goes_on: bool) -> None:
    clock = CrawlClock()
    with ArxivServer(made_papers(1), clock) as server:
        server.ranges = goes_on
        url = f"{server.url}/pdf/2405.00001v1"
        whole = tmp_path / "whole.pdf"
        polite(tmp_path).download(url, whole)
        for after in (400, 400):
            server.fail("/pdf", cut(after))
        polite(tmp_path).download(url, tmp_path / "paper.pdf")
        assert (tmp_path / "paper.pdf").read_bytes() == whole.read_bytes()
        wanted = ["bytes=400-", "bytes=800-"] if goes_on else ["bytes=400-", "bytes=400-"]
        assert [a.headers.get("range") for a in server.asked("/pdf")] == [None, None, *wanted]
        server.fail("/pdf", cut(10), times=None)
        with pytest.raises(UnreachableError, match="lost after 10 bytes, after 3 tries"):
            polite(tmp_path, crawl_tries=3).download(url, tmp_path / "other.pdf")
