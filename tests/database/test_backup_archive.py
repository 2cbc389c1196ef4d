"""Backups that are damaged, cut, of another program or hostile: none makes a database."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scmine.database.backup import back_up
from scmine.database.backup_format import (
    MANIFEST,
    BackupError,
)
from scmine.database.errors import DatabaseError
from scmine.database.restore import restore
from scmine.database.results import RunState
from scmine.database.store import open_database
from tests.database.backups import changed_manifest, rewritten


@pytest.mark.parametrize("kept", [0.1, 0.5, 0.9, 0.999])
def test_a_part_of_a_backup_is_refused(backup: Path, kept: float):
    content = backup.read_bytes()
    backup.write_bytes(content[: int(len(content) * kept)])
    with pytest.raises(BackupError, match="no backup of scmine, or only a part of one"):
        restore(backup, backup.with_name("new.db"))
    assert not backup.with_name("new.db").exists()


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A backup of one run and nothing else."""
    folder = tmp_path_factory.mktemp("small")
    with open_database(folder / "first.db") as database:
        database.finish_run(database.start_run("p1"), RunState.FINISHED, {"done": 1})
        back_up(database, folder / "a.zip")
    return folder / "a.zip"


@settings(max_examples=80, deadline=None)
@given(where=st.floats(0, 1, exclude_max=True), mask=st.integers(1, 255))
def test_a_changed_byte_is_seen_or_harmless(small: Path, where: float, mask: int):
    content = bytearray(small.read_bytes())
    content[int(where * len(content))] ^= mask
    changed, new = small.with_name("changed.zip"), small.with_name("new.db")
    changed.write_bytes(content)
    new.unlink(missing_ok=True)
    try:
        restore(changed, new)
    except DatabaseError:
        assert not new.exists()
        return
    # The byte was one that says nothing, such as a time in the archive's own list.
    with open_database(small.with_name("first.db")) as one, open_database(new) as other:
        assert one.runs() == other.runs()


def test_files_of_other_programs_are_refused(tmp_path: Path):
    with zipfile.ZipFile(tmp_path / "other.zip", "w") as archive:
        archive.writestr("word/document.xml", "<x/>")
    (tmp_path / "text.zip").write_text("no archive")
    with zipfile.ZipFile(tmp_path / "alike.zip", "w") as archive:
        archive.writestr(MANIFEST, '{"format": "other"}')
    for name in ("other.zip", "text.zip", "alike.zip"):
        with pytest.raises(BackupError, match="no backup of scmine"):
            restore(tmp_path / name, tmp_path / "new.db")
    with pytest.raises(OSError, match=r"gone\.zip"):
        restore(tmp_path / "gone.zip", tmp_path / "new.db")
    with pytest.raises(IsADirectoryError, match="this is a folder"):
        restore(tmp_path, tmp_path / "new.db")


def _claim(**values: Any) -> Callable[[dict[str, Any]], None]:
    return lambda manifest: manifest["tables"][0].update(values)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda m: m.update(schema="9999"), "of a newer scmine"),
        (lambda m: m.update(format_version=2), "of a newer scmine"),
        (lambda m: m.update(tables=None), "damaged"),
        (lambda m: m.update(made="yesterday"), "damaged"),
        (lambda m: m["tables"].pop(), "not what its manifest names"),
        (lambda m: m["tables"].append(m["tables"][0]), "not what its manifest names"),
        (_claim(sha256="0" * 64), "SHA-256 differs"),
        (_claim(rows=3), "SHA-256 differs"),
        (_claim(rows=-1), "damaged"),
        (_claim(bytes=3), "the manifest says 3"),
        (_claim(file="../../etc/passwd"), "damaged"),
        (_claim(table="evil", file="tables/evil.jsonl"), "not what its manifest names"),
        (_claim(columns=["id"]), "columns of .* are not those of the schema"),
    ],
)
def test_a_manifest_that_does_not_fit_is_refused(
    backup: Path, change: Callable[[dict[str, Any]], None], message: str
):
    with pytest.raises(BackupError, match=message):
        restore(changed_manifest(backup, change), backup.with_name("new.db"))
    assert not backup.with_name("new.db").exists()
    assert not list(backup.parent.glob("*.partial"))


def test_a_table_that_no_schema_has_is_refused(backup: Path):
    def add(manifest: dict[str, Any]) -> None:
        entry = {"table": "evil", "file": "tables/evil.jsonl", "columns": ["id"], "rows": 0}
        manifest["tables"].append({**entry, "bytes": 0, "sha256": ""})

    changed = changed_manifest(backup, add)
    with zipfile.ZipFile(changed, "a") as archive:
        archive.writestr("tables/evil.jsonl", "")
    with pytest.raises(BackupError, match=r"tables are not those of its schema .*: evil"):
        restore(changed, backup.with_name("new.db"))


def test_a_bomb_is_not_unpacked(tmp_path: Path, backup: Path):
    def grow(manifest: dict[str, Any]) -> None:
        [records] = [t for t in manifest["tables"] if t["table"] == "records"]
        records["bytes"] = 2**27

    changed = changed_manifest(backup, grow)
    bomb = tmp_path / "bomb.zip"
    with (
        zipfile.ZipFile(changed) as archive,
        zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as copy,
    ):
        for name in archive.namelist():
            content = bytes(2**27) if name == "tables/records.jsonl" else archive.read(name)
            copy.writestr(name, content)
    with pytest.raises(BackupError, match=r"would grow from .* it is not unpacked"):
        restore(bomb, tmp_path / "new.db")


@pytest.mark.parametrize(
    "line", [b"no JSON\n", b"[1]\n", b'{"id": 1}\n', b"\xff\n", b"[" * 9000 + b"\n"]
)
def test_rows_that_cannot_be_read_are_refused(backup: Path, line: bytes):
    spoilt = rewritten(backup, {"tables/runs.jsonl": lambda _: line})
    fitting = changed_manifest(
        spoilt,
        lambda m: [t.update(bytes=len(line)) for t in m["tables"] if t["table"] == "runs"],
    )
    with pytest.raises(BackupError, match=r"tables/runs\.jsonl, row 1"):
        restore(fitting, backup.with_name("new.db"))


def test_rows_that_break_a_rule_of_the_tables_are_refused(backup: Path):
    """The records of a document that is not there."""
    import hashlib

    def none(manifest: dict[str, Any]) -> None:
        [part] = [t for t in manifest["tables"] if t["table"] == "documents"]
        part.update(rows=0, bytes=0, sha256=hashlib.sha256(b"").hexdigest())

    spoilt = rewritten(backup, {"tables/documents.jsonl": lambda _: b""})
    with pytest.raises(DatabaseError, match=r"(?i)foreign key|does not fit its table"):
        restore(changed_manifest(spoilt, none), backup.with_name("new.db"))
    assert not backup.with_name("new.db").exists()
