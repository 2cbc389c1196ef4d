"""LaTeXML's pages of the small layouts, whose truth is known, and the frames that sites put on."""

from __future__ import annotations

import json
import re
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scmine.extractors import extract, read
from scmine.extractors.document import Document, PassageKind, ReadError, Status, Typography
from scmine.extractors.formats.latexml import read_latexml

FIXTURES = Path(__file__).parents[2] / "fixtures"
NAMES = sorted(p.name.removesuffix(".truth.json") for p in FIXTURES.glob("latex/*.truth.json"))
ROMAN = {"I": "1", "II": "2"}


def _load(name: str) -> tuple[Document, dict[str, Any]]:
    truth = json.loads((FIXTURES / f"latex/{name}.truth.json").read_text("utf-8"))
    return read(FIXTURES / f"latexml/{name}.html"), truth


def _texts(document: Document, kind: PassageKind) -> list[str]:
    return [p.text for p in document.passages if p.kind is kind]


def _arabic(texts: list[str]) -> list[str]:
    """RevTeX's Roman table numbers as LaTeXML writes them."""
    return [re.sub(r"\bTable (I+)\b", lambda m: f"Table {ROMAN[m[1]]}", t) for t in texts]


def _page(body: str, head: str = "", before: str = "") -> str:
    return (
        f"<!DOCTYPE html><html><head>{head}</head><body>{before}<div class='ltx_page_content'>"
        f"<article class='ltx_document'>{body}</article></div></body></html>"
    )


def _read(tmp_path: Path, content: str, name: str = "page.html") -> Document:
    path = tmp_path / name
    path.write_text(content, "utf-8")
    return read(path)


@pytest.mark.parametrize("name", NAMES)
def test_what_identifies_the_paper(name: str) -> None:
    document, truth = _load(name)
    assert document.metadata.title == truth["title"]
    assert list(document.metadata.authors) == truth["authors"]
    assert len(document.references) == truth["references"]


@pytest.mark.parametrize("name", NAMES)
def test_text_word_for_word(name: str) -> None:
    document, truth = _load(name)
    assert _texts(document, PassageKind.ABSTRACT) == [truth["abstract"]]
    assert _texts(document, PassageKind.PARAGRAPH) == _arabic(truth["paragraphs"])
    assert _texts(document, PassageKind.FOOTNOTE) == truth.get("footnotes", [])
    assert len(_texts(document, PassageKind.HEADING)) == len(truth["headings"])


@pytest.mark.parametrize("name", NAMES)
def test_captions_without_their_label(name: str) -> None:
    def bare(texts: list[str]) -> list[str]:
        return sorted(re.sub(r"^\w+\.? \w+[.:] ", "", t) for t in texts)

    document, truth = _load(name)
    assert bare(_texts(document, PassageKind.CAPTION)) == bare(truth["captions"])


@pytest.mark.parametrize("name", [n for n in NAMES if n.startswith("tables_")])
def test_tables_cell_by_cell(name: str) -> None:
    document, truth = _load(name)
    found = [[[cell.text for cell in row] for row in t.rows] for t in document.tables]
    assert found == [t["rows"] for t in truth["tables"]]
    assert [len(t.header) for t in document.tables] == [t["header_rows"] for t in truth["tables"]]


@pytest.fixture(scope="module")
def marks() -> Document:
    return read(FIXTURES / "latexml/marks.html")


def test_front_matter_by_revtex(marks: Document) -> None:
    assert marks.metadata.title == "On MgB2 and Tc"
    assert marks.metadata.authors == ("A. B. First", "C. Second", "D. Third")
    assert _texts(marks, PassageKind.ABSTRACT) == ["We study MgB2 with Tc = 39 K and 5 GPa."]
    assert [p.text for p in marks.passages if p.section == "keywords"] == [
        "superconductor",
        "74.25",
    ]


def test_a_paragraph_goes_on_after_its_equation(marks: Document) -> None:
    text = next(p.text for p in marks.passages if "Undefined" in p.text)
    assert "ωlog/1.2" not in text  # a formula that states no value
    assert text.index("Fm3̄m") < text.index("where μ* = 0.1.")
    assert "Phantom 5. " in text  # \phantom takes room and shows nothing


def test_what_is_undefined_or_hidden_is_said_and_not_read(marks: Document) -> None:
    everything = " ".join(p.text for p in marks.passages)
    assert not re.search(r"\\foo|zzz|nolabel|hidden words", everything)
    assert marks.warnings == (
        "1 commands that LaTeXML did not know, not read",
        "1 pieces of hidden text not read",
    )


def test_superscripts_by_hand_are_citations_after_words_and_units(marks: Document) -> None:
    passage = next(p for p in marks.passages if "Raised by hand" in p.text)
    assert "Raised by hand and 250 K." in passage.text
    assert [(passage.text[: c.offset][-4:], c.mark) for c in passage.citations] == [
        ("hand", "3,4"),
        ("50 K", "5"),
    ]


