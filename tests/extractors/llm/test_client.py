"""The client against a server that answers, refuses, breaks and dies."""

from __future__ import annotations

import logging
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from scmine.extractors.llm.answer_forms import Form
from scmine.extractors.llm.cache import Cache
from scmine.extractors.llm.client import SILENT_REQUESTS, Client
from scmine.extractors.llm.cost import Budget, Prices
from scmine.extractors.llm.request import Ending, Reply, Request
from scmine.extractors.llm.server import Endpoint
from tests.llm_requests import GOOD, TcAnswer, request, requests
from tests.llm_server import (
    MODEL,
    Answered,
    LlmServer,
    Script,
    answers_in_turn,
    error,
    question,
    serving,
)

KEY = "sk-a-secret-key-of-somebody"


def client_of(server: LlmServer, cache: Cache | None = None, **given: Any) -> Client:
    budget = given.pop("budget", None)
    endpoint = Endpoint(MODEL, server.url, KEY, pause_s=0.01, **given)
    return Client(endpoint, cache=cache, budget=budget)


def asked(answer: Script | str, *what: Request, **given: Any) -> tuple[list[Reply], LlmServer]:
    """The replies to requests, by their places, and the server."""
    script: Script = (lambda body: answer) if isinstance(answer, str) else answer
    with serving(script) as server, client_of(server, **given) as client:
        replies = sorted(client.ask(what or [request()]), key=lambda reply: reply.request.place)
    return replies, server


def one(answer: Script | str | Answered, **given: Any) -> tuple[Reply, LlmServer]:
    script = (lambda body: answer) if isinstance(answer, str | Answered) else answer
    replies, server = asked(script, **given)
    assert len(replies) == 1
    return replies[0], server


def test_an_answer() -> None:
    reply, server = one(Answered(GOOD, usage=(50, 20)), budget=Budget(None, Prices(1.0, 2.0)))
    assert reply.ending is Ending.ANSWERED
    assert reply.answer == TcAnswer(material="MgB2", tc="39 K")
    assert (reply.usage.tokens_in, reply.usage.tokens_out) == (50, 20)
    assert reply.usage.cost == pytest.approx(90e-6)
    assert (reply.calls, reply.cached) == (1, False)
    sent = server.asked[0]
    assert sent["response_format"]["json_schema"]["strict"] is True
    assert (sent["temperature"], sent["seed"], sent["stream"]) == (0, 0, True)


def test_usage_is_estimated_where_the_server_does_not_tell() -> None:
    reply, _ = one(Answered(GOOD, usage=None))
    assert 15 < reply.usage.tokens_in < 50
    assert 5 < reply.usage.tokens_out < 30


@pytest.mark.parametrize("number", [0, 1, 40])
def test_each_request_has_one_reply(number: int) -> None:
    drawn = []

    def source() -> Iterator[Request]:
        for each in requests(number):
            drawn.append(each)
            yield each

    with serving(lambda body: GOOD) as server, client_of(server, concurrency=3) as client:
        replies = list(client.ask(source()))
    assert Counter(reply.request for reply in replies) == Counter(drawn)
    assert server.most_at_once <= 3


def test_requests_are_drawn_as_they_are_needed() -> None:
    drawn = 0

    def source() -> Iterator[Request]:
        nonlocal drawn
        for each in requests(100):
            drawn += 1
            yield each

    with serving(lambda body: GOOD) as server, client_of(server, concurrency=2) as client:
        replies = client.ask(source())
        next(replies)
        assert drawn < 20
        replies.close()


def test_equal_requests_are_sent_once() -> None:
    with (
        serving(lambda body: Answered(GOOD, delay_s=0.1)) as server,
        client_of(server) as client,
    ):
        replies = list(client.ask([request(place="p0"), request(place="p1")]))
    assert len(server.asked) == 1
    assert {reply.request.place for reply in replies} == {"p0", "p1"}
    assert sorted(reply.calls for reply in replies) == [0, 1]


