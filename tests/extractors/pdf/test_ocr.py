"""OCR: images of pages become text with places. Needs tesseract; skipped where it is not."""

from __future__ import annotations

import time
from functools import partial, reduce
from pathlib import Path

import pypdfium2 as pdfium
import pytest

from scmine.extractors import read
from scmine.extractors.document import Box, Document, ReadError, Status
from scmine.extractors.pdf.ocr import Ocr, OcrError, ocr_problem, read_image
from scmine.extractors.pdf.reader import read_pdf
from tests.raw_pdf import make_pdf
from tests.scans import make_scan, needs_ocr

PAPER = "tests/fixtures/latex/one_column_article.pdf"
COLUMNS = "examples/hydride_eliashberg.pdf"


def _words(document: Document) -> list[str]:
    return " ".join(p.text for p in document.passages).lower().split()


def _share(found: Document, wanted: Document) -> float:
    """The share of the words of ``wanted`` that are in ``found``."""
    there = set(_words(found))
    words = [w for w in _words(wanted) if w.isalpha()]
    return sum(w in there for w in words) / len(words)


@needs_ocr
@pytest.mark.parametrize("turn", [0, 90, 180, 270, 1])
def test_a_scan_is_read_whichever_way_it_lies(tmp_path: Path, root: Path, turn: float) -> None:
    scan = make_scan(root / PAPER, tmp_path / "scan.pdf", turn)
    with pytest.raises(ReadError) as caught:
        read(scan)
    assert caught.value.status is Status.NEEDS_OCR
    document = read(scan, pdf_reader=partial(read_pdf, ocr=Ocr()))
    assert (document.reader, document.status) == ("pdf+ocr", Status.DONE)
    assert "pages read by OCR: 1" in document.warnings[0]
    assert _share(document, read(root / PAPER)) > 0.9


@needs_ocr
@pytest.mark.parametrize("turn", [0, 90])
def test_places_are_those_on_the_scan(tmp_path: Path, root: Path, turn: int) -> None:
    document = read(
        make_scan(root / COLUMNS, tmp_path / "scan.pdf", turn),
        pdf_reader=partial(read_pdf, ocr=Ocr()),
    )
    truth = read(root / COLUMNS)
    passage = next(p for p in document.passages if p.text.startswith("The search"))
    expected = next(p for p in truth.passages if p.text.startswith("The search"))
    end = len("The search for hydrides")
    found = reduce(Box.union, passage.boxes(0, end))
    box = reduce(Box.union, expected.boxes(0, end))
    if turn == 90:  # a point (x, y) of the upright page is at (y, width - x)
        width = pdfium.PdfDocument(root / COLUMNS)[0].get_width()
        box = Box(1, box.y0, width - box.x1, box.y1, width - box.x0)
    assert found.page == 1
    assert (found.x0, found.y0, found.x1, found.y1) == pytest.approx(
        (box.x0, box.y0, box.x1, box.y1), abs=3
    )


@needs_ocr
def test_columns_and_tables_of_a_scan(tmp_path: Path, root: Path) -> None:
    document = read(
        make_scan(root / COLUMNS, tmp_path / "scan.pdf", dpi=300),
        pdf_reader=partial(read_pdf, ocr=Ocr()),
    )
    text = " ".join(p.text for p in document.passages)
    assert "has moved from binary to ternary compounds" in text
    assert "a lower pressure" in text
    assert any("120" in c.text for t in document.tables for row in t.rows for c in row)


@needs_ocr
def test_only_the_images_of_a_mixed_file_are_read(tmp_path: Path, root: Path) -> None:
    scan = pdfium.PdfDocument(make_scan(root / PAPER, tmp_path / "scan.pdf"))
    mixed = pdfium.PdfDocument(root / COLUMNS)
    mixed.import_pages(scan)
    mixed.save(tmp_path / "mixed.pdf")
    without = read(tmp_path / "mixed.pdf")
    assert without.status is Status.PARTIAL
    document = read(tmp_path / "mixed.pdf", pdf_reader=partial(read_pdf, ocr=Ocr()))
    assert document.status is Status.DONE
    assert document.warnings[0].startswith(f"pages read by OCR: {len(mixed) - len(scan) + 1}")
    assert {p.text for p in without.passages} <= {p.text for p in document.passages} | {
        without.passages[-1].text
    }
    assert _share(document, read(root / PAPER)) > 0.9


@needs_ocr
def test_without_time_the_pages_are_named(tmp_path: Path, root: Path) -> None:
    scan = make_scan(root / PAPER, tmp_path / "scan.pdf")
    with pytest.raises(ReadError) as caught:
        read(scan, pdf_reader=partial(read_pdf, ocr=Ocr(seconds=0.1)))
    assert caught.value.status is Status.NEEDS_OCR
    assert "the time for OCR is over" in caught.value.reason


@needs_ocr
def test_a_page_that_takes_too_long_is_given_up(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("scmine.extractors.pdf.ocr.PAGE_SECONDS", 0.2)
    pdf = pdfium.PdfDocument(root / COLUMNS)
    with pytest.raises(OcrError, match="longer"):
        read_image(pdf[0], Ocr(), time.monotonic() + 60)
    pdf.close()


@needs_ocr
def test_an_empty_image_gives_no_text(tmp_path: Path) -> None:
    (tmp_path / "grey.pdf").write_bytes(make_pdf("q 612 0 0 792 0 0 cm /Im Do Q"))
    with pytest.raises(ReadError) as caught:
        read(tmp_path / "grey.pdf", pdf_reader=partial(read_pdf, ocr=Ocr()))
    assert caught.value.status is Status.EMPTY


@needs_ocr
def test_a_language_that_is_not_installed_is_said() -> None:
    assert "tesseract-ocr-xyz" in ocr_problem("eng+xyz")


@pytest.mark.parametrize("language", ["", "eng; rm", "../eng", "eng+", "-l", "e" * 90])
def test_what_is_no_language_is_said(language: str) -> None:
    assert "no language" in ocr_problem(language)


def test_a_missing_program_is_said(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    pytest.importorskip("pytesseract", reason="the extra [ocr] is not installed")
    monkeypatch.setenv("PATH", str(tmp_path))
    assert "apt-get install tesseract-ocr" in ocr_problem("eng")
