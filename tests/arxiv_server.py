"""A real web server on loopback that speaks as arXiv does, notes who asks when, and fails on order.

Answers of OAI-PMH (``/oai``), of the query API (``/api/query``) and of files (``/e-print/ID``,
``/src/ID``, ``/html/ID``, ``/pdf/ID``) are made in the modules ``arxiv_server_…``.
"""

from __future__ import annotations

import hashlib
import re
import threading
import time
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import pairwise
from typing import Protocol
from urllib.parse import parse_qsl, unquote, urlsplit

from scmine.pipelines.crawl.clock import SystemClock
from tests.arxiv_server_faults import Fault, too_many
from tests.arxiv_server_oai import Oai
from tests.arxiv_server_papers import MadePaper, MadeVersion
from tests.arxiv_server_query import query
from tests.serving import Serving

_FILE = re.compile(r"/(e-print|src|html|pdf)/((?:[a-z.A-Z-]+/)?[\d.]+?)(?:v(\d+))?(?:\.pdf)?")
_RANGE = re.compile(r"bytes=(\d+)-")


class _Clock(Protocol):
    def now(self) -> datetime: ...

    def monotonic(self) -> float: ...


@dataclass(frozen=True)
class Asked:
    """A request: when it came by the server's clock, what it was, and what became of it.

    ``time_s`` is the clock's monotonic time, ``now`` its time of day, ``open`` how many
    connections were open at that moment, ``status`` what was answered (0: nothing at all).
    """

    time_s: float
    now: datetime
    path: str
    args: dict[str, str]
    headers: dict[str, str]
    open: int
    status: int = 0

    @property
    def user_agent(self) -> str:
        """Who asked."""
        return self.headers.get("user-agent", "")


@dataclass(frozen=True)
class Reply:
    """What the handler sends."""

    status: int
    body: bytes
    media_type: str
    headers: dict[str, str] = field(default_factory=dict)


@dataclass
class _Trouble:
    path: str
    fault: Fault
    left: int | None
    after: int


class ArxivServer(Serving):
    """The server; ``url`` is its root.

    ``requests`` has what was asked, ``most_open`` how many connections were open at once at most.
    With ``limit_s`` requests that come sooner after the last one, by the clock, get 429.
    ``ranges`` False sends whole files only. ``oai.page_size``, ``oai.token_life_s`` and
    ``oai.expire_tokens()`` rule listings; ``papers`` may be changed at any time.

    >>> with ArxivServer(made_papers(7), clock) as server:   # doctest: +SKIP
    ...     server.fail("/pdf/2405.00001", unavailable("30"), times=2)
    ...     crawl(settings(arxiv_oai_url=server.oai_url, …), clock)
    ...     assert min(server.gaps_s()) >= 3
    """

    def __init__(
        self, papers: Iterable[MadePaper] = (), clock: _Clock | None = None, port: int = 0
    ) -> None:
        self.clock = clock or SystemClock()
        self.papers: dict[str, MadePaper] = {}
        self.put(*papers)
        self.oai = Oai(self.papers, self.clock.now)
        self.requests: list[Asked] = []
        self.limit_s: float | None = None
        self.ranges = True
        self.most_open = 0
        self._open = 0
        self._troubles: list[_Trouble] = []
        self._lock = threading.Lock()
        self._server = _Threads(("127.0.0.1", port), _handler(self))
        self.port = self._server.server_port
        self.url = f"http://127.0.0.1:{self.port}"
        self.oai_url = f"{self.url}/oai"
        self.query_url = f"{self.url}/api/query"

    def settings(self) -> dict[str, str]:
        """The settings that lead a crawl here instead of to arXiv."""
        return {
            "arxiv_oai_url": self.oai_url,
            "arxiv_query_url": self.query_url,
            "arxiv_files_url": self.url,
        }

    def put(self, *papers: MadePaper) -> None:
        """Have these papers, in place of others of the same key."""
        self.papers.update({paper.key: paper for paper in papers})

    def fail(self, path: str, fault: Fault, times: int | None = 1, after: int = 0) -> None:
        """Let requests whose path begins with ``path`` fail.

        ``times`` None: from now on always. The first ``after`` of them are answered well.
        """
        with self._lock:
            self._troubles.append(_Trouble(path, fault, times, after))

    def heal(self) -> None:
        """Nothing fails any more."""
        with self._lock:
            self._troubles.clear()

    def asked(self, path: str = "/") -> list[Asked]:
        """The requests whose path begins with ``path``."""
        with self._lock:
            return [each for each in self.requests if each.path.startswith(path)]

    def gaps_s(self) -> list[float]:
        """The seconds between requests, by the clock that does not jump."""
        times = [each.time_s for each in self.asked()]
        return [b - a for a, b in pairwise(times)]

    def connected(self, change: int) -> None:
        """A connection was opened (1) or closed (-1)."""
        with self._lock:
            self._open += change
            self.most_open = max(self.most_open, self._open)

    def take(self, path: str, args: dict[str, str], headers: dict[str, str]) -> tuple[int, Fault]:
        """Note a request; its number, and what is to go wrong with it."""
        with self._lock:
            time_s = self.clock.monotonic()
            last = self.requests[-1].time_s if self.requests else None
            number = len(self.requests)
            self.requests.append(Asked(time_s, self.clock.now(), path, args, headers, self._open))
            if self.limit_s is not None and last is not None and time_s - last < self.limit_s:
                return number, too_many()
            return number, self._trouble(path)

    def _trouble(self, path: str) -> Fault:
        for trouble in self._troubles:
            if not path.startswith(trouble.path) or trouble.left == 0:
                continue
            if trouble.after:
                trouble.after -= 1
                continue
            if trouble.left is not None:
                trouble.left -= 1
            return trouble.fault
        return Fault()

    def answered(self, number: int, status: int) -> None:
        """Note what was answered."""
        with self._lock:
            self.requests[number] = replace(self.requests[number], status=status)

    def reply(self, path: str, args: dict[str, str]) -> Reply:
        """The answer where nothing goes wrong."""
        if path in ("/oai", "/oai2"):
            xml = self.oai.answer(args, self.oai_url)
            return Reply(200, xml.encode(), "text/xml; charset=utf-8")
        if path == "/api/query":
            status, feed = query(list(self.papers.values()), args, self.clock.now())
            return Reply(status, feed.encode(), "application/atom+xml; charset=utf-8")
        if match := _FILE.fullmatch(path):
            paper = self.papers.get(match[2])
            version = paper.version(int(match[3]) if match[3] else None) if paper else None
            if paper is not None and version is not None and not paper.deleted:
                name = f"{paper.key}v{match[3] or len(paper.versions)}".replace("/", "_")
                return _file(match[1], version, name)
        return _missing()


