"""The pages of the documentation that follow from the code are up to date."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path
from types import ModuleType

import pytest

from scmine.pipelines.settings import Settings


@pytest.fixture
def generate(root: Path) -> ModuleType:
    """The script that writes the pages."""
    spec = importlib.util.spec_from_file_location("generate", root / "docs" / "generate.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("name", ["cli.md", "settings.md", "records.md", "rules.md"])
def test_pages_are_up_to_date(generate: ModuleType, root: Path, name: str) -> None:
    page = (root / "docs" / name).read_text(encoding="utf-8")
    assert page == generate.PAGES[name](), "run: make docs"


def test_the_settings_page_lists_every_setting_and_no_other(root: Path) -> None:
    page = (root / "docs" / "settings.md").read_text(encoding="utf-8")
    assert re.findall(r"^\| `(\w+)` \|", page, re.MULTILINE) == list(Settings.model_fields)


def test_the_command_page_shows_every_flag(root: Path) -> None:
    page = (root / "docs" / "cli.md").read_text(encoding="utf-8")
    source = (root / "pipelines" / "cli.py").read_text(encoding="utf-8")
    flags = set(re.findall(r'"(--[a-z-]+)"', source)) - {"--version"}
    assert flags
    assert {flag for flag in flags if f"`{flag}" not in page} == set()
