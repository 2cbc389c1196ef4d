"""Text files from strangers: their bytes as characters, whatever the encoding, within limits."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from pathlib import Path

from scmine.extractors.document import ReadError, Status

MAX_BYTES = 32 * 2**20
"""The largest file that is read; books as text have under 5 MB."""

MAX_CONTROL_SHARE = 0.02
"""More control characters than this are not text. Text of old converters has a few form feeds."""

_BOMS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))
MAX_WORD = 5000
"""Longer runs without a blank are pictures or other data written as letters, and are left out."""

_CONTROL = re.compile("[\x00-\x08\x0e-\x1f\x7f]")


@dataclass(frozen=True, slots=True)
class TextFile:
    """A file as text; ``digest`` is the SHA-256 of its bytes."""

    path: Path
    text: str
    digest: str


def read_text_file(path: Path, form: str) -> TextFile:
    """The text of ``path``, which is said to be ``form`` (for the message of an error).

    Bytes that are not UTF-8 are read as Windows-1252, which old files are written in. Line ends
    become newlines.

    Raises
    ------
    ReadError
        If the file is larger than ``MAX_BYTES``, is no text, or holds nothing but blanks.
    OSError
        If it cannot be read.
    """
    size = path.stat().st_size
    if size > MAX_BYTES:
        raise ReadError(
            Status.FAILED, f"the file has {size / 2**20:.0f} MB; {form} is read up to 32 MB"
        )
    data = path.read_bytes()
    text = decode(data)
    if not text.strip():
        raise ReadError(Status.EMPTY, "the file holds no text")
    if not is_text(text):
        start = data[:24].decode("latin-1")
        raise ReadError(Status.FAILED, f"the file is not {form}; it begins with {start!r}")
    words = re.sub(rf"\S{{{MAX_WORD},}}", " ", _CONTROL.sub(" ", text))
    return TextFile(path, words, hashlib.sha256(data).hexdigest())


def decode(data: bytes) -> str:
    """``data`` as text with newlines as line ends; nothing is ever raised."""
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            return _newlines(data[len(bom) :].decode(encoding, "replace"))
    try:
        return _newlines(data.decode("utf-8"))
    except UnicodeDecodeError as error:
        # The head of a longer file may end within a character.
        if error.start >= len(data) - 3:
            return _newlines(data.decode("utf-8", "ignore"))
    return _newlines(data.decode("cp1252", "replace"))


def is_text(text: str) -> bool:
    """Whether ``text`` has hardly any control characters."""
    return len(_CONTROL.findall(text)) <= MAX_CONTROL_SHARE * len(text)


def _newlines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")
