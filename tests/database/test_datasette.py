"""The file for Datasette, looked at by SQLite and served by Datasette itself."""

from __future__ import annotations

import importlib.util
import json
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
import requests

from scmine.database import datasette as made
from scmine.database.datasette import write_datasette
from scmine.database.record import Record

START_S = 60.0
"""How long Datasette may take to answer."""


def records_of(number: int) -> list[Record]:
    """Records of MgB2 and of a material with an awkward name, two of each paper."""
    shared = {"authors": ["A. One"], "composition": {"Mg": 1.0, "B": 2.0}, "tc_K": 39.0}
    return [
        Record(
            record_id=f"r{n}",
            doc_id=f"d{n // 2}",
            path=f"/{n // 2}.pdf",
            title=f"Paper {n // 2} on superconductors",
            raw_material="MgB2" if n % 2 else "YBa2Cu3O7-x <script>",
            superconducting=True,
            sentence=f"Sentence {n} of Müller.",
            **shared,
        )
        for n in range(number)
    ]


def test_tables_and_keys(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(made, "INSERT_BATCH", 3)
    done = write_datasette(records_of(10), tmp_path / "sc.db", license="CC-BY-4.0")
    assert (done.records, done.documents) == (10, 5)
    with closing(sqlite3.connect(done.file)) as connection:
        connection.row_factory = sqlite3.Row
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
        assert connection.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
        row = connection.execute("SELECT * FROM records WHERE record_id = 'r1'").fetchone()
        assert (row["tc_K"], row["superconducting"], row["formula"]) == (39.0, 1, None)
        assert json.loads(row["composition"]) == {"Mg": 1.0, "B": 2.0}
        query = "SELECT count(*) FROM records_fts WHERE records_fts MATCH ?"
        for words, number in (("MgB2", 5), ("muller", 10), ('"YBa2Cu3O7-x"', 5), ("lead", 0)):
            assert connection.execute(query, (words,)).fetchone()[0] == number
    metadata = json.loads(done.metadata.read_text(encoding="utf-8"))
    assert metadata["license"] == "CC-BY-4.0"
    tables = metadata["databases"]["sc"]["tables"]
    assert tables["records"]["columns"]["tc_K"].endswith("Unit: K")
    assert "title" in tables["documents"]["columns"]
    assert "title" not in tables["records"]["columns"]


def test_a_file_is_replaced_whole_or_not_at_all(tmp_path: Path):
    write_datasette(records_of(2), tmp_path / "sc.db")
    before = (tmp_path / "sc.db").read_bytes()

    def broken() -> Iterator[Record]:
        yield from records_of(2)
        raise RuntimeError("the database is gone")

    with pytest.raises(RuntimeError):
        write_datasette(broken(), tmp_path / "sc.db")
    twice = [*records_of(1), *records_of(1)]
    with pytest.raises(OSError, match="cannot be written"):
        write_datasette(twice, tmp_path / "sc.db")
    assert (tmp_path / "sc.db").read_bytes() == before
    assert {path.name for path in tmp_path.iterdir()} == {"sc.db", "sc.metadata.json"}
    with pytest.raises(IsADirectoryError):
        write_datasette(records_of(1), tmp_path)
    with pytest.raises(FileNotFoundError):
        write_datasette(records_of(1), tmp_path / "gone" / "sc.db")


@pytest.fixture
def served(tmp_path: Path) -> Iterator[str]:
    """The address at which Datasette serves a file of ours."""
    if importlib.util.find_spec("datasette") is None:
        pytest.skip("Datasette is not installed")
    done = write_datasette(records_of(10), tmp_path / "sc.db")
    with closing(socket.socket()) as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "datasette", "serve", str(done.file), "-m", str(done.metadata)]
    process = subprocess.Popen(
        [*command, "--host", "127.0.0.1", "--port", str(port)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        address = f"http://127.0.0.1:{port}"
        deadline = time.monotonic() + START_S
        while True:
            try:
                requests.get(f"{address}/-/versions.json", timeout=5)
                break
            except requests.ConnectionError:
                assert time.monotonic() < deadline, "Datasette does not answer"
                time.sleep(0.1)
        yield address
    finally:
        process.terminate()
        process.wait()


def test_datasette_opens_it(served: str):
    def asked(path: str) -> Any:
        return requests.get(f"{served}{path}", timeout=30).json()

    tables = {table["name"]: table for table in asked("/sc.json")["tables"]}
    assert tables["records"]["count"] == 10
    assert tables["records"]["fts_table"] == "records_fts"
    assert tables["documents"]["fts_table"] == "documents_fts"
    [key] = tables["records"]["foreign_keys"]["outgoing"]
    assert (key["column"], key["other_table"]) == ("doc_id", "documents")
    assert [n for n, table in tables.items() if not table["hidden"]] == ["documents", "records"]
    found = asked("/sc/records.json?_shape=array&_search=MgB2&_size=2")
    assert [row["raw_material"] for row in found] == ["MgB2", "MgB2"]
    page = requests.get(f"{served}/sc/records", timeout=30).text
    assert "Unit: K" in page
    assert 'type="search"' in page
    assert "<script>" not in page.split("YBa2Cu3O7-x", 1)[1][:40]
    assert "Paper 1 on superconductors" in page
