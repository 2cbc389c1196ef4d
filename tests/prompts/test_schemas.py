"""The schemas beside the prompts: true to the types, and within what strict output takes."""

from __future__ import annotations

import importlib.util
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from openai.lib._pydantic import to_strict_json_schema

from scmine.extractors.llm.questions import ANSWERS
from scmine.extractors.llm.request import Task
from scmine.extractors.llm.schemas import strict_schema
from scmine.prompts.loading import load

# OpenAI's guide to structured outputs, "Supported schemas", as of 2025; llama.cpp's converter of
# schemas to grammars knows all of these.
KEYWORDS = {"type", "properties", "required", "additionalProperties", "items", "enum", "anyOf"}
TYPES = {"object", "array", "string", "boolean", "integer", "null"}
MOST_PROPERTIES = 5000
MOST_DEPTH = 10
MOST_NAMES = 120_000
MOST_CHOICES = 1000


def _parts(schema: dict[str, Any], depth: int = 1) -> Iterator[tuple[dict[str, Any], int]]:
    """All schemas within ``schema``, with how deep objects lie in each other."""
    yield schema, depth
    inner = [*schema.get("properties", {}).values(), *schema.get("anyOf", ())]
    if "items" in schema:
        inner.append(schema["items"])
    for one in inner:
        yield from _parts(one, depth + ("properties" in schema))


@pytest.mark.parametrize("task", sorted(Task))
def test_the_file_says_what_the_type_says(root: Path, task: Task) -> None:
    spec = importlib.util.spec_from_file_location("generate", root / "docs" / "generate.py")
    assert spec is not None
    assert spec.loader is not None
    generate = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(generate)
    file = root / "prompts" / "schemas" / f"{task}.json"
    assert file.read_text("utf-8") == generate.schemas()[f"{task}.json"], "run: make docs"
    assert load(task).json_schema == strict_schema(ANSWERS[task])


def test_there_is_a_schema_for_each_task_and_no_other(root: Path) -> None:
    files = (root / "prompts" / "schemas").iterdir()
    assert {f.name for f in files} == {f"{task}.json" for task in Task}


@pytest.mark.parametrize("task", sorted(Task))
def test_the_schema_is_within_what_strict_output_takes(task: Task) -> None:
    schema = strict_schema(ANSWERS[task])
    parts = list(_parts(schema))
    assert schema["type"] == "object"
    assert all(set(part) <= KEYWORDS for part, _ in parts)
    assert max(depth for _, depth in parts) <= MOST_DEPTH
    assert sum(len(part.get("properties", {})) for part, _ in parts) <= MOST_PROPERTIES
    choices = [choice for part, _ in parts for choice in part.get("enum", ())]
    assert len(choices) <= MOST_CHOICES
    names = [name for part, _ in parts for name in part.get("properties", {})]
    assert sum(map(len, [*names, *choices])) <= MOST_NAMES
    for part, _ in parts:
        assert part.get("type", "anyOf") in TYPES or "anyOf" in part
        if part.get("type") == "object":
            assert part["additionalProperties"] is False
            assert part["required"] == list(part["properties"])


@pytest.mark.parametrize("task", sorted(Task))
def test_openai_would_make_nothing_stricter(task: Task) -> None:
    theirs = to_strict_json_schema(ANSWERS[task])
    assert theirs["required"] == strict_schema(ANSWERS[task])["required"]
    assert "$ref" not in json.dumps(strict_schema(ANSWERS[task]))


def test_an_empty_answer_is_always_possible() -> None:
    for answer in ANSWERS.values():
        [name] = strict_schema(answer)["properties"]
        answer.model_validate({name: []})
