"""Writes the pictures of ``docs/images``: pages of ``scmine serve`` over the example papers.

    python docs/pictures.py

Needs the extras ``web`` and ``dev`` and Debian's Chromium. The pictures are not tested: look at
them before you commit them.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

from scmine.database.filters import RecordFilter
from scmine.database.store import open_database
from scmine.pipelines import ingest
from scmine.web.app import create_app

ROOT = Path(__file__).resolve().parent.parent
IMAGES = ROOT / "docs" / "images"
WIDTH, HEIGHT = 1200, 700
SETTLED_MS = 2500

sys.path.insert(0, str(ROOT))

from tests.web.browsing import ARGUMENTS, CHROMIUM, serving  # noqa: E402 (needs the path)


def main() -> None:
    """Mine the examples, serve them, and take the pictures."""
    IMAGES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "examples.db"
        ingest([str(ROOT / "examples")], db=str(target))
        with open_database(target) as database, serving(create_app(database)) as address:
            wanted = RecordFilter(material="LuZnH8", tc_min_K=170.0)
            record = next(iter(database.records(wanted)))
            shoot(
                {
                    "record.png": f"{address}/records/{record.record_id}",
                    "paper.png": f"{address}/papers/{record.doc_id}#record={record.record_id}",
                }
            )


def shoot(pages: dict[str, str]) -> None:
    """Take a picture of each page, by the name of its file."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(ARGUMENTS))
        page = browser.new_page(viewport={"width": WIDTH, "height": HEIGHT})
        for name, url in pages.items():
            page.goto(url)
            page.wait_for_timeout(SETTLED_MS)
            page.screenshot(path=IMAGES / name)
        browser.close()


if __name__ == "__main__":
    main()
