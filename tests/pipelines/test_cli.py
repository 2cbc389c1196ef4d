"""The command line: what it prints where, its exit codes, and that it answers fast."""

from __future__ import annotations

import csv
import json
import os
import pty
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

Papers = Callable[..., Path]
CLI = [sys.executable, "-P", "-m", "scmine.pipelines.cli"]
HEAVY = ("spacy", "pandas", "pyarrow", "sqlalchemy", "pypdfium2", "pdfplumber", "pydantic", "numpy")

pytestmark = pytest.mark.usefixtures("own_folder")


def scmine(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*CLI, *arguments], capture_output=True, text=True, check=False, timeout=120
    )


@pytest.fixture
def database(papers: Papers, faulty: str) -> str:
    """A database with two records and a failure."""
    papers("MgB2", "LaH10", "fail")
    run = scmine("ingest", "papers", "--db", "t.db", "--processor", faulty, "--quiet")
    assert (run.returncode, run.stdout, run.stderr) == (0, "", "")
    return "t.db"


@pytest.mark.parametrize("command", ["ingest", "show", "export", "info"])
def test_every_command_has_help_with_examples(command: str) -> None:
    run = scmine(command, "--help")
    assert run.returncode == 0
    assert f"    scmine {command}" in run.stdout.partition("Options:")[0]
    assert not run.stderr


def test_without_arguments_the_commands_are_listed() -> None:
    run = scmine()
    for command in ("ingest", "show", "export", "info"):
        assert f"\n  {command} " in run.stdout + run.stderr


def test_help_imports_nothing_heavy() -> None:
    code = (
        "import sys\nfrom scmine.pipelines.cli import main\nsys.argv = ['scmine', '--help']\n"
        f"try: main()\nexcept SystemExit: print([m for m in {HEAVY!r} if m in sys.modules])"
    )
    run = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    assert run.stdout.splitlines()[-1] == "[]"


def test_help_answers_at_once() -> None:
    best = min(_seconds("--help") for _ in range(5))
    assert best < 0.5


def _seconds(*arguments: str) -> float:
    started = time.perf_counter()
    scmine(*arguments)
    return time.perf_counter() - started


def test_version() -> None:
    run = scmine("--version")
    assert run.stdout.startswith("scmine 0.")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("ingest", "x", "--workers", "0"), "--workers"),
        (("ingest", "x", "--reader", "grobid"), "not available in this version"),
        (("ingest", "x", "--memory", "1"), "memory_MB"),
        (("ingest", "x", "--config", "none.toml"), "none.toml not found"),
        (("export", "--format", "xml"), "--format"),
        (("show", "--tc-min", "9", "--tc-max", "3"), "9"),
        (("brew",), "brew"),
    ],
)
def test_wrong_usage_ends_with_2_and_says_what_is_wrong(
    arguments: tuple[str, ...], message: str
) -> None:
    run = scmine(*arguments)
    assert run.returncode == 2
    assert message in run.stderr
    assert "Traceback" not in run.stderr
    assert not list(Path.cwd().glob("*.db"))


@pytest.mark.parametrize("command", ["show", "export -f csv", "info"])
def test_reading_a_database_that_is_not_there(command: str) -> None:
    run = scmine(*command.split(), "--db", "nowhere.db")
    assert run.returncode == 1
    assert "nowhere.db" in run.stderr
    assert "Traceback" not in run.stderr
    assert not Path("nowhere.db").exists()


def test_info_without_a_database_shows_versions() -> None:
    run = scmine("info", "--json")
    found = json.loads(run.stdout)
    assert run.returncode == 0
    assert found["libraries"]["sqlalchemy"][0].isdigit()
    assert "database_problem" in found


def test_debug_shows_where_an_error_is() -> None:
    assert "Traceback" in scmine("show", "--db", "nowhere.db", "--debug").stderr


