"""Servers that send anything, or nothing, or without an end; and whom a connection may reach."""

from __future__ import annotations

import itertools
import shutil
import socket
import threading
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from requests.cookies import RequestsCookieJar

from scmine.pipelines.crawl.address import check_address
from scmine.pipelines.crawl.connection import PassingError, asked
from scmine.pipelines.crawl.errors import BrokenAnswerError, CrawlError, UnreachableError
from scmine.pipelines.crawl.http import PoliteWeb
from scmine.pipelines.crawl.web import Answer
from scmine.pipelines.settings import load_settings
from tests.crawl_clock import CrawlClock
from tests.pipelines.crawl.raw_server import (
    OK,
    RawServer,
    answer,
    clients_of,
    dripping,
    made_certificate,
)

CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
BEGUN = b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n"
KEY = "made-key-91c2"


def polite(folder: Path, within_s: float = 60.0, **given: object) -> PoliteWeb:
    given = {"crawl_contact": "ada@example.org", "crawl_interval_s": 0, "crawl_tries": 2} | given
    web_settings, clock = load_settings(**given), CrawlClock()
    return PoliteWeb(web_settings, clock, folder / "pace", answer_s=within_s, file_s=within_s)


# --- addresses that are none


HOSTILE = [
    "http://[::1",
    "http://a:²/",
    "http://a:99999/",
    "http://a:x/",
    "http://",
    "http:///x",
    "no address",
    "//",
    "http://" + "a" * 64 + ".example/",
    "http://a..b/",
    "http://\udcff/",
    "http://ada:key@127.0.0.1/",
    "http://[v1.x]/",
    "http://%zz\x00/",
    "file:///etc/passwd",
    "mailto:ada@example.org",
    "http://ⅰ\u200d.example/",
]


@pytest.mark.parametrize("url", HOSTILE)
def test_an_address_that_is_none_is_named(tmp_path: Path, url: str) -> None:
    web = polite(tmp_path, crawl_tries=1)
    for public in (False, True):
        with pytest.raises((BrokenAnswerError, UnreachableError)):
            web.download(url, tmp_path / "paper.pdf", public=public)
    with pytest.raises((BrokenAnswerError, UnreachableError)):
        web.get(url, {"x": "y"})


@pytest.mark.parametrize("location", [*HOSTILE, "", "\x00", "?\xff", "http://127.0.0.2/"])
def test_a_redirect_to_nowhere_is_named(tmp_path: Path, location: str) -> None:
    sent = location.encode("utf-8", "surrogateescape").decode("latin-1")
    with RawServer(answer(302, f"Location: {sent}")) as server:
        with pytest.raises(BrokenAnswerError):
            polite(tmp_path).get(server.url)
        assert len(server.asked) in (1, 6)  # what leads back to the server goes round


def test_the_body_of_a_redirect_is_not_read(tmp_path: Path) -> None:
    head = b"HTTP/1.1 302 Found\r\nLocation: /there\r\n\r\n"
    endless = itertools.chain([head], itertools.repeat(bytes(1 << 16)))
    with RawServer(endless, OK) as server:
        assert polite(tmp_path).get(server.url).body == b"ok"
        assert server.asked[1].startswith("GET /there ")


# --- answers that are none


@pytest.mark.parametrize(
    ("sent", "error", "words"),
    [
        (b"HTTP/1.1 200 OK\r\nContent-Length: \xb2\r\n\r\nok", None, ""),
        (b"HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\nok", None, ""),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 2, 3\r\n\r\nok", BrokenAnswerError, "header"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 999999999\r\n\r\n", BrokenAnswerError, "64 MB"),
        (b"HTTP/1.1 \xb2\xb3\xb9 OK\r\n\r\n", UnreachableError, "after 2 tries"),
        (b"SSH-2.0-OpenSSH\r\n", UnreachableError, "the connection was lost"),
        (b"", UnreachableError, "the connection was lost"),
        (b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 1000 + b"\r\n", UnreachableError, "after 2 tries"),
        (b"HTTP/1.1 200 OK\r\nX: " + b"y" * 100_000, UnreachableError, "after 2 tries"),
        (
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
            UnreachableError,
            "after 2 tries",
        ),
        (answer(204), BrokenAnswerError, "204"),
        (answer(299), BrokenAnswerError, "299"),
        (answer(418), BrokenAnswerError, "418"),
    ],
)
def test_an_answer_that_is_none_is_named(
    tmp_path: Path, sent: bytes, error: type[CrawlError] | None, words: str
) -> None:
    with RawServer(sent) as server:
        if error is None:
            assert polite(tmp_path).get(server.url).body == b"ok"
            return
        with pytest.raises(error, match=words):
            polite(tmp_path).get(server.url)


