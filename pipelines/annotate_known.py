"""What was annotated before: the texts of files that ``scmine annotate --exclude`` names."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from scmine.corpora.annotation.exporting import UNITS_FILE
from scmine.corpora.types import CorpusError


def known_texts(path: Path) -> list[str]:
    """The texts of a folder that ``scmine annotate`` wrote, of JSON lines, or of tasks.

    Lines and tasks of any tool do that have ``text``, be it under ``data`` as in Label Studio.

    Raises
    ------
    CorpusError
        If the file holds anything else.
    OSError
        If it cannot be read.
    """
    file = path / UNITS_FILE if path.is_dir() else path
    content = file.read_bytes()
    try:
        words = content.decode("utf-8-sig")
        if file.suffix == ".json":
            items = json.loads(words)
        else:
            items = [json.loads(line) for line in words.split("\n") if line.strip()]
    except ValueError as error:  # also of the decoding
        raise CorpusError(file, f"neither JSON nor JSON lines in UTF-8: {error}") from error
    if not isinstance(items, list):
        raise CorpusError(file, "no list of tasks")
    texts = [_text(item) for item in items]
    if None in texts:
        raise CorpusError(file, 'no "text"', texts.index(None) + 1)
    return [text for text in texts if text is not None]


def _text(item: Any) -> str | None:
    if isinstance(item, dict):
        data = item.get("data")
        text = item.get("text", data.get("text") if isinstance(data, dict) else data)
        return text if isinstance(text, str) else None
    return None
