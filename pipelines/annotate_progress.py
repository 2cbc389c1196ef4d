"""What ``scmine annotate`` shows while it reads papers: a bar, if standard error is a terminal."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from scmine.pipelines.annotate import ProgressHook
from scmine.pipelines.annotate_summary import AnnotateSummary


@contextmanager
def annotate_progress(*, quiet: bool) -> Iterator[ProgressHook | None]:
    """A hook that brings the bar up to date; None where nothing is to be shown."""
    if quiet or not sys.stderr.isatty():
        yield None
        return
    bar = Progress(
        BarColumn(bar_width=24),
        TextColumn("{task.fields[counts]}", markup=False),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
        console=Console(stderr=True),
        transient=True,
    )
    task = bar.add_task("", total=None, counts="loading the models")

    def show(summary: AnnotateSummary) -> None:
        done, asked = sum(summary.papers.values()), sum(summary.asked.values())
        if asked:
            questions = f"{asked} of {summary.to_ask} questions answered"
            bar.update(task, total=summary.to_ask or None, completed=asked, counts=questions)
        else:
            papers = f"{done} of {summary.papers_total} papers"
            bar.update(task, total=summary.papers_total or None, completed=done, counts=papers)

    with bar:
        yield show
