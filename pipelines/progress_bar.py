"""The bar on standard error that commands show while they work.

What is counted, and in which words, stands with each command.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

from rich.console import Console
from rich.progress import (
    BarColumn,
    Progress,
    ProgressColumn,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)


class Update(Protocol):
    """Brings a bar up to date; ``total`` 0 is not known yet."""

    def __call__(self, completed: int, total: int, counts: str) -> None: ...


def bar_with(*columns: str | ProgressColumn) -> Progress:
    """A bar that leaves nothing behind, followed by ``columns``."""
    return Progress(BarColumn(bar_width=24), *columns, console=Console(stderr=True), transient=True)


@contextmanager
def counts_bar(first: str, *, quiet: bool) -> Iterator[Update | None]:
    """A bar with counts in words, ``first`` to begin with, and times.

    None where nothing is to be shown: if ``quiet``, or if standard error is no terminal.
    """
    if quiet or not sys.stderr.isatty():
        yield None
        return
    bar = bar_with(
        TextColumn("{task.fields[counts]}", markup=False),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
    )
    task = bar.add_task("", total=None, counts=first)

    def update(completed: int, total: int, counts: str) -> None:
        bar.update(task, total=total or None, completed=completed, counts=counts)

    with bar:
        yield update
