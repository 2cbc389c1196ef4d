"""A source with its PDF: the text of one, the places of the other, or the one that can be read."""

from __future__ import annotations

import hashlib
import shutil
from pathlib import Path

import pytest

from scmine.extractors import extract
from scmine.extractors.document import ReadError
from scmine.extractors.paired_reading import read_with_pdf

EXAMPLES = Path(__file__).parents[2] / "examples"
SOURCE = EXAMPLES / "hydride_eliashberg.tex"


def test_records_of_a_source_have_pages_and_boxes() -> None:
    document = read_with_pdf(SOURCE, SOURCE.with_suffix(".pdf"))
    assert (document.reader, document.page_count) == ("latex+pdf", 2)
    assert document.doc_id == hashlib.sha256(SOURCE.read_bytes()).hexdigest()
    records = extract(document).records
    assert records
    assert all(record.page in (1, 2) and record.boxes for record in records)


def test_a_pdf_that_cannot_be_read_leaves_the_source(tmp_path: Path) -> None:
    pdf = tmp_path / "x.pdf"
    pdf.write_bytes(b"no PDF")
    document = read_with_pdf(SOURCE, pdf)
    assert (document.reader, document.page_count) == ("latex", 0)
    assert document.warnings[-1].startswith("the PDF of the paper gives no places: no PDF header")


def test_the_pdf_of_another_paper_leaves_the_source() -> None:
    document = read_with_pdf(SOURCE, EXAMPLES / "alloy_onecolumn.pdf")
    assert document.reader == "latex"
    assert document.warnings == ("alloy_onecolumn.pdf shows another text and gives no places",)


def test_a_source_that_cannot_be_read_leaves_the_pdf(tmp_path: Path) -> None:
    source = tmp_path / "x.tex"
    source.write_bytes(b"\\documentclass{article}")
    document = read_with_pdf(source, SOURCE.with_suffix(".pdf"))
    assert (document.reader, document.page_count) == ("pdf", 2)
    assert document.doc_id == hashlib.sha256(source.read_bytes()).hexdigest()
    assert document.path == str(source)
    assert "the source cannot be read" in document.warnings[-1]


def test_neither_gives_the_error_of_the_source(tmp_path: Path) -> None:
    source = tmp_path / "x.tex"
    source.write_bytes(b"")
    shutil.copy(source, tmp_path / "x.pdf")
    with pytest.raises(ReadError, match="holds no text"):
        read_with_pdf(source, tmp_path / "x.pdf")
