"""The client: requests out to an OpenAI-compatible endpoint, replies back, faults named.

Who asks is not bothered with faults: each request ends in a reply that says how it ended. What an
error of a server means lives in ``faults``, what is sent in ``server`` and ``answer_forms``.
"""

from __future__ import annotations

import asyncio
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, wait
from dataclasses import dataclass, replace
from functools import partial
from types import TracebackType
from typing import Any

from pydantic import BaseModel, ValidationError

from scmine.extractors.llm.answer_forms import (
    Form,
    is_unheeded,
    messages_of,
    problems,
    read_answer,
    repairing,
)
from scmine.extractors.llm.cache import KEPT, Cache, Kept, key_of
from scmine.extractors.llm.cost import Budget, messages_tokens, schema_tokens
from scmine.extractors.llm.faults import Fault, Trouble
from scmine.extractors.llm.request import Ending, Message, Reply, Request, Usage
from scmine.extractors.llm.retrying import Pace
from scmine.extractors.llm.server import Endpoint, Server
from scmine.extractors.llm.turn import Turn

BUSY_TRIES = 8
"""How often a request is sent to a server that says it is busy."""

BROKEN_TRIES = 3
"""How often a request is sent where the connection breaks or the server fails."""

SILENT_REQUESTS = 5
"""After so many requests in a row without an answer, the rest is not sent."""

_ROOM_S = 0.05


