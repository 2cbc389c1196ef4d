"""The page of a paper in a real browser: highlights on the words, clicks both ways, adding."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from scmine.database.papers import Papers
from scmine.database.store import Database, open_database
from scmine.web.app import create_app
from scmine.web.scripts import VENDOR
from tests.web.browsing import serving
from tests.web.papers import read_paper, sha256, write_paper

pytestmark = pytest.mark.skipif(
    not (VENDOR / "pdfjs" / "pdf_viewer.mjs").is_file(), reason="pdf.js was not packed"
)

TEXT_UNDER_MARKS = """() => [...document.querySelectorAll(".page")].flatMap((page) =>
  [...page.querySelectorAll(".marks .mention")].map((mark) => {
    const box = mark.getBoundingClientRect();
    let found = "";
    for (const span of page.querySelectorAll(".textLayer span")) {
      const text = span.firstChild;
      if (text?.nodeType !== Node.TEXT_NODE) continue;
      for (let k = 0; k < text.length; k++) {
        const range = document.createRange();
        range.setStart(text, k);
        range.setEnd(text, k + 1);
        const { left, right, top, bottom } = range.getBoundingClientRect();
        const [x, y] = [(left + right) / 2, (top + bottom) / 2];
        if (box.left < x && x < box.right && box.top < y && y < box.bottom) found += text.data[k];
      }
    }
    return found.trim();
  }))"""
"""The characters of the text layer whose middles lie in each highlight."""

LAYOUTS = {
    "upright": "",
    "turned right": "/Rotate 90",
    "upside down": "/Rotate 180",
    "turned left": "/Rotate 270",
    "cropped": "/CropBox [40 300 560 760]",
    "cropped and turned": "/CropBox [40 300 560 760] /Rotate 90",
    "other units": "/UserUnit 2",
}


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Database, Path]]:
    """The address of a server of one PDF in several layouts, its database and their folder."""
    folder = tmp_path_factory.mktemp("papers")
    with open_database(folder / "web.db") as database:
        run = database.start_run("5")
        for name, entries in LAYOUTS.items():
            database.save_document(run, read_paper(write_paper(folder, f"{name}.pdf", entries)))
        source = folder / "source.md"
        source.write_text("# On NbN\n\nThe compound NbN becomes superconducting at 16 K.\n")
        database.save_document(run, read_paper(source))
        with serving(create_app(database)) as url:
            yield url, database, folder


def _open(page: Page, served: tuple[str, Database, Path], name: str, more: str = "") -> str:
    """Open a paper and wait for what was found in it; returns its id."""
    url, _, folder = served
    doc_id = sha256(folder / name)
    page.goto(f"{url}/papers/{doc_id}{more}")
    page.locator(".marks .mention, .text .mention").first.wait_for(state="attached")
    return doc_id


def _record(served: tuple[str, Database, Path], doc_id: str, tc: float) -> str:
    return next(r.record_id for r in Papers(served[1]).records(doc_id) if r.tc_K == tc)


def _at(page: Page, text: str) -> tuple[float, float]:
    """The middle of a text on the page, for the mouse."""
    box = page.locator(".textLayer span", has_text=text).first.bounding_box()
    assert box
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


@pytest.mark.parametrize("layout", LAYOUTS)
def test_highlights_lie_on_their_words(page: Page, served, layout: str):
    doc_id = _open(page, served, f"{layout}.pdf")
    page.locator(".textLayer .endOfContent").first.wait_for(state="attached")
    marked = page.evaluate(TEXT_UNDER_MARKS)
    # Where lines run down the page, each word has a box of its own.
    assert {"LaH10", "MgB2"} <= set(marked)
    assert any(text.startswith("250") for text in marked)
    assert any(text.startswith("170") for text in marked)
    assert sha256(served[2] / f"{layout}.pdf") == doc_id


def test_a_record_named_in_the_address_is_marked_on_its_page(page: Page, served):
    doc_id = sha256(served[2] / "upright.pdf")
    record = _record(served, doc_id, 16.0)
    _open(page, served, "upright.pdf", f"#record={record}")
    expect(page.locator(f'[data-record="{record}"]')).to_have_class(re.compile("chosen"))
    expect(page.locator("[data-page]")).to_have_value("2")
    expect(page.locator('.page[data-page-number="2"] .record-box').first).to_be_in_viewport()


def test_a_click_on_a_highlight_leads_to_its_record_and_back(page: Page, served):
    doc_id = _open(page, served, "upright.pdf")
    record = _record(served, doc_id, 250.0)
    box = page.locator(".marks .label-pressure").first.bounding_box()
    assert box
    page.mouse.click(box["x"] + 5, box["y"] + box["height"] / 2)
    expect(page.locator(f'[data-record="{record}"]')).to_have_class(re.compile("chosen"))
    expect(page).to_have_url(re.compile(f"#record={record}$"))
    expect(page.locator(".marks .mention.chosen").first).to_be_visible()
    other = _record(served, doc_id, 16.0)
    page.locator(f'[data-record="{other}"] .pick').click()
    expect(page.locator('.page[data-page-number="2"] .record-box').first).to_be_in_viewport()


def test_links_are_drawn_when_the_pointer_is_on_a_mention(page: Page, served):
    _open(page, served, "upright.pdf")
    box = page.locator(".marks .label-pressure").first.bounding_box()
    assert box
    page.mouse.move(box["x"] + 5, box["y"] + box["height"] / 2)
    expect(page.locator(".links path").first).to_be_attached()
    page.mouse.move(5, 5)
    expect(page.locator(".links path")).to_have_count(0)


def test_labels_can_be_hidden(page: Page, served):
    _open(page, served, "upright.pdf")
    assert page.locator(".marks .label-material").count()
    page.locator("[data-legend] summary").click()
    page.locator('[data-label="material"] input').uncheck()
    expect(page.locator(".marks .label-material")).to_have_count(0)
    assert page.locator(".marks .label-tcValue").count()


def test_a_record_is_added_from_selected_text(page: Page, served):
    doc_id = _open(page, served, "cropped.pdf")
    page.locator(".textLayer .endOfContent").first.wait_for(state="attached")
    x, y = _at(page, "LaH10")
    page.mouse.dblclick(x, y)
    page.get_by_role("button", name="Add record for this sentence").click()
    form = page.locator("form.add")
    expect(form.locator("blockquote")).to_have_text(
        "The transition of LaH10 was seen at Tc = 250 K under a pressure of 170 GPa."
    )
    expect(form.locator("[name=pressure_GPa]")).to_have_value("170")
    form.locator("[name=tc_K]").fill("245")
    form.get_by_role("button", name="Add record").click()
    expect(form.get_by_role("alert")).to_contain_text("does not follow from what was printed")
    form.locator("[name=raw_tc]").fill("245 K")
    form.get_by_role("button", name="Add record").click()
    expect(page.locator(".record.chosen .values")).to_contain_text("245")
    expect(page.locator(".record.chosen .badge")).to_have_text("curated")
    added = next(r for r in Papers(served[1]).records(doc_id) if r.tc_K == 245.0)
    expect(page).to_have_url(re.compile(f"#record={added.record_id}$"))
    assert (added.page, added.raw_material) == (1, "LaH10")


def test_a_record_is_added_by_the_keyboard_alone(page: Page, served):
    doc_id = _open(page, served, "upside down.pdf")
    page.keyboard.press("n")
    for _ in range(40):
        if "LaH10" in page.locator("#notice").inner_text():
            break
        page.keyboard.press("n")
    page.keyboard.press("a")
    field = page.locator("form.add [name=raw_material]")
    expect(field).to_be_focused()
    expect(field).to_have_value("LaH10")
    page.keyboard.press("Escape")
    expect(page.locator("form.add")).to_have_count(0)
    page.keyboard.press("s")
    page.keyboard.press("a")
    expect(page.locator("form.add blockquote")).to_have_text(re.compile("The weather was fine"))
    expect(field).to_be_focused()
    page.keyboard.type("air")
    page.keyboard.press("Enter")
    expect(page.locator(".record.chosen .material")).to_have_text("air")
    assert any(r.raw_material == "air" for r in Papers(served[1]).records(doc_id))


def test_pages_are_drawn_larger_and_smaller(page: Page, served):
    _open(page, served, "upright.pdf")
    before = page.locator(".page").first.bounding_box()
    page.keyboard.press("+")
    expect(page.locator("[data-zoom-value]")).not_to_have_text("100 %")
    after = page.locator(".page").first.bounding_box()
    assert before
    assert after
    assert after["width"] > 1.1 * before["width"]
    page.locator("[data-page]").fill("2")
    page.keyboard.press("Enter")
    expect(page.locator('.page[data-page-number="2"]')).to_be_in_viewport()


def test_text_has_the_same_highlights(page: Page, served):
    doc_id = _open(page, served, "source.md")
    record = _record(served, doc_id, 16.0)
    page.locator(".text .label-tcValue", has_text="16 K").click()
    expect(page.locator(f'[data-record="{record}"]')).to_have_class(re.compile("chosen"))
    page.locator(".text .sentence", has_text="NbN becomes").hover()
    page.locator(".text .sentence", has_text="NbN becomes").locator(".add-here").click()
    expect(page.locator("form.add [name=raw_tc]")).to_have_value("16 K")


def test_a_pdf_can_be_read_as_text(page: Page, served):
    doc_id = sha256(served[2] / "upright.pdf")
    record = _record(served, doc_id, 250.0)
    _open(page, served, "upright.pdf", f"#record={record}")
    expect(page.locator(f'[data-record="{record}"]')).to_have_class(re.compile("chosen"))
    page.get_by_role("link", name="Text", exact=True).click()
    expect(page.locator(".text .mention.chosen", has_text="LaH10")).to_be_visible()
