"""From what the user names, a path or a URL, to an SQLAlchemy engine that is set up for our use.

Says plainly why a place cannot hold a database before a driver is asked. Which tables are there
lives in ``scmine.database.schema``.
"""

from __future__ import annotations

import json
import os
import sqlite3
import time
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.dialects.sqlite.base import SQLiteCompiler
from sqlalchemy.exc import ArgumentError

from scmine.database.errors import DatabaseError

BUSY_TIMEOUT_S = 60.0
"""How long a writer waits for another process that writes; one document takes milliseconds."""

CACHE_KIB = 64 * 1024
"""The most of an SQLite file that a connection keeps in memory, in KiB."""

MAPPED_BYTES = 2**31 - 2**16
"""The most of an SQLite file that is read as memory, SQLite's own limit: a search that looks at
records all over the file copies no pages then. WAL needs files that can be mapped anyway."""

SQLITE_MAGIC = b"SQLite format 3\x00"
"""How each SQLite file begins (https://www.sqlite.org/fileformat.html, section 1.3)."""

POSTGRESQL_NAMES = ("postgresql", "postgresql+psycopg", "postgres")


def parse_target(target: str | Path) -> URL:
    """The URL of a database given as a file's path or as an SQLAlchemy URL.

    Raises
    ------
    DatabaseError
        A URL that cannot be read, or of a database other than SQLite and PostgreSQL.

    >>> parse_target("papers.db").drivername, parse_target("postgresql://host/db").drivername
    ('sqlite', 'postgresql+psycopg')
    """
    if isinstance(target, Path) or "://" not in target:
        return _sqlite_url(str(target))
    try:
        url = make_url(target)
    except (ArgumentError, ValueError):
        # The text is not repeated: it may hold a password.
        raise DatabaseError(
            "the database URL cannot be read; write postgresql://USER:PASSWORD@HOST:PORT/NAME, "
            "or the path of a file"
        ) from None
    if url.drivername in POSTGRESQL_NAMES:
        return url.set(drivername="postgresql+psycopg")
    if url.get_backend_name() == "sqlite" and not url.query:
        return _sqlite_url(url.database or "")
    raise DatabaseError(
        f"databases of the kind {url.drivername}:// are not supported, nor are options of an "
        "SQLite URL; give a file's path, or postgresql://USER:PASSWORD@HOST:PORT/NAME"
    )


def _sqlite_url(path: str) -> URL:
    if path in {"", ":memory:"}:
        raise DatabaseError("the database needs a file: give a path such as scmine.db")
    return URL.create("sqlite", database=os.path.abspath(path))


def describe(url: URL) -> str:
    """How messages name the database: its path, or its URL without the password."""
    if url.get_backend_name() == "sqlite":
        return str(url.database)
    return url.render_as_string(hide_password=True)


def connect(url: URL, *, create: bool, wait_s: float = BUSY_TIMEOUT_S) -> Engine:
    """An engine for ``url``; for SQLite with foreign keys enforced, and writers that wait.

    Raises
    ------
    DatabaseError
        The place cannot hold a database, holds something else, or, unless ``create``, nothing.
    """
    to_json = partial(json.dumps, ensure_ascii=False, allow_nan=False)
    if url.get_backend_name() == "sqlite":
        path = Path(str(url.database))
        _check_file(path, create=create)
        engine = create_engine(url, json_serializer=to_json, connect_args={"timeout": wait_s})
        engine.dialect.statement_compiler = _WithHints
        event.listen(engine, "connect", _set_up_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        return engine
    try:
        engine = create_engine(url, json_serializer=to_json)
    except ModuleNotFoundError as error:
        raise DatabaseError(
            f"{describe(url)}: PostgreSQL needs the package {error.name}; "
            "install it with: pip install 'scmine[postgresql]'"
        ) from error
    event.listen(engine, "connect", _set_up_postgresql)
    return engine


class _WithHints(SQLiteCompiler):
    """Writes hints on which index to use (``with_hint``), which SQLAlchemy leaves out of SQLite."""

    def get_from_hint_text(self, table: Any, text: str | None) -> str | None:
        """The hint as it was given."""
        return text


def _check_file(path: Path, *, create: bool) -> None:
    """Raise a ``DatabaseError`` that says why ``path`` cannot be our SQLite file, if it cannot."""
    folder = path.parent
    if not folder.is_dir():
        raise DatabaseError(f"{path}: there is no folder {folder}; make it first, or name another")
    if path.is_dir():
        raise DatabaseError(
            f"{path}: this is a folder; name a file in it, such as {path}/scmine.db"
        )
    if not path.exists():
        if not create:
            raise DatabaseError(f"{path}: there is no such database; check the path")
        return
    if not path.is_file():
        raise DatabaseError(f"{path}: this is no regular file; name another")
    with path.open("rb") as file:
        start = file.read(len(SQLITE_MAGIC))
    if start and start != SQLITE_MAGIC:
        raise DatabaseError(f"{path}: this file is not an SQLite database; name another")


def _set_up_sqlite(connection: Any, _record: object) -> None:
    """Settings that SQLite forgets when a connection closes."""
    # The driver would begin transactions by itself, too late to lock; we do (_begin_sqlite).
    connection.isolation_level = None
    connection.execute("PRAGMA foreign_keys = ON")
    # With WAL a commit survives any death of the process; only a power cut can undo the last ones.
    connection.execute("PRAGMA synchronous = NORMAL")
    # What a search looks at stays at hand; the default is 2 MB.
    connection.execute(f"PRAGMA cache_size = -{CACHE_KIB}")
    connection.execute(f"PRAGMA mmap_size = {MAPPED_BYTES}")


def _set_up_postgresql(connection: Any, _record: object) -> None:
    """Settings of our sessions."""
    # Compiling a query to machine code takes longer than any of ours runs.
    connection.execute("SET jit = off")
    # What is searched lies in memory or on a disk without heads; the default is that of a disk
    # with heads, and has whole tables read where an index would do.
    connection.execute("SET random_page_cost = 1.1")
    connection.commit()


def _begin_sqlite(connection: Connection) -> None:
    """Begin a transaction; one that will write takes the lock at once, so that it can wait."""
    writes = connection.get_execution_options().get("writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def use_wal(engine: Engine) -> None:
    """Switch an SQLite file to WAL, in which it stays: readers and one writer work side by side.

    Only for a file that is known to be ours. The switch needs the file for itself and SQLite does
    not wait for that, so we do. Other databases need no such thing.
    """
    if engine.dialect.name != "sqlite":
        return
    # A connection from before the switch would go on in the old mode.
    engine.dispose()
    path = str(engine.url.database)
    deadline = time.monotonic() + BUSY_TIMEOUT_S
    while True:
        try:
            with closing(sqlite3.connect(path, timeout=BUSY_TIMEOUT_S)) as connection:
                connection.execute("PRAGMA journal_mode = WAL").fetchall()
                return
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or time.monotonic() > deadline:
                raise
            time.sleep(0.05)
