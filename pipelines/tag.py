"""``scmine tag``: lines of text in, the same lines with mentions and links out.

Lines are read, handed out in batches and written as answers come, in their order and never all in
memory. What a line holds lives in ``tag_lines``, what is found in it in ``tag_texts``.
"""

from __future__ import annotations

import sys
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO

from scmine.extractors.schemes import Scheme, linker, tagger
from scmine.pipelines.batch_workers import BatchWorkers
from scmine.pipelines.cpus import usable_cpus
from scmine.pipelines.output import open_output
from scmine.pipelines.tag_lines import Line, parse_line

TEXTS_A_BATCH = 64
_FACTORY = "scmine.pipelines.tag_texts:TextTagger"


@dataclass(slots=True)
class TagSummary:
    """What a run has come to so far; ``bytes_read`` of the input, ``bytes_total`` 0 if unknown."""

    texts: int = 0
    sentences: int = 0
    errors: int = 0
    seconds: float = 0.0
    bytes_read: int = 0
    bytes_total: int = 0

    @property
    def sentences_a_second(self) -> float:
        """Sentences tagged a second of the run."""
        return self.sentences / self.seconds if self.seconds else 0.0

    def closing_line(self) -> str:
        """The run in one line."""
        bad = f", {self.errors} with errors" if self.errors else ""
        return (
            f"{self.texts} texts{bad}, {self.sentences} sentences in {self.seconds:.1f} s "
            f"({self.sentences_a_second:.0f} sentences/s)"
        )


ProgressHook = Callable[[TagSummary], None]
ProblemHook = Callable[[int, str], None]


def tag(
    source: Path | None,
    out: Path | None,
    scheme: Scheme,
    *,
    model: Path | None = None,
    workers: int | None = None,
    progress: ProgressHook | None = None,
    problem: ProblemHook | None = None,
) -> TagSummary:
    """Tag the texts of a file of JSON lines.

    Parameters
    ----------
    source, out
        The files; None stands for standard input and output. ``out`` appears once all is done.
    scheme
        Which labels; see `scmine.extractors.schemes`.
    model
        The folder of another tagger's model than the packaged one.
    workers
        Processes; None is one for each CPU. With 1 all is done in this process.
    progress
        Called with the summary so far after each batch.
    problem
        Called with the number and the error of each line that cannot be tagged. It is written out
        all the same, with the error beside what it held.

    Raises
    ------
    ModelMissing
        If the scheme has no model.
    WorkerStartError
        If a model cannot be loaded.
    OSError
        If a file cannot be read or written.
    """
    summary = TagSummary()
    started = time.monotonic()
    _check_models(scheme, model)
    options = {"scheme": scheme.value, "model": None if model is None else str(model)}
    with (
        _open_source(source, summary) as stream,
        open_output(out) as output,
        BatchWorkers(_FACTORY, options, workers or usable_cpus()) as pool,
    ):
        for lines in _tagged(_parsed(stream, scheme, summary), pool, summary):
            for line in lines:
                if line.error is not None:
                    summary.errors += 1
                    if problem is not None:
                        problem(line.number, line.error)
                output.write(line.written())
            summary.texts += len(lines)
            summary.seconds = time.monotonic() - started
            if progress is not None:
                progress(summary)
    summary.seconds = time.monotonic() - started
    return summary


def _check_models(scheme: Scheme, model: Path | None) -> None:
    """Raise before anything is written if there is no model."""
    if model is not None and not model.is_dir():
        raise FileNotFoundError(f"{model}: no such folder; --model wants that of a trained tagger")
    tagger(scheme, model)
    linker(scheme)


@contextmanager
def _open_source(source: Path | None, summary: TagSummary) -> Iterator[BinaryIO]:
    if source is None:
        yield sys.stdin.buffer
        return
    with source.open("rb") as stream:
        if source.is_file():
            summary.bytes_total = source.stat().st_size
        yield stream


def _parsed(stream: Iterable[bytes], scheme: Scheme, summary: TagSummary) -> Iterator[Line]:
    """The lines that hold anything, checked."""
    for number, raw in enumerate(stream, start=1):
        summary.bytes_read += len(raw)
        if raw.strip():
            yield parse_line(raw, number, scheme)


def _tagged(lines: Iterator[Line], pool: BatchWorkers, summary: TagSummary) -> Iterator[list[Line]]:
    """The lines with their answers, batch by batch in their order."""
    waiting: deque[list[Line]] = deque()

    def jobs() -> Iterator[list[dict[str, Any]]]:
        while batch := list(islice(lines, TEXTS_A_BATCH)):
            waiting.append(batch)
            yield [line.job() for line in batch if line.error is None]

    for answers in pool.map(jobs()):
        left = iter(answers)
        batch = [
            line if line.error is not None else line.answered(next(left))
            for line in waiting.popleft()
        ]
        summary.sentences += sum(answer.get("sentences", 0) for answer in answers)
        yield batch