def test_equal_requests_without_an_answer_tell_what_they_took_once() -> None:
    script = lambda body: Answered(GOOD, delay_s=5.0)  # noqa: E731
    budget = Budget(None, Prices(1.0, 2.0))
    with (
        serving(script) as server,
        client_of(server, timeout_s=0.3, budget=budget) as client,
    ):
        replies = list(client.ask([request(place="p0"), request(place="p1")]))
    assert {reply.ending for reply in replies} == {Ending.TIMED_OUT}
    assert len(server.asked) == sum(reply.calls for reply in replies) == 1
    assert budget.spent == pytest.approx(sum(reply.usage.cost or 0.0 for reply in replies))
    assert budget.spent > 0


def test_a_question_that_was_just_left_is_asked_again_for_who_asks_next() -> None:
    with (
        serving(lambda body: Answered(GOOD, delay_s=0.05)) as server,
        client_of(server, concurrency=1) as client,
    ):
        for number in range(10):
            left = client.submit(request(str(number)))
            until = time.monotonic() + 30
            while len(server.asked) <= 2 * number and time.monotonic() < until:
                time.sleep(0.001)
            left.cancel()
            again = client.submit(request(str(number)))
            assert again.result(timeout=30).ending is Ending.ANSWERED
            assert len(server.asked) == 2 * number + 2


def test_an_invalid_answer_is_repaired_once() -> None:
    reply, server = one(answers_in_turn('{"material": "MgB2"}', GOOD))
    assert (reply.ending, reply.calls) == (Ending.ANSWERED, 2)
    again = server.asked[1]["messages"]
    assert [message["role"] for message in again][-2:] == ["assistant", "user"]
    assert "tc: Field required" in again[-1]["content"]
    assert reply.usage.tokens_in == 200


def test_an_answer_that_stays_invalid() -> None:
    reply, server = one('{"material": 7, "tc": "39 K"}')
    assert (reply.ending, reply.answer, len(server.asked)) == (Ending.INVALID, None, 2)
    assert "material: Input should be a valid string" in reply.reason


def test_a_server_that_ignores_the_form_is_told_in_words_from_then_on() -> None:
    def answer(body: dict[str, Any]) -> str:
        is_told = "JSON Schema" in str(body["messages"])
        return GOOD if is_told else "MgB2 has a Tc of 39 K"

    replies, server = asked(answer, *requests(3), concurrency=1)
    assert [reply.calls for reply in replies] == [2, 1, 1]
    assert server.asked[2]["response_format"] == {"type": "json_object"}


@pytest.mark.parametrize("status", [400, 422])
def test_forms_that_are_refused_are_stepped_down(status: int) -> None:
    def answer(body: dict[str, Any]) -> str | Answered:
        if "response_format" in body:
            kind = body["response_format"]["type"]
            return error(status, f"'response_format' of type '{kind}' is not supported")
        return f"<think>MgB2 is known.</think>Here it is:\n```json\n{GOOD}\n```"

    replies, server = asked(answer, *requests(3), concurrency=1)
    assert {reply.ending for reply in replies} == {Ending.ANSWERED}
    assert {reply.calls for reply in replies} == {1}
    assert len(server.asked) == 5


def test_a_form_that_was_asked_for_is_not_stepped_down() -> None:
    reply, _ = one(lambda body: error(400, "response_format is unknown"), form=Form.JSON_SCHEMA)
    assert reply.ending is Ending.UNAVAILABLE
    assert "llm_mode = auto" in reply.reason


