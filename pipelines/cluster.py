"""Papers read by the workers of a Dask cluster: the same interface as ``workers.WorkerPool``.

Hands papers out, a few ahead for each thread; takes answers in; does again what was lost with a
worker or a scheduler, and gives up a paper that worker after worker dies of. The line to the
scheduler lives in ``cluster_link``, what is done on the other side in ``cluster_worker``, who may
work in ``cluster_members``. Answers are JSON and are checked; nothing is unpickled here.
"""

from __future__ import annotations

import json
import os
import queue
import time
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from dataclasses import asdict, dataclass, replace
from typing import Any

from pydantic import Field, ValidationError

from scmine.extractors.document import Status
from scmine.pipelines.cluster_link import Answer, Down, Event, GivenUp, Link, Members, Up
from scmine.pipelines.cluster_members import Machine, Machines
from scmine.pipelines.cluster_worker import read_paper
from scmine.pipelines.workers import (
    MAX_ANSWER_BYTES,
    WATCH_INTERVAL_S,
    Outcome,
    PaperAnswer,
    Task,
    WorkerStartError,
    tidy_reason,
)

MAX_LOSSES = 3
"""Workers that may die while they read a paper before it ends as ``crashed``."""


class ClusterError(WorkerStartError):
    """The cluster cannot be worked with, or not any more; the message says why and what to do."""


class _Answer(PaperAnswer):
    """What came back from `read_paper`, with the SHA-256 of what was read."""

    doc_id: str = Field(default="", pattern=r"^([0-9a-f]{64})?$")


@dataclass(eq=False)
class _Flight:
    """A paper on its way, and how many workers have died of it so far."""

    task: Task
    losses: int = 0
    machine: Machine | None = None


