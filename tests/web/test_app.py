"""What every page has: errors that lead on, the files that pages load."""

from __future__ import annotations

from fastapi.testclient import TestClient
from playwright.sync_api import Page


def test_an_unknown_page_is_a_page_that_leads_back(client: TestClient) -> None:
    answer = client.get("/nothing-here")
    assert answer.status_code == 404
    assert 'href="/"' in answer.text


def test_our_own_style_is_served(client: TestClient) -> None:
    answer = client.get("/static/scmine.css")
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/css")


def test_dark_is_remembered(address: str, page: Page) -> None:
    page.goto(f"{address}/nothing-here")
    page.get_by_role("button", name="Dark").click()
    page.reload()
    assert page.get_by_role("button", name="Light").is_visible()
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(18, 22, 29)"


def test_shortcuts_are_shown_by_a_question_mark(address: str, page: Page) -> None:
    page.goto(f"{address}/nothing-here")
    page.keyboard.press("?")
    assert page.get_by_role("dialog", name="Keyboard shortcuts").is_visible()
