"""Ingest: files in, records in the database.

Decides what is to be done and saves what comes back; it is the only part of a run that writes.
Finding files lives in ``find``, working on them in ``workers`` and ``process``.
"""

from __future__ import annotations

import contextlib
import os
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from scmine.database.errors import DatabaseError
from scmine.database.llm_reading import llm_uses
from scmine.database.results import DocumentResult, RunState
from scmine.database.store import Database, open_database
from scmine.extractors import PIPELINE_VERSION
from scmine.extractors.document import Status
from scmine.extractors.paired_reading import NO_PLACES
from scmine.pipelines.find import Found, UnusableFileError, check_file, find_files, hash_file, shown
from scmine.pipelines.grobid import Choice, choose_reader
from scmine.pipelines.llm_asking import Asking
from scmine.pipelines.ocr import MENDED_BY_OCR, ocr_options
from scmine.pipelines.remote_names import is_remote, local_path, public
from scmine.pipelines.run_asking import asking_of
from scmine.pipelines.run_options import layers_option, retractions_option, whole_option
from scmine.pipelines.run_pool import Pool, make_pool
from scmine.pipelines.run_remote import RemotePapers
from scmine.pipelines.run_results import KEPT, mismatch, not_saved, says_less, without_result
from scmine.pipelines.settings import Settings, load_settings
from scmine.pipelines.stopping import stopping_on_signals
from scmine.pipelines.summary import Duplicate, IngestSummary, Problem
from scmine.pipelines.workers import Outcome, Task

PROCESSOR = "scmine.pipelines.process:make_processor"
RETRIED = frozenset({Status.TIMEOUT, Status.CRASHED, Status.OUT_OF_MEMORY, Status.FAILED})
"""How a paper can end for reasons that may not hold another time."""
BUILT_IN = "pdf"
"""What `scmine.extractors.pdf.reader.READER` is called in a result."""
_OF_OCR = {"ocr", "ocr_language", "timeout_s"}
"""The settings on which it depends what OCR makes of a paper."""

_RESULT = TypeAdapter(DocumentResult)

ProgressHook = Callable[[IngestSummary], None]
Stopping = Callable[[Callable[[], None]], contextlib.AbstractContextManager[None]]


def ingest(
    paths: str | os.PathLike[str] | Iterable[str | os.PathLike[str]],
    db: str | os.PathLike[str] | None = None,
    *,
    workers: int | None = None,
    timeout_s: float | None = None,
    memory_MB: int | None = None,
    reader: str | None = None,
    grobid_url: str | None = None,
    ocr: bool | None = None,
    ocr_language: str | None = None,
    store_layers: bool | None = None,
    scheduler: str | None = None,
    retry: bool = False,
    force: bool = False,
    limit: int | None = None,
    config: str | os.PathLike[str] | None = None,
    llm: str | None = None,
    llm_options: Mapping[str, Any] | None = None,
    estimate: bool = False,
    progress: ProgressHook | None = None,
    processor: str = PROCESSOR,
    debug: bool = False,
) -> IngestSummary:
    """Mine papers for claims and save them.

    Files whose content the database holds, done by this version of the pipeline, are passed over,
    so that a run that was cut off goes on where it was.

    Parameters
    ----------
    paths
        Files and folders; folders are searched to the bottom for papers in all formats.
    db
        A file (SQLite) or a SQLAlchemy URL.
    workers, timeout_s, memory_MB, reader, grobid_url, ocr, ocr_language, store_layers, scheduler
        See `scmine.pipelines.settings.Settings`; None takes the value from there.
    retry
        Try again what earlier ended as ``timeout``, ``crashed``, ``out_of_memory`` or ``failed``.
    force
        Do everything again.
    limit
        Process at most so many files.
    config
        A settings file other than ``scmine.toml`` in the current folder.
    llm
        The language model that is asked about what rules and models leave open; None: none is, or
        the one of the settings.
    llm_options
        Other settings of the language model by name (``llm_url``, ``llm_all``, ``llm_budget``…).
    estimate
        Read everything, ask nothing and save nothing: the summary says what asking would take.
    progress
        Called with the summary so far whenever a file has ended.
    processor
        ``"module:function"``, the factory of what processes a paper; see
        `scmine.pipelines.workers.WorkerPool`.
    debug
        Let workers write to standard error, and say there in full why a language model's answers
        could not be used.

    Returns
    -------
    IngestSummary
        What the run came to. After one Ctrl-C (or SIGTERM) papers in work are finished and the
        summary says ``interrupted``; a second one raises `KeyboardInterrupt` at once.

    Raises
    ------
    SettingsError
        A setting that is not allowed or not available.
    scmine.database.errors.DatabaseError
        The database cannot be opened or written.
    WorkerStartError
        No worker process can be started.

    Examples
    --------
    >>> from scmine.pipelines import ingest
    >>> summary = ingest("examples", db="examples.db")
    >>> summary.records > 0 and set(summary.statuses) == {"done"}
    True
    """
    settings = load_settings(
        config,
        db=None if db is None else os.fspath(db),
        workers=workers,
        timeout_s=timeout_s,
        memory_MB=memory_MB,
        reader=reader,
        grobid_url=grobid_url,
        ocr=ocr,
        ocr_language=ocr_language,
        store_layers=store_layers,
        scheduler=scheduler,
        llm=llm,
        **(llm_options or {}),
    )
    return ingest_with(
        settings,
        paths,
        retry=retry,
        force=force,
        limit=limit,
        estimate=estimate,
        progress=progress,
        processor=processor,
        debug=debug,
    )


