"""Annotated texts as doccano's JSON lines, for sequence labelling with relations.

doccano shows and stores what JavaScript counts: UTF-16 units (its issues 2290 and 2484). Keys that
it does not know become an example's metadata, which annotators see and exports give back: ``unit``
names the text, ``reasons`` has a line for each mention or link that deserves a look, since doccano
has no place for a note on one. Reading lives in ``scmine.corpora.annotation``.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from itertools import accumulate
from typing import Any

from scmine.corpora.exchange.annotated import AnnotatedText, Annotations

_COLOURS = ("#1f77b4", "#ff7f0e", "#2ca02c", "#d62728", "#9467bd", "#8c564b", "#e377c2", "#7f7f7f")


def to_line(text: AnnotatedText) -> str:
    """One text, with the annotations before correction, as a line without the line's end."""
    return json.dumps(to_plain(text), ensure_ascii=False)


def to_plain(text: AnnotatedText) -> dict[str, Any]:
    """One text as what JSON can hold.

    >>> from scmine.extractors.claim import Mention
    >>> found = Annotations((Mention(2, 6, "material", "MgB2"),))
    >>> to_plain(AnnotatedText("a-1", "😀 MgB2", found))["entities"]
    [{'id': 1, 'label': 'material', 'start_offset': 3, 'end_offset': 7}]
    """
    annotations = text.before or Annotations()
    places = utf16_places(text.text)
    return {
        "text": text.text,
        "entities": [
            {
                "id": i,
                "label": str(m.label),
                "start_offset": places[m.start],
                "end_offset": places[m.end],
            }
            for i, m in enumerate(annotations.mentions, 1)
        ],
        "relations": [
            {"id": i, "from_id": k.head + 1, "to_id": k.tail + 1, "type": str(k.label)}
            for i, k in enumerate(annotations.links, 1)
        ],
        "unit": text.ident,
        "reasons": reasons(annotations),
    } | {key: value for key, value in text.about.items() if key in ("title", "kind", "look_at")}


def utf16_places(text: str) -> list[int]:
    """For each character of a text, and its end, how many UTF-16 units stand before it.

    >>> utf16_places("a😀b")
    [0, 1, 3, 4]
    """
    return [0, *accumulate(1 + (ord(c) > 0xFFFF) for c in text)]


def reasons(annotations: Annotations) -> list[str]:
    """What is said of mentions and links, each with what it is said of."""
    mentions = annotations.mentions
    said = [
        f"{m.label} {m.text!r}: {reason}"
        for m, reason in zip(mentions, annotations.reasons, strict=False)
        if reason
    ]
    said += [
        f"{k.label} {mentions[k.head].text!r} – {mentions[k.tail].text!r}: {reason}"
        for k, reason in zip(annotations.links, annotations.link_reasons, strict=False)
        if reason
    ]
    return said


def labels_file(labels: Iterable[str]) -> str:
    """Labels of mentions or relations, to be imported under the project's labels."""
    return json.dumps(_coloured(list(labels)), indent=1) + "\n"


def _coloured(labels: Sequence[str]) -> list[dict[str, str]]:
    return [
        {"text": label, "background_color": _COLOURS[i % len(_COLOURS)], "text_color": "#ffffff"}
        for i, label in enumerate(labels)
    ]
