"""The TEI reader: GROBID's answers and SuperMat's files, whole and damaged."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scmine.extractors.document import Box, Document, ReadError, Status, Typography
from scmine.extractors.extract import extract
from scmine.extractors.formats.tei import looks_like_tei, read_tei

FILES = Path(__file__).parent / "files"
GROBID = (FILES / "grobid.tei.xml").read_text("utf-8")
SUPERMAT = (FILES / "supermat.tei.xml").read_text("utf-8")


def read(folder: Path, text: str | bytes, name: str = "paper.tei.xml") -> Document:
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return read_tei(path)


def layout(document: Document) -> list[tuple[str, str, str]]:
    return [(str(p.kind), p.section, p.text) for p in document.passages]


def test_grobid_passages_in_order(tmp_path: Path) -> None:
    assert layout(read(tmp_path, GROBID)) == [
        ("title", "title", "Hydrogen in a made-up cage"),
        ("abstract", "abstract", "We calculate Tc = 250 K for LaH10 at 170 GPa."),
        ("heading", "1. Introduction", "1. Introduction"),
        (
            "paragraph",
            "1. Introduction",
            "MgB2 has Tc = 39 K. Others [3] and Doe (2001) agree, see Fig. 1.",
        ),
        ("footnote", "1. Introduction", "A note on boron."),
        ("caption", "", "Fig. 1. Resistance of LaH10."),
        ("caption", "", "Table 1 : Made-up values."),
        ("heading", "Appendix", "Appendix"),
        ("paragraph", "Appendix", "More on H3S."),
    ]


def test_grobid_metadata(tmp_path: Path) -> None:
    document = read(tmp_path, GROBID)
    meta = document.metadata
    assert meta.title == "Hydrogen in a made-up cage"
    assert meta.authors == ("Ada B Doe", "Max Roe")
    assert (meta.doi, meta.arxiv_id, meta.year) == ("10.1234/test.5", "2001.01234", 2020)
    assert (meta.journal, meta.publisher) == ("Journal of Tests", "Made Press")
    assert (document.reader, document.page_count) == ("tei", 2)


def test_grobid_typography_citations_and_places(tmp_path: Path) -> None:
    paragraph = read(tmp_path, GROBID).passages[3]
    (span,) = paragraph.typography
    assert (paragraph.text[span.start : span.end], span.kind) == ("2", Typography.SUBSCRIPT)
    assert [(c.offset, c.mark) for c in paragraph.citations] == [(18, "1,"), (18, "2")]
    assert paragraph.page == 1
    assert paragraph.boxes(0, 4) == (Box(1, 50, 420, 250, 430), Box(1, 50, 432, 140, 442))
    assert paragraph.boxes(20, 26) == (Box(2, 50, 60, 250, 70),)


def test_grobid_table(tmp_path: Path) -> None:
    (table,) = read(tmp_path, GROBID).tables
    assert [[c.text for c in row] for row in table.rows] == [
        ["Material", "P (GPa)", "Tc (K)"],
        ["LaH10", "170", "250"],
        ["calculated", "", ""],
    ]
    assert (len(table.header), table.rows[2][0].columns) == (1, 3)
    assert table.caption == "Table 1 : Made-up values."
    assert table.box == Box(2, 50, 220, 250, 290)


def test_references_are_no_passages(tmp_path: Path) -> None:
    assert read(tmp_path, GROBID).references == (
        "A Poe, On cages, J. Tests, 1-4, 2000",
        "B. Poe, J. Tests 2, 3 (2001)",
    )


def test_records_carry_the_places(tmp_path: Path) -> None:
    records = extract(read(tmp_path, GROBID)).records
    found = {(r.formula, r.tc_K, str(p.source), p.page) for r in records for p in r.places}
    assert {("MgB2", 39.0, "text", 1), ("LaH10", 250.0, "table", 2)} <= found
    assert all(r.tc_K != 1.0 for r in records)


def test_supermat_mentions_are_plain_text(tmp_path: Path) -> None:
    document = read(tmp_path, SUPERMAT)
    assert layout(document) == [
        ("title", "title", "A study of MgB2"),
        ("abstract", "abstract", "It is a superconductor."),
        ("paragraph", "keywords", "boron"),
        ("paragraph", "", "The superconductor MgB2 shows Tc of 39 K in in- and c-axis fields."),
        ("caption", "", "Sample of MgB2."),
    ]
    assert document.metadata.publisher is None
    assert document.passages[3].page is None
    assert any(r.tc_K == 39.0 and r.boxes == [] for r in extract(document).records)


def test_arxiv_id_of_the_file_name(tmp_path: Path) -> None:
    document = read(tmp_path, SUPERMAT, "arXiv_1412.0460.tei.xml")
    assert document.metadata.arxiv_id == "1412.0460"


@pytest.mark.parametrize(
    "coords", ["", "1,2,3", "a,b,c,d,e", "1,nan,1,1,1", "1e999,1,1,1,1", "0,1,1,1,1", ";;,,,,"]
)
def test_damaged_places_are_left_out(tmp_path: Path, coords: str) -> None:
    text = f'<TEI><text><body><p coords="{coords}">Words.</p></body></text></TEI>'
    assert read(tmp_path, text).passages[0].words == ()


@pytest.mark.parametrize(
    ("text", "status", "words"),
    [
        ("<article/>", Status.FAILED, "root element is <article>"),
        ("<TEI>", Status.FAILED, "line 1"),
        ('<!DOCTYPE TEI [<!ENTITY a "b">]><TEI/>', Status.FAILED, "entity"),
        ("", Status.FAILED, "not well-formed"),
        ("<TEI/>", Status.EMPTY, "no text"),
        ("<TEI><teiHeader/><text><body><p> </p></body></text></TEI>", Status.EMPTY, "no text"),
    ],
)
def test_faults(tmp_path: Path, text: str, status: Status, words: str) -> None:
    with pytest.raises(ReadError, match=words) as caught:
        read(tmp_path, text)
    assert caught.value.status is status


def test_a_table_too_large_is_said(tmp_path: Path) -> None:
    row = '<row><cell cols="200">a</cell></row>' + "<row/>" * 600
    text = f"<TEI><text><body><p>Words.</p><table>{row}</table></body></text></TEI>"
    document = read(tmp_path, text)
    assert document.tables == ()
    assert document.warnings == ("a table of 601 rows has too many cells and is not read",)


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        (GROBID.encode()[:4096], True),
        (SUPERMAT.encode()[:4096], True),
        (b'<t:TEI xmlns:t="http://www.tei-c.org/ns/1.0">', True),
        (b"<article><front/></article>", False),
        (b"%PDF-1.5", False),
        (b"A text about <TEI>", False),
        (b"", False),
    ],
)
def test_looks_like_tei(head: bytes, expected: bool) -> None:
    assert looks_like_tei(head) is expected


def _survives(folder: Path, data: bytes) -> None:
    looks_like_tei(data[:4096])
    try:
        document = read(folder, data)
        outcome = bool(document.passages or document.tables)
    except ReadError as error:
        outcome = error.status in (Status.FAILED, Status.EMPTY)
    assert outcome


TAGS = """
teiHeader fileDesc titleStmt title text body back div head p s ab ref hi note
figure figDesc table row cell formula label list item listBibl biblStruct
facsimile surface
"""
ANY_TAG = st.sampled_from(TAGS.split())
ATTRIBUTES = 'type="bibr" coords="1,2,3,4,5" cols="3"'
TREES = st.recursive(
    st.text("a1 ,.[", max_size=6),
    lambda inner: st.builds(
        lambda tag, parts: (
            f'<{tag} type="bibr" coords="1,2,3,4,5" cols="3">{"".join(parts)}</{tag}>'
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
    _survives(tmp_path, b"<TEI><text><body><p>" + data)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.integers(0, len(GROBID.encode()) - 1), st.binary(min_size=1, max_size=8))
def test_no_damage_crashes_the_reader(tmp_path: Path, at: int, damage: bytes) -> None:
    data = GROBID.encode()
    _survives(tmp_path, data[:at] + damage + data[at + len(damage) :])


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(TREES)
def test_no_tree_crashes_the_reader(tmp_path: Path, tree: str) -> None:
    _survives(tmp_path, f"<TEI>{tree}</TEI>".encode())
    _survives(tmp_path, f"<TEI><text><body>{tree}</body></text></TEI>".encode())


@pytest.mark.shared
def test_real_answers(shared: Path) -> None:
    for path in sorted((shared / "papers" / "grobid").glob("*.tei.xml")):
        document = read_tei(path)
        assert document.metadata.doi
        assert document.metadata.authors
        assert len(document.references) > 20
        kinds = {str(p.kind) for p in document.passages}
        assert {"title", "abstract", "heading", "paragraph", "caption"} <= kinds
        assert not any("bibr" in p.text for p in document.passages)


@pytest.mark.shared
def test_real_supermat(shared: Path) -> None:
    documents = [
        read_tei(path) for path in sorted((shared / "corpora" / "supermat").glob("*.tei.xml"))[::20]
    ]
    assert all(len(d.passages) > 5 and not d.warnings for d in documents)
    assert sum(r.tc_K is not None for d in documents for r in extract(d).records) > 10


@pytest.mark.timeout(60)
def test_notes_by_the_thousand_take_no_long_time(tmp_path: Path) -> None:
    notes = "<note>a</note>" * 100_000
    document = read(tmp_path, f"<TEI><text><body><p>Words.{notes}</p></body></text></TEI>")
    assert len(document.passages) == 100_001
