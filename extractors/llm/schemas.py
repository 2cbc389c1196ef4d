"""Schemas: what an answer's type is as JSON Schema, in the subset that strict output takes.

No references, titles or defaults: they trouble the grammars that servers make of schemas. What
answers hold lives in ``answers``.
"""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel

_WORDS_OF_PYDANTIC = ("title", "description", "default")


def strict_schema(answer: type[BaseModel]) -> dict[str, Any]:
    """The JSON Schema of ``answer`` for strict structured output.

    >>> from scmine.extractors.llm.answers import LinksAnswer
    >>> strict_schema(LinksAnswer)["required"]
    ['links']
    """
    schema = answer.model_json_schema()
    definitions = schema.pop("$defs", {})
    written: dict[str, Any] = _written_out(schema, definitions)
    return written


def _written_out(part: Any, definitions: dict[str, Any]) -> Any:
    """``part`` with references replaced by what they refer to; no answer holds itself."""
    if isinstance(part, list):
        return [_written_out(p, definitions) for p in part]
    if not isinstance(part, dict):
        return part
    if "$ref" in part:
        return _written_out(definitions[part["$ref"].removeprefix("#/$defs/")], definitions)
    plain = {k: _written_out(v, definitions) for k, v in part.items() if k != "properties"}
    for word in _WORDS_OF_PYDANTIC:
        plain.pop(word, None)
    if "properties" in part:
        properties = part["properties"]
        plain["properties"] = {k: _written_out(v, definitions) for k, v in properties.items()}
    return plain
