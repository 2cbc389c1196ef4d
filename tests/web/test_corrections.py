"""The page of corrections: before and after, filters, downloads."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from playwright.sync_api import Page

from scmine.corpora.corrections.choosing import entries_of
from scmine.database.judged import Judged
from scmine.database.store import Database, open_database
from scmine.web.correction_text import card_of
from tests.corpora.corrections.corrected_database import curate, save


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    """A database with four judged records of one paper."""
    with open_database(tmp_path / "web.db") as opened:
        save(opened)
        curate(opened)
        yield opened


def test_before_and_after_stand_side_by_side(client: TestClient) -> None:
    answer = client.get("/corrections")
    assert answer.status_code == 200
    page = answer.text
    assert page.count('<li class="card">') == 4
    assert "The record is from a table" in page
    assert "it is NbN&#39;s" in page
    assert "On the &lt;Tc&gt; of MgB2" in page
    assert 'class="mention label-tcValue removed"' in page
    assert "tagger@1" in page
    assert 'href="/records/MgB2-16 K"' in page


def test_cards_show_the_sentences_that_a_record_cites(database: Database) -> None:
    records = {r.record_id: r for r in Judged(database).records()}
    (entry,) = entries_of(database, [records["FeSe-300 K"]])
    (comparison,) = card_of(entry).comparisons
    before, after = comparison.before, comparison.after
    shown = "The film of FeSe was kept at 300 K."
    assert "".join(p.text for p in before.pieces) == shown
    assert "".join(p.text for p in after.pieces) == shown
    assert [(p.text, p.change) for p in before.pieces if p.label] == [
        ("FeSe", ""),
        ("300 K", "removed"),
    ]
    assert before.links == (("FeSe", "300 K", "removed"),)
    assert after.links == ()
    (entry,) = entries_of(database, [records["MgB2-16 K"]])
    (comparison,) = card_of(entry).comparisons
    assert ("NbN", "16 K", "added") in comparison.after.links
    assert [p.text for p in comparison.after.pieces if p.is_known] == [
        "MgB2",
        "39 K",
        "NbN",
        "16 K",
    ]


def test_filters_are_in_the_address(client: TestClient) -> None:
    page = client.get("/corrections", params={"user": "bob"}).text
    assert page.count('<li class="card">') == 1
    assert "<option selected>bob</option>" in page
    assert "/corrections/export/jsonl?user=bob" in page
    page = client.get("/corrections", params={"error_type": "extraction"}).text
    assert page.count('<li class="card">') == 1
    page = client.get("/corrections", params={"since": "2001-01-01", "until": "2001-02-01"}).text
    assert "No judged record fits" in page
    assert "There is no such page" in client.get("/corrections", params={"page": 7}).text


@pytest.mark.parametrize(
    "wrong", [{"error_type": "x"}, {"since": "soon"}, {"page": "0"}, {"until": "2001-13-01"}]
)
def test_what_is_no_filter_is_refused(client: TestClient, wrong: dict[str, str]) -> None:
    assert client.get("/corrections", params=wrong).status_code == 422


def test_downloads(client: TestClient) -> None:
    answer = client.get("/corrections/export/jsonl")
    assert answer.headers["content-disposition"].startswith("attachment")
    assert len(json.loads(answer.text)["records"]) == 3
    answer = client.get("/corrections/export/label-studio", params={"user": "bob"})
    with zipfile.ZipFile(BytesIO(answer.content)) as archive:
        assert set(archive.namelist()) == {"tasks.json", "labelling.xml"}
    answer = client.get("/corrections/export/corpus")
    with zipfile.ZipFile(BytesIO(answer.content)) as archive:
        (name,) = archive.namelist()
        assert name.endswith(".tei.xml")
    assert client.get("/corrections/export/other").status_code in {404, 422}
    none = client.get("/corrections/export/jsonl", params={"user": "nobody"})
    assert (none.status_code, none.text) == (200, "")


def test_inception_is_downloaded(client: TestClient) -> None:
    pytest.importorskip("cassis")
    answer = client.get("/corrections/export/inception")
    with zipfile.ZipFile(BytesIO(answer.content)) as archive:
        assert "TypeSystem.xml" in archive.namelist()


def test_in_a_browser(page: Page, address: str) -> None:
    page.goto(f"{address}/corrections")
    page.get_by_label("Error type").select_option("linking")
    page.get_by_role("button", name="Show", exact=True).click()
    page.wait_for_url("**error_type=linking**")
    assert page.locator(".card").count() == 1
    with page.expect_download() as download:
        page.get_by_role("link", name="JSON lines").click()
    assert download.value.suggested_filename == "corrections.jsonl"
    page.set_viewport_size({"width": 390, "height": 844})
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