def test_parameters_that_are_refused_are_left_out() -> None:
    def answer(body: dict[str, Any]) -> str | Answered:
        if "max_tokens" in body:
            told = "Unsupported parameter: 'max_tokens' is not supported with this model. "
            return error(400, told + "Use 'max_completion_tokens' instead.")
        for name in ("temperature", "seed", "stream_options", "stream"):
            if name in body:
                return error(400, f"Unsupported value: '{name}' does not go with this model")
        return GOOD

    replies, server = asked(answer, *requests(2), concurrency=1)
    assert {reply.ending for reply in replies} == {Ending.ANSWERED}
    last = server.asked[-1]
    assert last["max_completion_tokens"] == 2048
    assert not {"max_tokens", "temperature", "seed", "stream"} & set(last)
    assert len(server.asked) == 7


@pytest.mark.parametrize(
    ("answer", "ending"),
    [
        (Answered("", refusal="I cannot help with that."), Ending.REFUSED),
        (Answered(None, finish_reason="content_filter"), Ending.REFUSED),
        (error(400, "The response was filtered", "content_filter"), Ending.REFUSED),
        (Answered(GOOD[:9], finish_reason="length"), Ending.TRUNCATED),
        (error(400, "This model's maximum context length is 4096 tokens."), Ending.TOO_LONG),
        (error(400, "too much", "context_length_exceeded"), Ending.TOO_LONG),
        (error(413, "Payload too large"), Ending.TOO_LONG),
    ],
)
def test_endings_without_an_answer(answer: Answered, ending: Ending) -> None:
    reply, server = one(answer)
    assert (reply.ending, reply.answer, len(server.asked)) == (ending, None, 1)
    assert reply.reason


def test_what_does_not_fit_is_not_sent() -> None:
    reply, server = one(GOOD, context_tokens=1040)
    assert (reply.ending, server.asked, reply.calls) == (Ending.TOO_LONG, [], 0)


def test_a_busy_server_is_asked_again() -> None:
    busy = error(429, "Rate limit reached", "rate_limit_exceeded", Retry_After="0")
    starting = error(503, "Loading model")
    replies, server = asked(answers_in_turn(busy, starting, busy, GOOD), *requests(3))
    assert {reply.ending for reply in replies} == {Ending.ANSWERED}
    assert {reply.calls for reply in replies} == {1}
    assert len(server.asked) == 6


def test_retry_after_is_kept_to_by_all() -> None:
    times: list[float] = []
    lock = threading.Lock()

    def answer(body: dict[str, Any]) -> str | Answered:
        with lock:
            times.append(time.monotonic())
            return error(429, "slow down", Retry_After="1") if len(times) == 1 else GOOD

    with serving(answer) as server, client_of(server, concurrency=1) as client:
        assert all(reply.ending is Ending.ANSWERED for reply in client.ask(requests(3)))
    assert times[1] - times[0] >= 1


def test_an_account_without_credit_is_not_asked_again() -> None:
    out = error(429, "You exceeded your current quota", "insufficient_quota")
    replies, server = asked(lambda body: out, *requests(30), concurrency=2)
    assert {reply.ending for reply in replies} == {Ending.UNAVAILABLE}
    assert "no credit left" in replies[-1].reason
    assert len(server.asked) <= 2


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (error(401, f"Incorrect API key provided: {KEY}"), "SCMINE_LLM_KEY"),
        (error(403, "not allowed"), "refuses the key"),
        (error(404, "model 'test-model' not found"), "has no model 'test-model'"),
        (Answered(status=404, body="<html>nothing here</html>"), "--llm-url"),
        (
            Answered(status=307, headers={"Location": "https://elsewhere.example/v1?a=b"}),
            "sends on to https://elsewhere.example/v1,",
        ),
    ],
)
def test_what_is_hopeless_is_told_once_and_without_the_key(answer: Answered, words: str) -> None:
    with serving(lambda body: answer) as server, client_of(server, concurrency=2) as client:
        replies = list(client.ask(requests(30)))
        assert words in client.stopped
        assert KEY not in client.stopped
    assert {reply.reason for reply in replies} == {client.stopped}
    assert len(server.asked) <= 2


