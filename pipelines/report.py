"""What a run of `ingest` shows to people: progress while it goes on, a summary at its end.

Progress goes to standard error, so that standard output holds results only. Texts that come from
papers and file names are never read as markup.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import PurePath
from types import TracebackType

from rich.console import Console
from rich.progress import (
    MofNCompleteColumn,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)
from rich.table import Table
from rich.text import Text

from scmine.pipelines.llm_report import estimate_lines, llm_lines, llm_so_far
from scmine.pipelines.progress_bar import bar_with
from scmine.pipelines.summary import IngestSummary, TopTc
from scmine.pipelines.tables import (
    Column,
    Kind,
    evidence_cell,
    file_cell,
    fitted_table,
    value_or_range,
)
from scmine.pipelines.workers import tidy_reason

PROBLEMS_SHOWN = 50
PASSED_OVER_SHOWN = 5
"""Files that are no papers, by name; --json has all."""

STEPPED_IN_SHOWN = 5
_TOP_COLUMNS = (
    Column("material", Kind.MATERIAL),
    Column("Tc (K)", Kind.NUMBER),
    Column("P (GPa)", Kind.NUMBER),
    Column("evidence"),
    Column("paper", Kind.FILE),
    Column("page", Kind.NUMBER),
)


class QuietProgress:
    """Shows nothing."""

    def __enter__(self) -> QuietProgress:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        tb: TracebackType | None,
    ) -> None:
        """Nothing to put away."""

    def __call__(self, summary: IngestSummary) -> None:
        """Nothing to show."""


class LineProgress(QuietProgress):
    """For logs: a line to standard error at the start, and one each ``every`` files."""

    def __init__(self, every: int) -> None:
        self._every = every
        self._shown = 0
        self._begun = False
        self._started = time.monotonic()

    def __call__(self, summary: IngestSummary) -> None:
        """Write a line if the run starts or enough files have ended since the last."""
        if not self._begun:
            self._begun = True
            line = f"{_number(summary.found, 'file')}, {_number(summary.workers, 'worker')}"
            to = "" if summary.llm_estimate is not None else f", to be saved in {summary.db}"
            print(f"{line}{to}", file=sys.stderr, flush=True)
            for note in summary.notes:
                print(note, file=sys.stderr, flush=True)
        if summary.finished - self._shown < self._every:
            return
        self._shown = summary.finished
        rate = summary.finished / max(time.monotonic() - self._started, 1e-9)
        line = f"{summary.finished}/{summary.found} files, {rate:.1f}/s, {_counts(summary)}"
        print(line, file=sys.stderr, flush=True)


class BarProgress(QuietProgress):
    """For terminals: a bar with done and total, rate, time left and counts per status."""

    def __init__(self) -> None:
        self._progress = bar_with(
            MofNCompleteColumn(),
            TextColumn("{task.fields[rate]}", markup=False),
            TimeElapsedColumn(),
            TimeRemainingColumn(),
            TextColumn("{task.fields[counts]}", markup=False),
        )
        self._task: TaskID | None = None

    def __enter__(self) -> BarProgress:
        self._progress.start()
        self._started = time.monotonic()
        self._task = self._progress.add_task("", total=None, rate="", counts="")
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        tb: TracebackType | None,
    ) -> None:
        """Take the bar away."""
        self._progress.stop()

    def __call__(self, summary: IngestSummary) -> None:
        """Bring the bar up to date."""
        assert self._task is not None
        rate = summary.processed / max(time.monotonic() - self._started, 1e-9)
        self._progress.update(
            self._task,
            total=summary.found,
            completed=summary.finished,
            rate=f"{rate:.1f}/s",
            counts=_counts(summary),
        )


def make_progress(*, quiet: bool, every: int) -> QuietProgress:
    """The progress that fits: a bar on a terminal, lines in a log, nothing if ``quiet``."""
    if quiet:
        return QuietProgress()
    return BarProgress() if sys.stderr.isatty() else LineProgress(every)


def print_summary(summary: IngestSummary) -> None:
    """The summary for people, on standard output."""
    with wide_console() as console:
        if summary.top_tc:
            console.print("Highest Tc")
            print_table(console, _TOP_COLUMNS, map(_top_cells, summary.top_tc))
            console.print()
        if summary.problems:
            rows = [(p.path, p.status.value, p.reason) for p in summary.problems]
            table = problem_table(rows[:PROBLEMS_SHOWN], len(rows), "--json lists them all")
            console.print("Files that are not done", table)
        console.print(_status_table(summary))
        for line in _closing_lines(summary):
            console.print(Text(line))


@contextmanager
def wide_console() -> Iterator[Console]:
    """A console on standard output that does not fold tables when they go to a file or a pipe."""
    width = None if sys.stdout.isatty() else 200
    yield Console(width=width, highlight=False)


def print_table(console: Console, columns: Sequence[Column], rows: Iterable[Sequence[str]]) -> None:
    """Print a table as `fitted_table` makes it; what is wider than the terminal is not cut."""
    table = fitted_table(columns, rows, console.width)
    needed = console.measure(table).minimum
    console.print(table, width=max(console.width, needed), crop=False)


def _status_table(summary: IngestSummary) -> Table:
    table = Table()
    table.add_column("status of files")
    table.add_column("files", justify="right")
    for status, count in summary.statuses.most_common():
        table.add_row(status, str(count))
        if status == "done" and summary.done_without_record:
            table.add_row("  done, without a record", f"({summary.done_without_record})")
    if summary.already_done:
        table.add_row("already in the database", str(summary.already_done))
        for status, count in summary.already_done_statuses.most_common():
            table.add_row(f"  {status}", f"({count})")
    same_paper = sum(d.same_paper for d in summary.duplicates)
    estimate = summary.llm_estimate
    estimated = 0 if estimate is None else min(estimate.seen, summary.not_started)
    others = {
        "duplicate of another file": len(summary.duplicates) - same_paper,
        "same paper in another format": same_paper,
        "read for the estimate": estimated,
        "not started": summary.not_started - estimated,
    }
    for name, count in others.items():
        if count:
            table.add_row(name, str(count))
    table.add_section()
    table.add_row("all", str(summary.found))
    return table


def _top_cells(top: TopTc) -> list[str]:
    return [
        top.material,
        value_or_range(top.tc_K, top.tc_min_K, top.tc_max_K, top.tc_uncertainty_K, top.tc_relation),
        value_or_range(top.pressure_GPa),
        evidence_cell(top.evidence),
        file_cell(top.path),
        "" if top.page is None else str(top.page),
    ]


def problem_table(rows: Sequence[tuple[str, str, str]], count: int, how_to_see_all: str) -> Table:
    """Files with status and reason; a caption says so if they are fewer than ``count``."""
    table = Table()
    for name in ("file", "status", "reason"):
        table.add_column(name, overflow="fold")
    for path, status, reason in rows:
        table.add_row(Text(path), status, Text(tidy_reason(reason)))
    hidden = count - len(rows)
    if hidden > 0:
        table.caption = f"and {hidden} more; {how_to_see_all}"
    return table


def _closing_lines(summary: IngestSummary) -> list[str]:
    lines = []
    if summary.llm_estimate is None:
        lines.append(
            f"{summary.records} records from {summary.processed} files in "
            f"{summary.elapsed_s:.1f} s, saved in {summary.db}"
        )
    if summary.structures:
        counts = ", ".join(f"{n} {verdict}" for verdict, n in summary.structures.most_common())
        lines.append(f"{_number(summary.structures.total(), 'structure')} stated: {counts}")
    spent = sum(summary.step_seconds.values())
    if spent > 0:
        shares = ", ".join(
            f"{step} {100 * seconds / spent:.0f} %"
            for step, seconds in sorted(summary.step_seconds.items(), key=lambda item: -item[1])
        )
        lines.append(f"Time: {shares}. Peak memory of a worker: {summary.peak_memory_MB:.0f} MB.")
    lines += llm_lines(summary.llm) if summary.llm is not None else ()
    lines += estimate_lines(summary.llm_estimate) if summary.llm_estimate is not None else ()
    lines += summary.notes
    if summary.readers and (len(summary.readers) > 1 or "grobid" in summary.readers):
        counts = ", ".join(f"{count} by {name}" for name, count in summary.readers.most_common())
        lines.append(f"Read: {counts}.")
    for problem in summary.stepped_in[:STEPPED_IN_SHOWN]:
        lines.append(f"{problem.path}: {tidy_reason(problem.reason)}")
    hidden = len(summary.stepped_in) - STEPPED_IN_SHOWN
    if hidden > 0:
        lines.append(f"and {hidden} more like these; --json lists them all")
    if summary.found == 0:
        lines.append("No papers were found there.")
    if summary.passed_over:
        names = ", ".join(PurePath(p).name for p in summary.passed_over[:PASSED_OVER_SHOWN])
        more = len(summary.passed_over) - PASSED_OVER_SHOWN
        lines.append(
            f"Passed over as no papers: {names}{f' and {more} more' if more > 0 else ''}. "
            "Name a file to have it read all the same."
        )
    lines += [f"Missing: {path}" for path in summary.missing]
    if summary.interrupted and summary.llm_estimate is not None:
        lines.append("Interrupted: the estimate is of what was read until then.")
    elif summary.interrupted:
        left = f" with {_number(summary.not_started, 'file')} left" if summary.not_started else ""
        lines.append(
            f"Interrupted{left}. All that was done is saved; run the same command again to go on."
        )
    return lines


def _counts(summary: IngestSummary) -> str:
    """Counts per status in a few words."""
    counts = [f"{count} {status}" for status, count in summary.statuses.most_common()]
    if summary.already_done:
        counts.append(f"{summary.already_done} before")
    if summary.llm is not None:
        counts.append(llm_so_far(summary.llm))
    return ", ".join(counts)


def _number(count: int, noun: str) -> str:
    return f"{count} {noun}{'' if count == 1 else 's'}"
