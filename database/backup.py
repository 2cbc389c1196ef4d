"""Backing up a database of any kind to one file, while it is in use.

All tables that hold what cannot be made again; search indexes and the like come back on their own.
What the file looks like is told in ``scmine.database.backup_format``; putting it back lives in
``scmine.database.restore``.
"""

from __future__ import annotations

import hashlib
import os
import stat
import zipfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any, BinaryIO

from sqlalchemy import Column, ColumnElement, Connection, String, Table, func, select

from scmine.database.backup_format import (
    LEFT_OUT,
    MANIFEST,
    Manifest,
    Part,
    file_of,
    line_of,
)
from scmine.database.migrations import REVISIONS
from scmine.database.models import Base
from scmine.database.replacing import replacing
from scmine.database.store import READ_BATCH, Database

Told = Callable[[int, int], None]
"""Is called with the rows done so far and the rows there are."""

OWNER_ONLY = 0o600
"""A backup holds the hashes of passwords: nobody but its owner may read it."""


def backed_up_tables() -> list[Table]:
    """The tables of a backup, each behind those it refers to."""
    return [table for table in Base.metadata.sorted_tables if table.name not in LEFT_OUT]


def back_up(database: Database, out: Path, progress: Told | None = None) -> Manifest:
    """Write all that a database holds to one file, as it is at one moment.

    Others may read and write the database meanwhile; what they write after the start is not in
    the backup. The file appears, or is replaced, only once it is whole; its owner alone may read
    it. The same content gives the same parts on SQLite and on PostgreSQL.

    Raises
    ------
    DatabaseError
        The database cannot be read.
    OSError
        ``out`` cannot be written.
    """
    with replacing(out) as stream:
        if stat.S_ISREG(os.fstat(stream.fileno()).st_mode):
            os.fchmod(stream.fileno(), OWNER_ONLY)
        with database.reading() as connection:
            _hold_still(connection)
            return _write(connection, stream, progress)


def _hold_still(connection: Connection) -> None:
    """Let all queries of the connection see one state; SQLite's transactions do by themselves."""
    if connection.dialect.name == "postgresql":
        connection.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)


def _write(connection: Connection, stream: BinaryIO, progress: Told | None) -> Manifest:
    tables = backed_up_tables()
    total = sum(connection.scalar(select(func.count()).select_from(t)) or 0 for t in tables)
    done = 0

    def advance(rows: int) -> None:
        nonlocal done
        done += rows
        if progress is not None:
            progress(done, total)

    advance(0)
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        parts = tuple(_write_part(connection, table, archive, advance) for table in tables)
        manifest = Manifest(
            schema=REVISIONS[-1],
            scmine_version=version("scmine"),
            made=datetime.now(UTC),
            parts=parts,
        )
        archive.writestr(MANIFEST, manifest.to_json())
    return manifest


def _write_part(
    connection: Connection,
    table: Table,
    archive: zipfile.ZipFile,
    advance: Callable[[int], None],
) -> Part:
    digest = hashlib.sha256()
    rows = size = 0
    with archive.open(file_of(table.name), "w", force_zip64=True) as part:
        for batch in _batches(connection, table):
            for row in batch:
                line = line_of(row)
                digest.update(line)
                part.write(line)
                size += len(line)
            rows += len(batch)
            advance(len(batch))
    return Part(
        table=table.name,
        file=file_of(table.name),
        columns=tuple(column.name for column in table.c),
        rows=rows,
        bytes=size,
        sha256=digest.hexdigest(),
    )


def _batches(connection: Connection, table: Table) -> Iterator[list[dict[str, Any]]]:
    on_server = connection.dialect.name == "postgresql"
    keys = (_by_code_point(c) if on_server else c for c in table.primary_key)
    statement = select(table).order_by(*keys)
    options = {"yield_per": READ_BATCH}
    result = connection.execute(statement, execution_options=options)
    names = [column.name for column in table.c]
    for rows in result.partitions():
        yield [dict(zip(names, row, strict=True)) for row in rows]


def _by_code_point(column: Column[Any]) -> ColumnElement[Any]:
    """A key that every PostgreSQL server sorts as SQLite does, whatever its locale."""
    return column.collate("C") if isinstance(column.type, String) else column
