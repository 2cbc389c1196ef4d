"""The forms in which a model is told what its answer has to be, and how an answer is read.

Three forms, from strict to plain: the server holds the model to a JSON Schema, the server holds it
to JSON and the schema is said in words, or all is said in words.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from enum import StrEnum
from functools import cache
from typing import Any

from pydantic import BaseModel, ValidationError

from scmine.extractors.llm.request import Message, Request
from scmine.extractors.llm.schemas import strict_schema

WORDING = 1
"""The version of the words below; answers to other words are not taken from the cache."""

REPEATED_CHARS = 8000
"""Of an answer that has to be repaired, the model is shown this much."""

_SCHEMA_WORDS = (
    "Answer with one JSON object and nothing else: no explanation, no Markdown. "
    "It has to be valid by this JSON Schema:\n{schema}"
)
_REPAIR_WORDS = (
    "This answer is not valid:\n{problems}\n"
    "Answer the same question again, with the whole JSON object and nothing else. "
    "It has to be valid by this JSON Schema:\n{schema}"
)
_PROBLEMS_SHOWN = 8
_THOUGHT_END = re.compile(r"</(?:think|thinking|reasoning)>", re.IGNORECASE)
_FENCE = re.compile(r"```[\w-]*\s*\n(.*?)```", re.DOTALL)
_STARTS_TRIED = 20


class Form(StrEnum):
    """How a model is told the form of its answer."""

    JSON_SCHEMA = "json_schema"
    JSON_OBJECT = "json_object"
    PLAIN = "plain"

    @property
    def plainer(self) -> Form | None:
        """The next form for a server that does not take this one."""
        forms = list(Form)
        after = forms.index(self) + 1
        return forms[after] if after < len(forms) else None


def messages_of(request: Request, form: Form) -> list[Message]:
    """The messages that are sent; the schema stands in the first where the server is not told."""
    messages = list(request.messages)
    if form is Form.JSON_SCHEMA:
        return messages
    words = _SCHEMA_WORDS.format(schema=schema_text(request.answer))
    if messages and messages[0].role == "system":
        # Many chat templates take one system message only.
        return [Message("system", f"{messages[0].text}\n\n{words}"), *messages[1:]]
    return [Message("system", words), *messages]


def response_format(request: Request, form: Form) -> dict[str, Any] | None:
    """The field ``response_format`` of what is sent; None leaves it out."""
    if form is Form.JSON_SCHEMA:
        schema = {
            "name": request.answer.__name__,
            "strict": True,
            "schema": schema_of(request.answer),
        }
        return {"type": "json_schema", "json_schema": schema}
    return {"type": "json_object"} if form is Form.JSON_OBJECT else None


def repairing(request: Request, form: Form, text: str, error: ValidationError) -> list[Message]:
    """The messages by which an answer that is not valid is asked for again."""
    words = _REPAIR_WORDS.format(problems=problems(error), schema=schema_text(request.answer))
    return [
        *messages_of(request, form),
        Message("assistant", text[:REPEATED_CHARS] or "(empty)"),
        Message("user", words),
    ]


def problems(error: ValidationError) -> str:
    """What is wrong with an answer, a line each; without the words of the answer."""
    found = error.errors(include_input=False, include_url=False, include_context=False)
    lines = [f"- {'.'.join(map(str, e['loc'])) or 'answer'}: {e['msg']}" for e in found]
    if len(lines) > _PROBLEMS_SHOWN:
        lines[_PROBLEMS_SHOWN:] = [f"- and {len(lines) - _PROBLEMS_SHOWN} more"]
    return "\n".join(lines)


def read_answer(text: str, answer: type[BaseModel]) -> BaseModel:
    """The answer in ``text``: all of it, or what stands behind reasoning or in a fence.

    Raises
    ------
    ValidationError
        If there is none. It tells of the part that is most likely meant as the answer.
    """
    try:
        return answer.model_validate_json(text)
    except ValidationError as error:
        first: ValidationError | None = None
        for part in _parts(text):
            try:
                return answer.model_validate_json(part)
            except ValidationError as of_part:
                first = first or of_part
        raise first or error from None


def is_unheeded(form: Form, error: ValidationError) -> bool:
    """Whether an answer with this fault shows that the server does not hold the model to ``form``.

    A schema cannot say all that a validator checks; what it can say was not kept to.
    """
    types = {e["type"] for e in error.errors(include_url=False)}
    if form is Form.JSON_SCHEMA:
        return bool(types - {"value_error", "assertion_error"})
    return form is Form.JSON_OBJECT and "json_invalid" in types


@cache
def schema_of(answer: type[BaseModel]) -> dict[str, Any]:
    """The JSON Schema of an answer; the same object each time, not to be changed."""
    return strict_schema(answer)


@cache
def schema_text(answer: type[BaseModel]) -> str:
    """The JSON Schema of an answer as it is said in words."""
    return json.dumps(schema_of(answer), ensure_ascii=False)


def _parts(text: str) -> Iterator[str]:
    """What of a text may be the answer, the likeliest first."""
    bare = _THOUGHT_END.split(text)[-1].strip()
    if bare and bare != text:
        yield bare
    yield from reversed(_FENCE.findall(bare))
    decoder = json.JSONDecoder()
    start = bare.find("{")
    for _ in range(_STARTS_TRIED):
        if start < 0:
            return
        try:
            _, end = decoder.raw_decode(bare, start)
        except (ValueError, RecursionError):
            end = start + 1
        else:
            yield bare[start:end]
        start = bare.find("{", end)
