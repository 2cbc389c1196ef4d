"""What a measurement of a language model took, and how its requests ended: tallies by kind."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from scmine.extractors.llm.request import Reply


@dataclass(slots=True)
class Tally:
    """Requests of one kind.

    Attributes
    ----------
    requests, cached, calls
        How many there were, how many were answered from the cache, and how often the server was
        asked (twice where an answer had to be repaired).
    tokens_in, tokens_out, cost
        What they took; ``cost`` is None where a price is missing.
    seconds
        The times of all answers, added up.
    endings
        How many ended how.
    kept, dropped
        Values that the evidence rule let through, and those that it did not, by reason.
    """

    requests: int = 0
    cached: int = 0
    calls: int = 0
    tokens_in: int = 0
    tokens_out: int = 0
    cost: float | None = 0.0
    seconds: float = 0.0
    endings: Counter[str] = field(default_factory=Counter)
    kept: int = 0
    dropped: Counter[str] = field(default_factory=Counter)

    def count(self, reply: Reply) -> None:
        """Count one reply."""
        self.requests += 1
        self.cached += reply.cached
        self.calls += reply.calls
        self.tokens_in += reply.usage.tokens_in
        self.tokens_out += reply.usage.tokens_out
        self._add_cost(reply.usage.cost if reply.calls else 0.0)
        self.seconds += reply.seconds
        self.endings[reply.ending.value] += 1

    def checked(self, kept: int, reasons: Iterable[str]) -> None:
        """Count what the evidence rule let through, and why it dropped what it dropped."""
        self.kept += kept
        self.dropped.update(reasons)

    def add(self, other: Tally) -> None:
        """Add all of another tally."""
        self.requests += other.requests
        self.cached += other.cached
        self.calls += other.calls
        self.tokens_in += other.tokens_in
        self.tokens_out += other.tokens_out
        self._add_cost(other.cost)
        self.seconds += other.seconds
        self.endings += other.endings
        self.kept += other.kept
        self.dropped += other.dropped

    def to_json(self) -> dict[str, Any]:
        """Its fields as plain data."""
        return {
            "requests": self.requests,
            "cached": self.cached,
            "calls": self.calls,
            "tokens_in": self.tokens_in,
            "tokens_out": self.tokens_out,
            "cost": self.cost,
            "seconds": round(self.seconds, 2),
            "endings": dict(self.endings.most_common()),
            "kept": self.kept,
            "dropped": dict(self.dropped.most_common()),
        }

    def _add_cost(self, cost: float | None) -> None:
        self.cost = None if self.cost is None or cost is None else self.cost + cost


def total(tallies: Iterable[Tally]) -> Tally:
    """The sum of tallies."""
    result = Tally()
    for tally in tallies:
        result.add(tally)
    return result
