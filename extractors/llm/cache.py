"""The cache on disk: what was answered once is not asked again.

One SQLite file that several processes may use at the same time. It holds what models answered, and
so words of papers, but no key and no prompt. Batches keep their jobs in the same file (``jobs``).
"""

from __future__ import annotations

import hashlib
import json
import os
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any

from scmine.extractors.llm.answer_forms import WORDING, schema_of
from scmine.extractors.llm.request import Ending, Request

APPLICATION_ID = 0x73636D6C
"""Marks the file as ours (``scml``), so that no other database is ever written to or moved."""

VERSION = 1
KEPT = frozenset({Ending.ANSWERED, Ending.REFUSED, Ending.TRUNCATED, Ending.INVALID})
"""Endings that were paid for and would come again. What did not fit cost nothing, and fits once the
server is started with more; the others pass by themselves."""

_BUSY_S = 30.0
_CHECKED_BYTES = 64_000_000
"""Smaller files are checked when they are opened, which takes some 10 ms for 10 MB."""

_HEADER = b"SQLite format 3\x00"
_TABLES = """
CREATE TABLE IF NOT EXISTS answers (
  key TEXT PRIMARY KEY, model TEXT NOT NULL, prompt TEXT NOT NULL, ending TEXT NOT NULL,
  answer TEXT, reason TEXT NOT NULL, tokens_in INTEGER NOT NULL, tokens_out INTEGER NOT NULL,
  created TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS jobs (
  name TEXT PRIMARY KEY, url TEXT NOT NULL, job TEXT, created TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS job_keys (
  key TEXT NOT NULL, name TEXT NOT NULL REFERENCES jobs ON DELETE CASCADE,
  PRIMARY KEY (key, name)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS came (key TEXT PRIMARY KEY, completion TEXT NOT NULL) WITHOUT ROWID;
"""


class CacheError(Exception):
    """The cache cannot be used; the message says which file, why and what to do."""


@dataclass(frozen=True, slots=True)
class Kept:
    """What the cache holds of a request: how it ended, and the answer's JSON."""

    ending: Ending
    answer: str | None
    reason: str
    tokens_in: int
    tokens_out: int


def key_of(request: Request, model: str, url: str, parameters: dict[str, Any]) -> str:
    """The name of a request's answer: SHA-256 over all that decides it.

    The server's address is part of it, for two servers may know different models by one name. The
    paper and the place are not: what is asked twice in the same words is the same question.
    """
    decides = {
        "wording": WORDING,
        "model": model,
        "url": url,
        "prompt": request.prompt,
        "messages": [[message.role, message.text] for message in request.messages],
        "schema": schema_of(request.answer),
        "parameters": parameters,
    }
    text = json.dumps(decides, sort_keys=True, ensure_ascii=True)
    return hashlib.sha256(text.encode("ascii")).hexdigest()


