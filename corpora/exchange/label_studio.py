"""Annotated texts as tasks of Label Studio, and what annotators made of them back again.

What the machine found becomes a prediction, what people left an annotation; links become relations
that point from the first mention to the second. Label Studio counts code points, as Python does
(its pull request 1559), and is given blanks for carriage returns, which it does not keep; no offset
changes by that. A prediction's score is that of its least certain mention. Extractor and reason of
a mention are its ``meta``, which the tool shows.
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


def labelling_config(
    labels: Iterable[str], link_labels: Iterable[str], notes: Iterable[str] = ()
) -> str:
    """The labelling configuration that the tasks want, as XML.

    ``notes`` are further keys of the tasks' data, shown above the text.

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
    headers = "".join(f'  <Header value="${name}" size="6"/>\n' for name in notes)
    return (
        f"<View>\n{headers}  <Relations>\n{relations}\n  </Relations>\n"
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
        scores = [m.score for m in text.before.mentions]
        task["predictions"] = [
            {
                "model_version": MODEL,
                "score": round(min(scores), 4) if scores else 1.0,
                "result": _results(text.before),
            }
        ]
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
            "meta": {"text": [mention.extractor, *_said(annotations.reason(i))]},
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
        | ({"meta": {"text": [reason]}} if (reason := annotations.link_reason(i)) else {})
        for i, link in enumerate(annotations.links)
    ]
    return results


def _said(reason: str) -> list[str]:
    return [reason] if reason else []


def _annotations(results: Sequence[Mapping[str, Any]], text: str) -> Annotations:
    mentions: list[Mention] = []
    reasons: list[str] = []
    places: dict[str, list[int]] = {}
    for result in results:
        if result["type"] != "labels":
            continue
        value = result["value"]
        start, end = value["start"], value["end"]
        if not 0 <= start <= end <= len(text):
            raise ValueError(f"characters {start} to {end} of a text of {len(text)}")
        extractor, reason = (*_meta(result), "", "")[:2]
        for label in value["labels"]:
            places.setdefault(result["id"], []).append(len(mentions))
            mentions.append(
                Mention(start, end, label, text[start:end], _score(result), extractor or TOOL)
            )
            reasons.append(reason)
    links, link_reasons = _relations(results, places)
    return ordered(mentions, links, reasons, link_reasons)


def _relations(
    results: Sequence[Mapping[str, Any]], places: Mapping[str, Sequence[int]]
) -> tuple[list[Link], list[str]]:
    """The links between the mentions at ``places``, and what is said of each."""
    links: list[Link] = []
    reasons: list[str] = []
    for result in results:
        if result["type"] != "relation":
            continue
        first, second = places[result["from_id"]], places[result["to_id"]]
        if result.get("direction") == "left":
            first, second = second, first
        new = [
            Link(head, tail, label, _score(result))
            for label in result.get("labels") or ()
            for head in first
            for tail in second
        ]
        links += new
        reasons += [next(iter(_meta(result)), "")] * len(new)
    return links, reasons


def _meta(result: Mapping[str, Any]) -> Sequence[str]:
    texts: Sequence[str] = (result.get("meta") or {}).get("text") or ()
    return texts


def _score(result: Mapping[str, Any]) -> float:
    score = result.get("score")
    return 1.0 if score is None else score
