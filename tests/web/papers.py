"""A small PDF that says what superconducts, as it was read: what tests of papers look at."""

from __future__ import annotations

import hashlib
from pathlib import Path

from scmine.database.results import DocumentResult
from scmine.pipelines.process import process_file
from tests.raw_pdf import make_pdf, set_lines

LINES = (
    "Superconductivity of magnesium diboride",
    "",
    "We report superconductivity in MgB2 with a critical temperature Tc = 39 K.",
    "The transition of LaH10 was seen at Tc = 250 K under a pressure of 170 GPa.",
    "The weather was fine on the day of the measurement.",
)
SECOND_PAGE = ("The compound NbN becomes superconducting at 16 K.",)


def write_paper(folder: Path, name: str = "paper.pdf", page: str = "") -> Path:
    """A PDF of two pages in ``folder``; ``page`` are further entries of each page's dictionary."""
    path = folder / name
    path.write_bytes(make_pdf(set_lines(LINES), set_lines(SECOND_PAGE), page=page))
    return path


def read_paper(path: Path, *, store_layers: bool = True) -> DocumentResult:
    """What ingest makes of a file."""
    return process_file(str(path), sha256(path), store_layers=store_layers)


def sha256(path: Path) -> str:
    """The id of a file's document."""
    return hashlib.sha256(path.read_bytes()).hexdigest()
