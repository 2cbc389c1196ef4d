"""The client against a server that means harm: bodies without end, odd headers, broken text."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from scmine.extractors.llm.cache import Cache
from scmine.extractors.llm.client import Client
from scmine.extractors.llm.request import Ending, Reply
from scmine.extractors.llm.server import Endpoint
from tests.llm_requests import GOOD, TcAnswer, request
from tests.llm_server import MODEL, Answered, LlmServer, serving


def one(
    answer: Answered | str, cache: Cache | None = None, **given: Any
) -> tuple[Reply, LlmServer]:
    """The reply to one request, and the server."""
    with serving(lambda body: answer) as server:
        endpoint = Endpoint(MODEL, server.url, pause_s=0.01, **given)
        with Client(endpoint, cache=cache) as client:
            [reply] = client.ask([request()])
    return reply, server


@pytest.mark.parametrize("status", [200, 500])
def test_a_response_without_end_is_not_read_on(status: int) -> None:
    server_sends = Answered(status=status, body="data: " + "x" * 3_000_000)
    reply, _ = one(server_sends, answer_tokens=256)
    assert reply.ending is Ending.UNAVAILABLE
    assert "MB were sent" in reply.reason


def test_a_compressed_response_is_not_unpacked() -> None:
    reply, server = one(Answered(body="x", headers={"Content-Encoding": "gzip"}))
    assert (reply.ending, "compressed" in reply.reason) == (Ending.UNAVAILABLE, True)
    assert server.headers[0]["accept-encoding"] == "identity"


def test_halves_of_characters_are_replaced(tmp_path: Path) -> None:
    with Cache(tmp_path / "cache.db") as cache:
        reply, _ = one(Answered(refusal="no \ud800"), cache=cache)
        assert (reply.ending, reply.reason) == (Ending.REFUSED, "no \N{REPLACEMENT CHARACTER}")
        assert cache.count() == 1
    whole = GOOD.replace("MgB2", "\N{GRINNING FACE}")
    reply, _ = one(Answered(body=_events(whole[:14] + "\ud83d", "\ude00" + whole[15:])))
    assert reply.answer == TcAnswer(material="\N{GRINNING FACE}", tc="39 K")


def _events(*pieces: str) -> str:
    deltas = [{"choices": [{"delta": {"content": piece}}]} for piece in pieces]
    return "".join(f"data: {json.dumps(delta)}\n\n" for delta in deltas) + "data: [DONE]\n\n"


@pytest.mark.parametrize(
    ("status", "headers"),
    [
        (307, {"Location": "http://[::1"}),
        (500, {"Content-Length": "500"}),
        (400, {"Content-Type": "text/plain; charset=hex"}),
    ],
)
def test_nor_do_odd_headers_of_an_error(status: int, headers: dict[str, str]) -> None:
    reply, _ = one(Answered(status=status, body="{", headers=headers))
    assert reply.ending is Ending.UNAVAILABLE


def test_an_answer_that_is_too_long_to_be_shown_again_is_invalid() -> None:
    reply, server = one("{" * 3000, context_tokens=2000, answer_tokens=500)
    assert (reply.ending, len(server.asked)) == (Ending.INVALID, 1)


@pytest.mark.parametrize(
    "sent",
    [
        "",
        "data:",
        "data: null",
        "data: 5",
        "data: [1, 2]",
        'data: "text"',
        "data: {not json",
        'data: {"choices": 5}',
        'data: {"choices": [5, null, {"delta": 5}, {"delta": {"content": {"a": 1}}}]}',
        'data: {"choices": [{"delta": {"content": "x"}, "finish_reason": {"a": 1}}]}',
        'data: {"choices": [{"index": "0", "delta": {"content": ["x"]}}], "usage": 3}',
        'data: {"usage": {"prompt_tokens": -5, "completion_tokens": 1e999}}',
        'data: {"error": "out of order"}',
        'data: {"error": {"message": 5, "code": {"a": 1}}}',
        "event: error\ndata: {}",
        "data: " + "[" * 5000,
        "\x00\ufffd\ud7ff",
    ],
)
def test_nothing_that_a_server_sends_ends_the_run(sent: str) -> None:
    for end in ("", "\n\n", "\n\ndata: [DONE]\n\n"):
        reply, _ = one(Answered(body=sent + end))
        assert reply.ending in (Ending.UNAVAILABLE, Ending.INVALID), reply


@pytest.mark.parametrize("status", [400, 404, 429, 500])
@pytest.mark.parametrize(
    "sent", ["", "<html>", "[]", "5", '{"error": null}', '{"error": [1]}', "{"]
)
def test_nor_does_an_error_of_any_form(status: int, sent: str) -> None:
    reply, _ = one(Answered(status=status, body=sent))
    assert reply.ending is Ending.UNAVAILABLE
