"""The JATS reader: articles whole and damaged."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scmine.extractors.document import Document, ReadError, Status
from scmine.extractors.extract import extract
from scmine.extractors.formats.jats import looks_like_jats, read_jats
from scmine.extractors.table_sheet import plain_text

ARTICLE = (Path(__file__).parent / "files" / "article.nxml").read_text("utf-8")


def read(folder: Path, text: str | bytes, name: str = "paper.nxml") -> Document:
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return read_jats(path)


def read_body(folder: Path, body: str) -> Document:
    return read(folder, f"<article><body>{body}</body></article>")


def test_passages_in_order(tmp_path: Path) -> None:
    found = [(str(p.kind), p.section, p.text) for p in read(tmp_path, ARTICLE).passages]
    assert found == [
        ("title", "title", "Cages of LaH10"),
        ("abstract", "abstract", "We find Tc = 203 K in H3S at 155 GPa."),
        ("heading", "1. Results", "1. Results"),
        (
            "paragraph",
            "1. Results",
            "Superconductors of α type, 10−3, in Fm3\u0304m [12], see Refs. 7 and 8. "
            "MgB2 has Tc = 39 K and λ0 = 0.5.",
        ),
        ("caption", "1. Results", "Fig. 1. A cage. Of LaH10."),
        ("footnote", "1. Results", "A note."),
        ("heading", "Deeper", "Deeper"),
        ("paragraph", "Deeper", "One thing."),
        ("caption", "1. Results", "Table 1. Made-up values."),
        ("footnote", "1. Results", "By resistance."),
        ("heading", "Appendix", "Appendix"),
        ("paragraph", "Appendix", "More."),
    ]


def test_metadata(tmp_path: Path) -> None:
    document = read(tmp_path, ARTICLE)
    meta = document.metadata
    assert meta.title == "Cages of LaH10"
    assert meta.authors == ("Ada B. Doe", "Max Roe", "The Team")
    assert (meta.doi, meta.arxiv_id, meta.year) == ("10.1234/test.5", None, 2020)
    assert (meta.journal, meta.publisher) == ("Journal of Tests", "Made Press")
    assert document.references == ("A. Poe, J. Tests 1, 2 (2000).",)
    assert document.reader == "jats"


def test_typography_and_citations(tmp_path: Path) -> None:
    paragraph = read(tmp_path, ARTICLE).passages[3]
    set_apart = [paragraph.text[s.start : s.end] for s in paragraph.typography]
    assert set_apart == ["−3", "2", "c", "0"]
    assert [c.mark for c in paragraph.citations] == ["1,2–4", "3"]


def test_table(tmp_path: Path) -> None:
    (table,) = read(tmp_path, ARTICLE).tables
    assert [[c.text for c in row] for row in table.rows] == [
        ["Material", "Superconductivity", ""],
        ["Material", "P (GPa)", "Tc (K)"],
        ["LaH10", "170", "250a"],
        ["LaH10", "150", "240"],
    ]
    assert len(table.header) == 2
    mark = table.rows[2][2].typography[-1]
    assert (mark.start, mark.end, str(mark.kind)) == (3, 4, "superscript")


def test_records(tmp_path: Path) -> None:
    records = extract(read(tmp_path, ARTICLE)).records
    found = {(r.formula, r.tc_K, r.pressure_GPa, str(r.source)) for r in records}
    assert {
        ("H3S", 203.0, 155.0, "text"),
        ("MgB2", 39.0, None, "text"),
        ("LaH10", 250.0, 170.0, "table"),
        ("LaH10", 240.0, 150.0, "table"),
    } <= found
    assert all(r.tc_K != 1.0 for r in records)


def test_row_heads_are_no_column_heads(tmp_path: Path) -> None:
    rows = "<tr><th>Material</th><th>Tc (K)</th></tr><tr><th>MgB2</th><td>39</td></tr>"
    document = read_body(tmp_path, f"<table-wrap><table>{rows}</table></table-wrap>")
    assert [row[0].text for row in document.tables[0].body] == ["MgB2"]


def test_cals_tables(tmp_path: Path) -> None:
    table = (
        '<tgroup cols="3"><colspec colname="a"/><colspec colname="b"/><colspec colname="c"/>'
        '<thead><row><entry morerows="1">M</entry><entry namest="b" nameend="c">Tc</entry></row>'
        "<row><entry>on</entry><entry>off</entry></row></thead>"
        "<tbody><row><entry>Nb</entry><entry>9</entry><entry>8</entry></row></tbody></tgroup>"
    )
    document = read_body(tmp_path, f"<table-wrap><table>{table}</table></table-wrap>")
    assert [[c.text for c in row] for row in document.tables[0].rows] == [
        ["M", "Tc", ""],
        ["M", "on", "off"],
        ["Nb", "9", "8"],
    ]


def test_lines_of_a_cell_are_parted(tmp_path: Path) -> None:
    cell = "<td><p>one</p><p>two<break/>three</p></td>"
    document = read_body(tmp_path, f"<table-wrap><table><tr>{cell}</tr></table></table-wrap>")
    assert document.tables[0].rows[0][0].text == "one two three"


def test_references_in_a_cell_are_no_digits_of_its_number(tmp_path: Path) -> None:
    cells = (
        '<td>12<xref ref-type="bibr" rid="r5">5</xref></td><td><xref ref-type="bibr">5</xref></td>'
        '<td>12 [<xref ref-type="bibr" rid="r5">5</xref>]</td>'
    )
    document = read_body(tmp_path, f"<table-wrap><table><tr>{cells}</tr></table></table-wrap>")
    assert [plain_text(c) for c in document.tables[0].rows[0]] == ["12", "5", "12 [5]"]


def test_an_article_of_a_harvest_is_found(tmp_path: Path) -> None:
    article = "<article><body><p>Text.</p></body></article>"
    wrapped = f'<OAI-PMH xmlns="urn:o"><record><metadata>{article}</metadata></record></OAI-PMH>'
    assert [p.text for p in read(tmp_path, wrapped).passages] == ["Text."]


@pytest.mark.parametrize(
    ("text", "status", "words"),
    [
        ("<TEI/>", Status.FAILED, "root element is <TEI>"),
        ("<article><title>DocBook</title></article>", Status.FAILED, "neither <front> nor <body>"),
        (ARTICLE[:3000], Status.FAILED, "line"),
        ('<!DOCTYPE article [<!ENTITY a "b">]><article/>', Status.FAILED, "entity"),
        ("", Status.FAILED, "not well-formed"),
        ("<article><front/><body/></article>", Status.EMPTY, "no text"),
    ],
)
def test_faults(tmp_path: Path, text: str, status: Status, words: str) -> None:
    with pytest.raises(ReadError, match=words) as caught:
        read(tmp_path, text)
    assert caught.value.status is status


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        (ARTICLE.encode()[:4096], True),
        (b'<article article-type="letter">', True),
        (b"<article><front><journal-meta>", True),
        (b"<pmc-articleset><article>", True),
        (b'<article xmlns="http://docbook.org/ns/docbook"><title>', False),
        (b"<!DOCTYPE html><html><article>", False),
        (b"<TEI>", False),
        (b"", False),
    ],
)
def test_looks_like_jats(head: bytes, expected: bool) -> None:
    assert looks_like_jats(head) is expected


def _survives(folder: Path, data: bytes) -> None:
    looks_like_jats(data[:4096])
    try:
        document = read(folder, data)
        outcome = bool(document.passages or document.tables)
    except ReadError as error:
        outcome = error.status in (Status.FAILED, Status.EMPTY)
    assert outcome


TAGS = """
article front article-meta title-group article-title abstract contrib-group
contrib name collab body back sec title label p xref sup sub italic overline fig
caption table-wrap table thead tr td th tgroup colspec row entry list list-item
fn inline-formula math msub mover mfrac mmultiscripts tex-math alternatives ref-
list ref app floats-group boxed-text
"""
ANY_TAG = st.sampled_from(TAGS.split())
ATTRIBUTES = 'ref-type="bibr" rowspan="3" namest="x"'
TREES = st.recursive(
    st.text("a1 ,.[$\\{", max_size=6),
    lambda inner: st.builds(
        lambda tag, parts: (
            f'<{tag} ref-type="bibr" rowspan="3" namest="x">{"".join(parts)}</{tag}>'
        ),
        ANY_TAG,
        st.lists(inner, max_size=4),
    ),
    max_leaves=15,
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.binary(max_size=300))
def test_no_bytes_crash_the_reader(tmp_path: Path, data: bytes) -> None:
    _survives(tmp_path, data)
    _survives(tmp_path, b"<article><body><p>" + data)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.integers(0, len(ARTICLE.encode()) - 1), st.binary(min_size=1, max_size=8))
def test_no_damage_crashes_the_reader(tmp_path: Path, at: int, damage: bytes) -> None:
    data = ARTICLE.encode()
    _survives(tmp_path, data[:at] + damage + data[at + len(damage) :])


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(TREES)
def test_no_tree_crashes_the_reader(tmp_path: Path, tree: str) -> None:
    _survives(tmp_path, f"<article>{tree}</article>".encode())
    _survives(tmp_path, f"<article><body>{tree}</body></article>".encode())


def test_text_of_lists_outside_paragraphs_and_references_in_the_body(tmp_path: Path) -> None:
    path = tmp_path / "article.xml"
    path.write_text(
        "<article article-type='x'><body><sec><title>Results</title><list>"
        "<list-item><label>1.</label>MgB<sub>2</sub> has 39 K.</list-item>"
        "<list-item>Two items <list><list-item><p>inside</p></list-item></list> and after."
        "</list-item></list>"
        "<statement><label>Theorem 1</label><p>It holds.</p></statement>"
        "<ref-list><title>Further reading</title><ref><mixed-citation>A. First, 1999."
        "</mixed-citation></ref></ref-list></sec></body></article>",
        "utf-8",
    )
    document = read_jats(path)
    assert [p.text for p in document.passages] == [
        "Results",
        "MgB2 has 39 K.",
        "Two items",
        "inside",
        "and after.",
        "Theorem 1",
        "It holds.",
    ]
    assert document.references == ("A. First, 1999.",)


def test_references_as_printed_or_from_their_parts(tmp_path: Path) -> None:
    path = tmp_path / "article.xml"
    path.write_text(
        "<article article-type='x'><body><p>Text.</p></body><back><ref-list>"
        "<ref><label>1</label><mixed-citation><name><given-names>A.</given-names> <surname>First"
        "</surname></name>, <source>J. Nowhere</source> <bold>1</bold>, 2 (1999).<issn>0000-0000"
        "</issn></mixed-citation></ref><ref><element-citation><name><surname>Second</surname>"
        "<given-names>B.</given-names></name><source>H<sub>3</sub>S</source><year>2001</year>"
        "</element-citation></ref></ref-list></back></article>",
        "utf-8",
    )
    assert read_jats(path).references == (
        "A. First, J. Nowhere 1, 2 (1999). 0000-0000",
        "Second B. H3S 2001",
    )


def test_powers_in_formulas_are_no_citations(tmp_path: Path) -> None:
    path = tmp_path / "article.xml"
    path.write_text(
        "<article article-type='x'><body><p>The field<sup>3</sup> is 9<sup>4</sup> T and "
        "<tex-math>$ 3^2 + c^\\dagger $</tex-math> counts.</p></body></article>",
        "utf-8",
    )
    (passage,) = read_jats(path).passages
    assert passage.text == "The field is 9 T and 32 + c† counts."
    assert [c.mark for c in passage.citations] == ["3", "4"]