def test_lists_notes_and_appendix(marks: Document) -> None:
    paragraphs = _texts(marks, PassageKind.PARAGRAPH)
    assert "one item with 5 K" in paragraphs
    assert "another" in paragraphs
    assert {"cap note", "Reference 1.", "Onset."} <= set(_texts(marks, PassageKind.FOOTNOTE))
    assert marks.passages[-1].section == "Appendix A App"


def test_a_table_without_a_marked_head(marks: Document) -> None:
    first, second = marks.tables
    assert [[c.text for c in r] for r in first.header] == [
        ["", "Lattice", "", "Tc (K)"],
        ["Compound", "a (Å)", "c (Å)", ""],
    ]
    assert [[c.text for c in r] for r in first.body][1:4] == [
        ["NbB2", "3.1", "3.3", "5.2"],
        ["NbB2", "3.2", "–", "< 0.62"],
        ["Group two", "", "", ""],
    ]
    value = first.body[0][3]
    assert (value.text, [(s.start, s.kind) for s in value.typography]) == (
        "39.01",
        [(4, Typography.SUPERSCRIPT)],
    )
    assert [len(t.header) for t in marks.tables] == [2, 1]
    assert [c.text for c in second.body[1]] == ["LaH10", "170", "250"]


ARXIV = _page(
    "<h1 class='ltx_title ltx_title_document'>On MgB<sub class='ltx_sub'>2</sub></h1>"
    "<div class='ltx_authors'><span class='ltx_creator ltx_role_author'><span class="
    "'ltx_personname'>Ada First<sup class='ltx_sup'>1</sup>, Ben Second<br class='ltx_break'>"
    "Department of Physics, Nowhere</span></span></div>"
    "<div class='ltx_para'><p class='ltx_p'>MgB<sub class='ltx_sub'>2</sub> has a transition "
    "temperature of 39 K.</p></div>",
    head="<base href='/html/2401.01234v2/'><title>On MgB2</title>",
    before="<header><nav>Back to arXiv</nav></header>"
    "<div class='package-alerts ltx_document'>failed: foo</div>"
    "<nav class='ltx_page_navbar'><nav class='ltx_TOC'>Contents</nav></nav>"
    "<div id='infobox'><a id='license-tr'>License</a>"
    "<div id='watermark-tr'>arXiv:2401.01234v2 [cond-mat.supr-con] 05 Jan 2024</div></div>",
)


def test_arxivs_frame_is_left_out_and_its_stamp_read(tmp_path: Path) -> None:
    document = _read(tmp_path, ARXIV)
    assert [p.text for p in document.passages] == [
        "On MgB2",
        "MgB2 has a transition temperature of 39 K.",
    ]
    metadata = document.metadata
    assert (metadata.arxiv_id, metadata.year) == ("2401.01234", 2024)
    assert metadata.authors == ("Ada First", "Ben Second")
    records = extract(document).records
    assert [(r.formula, r.tc_K) for r in records] == [("MgB2", 39.0)]


@pytest.mark.parametrize(
    ("head", "name", "expected"),
    [
        ("<title>[1712.02747] On lead</title>", "page.html", "1712.02747"),
        ("<title>[cond-mat/0102114] On lead</title>", "page.html", "cond-mat/0102114"),
        ("<base href='/html/2401.01234v2/'>", "page.html", "2401.01234"),
        ("<link rel='canonical' href='https://arxiv.org/abs/2401.01234'>", "x.htm", "2401.01234"),
        ("", "2401.01234v1.html", "2401.01234"),
        ("<link rel='stylesheet' href='https://arxiv.org/abs/2401.01234'>", "page.html", None),
    ],
)
def test_the_arxiv_identifier(tmp_path: Path, head: str, name: str, expected: str | None) -> None:
    page = _page("<div class='ltx_para'><p class='ltx_p'>Lead has a gap.</p></div>", head)
    metadata = _read(tmp_path, page, name).metadata
    assert metadata.arxiv_id == expected
    assert metadata.title in ("On lead", "")


def test_a_page_is_known_by_its_beginning(tmp_path: Path) -> None:
    assert _read(tmp_path, ARXIV, "2401.01234v2").reader == "latexml"


