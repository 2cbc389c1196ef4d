"""Papers for the tests of pipelines: files whose text says what is to happen to them, and PDFs
of a few lines, written byte by byte so that tests can break them at will."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

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
    """Writes lines of text as a PDF."""
    return _tiny_pdf


def _tiny_pdf(*lines: str) -> bytes:
    """One page (US letter) with ``lines`` set in Times 11, one below the other.

    The structure is the least that ISO 32000-1 asks for (7.5.2 to 7.5.5).
    """
    shown = "".join(f"({_escaped(line)}) Tj T*\n" for line in lines)
    content = f"BT /F1 11 Tf 14 TL 72 720 Td\n{shown}ET".encode("latin-1")
    bodies = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R"
        b" /Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Times-Roman /Encoding /WinAnsiEncoding >>",
    ]
    out = bytearray(b"%PDF-1.4\n")
    offsets = []
    for number, body in enumerate(bodies, start=1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(bodies) + 1)
    out += b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    out += b"trailer\n<< /Size %d /Root 1 0 R >>\n" % (len(bodies) + 1)
    out += b"startxref\n%d\n%%%%EOF\n" % start
    return bytes(out)


def _escaped(text: str) -> str:
    for character in "\\()":
        text = text.replace(character, "\\" + character)
    return text
