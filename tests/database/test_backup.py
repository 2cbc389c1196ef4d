"""Backups: what comes back is what was there, and nothing is lost on the way to it."""

from __future__ import annotations

import json
import stat
import subprocess
import sys
import threading
import time
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import (
    JSON,
    Column,
    Connection,
    DateTime,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    create_engine,
    insert,
    inspect,
    select,
    text,
)

from scmine.database import restore_rows
from scmine.database.backup import back_up, backed_up_tables
from scmine.database.backup_format import (
    LEFT_OUT,
    MANIFEST,
    BackupError,
    decoders,
    line_of,
)
from scmine.database.connect import connect, parse_target
from scmine.database.errors import DatabaseError
from scmine.database.migrations import VERSION_TABLE
from scmine.database.models import Base
from scmine.database.record import Record
from scmine.database.restore import restore
from scmine.database.results import DocumentResult
from scmine.database.store import open_database
from tests.database.backups import changed_manifest, fill


@pytest.fixture
def filled(target: str, make_result: Callable[..., DocumentResult]) -> str:
    """A database with rows in it, on each kind of database in turn."""
    with open_database(target) as database:
        fill(database, make_result)
    return target


def parts_of(path: Path) -> dict[str, bytes]:
    """What an archive holds, its manifest without the time."""
    with zipfile.ZipFile(path) as archive:
        held = {name: archive.read(name) for name in archive.namelist()}
    manifest = json.loads(held.pop(MANIFEST))
    del manifest["made"]
    return held | {MANIFEST: json.dumps(manifest).encode()}


def test_what_comes_back_is_what_was_there(filled: str, tmp_path: Path):
    with open_database(filled) as database:
        before = [record.to_row() for record in database.records()]
        manifest = back_up(database, tmp_path / "a.zip")
    done = restore(tmp_path / "a.zip", tmp_path / "new.db")
    assert (done.manifest, done.kept) == (manifest, None)
    with open_database(tmp_path / "new.db") as database:
        assert [record.to_row() for record in database.records()] == before
        assert len(list(database.structures())) == 4
        assert [run.counts for run in database.runs()] == [{"done": 2}]
        back_up(database, tmp_path / "b.zip")
    assert parts_of(tmp_path / "a.zip") == parts_of(tmp_path / "b.zip")


@pytest.mark.postgresql
def test_a_file_goes_to_a_server_and_new_rows_get_new_ids(
    backup: Path, postgresql_url: str, make_result: Callable[..., DocumentResult]
):
    restore(backup, postgresql_url)
    with open_database(postgresql_url) as database:
        back_up(database, backup.with_name("b.zip"))
        assert parts_of(backup) == parts_of(backup.with_name("b.zip"))
        assert database.start_run("p2") == 2
        database.save_document(2, make_result("c"))
        assert database.counts().documents == {"done": 3}
    with pytest.raises(DatabaseError, match="not empty, and nothing is written over"):
        restore(backup, postgresql_url)
    with pytest.raises(DatabaseError, match="createdb"):
        restore(backup, postgresql_url, replace=True)


@pytest.mark.postgresql
def test_a_server_that_refuses_a_backup_is_left_empty(backup: Path, postgresql_url: str):
    spoilt = changed_manifest(backup, lambda m: m["tables"][-1].update(sha256="0" * 64))
    with pytest.raises(BackupError, match="SHA-256 differs"):
        restore(spoilt, postgresql_url)
    engine = create_engine(postgresql_url)
    assert inspect(engine).get_table_names() == []
    engine.dispose()
    restore(backup, postgresql_url)


def test_all_tables_but_sessions_are_backed_up(tmp_path: Path):
    open_database(tmp_path / "x.db").close()
    engine = create_engine(f"sqlite:///{tmp_path / 'x.db'}")
    there = set(inspect(engine).get_table_names())
    engine.dispose()
    known = {table.name for table in backed_up_tables()} | LEFT_OUT | {VERSION_TABLE}
    # Search indexes are virtual tables of SQLite, with tables of their own behind them.
    assert {name for name in there - known if "fts" not in name and "search" not in name} == set()


def a_row(connection: Connection, table: Table) -> dict[str, Any]:
    """A row that fits a table, whatever its columns are."""
    values: dict[type, Any] = {str: "x", int: 1, float: 0.1, bool: True, bytes: b"\x00\xff"}
    row: dict[str, Any] = {}
    for column in table.c:
        # JSON and our own type of times name no type of Python.
        other = {"a": ["b", None]} if isinstance(column.type, JSON) else datetime.now(UTC)
        row[column.name] = values.get(column.type.python_type, other)
        for key in column.foreign_keys:
            row[column.name] = connection.scalar(select(key.column).limit(1))
    return row


