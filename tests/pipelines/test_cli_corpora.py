"""The commands on texts and corpora: what they print where, and their exit codes."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.pipelines.tiny_corpora import write_sc_comics, write_supermat
from tests.raw_pdf import make_pdf, set_lines

CLI = [sys.executable, "-P", "-m", "scmine.pipelines.cli"]
TEXT = "The Tc of MgB2 is 39 K."

pytestmark = pytest.mark.usefixtures("own_folder")


def scmine(*arguments: str, given: str | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*CLI, *arguments],
        input=given,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


@pytest.mark.parametrize("command", ["tag", "evaluate", "corpora stats"])
def test_every_command_has_help_with_examples(command: str) -> None:
    run = scmine(*command.split(), "--help")
    assert run.returncode == 0
    assert f"scmine {command} " in run.stdout.partition("Examples:")[2].partition("Options:")[0]
    assert not run.stderr


def test_the_command_page_shows_every_flag(root: Path) -> None:
    page = (root / "docs" / "cli.md").read_text(encoding="utf-8")
    source = (root / "pipelines" / "cli_corpora.py").read_text(encoding="utf-8")
    flags = set(re.findall(r'"(--[a-z-]+)"', source))
    assert flags
    assert {flag for flag in flags if f"`{flag}" not in page} == set()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("tag", "x"), "--scheme"),
        (("tag", "x", "--scheme", "bio"), "bio"),
        (("tag", "x", "--scheme", "supermat", "--workers", "0"), "--workers"),
        (("evaluate", "bio", "DIR"), "bio"),
        (("evaluate", "supermat", "DIR", "--split", "test"), "--split"),
        (("evaluate", "supermat", "DIR", "--errors", "-1"), "--errors"),
        (("evaluate", "sc-comics", "DIR", "--pdf", "DIR"), "--pdf"),
        (("evaluate", "sc-comics", "DIR", "--form", "reading"), "--form"),
        (("evaluate", "supermat", "DIR", "--form", "reading", "--pdf", "DIR"), "--pdf"),
        (("corpora", "brew"), "brew"),
    ],
)
def test_wrong_usage_ends_with_2(arguments: tuple[str, ...], message: str) -> None:
    run = scmine(*arguments)
    assert run.returncode == 2
    assert message in run.stderr
    assert "Traceback" not in run.stderr


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("tag", "none.jsonl", "--scheme", "supermat"), "none.jsonl"),
        (("tag", ".", "--scheme", "supermat"), "."),
        (("evaluate", "supermat", "none"), "none: no such folder"),
        (("evaluate", "supermat", "."), "no corpus here"),
        (("evaluate", "supermat", "sc"), "holds sc-comics and not supermat"),
        (("evaluate", "supermat", "sm", "--split", "dev"), "no paper here is dev (0 train, 0 dev,"),
        (("evaluate", "supermat", "sm", "--pdf", "none"), "none: no such folder"),
        (("evaluate", "supermat", "sm", "--pdf", "sc"), "no PDF of its papers can be read"),
        (("evaluate", "supermat", "sm", "--model", "none"), "none: no such folder"),
        (("evaluate", "supermat", "sm", "--html", "none/x.html"), "none"),
        (("corpora", "stats", "none"), "none: no such folder"),
    ],
)
def test_what_is_missing_is_named_and_ends_with_1(
    own_folder: Path, arguments: tuple[str, ...], message: str
) -> None:
    write_supermat(own_folder / "sm")
    write_sc_comics(own_folder / "sc")
    run = scmine(*arguments)
    assert run.returncode == 1
    assert message in run.stderr
    assert "Traceback" not in run.stderr
    assert "unexpected" not in run.stderr


def test_tag_from_pipe_to_pipe() -> None:
    run = scmine("tag", "-", "--scheme", "supermat", given=json.dumps({"id": 1, "text": TEXT}))
    line = json.loads(run.stdout)
    assert run.returncode == 0
    assert (line["id"], line["text"]) == (1, TEXT)
    assert {"head": 1, "tail": 2, "label": "material-tcValue"} in line["links"]
    assert re.fullmatch(r"1 texts, 1 sentences in [\d.]+ s \(\d+ sentences/s\)\n", run.stderr)


def test_tag_goes_on_after_bad_lines_and_ends_with_1(own_folder: Path) -> None:
    (own_folder / "in.jsonl").write_text(f"nonsense\n{json.dumps({'text': TEXT})}\n")
    run = scmine("tag", "in.jsonl", "-o", "out.jsonl", "--scheme", "supermat", "--quiet")
    assert run.returncode == 1
    assert run.stdout == ""
    assert run.stderr == "scmine: in.jsonl, line 1: no JSON: Expecting value at character 1\n"
    first, second = map(json.loads, (own_folder / "out.jsonl").read_text().splitlines())
    assert first["input"] == "nonsense"
    assert second["entities"]


def _heed_interrupts() -> None:
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # a shell's background jobs ignore them


def test_an_interrupted_tag_leaves_nothing(own_folder: Path) -> None:
    command = [*CLI, "tag", "-", "-o", "out.jsonl", "--scheme", "supermat", "--workers", "2"]
    with subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stderr=subprocess.PIPE,
        preexec_fn=_heed_interrupts,
    ) as run:
        assert run.stdin is not None
        for _ in range(5 * 64):
            run.stdin.write(json.dumps({"text": TEXT}).encode() + b"\n")
        run.stdin.flush()
        while not list(own_folder.glob(".*.partial")):
            time.sleep(0.05)
        run.send_signal(signal.SIGINT)
        _, shown = run.communicate(timeout=60)
    assert run.returncode == 130
    assert b"interrupted" in shown
    assert list(own_folder.iterdir()) == []


def test_evaluate_prints_tables_and_writes_files(own_folder: Path) -> None:
    write_supermat(own_folder / "sm")
    run = scmine(
        *("evaluate", "supermat", "sm", "--json", "s.json", "--html", "v.html", "--errors", "5")
    )
    assert run.returncode == 0, run.stderr
    assert "Scored: 1 papers (1 other). Left out: none." in run.stdout
    for words in ("Mentions", "gold \\ found", "Links between gold mentions", "micro"):
        assert words in run.stdout
    scores = json.loads((own_folder / "s.json").read_text("utf-8"))
    assert scores["papers"] == {"train": 0, "dev": 0, "other": 1}
    assert scores["mentions"]["exact"]["micro"]["gold"] == 3
    page = (own_folder / "v.html").read_text("utf-8")
    assert "39 K<small>tcValue</small>" in page


def test_evaluate_on_pdfs_says_what_was_found(own_folder: Path) -> None:
    write_supermat(own_folder / "sm")
    (own_folder / "pdf").mkdir()
    lines = set_lines(("On MgB2", "MgB2 has a Tc of 39 K.", "It was bought from a shop."))
    (own_folder / "pdf" / "new.pdf").write_bytes(make_pdf(lines))
    run = scmine("evaluate", "supermat", "sm", "--pdf", "pdf", "--json", "-")
    assert run.returncode == 0, run.stderr
    scores = json.loads(run.stdout)
    assert scores["form"] == "pdf"
    assert sum(scores["projection"]["mentions"].values()) == 3
    assert scores["projection"]["mentions_projected"]["tcValue"] == 1


def test_corpora_stats_counts(own_folder: Path) -> None:
    write_supermat(own_folder / "sm")
    run = scmine("corpora", "stats", "sm")
    assert run.returncode == 0
    assert re.search(r"mention +material +\d", run.stdout)
    write_sc_comics(own_folder / "sc")
    found = json.loads(scmine("corpora", "stats", "sc", "--json").stdout)
    assert found["corpus"] == "sc-comics"
    assert {"what": "link", "label": "Equivalent", "total": 1}.items() <= next(
        row for row in found["parts"]["all"] if row["what"] == "link"
    ).items()
    assert list(found["parts"]) == ["all", "other"]
