"""A web server on loopback that speaks OpenAI's API as a model's server does, or fails as one can.

``serving(answer)`` starts one on a free port. ``answer`` is called with the body of each request
for a completion, streamed or not, and says what becomes of it: a string is the model's text, an
`Answered` says more. The server keeps what it was sent::

    with serving(lambda body: '{"claims": []}') as server:
        client = openai.OpenAI(base_url=server.url, api_key="k")
        ...
    assert server.asked[0]["messages"][0]["role"] == "system"

An answer that depends on the question reads it with ``question(body)``; one that depends on how
often was asked takes ``answers_in_turn("first", Answered(status=503), "third")``. Files and batches
are in ``tests.llm_batches``.
"""

from __future__ import annotations

import json
import select
import socket
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from tests.llm_batches import Batches

MODEL = "test-model"
_PIECE = 8
"""Characters in one piece of a streamed answer."""


@dataclass(frozen=True)
class Answered:
    """What is sent back.

    ``body`` replaces the completion: an error's JSON, or text that is none. ``cut`` closes the
    connection after so many characters of the text (0: before the status line). ``delay_s`` is how
    long the server thinks, ``drip_s`` how long it rests after each piece of a streamed text.
    ``usage`` is (tokens in, tokens out); None leaves it out.
    """

    text: str | None = ""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    body: dict[str, Any] | str | None = None
    finish_reason: str | None = "stop"
    refusal: str | None = None
    reasoning: str | None = None
    usage: tuple[int, int] | None = (100, 10)
    delay_s: float = 0.0
    drip_s: float = 0.0
    cut: int | None = None


Script = Callable[[dict[str, Any]], "Answered | str"]


def error(status: int, message: str, code: str | None = None, **headers: str) -> Answered:
    """An error as OpenAI words it; ``headers`` have ``_`` for ``-`` (``Retry_After="1"``)."""
    kind = "server_error" if status >= 500 else "invalid_request_error"
    body = {"error": {"message": message, "type": kind, "param": None, "code": code}}
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Answered(status=status, body=body, headers=named)


def question(body: dict[str, Any]) -> str:
    """The last message of a request."""
    return str(body["messages"][-1]["content"])


def answers_in_turn(*answers: Answered | str) -> Script:
    """A script that gives these answers one after the other; the last one for ever."""
    left = list(answers)
    lock = threading.Lock()

    def answer(body: dict[str, Any]) -> Answered | str:
        with lock:
            return left.pop(0) if len(left) > 1 else left[0]

    return answer


class LlmServer:
    """The server.

    Attributes
    ----------
    url
        What a client takes as its base URL.
    asked
        The bodies of the requests for completions, in the order they came.
    headers
        Their headers, names in lower case.
    paths
        How often each path was asked for, with its method (``GET /v1/models``).
    left
        How many answers were not waited for: the client closed the connection before their end.
    most_at_once
        How many completions were in work at the same time at most.
    batches
        The files and batches; None for a server that has none.
    """

    def __init__(
        self, script: Script, models: tuple[str, ...] = (MODEL,), batches: bool = True
    ) -> None:
        self.script = script
        self.models = models
        self.asked: list[dict[str, Any]] = []
        self.headers: list[dict[str, str]] = []
        self.paths: Counter[str] = Counter()
        self.left = 0
        self.most_at_once = 0
        self._at_once = 0
        self._lock = threading.Lock()
        self._open: set[socket.socket] = set()
        self._server = _Server(("127.0.0.1", 0), self._handler())
        self.url = f"http://127.0.0.1:{self._server.server_port}/v1"
        self.batches = Batches(lambda body: completed(self.answer(body), body)) if batches else None
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()

    def die(self) -> None:
        """Stop listening and cut all connections, as a killed server does."""
        self._server.shutdown()
        self._server.server_close()
        with self._lock:
            for connection in self._open:
                with suppress(OSError):
                    connection.shutdown(socket.SHUT_RDWR)

    def answer(self, body: dict[str, Any]) -> Answered:
        """What the script says to a request."""
        found = self.script(body)
        return Answered(found) if isinstance(found, str) else found

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        llm = self

        class Handler(_Handler):
            server_of = llm

        return Handler

    def came(self, body: dict[str, Any], headers: dict[str, str]) -> None:
        """Note a request for a completion."""
        with self._lock:
            self.asked.append(body)
            self.headers.append(headers)
            self._at_once += 1
            self.most_at_once = max(self.most_at_once, self._at_once)

    def went(self, was_left: bool) -> None:
        """Note the end of one."""
        with self._lock:
            self._at_once -= 1
            self.left += was_left

    def count(self, path: str) -> None:
        """Note that a path was asked for."""
        with self._lock:
            self.paths[path] += 1

    def opened(self, connection: socket.socket, is_open: bool) -> None:
        """Note that a connection was opened or closed."""
        with self._lock:
            (self._open.add if is_open else self._open.discard)(connection)


