"""Papers for the tests of pipelines: files whose text says what is to happen to them, and PDFs
of a few lines, written byte by byte so that tests can break them at will."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.raw_pdf import make_pdf, set_lines

PROCESSOR = "faulty_processor:make_processor"


@pytest.fixture(autouse=True)
def faulty(monkeypatch: pytest.MonkeyPatch) -> str:
    """The processor that does what papers say, importable by worker processes; its name."""
    folders = [str(Path(__file__).parent), os.environ.get("PYTHONPATH", "")]
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(filter(None, folders)))
    return PROCESSOR


@pytest.fixture
def papers(own_folder: Path) -> Callable[..., Path]:
    """Writes texts to ``papers/00.pdf``, ``papers/01.pdf``… in an empty current folder."""

    def write(*deeds: str) -> Path:
        folder = own_folder / "papers"
        folder.mkdir(exist_ok=True)
        for number, deed in enumerate(deeds):
            (folder / f"{number:02}.pdf").write_text(deed, encoding="utf-8")
        return folder

    return write


@pytest.fixture
def tiny_pdf() -> Callable[..., bytes]:
    """Writes lines of text as a PDF of one page."""
    return lambda *lines: make_pdf(set_lines(lines))
