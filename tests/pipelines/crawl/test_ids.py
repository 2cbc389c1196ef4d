"""Lists of DOIs and arXiv identifiers as a source."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from scmine.database.crawl import crawled
from scmine.database.crawl_values import VersionState
from scmine.database.store import open_database
from scmine.pipelines.crawl.crossref import Crossref
from scmine.pipelines.crawl.doi_offers import DoiOffers
from scmine.pipelines.crawl.errors import CrawlError, CursorExpiredError, RefusedError
from scmine.pipelines.crawl.http import PoliteWeb
from scmine.pipelines.crawl.ids import IdsSource
from scmine.pipelines.crawl.paper import ListedPaper
from scmine.pipelines.crawl.run import crawl
from scmine.pipelines.crawl.source_commands import list_lines
from tests.arxiv_server import ArxivServer
from tests.arxiv_server_faults import refused
from tests.arxiv_server_papers import made_paper
from tests.crawl_clock import CrawlClock
from tests.crossref_server import CrossrefServer, made_work
from tests.pipelines.crawl.shelf import PROCESSOR, shelf_settings

EMAIL = "ada@example.org"


class Place:
    """arXiv, Crossref, and a list."""

    def __init__(self, arxiv: ArxivServer, crossref: CrossrefServer, folder: Path) -> None:
        self.arxiv = arxiv
        self.crossref = crossref
        given = {**arxiv.settings(), **crossref.settings(), "crawl_contact": EMAIL}
        more = {"crawl_interval_s": 0, "crawl_formats": "html"}
        self.settings = shelf_settings(folder).model_copy(update=given | more)
        self.web = PoliteWeb(self.settings, CrawlClock(), folder / "pace")

    def source(self, *lines: str) -> IdsSource:
        ask = Crossref(self.settings, self.web, EMAIL)
        offers = DoiOffers(self.settings, self.web, EMAIL)
        return IdsSource(self.settings, self.web, ask, offers, lines, "list.txt")

    def listed(self, *lines: str) -> list[ListedPaper]:
        return [paper for page in self.source(*lines).pages(None) for paper in page.papers]

    def reasons(self) -> dict[str, tuple[VersionState, str]]:
        with open_database(self.settings.db) as database:
            return {v.key: (v.state, v.reason) for _, v in crawled(database)}


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    papers = [
        made_paper("2405.00001", "MgB2", 39.0).revised(date(2024, 5, 9), 38.5),
        made_paper("cond-mat/0104321", "Nb3Sn", 18.1),
    ]
    with ArxivServer(papers) as arxiv, CrossrefServer() as crossref:
        crossref.works["10.5555/made.1"] = made_work("10.5555/made.1")
        yield Place(arxiv, crossref, tmp_path)


def test_papers_are_listed_by_who_knows_them(place: Place) -> None:
    lines = ("arXiv:2405.00001", "https://doi.org/10.5555/MADE.1", "cond-mat/0104321v1")
    listed = place.listed(*lines)
    assert [paper.name for paper in listed] == [
        "2405.00001v2",
        "cond-mat/0104321v1",
        "10.5555/made.1v1",
    ]
    assert {paper.source for paper in listed} == {"list"}
    assert [a.args["id_list"] for a in place.arxiv.asked()] == ["2405.00001,cond-mat/0104321v1"]
    offers = [offer.url for offer in place.source(*lines).offers(listed[0])]
    assert offers == [f"{place.arxiv.url}/html/2405.00001v2"]


def test_a_version_that_is_named_is_the_one_that_is_fetched(place: Place) -> None:
    (paper,) = place.listed("https://arxiv.org/pdf/2405.00001v1.pdf")
    assert paper.version == 1


def test_arxiv_is_asked_for_a_hundred_at_once(place: Place) -> None:
    names = [f"2405.{n:05}" for n in range(1, 202)]
    listed = place.listed(*names)
    assert [paper.key for paper in listed] == names
    assert [len(a.args["id_list"].split(",")) for a in place.arxiv.asked()] == [100, 100, 1]


def test_a_doi_whose_paper_arxiv_has_named_is_not_listed_twice(place: Place) -> None:
    paper = place.arxiv.papers["2405.00001"]
    doi = "10.5555/made.1"
    place.arxiv.put(replace(paper, doi=doi))
    assert [p.key for p in place.listed("2405.00001", doi)] == ["2405.00001"]


def test_nothing_of_a_list_is_lost(place: Place) -> None:
    lines = ["2405.00001", "2405.99999", "10.5555/none", "no identifier here", "", "# a remark"]
    place.crossref.copies["10.5555/none"] = {"best_oa_location": None}
    source = place.source(*lines)
    crawl(source, place.settings, place.web, processor=PROCESSOR)
    found = place.reasons()
    assert len(found) == 4
    assert found["2405.99999"] == (VersionState.FAILED, "line 2: arXiv knows no 2405.99999")
    state, reason = found["10.5555/none"]
    assert (state, reason) == (
        VersionState.FAILED,
        "line 3: Crossref does not know the DOI 10.5555/none",
    )
    (line,) = [reason for key, (_, reason) in found.items() if key.startswith("line-")]
    assert line == "line 4: no DOI and no arXiv identifier in 'no identifier here'"


def test_lines_with_anything_in_them_end_well(place: Place) -> None:
    lines = ["\x1b[31mred", "\ud800", "x" * 9000, "\0"]
    crawl(place.source(*lines), place.settings, place.web, processor=PROCESSOR)
    found = place.reasons()
    assert [state for state, _ in found.values()] == [VersionState.FAILED] * 4
    assert all(len(reason) < 400 and "\x1b" not in reason for _, reason in found.values())


def test_an_old_line_that_is_tried_again_says_that_it_is_old(place: Place) -> None:
    crawl(place.source("what"), place.settings, place.web, processor=PROCESSOR)
    crawl(place.source("2405.00001"), place.settings, place.web, processor=PROCESSOR)
    reasons = [reason for key, (_, reason) in place.reasons().items() if key.startswith("line-")]
    assert reasons == ["not understood, and no longer in the list"]


def test_a_listing_goes_on_where_it_was_cut_off(place: Place) -> None:
    source = place.source("2405.00001", "10.5555/made.1", "what")
    pages = list(source.pages(None))
    assert [page.cursor for page in pages] == ["1", "2", None]
    assert [page.total for page in pages] == [3, 3, 3]
    rest = [paper for page in source.pages(None, "1") for paper in page.papers]
    assert [paper.doi for paper in rest] == ["10.5555/made.1", None]
    for cursor in ("3", "-1", "x", "9" * 50):
        with pytest.raises(CursorExpiredError):
            next(source.pages(None, cursor))


def test_another_list_is_another_listing(place: Place) -> None:
    assert place.source("2405.00001").query != place.source("2405.00002").query
    with pytest.raises(CrawlError, match="names no paper"):
        place.source("", "# nothing")


def test_an_arxiv_that_refuses_ends_the_listing(place: Place) -> None:
    place.arxiv.fail("/api/query", refused())
    with pytest.raises(RefusedError):
        place.listed("2405.00001", "cond-mat/0104321")


def test_lists_are_read_in_the_encodings_of_spreadsheets(tmp_path: Path) -> None:
    for name, data in (("a", "2405.00001\r\n".encode("utf-16")), ("b", b"\xef\xbb\xbf2405.00001")):
        (tmp_path / name).write_bytes(data)
        lines, called = list_lines(tmp_path / name)
        assert lines[0].lstrip("\ufeff") == "2405.00001"
        assert called == str(tmp_path / name)