def test_a_redirect_to_another_host_gets_no_key() -> None:
    with serving(lambda body: GOOD) as other:
        to = f"{other.url}/chat/completions"
        reply, _ = one(Answered(status=308, headers={"Location": to}))
        assert reply.ending is Ending.UNAVAILABLE
        assert not other.asked


@pytest.mark.parametrize(
    "broken",
    [
        Answered(GOOD, cut=0),
        Answered(GOOD, cut=8),
        Answered(GOOD[:-5], finish_reason=None),
        Answered(body="<html>Bad gateway</html>"),
        error(500, "out of memory"),
    ],
)
def test_broken_answers_are_asked_for_again(broken: Answered) -> None:
    reply, server = one(answers_in_turn(broken, GOOD))
    assert (reply.ending, len(server.asked)) == (Ending.ANSWERED, 2)
    reply, server = one(broken)
    assert (reply.ending, len(server.asked)) == (Ending.UNAVAILABLE, 3)


def test_a_dead_server_is_not_asked_for_ever() -> None:
    with serving(lambda body: GOOD) as server, client_of(server, concurrency=1) as client:
        replies = client.ask(requests(40))
        assert next(replies).ending is Ending.ANSWERED
        server.die()
        rest = list(replies)
    assert len(rest) == 39
    ended = Counter(reply.ending for reply in rest)
    assert ended[Ending.UNAVAILABLE] >= SILENT_REQUESTS
    assert set(ended) <= {Ending.ANSWERED, Ending.UNAVAILABLE}
    assert "in a row got no answer" in client.stopped


def test_slow_answers_are_bounded() -> None:
    reply, server = one(Answered("x" * 4000, drip_s=0.05), timeout_s=0.5)
    assert (reply.ending, len(server.asked)) == (Ending.TIMED_OUT, 1)
    reply, _ = one(Answered(GOOD, delay_s=30), timeout_s=0.3)
    assert reply.ending is Ending.TIMED_OUT
    assert reply.usage.tokens_in > 0


def test_endless_answers_are_cut() -> None:
    reply, _ = one(Answered("x" * 100_000), answer_tokens=64)
    assert reply.ending is Ending.TRUNCATED


def until(server: LlmServer, left: int) -> int:
    """How many answers were left, once ``left`` were or 10 s have passed."""
    end = time.monotonic() + 10
    while server.left < left and time.monotonic() < end:
        time.sleep(0.01)
    return server.left


def test_cancelling_closes_the_connections() -> None:
    came = threading.Semaphore(0)

    def answer(body: dict[str, Any]) -> Answered:
        came.release()
        is_first = "Sample 0" in question(body)
        return Answered("x" * 999, drip_s=0.1) if is_first else Answered(GOOD, delay_s=60)

    with serving(answer) as server, client_of(server, concurrency=2) as client:

        def cancel() -> None:
            came.acquire()
            came.acquire()
            client.cancel()

        threading.Thread(target=cancel, daemon=True).start()
        replies = list(client.ask(requests(50)))
        assert {reply.ending for reply in replies} == {Ending.CANCELLED}
        assert until(server, 2) == 2
        assert len(server.asked) == 2
        assert client.budget.spent > 0, "what was sent has to be paid"
        assert client.budget.reserved == 0


def test_leaving_the_iteration_closes_the_connections() -> None:
    def answer(body: dict[str, Any]) -> Answered:
        return Answered(GOOD, delay_s=0 if "Sample 0" in question(body) else 60)

    with serving(answer) as server, client_of(server, concurrency=3) as client:
        for _ in client.ask(requests(10)):
            break
        assert until(server, 1) >= 1


def test_the_budget_is_not_passed() -> None:
    budget = Budget(3000)
    with (
        serving(lambda body: Answered(GOOD, usage=(60, 20))) as server,
        client_of(server, budget=budget, answer_tokens=200, concurrency=8) as client,
    ):
        replies = list(client.ask(requests(100)))
    ended = Counter(reply.ending for reply in replies)
    assert set(ended) == {Ending.ANSWERED, Ending.OVER_BUDGET}
    assert budget.spent == 80 * ended[Ending.ANSWERED] <= 3000
    assert budget.spent > 2500, "what was held back and not needed is spent too"


