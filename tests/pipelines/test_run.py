"""Ingest as a whole: what is done, what is passed over, and what survives being killed."""

from __future__ import annotations

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from scmine.database.results import RunState
from scmine.database.store import open_database
from scmine.pipelines import IngestSummary, ingest
from scmine.pipelines.workers import WorkerStartError

Papers = Callable[..., Path]
COMMAND = [sys.executable, "-P", "-m", "scmine.pipelines.cli", "ingest", "papers"]


def go(folder: Path | list[Path], faulty: str, **options: object) -> IngestSummary:
    options = {"workers": 2, "memory_MB": 300, "timeout_s": 30} | options
    return ingest(folder, db="t.db", processor=faulty, **options)  # type: ignore[arg-type]


def states() -> dict[str, str]:
    """The status of each document by the number of its file."""
    with open_database("t.db", create=False) as database:
        return {Path(d.path).stem: d.status for d in database.documents()}


def records() -> list[tuple[str, str]]:
    with open_database("t.db", create=False) as database:
        return sorted((r.record_id, r.raw_material) for r in database.records())


def test_every_file_ends_in_a_named_status(papers: Papers, faulty: str) -> None:
    folder = papers("ok", "segfault", "hang", "eat", "fail", "changed", "nonsense")
    (folder / "twin.pdf").write_text("ok")
    summary = go(folder, faulty, timeout_s=6)
    assert states() == {
        "00": "done",
        "01": "crashed",
        "02": "timeout",
        "03": "out_of_memory",
        "04": "failed",
        "05": "failed",
        "06": "failed",
    }
    reasons = {Path(p.path).stem: p.reason for p in summary.problems}
    assert "changed while it was read" in reasons["05"]
    assert "tc_K" in reasons["06"]
    assert [Path(d.path).name for d in summary.duplicates] == ["twin.pdf"]
    assert summary.found == summary.finished == 8
    assert summary.records == 1
    assert summary.exit_code == 0


def test_files_that_cannot_be_read_are_named(papers: Papers, faulty: str) -> None:
    folder = papers("ok")
    (folder / "gone.pdf").symlink_to("nowhere")
    os.mkfifo(folder / "pipe.pdf")
    summary = go([folder, folder / "missing.pdf"], faulty)
    assert {Path(p.path).name: p.reason for p in summary.problems} == {
        "gone.pdf": "no such file or directory",
        "pipe.pdf": "not a regular file",
        "missing.pdf": "no such file or directory",
    }
    assert summary.missing == [str(folder / "missing.pdf")]
    assert summary.exit_code == 1


def test_names_that_are_not_utf8_are_no_obstacle(papers: Papers, faulty: str) -> None:
    folder = papers()
    (folder / os.fsdecode(b"\xff.pdf")).write_text("ok")
    assert go(folder, faulty).statuses == {"done": 1}
    assert list(states()) == ["\\xff"]


def test_what_is_done_is_passed_over(papers: Papers, faulty: str) -> None:
    folder = papers("one", "two")
    go(folder, faulty)
    (folder / "new.pdf").write_text("three")
    summary = go(folder, faulty)
    assert (summary.already_done, summary.processed) == (2, 1)
    assert summary.already_done_statuses == {"done": 2}
    assert go(folder, faulty, force=True).processed == 3


def test_changed_content_is_a_new_document(papers: Papers, faulty: str) -> None:
    folder = papers("one")
    go(folder, faulty)
    (folder / "00.pdf").write_text("one more")
    assert go(folder, faulty).processed == 1
    assert len(records()) == 2


def test_a_moved_file_is_still_the_same_document(papers: Papers, faulty: str) -> None:
    folder = papers("one")
    go(folder, faulty)
    (folder / "00.pdf").rename(folder / "renamed.pdf")
    assert go(folder, faulty).already_done == 1


def test_failures_are_tried_again_when_asked(papers: Papers, faulty: str) -> None:
    folder = papers("sleep 2", "ok")
    assert go(folder, faulty, timeout_s=0.5).statuses == {"timeout": 1, "done": 1}
    assert go(folder, faulty).already_done == 2
    summary = go(folder, faulty, retry=True)
    assert (summary.already_done, dict(summary.statuses)) == (1, {"done": 1})
    assert states() == {"00": "done", "01": "done"}


