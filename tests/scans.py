"""Scans: PDFs whose pages are images, drawn from PDFs with text; and whether OCR works here."""

from __future__ import annotations

from pathlib import Path

import pypdfium2 as pdfium
import pytest

from scmine.extractors.pdf.ocr import ocr_problem

PROBLEM = ocr_problem("eng")
needs_ocr = pytest.mark.skipif(bool(PROBLEM), reason=PROBLEM)


def make_scan(source: Path, target: Path, turn: float = 0, dpi: int = 200) -> Path:
    """Write ``target``: the pages of ``source`` as images, turned ``turn`` degrees to the left."""
    pdf = pdfium.PdfDocument(source)
    images = [
        page.render(scale=dpi / 72, grayscale=True)
        .to_pil()
        .rotate(turn, expand=True, fillcolor=255)
        for page in pdf
    ]
    pdf.close()
    images[0].save(target, save_all=True, append_images=images[1:], resolution=dpi)
    return target
