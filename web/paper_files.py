"""The files of papers: where the one with a given content lies now, and proof that it is that one.

A file is known by its SHA-256, which is its ``doc_id``. No name that a browser sends comes here:
what is looked at is the path that the database has, and the folders that the server was given.
"""

from __future__ import annotations

import hashlib
import os
import stat
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

MAX_FILE_BYTES = 1 << 30
"""Larger files are not read; ingest by default reads none either."""

WAIT_S = 3.0
"""A page waits so long for folders that are still being read."""

HEADER_BYTES = 1024
"""ISO 32000-1, annex H: readers accept the ``%PDF-`` mark within the first 1024 bytes."""

_BLOCK_BYTES = 1 << 20
_Identity = tuple[int, int, int, int]


@dataclass(frozen=True, slots=True)
class _Hashed:
    """What a file was when it was read: device, inode, size, time of change; and its SHA-256."""

    identity: _Identity
    sha256: str
    is_pdf: bool


class PaperFiles:
    """Finds PDFs by content, first where the database says, then in ``folders``.

    Where the database says only the way from the folder in which the paper was read, that folder
    is taken to be the current one or ``base``, the database's own. Folders are listed when a file
    is first missed; one of the same name is tried first, then all are read in a thread of their
    own. What was read is read again only if it changed.
    """

    def __init__(self, folders: Sequence[Path] = (), base: Path | None = None) -> None:
        self._folders = tuple(folders)
        self._base = base
        self._hashed: dict[Path, _Hashed] = {}
        self._lock = threading.Lock()
        self._listed: list[Path] = []
        self._reader: threading.Thread | None = None
        self._unread = 0

    @property
    def unread(self) -> int:
        """How many files of the folders are still to be read."""
        return self._unread

    def pdf(self, doc_id: str, path: str) -> Path | None:
        """The PDF whose SHA-256 is ``doc_id``, or None; ``path`` is where it was read once."""
        for start in (Path(), *([self._base] if self._base else ())):
            if self._is(start / path, doc_id):
                return start / path
        if not self._folders:
            return None
        known = next((p for p in self._listed if self._holds(p, doc_id)), None)
        if known is not None:
            return known
        name = Path(path).name
        files = self._list()
        for file in files:
            if file.name == name and self._is(file, doc_id):
                return file
        self._read_all().join(WAIT_S)
        return next((p for p in files if self._holds(p, doc_id)), None)

    def opened(self, doc_id: str, path: str) -> int | None:
        """The PDF as `pdf` finds it, open for reading: a descriptor, which the caller closes.

        A link that is turned to another file in between is not followed.
        """
        found = self.pdf(doc_id, path)
        if found is None:
            return None
        try:
            number = os.open(found, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        except OSError:
            return None
        known = self._hashed.get(found)
        if known is None or known.sha256 != doc_id or _identity(os.fstat(number)) != known.identity:
            os.close(number)
            return None
        return number

    def _holds(self, file: Path, doc_id: str) -> bool:
        known = self._hashed.get(file)
        return known is not None and known.sha256 == doc_id and self._is(file, doc_id)

    def _is(self, file: Path, doc_id: str) -> bool:
        found = self._hash(file)
        return found is not None and found.is_pdf and found.sha256 == doc_id

    def _hash(self, file: Path) -> _Hashed | None:
        """What ``file`` holds; None if it is no regular file that can be read."""
        try:
            # Opening a named pipe would wait for a writer otherwise.
            number = os.open(file, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        except (OSError, ValueError):
            return None
        try:
            status = os.fstat(number)
            if not stat.S_ISREG(status.st_mode) or status.st_size > MAX_FILE_BYTES:
                return None
            identity = _identity(status)
            known = self._hashed.get(file)
            if known is not None and known.identity == identity:
                return known
            head = os.read(number, HEADER_BYTES)
            digest = hashlib.sha256(head)
            while block := os.read(number, _BLOCK_BYTES):
                digest.update(block)
        except OSError:
            return None
        finally:
            os.close(number)
        hashed = _Hashed(identity, digest.hexdigest(), b"%PDF-" in head)
        self._hashed[file] = hashed
        return hashed

    def _list(self) -> list[Path]:
        """List the folders again, unless a thread is reading what was listed."""
        with self._lock:
            if self._reader is None or not self._reader.is_alive():
                self._listed = [file for folder in self._folders for file in _pdfs(folder)]
            return self._listed

    def _read_all(self) -> threading.Thread:
        """The thread that reads all files listed; started if it does not run."""
        with self._lock:
            if self._reader is None or not self._reader.is_alive():
                files = list(self._listed)
                self._unread = len(files)
                self._reader = threading.Thread(target=self._read, args=(files,), daemon=True)
                self._reader.start()
            return self._reader

    def _read(self, files: Sequence[Path]) -> None:
        for file in files:
            self._hash(file)
            self._unread -= 1


def _identity(status: os.stat_result) -> _Identity:
    return status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns


def _pdfs(folder: Path) -> Iterator[Path]:
    """The files of ``folder``, to its bottom, that are called PDFs."""
    for where, folders, names in os.walk(folder):
        folders.sort()
        yield from (Path(where, name) for name in sorted(names) if name.lower().endswith(".pdf"))


@cache
def files_in(folders: tuple[Path, ...], base: Path | None = None) -> PaperFiles:
    """The one `PaperFiles` of ``folders`` in this process, so that no file is read twice."""
    return PaperFiles(folders, base)