class Client:
    """Asks one model at one endpoint. Its methods may be called from any thread.

    Requests are sent by one event loop in a thread of its own, at most ``endpoint.concurrency`` at
    a time. Equal requests are sent once.

    Parameters
    ----------
    endpoint
        Which model is asked where.
    cache
        Where answers are kept. None: nowhere.
    budget
        What may be spent. None: without limit, in tokens.
    closes_cache
        Whether the cache is closed together with the client.
    """

    def __init__(
        self,
        endpoint: Endpoint,
        *,
        cache: Cache | None = None,
        budget: Budget | None = None,
        closes_cache: bool = False,
    ) -> None:
        self.endpoint = endpoint
        self.model = endpoint.model
        self.cache = cache
        self.budget = budget or Budget()
        self.stopped = ""
        """Why nothing is sent any more, and what to do about it; empty while that is not so."""
        self._server = Server(endpoint)
        self._pace = Pace(first_s=endpoint.pause_s)
        self._slots = asyncio.Semaphore(endpoint.concurrency)
        self._running: dict[str, asyncio.Task[Reply]] = {}
        self._waiting: Counter[str] = Counter()
        self._silent = 0
        self._cancelled = threading.Event()
        self._is_closed = False
        self._closes_cache = closes_cache
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None
        self._starting = threading.Lock()

    def ask(self, requests: Iterable[Request]) -> Iterator[Reply]:
        """Replies to ``requests`` as they end, in any order.

        ``requests`` is drawn from in the caller's thread, some requests ahead of the replies.
        When the iteration is left, by Ctrl-C too, what is in flight is cancelled.
        """
        source = iter(requests)
        ahead = 4 * self.endpoint.concurrency
        flying: set[Future[Reply]] = set()
        has_more = True
        try:
            while has_more or flying:
                while has_more and len(flying) < ahead and not self._cancelled.is_set():
                    request = next(source, None)
                    if request is None:
                        has_more = False
                    else:
                        flying.add(self.submit(request))
                has_more = has_more and not self._cancelled.is_set()
                ended, flying = wait(flying, return_when=FIRST_COMPLETED)
                for future in ended:
                    yield future.result()
        finally:
            for future in flying:
                future.cancel()

    def submit(self, request: Request, first: Turn | None = None) -> Future[Reply]:
        """Start asking ``request``; its reply comes in the future, which may be cancelled.

        ``first`` is an answer that came another way, by a batch: it is read, kept and, where it
        has to be, repaired as if it had come now.
        """
        loop = self._started()
        return asyncio.run_coroutine_threadsafe(self._share(request, first), loop)

    def cancel(self) -> None:
        """Close all connections: what is not answered ends as ``cancelled``, for good."""
        self._cancelled.set()
        if self._loop is not None:
            self._loop.call_soon_threadsafe(self._cancel_running)

    def close(self) -> None:
        """Cancel what is in flight and end the thread."""
        with self._starting:
            loop, self._loop, self._is_closed = self._loop, None, True
            self._cancelled.set()
            if loop is not None and self._thread is not None:
                asyncio.run_coroutine_threadsafe(self._end(), loop).result()
                loop.call_soon_threadsafe(loop.stop)
                self._thread.join()
                loop.close()
            if self.cache is not None and self._closes_cache:
                self.cache.close()

    def key_of(self, request: Request) -> str:
        """The name of the request's answer in the cache."""
        endpoint = self.endpoint
        return key_of(request, endpoint.model, endpoint.url, endpoint.parameters())

    def kept(self, request: Request) -> Reply | None:
        """The reply that the cache has, if it has one."""
        started = time.monotonic()
        kept = self.cache.get(self.key_of(request)) if self.cache else None
        return _reply_kept(request, kept, started) if kept else None

    def body_of(self, request: Request) -> tuple[dict[str, Any], int] | None:
        """What would be sent at once and not as a stream, and about how many tokens that is.

        None if it does not fit into the model.
        """
        messages = messages_of(request, self._server.form)
        said = messages_tokens(messages)
        room = self.endpoint.room(said)
        if not room:
            return None
        body = self._server.body(request, messages, room, stream=False)
        return body, said + schema_tokens(request.answer)

    def __enter__(self) -> Client:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        tb: TracebackType | None,
    ) -> None:
        self.close()

    def _started(self) -> asyncio.AbstractEventLoop:
        with self._starting:
            if self._is_closed:
                raise RuntimeError("this client is closed")
            if self._loop is None:
                self._loop = asyncio.new_event_loop()
                self._thread = threading.Thread(
                    target=self._loop.run_forever, name="llm", daemon=True
                )
                self._thread.start()
            return self._loop

    def _cancel_running(self) -> None:
        for task in self._running.values():
            task.cancel()

    async def _end(self) -> None:
        self._cancel_running()
        others = asyncio.all_tasks() - {asyncio.current_task()}
        await asyncio.gather(*others, return_exceptions=True)
        # What a thread is just writing to the cache was paid for.
        await asyncio.get_running_loop().shutdown_default_executor()
        await self._server.close()

    async def _share(self, request: Request, first: Turn | None) -> Reply:
        """The reply to ``request``; one task serves all who ask the same at the same time."""
        key = self.key_of(request)
        task = self._running.get(key)
        # One that those who waited for it have left is just ending, without a reply.
        is_own = task is None or bool(task.cancelling())
        if task is None or is_own:
            task = asyncio.ensure_future(self._reply(request, key, first))
            self._running[key] = task
            task.add_done_callback(partial(self._ended, key))
        self._waiting[key] += 1
        try:
            reply = await asyncio.shield(task)
        except asyncio.CancelledError:
            if not (task.cancelled() and self._cancelled.is_set()):
                raise
            reply = Reply(request, Ending.CANCELLED, reason="cancelled")
        finally:
            self._waiting[key] -= 1
            if not self._waiting[key]:
                del self._waiting[key]
                task.cancel()  # nobody waits for it; without effect once it is done
        if is_own:
            return replace(reply, request=request)
        if reply.ending not in KEPT:
            # What it took is told once, by the one who asked first.
            return replace(reply, request=request, usage=Usage(cost=0.0), calls=0)
        usage = replace(reply.usage, cost=0.0)
        return replace(reply, request=request, usage=usage, cached=True, calls=0)

    def _ended(self, key: str, task: asyncio.Task[Reply]) -> None:
        """Forget a task, unless another one has taken its place."""
        if self._running.get(key) is task:
            del self._running[key]

    async def _reply(self, request: Request, key: str, first: Turn | None) -> Reply:
        started = time.monotonic()
        if self.cache is not None:
            kept = await asyncio.to_thread(self.cache.get, key)
            if kept is not None and (reply := _reply_kept(request, kept, started)):
                return reply
        asking = _Asking(request)
        try:
            async with self._slots:
                started = time.monotonic()  # waiting for a place is not the answer's time
                end = await self._end_of(asking, first)
        except asyncio.CancelledError:
            if not self._cancelled.is_set():
                raise
            end = _End(Ending.CANCELLED, reason="cancelled")
        self._note(end)
        usage = self.budget.prices.usage(asking.tokens_in, asking.tokens_out)
        if self.cache is not None and end.ending in KEPT:
            answer = end.answer.model_dump_json() if end.answer else None
            kept = Kept(end.ending, answer, end.reason, usage.tokens_in, usage.tokens_out)
            await asyncio.to_thread(self.cache.put, key, self.model, request.prompt, kept)
        seconds = time.monotonic() - started
        return Reply(
            request, end.ending, end.answer, usage, end.reason, False, asking.calls, seconds
        )

    def _note(self, end: _End) -> None:
        """Count the requests in a row that the server left without an answer."""
        if end.ending in KEPT:
            self._silent = 0
        elif end.ending in (Ending.UNAVAILABLE, Ending.TIMED_OUT) and not self.stopped:
            self._silent += 1
            if self._silent >= SILENT_REQUESTS:
                self.stopped = (
                    f"{self._silent} requests in a row got no answer; the last: {end.reason}. The "
                    "rest is not sent. Look after the server, or give it more time "
                    "(llm_timeout_s), and run the same command again: what was answered is kept"
                )

    async def _end_of(self, asking: _Asking, turn: Turn | None) -> _End:
        """Ask, judge the answer, and ask once more if it is not valid."""
        request = asking.request
        form = self._server.form
        if turn is None:
            found = await self._turn(asking, lambda form: messages_of(request, form))
            if isinstance(found, _End):
                return found
            turn, form = found
        else:
            self._take_in(asking, turn)
        end = _judged(turn, request.answer)
        if end.error is None:
            return end
        if is_unheeded(form, end.error):
            self._server.leave_out("response_format", form)
        text, error = turn.text, end.error
        again = await self._turn(asking, lambda form: repairing(request, form, text, error))
        if isinstance(again, _End):
            # There is no room to show the answer again: it stays what it is, and was paid for.
            return end if again.ending is Ending.TOO_LONG else again
        return _judged(again[0], request.answer)

    def _take_in(self, asking: _Asking, turn: Turn) -> None:
        """Book what a turn took that came another way."""
        estimated = messages_tokens(asking.request.messages)
        asking.take(estimated if turn.tokens_in is None else turn.tokens_in, turn)

    async def _turn(
        self, asking: _Asking, words: Callable[[Form], list[Message]]
    ) -> tuple[Turn, Form] | _End:
        """Send until there is an answer, or none will come."""
        busy = broken = 0
        while True:
            if self.stopped or self._cancelled.is_set():
                return _End(*self._why_unsent())
            form, changes = self._server.form, self._server.changes
            turn = Turn(self.endpoint.answer_tokens)  # less, where the question leaves less
            sent_at = time.monotonic()
            fault = await self._send(asking, words(form), turn)
            if isinstance(fault, _End):
                return fault
            if fault is None:
                self._pace.success()
                return turn, form
            now = time.monotonic()
            match fault.trouble:
                case Trouble.BUSY if busy < BUSY_TRIES - 1:
                    busy += 1
                    self._pace.fault(now, sent_at, fault.wait_s)
                case Trouble.BROKEN if broken < BROKEN_TRIES - 1:
                    broken += 1
                    self._pace.fault(now, sent_at, is_broken=True)
                case Trouble.PART if self._server.changes != changes:
                    pass  # another request met the same in the meantime
                case Trouble.PART if self._server.leave_out(fault.part, form):
                    pass
                case _:
                    return self._given_up(fault)

    def _why_unsent(self) -> tuple[Ending, None, str]:
        if self._cancelled.is_set():
            return Ending.CANCELLED, None, "cancelled"
        return Ending.UNAVAILABLE, None, self.stopped

    async def _send(
        self, asking: _Asking, messages: list[Message], turn: Turn
    ) -> Fault | _End | None:
        """Send once, when there is room for it, and book what it took."""
        endpoint = self.endpoint
        request = asking.request
        said = messages_tokens(messages)
        room = endpoint.room(said)
        if not room:
            reason = (
                f"about {said} tokens and {endpoint.answer_tokens} for the answer do not fit "
                f"into {endpoint.context_tokens}"
            )
            return _End(Ending.TOO_LONG, reason=reason)
        while (pause := self._pace.wait(time.monotonic())) > 0:
            await asyncio.sleep(pause)
        turn.answer_tokens = room
        most_in = said + schema_tokens(request.answer)
        while (held := self.budget.reserve(most_in, room)) is None:
            if not self.budget.reserved:
                return _End(Ending.OVER_BUDGET, reason=self.budget.refusal(most_in, room))
            await asyncio.sleep(_ROOM_S)  # what is in flight may take less than is held back
        before = (asking.tokens_in, asking.tokens_out)
        fault: Fault | None = Fault(Trouble.SLOW, "cancelled")
        try:
            fault = await self._server.send(self._server.body(request, messages, room), turn)
        finally:
            if fault is None or fault.trouble is Trouble.SLOW or turn.has_begun:
                asking.take(said if turn.tokens_in is None else turn.tokens_in, turn)
            self.budget.settle(held, asking.tokens_in - before[0], asking.tokens_out - before[1])
        return fault or _broken_off(turn, request.answer, endpoint)

    def _given_up(self, fault: Fault) -> _End:
        """How a request ends that the server does not answer."""
        match fault.trouble:
            case Trouble.TOO_LONG:
                return _End(Ending.TOO_LONG, reason=fault.reason)
            case Trouble.FILTERED:
                return _End(Ending.REFUSED, reason=fault.reason)
            case Trouble.SLOW:
                return _End(Ending.TIMED_OUT, reason=fault.reason)
            case Trouble.HOPELESS:
                self.stopped = self.stopped or fault.reason
            case Trouble.PART if fault.part == "response_format" and self.endpoint.form:
                self.stopped = self.stopped or (
                    f"{self.endpoint.url} does not take the form {self.endpoint.form} "
                    f"({fault.reason}). Let it be found (llm_mode = auto) or name another"
                )
        return _End(Ending.UNAVAILABLE, reason=self.stopped or fault.reason)


