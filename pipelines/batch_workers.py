"""Worker processes for batches of plain data, with the answers in the order of the batches.

For texts, of which there are many and each takes little time; papers, which take long and may
break what reads them, have ``workers``. As there, processes speak JSON over pipes: nothing is
unpickled, and the caller's script is not imported again. Each process has a thread of its own in
the parent that writes a whole batch and then reads the whole answer, so that no two ends of a pipe
wait for each other.
"""

from __future__ import annotations

import importlib
import json
import os
import queue
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from types import TracebackType
from typing import Any

from scmine.pipelines.workers import WorkerStartError, worker_environment

BATCHES_AHEAD = 2
"""Batches that are out for each worker, so that none waits for the slowest."""

Batch = list[dict[str, Any]]


class _WorkerDiedError(Exception):
    """A worker process ended before it had answered."""


class BatchWorkers:
    """Answers batches in up to ``workers`` processes; a single worker is this process itself.

    Parameters
    ----------
    factory
        ``"module:callable"``. Every worker calls it once with ``options`` (plain data); what it
        returns takes a batch, a list of plain data, and returns a list of as many answers.

    Notes
    -----
    If a worker dies, its batch is done again item by item, and the one that it dies of is answered
    by ``{"error": …}``.
    """

    def __init__(self, factory: str, options: dict[str, Any], workers: int) -> None:
        self._factory = factory
        self._options = options
        self._size = workers
        self._idle: queue.SimpleQueue[_Process] = queue.SimpleQueue()
        self._all: list[_Process] = []
        self._lock = threading.Lock()
        self._closed = False
        self._threads = ThreadPoolExecutor(workers)

    def __enter__(self) -> BatchWorkers:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        tb: TracebackType | None,
    ) -> None:
        """End all processes; batches still in work are given up."""
        with self._lock:
            self._closed = True
            for process in self._all:
                process.end()
        self._threads.shutdown(cancel_futures=True)
        for process in self._all:
            process.close()

    def map(self, batches: Iterable[Batch]) -> Iterator[Batch]:
        """The answers to each batch, in order; ``batches`` is taken from as needed.

        Raises
        ------
        WorkerStartError
            If no worker can be started.
        """
        if self._size == 1:
            function = _made(self._factory, self._options)
            yield from map(function, batches)
            return
        out: deque[Future[Batch]] = deque()
        for batch in batches:
            out.append(self._threads.submit(self._answer, batch))
            if len(out) >= BATCHES_AHEAD * self._size:
                yield out.popleft().result()
        while out:
            yield out.popleft().result()

    def _answer(self, batch: Batch) -> Batch:
        if not batch:
            return []
        try:
            process = self._idle.get_nowait()
        except queue.Empty:
            process = self._started()
        try:
            answers = process.ask(batch)
        except _WorkerDiedError:
            code = process.end()
            if self._closed:
                raise
            if len(batch) > 1:
                return [answer for item in batch for answer in self._answer([item])]
            return [{"error": f"the worker process died of it (exit status {code})"}]
        self._idle.put(process)
        return answers

    def _started(self) -> _Process:
        with self._lock:
            if self._closed:
                raise _WorkerDiedError
            process = _Process()
            self._all.append(process)
        process.set_up({"factory": self._factory, "options": self._options})
        return process


class _Process:
    """A worker process as its parent sees it."""

    def __init__(self) -> None:
        answers, their_end = os.pipe()
        try:
            self._process = subprocess.Popen(  # -P: a numpy.py beside the texts is not imported
                [sys.executable, "-P", "-m", "scmine.pipelines.batch_worker_main", str(their_end)],
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                pass_fds=[their_end],
                env=worker_environment(),
                process_group=0,  # Ctrl-C in the terminal reaches the parent only
            )
        except OSError as error:
            os.close(answers)
            raise WorkerStartError(f"cannot start {sys.executable}: {error}") from error
        finally:
            os.close(their_end)
        self._answers = os.fdopen(answers, "rb")

    def set_up(self, setup: dict[str, Any]) -> None:
        """Tell it what to run and wait until it is ready."""
        try:
            answer = self._exchange(setup)
        except _WorkerDiedError as error:
            raise WorkerStartError(
                f"a worker process died at its start (exit status {self.end()})"
            ) from error
        if "start_error" in answer:
            self.end()
            raise WorkerStartError(answer["start_error"])

    def ask(self, batch: Batch) -> Batch:
        """The answers to a batch."""
        answers: Batch = self._exchange(batch)
        return answers

    def end(self) -> int:
        """Kill the process; its exit status as `subprocess` has it."""
        self._process.kill()
        code = self._process.wait()
        assert self._process.stdin is not None
        with suppress(BrokenPipeError):
            self._process.stdin.close()
        return code

    def close(self) -> None:
        """Close the pipe of its answers; nobody may wait for one any more."""
        self._answers.close()

    def _exchange(self, message: Any) -> Any:
        assert self._process.stdin is not None
        try:
            self._process.stdin.write(json.dumps(message).encode("ascii") + b"\n")
            self._process.stdin.flush()
        except (BrokenPipeError, ValueError) as error:  # ValueError: closed by `end`
            raise _WorkerDiedError from error
        line = self._answers.readline()
        if not line.endswith(b"\n"):
            raise _WorkerDiedError
        return json.loads(line)


def _made(factory: str, options: dict[str, Any]) -> Callable[[Batch], Batch]:
    module, _, name = factory.partition(":")
    function: Callable[[Batch], Batch] = getattr(importlib.import_module(module), name)(**options)
    return function
