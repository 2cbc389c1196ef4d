"""The list of papers: searching, sorting, paging, counts of records."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from scmine.database.layer_packing import DocumentLayers, pack
from scmine.database.papers import PaperOrder, Papers
from scmine.database.results import DocumentResult
from scmine.database.store import Database


@pytest.fixture
def papers(database: Database, make_result: Callable[..., DocumentResult]) -> Papers:
    """Four papers."""
    run = database.start_run("p1")
    arxiv = {"arxiv_id": "2001.00001", "record": {"arxiv_id": "2001.00001"}}
    for result in (
        make_result("a", claims=1, title="Zinc", year=1999, authors=["J. Müller"], doi="10.1/ABC"),
        make_result("b", claims=3, title="aluminium", year=2020, **arxiv),
        make_result("c", claims=0, title="Lead 100%", year=None),
        make_result("d", claims=0, title=None, year=None, status="timeout", reader=""),
    ):
        database.save_document(run, result)
    return Papers(database)


def _titles(papers: Papers, *args: object, **options: object) -> list[str | None]:
    return [paper.title for paper in papers.page(*args, **options)]


def test_papers_are_sorted_with_what_is_unknown_last(papers: Papers):
    assert _titles(papers) == ["aluminium", "Lead 100%", "Zinc", None]
    assert _titles(papers, descending=True) == ["Zinc", "Lead 100%", "aluminium", None]
    by_year = _titles(papers, order=PaperOrder.YEAR, descending=True)
    assert by_year[:2] == ["aluminium", "Zinc"]
    by_records = _titles(papers, order=PaperOrder.RECORDS, descending=True)
    assert by_records[:2] == ["aluminium", "Zinc"]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("ZINC", ["Zinc"]),
        ("müller", ["Zinc"]),
        ("10.1/abc", ["Zinc"]),
        ("2001.0", ["aluminium"]),
        ("100%", ["Lead 100%"]),
        ("%", ["Lead 100%"]),
        ("/papers/b.pdf", ["aluminium"]),
        ("nothing", []),
    ],
)
def test_papers_are_found_by_what_names_them(papers: Papers, text: str, found: list[str]):
    assert _titles(papers, text) == found


def test_pages_of_the_list_have_each_paper_once(papers: Papers):
    pages = [_titles(papers, limit=2, offset=offset) for offset in (0, 2, 4)]
    assert pages == [["aluminium", "Lead 100%"], ["Zinc", None], []]


def test_statuses_are_counted_and_asked_for(papers: Papers):
    assert papers.statuses() == {"done": 3, "timeout": 1}
    assert papers.statuses("zinc") == {"done": 1}
    assert _titles(papers, status="timeout") == [None]


def test_a_paper_has_its_records_by_status(
    papers: Papers,
    set_status: Callable[[str, str], None],
    make_result: Callable[..., DocumentResult],
):
    set_status("b-1", "validated")
    paper = papers.one(make_result("b").doc_id)
    assert paper is not None
    assert paper.records == {"new": 2, "validated": 1}
    assert paper.record_count == 3
    assert [r.record_id for r in papers.records(paper.doc_id)] == ["b-0", "b-1", "b-2"]
    assert papers.one("unknown") is None


def test_whether_layers_are_stored_is_known(
    papers: Papers, database: Database, make_result: Callable[..., DocumentResult]
):
    doc_id = make_result("a").doc_id
    assert not papers.has_layers(doc_id)
    run = database.start_run("p1")
    database.save_document(run, make_result("a", layers=pack(DocumentLayers())))
    assert papers.has_layers(doc_id)
