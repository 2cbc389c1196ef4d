"""A paper with markup in every field, on every page, in plots that are pointed at, and in CSV."""

from __future__ import annotations

import csv
import dataclasses
import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from playwright.sync_api import Page

from scmine.database.curation import Curation
from scmine.database.record import Record
from scmine.database.store import Database, open_database
from scmine.database.structure import StructureRow
from scmine.web.app import create_app
from tests.web.browsing import serving
from tests.web.people import BASE
from tests.web.record_cases import HOSTILE, SCRIPT, hostile_paper

CELL = "=HYPERLINK(1)</script>"
PAGES = (
    "/records",
    "/records?facets=1",
    "/records/rec-hostile",
    "/records/rec-hostile/edit",
    "/records/rec-hostile/history",
    "/queue",
    "/queue/rec-hostile",
    "/proposals",
    f"/papers/{HOSTILE}",
    f"/papers/{HOSTILE}?view=text",
    "/papers",
    "/materials",
    "/materials/LaH10",
    "/corrections",
    "/rules",
    "/audit/records",
    "/api",
    "/no-such-page?" + SCRIPT,
    "/records/" + SCRIPT,
    "/plots/" + SCRIPT,
    "/records?tc_min=" + SCRIPT + "&material=" + SCRIPT,
)
PLOTS = ("tc-year", "tc-pressure", "lambda-omega", "coverage", "flags", "documents")


@pytest.fixture
def hostile(tmp_path: Path) -> Iterator[Database]:
    """A database whose one paper is hostile, with a structure, a Tc and a correction."""
    found = hostile_paper()
    drawn: dict[str, object] = {"tc_K": 39.0, "pressure_GPa": 2.0, "year": 2001, "lambda": 1.0}
    drawn |= {"omega_log_K": 900.0, "doi": "javascript:alert(1)", "raw_tc": CELL}
    drawn |= {"composition": {"La": 1.0, "H": 10.0}}
    record = Record.model_validate(found.records[0].to_row() | drawn)
    structure: StructureRow = found.structures[0]
    result = dataclasses.replace(found, records=[record], doi="javascript:alert(1)", year=2001)
    with open_database(tmp_path / "hostile.db") as database:
        database.save_document(database.start_run("5"), result)
        assert structure.structure_id == record.structure_id
        Curation(database).edit(
            "rec-hostile", {"name": SCRIPT + "2", "tc_K": 40}, who=SCRIPT, why=SCRIPT, expected=0
        )
        yield database


def test_no_page_runs_or_links_to_what_a_paper_says(hostile: Database, page: Page) -> None:
    opened: list[str] = []
    page.on("dialog", lambda dialog: (opened.append(dialog.message), dialog.dismiss()))
    page.set_default_timeout(15_000)
    with serving(create_app(hostile)) as url:
        for path in PAGES:
            answer = page.goto(url + path)
            assert answer is not None
            assert answer.status < 500, path
            page.wait_for_load_state("load")
            assert page.locator("img[src='x']").count() == 0, path
            assert "49" not in page.title()
            links = page.eval_on_selector_all(
                "[href], [src], [action]",
                "all => all.map(a => a.getAttribute('href') || a.src || a.action)",
            )
            bad = [link for link in links if str(link).strip().lower().startswith("javascript")]
            assert bad == [], path
            assert page.locator("script:not([src]):not([type='application/json'])").count() == 0
            assert (
                page.evaluate("document.querySelectorAll('[onerror],[onload],[style]').length") >= 0
            )
    assert opened == []


def test_pointing_at_plots_runs_nothing(hostile: Database, page: Page) -> None:
    opened: list[str] = []
    page.on("dialog", lambda dialog: (opened.append(dialog.message), dialog.dismiss()))
    with serving(create_app(hostile)) as url:
        for name in PLOTS:
            answer = page.goto(f"{url}/plots/{name}")
            assert answer is not None
            if answer.status == 404:
                continue
            page.wait_for_load_state("networkidle")
            drawing = page.locator("canvas, svg").first
            if drawing.count() == 0:
                continue
            box = drawing.bounding_box()
            assert box is not None
            for i in range(8):
                for j in range(8):
                    x, y = box["width"] * (i + 0.5) / 8, box["height"] * (j + 0.5) / 8
                    page.mouse.move(box["x"] + x, box["y"] + y)
            assert page.locator("img[src='x']").count() == 0, name
    assert opened == []


@pytest.mark.parametrize(
    "path",
    [
        "/records.csv",
        "/api/v1/records.csv",
        "/plots/tc-year.csv",
        "/plots/tc-pressure.csv",
        "/plots/flags.csv",
        "/plots/documents.csv",
        "/materials/LaH10/claims.csv",
    ],
)
def test_no_csv_has_a_cell_that_is_a_formula(hostile: Database, path: str) -> None:
    # The title stands in every table that names papers.
    with hostile.writing() as connection:
        connection.exec_driver_sql("UPDATE documents SET title = ?, path = ?", (CELL, CELL))
        for column in ("name", "raw_material", "material_class", "formula"):
            connection.exec_driver_sql(f"UPDATE records SET {column} = ?", (CELL,))
    browser = TestClient(create_app(hostile), base_url=BASE)
    answer = browser.get(path)
    assert answer.status_code == 200
    assert answer.headers["content-disposition"].startswith("attachment")
    cells = [cell for row in csv.reader(io.StringIO(answer.text)) for cell in row]
    assert not [cell for cell in cells if cell[:1] in set("=@\t\r|")]


def test_data_for_scripts_cannot_end_the_element(hostile: Database) -> None:
    browser = TestClient(create_app(hostile), base_url=BASE)
    for path in ("/records/rec-hostile", f"/papers/{HOSTILE}", "/queue/rec-hostile"):
        text = browser.get(path).text
        for part in text.split('type="application/json"')[1:]:
            assert "<" not in part[part.index(">") + 1 : part.index("</script>")]
        assert SCRIPT not in text
