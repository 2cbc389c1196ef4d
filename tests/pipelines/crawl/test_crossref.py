"""Papers by DOI: what Crossref says, where text is, and servers that answer with anything."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scmine.pipelines.crawl.crossref import Crossref, CrossrefSource
from scmine.pipelines.crawl.crossref_work import MAX_LINKS, plain_doi, plain_text, read_work
from scmine.pipelines.crawl.doi_offers import DoiOffers
from scmine.pipelines.crawl.errors import (
    BrokenAnswerError,
    CrawlError,
    CursorExpiredError,
    NotThereError,
    RefusedError,
    UnreachableError,
)
from scmine.pipelines.crawl.fetch import Fetched, fetch
from scmine.pipelines.crawl.http import PoliteWeb
from scmine.pipelines.crawl.paper import FileKind, ListedPaper
from scmine.pipelines.settings import Settings
from tests.arxiv_server_papers import gzipped, latex, pdf
from tests.crawl_clock import CrawlClock
from tests.crossref_server import CrossrefServer, Fault, made_work, mining_link

DOI = "10.5555/made.1"
EMAIL = "ada@example.org"
TEXT = "The critical temperature of MgB2 is 39 K. " * 40
PDF = ("application/pdf", pdf("On MgB2", TEXT))
JATS = (
    "application/xml",
    b'<?xml version="1.0"?><article xmlns:xlink="http://www.w3.org/1999/xlink"><front>'
    b"<article-meta/></front><body><p>MgB2</p></body></article>",
)


class Place:
    """Two servers, one of Crossref and Unpaywall, one of all others, and a crawl's way there."""

    def __init__(self, server: CrossrefServer, publisher: CrossrefServer, folder: Path) -> None:
        self.server = server
        self.publisher = publisher
        self.folder = folder / "crawled"
        self.settings = Settings(
            **server.settings(),  # type: ignore[arg-type]
            arxiv_files_url=publisher.url,
            crawl_contact=EMAIL,
            crawl_interval_s=0,
        )
        self.clock = CrawlClock()
        self.web = PoliteWeb(self.settings, self.clock, folder / "pace")
        self.crossref = Crossref(self.settings, self.web, EMAIL)
        offers = DoiOffers(self.settings, self.web, EMAIL)
        self.source = CrossrefSource(self.crossref, offers, "boride")

    def listed(self, since: date | None = None) -> list[ListedPaper]:
        return [paper for page in self.source.pages(since) for paper in page.papers]

    def fetched(self, doi: str = DOI) -> Fetched:
        paper = self.crossref.work(doi).paper("crossref")
        assert paper is not None
        return fetch(paper, self.source, self.web, self.folder, self.settings)


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    with CrossrefServer() as server, CrossrefServer() as publisher:
        server.works[DOI] = made_work(DOI)
        yield Place(server, publisher, tmp_path)


# --- what a work says


def test_a_work_becomes_a_paper(place: Place) -> None:
    place.server.works[DOI] = made_work(
        "10.5555/MADE.1",
        "Two gaps in <i>Mg</i>B<sub>2</sub> &amp; others",
        abstract="<jats:title>Abstract</jats:title><jats:p>T<jats:sub>c</jats:sub> is 39 K.",
        license=[{"URL": "https://example.org/by/4.0", "start": {}}],
        relation={"has-preprint": [{"id-type": "doi", "id": "10.48550/arXiv.2405.00001v2"}]},
    )
    paper = place.crossref.work(DOI).paper("crossref")
    assert paper == ListedPaper(
        source="crossref",
        key=DOI,
        version=1,
        title="Two gaps in MgB2 & others",
        abstract="Tc is 39 K.",
        authors=("Ada Made", "The Made Collaboration"),
        doi=DOI,
        arxiv_id="2405.00001",
        journal="Journal of Made Results",
        publisher="Made Press",
        year=2024,
        licence="https://example.org/by/4.0",
        link=f"https://doi.org/{DOI}",
        datestamp=date(2024, 6, 1),
    )
    place.crossref.work(DOI)
    (asked,) = place.server.asked  # once, and with whom to reach
    assert asked.args == {"mailto": EMAIL}


