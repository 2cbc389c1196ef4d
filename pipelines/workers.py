"""The worker processes: handing papers out, watching time and memory, taking answers in.

A parser that hangs, dies, or eats memory costs one worker and one paper; the worker is replaced
and the run goes on. That also holds for a single worker. What a worker does inside its process
lives in ``worker_main``; what becomes of an answer, in ``run``.

Workers are plain child processes that speak lines of JSON over pipes, and not ``multiprocessing``
workers, for two reasons. ``multiprocessing`` pickles its results, and unpickling executes what the
pickle says: a worker taken over by a malicious paper could take over the parent. And its ``spawn``
imports the caller's main script again, so that `ingest` would fail in a script without a
``__main__`` guard. POSIX only (Linux, macOS).
"""

from __future__ import annotations

import json
import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError

from scmine.extractors.document import Status

START_TIMEOUT_S = 180.0
"""Time for a worker to load its libraries and models; slow network disks need most of it."""
START_ATTEMPTS = 3
WATCH_INTERVAL_S = 0.1
MAX_ANSWER_BYTES = 256 << 20
MAX_REASON_CHARS = 500
PAPERS_PER_WORKER = 200
"""After so many papers a worker is replaced, so that what libraries leak never counts as a paper's
memory."""
_READ_BYTES = 1 << 20
_STATM_RESIDENT = 1  # man 5 proc_pid_statm: the second number is resident pages
ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")

SECRET_PREFIXES = (
    *("OPENAI_", "ANTHROPIC_", "SCMINE_LLM"),
    *("AWS_", "AZURE_", "GOOGLE_", "FSSPEC_", "DASK_"),
)
"""Variables by whose names the keys of language models, stores and clusters are known; what reads
a paper asks none of them."""


