"""Reads what annotators made in Label Studio: exports as JSON, and as JSON_MIN without links.

Each annotation of a task is the version of who completed it. Cancelled (skipped) ones and drafts
are no versions; one marked as ground truth is the adjudicated version. Predictions are the
machine's and no version either. Label Studio counts code points; before 1.5 it counted UTF-16
units, which the words it prints tell.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from scmine.corpora.annotation.plain import about_of, mention_of, spans_of, words_of
from scmine.corpora.annotation.versions import Fault, Problem, RawVersion, Read
from scmine.corpora.types import GoldMention
from scmine.extractors.claim import Link

_REMEDY_EXPORT = "Export the project again as JSON"
_SKIPPED_TYPES = frozenset({"relation"})


def is_label_studio(data: Any) -> bool:
    """Whether JSON is a list of tasks in one of the two forms."""
    if not isinstance(data, list) or not data or not isinstance(data[0], dict):
        return False
    first = data[0]
    return ("data" in first and ("annotations" in first or "predictions" in first)) or (
        "annotation_id" in first
    )


def read_label_studio(tasks: Any, file: str) -> Iterator[Read]:
    """The versions of a list of tasks, or what is wrong with each."""
    if not isinstance(tasks, list):
        yield Problem(file, "", Fault.NOT_READ, "not a list of tasks", _REMEDY_EXPORT)
        return
    for number, task in enumerate(tasks):
        name = f"task {number + 1}"
        try:
            is_whole = isinstance(task["data"], dict) if "data" in task else False
            yield from _task(task, file) if is_whole else _minimal(task, file)
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            what = f"not a task with text and labels: {error!r}"
            yield Problem(file, name, Fault.NOT_READ, what, _REMEDY_EXPORT)


def _task(task: Mapping[str, Any], file: str) -> Iterator[Read]:
    data = task["data"]
    text, ident = data["text"], str(data.get("id", ""))
    annotations = task.get("annotations") or []
    done = [a for a in annotations if not a.get("was_cancelled")]
    if not isinstance(text, str):
        raise TypeError("its text is no string")
    if not done:
        what = "every annotation was skipped" if annotations else "nobody has annotated it"
        yield Problem(file, ident, Fault.NOT_DONE, what, "Annotate it, or leave it out")
    for annotation in done:
        try:
            mentions, words, links = _results(annotation["result"])
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            what = f"annotation {annotation.get('id', '?')} cannot be read: {error!r}"
            yield Problem(file, ident, Fault.NOT_READ, what, _REMEDY_EXPORT)
            continue
        yield RawVersion(
            file,
            ident,
            text,
            _who(annotation.get("completed_by")),
            mentions,
            links,
            words,
            adjudicated=bool(annotation.get("ground_truth")),
            when=str(annotation.get("updated_at") or annotation.get("created_at") or ""),
            sentences=spans_of(data.get("sentences")),
            about=about_of(data.get("about")),
        )


def _results(
    results: Sequence[Mapping[str, Any]],
) -> tuple[tuple[GoldMention, ...], tuple[str | None, ...], tuple[Link, ...]]:
    mentions: list[GoldMention] = []
    words: list[str | None] = []
    places: dict[str, list[int]] = {}
    for result in results:
        value = result.get("value", {})
        if result["type"] in _SKIPPED_TYPES or "start" not in value:
            continue  # choices, comments and the like are not about words
        for label in value.get("labels") or [""]:
            places.setdefault(result["id"], []).append(len(mentions))
            mentions.append(mention_of(value["start"], value["end"], label))
            words.append(words_of(value.get("text")))
    links = []
    for result in results:
        if result["type"] != "relation":
            continue
        ends = [places.get(result["from_id"], []), places.get(result["to_id"], [])]
        if not all(ends):
            raise ValueError("a relation ends at a region that is not there")
        if result.get("direction") == "left":
            ends.reverse()
        links += [
            Link(head, tail, str(label))
            for label in result.get("labels") or [""]
            for head in ends[0]
            for tail in ends[1]
        ]
    return tuple(mentions), tuple(words), tuple(links)


def _minimal(task: Mapping[str, Any], file: str) -> Iterator[Read]:
    """JSON_MIN: ``id`` is Label Studio's own there, so that units are told by ``unit`` or text."""
    text = task["text"]
    if not isinstance(text, str):
        raise TypeError("its text is no string")
    # The key is the name of the labelling interface's control: ``label`` in ours.
    regions = [
        part
        for value in task.values()
        if isinstance(value, list)
        for part in value
        if isinstance(part, dict) and "start" in part and "labels" in part
    ]
    yield RawVersion(
        file,
        str(task.get("unit", "")),
        text,
        _who(task["annotator"]),
        tuple(
            mention_of(r["start"], r["end"], label)
            for r in regions
            for label in r.get("labels") or [""]
        ),
        None,
        tuple(words_of(r.get("text")) for r in regions for _ in r.get("labels") or [""]),
        when=str(task.get("updated_at") or task.get("created_at") or ""),
        sentences=spans_of(task.get("sentences")),
        about=about_of(task.get("about")),
    )


def _who(completed_by: Any) -> str:
    """Who made an annotation: exports have a number, an address, or an object with both."""
    if isinstance(completed_by, Mapping):
        return str(completed_by.get("email") or completed_by.get("id") or "unknown")
    return "unknown" if completed_by is None else str(completed_by)