@pytest.mark.parametrize(
    "told",
    [
        {"updated_by": [{"DOI": "10.5555/r", "type": "retraction", "source": "retraction-watch"}]},
        {"title": ["RETRACTED: On MgB2"]},
        {"title": ["WITHDRAWN ARTICLE: On MgB2"]},
    ],
)
def test_a_retracted_paper_is_withdrawn(place: Place, told: dict[str, object]) -> None:
    place.server.works[DOI] = made_work(DOI) | {k.replace("_", "-"): v for k, v in told.items()}
    paper = place.crossref.work(DOI).paper("crossref")
    assert paper is not None
    assert paper.withdrawn
    assert place.fetched().path is None


@pytest.mark.parametrize("kind", ["correction", "erratum", "expression_of_concern"])
def test_a_corrected_paper_is_not_withdrawn(kind: str) -> None:
    work = read_work(made_work(DOI, updated_by=[{"DOI": "10.5555/c", "type": kind}]))
    assert work is not None
    paper = work.paper("crossref")
    assert paper is not None
    assert not paper.withdrawn


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=10,
)


@given(st.dictionaries(st.sampled_from([*made_work(DOI), "link", "relation", "update-to"]), JSON))
def test_any_work_is_read_or_left(found: dict[str, object]) -> None:
    work = read_work({"DOI": DOI} | found)
    if work is not None and (paper := work.paper("crossref")) is not None:
        assert paper.key == plain_doi(paper.key)
        assert len(list(work.links())) <= MAX_LINKS


@given(st.text())
def test_text_without_tags_has_none(text: str) -> None:
    assert plain_text(f"<jats:p>a{text}</jats:p>").startswith("a")


def test_a_work_whose_rest_is_garbled_is_its_doi() -> None:
    work = read_work({"DOI": DOI, "author": "x", "title": 3})
    assert work is not None
    assert work.paper("crossref") == ListedPaper(
        "crossref", DOI, 1, "", doi=DOI, link=f"https://doi.org/{DOI}"
    )
    assert read_work(["x"]) is None
    assert read_work({"DOI": "../../etc/passwd"}).paper("crossref") is None  # type: ignore[union-attr]


# --- listings


def test_a_search_is_listed_page_by_page(place: Place) -> None:
    place.server.works = {f"10.5555/{n}": made_work(f"10.5555/{n}") for n in range(5)}
    pages = list(place.source.pages(date(2024, 5, 1)))
    assert [len(page.papers) for page in pages] == [2, 2, 1, 0]
    assert pages[-1].cursor is None
    assert pages[0].total == 5
    first = place.server.asked[0].args
    assert first["filter"] == "type:journal-article,from-index-date:2024-05-01"
    assert (first["query.bibliographic"], first["mailto"]) == ("boride", EMAIL)
    again = [p.key for page in place.source.pages(None, pages[1].cursor) for p in page.papers]
    assert again == ["10.5555/4"]


def test_a_notice_of_retraction_tells_of_another_paper(place: Place) -> None:
    update = [{"DOI": DOI, "type": "retraction"}]
    place.server.works = {
        "10.5555/notice": made_work("10.5555/notice", "Retraction of: On MgB2", update_to=update),
        "10.5555/lost": made_work(
            "10.5555/lost", "Retraction", update_to=[{"DOI": "10.5555/no", "type": "retraction"}]
        ),
        DOI: made_work(DOI),
    }
    listed = place.listed()
    assert {paper.key for paper in listed} == {DOI}
    assert listed[0].withdrawn


def test_a_place_that_is_no_longer_known_is_asked_anew(place: Place) -> None:
    place.server.faults["/works"] = Fault(400, b"cursor")
    with pytest.raises(CursorExpiredError):
        next(place.source.pages(None, "c4"))
    with pytest.raises(BrokenAnswerError):
        next(place.source.pages(None))