class ClusterPool:
    """Processes tasks on the workers of a Dask cluster.

    Parameters
    ----------
    processor, options, timeout_s, memory_MB, debug
        As of `WorkerPool`; they hold in the child processes of the Dask workers.
    address
        The scheduler: ``tcp://host:8786``, or ``tls://…`` with certificates in Dask's own settings.
    workers
        At most so many papers at a time; None: as many as the cluster has threads, and as many
        again that wait for one.
    wait_s
        How long to wait for a scheduler that is gone.
    max_file_MB
        Files that are larger are not opened.
    folders
        Folders and files that all machines must see.
    note
        Takes what there is to say of the cluster, as text for people.
    """

    def __init__(
        self,
        processor: str,
        options: dict[str, Any],
        *,
        address: str,
        workers: int | None,
        timeout_s: float,
        memory_MB: int,
        max_file_MB: int,
        wait_s: float,
        folders: Iterable[str] = (),
        note: Callable[[str], None] = lambda text: None,
        debug: bool = False,
    ) -> None:
        setup = {"processor": processor, "options": options, "timeout_s": timeout_s}
        setup |= {"memory_MB": memory_MB, "max_file_MB": max_file_MB, "debug": debug}
        self._setup = json.dumps(setup).encode("ascii")
        self._link = Link(address, wait_s)
        self._limit = workers
        self._note = note
        self._machines = Machines(self._link, tuple(folders), note)
        self._flights: dict[int, _Flight] = {}
        self._again: deque[_Flight] = deque()
        self._number = 0
        self._stopping = False
        self._connected = False
        self._is_gone = False

    @property
    def size(self) -> int:
        """Papers that can be read at a time, as far as the cluster is known by now."""
        threads = self._machines.most_threads
        return threads if self._limit is None else min(threads, self._limit)

    def stop(self) -> None:
        """Hand nothing more out; what is in work is finished. Safe in a signal handler."""
        self._stopping = True

    def run(
        self, tasks: Iterable[Task], has_room: Callable[[], bool] = lambda: True
    ) -> Generator[Outcome, None, None]:
        """One outcome a task, as `WorkerPool.run` gives them.

        Raises
        ------
        ClusterError
            The scheduler is not there, or was gone for too long; or no Dask worker can be used,
            because of its version, or because it does not see the files.
        """
        waiting = iter(tasks)
        self._link.open()
        try:
            while True:
                yield from self._take_events()
                if self._stopping and not self._flights:
                    return
                left = not self._stopping and has_room() and self._fill(waiting)
                if not left and not self._flights and not self._again and has_room():
                    return
        finally:
            self._link.close()

    def _take_events(self) -> Iterator[Outcome]:
        """What has come in, waiting for a moment if there is nothing."""
        until = time.monotonic() + WATCH_INTERVAL_S
        while True:
            try:
                event = self._link.events.get(timeout=max(0.0, until - time.monotonic()))
            except queue.Empty:
                return
            until = 0.0  # the rest of what is there, and no more waiting
            yield from self._take(event)

    def _take(self, event: Event) -> Iterator[Outcome]:
        match event:
            case Answer():
                yield from self._answered(event)
            case Members():
                for machine in self._machines.update(event):
                    yield from self._lost(machine)
            case Up():
                if self._is_gone:
                    self._note("the Dask scheduler is back; what was under way is done again")
                self._connected, self._is_gone = True, False
            case Down():
                self._cut(event.why)
            case GivenUp():
                self._give_up(event.why)

    def _cut(self, why: str) -> None:
        """The scheduler is gone: everything that was under way is done again."""
        if self._connected and not self._is_gone:
            self._is_gone = True
            self._note(f"the Dask scheduler is gone ({tidy_reason(why)}); it is waited for")
        for flight in self._flights.values():
            flight.machine = None
            self._again.append(flight)
        self._flights.clear()
        self._machines.forget()

    def _give_up(self, why: str) -> None:
        address, waited = self._link.address, f"{self._link.wait_s:g} s"
        if not self._connected:
            raise ClusterError(f"there is no Dask scheduler at {address}: {tidy_reason(why)}")
        raise ClusterError(
            f"the Dask scheduler at {address} has been gone for {waited} ({tidy_reason(why)}). "
            "What was done is saved; the same command goes on where this run ended"
        )

    def _fill(self, waiting: Iterator[Task]) -> bool:
        """Send papers to machines with room; False if there are none left to send."""
        self._machines.ask_for_some()
        while self._limit is None or len(self._flights) < self._limit:
            if all(flight.losses for flight in self._again):
                task = next(waiting, None)
                if task is None and not self._again:
                    return False
                if task is not None:
                    self._again.append(_Flight(task))
            if not self._send_one():
                return True
        return True

    def _send_one(self) -> bool:
        """Send the first paper that a machine has room for; False if none has."""
        for flight in self._again:
            machine = self._machines.with_room(suspect=flight.losses > 0)
            if machine is not None:
                self._again.remove(flight)
                self._send(flight, machine)
                return True
        return False

    def _send(self, flight: _Flight, machine: Machine) -> None:
        self._number += 1
        flight.machine = machine
        self._flights[self._number] = flight
        machine.add(self._number, suspect=flight.losses > 0)
        job = json.dumps(asdict(_for_other_machines(flight.task))).encode("ascii")
        self._link.submit(self._number, machine.address, read_paper, self._setup, job)

    def _lost(self, machine: Machine) -> Iterator[Outcome]:
        """A machine is gone. Papers that it read, and not only held, may be why."""
        read = set() if machine.leaving else set(machine.in_work())
        for number in machine.numbers:
            self._link.forget(number)
            flight = self._flights.pop(number)
            if number in read:
                yield from self._blame(flight, f"the Dask worker {machine.address} died")
            else:
                self._return(flight)

    def _blame(self, flight: _Flight, how: str) -> Iterator[Outcome]:
        """Do a paper again that may be why a worker is gone, unless that was often enough."""
        flight.losses += 1
        if flight.losses < MAX_LOSSES:
            self._return(flight)
            return
        times = f"{MAX_LOSSES} Dask workers were lost while they read it; of the last: {how}"
        yield Outcome(flight.task, 0.0, status=Status.CRASHED, reason=tidy_reason(times))

    def _return(self, flight: _Flight) -> None:
        flight.machine = None
        self._again.append(flight)

    def _answered(self, event: Answer) -> Iterator[Outcome]:
        flight = self._flights.pop(event.number, None)
        if flight is None:
            self._machines.answered(event)
            return
        machine = flight.machine
        assert machine is not None
        machine.remove(event.number)
        if event.data is None:
            yield from self._blame(flight, event.why)
            return
        if len(event.data) > MAX_ANSWER_BYTES:
            limit = f"the result is larger than {MAX_ANSWER_BYTES >> 20} MB"
            yield Outcome(flight.task, 0.0, status=Status.FAILED, reason=limit)
            return
        try:
            answer = _Answer.model_validate_json(event.data)
        except ValidationError:
            garbled = "the Dask worker's answer is garbled"
            yield Outcome(flight.task, 0.0, status=Status.CRASHED, reason=garbled)
            return
        if answer.start_error is not None:
            self._return(flight)
            self._machines.refuse(machine, tidy_reason(answer.start_error))
            return
        yield _outcome(flight.task, answer)


def _for_other_machines(task: Task) -> Task:
    """The task with paths that do not depend on the current folder."""
    if task.url is not None:
        return task
    path = os.path.abspath(task.path)
    pdf = None if task.pdf is None else os.path.abspath(task.pdf)
    return replace(task, path=path, pdf=pdf, name=None if task.called == path else task.called)


def _outcome(task: Task, answer: _Answer) -> Outcome:
    """The end of a task that its machine told."""
    status = answer.status
    if answer.result is None and status is None:
        status = Status.FAILED
    return Outcome(
        task if task.doc_id else replace(task, doc_id=answer.doc_id),
        answer.seconds,
        answer.result,
        status,
        tidy_reason(answer.reason),
        answer.peak_memory_MB,
    )