@pytest.mark.postgresql
def test_every_table_goes_from_a_file_to_a_server_and_back(
    backup: Path, tmp_path: Path, postgresql_url: str
):
    """Also those that no pipeline writes, and those that will be added."""
    engine = connect(parse_target(tmp_path / "first.db"), create=False)
    with engine.execution_options(writes=True).begin() as connection:
        for table in backed_up_tables():
            if connection.execute(select(table).limit(1)).first() is None:
                connection.execute(insert(table), a_row(connection, table))
    engine.dispose()
    with open_database(tmp_path / "first.db") as database:
        manifest = back_up(database, backup)
    assert [part.table for part in manifest.parts if not part.rows] == []
    restore(backup, postgresql_url)
    with open_database(postgresql_url) as database:
        back_up(database, tmp_path / "second.zip")
    restore(tmp_path / "second.zip", tmp_path / "third.db")
    with open_database(tmp_path / "third.db") as database:
        back_up(database, tmp_path / "third.zip")
    assert parts_of(backup) == parts_of(tmp_path / "second.zip")
    assert parts_of(backup) == parts_of(tmp_path / "third.zip")


def test_only_the_owner_reads_a_backup_and_what_is_restored(backup: Path):
    assert stat.S_IMODE(backup.stat().st_mode) == 0o600
    restore(backup, backup.with_name("new.db"))
    assert stat.S_IMODE(backup.with_name("new.db").stat().st_mode) == 0o600


def test_a_backup_is_one_moment_of_a_database_in_use(
    target: str, tmp_path: Path, make_result: Callable[..., DocumentResult]
):
    """Documents go on being saved whole, each with two records; a backup never has half of one."""
    with open_database(target) as database:
        run = database.start_run("p1")
        stop = threading.Event()

        def write() -> None:
            with open_database(target) as own:
                number = 0
                while not stop.is_set():
                    own.save_document(run, make_result(f"d{number}"))
                    number += 1

        writer = threading.Thread(target=write)
        writer.start()
        try:
            counts = []
            for number in range(5):
                time.sleep(0.05)
                manifest = back_up(database, tmp_path / f"{number}.zip")
                rows = {part.table: part.rows for part in manifest.parts}
                assert rows["records"] == rows["passages"] == 2 * rows["documents"]
                counts.append(rows["documents"])
        finally:
            stop.set()
            writer.join()
    assert counts[-1] > counts[0]
    restore(tmp_path / "4.zip", tmp_path / "new.db")


def test_nothing_is_written_over(backup: Path):
    first = backup.with_name("first.db")
    before = first.read_bytes()
    with pytest.raises(DatabaseError, match="nothing is written over"):
        restore(backup, first)
    assert first.read_bytes() == before
    done = restore(backup, first, replace=True)
    assert done.kept is not None
    for path in (first, done.kept):
        with open_database(path, create=False) as database:
            assert database.counts().documents == {"done": 2}


def test_a_database_that_is_open_is_not_set_aside(backup: Path):
    first = backup.with_name("first.db")
    with open_database(first) as database:
        rows = database.records()
        next(rows)
        with pytest.raises(DatabaseError, match="another program has it open"):
            restore(backup, first, replace=True)
        rows.close()
        assert database.counts().documents == {"done": 2}
    assert not list(backup.parent.glob(".*"))


@pytest.mark.parametrize("name", ["notes.txt", "other.db", "gone/new.db"])
def test_places_that_cannot_be_set_aside(backup: Path, name: str):
    path = backup.parent / name
    if path.parent.is_dir():
        path.write_text("notes")
    with pytest.raises(DatabaseError, match=r"not an SQLite database|there is no folder"):
        restore(backup, path, replace=True)
    assert not path.exists() or path.read_text() == "notes"


KILLED = """
import os, sys
from pathlib import Path
from scmine.database.restore import restore
restore(Path(sys.argv[1]), sys.argv[2], progress=lambda done, total: os.kill(os.getpid(), 9))
"""


def test_a_killed_restore_leaves_no_half_database(backup: Path):
    new = backup.with_name("new.db")
    ended = subprocess.run([sys.executable, "-c", KILLED, str(backup), str(new)], check=False)
    assert ended.returncode == -9
    assert not new.exists()
    restore(backup, new)
    with open_database(new, create=False) as database:
        assert database.counts().documents == {"done": 2}


