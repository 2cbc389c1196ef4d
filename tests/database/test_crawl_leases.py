"""One crawl of a source at a time: who holds the lease, and when others may take it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import insert, select, update

from scmine.database.crawl_leases import (
    LEASES,
    Holder,
    Lease,
    LeaseHeldError,
    LeaseLostError,
)
from scmine.database.store import Database

HOLD = """
import sys
from scmine.database.crawl_leases import Lease
from scmine.database.store import open_database
with open_database(sys.argv[1]) as database, Lease(database, "arxiv"):
    print("held", flush=True)
    sys.stdin.read()
"""


def holder(database: Database) -> str:
    with database.reading() as connection:
        return str(connection.scalar(select(LEASES.c.holder)))


def put(database: Database, **values: object) -> None:
    with database.writing() as connection:
        changed = connection.execute(update(LEASES).values(**values)).rowcount
        if not changed:
            connection.execute(insert(LEASES).values(source="arxiv", **values))


@pytest.fixture
def other(target: str, database: Database) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, target],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "held\n"
    yield process
    process.kill()
    process.communicate()


def test_a_second_crawl_is_told_who_runs(database: Database, other: subprocess.Popen[str]) -> None:
    with (
        pytest.raises(LeaseHeldError, match=rf"process {other.pid} on .*--wait"),
        Lease(database, "arxiv"),
    ):
        raise AssertionError("it was taken")
    with Lease(database, "folder"):  # another source is free
        pass
    other.communicate("")
    with Lease(database, "arxiv"):
        pass


def test_the_lease_of_a_killed_process_is_free(
    database: Database, other: subprocess.Popen[str]
) -> None:
    os.kill(other.pid, signal.SIGKILL)
    other.wait()
    with Lease(database, "arxiv"):
        assert holder(database).split()[2] == str(os.getpid())


@pytest.mark.parametrize("days", [-400, 400])
def test_a_clock_that_jumps_takes_no_lease_from_a_living_process(
    database: Database, other: subprocess.Popen[str], days: int
) -> None:
    put(database, until=datetime.now(UTC) + timedelta(days))
    with pytest.raises(LeaseHeldError), Lease(database, "arxiv"):
        raise AssertionError("it was taken")
    os.kill(other.pid, signal.SIGKILL)
    other.wait()
    with Lease(database, "arxiv"):
        pass


def test_a_number_that_another_process_has_now_is_not_the_holder(database: Database) -> None:
    gone = replace(Holder.this(), started=1)
    put(database, holder=str(gone), until=datetime.now(UTC) + timedelta(hours=1))
    with Lease(database, "arxiv"):
        pass


def test_a_lease_of_another_machine_runs_out(database: Database) -> None:
    far = replace(Holder.this(), machine="elsewhere", host="node7")
    put(database, holder=str(far), until=datetime.now(UTC) + timedelta(minutes=1))
    with pytest.raises(LeaseHeldError, match="on node7"), Lease(database, "arxiv"):
        raise AssertionError("it was taken")
    put(database, until=datetime.now(UTC) - timedelta(seconds=1))
    with Lease(database, "arxiv"):
        pass


def test_waiting_takes_the_lease_when_it_is_given_back(
    database: Database, other: subprocess.Popen[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("scmine.database.crawl_leases.LOOK_S", 0.01)
    told: list[str] = []

    def end(message: str) -> None:
        told.append(message)
        other.communicate("")

    with Lease(database, "arxiv", wait=True, waiting=end):
        assert len(told) == 1


def test_who_has_lost_the_lease_is_told(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("scmine.database.crawl_leases.RENEW_S", 0.01)
    with Lease(database, "arxiv") as lease:
        lease.check()
        put(database, holder="somebody else")
        lease._thread.join(timeout=60)
        with pytest.raises(LeaseLostError):
            lease.check()
    assert holder(database) == "somebody else"  # and is not taken from them at the end
