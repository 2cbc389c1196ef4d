"""The client against a real server with a small real model.

What the model says is not looked at: it is too small to be right.
"""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Iterator
from typing import Any

import httpx
import openai
import pytest

from scmine.extractors.llm.answer_forms import Form
from scmine.extractors.llm.answers import ClaimsAnswer
from scmine.extractors.llm.client import Client
from scmine.extractors.llm.cost import tokens_of
from scmine.extractors.llm.request import Ending, Message, Request, Task
from scmine.extractors.llm.server import Endpoint
from tests.llm_requests import TcAnswer, request, requests
from tests.real_llm import CONTEXT_TOKENS, RealLlm, why_missing


def client_of(server: RealLlm, **given: Any) -> Client:
    given = {"context_tokens": CONTEXT_TOKENS, "answer_tokens": 200, "pause_s": 0.01, **given}
    return Client(Endpoint("smollm2", server.url, **given))


def tale() -> Request:
    """A request whose answer takes long: it is bounded by nothing but its tokens."""
    messages = (Message("user", "Tell a long tale of a superconductor, without an end."),)
    return Request(Task.CLAIMS, "claims@1", messages, TcAnswer)


@pytest.fixture
def own_server() -> Iterator[RealLlm]:
    """A server that the test may kill."""
    if missing := why_missing():
        pytest.skip(missing)
    server = RealLlm()
    yield server
    server.kill()


@pytest.mark.parametrize("answer", [TcAnswer, ClaimsAnswer])
def test_a_schema_is_kept_to(real_llm: RealLlm, answer: type) -> None:
    asked = Request(Task.CLAIMS, "claims@1", request().messages, answer)
    with client_of(real_llm, form=Form.JSON_SCHEMA, answer_tokens=400) as client:
        reply = next(client.ask([asked]))
    assert reply.ending in (Ending.ANSWERED, Ending.TRUNCATED), reply.reason
    assert reply.calls == 1, "a server that keeps to the schema needs no repair"
    if reply.ending is Ending.ANSWERED:
        assert isinstance(reply.answer, answer)


def test_usage_is_what_the_server_counts(real_llm: RealLlm) -> None:
    asked = request("MgB2 shows superconductivity at Tc = 39 K under ambient pressure. " * 5)
    with client_of(real_llm) as client:
        reply = next(client.ask([asked]))
    said = sum(tokens_of(message.text) for message in asked.messages)
    assert 0.7 * said < reply.usage.tokens_in < 1.3 * said + 40
    assert reply.usage.tokens_out > 0


@pytest.mark.parametrize("form", [Form.JSON_OBJECT, Form.PLAIN])
def test_other_forms_end_in_named_endings(real_llm: RealLlm, form: Form) -> None:
    with client_of(real_llm, form=form) as client:
        reply = next(client.ask([request()]))
    assert reply.ending in (Ending.ANSWERED, Ending.TRUNCATED, Ending.INVALID), reply.reason
    assert reply.calls == (2 if reply.ending is Ending.INVALID else reply.calls)


def test_an_overflow_is_named(real_llm: RealLlm) -> None:
    long = request("superconductivity at 39 K " * CONTEXT_TOKENS)
    with client_of(real_llm, context_tokens=10**6) as client:
        reply = next(client.ask([long]))
        assert reply.ending is Ending.TOO_LONG
        assert "context" in reply.reason
        assert next(client.ask([request()])).ending is not Ending.UNAVAILABLE


def test_a_slow_answer_is_given_up(real_llm: RealLlm) -> None:
    with client_of(real_llm, form=Form.PLAIN, timeout_s=0.3, answer_tokens=1500) as client:
        reply = next(client.ask([tale()]))
    assert reply.ending is Ending.TIMED_OUT
    assert is_idle(real_llm)


def test_cancelling_stops_the_server_too(real_llm: RealLlm) -> None:
    with client_of(real_llm, form=Form.PLAIN, answer_tokens=1500) as client:
        future = client.submit(tale())
        wait_until(lambda: is_working(real_llm))
        client.cancel()
        assert future.result(10).ending is Ending.CANCELLED
    assert is_idle(real_llm)


def test_a_stream_comes_in_pieces(real_llm: RealLlm) -> None:
    with openai.OpenAI(base_url=real_llm.url, api_key="none", max_retries=0) as client:
        pieces = list(
            client.chat.completions.create(
                model="smollm2",
                messages=[{"role": "user", "content": "Count to ten."}],
                max_tokens=20,
                stream=True,
            )
        )
    assert len(pieces) > 5


def test_two_clients_at_once(real_llm: RealLlm) -> None:
    endings: list[Counter[Ending]] = []

    def ask() -> None:
        with client_of(real_llm, answer_tokens=40, concurrency=2) as client:
            endings.append(Counter(reply.ending for reply in client.ask(requests(4))))

    threads = [threading.Thread(target=ask) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [found.total() for found in endings] == [4, 4]
    assert set(endings[0] + endings[1]) <= {Ending.ANSWERED, Ending.TRUNCATED}


def test_a_server_that_is_killed_while_it_answers(own_server: RealLlm) -> None:
    with client_of(own_server, form=Form.PLAIN, answer_tokens=1500, concurrency=1) as client:
        future = client.submit(tale())
        wait_until(lambda: is_working(own_server))
        own_server.kill()
        reply = future.result(60)
        assert reply.ending is Ending.UNAVAILABLE
        rest = list(client.ask(requests(10)))
        assert {each.ending for each in rest} == {Ending.UNAVAILABLE}
        assert "in a row got no answer" in client.stopped


def slots(server: RealLlm) -> list[dict[str, Any]]:
    """What the server says of its slots."""
    found = httpx.get(server.url.removesuffix("/v1") + "/slots", timeout=30, trust_env=False)
    found.raise_for_status()
    return list(found.json())


def is_working(server: RealLlm) -> bool:
    return any(slot["is_processing"] for slot in slots(server))


def is_idle(server: RealLlm) -> bool:
    """Whether the server stops working long before its answer would have ended."""
    return wait_until(lambda: not is_working(server))


def wait_until(holds: Any, seconds: float = 5) -> bool:
    end = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > end:
            return False
        time.sleep(0.02)
    return True
