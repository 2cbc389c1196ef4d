"""A server on loopback that answers with bytes as a test gives them, and knows who is connected."""

from __future__ import annotations

import contextlib
import itertools
import os
import socket
import socketserver
import ssl
import subprocess
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from scmine.pipelines.crawl.clock import SystemClock
from tests.serving import Serving

Answer = bytes | Iterable[bytes]
OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"


def answer(status: int, *headers: str, body: bytes = b"") -> bytes:
    """An answer; its length is told."""
    lines = [f"HTTP/1.1 {status} Made", *headers, f"Content-Length: {len(body)}"]
    return "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + body


def dripping(first: bytes, pause_s: float) -> Iterable[bytes]:
    """An answer that begins as given and goes on byte by byte without an end."""
    yield first
    while True:
        time.sleep(pause_s)
        yield b"x"


class RawServer(Serving):
    """The server; ``answers`` are given one after another, the last one for ever.

    An answer is bytes, or pieces that are sent as they come; pieces that are an endless iterator
    are sent until the other side hangs up. ``asked`` has the heads of requests, ``times_s`` when
    they came. A connection ends with its answer, unless ``stays`` is set: then it goes on
    until the client closes it. With ``tls`` it speaks https as localhost; the file is its
    certificate and key.
    """

    def __init__(self, *answers: Answer, stays: bool = False, tls: Path | None = None) -> None:
        self.asked: list[str] = []
        self.times_s: list[float] = []
        self.connected = 0
        self.stays = stays
        self._answers = list(answers)
        self._tls = None
        if tls is not None:
            self._tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            self._tls.load_cert_chain(tls)
        self._server: Any = _Threads(("127.0.0.1", 0), self._handler())
        self.port = int(self._server.server_address[1])
        scheme, host = ("https", "localhost") if tls else ("http", "127.0.0.1")
        self.url = f"{scheme}://{host}:{self.port}"

    def gaps_s(self) -> list[float]:
        """The seconds between requests."""
        return [b - a for a, b in itertools.pairwise(self.times_s)]

    def _serve(self, plain: socket.socket) -> None:
        self.connected += 1
        made = plain
        if self._tls is not None:
            made = self._tls.wrap_socket(plain, server_side=True)
        while self._answer_one(made) and self.stays:
            pass
        made.close()

    def _answer_one(self, made: socket.socket) -> bool:
        """Read a request and answer it; False if the client has closed the connection."""
        head = b""
        while b"\r\n\r\n" not in head:
            came = made.recv(65536)
            if not came:
                return False
            head += came
        self.times_s.append(SystemClock().monotonic())
        self.asked.append(head.decode("latin-1"))
        given = self._answers.pop(0) if len(self._answers) > 1 else self._answers[0]
        for piece in [given] if isinstance(given, bytes) else given:
            made.sendall(piece)
        return True

    def _handler(self) -> Callable[..., socketserver.BaseRequestHandler]:
        server = self

        class Handler(socketserver.BaseRequestHandler):
            def handle(self) -> None:
                with contextlib.suppress(OSError):  # the client has hung up
                    server._serve(self.request)

        return Handler


class _Threads(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    block_on_close = False


def made_certificate(folder: Path) -> Path:
    """A certificate of localhost, signed by itself, and its key."""
    key, certificate = folder / "key.pem", folder / "localhost.pem"
    words = [
        "req",
        "-x509",
        "-newkey",
        "rsa:2048",
        "-nodes",
        "-days",
        "2",
        "-subj",
        "/CN=localhost",
    ]
    words += ["-addext", "subjectAltName=DNS:localhost"]
    files = ["-keyout", str(key), "-out", str(certificate)]
    subprocess.run(["openssl", *words, *files], check=True, capture_output=True)
    certificate.write_bytes(certificate.read_bytes() + key.read_bytes())
    return certificate


def clients_of(port: int) -> int:
    """How many connections to a port of this machine their clients hold open, by the system.

    Counted by the clients' own ports: the system's list is read in pieces, so that one connection
    can be in it twice when others come and go.
    """
    lines = Path("/proc/net/tcp").read_text("ascii").splitlines()[1:]
    fields = [line.split() for line in lines]
    return len({f[1] for f in fields if f[2].endswith(f":{port:04X}") and f[3] == "01"})


def environment(root: Path) -> dict[str, str]:
    """The variables of a process that can import the tests."""
    paths = [str(root), os.environ.get("PYTHONPATH", "")]
    return os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, paths))}
