"""Lines of ``scmine tag``: what a line must hold to be tagged, and how its answer is written.

A line is a JSON object with ``text`` and, where mentions are given, ``entities``. Everything else
in it is the user's and is kept. What finds and joins mentions lives in ``tag_texts``.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NoReturn

from scmine.corpora.sc_comics import SCHEME as SC_COMICS_SCHEME
from scmine.corpora.supermat import LABELS as SUPERMAT_LABELS
from scmine.extractors.schemes import Scheme

LABELS: Mapping[Scheme, frozenset[str]] = {
    Scheme.SUPERMAT: frozenset(SUPERMAT_LABELS),
    Scheme.SC_COMICS: SC_COMICS_SCHEME.mentions,
}
"""The labels of mentions that each scheme has."""


class LineError(ValueError):
    """A line that cannot be tagged; the message says why."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the input: its number from 1, and either what it holds or what is wrong.

    ``content`` is what a line that cannot be tagged is written out as, but for its ``error``.
    """

    number: int
    content: dict[str, Any]
    error: str | None = None

    def job(self) -> dict[str, Any]:
        """What the tagger has to know of a line without an error."""
        entities = self.content.get("entities")
        given = None if entities is None else [[e["start"], e["end"], e["label"]] for e in entities]
        return {"text": self.content["text"], "entities": given}

    def answered(self, answer: Mapping[str, Any]) -> Line:
        """The line with what the tagger found, or with the error that it ended in."""
        if "error" in answer:
            return Line(self.number, self.content, answer["error"])
        content = {key: value for key, value in self.content.items() if key != "error"}
        found = answer["entities"]
        if content.get("entities") is not None:
            text = content["text"]
            entities = [e | {"text": text[e["start"] : e["end"]]} for e in content["entities"]]
            found = [e | {"score": e.get("score")} for e in entities]
        return Line(self.number, content | {"entities": found, "links": answer["links"]})

    def written(self) -> bytes:
        """The line as it is written out, line break included."""
        content = self.content if self.error is None else self.content | {"error": self.error}
        try:
            text = json.dumps(content, ensure_ascii=False, allow_nan=False)
            return text.encode("utf-8") + b"\n"
        except UnicodeEncodeError:  # half a surrogate pair, which only an escape can say
            return json.dumps(content, allow_nan=False).encode("ascii") + b"\n"


def parse_line(raw: bytes, number: int, scheme: Scheme) -> Line:
    r"""The line ``raw``, checked.

    >>> parse_line(b'{"id": 7, "text": "MgB2"}', 1, Scheme.SUPERMAT).job()
    {'text': 'MgB2', 'entities': None}
    >>> parse_line(b"MgB2\n", 2, Scheme.SUPERMAT).written()
    b'{"input": "MgB2", "error": "no JSON: Expecting value at character 1"}\n'
    """
    try:
        content = _decoded(raw)
    except LineError as error:
        text = raw.decode("utf-8", errors="backslashreplace").rstrip("\r\n")
        return Line(number, {"input": text}, str(error))
    try:
        _check(content, LABELS[scheme])
    except LineError as error:
        return Line(number, content, str(error))
    return Line(number, content)


def _decoded(raw: bytes) -> dict[str, Any]:
    try:
        content = json.loads(raw.decode("utf-8-sig"), parse_constant=_refuse, parse_float=_finite)
    except UnicodeDecodeError as error:
        raise LineError(f"no UTF-8 at byte {error.start + 1}") from error
    except json.JSONDecodeError as error:
        raise LineError(f"no JSON: {error.msg} at character {error.pos + 1}") from error
    except RecursionError as error:
        raise LineError("no usable JSON: nested too deeply") from error
    except ValueError as error:  # a number of thousands of digits, or one of `_refuse`
        raise LineError(f"no usable JSON: {error}") from error
    if not isinstance(content, dict):
        raise LineError('no JSON object such as {"id": 1, "text": "…"}')
    return content


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"{constant[:20]} is no JSON number or too large")


def _finite(number: str) -> float:
    """The number; JSON allows ``1e999``, which no float holds and no line could be written with."""
    value = float(number)
    return value if math.isfinite(value) else _refuse(number)


def _check(content: Mapping[str, Any], labels: frozenset[str]) -> None:
    text = content.get("text")
    if not isinstance(text, str):
        raise LineError('no "text"' if "text" not in content else '"text" is no string')
    try:
        text.encode("utf-8")
    except UnicodeEncodeError as error:
        raise LineError(f'"text" has half a character at {error.start}') from error
    entities = content.get("entities")
    if entities is None:
        return
    if not isinstance(entities, list):
        raise LineError('"entities" is no list')
    for i, entity in enumerate(entities):
        reason = _entity_problem(entity, len(text), labels)
        if reason:
            raise LineError(f"entity {i}: {reason}")


def _entity_problem(entity: Any, length: int, labels: frozenset[str]) -> str:
    """Why a given entity cannot be used; empty if it can."""
    if not isinstance(entity, dict):
        return "no JSON object"
    bounds = entity.get("start"), entity.get("end")
    start, end = bounds
    if type(start) is not int or type(end) is not int:  # bool is an int to isinstance
        return '"start" and "end" have to be whole numbers'
    if not 0 <= start < end <= length:
        return f"{start} to {end} is outside the text, which has {length} characters, or empty"
    label = entity.get("label")
    if not isinstance(label, str) or label not in labels:
        return f"unknown label {repr(label)[:40]}; there are {', '.join(sorted(labels))}"
    return ""
