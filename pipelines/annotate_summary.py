"""What a run of ``scmine annotate`` came to, in numbers and in words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from scmine.extractors.llm.request import Reply
from scmine.pipelines.workers import tidy_reason

_REASONS = 3  # of questions without an answer that are told


@dataclass(slots=True)
class AnnotateSummary:
    """The counts of a run.

    ``papers`` counts by status, ``problems`` has (path, reason) of what gave nothing. ``units`` are
    those found in papers; ``written`` those left after what was excluded, duplicates and the limit.
    ``asked`` counts the requests to the language model by their ending, ``agreement`` the mentions
    of units that it answered by how they came about, ``dropped`` what of its answers had no
    evidence, by reason. ``cost`` is None where no price is known.
    """

    papers_total: int = 0
    papers: Counter[str] = field(default_factory=Counter)
    problems: list[tuple[str, str]] = field(default_factory=list)
    units: int = 0
    excluded: int = 0
    duplicates: Counter[str] = field(default_factory=Counter)
    written: int = 0
    mentions: int = 0
    to_ask: int = 0
    asked: Counter[str] = field(default_factory=Counter)
    agreement: Counter[str] = field(default_factory=Counter)
    dropped: Counter[str] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)
    cached: int = 0
    tokens: int = 0
    cost: float | None = None

    @property
    def exit_code(self) -> int:
        """1 if a paper gave nothing or the language model did not answer all, else 0."""
        unanswered = sum(n for ending, n in self.asked.items() if ending != "answered")
        return 1 if self.problems or unanswered else 0

    def note(self, reply: Reply) -> None:
        """Count a reply of the language model."""
        self.asked[reply.ending.value] += 1
        self.cached += reply.cached
        self.tokens += reply.usage.tokens_in + reply.usage.tokens_out
        if reply.usage.cost is not None:
            self.cost = (self.cost or 0.0) + reply.usage.cost
        if reply.answer is None and reply.reason:
            self.reasons[tidy_reason(reply.reason)] += 1

    def to_json(self) -> dict[str, Any]:
        """The summary as what JSON can hold."""
        return {
            "papers": dict(sorted(self.papers.items())),
            "problems": [{"path": path, "reason": reason} for path, reason in self.problems],
            "units": self.units,
            "excluded": self.excluded,
            "duplicates": dict(sorted(self.duplicates.items())),
            "written": self.written,
            "mentions": self.mentions,
            "asked": dict(sorted(self.asked.items())),
            "cached": self.cached,
            "unanswered": dict(sorted(self.reasons.items())),
            "agreement": dict(sorted(self.agreement.items())),
            "dropped": dict(sorted(self.dropped.items())),
            "tokens": self.tokens,
            "cost": self.cost,
        }

    def lines(self) -> Iterator[str]:
        """The summary in words."""
        yield f"{sum(self.papers.values())} papers ({_counted(self.papers)}), {self.units} units"
        if self.excluded:
            yield f"{self.excluded} units left out: annotated before"
        if self.duplicates:
            yield (
                f"{sum(self.duplicates.values())} duplicates left out "
                f"({_counted(self.duplicates)}); see duplicates.csv"
            )
        if self.asked:
            money = "" if self.cost is None else f", cost {self.cost:.4f}"
            yield (
                f"{sum(self.asked.values())} questions to the language model "
                f"({_counted(self.asked)}; {self.cached} from the cache), "
                f"{self.tokens} tokens{money}"
            )
        for reason, times in self.reasons.most_common(_REASONS):
            yield f"not answered, {times} times: {reason}"
        if self.dropped:
            yield f"of its answers dropped for lack of evidence: {_counted(self.dropped)}"
        if self.agreement:
            yield f"mentions of tagger and language model: {_counted(self.agreement)}"
        yield f"{self.written} units written, with {self.mentions} mentions proposed"
        for path, reason in self.problems:
            yield f"{path}: {reason}"


def _counted(counts: Counter[str]) -> str:
    return ", ".join(f"{n} {name}" for name, n in counts.most_common()) or "none"
