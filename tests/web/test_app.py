"""What every page has: errors that lead on, the files that pages load."""

from __future__ import annotations

from fastapi.testclient import TestClient


def test_an_unknown_page_is_a_page_that_leads_back(client: TestClient) -> None:
    answer = client.get("/nothing-here")
    assert answer.status_code == 404
    assert 'href="/"' in answer.text


def test_our_own_style_is_served(client: TestClient) -> None:
    answer = client.get("/static/scmine.css")
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/css")