@contextmanager
def serving(
    answer: Script, *, models: tuple[str, ...] = (MODEL,), batches: bool = True
) -> Iterator[LlmServer]:
    """A server that answers by ``answer`` until the block ends."""
    server = LlmServer(answer, models, batches)
    try:
        yield server
    finally:
        server.die()


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing of connections that the other side closed."""


class _Handler(BaseHTTPRequestHandler):
    """One connection."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server_of: LlmServer

    def setup(self) -> None:
        super().setup()
        self.server_of.opened(self.connection, True)

    def finish(self) -> None:
        self.server_of.opened(self.connection, False)
        super().finish()

    def log_message(self, *what: Any) -> None:
        """Nothing is written to stderr."""

    def do_GET(self) -> None:
        path = self._path()
        if path == "/v1/models":
            data = [{"id": name, "object": "model"} for name in self.server_of.models]
            self._send_json(200, {"object": "list", "data": data})
        else:
            self._files_and_batches("GET", path, b"")

    def do_DELETE(self) -> None:
        self._files_and_batches("DELETE", self._path(), b"")

    def do_POST(self) -> None:
        path = self._path()
        sent = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if path != "/v1/chat/completions":
            self._files_and_batches("POST", path, sent)
            return
        body = json.loads(sent)
        was_left = True
        self.server_of.came(body, {k.lower(): v for k, v in self.headers.items()})
        try:
            was_left = not self._complete(body)
        except OSError:
            self.close_connection = True
        finally:
            self.server_of.went(was_left)

    def _path(self) -> str:
        path = self.path.split("?")[0]
        self.server_of.count(f"{self.command} {path}")
        return path

    def _files_and_batches(self, method: str, path: str, sent: bytes) -> None:
        batches = self.server_of.batches
        found = None
        if batches is not None:
            found = batches.answer(method, path, sent, self.headers.get("Content-Type", ""))
        status, body = found or (404, {"error": {"message": f"no such path: {path}"}})
        self._send(status, body if isinstance(body, bytes) else json.dumps(body).encode())

    def _complete(self, body: dict[str, Any]) -> bool:
        """Answer; False if the client did not wait for it."""
        answer = self.server_of.answer(body)
        if not self._wait(answer.delay_s):
            return False
        if answer.cut == 0:
            self.close_connection = True
        elif answer.status != 200 or answer.body is not None:
            whole = answer.body if isinstance(answer.body, str) else json.dumps(answer.body or {})
            self._send(answer.status, whole.encode(), answer.headers)
        elif body.get("stream"):
            return self._stream(answer, body)
        else:
            self._send_cut(json.dumps(completed(answer, body)).encode(), answer)
        return True

    def _stream(self, answer: Answered, body: dict[str, Any]) -> bool:
        self.send_response(200)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        sent = 0
        for delta, reason in _deltas(answer):
            if answer.cut is not None and sent >= answer.cut:
                self.close_connection = True
                return True
            sent += len(delta.get("content") or "")
            self._event(_chunk(body, [{"index": 0, "delta": delta, "finish_reason": reason}]))
            if not self._wait(answer.drip_s):
                return False
        if answer.usage and (body.get("stream_options") or {}).get("include_usage"):
            self._event(_chunk(body, []) | {"usage": _usage(answer.usage)})
        self._write(b"data: [DONE]\n\n")
        self.wfile.write(b"0\r\n\r\n")
        return True

    def _event(self, data: dict[str, Any]) -> None:
        self._write(b"data: " + json.dumps(data).encode() + b"\n\n")

    def _write(self, data: bytes) -> None:
        self.wfile.write(b"%x\r\n%b\r\n" % (len(data), data))
        self.wfile.flush()

    def _wait(self, seconds: float) -> bool:
        """Rest; False as soon as the client closes the connection."""
        until = time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0:
            readable, _, _ = select.select([self.connection], [], [], left)
            if readable and not self.connection.recv(1, socket.MSG_PEEK):
                self.close_connection = True
                return False
        return True

    def _send_json(self, status: int, body: dict[str, Any]) -> None:
        self._send(status, json.dumps(body).encode())

    def _send_cut(self, body: bytes, answer: Answered) -> None:
        """A whole completion, or its beginning."""
        if answer.cut is None:
            self._send(200, body, answer.headers)
            return
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body[: answer.cut])
        self.close_connection = True

    def _send(self, status: int, body: bytes, headers: dict[str, str] | None = None) -> None:
        self.send_response(status)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def completed(answer: Answered, body: dict[str, Any]) -> dict[str, Any] | Answered:
    """The completion that an answer makes; the answer itself if it is an error."""
    if answer.status != 200 or answer.body is not None:
        return answer
    message = {"role": "assistant", "content": answer.text, "refusal": answer.refusal}
    if answer.reasoning is not None:
        message["reasoning_content"] = answer.reasoning
    whole = _chunk(body, [{"index": 0, "message": message, "finish_reason": answer.finish_reason}])
    whole["object"] = "chat.completion"
    return whole | ({"usage": _usage(answer.usage)} if answer.usage else {})


def _deltas(answer: Answered) -> Iterator[tuple[dict[str, Any], str | None]]:
    """The pieces of a streamed answer."""
    yield {"role": "assistant", "content": ""}, None
    if answer.reasoning is not None:
        yield {"reasoning_content": answer.reasoning}, None
    if answer.refusal is not None:
        yield {"refusal": answer.refusal}, None
    text = answer.text or ""
    for start in range(0, len(text), _PIECE):
        yield {"content": text[start : start + _PIECE]}, None
    if answer.finish_reason is not None:
        yield {}, answer.finish_reason


def _chunk(body: dict[str, Any], choices: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "id": "chatcmpl-1",
        "object": "chat.completion.chunk",
        "created": 0,
        "model": body.get("model", MODEL),
        "choices": choices,
    }


def _usage(usage: tuple[int, int]) -> dict[str, int]:
    return {
        "prompt_tokens": usage[0],
        "completion_tokens": usage[1],
        "total_tokens": sum(usage),
    }