@dataclass
class _Asking:
    """What one request has taken so far."""

    request: Request
    tokens_in: int = 0
    tokens_out: int = 0
    calls: int = 0

    def take(self, tokens_in: int, turn: Turn) -> None:
        """Count a turn."""
        self.calls += 1
        self.tokens_in += tokens_in
        self.tokens_out += turn.out


@dataclass(frozen=True)
class _End:
    """How a request ended; ``error`` says what is wrong with an answer that is not valid."""

    ending: Ending
    answer: BaseModel | None = None
    reason: str = ""
    error: ValidationError | None = None


def _judged(turn: Turn, answer: type[BaseModel]) -> _End:
    """What an answer comes to."""
    if turn.refusal.strip():
        return _End(Ending.REFUSED, reason=_short(turn.refusal))
    if turn.finish == "content_filter":
        return _End(Ending.REFUSED, reason="stopped by the server's content filter")
    if turn.finish == "length":
        return _End(Ending.TRUNCATED, reason=f"longer than {turn.answer_tokens} tokens")
    try:
        return _End(Ending.ANSWERED, read_answer(turn.text, answer))
    except ValidationError as error:
        return _End(Ending.INVALID, reason=problems(error), error=error)


def _broken_off(turn: Turn, answer: type[BaseModel], endpoint: Endpoint) -> Fault | None:
    """A fault if the answer has no end: neither does the server say so, nor can it be read."""
    if turn.finish is not None:
        return None
    try:
        read_answer(turn.text, answer)
    except ValidationError:
        return Fault(Trouble.BROKEN, f"the answer of {endpoint.url} broke off")
    return None


def _reply_kept(request: Request, kept: Kept, started: float) -> Reply | None:
    """A reply from the cache; None if what was kept is no answer to this."""
    answer = None
    if kept.answer is not None:
        try:
            answer = request.answer.model_validate_json(kept.answer)
        except ValidationError:
            return None
    usage = Usage(kept.tokens_in, kept.tokens_out, 0.0)
    seconds = time.monotonic() - started
    return Reply(request, kept.ending, answer, usage, kept.reason, True, 0, seconds)


def _short(text: str) -> str:
    return " ".join(text.split())[:300]
