"""GROBID's passages with our typography, on small layouts whose text is known."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from scmine.extractors.document import Document, Passage, PassageKind
from scmine.extractors.formats.tei import tei_document
from scmine.extractors.formats.xml_tree import parse_xml
from scmine.extractors.grobid.overlay import Overlaid, overlay
from scmine.extractors.pdf.reader import document_of, lay_out
from tests.grobid_tei import tei_of
from tests.raw_pdf import make_pdf, set_lines

FOLDER = Path(__file__).parents[2] / "fixtures" / "latex"
NAMES = sorted(p.name.removesuffix(".truth.json") for p in FOLDER.glob("*.truth.json"))


def overlaid(pdf: Path, tei: str) -> Overlaid:
    laid_out = lay_out(pdf)
    theirs = tei_document(parse_xml(tei.encode()), pdf)
    return overlay(
        theirs.passages, laid_out.lines, laid_out.tables, laid_out.words, laid_out.hidden
    )


def texts(passages: tuple[Passage, ...], kind: PassageKind) -> list[str]:
    return [p.text for p in passages if p.kind is kind]


@pytest.fixture(params=[True, False], ids=["coordinates", "no coordinates"])
def coords(request: pytest.FixtureRequest) -> bool:
    return bool(request.param)


@pytest.mark.parametrize("name", NAMES)
def test_text_comes_out_as_printed(name: str, coords: bool) -> None:
    pdf = FOLDER / f"{name}.pdf"
    truth = json.loads((FOLDER / f"{name}.truth.json").read_text("utf-8"))
    document = document_of(lay_out(pdf))
    result = overlaid(pdf, tei_of(replace(document, tables=()), coords))
    assert texts(result.passages, PassageKind.TITLE) == [truth["title"]]
    assert texts(result.passages, PassageKind.HEADING) == truth["headings"]
    assert texts(result.passages, PassageKind.PARAGRAPH) == truth["paragraphs"]
    assert texts(result.passages, PassageKind.CAPTION) == truth["captions"]
    assert texts(result.passages, PassageKind.FOOTNOTE) == truth.get("footnotes", [])
    assert result.placed == len(result.passages)


def test_typography_citations_and_words_are_ours(coords: bool) -> None:
    pdf = FOLDER / "superscripts.pdf"
    document = document_of(lay_out(pdf))
    result = overlaid(pdf, tei_of(document, coords))
    assert any(p.typography for p in result.passages)
    assert any(p.citations for p in result.passages)
    for ours, joined in zip(document.passages, result.passages, strict=True):
        assert joined.typography == ours.typography
        assert joined.citations == ours.citations
        assert joined.words == ours.words
        assert joined.sentences == ours.sentences


@pytest.mark.parametrize("name", [n for n in NAMES if n.startswith("tables_")])
def test_tables_that_were_taken_for_text_are_left_out(name: str) -> None:
    pdf = FOLDER / f"{name}.pdf"
    document = document_of(lay_out(pdf))
    assert document.tables
    result = overlaid(pdf, tei_of(document))
    assert [p.text for p in result.passages] == [p.text for p in document.passages]


def _paper(folder: Path, *contents: str) -> tuple[Path, Document]:
    path = folder / "paper.pdf"
    path.write_bytes(make_pdf(*contents))
    return path, document_of(lay_out(path))


LINES = (
    "A title of some length for a paper",
    "We report superconductivity in a made up compound, whose resistance falls to zero",
    "at a temperature of 39 K, and whose Meissner effect is seen at the same temperature.",
)


def test_text_that_is_not_ours_is_kept(tmp_path: Path) -> None:
    pdf, document = _paper(tmp_path, set_lines(LINES))
    other = "Quite another paragraph, about which the page says nothing at all, as it seems."
    result = overlaid(pdf, tei_of(document, extra=f"<p>{other}</p>"))
    assert result.passages[-1].text == other
    assert (result.placed, result.unseen) == (len(result.passages) - 1, 0)


def test_wrong_boxes_do_no_harm(tmp_path: Path) -> None:
    pdf, document = _paper(tmp_path, set_lines(LINES))
    tei = tei_of(document).replace('coords="1,', 'coords="7,')
    result = overlaid(pdf, tei)
    assert [p.text for p in result.passages] == [p.text for p in document.passages]
    assert result.placed == len(result.passages)


def test_what_the_page_hides_is_not_taken_from_grobid(tmp_path: Path) -> None:
    hidden = ("Hidden words claim superconductivity at 500 K in this same made up compound.",)
    content = set_lines(LINES) + "3 Tr " + set_lines(hidden, y=300)
    pdf, document = _paper(tmp_path, content)
    tei = tei_of(document, extra=f'<p coords="1,72,290,400,12">{hidden[0]}</p>')
    result = overlaid(pdf, tei)
    assert not any("500 K" in p.text for p in result.passages)
    assert result.unseen == 1


def test_hidden_words_within_a_paragraph_are_left_out(tmp_path: Path) -> None:
    content = (
        set_lines(LINES) + "3 Tr " + set_lines(("It is 500 K in truth, whatever else.",), y=300)
    )
    pdf, document = _paper(tmp_path, content)
    tei = tei_of(document, coords=False).replace(
        "and whose Meissner", "It is 500 K in truth, whatever else. and whose Meissner"
    )
    result = overlaid(pdf, tei)
    assert [p.text for p in result.passages] == [p.text for p in document.passages]


@pytest.mark.shared
def test_a_real_answer_is_set_from_its_pages(shared: Path) -> None:
    folder = shared / "papers" / "grobid"
    (pdf,) = folder.glob("*.pdf")
    tei = pdf.with_suffix(".tei.xml").read_text("utf-8")
    result = overlaid(pdf, tei)
    assert result.placed >= 0.95 * len(result.passages)
    assert result.unseen == 0
    words = sum(len(p.words) for p in result.passages)
    assert words > 5 * len(result.passages)


def test_grobid_knows_a_citation_that_looks_like_an_exponent(tmp_path: Path) -> None:
    raised = (
        "BT /F1 11 Tf 72 600 Td (The cell has a length of 43 cm) Tj 6 Ts /F1 7 Tf (3) Tj 0 Ts"
        " /F1 11 Tf ( as was seen before and it is 10) Tj 6 Ts /F1 7 Tf (5) Tj 0 Ts /F1 11 Tf"
        " ( wide.) Tj ET"
    )
    pdf, document = _paper(tmp_path, set_lines(LINES) + raised)
    start, end = "The cell has a length of 43 cm", " as was seen before and it is 10 5 wide."
    untold = overlaid(pdf, tei_of(document, extra=f"<p>{start}3{end}</p>"))
    assert "43 cm3 as" in untold.passages[-1].text
    mark = '<ref type="bibr">3</ref>'
    told = overlaid(pdf, tei_of(document, extra=f"<p>{start}{mark}{end}</p>")).passages[-1]
    assert "43 cm as" in told.text
    assert "105 wide" in told.text
    assert [(c.offset, c.mark) for c in told.citations] == [(told.text.index(" as was"), "3")]
