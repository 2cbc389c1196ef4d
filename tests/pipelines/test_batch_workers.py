"""Batches are answered in order, by several processes, whatever happens to one of them."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from typing import Any

import pytest

from scmine.pipelines.batch_workers import BATCHES_AHEAD, BatchWorkers
from scmine.pipelines.workers import WorkerStartError

ECHO = "batch_function:make_echo"


def _numbers(answers: list[dict[str, Any]]) -> list[int]:
    return [answer["n"] for answer in answers]


@pytest.fixture(autouse=True)
def _importable(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> None:
    """Let this process import what workers import, for a single worker."""
    monkeypatch.syspath_prepend(str(request.path.parent))


@pytest.mark.parametrize("workers", [1, 3])
def test_answers_come_in_the_order_of_batches(workers: int) -> None:
    batches = [[{"n": 2 * i, "sleep": 0.05 * (i % 3)}, {"n": 2 * i + 1}] for i in range(8)]
    with BatchWorkers(ECHO, {"x": 1}, workers) as pool:
        answers = list(pool.map(batches))
    assert [n for batch in answers for n in _numbers(batch)] == list(range(16))
    assert all(answer["x"] == 1 for batch in answers for answer in batch)
    pids = {answer["pid"] for batch in answers for answer in batch}
    assert len(pids) == workers
    assert (os.getpid() in pids) == (workers == 1)


def test_workers_have_no_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-secret")
    monkeypatch.setenv("SCMINE_LLM_KEY", "sk-secret")
    with BatchWorkers(ECHO, {}, 2) as pool:
        [[answer]] = pool.map([[{"n": 0}]])
    assert not [name for name in answer["variables"] if "KEY" in name]


def test_batches_are_taken_as_they_are_needed() -> None:
    taken: list[int] = []

    def batches() -> Iterator[list[dict[str, Any]]]:
        for i in range(100):
            taken.append(i)
            yield [{"n": i}]

    with BatchWorkers(ECHO, {}, 2) as pool:
        answers = pool.map(batches())
        assert _numbers(next(answers)) == [0]
        assert len(taken) <= 2 * BATCHES_AHEAD


def test_a_worker_that_dies_costs_one_item() -> None:
    batches = [[{"n": 0}], [{"n": 1}, {"n": 2, "die": True}, {"n": 3}], [], [{"n": 4}]]
    with BatchWorkers(ECHO, {}, 2) as pool:
        first, second, third, fourth = pool.map(batches)
    assert (_numbers(first), third, _numbers(fourth)) == ([0], [], [4])
    assert [answer.get("n") for answer in second] == [1, None, 3]
    assert second[1] == {"error": "the worker process died of it (exit status 7)"}


@pytest.mark.parametrize(
    ("options", "message"),
    [({"fail": True}, "ValueError: no model here"), ({"die": True}, "exit status 3")],
)
def test_workers_that_cannot_start_say_why(options: dict[str, Any], message: str) -> None:
    with (
        BatchWorkers(ECHO, options, 2) as pool,
        pytest.raises(WorkerStartError, match=message),
    ):
        list(pool.map([[{"n": 0}]]))


def test_leaving_early_ends_all_processes() -> None:
    started = time.monotonic()
    with BatchWorkers(ECHO, {}, 2) as pool:
        answers = pool.map([[{"n": 0}], [{"n": 1, "sleep": 60}], [{"n": 2, "sleep": 60}]] * 2)
        [answer] = next(answers)
    assert time.monotonic() - started < 30
    with pytest.raises(ProcessLookupError):
        os.kill(answer["pid"], 0)