def test_json_is_all_that_is_printed(papers: Papers, faulty: str) -> None:
    papers("MgB2", "chatter", "fail \x1b[31m")
    run = scmine("ingest", "papers", "missing", "--json", "--processor", faulty)
    summary = json.loads(run.stdout)
    assert summary["statuses"] == {"done": 2, "failed": 2}
    assert summary["missing"] == ["missing"]
    assert summary["exit_code"] == run.returncode == 1
    assert {t["material"] for t in summary["top_tc"]} == {"MgB2", "chatter"}


def test_the_summary_is_for_people(papers: Papers, faulty: str) -> None:
    papers("MgB2", "fail [red]x")
    run = scmine("ingest", "papers", "--processor", faulty)
    assert run.returncode == 0
    for text in ("MgB2", "39", "failed", "no good: [red]x", "1 records from 2 files", "scmine.db"):
        assert text in run.stdout


def test_a_folder_without_papers_is_said_to_have_none(papers: Papers) -> None:
    papers()
    run = scmine("ingest", "papers")
    assert run.returncode == 0
    assert "No PDF files were found" in run.stdout


def test_logs_get_a_line_each_so_many_files(papers: Papers, faulty: str) -> None:
    papers("a", "b", "c", "d")
    Path("scmine.toml").write_text("progress_every = 2\n")
    run = scmine("ingest", "papers", "--processor", faulty)
    assert [line.split(" files")[0] for line in run.stderr.splitlines()] == ["2/4", "4/4"]


def test_terminals_get_a_bar(papers: Papers, faulty: str) -> None:
    papers("a", "sleep 0.5")
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        [*CLI, "ingest", "papers", "--processor", faulty, "--workers", "1"],
        stdout=subprocess.DEVNULL,
        stderr=theirs,
        env=os.environ | {"TERM": "xterm", "COLUMNS": "120"},
    ) as run:
        os.close(theirs)
        shown = b""
        try:
            while data := os.read(ours, 4096):
                shown += data
        except OSError:  # how Linux says that the other end is closed
            pass
    os.close(ours)
    assert run.returncode == 0
    assert b"1/2" in shown
    assert b"1 done" in shown


def test_show_prints_records(database: str) -> None:
    run = scmine("show", "--db", database, "--material", "lah")
    assert run.returncode == 0
    assert "LaH10" in run.stdout
    assert "MgB2" not in run.stdout
    assert "1 record in" in run.stdout


def test_export_goes_to_standard_output_or_a_file(database: str) -> None:
    lines = scmine("export", "--db", database, "--format", "jsonl").stdout.splitlines()
    assert sorted(json.loads(line)["raw_material"] for line in lines) == ["LaH10", "MgB2"]
    assert scmine("export", "--db", database, "-o", "out.csv", "--limit", "1").returncode == 0
    with open("out.csv", encoding="utf-8", newline="") as file:
        assert len(list(csv.DictReader(file))) == 1
    assert scmine("export", "--db", database, "-o", "out.parquet").returncode == 0
    assert Path("out.parquet").read_bytes()[:4] == b"PAR1"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ("--format parquet", "standard output"),
        ("-o out.doc", "out.doc"),
        ("", "format"),
    ],
)
def test_export_that_cannot_work_is_wrong_usage(
    database: str, arguments: str, message: str
) -> None:
    run = scmine("export", "--db", database, *arguments.split())
    assert run.returncode == 2
    assert message in run.stderr
    assert not run.stdout


def test_a_closed_pipe_is_no_news(papers: Papers, faulty: str) -> None:
    papers(*(f"material{n} " for n in range(300)))
    run = scmine("ingest", "papers", "--db", "t.db", "--quiet", "--processor", faulty)
    assert run.returncode == 0
    command = " ".join([*CLI, "export", "--db", "t.db", "--format", "jsonl"])
    piped = subprocess.run(
        f"{command} | head -n 1", shell=True, capture_output=True, text=True, check=True, timeout=60
    )
    assert len(piped.stdout.splitlines()) == 1
    assert piped.stderr == ""


def test_info_counts(database: str) -> None:
    found = json.loads(scmine("info", "--db", database, "--json").stdout)
    assert found["documents"] == {"done": 2, "failed": 1}
    assert found["records"] == {"new": 2}
