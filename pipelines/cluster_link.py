"""The line to a Dask scheduler: functions out, bytes back, who works there, and when it is cut.

A thread of its own with its own event loop holds the connection, so that whoever uses it is never
held up. What is sent where, and what happens to what was lost, is decided in ``cluster``.
"""

from __future__ import annotations

import asyncio
import queue
import threading
import time
from collections.abc import Callable, Coroutine, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import distributed

CONNECT_S = 10.0
"""Time for one attempt to connect, and for a scheduler to say who works there."""
LOOK_S = 1.0
"""Time between two looks at who works there."""
CLOSE_S = 5.0
PLAIN = ("dask", "msgpack")
"""The forms in which results are taken: those of plain bytes. Pickles are not opened here."""

Function = Callable[..., bytes]


@dataclass(frozen=True, slots=True)
class Answer:
    """What a function returned; ``data`` is None if it has not, and ``why`` says it then."""

    number: int
    data: bytes | None
    why: str = ""


@dataclass(frozen=True, slots=True)
class Up:
    """The scheduler is there; nothing that was sent before is known to it."""


@dataclass(frozen=True, slots=True)
class Down:
    """The line is cut. All that is under way is lost; a new line is tried."""

    why: str


@dataclass(frozen=True, slots=True)
class GivenUp:
    """The scheduler did not come back in time."""

    why: str


@dataclass(frozen=True, slots=True)
class Member:
    """A Dask worker as the scheduler knows it; ``leaving`` if it is being retired."""

    threads: int
    leaving: bool = False


@dataclass(frozen=True, slots=True)
class Members:
    """Who works there now, by address."""

    by_address: Mapping[str, Member]


Event = Answer | Up | Down | GivenUp | Members


@dataclass(eq=False)
class Link:
    """The line to the scheduler at ``address``; it is tried again for ``wait_s`` when it is cut."""

    address: str
    wait_s: float
    events: queue.SimpleQueue[Event] = field(default_factory=queue.SimpleQueue)
    _client: Any = None
    _futures: dict[int, Any] = field(default_factory=dict)
    _following: set[asyncio.Task[None]] = field(default_factory=set)
    _closing: bool = False

    def open(self) -> None:
        """Begin to connect; ``Up`` or ``GivenUp`` follows."""
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, name="scmine-dask", daemon=True)
        self._thread.start()

    def submit(self, number: int, worker: str | None, function: Function, *given: bytes) -> None:
        """Have ``worker`` call ``function``; None: any. An ``Answer`` follows, unless ``Down``."""
        self._call(self._submit, number, worker, function, given)

    def forget(self, number: int) -> None:
        """Take a call back, as far as it has not begun; no ``Answer`` need follow."""
        self._call(self._forget, number)

    def close(self) -> None:
        """Take all calls back and hang up."""
        self._closing = True
        self._thread.join(CONNECT_S + CLOSE_S)

    def _call(self, function: Callable[..., None], *given: Any) -> None:
        with suppress(RuntimeError):  # the loop has ended: so has the line
            self._loop.call_soon_threadsafe(function, *given)

    def _run(self) -> None:
        try:
            self._loop.run_until_complete(self._stay())
        finally:
            self._loop.close()

    async def _stay(self) -> None:
        """Connect, again and again until it takes too long."""
        cut_at = time.monotonic()
        while not self._closing:
            why = ""
            try:
                why = await self._connected()
                cut_at = time.monotonic()
            except (OSError, ImportError, ValueError, RuntimeError) as error:
                why = str(error) or type(error).__name__
            if self._closing:
                return
            self.events.put(Down(why))
            if time.monotonic() - cut_at >= self.wait_s:
                self.events.put(GivenUp(why))
                return
            await asyncio.sleep(LOOK_S)

    async def _connected(self) -> str:
        """One connection from its beginning to its end; why it ended."""
        client = distributed.Client(
            self.address,
            asynchronous=True,
            set_as_default=False,
            timeout=min(CONNECT_S, max(self.wait_s, LOOK_S)),
            deserializers=list(PLAIN),
            name="scmine",
        )
        try:
            await client
            self._client = client
            self.events.put(Up())
            return await self._look(client)
        finally:
            self._client = None
            for task in self._following:
                task.cancel()
            if self._closing and client.status == "running":
                with suppress(Exception):  # hanging up: whatever fails now has no meaning
                    await _within(client.cancel(list(self._futures.values())), CLOSE_S)
            self._futures.clear()
            with suppress(Exception):  # as above
                await _within(client.close(timeout=CLOSE_S), CLOSE_S)

    async def _look(self, client: Any) -> str:
        """Say again and again who works there, until the line is cut."""
        while not self._closing:
            if client.status != "running":
                return "the connection was closed"
            try:
                said = await _within(client.scheduler.identity(n_workers=-1), CONNECT_S)
            except TimeoutError:
                return f"the scheduler has not answered for {CONNECT_S:g} s"
            except OSError as error:
                return str(error)
            self.events.put(Members({a: _member(w) for a, w in said["workers"].items()}))
            until = time.monotonic() + LOOK_S
            while time.monotonic() < until and client.status == "running" and not self._closing:
                await asyncio.sleep(LOOK_S / 10)
        return ""

    def _submit(
        self, number: int, worker: str | None, function: Function, given: tuple[bytes, ...]
    ) -> None:
        if self._client is None or self._client.status != "running":
            return  # ``Down`` tells it
        future = self._client.submit(
            function,
            *given,
            key=f"{function.__name__}-{self._client.id}-{number}",
            workers=None if worker is None else [worker],
            pure=False,
        )
        self._futures[number] = future
        task = self._loop.create_task(self._follow(number, future))
        self._following.add(task)
        task.add_done_callback(self._following.discard)

    async def _follow(self, number: int, future: Any) -> None:
        """Wait for what a call gives."""
        try:
            data = await future
        except asyncio.CancelledError:
            if number not in self._futures:  # taken back, or the line is cut
                return
            answer = Answer(number, None, "it was cancelled")
        except Exception as error:  # noqa: BLE001 - whatever was raised there is raised here
            answer = Answer(number, None, f"{type(error).__name__}: {error}")
        else:
            plain = isinstance(data, bytes)
            answer = Answer(number, data if plain else None, "" if plain else "it is no bytes")
        if self._futures.pop(number, None) is not None:
            future.release()
            self.events.put(answer)

    def _forget(self, number: int) -> None:
        future = self._futures.pop(number, None)
        if future is not None:
            task = self._loop.create_task(_cancel(future))
            self._following.add(task)
            task.add_done_callback(self._following.discard)


async def _within(awaited: Coroutine[Any, Any, Any], limit_s: float) -> Any:
    """As `asyncio.wait_for`, but what takes too long is left alone: to end it may take longer."""
    task = asyncio.ensure_future(awaited)
    done, _ = await asyncio.wait({task}, timeout=limit_s)
    if not done:
        task.cancel()
        raise TimeoutError
    return task.result()


async def _cancel(future: Any) -> None:
    with suppress(Exception):  # the line may be cut by now, and then nothing is left to cancel
        await future.cancel()


def _member(said: Mapping[str, Any]) -> Member:
    return Member(int(said["nthreads"]), said.get("status") not in (None, "running", "init"))
