"""Reads papers as plain text or Markdown for word vectors: paragraphs of prose, without markup.

Only what helps to count neighbours is kept: no references, no tables, no formulas on display.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

_SUFFIXES = frozenset((".md", ".txt"))
_IMAGE = re.compile(r"!\[[^\]]*\]\([^)]*\)")
_LINK = re.compile(r"\[([^\]]*)\]\([^)]*\)")
_TAG = re.compile(r"<[^<>]{1,40}>")
_MARKS = re.compile(r"[*#|]+")
_BLANK_LINE = re.compile(r"\n\s*\n")
_SHORTEST = 150  # characters of a paragraph
_LETTERS = 0.6  # least share of letters in prose
_COMMANDS = 8  # as many backslashes are a formula


def prose(folder: Path) -> Iterator[str]:
    """The paragraphs of all ``.md`` and ``.txt`` files of ``folder``, files in order of name.

    Raises
    ------
    FileNotFoundError
        If the folder holds no such file.
    """
    paths = sorted(p for p in folder.iterdir() if p.suffix in _SUFFIXES)
    if not paths:
        raise FileNotFoundError(f"{folder}: no .md or .txt files here")
    for path in paths:
        yield from paragraphs(path.read_text(encoding="utf-8", errors="replace"))


def paragraphs(text: str) -> Iterator[str]:
    """The paragraphs of prose before the list of references, one line each.

    >>> long = "The *critical* temperature of [this](x) compound is high. " * 4
    >>> [p[:44] for p in paragraphs(f"# Title\\n\\n{long}\\n\\n| 1 | 2 |\\n")]
    ['The critical temperature of this compound is']
    """
    text = _MARKS.sub("", _TAG.sub("", _LINK.sub(r"\1", _IMAGE.sub("", text))))
    references = text.lower().rfind("references")
    if references > len(text) / 2:
        text = text[:references]
    for part in _BLANK_LINE.split(text):
        line = " ".join(part.split())
        letters = sum(char.isalpha() for char in line)
        if (
            len(line) > _SHORTEST
            and letters > _LETTERS * len(line)
            and line.count("\\") < _COMMANDS
        ):
            yield line
