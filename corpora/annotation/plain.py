"""Reads the parts that several formats share: files of archives, and of JSON spans and the like."""

from __future__ import annotations

import json
import lzma
import zipfile
import zlib
from collections.abc import Mapping
from typing import Any

from scmine.corpora.types import GoldMention, Span

_DAMAGE = (
    *(zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, OSError),
    RuntimeError,  # it is encrypted
    NotImplementedError,
)


class Unpackable(ValueError):
    """A file of an archive that cannot be had; the message says why."""


def unpacked(archive: zipfile.ZipFile, name: str, most: int) -> bytes:
    """A file of an archive, of ``most`` bytes at most.

    Raises
    ------
    Unpackable
        If it is larger, damaged, encrypted, or packed in an unknown way.
    """
    if archive.getinfo(name).file_size > most:
        raise Unpackable(f"{name} unpacks to more than {most // 2**20} MB")
    try:
        return archive.read(name)
    except _DAMAGE as error:
        raise Unpackable(f"{name} cannot be unpacked: {error}") from error


def load_json(text: str) -> Any:
    """What JSON says.

    Raises
    ------
    ValueError
        If it is none, nested deeper than any tool's, or has halves of characters in it, which
        nothing can write.
    """
    try:
        found = json.loads(text)
        if "\\ud" in text.lower():
            json.dumps(found, ensure_ascii=False).encode("utf-8")
        return found
    except UnicodeEncodeError as error:
        raise ValueError("half of a character (a lone surrogate)") from error
    except RecursionError as error:
        raise ValueError("nested too deep") from error


def words_of(value: Any) -> str | None:
    """The words that a file prints for a mention, None where it prints none."""
    return value if isinstance(value, str) else None


def spans_of(value: Any) -> tuple[Span, ...]:
    """Pairs of integers; anything else is none.

    >>> spans_of([[0, 4], [5, 9]]), spans_of("x")
    (((0, 4), (5, 9)), ())
    """
    if not isinstance(value, list):
        return ()
    pairs = [tuple(part) for part in value if isinstance(part, list | tuple)]
    return tuple((p[0], p[1]) for p in pairs if len(p) == 2 and all(type(x) is int for x in p))


def about_of(value: Any) -> dict[str, str]:
    """What a unit is about, as strings."""
    if not isinstance(value, Mapping):
        return {}
    return {str(k): v if isinstance(v, str) else str(v) for k, v in value.items() if v is not None}


def mention_of(start: Any, end: Any, label: Any, fragments: tuple[Span, ...] = ()) -> GoldMention:
    """A mention as a file has it; its label is empty where the file has none.

    Raises
    ------
    TypeError
        If an offset is no integer, or the label no string.
    """
    if type(start) is not int or type(end) is not int or not isinstance(label, str):
        raise TypeError(f"no mention: {start!r}, {end!r}, {label!r}")
    return GoldMention(start, end, label, fragments=fragments)
