"""The command line: what it prints where, its exit codes, and that it answers fast."""

from __future__ import annotations

import csv
import json
import os
import pty
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from scmine.database.record import Place, Record, Source
from scmine.database.results import DocumentResult
from scmine.database.store import open_database
from scmine.pipelines.cli import app

Papers = Callable[..., Path]
CLI = [sys.executable, "-P", "-m", "scmine.pipelines.cli"]
HEAVY = ("spacy", "pandas", "pyarrow", "sqlalchemy", "pypdfium2", "pdfplumber", "pydantic", "numpy")
HEAVY += ("onnxruntime", "torch")

pytestmark = pytest.mark.usefixtures("own_folder")


def scmine(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*CLI, *arguments], capture_output=True, text=True, check=False, timeout=120
    )


def on_terminal(*arguments: str, stream: str, columns: int) -> str:
    """What a terminal of so many columns gets, but for styles, if ``stream`` goes to it."""
    ours, theirs = pty.openpty()
    streams = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL} | {stream: theirs}
    variables = {"TERM": "xterm", "COLUMNS": str(columns)}
    with subprocess.Popen([*CLI, *arguments], env=os.environ | variables, **streams) as run:
        os.close(theirs)
        shown = b""
        try:
            while data := os.read(ours, 4096):
                shown += data
        except OSError:  # how Linux says that the other end is closed
            pass
    os.close(ours)
    assert run.returncode == 0
    return re.sub(r"\x1b\[[0-9;]*m", "", shown.decode("utf-8"))


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
        (("ingest", "x", "--reader", "grobid", "--grobid-url", "grobid"), "no URL of a server"),
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


def test_a_second_run_says_how_the_first_ended(papers: Papers, faulty: str) -> None:
    papers("MgB2", "silent", "scan")
    command = ("ingest", "papers", "--processor", faulty)
    rows = _rows(scmine(*command).stdout)
    assert rows["done"] == "2"
    assert rows["done, without a record"] == "(1)"
    rows = _rows(scmine(*command).stdout)
    assert rows["already in the database"] == rows["all"] == "3"
    assert (rows["done"], rows["needs_ocr"]) == ("(2)", "(1)")
    summary = json.loads(scmine(*command, "--json").stdout)
    assert summary["already_done_statuses"] == {"done": 2, "needs_ocr": 1}


def _rows(shown: str) -> dict[str, str]:
    """The rows of a table of two columns, the second by the first."""
    cells = [line.strip("│").split("│") for line in shown.splitlines() if line.count("│") == 3]
    return {name.strip(): value.strip() for name, value in cells}


