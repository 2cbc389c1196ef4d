"""``history``, ``proposals`` and ``curate``: what a curator without a browser sees and does."""

from __future__ import annotations

import getpass
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from typer.testing import CliRunner

from scmine.database.record import Record
from scmine.database.results import DocumentResult
from scmine.database.store import open_database
from scmine.pipelines.cli import app
from scmine.pipelines.show import id_length

DOC = "d" * 64


def save(*records: dict[str, Any]) -> None:
    """A reading of a paper, saved in ``t.db``."""
    shared = {"doc_id": DOC, "path": "papers/a.pdf", "raw_material": "MgB2"}
    result = DocumentResult(
        doc_id=DOC,
        path="papers/a.pdf",
        reader="pdf",
        status="done",
        pipeline_version="1",
        records=[Record.model_validate(shared | record) for record in records],
    )
    with open_database("t.db") as database:
        database.save_document(database.start_run("1"), result)


@pytest.fixture
def scmine(own_folder: Path) -> Callable[..., Result]:
    """Run a command on ``t.db``, which has two records whose ids begin with abc."""
    save({"record_id": "abcd", "tc_K": 93.0}, {"record_id": "abce", "tc_K": 38.0})

    def run(command: str, *arguments: str) -> Result:
        return CliRunner().invoke(app, [command, *arguments, "--db", "t.db"])

    return run


Scmine = Callable[..., Result]


def test_a_record_is_changed_and_its_history_shown(scmine: Scmine):
    run = scmine(
        "curate", "abcd", "--set", "tc_K=39", "--set", "formula=MgB2", "--set", "lambda=",
        "--why", "a slip", "--error-type", "linking",
    )  # fmt: skip
    assert run.exit_code == 0, run.output
    lines = [line.strip() for line in run.stdout.splitlines()]
    assert lines[0].startswith("abcd revision 1, ")
    assert lines[0].endswith(f"UTC, {getpass.getuser()}: edited: a slip (linking)")
    assert "tc_K: 93 → 39" in lines
    assert 'composition: – → {"Mg": 1, "B": 2}' in lines
    assert scmine("curate", "abcd", "--undo").exit_code == 0
    shown = scmine("history", "abcd").stdout
    assert shown.startswith("abcd: MgB2, new; papers/a.pdf")
    assert [line.split(",")[0] for line in shown.splitlines() if "revision" in line[:8]] == [
        "revision 0",
        "revision 1",
        "revision 2",
    ]
    assert "undone revision 1" in shown
    redone = json.loads(scmine("curate", "abcd", "--redo", "--json").stdout)
    assert (redone["kind"], redone["of"], redone["record"]["tc_K"]) == ("redone", 1, 39.0)
    found = json.loads(scmine("history", "abcd", "--json").stdout)
    assert [r["number"] for r in found] == [0, 1, 2, 3]
    assert found[1]["changes"]["tc_K"] == [93.0, 39.0]


def test_a_formula_that_cannot_be_read_is_remarked_on(scmine: Scmine):
    run = scmine("curate", "abcd", "--set", "formula=NotAFormula9")
    assert run.exit_code == 0
    assert "no composition can be read from the formula NotAFormula9" in run.stderr
    assert scmine("curate", "abcd", "--set", "formula=MgB2").stderr == ""


