"""What ``scmine tag`` shows while it runs: a bar on standard error, if that is a terminal."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

from scmine.pipelines.progress_bar import Update, counts_bar
from scmine.pipelines.tag import ProgressHook, TagSummary


@contextmanager
def tag_progress(*, quiet: bool) -> Iterator[ProgressHook | None]:
    """A hook that brings the bar up to date; None where nothing is to be shown."""
    with counts_bar("loading the model", quiet=quiet) as update:
        yield partial(_show, update) if update else None


def _show(update: Update, summary: TagSummary) -> None:
    errors = f", {summary.errors} with errors" if summary.errors else ""
    words = f"{summary.texts} texts, {summary.sentences_a_second:.0f} sentences/s{errors}"
    update(summary.bytes_read, summary.bytes_total, words)
