"""Prompts: files with metadata, loaded and checked; what they ask lives in the files.

Each task has a folder with one file a version (``claims/v1.md``); the newest is used unless another
is named. A file is TOML between two lines ``+++``, then a part ``# System`` and a part ``# User``
with ``{{placeholders}}``. How a prompt is filled with a paper's text lives in
``scmine.extractors.llm``. Imports nothing of the project.
"""

from __future__ import annotations

import hashlib
import json
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

_FILE = re.compile(r"v([1-9]\d{0,3})\.md")
_WHOLE = re.compile(r"\+\+\+\n(.*?)\n\+\+\+\n+# System\n(.*?)\n# User\n(.*)", re.DOTALL)
_PLACEHOLDER = re.compile(r"\{\{(\w*)\}\}")


class PromptError(ValueError):
    """A prompt that is missing or not as it should be; the message names file and fault."""


class Change(BaseModel):
    """What a version changed, and why."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    version: int = Field(ge=1)
    what: str = Field(min_length=1)


class _Head(BaseModel):
    """The front matter of a prompt's file."""

    model_config = ConfigDict(extra="forbid", strict=True)

    task: str
    version: int
    description: str = Field(min_length=1)
    schema_file: str = Field(alias="schema")
    examples: str
    labels: str | None = None
    placeholders: list[str]
    changes: list[Change]


@dataclass(frozen=True, slots=True)
class Prompt:
    """One version of what is asked for one task.

    ``system`` is sent as it is, ``user`` filled by `fill`. ``examples`` are worked examples as the
    file beside it has them, ``labels`` the definitions of labels by scheme where the task has
    such. ``digest`` changes with every byte of all of these and of the schema.
    """

    task: str
    version: int
    description: str
    schema: str
    system: str
    user: str
    placeholders: frozenset[str]
    changes: tuple[Change, ...]
    examples: tuple[Mapping[str, Any], ...]
    labels: Mapping[str, Mapping[str, str]]
    json_schema: Mapping[str, Any]
    digest: str

    @property
    def name(self) -> str:
        """Task and version, as records and caches name it: ``claims@1``."""
        return f"{self.task}@{self.version}"

    def fill(self, values: Mapping[str, str]) -> str:
        """The user's part with ``values`` put in; what they hold is not looked at again.

        Raises
        ------
        PromptError
            If a placeholder has no value, or a value no placeholder.
        """
        if set(values) != self.placeholders:
            missing, other = self.placeholders - set(values), set(values) - self.placeholders
            raise PromptError(
                f"{self.name}: no value for {sorted(missing)}, no use for {sorted(other)}"
            )
        return _PLACEHOLDER.sub(lambda match: values[match[1]], self.user)


def tasks(folder: Traversable | None = None) -> list[str]:
    """The tasks that have a prompt, in alphabetical order."""
    root = folder or _root()
    return sorted(d.name for d in root.iterdir() if d.is_dir() and _versions(d))


def versions(task: str, folder: Traversable | None = None) -> list[int]:
    """The versions of a task's prompt, oldest first.

    Raises
    ------
    PromptError
        If there are none.
    """
    place = (folder or _root()) / task
    found = _versions(place) if place.is_dir() else []
    if not found:
        raise PromptError(f"no prompt for the task {task!r}; there are {', '.join(tasks(folder))}")
    return found


def load(task: str, version: int | None = None, folder: Traversable | None = None) -> Prompt:
    """The prompt of ``task``, the newest one unless ``version`` names another.

    Parameters
    ----------
    task
        The name of its folder, such as ``claims``.
    version
        A version that its folder holds.
    folder
        Another folder of prompts than the packaged one.

    Raises
    ------
    PromptError
        If there is no such prompt, or its files are not as they should be.

    Examples
    --------
    >>> load("claims", 1).name
    'claims@1'
    """
    if folder is None:
        return _packaged(str(task), version)
    return _load(folder, str(task), version)


@cache
def _packaged(task: str, version: int | None) -> Prompt:
    return _load(_root(), task, version)


def _root() -> Traversable:
    return resources.files("scmine.prompts")


def _versions(folder: Traversable) -> list[int]:
    return sorted(int(m[1]) for f in folder.iterdir() if (m := _FILE.fullmatch(f.name)))


def _load(root: Traversable, task: str, version: int | None) -> Prompt:
    known = versions(task, root)
    if known != list(range(1, len(known) + 1)):
        raise PromptError(f"{task}: versions {known} do not count from 1 without gaps")
    wanted = known[-1] if version is None else version
    if wanted not in known:
        raise PromptError(f"{task}: no version {wanted}, only {known}")
    place = f"{task}/v{wanted}.md"
    whole = _text(root / task / f"v{wanted}.md", place)
    match = _WHOLE.fullmatch(whole)
    if match is None:
        raise PromptError(f"{place}: not front matter between +++, then # System, then # User")
    head = _head(match[1], place)
    _check(head, task, wanted, match[2], match[3], place)
    pieces = [whole, _text(root / task / head.examples, place)]
    pieces.append(_text(root / "schemas" / head.schema_file, place))
    labels: dict[str, dict[str, str]] = {}
    if head.labels is not None:
        pieces.append(_text(root / task / head.labels, place))
        labels = tomllib.loads(pieces[-1])
    return Prompt(
        task=task,
        version=wanted,
        description=head.description,
        schema=head.schema_file,
        system=match[2].strip(),
        user=match[3].strip(),
        placeholders=frozenset(head.placeholders),
        changes=tuple(head.changes),
        examples=tuple(json.loads(line) for line in pieces[1].splitlines() if line.strip()),
        labels=labels,
        json_schema=json.loads(pieces[2]),
        digest=hashlib.sha256("\0".join(pieces).encode()).hexdigest(),
    )


def _text(file: Traversable, place: str) -> str:
    try:
        return file.read_text("utf-8")
    except FileNotFoundError as error:
        raise PromptError(f"{place}: there is no file {file.name} beside it") from error


def _head(text: str, place: str) -> _Head:
    try:
        return _Head.model_validate(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise PromptError(f"{place}: front matter is no TOML: {error}") from error
    except ValidationError as error:
        faults = "; ".join(f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors())
        raise PromptError(f"{place}: {faults}") from error


def _check(head: _Head, task: str, version: int, system: str, user: str, place: str) -> None:
    """Whether the front matter fits the file's name and its text."""
    if (head.task, head.version) != (task, version):
        raise PromptError(f"{place}: says it is version {head.version} of {head.task}")
    changed = [change.version for change in head.changes]
    if changed != list(range(1, version + 1)):
        raise PromptError(f"{place}: changes tell of versions {changed}, not of 1 to {version}")
    if _PLACEHOLDER.search(system):
        raise PromptError(
            f"{place}: the system part has placeholders; it is the same for all papers"
        )
    used, named = set(_PLACEHOLDER.findall(user)), set(head.placeholders)
    if used != named:
        raise PromptError(
            f"{place}: placeholders {sorted(used - named)} are not in the front matter, "
            f"{sorted(named - used)} not in the text"
        )
    if not system.strip() or not user.strip():
        raise PromptError(f"{place}: a part is empty")
