"""doccano's lines say what was annotated, in UTF-16 units."""

from __future__ import annotations

import json

from hypothesis import given, settings

from scmine.corpora.exchange.annotated import AnnotatedText, Annotations
from scmine.corpora.exchange.doccano import labels_file, reasons, to_line
from tests.corpora.exchange.annotated_texts import annotated_texts


@settings(deadline=None)
@given(annotated_texts())
def test_offsets_are_what_a_browser_counts(text: AnnotatedText) -> None:
    line = to_line(text)
    assert "\n" not in line
    data = json.loads(line)
    wanted = text.before or Annotations()
    units = text.text.encode("utf-16-le")
    assert data["text"] == text.text
    assert data["unit"] == text.ident
    assert [
        (units[2 * e["start_offset"] : 2 * e["end_offset"]].decode("utf-16-le"), e["label"])
        for e in data["entities"]
    ] == [(m.text, str(m.label)) for m in wanted.mentions]
    place = {e["id"]: i for i, e in enumerate(data["entities"])}
    assert [(place[r["from_id"]], place[r["to_id"]], r["type"]) for r in data["relations"]] == [
        (k.head, k.tail, str(k.label)) for k in wanted.links
    ]
    said = [r for r in (*wanted.reasons, *wanted.link_reasons) if r]
    assert len(data["reasons"]) == len(said)
    assert all(reason in line for reason, line in zip(said, reasons(wanted), strict=True))


def test_labels_have_each_a_colour() -> None:
    labels = json.loads(labels_file(["material", "tcValue"]))
    assert [label["text"] for label in labels] == ["material", "tcValue"]
    assert len({label["background_color"] for label in labels}) == 2
