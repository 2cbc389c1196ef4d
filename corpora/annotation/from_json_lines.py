"""Reads annotated texts in our own JSON lines, and writes units with all their versions.

A line of ``scmine.corpora.exchange.json_lines`` holds one version (``after``, or ``entities`` and
``links`` at the top, as ``scmine tag`` writes them); a line of ``annotations.jsonl``, which an
import writes, holds all (``versions``). Offsets count code points.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from scmine.corpora.annotation.plain import about_of, load_json, mention_of, spans_of, words_of
from scmine.corpora.annotation.versions import Fault, Problem, RawVersion, Read, Unit, Version
from scmine.corpora.exchange.annotated import AnnotatedText, Annotations
from scmine.extractors.claim import Link, Mention

_REMEDY = "Mend the line, or export it again"


def read_json_lines(text: str, file: str, annotator: str) -> Iterator[Read]:
    """The versions of a file, or what is wrong with each line.

    ``annotator`` made those that do not name theirs (``annotator`` of the line or its ``about``).
    """
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        try:
            yield from _versions(load_json(line), file, annotator)
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            what = f"not an annotated text: {error!r}"
            yield Problem(file, f"line {number}", Fault.NOT_READ, what, _REMEDY)


def read_originals(text: str) -> list[AnnotatedText]:
    """The units as they were given to annotators, from lines of JSON.

    Raises
    ------
    ValueError
        If a line is none, or two are of one unit; the message names the line.
    """
    found: dict[str, AnnotatedText] = {}
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        try:
            data = load_json(line)
            ident = str(data["id"])
            original = AnnotatedText(
                ident,
                _text(data),
                _before(data),
                None,
                spans_of(data.get("sentences")),
                about_of(data.get("about")),
            )
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise ValueError(f"line {number}: not a unit of an export: {error!r}") from error
        if ident in found:
            raise ValueError(f"line {number}: unit {ident!r} stands in it twice")
        found[ident] = original
    return list(found.values())


def unit_line(unit: Unit) -> str:
    """A unit with all its versions as a line of JSON, without the line's end."""
    before = None
    if unit.before is not None:
        before = {
            "entities": [
                {"start": m.start, "end": m.end, "label": str(m.label), "text": m.text}
                | {"score": m.score, "extractor": m.extractor}
                for m in unit.before.mentions
            ],
            "links": [
                {"head": k.head, "tail": k.tail, "label": str(k.label), "score": k.score}
                for k in unit.before.links
            ],
        }
    return json.dumps(
        {
            "id": unit.ident,
            "text": unit.text,
            "sentences": [list(span) for span in unit.sentences],
            "before": before,
            "versions": [_plain(unit, version) for version in unit.versions],
            "about": dict(unit.about),
        },
        ensure_ascii=False,
    )


def _plain(unit: Unit, version: Version) -> dict[str, Any]:
    entities = []
    for m in version.mentions:
        words = " ".join(unit.text[start:end] for start, end in m.spans)
        entity = {"start": m.start, "end": m.end, "label": str(m.label), "text": words}
        if m.fragments:
            entity["fragments"] = [list(span) for span in m.fragments]
        entities.append(entity)
    links = version.links
    return {
        "annotator": version.annotator,
        "adjudicated": version.adjudicated,
        "entities": entities,
        "links": None
        if links is None
        else [{"head": k.head, "tail": k.tail, "label": str(k.label)} for k in links],
    }


def _versions(data: Mapping[str, Any], file: str, annotator: str) -> Iterator[Read]:
    about = about_of(data.get("about"))
    ident = str(data["id"])
    versions = data.get("versions")
    if versions is None:
        version = data.get("after", data)
        if version is None:
            what = "nobody has annotated it: its after is null"
            yield Problem(file, ident, Fault.NOT_DONE, what, "Annotate it, or leave it out")
            return
        name = data.get("annotator") or about.get("annotator") or annotator
        versions = [{"annotator": name, "adjudicated": data.get("adjudicated", False), **version}]
    for version in versions:
        entities = version["entities"]
        links = version.get("links")
        yield RawVersion(
            file,
            ident,
            _text(data),
            str(version["annotator"]),
            tuple(
                mention_of(e["start"], e["end"], e["label"], spans_of(e.get("fragments")))
                for e in entities
            ),
            None if links is None else tuple(_link(k) for k in links),
            tuple(words_of(e.get("text")) for e in entities),
            adjudicated=bool(version.get("adjudicated")),
            before=_before(data),
            sentences=spans_of(data.get("sentences")),
            about=about,
        )


def _text(data: Mapping[str, Any]) -> str:
    text = data["text"]
    if not isinstance(text, str):
        raise TypeError("its text is no string")
    return text


def _link(link: Mapping[str, Any]) -> Link:
    head, tail = link["head"], link["tail"]
    if type(head) is not int or type(tail) is not int:
        raise TypeError(f"no link: {link!r}")
    return Link(head, tail, str(link.get("label") or ""))


def _before(data: Mapping[str, Any]) -> Annotations | None:
    before = data.get("before")
    if before is None:
        return None
    text = _text(data)
    mentions = tuple(
        Mention(
            m["start"],
            m["end"],
            m["label"],
            text[m["start"] : m["end"]],
            m.get("score", 1.0),
            m.get("extractor", ""),
        )
        for m in before["entities"]
    )
    links = tuple(
        Link(k["head"], k["tail"], k["label"], k.get("score", 1.0)) for k in before["links"]
    )
    return Annotations(mentions, links)
