"""What reports say: against files that were read by a person, and Markdown against HTML."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import html
from markdown_it import MarkdownIt

from scmine.database.store import open_database
from scmine.pipelines.crawl.report import report_of
from scmine.pipelines.crawl.report_html import body, page
from scmine.pipelines.crawl.report_markdown import as_markdown
from scmine.pipelines.crawl.report_text import plain
from scmine.pipelines.crawl.report_values import (
    FailureGroup,
    NewMaterial,
    NewVersion,
    Report,
    ReportClaim,
    ReportPaper,
    ReportRun,
    ReportStructures,
    Skipped,
)
from scmine.pipelines.crawl.report_words import subject
from tests.crawled import add_crawl
from tests.docs.test_crawl import parse
from tests.nights import GOLDEN, NIGHTS, forms, night
from tests.web.collection import DIBORIDE, HYDRIDE, OWN, paper

BLOCKS = {"p", "li", "h1", "h2", "td", "th", "tr", "blockquote", "ul", "ol", "br", "div"}


@pytest.mark.parametrize("name", NIGHTS)
def test_reports_are_as_they_were_read(name: str, own_folder: Path) -> None:
    for file, text in forms(name).items():
        assert text == (GOLDEN / file).read_text("utf-8"), f"{file}; see tests/nights.py"


def test_an_empty_night_is_called_empty(own_folder: Path) -> None:
    with night("empty") as database:
        assert report_of(database, []).is_empty
    with night("night") as database:
        assert not report_of(database, []).is_empty


def test_the_commands_that_a_report_names_can_be_given(own_folder: Path) -> None:
    with night("night") as database:
        report = report_of(database, [])
    assert len(report.steps) == 4
    for step in report.steps:
        parse(step.rpartition(": ")[0])
    named = re.findall(r"`(scmine [^`]+)`", as_markdown(report))
    assert len(named) > 4
    for command in named:
        parse(command)


def test_what_cannot_be_stands_apart_and_never_in_the_subject(own_folder: Path) -> None:
    claims: list[dict[str, Any]] = [
        DIBORIDE | OWN | {"tc_K": 39.0},
        {"formula": "Pb9CuP6O25"} | OWN | {"tc_K": 410.0, "flags": ["tc_out_of_range"]},
        HYDRIDE | OWN | {"tc_K": 294.0, "pressure_GPa": 1.0, "flags": ["above_class_record"]},
        HYDRIDE | OWN | {"tc_K": 288.0, "pressure_GPa": 267.0, "flags": ["retracted_paper"]},
        HYDRIDE | OWN | {"tc_K": 240.0, "flags": ["calculated_called_measured"]},
    ]
    made = paper("hype", 2026, claims)
    with open_database("hype.db") as database:
        database.save_document(database.start_run("1"), made)
        add_crawl(database, [{"doc_id": made.doc_id}])
        report = report_of(database, [])
    assert [c.tc for c in report.claims] == ["39 K"]
    assert [c.tc for c in report.implausible] == ["410 K", "294 K"]
    assert report.implausible[1].others == "1 more: 288 K at 267 GPa"
    assert [c.tc for c in report.doubtful] == ["240 K"]
    assert "above the highest measured of its class" in report.implausible[1].doubts[0]
    assert "39 K in MgB2" in subject(report)
    assert report.references == ()
    assert "No reference set is in the database" in as_markdown(report)


def test_pages_have_no_scripts_and_load_nothing(own_folder: Path) -> None:
    tree = html.fromstring(forms("night")["night.html"])
    assert {str(e.tag) for e in tree.iter()} & {"script", "img", "iframe", "link", "base"} == set()
    names = {str(name) for e in tree.iter() for name in e.attrib}
    assert names.isdisjoint({"src", "onclick", "onerror", "onload"})
    links = [str(a.get("href")) for a in tree.iter("a")]
    assert links
    assert all(
        re.match(r"https://(arxiv\.org/abs|scmine\.example\.org/records)/", a) for a in links
    )


WORDS = st.one_of(
    st.sampled_from(["MgB2", "La2-xSrxCuO4", "<b>x</b>", "a_b_c", "*a*", "1. x", "- x", "# x"]),
    st.sampled_from(["[x](y)", "![x](y)", "`x`", "&amp;", "&#60;", "\\*", "> x", "~~x~~", "$x$"]),
    st.sampled_from(["| a | b |", "---", "<https://x.org>", "+ x", "x\\", "___", "= x", "``"]),
    st.text(max_size=30),
).map(lambda text: plain(text) or "x")
NUMBERS = st.integers(0, 500)
PAPERS = st.builds(
    ReportPaper,
    name=WORDS,
    title=WORDS,
    authors=st.one_of(st.just(""), WORDS),
    link=st.sampled_from([None, "https://arxiv.org/abs/2401.00001", "https://doi.org/10.1/a(b)c"]),
)
CLAIMS = st.builds(
    ReportClaim,
    record_id=st.just("r"),
    material=WORDS,
    tc=NUMBERS.map("{} K".format),
    tc_K=NUMBERS.map(float),
    tc_kind=st.sampled_from(["", "onset"]),
    pressure=st.sampled_from(["", "170 GPa", "pressure not found"]),
    evidence=st.sampled_from(["measured", "calculated"]),
    cited=st.booleans(),
    coupling=st.sampled_from(["", "λ = 2.2, ω_log = 1300 K, μ* = 0.1"]),
    others=st.sampled_from(["", "2 more: 60–150 K at 200 GPa"]),
    known=st.sampled_from(["", "above the known 12 K"]),
    doubts=st.lists(WORDS, max_size=2),
    sentence=st.one_of(st.just(""), WORDS),
    page=st.one_of(st.none(), NUMBERS),
    paper=PAPERS,
)
RUN = ReportRun(
    id=1,
    source="arxiv",
    query="cond-mat.supr-con",
    started=datetime(2026, 11, 24, 6, tzinfo=UTC),
    finished=None,
    state="failed",
    reason="out of reach",
)
LISTS = {
    name: st.lists(CLAIMS, max_size=2)
    for name in ("claims", "calculated", "doubtful", "cited", "implausible")
}
REPORTS = st.builds(
    Report,
    runs=st.just([RUN]),
    database=st.just("t.db"),
    counts=st.fixed_dictionaries(dict.fromkeys(("listed", "fetched", "read", "failed"), NUMBERS)),
    records=NUMBERS,
    **LISTS,
    claims_more=NUMBERS,
    implausible_more=NUMBERS,
    not_superconducting=st.lists(WORDS, max_size=12),
    references=st.lists(WORDS, max_size=2),
    new_materials=st.lists(
        st.builds(
            NewMaterial,
            material=WORDS,
            to_references=st.just("no entry has just these elements"),
            to_database=st.booleans(),
            tc=NUMBERS.map("{} K".format),
            paper=PAPERS,
        ),
        max_size=2,
    ),
    structures=st.lists(
        st.builds(
            ReportStructures,
            paper=PAPERS,
            rebuilt=st.lists(WORDS, max_size=2),
            rebuilt_number=NUMBERS,
            stated=NUMBERS,
        ),
        max_size=2,
    ),
    withdrawn=st.lists(PAPERS, max_size=1),
    versions=st.lists(
        st.builds(
            NewVersion,
            paper=PAPERS,
            before=NUMBERS,
            came=st.lists(WORDS, max_size=2),
            went=st.lists(WORDS, max_size=2),
            came_number=NUMBERS,
            went_number=NUMBERS,
            stayed=NUMBERS,
        ),
        max_size=1,
    ),
    failures=st.lists(
        st.builds(
            FailureGroup,
            reason=WORDS,
            next_try=st.just("given up; `scmine crawl retry` lets it be tried again"),
            papers=st.lists(PAPERS, min_size=1, max_size=7),
        ),
        max_size=1,
    ),
    skipped=NUMBERS,
    near=st.lists(st.builds(Skipped, paper=PAPERS, score=st.just(0.19)), max_size=1),
    steps=st.just(["scmine show --db t.db: all"]),
    base_url=st.sampled_from(["", "https://scmine.example.org"]),
)


@settings(max_examples=60, deadline=None)
@given(REPORTS)
def test_markdown_and_html_say_the_same(report: Report) -> None:
    markdown = html.fragment_fromstring(
        MarkdownIt("commonmark").render(as_markdown(report)), create_parent=True
    )
    shown = html.fragment_fromstring(
        body(report, plot=False, bars_by_style=True), create_parent=True
    )
    for heading in markdown.findall("h1"):
        heading.clear()
    for heads in shown.findall(".//thead"):
        heads.clear()
    assert said(markdown) == said(shown)
    assert links(markdown) == links(shown)


def said(tree: html.HtmlElement) -> Counter[str]:
    """The words and marks that a reader sees, and how often."""
    return Counter(re.findall(r"\w+|[^\w\s]", "".join(_pieces(tree))))


def _pieces(element: html.HtmlElement) -> list[str]:
    around = " " if element.tag in BLOCKS else ""
    inner = [piece for child in element for piece in [*_pieces(child), child.tail or ""]]
    return [around, element.text or "", *inner, around]


def links(tree: html.HtmlElement) -> Counter[str]:
    """Where a reader is led, and how often."""
    return Counter(str(a.get("href")) for a in tree.iter("a"))


@given(WORDS)
def test_a_page_of_hostile_words_stays_a_page(text: str) -> None:
    claim = ReportClaim(
        record_id="r",
        material=text,
        tc="1 K",
        tc_K=1.0,
        doubts=[text],
        sentence=text,
        paper=ReportPaper(name=text, title=text, authors=text),
    )
    counts = dict.fromkeys(("listed", "fetched", "read", "failed"), 1)
    run = replace(RUN, query=text, reason=text)
    report = Report(runs=[run], database="t.db", counts=counts, records=1, claims=[claim])
    tree = html.fromstring(page(report))
    assert {str(e.tag) for e in tree.iter()} <= {
        *("html", "head", "meta", "title", "style", "body", "h1", "h2", "ul", "li", "p", "table"),
        *("thead", "tbody", "tr", "th", "td", "div", "strong", "sub", "br", "span", "blockquote"),
        "code",
    }
