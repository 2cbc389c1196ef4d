"""Tasks of Label Studio say what was annotated, and give it back."""

from __future__ import annotations

import json
from dataclasses import replace
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings

from scmine.corpora.exchange.annotated import AnnotatedText, ordered
from scmine.corpora.exchange.label_studio import from_task, labelling_config, to_task
from scmine.extractors.claim import Label, Link, LinkLabel, Mention
from tests.corpora.exchange.annotated_texts import annotated_texts

TEXT = "😀 MgB2 has Tc = 39 K.\r\nNbN 16 K."
AFTER = ordered(
    [Mention(2, 6, "material", "MgB2"), Mention(16, 20, "tcValue", "39 K")],
    [Link(0, 1, "material-tcValue")],
)


@settings(deadline=None)
@given(annotated_texts())
def test_what_was_written_is_read(text: AnnotatedText) -> None:
    task = json.loads(json.dumps(to_task(text)))
    assert from_task(task) == text


def test_a_task_has_a_prediction_an_annotation_and_relations() -> None:
    task = to_task(AnnotatedText("a-1", TEXT, AFTER, AFTER))
    assert task["data"]["text"] == TEXT.replace("\r", " ")
    result = task["annotations"][0]["result"]
    assert task["predictions"][0]["model_version"] == "scmine"
    assert result[0]["value"] == {"start": 2, "end": 6, "text": "MgB2", "labels": ["material"]}
    relation = result[2]
    assert (relation["from_id"], relation["to_id"]) == (result[0]["id"], result[1]["id"])
    assert (relation["direction"], relation["labels"]) == ("right", ["material-tcValue"])


def test_what_an_annotator_drew_is_read() -> None:
    task = to_task(AnnotatedText("a-1", TEXT, None, AFTER))
    result = task["annotations"][0]["result"]
    for region in result:
        region.pop("score")
        region.pop("meta", None)
    result[2] |= {"direction": "left", "from_id": result[1]["id"], "to_id": result[0]["id"]}
    found = from_task(task).after
    assert found is not None
    assert [(m.text, m.extractor) for m in found.mentions] == [
        ("MgB2", "label-studio"),
        ("39 K", "label-studio"),
    ]
    assert found.links == (Link(0, 1, "material-tcValue"),)


def test_the_configuration_names_all_labels() -> None:
    root = ElementTree.fromstring(labelling_config(map(str, Label), map(str, LinkLabel)))
    assert {e.get("value") for e in root.iter("Label")} == set(map(str, Label))
    assert {e.get("value") for e in root.iter("Relation")} == set(map(str, LinkLabel))
    name = to_task(AnnotatedText("a", "b", AFTER))["predictions"][0]["result"][0]["from_name"]
    assert root.find("Labels").get("name") == name  # type: ignore[union-attr]


def test_a_task_that_is_none_is_refused() -> None:
    good = to_task(AnnotatedText("a-1", TEXT, None, AFTER))
    outside = json.loads(json.dumps(good))
    outside["annotations"][0]["result"][0]["value"]["end"] = 999
    for task in ({}, {"data": {}}, outside):
        with pytest.raises(ValueError, match=r"Label Studio|characters 2 to 999"):
            from_task(task)
    assert from_task(good) == replace(
        AnnotatedText("a-1", TEXT, None, AFTER), text=TEXT.replace("\r", " ")
    )
