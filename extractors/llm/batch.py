"""Batches: many requests sent as one job where the endpoint has such jobs.

OpenAI's Batch API: a file of requests goes up, a job runs within a day at half the price, a file of
answers comes down. What is noted on disk meanwhile lives in ``batch_jobs``.
"""

from __future__ import annotations

import hashlib
import json
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any, Final

import openai

from scmine.extractors.llm.batch_jobs import BatchJobs, Job
from scmine.extractors.llm.cache import Cache
from scmine.extractors.llm.client import Client
from scmine.extractors.llm.cost import Reservation
from scmine.extractors.llm.faults import Fault, Told, Trouble, fault_of, fault_told
from scmine.extractors.llm.in_hand import InHand
from scmine.extractors.llm.request import Ending, Reply, Request
from scmine.extractors.llm.server import blocking_client
from scmine.extractors.llm.turn import Turn

PATH: Final = "/v1/chat/completions"
MOST_LINES = 20_000
MOST_BYTES = 100_000_000
"""A batch has at most so many requests and bytes; OpenAI takes 50,000 and 200 MB."""

POLL_S = 20.0
FAILED_POLLS = 30
"""After so many questions in a row about a batch that fail, it is left for another run."""

_ENDED = frozenset({"completed", "failed", "expired", "cancelled"})
_NO_BATCHES = (404, 405, 501)
_TAG = "scmine"


class NoAnswer(Exception):
    """A batch could not be sent, or not be waited for; the message says why."""


@dataclass
class _Line:
    """One request of a batch, with all requests that are equal to it."""

    key: str
    requests: list[Request]
    held: Reservation | None = None


@dataclass
class _Ended:
    """What a batch came to: completions as JSON by key, and why the others have none."""

    completions: dict[str, str] = field(default_factory=dict)
    faults: dict[str, Fault] = field(default_factory=dict)
    rest: str = ""
    files: list[str] = field(default_factory=list)


