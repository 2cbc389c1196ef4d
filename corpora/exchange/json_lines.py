"""Annotated texts as JSON lines: everything there is, in the form that ``scmine tag`` writes.

One line a text: ``id``, ``text``, ``sentences``, ``about``, and under ``before`` and ``after``
``entities`` and ``links``; both may have a ``reason``. Offsets count code points of ``text``.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from scmine.corpora.exchange.annotated import AnnotatedText, Annotations
from scmine.extractors.claim import Link, Mention


def to_line(text: AnnotatedText) -> str:
    """One text as a line of JSON, without the line's end."""
    return json.dumps(to_plain(text), ensure_ascii=False)


def to_plain(text: AnnotatedText) -> dict[str, Any]:
    """One text as what JSON can hold."""
    plain: dict[str, Any] = {"id": text.ident, "text": text.text}
    plain["sentences"] = [list(span) for span in text.sentences]
    for name, side in (("before", text.before), ("after", text.after)):
        plain[name] = None if side is None else _plain(side)
    plain["about"] = dict(text.about)
    return plain


def from_line(line: str) -> AnnotatedText:
    """The text of a line.

    Raises
    ------
    ValueError
        If the line is no JSON, or not as `to_line` writes it.
    """
    return from_plain(json.loads(line))


def from_plain(data: Mapping[str, Any]) -> AnnotatedText:
    """The text of what `to_plain` gave.

    Raises
    ------
    ValueError
        If it is not as `to_plain` makes it.
    """
    try:
        text = data["text"]
        return AnnotatedText(
            data["id"],
            text,
            _annotations(data["before"], text),
            _annotations(data["after"], text),
            tuple((start, end) for start, end in data["sentences"]),
            dict(data["about"]),
        )
    except (KeyError, TypeError) as error:
        raise ValueError(f"not an annotated text: {error!r}") from error


def _plain(annotations: Annotations) -> dict[str, Any]:
    return {
        "entities": [
            {
                "start": m.start,
                "end": m.end,
                "label": str(m.label),
                "text": m.text,
                "score": m.score,
                "extractor": m.extractor,
            }
            | _reason(annotations.reason(i))
            for i, m in enumerate(annotations.mentions)
        ],
        "links": [
            {"head": k.head, "tail": k.tail, "label": str(k.label), "score": k.score}
            | _reason(annotations.link_reason(i))
            for i, k in enumerate(annotations.links)
        ],
    }


def _reason(reason: str) -> dict[str, str]:
    return {"reason": reason} if reason else {}


def _annotations(data: Mapping[str, Any] | None, text: str) -> Annotations | None:
    if data is None:
        return None
    mentions = tuple(
        Mention(
            m["start"],
            m["end"],
            m["label"],
            text[m["start"] : m["end"]],
            m["score"],
            m["extractor"],
        )
        for m in data["entities"]
    )
    links = tuple(Link(k["head"], k["tail"], k["label"], k["score"]) for k in data["links"])
    if any(not 0 <= end < len(mentions) for k in links for end in (k.head, k.tail)):
        raise ValueError("not an annotated text: a link names a mention that is not there")
    reasons, link_reasons = (
        tuple(item.get("reason", "") for item in data[kind]) for kind in ("entities", "links")
    )
    return Annotations(
        mentions,
        links,
        reasons if any(reasons) else (),
        link_reasons if any(link_reasons) else (),
    )
