"""A processor whose papers come with something that is no document; workers import it by name."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from scmine.pipelines import process


def make_processor(**options: Any) -> Callable[..., dict[str, Any]]:
    """The processor of ``ingest``, but for the paper itself."""
    made = process.make_processor(**options)

    def odd(path: str, doc_id: str) -> dict[str, Any]:
        return made(path, doc_id) | {"paper": {"document": "none"}}

    return odd
