"""Opening: what can hold a database, and what is said about what cannot."""

from __future__ import annotations

import os
import shutil
import sqlite3
import stat
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from scmine.database.connect import describe, parse_target
from scmine.database.results import DocumentResult
from scmine.database.store import DatabaseError, open_database

MakeResult = Callable[..., DocumentResult]
NOBODY = 65534


def test_a_file_is_made_in_wal_mode_with_foreign_keys(tmp_path: Path):
    file = tmp_path / "with space & 100%?#.db"
    with open_database(file) as database, database.reading() as connection:
        settings = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "foreign_keys", "synchronous", "busy_timeout")
        }
    assert settings == {
        "journal_mode": "wal",
        "foreign_keys": 1,
        "synchronous": 1,
        "busy_timeout": 60_000,
    }
    # Once closed, the file alone is the database.
    assert [p.name for p in tmp_path.iterdir()] == [file.name]


def test_path_string_and_url_name_the_same_file(tmp_path: Path, make_result: MakeResult):
    file = tmp_path / "a.db"
    with open_database(file) as database:
        database.save_document(database.start_run("p1"), make_result())
    for target in (str(file), f"sqlite:///{file}"):
        with open_database(target, create=False) as database:
            assert database.counts().records == {"new": 2}


def test_an_empty_file_becomes_a_database(tmp_path: Path):
    (tmp_path / "a.db").touch()
    with open_database(tmp_path / "a.db") as database:
        assert database.counts().runs == 0


def test_a_folder_is_no_database(tmp_path: Path):
    with pytest.raises(DatabaseError, match=r"this is a folder; name a file in it"):
        open_database(tmp_path)


def test_a_missing_folder_is_named(tmp_path: Path):
    with pytest.raises(DatabaseError, match=r"there is no folder .*/missing; make it first"):
        open_database(tmp_path / "missing" / "a.db")
    assert list(tmp_path.iterdir()) == []


def test_a_reader_makes_no_database(tmp_path: Path):
    with pytest.raises(DatabaseError, match="no such database"):
        open_database(tmp_path / "a.db", create=False)
    assert list(tmp_path.iterdir()) == []


def test_a_pipe_is_no_database(tmp_path: Path):
    os.mkfifo(tmp_path / "a.db")
    with pytest.raises(DatabaseError, match="no regular file"):
        open_database(tmp_path / "a.db")


@pytest.mark.parametrize("content", [b"%PDF-1.4 and so on", b"x", b"\x00" * 4096])
def test_another_file_is_left_as_it_is(tmp_path: Path, content: bytes):
    file = tmp_path / "a.db"
    file.write_bytes(content)
    with pytest.raises(DatabaseError, match="not an SQLite database; name another"):
        open_database(file)
    assert file.read_bytes() == content


def test_a_file_that_only_begins_as_a_database(tmp_path: Path):
    file = tmp_path / "a.db"
    file.write_bytes(b"SQLite format 3\x00" + b"\xff" * 8000)
    with pytest.raises(DatabaseError, match=r"a\.db: .*(not an SQLite database|damaged)"):
        open_database(file)


def test_a_damaged_file_is_an_error_that_says_so(tmp_path: Path, make_result: MakeResult):
    file = tmp_path / "a.db"
    with open_database(file) as database:
        run = database.start_run("p1")
        for i in range(20):
            database.save_document(run, make_result(f"d{i}", claims=20))
    size = file.stat().st_size
    with file.open("r+b") as stream:
        stream.truncate(size // 2)

    def read() -> None:
        with open_database(file) as database:
            list(database.records())

    with pytest.raises(DatabaseError, match=r"a\.db: .*damaged; restore a copy"):
        read()


def test_a_database_of_another_program_is_left_as_it_is(tmp_path: Path):
    file = tmp_path / "a.db"
    connection = sqlite3.connect(file)
    connection.execute("CREATE TABLE bookmarks (url TEXT)")
    connection.close()
    before = file.read_bytes()
    with pytest.raises(DatabaseError, match=r"another program \(it has a table bookmarks\)"):
        open_database(file)
    assert file.read_bytes() == before


@pytest.fixture
def plain_user_folder() -> Iterator[Path]:
    """A folder, and for the time of the test no rights that override its permissions."""
    folder = Path(tempfile.mkdtemp())
    was_root = os.geteuid() == 0
    yield folder
    if was_root:
        os.seteuid(0)
    folder.chmod(stat.S_IRWXU)
    shutil.rmtree(folder)


def lock(folder: Path, file_mode: int = 0o444) -> None:
    """Make ``folder`` and what is in it read-only, for root too by no longer being root."""
    for file in folder.iterdir():
        file.chmod(file_mode)
    folder.chmod(0o555)
    if os.geteuid() == 0:
        os.seteuid(NOBODY)


def test_a_folder_without_write_permission(plain_user_folder: Path):
    lock(plain_user_folder)
    with pytest.raises(DatabaseError, match="check that the file and its folder can be written"):
        open_database(plain_user_folder / "a.db")


def test_a_database_without_write_permission(plain_user_folder: Path):
    open_database(plain_user_folder / "a.db").close()
    lock(plain_user_folder)
    with pytest.raises(DatabaseError, match="may be read-only; copy it to another place"):
        open_database(plain_user_folder / "a.db")


def test_a_database_without_read_permission(plain_user_folder: Path):
    open_database(plain_user_folder / "a.db").close()
    lock(plain_user_folder, file_mode=0)
    with pytest.raises(DatabaseError, match="check the permissions of the file"):
        open_database(plain_user_folder / "a.db")


@pytest.mark.parametrize("target", ["", ":memory:", "sqlite://", "sqlite:///:memory:"])
def test_memory_is_no_place(target: str):
    with pytest.raises(DatabaseError, match="needs a file"):
        open_database(target)


@pytest.mark.parametrize(
    "target", ["mysql://u:secret@h/d", "sqlite:///a.db?mode=ro", "postgresql+psycopg2://h/d"]
)
def test_other_databases_are_refused(target: str):
    with pytest.raises(DatabaseError, match="are not supported") as caught:
        open_database(target)
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize("target", ["://", "postgresql://u:secret@h:port/d"])
def test_a_url_that_cannot_be_read(target: str):
    with pytest.raises(DatabaseError, match="URL cannot be read") as caught:
        open_database(target)
    assert "secret" not in str(caught.value)


def test_a_password_is_never_shown():
    assert describe(parse_target("postgres://u:secret@h/d")) == "postgresql+psycopg://u:***@h/d"


@pytest.mark.postgresql
def test_no_server_there():
    pytest.importorskip("psycopg")
    with pytest.raises(DatabaseError, match="start the server") as caught:
        open_database("postgresql://u:secret@127.0.0.1:1/d")
    assert "secret" not in str(caught.value)


@pytest.mark.postgresql
def test_no_such_database_on_the_server(postgresql_url: str):
    url = parse_target(postgresql_url).set(database="scmine_is_not_here")
    with pytest.raises(DatabaseError, match="make it first: createdb"):
        open_database(url.render_as_string(hide_password=False))


def test_without_the_driver_the_message_says_what_to_install():
    # In a process of its own: a module cannot be unloaded.
    code = """
import sys
sys.modules["psycopg"] = None
from scmine.database.store import DatabaseError, open_database
try:
    open_database("postgresql://h/d")
except DatabaseError as error:
    print(error)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "pip install 'scmine[postgresql]'" in done.stdout
