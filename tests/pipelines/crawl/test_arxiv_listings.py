"""Listings of arXiv's OAI-PMH server: what becomes of records, tokens, errors and hostile XML."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scmine.pipelines.crawl.arxiv import ArxivSource
from scmine.pipelines.crawl.arxiv_names import set_of, split_name
from scmine.pipelines.crawl.arxiv_oai import read_page
from scmine.pipelines.crawl.errors import BrokenAnswerError, CrawlError, CursorExpiredError
from scmine.pipelines.crawl.paper import ListedPaper, Page
from scmine.pipelines.settings import Settings
from tests.pipelines.crawl.arxiv_answers import listing, oai, oai_error, record, versions
from tests.pipelines.crawl.conftest import Serve
from tests.pipelines.crawl.loopback import LoopbackWeb

PIECES = (record(), "<record>", "</record>", "<header status='deleted'>", "&amp;", "&x;", "<error>")


def _paper(told: str) -> ListedPaper:
    return read_page(listing(told)).papers[0]


def test_a_record_tells_the_latest_version() -> None:
    told = record(
        history=versions("", "D", "S"),
        journal_ref="Phys. Rev. B 109, 012345 (2025)",
        doi="10.1103/PhysRevB.109.012345",
        license="http://creativecommons.org/licenses/by/4.0/",
    )
    assert _paper(told) == ListedPaper(
        source="arxiv",
        key="2404.01234",
        version=3,
        title="Superconductivity at 12 K in Made$_2$Up",
        abstract="We report $T_c$ = 12 K.",
        authors=("A. Müster", "B. Two", "C. Three"),
        categories=("cond-mat.supr-con", "cond-mat.mtrl-sci"),
        doi="10.1103/PhysRevB.109.012345",
        arxiv_id="2404.01234",
        journal="Physical Review B",
        publisher="American Physical Society",
        year=2025,
        licence="http://creativecommons.org/licenses/by/4.0/",
        link="https://arxiv.org/abs/2404.01234",
        datestamp=date(2024, 4, 5),
    )


def test_the_year_of_a_paper_that_was_not_printed_is_that_of_its_first_version() -> None:
    assert _paper(record(history=versions("D", "D"))).year == 2024


@pytest.mark.parametrize(
    ("history", "comments", "withdrawn"),
    [
        (versions("D", "I"), "4 pages", True),
        (versions("D"), "This paper has been withdrawn by the author due to an error", True),
        (versions("D"), "Paper withdrawn", True),
        (versions("I", "D"), "Corrected after v1 was withdrawn", False),
        (versions("D"), "This paper was withdrawn from one journal and sent to another", False),
        (versions("D"), "4 pages, supersedes a paper that has been withdrawn", False),
    ],
)
def test_withdrawn_papers_are_known(history: str, comments: str, withdrawn: bool) -> None:
    assert _paper(record(history=history, comments=comments)).withdrawn is withdrawn


def test_deleted_records_are_withdrawn_papers() -> None:
    told = (
        '<record><header status="deleted"><identifier>oai:arXiv.org:supr-con/9508001</identifier>'
        "<datestamp>2024-04-05</datestamp></header></record>"
    )
    paper = _paper(told)
    assert (paper.key, paper.withdrawn, paper.title) == ("supr-con/9508001", True, "")


def test_a_listing_goes_on_by_tokens_until_there_is_none(serve: Serve) -> None:
    token = "verb%3DListRecords%26from%3D2024-04-05%26skip%3D2"
    pages = [
        listing(record("2404.00001"), record("cond-mat/0104321"), token=token),
        listing(record("2404.00003")),
    ]
    server, settings = serve({"/oai": pages})
    source = ArxivSource(settings, LoopbackWeb(), category="cond-mat.supr-con")
    found = list(source.pages(date(2024, 4, 1)))
    assert [p.key for page in found for p in page.papers] == [
        "2404.00001",
        "cond-mat/0104321",
        "2404.00003",
    ]
    assert [page.cursor for page in found] == [token, None]
    assert [asked for _, asked in server.asked] == [
        {
            "verb": "ListRecords",
            "metadataPrefix": "arXivRaw",
            "set": "physics:cond-mat:supr-con",
            "from": "2024-04-01",
        },
        {"verb": "ListRecords", "resumptionToken": token},
    ]


def test_a_listing_that_was_cut_off_goes_on_at_its_token(serve: Serve) -> None:
    server, settings = serve({"/oai": listing(record())})
    source = ArxivSource(settings, LoopbackWeb(), category="cond-mat")
    assert [page.cursor for page in source.pages(date(2024, 4, 1), "skip%3D2")] == [None]
    assert server.asked[0][1] == {"verb": "ListRecords", "resumptionToken": "skip%3D2"}


def test_arxiv_is_not_asked_for_days_before_its_first(serve: Serve) -> None:
    server, settings = serve({"/oai": listing(record())})
    list(ArxivSource(settings, LoopbackWeb(), category="cond-mat").pages(date(1991, 8, 1)))
    assert "from" not in server.asked[0][1]


def test_tokens_that_lead_in_circles_end_the_listing(serve: Serve) -> None:
    _, settings = serve({"/oai": listing(record(), token="again")})
    with pytest.raises(BrokenAnswerError, match="circles"):
        list(ArxivSource(settings, LoopbackWeb(), category="cond-mat").pages(None))


def test_an_empty_listing_is_no_error() -> None:
    assert read_page(oai_error("noRecordsMatch")) == Page(())


def test_a_token_that_the_server_forgot_is_told() -> None:
    with pytest.raises(CursorExpiredError):
        read_page(oai_error("badResumptionToken"))


def test_other_errors_are_named() -> None:
    with pytest.raises(CrawlError, match="badArgument: Something is not"):
        read_page(oai_error("badArgument"))


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"<html><body>Sorry</body></html>",
        b"%PDF-1.4",
        oai(""),
        listing(record())[:-40],
        listing(record("../../etc/passwd")),
        listing(record()).replace(b"arXivRaw", b"oai_dc"),
        listing(record()).replace(b"<OAI-PMH", b'<!DOCTYPE x [<!ENTITY a "b">]><OAI-PMH', 1),
        listing("<a>" * 40 + "</a>" * 40),
        listing(record(), token="x" * 3000),
    ],
)
def test_what_is_no_listing_is_turned_down(data: bytes) -> None:
    with pytest.raises(BrokenAnswerError):
        read_page(data)


def test_entities_are_not_expanded() -> None:
    bomb = b"<!DOCTYPE x [" + b"".join(
        b'<!ENTITY e%d "%s">' % (k + 1, b"&e%d;" % k * 10) for k in range(1, 9)
    )
    data = listing(record(title="TITLE")).replace(b"<OAI-PMH", bomb + b"]><OAI-PMH", 1)
    with pytest.raises(BrokenAnswerError):
        read_page(data.replace(b"TITLE", b"&e9;"))


def test_signs_that_steer_a_terminal_are_taken_out() -> None:
    paper = _paper(record(title="Tc\u202e of\x85 X"))
    assert paper.title == "Tc of X"


@given(st.lists(st.sampled_from(PIECES) | st.text(max_size=20), max_size=6))
def test_any_listing_is_read_or_turned_down(told: list[str]) -> None:
    try:
        page = read_page(listing(*told))
    except CrawlError:
        return
    assert all(split_name(paper.key) for paper in page.papers)


@given(st.binary(max_size=300))
def test_any_bytes_are_turned_down(data: bytes) -> None:
    with pytest.raises(CrawlError):
        read_page(data)


@given(st.text(max_size=200), st.text(max_size=200), st.text(max_size=60))
def test_any_fields_make_a_paper(authors: str, reference: str, comments: str) -> None:
    try:
        paper = _paper(record(authors=authors, journal_ref=reference, comments=comments))
    except BrokenAnswerError:
        return  # signs that XML cannot hold
    assert paper.key == "2404.01234"
    assert all(name.strip() and "\n" not in name for name in paper.authors)


def test_categories_that_there_are_not_are_told() -> None:
    for wrong in ("cond-mat.", "superconductors", "quant-ph.x", "../x", "cond-mat:supr-con"):
        with pytest.raises(CrawlError, match="no category"):
            set_of(wrong)
    assert set_of("supr-con") == set_of("cond-mat.supr-con")


def test_a_source_needs_something_to_ask_for() -> None:
    with pytest.raises(CrawlError, match="name a category"):
        ArxivSource(Settings(), LoopbackWeb())


def test_names_are_arxivs_only() -> None:
    for good in ("0704.0001", "2404.01234v12", "cond-mat/0104321v1", "math.GT/0309136"):
        assert split_name(good), good
    for bad in ("2413.01234", "2404.123", "0104321", "cond-mat/2404.01234", "2404.01234v0", "x/y"):
        assert split_name(bad) is None, bad
