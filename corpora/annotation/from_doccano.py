"""Reads what annotators made in doccano: JSON lines, a file an annotator, alone or in a zip.

Lines have ``entities`` and ``relations``, or in older exports ``label`` (or ``labels``) with
triples and no relations. doccano counts UTF-16 units unless a project counts grapheme clusters
(doccano issue 2290), which is not understood: switch it off before you import texts there.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from scmine.corpora.annotation.plain import about_of, load_json, mention_of, spans_of
from scmine.corpora.annotation.versions import Counting, Fault, Problem, RawVersion, Read
from scmine.extractors.claim import Link

_REMEDY = "Export the project again as JSONL"


def is_doccano(line: Any) -> bool:
    """Whether a line's JSON is doccano's."""
    if not isinstance(line, dict) or "before" in line or "versions" in line:
        return False
    first = next(iter(line.get("entities") or ()), None)
    new = "entities" in line and (
        "relations" in line or (isinstance(first, dict) and "start_offset" in first)
    )
    return new or isinstance(line.get("label", line.get("labels")), list)


def read_doccano(text: str, file: str, annotator: str) -> Iterator[Read]:
    """The versions of a file, all of one annotator, or what is wrong with each line."""
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        try:
            yield _version(load_json(line), file, annotator)
        except (KeyError, TypeError, ValueError, IndexError, AttributeError) as error:
            what = f"not a line of doccano's: {error!r}"
            yield Problem(file, f"line {number}", Fault.NOT_READ, what, _REMEDY)


def _version(data: Mapping[str, Any], file: str, annotator: str) -> RawVersion:
    text = data.get("text", data.get("data"))
    if not isinstance(text, str):
        raise TypeError("it has no text")
    links: tuple[Link, ...] | None
    if "entities" in data:
        entities = data["entities"]
        mentions = tuple(
            mention_of(e["start_offset"], e["end_offset"], e["label"]) for e in entities
        )
        places = {e["id"]: i for i, e in enumerate(entities)}
        relations = data.get("relations")
        links = None if relations is None else tuple(_link(r, places) for r in relations)
    else:
        triples = data["label"] if "label" in data else data["labels"]
        mentions = tuple(mention_of(*triple) for triple in triples)
        links = None
    return RawVersion(
        file,
        # doccano's own ``id`` is its number of the example; ours travels in ``unit``.
        str(data.get("unit", "")),
        text,
        annotator,
        mentions,
        links,
        counting=Counting.UTF16,
        sentences=spans_of(data.get("sentences")),
        about=about_of(data.get("about")),
    )


def _link(relation: Mapping[str, Any], places: Mapping[Any, int]) -> Link:
    ends = relation["from_id"], relation["to_id"]
    if any(end not in places for end in ends):
        raise ValueError("a relation ends at an entity that is not there")
    return Link(places[ends[0]], places[ends[1]], str(relation.get("type") or ""))
