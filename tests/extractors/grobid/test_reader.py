"""A PDF read through a server on loopback: whose text, whose tables, and what steps in."""

from __future__ import annotations

from pathlib import Path

import pytest

from scmine.extractors import extract, read
from scmine.extractors.document import Document, ReadError, Status
from scmine.extractors.grobid.client import Service
from scmine.extractors.grobid.reader import GrobidReader
from tests.grobid_server import Answer, FakeGrobid, Script
from tests.grobid_tei import tei_of

FIXTURES = Path(__file__).parents[2] / "fixtures" / "latex"
PAPER = FIXTURES / "tables_booktabs.pdf"
EXAMPLE = Path(__file__).parents[3] / "examples" / "hydride_eliashberg.pdf"


def reader(fake: FakeGrobid, fall_back: bool = False, limit_s: float = 20.0) -> GrobidReader:
    return GrobidReader(Service(fake.url, limit_s, 0.01), fall_back=fall_back)


def always(answer: Answer) -> Script:
    return lambda number, pdf: answer


@pytest.fixture(scope="module")
def ours() -> Document:
    return read(PAPER)


def test_text_is_grobids_tables_and_typography_are_ours(ours: Document) -> None:
    tei = tei_of(ours).replace("<fileDesc>", "<fileDesc><publicationStmt/>")
    with FakeGrobid(always(Answer(tei))) as fake:
        found = read(PAPER, pdf_reader=reader(fake))
    assert found.reader == "grobid"
    assert found.passages == ours.passages
    assert found.tables == ours.tables
    assert found.references == ours.references
    assert (found.doc_id, found.page_count) == (ours.doc_id, ours.page_count)
    assert (found.status, found.warnings) == (Status.DONE, ())


def test_records_are_the_same_as_with_the_built_in_reader() -> None:
    expected = read(EXAMPLE)
    with FakeGrobid(always(Answer(tei_of(expected)))) as fake:
        found = read(EXAMPLE, pdf_reader=reader(fake))
    assert found.reader == "grobid"
    ours = {(r.formula, r.tc_K, r.pressure_GPa, r.page) for r in extract(expected).records}
    assert {(r.formula, r.tc_K, r.pressure_GPa, r.page) for r in extract(found).records} == ours


def test_what_grobid_knows_of_the_paper_is_filled_up_by_us(ours: Document) -> None:
    bibl = (
        "<sourceDesc><biblStruct><analytic><author><persName><forename>Ada</forename>"
        "<surname>Doe</surname></persName></author></analytic><monogr><title level='j'>J. Test"
        "</title></monogr></biblStruct></sourceDesc>"
    )
    tei = tei_of(ours).replace("</fileDesc>", f"{bibl}</fileDesc>")
    with FakeGrobid(always(Answer(tei))) as fake:
        known = read(PAPER, pdf_reader=reader(fake)).metadata
    assert (known.authors, known.journal) == (("Ada Doe",), "J. Test")
    assert (known.title, known.doi, known.year) == (
        ours.metadata.title,
        ours.metadata.doi,
        ours.metadata.year,
    )


@pytest.mark.parametrize("fall_back", [True, False])
@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (Answer(status=204), "GROBID: it found nothing to extract (204)"),
        (Answer("[NO_BLOCKS]", 500), "GROBID: it answered 500 NO_BLOCKS"),
        (Answer("<TEI><text>"), "its answer cannot be read: not well-formed XML"),
        (Answer("<html/>"), "its answer cannot be read: not TEI"),
        (Answer("<TEI/>"), "its answer cannot be read: the file holds no text"),
        (Answer('<!DOCTYPE a [<!ENTITY b "c">]><TEI>&b;</TEI>'), "declares the entity"),
        (Answer("<TEI><text><body><p>Short.</p></body></text></TEI>"), "it found 6 characters"),
    ],
)
def test_a_paper_that_grobid_can_make_nothing_of_is_read_by_us(
    ours: Document, fall_back: bool, answer: Answer, reason: str
) -> None:
    with FakeGrobid(always(answer)) as fake:
        found = read(PAPER, pdf_reader=reader(fake, fall_back))
    assert (found.reader, found.passages) == ("pdf", ours.passages)
    (warning,) = found.warnings
    assert reason in warning
    assert warning.endswith("read by the built-in reader")


@pytest.mark.parametrize(
    ("answer", "status", "reason"),
    [
        (Answer("busy", 503), Status.FAILED, "GROBID: it is busy (503)"),
        (Answer("x", cut=0), Status.FAILED, "GROBID: it broke off"),
        (Answer("x", 502), Status.FAILED, "GROBID not reachable (its gateway says 502)"),
        (Answer("x", delay_s=2), Status.TIMEOUT, "GROBID: it gave no answer in"),
    ],
)
def test_a_server_that_fails_fails_the_paper_unless_we_step_in(
    ours: Document, answer: Answer, status: Status, reason: str
) -> None:
    with FakeGrobid(always(answer)) as fake:
        with pytest.raises(ReadError) as caught:
            read(PAPER, pdf_reader=reader(fake, limit_s=0.6))
        found = read(PAPER, pdf_reader=reader(fake, fall_back=True, limit_s=0.6))
    assert caught.value.status is status
    assert reason in caught.value.reason
    assert found.passages == ours.passages
    assert reason in found.warnings[0]


def test_a_lost_server_is_not_asked_for_each_paper(ours: Document) -> None:
    with FakeGrobid(always(Answer())) as fake:
        port = int(fake.url.rpartition(":")[2])
    here = GrobidReader(Service(fake.url, 20.0, 0.5), fall_back=True)
    read(PAPER, pdf_reader=here)
    with FakeGrobid(always(Answer(tei_of(ours))), port=port) as back:
        (warning,) = read(PAPER, pdf_reader=here).warnings
    assert "not reachable" in warning
    assert back.sent.total() == 0


@pytest.mark.parametrize("content", [b"", b"no PDF", b"%PDF-1.4 broken"])
def test_what_we_turn_down_is_not_sent(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "bad.pdf"
    path.write_bytes(content)
    with FakeGrobid(always(Answer())) as fake:
        with pytest.raises(ReadError):
            read(path, pdf_reader=reader(fake))
        assert not fake.sent


def test_other_formats_are_not_sent(tmp_path: Path) -> None:
    path = tmp_path / "paper.txt"
    path.write_text("We find Tc = 39 K in MgB2.\n")
    with FakeGrobid(always(Answer())) as fake:
        assert read(path, pdf_reader=reader(fake)).reader != "grobid"
        assert not fake.sent


@pytest.mark.shared
def test_real_answers_are_replayed(shared: Path) -> None:
    folder = shared / "papers" / "grobid"
    (pdf,) = folder.glob("*.pdf")
    with FakeGrobid(always(Answer(pdf.with_suffix(".tei.xml").read_bytes()))) as fake:
        found = read(pdf, pdf_reader=reader(fake))
    assert (found.reader, found.status) == ("grobid", Status.DONE)
    assert found.metadata.doi == "10.1186/s12984-016-0129-6"
    assert len(found.references) == 49


@pytest.mark.shared
def test_an_answer_about_another_paper_is_not_used(shared: Path) -> None:
    (tei,) = (shared / "papers" / "grobid").glob("0f318087*.tei.xml")
    with FakeGrobid(always(Answer(tei.read_bytes()))) as fake:
        found = read(EXAMPLE, pdf_reader=reader(fake))
    assert found.passages == read(EXAMPLE).passages
    assert "passages in its answer the pages show" in found.warnings[0]