def test_another_pipeline_version_does_everything_again(papers: Papers, faulty: str) -> None:
    folder = papers("one")
    go(folder, faulty)
    with sqlite3.connect("t.db") as connection:
        connection.execute("UPDATE documents SET pipeline_version = 'older'")
    connection.close()
    assert go(folder, faulty).statuses == {"done": 1}


@pytest.mark.parametrize(
    ("deed", "reason"),
    [
        ("splendid", "'splendid' is no status"),
        ("elsewhere", "another file, 'another.pdf'"),
        ("outdated", "version '0.0' of the pipeline"),
    ],
)
def test_an_answer_to_another_question_is_not_saved(
    papers: Papers, faulty: str, deed: str, reason: str
) -> None:
    summary = go(papers(deed), faulty)
    assert states() == {"00": "failed"}
    assert reason in summary.problems[0].reason
    assert records() == []


def test_papers_without_a_record_are_counted(papers: Papers, faulty: str) -> None:
    summary = go(papers("one", "silent", "scan"), faulty)
    assert summary.statuses == {"done": 2, "needs_ocr": 1}
    assert summary.done_without_record == 1


def test_a_limit_leaves_the_rest(papers: Papers, faulty: str) -> None:
    folder = papers("one", "two", "three")
    summary = go(folder, faulty, limit=2)
    assert (summary.processed, summary.not_started) == (2, 1)
    assert go(folder, faulty, limit=2).processed == 1


def test_a_paper_that_cannot_be_saved_does_not_stop_the_run(papers: Papers, faulty: str) -> None:
    summary = go(papers("one", "huge", "two"), faulty)
    assert dict(summary.statuses) == {"done": 2, "failed": 1}
    assert "cannot be saved" in summary.problems[0].reason
    assert summary.records == 2


def test_an_empty_folder_is_no_error(papers: Papers, faulty: str) -> None:
    summary = go(papers(), faulty)
    assert (summary.found, summary.exit_code) == (0, 0)


def test_progress_hears_of_every_file(papers: Papers, faulty: str) -> None:
    heard: list[int] = []
    go(papers("one", "two", "fail"), faulty, progress=lambda s: heard.append(s.finished))
    assert heard == [0, 1, 2, 3]


def test_one_path_may_be_given_as_text(papers: Papers, faulty: str) -> None:
    papers("one")
    assert ingest("papers", db="t.db", processor=faulty, workers=1).records == 1


def test_the_run_is_on_record(papers: Papers, faulty: str) -> None:
    go(papers("one", "fail"), faulty)
    with open_database("t.db", create=False) as database:
        (run,) = database.runs()
    assert run.state is RunState.FINISHED
    assert run.counts == {"done": 1, "failed": 1, "records": 1, "structures": 0}
    assert run.options["paths"] == [str(Path.cwd() / "papers")]


def test_workers_that_cannot_start_leave_the_database_usable(papers: Papers) -> None:
    folder = papers("one")
    with pytest.raises(WorkerStartError):
        go(folder, "faulty_processor:make_none")
    with open_database("t.db", create=False) as database:
        assert [run.state for run in database.runs()] == [RunState.FAILED]


def test_the_caller_keeps_its_signal_handlers(papers: Papers, faulty: str) -> None:
    before = signal.getsignal(signal.SIGINT)
    go(papers("one"), faulty)
    assert signal.getsignal(signal.SIGINT) is before


