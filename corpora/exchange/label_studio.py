"""Annotated texts as tasks of Label Studio, and what annotators made of them back again.

What the machine found becomes a prediction, what people left an annotation; links become relations
that point from the first mention to the second. Label Studio counts code points, as Python does.
It is given blanks for carriage returns, which it does not keep; no offset changes by that.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from xml.sax.saxutils import quoteattr

from scmine.corpora.exchange.annotated import AnnotatedText, Annotations, ordered
from scmine.extractors.claim import Link, Mention

LABELS_NAME, TEXT_NAME = "label", "text"
MODEL = "scmine"
TOOL = "label-studio"
"""The extractor of a mention that was drawn in Label Studio."""


def labelling_config(labels: Iterable[str], link_labels: Iterable[str]) -> str:
    """The labelling configuration that the tasks want, as XML.

    >>> print(labelling_config(["material"], ["material-tcValue"]))
    <View>
      <Relations>
        <Relation value="material-tcValue"/>
      </Relations>
      <Labels name="label" toName="text">
        <Label value="material"/>
      </Labels>
      <Text name="text" value="$text" granularity="symbol"/>
    </View>
    """
    relations = "\n".join(f"    <Relation value={quoteattr(name)}/>" for name in link_labels)
    names = "\n".join(f"    <Label value={quoteattr(name)}/>" for name in labels)
    return (
        f"<View>\n  <Relations>\n{relations}\n  </Relations>\n"
        f'  <Labels name="{LABELS_NAME}" toName="{TEXT_NAME}">\n{names}\n  </Labels>\n'
        f'  <Text name="{TEXT_NAME}" value="$text" granularity="symbol"/>\n</View>'
    )


def to_task(text: AnnotatedText) -> dict[str, Any]:
    """One text as a task, to be imported in a list of them."""
    task: dict[str, Any] = {
        "data": {
            "text": text.text.replace("\r", " "),
            "id": text.ident,
            "sentences": [list(span) for span in text.sentences],
            "about": dict(text.about),
        }
    }
    if text.before is not None:
        task["predictions"] = [{"model_version": MODEL, "result": _results(text.before)}]
    if text.after is not None:
        task["annotations"] = [{"result": _results(text.after), "ground_truth": False}]
    return task


def from_task(task: Mapping[str, Any]) -> AnnotatedText:
    """The text of a task: its first prediction as before, its last annotation as after.

    Raises
    ------
    ValueError
        If the task is not one of texts with labels, or a mention lies outside its text.
    """
    try:
        data = task["data"]
        text = data["text"]
        predictions, annotations = task.get("predictions") or [], task.get("annotations") or []
        return AnnotatedText(
            str(data.get("id", task.get("id", ""))),
            text,
            _annotations(predictions[0]["result"], text) if predictions else None,
            _annotations(annotations[-1]["result"], text) if annotations else None,
            tuple((start, end) for start, end in data.get("sentences", ())),
            dict(data.get("about", {})),
        )
    except (KeyError, TypeError) as error:
        raise ValueError(f"not a task of Label Studio with text and labels: {error!r}") from error


def _results(annotations: Annotations) -> list[dict[str, Any]]:
    results: list[dict[str, Any]] = [
        {
            "id": f"m{i}",
            "from_name": LABELS_NAME,
            "to_name": TEXT_NAME,
            "type": "labels",
            "score": mention.score,
            "meta": {"text": [mention.extractor]},
            "value": {
                "start": mention.start,
                "end": mention.end,
                "text": mention.text,
                "labels": [str(mention.label)],
            },
        }
        for i, mention in enumerate(annotations.mentions)
    ]
    results += [
        {
            "type": "relation",
            "from_id": f"m{link.head}",
            "to_id": f"m{link.tail}",
            "direction": "right",
            "labels": [str(link.label)],
            "score": link.score,
        }
        for link in annotations.links
    ]
    return results


def _annotations(results: Sequence[Mapping[str, Any]], text: str) -> Annotations:
    mentions: list[Mention] = []
    places: dict[str, list[int]] = {}
    for result in results:
        if result["type"] != "labels":
            continue
        value = result["value"]
        start, end = value["start"], value["end"]
        if not 0 <= start <= end <= len(text):
            raise ValueError(f"characters {start} to {end} of a text of {len(text)}")
        extractor = next(iter(result.get("meta", {}).get("text") or ()), TOOL)
        for label in value["labels"]:
            places.setdefault(result["id"], []).append(len(mentions))
            score = result.get("score")
            mentions.append(
                Mention(
                    start, end, label, text[start:end], 1.0 if score is None else score, extractor
                )
            )
    links = []
    for result in results:
        if result["type"] != "relation":
            continue
        first, second = places[result["from_id"]], places[result["to_id"]]
        if result.get("direction") == "left":
            first, second = second, first
        score = result.get("score")
        links += [
            Link(head, tail, label, 1.0 if score is None else score)
            for label in result.get("labels") or ()
            for head in first
            for tail in second
        ]
    return ordered(mentions, links)
