"""Putting a backup back, into a database that holds nothing yet.

A file appears under its name only once all is there and checked; on a server all is one
transaction. A backup of an earlier scmine is brought to today's tables. What a backup looks like
is told in ``scmine.database.backup_format``.
"""

from __future__ import annotations

import os
import secrets
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import URL, Connection, Engine, select, text

from scmine.database.backup_archive import Backup, open_backup
from scmine.database.backup_format import LEFT_OUT, BackupError, Manifest
from scmine.database.connect import SQLITE_MAGIC, connect, describe, parse_target
from scmine.database.errors import DatabaseError, clear_errors
from scmine.database.models import Base
from scmine.database.restore_rows import check_tables, put_back
from scmine.database.schema import POSTGRESQL_LOCK, revision_of, run_steps
from scmine.database.search_rows import refresh

Told = Callable[[int, int], None]
"""Is called with the rows done so far and the rows there are."""


@dataclass(frozen=True, slots=True)
class Restored:
    """What was put back and where; ``kept`` is where the file went that stood there before."""

    where: str
    manifest: Manifest
    kept: Path | None = None


def restore(
    backup: Path, target: str | Path, *, replace: bool = False, progress: Told | None = None
) -> Restored:
    """Make a database from a backup; nothing that is there is written over.

    Parameters
    ----------
    backup
        A file that `scmine.database.backup.back_up` wrote, on a database of either kind.
    target
        The database to make: a path at which there is no file, or the URL of a PostgreSQL
        database that holds no rows of scmine.
    replace
        Where there is a file already, keep it under another name beside the new one.
    progress
        Is called as the rows are put back.

    Raises
    ------
    BackupError
        ``backup`` is damaged, of another program, or of a newer scmine.
    DatabaseError
        ``target`` holds something, is in use, or cannot be written.
    OSError
        ``backup`` cannot be read.
    """
    url = parse_target(target)
    with open_backup(backup) as opened:
        if url.get_backend_name() == "sqlite":
            path = Path(str(url.database))
            with clear_errors(str(path)):
                return _into_file(opened, path, replace, progress)
        if replace:
            raise DatabaseError(
                f"{describe(url)}: only a file can be kept under another name; make a new "
                "database on the server with createdb NAME, and name that"
            )
        with clear_errors(describe(url)):
            return _into_server(opened, url, progress)


def _into_file(backup: Backup, path: Path, replace: bool, progress: Told | None) -> Restored:
    if not path.parent.is_dir():
        raise DatabaseError(f"{path}: there is no folder {path.parent}; make it first")
    if path.exists() and not replace:
        raise DatabaseError(
            f"{path}: there is a file of this name, and nothing is written over; name a new one, "
            "or have the old one kept under another name with --replace"
        )
    partial = path.with_name(f".{path.name}.{secrets.token_hex(6)}.partial")
    try:
        # As a backup, the database may hold hashes of passwords: nobody but the owner reads it.
        os.close(os.open(partial, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        engine = connect(URL.create("sqlite", database=str(partial)), create=True)
        try:
            _load(engine, backup, progress)
        finally:
            engine.dispose()
        kept = _set_aside(path) if path.exists() else None
        _name(partial, path)
    finally:
        partial.unlink(missing_ok=True)
    return Restored(str(path), backup.manifest, kept)


def _name(partial: Path, path: Path) -> None:
    """Give a finished file its name, unless something has come to stand there meanwhile."""
    with partial.open("rb") as stream:
        os.fsync(stream.fileno())
    try:
        os.link(partial, path)
    except FileExistsError as error:
        raise DatabaseError(
            f"{path}: a file of this name has appeared meanwhile; name another"
        ) from error
    except OSError:  # a file system without links
        if path.exists():
            raise
        partial.rename(path)


def _set_aside(path: Path) -> Path:
    """Rename a database that nobody has open; return its new path."""
    with path.open("rb") as stream:
        start = stream.read(len(SQLITE_MAGIC))
    if start != SQLITE_MAGIC:
        raise DatabaseError(f"{path}: this file is not an SQLite database; name another")
    try:
        with closing(sqlite3.connect(path, timeout=1.0)) as connection:
            # Only who is alone with a file can leave WAL; it also brings all into the one file.
            connection.execute("PRAGMA journal_mode = DELETE").fetchall()
    except sqlite3.OperationalError as error:
        if "locked" not in str(error):
            raise
        raise DatabaseError(
            f"{path}: another program has it open; close that program and try again"
        ) from error
    stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%SZ")
    kept = path.with_name(f"{path.stem}.before-restore-{stamp}{path.suffix}")
    if kept.exists():
        raise DatabaseError(f"{kept}: there is a file of this name; try again in a second")
    path.rename(kept)
    return kept


def _into_server(backup: Backup, url: URL, progress: Told | None) -> Restored:
    engine = connect(url, create=True)
    try:
        _load(engine, backup, progress)
    finally:
        engine.dispose()
    return Restored(describe(url), backup.manifest)


def _load(engine: Engine, backup: Backup, progress: Told | None) -> None:
    """Make the tables of the backup's time, put the rows in, and run the steps since."""
    with engine.execution_options(writes=True).begin() as connection:
        if connection.dialect.name == "postgresql":
            lock = text("SELECT pg_advisory_xact_lock(:number)")
            connection.execute(lock, {"number": POSTGRESQL_LOCK})
        _check_empty(connection, describe(engine.url), backup.manifest.schema)
        run_steps(connection, backup.manifest.schema)
        tables = check_tables(connection, backup)
        put_back(connection, backup, tables, progress)
        run_steps(connection)
        refresh(connection)


def _check_empty(connection: Connection, where: str, schema: str) -> None:
    """Raise a ``DatabaseError`` if the database holds rows, or tables of another schema."""
    there = revision_of(connection, where)
    if there is None:
        return
    tables = [t for name, t in Base.metadata.tables.items() if name not in LEFT_OUT]
    if there != schema or any(connection.execute(select(t).limit(1)).first() for t in tables):
        raise BackupError(
            f"{where}: this database is not empty, and nothing is written over; make a new one "
            "with createdb NAME, and name that"
        )