LINES = (
    b"HTTP/1.1 200 OK",
    b"HTTP/1.1 302 x",
    b"HTTP/1.0 503 ",
    b"Location: ",
    b"Content-Length: ",
    b"Retry-After: ",
    b"Transfer-Encoding: chunked",
    b"Set-Cookie: a=b",
    b"Content-Range: ",
)


@settings(deadline=None, max_examples=60)
@given(
    st.lists(
        st.tuples(st.sampled_from(LINES) | st.binary(max_size=20), st.binary(max_size=12)),
        max_size=8,
    )
)
def test_any_bytes_are_an_answer_or_a_named_error(
    tmp_path_factory: pytest.TempPathFactory, lines: list[tuple[bytes, bytes]]
) -> None:
    folder = tmp_path_factory.mktemp("any")
    with RawServer(b"\r\n".join(a + b for a, b in lines)) as server:
        for way in (
            lambda web: web.get(server.url),
            lambda web: web.download(server.url, folder / "paper.pdf"),
        ):
            try:
                way(polite(folder))
            except CrawlError as error:
                assert str(error)  # noqa: PT017 - it may also be an answer


def test_a_server_that_is_not_there_is_named(tmp_path: Path) -> None:
    with RawServer(OK) as server:
        pass
    with pytest.raises(UnreachableError, match="Connection refused, after 2 tries"):
        polite(tmp_path).get(server.url)


# --- time


def silent() -> Iterator[bytes]:
    """Nothing, until the test has ended."""
    threading.Event().wait(60)
    yield OK


@pytest.mark.parametrize("kind", ["silent", "line", "headers", "body", "chunks", "to the end"])
def test_a_server_that_takes_its_time_does_not_hold_a_crawl(tmp_path: Path, kind: str) -> None:
    begun = {
        "line": b"HTTP/1.1 200 ",
        "headers": b"HTTP/1.1 200 OK\r\nX: ",
        "body": BEGUN,
        "chunks": CHUNKED + b"fffff\r\n",
        "to the end": b"HTTP/1.1 200 OK\r\n\r\n",
    }
    sent = [silent() if kind == "silent" else dripping(begun[kind], 0.02) for _ in range(2)]
    with RawServer(*sent) as server:
        with pytest.raises(UnreachableError, match="not done within 1 s, after 2 tries"):
            polite(tmp_path, within_s=1).download(server.url, tmp_path / "paper.pdf")
        assert clients_of(server.port) == 0


def test_what_came_in_time_is_not_lost(tmp_path: Path) -> None:
    head = b'HTTP/1.1 200 OK\r\nContent-Length: 100\r\nETag: "x"\r\n\r\n'
    slow = itertools.chain([head + bytes(60)], silent())
    told = "Content-Range: bytes 60-99/100"
    with RawServer(slow, answer(206, told, body=bytes(40))) as server:
        polite(tmp_path, within_s=3).download(server.url, tmp_path / "paper.pdf")
        assert (tmp_path / "paper.pdf").read_bytes() == bytes(100)
        assert "Range: bytes=60-" in server.asked[1]


# --- whom it may reach, and what it tells


def ask_once(url: str, *, public: bool) -> None:
    with asked(url, {}, RequestsCookieJar(), 60, public=public) as reply:
        assert reply.status == 200


