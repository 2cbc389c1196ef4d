"""Every page: accessible in light and dark, on either kind of database, without a fault."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from fastapi.testclient import TestClient
from playwright.sync_api import Page

from scmine.database.curation import Curation
from scmine.database.store import Database, open_database
from scmine.web.app import create_app
from tests.crawled import add_crawl
from tests.web.conftest import DOC_ID, document

RECORD = f"{DOC_ID[:4]}-MgB2"
PAGES = (
    "/records",
    "/records?facets=1&contains=Mg",
    "/records?tc_min=cold",
    f"/records/{RECORD}",
    f"/records/{RECORD}/edit",
    f"/records/{RECORD}/history",
    "/queue",
    f"/queue/{RECORD}",
    "/proposals",
    "/papers",
    f"/papers/{DOC_ID}",
    "/materials",
    "/plots/tc-year",
    "/plots/tc-pressure",
    "/plots/lambda-omega",
    "/plots/coverage",
    "/plots/flags",
    "/corrections",
    "/reports",
    "/reports/1",
    "/account",
    "/users",
    "/audit",
    "/rules",
    "/api",
    "/nothing",
)


def edit(database: Database) -> None:
    """One change and one crawl, so that history, corrections and reports have something to show."""
    add_crawl(database, [{"doc_id": DOC_ID, "title": "Two superconductors"}])
    Curation(database).edit(RECORD, {"tc_K": 38.5}, who="cora", expected=0)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_pages_are_accessible(address: str, database: Database, page: Page, scheme: str) -> None:
    """No violation of WCAG 2.1 A or AA that axe-core finds (contrast, labels, order, names)."""
    edit(database)
    page.emulate_media(color_scheme="light" if scheme == "light" else "dark")
    found: dict[str, list[str]] = {}
    for path in PAGES:
        page.goto(address + path)
        page.wait_for_load_state("networkidle")
        options = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]}
        violations = Axe().run(page, options=options).response["violations"]
        if violations:
            found[path] = [
                f"{v['id']}: {[node['html'][:120] for node in v['nodes'][:3]]}" for v in violations
            ]
    assert found == {}


@pytest.mark.postgresql
def test_pages_on_postgresql(postgresql_url: str) -> None:
    with open_database(postgresql_url) as database:
        database.save_document(database.start_run("5"), document())
        edit(database)
        with TestClient(create_app(database), base_url="http://127.0.0.1:8000") as client:
            codes = {path: client.get(path).status_code for path in PAGES}
    expected = {"/nothing": 404, "/records?tc_min=cold": 400}
    assert codes == {path: expected.get(path, 200) for path in PAGES}
