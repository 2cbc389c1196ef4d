"""The stage of a run that asks a language model about papers that were read.

Papers come from the workers; each is asked about in a thread of its own, so that the run goes on
watching its workers, and comes back as what the database takes. Nothing here writes a database.
What is asked and what is made of the answers lives in ``scmine.extractors.llm``; a paper that
cannot be asked about comes back as rules and models read it.
"""

from __future__ import annotations

import queue
import threading
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

from scmine.database.llm_use import LlmState, LlmUse
from scmine.database.results import DocumentResult
from scmine.extractors.extract import Extraction
from scmine.extractors.llm.agreement import joined
from scmine.extractors.llm.asking import (
    PASSING,
    Answers,
    answers_of,
    prompts_in_force,
    requests_for,
)
from scmine.extractors.llm.request import Asker, Ending, Reply, Request
from scmine.extractors.llm.routing import Routed, all_places, open_places
from scmine.extractors.llm.second_round import Judged, Second, judged, second_round
from scmine.pipelines.llm_paper import ReadPaper, unpacked
from scmine.pipelines.raised import told
from scmine.pipelines.settings import Settings
from scmine.pipelines.workers import tidy_reason

PAPERS_AT_ONCE = 4
"""Papers that are asked about at the same time, each held in memory."""

Finish = Callable[[ReadPaper], DocumentResult]


class Cancellable(Asker, Protocol):
    """An asker that can be told to stop."""

    def cancel(self) -> None:
        """Let every request that has no answer yet end as cancelled."""
        ...


@dataclass(slots=True)
class Spent:
    """What was asked so far, as replies come in; for the progress of a run."""

    requests: int = 0
    tokens: int = 0
    cost: float | None = None


@dataclass(frozen=True, slots=True)
class _Ticket:
    """A paper in the asking: what the rules made of it, and the paper itself as it came."""

    result: DocumentResult
    paper: Any


@dataclass(slots=True)
class Asked:
    """What came of one paper: what to save, and why the asking failed, if it did."""

    result: DocumentResult
    trouble: str = ""


def routed_places(paper: ReadPaper, *, everything: bool) -> list[Routed]:
    """What of a paper a language model is asked about."""
    if everything:
        return all_places(paper.document)
    return open_places(paper.document, paper.extraction)


def paper_requests(paper: ReadPaper, routed: Sequence[Routed], settings: Settings) -> list[Request]:
    """The questions about the places ``routed`` of a paper."""
    return requests_for(
        paper.document,
        routed,
        mentions=paper.extraction.mentions,
        context_tokens=settings.llm_context_tokens,
        answer_tokens=settings.llm_answer_tokens,
    )


def second_requests(paper: ReadPaper, extraction: Extraction, settings: Settings) -> Second:
    """The questions about the records of a paper once they are put together."""
    return second_round(
        paper.document,
        extraction,
        check=settings.llm_check,
        context_tokens=settings.llm_context_tokens,
        answer_tokens=settings.llm_answer_tokens,
    )


