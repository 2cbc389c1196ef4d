"""A folder as a source: new and changed files, read where they lie.

Files are looked at by size and time of change, also those of network file systems, whose changes by
other machines no notification tells. Which files are papers lives in ``scmine.pipelines.find``, how
a folder is looked at again and again in ``folder_watch``.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path
from urllib.parse import unquote_to_bytes, urlsplit

from scmine.database.crawl import crawled
from scmine.database.store import open_database
from scmine.pipelines.candidates import Form, form_by_name
from scmine.pipelines.crawl.clock import Clock, SystemClock
from scmine.pipelines.crawl.errors import CrawlError
from scmine.pipelines.crawl.paper import FileKind, ListedPaper, Offer, Page
from scmine.pipelines.find import UnusableFileError, find_files, hash_file
from scmine.pipelines.settings import Settings

GONE, MOVED = "gone", "moved to "
"""What the mark of a file that is no longer there says."""

PAGE_SIZE = 200
MAX_KEY_NAME = 200
_KINDS = {
    Form.LATEX: FileKind.SOURCE,
    Form.HTML: FileKind.HTML,
    Form.JATS: FileKind.XML,
    Form.TEI: FileKind.XML,
    Form.PDF: FileKind.PDF,
}


@dataclass(frozen=True, slots=True)
class _Known:
    """A file as it was listed last; ``doc_id``, its SHA-256, is None until it was looked into."""

    paper: ListedPaper
    doc_id: str | None


@dataclass(frozen=True, slots=True)
class Changes:
    """What is new in a folder, before it is known what of it are papers.

    ``files`` have a mark of their own each; ``gone`` are the keys of files that are not there.
    """

    files: dict[Path, str]
    gone: tuple[str, ...]

    def __bool__(self) -> bool:
        return bool(self.files or self.gone)


class FolderSource:
    """The papers of a folder, to the bottom; each new content of a file is a new version of it.

    ``tell`` is told what cannot be read now.

    Raises
    ------
    CrawlError
        If there is no such folder.
    """

    name = "folder"

    def __init__(
        self,
        settings: Settings,
        folder: Path,
        clock: Clock | None = None,
        tell: Callable[[str], None] | None = None,
    ) -> None:
        if not folder.is_dir():
            raise CrawlError(f"{folder} is no folder")
        self._settings = settings
        self._folder = folder.resolve()
        self._clock = clock or SystemClock()
        self._tell = tell or (lambda words: None)
        self.query = str(self._folder)[-900:]
        self.unsettled: list[Path] = []
        """The files that were still being written when they were last listed."""
        self.unreadable: dict[Path, str] = {}
        """The folders that could not be listed, and why: nothing is said of what is in them."""

    def changes(self) -> Changes:
        """What is not as it was listed last; looks at names, sizes and times only.

        Raises
        ------
        CrawlError
            If the folder cannot be listed: its files are not gone then.
        """
        known = {own.link: own for own in (k.paper for k in self._known().values())}
        marks = self._marks()
        links = {path.as_uri(): path for path in marks}
        changed = {
            path: marks[path]
            for link, path in links.items()
            if link not in known or known[link].mark != marks[path]
        }
        gone = tuple(
            paper.key
            for link, paper in known.items()
            if link not in links and not _is_gone(paper.mark) and not self._unseen(paper)
        )
        return Changes(changed, gone)

    def pages(self, since: date | None, cursor: str | None = None) -> Iterator[Page]:
        """All files that are new or changed, whatever ``since`` says, and those that are gone."""
        found = self.changes()
        settled = self._settled(found.files)
        for path in self.unsettled:
            self._tell(f"{path}: still being written; the next crawl looks at it again")
        for path, reason in self.unreadable.items():
            self._tell(f"{path}: {reason}")
        known = self._known()
        papers = self._papers(settled, known) if settled else []
        papers += self._gone(found.gone, known, papers)
        # A listing that was cut off needs no place: what was taken in is no change any more.
        for start in range(0, max(1, len(papers)), PAGE_SIZE):
            end = start + PAGE_SIZE
            more = "more" if end < len(papers) else None
            yield Page(tuple(papers[start:end]), more, len(papers))

    def offers(self, paper: ListedPaper) -> Iterator[Offer]:
        """The file itself."""
        path = path_of(paper)
        form = form_by_name(path)
        yield Offer(FileKind.TEXT if form is None else _KINDS.get(form, FileKind.TEXT), str(path))

    def _known(self) -> dict[str, _Known]:
        """The files of this folder as they were listed last, by key."""
        if "://" not in self._settings.db and not Path(self._settings.db).exists():
            return {}
        found: dict[str, _Known] = {}
        prefix = self._folder.as_uri().rstrip("/") + "/"
        with open_database(self._settings.db, create=False) as database:
            for paper, version in crawled(database, source=self.name):
                if (paper.link or "").startswith(prefix) and version.version == paper.version:
                    own = ListedPaper(
                        self.name, paper.key, paper.version, "", link=paper.link, mark=paper.mark
                    )
                    found[paper.key] = _Known(
                        replace(own, datestamp=paper.datestamp), version.doc_id
                    )
        return found

    def _marks(self) -> dict[Path, str]:
        """The files that may be papers by their names, with what tells that they have changed."""
        marks: dict[Path, str] = {}
        self.unreadable = {}
        seen: set[tuple[int, int]] = set()

        def failed(error: OSError) -> None:
            self.unreadable[Path(error.filename)] = error.strerror or str(error)

        for name, folders, names in os.walk(self._folder, onerror=failed, followlinks=True):
            folder = Path(name)
            info = folder.stat()
            again = (info.st_dev, info.st_ino) in seen
            seen.add((info.st_dev, info.st_ino))
            folders[:] = [] if again else sorted(n for n in folders if not n.startswith("."))
            for path in () if again else (folder / n for n in names if not n.startswith(".")):
                mark = _mark(path) if form_by_name(path) is not None else None
                if mark is not None:
                    marks[path] = mark
        if self._folder in self.unreadable:
            raise CrawlError(f"{self._folder}: {self.unreadable[self._folder]}")
        return marks

    def _unseen(self, paper: ListedPaper) -> bool:
        return any(path_of(paper).is_relative_to(folder) for folder in self.unreadable)

    def _settled(self, files: dict[Path, str]) -> dict[Path, str]:
        """Those files that nobody writes to, as far as a while shows."""
        if files:
            self._clock.sleep(self._settings.crawl_settle_s)
        settled = {path: mark for path, mark in files.items() if _mark(path) == mark}
        self.unsettled = [path for path in files if path not in settled]
        return {path: mark for path, mark in settled.items() if not mark.startswith("0 ")}

    def _papers(self, files: dict[Path, str], known: dict[str, _Known]) -> list[ListedPaper]:
        """The papers among changed files; a file whose content is the same keeps its version."""
        papers = []
        for found in find_files([self._folder]):
            mark = files.get(found.path)
            if mark is None or found.problem or found.same_as or found.no_paper:
                continue
            key = key_of(found.path, self._folder)
            before = known.get(key)
            changed = before is not None and self._differs(found.path, before.doc_id)
            papers.append(
                ListedPaper(
                    source=self.name,
                    key=key,
                    version=1 if before is None else before.paper.version + changed,
                    title="",
                    link=found.path.as_uri(),
                    datestamp=_day(mark),
                    mark=mark,
                )
            )
        return papers

    def _differs(self, path: Path, doc_id: str | None) -> bool:
        """Whether a file is not the one that was read; one that was not read is another."""
        try:
            return doc_id is None or hash_file(path, self._settings.max_file_MB) != doc_id
        except UnusableFileError:
            return False

    def _gone(
        self, keys: tuple[str, ...], known: dict[str, _Known], papers: list[ListedPaper]
    ) -> list[ListedPaper]:
        """Files that are not there any more, with where they have gone if that can be told."""
        new = {paper.mark: paper for paper in papers}
        listed = []
        for key in keys:
            own = known[key]
            there = new.get(own.paper.mark)
            same = there is not None and not self._differs(path_of(there), own.doc_id)
            mark = f"{MOVED}{path_of(there)}" if there is not None and same else GONE
            listed.append(replace(own.paper, mark=mark))
        return listed


def path_of(paper: ListedPaper) -> Path:
    """Where the file of a paper lies.

    Raises
    ------
    CrawlError
        If the paper is none of a folder.
    """
    parts = urlsplit(paper.link or "")
    if parts.scheme != "file" or parts.netloc or not parts.path:
        raise CrawlError(f"{paper.key}: not known where its file lies")
    return Path(os.fsdecode(unquote_to_bytes(parts.path)))


def key_of(path: Path, folder: Path) -> str:
    """The key of a file: its name within the folder, and what tells it from all others.

    >>> key_of(Path("/data/in/a/b.pdf"), Path("/data/in"))
    'a/b.pdf (1b8fe86b91b62094)'
    """
    digest = hashlib.sha256(os.fsencode(path)).hexdigest()[:16]
    name = os.fsencode(path.relative_to(folder)).decode("utf-8", "replace")
    return f"{name[-MAX_KEY_NAME:]} ({digest})"


def _mark(path: Path) -> str | None:
    """Size in bytes and time of change in nanoseconds; None if it is no file that can be seen."""
    try:
        info = path.stat()
    except OSError:
        return None
    return f"{info.st_size} {info.st_mtime_ns}" if path.is_file() else None


def _day(mark: str) -> date | None:
    try:
        return datetime.fromtimestamp(int(mark.split()[1]) / 1e9, UTC).date()
    except (OverflowError, ValueError, OSError):
        return None


def _is_gone(mark: str | None) -> bool:
    return mark == GONE or (mark or "").startswith(MOVED)