def test_the_cache_answers_what_was_answered(tmp_path: Path) -> None:
    cache = Cache(tmp_path / "cache.db")
    answers = {0: Answered(GOOD), 1: Answered("", refusal="no"), 2: Answered("{}")}

    def answer(body: dict[str, Any]) -> Answered:
        number = next(n for n in range(3) if f"Sample {n} " in str(body["messages"]))
        return answers[number]

    prices = Prices(1, 1)
    with serving(answer) as server:
        with client_of(server, cache, budget=Budget(None, prices)) as client:
            first = {reply.request: reply for reply in client.ask(requests(3))}
        number = len(server.asked)
        with client_of(server, cache, budget=Budget(None, prices)) as client:
            second = {reply.request: reply for reply in client.ask(requests(3))}
            assert client.budget.spent == 0
    assert len(server.asked) == number == 4
    for each, reply in first.items():
        again = second[each]
        assert (again.ending, again.answer) == (reply.ending, reply.answer)
        assert (again.cached, again.calls, again.usage.cost) == (True, 0, 0)
        assert again.usage.tokens_in == reply.usage.tokens_in


def test_what_passes_by_itself_is_not_kept(tmp_path: Path) -> None:
    with Cache(tmp_path / "cache.db") as cache:
        reply, _ = one(error(500, "broken"), cache=cache)
        assert reply.ending is Ending.UNAVAILABLE
        assert cache.count() == 0


def test_the_key_is_nowhere(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    path = tmp_path / "cache.db"
    echo = error(400, f"Bearer {KEY} may not do this")
    with Cache(path) as cache, serving(answers_in_turn(echo, GOOD)) as server:
        with client_of(server, cache, concurrency=1) as client:
            replies = list(client.ask(requests(2)))
        assert server.headers[0]["authorization"] == f"Bearer {KEY}"
    kept = b"".join(file.read_bytes() for file in tmp_path.iterdir())
    told = f"{replies} {caplog.text} {client.endpoint} {kept!r}"
    assert "may not do this" in told
    assert KEY not in told


def test_two_clients_at_one_server() -> None:
    with serving(lambda body: Answered(GOOD, delay_s=0.02)) as server:
        with client_of(server, concurrency=2) as one_client, client_of(server) as other:
            both = zip(one_client.ask(requests(9)), other.ask(requests(9)), strict=True)
            assert all(reply.ending is Ending.ANSWERED for pair in both for reply in pair)
        assert len(server.asked) == 18


def test_a_closed_client_does_not_ask() -> None:
    with serving(lambda body: GOOD) as server:
        client = client_of(server)
        list(client.ask([request()]))
        client.close()
        client.close()
        with pytest.raises(RuntimeError):
            client.submit(request())


def test_ctrl_c_ends_a_program_at_once_and_quietly() -> None:
    program = f"""
from scmine.extractors.llm.client import Client
from scmine.extractors.llm.server import Endpoint
from tests.llm_requests import requests
import signal, sys
signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background jobs ignore it
client = Client(Endpoint("{MODEL}", sys.argv[1]))
try:
    list(client.ask(requests(20)))
except KeyboardInterrupt:
    sys.exit(130)
"""
    came = threading.Event()

    def answer(body: dict[str, Any]) -> Answered:
        came.set()
        return Answered(GOOD, delay_s=60)

    with serving(answer) as server:
        process = subprocess.Popen(
            [sys.executable, "-c", program, server.url],
            cwd=Path(__file__).parents[3],
            stderr=subprocess.PIPE,
            text=True,
        )
        assert came.wait(60)
        process.send_signal(signal.SIGINT)
        _, said = process.communicate(timeout=30)
        assert (process.returncode, said) == (130, "")
        assert until(server, 1) >= 1
