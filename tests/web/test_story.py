"""The whole of it as a person does it: mine papers, find a claim, hold it against the page, correct
it, undo, correct it again, and take the correction out as training data."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from scmine.web.scripts import VENDOR
from tests.web.browsing import press
from tests.web.papers import write_paper

START_TIMEOUT_S = 60


def scmine(folder: Path, *arguments: str) -> str:
    """What a command prints; it has to succeed."""
    command = [sys.executable, "-m", "scmine.pipelines.cli", *arguments]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a database of one paper, mined by the command."""
    write_paper(tmp_path)
    scmine(tmp_path, "ingest", "paper.pdf", "--workers", "1")
    return tmp_path


@pytest.fixture
def served(folder: Path) -> Iterator[str]:
    """The address that ``scmine serve`` names."""
    command = [sys.executable, "-u", "-m", "scmine.pipelines.cli", "serve", "--port", "0"]
    process = subprocess.Popen(
        command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    try:
        assert process.stdout is not None
        said = ""
        while not (found := re.search(r"http://127\.0\.0\.1:\d+", said)):
            line = process.stdout.readline()
            assert line, f"the server ended: {said}"
            said += line
        yield found[0]
    finally:
        process.terminate()
        process.wait(START_TIMEOUT_S)


@pytest.mark.skipif(
    not (VENDOR / "pdfjs" / "pdf_viewer.mjs").is_file(), reason="pdf.js was not packed"
)
def test_from_a_paper_to_a_training_example(folder: Path, served: str, page: Page) -> None:
    # Find a record.
    page.goto(served)
    page.get_by_role("searchbox").fill("diboride")
    page.get_by_role("button", name="Apply").click()
    page.get_by_role("row").filter(has_text="MgB2").get_by_role("link").first.click()
    page.wait_for_url("**/records/*")
    record = urlsplit(page.url)

    # Hold it against the page of the paper.
    press(page, "g")
    page.wait_for_url(f"**/papers/*#record={record.path.rsplit('/', 1)[-1]}")
    expect(page.locator(".marks .mention").first).to_be_visible()
    page.go_back()

    # Correct it, take that back, correct it again.
    for why in ("first", "second"):
        press(page, "e")
        page.wait_for_url("**/edit*")
        page.get_by_label("Material as printed").fill("superconductivity in MgB2")
        page.get_by_label("Why (may be empty)").fill(why)
        press(page, "Control+Enter")
        expect(page.locator(".flash")).to_contain_text("superconductivity in MgB2")
        if why == "first":
            press(page, "u")
            expect(page.locator(".flash")).to_contain_text("undone")
    expect(page.locator("body")).to_contain_text("second")

    # What it was, what it is, and what it teaches.
    record_id = record.path.rsplit("/", 1)[-1]
    history = json.loads(scmine(folder, "history", record_id, "--json"))
    kinds = [revision["kind"] for revision in history]
    assert kinds == ["extracted", "edited", "undone", "edited"]
    page.goto(f"{served}/corrections")
    expect(page.locator("main")).to_contain_text("39 K")
    lines = scmine(folder, "corrections", "--to", "jsonl").splitlines()
    (example,) = map(json.loads, lines)
    taught = [e["text"] for e in example["after"]["entities"] if e["extractor"] == "curator"]
    assert "superconductivity in MgB2" in taught
