"""The PDF reader on small layouts made for it: each paper's truth stands beside its source."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from scmine.extractors import read
from scmine.extractors.document import Document, PassageKind

FOLDER = Path(__file__).parents[1] / "fixtures" / "latex"
NAMES = sorted(p.name.removesuffix(".truth.json") for p in FOLDER.glob("*.truth.json"))


def _load(name: str) -> tuple[Document, dict[str, Any]]:
    truth = json.loads((FOLDER / f"{name}.truth.json").read_text("utf-8"))
    return read(FOLDER / f"{name}.pdf"), truth


def _texts(document: Document, kind: PassageKind) -> list[str]:
    return [p.text for p in document.passages if p.kind is kind]


@pytest.mark.parametrize("name", NAMES)
def test_title_abstract_and_headings(name: str) -> None:
    document, truth = _load(name)
    assert document.metadata.title == truth["title"]
    if truth.get("abstract"):
        assert _texts(document, PassageKind.ABSTRACT) == [truth["abstract"]]
    assert _texts(document, PassageKind.HEADING) == truth["headings"]


@pytest.mark.parametrize("name", NAMES)
def test_paragraphs_word_for_word(name: str) -> None:
    document, truth = _load(name)
    assert _texts(document, PassageKind.PARAGRAPH) == truth["paragraphs"]


@pytest.mark.parametrize("name", NAMES)
def test_captions_and_footnotes(name: str) -> None:
    document, truth = _load(name)
    assert _texts(document, PassageKind.CAPTION) == truth["captions"]
    assert _texts(document, PassageKind.FOOTNOTE) == truth.get("footnotes", [])


@pytest.mark.parametrize("name", [n for n in NAMES if n.startswith("tables_")])
def test_tables_cell_by_cell(name: str) -> None:
    document, truth = _load(name)
    found = [[[cell.text for cell in row] for row in t.rows] for t in document.tables]
    assert found == [t["rows"] for t in truth["tables"]]
    assert [len(t.header) for t in document.tables] == [t["header_rows"] for t in truth["tables"]]


@pytest.mark.parametrize("name", NAMES)
def test_every_word_has_its_place(name: str) -> None:
    document, _ = _load(name)
    for passage in document.passages:
        covered = {k for w in passage.words for k in range(w.start, w.end)}
        assert covered == {k for k, char in enumerate(passage.text) if char != " "}
        assert all(w.box.x0 < w.box.x1 and w.box.y0 < w.box.y1 for w in passage.words)
