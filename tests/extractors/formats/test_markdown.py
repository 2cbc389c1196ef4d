"""The Markdown reader on papers written for it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scmine.extractors import extract
from scmine.extractors.document import (
    Document,
    PassageKind,
    ReadError,
    Span,
    Status,
    Typography,
)
from scmine.extractors.formats.inline_markdown import read_inline
from scmine.extractors.formats.markdown import looks_like_markdown, read_markdown
from tests.conftest import SHARED

PAPERS = SHARED / "papers" / "markdown"

PAPER = """\
# arXiv:2301.01234

**Paper ID:** 0123

**Pages:** 4

---

# **Superconductivity in the invented cuprate La$_{2-x}$Sr$_x$CuO$_4$**

Ada Example<sup>1</sup> and Ben B. Sample<sup>1,2</sup>

<sup>1</sup>Department of Physics, University of Nowhere

## Abstract

We find that the sample of this example is a superconductor with $T_c$ = 38 K, and that the \
pressure of 10$^{-3}$ GPa does not change this.

## I. INTRODUCTION

*MgB*<sub>2</sub> is known<sup>12</sup> for 39 K at μ* = 0.1. Its structure is not that of \
$Fm\\bar{3}m$, but the fields

![](_page_1_Figure_1.jpeg)

Figure 1. Resistance of MgB<sub>2</sub>.

$$H_{c2} = \\int_0^1 f(x) dx$$

