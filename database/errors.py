"""The one error that users of the database meet, and how the drivers' errors become it.

What is checked before a driver is asked lives in ``scmine.database.connect``.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError, OperationalError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError


class DatabaseError(Exception):
    """The database cannot be opened, read or written; the message says what to do about it."""


class UnavailableError(DatabaseError):
    """The database cannot be reached now, or another program holds it; it may work later."""


ADVICE = (
    ("file is not a database", "it is not an SQLite database; give another file"),
    ("malformed", "the file is damaged; restore a copy, or start again with another file"),
    ("readonly database", "neither it nor its folder may be read-only; copy it to another place"),
    ("unable to open database file", "check that the file and its folder can be written"),
    ("Permission denied", "check the permissions of the file and its folder"),
    ("database is locked", "another program holds it; close that program and try again"),
    ("disk is full", "the disk is full; free some space and run the same command again"),
    ("disk I/O error", "the disk failed; check the disk, or use a local one"),
    ("password authentication failed", "the server refused the user or password of the URL"),
    ("Connection refused", "no server listens there; check host and port, and start the server"),
    ("could not translate host name", "the host is not known; check the URL's spelling"),
    ("failed to resolve host", "the host is not known; check the URL's spelling"),
    ("permission denied", "the user of the URL lacks a permission; ask for it or take another"),
    ('FATAL: role "', "the server does not know the user of the URL; check its spelling"),
    ('FATAL: database "', "the server has no such database; make it first: createdb NAME"),
)
"""What a driver's message contains (SQLite's C sources, libpq), and what to tell the user."""


def explain(error: BaseException) -> str:
    """What went wrong, in one line, with advice where the driver's message is a known one.

    >>> explain(ValueError("database is locked"))
    'database is locked: another program holds it; close that program and try again'
    """
    cause = error.orig if isinstance(error, DBAPIError) and error.orig is not None else error
    message = " ".join(str(cause).split())
    for fragment, advice in ADVICE:
        if fragment in message:
            return f"{message}: {advice}"
    return message


@contextmanager
def clear_errors(where: str) -> Iterator[None]:
    """Turn whatever SQLAlchemy or a driver raises into a ``DatabaseError`` that names ``where``."""
    try:
        yield
    except (OperationalError, PoolTimeoutError) as error:
        raise UnavailableError(f"{where}: {explain(error)}") from error
    # SQLAlchemy passes on sqlite3's OverflowError for an integer of more than 64 bits.
    except (SQLAlchemyError, sqlite3.Error, OverflowError, OSError) as error:
        raise DatabaseError(f"{where}: {explain(error)}") from error
