"""Sources with their PDFs: both readers have to say the same, and the PDF gives the places."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from scmine.extractors import read
from scmine.extractors.document import Document, PassageKind
from scmine.extractors.place_words import place_words
from scmine.extractors.text_alignment import fold
from tests.extractors.latex.read_source import texts

ROOT = Path(__file__).parents[3]
SOURCES = sorted(
    [*(ROOT / "tests/fixtures/latex").glob("*.tex"), *(ROOT / "examples").glob("*.tex")]
)
IDS = [p.stem for p in SOURCES]
WITH_TRUTH = [p for p in SOURCES if "fixtures" in p.parts]
_MARK = re.compile(r" ?\[[\d, –]+\]")


def _truth(source: Path) -> dict[str, Any]:
    truth: dict[str, Any] = json.loads(source.with_suffix(".truth.json").read_text("utf-8"))
    return truth


def _without_marks(found: list[str]) -> list[str]:
    """Texts without citations in brackets, which the PDF prints and the source only notes."""
    return [_MARK.sub("", text) for text in found]


@pytest.mark.parametrize("source", WITH_TRUTH, ids=lambda p: p.stem)
def test_text_is_the_truth_word_for_word(source: Path) -> None:
    document, truth = read(source), _truth(source)
    assert document.metadata.title == truth["title"]
    assert list(document.metadata.authors) == truth["authors"]
    assert _without_marks(texts(document)) == _without_marks(truth["paragraphs"])
    headings = [h.lower() for h in texts(document, PassageKind.HEADING)]
    assert headings == [h.lower() for h in truth["headings"]]
    assert sorted(texts(document, PassageKind.CAPTION)) == sorted(truth["captions"])
    assert texts(document, PassageKind.FOOTNOTE) == truth.get("footnotes", [])
    assert len(document.references) == truth["references"]


@pytest.mark.parametrize("source", WITH_TRUTH, ids=lambda p: p.stem)
def test_tables_are_the_truth_cell_by_cell(source: Path) -> None:
    document, truth = read(source), _truth(source)
    found = [[[cell.text for cell in row] for row in table.rows] for table in document.tables]
    assert found == [table["rows"] for table in truth.get("tables", [])]
    heads = [len(table.header) for table in document.tables]
    assert heads == [table["header_rows"] for table in truth.get("tables", [])]


def _marked(document: Document) -> set[str]:
    """Each formula of the paragraphs with its typography spelt out: ``H_3_S``."""
    found: set[str] = set()
    for passage in document.passages:
        if passage.kind is PassageKind.PARAGRAPH:
            chars = list(passage.text)
            for span in passage.typography:
                sign = "_" if span.kind == "subscript" else "^"
                chars[span.start] = sign + chars[span.start]
                chars[span.end - 1] += sign
            words = "".join(chars).replace("^°^", "°").split()  # fonts have it raised by themselves
            found |= {w.strip(".,;()") for w in words if "_" in w or "^" in w}
    return found


@pytest.mark.parametrize("source", SOURCES, ids=IDS)
def test_formulas_are_those_of_the_pdf(source: Path) -> None:
    assert _marked(read(source)) == _marked(read(source.with_suffix(".pdf")))


@pytest.mark.parametrize("source", SOURCES, ids=IDS)
def test_words_and_cells_stand_where_the_pdf_shows_them(source: Path) -> None:
    document, pdf = read(source), read(source.with_suffix(".pdf"))
    placed = place_words(document, pdf)
    assert placed.reader == "latex+pdf"
    assert placed.page_count == pdf.page_count
    printed = {w.box: p.text[w.start : w.end] for p in pdf.passages for w in p.words}
    words = total = 0
    for passage in placed.passages:
        total += len(passage.text.split())
        words += len({passage.text.rfind(" ", 0, w.start + 1) for w in passage.words})
        for word in passage.words:
            text = passage.text[word.start : word.end]
            shown = fold(printed.get(word.box, text)).text.strip(".,;")
            assert fold(text).text.strip(".,;") == shown
    assert words > 0.98 * total
    cells = [c for t in placed.tables for row in t.rows for c in row if re.search(r"\w", c.text)]
    assert all(cell.box is not None for cell in cells)
