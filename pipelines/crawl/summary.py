"""What a crawl came to: counts, failures, and what a dry run would fetch. Plain values."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any

from scmine.database.crawl_values import CrawlState

EXIT_DONE, EXIT_FAILED, EXIT_INTERRUPTED = 0, 1, 130


@dataclass(frozen=True, slots=True)
class CrawlProblem:
    """A version that could not be fetched or read, its state, and why."""

    name: str
    state: str
    reason: str


@dataclass(frozen=True, slots=True)
class Candidate:
    """A version that a crawl would fetch, its score (None: nobody asked), and the words for it."""

    name: str
    title: str
    score: float | None
    datestamp: date | None
    words: tuple[str, ...] = ()


@dataclass
class CrawlSummary:
    """What a crawl came to.

    Attributes
    ----------
    db, source, query
        The database without a password, the source, and what was asked of it.
    run_id
        The number of the crawl in the database; None for a dry run.
    since
        The day that the listing began with.
    state, reason
        How the crawl ended, and why if not as it should.
    counts
        Papers by what became of them: ``listed``, of these ``new``, ``changed`` (another version)
        and ``withdrawn``; ``to_fetch``, ``fetched``, ``failed`` and ``given_up``; ``read`` and
        ``unreadable``; ``records``; and ``left`` for another crawl.
    total
        How many papers the source says that the listing has; None: it does not say.
    ingest_runs
        The runs of ``ingest`` that read the papers.
    problems
        What could not be fetched or read.
    candidates
        What a dry run would fetch, best first where there are scores.
    elapsed_s
        Wall-clock seconds.
    """

    db: str
    source: str
    query: str
    run_id: int | None = None
    since: date | None = None
    state: CrawlState = CrawlState.RUNNING
    reason: str = ""
    counts: Counter[str] = field(default_factory=Counter)
    total: int | None = None
    ingest_runs: list[int] = field(default_factory=list)
    problems: list[CrawlProblem] = field(default_factory=list)
    candidates: list[Candidate] = field(default_factory=list)
    elapsed_s: float = 0.0

    @property
    def exit_code(self) -> int:
        """0 if the crawl came to its end, whatever became of single papers; 130 on Ctrl-C."""
        if self.state is CrawlState.INTERRUPTED:
            return EXIT_INTERRUPTED
        return EXIT_DONE if self.state is CrawlState.FINISHED else EXIT_FAILED

    def to_json(self) -> dict[str, Any]:
        """The summary as plain data, as ``--json`` prints it."""
        return asdict(self) | {
            "since": None if self.since is None else self.since.isoformat(),
            "state": self.state.value,
            "counts": dict(self.counts),
            "candidates": [
                asdict(c) | {"datestamp": None if c.datestamp is None else c.datestamp.isoformat()}
                for c in self.candidates
            ],
            "elapsed_s": round(self.elapsed_s, 3),
        }


Told = Callable[[CrawlSummary], None]
"""Is told whenever something has happened."""
