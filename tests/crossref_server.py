"""A web server on loopback that speaks as Crossref and Unpaywall do, and fails on order.

Works are at ``/works/DOI`` and, page by page, at ``/works``; free copies at ``/v2/DOI``; files at
``/files/NAME``. ``headers`` of requests are noted.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from tests.serving import Serving


@dataclass(frozen=True)
class Asked:
    """A request."""

    path: str
    args: dict[str, str]
    headers: dict[str, str]


@dataclass
class Fault:
    """What is answered in place of the truth; ``endless`` sends spaces until nobody listens."""

    status: int = 200
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    endless: bool = False


class CrossrefServer(Serving):
    """The server. Change ``works``, ``copies``, ``files`` and ``faults`` at any time.

    ``works`` and ``copies`` are by DOI in small letters, ``files`` by name, ``faults`` by the
    beginning of the path.
    """

    def __init__(self) -> None:
        self.works: dict[str, dict[str, Any]] = {}
        self.copies: dict[str, dict[str, Any]] = {}
        self.files: dict[str, tuple[str, bytes]] = {}
        self.faults: dict[str, Fault] = {}
        self.asked: list[Asked] = []
        self.page_size = 2
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def settings(self) -> dict[str, str]:
        """The settings that lead a crawl here."""
        return {"crossref_url": self.url, "unpaywall_url": self.url}

    def paths(self) -> list[str]:
        """What was asked for."""
        return [asked.path for asked in self.asked]

    def answer(self, path: str, args: dict[str, str]) -> tuple[int, str, bytes]:
        """Status, media type and body for a request."""
        kind, _, name = path.removeprefix("/").partition("/")
        name = unquote(name)
        if kind == "files" and name in self.files:
            return 200, *self.files[name]
        found = {"works": self.works, "v2": self.copies}.get(kind, {}).get(name.lower())
        if kind == "works" and not name:
            found = self._page(args)
        elif kind == "works" and found is not None:
            found = {"status": "ok", "message-type": "work", "message": found}
        if found is None:
            return 404, "text/plain", b"Resource not found."
        return 200, "application/json", json.dumps(found).encode()

    def _page(self, args: dict[str, str]) -> dict[str, Any]:
        """One page of all works; the cursor of the next is given also when it will be empty."""
        start = 0 if args["cursor"] == "*" else int(args["cursor"].removeprefix("c"))
        works = list(self.works.values())
        end = start + self.page_size
        message = {"total-results": len(works), "items": works[start:end], "next-cursor": f"c{end}"}
        return {"status": "ok", "message-type": "work-list", "message": message}


def made_work(doi: str, title: str = "On MgB2", **more: Any) -> dict[str, Any]:
    """A work as Crossref describes it; names with ``_`` become those with ``-``."""
    work = {
        "DOI": doi,
        "type": "journal-article",
        "title": [title],
        "author": [{"given": "Ada", "family": "Made"}, {"name": "The Made Collaboration"}],
        "container-title": ["Journal of Made Results"],
        "publisher": "Made Press",
        "issued": {"date-parts": [[2024, 5]]},
        "indexed": {"date-parts": [[2024, 6, 1]]},
    }
    return work | {name.replace("_", "-"): value for name, value in more.items()}


def mining_link(url: str, media_type: str = "application/pdf") -> dict[str, str]:
    """A link for text mining."""
    return {"URL": url, "content-type": media_type, "intended-application": "text-mining"}


def _handler(server: CrossrefServer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            args = dict(parse_qsl(parts.query))
            headers = {name.lower(): value for name, value in self.headers.items()}
            server.asked.append(Asked(parts.path, args, headers))
            fault = next((f for p, f in server.faults.items() if parts.path.startswith(p)), None)
            if fault is None:
                status, kind, body = server.answer(parts.path, args)
                self._send(status, body, {"Content-Type": kind})
            elif fault.endless:
                self._endless()
            else:
                self._send(fault.status, fault.body, fault.headers)

        def _send(self, status: int, body: bytes, headers: dict[str, str]) -> None:
            self.send_response(status)
            for name, value in (headers | {"Content-Length": str(len(body))}).items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def _endless(self) -> None:
            self.send_response(200)
            self.end_headers()
            try:
                while True:
                    self.wfile.write(b" " * (1 << 20))
            except OSError:
                return

        def log_message(self, format: str, *args: object) -> None:
            pass

    return Handler