class LlmStage:
    """Asks about papers, a bounded number at a time.

    Parameters
    ----------
    asker
        What sends requests; asked from several threads at once.
    settings
        What is asked and how much of it; see `scmine.pipelines.settings.Settings`.
    finish
        What makes of a paper what the database takes. Called by one thread at a time.
    papers_together
        Papers whose requests are asked as one: many where the endpoint takes whole batches.
    debug
        Write to standard error where what a paper's answers cost it was raised.
    """

    def __init__(
        self,
        asker: Cancellable,
        settings: Settings,
        finish: Finish,
        papers_together: int = 1,
        *,
        debug: bool = False,
    ) -> None:
        self._asker = asker
        self._settings = settings
        self._finish = finish
        self._together = papers_together
        self._debug = debug
        self._prompts = prompts_in_force(check=settings.llm_check)
        self._waiting: list[_Ticket] = []
        self._in_work = 0
        self._done: queue.SimpleQueue[list[Asked]] = queue.SimpleQueue()
        self._one_at_a_time = threading.Lock()
        self._counting = threading.Lock()
        self.spent = Spent()

    @property
    def full(self) -> bool:
        """Whether no more papers should come before some have been asked about."""
        return self._in_work >= PAPERS_AT_ONCE

    @property
    def papers(self) -> int:
        """How many papers are here."""
        return len(self._waiting) + self._in_work * self._together

    def add(self, result: DocumentResult, paper: Any) -> None:
        """Take a paper; ``result`` is what the rules made of it, ``paper`` as `packed` gave it."""
        self._waiting.append(_Ticket(result, paper))
        if len(self._waiting) >= self._together:
            self._begin()

    def finished(self) -> Iterator[Asked]:
        """The papers that are done by now; does not wait."""
        while not self._done.empty():
            yield from self._taken(self._done.get())

    def rest(self) -> Iterator[Asked]:
        """All papers that are still here, as they end."""
        self._begin()
        while self._in_work:
            yield from self._taken(self._done.get())

    def cancel(self) -> None:
        """Ask no more; papers come back with the answers that are there."""
        self._asker.cancel()

    def _taken(self, group: list[Asked]) -> list[Asked]:
        self._in_work -= 1
        return group

    def _begin(self) -> None:
        """Start to ask about the papers that wait."""
        if self._waiting:
            tickets, self._waiting = self._waiting, []
            self._in_work += 1
            # A second Ctrl-C has to end the program whatever the server does.
            threading.Thread(target=self._ask_and_put, args=(tickets,), daemon=True).start()

    def _ask_and_put(self, tickets: list[_Ticket]) -> None:
        """The work of one thread: whatever goes wrong, each paper comes back."""
        group = [_Work(ticket) for ticket in tickets]
        try:
            self._ask(group)
        finally:
            self._done.put([work.asked or self._unasked(work) for work in group])

    def _ask(self, group: Sequence[_Work]) -> None:
        """Ask about places, then about the records that come of it."""
        self._send(group, lambda work: work.questions(self._settings))
        # What is the computer's own work is done by one at a time; papers would hinder each other.
        for work in group:
            with self._one_at_a_time, self._costing_answers([work]):
                if not work.trouble:
                    work.meet(self._asker.model)
        sound = [work for work in group if not work.trouble]
        self._send(sound, lambda work: work.second_questions(self._settings), second=True)
        for work in sound:
            with self._one_at_a_time:
                with self._costing_answers([work], second=True):
                    work.judge(self._asker.model)
                with self._costing_answers([work]):
                    work.end(self._asker.model, self._prompts, self._settings, self._finish)

    def _send(
        self,
        group: Sequence[_Work],
        questions: Callable[[_Work], Sequence[Request]],
        *,
        second: bool = False,
    ) -> None:
        """Ask one round of questions about some papers as one."""
        by_request: dict[Request, _Work] = {}
        with self._one_at_a_time:
            for work in group:
                with self._costing_answers([work], second=second):
                    by_request |= dict.fromkeys(questions(work), work)
        with self._costing_answers(group, second=second):
            for reply in self._replies(list(by_request)) if by_request else ():
                by_request[reply.request].replies.append(reply)
                self._count(reply)

    @contextmanager
    def _costing_answers(self, group: Sequence[_Work], *, second: bool = False) -> Iterator[None]:
        """Within this, what goes wrong costs these papers the answers, never the records.

        In the ``second`` round it costs the answers of that alone.
        """
        try:
            yield
        except Exception as error:  # noqa: BLE001 - one paper must not end the run; it is told
            for work in group:
                if second:
                    work.second_trouble = work.second_trouble or told(error)
                else:
                    work.trouble = work.trouble or told(error)
            if self._debug:
                traceback.print_exc()

    def _replies(self, requests: list[Request]) -> Iterator[Reply]:
        """The replies to ``requests``, one each, also to those that an asker told to stop left."""
        answered: set[Request] = set()
        for reply in self._asker.ask(requests):
            answered.add(reply.request)
            yield reply
        for request in requests:
            if request not in answered:
                yield Reply(request, Ending.CANCELLED, reason="it was not asked any more")

    def _count(self, reply: Reply) -> None:
        with self._counting:
            self.spent.requests += 1
            if reply.cached:
                return
            self.spent.tokens += reply.usage.tokens_in + reply.usage.tokens_out
            if reply.usage.cost is not None:
                self.spent.cost = (self.spent.cost or 0.0) + reply.usage.cost

    def _unasked(self, work: _Work) -> Asked:
        """A paper whose answers could not be used: as the rules read it, to be asked again."""
        reason = tidy_reason(f"the answers could not be used: {work.trouble or 'the thread ended'}")
        use = work.use(self._asker.model, self._prompts, self._settings)
        use = replace(use, state=LlmState.OPEN, reason=reason, kept=0, drops={}, meetings={})
        return Asked(replace(work.ticket.result, llm=use), reason)


