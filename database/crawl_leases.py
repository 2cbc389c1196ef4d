"""Leases: one crawl of a source at a time on one database, wherever its processes run.

A holder renews its lease while it lives. Others take it over when its process is dead, which on one
machine can be seen, or when it was not renewed for a while; clocks are asked only of holders on
other machines.
"""

from __future__ import annotations

import os
import secrets
import socket
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import Self

from sqlalchemy import Connection, Table, delete, select, update
from sqlalchemy.dialects import postgresql, sqlite

from scmine.database.crawl_models import CrawlLeaseModel
from scmine.database.errors import DatabaseError
from scmine.database.store import Database

LEASES: Table = CrawlLeaseModel.metadata.tables[CrawlLeaseModel.__tablename__]

LEASE_S = 300.0
"""How long a lease holds that is not renewed."""
RENEW_S = 60.0
"""How often a lease is renewed."""
LOOK_S = 5.0
"""How often one who waits for a lease looks."""

_BOOT_ID = Path("/proc/sys/kernel/random/boot_id")
_PROC = Path("/proc")
_PID_NAMESPACE = Path("/proc/self/ns/pid")


class LeaseHeldError(DatabaseError):
    """Another crawl of the source runs on this database; the message says who."""


class LeaseLostError(DatabaseError):
    """Another crawl has taken the lease over; this one must write nothing more."""


@dataclass(frozen=True, slots=True)
class Holder:
    """A process that may hold a lease.

    ``machine`` names the host, its start and the namespace of its processes: two processes with
    the same one can see each other. ``started`` is when the process began, in the kernel's ticks
    since the machine was started, which no clock moves; 0 where the kernel does not say.
    """

    host: str
    machine: str
    pid: int
    started: int
    token: str

    @classmethod
    def this(cls) -> Self:
        """This process, with a token that no other has."""
        return cls(
            host=_plain(socket.gethostname()),
            machine=_machine(),
            pid=os.getpid(),
            started=_started(os.getpid()) or 0,
            token=secrets.token_hex(4),
        )

    def __str__(self) -> str:
        return f"{self.host} {self.machine} {self.pid} {self.started} {self.token}"

    @classmethod
    def read(cls, text: str) -> Self | None:
        """The holder that a lease names; None if it is not as `__str__` writes it.

        >>> holder = Holder("lab", "b-1", 7, 15, "ab")
        >>> Holder.read(str(holder)) == holder, Holder.read("somebody")
        (True, None)
        """
        with suppress(ValueError):
            host, machine, pid, started, token = text.split(" ")
            return cls(host, machine, int(pid), int(started), token)
        return None

    def is_dead(self) -> bool | None:
        """Whether the process has ended; None where that cannot be seen from here."""
        if self.machine != _machine():
            return None
        try:
            os.kill(self.pid, 0)
        except ProcessLookupError:
            return True
        except PermissionError:
            pass  # it is there, and another user's
        began = _started(self.pid)
        return began is not None and began != self.started


