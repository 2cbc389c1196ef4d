"""The commands ``import``, ``backup``, ``restore``, and exports for other programs."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from typer.testing import CliRunner

from scmine.database.record import Record
from scmine.database.results import DocumentResult
from scmine.database.store import open_database
from scmine.pipelines.cli import app

pytestmark = pytest.mark.usefixtures("own_folder")


DOC = "d" * 64


def scmine(*args: str) -> Result:
    """Run a command as a user does."""
    return CliRunner().invoke(app, args)


@pytest.fixture
def filled(own_folder: Path) -> Path:
    """The folder of a database with two records of a paper."""
    records = [
        Record(record_id=f"r{n}", doc_id=DOC, path="/d.pdf", raw_material="MgB2", raw_tc=f"{tc} K")
        for n, tc in enumerate((39, 38))
    ]
    with open_database(own_folder / "scmine.db") as database:
        result = DocumentResult(
            doc_id=DOC,
            path="/d.pdf",
            reader="pdf",
            status="done",
            pipeline_version="p1",
            records=records,
        )
        database.save_document(database.start_run("p1"), result)
    return own_folder


def test_a_table_is_tried_imported_and_imported_again(filled: Path):
    rows = ["record_id,tc_K,name,colour", "r0,39,x,red", "r1,38 K,,", "r2,7,,"]
    (filled / "mine.csv").write_text("\n".join(rows), encoding="utf-8")
    tried = scmine("import", "mine.csv", "--dry-run", "--report", "all.csv")
    assert tried.exit_code == 1, tried.output
    for said in (
        "dry run, nothing is written: 3 rows of 1 file(s)",
        "columns that no record has are left out: colour",
        "1 would be changed (name 1, tc_K 1, status 1)",
        "line 2, r0: name: None → 'x'",
        "2 refused",
        "1 not_a_number: line 3 (tc_K 38 K)",
        "1 no_document: line 4",
    ):
        assert said in tried.stdout
    with (filled / "all.csv").open(encoding="utf-8", newline="") as file:
        told = list(csv.DictReader(file))
    assert [(row["line"], row["outcome"], row["reason"]) for row in told] == [
        *[("2", "changed", "")] * 3,
        ("3", "refused", "not_a_number"),
        ("4", "refused", "no_document"),
    ]
    assert {row["column"]: row["after"] for row in told[:3]}["tc_K"] == "39.0"
    done = scmine("import", "mine.csv")
    assert "--report FILE.csv writes all of them" in done.stdout
    again = scmine("import", "mine.csv", "--json", "--report", "again.json")
    summary = json.loads(again.stdout)
    assert (summary["unchanged"], summary["changed"], summary["refused"]) == (1, 0, 2)
    assert summary["reasons"] == {"not_a_number": 1, "no_document": 1}
    assert summary["files"][0]["unknown_columns"] == ["colour"]
    reported = json.loads((filled / "again.json").read_text(encoding="utf-8"))
    assert [row["line"] for row in reported] == [3, 4]


def test_nothing_refused_is_success(filled: Path):
    (filled / "mine.csv").write_text("record_id,tc_K\nr0,39\n", encoding="utf-8")
    done = scmine("import", "mine.csv", "--quiet", "--report", "r.json")
    assert (done.exit_code, done.output) == (0, "")
    again = scmine("import", "mine.csv", "--report", "r.json")
    assert (again.exit_code, json.loads((filled / "r.json").read_text())) == (0, [])


@pytest.mark.parametrize(
    ("args", "code", "said"),
    [
        (("mine.csv", "--report", "r.txt"), 2, "end its name in .csv or .json"),
        (("mine.csv", "--format", "excel"), 2, "excel"),
        (("gone.csv",), 1, "gone.csv"),
        (("mine.csv", "--db", "gone/x.db"), 1, "there is no folder"),
        (("mine.csv", "--dry-run", "--db", "other.db"), 1, "there is no such database"),
        ((".",), 1, "directory"),
    ],
)
def test_wrong_uses_are_told(filled: Path, args: tuple[str, ...], code: int, said: str):
    (filled / "mine.csv").write_text("record_id,tc_K\nr0,39\n", encoding="utf-8")
    done = scmine("import", *args)
    assert done.exit_code == code
    assert said in done.output
    assert "fault of scmine" not in done.output


def test_supercon2_goes_out_and_comes_in(filled: Path):
    assert scmine("export", "--format", "supercon2", "-o", "sc.csv").exit_code == 0
    own = json.loads(scmine("import", "sc.csv", "--json").stdout)
    assert (own["unchanged"], own["new"]) == (2, 0)
    other = json.loads(scmine("import", "sc.csv", "--db", "other.db", "--json").stdout)
    assert (other["new"], other["new_documents"]) == (2, 1)
    assert other["files"][0]["format"] == "supercon2"
    assert scmine("export", "--db", "other.db", "-f", "supercon2", "-o", "b.csv").exit_code == 0
    assert (filled / "sc.csv").read_bytes() == (filled / "b.csv").read_bytes()


def test_columns_of_references_are_left_out(filled: Path):
    (filled / "ours.csv").write_text("name,Tc\nMgB2,39\n", encoding="utf-8")
    assert scmine("references", "add", "ours.csv").exit_code == 0
    assert scmine("export", "-o", "all.csv", "--with-references").exit_code == 0
    done = json.loads(scmine("import", "all.csv", "--json").stdout)
    assert (done["unchanged"], done["refused"]) == (2, 0)
    assert "reference_novelty" in done["files"][0]["unknown_columns"]


def test_a_backup_is_restored(filled: Path):
    made = scmine("backup", "-o", "b.zip")
    assert (made.exit_code, "rows in b.zip" in made.output) == (0, True)
    refused = scmine("restore", "b.zip")
    assert refused.exit_code == 1
    assert "nothing is written over" in refused.output
    done = scmine("restore", "b.zip", "--db", "new.db")
    assert done.exit_code == 0, done.output
    ours, theirs = (scmine("export", "-f", "jsonl", "--db", db) for db in ("scmine.db", "new.db"))
    assert ours.stdout == theirs.stdout
    replaced = scmine("restore", "b.zip", "--replace")
    assert replaced.exit_code == 0, replaced.output
    [kept] = filled.glob("scmine.before-restore-*.db")
    assert kept.name in replaced.output
    quiet = scmine("backup", "-o", "c.zip", "--quiet")
    assert (quiet.exit_code, quiet.output) == (0, "")


def test_a_damaged_backup_is_told_in_one_line(filled: Path):
    (filled / "b.zip").write_bytes(b"PK\x03\x04 and no more")
    done = scmine("restore", "b.zip", "--db", "new.db")
    assert done.exit_code == 1
    assert "no backup of scmine" in done.output
    assert not (filled / "new.db").exists()
    assert scmine("backup", "--db", "gone.db", "-o", "x.zip").exit_code == 1
    assert not (filled / "x.zip").exists()


def test_a_data_set_and_a_file_for_datasette(filled: Path):
    made = scmine("export", "-f", "huggingface", "-o", "set", "--material", "MgB2", "--split")
    assert made.exit_code == 0, made.output
    assert "no licence is stated" in made.output
    card = (filled / "set" / "README.md").read_text(encoding="utf-8")
    assert "only records with material MgB2" in card
    served = scmine("export", "-f", "datasette", "-o", "sc.db", "--license", "cc-by-4.0")
    assert "datasette sc.db -m sc.metadata.json" in served.output
    assert (filled / "sc.db").read_bytes().startswith(b"SQLite format 3")


@pytest.mark.parametrize(
    ("args", "code", "said"),
    [
        (("-f", "huggingface"), 2, "name a folder with --output"),
        (("-f", "datasette"), 2, "name a file such as sc.db"),
        (("-f", "datasette", "-o", "x.db", "--split"), 2, "--split is for"),
        (("-f", "huggingface", "-o", "set", "--license", "a b"), 2, "no name of a licence"),
        (("-f", "csv", "--license", "mit"), 2, "are for huggingface and datasette"),
        (("-f", "huggingface", "-o", "full"), 1, "name a new folder"),
    ],
)
def test_exports_that_cannot_be(filled: Path, args: tuple[str, ...], code: int, said: str):
    (filled / "full").mkdir()
    (filled / "full" / "x").write_text("x")
    done = scmine("export", *args)
    assert done.exit_code == code
    assert said in done.output


def test_the_help_has_examples_and_exit_codes():
    for command in ("import", "backup", "restore"):
        text: Any = scmine(command, "--help").output
        assert "Examples:" in text
        assert "Exit codes:" in text