def test_words_are_wanted(place: Place) -> None:
    offers = DoiOffers(place.settings, place.web, None)
    for words in (" ", "x" * 1000):
        with pytest.raises(CrawlError, match="characters of words"):
            CrossrefSource(place.crossref, offers, words)


# --- servers that fail


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (Fault(404, b"Resource not found."), NotThereError),
        (Fault(200, b"<html>We are down</html>"), BrokenAnswerError),
        (Fault(200, b'{"message": []}'), BrokenAnswerError),
        (Fault(200, b'{"message": {"DOI": "10.5555/other"}}'), BrokenAnswerError),
        (Fault(200, b'{"message": ' + b"[" * 100_000), BrokenAnswerError),
        (Fault(200, b"\xff\xfe"), BrokenAnswerError),
        (Fault(endless=True), BrokenAnswerError),
        (Fault(302, headers={"Location": "http://127.0.0.1:1/"}), BrokenAnswerError),
        (Fault(302, headers={"Location": "file:///etc/passwd"}), BrokenAnswerError),
        (Fault(403), RefusedError),
        (Fault(429), RefusedError),
        (Fault(503), UnreachableError),
    ],
)
def test_answers_that_are_none(place: Place, fault: Fault, error: type[CrawlError]) -> None:
    place.server.faults["/works"] = fault
    with pytest.raises(error):
        place.crossref.work(DOI)


def test_too_many_requests_are_waited_for(place: Place) -> None:
    place.server.faults["/works"] = Fault(429, headers={"Retry-After": "7"})
    place.clock.on_sleep = lambda seconds: place.server.faults.clear()
    assert place.crossref.work(DOI).doi == DOI
    assert max(place.clock.slept) >= 7


# --- text


def test_what_the_publisher_names_for_text_mining_is_fetched(place: Place) -> None:
    place.publisher.files |= {"p.pdf": PDF, "p.xml": JATS}
    links = [
        {"URL": f"{place.publisher.url}/files/no", "intended-application": "similarity-checking"},
        mining_link(f"{place.publisher.url}/files/p.pdf"),
        mining_link(f"{place.publisher.url}/files/p.xml", "text/xml; charset=utf-8"),
    ]
    place.server.works[DOI] = made_work(DOI, link=links)
    came = place.fetched()
    assert came.kind is FileKind.XML
    assert came.path is not None
    assert came.path.is_relative_to(place.folder)
    assert place.publisher.paths() == ["/files/p.xml"]
    assert "/v2" not in "".join(place.server.paths())


def test_a_copy_at_arxiv_comes_first(place: Place) -> None:
    place.publisher.files["p.pdf"] = PDF
    related = {"has-preprint": [{"id": "10.48550/arXiv.2405.00001", "id-type": "doi"}]}
    link = [mining_link(f"{place.publisher.url}/files/p.pdf")]
    place.server.works[DOI] = made_work(DOI, relation=related, link=link)
    source = gzipped(latex("On MgB2", TEXT).encode())
    place.publisher.faults["/e-print/2405.00001"] = Fault(200, source)
    assert place.fetched().kind is FileKind.SOURCE


def test_free_copies_are_found_where_nothing_else_is(place: Place) -> None:
    place.publisher.files["free.pdf"] = PDF
    best = {"url": "https://example.org/page", "url_for_pdf": None}
    free = {"url": "x", "url_for_pdf": f"{place.publisher.url}/files/free.pdf"}
    place.server.copies[DOI] = {"best_oa_location": best, "oa_locations": [best, free]}
    came = place.fetched()
    assert (came.kind, came.url) == (FileKind.PDF, free["url_for_pdf"])
    assert place.server.asked[-1].args == {"email": EMAIL}


