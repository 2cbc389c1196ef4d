"""Ingest with OCR: scans are read, papers that needed it are done again, its lack is said."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from scmine.database.store import open_database
from scmine.pipelines import ingest
from scmine.pipelines.cli import app
from scmine.pipelines.settings import SettingsError
from tests.scans import make_scan, needs_ocr

PAPER = "examples/pnictide_pressure.pdf"


@needs_ocr
def test_papers_that_needed_ocr_are_done_again_with_it(own_folder: Path, root: Path) -> None:
    scan = make_scan(root / PAPER, own_folder / "scan.pdf")
    options = {"db": "t.db", "workers": 1}
    assert ingest(scan, **options).statuses == {"needs_ocr": 1}  # type: ignore[arg-type]
    again = ingest(scan, **options)  # type: ignore[arg-type]
    assert again.already_done == 1
    read = ingest(scan, ocr=True, **options)  # type: ignore[arg-type]
    assert read.statuses == {"done": 1}
    assert read.records > 0
    with open_database("t.db", create=False) as database:
        (document,) = database.documents()
    assert document.reader == "pdf+ocr"
    last = ingest(scan, ocr=True, **options)  # type: ignore[arg-type]
    assert (last.already_done, last.statuses) == (1, {})


@needs_ocr
def test_what_ocr_cannot_mend_is_not_done_again_for_ever(own_folder: Path, root: Path) -> None:
    paper = own_folder / "part.pdf"
    paper.write_bytes(_with_a_lost_page())
    assert ingest(paper, db="t.db", workers=1).statuses == {"partial": 1}
    assert ingest(paper, db="t.db", workers=1, ocr=True).statuses == {"partial": 1}
    assert ingest(paper, db="t.db", workers=1, ocr=True).already_done == 1
    again = ingest(paper, db="t.db", workers=1, ocr=True, timeout_s=240)
    assert again.statuses == {"partial": 1}


def _with_a_lost_page() -> bytes:
    """A PDF of two pages, of which the second is not there."""
    text = b"BT /F 12 Tf 72 700 Td (We found that MgB2 has a Tc of 39 K in this work.) Tj ET"
    bodies = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Count 2/Kids[3 0 R 9 0 R]>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents 4 0 R"
        b"/Resources<</Font<</F<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>>>>>",
        b"<</Length %d>>stream\n%s\nendstream" % (len(text), text),
    ]
    objects = b"".join(b"%d 0 obj%s endobj\n" % (i + 1, body) for i, body in enumerate(bodies))
    return b"%PDF-1.4\n" + objects + b"trailer<</Root 1 0 R/Size 5>>\n%%EOF"


@needs_ocr
def test_an_unknown_language_is_wrong_usage(own_folder: Path) -> None:
    result = CliRunner().invoke(app, ["ingest", ".", "--ocr", "--ocr-language", "xyz"])
    assert result.exit_code == 2
    assert "tesseract-ocr-xyz" in result.output


def test_a_missing_program_is_wrong_usage(
    own_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(own_folder))
    result = CliRunner().invoke(app, ["ingest", ".", "--ocr"])
    assert result.exit_code == 2
    assert "OCR needs" in result.output


def test_an_impossible_language_is_no_setting(own_folder: Path) -> None:
    with pytest.raises(SettingsError, match="no language"):
        ingest([], ocr=True, ocr_language="../eng")
