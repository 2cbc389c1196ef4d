"""The Atom feed of new claims and the pages of reports, through the real application."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit
from uuid import UUID

import pytest
from fastapi.testclient import TestClient
from lxml import etree
from sqlalchemy import update

from scmine.database.crawl_models import PAPERS
from scmine.database.sessions import Tokens
from scmine.database.store import Database
from scmine.database.users import Users
from scmine.web.app import create_app
from scmine.web.feed import ATOM
from tests.crawled import add_crawl
from tests.web.collection import DIBORIDE, HYDRIDE, OWN, collected, paper
from tests.web.people import add_people, visitor

N = {"a": ATOM}
RFC_3339 = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
HOSTILE = '<script>alert(1)</script>]]>\x1b[31m & "x"\r\nSet-Cookie: a=b'


@pytest.fixture
def crawled(tmp_path: Path) -> Iterator[Database]:
    """Two papers that a crawl brought, one of them with a hostile title."""
    papers = [
        paper("one", 2026, [DIBORIDE | OWN | {"tc_K": 39.0}, DIBORIDE | OWN | {"tc_K": 38.0}]),
        paper("two", 2026, [HYDRIDE | OWN | {"tc_K": 250.0, "pressure_GPa": 170.0}]),
    ]
    with collected(tmp_path, papers) as database:
        add_crawl(
            database,
            [
                {"doc_id": papers[0].doc_id, "title": HOSTILE, "link": "javascript:alert(1)"},
                {"doc_id": papers[1].doc_id, "title": "Hydrides"},
            ],
        )
        yield database


@pytest.fixture
def client(crawled: Database) -> Iterator[TestClient]:
    with TestClient(create_app(crawled), base_url="http://127.0.0.1:8000") as opened:
        yield opened


def check_atom(content: bytes) -> etree._Element:
    """What RFC 4287 asks of a feed and its entries (4.1.1, 4.1.2, 4.2.6, 4.2.7, 3.3)."""
    root = etree.fromstring(content)
    assert root.tag == f"{{{ATOM}}}feed"
    nodes = [root, *root.findall("a:entry", N)]
    for node in nodes:
        for name in ("id", "title", "updated"):
            assert len(node.findall(f"a:{name}", N)) == 1, name
        assert UUID(node.findtext("a:id", namespaces=N))
        assert RFC_3339.fullmatch(node.findtext("a:updated", namespaces=N))
        assert datetime.fromisoformat(node.findtext("a:updated", namespaces=N)).tzinfo is not None
        assert all(t.get("type", "text") == "text" for t in node.findall("a:title", N))
        assert len(node.findall("a:content", N)) == (node.tag != f"{{{ATOM}}}feed")
        links = node.findall("a:link", N)
        assert all(urlsplit(link.get("href")).scheme in ("http", "https") for link in links)
        alternates = [link for link in links if link.get("rel") == "alternate"]
        assert len({(a.get("type"), a.get("hreflang")) for a in alternates}) == len(alternates)
        assert node.findall("a:author/a:name", N) or root.findall("a:author/a:name", N)
    assert len(root.findall("a:link[@rel='self']", N)) == 1
    ids = [node.findtext("a:id", namespaces=N) for node in nodes]
    assert len(set(ids)) == len(ids)
    return root


def test_the_feed_has_one_entry_for_a_material_of_a_paper(client: TestClient) -> None:
    answer = client.get("/feed.atom")
    assert answer.headers["content-type"].startswith("application/atom+xml")
    root = check_atom(answer.content)
    titles = [e.findtext("a:title", namespaces=N) for e in root.findall("a:entry", N)]
    assert titles == ["250 K in LaH10 (170 GPa)", "39 K in MgB2"]
    content = root.findtext("a:entry[2]/a:content", namespaces=N)
    assert "<script>" not in content
    assert "&lt;script&gt;" in content
    assert "1 more: 38 K" in content
    assert "javascript:" not in answer.text


def test_a_feed_that_is_known_is_not_sent_again(client: TestClient) -> None:
    first = client.get("/feed.atom")
    by_tag = client.get("/feed.atom", headers={"If-None-Match": first.headers["etag"]})
    by_time = client.get(
        "/feed.atom", headers={"If-Modified-Since": first.headers["last-modified"]}
    )
    other = client.get(
        "/feed.atom",
        headers={"If-None-Match": '"x"', "If-Modified-Since": first.headers["last-modified"]},
    )
    odd = client.get("/feed.atom", headers={"If-Modified-Since": "yesterday"})
    assert [a.status_code for a in (by_tag, by_time, other, odd)] == [304, 304, 200, 200]
    assert by_tag.content == b""
    assert by_tag.headers["etag"] == first.headers["etag"]


def test_filters_of_the_table_hold_for_the_feed(client: TestClient) -> None:
    root = check_atom(client.get("/feed.atom?tc_min=77").content)
    assert len(root.findall("a:entry", N)) == 1
    assert client.get("/feed.atom?tc_min=cold").status_code == 400
    assert "tc_min" in client.get("/feed.atom?tcmin=77").text


def test_the_same_claim_of_a_newer_version_is_no_news(crawled: Database) -> None:
    def ids() -> set[str]:
        with TestClient(create_app(crawled), base_url="http://127.0.0.1:8000") as client:
            root = check_atom(client.get("/feed.atom").content)
        return {e.findtext("a:id", namespaces=N) for e in root.findall("a:entry", N)}

    before = ids()
    newer = paper("onev2", 2026, [DIBORIDE | OWN | {"tc_K": 39.0}])
    crawled.save_document(crawled.start_run("1"), newer)
    add_crawl(crawled, [{"doc_id": newer.doc_id, "version": 2, "title": "Again"}])
    assert ids() == before


def test_the_id_of_a_claim_stays_when_its_paper_is_called_otherwise(crawled: Database) -> None:
    """What the source or the document says of the paper may change; the claim is the same."""

    def entries() -> dict[str, str]:
        with TestClient(create_app(crawled), base_url="http://127.0.0.1:8000") as client:
            root = check_atom(client.get("/feed.atom").content)
        found = root.findall("a:entry", N)
        return {e.findtext("a:id", namespaces=N): etree.tostring(e).decode() for e in found}

    before = entries()
    with crawled.writing() as connection:
        connection.execute(update(PAPERS).values(title="", authors=[]))
    after = entries()
    assert after.keys() == before.keys()
    assert after != before
    assert any("On two" in text for text in after.values())


def test_an_empty_feed_is_valid(tmp_path: Path) -> None:
    with (
        collected(tmp_path, []) as database,
        TestClient(create_app(database), base_url="http://127.0.0.1:8000") as client,
    ):
        assert check_atom(client.get("/feed.atom").content).findall("a:entry", N) == []
        assert "Nothing has been crawled" in client.get("/reports").text


def test_with_users_the_feed_asks_for_a_token(crawled: Database) -> None:
    add_people(crawled)
    client = visitor(create_app(crawled))
    refused = client.get("/feed.atom")
    assert refused.status_code == 401
    assert refused.headers["www-authenticate"].startswith("Basic ")
    assert client.get("/reports").status_code == 303
    vera = Users(crawled).get("Vera")
    assert vera is not None
    token = Tokens(crawled).make(vera, "reader", by="Vera")

    def status(credentials: str) -> int:
        return client.get("/feed.atom", headers={"Authorization": credentials}).status_code

    basic = base64.b64encode(f"any:{token}".encode()).decode()
    wrong = base64.b64encode(b"any:wrong").decode()
    assert status(f"Basic {basic}") == status(f"Bearer {token}") == 200
    assert status(f"Basic {wrong}") == status("Basic ???") == status("Bearer no") == 401
    basic_elsewhere = client.get("/records", headers={"Authorization": f"Basic {basic}"})
    assert basic_elsewhere.status_code == 303


def test_pages_lead_to_the_feed_and_to_reports(client: TestClient) -> None:
    listed = client.get("/reports").text
    assert 'type="application/atom+xml"' in listed
    assert 'href="/reports/1"' in listed
    page = client.get("/reports/1").text
    assert "LaH<sub>10</sub>" in page
    assert 'href="/records/two-000"' in page
    assert "<script>alert" not in page
    assert "style=" not in page
    assert client.get("/reports/2").status_code == 404
    assert client.get("/reports/0").status_code == 422
