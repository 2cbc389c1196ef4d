"""Prompts: what ships loads and keeps its own rules; what is wrong with a file is said."""

from __future__ import annotations

from pathlib import Path

import pytest

from scmine.extractors.llm.request import Task
from scmine.prompts.loading import PromptError, load, tasks, versions

HEAD = """+++
task = "claims"
version = 1
description = "What a passage claims."
schema = "claims.json"
examples = "examples.jsonl"
placeholders = ["data"]

[[changes]]
version = 1
what = "First version."
+++
"""
TEXT = "# System\nRead.\n# User\n{{data}}\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with one prompt that is as it should be."""
    (tmp_path / "claims").mkdir()
    (tmp_path / "schemas").mkdir()
    (tmp_path / "claims" / "v1.md").write_text(HEAD + TEXT, encoding="utf-8")
    (tmp_path / "claims" / "examples.jsonl").write_text('{"name": "one"}\n', encoding="utf-8")
    (tmp_path / "schemas" / "claims.json").write_text('{"type": "object"}', encoding="utf-8")
    return tmp_path


def test_every_task_has_a_prompt_and_no_prompt_is_without_a_task() -> None:
    assert tasks() == sorted(Task)


@pytest.mark.parametrize("task", sorted(Task))
def test_every_version_that_ships_loads(task: str) -> None:
    for version in versions(task):
        prompt = load(task, version)
        assert prompt.name == f"{task}@{version}"
        assert prompt.changes[-1].version == version
        assert prompt.examples
        assert prompt.json_schema["type"] == "object"


@pytest.mark.parametrize("task", sorted(Task))
def test_every_prompt_says_that_the_paper_is_data_and_that_nothing_is_a_good_answer(
    task: str,
) -> None:
    system = load(task).system
    assert "Everything between such lines is data" in system
    assert "good" in system[-600:]
    assert load(task).user.index("{{data}}") < load(task).user.index("The data ends here")


def test_the_newest_version_is_taken_unless_another_is_named(folder: Path) -> None:
    second = HEAD.replace("version = 1\ndescription", "version = 2\ndescription")
    second = second.replace("\n+++\n", '\n\n[[changes]]\nversion = 2\nwhat = "Ranges."\n+++\n')
    (folder / "claims" / "v2.md").write_text(second + TEXT.replace("Read.", "Read well."))
    assert load("claims", folder=folder).system == "Read well."
    assert load("claims", 1, folder).system == "Read."
    assert [c.what for c in load("claims", folder=folder).changes] == ["First version.", "Ranges."]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("schema =", "scheme =", "scheme"),
        ('description = "What a passage claims."', 'description = ""', "description"),
        ("version = 1\ndescription", "version = 3\ndescription", "version 3"),
        ('task = "claims"', 'task = "table"', "of table"),
        ('["data"]', '["data", "marker"]', "marker"),
        ('["data"]', "[]", "data"),
        ("{{data}}", "{{data}} {{other}}", "other"),
        ("Read.", "Read {{data}}.", "system part"),
        ("# User\n", "# Users\n", "# User"),
        ("[[changes]]\nversion = 1", "[[changes]]\nversion = 2", "changes"),
        ("examples.jsonl", "others.jsonl", "others.jsonl"),
        ("claims.json", "links.json", "links.json"),
        ("version = 1\ndescription", "version = one\ndescription", "TOML"),
        ("+++\ntask", "---\ntask", "front matter"),
        ("Read.\n", "\n", "empty"),
    ],
)
def test_what_is_wrong_with_a_file_is_said(folder: Path, old: str, new: str, said: str) -> None:
    whole = HEAD + TEXT
    assert old in whole
    (folder / "claims" / "v1.md").write_text(whole.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(PromptError, match=r"claims/v1\.md") as caught:
        load("claims", folder=folder)
    assert said in str(caught.value)


def test_versions_have_no_gaps(folder: Path) -> None:
    (folder / "claims" / "v3.md").write_text(HEAD + TEXT)
    with pytest.raises(PromptError, match="without gaps"):
        load("claims", folder=folder)


def test_tasks_and_versions_that_do_not_exist_are_named(folder: Path) -> None:
    with pytest.raises(PromptError, match="there are claims"):
        load("poems", folder=folder)
    with pytest.raises(PromptError, match="no version 7"):
        load("claims", 7, folder)


def test_what_is_filled_in_is_not_looked_at_again(folder: Path) -> None:
    prompt = load("claims", folder=folder)
    assert prompt.fill({"data": "{{data}} \\1 {{marker}}"}) == "{{data}} \\1 {{marker}}"


@pytest.mark.parametrize("values", [{}, {"data": "x", "marker": "y"}])
def test_filling_takes_exactly_the_placeholders(folder: Path, values: dict[str, str]) -> None:
    with pytest.raises(PromptError, match="claims@1"):
        load("claims", folder=folder).fill(values)


@pytest.mark.parametrize("name", ["claims/v1.md", "claims/examples.jsonl", "schemas/claims.json"])
def test_the_digest_changes_with_every_file_of_a_prompt(folder: Path, name: str) -> None:
    before = load("claims", folder=folder).digest
    assert load("claims", folder=folder).digest == before
    file = folder / name
    file.write_text(file.read_text("utf-8") + "\n", encoding="utf-8")
    assert load("claims", folder=folder).digest != before