class Cache:
    """The answers in one file, which is made where it is missing.

    A file of ours that is broken is set aside (``set_aside`` says where) and a new one is begun.
    ``say`` is told of that, and once if something cannot be read or kept.

    Raises
    ------
    CacheError
        If the file is not ours, or its folder cannot be written to.
    """

    def __init__(
        self, path: str | os.PathLike[str], say: Callable[[str], None] = lambda text: None
    ) -> None:
        self.path = Path(path)
        self._say = say
        self.set_aside: Path | None = None
        self.trouble = ""
        """Why something could not be kept; empty while all is well."""
        self._lock = threading.RLock()
        try:
            self._connection = self._open()
        except sqlite3.DatabaseError as error:
            if isinstance(error, sqlite3.OperationalError) and not _is_broken(error):
                raise CacheError(self._unusable(str(error))) from error
            if _head_of(self.path)[1] != APPLICATION_ID:
                raise CacheError(self._unusable("it is no cache of scmine")) from error
            self._put_aside()
            try:
                self._connection = self._open()
            except sqlite3.Error as again:
                raise CacheError(self._unusable(str(again))) from again

    def _open(self) -> sqlite3.Connection:
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            is_new = not self.path.exists() or self.path.stat().st_size == 0
            if is_new:
                self.path.touch(mode=0o600)
            elif not _head_of(self.path)[0]:
                raise CacheError(self._unusable("it is no cache of scmine"))
        except OSError as error:
            raise CacheError(self._unusable(error.strerror or str(error))) from error
        connection = sqlite3.connect(
            self.path, timeout=_BUSY_S, isolation_level=None, check_same_thread=False
        )
        try:
            # At one moment: another process may just be making the tables.
            connection.execute("BEGIN")
            tables = connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0]
            found = connection.execute("PRAGMA application_id").fetchone()[0]
            version = connection.execute("PRAGMA user_version").fetchone()[0]
            connection.execute("COMMIT")
            if found != APPLICATION_ID and (found or tables):
                raise CacheError(self._unusable("it is another program's database"))
            if version > VERSION:
                raise CacheError(self._unusable("a newer scmine made it"))
            connection.execute("PRAGMA synchronous = NORMAL")
            connection.execute("PRAGMA foreign_keys = ON")
            if found != APPLICATION_ID or not tables:
                _set_up(connection)
            elif self.path.stat().st_size < _CHECKED_BYTES:
                said = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
                if said != "ok":
                    raise sqlite3.DatabaseError(said)
        except BaseException:
            connection.close()
            raise
        return connection

    def _unusable(self, why: str) -> str:
        return (
            f"cache of answers {self.path}: {why}. Name another file (setting llm_cache), or "
            "remove this one if it holds nothing that you need"
        )

    def _put_aside(self) -> None:
        """Move the broken file away, unless another process has done so."""
        stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%S%f")
        aside = self.path.with_name(f"{self.path.name}.broken-{stamp}")
        try:
            os.replace(self.path, aside)
            self.set_aside = aside
            self._say(f"the cache of answers {self.path} was broken; it is now {aside.name}")
            for suffix in ("-wal", "-shm"):
                self.path.with_name(self.path.name + suffix).unlink(missing_ok=True)
        except FileNotFoundError:
            return
        except OSError as error:
            raise CacheError(self._unusable(f"it is broken ({error.strerror})")) from error

    def get(self, key: str) -> Kept | None:
        """What is kept under ``key``."""
        with self._doing("read") as connection:
            row = connection.execute(
                "SELECT ending, answer, reason, tokens_in, tokens_out FROM answers WHERE key = ?",
                (key,),
            ).fetchone()
            return Kept(Ending(row[0]), *row[1:]) if row else None
        return None

    def put(self, key: str, model: str, prompt: str, kept: Kept) -> None:
        """Keep an ending that is worth it (`KEPT`); where the disk is full, `trouble` says so."""
        if kept.ending not in KEPT:
            return
        with self._doing("written to") as connection:
            row = (key, model, prompt, str(kept.ending), kept.answer, kept.reason)
            connection.execute(
                "INSERT OR REPLACE INTO answers VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (*row, kept.tokens_in, kept.tokens_out, _now()),
            )

    def count(self) -> int:
        """How many answers are kept."""
        with self._doing("read") as connection:
            return int(connection.execute("SELECT count(*) FROM answers").fetchone()[0])
        return 0

    def __str__(self) -> str:
        """How much is kept and where, for people."""
        try:
            size = self.path.stat().st_size
        except OSError:
            size = 0
        return f"{self.count()} answers, {size / 1e6:.1f} MB in {self.path}"

    def __enter__(self) -> Cache:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        tb: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._connection.close()

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """One transaction, for what must not be lost.

        Raises
        ------
        CacheError
            If it cannot be written.
        """
        with self._lock:
            try:
                self._connection.execute("BEGIN IMMEDIATE")
                try:
                    yield self._connection
                except BaseException:
                    self._connection.rollback()
                    raise
                self._connection.commit()
            except sqlite3.Error as error:
                raise CacheError(self._unusable(str(error))) from error

    @contextmanager
    def _doing(self, what: str) -> Iterator[sqlite3.Connection]:
        """One statement; where it fails the run goes on without, and `trouble` says why."""
        with self._lock:
            try:
                yield self._connection
            except sqlite3.Error as error:
                told, self.trouble = self.trouble, f"cache {self.path} cannot be {what}: {error}"
                if not told:
                    self._say(self.trouble)


def _set_up(connection: sqlite3.Connection) -> None:
    """Make the tables. Several processes may do so at the same time."""
    until = time.monotonic() + _BUSY_S
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            break
        except sqlite3.OperationalError as error:
            # This one statement does not wait for others by itself.
            if "locked" not in str(error) or time.monotonic() > until:
                raise
            time.sleep(0.02)
    connection.executescript(
        f"BEGIN IMMEDIATE; PRAGMA application_id = {APPLICATION_ID};"
        f"PRAGMA user_version = {VERSION}; {_TABLES} COMMIT;"
    )


def _is_broken(error: sqlite3.OperationalError) -> bool:
    return "malformed" in str(error)


def _head_of(path: Path) -> tuple[bool, int]:
    """Whether a file begins as a SQLite database does, and the program it says it is of."""
    with path.open("rb") as file:
        head = file.read(100)
    return head.startswith(_HEADER), int.from_bytes(head[68:72], "big")


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