class Lease:
    """The right to crawl a source; use it in a ``with`` statement, which gives it back.

    Parameters
    ----------
    database
        The database.
    source
        What is crawled.
    wait
        Wait for another crawl to end, instead of raising.
    waiting
        Called once with who holds the lease, before waiting.

    Raises
    ------
    LeaseHeldError
        Another crawl holds it.
    """

    def __init__(
        self,
        database: Database,
        source: str,
        *,
        wait: bool = False,
        waiting: Callable[[str], None] | None = None,
    ) -> None:
        self._database = database
        self._source = source
        self._wait = wait
        self._waiting = waiting or (lambda message: None)
        self._holder = str(Holder.this())
        self._ended = threading.Event()
        self._lost = False
        self._thread = threading.Thread(target=self._renew, daemon=True, name="lease")

    def __enter__(self) -> Self:
        """Take the lease and keep it renewed by a thread."""
        first: tuple[str, datetime] | None = None
        since = time.monotonic()
        while (other := self._take(_stale(first, since))) is not None:
            if not self._wait:
                raise LeaseHeldError(_held(self._database.where, self._source, other))
            if other != first:
                if first is None or other[0] != first[0]:
                    self._waiting(_held(self._database.where, self._source, other))
                first, since = other, time.monotonic()
            time.sleep(LOOK_S)
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Give the lease back; where the database cannot be written, it runs out."""
        self._ended.set()
        self._thread.join()
        own = (LEASES.c.source == self._source) & (LEASES.c.holder == self._holder)
        with suppress(DatabaseError), self._database.writing() as connection:
            connection.execute(delete(LEASES).where(own))

    def check(self) -> None:
        """Raise `LeaseLostError` if another crawl has taken over."""
        if self._lost:
            raise LeaseLostError(
                f"{self._database.where}: another crawl of {self._source} has taken over; this "
                "one ends, and what it did is saved"
            )

    def _take(self, stale: tuple[str, datetime] | None) -> tuple[str, datetime] | None:
        """Take the lease if it is free; else who holds it, and until when.

        ``stale`` is a lease that was not renewed while it was watched.
        """
        now = datetime.now(UTC)
        with self._database.writing() as connection:
            _insert_free(connection, self._source)
            own = LEASES.c.source == self._source
            row = connection.execute(select(LEASES).where(own).with_for_update()).one()
            here = (row.holder, row.until)
            if here != stale and not _is_free(row.holder, row.until, now):
                return here
            values = {"holder": self._holder, "until": now + timedelta(seconds=LEASE_S)}
            connection.execute(update(LEASES).where(own).values(values))
        return None

    def _renew(self) -> None:
        """Renew until the end. A database that cannot be written now may be the next time."""
        own = (LEASES.c.source == self._source) & (LEASES.c.holder == self._holder)
        while not self._ended.wait(RENEW_S):
            until = datetime.now(UTC) + timedelta(seconds=LEASE_S)
            with suppress(DatabaseError), self._database.writing() as connection:
                done = connection.execute(update(LEASES).where(own).values(until=until))
                self._lost = done.rowcount == 0
            if self._lost:
                return


def _insert_free(connection: Connection, source: str) -> None:
    """Make the row of a lease that nobody holds, if there is none; so it can be locked."""
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    row = {"source": source, "holder": "", "until": datetime(1970, 1, 1, tzinfo=UTC)}
    connection.execute(dialect.insert(LEASES).values(**row).on_conflict_do_nothing())


def _is_free(holder: str, until: datetime, now: datetime) -> bool:
    """Whether nobody holds a lease any more."""
    if not holder:
        return True
    known = Holder.read(holder)
    dead = None if known is None else known.is_dead()
    return until <= now if dead is None else dead


def _stale(seen: tuple[str, datetime] | None, since: float) -> tuple[str, datetime] | None:
    """A lease that nobody has renewed for its whole time: a clock may have been wrong."""
    return seen if seen is not None and time.monotonic() - since > LEASE_S else None


def _held(where: str, source: str, lease: tuple[str, datetime]) -> str:
    holder = Holder.read(lease[0])
    who = lease[0] if holder is None else f"process {holder.pid} on {holder.host}"
    return (
        f"{where}: another crawl of {source} is running ({who}, renewed until "
        f"{lease[1]:%Y-%m-%d %H:%M:%S} UTC); wait for it to end, or use --wait"
    )


def _machine() -> str:
    """The start of this machine and the namespace of its processes, as one word."""
    with suppress(OSError):
        boot = _BOOT_ID.read_text(encoding="ascii").strip().replace("-", "")[:12]
        return f"{boot}-{_PID_NAMESPACE.readlink().name.strip('pid:[]')}"
    return _plain(socket.gethostname())


def _started(pid: int) -> int | None:
    """When a process began, in ticks since the machine was started; None if it is not known.

    Field 22 of ``/proc/PID/stat`` (man 5 proc_pid_stat); the name in field 2 may hold blanks and
    brackets. A process that has ended and was not waited for (state Z) is as one that has none.
    """
    try:
        fields = (_PROC / str(pid) / "stat").read_text(encoding="ascii", errors="replace")
    except OSError:
        return None
    rest = fields[fields.rindex(")") + 2 :].split()
    return -1 if rest[0] == "Z" else int(rest[19])


def _plain(name: str) -> str:
    return "".join(c for c in name if c.isalnum() or c in "-._") or "unnamed"
