"""Stories in a real browser: correct and take back, two persons, the queue by keys alone, 3D."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

import scmine.web.pages
from scmine.database.curation import Curation
from scmine.database.record import RecordStatus
from scmine.database.store import Database
from tests.web.browsing import press
from tests.web.record_cases import record_id, save_papers

VENDOR = Path(scmine.web.pages.FOLDER) / "static" / "vendor"
MGB2 = f"/records/{record_id('MgB2')}"


@pytest.fixture(autouse=True)
def _papers(database: Database) -> None:
    save_papers(database)


def status_of(database: Database, name: str) -> RecordStatus:
    found = Curation(database).record(name)
    assert found is not None
    return found.status


def needs_script(name: str) -> None:
    if not (VENDOR / name).is_file():
        pytest.skip(f"{name} is not built")


def test_correct_take_back_and_read_the_history(page: Page, address: str) -> None:
    page.goto(address + MGB2)
    press(page, "e")
    page.wait_for_url("**/edit*")
    page.get_by_label("Tc (K)", exact=True).fill("38.6")
    page.get_by_label("Tc as printed").fill("38.6 K")
    page.get_by_label("Why (may be empty)").fill("misread")
    press(page, "Control+Enter")
    expect(page.locator(".flash")).to_contain_text("Tc: 39 K → 38.6 K")
    press(page, "u")
    expect(page.locator(".flash")).to_contain_text("Revision 1 was undone")
    expect(page.locator(".says")).to_contain_text("Tc = 39 K")
    page.get_by_role("link", name="Compare revisions").click()
    page.get_by_label("compare to revision 1").check()
    page.get_by_role("button", name="Compare").click()
    expect(page.locator(".diff").first).to_contain_text("38.6 K")


def test_a_group_is_edited_in_its_place(page: Page, address: str, database: Database) -> None:
    needs_script("htmx.min.js")
    page.goto(address + MGB2)
    page.get_by_role("link", name="Edit Material").click()
    formula = page.get_by_label("Formula", exact=True)
    expect(formula).to_be_visible()
    assert page.url.endswith(MGB2)
    page.wait_for_function("document.querySelector('.htmx-added, .htmx-settling') === null")
    formula.fill("Mg0.9Al0.1B2")
    expect(page.locator("#composition")).to_contain_text("Mg 0.9, Al 0.1, B 2")
    page.get_by_role("button", name="Save").click()
    expect(page.locator(".flash")).to_contain_text("Saved")
    found = Curation(database).record(record_id("MgB2"))
    assert found is not None
    assert found.composition == {"Mg": 0.9, "Al": 0.1, "B": 2.0}


def test_the_second_of_two_persons_chooses(page: Page, address: str, database: Database) -> None:
    other = page.context.new_page()
    for one in (page, other):
        one.goto(address + MGB2 + "/edit")
    other.get_by_label("Doping").fill("Al")
    other.get_by_label("Shape").fill("wire")
    other.get_by_role("button", name="Save", exact=True).click()
    expect(other.locator(".flash")).to_contain_text("Saved")
    page.get_by_label("Doping").fill("C")
    page.get_by_label("Substrate").fill("MgO")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Another person was faster")
    page.get_by_role("row", name="Doping").get_by_label("C", exact=True).check()
    page.get_by_role("button", name="Save what is chosen").click()
    expect(page.locator(".flash")).to_contain_text("Saved")
    found = Curation(database).record(record_id("MgB2"))
    assert found is not None
    assert (found.doping, found.shape, found.substrate) == ("C", "wire", "MgO")


def test_the_queue_by_keys_alone(page: Page, address: str, database: Database) -> None:
    page.goto(address + "/queue?doc=papers/cd.pdf&source=text")
    press(page, "n")
    page.wait_for_url("**/queue/rec-*")
    first = page.url.split("/queue/")[1].split("?")[0]
    assert first == record_id("doubtful")
    press(page, "r")
    press(page, "3")
    expect(page.locator(".flash")).to_contain_text("Rejected")
    assert status_of(database, first) is RecordStatus.INVALID
    press(page, "u")
    page.wait_for_url(f"**/queue/{first}*")
    assert status_of(database, first) is RecordStatus.NEW
    press(page, "s")
    page.wait_for_url(lambda url: first not in url)
    second = page.url.split("/queue/")[1].split("?")[0]
    press(page, "a")
    page.wait_for_url(lambda url: f"/queue/{second}" not in url)
    assert status_of(database, second) is RecordStatus.VALIDATED
    press(page, "?")
    expect(page.get_by_role("dialog")).to_contain_text("Accept this record")


def test_every_control_of_the_queue_is_reached_by_tab(page: Page, address: str) -> None:
    page.goto(address + f"/queue/{record_id('doubtful')}")
    reached = set()
    for _ in range(40):
        press(page, "Tab")
        reached.add(page.evaluate("document.activeElement.textContent.trim().split(/\\s+/)[0]"))
    assert {"Accept", "Correct", "Reject", "More", "Skip"} <= reached


def test_the_cell_is_drawn(page: Page, address: str) -> None:
    needs_script("3Dmol-min.js")
    page.goto(address + MGB2)
    expect(page.locator("#structure-view canvas")).to_be_visible()
    expect(page.locator("[data-structure-legend]")).to_contain_text("Mg")
    spin = page.get_by_role("button", name="Spin")
    spin.click()
    expect(spin).to_have_attribute("aria-pressed", "true")
    page.get_by_role("button", name="Reset").click()


def test_hostile_text_runs_nothing(page: Page, address: str) -> None:
    said: list[str] = []
    page.on("dialog", lambda dialog: (said.append(dialog.message), dialog.dismiss()))
    for path in ("/records/rec-hostile", "/records/rec-hostile/edit", "/queue/rec-hostile"):
        page.goto(address + path)
        page.wait_for_timeout(200)
    assert said == []


@pytest.mark.parametrize("path", [MGB2, MGB2 + "/edit", "/queue", "/queue/rec-doubtful"])
def test_a_phone_needs_no_sideways_scrolling(browser: Browser, address: str, path: str) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 844})
    phone = context.new_page()
    phone.goto(address + path)
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390
    context.close()


def test_without_scripts_all_can_be_done(browser: Browser, address: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    plain = context.new_page()
    plain.goto(address + MGB2)
    plain.get_by_role("link", name="Edit Material").click()
    plain.get_by_label("Doping").fill("Al")
    plain.get_by_role("button", name="Save", exact=True).click()
    expect(plain.locator(".flash")).to_contain_text("Doping: not stated → Al")
    plain.locator(".flash").get_by_role("button", name="Undo").click()
    expect(plain.locator(".flash")).to_contain_text("Revision 1 was undone")
    plain.goto(address + f"/queue/{record_id('doubtful')}")
    plain.locator("summary", has_text="Reject").click()
    plain.get_by_role("button", name="value and material").click()
    expect(plain.locator(".flash")).to_contain_text("Rejected")
    context.close()
