"""What a run asked a language model, added up: requests, endings, tokens, money, values, records.

Plain values that add up as papers end; how they are shown lives in ``llm_report``.
"""

from __future__ import annotations

import statistics
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from scmine.database.llm_use import LlmState, LlmUse
from scmine.extractors.llm.cost import TYPICAL_ANSWER_TOKENS, Prices


@dataclass
class LlmSummary:
    """What a run asked.

    Attributes
    ----------
    model
        The model's name.
    papers, open
        Papers that were asked about, and those of them that have requests without an answer, which
        the next run asks again.
    unasked
        Papers in which nothing was open, so that nothing was asked.
    requests, calls, cached
        Requests, calls to the server, answers from the cache.
    tokens_in, tokens_out
        Tokens that were paid for.
    costs
        What each paper cost that was asked about; None where no prices are known.
    paper_tokens
        The tokens of each of these papers.
    reasons, endings, drops, meetings
        Counts by name, as in `scmine.database.llm_use.LlmUse`.
    kept
        Values that the evidence bore out.
    troubles
        Why papers are open, by reason.
    spent_requests, spent_tokens, spent_cost
        What replies have come to so far, those of papers in work included.
    """

    model: str
    papers: int = 0
    open: int = 0
    unasked: int = 0
    requests: int = 0
    calls: int = 0
    cached: int = 0
    tokens_in: int = 0
    tokens_out: int = 0
    costs: list[float | None] = field(default_factory=list)
    paper_tokens: list[int] = field(default_factory=list)
    reasons: Counter[str] = field(default_factory=Counter)
    endings: Counter[str] = field(default_factory=Counter)
    kept: int = 0
    drops: Counter[str] = field(default_factory=Counter)
    meetings: Counter[str] = field(default_factory=Counter)
    troubles: Counter[str] = field(default_factory=Counter)
    spent_requests: int = 0
    spent_tokens: int = 0
    spent_cost: float | None = None

    @property
    def cost(self) -> float | None:
        """What all papers cost; None if that is not known of one of them."""
        known = [cost for cost in self.costs if cost is not None]
        return sum(known) if len(known) == len(self.costs) else None

    def add(self, use: LlmUse) -> None:
        """Count one paper."""
        self.open += use.state is LlmState.OPEN
        if use.reason:
            self.troubles[use.reason] += 1
        if not use.requests:
            self.unasked += 1
            return
        self.papers += 1
        self.requests += use.requests
        self.calls += use.calls
        self.cached += use.cached
        self.tokens_in += use.tokens_in
        self.tokens_out += use.tokens_out
        self.costs.append(use.cost)
        self.paper_tokens.append(use.tokens_in + use.tokens_out)
        self.kept += use.kept
        for counted, more in (
            (self.reasons, use.reasons),
            (self.endings, use.endings),
            (self.drops, use.drops),
            (self.meetings, use.meetings),
        ):
            counted.update(more)

    def median_and_most(self) -> tuple[float, float] | None:
        """Cost of a paper, in the middle and at most: money, or tokens where no price is known."""
        each = [float(n) for n in self.paper_tokens]
        if self.cost is not None:
            each = [cost for cost in self.costs if cost is not None]
        return (statistics.median(each), max(each)) if each else None

    def to_json(self) -> dict[str, Any]:
        """The summary as plain data."""
        middle = self.median_and_most()
        return {
            "model": self.model,
            "papers": self.papers,
            "open": self.open,
            "unasked": self.unasked,
            "requests": self.requests,
            "calls": self.calls,
            "cached": self.cached,
            "tokens_in": self.tokens_in,
            "tokens_out": self.tokens_out,
            "cost": self.cost,
            "cost_unit": "money" if self.costs and self.cost is not None else "tokens",
            "paper_cost_median": middle[0] if middle else None,
            "paper_cost_max": middle[1] if middle else None,
            "reasons": dict(self.reasons),
            "endings": dict(self.endings),
            "kept": self.kept,
            "drops": dict(self.drops),
            "meetings": dict(self.meetings),
            "troubles": dict(self.troubles),
        }


@dataclass
class LlmEstimate:
    """What asking would take.

    Attributes
    ----------
    model
        The model's name.
    prices
        What tokens cost.
    most_answer_tokens
        The longest that an answer may be.
    papers, unasked, unread
        Papers with requests, papers in which nothing is open, and papers that gave none to count.
    requests, tokens_in
        By task.
    """

    model: str
    prices: Prices
    most_answer_tokens: int
    papers: int = 0
    unasked: int = 0
    unread: int = 0
    requests: Counter[str] = field(default_factory=Counter)
    tokens_in: Counter[str] = field(default_factory=Counter)

    def add(self, requests: Sequence[tuple[str, int]]) -> None:
        """Count one paper: the task and the tokens of each of its requests."""
        self.papers += bool(requests)
        self.unasked += not requests
        for task, tokens in requests:
            self.requests[task] += 1
            self.tokens_in[task] += tokens

    @property
    def seen(self) -> int:
        """Papers that were read and counted, also where nothing is open in them."""
        return self.papers + self.unasked

    def costs(self, task: str | None = None) -> tuple[float | None, float | None]:
        """The likely and the highest cost of a task, or of all; None where no price is known.

        Likely: each answer has `TYPICAL_ANSWER_TOKENS`. Highest: each has as many as it may have
        and must be asked for twice.
        """
        requests = self.requests.total() if task is None else self.requests[task]
        tokens = self.tokens_in.total() if task is None else self.tokens_in[task]
        longest = requests * self.most_answer_tokens
        return (
            self.prices.cost(tokens, requests * TYPICAL_ANSWER_TOKENS),
            self.prices.cost(2 * tokens + longest, 2 * longest),
        )

    def to_json(self) -> dict[str, Any]:
        """The estimate as plain data."""
        likely, highest = self.costs()
        return {
            "model": self.model,
            "papers": self.papers,
            "unasked": self.unasked,
            "unread": self.unread,
            "requests": dict(self.requests),
            "tokens_in": dict(self.tokens_in),
            "tokens_out": self.requests.total() * TYPICAL_ANSWER_TOKENS,
            "cost": likely,
            "cost_most": highest,
        }