def test_a_verdict_is_given(scmine: Scmine):
    run = scmine("curate", "abcd", "--status", "invalid", "--error-type", "extraction")
    assert run.exit_code == 0
    assert "status: new → invalid" in run.stdout
    again = scmine("curate", "abcd", "--status", "obsolete")
    assert again.exit_code == 1
    assert "never was right" in again.stderr


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["abc", "--undo"], 2, "abcd, abce; give more of it"),
        (["x", "--undo"], 1, "'x'; scmine show"),
        (["abcd"], 2, "say what to change"),
        (["abcd", "--undo", "--redo"], 2, "exclude one another"),
        (["abcd", "--undo", "--set", "tc_K=1"], 2, "exclude one another"),
        (["abcd", "--undo", "--why", "x"], 2, "--why goes with"),
        (["abcd", "--undo"], 1, "nothing to undo"),
        (["abcd", "--set", "tc_K"], 2, "write COLUMN=VALUE"),
        (["abcd", "--set", "tc_K=nan"], 2, "tc_K: should be a finite number"),
        (["abcd", "--set", "tc=39"], 2, "tc: there is no such column; docs/records.md"),
        (["abcd", "--set", "composition={"], 2, "composition: this is no JSON"),
        (["abcd", "--set", "tc_K=93"], 1, "holds all this already"),
        (["abcd", "--status", "new"], 2, "'validated'"),
        (["abcd", "--set", "tc_K=1", "--revision", "4"], 1, "(revision 0; you saw 4)"),
    ],
)
def test_what_is_wrong_is_said(scmine: Scmine, arguments: list[str], code: int, message: str):
    run = scmine("curate", *arguments)
    assert (run.exit_code, run.stdout) == (code, "")
    assert message in " ".join(run.stderr.split())


def test_proposals_are_listed_and_decided(scmine: Scmine):
    for name in ("abcd", "abce"):
        assert scmine("curate", name, "--status", "validated").exit_code == 0
    assert scmine("proposals").stdout == f"0 open proposals in {Path('t.db').resolve()}\n"
    save({"record_id": "abcd", "tc_K": 39.0, "formula": "MgB2"})
    shown = scmine("proposals").stdout
    assert "abcd    validated  MgB2      formula: – → MgB2; tc_K: 93 → 39" in shown
    assert "not found any more" in shown
    first, second = json.loads(scmine("proposals", "--json").stdout)
    assert (first["record_id"], first["changes"]["tc_K"]) == ("abcd", [93.0, 39.0])
    assert (second["record_id"], second["proposed"]) == ("abce", None)
    both = scmine("proposals", "--accept", str(first["id"]), "--dismiss", str(first["id"]))
    assert both.exit_code == 2
    run = scmine("proposals", "--accept", str(first["id"]), "--dismiss", str(second["id"]))
    assert run.exit_code == 0
    assert "accepted: proposal 1" in run.stdout
    assert "tc_K: 93 → 39" in run.stdout
    again = scmine("proposals", "--accept", str(second["id"]))
    assert again.exit_code == 1
    assert "was dismissed by" in again.stderr
    assert scmine("proposals", "--accept", "77").exit_code == 1
    found = json.loads(scmine("proposals", "--state", "all", "--json").stdout)
    assert [(p["state"], p["decided_by"]) for p in found] == [
        ("accepted", getpass.getuser()),
        ("dismissed", getpass.getuser()),
    ]


def test_show_and_info_tell_what_was_touched(scmine: Scmine):
    scmine("curate", "abcd", "--status", "validated")
    save({"record_id": "abcd", "tc_K": 39.0}, {"record_id": "abce", "tc_K": 38.0})
    first, second = scmine("show").stdout.splitlines()[2:4]
    assert first.split() == ["abcd", "MgB2", "93", "validated", "a.pdf"]
    assert second.split() == ["abce", "MgB2", "38", "a.pdf"]
    info = json.loads(scmine("info", "--json").stdout)
    assert (info["records_touched"], info["open_proposals"]) == (1, 1)


def test_ids_are_shown_as_far_as_they_tell_records_apart():
    assert id_length(["0123456789"]) == id_length(["0123456789", "a"]) == 8
    assert id_length(["a", "b"]) == 1
    assert id_length(["0123456789a", "0123456789b"]) == 11


def test_what_comes_from_papers_does_not_steer_the_terminal(scmine: Scmine):
    save({"record_id": "evil", "raw_material": "Mg\x1b[2JB2\n", "formula": None})
    scmine("curate", "evil", "--set", "name=a\x1b[2Jb", "--why", "x\x1by")
    shown = scmine("history", "evil").stdout
    assert "\x1b" not in shown
