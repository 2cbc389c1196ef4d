"""``scmine evaluate llm``: what it prints where, its exit codes, and a model behind real HTTP."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from scmine.pipelines.evaluate_llm_questions import Questions
from tests.llm_server import Answered, question, serving
from tests.pipelines.llm_made_answers import CORPUS, write_answers

CLI = [sys.executable, "-P", "-m", "scmine.pipelines.cli", "evaluate", "llm"]

pytestmark = pytest.mark.usefixtures("own_folder")


def measure(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*CLI, *arguments], capture_output=True, text=True, check=False, timeout=120
    )


@pytest.fixture(autouse=True)
def settings(own_folder: Path) -> None:
    (own_folder / "scmine.toml").write_text('llm_cache = "cache.db"\n')


def one_mention(body: dict[str, Any]) -> Answered | str:
    """Knows a single compound, refuses where it reads of pressure, and says nothing else."""
    asked = question(body)
    if "3 GPa" in asked:
        return Answered(text=None, refusal="I would rather not.")
    if "Scheme supermat" in asked:
        known = "BaNi3C2" in asked.rpartition("BEGIN")[2]
        item = {"label": "material", "text": "BaNi3C2", "quote": "BaNi3C2"}
        return json.dumps({"mentions": [item] if known else []})
    return json.dumps({"links": []} if "mentions (of" in asked else {"claims": []})


def test_a_server_is_measured_recorded_and_scored_again() -> None:
    with serving(one_mention) as server:
        run = measure(
            str(CORPUS), "--llm", "test-model", "--llm-url", server.url,
            "--save-answers", "saved.jsonl", "--json", "first.json", "--examples", "none",
        )  # fmt: skip
        asked = len(server.asked)
        assert all([m["role"] for m in b["messages"]] == ["system", "user"] for b in server.asked)
        again = measure(
            str(CORPUS), "--llm", "test-model", "--llm-url", server.url, "-q", "--examples", "none"
        )
        assert len(server.asked) == asked, "the second run is answered from the cache"
    assert run.returncode == again.returncode == 0, run.stderr
    assert "Mentions, exact (percent, 2 papers)" in run.stdout
    assert "Requests ended: answered" in run.stdout
    assert "refused" in run.stdout
    assert "requests, " in run.stderr
    assert not again.stderr
    assert "100 %" in again.stdout
    first = json.loads(Path("first.json").read_text(encoding="utf-8"))
    assert first["systems"]["llm"]["figures"]["mentions_exact"]["micro"]["right"] == 1
    assert first["cost"]["all"]["calls"] == asked
    # The file says how its questions were made: without examples.
    replayed = measure(str(CORPUS), "--answers", "saved.jsonl", "--json", "-")
    second = json.loads(replayed.stdout)
    assert second["systems"]["llm"] == first["systems"]["llm"]
    assert second["cost"] == first["cost"]
    assert "replayed from saved.jsonl" in second["setting"]["note"]


def test_an_estimate_asks_nothing() -> None:
    with serving(one_mention) as server:
        arguments = (str(CORPUS), "--llm", "test-model", "--llm-url", server.url, "--llm-estimate")
        run = measure(*arguments, "--llm-budget", "10")
        data = json.loads(measure(*arguments, "--json", "-").stdout)
        assert server.asked == []
    assert run.returncode == 0
    assert "The budget of 10 is not enough." in run.stdout
    assert data["papers"] == 2
    assert data["estimate"]["mentions"]["requests"] == 5
    assert data["estimate"]["all"]["tokens_in"] > 5000


def test_a_budget_that_ends_leaves_papers_unscored_and_says_so() -> None:
    with serving(one_mention) as server:
        run = measure(
            str(CORPUS), "--llm", "test-model", "--llm-url", server.url, "--llm-budget", "1"
        )
        assert server.asked == []
    assert run.returncode == 1
    assert "Not scored in mentions: 2 of 2 papers (over_budget 2" in run.stdout
    assert "Traceback" not in run.stderr


def test_a_server_that_is_not_there_is_named() -> None:
    with serving(one_mention) as server:
        url = server.url
    run = measure(str(CORPUS), "--llm", "test-model", "--llm-url", url, "--task", "claims")
    assert run.returncode == 1
    assert "Traceback" not in run.stderr
    assert "unexpected" not in run.stderr
    assert url in run.stdout + run.stderr or "unavailable" in run.stdout


def test_two_runs_are_compared() -> None:
    for model in ("noisy", "perfect"):
        answers = write_answers(model, Path(f"{model}.jsonl"), Questions(8192, 2048))
        run = measure(str(CORPUS), "--answers", str(answers), "--json", f"{model}.json")
        assert run.returncode == 0, run.stderr
        assert "Made up by hand for the tests of scmine." in run.stdout
    found = measure("--compare", "noisy.json", "perfect.json")
    assert found.returncode == 0
    assert "made-perfect less made-noisy" in found.stdout
    rows = found.stdout.splitlines()
    row = next(x for x in rows if x.startswith("Material-Tc pairs of a paper, strict"))
    assert re.search(r"85\.7 +100\.0 +\+14\.3", row)
    data = json.loads(measure("--compare", "noisy.json", "perfect.json", "--json", "-").stdout)
    assert data["differences"]["links_printed"]["micro"]["difference"] == 40


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--llm", "m"), "DIR is missing"),
        (("d", "--task", "tables"), "--task"),
        (("d", "--llm", "m", "--papers", "0"), "--papers"),
        (("d", "--llm", "m", "--split", "test"), "--split"),
        (("d", "--answers", "a", "--llm", "m"), "--answers asks nobody"),
        (("d", "--answers", "a", "--llm-estimate"), "--answers asks nobody"),
        (("d", "--compare", "a", "b"), "--compare asks nobody"),
        (("d",), "--llm"),
    ],
)
def test_wrong_usage_ends_with_2(arguments: tuple[str, ...], message: str) -> None:
    run = measure(*arguments)
    assert run.returncode == 2, run.stderr
    assert message in run.stderr
    assert "Traceback" not in run.stderr


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("none", "--answers", "a.jsonl"), "a.jsonl"),
        (("--compare", "none.json", "none.json"), "none.json"),
        ((".", "--llm", "m", "--json", "none/x.json"), "no folder none"),
        ((".", "--llm", "m", "--llm-estimate"), "no corpus here"),
    ],
)
def test_what_is_missing_is_named_and_ends_with_1(arguments: tuple[str, ...], message: str) -> None:
    run = measure(*arguments)
    assert run.returncode == 1, run.stderr
    assert message in run.stderr
    assert "Traceback" not in run.stderr
    assert "unexpected" not in run.stderr


def test_help_has_examples_and_evaluate_points_to_it() -> None:
    shown = measure("--help").stdout
    assert "scmine evaluate llm " in shown.partition("Examples:")[2].partition("Options:")[0]
    outer = subprocess.run([*CLI[:-1], "--help"], capture_output=True, text=True, check=True).stdout
    assert "scmine evaluate llm --help" in outer
    bare = subprocess.run(CLI, capture_output=True, text=True, check=False)
    assert bare.returncode == 2
    assert "Examples:" in bare.stderr + bare.stdout


def test_the_command_page_shows_every_flag(root: Path) -> None:
    page = (root / "docs" / "cli.md").read_text(encoding="utf-8")
    section = page.partition("## scmine evaluate llm\n")[2].partition("\n## ")[0]
    source = (root / "pipelines" / "cli_evaluate_llm.py").read_text(encoding="utf-8")
    flags = set(re.findall(r'"(--[a-z-]+)"', source)) | {"--llm-url", "--shuffles", "--examples"}
    assert {flag for flag in flags if f"`{flag}" not in section} == set()