are high[3](#page-9-0). See Fig. [1](#page-1-0) and [\\[4\\]](#page-9-0).

TABLE I. Critical temperatures.

| Material        | $T_c$ (K) | P (GPa) |
|-----------------|-----------|---------|
| LaH$_{10}$      | 250       | 170     |
| H<sub>3</sub>S  | 203       | 155     |

<sup>a</sup> Values at the onset.

2

## References

[1] A. Author, Phys. Rev. B 12, 345 (2001).

[2] B. Author, Phys. Rev. Lett. 13, 678 (2002).
"""


@pytest.fixture
def read_text(tmp_path: Path) -> Callable[[str], Document]:
    """Reads a text as the file of a paper."""

    def run(text: str) -> Document:
        path = tmp_path / "paper.md"
        path.write_text(text, "utf-8")
        return read_markdown(path)

    return run


def _texts(document: Document, kind: PassageKind) -> list[str]:
    return [p.text for p in document.passages if p.kind is kind]


def test_a_paper_falls_into_its_parts(read_text: Callable[[str], Document]) -> None:
    document = read_text(PAPER)
    title = "Superconductivity in the invented cuprate La2−xSrxCuO4"
    assert document.metadata.title == title
    assert document.metadata.arxiv_id == "2301.01234"
    assert document.metadata.authors == ("Ada Example", "Ben B. Sample")
    assert _texts(document, PassageKind.TITLE) == [title]
    assert _texts(document, PassageKind.ABSTRACT) == [
        "We find that the sample of this example is a superconductor with Tc = 38 K, and that the "
        "pressure of 10−3 GPa does not change this."
    ]
    assert _texts(document, PassageKind.HEADING) == ["I. INTRODUCTION"]
    assert _texts(document, PassageKind.PARAGRAPH) == [
        "MgB2 is known for 39 K at μ* = 0.1. Its structure is not that of Fm3\u0304m, but the "
        "fields are high. See Fig. 1 and [4]."
    ]
    assert _texts(document, PassageKind.CAPTION) == [
        "Figure 1. Resistance of MgB2.",
        "TABLE I. Critical temperatures.",
    ]
    assert _texts(document, PassageKind.FOOTNOTE) == ["Values at the onset."]
    assert [r[:3] for r in document.references] == ["[1]", "[2]"]


def test_scripts_and_citations_are_layers(read_text: Callable[[str], Document]) -> None:
    paragraph = next(p for p in read_text(PAPER).passages if p.kind is PassageKind.PARAGRAPH)
    assert paragraph.typography == (Span(3, 4, Typography.SUBSCRIPT),)
    assert [c.mark for c in paragraph.citations] == ["12", "3"]
    start, end = paragraph.sentences[0]
    assert paragraph.text[start:end] == "MgB2 is known for 39 K at μ* = 0.1."


def test_a_pipe_table_has_head_caption_and_section(read_text: Callable[[str], Document]) -> None:
    (table,) = read_text(PAPER).tables
    assert table.caption == "TABLE I. Critical temperatures."
    assert table.section == "I. INTRODUCTION"
    assert [[c.text for c in row] for row in table.header] == [["Material", "Tc (K)", "P (GPa)"]]
    assert [[c.text for c in row] for row in table.body] == [
        ["LaH10", "250", "170"],
        ["H3S", "203", "155"],
    ]
    assert table.body[0][0].typography == (Span(3, 5, Typography.SUBSCRIPT),)


def test_records_come_from_text_and_table(read_text: Callable[[str], Document]) -> None:
    records = extract(read_text(PAPER)).records
    assert {250.0, 203.0} <= {r.tc_K for r in records}


@pytest.mark.parametrize(
    "table",
    [
        "| a | b |\n|---|---|\n| 1 | 2 |\n\nTable 2: Below.",
        "Table 2: Above.\n\na | b\n--|--\n1 | 2",
    ],
)
def test_captions_stand_on_either_side(read_text: Callable[[str], Document], table: str) -> None:
    (found,) = read_text(f"# Title of it\n\n{table}\n").tables
    assert found.caption.startswith("Table 2: ")
    assert [c.text for c in found.rows[0]] == ["a", "b"]


def test_a_table_goes_on_over_a_page(read_text: Callable[[str], Document]) -> None:
    table = (
        "| a | Tc |\n|--|--|\n| Nb | 9 |\n\n{12}-----------\n\n| Pb | 7 |\n|--|--|\n| Sn | 4 |\n"
    )
    (found,) = read_text(table.replace("{12}-----------\n\n", "")).tables
    assert [row[0].text for row in found.body] == ["Nb", "Pb", "Sn"]


def test_units_under_the_head_belong_to_it(read_text: Callable[[str], Document]) -> None:
    (table,) = read_text("| M | Tc |\n|--|--|\n| | (K) |\n| Nb | 9 |\n").tables
    assert len(table.header) == 2


def test_raised_subscripts_are_lowered_in_files_without_any(
    read_text: Callable[[str], Document],
) -> None:
    document = read_text("# On La4H<sup>23</sup>\n\nThe T<sup>c</sup> of it is 10<sup>2</sup> K.\n")
    kinds = [s.kind for p in document.passages for s in p.typography]
    assert kinds == [Typography.SUBSCRIPT, Typography.SUBSCRIPT, Typography.SUPERSCRIPT]


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("**bold** and *italic* and ***both***", "bold and italic and both"),
        ("μ* = 0.1 and *T*<sub>c</sub>", "μ* = 0.1 and Tc"),
        ("_T_<sub>c</sub> of a_b_c", "Tc of a_b_c"),
        (r"\*a\* 10\_3", "*a* 10_3"),
        ("costs $5 and $6 more", "costs $5 and $6 more"),
        ("x &lt; 5 &amp; y", "x < 5 & y"),
        (r"\(T_c\) of Eq. \(5\)", "Tc of Eq. (5)"),
        ("[Nature **3**](https://x.y/(a)b)", "Nature 3"),
        ("Figs. [1](#page-3) and [2](#page-4) show", "Figs. 1 and 2 show"),
        ("![a plot](a.png)here", "here"),
        ("*2.1.**Samples*", "2.1.Samples"),
        ("as seen[^3] before", "as seen before"),
        ("MgB₂ 10⁻³ 𝑇", "MgB2 10−3 T"),
    ],
)
def test_inline_marks(source: str, text: str) -> None:
    assert read_inline(source).text == text


def test_a_formula_that_states_a_value_stays(read_text: Callable[[str], Document]) -> None:
    text = "# Title\n\n## Results\n\nWe find\n\n$$T_c = 38\\,\\mathrm{K}$$\n\nfor the sample.\n"
    assert _texts(read_text(text), PassageKind.PARAGRAPH) == ["We find Tc = 38 K for the sample."]


def test_notes_of_markdown_are_footnotes(read_text: Callable[[str], Document]) -> None:
    document = read_text("## Results\n\nIt is so.[^1]\n\n[^1]: At zero field.\n")
    assert _texts(document, PassageKind.FOOTNOTE) == ["At zero field."]


def test_code_rules_and_running_heads_are_left_out(read_text: Callable[[str], Document]) -> None:
    head = "A. EXAMPLE et al., page "
    text = "".join(f"{head}{n}\n\nThe Tc of it is {n} K here.\n\n{n}\n\n" for n in range(1, 5))
    document = read_text(f"# On Tc\n\n## Results\n\n```\ncode\n```\n\n***\n\n{text}")
    assert len(_texts(document, PassageKind.PARAGRAPH)) == 4


def test_words_parted_at_line_ends_are_joined(read_text: Callable[[str], Document]) -> None:
    document = read_text("## Results\n\nThe resis-\ntivity of the c-\naxis is low.\n")
    assert _texts(document, PassageKind.PARAGRAPH) == ["The resistivity of the c-axis is low."]


@pytest.mark.parametrize(
    ("data", "status"),
    [
        (b"", Status.EMPTY),
        (b" \n\n", Status.EMPTY),
        (b"![](a.png)\n", Status.EMPTY),
        (b"\x00\x01\x02\x03" * 50, Status.FAILED),
    ],
)
def test_files_without_text_say_why(tmp_path: Path, data: bytes, status: Status) -> None:
    path = tmp_path / "paper.md"
    path.write_bytes(data)
    with pytest.raises(ReadError) as caught:
        read_markdown(path)
    assert caught.value.status is status


def test_a_file_over_the_limit_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("scmine.extractors.formats.text_files.MAX_BYTES", 10)
    path = tmp_path / "paper.md"
    path.write_text("# A title that is longer")
    with pytest.raises(ReadError, match="MB"):
        read_markdown(path)


def test_pictures_written_as_letters_are_left_out(read_text: Callable[[str], Document]) -> None:
    document = read_text(f"# On MgB2\n\n![](data:image/png;base64,{'A' * 90_000}) Text of MgB2.\n")
    assert _texts(document, PassageKind.PARAGRAPH) == ["Text of MgB2."]


HTML_TABLE = """<html><body><table><thead><tr><th rowspan="2">Compound</th>
<th colspan="2">$T_c$ (K)</th></tr><tr><th>onset</th><th>zero</th></tr></thead>
<tr><td>LaH<sub>10</sub></td><td>250</td><td>&lt; 245<br>(4)</td></tr></table></body></html>"""

TABULAR = r"""\begin{table}
\begin{tabular}{l c c} \hline \hline
 & \multicolumn{2}{c}{\(T_{c}\) (K)} \\ \cline{2-3}
Compound & onset & zero \\ \hline
\multirow{2}{*}{LaH\(_{10}\)} & 250 & \(<245\) \\
 & **251** & 40\% \\ \hline \hline
\end{tabular}
\caption{Transitions of LaH\(_{10}\).}
\end{table}"""


def _grid(document: Document) -> list[list[str]]:
    (table,) = document.tables
    return [[cell.text for cell in row] for row in table.rows]


def test_tables_in_html(read_text: Callable[[str], Document]) -> None:
    document = read_text(f"# Title of it\n\nTable 1. Two.\n\n{HTML_TABLE}\n\nAfter it.\n")
    assert _grid(document) == [
        ["Compound", "Tc (K)", ""],
        ["Compound", "onset", "zero"],
        ["LaH10", "250", "< 245 (4)"],
    ]
    (table,) = document.tables
    assert (len(table.header), table.caption) == (2, "Table 1. Two.")
    assert "After it." in _texts(document, PassageKind.PARAGRAPH)


def test_tables_in_latex(read_text: Callable[[str], Document]) -> None:
    document = read_text(f"# Title of it\n\nBefore it.\n\n{TABULAR}\n\nAfter it.\n")
    assert _grid(document) == [
        ["", "Tc (K)", ""],
        ["Compound", "onset", "zero"],
        ["LaH10", "250", "< 245"],
        ["LaH10", "251", "40%"],
    ]
    (table,) = document.tables
    assert len(table.header) == 2
    assert table.caption == "Transitions of LaH10."
    assert _texts(document, PassageKind.PARAGRAPH) == ["Before it.", "After it."]


@pytest.mark.parametrize("mark", ["<table>", "\\begin{table}", "\\begin{tabular}{c}"])
def test_a_table_without_its_end_is_text(read_text: Callable[[str], Document], mark: str) -> None:
    document = read_text(f"# Title of it\n\n{mark}\n\nWords after it.\n")
    assert "Words after it." in _texts(document, PassageKind.PARAGRAPH)


@pytest.mark.parametrize(
    ("lines", "caption", "heads"),
    [
        (
            "| Table 2. Values. | | |\n|---|---|---|\n| A | b (K) | c |\n| x | 1 | 2 |",
            "Table 2. Values.",
            1,
        ),
        (
            "| A | b | c |\n|---|---|---|\n| x | 1 | 2 |\n| Table 2. Values. | | |",
            "Table 2. Values.",
            1,
        ),
        ("Table 2\n\nValues\n\n| A | b | c |\n|---|---|---|\n| x | 1 | 2 |", "Table 2 Values", 1),
        (
            "TABLE II. Values.\n\n(in kelvin)\n\n| A | b |\n|---|---|\n| x | 1 |",
            "TABLE II. Values.",
            1,
        ),
        ("| A | Max. |\n|---|---|\n| | temperature (K) |\n| x | 1 |\n| y | 2 |", "", 2),
        ("| | Tc | |\n|---|---|---|\n| A | onset | zero |\n| x | 1 | 2 |\n| y | 1 | 2 |", "", 2),
        (
            "| | A | B |\n|---|---|---|\n| Metal | Nb3Sn | NbTi |\n| x | 1 | 2 |\n| y | 1 | 2 |",
            "",
            1,
        ),
    ],
)
def test_captions_and_heads_of_pipe_tables(
    read_text: Callable[[str], Document], lines: str, caption: str, heads: int
) -> None:
    (table,) = read_text(f"# Title of it\n\nBefore it.\n\n{lines}\n").tables
    assert (table.caption, len(table.header)) == (caption, heads)
    assert table.rows[-1][0].text in ("x", "y")


def test_a_saved_notice_of_arxiv_is_no_paper(tmp_path: Path) -> None:
    path = tmp_path / "x.md"
    path.write_text("# arXiv\n\n## **PDF unavailable for [hep](a)...**\n\nHelp\n", "utf-8")
    with pytest.raises(ReadError, match="saved page") as caught:
        read_markdown(path)
    assert caught.value.status is Status.EMPTY


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("*Abstract***—We say", "Abstract—We say"),
        ("RRP**®** wires", "RRP® wires"),
        ("surface**,** giving", "surface, giving"),
        ("J**c vs.** B", "Jc vs. B"),
        ("value 80**", "value 80**"),
        ("μ** = 0.1", "μ** = 0.1"),
        ("$e &gt; 0.95$ and a &lt; b", "e > 0.95 and a < b"),
        ("[A. First](mailto:now at b@c.d) says", "A. First says"),
        ("[J. Nowhere](http://x.y/ 10.1/2) 3", "J. Nowhere 3"),
    ],
)
def test_marks_that_converters_leave(source: str, expected: str) -> None:
    assert read_inline(source).text == expected


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("a = 5.311 ˚A, b in 2 A˚", "a = 5.311 Å, b in 2 Å"),
        ("700 ˚C and 52˚ from ¯hω", "700 °C and 52° from ħω"),
        ("Fm¯3m, Pm3¯n, I¯43d, P4¯3n", "Fm3̄m, Pm3̄n, I4̄3d, P4̄3n"),
        ("T <sup>&</sup>gt;<sup>∼</sup> 5", "T >∼ 5"),
        ("µ<sup>∗</sup> = 0.1, ∆ in Ω", "μ* = 0.1, Δ in Ω"),
    ],
)
def test_characters_are_those_of_the_pdf_reader(source: str, expected: str) -> None:
    assert read_inline(source).tidied().text == expected


@pytest.mark.timeout(60)
@pytest.mark.parametrize(
    "piece", ["*a ", "[ ", "$a ", "\\( ", "<sup> ", "![a]( ", "| ", "_a ", "<table>\n"]
)
def test_time_grows_with_size_only(read_text: Callable[[str], Document], piece: str) -> None:
    assert read_text("Words " + piece * 100_000).doc_id


def test_other_encodings_survive(tmp_path: Path) -> None:
    path = tmp_path / "paper.md"
    path.write_bytes("# Müller über Tc\n".encode("cp1252"))
    assert read_markdown(path).metadata.title == "Müller über Tc"
    path.write_bytes("# Müller über Tc\r\n".encode("utf-16"))
    assert read_markdown(path).metadata.title == "Müller über Tc"


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.one_of(st.binary(max_size=300), st.text("#|-$*_<>sup/[]()!\\`{}^ \nab1", max_size=200)))
def test_no_bytes_crash_the_reader(tmp_path: Path, data: bytes | str) -> None:
    path = tmp_path / "paper.md"
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    looks_like_markdown(path.read_bytes())
    try:
        document = read_markdown(path)
    except ReadError:
        return
    assert document.passages or document.tables


@pytest.mark.parametrize(
    ("head", "is_markdown"),
    [
        (PAPER.encode(), True),
        (b"MgB2 has $T_c$ = 39 K.", True),
        (b"| a | b |\n|---|---|\n", True),
        (b"Plain words about MgB2.", False),
        (b"<?xml version='1.0'?><TEI/>", False),
        (b"%PDF-1.4", False),
        (b"\x00\x01\x02", False),
    ],
)
def test_markdown_is_told_by_its_marks(head: bytes, is_markdown: bool) -> None:
    assert looks_like_markdown(head) is is_markdown


@pytest.mark.shared
@pytest.mark.parametrize("path", sorted(PAPERS.glob("*.md")), ids=lambda p: p.stem)
def test_real_papers_have_title_text_and_references(path: Path) -> None:
    document = read_markdown(path)
    assert len(document.metadata.title) > 20
    assert document.metadata.authors
    assert document.references
    assert document.metadata.arxiv_id in path.stem.replace("cond-mat_", "cond-mat/")
