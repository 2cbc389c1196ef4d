"""A database to look at and the application over it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from playwright.sync_api import Browser, ConsoleMessage, Page, sync_playwright

from scmine.database.record import Record
from scmine.database.results import DocumentResult, PassageRow
from scmine.database.store import Database, open_database
from scmine.web.app import create_app
from tests.web.browsing import ARGUMENTS, CHROMIUM, serving

DOC_ID = "ab" * 32

NO_FAULT = re.compile(r"status of 4|net::ERR_(CONNECTION|EMPTY_RESPONSE|INCOMPLETE_CHUNKED)")
"""What the console says of an answer that a test asked for, or of a server that a test stopped."""


def document(doc_id: str = DOC_ID) -> DocumentResult:
    """A paper with two claims in one passage."""
    sentence = "MgB2 becomes superconducting at 39 K and NbN at 16 K."
    records = [
        Record(
            record_id=f"{doc_id[:4]}-{formula}",
            doc_id=doc_id,
            path=f"papers/{doc_id[:4]}.pdf",
            title="Two <superconductors>",
            year=2001,
            raw_material=formula,
            formula=formula,
            raw_tc=f"{tc:g} K",
            tc_K=tc,
            sentence=sentence,
            page=1,
            boxes=[[1, 72.0, 100.0, 300.0, 112.0]],
            confidence=0.9,
            composition=composition,
        )
        for formula, tc, composition in (
            ("MgB2", 39.0, {"Mg": 1.0, "B": 2.0}),
            ("NbN", 16.0, {"Nb": 1.0, "N": 1.0}),
        )
    ]
    return DocumentResult(
        doc_id=doc_id,
        path=f"papers/{doc_id[:4]}.pdf",
        reader="pdf",
        status="done",
        pipeline_version="5",
        title="Two <superconductors>",
        year=2001,
        page_count=1,
        passages=[PassageRow(position=0, kind="paragraph", text=sentence, page=1)],
        records=records,
        record_passages=[0, 0],
    )


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    """A SQLite database with one paper."""
    with open_database(tmp_path / "web.db") as opened:
        run = opened.start_run("5")
        opened.save_document(run, document())
        yield opened


def csrf_token_of(page: str) -> str:
    """The token that a page gives to forms and scripts."""
    found = re.search(r'name="csrf-token" content="([^"]+)"', page)
    assert found
    return found[1]


@pytest.fixture
def client(database: Database) -> Iterator[TestClient]:
    """A browser without scripts at the application; it sends the token that forms carry."""
    with TestClient(create_app(database), base_url="http://127.0.0.1:8000") as opened:
        opened.headers["X-CSRF-Token"] = csrf_token_of(opened.get("/no-such-page").text)
        yield opened


@pytest.fixture
def address(database: Database) -> Iterator[str]:
    """The address of a real server of the application."""
    with serving(create_app(database)) as url:
        yield url


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's Chromium, started once."""
    if CHROMIUM is None:
        pytest.skip("there is no Chromium")
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=list(ARGUMENTS))
        yield opened
        opened.close()


@pytest.fixture
def page(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    """A page with cookies of its own; the test fails if a script of it failed or was refused."""
    if "address" in request.fixturenames:
        # Started before the page and so stopped after it: what a page still loads at the end of a
        # test would else be refused, which is no fault of its scripts.
        request.getfixturevalue("address")
    faults: list[str] = []

    def listen(message: ConsoleMessage) -> None:
        if message.type == "error" and not NO_FAULT.search(message.text):
            faults.append(message.text)

    context = browser.new_context(viewport={"width": 1366, "height": 768})
    opened = context.new_page()
    opened.on("console", listen)
    opened.on("pageerror", lambda error: faults.append(str(error)))
    yield opened
    context.close()
    assert faults == []
