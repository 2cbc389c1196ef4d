"""A group of commands of which one may stay unnamed."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import pytest
import typer
from typer.testing import CliRunner

from scmine.pipelines.default_command import ExportByDefault


def _app() -> typer.Typer:
    outer = typer.Typer(rich_markup_mode=None)
    inner = typer.Typer(cls=ExportByDefault, no_args_is_help=True, rich_markup_mode=None)

    @outer.command()
    def other() -> None:
        print("other")

    @inner.command()
    def export(paths: list[Path], to: Annotated[str, typer.Option()] = "jsonl") -> None:
        print("export", *paths, to)

    @inner.command("import")
    def import_(file: Path) -> None:
        print("import", file)

    outer.add_typer(inner, name="annotate")
    return outer


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("annotate papers more", "export papers more jsonl"),
        ("annotate --to brat papers", "export papers brat"),
        ("annotate papers --to brat", "export papers brat"),
        ("annotate export papers", "export papers jsonl"),
        ("annotate import tasks.json", "import tasks.json"),
        ("annotate ./import", "export import jsonl"),
        ("annotate -- import", "export import jsonl"),
        ("other", "other"),
    ],
)
def test_what_is_no_command_goes_to_the_default(words: str, said: str) -> None:
    found = CliRunner().invoke(_app(), words.split())
    assert (found.exit_code, found.output.strip()) == (0, said)


def test_help_lists_the_commands_and_nothing_else_is_help() -> None:
    for words in ("annotate", "annotate --help"):
        found = CliRunner().invoke(_app(), words.split())
        assert "\n  export" in found.output
        assert "\n  import" in found.output
    assert CliRunner().invoke(_app(), ["annotate", "import", "a", "b"]).exit_code == 2
