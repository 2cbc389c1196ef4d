"""What measuring a language model shows while it runs: a bar on a terminal, else some lines."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from rich.progress import (
    MofNCompleteColumn,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)

from scmine.pipelines.evaluate_llm import Progress as Hook
from scmine.pipelines.progress_bar import bar_with


@contextmanager
def llm_progress(every: int, *, quiet: bool = False) -> Iterator[Hook]:
    """A hook for `evaluate_llm`; ``every`` is how many requests a line in a log stands for."""
    if quiet:
        yield lambda done, of, words: None
    elif sys.stderr.isatty():
        with _bar() as hook:
            yield hook
    else:
        yield lambda done, of, words: _line(done, of, words, every)


@contextmanager
def _bar() -> Iterator[Hook]:
    bar = bar_with(
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
        TextColumn("{task.fields[words]}", markup=False),
    )
    task = bar.add_task("", total=None, words="our own models")

    def show(done: int, of: int, words: str) -> None:
        bar.update(task, total=of, completed=done, words=words)

    with bar:
        yield show


def _line(done: int, of: int, words: str, every: int) -> None:
    if done % every == 0 or done == of:
        print(f"{done}/{of} {words}", file=sys.stderr, flush=True)
