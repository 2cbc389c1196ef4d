"""Batches: sent once, waited for, taken up again by a later run, and never paid for twice."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from scmine.extractors.llm.batch import BatchAsker
from scmine.extractors.llm.batch_jobs import BatchJobs
from scmine.extractors.llm.cache import Cache
from scmine.extractors.llm.client import Client
from scmine.extractors.llm.cost import Budget
from scmine.extractors.llm.request import Ending, Reply
from scmine.extractors.llm.server import Endpoint
from tests.llm_requests import GOOD, TcAnswer, request, requests
from tests.llm_server import MODEL, Answered, LlmServer, error, question, serving


@pytest.fixture
def cache(tmp_path: Path) -> Iterator[Cache]:
    with Cache(tmp_path / "cache.db") as cache:
        yield cache


def asker_at(server: LlmServer, cache: Cache, **given: Any) -> BatchAsker:
    budget = given.pop("budget", None)
    endpoint = Endpoint(MODEL, server.url, "a-key", pause_s=0.01, **given)
    client = Client(endpoint, cache=cache, budget=budget)
    return BatchAsker(client, cache, poll_s=0.01)


def leave_a_batch(server: LlmServer, cache: Cache, number: int) -> None:
    """Send a batch as a run does that is ended before it is answered; from now on it is."""
    assert server.batches is not None
    server.batches.polls = 10**9
    asker = asker_at(server, cache)
    asker.say = lambda text: asker.cancel()
    assert endings(list(asker.ask(requests(number)))) == {Ending.CANCELLED: number}
    asker.close()
    server.batches.polls = 0


def in_threads(*works: Callable[[], None]) -> None:
    threads = [threading.Thread(target=work) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def endings(replies: list[Reply]) -> Counter[Ending]:
    return Counter(reply.ending for reply in replies)


def test_one_batch_answers_all(cache: Cache) -> None:
    with serving(lambda body: Answered(GOOD, usage=(50, 20))) as server:
        asker = asker_at(server, cache)
        twins = [request(place="p0"), request(place="p1")]
        replies = list(asker.ask([*requests(5), *twins]))
        assert endings(replies) == {Ending.ANSWERED: 7}
        assert {reply.answer for reply in replies} == {TcAnswer(material="MgB2", tc="39 K")}
        assert asker.budget.spent == 6 * 70
        assert server.asked == []
        assert server.batches is not None
        assert len(server.batches.jobs) == 1
        assert not server.batches.files, "words of papers do not stay at the server"
        again = list(asker.ask(requests(5)))
        assert all(reply.cached for reply in again)
        assert len(server.batches.jobs) == 1
        asker.close()


def test_a_later_run_waits_for_the_same_batch(cache: Cache) -> None:
    with serving(lambda body: GOOD) as server:
        leave_a_batch(server, cache, 4)
        asker = asker_at(server, cache)
        replies = list(asker.ask(requests(6)))
        assert endings(replies) == {Ending.ANSWERED: 6}
        sent = [job["request_counts"]["total"] for job in server.batches.jobs.values()]
        assert sent == [4, 2]
        asker.close()


def test_a_run_that_was_killed_between_sending_and_noting_finds_its_batch(cache: Cache) -> None:
    with serving(lambda body: GOOD) as server:
        leave_a_batch(server, cache, 3)
        with cache.writing() as connection:
            connection.execute("UPDATE jobs SET job = NULL")
        asker = asker_at(server, cache)
        assert endings(list(asker.ask(requests(3)))) == {Ending.ANSWERED: 3}
        assert len(server.batches.jobs) == 1
        asker.close()


def test_a_batch_that_was_noted_and_never_sent_is_forgotten(cache: Cache) -> None:
    with serving(lambda body: GOOD) as server:
        asker = asker_at(server, cache)
        BatchJobs(cache, server.url).add("never", [asker.client.key_of(r) for r in requests(2)])
        assert endings(list(asker.ask(requests(2)))) == {Ending.ANSWERED: 2}
        assert BatchJobs(cache, server.url).open() == []
        asker.close()


def test_answers_of_a_batch_that_nobody_asks_for_now_are_kept(cache: Cache) -> None:
    with serving(lambda body: GOOD) as server:
        leave_a_batch(server, cache, 4)
        for number in (2, 4):
            asker = asker_at(server, cache)
            assert endings(list(asker.ask(requests(number)))) == {Ending.ANSWERED: number}
            asker.close()
        assert len(server.batches.jobs) == 1


@pytest.mark.parametrize("ending", ["expired", "cancelled"])
def test_what_a_batch_left_is_asked_in_the_next_run(cache: Cache, ending: str) -> None:
    with serving(lambda body: GOOD) as server:
        assert server.batches is not None
        server.batches.ending, server.batches.done = ending, 3
        asker = asker_at(server, cache)
        replies = list(asker.ask(requests(5)))
        assert endings(replies) == {Ending.ANSWERED: 3, Ending.UNAVAILABLE: 2}
        assert {r.reason for r in replies if r.reason} == {
            f"batch batch-1 ended as {ending} without it; ask again"
        }
        server.batches.ending, server.batches.done = "completed", None
        assert endings(list(asker.ask(requests(5)))) == {Ending.ANSWERED: 5}
        assert server.batches.jobs["batch-2"]["request_counts"]["total"] == 2
        asker.close()


def test_a_batch_that_failed(cache: Cache) -> None:
    with serving(lambda body: GOOD) as server:
        assert server.batches is not None
        server.batches.ending = "failed"
        asker = asker_at(server, cache)
        replies = list(asker.ask(requests(2)))
        assert endings(replies) == {Ending.UNAVAILABLE: 2}
        assert "line 1 is no JSON" in replies[0].reason
        assert asker.budget.spent == asker.budget.reserved == 0
        asker.close()


def test_faults_of_single_requests(cache: Cache) -> None:
    def answer(body: dict[str, Any]) -> str | Answered:
        if "Sample 0" in question(body):
            return error(400, "too long", "context_length_exceeded")
        if "Sample 1" in question(body):
            return error(500, "a fault of the server")
        if "Sample 2" in question(body) and len(body["messages"]) == 2:
            return '{"material": "MgB2"}'
        return GOOD

    with serving(answer) as server:
        asker = asker_at(server, cache)
        found = {reply.request.place: reply for reply in asker.ask(requests(4))}
        assert [found[f"p{n}"].ending for n in range(4)] == [
            Ending.TOO_LONG,
            Ending.UNAVAILABLE,
            Ending.ANSWERED,
            Ending.ANSWERED,
        ]
        assert found["p2"].calls == 2
        assert len(server.asked) == 1, "a repair is asked at once"
        asker.close()


def test_a_server_without_batches_is_said_to_have_none(cache: Cache) -> None:
    with serving(lambda body: GOOD, batches=False) as server:
        asker = asker_at(server, cache)
        replies = list(asker.ask(requests(3)))
        assert endings(replies) == {Ending.UNAVAILABLE: 3}
        assert "has no batches" in asker.stopped
        assert BatchJobs(cache, server.url).open() == []
        asker.close()


def test_a_server_that_dies_while_it_is_waited_for(
    cache: Cache, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("scmine.extractors.llm.batch.FAILED_POLLS", 3)
    with serving(lambda body: GOOD) as server:
        assert server.batches is not None
        server.batches.polls = 10**9
        asker = asker_at(server, cache)
        asker.say = lambda text: server.die()
        replies = list(asker.ask(requests(2)))
        assert endings(replies) == {Ending.UNAVAILABLE: 2}
        assert "taken up by the next run" in replies[0].reason
        assert len(BatchJobs(cache, server.url).open()) == 1
        asker.close()


def test_the_budget_holds_for_batches(cache: Cache) -> None:
    budget = Budget(2000)
    with serving(lambda body: Answered(GOOD, usage=(50, 20))) as server:
        asker = asker_at(server, cache, budget=budget, answer_tokens=200)
        replies = list(asker.ask(requests(60)))
        ended = endings(replies)
        assert set(ended) == {Ending.ANSWERED, Ending.OVER_BUDGET}
        assert budget.spent == 70 * ended[Ending.ANSWERED] <= 2000
        assert server.batches is not None
        assert len(server.batches.jobs) > 1, "room that was not needed is used"
        asker.close()


def test_what_does_not_fit_is_in_no_batch(cache: Cache) -> None:
    with serving(lambda body: GOOD) as server:
        asker = asker_at(server, cache, context_tokens=2100)
        replies = list(asker.ask([request(), request("MgB2 " * 2000, "p9")]))
        assert {r.request.place: r.ending for r in replies} == {
            "p0": Ending.ANSWERED,
            "p9": Ending.TOO_LONG,
        }
        asker.close()


def test_waiting_ends_when_it_is_cancelled(cache: Cache) -> None:
    with serving(lambda body: GOOD) as server:
        assert server.batches is not None
        server.batches.polls = 10**9
        endpoint = Endpoint(MODEL, server.url)
        asker = BatchAsker(Client(endpoint, cache=cache), cache, poll_s=600)
        threading.Timer(0.3, asker.cancel).start()
        assert endings(list(asker.ask(requests(2)))) == {Ending.CANCELLED: 2}
        asker.close()


def test_several_threads_ask_for_the_same(cache: Cache) -> None:
    with serving(lambda body: GOOD) as server:
        asker = asker_at(server, cache)
        found: list[Counter[Ending]] = []
        in_threads(*[lambda: found.append(endings(list(asker.ask(requests(9)))))] * 4)
        assert found == [Counter({Ending.ANSWERED: 9})] * 4
        assert server.batches is not None
        assert len(server.batches.jobs) == 1, "nothing is paid for twice"
        asker.close()


def test_threads_share_what_an_earlier_batch_answered(cache: Cache) -> None:
    with serving(lambda body: GOOD) as server:
        leave_a_batch(server, cache, 8)
        asker = asker_at(server, cache)
        found: list[Reply] = []
        in_threads(
            lambda: found.extend(asker.ask(requests(8)[:4])),
            lambda: found.extend(asker.ask(requests(8)[4:])),
        )
        assert endings(found) == {Ending.ANSWERED: 8}
        assert len(server.batches.jobs) == 1
        asker.close()
