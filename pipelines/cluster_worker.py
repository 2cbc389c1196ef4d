"""What runs in a Dask worker: a paper goes to a child process with limits, its answer comes back.

Each thread of a Dask worker has a child of its own (`scmine.pipelines.workers.WorkerPool`), which
stays alive between papers with its models loaded, and is ended when it has had nothing to do for a
while. A paper that takes its child over meets the same walls as on one machine; the Dask worker
only hands its words on. What is sent where is decided in ``cluster``.
"""

from __future__ import annotations

import json
import platform
import socket
import threading
import time
from collections import deque
from collections.abc import Generator, Iterator
from contextlib import ExitStack
from importlib.metadata import version
from pathlib import Path
from typing import Any

from scmine.extractors import PIPELINE_VERSION
from scmine.extractors.document import Status
from scmine.pipelines.find import UnusableFileError, check_file, hash_file
from scmine.pipelines.remote_fetch import fetched
from scmine.pipelines.settings import SettingsError
from scmine.pipelines.workers import Outcome, Task, WorkerPool, WorkerStartError

IDLE_S = 30.0
"""A child that has had no paper for so long is ended; the next paper starts another."""


def versions() -> dict[str, str]:
    """What has to be the same on all machines, by name."""
    python = ".".join(platform.python_version_tuple()[:2])
    return {"scmine": version("scmine"), "pipeline": PIPELINE_VERSION, "Python": python}


def say_hello(folders: bytes) -> bytes:
    """Who this is: versions, and which of ``folders`` (a JSON list of paths) it does not see."""
    unseen = [folder for folder in json.loads(folders) if not Path(folder).exists()]
    said = {"versions": versions(), "host": socket.gethostname(), "unseen": unseen}
    return json.dumps(said).encode("ascii")


def read_paper(setup: bytes, job: bytes) -> bytes:
    """Have a paper read; both arguments and the answer are JSON.

    ``setup`` has the arguments of `WorkerPool` but for ``workers``, and ``max_file_MB``; ``job``
    the fields of `Task`. The answer has those of `Outcome` but for its task, the ``doc_id``, or a
    ``start_error``.
    """
    limits = json.loads(setup)
    max_MB = limits.pop("max_file_MB")
    task = Task(**json.loads(job))
    with ExitStack() as stack:
        try:
            task = _at_hand(task, max_MB, stack)
        except (UnusableFileError, SettingsError) as error:
            said = {"status": Status.FAILED.value, "reason": str(error), "seconds": 0.0}
            return _packed(said | {"doc_id": task.doc_id})
        try:
            outcome = _LANES.read(json.dumps(limits), task)
        except WorkerStartError as error:
            return _packed({"start_error": f"{socket.gethostname()}: {error}"})
    return _packed(_plain(outcome) | {"doc_id": task.doc_id})


def _at_hand(task: Task, max_MB: int, stack: ExitStack) -> Task:
    """The task with a file that this machine has; ``stack`` holds what is to be removed."""
    if task.url is None:
        try:
            check_file(Path(task.path), max_MB)
        except UnusableFileError as error:
            host = socket.gethostname()
            raise UnusableFileError(f"{host} cannot open {task.path}: {error}") from error
        return task
    path = stack.enter_context(fetched(task.url, max_MB))
    return Task(str(path), hash_file(path, max_MB), name=task.name)


def _plain(outcome: Outcome) -> dict[str, Any]:
    return {
        "seconds": outcome.seconds,
        "result": outcome.result,
        "status": outcome.status,
        "reason": outcome.reason,
        "peak_memory_MB": outcome.peak_memory_MB,
    }


def _packed(answer: dict[str, Any]) -> bytes:
    return json.dumps(answer).encode("ascii")


class _Lane:
    """A child process that takes papers one after the other, for one thread."""

    def __init__(self, setup: str) -> None:
        self.setup = setup
        self.used = time.monotonic()
        self.busy = threading.Lock()
        self._papers: deque[Task] = deque()
        pool = WorkerPool(**json.loads(setup), workers=1)
        self._outcomes: Generator[Outcome, None, None] = pool.run(_Feed(self._papers))

    def read(self, task: Task) -> Outcome:
        self._papers.append(task)
        return next(self._outcomes)

    def end(self) -> None:
        self._outcomes.close()


class _Feed(Iterator[Task]):
    """The papers that have come by now; when there is none, there may be one later."""

    def __init__(self, papers: deque[Task]) -> None:
        self._papers = papers

    def __next__(self) -> Task:
        if not self._papers:
            raise StopIteration
        return self._papers.popleft()


class _Lanes:
    """The lanes of this process by thread, and the watch that ends those nobody uses."""

    def __init__(self) -> None:
        self._lanes: dict[int, _Lane] = {}
        self._lock = threading.Lock()
        self._watching = False

    def read(self, setup: str, task: Task) -> Outcome:
        lane = self._taken(setup)
        try:
            outcome = lane.read(task)
        except BaseException:
            self._drop(lane)
            raise
        finally:
            lane.used = time.monotonic()
            lane.busy.release()
        return outcome

    def _taken(self, setup: str) -> _Lane:
        """The lane of this thread, busy from now on."""
        with self._lock:
            lane = self._lanes.get(threading.get_ident())
            if lane is not None and lane.setup != setup:  # another run asks for other things
                lane.end()
                lane = None
            if lane is None:
                lane = self._lanes[threading.get_ident()] = _Lane(setup)
            lane.busy.acquire()
            if not self._watching:
                threading.Thread(target=self._watch, name="scmine-lanes", daemon=True).start()
                self._watching = True
            return lane

    def _drop(self, lane: _Lane) -> None:
        with self._lock:
            self._lanes = {i: other for i, other in self._lanes.items() if other is not lane}

    def _watch(self) -> None:
        """End lanes that have had nothing to do; ends itself when there is none."""
        while True:
            time.sleep(IDLE_S / 10)
            with self._lock:
                for thread, lane in list(self._lanes.items()):
                    idle = time.monotonic() - lane.used > IDLE_S
                    if idle and lane.busy.acquire(blocking=False):
                        lane.end()
                        del self._lanes[thread]
                if not self._lanes:
                    self._watching = False
                    return


_LANES = _Lanes()