def ingest_with(
    settings: Settings,
    paths: str | os.PathLike[str] | Iterable[str | os.PathLike[str]],
    *,
    retry: bool = False,
    force: bool = False,
    limit: int | None = None,
    estimate: bool = False,
    progress: ProgressHook | None = None,
    processor: str = PROCESSOR,
    debug: bool = False,
    stopping: Stopping = stopping_on_signals,
) -> IngestSummary:
    """Do what `ingest` does, with settings that are at hand.

    ``stopping`` gets what ends the run well, and is in force while it lasts: by default signals do.
    """
    choice = choose_reader(settings)
    reading = choice.options | ocr_options(settings)
    asking = asking_of(settings, estimate=estimate, debug=debug)
    named = [paths] if isinstance(paths, str | os.PathLike) else list(paths)
    notes: list[str] = []
    pool = make_pool(
        settings,
        processor,
        reading | retractions_option(settings) | layers_option(settings) | whole_option(asking),
        parallel=choice.parallel,
        named=named,
        note=notes.append,
        debug=debug,
    )
    options = settings.model_dump(mode="json", exclude={"db", "grobid_url", "llm_url"})
    options |= choice.facts
    options |= {
        "retry": retry,
        "force": force,
        "limit": limit,
        "paths": [shown(public(p)) for p in named],
    }
    with contextlib.closing(asking), _database(settings, estimate=estimate) as database:
        run = _Run(database, settings, pool, progress or (lambda summary: None), choice, asking)
        run.notes = notes
        run.stopping = stopping
        return run.go(named, options, retry=retry, force=force, limit=limit)


@contextlib.contextmanager
def _database(settings: Settings, *, estimate: bool) -> Iterator[Database]:
    """The database of the run; an estimate makes none, and looks into the one that is there."""
    with contextlib.ExitStack() as stack:
        place = settings.db
        if estimate and "://" not in place and not Path(place).exists():
            place = str(Path(stack.enter_context(tempfile.TemporaryDirectory())) / "empty.db")
        yield stack.enter_context(open_database(place))


