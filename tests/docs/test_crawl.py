"""The page on crawling: its commands can be given, its states and settings are the code's."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer.main
from typer.core import TyperGroup

from scmine.database.crawl_values import CrawlState, VersionState
from scmine.pipelines.cli import app
from scmine.pipelines.settings import Settings


@pytest.fixture
def page(root: Path) -> str:
    return (root / "docs" / "crawl.md").read_text("utf-8")


def test_commands_can_be_given(page: str, root: Path) -> None:
    blocks = "\n".join(re.findall(r"^```(?:sh|text)\n(.*?)^```", page, re.M | re.S))
    unit = (root / "docs" / "systemd" / "scmine-crawl.service").read_text("utf-8")
    commands = list(_commands(blocks + unit))
    assert len(commands) > 15
    for command in commands:
        _parse(command)


def _commands(text: str) -> Iterator[list[str]]:
    """What follows ``scmine`` in the lines of a shell, a crontab, or a unit."""
    for line in text.splitlines():
        match = re.search(r"(?:^|[/=])scmine ([a-z].*)$", line)
        if match is not None:
            yield shlex.split(match[1])


def parse(command: str) -> None:
    """Parse what a page or a report tells people to type."""
    name, *words = shlex.split(command)
    assert name == "scmine"
    _parse(words)


def _parse(words: list[str]) -> None:
    """Parse a command with all its options, as the command line does before it does anything."""
    command = typer.main.get_command(app)
    rest = words
    while isinstance(command, TyperGroup):
        context = command.make_context("scmine", rest[:1])
        found = command.get_command(context, rest[0])
        assert found is not None, words
        command, rest = found, rest[1:]
    command.make_context("scmine", list(rest))


def test_states_are_those_of_the_code(page: str) -> None:
    table = page.split("| a version is |")[1].split("\n\n")[0]
    assert re.findall(r"^\| `(\w+)`", table, re.M) == [state.value for state in VersionState]
    sentence = page.split("A crawl itself is")[1].split("\n\n")[0]
    assert set(re.findall(r"`(\w+)`", sentence)) == {state.value for state in CrawlState}


def test_settings_are_those_of_the_code(page: str) -> None:
    named = set(re.findall(r"`((?:crawl|smtp|report|relevance)_\w+)`", page))
    assert named
    assert named <= set(Settings.model_fields)
    block = page.split("```toml\n")[1].split("```")[0]
    Settings.model_validate(tomllib.loads(block))


def test_links_lead_somewhere(page: str, root: Path) -> None:
    for link in re.findall(r"\]\((?!https?:)([^)#]+)", page):
        assert (root / "docs" / link).exists(), link


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="needs systemd-analyze")
def test_systemd_takes_the_units(root: Path, tmp_path: Path) -> None:
    for unit in (root / "docs" / "systemd").iterdir():
        text = unit.read_text("utf-8").replace("/opt/scmine/bin/scmine", sys.executable)
        (tmp_path / unit.name).write_text(text, "utf-8")
    done = subprocess.run(
        ["systemd-analyze", "verify", *map(str, tmp_path.iterdir())],
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert (done.returncode, done.stderr) == (0, "")
