"""A plain way out to a plain server on loopback, which answers each path with what it was given."""

from __future__ import annotations

import threading
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from scmine.pipelines.crawl.errors import NotThereError, UnreachableError
from scmine.pipelines.crawl.web import Answer, Download


class Loopback:
    """The server; of several answers for one path each is given once, the last one for ever."""

    def __init__(self, answers: Mapping[str, bytes | int | list[bytes]]) -> None:
        self.asked: list[tuple[str, dict[str, str]]] = []
        self._answers = {k: list(v) if isinstance(v, list) else [v] for k, v in answers.items()}
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()

    def close(self) -> None:
        """Stop listening."""
        self._server.shutdown()
        self._server.server_close()

    def paths(self) -> list[str]:
        """What was asked for."""
        return [path for path, _ in self.asked]

    def _answer(self, path: str) -> bytes | int:
        given = self._answers.get(path, [404])
        return given.pop(0) if len(given) > 1 else given[0]

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        server = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                parts = urllib.parse.urlsplit(self.path)
                server.asked.append((parts.path, dict(urllib.parse.parse_qsl(parts.query))))
                answer = server._answer(parts.path)
                body = b"" if isinstance(answer, int) else answer
                self.send_response(answer if isinstance(answer, int) else 200)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, format: str, *args: object) -> None:
                pass

        return Handler


class LoopbackWeb:
    """Asks once and at once: no manners are needed here."""

    def get(
        self,
        url: str,
        params: dict[str, str] | None = None,
        headers: dict[str, str] | None = None,
    ) -> Answer:
        """The answer to one request."""
        asked = url + ("?" + urllib.parse.urlencode(params) if params else "")
        try:
            with urllib.request.urlopen(asked, timeout=30) as answer:
                return Answer(url, "", answer.read())
        except urllib.error.HTTPError as error:
            kind = NotThereError if error.code == 404 else UnreachableError
            raise kind(f"{url} answered {error.code}") from error

    def download(
        self, url: str, to: Path, headers: dict[str, str] | None = None, *, public: bool = False
    ) -> Download:
        """One file."""
        body = self.get(url).body
        to.write_bytes(body)
        return Download(to, "", len(body))
