"""Tells which annotation tool a file or folder is from, by what is in it."""

from __future__ import annotations

import zipfile
from enum import StrEnum
from pathlib import Path

from scmine.corpora.annotation.from_doccano import is_doccano
from scmine.corpora.annotation.from_label_studio import is_label_studio
from scmine.corpora.annotation.plain import load_json
from scmine.corpora.brat import ANNOTATION_SUFFIX


class ToolFormat(StrEnum):
    """The formats that annotations come back in."""

    LABEL_STUDIO = "label-studio"
    INCEPTION = "inception"
    BRAT = "brat"
    DOCCANO = "doccano"
    JSONL = "jsonl"


class UnknownFormat(ValueError):
    """A file of no known format; the message says what was looked for."""


def guess_format(path: Path) -> ToolFormat:
    """The format of a file or folder.

    Raises
    ------
    UnknownFormat
        If it is none of them.
    OSError
        If it cannot be read.
    """
    if path.is_dir():
        marks = f"*{ANNOTATION_SUFFIX}", f"*/*{ANNOTATION_SUFFIX}"
        if any(next(path.glob(mark), None) is not None for mark in marks):
            return ToolFormat.BRAT
        raise UnknownFormat(f"{path}: a folder without {ANNOTATION_SUFFIX} files, so not brat's")
    if zipfile.is_zipfile(path):
        return _of_zip(path)
    text = path.read_bytes().decode("utf-8-sig", errors="replace")
    if text.lstrip().startswith("["):
        if is_label_studio(_json(text)):
            return ToolFormat.LABEL_STUDIO
    else:
        first = next((line for line in text.split("\n") if line.strip()), "")
        line = _json(first)
        if is_doccano(line):
            return ToolFormat.DOCCANO
        if isinstance(line, dict) and "text" in line and "id" in line:
            return ToolFormat.JSONL
    raise UnknownFormat(
        f"{path}: neither Label Studio's JSON, nor JSON lines of doccano or scmine, nor a zip of "
        "INCEpTION; name the format with --from, or export again"
    )


def _of_zip(path: Path) -> ToolFormat:
    with zipfile.ZipFile(path) as archive:
        names = [n.lower() for n in archive.namelist()]
    if any(n.endswith(".jsonl") for n in names):
        return ToolFormat.DOCCANO
    if any(n.endswith(ANNOTATION_SUFFIX) for n in names):
        raise UnknownFormat(f"{path}: brat's files in a zip; unpack it and name the folder")
    if any(n.endswith((".xmi", ".zip", ".json")) for n in names):
        return ToolFormat.INCEPTION
    raise UnknownFormat(f"{path}: a zip with no CAS (.xmi, .json) and no .jsonl in it")


def _json(text: str) -> object:
    try:
        found: object = load_json(text)
    except ValueError:
        return None
    return found