def test_a_backup_of_an_older_schema_is_brought_to_todays_tables(tmp_path: Path):
    """Tables as the fourth step left them, with a record that the later steps complete."""
    from datetime import timedelta

    from scmine.database.backup_format import Manifest, Part, file_of
    from scmine.database.schema import run_steps

    engine = connect(parse_target(tmp_path / "old.db"), create=True)
    metadata = MetaData()
    with engine.execution_options(writes=True).begin() as connection:
        run_steps(connection, "0004")
        metadata.reflect(connection)
    tables = {n: t for n, t in metadata.tables.items() if n in Base.metadata.tables}
    engine.dispose()
    record = Record(record_id="r", doc_id="d", raw_material="MgB2", tc_K=39.0).to_row()
    now = datetime.now(UTC) - timedelta(days=400)
    rows: dict[str, dict[str, Any]] = {
        "runs": {"id": 1, "started": now, "finished": None, "scmine_version": "0.0"}
        | {"pipeline_version": "p0", "options": {}, "counts": {}, "state": "running"},
        "documents": {"doc_id": "d", "path": "/d.pdf", "reader": "pdf", "authors": []}
        | {"page_count": 1, "status": "done", "reason": "", "warnings": []}
        | {"pipeline_version": "p0", "run_id": 1, "seconds": 1.0, "steps": {}},
        "records": record | {"position": 0},
    }
    parts = []
    with zipfile.ZipFile(tmp_path / "old.zip", "w") as archive:
        for table in metadata.sorted_tables:
            if table.name not in tables:
                continue
            columns = tuple(column.name for column in table.c)
            given = rows.get(table.name)
            line = b"" if given is None else line_of({c: given.get(c) for c in columns})
            archive.writestr(file_of(table.name), line)
            import hashlib

            digest = hashlib.sha256(line).hexdigest()
            number = int(bool(line))
            name = table.name
            parts.append(Part(name, file_of(name), columns, number, len(line), digest))
        manifest = Manifest(schema="0004", scmine_version="0.0", made=now, parts=tuple(parts))
        archive.writestr(MANIFEST, manifest.to_json())
    restore(tmp_path / "old.zip", tmp_path / "new.db")
    with open_database(tmp_path / "new.db", create=False) as database:
        [back] = database.records()
        back_up(database, tmp_path / "again.zip")
    assert (back.tc_K, back.path) == (39.0, "/d.pdf")


def test_bytes_and_times_go_through_json_and_back():
    table = Table(
        "t",
        MetaData(),
        Column("id", Integer, primary_key=True),
        Column("when", DateTime(timezone=True)),
        Column("what", LargeBinary),
        Column("list", JSON),
    )
    row = {"id": 1, "when": datetime.now(UTC), "what": bytes(range(256)), "list": [1.1, None]}
    back = json.loads(line_of(row))
    for name, decode in decoders(table).items():
        assert decode(None) is None
        back[name] = decode(back[name])
    assert back == row
    with pytest.raises(TypeError, match="cannot hold set"):
        line_of({"x": {1}})


def test_unknown_values_stay_null(filled: str, tmp_path: Path):
    """A column of JSON that holds NULL has no JSON null afterwards."""
    with open_database(filled) as database:
        back_up(database, tmp_path / "a.zip")
    restore(tmp_path / "a.zip", tmp_path / "new.db")
    engine = create_engine(f"sqlite:///{tmp_path / 'new.db'}")
    with engine.connect() as connection:
        query = "SELECT count(*) FROM structures WHERE structure IS NULL"
        assert connection.scalar(text(query)) == 2
    engine.dispose()


def test_many_rows_are_put_back_in_batches(
    tmp_path: Path, make_result: Callable[..., DocumentResult], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(restore_rows, "INSERT_BATCH", 7)
    with open_database(tmp_path / "first.db") as database:
        database.start_run("p1")
        database.save_document(1, make_result(claims=100))
        back_up(database, tmp_path / "a.zip")
    told: list[tuple[int, int]] = []
    restore(tmp_path / "a.zip", tmp_path / "new.db", progress=lambda *p: told.append(p))
    assert told[-1] == (202, 202)
    assert told == sorted(told)
    with open_database(tmp_path / "new.db") as database:
        assert database.counts().records == {"new": 100}
    engine = create_engine(f"sqlite:///{tmp_path / 'new.db'}")
    with engine.begin() as connection:
        assert connection.execute(text("PRAGMA foreign_key_check")).all() == []
    engine.dispose()
