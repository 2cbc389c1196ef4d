"""Worker processes, real ones: whatever a paper does to its worker, the run goes on."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import psutil
import pytest

from scmine.extractors.document import Status
from scmine.pipelines.workers import (
    MAX_REASON_CHARS,
    Outcome,
    Task,
    WorkerPool,
    WorkerStartError,
    tidy_reason,
)

Papers = Callable[..., Path]


def run(folder: Path, processor: str, workers: int = 1, **limits: float) -> dict[str, Outcome]:
    """The outcomes by the first word of the paper."""
    limits = {"timeout_s": 60, "memory_MB": 300} | limits
    pool = WorkerPool(
        processor,
        {},
        workers=workers,
        timeout_s=limits["timeout_s"],
        memory_MB=int(limits["memory_MB"]),
    )
    tasks = [Task(str(path), path.stem.zfill(64)) for path in sorted(folder.iterdir())]
    outcomes = {Path(o.task.path).read_text().split()[0]: o for o in pool.run(tasks)}
    assert len(outcomes) == len(tasks)
    return outcomes


@pytest.mark.parametrize("workers", [1, 3])
def test_results_come_back_for_all_papers(papers: Papers, faulty: str, workers: int) -> None:
    outcomes = run(papers("one", "two", "three", "four"), faulty, workers)
    assert {name: o.status for name, o in outcomes.items()} == dict.fromkeys(
        ("one", "two", "three", "four")
    )
    result = outcomes["three"].result
    assert result is not None
    assert result["records"][0]["raw_material"] == "three"


@pytest.mark.parametrize(
    ("deed", "status", "reason"),
    [
        ("segfault", Status.CRASHED, "SIGSEGV"),
        ("exit", Status.CRASHED, "exit code 0"),
        ("garble", Status.CRASHED, "garbled"),
        ("eat", Status.OUT_OF_MEMORY, "300 MB are allowed"),
        ("grab", Status.OUT_OF_MEMORY, "could not be allocated"),
        ("core", Status.FAILED, r"ValueError: \(0, 0\)"),
        ("fail", Status.FAILED, r"ValueError: no good: .*faulty_processor\.py:\d+"),
    ],
)
def test_a_bad_paper_costs_only_itself(
    papers: Papers, faulty: str, deed: str, status: Status, reason: str
) -> None:
    outcomes = run(papers("before", deed, "after"), faulty)
    assert outcomes[deed].status is status
    assert outcomes[deed].result is None
    assert re.search(reason, outcomes[deed].reason)
    assert outcomes["before"].result
    assert outcomes["after"].result


@pytest.mark.parametrize("deed", ["hang", "spin"])
def test_a_paper_that_hangs_is_given_up(papers: Papers, faulty: str, deed: str) -> None:
    started = time.monotonic()
    outcomes = run(papers(deed, "after"), faulty, timeout_s=1)
    assert outcomes[deed].status is Status.TIMEOUT
    assert outcomes[deed].reason == "not finished after 1 s"
    assert outcomes["after"].result
    assert time.monotonic() - started < 15


def test_what_libraries_print_is_no_answer(papers: Papers, faulty: str) -> None:
    assert run(papers("chatter"), faulty)["chatter"].result


def test_children_of_a_worker_die_with_it(papers: Papers, faulty: str, own_folder: Path) -> None:
    note = own_folder / "pid"
    outcomes = run(papers(f"spawn {note}"), faulty)
    assert outcomes["spawn"].status is Status.CRASHED
    assert _gone(int(note.read_text()))


def test_peak_memory_is_that_of_the_paper(papers: Papers, faulty: str) -> None:
    outcomes = run(papers("eat", "small"), faulty)
    assert (outcomes["eat"].peak_memory_MB or 0) > 300
    assert 1 < (outcomes["small"].peak_memory_MB or 0) < 200


@pytest.mark.parametrize(
    ("factory", "message"),
    [
        ("make_none", "ImportError: a library is missing"),
        ("make_dead", "exit code 7"),
        ("no_such_function", "no_such_function"),
    ],
)
def test_workers_that_cannot_start_are_an_error(papers: Papers, factory: str, message: str) -> None:
    with pytest.raises(WorkerStartError, match=message):
        run(papers("one"), f"faulty_processor:{factory}")


def test_stopping_finishes_what_is_in_work(papers: Papers, faulty: str) -> None:
    folder = papers(*(f"sleep 0.{n}" for n in range(1, 8)))
    pool = WorkerPool(faulty, {}, workers=2, timeout_s=60, memory_MB=300)
    tasks = [Task(str(path), "0" * 64) for path in sorted(folder.iterdir())]
    outcomes = []
    for outcome in pool.run(tasks):
        outcomes.append(outcome)
        pool.stop()
    assert 2 <= len(outcomes) <= 4, "two in work, and what was handed out as they ended"
    assert all(o.result for o in outcomes)


def test_a_worker_has_its_next_paper_before_the_last_is_saved(papers: Papers, faulty: str) -> None:
    folder = papers("one", "two", "three")
    taken: list[str] = []

    def tasks() -> Iterator[Task]:
        for path in sorted(folder.iterdir()):
            taken.append(path.name)
            yield Task(str(path), path.stem.zfill(64))

    outcomes = WorkerPool(faulty, {}, workers=1, timeout_s=60, memory_MB=300).run(tasks())
    with closing(outcomes):
        next(outcomes)
        assert len(taken) == 2


def test_no_worker_outlives_its_pool(papers: Papers, faulty: str) -> None:
    folder = papers("one", "hang", "hang", "hang")
    pool = WorkerPool(faulty, {}, workers=3, timeout_s=600, memory_MB=300)
    # Another test's server may be a child of this process, too.
    before = set(psutil.Process().children())
    outcomes = pool.run(Task(str(path), "0" * 64) for path in sorted(folder.iterdir()))
    next(outcomes)
    workers = set(psutil.Process().children()) - before
    assert workers
    outcomes.close()
    assert all(_gone(worker.pid) for worker in workers)


def test_a_pool_works_in_a_thread(papers: Papers, faulty: str) -> None:
    found: dict[str, Outcome] = {}
    folder = papers("one", "two")
    thread = threading.Thread(target=lambda: found.update(run(folder, faulty, 2)))
    thread.start()
    thread.join(60)
    assert set(found) == {"one", "two"}


def test_reasons_are_one_printable_line() -> None:
    assert tidy_reason("a\x1b[31m\n b\t\u202ec") == "a [31m b c"
    assert len(tidy_reason("x" * 10_000)) == MAX_REASON_CHARS


def _gone(pid: int, timeout_s: float = 5) -> bool:
    """Whether a process ends soon; one that nobody has waited for yet counts as ended."""
    deadline = time.monotonic() + timeout_s
    while time.monotonic() < deadline:
        try:
            if psutil.Process(pid).status() == psutil.STATUS_ZOMBIE:
                return True
        except psutil.NoSuchProcess:
            return True
        time.sleep(0.05)
    return False


def test_no_key_reaches_a_worker(
    papers: Papers, faulty: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("OPENAI_API_KEY", "SCMINE_LLM_KEY", "SCMINE_OCR"):
        monkeypatch.setenv(name, "sk-1")
    told = run(papers("names SCMINE_"), faulty)["names"].reason
    assert "SCMINE_OCR" in told, "what is no secret is there as before"
    assert "SCMINE_LLM_KEY" not in told
    assert "OPENAI" not in run(papers("names OPENAI"), faulty)["names"].reason


def test_while_there_is_no_room_nothing_is_handed_out(papers: Papers, faulty: str) -> None:
    folder = papers("one", "two")
    answers = iter([True, True, False, False, False])
    asked: list[bool] = []

    def has_room() -> bool:
        asked.append(next(answers, True))
        return asked[-1]

    pool = WorkerPool(faulty, {}, workers=2, timeout_s=60, memory_MB=300)
    tasks = [Task(str(path), path.stem.zfill(64)) for path in sorted(folder.iterdir())]
    outcomes = list(pool.run((task for task in tasks), has_room))
    assert len(outcomes) == 2
    assert False in asked