@dataclass(frozen=True, slots=True)
class Task:
    """A paper to process: where it is and the SHA-256 it had when it was found.

    ``pdf`` is the path of its PDF, if it is a source that has one. ``name`` is what it is called in
    results and to users, where that is not its path. A paper of a store has the ``url`` that it is
    fetched from besides; until then its hash is not known and ``doc_id`` empty.
    """

    path: str
    doc_id: str
    pdf: str | None = None
    name: str | None = None
    url: str | None = None

    @property
    def called(self) -> str:
        """What results and users call it."""
        return self.path if self.name is None else self.name


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a task: a ``result``, or a ``status`` and the ``reason`` why there is none.

    ``seconds`` is wall-clock time; ``peak_memory_MB`` (2^20 bytes) is resident memory at its
    highest, None if it was never seen.
    """

    task: Task
    seconds: float
    result: dict[str, Any] | None = None
    status: Status | None = None
    reason: str = ""
    peak_memory_MB: float | None = None


class WorkerStartError(RuntimeError):
    """Workers cannot be started, so no paper can be processed; the message says why."""


class PaperAnswer(BaseModel):
    """What a worker says of a paper, checked: one that has been taken over may send anything."""

    model_config = ConfigDict(extra="forbid", allow_inf_nan=False)

    start_error: str | None = None
    result: dict[str, Any] | None = None
    status: Status | None = None
    reason: str = ""
    seconds: float = 0.0
    peak_memory_MB: float | None = None


class _Answer(PaperAnswer):
    """A line from a worker of this machine, which first says that it is ready."""

    ready: bool = False


@dataclass(eq=False)
class _Worker:
    """A worker process as its parent sees it."""

    process: subprocess.Popen[bytes]
    answers: int
    deadline: float
    task: Task | None = None
    ready: bool = False
    started: float = 0.0
    papers: int = 0
    peak_MB: float | None = None
    unread: bytearray = field(default_factory=bytearray)

    def hand_out(self, task: Task, timeout_s: float) -> bool:
        """Give it a task; False if the process is no longer there to take it."""
        line = json.dumps(asdict(task)).encode("ascii") + b"\n"
        assert self.process.stdin is not None
        try:
            self.process.stdin.write(line)
        except BrokenPipeError:
            return False
        self.task = task
        self.papers += 1
        if self.ready:
            self.begin(timeout_s)
        return True

    def begin(self, timeout_s: float) -> None:
        """Start the clock of the task in hand."""
        self.ready = True
        self.started = time.monotonic()
        self.deadline = self.started + timeout_s
        self.peak_MB = None

    def end(self) -> int:
        """Kill the process and what it may have started; its exit status as `subprocess` has it."""
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self.process.pid, signal.SIGKILL)
        code = self.process.wait()
        assert self.process.stdin is not None
        with suppress(BrokenPipeError):
            self.process.stdin.close()
        os.close(self.answers)
        return code


class WorkerPool:
    """Processes tasks in up to ``workers`` processes.

    Parameters
    ----------
    processor
        ``"module:function"``, a factory that every worker calls once with ``options`` as keyword
        arguments (plain data) and that returns the function to call for each paper, with its path
        and SHA-256, which returns plain data.
    timeout_s
        Wall-clock seconds a paper may take.
    memory_MB
        Resident memory (2^20 bytes) that a worker may reach.
    debug
        Let workers write to standard error.
    """

    def __init__(
        self,
        processor: str,
        options: dict[str, Any],
        *,
        workers: int,
        timeout_s: float,
        memory_MB: int,
        debug: bool = False,
    ) -> None:
        self._setup = {"processor": processor, "options": options, "memory_MB": memory_MB}
        self.size = workers
        self._timeout_s = timeout_s
        self._memory_MB = memory_MB
        self._debug = debug
        self._workers: list[_Worker] = []
        self._failed_starts = 0
        self._stopping = False

    def stop(self) -> None:
        """Hand nothing more out; what is in work is finished. Safe in a signal handler."""
        self._stopping = True

    def run(
        self, tasks: Iterable[Task], has_room: Callable[[], bool] = lambda: True
    ) -> Generator[Outcome, None, None]:
        """One outcome a task, in the order in which they end; ``tasks`` is taken from as needed.

        ``has_room`` is called again and again, some ten times a second. While it says no, nothing
        more is handed out, and what is in work is watched. A worker that is done has its next task
        before the outcome is given: nothing is left to do for it while that is saved.

        Raises
        ------
        WorkerStartError
            If no worker can be started.
        """
        waiting = iter(tasks)
        again: list[Task] = []
        try:
            while True:
                room = has_room()
                if room:
                    self._fill(waiting, again)
                busy = [w for w in self._workers if w.task is not None]
                if not busy and not room and not self._stopping:
                    time.sleep(WATCH_INTERVAL_S)
                    continue
                if not busy:
                    return
                outcomes = [*self._take_answers(busy, again), *self._watch(again)]
                if outcomes and has_room():
                    # Before the caller saves them, so that no worker waits for that.
                    self._fill(waiting, again)
                yield from outcomes
        finally:
            for worker in self._workers:
                worker.end()
            self._workers.clear()

    def _fill(self, waiting: Iterator[Task], again: list[Task]) -> None:
        """Give every free place a task; workers are started only when there is one for them."""
        while not self._stopping and sum(w.task is not None for w in self._workers) < self.size:
            task = again.pop() if again else next(waiting, None)
            if task is None:
                return
            worker = next((w for w in self._workers if w.task is None), None)
            if worker is not None and not worker.hand_out(task, self._timeout_s):
                self._discard(worker)
                worker = None
            if worker is None:
                worker = self._start()
                self._workers.append(worker)
                if not worker.hand_out(task, self._timeout_s):
                    self._start_failed(worker, again, task, "it ended at once")

    def _start(self) -> _Worker:
        answers, their_end = os.pipe()
        command = [sys.executable, "-P", "-m", "scmine.pipelines.worker_main", str(their_end)]
        try:
            process = subprocess.Popen(  # -P: a paper folder's numpy.py is not imported
                command,
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                stderr=None if self._debug else subprocess.DEVNULL,
                bufsize=0,
                pass_fds=[their_end],
                env=worker_environment(),
                process_group=0,  # Ctrl-C in the terminal reaches the parent only
            )
        except OSError as error:
            os.close(answers)
            raise WorkerStartError(f"cannot start {sys.executable}: {error}") from error
        finally:
            os.close(their_end)
        assert process.stdin is not None
        with suppress(BrokenPipeError):  # it is noticed when the task is handed out
            process.stdin.write(json.dumps(self._setup).encode("ascii") + b"\n")
        return _Worker(process, answers, deadline=time.monotonic() + START_TIMEOUT_S)

    def _discard(self, worker: _Worker) -> int:
        self._workers.remove(worker)
        return worker.end()

    def _start_failed(
        self, worker: _Worker, again: list[Task], task: Task | None, why: str
    ) -> None:
        """Put the task back for another worker, unless starting has failed too often."""
        self._discard(worker)
        self._failed_starts += 1
        if self._failed_starts >= START_ATTEMPTS:
            raise WorkerStartError(f"worker processes cannot be started: {why}")
        if task is not None:
            again.append(task)

    def _take_answers(self, busy: list[_Worker], again: list[Task]) -> Iterator[Outcome]:
        """Read what has come in within the watch interval."""
        poll = select.poll()
        by_fd = {w.answers: w for w in busy}
        for fd in by_fd:
            poll.register(fd, select.POLLIN)
        for fd, _ in poll.poll(WATCH_INTERVAL_S * 1000):
            worker = by_fd[fd]
            data = os.read(fd, _READ_BYTES)
            worker.unread += data
            if not data:
                yield from self._ended(worker, again)
            elif data.endswith(b"\n"):
                yield from self._answered(worker, again)
            elif len(worker.unread) > MAX_ANSWER_BYTES:
                limit = f"the result is larger than {MAX_ANSWER_BYTES >> 20} MB"
                yield self._give_up(worker, Status.FAILED, limit)

    def _answered(self, worker: _Worker, again: list[Task]) -> Iterator[Outcome]:
        """A line is complete: the worker is ready, or done with its task."""
        assert worker.task is not None
        for line in bytes(worker.unread).splitlines():
            worker.unread.clear()
            try:
                answer = _Answer.model_validate_json(line)
            except ValidationError:
                yield self._give_up(worker, Status.CRASHED, "the worker's answer is garbled")
                return
            if answer.start_error is not None:
                self._start_failed(worker, again, worker.task, answer.start_error)
                return
            if answer.ready and not worker.ready:
                self._failed_starts = 0
                worker.begin(self._timeout_s)
                continue
            yield self._outcome(worker, answer)
            return

    def _outcome(self, worker: _Worker, answer: _Answer) -> Outcome:
        """The end of a task that a worker survived."""
        task, worker.task = worker.task, None
        assert task is not None
        status = answer.status
        if answer.result is None and status is None:
            status = Status.FAILED
        if worker.papers >= PAPERS_PER_WORKER or status is Status.OUT_OF_MEMORY:
            self._discard(worker)
        return Outcome(
            task,
            answer.seconds,
            answer.result,
            status,
            tidy_reason(answer.reason),
            answer.peak_memory_MB,
        )

    def _ended(self, worker: _Worker, again: list[Task]) -> Iterator[Outcome]:
        """A worker's pipe has closed: it is dead."""
        with suppress(subprocess.TimeoutExpired):  # it may have closed the pipe and live on
            worker.process.wait(timeout=1)
        code = worker.process.poll()
        how = "it closed its pipe" if code is None else _exit_words(code)
        if worker.ready:
            yield self._give_up(worker, Status.CRASHED, f"the worker process died: {how}")
        else:
            self._start_failed(worker, again, worker.task, f"one died: {how}")

    def _watch(self, again: list[Task]) -> Iterator[Outcome]:
        """Give up the papers that take too long or too much memory."""
        now = time.monotonic()
        for worker in [w for w in self._workers if w.task is not None]:
            if not worker.ready:
                if now > worker.deadline:
                    why = f"not ready after {START_TIMEOUT_S:g} s"
                    self._start_failed(worker, again, worker.task, why)
                continue
            resident = resident_MB(worker.process.pid)
            if resident is not None:
                worker.peak_MB = max(worker.peak_MB or 0.0, resident)
                if resident > self._memory_MB:
                    reason = f"used {resident:.0f} MB of memory, {self._memory_MB} MB are allowed"
                    yield self._give_up(worker, Status.OUT_OF_MEMORY, reason)
                    continue
            if now > worker.deadline:
                reason = f"not finished after {self._timeout_s:g} s"
                yield self._give_up(worker, Status.TIMEOUT, reason)

    def _give_up(self, worker: _Worker, status: Status, reason: str) -> Outcome:
        """Kill the worker; its task ends with ``status``."""
        assert worker.task is not None
        self._discard(worker)
        return Outcome(
            worker.task,
            time.monotonic() - worker.started,
            status=status,
            reason=reason,
            peak_memory_MB=worker.peak_MB,
        )