class BatchAsker:
    """Asks a client's model by batches. Replies come when a whole batch has ended.

    Answers that are not valid are repaired by the client at once, as single requests.

    Parameters
    ----------
    client
        Whose model, server and budget these are.
    cache
        The client's cache; batches are noted there too.
    poll_s
        Seconds between two questions whether a batch has ended.
    say
        Told how the waiting goes, in words for the user.
    """

    def __init__(
        self,
        client: Client,
        cache: Cache,
        *,
        poll_s: float = POLL_S,
        say: Callable[[str], None] = lambda text: None,
    ) -> None:
        self.client = client
        self.model = client.model
        self.say = say
        self._said = ""
        self.cache = cache
        self.budget = client.budget
        self._poll_s = poll_s
        self._stopped = ""
        self._jobs = BatchJobs(cache, client.endpoint.url)
        self._openai = blocking_client(client.endpoint)
        self._cancelled = threading.Event()
        self._sending = threading.Lock()
        self._in_hand = InHand()
        self._results_had: dict[str, _Ended] = {}

    @property
    def stopped(self) -> str:
        """Why nothing is sent any more, and what to do about it; empty while that is not so."""
        return self._stopped or self.client.stopped

    def ask(self, requests: Iterable[Request]) -> Iterator[Reply]:
        """Replies to ``requests``, all of which are drawn before the first is sent.

        Raises
        ------
        CacheError
            If batches cannot be noted: then none is sent.
        """
        lines: dict[str, _Line] = {}
        for request in requests:
            if (reply := self.client.kept(request)) is not None:
                yield reply
            else:
                key = self.client.key_of(request)
                lines.setdefault(key, _Line(key, [])).requests.append(request)
        with self._in_hand.holding(lines):
            yield from self._asked(lines)

    def _asked(self, lines: dict[str, _Line]) -> Iterator[Reply]:
        """Replies to requests that no other thread of this process is asking now."""
        yield from self._read(lines, _Ended())
        for job in self._noted():
            if job.keys & lines.keys():
                yield from self._wait_for(job, lines)
        # What was held back for a batch and not needed is room for another one.
        while sent := [self._sent(*part) for part in self._parts(lines)]:
            for found, part_lines in sent:
                if isinstance(found, Job):
                    yield from self._wait_for(found, part_lines)
                else:
                    left = list(part_lines.values())
                    yield from self._unanswered(left, Ending.UNAVAILABLE, found)
        yield from self._left(lines)

    def cancel(self) -> None:
        """Wait no longer. What was sent goes on at the server, and a later run takes it."""
        self._cancelled.set()
        self.client.cancel()

    def close(self) -> None:
        """Close all connections."""
        self._openai.close()
        self.client.close()

    def _left(self, lines: dict[str, _Line]) -> Iterator[Reply]:
        """Requests that are in no batch: those that do not fit or cost too much."""
        for line in list(lines.values()):
            found = self.client.body_of(line.requests[0])
            if found is None:
                for request in line.requests:
                    yield self.client.submit(request).result()  # says by how much it is too long
            else:
                if self._cancelled.is_set():
                    yield from self._unanswered([line], Ending.CANCELLED, "cancelled")
                    continue
                reason = self.budget.refusal(found[1], self.client.endpoint.answer_tokens)
                yield from self._unanswered([line], Ending.OVER_BUDGET, reason)

    def _parts(self, lines: dict[str, _Line]) -> Iterator[tuple[list[bytes], list[_Line]]]:
        """What can be sent, in parts of the size of a batch; taken out of ``lines``."""
        texts: list[bytes] = []
        chosen: list[_Line] = []
        for line in list(lines.values()):
            found = self.client.body_of(line.requests[0])
            if found is None or self._cancelled.is_set():
                continue
            body, tokens_in = found
            line.held = self.budget.reserve(tokens_in, self.client.endpoint.answer_tokens)
            if line.held is None:
                continue
            asked = {"custom_id": line.key, "method": "POST", "url": PATH, "body": body}
            text = json.dumps(asked, ensure_ascii=False).encode("utf-8", "replace") + b"\n"
            if texts and (
                len(texts) >= MOST_LINES or sum(map(len, texts)) + len(text) > MOST_BYTES
            ):
                yield texts, chosen
                texts, chosen = [], []
            texts.append(text)
            chosen.append(lines.pop(line.key))
        if texts:
            yield texts, chosen

    def _sent(self, texts: list[bytes], lines: list[_Line]) -> tuple[Job | str, dict[str, _Line]]:
        """One batch that was sent, or why it could not be, and its requests."""
        try:
            with self._sending:
                job: Job | str = self._send(texts, lines)
        except NoAnswer as error:
            job = str(error)
        return job, {line.key: line for line in lines}

    def _send(self, texts: list[bytes], lines: list[_Line]) -> Job:
        """Send one batch, noted before and after."""
        if self.stopped:
            raise NoAnswer(self.stopped)
        keys = [line.key for line in lines]
        name = hashlib.sha256(f"{time.time_ns()}{sorted(keys)}".encode()).hexdigest()[:32]
        self._jobs.add(name, keys)
        try:
            file = self._openai.files.create(
                file=("requests.jsonl", b"".join(texts)), purpose="batch"
            )
            job = self._openai.batches.create(
                input_file_id=str(getattr(file, "id", "")),
                endpoint=PATH,
                completion_window="24h",
                metadata={_TAG: name},
            )
        except openai.APIStatusError as error:
            self._jobs.end(name, {})  # it was turned away, so it does not run
            raise NoAnswer(self._turned_away(error)) from error
        except openai.APIError as error:
            # It may have been taken and only the answer lost: the next run looks.
            raise NoAnswer(self._fault(error).reason) from error
        if not isinstance(getattr(job, "id", None), str):  # a page of some other server
            self._jobs.end(name, {})
            raise NoAnswer(self._without("it answers something else"))
        self._jobs.sent(name, job.id)
        self.say(f"batch {job.id}: {len(keys)} requests sent")
        return Job(name, job.id, frozenset(keys))

    def _turned_away(self, error: openai.APIStatusError) -> str:
        if error.status_code in _NO_BATCHES:
            return self._without(str(error.status_code))
        fault = self._fault(error)
        if fault.trouble is Trouble.HOPELESS:
            self._stopped = fault.reason
        return fault.reason

    def _without(self, why: str) -> str:
        self._stopped = (
            f"{self.client.endpoint.url} has no batches ({why}); ask without (leave out "
            "--llm-batch, or llm_batch = false)"
        )
        return self._stopped

    def _fault(self, error: openai.APIError) -> Fault:
        return fault_of(error, self.client.endpoint.where)

    def _noted(self) -> list[Job]:
        """The batches that an earlier run sent; of those it did not come to send, none is left."""
        with self._sending:  # what this run is just sending is not known to the server yet
            return self._looked_up()

    def _looked_up(self) -> list[Job]:
        found = self._jobs.open()
        if all(job.job is not None for job in found):
            return found
        try:
            known = {
                (batch.metadata or {}).get(_TAG): batch.id
                for batch in self._openai.batches.list(limit=100).data
            }
        except openai.APIError:
            return [job for job in found if job.job is not None]
        jobs = []
        for job in found:
            if job.job is None and job.name in known:
                self._jobs.sent(job.name, known[job.name])
                job = Job(job.name, known[job.name], job.keys)
            if job.job is None:
                self._jobs.end(job.name, {})
            else:
                jobs.append(job)
        return jobs

    def _wait_for(self, job: Job, lines: dict[str, _Line]) -> Iterator[Reply]:
        """Replies to the requests of one batch, once it has ended; taken out of ``lines``."""
        wanted = [lines[key] for key in job.keys if key in lines]
        try:
            ended = self._take_results(job)
        except NoAnswer as error:
            ending = Ending.CANCELLED if self._cancelled.is_set() else Ending.UNAVAILABLE
            for line in wanted:
                del lines[line.key]
            yield from self._unanswered(wanted, ending, str(error))
            return
        own = {line.key: lines.pop(line.key) for line in wanted}
        yield from self._read(own, ended)
        yield from self._unanswered(list(own.values()), Ending.UNAVAILABLE, ended.rest)

    def _take_results(self, job: Job) -> _Ended:
        """What a batch came to, noted, its files taken off the server: by one thread, for all."""
        with self._in_hand.holding({job.name}):
            if (known := self._results_had.get(job.name)) is not None:
                return known
            ended = self._ended(job)
            self._jobs.end(job.name, ended.completions)
            # What it answered is in the notebook; here stay the reasons of what it did not.
            had = self._results_had[job.name] = _Ended(faults=ended.faults, rest=ended.rest)
            for file in ended.files:
                self._delete(file)
            return had

    def _ended(self, job: Job) -> _Ended:
        """What a batch came to."""
        assert job.job is not None
        failed = 0
        while True:
            try:
                state = self._openai.batches.retrieve(job.job)
                failed = 0
                if state.status in _ENDED:
                    return self._results(state)
                counts = state.request_counts
                done = f"{counts.completed} of {counts.total} answered" if counts else state.status
                if (told := f"batch {job.job}: {done}") != self._said:
                    self._said = told
                    self.say(told)
            except openai.NotFoundError:
                return _Ended(rest=f"batch {job.job} is gone; ask again")
            except openai.APIError as error:
                failed += 1
                fault = self._fault(error)
                if fault.trouble is Trouble.HOPELESS or failed >= FAILED_POLLS:
                    told = f"{fault.reason}; batch {job.job} is taken up by the next run"
                    raise NoAnswer(told) from error
            if self._cancelled.wait(self._poll_s):
                raise NoAnswer(f"not waited for; batch {job.job} is taken up by the next run")

    def _results(self, state: Any) -> _Ended:
        """The answers and faults of a batch that has ended."""
        ended = _Ended(rest=f"batch {state.id} ended as {state.status} without it; ask again")
        told = [e.message for e in (state.errors.data if state.errors else None) or []]
        if told:
            where = self.client.endpoint.where
            ended.rest = f"batch {state.id} {state.status}: {where.cleaned(str(told[0]))}"
        found = [f for f in (state.output_file_id, state.error_file_id) if f]
        for file in found:
            for text in self._openai.files.content(file).iter_lines():
                self._note(text, ended)
        ended.files = [f for f in (state.input_file_id, *found) if f]
        return ended

    def _note(self, text: str, ended: _Ended) -> None:
        """Take in one line of a batch's files; what is no such line is passed over."""
        try:
            line = json.loads(text)
            key, response = line["custom_id"], line.get("response") or {}
            status, body = response.get("status_code"), response.get("body")
            fault = line.get("error") or (body or {}).get("error") or {}
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
            return
        if status == 200 and isinstance(body, dict):
            ended.completions[key] = json.dumps(body)
        elif isinstance(fault, dict) and status is not None:
            where = self.client.endpoint.where
            said = where.cleaned(str(fault.get("message") or ""))
            words = f"{fault.get('code')} {fault.get('type')} {fault.get('message')}"
            ended.faults[key] = fault_told(Told(status, said, words), where)

    def _delete(self, file: str) -> None:
        """Take a file with words of papers off the server, if it lets us."""
        try:
            self._openai.files.delete(file)
        except openai.APIError as error:
            self.say(f"file {file} stays at the server: {self._fault(error).reason}")

    def _read(self, lines: dict[str, _Line], ended: _Ended) -> Iterator[Reply]:
        """Replies from what came and from faults; the requests are taken out of ``lines``."""
        for line in list(lines.values()):
            if (kept := self.client.kept(line.requests[0])) is not None:
                # Another thread asked the same, and had its turn first.
                del lines[line.key]
                yield from self._again(line, kept)
                continue
            fault = ended.faults.get(line.key)
            completion = None if fault else self._jobs.came(line.key)
            if completion is None and fault is None:
                continue
            del lines[line.key]
            if fault is not None:
                ending = {
                    Trouble.TOO_LONG: Ending.TOO_LONG,
                    Trouble.FILTERED: Ending.REFUSED,
                }.get(fault.trouble, Ending.UNAVAILABLE)
                yield from self._unanswered([line], ending, fault.reason)
            elif completion is not None:
                yield from self._answered(line, completion)

    def _answered(self, line: _Line, completion: str) -> Iterator[Reply]:
        turn = Turn(self.client.endpoint.answer_tokens)
        turn.take(json.loads(completion))
        if line.held is not None:
            reservation = line.held
            sent = reservation.tokens_in if turn.tokens_in is None else turn.tokens_in
            self.budget.settle(reservation, sent, turn.out)
        first = self.client.submit(line.requests[0], turn).result()
        if first.ending not in (Ending.CANCELLED, Ending.OVER_BUDGET, Ending.UNAVAILABLE):
            self._jobs.read(line.key)
        yield first
        for request in line.requests[1:]:
            yield self.client.kept(request) or self.client.submit(request).result()

    def _again(self, line: _Line, kept: Reply) -> Iterator[Reply]:
        """Replies to equal requests by what the cache holds."""
        if line.held is not None:
            self.budget.settle(line.held, 0, 0)
        for request in line.requests:
            yield replace(kept, request=request)

    def _unanswered(self, lines: list[_Line], ending: Ending, reason: str) -> Iterator[Reply]:
        for line in lines:
            if line.held is not None:
                self.budget.settle(line.held, 0, 0)
                line.held = None
            for request in line.requests:
                yield Reply(request, ending, reason=reason)
