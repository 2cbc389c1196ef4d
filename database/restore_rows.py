"""The rows of a backup, put into the tables that a step of the schema has made.

The transaction around them is begun and ended in ``scmine.database.restore``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from itertools import islice
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Connection,
    Integer,
    MetaData,
    Table,
    func,
    insert,
    inspect,
    select,
    text,
)
from sqlalchemy.exc import IntegrityError, SQLAlchemyError

from scmine.database.backup_archive import Backup
from scmine.database.backup_format import LEFT_OUT, BackupError, Part, decoders
from scmine.database.models import Base

INSERT_BATCH = 1000
"""Rows written at a time."""

Told = Callable[[int, int], None]


def check_tables(connection: Connection, backup: Backup) -> Mapping[str, Table]:
    """The tables of the database that the backup has rows for, by name.

    Raises
    ------
    BackupError
        The backup names a table or a column that its schema has not, or lacks one that it has.
    """
    there = set(inspect(connection).get_table_names())
    ours = (there & set(Base.metadata.tables)) - LEFT_OUT
    named = {part.table for part in backup.manifest.parts}
    if named != ours:
        odd = sorted(named ^ ours)
        raise BackupError(
            f"{backup.path}: its tables are not those of its schema {backup.manifest.schema}: "
            f"{', '.join(odd[:5])}"
        )
    metadata = MetaData()
    metadata.reflect(connection, only=sorted(named))
    for part in backup.manifest.parts:
        table = metadata.tables[part.table]
        odd = sorted(set(part.columns) ^ {column.name for column in table.c})
        if odd:
            raise BackupError(
                f"{backup.path}: the columns of {part.table} are not those of the schema "
                f"{backup.manifest.schema}: {', '.join(odd[:5])}"
            )
        for column in table.c:
            if isinstance(column.type, JSON):
                # What is not known is NULL; a column that may not be NULL has JSON's null.
                column.type = JSON(none_as_null=bool(column.nullable))
    return metadata.tables


def put_back(
    connection: Connection,
    backup: Backup,
    tables: Mapping[str, Table],
    progress: Told | None,
) -> None:
    """Insert the rows of all parts, and let counters of ids go on behind them."""
    if connection.dialect.name == "sqlite":
        # A row may refer to one of its own table that comes later.
        connection.execute(text("PRAGMA defer_foreign_keys = ON"))
    done = 0
    for part in backup.manifest.parts:
        table = tables[part.table]
        for batch in _batches(backup, part, table):
            try:
                connection.execute(insert(table), batch)
            except (SQLAlchemyError, OverflowError) as error:
                cause = error.orig if isinstance(error, IntegrityError) else error
                raise BackupError(
                    f"{backup.path}: {part.file}: a row does not fit its table: {cause}"
                ) from error
            done += len(batch)
            if progress is not None:
                progress(done, backup.manifest.rows)
        if connection.dialect.name == "postgresql":
            _advance_counters(connection, table)


def _batches(backup: Backup, part: Part, table: Table) -> Iterator[list[dict[str, Any]]]:
    change = decoders(table)
    rows = backup.rows(part)
    while batch := list(islice(rows, INSERT_BATCH)):
        for row in batch:
            for name, decode in change.items():
                try:
                    row[name] = decode(row[name])
                except (TypeError, ValueError) as error:
                    raise BackupError(
                        f"{backup.path}: {part.file}: {name} cannot be read: {error}"
                    ) from error
        yield batch


def _advance_counters(connection: Connection, table: Table) -> None:
    """Let PostgreSQL give new rows ids above those that were put back."""
    for column in table.primary_key:
        if isinstance(column.type, Integer | BigInteger):
            name = connection.scalar(
                select(func.pg_get_serial_sequence(f'"{table.name}"', column.name))
            )
            if name is not None:
                highest = select(func.max(column)).scalar_subquery()
                connection.execute(
                    select(func.setval(name, func.coalesce(highest, 1), highest.is_not(None)))
                )