def worker_environment() -> dict[str, str]:
    """The environment of a worker: one thread, and no key to what costs money.

    A paper that takes a worker over finds nothing there that it could spend.
    """
    kept = {n: v for n, v in os.environ.items() if not n.upper().startswith(SECRET_PREFIXES)}
    return kept | ONE_THREAD


def resident_MB(pid: int) -> float | None:
    """Resident memory of a process in MB (2^20 bytes); None if it is gone."""
    try:
        pages = int(Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[_STATM_RESIDENT])
        return pages * os.sysconf("SC_PAGE_SIZE") / (1 << 20)
    except (OSError, IndexError):
        if sys.platform == "linux":
            return None
    listing = subprocess.run(
        ["ps", "-o", "rss=", "-p", str(pid)], capture_output=True, text=True, check=False
    )
    return int(listing.stdout) / 1024 if listing.stdout.strip().isdigit() else None


def tidy_reason(reason: str) -> str:
    """A reason as one printable line of bounded length: it may quote what a paper contains."""
    line = "".join(c if c.isprintable() else " " for c in reason)
    line = " ".join(line.split())
    return line if len(line) <= MAX_REASON_CHARS else line[: MAX_REASON_CHARS - 1] + "…"


def _exit_words(code: int) -> str:
    """An exit status in words."""
    if code >= 0:
        return f"exit code {code}"
    try:
        name = signal.Signals(-code).name
    except ValueError:
        name = f"signal {-code}"
    hint = " (by the system for lack of memory, or by a user)" if name == "SIGKILL" else ""
    return f"{name}{hint}"
