"""The table, the plots and the materials in a real browser: keyboard, picking, drawing, saving."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from scmine.web.app import create_app
from scmine.web.scripts import VENDOR
from tests.web.browsing import serving
from tests.web.collection import collected

NEEDED = ("htmx.min.js", "echarts.min.js")

pytestmark = pytest.mark.skipif(
    not all((VENDOR / name).is_file() for name in NEEDED),
    reason="the scripts of others are not built",
)


@pytest.fixture
def address(tmp_path: Path) -> Iterator[str]:
    with collected(tmp_path) as database, serving(create_app(database)) as url:
        yield url


def test_rows_are_walked_and_opened_by_keyboard(page: Page, address: str) -> None:
    page.goto(f"{address}/records")
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("k")
    expect(page.locator("tr[data-current]")).to_contain_text("390")
    page.keyboard.press("Enter")
    page.wait_for_url("**/records/misprint-000")
    page.go_back()
    page.keyboard.press("/")
    expect(page.locator("[data-search]")).to_be_focused()


def test_a_search_changes_the_view_its_address_and_its_counts(page: Page, address: str) -> None:
    page.goto(f"{address}/records?sort=year&order=desc")
    page.get_by_role("searchbox").fill("hydrides")
    page.keyboard.press("Enter")
    expect(page.locator(".total")).to_have_text("4 records")
    page.wait_for_url("**/records?sort=year&order=desc&text=hydrides")
    hydrides = page.get_by_role("link", name="hydride 4")
    hydrides.click()
    expect(page.locator(".chips")).to_contain_text("Class hydride")
    expect(page.get_by_role("link", name="hydride 4")).to_have_attribute("aria-current", "true")
    page.go_back()
    expect(page.locator(".chips")).not_to_contain_text("Class")
    # What was put back works as what was there.
    page.get_by_text("Filters", exact=True).click()
    page.get_by_role("button", name="Periodic table").click()
    expect(page.get_by_role("button", name="Mg", exact=True)).to_be_visible()


def test_elements_are_picked_from_the_periodic_table(page: Page, address: str) -> None:
    page.goto(f"{address}/records")
    page.get_by_text("Filters", exact=True).click()
    page.get_by_role("button", name="Periodic table").click()
    page.get_by_role("button", name="H", exact=True).click()
    magnesium = page.get_by_role("button", name="Mg", exact=True)
    magnesium.click()
    page.get_by_role("button", name="Mg: contained").click()
    page.get_by_role("button", name="Use these").click()
    expect(page.locator("[name=without]")).to_have_value("Mg")
    page.get_by_role("button", name="Apply").click()
    expect(page.locator(".total")).to_have_text("4 records")
    assert page.url.endswith("/records?contains=H&without=Mg")


def test_a_view_is_kept_and_opened_again(page: Page, address: str) -> None:
    page.goto(f"{address}/records?class=hydride")
    page.get_by_text("Views", exact=True).click()
    page.get_by_label("Name of this view").fill("My hydrides")
    page.get_by_role("button", name="Keep in this browser").click()
    page.goto(f"{address}/records")
    page.get_by_text("Views", exact=True).click()
    page.get_by_role("link", name="My hydrides").click()
    page.wait_for_url("**/records?class=hydride")
    page.get_by_text("Views", exact=True).click()
    page.get_by_role("button", name="Forget the view My hydrides").click()
    expect(page.locator("[data-view-list] li")).to_have_count(0)


def test_a_plot_is_drawn_its_points_open_records(page: Page, address: str) -> None:
    page.goto(f"{address}/plots/lambda-omega")
    target = page.locator("[data-plot-target]")
    expect(target).to_have_attribute("data-ready", "")
    # The one point is where the axes say: λ = 2.2, ω_log = 1300 K.
    place = page.evaluate(
        """() => {
          const target = document.querySelector("[data-plot-target]");
          const box = target.getBoundingClientRect();
          const [x, y] = echarts.getInstanceByDom(target).convertToPixel("grid", [2.2, 1300]);
          return [box.left + x, box.top + y];
        }"""
    )
    page.mouse.move(*place)
    expect(page.locator(".plot-tip")).to_contain_text("LaH10")
    expect(page.locator(".plot-tip")).to_contain_text("ωlog: 1300 K")
    page.mouse.click(*place)
    page.wait_for_url("**/records/hydrides-001")


def test_plots_are_saved_as_pictures(page: Page, address: str, tmp_path: Path) -> None:
    page.goto(f"{address}/plots/tc-year")
    expect(page.locator("[data-plot-target]")).to_have_attribute("data-ready", "")
    for kind, start in (("png", b"\x89PNG"), ("svg", b"<svg")):
        with page.expect_download() as download:
            page.locator(f"[data-save={kind}]").click()
        saved = tmp_path / download.value.suggested_filename
        download.value.save_as(saved)
        assert saved.name == f"tc-year.{kind}"
        assert saved.read_bytes().startswith(start)
    assert "hydride (2)" in (tmp_path / "tc-year.svg").read_text(encoding="utf-8")


def test_plots_follow_light_and_dark(page: Page, address: str) -> None:
    page.goto(f"{address}/plots/flags")
    expect(page.locator("[data-plot-target]").first).to_have_attribute("data-ready", "")
    colour = """() => echarts.getInstanceByDom(document.querySelector("[data-plot-target]"))
        .getOption().backgroundColor"""
    light = page.evaluate(colour)
    page.get_by_role("button", name="Dark").click()
    assert page.evaluate(colour) != light


def test_nothing_to_draw_is_said(page: Page, address: str) -> None:
    page.goto(f"{address}/plots/tc-pressure?class=cuprate")
    expect(page.locator("[data-plot-target]")).to_contain_text("Nothing to draw")


@pytest.mark.parametrize(
    "path", ["/records", "/records?class=hydride", "/materials", "/materials/MgB2", "/plots"]
)
def test_pages_fit_a_phone(page: Page, address: str, path: str) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(address + path, wait_until="networkidle")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