class _Run:
    """One run over one database."""

    def __init__(
        self,
        database: Database,
        settings: Settings,
        pool: Pool,
        progress: ProgressHook,
        choice: Choice,
        asking: Asking,
    ) -> None:
        self._database = database
        self._settings = settings
        self._pool = pool
        self._progress = progress
        self._summary = IngestSummary(db=database.where, workers=pool.size)
        self.notes: list[str] = []
        self._summary.notes += [choice.note] if choice.note else []
        self._asking = asking
        self._summary.llm, self._summary.llm_estimate = asking.summary, asking.estimate
        self._server = bool(choice.options)
        self._first_path: dict[str, str] = {}
        self._unplaced: frozenset[str] = frozenset()
        self._only_to_ask: set[str] = set()
        self._kept = 0
        self._run_id = 0
        self._remote = RemotePapers(
            database,
            settings,
            self._summary,
            self._first_path,
            lambda: progress(self._summary),
        )
        self.stopping: Stopping = stopping_on_signals

    def go(
        self,
        named: list[str | os.PathLike[str]],
        options: dict[str, Any],
        *,
        retry: bool,
        force: bool,
        limit: int | None,
    ) -> IngestSummary:
        """Find, process and save; leaves the run's end in the database."""
        started = time.monotonic()
        found = find_files(local_path(name) for name in named if not is_remote(name))
        files = [file for file in found if not file.no_paper]
        self._summary.passed_over = [shown(file.path) for file in found if file.no_paper]
        urls = [os.fspath(name) for name in named if is_remote(name)]
        self._summary.found = len(files) + self._remote.find(urls)
        self._progress(self._summary)
        settled = {} if force else self._settled(retry)
        self._unplaced = self._sources_without_places()
        if self._asking.saves:
            self._run_id = self._database.start_run(PIPELINE_VERSION, options)
        state = RunState.FAILED
        try:
            with (
                self.stopping(self._stop),
                contextlib.closing(
                    self._pool.run(self._tasks(files, settled, limit), self._has_room)
                ) as outcomes,
            ):
                for outcome in outcomes:
                    mine = self._remote.ended(outcome)
                    if mine is not None:
                        self._take(mine)
                self._save_asked(wait=True)
            self._summary.notes += [KEPT.format(self._kept)] if self._kept else []
            state = RunState.INTERRUPTED if self._summary.interrupted else RunState.FINISHED
        except KeyboardInterrupt:
            state = RunState.INTERRUPTED
            raise
        finally:
            self._remote.close()
            self._summary.elapsed_s = time.monotonic() - started
            self._summary.workers = self._pool.size  # a cluster is known only now
            self._summary.notes += self.notes
            counts = {
                **self._summary.statuses,
                "records": self._summary.records,
                "structures": self._summary.structures.total(),
            }
            if self._asking.saves:
                self._database.finish_run(self._run_id, state, counts)
        return self._summary

    def _settled(self, retry: bool) -> dict[str, str]:
        """The documents that need not be done again, with their statuses."""
        unread = self._unread_images(retry) if self._settings.ocr else frozenset()
        unasked = self._asking.unasked(self._database)
        states = self._database.document_states(PIPELINE_VERSION)
        self._only_to_ask = set(unasked & states.keys()) - unread
        return {
            doc_id: status
            for doc_id, status in states.items()
            if not (retry and status in RETRIED) and doc_id not in unread | unasked
        }

    def _sources_without_places(self) -> frozenset[str]:
        """The documents that have no pages, and were not read together with a PDF before."""
        return frozenset(
            document.doc_id
            for document in self._database.documents()
            if document.status in (Status.DONE, Status.PARTIAL)
            and not document.page_count
            and not any(NO_PLACES in w for w in document.warnings)
        )

    def _unread_images(self, retry: bool) -> frozenset[str]:
        """The documents that ended for what OCR may mend, and were not read with such an OCR."""
        now = self._settings.model_dump(mode="json", include=_OF_OCR)
        runs = () if retry else self._database.runs()
        tried = {run.id for run in runs if now.items() <= run.options.items()}
        return frozenset(
            document.doc_id
            for document in self._database.documents()
            if document.run_id not in tried
            and (
                document.status in MENDED_BY_OCR
                or (document.status == Status.PARTIAL and document.reader == BUILT_IN)
            )
        )

    def _tasks(
        self, files: list[Found], settled: dict[str, str], limit: int | None
    ) -> Iterator[Task]:
        """The files that need work. Hashed one by one as workers get free, not all beforehand."""
        handed_out = 0
        for file in files:
            path = shown(file.path)
            if file.problem is not None:
                if file.named:
                    self._summary.missing.append(path)
                self._end(path, Status.FAILED, file.problem)
                continue
            if file.same_as is not None:
                same = Duplicate(path, shown(file.same_as), same_paper=True)
                self._summary.duplicates.append(same)
                self._progress(self._summary)
                continue
            try:
                doc_id = hash_file(file.path, self._settings.max_file_MB)
            except UnusableFileError as error:
                self._end(path, Status.FAILED, str(error))
                continue
            if doc_id in self._first_path:
                self._summary.duplicates.append(Duplicate(path, self._first_path[doc_id]))
                self._progress(self._summary)
                continue
            self._first_path[doc_id] = path
            waits = file.pdf is not None and doc_id in self._unplaced
            if waits:
                self._only_to_ask.discard(doc_id)
            if doc_id in settled and not waits:
                self._summary.already_done_statuses[settled[doc_id]] += 1
                self._progress(self._summary)
                continue
            if limit is not None and handed_out >= limit:
                return
            handed_out += 1
            yield Task(os.fspath(file.path), doc_id, self._places(file))
        yield from self._remote.tasks(settled, None if limit is None else limit - handed_out)

    def _places(self, file: Found) -> str | None:
        """The PDF that gives the places to a source, unless it cannot be opened as a paper."""
        if file.pdf is None:
            return None
        try:
            check_file(file.pdf, self._settings.max_file_MB)
        except UnusableFileError as error:
            self._summary.notes.append(f"{shown(file.pdf)} gives no places: {error}")
            return None
        return os.fspath(file.pdf)

    def _end(self, path: str, status: Status, reason: str) -> None:
        """A file that never reached a worker; without its bytes it has no place in the database."""
        self._summary.add_status(path, status, reason)
        self._progress(self._summary)

    def _has_room(self) -> bool:
        """Save what has been asked about by now; whether another paper may be read."""
        self._save_asked()
        return not self._asking.full

    def _take(self, outcome: Outcome) -> None:
        """Save what a worker sent, or have a language model asked about it first."""
        paper = (outcome.result or {}).pop("paper", None)
        result = self._result(outcome)
        if paper is None or not result.reader:
            self._save(result)
            self._progress(self._summary)
        else:
            self._asking.add(result, paper)

    def _save_asked(self, *, wait: bool = False) -> None:
        """Save the papers that have been asked about; with ``wait`` all, as they end."""
        for result in self._asking.finished(wait=wait):
            self._save(result)
            self._progress(self._summary)

    def _save(self, result: DocumentResult) -> None:
        """One transaction a document: what is saved stays, whatever happens next."""
        started = time.perf_counter()
        if self._says_less(result):
            self._summary.add_status(result.path, Status(result.status), result.reason)
            self._kept += 1
            return
        try:
            if self._asking.saves:
                self._database.save_document(self._run_id, result)
        except DatabaseError as error:
            # One paper's odd value must not stop this run and every later one. If the trouble is
            # the database itself, this fails too.
            result = not_saved(result, f"it cannot be saved: {error}")
            self._database.save_document(self._run_id, result)
        summary = self._summary
        summary.add_seconds({"save": time.perf_counter() - started, **result.steps})
        summary.peak_memory_MB = max(summary.peak_memory_MB, result.peak_memory_MB or 0.0)
        summary.add_status(result.path, Status(result.status), result.reason)
        if result.reader:
            summary.readers[result.reader] += 1
        if result.reader == BUILT_IN and self._server:
            problem = Problem(result.path, Status(result.status), result.reason)
            summary.stepped_in.append(problem)
        summary.add_records(result.records)
        summary.structures.update(structure.verdict for structure in result.structures)
        if result.status == Status.DONE and not result.records:
            summary.done_without_record += 1

    def _says_less(self, result: DocumentResult) -> bool:
        """Whether a paper that was read again only to be asked about came out with less."""
        if result.doc_id not in self._only_to_ask:
            return False
        return says_less(result, next(llm_uses(self._database, result.doc_id), None))

    def _result(self, outcome: Outcome) -> DocumentResult:
        """What a worker sent, checked, or a result that says why there is none."""
        status, reason = outcome.status or Status.FAILED, outcome.reason
        if outcome.result is not None:
            try:
                found = _RESULT.validate_python(
                    outcome.result
                    | {"seconds": outcome.seconds, "peak_memory_MB": outcome.peak_memory_MB}
                )
                wrong = mismatch(found, outcome.task)
                if wrong is None:
                    return self._with_pdf(found, outcome.task)
                reason = wrong
            except ValidationError as error:
                first = error.errors()[0]
                reason = f"the result is invalid: {first['loc']}: {first['msg']}"
        return without_result(outcome, status, reason)

    def _with_pdf(self, result: DocumentResult, task: Task) -> DocumentResult:
        """The result of a source that has places with the PDF that gave them.

        Said by us and not by the worker: the file is shown to whoever reads the paper's page. What
        a language model was asked is not the worker's to say either.
        """
        if task.pdf is None or result.layers is None or not result.page_count:
            return replace(result, pdf_id=None, pdf_path=None, llm=None)
        try:
            pdf_id = hash_file(Path(task.pdf), self._settings.max_file_MB)
        except UnusableFileError:
            return replace(result, pdf_id=None, pdf_path=None, llm=None)
        return replace(result, pdf_id=pdf_id, pdf_path=shown(task.pdf), llm=None)

    def _stop(self) -> None:
        """Begin nothing new, and ask no more."""
        self._summary.interrupted = True
        self._pool.stop()
        self._asking.cancel()