def test_a_name_that_leads_elsewhere_when_it_is_asked_is_told_nothing() -> None:
    with RawServer(OK) as server:
        ask_once(server.url, public=False)
        for host in ("127.0.0.1", "localhost"):
            with pytest.raises(BrokenAnswerError, match="no server of the public Internet"):
                ask_once(f"http://{host}:{server.port}", public=True)
        assert len(server.asked) == 1


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "localhost",
        "10.1.2.3",
        "169.254.169.254",
        "0.0.0.0",
        "224.0.0.1",
        "2130706433",
        "[::1]",
        "[fe80::1]",
        "[::ffff:10.0.0.1]",
        "[64:ff9b::a9fe:a9fe]",
        "[2002:a00:1::]",
    ],
)
def test_strangers_lead_to_no_machine_of_ours(tmp_path: Path, host: str) -> None:
    web = polite(tmp_path)
    with pytest.raises(BrokenAnswerError, match="no server of the public Internet"):
        web.download(f"http://{host}/latest/meta-data", tmp_path / "x", public=True)
    assert list(tmp_path.iterdir()) == []


def test_a_proxy_looks_names_up_itself(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with RawServer(OK) as proxy:
        monkeypatch.setenv("http_proxy", proxy.url)
        to = tmp_path / "paper.pdf"
        polite(tmp_path).download("http://paper.invalid/x", to, public=True)
        assert proxy.asked[0].startswith("GET http://paper.invalid/x ")
        with pytest.raises(BrokenAnswerError):
            polite(tmp_path).download("http://169.254.169.254/x", to, public=True)
        with RawServer(OK) as server:
            monkeypatch.setenv("no_proxy", "127.0.0.1")
            polite(tmp_path).get(server.url)
            assert len(server.asked) == 1
        assert len(proxy.asked) == 1
    with pytest.raises(UnreachableError, match="the proxy does not work"):
        polite(tmp_path).get("http://paper.invalid/x")


def test_a_name_nobody_knows_is_out_of_reach() -> None:
    with pytest.raises(UnreachableError, match="its address is not known"):
        check_address("http://paper.invalid/x")


def test_log_ins_of_the_user_are_not_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text(f"machine 127.0.0.1 login ada password {KEY}\n")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))
    with RawServer(answer(302, "Location: /there"), OK) as server:
        polite(tmp_path).get(server.url)
        assert len(server.asked) == 2
        assert not any("authorization" in head.lower() for head in server.asked)


def test_keys_and_cookies_stay_with_their_server(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    moved = answer(302, "Location: /b", "Set-Cookie: seen=yes")
    away = answer(302, "Location: http://arxiv.org/c")
    with RawServer(moved, away, OK) as proxy:
        monkeypatch.setenv("http_proxy", proxy.url)
        headers = {"X-Key": KEY, "user-agent": "somebody else", "Range": "bytes=1-"}
        polite(tmp_path).get("http://export.arxiv.org/a", headers=headers)
        assert [head.split()[1] for head in proxy.asked] == [
            "http://export.arxiv.org/a",
            "http://export.arxiv.org/b",
            "http://arxiv.org/c",
        ]
        assert [KEY in head for head in proxy.asked] == [True, True, False]
        assert ["seen=yes" in head for head in proxy.asked] == [False, True, False]
        assert all("(ada@example.org)" in head for head in proxy.asked)
        assert not any("somebody else" in head for head in proxy.asked)


# --- https


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    if shutil.which("openssl") is None:
        pytest.skip("no openssl to make a certificate with")
    return made_certificate(tmp_path)


def test_https_is_checked_watched_and_not_left(
    tmp_path: Path, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with ExitStack() as stack:
        plain = stack.enter_context(RawServer(OK))
        port = plain.port
        location = f"Location: http://localhost:{port}/"
        server = RawServer(OK, answer(302, location), dripping(BEGUN, 0.02), tls=certificate)
        stack.enter_context(server)
        web = polite(tmp_path, within_s=5, crawl_tries=1)
        with pytest.raises(UnreachableError, match="the connection is not safe"):
            web.get(server.url)
        assert server.asked == []
        monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(certificate))
        assert web.get(server.url) == Answer(server.url + "/", "", b"ok")
        with pytest.raises(BrokenAnswerError, match="sends us to another server"):
            web.get(server.url)
        assert plain.connected == 0
        with pytest.raises(UnreachableError, match="not done within 5 s"):
            web.get(server.url)
        assert clients_of(server.port) == 0


def test_a_server_that_does_not_finish_its_greeting_is_left() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        url = f"https://127.0.0.1:{server.getsockname()[1]}"
        with (
            pytest.raises(PassingError, match=r"not done within 0\.5 s"),
            asked(url, {}, RequestsCookieJar(), 0.5),
        ):
            pass