def test_a_free_copy_at_arxiv_is_fetched_there(place: Place) -> None:
    at_arxiv = {"url": "https://arxiv.org/pdf/2405.00001", "url_for_pdf": None}
    place.server.copies[DOI] = {"best_oa_location": at_arxiv, "oa_locations": None}
    place.publisher.faults["/e-print/2405.00001"] = Fault(
        200, gzipped(latex("On MgB2", TEXT).encode())
    )
    assert place.fetched().kind is FileKind.SOURCE


@pytest.mark.parametrize("answer", [None, {"best_oa_location": None, "oa_locations": []}])
def test_without_text_the_reason_says_so(place: Place, answer: dict[str, object] | None) -> None:
    if answer is not None:
        place.server.copies[DOI] = answer
    assert place.fetched() == Fetched(reason="no full text is offered")


def test_an_unpaywall_that_answers_anything_is_a_reason(place: Place) -> None:
    place.server.faults["/v2"] = Fault(200, b'{"oa_locations": "x"}')
    with pytest.raises(BrokenAnswerError, match="Unpaywall"):
        place.fetched()


HOSTILE = [
    "file:///etc/passwd",
    "/etc/passwd",
    "../../etc/passwd",
    "http://127.0.0.1/x.pdf",
    "http://localhost/x.pdf",
    "http://[::1]/x.pdf",
    "http://[::ffff:127.0.0.1]/x.pdf",
    "http://0x7f.1/x.pdf",
    "http://10.0.0.1/x.pdf",
    "http://169.254.169.254/latest/meta-data",
    "http://[fe80::1%25eth0]/x.pdf",
    "https://93.184.215.14:22/x.pdf",
    "https://ada:secret@93.184.215.14/x.pdf",
    "ftp://93.184.215.14/x.pdf",
    "http://",
    "http://[",
    "https://93.184.215.14/x\n.pdf",
    "",
]


@pytest.mark.parametrize("url", HOSTILE)
def test_a_record_leads_to_no_machine_of_ours(place: Place, url: str) -> None:
    place.server.works[DOI] = made_work(DOI, link=[mining_link(url)])
    place.server.copies[DOI] = {"best_oa_location": {"url": url, "url_for_pdf": url}}
    came = place.fetched()
    assert came.path is None
    assert came.reason
    assert [path.partition("/")[0] for path in place.publisher.paths()] == []


def test_another_server_of_this_machine_is_not_asked(place: Place) -> None:
    with CrossrefServer() as neighbour:
        neighbour.files["x.pdf"] = PDF
        link = [mining_link(f"{neighbour.url}/files/x.pdf")]
        place.server.works[DOI] = made_work(DOI, link=link)
        assert place.fetched().path is None
        place.publisher.faults["/files/x.pdf"] = Fault(
            302, headers={"Location": f"{neighbour.url}/files/x.pdf"}
        )
        link = [mining_link(f"{place.publisher.url}/files/x.pdf")]
        place.server.works[DOI] = made_work(DOI, link=link)
        assert place.fetched().path is None
        assert neighbour.asked == []


@pytest.mark.parametrize(
    "fault",
    [
        Fault(403),
        Fault(404),
        Fault(429),
        Fault(503),
        Fault(200, b"<html><body>Please log in to read this article</body></html>"),
        Fault(200, b""),
    ],
)
def test_one_publisher_that_fails_ends_nothing_else(place: Place, fault: Fault) -> None:
    place.publisher.faults["/files/p.pdf"] = fault
    link = [mining_link(f"{place.publisher.url}/files/p.pdf")]
    place.server.works[DOI] = made_work(DOI, link=link)
    place.server.files["free.pdf"] = PDF
    free = {"url_for_pdf": f"{place.server.url}/files/free.pdf"}
    place.server.copies[DOI] = {"best_oa_location": free}
    assert place.fetched().url == free["url_for_pdf"]
    place.server.copies.clear()
    for path in place.folder.rglob("*.pdf"):
        path.unlink()
    assert place.fetched().reason.startswith("pdf: ")