def test_a_folder_that_cannot_be_read_does_not_stop_the_run(
    papers: Papers, faulty: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = papers("MgB2")
    closed = folder.parent / "closed"
    closed.mkdir(mode=0)
    scandir, access = os.scandir, os.access

    def refuse(path: Path) -> object:  # modes of folders do not stop root
        if Path(path) == closed:
            raise PermissionError(13, "Permission denied", str(path))
        return scandir(path)

    monkeypatch.setattr(os, "scandir", refuse)
    monkeypatch.setattr(os, "access", lambda p, *a, **k: Path(p) != closed and access(p, *a, **k))
    run = CliRunner().invoke(
        app, ["ingest", str(closed), str(folder), "--json", "--processor", faulty]
    )
    monkeypatch.undo()
    shutil.rmtree(closed)
    assert run.exit_code == 1
    summary = json.loads(run.stdout)
    assert summary["statuses"] == {"done": 1, "failed": 1}
    assert [p["reason"] for p in summary["problems"]] == ["permission denied"]


def test_a_folder_without_papers_is_said_to_have_none(papers: Papers) -> None:
    papers()
    run = scmine("ingest", "papers")
    assert run.returncode == 0
    assert "No papers were found" in run.stdout


def test_logs_get_a_line_each_so_many_files(papers: Papers, faulty: str) -> None:
    papers("a", "b", "c", "d")
    Path("scmine.toml").write_text("progress_every = 2\nworkers = 1\n")
    run = scmine("ingest", "papers", "--processor", faulty)
    first, *others = run.stderr.splitlines()
    assert first == f"4 files, 1 worker, to be saved in {Path.cwd() / 'scmine.db'}"
    assert [line.split(" files")[0] for line in others] == ["2/4", "4/4"]


def test_terminals_get_a_bar(papers: Papers, faulty: str) -> None:
    papers("a", "sleep 0.5")
    arguments = ("ingest", "papers", "--processor", faulty, "--workers", "1")
    shown = on_terminal(*arguments, stream="stderr", columns=120)
    assert "1/2" in shown
    assert "1 done" in shown


def test_show_prints_records(database: str) -> None:
    run = scmine("show", "--db", database, "--material", "lah")
    assert run.returncode == 0
    assert "LaH10" in run.stdout
    assert "MgB2" not in run.stdout
    assert "1 record in" in run.stdout


def _save(*fields: dict[str, object], path: str) -> None:
    """A database ``t.db`` with records of one paper."""
    shared = {"doc_id": "d" * 64, "path": path}
    rows = [
        Record.model_validate({"record_id": f"r{n}"} | shared | more)
        for n, more in enumerate(fields)
    ]
    with open_database("t.db") as database:
        database.save_document(
            database.start_run("1"),
            DocumentResult(
                doc_id="d" * 64,
                path=path,
                reader="pdf",
                status="done",
                pipeline_version="1",
                records=rows,
            ),
        )


def test_show_fits_80_columns_with_what_there_is() -> None:
    long = "hydrogen sulfide under pressure in a very long description"
    _save(
        {"raw_material": "H3S", "tc_K": 203.5, "tc_relation": "~", "pressure_GPa": 155.25},
        {"raw_material": long, "tc_K": 92.0, "evidence": "measured", "page": 12},
        path="papers/of/2015/arXiv_1412.0460_Drozdov_conventional_superconductivity_190K.pdf",
    )
    shown = on_terminal("show", "--db", "t.db", stream="stdout", columns=80)
    lines = shown.splitlines()
    at = next(n for n, line in enumerate(lines) if line.split()[:1] == ["r0"])
    lines = lines[: at + 2]  # what follows names the database, whose path may be long
    assert max(map(len, lines)) <= 80
    head = " ".join(lines[:at])
    first, second = lines[at:]
    assert "material" in head
    for absent in ("λ", "ω_log", "μ*", "space"):
        assert absent not in head
    assert first.split()[:4] == ["r0", "H3S", "~203.5", "155.25"]
    assert second.split()[:3] == ["r1", "hydrogen", "sulfide"]
    assert second.split()[-1] == "12"
    assert "arXiv_" in first
    assert "190K.pdf" in first
    assert not any("papers" in line for line in lines)


def test_show_names_the_pages_of_all_places() -> None:
    places = [Place(id=str(n), source=Source.TEXT, raw_material="MgB2", page=n) for n in (7, 2)]
    _save({"raw_material": "MgB2", "tc_K": 39.0, "page": 7, "places": places}, path="a.pdf")
    shown = on_terminal("show", "--db", "t.db", stream="stdout", columns=80)
    assert any("MgB2" in line and line.rstrip().endswith("2, 7") for line in shown.splitlines())


def test_export_without_a_format_writes_csv_to_standard_output(database: str) -> None:
    run = scmine("export", "--db", database)
    assert run.returncode == 0
    rows = csv.DictReader(run.stdout.splitlines())
    assert sorted(row["raw_material"] for row in rows) == ["LaH10", "MgB2"]


@pytest.mark.parametrize(
    ("arguments", "warned"),
    [
        ("-o x.jsonl -f csv", True),
        ("-o x.csv -f jsonl", True),
        ("-o x.csv -f supercon2", False),
        ("-o x.csv -f csv", False),
        ("-o x.out -f csv", False),
        ("-f jsonl", False),
    ],
)
def test_a_name_that_misleads_is_warned_of(database: str, arguments: str, warned: bool) -> None:
    run = scmine("export", "--db", database, *arguments.split())
    assert run.returncode == 0
    assert len(run.stderr.splitlines()) == warned
    if warned:
        assert arguments.split()[1] in run.stderr


def test_export_that_cannot_write_names_the_file_that_was_asked_for(
    database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_file = Path.open

    def refuse(path: Path, mode: str = "r", **more: Any) -> Any:  # modes do not stop root
        if "x" in mode or "w" in mode:
            raise PermissionError(13, "Permission denied", str(path))
        return open_file(path, mode, **more)

    monkeypatch.setattr(Path, "open", refuse)
    run = CliRunner().invoke(app, ["export", "--db", database, "-o", "sub.csv"])
    assert run.exit_code == 1
    assert run.stderr == "scmine: sub.csv: cannot be written: Permission denied\n"


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


def test_info_lists_what_is_not_done(papers: Papers, faulty: str) -> None:
    papers("MgB2", *(f"fail {n}" for n in range(25)))
    assert scmine("ingest", "papers", "--quiet", "--processor", faulty).returncode == 0
    few, every = scmine("info").stdout, scmine("info", "--all").stdout
    assert "ValueError: no good: 0" in few
    assert few.count(".pdf") == 20
    assert "and 5 more; --all lists them all" in few
    assert every.count(".pdf") == 25
    assert "more;" not in every
    listed = json.loads(scmine("info", "--json").stdout)["not_done"]
    assert len(listed) == 25
    assert {(d["status"], Path(d["path"]).parent.name) for d in listed} == {("failed", "papers")}
    assert all("no good" in d["reason"] for d in listed)


@pytest.mark.parametrize("command", ["show", "export"])
def test_help_says_that_bounds_leave_out_what_is_not_stated(command: str) -> None:
    words = " ".join(scmine(command, "--help").stdout.split())
    assert words.count("records without a stated pressure are left out") == 2
    assert words.count("records without a stated Tc are left out") == 2


def test_no_command_is_lost() -> None:
    """A merge once dropped the registration of three of them, and nothing failed."""
    shown = CliRunner().invoke(app, ["--help"]).output
    names = (
        "annotate ingest show export info history proposals curate check tag evaluate corrections "
        "formula tc serve users structure import backup restore corpora references train"
    )
    assert [name for name in names.split() if f"\n  {name} " not in shown] == []