class _Threads(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing of clients that hang up."""


def _file(form: str, version: MadeVersion, name: str) -> Reply:
    if form == "html":
        body, media_type, ending = version.html, "text/html; charset=utf-8", ".html"
    elif form == "pdf" or (version.source is None and version.pdf is not None):
        body, media_type, ending = version.pdf, "application/pdf", ".pdf"
    else:
        body, media_type, ending = version.source, "application/gzip", ".tar.gz"
    if body is None:
        return _missing()
    headers = {
        "ETag": f'"sha256:{hashlib.sha256(body).hexdigest()}"',
        "Last-Modified": f"{version.submitted:%a, %d %b %Y} 12:00:00 GMT",
        "Content-Disposition": f'attachment; filename="arXiv-{name}{ending}"',
    }
    return Reply(200, body, media_type, headers)


def _missing() -> Reply:
    return Reply(404, b"<html><h1>Not found</h1></html>", "text/html; charset=utf-8")


def _handler(server: ArxivServer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        timeout = 30

        def setup(self) -> None:
            super().setup()
            server.connected(1)

        def finish(self) -> None:
            try:
                super().finish()
            finally:
                server.connected(-1)

        def date_time_string(self, timestamp: float | None = None) -> str:
            return format_datetime(server.clock.now(), usegmt=True)

        def log_message(self, format: str, *args: object) -> None:
            pass

        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            path, args = unquote(parts.path), dict(parse_qsl(parts.query, keep_blank_values=True))
            headers = {key.lower(): value for key, value in self.headers.items()}
            number, fault = server.take(path, args, headers)
            time.sleep(fault.delay_s)
            if fault.dead:
                self.close_connection = True
                return
            reply = _spoilt(server.reply(path, args), fault)
            if server.ranges and reply.status == 200 and "ETag" in reply.headers:
                reply = _part(reply, headers)
            server.answered(number, reply.status)
            self._send(reply, fault)

        def _send(self, reply: Reply, fault: Fault) -> None:
            self.send_response(reply.status)
            self.send_header("Content-Type", reply.media_type)
            for key, value in reply.headers.items():
                self.send_header(key, value)
            if fault.endless:
                self.send_header("Transfer-Encoding", "chunked")
            else:
                self.send_header("Content-Length", str(len(reply.body)))
            self.end_headers()
            if fault.endless:
                while True:
                    self.wfile.write(b"10000\r\n" + bytes(0x10000) + b"\r\n")
            self._write(reply.body[: fault.cut], fault.drip_s)
            if fault.cut is not None:
                self.close_connection = True

        def _write(self, body: bytes, drip_s: float) -> None:
            if not drip_s:
                self.wfile.write(body)
                return
            for k in range(len(body)):
                self.wfile.write(body[k : k + 1])
                time.sleep(drip_s)

    return Handler


def _spoilt(reply: Reply, fault: Fault) -> Reply:
    """The reply with what the fault makes of it; a strange body has no ETag."""
    strange = fault.body is not None or fault.status not in (None, reply.status)
    headers = {} if strange else reply.headers
    return Reply(
        reply.status if fault.status is None else fault.status,
        reply.body if fault.body is None else fault.body,
        fault.media_type or reply.media_type,
        {**headers, **fault.headers},
    )


def _part(reply: Reply, asked: dict[str, str]) -> Reply:
    """The part of a file that was asked for, if the file is still the one that the client knows."""
    headers = {**reply.headers, "Accept-Ranges": "bytes"}
    match = _RANGE.fullmatch(asked.get("range", ""))
    known = asked.get("if-range")
    if match is None or known not in (None, headers["ETag"], headers.get("Last-Modified")):
        return replace(reply, headers=headers)
    start, size = int(match[1]), len(reply.body)
    if start >= size:
        return Reply(416, b"", reply.media_type, {**headers, "Content-Range": f"bytes */{size}"})
    headers["Content-Range"] = f"bytes {start}-{size - 1}/{size}"
    return Reply(206, reply.body[start:], reply.media_type, headers)
