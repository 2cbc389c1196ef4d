"""What ``scmine tag`` shows while it runs: a bar on standard error, if that is a terminal."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from scmine.pipelines.tag import ProgressHook, TagSummary


@contextmanager
def tag_progress(*, quiet: bool) -> Iterator[ProgressHook | None]:
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
    task = bar.add_task("", total=None, counts="loading the model")

    def show(summary: TagSummary) -> None:
        errors = f", {summary.errors} with errors" if summary.errors else ""
        bar.update(
            task,
            total=summary.bytes_total or None,
            completed=summary.bytes_read,
            counts=f"{summary.texts} texts, {summary.sentences_a_second:.0f} sentences/s{errors}",
        )

    with bar:
        yield show
