"""What a run of `ingest` came to: counts, failures, the highest Tc, where the time went.

Plain values that add up as outcomes arrive. How they are shown lives in ``report``.
"""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from scmine.database.record import Record
from scmine.extractors.document import Status
from scmine.pipelines.llm_summary import LlmEstimate, LlmSummary

TOP_TC_SHOWN = 10
EXIT_OK, EXIT_FAILED, EXIT_INTERRUPTED = 0, 1, 130


@dataclass(frozen=True, slots=True)
class Problem:
    """A file that did not end as ``done``, and why."""

    path: str
    status: Status
    reason: str


@dataclass(frozen=True, slots=True)
class Duplicate:
    """A file with the same bytes as another of the run, or the same paper in another format."""

    path: str
    duplicate_of: str
    same_paper: bool = False


@dataclass(frozen=True, slots=True, order=True)
class TopTc:
    """A record's Tc in K, its pressure in GPa, and where it was found; the fields of the record."""

    tc_K: float
    material: str
    tc_min_K: float | None = field(compare=False)
    tc_max_K: float | None = field(compare=False)
    tc_uncertainty_K: float | None = field(compare=False)
    tc_relation: str | None = field(compare=False)
    pressure_GPa: float | None = field(compare=False)
    evidence: str = field(compare=False)
    path: str = field(compare=False)
    page: int | None = field(compare=False)


@dataclass
class IngestSummary:
    """What a run came to.

    Attributes
    ----------
    db
        The database that was written, without a password.
    workers
        Worker processes that the run may use at a time.
    found
        Files that the paths stand for; each is in exactly one of the next three.
    statuses
        Files per status with which they ended in this run.
    readers
        Files that gave a document in this run, per reader that made it.
    stepped_in
        Files that the built-in reader read in place of a server, with the reason.
    notes
        What the run has to say of itself, as which server read.
    done_without_record
        Files among those with the status ``done`` that gave no record.
    already_done
        Files whose content the database holds from an earlier run.
    already_done_statuses
        The same files per status with which they ended then.
    duplicates
        Files with the bytes of another file of this run, or that are the same paper.
    passed_over
        Files of folders that have a paper's ending and are no papers by their name and beginning.
    not_started
        Files left when the run was interrupted or had reached its limit.
    problems
        Every file that ended with another status than ``done``, with the reason.
    missing
        Paths that were named but do not exist or cannot be listed.
    records
        Records saved in this run.
    structures
        Crystal structures that papers of this run state, per verdict.
    top_tc
        The highest Tc of this run's records that speak of superconductivity, highest first.
    step_seconds
        Seconds spent in each step, summed over workers.
    elapsed_s
        Wall-clock seconds of the run.
    peak_memory_MB
        The most resident memory (2^20 bytes) that a worker held.
    interrupted
        Whether the run was stopped by a signal before its end.
    llm
        What a language model was asked; None where there was none.
    llm_estimate
        What asking one would take; None where that was not the question.
    """

    db: str
    workers: int = 0
    found: int = 0
    statuses: Counter[str] = field(default_factory=Counter)
    readers: Counter[str] = field(default_factory=Counter)
    stepped_in: list[Problem] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    done_without_record: int = 0
    already_done_statuses: Counter[str] = field(default_factory=Counter)
    duplicates: list[Duplicate] = field(default_factory=list)
    passed_over: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    records: int = 0
    structures: Counter[str] = field(default_factory=Counter)
    top_tc: list[TopTc] = field(default_factory=list)
    step_seconds: dict[str, float] = field(default_factory=dict)
    elapsed_s: float = 0.0
    peak_memory_MB: float = 0.0
    interrupted: bool = False
    llm: LlmSummary | None = None
    llm_estimate: LlmEstimate | None = None

    @property
    def already_done(self) -> int:
        """Files whose content the database holds from an earlier run."""
        return sum(self.already_done_statuses.values())

    @property
    def processed(self) -> int:
        """Files that ended with a status in this run."""
        return sum(self.statuses.values())

    @property
    def finished(self) -> int:
        """Files that nothing more will happen to in this run."""
        return self.processed + self.already_done + len(self.duplicates)

    @property
    def not_started(self) -> int:
        """Files left for another run."""
        return self.found - self.finished

    @property
    def exit_code(self) -> int:
        """0 if every file ended in a named status, 1 if a named path is missing, 130 on Ctrl-C."""
        if self.interrupted:
            return EXIT_INTERRUPTED
        return EXIT_FAILED if self.missing else EXIT_OK

    def add_status(self, path: str, status: Status, reason: str) -> None:
        """Count a file's end and keep the reason if it is not ``done``."""
        self.statuses[status.value] += 1
        if status is not Status.DONE:
            self.problems.append(Problem(path, status, reason))

    def add_seconds(self, steps: Mapping[str, float]) -> None:
        """Add what one document took to the sums of the steps."""
        for step, seconds in steps.items():
            self.step_seconds[step] = self.step_seconds.get(step, 0.0) + seconds

    def add_records(self, records: Sequence[Record]) -> None:
        """Count records and keep the highest Tc, one of each material, Tc and pressure a paper."""
        self.records += len(records)
        found = {
            (r.tc_K, r.formula or r.raw_material, r.pressure_GPa, r.path): r
            for r in reversed(records)
            if r.tc_K is not None and r.superconducting is not False
        }
        tops = [
            TopTc(
                tc_K=tc_K,
                material=material,
                tc_min_K=r.tc_min_K,
                tc_max_K=r.tc_max_K,
                tc_uncertainty_K=r.tc_uncertainty_K,
                tc_relation=r.tc_relation,
                pressure_GPa=pressure,
                evidence=r.evidence.value,
                path=path,
                page=r.page,
            )
            for (tc_K, material, pressure, path), r in found.items()
            if tc_K is not None
        ]
        self.top_tc = heapq.nlargest(TOP_TC_SHOWN, self.top_tc + tops)

    def to_json(self) -> dict[str, Any]:
        """The summary as plain data, as ``scmine ingest --json`` prints it."""
        return asdict(self) | {
            "statuses": dict(self.statuses),
            "readers": dict(self.readers),
            "structures": dict(self.structures),
            "already_done": self.already_done,
            "already_done_statuses": dict(self.already_done_statuses),
            "step_seconds": {k: round(v, 3) for k, v in self.step_seconds.items()},
            "elapsed_s": round(self.elapsed_s, 3),
            "peak_memory_MB": round(self.peak_memory_MB, 1),
            "not_started": self.not_started,
            "exit_code": self.exit_code,
            "llm": None if self.llm is None else self.llm.to_json(),
            "llm_estimate": None if self.llm_estimate is None else self.llm_estimate.to_json(),
        }