def test_tables_of_spans_and_their_spans_in_classes(tmp_path: Path) -> None:
    def row(*cells: str) -> str:
        return f"<span class='ltx_tr'>{''.join(cells)}</span>"

    def cell(text: str, kinds: str = "") -> str:
        return f"<span class='ltx_td {kinds}'>{text}</span>"

    table = (
        "<span class='ltx_tabular'>"
        + row(cell("", "ltx_rowspan ltx_rowspan_2"), cell("Tc", "ltx_colspan ltx_colspan_2"))
        + row(cell("onset"), cell("zero"))
        + row(cell("Pb", "ltx_border_t"), cell("7.2", "ltx_border_t"), cell("7", "ltx_border_t"))
        + "</span>"
    )
    body = f"<div class='ltx_para'><p class='ltx_p'>Values {table} are listed.</p></div>"
    document = _read(tmp_path, _page(body))
    assert [p.text for p in document.passages] == ["Values are listed."]
    (found,) = document.tables
    assert [[c.text for c in r] for r in found.rows] == [
        ["", "Tc", ""],
        ["", "onset", "zero"],
        ["Pb", "7.2", "7"],
    ]
    assert len(found.header) == 2


@pytest.mark.parametrize(
    ("content", "status", "reason"),
    [
        ("<html><body><p>MgB2</p></body></html>", Status.FAILED, "LaTeXML did not write"),
        (_page(""), Status.EMPTY, "no text"),
        (_page("<p class='ltx_p'>See pages 1-last of main.pdf</p>"), Status.EMPTY, "points to"),
        ("<div>" * 1000, Status.FAILED, "nested deeper"),
    ],
)
def test_other_pages_end_with_a_reason(
    tmp_path: Path, content: str, status: Status, reason: str
) -> None:
    with pytest.raises(ReadError, match=reason) as caught:
        _read(tmp_path, content)
    assert caught.value.status is status


MARKS = st.sampled_from(
    "<div class='ltx_para'> </div> <p class='ltx_p'> </p> <table class='ltx_tabular'> </table> "
    "<tr class='ltx_tr'> <td class='ltx_td' rowspan=9> MgB 39&nbsp;K <sub> <br> é < &lt; </math> "
    "<math alttext='T_c'> <span class='ltx_note'> </span> <figure> <figcaption> "
    "<li class='ltx_item'> <h2 class='ltx_title'>".replace("> ", ">\n").splitlines()
)


@settings(max_examples=150)
@given(st.lists(MARKS, max_size=40))
def test_any_nesting_ends_in_a_document_or_a_reason(
    tmp_path_factory: pytest.TempPathFactory, marks: list[str]
) -> None:
    path = tmp_path_factory.mktemp("page") / "page.html"
    path.write_text(_page("".join(marks)), "utf-8")
    with suppress(ReadError):
        assert all(p.text == p.text.strip() != "" for p in read_latexml(path).passages)


@pytest.fixture(scope="module")
def floats() -> Document:
    return read(FIXTURES / "latexml/floats.html")


def test_citations_that_latexml_raises(floats: Document) -> None:
    passage = next(p for p in floats.passages if p.text.startswith("A value"))
    assert passage.text == (
        "A value of 250 K and 0.0056. As shown by First it is so. See Refs. 1; 2. "
        "An isotope 18O and 10−3 and cm−1 and H3S."
    )
    assert [c.mark for c in passage.citations] == ["1; 2", "2", "1", "2"]


def test_formulas_as_they_are_set(floats: Document) -> None:
    text = next(p.text for p in floats.passages if p.text.startswith("We used"))
    for formula in (
        "5 μm, ΔTc ≤ 0.3 K",
        "2Δ/kBTc = 3.52",
        "μ*, R3̄m, P4/nmm, YBa2Cu3O7−δ, LaH10, Tconset, ∼ 200 GPa",
        "1.5 × 10−3 Å−1, −5 °C.",
        "Tc = 1.2 K and then it goes on.",
    ):
        assert formula in text


def test_terms_of_a_list_stand_with_what_is_said_of_them(floats: Document) -> None:
    paragraphs = _texts(floats, PassageKind.PARAGRAPH)
    assert [p for p in paragraphs if "Sample" in p] == ["Sample A has 5 K.", "Sample B has 6 K."]
    assert "First." in paragraphs


def test_floats_of_all_kinds(floats: Document) -> None:
    assert _texts(floats, PassageKind.CAPTION) == [
        "Table 1: Head with spans.",
        "Figure 1: Both of Tc.",
        "(a) Part one",
        "(b) Part two",
        "Table 2: Long one",
        "Table 3: Left",
        "Table 4: Right",
        "Table 5: Transposed",
    ]
    shapes = [(t.caption[:7], len(t.header), len(t.body), len(t.rows[0])) for t in floats.tables]
    assert shapes == [
        ("Table 1", 2, 4, 5),
        ("Table 2", 1, 2, 2),
        ("Table 3", 1, 2, 2),
        ("Table 4", 1, 1, 2),
        ("Table 5", 1, 2, 3),
    ]
    head = [[c.text for c in row] for row in floats.tables[0].header]
    assert head == [
        ["Compound", "Group", "Tc (K)", "", "P"],
        ["Compound", "Group", "onset", "zero", "(GPa)"],
    ]