@dataclass(slots=True)
class _Work:
    """One paper on its way through the stage."""

    ticket: _Ticket
    paper: ReadPaper | None = None
    routed: list[Routed] = field(default_factory=list)
    requests: list[Request] = field(default_factory=list)
    replies: list[Reply] = field(default_factory=list)
    found: Answers = field(default_factory=Answers)
    extraction: Extraction | None = None
    meetings: dict[str, int] = field(default_factory=dict)
    second: Second = field(default_factory=Second)
    judged: Judged | None = None
    seconds: float = 0.0
    trouble: str = ""
    second_trouble: str = ""
    asked: Asked | None = None

    def questions(self, settings: Settings) -> list[Request]:
        """What is asked about the paper."""
        self.paper = unpacked(self.ticket.paper)
        self.routed = routed_places(self.paper, everything=settings.llm_all)
        self.requests = paper_requests(self.paper, self.routed, settings)
        return self.requests

    def meet(self, model: str) -> None:
        """Put the answers and what the rules found together."""
        assert self.paper is not None
        started = time.perf_counter()
        document, self.extraction = self.paper.document, self.paper.extraction
        self.found = answers_of(document, self.extraction, self.routed, self.replies, model)
        if self.found.places:
            met = joined(document, self.extraction, self.found.places)
            self.extraction, self.meetings = met.extraction, dict(met.meetings)
        self.seconds = time.perf_counter() - started

    def second_questions(self, settings: Settings) -> list[Request]:
        """What is asked about the records that come of the answers.

        Nothing while places have no answer yet: with it, there may be other records.
        """
        assert self.paper is not None
        assert self.extraction is not None
        if not any(reply.ending in PASSING for reply in self.replies):
            self.second = second_requests(self.paper, self.extraction, settings)
            self.requests = [*self.requests, *self.second.requests]
        return self.second.requests

    def judge(self, model: str) -> None:
        """Hold the answers about the records against the paper."""
        assert self.paper is not None
        assert self.extraction is not None
        started = time.perf_counter()
        self.judged = judged(self.paper.document, self.extraction, self.second, self.replies, model)
        self.seconds += time.perf_counter() - started

    def use(self, model: str, prompts: list[str], settings: Settings) -> LlmUse:
        """What the asking took, and how it ended."""
        paid = [reply for reply in self.replies if not reply.cached]
        costs = [reply.usage.cost for reply in paid if reply.usage.cost is not None]
        known = len(costs) == len(paid) and settings.llm_price_in is not None
        left = [reply for reply in self.replies if reply.ending in PASSING]
        return LlmUse(
            model=model,
            prompts=prompts,
            everything=settings.llm_all,
            state=LlmState.OPEN if left else LlmState.DONE,
            reason=_why(left),
            requests=len(self.requests),
            calls=sum(reply.calls for reply in self.replies),
            cached=sum(reply.cached for reply in self.replies),
            tokens_in=sum(reply.usage.tokens_in for reply in paid),
            tokens_out=sum(reply.usage.tokens_out for reply in paid),
            cost=sum(costs) if known else None,
            reasons=dict(Counter(one.reason.value for one in self._why_asked())),
            endings=dict(Counter(reply.ending.value for reply in self.replies)),
        )

    def _why_asked(self) -> list[Routed]:
        return [*self.routed, *(one.routed for one in self.second.unclear)]

    def end(self, model: str, prompts: list[str], settings: Settings, finish: Finish) -> None:
        """Make of the paper and the answers what the database takes."""
        assert self.paper is not None
        assert self.extraction is not None
        made = self.judged or Judged(self.extraction)
        use = replace(
            self.use(model, prompts, settings),
            kept=self.found.kept + made.kept,
            drops=dict(self.found.drops + made.drops),
            meetings=self.meetings,
        )
        if self.second_trouble:
            reason = tidy_reason(f"answers about records could not be used: {self.second_trouble}")
            use = replace(use, state=LlmState.OPEN, reason=use.reason or reason)
        result = self.ticket.result
        if self.found.places or made.extraction.records != self.extraction.records:
            paper = replace(
                self.paper,
                extraction=made.extraction,
                seconds=self.paper.seconds | {"answers": self.seconds},
            )
            # What only the worker or the run knows of the paper stays as it was.
            kept = ("seconds", "peak_memory_MB", "pdf_id", "pdf_path")
            own = {name: getattr(result, name) for name in kept}
            result = replace(finish(paper), **own)
        self.asked = Asked(replace(result, llm=use), use.reason)


def _why(left: Sequence[Reply]) -> str:
    """Why requests have no answer, in words; empty if all have one or never will."""
    counts = Counter(reply.ending.value for reply in left)
    if not counts:
        return ""
    told = ", ".join(f"{number} {name}" for name, number in counts.most_common())
    first = next((reply.reason for reply in left if reply.reason), "")
    return tidy_reason(f"requests without an answer: {told}{f' ({first})' if first else ''}")
