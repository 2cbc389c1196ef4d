"""What ``scmine annotate`` shows while it reads papers: a bar, if standard error is a terminal."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

from scmine.pipelines.annotate import ProgressHook
from scmine.pipelines.annotate_summary import AnnotateSummary
from scmine.pipelines.progress_bar import Update, counts_bar


@contextmanager
def annotate_progress(*, quiet: bool) -> Iterator[ProgressHook | None]:
    """A hook that brings the bar up to date; None where nothing is to be shown."""
    with counts_bar("loading the models", quiet=quiet) as update:
        yield partial(_show, update) if update else None


def _show(update: Update, summary: AnnotateSummary) -> None:
    done, asked = sum(summary.papers.values()), sum(summary.asked.values())
    if asked:
        update(asked, summary.to_ask, f"{asked} of {summary.to_ask} questions answered")
    else:
        update(done, summary.papers_total, f"{done} of {summary.papers_total} papers")