def _start(faulty: str, *more: str) -> subprocess.Popen[str]:
    """Ingest in a process of its own, as a user would."""
    return subprocess.Popen(
        [*COMMAND, "--db", "t.db", "--workers", "2", "--processor", faulty, *more],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def _wait_for_documents(count: int) -> None:
    """Until the database holds that many documents, as seen by another process."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            with sqlite3.connect("file:t.db?mode=ro", uri=True) as connection:
                (found,) = connection.execute("SELECT count(*) FROM documents").fetchone()
        except sqlite3.OperationalError:
            found = 0
        if found >= count:
            return
        time.sleep(0.02)
    pytest.fail(f"fewer than {count} documents after 60 s")


SLOW = [f"sleep 0.{n}" for n in range(10, 40)]


def test_killed_midway_it_goes_on_to_the_same_records(papers: Papers, faulty: str) -> None:
    folder = papers(*SLOW)
    go(folder, faulty)
    expected = records()
    Path("t.db").rename("whole.db")
    run = _start(faulty)
    _wait_for_documents(4)
    workers = psutil.Process(run.pid).children()
    run.kill()
    run.wait(30)
    _, alive = psutil.wait_procs(workers, timeout=10)
    assert workers
    assert not [w for w in alive if w.status() != psutil.STATUS_ZOMBIE]
    assert 4 <= len(records()) < len(SLOW)
    summary = go(folder, faulty)
    assert summary.already_done >= 4
    assert summary.finished == len(SLOW)
    assert records() == expected


def test_workers_die_with_a_killed_parent_whatever_they_do(papers: Papers, faulty: str) -> None:
    papers("ok", "spin", "hang")
    run = _start(faulty, "--timeout", "1000")
    _wait_for_documents(1)
    workers = _children_at_work(run.pid, 2)
    run.kill()
    run.wait(30)
    _, alive = psutil.wait_procs(workers, timeout=10)
    assert not [w for w in alive if w.status() != psutil.STATUS_ZOMBIE]


def _children_at_work(pid: int, count: int) -> list[psutil.Process]:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        children: list[psutil.Process] = psutil.Process(pid).children()
        if len(children) == count:
            time.sleep(1)  # for the one just started to come to its paper
            return children
        time.sleep(0.05)
    pytest.fail(f"there are not {count} workers after 30 s")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_interrupted_it_saves_and_says_how_to_go_on(
    papers: Papers, faulty: str, number: signal.Signals
) -> None:
    folder = papers(*SLOW)
    run = _start(faulty)
    _wait_for_documents(3)
    run.send_signal(number)
    output, errors = run.communicate(timeout=30)
    assert run.returncode == 130
    assert "run the same command again" in output
    assert "Traceback" not in errors
    done = len(records())
    assert 3 <= done < len(SLOW)
    with open_database("t.db", create=False) as database:
        assert [r.state for r in database.runs()] == [RunState.INTERRUPTED]
    assert go(folder, faulty).already_done == done
    assert len(records()) == len(SLOW)


def test_a_stop_that_arrives_twice_is_one_stop(papers: Papers, faulty: str) -> None:
    """As from ``timeout``, which signals its child and then the child's process group."""
    papers(*SLOW)
    run = _start(faulty)
    _wait_for_documents(1)
    run.send_signal(signal.SIGTERM)
    run.send_signal(signal.SIGTERM)
    output, _ = run.communicate(timeout=60)
    assert run.returncode == 130
    assert "run the same command again" in output


def test_a_second_interrupt_does_not_wait(papers: Papers, faulty: str) -> None:
    papers("ok", "sleep 600", "sleep 601")
    run = _start(faulty, "--timeout", "1000")
    _wait_for_documents(1)
    run.send_signal(signal.SIGINT)
    time.sleep(0.5)
    assert run.poll() is None
    run.send_signal(signal.SIGINT)
    _, errors = run.communicate(timeout=30)
    assert run.returncode == 130
    assert "Traceback" not in errors
    assert states() == {"00": "done"}


def test_a_paper_folder_cannot_smuggle_in_code(papers: Papers, faulty: str) -> None:
    """Workers started beside a ``json.py`` must not import it."""
    folder = papers("one")
    Path("json.py").write_text("raise SystemExit('executed')")
    shutil.copy("json.py", folder / "numpy.py")
    assert go(folder, faulty).statuses == {"done": 1}


def test_a_file_of_another_kind_is_not_overwritten(papers: Papers, faulty: str) -> None:
    papers("one")
    Path("t.db").write_text("this is no database, and long enough to look at")
    run = _start(faulty)
    _, errors = run.communicate(timeout=60)
    assert run.returncode == 1
    assert "not an SQLite database" in errors or "not a database" in errors
    assert "Traceback" not in errors
    assert Path("t.db").read_text().startswith("this is no database")
