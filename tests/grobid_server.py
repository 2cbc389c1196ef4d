"""A web server on loopback that answers as a GROBID server does, or fails as one can."""

from __future__ import annotations

import hashlib
import re
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from tests.serving import Serving


@dataclass(frozen=True)
class Answer:
    """What is sent for a paper.

    ``cut`` closes the connection after so many bytes of the body, however long it was to be;
    ``delay_s`` is how long the server works, ``drip_s`` how long it rests after each byte.
    """

    body: str | bytes = b""
    status: int = 200
    cut: int | None = None
    delay_s: float = 0.0
    drip_s: float = 0.0
    headers: dict[str, str] = field(default_factory=dict)


Script = Callable[[int, bytes], Answer]
"""Takes how many papers came before and the PDF."""


class FakeGrobid(Serving):
    """The server; ``script`` says what papers are answered.

    ``sent`` counts how often each paper came (by SHA-256), ``asked`` the paths of other requests,
    ``most_at_once`` how many papers were in work at the same time at most.
    """

    def __init__(
        self, script: Script, health: str = "", version: str = "0.8.2", port: int = 0
    ) -> None:
        self.script = script
        self.small = {"isalive": "true", "health": health, "version": version}
        self.sent: Counter[str] = Counter()
        self.asked: Counter[str] = Counter()
        self.fields: list[tuple[str, str]] = []
        self.most_at_once = 0
        self._at_once = 0
        self._lock = threading.Lock()
        self._server = ThreadingHTTPServer(("127.0.0.1", port), self._handler())
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def answer(self, pdf: bytes, fields: list[tuple[str, str]]) -> Answer:
        """Count a paper and ask the script what becomes of it."""
        with self._lock:
            number = self.sent.total()
            self.sent[hashlib.sha256(pdf).hexdigest()] += 1
            self.fields = fields
            self._at_once += 1
            self.most_at_once = max(self.most_at_once, self._at_once)
        try:
            answer = self.script(number, pdf)
            time.sleep(answer.delay_s)
            return answer
        finally:
            with self._lock:
                self._at_once -= 1

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        fake = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                name = self.path.split("?")[0].removeprefix("/api/")
                fake.asked[name] += 1
                text = fake.small.get(name)
                self._send(Answer(text or "", 404 if text is None else 200))

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                pdf, fields = _parts(body, self.headers["Content-Type"])
                self._send(fake.answer(pdf, fields))

            def _send(self, answer: Answer) -> None:
                body = answer.body.encode() if isinstance(answer.body, str) else answer.body
                if answer.cut == 0:
                    self.close_connection = True
                    return
                self.send_response(answer.status)
                for name, value in answer.headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                try:
                    for byte in body if answer.drip_s else b"":
                        self.wfile.write(bytes([byte]))
                        time.sleep(answer.drip_s)
                    self.wfile.write(b"" if answer.drip_s else body[: answer.cut])
                except OSError:
                    return  # the client has read as much as it wanted

            def log_message(self, format: str, *args: object) -> None:
                """Nothing."""

        return Handler


def _parts(body: bytes, content_type: str) -> tuple[bytes, list[tuple[str, str]]]:
    """The file ``input`` of a form, and its other fields."""
    boundary = b"--" + content_type.partition("boundary=")[2].strip('"').encode()
    pdf, fields = b"", []
    for part in body.split(boundary)[1:-1]:
        head, _, content = part.partition(b"\r\n\r\n")
        name = re.search(rb'name="(\w+)"', head)
        assert name is not None
        if name[1] == b"input":
            pdf = content.removesuffix(b"\r\n")
        else:
            fields.append((name[1].decode(), content.removesuffix(b"\r\n").decode()))
    return pdf, fields
