"""The papers of stores in a run: which need reading, where they are fetched, what they turn out as.

On one machine files are fetched ahead of the workers, and known by their content before they are
read. On a cluster the machine that reads a paper fetches it, and what it was is known at its end.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from scmine.database.remote_files import RemoteContent, known_files, remember_files
from scmine.database.store import Database
from scmine.extractors.document import Status
from scmine.pipelines.find import UnusableFileError, hash_file
from scmine.pipelines.remote import RemoteFile, list_remote, version_of
from scmine.pipelines.remote_fetch import fetched
from scmine.pipelines.settings import Settings, SettingsError
from scmine.pipelines.summary import Duplicate, IngestSummary
from scmine.pipelines.workers import Outcome, Task

FETCHED_AHEAD = 8
"""Files that are fetched before a worker asks for them; two a connection."""
CONNECTIONS = 4
_KNOWN_AT_A_TIME = 500
_REMEMBERED_AT_A_TIME = 20


@dataclass(frozen=True, slots=True)
class _Fetched:
    """A file that is here, until ``stack`` is closed."""

    file: RemoteFile
    path: Path
    doc_id: str
    stack: ExitStack


class RemotePapers:
    """The papers of stores that one run is about.

    Parameters
    ----------
    database, settings, summary
        Those of the run.
    first_path
        What each document of the run is called, by doc_id; added to here.
    progress
        Called when a file has ended that needs no worker.
    """

    def __init__(
        self,
        database: Database,
        settings: Settings,
        summary: IngestSummary,
        first_path: dict[str, str],
        progress: Callable[[], None],
    ) -> None:
        self._database = database
        self._settings = settings
        self._summary = summary
        self._first_path = first_path
        self._progress = progress
        self._files: list[RemoteFile] = []
        self._settled: Mapping[str, str] = {}
        self._versions: dict[str, str] = {}
        self._here: dict[str, ExitStack] = {}
        self._new: dict[str, RemoteContent] = {}

    def find(self, urls: list[str]) -> int:
        """List the stores; returns how many files there are to speak of.

        Raises
        ------
        SettingsError
            A store of a kind that is not known here, or that other machines cannot see.
        """
        if not urls:
            return 0
        if self._settings.scheduler is not None and any("memory://" in url for url in urls):
            raise SettingsError("memory:// is in this process only; a cluster does not see it")
        self._files = list_remote(urls)
        return len(self._files)

    def tasks(self, settled: Mapping[str, str], limit: int | None) -> Iterator[Task]:
        """The papers that need reading, at most ``limit``."""
        self._settled = settled
        wanted = islice(self._unknown(), limit)
        if self._settings.scheduler is None:
            yield from self._fetched_here(wanted)
            return
        for file in wanted:
            yield Task(file.name, "", name=file.name, url=file.url)

    def ended(self, outcome: Outcome) -> Outcome | None:
        """Take note of an outcome; None if nothing of it is to be saved."""
        name, doc_id = outcome.task.called, outcome.task.doc_id
        version = self._versions.pop(name, None)
        if version is None:
            return outcome
        stack = self._here.pop(name, None)
        if stack is not None:
            stack.close()
            self._remember(name, version, doc_id)
            return outcome
        if not doc_id:  # without its bytes a paper has no place in the database
            self._end(name, outcome.status or Status.FAILED, outcome.reason)
            return None
        self._remember(name, version, doc_id)
        return None if self._is_known(name, doc_id) else outcome

    def close(self) -> None:
        """Remove what was fetched, and save what is known of files by now."""
        for stack in self._here.values():
            stack.close()
        self._here.clear()
        self._save_known()

    def _unknown(self) -> Iterator[RemoteFile]:
        """The files that the database does not hold as they are now."""
        files = iter(self._files)
        while batch := list(islice(files, _KNOWN_AT_A_TIME)):
            known = known_files(self._database, [file.name for file in batch])
            for file in batch:
                if not self._ends_here(file, known.get(file.name)):
                    yield file

    def _ends_here(self, file: RemoteFile, known: RemoteContent | None) -> bool:
        """Whether a file needs no reading; it is counted then."""
        if file.problem is not None:
            self._summary.missing.append(file.name)
            self._end(file.name, Status.FAILED, file.problem)
            return True
        if file.same_as is not None:
            same = Duplicate(file.name, file.same_as, same_paper=True)
            self._summary.duplicates.append(same)
            self._progress()
            return True
        try:
            version = version_of(file)
        except UnusableFileError as error:
            self._end(file.name, Status.FAILED, str(error))
            return True
        if known is not None and version and known.version == version:
            held = known.doc_id in self._settled or known.doc_id in self._first_path
            if held and self._is_known(file.name, known.doc_id):
                return True
        self._versions[file.name] = version
        return False

    def _is_known(self, name: str, doc_id: str) -> bool:
        """Whether a document is done or under way by another name; counts it."""
        first = self._first_path.setdefault(doc_id, name)
        if first != name:
            self._summary.duplicates.append(Duplicate(name, first))
        elif doc_id in self._settled:
            self._summary.already_done_statuses[self._settled[doc_id]] += 1
        else:
            return False
        self._progress()
        return True

    def _fetched_here(self, wanted: Iterator[RemoteFile]) -> Iterator[Task]:
        """Tasks of files of this machine, which are fetched ahead."""
        ahead: deque[tuple[RemoteFile, Future[_Fetched]]] = deque()
        with ThreadPoolExecutor(CONNECTIONS, thread_name_prefix="scmine-fetch") as fetching:
            try:
                while True:
                    for file in islice(wanted, FETCHED_AHEAD - len(ahead)):
                        ahead.append((file, fetching.submit(self._fetch, file)))
                    if not ahead:
                        return
                    task = self._task_of(*ahead.popleft())
                    if task is not None:
                        yield task
            finally:
                for _, future in ahead:
                    future.cancel()
                    future.add_done_callback(_removed)

    def _fetch(self, file: RemoteFile) -> _Fetched:
        max_MB = self._settings.max_file_MB
        with ExitStack() as stack:
            path = stack.enter_context(fetched(file.url, max_MB))
            return _Fetched(file, path, hash_file(path, max_MB), stack.pop_all())

    def _task_of(self, file: RemoteFile, future: Future[_Fetched]) -> Task | None:
        """The task of a file that was fetched, unless its content needs no reading."""
        try:
            here = future.result()
        except UnusableFileError as error:
            self._versions.pop(file.name, None)
            self._end(file.name, Status.FAILED, str(error))
            return None
        if self._is_known(file.name, here.doc_id):
            here.stack.close()
            self._remember(file.name, self._versions.pop(file.name), here.doc_id)
            return None
        self._here[file.name] = here.stack
        return Task(str(here.path), here.doc_id, name=file.name)

    def _remember(self, name: str, version: str, doc_id: str) -> None:
        """Save what a file was, some at a time; what is not saved is only fetched once more."""
        if version:
            self._new[name] = RemoteContent(version, doc_id)
        if len(self._new) >= _REMEMBERED_AT_A_TIME:
            self._save_known()

    def _save_known(self) -> None:
        new, self._new = self._new, {}
        if self._summary.llm_estimate is None:
            remember_files(self._database, new)

    def _end(self, name: str, status: Status, reason: str) -> None:
        self._summary.add_status(name, status, reason)
        self._progress()


def _removed(future: Future[_Fetched]) -> None:
    """Remove a file that came when nobody wanted it any more."""
    if not future.cancelled() and future.exception() is None:
        future.result().stack.close()
