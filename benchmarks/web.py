"""The web pages on a large database: how soon a real browser shows something.

    python benchmarks/web.py DB [--records N] [--rounds N] [--chromium PATH]

DB is a file; where it is empty, N made-up records are written first (``search_data.py``). Serves it
on loopback and opens each page in Chromium, each time with an empty cache, in
turn. Prints as JSON for each page the median and the largest of: seconds to the first contentful
paint, to the end of loading, and to the last thing the page asked for later (counts, data of a
plot), and the kilobytes sent.
"""

from __future__ import annotations

import argparse
import json
import shutil
import statistics
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout
from pathlib import Path

import uvicorn
from playwright.sync_api import Browser, sync_playwright

from scmine.database.filters import RecordFilter
from scmine.database.materials import Materials
from scmine.database.search import Search
from scmine.database.store import Database, open_database
from scmine.web.app import create_app

sys.path.insert(0, str(Path(__file__).parent))

import search_data

ARGUMENTS = ("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync")

PAGES = (
    "/records",
    "/records?class=cuprate&tc_min=20&sort=pressure_GPa&order=desc",
    "/records?text=pressure+hydride",
    "/records?contains=La+H&without=O",
    "/plots/tc-year",
    "/plots/tc-pressure",
    "/plots/lambda-omega",
    "/plots/coverage",
    "/materials",
)

MEASURE = """() => {
  const [navigation] = performance.getEntriesByType("navigation");
  const paint = performance.getEntriesByName("first-contentful-paint")[0];
  const files = performance.getEntriesByType("resource");
  return {
    first_paint_s: paint.startTime / 1000,
    load_s: navigation.loadEventEnd / 1000,
    last_answer_s: Math.max(navigation.responseEnd, ...files.map((f) => f.responseEnd)) / 1000,
    kB: [navigation, ...files].reduce((sum, f) => sum + f.transferSize, 0) / 1000,
  };
}"""


@contextmanager
def serving(database: Database) -> Iterator[str]:
    """The address of a server of the database on loopback."""
    config = uvicorn.Config(create_app(database), host="127.0.0.1", port=0, log_level="warning")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        while not server.started:
            if not thread.is_alive():
                raise SystemExit("the server did not start")
            time.sleep(0.01)
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join()


def measure(browser: Browser, address: str) -> dict[str, float]:
    """Seconds and kilobytes of one visit with an empty cache."""
    context = browser.new_context(viewport={"width": 1366, "height": 768})
    page = context.new_page()
    answer = page.goto(address, wait_until="networkidle")
    if answer is None or not answer.ok:
        raise SystemExit(f"{address} gave no page")
    found: dict[str, float] = page.evaluate(MEASURE)
    context.close()
    return found


def summary(visits: list[dict[str, float]]) -> dict[str, dict[str, float]]:
    """Median and largest of each quantity."""
    return {
        name: {
            "median": round(statistics.median(visit[name] for visit in visits), 3),
            "largest": round(max(visit[name] for visit in visits), 3),
        }
        for name in visits[0]
    }


def main() -> None:
    """Read the arguments, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("database", type=Path)
    parser.add_argument("--records", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--chromium", default=shutil.which("chromium"))
    arguments = parser.parse_args()
    with open_database(arguments.database) as database:
        wanted = RecordFilter()
        if not Search(database).count(wanted).number:
            with redirect_stdout(sys.stderr):  # standard output is for the result
                search_data.fill(database, arguments.records)
        count = Search(database).count(wanted, at_most=None).number
        most_told = Materials(database).page(wanted, sort="records", limit=1)
        pages = [*PAGES, *(f"/materials/{material.key}" for material in most_told)]
        visits: dict[str, list[dict[str, float]]] = {page: [] for page in pages}
        with serving(database) as address, sync_playwright() as playwright:
            browser = playwright.chromium.launch(
                executable_path=arguments.chromium, args=list(ARGUMENTS)
            )
            for _ in range(arguments.rounds):
                for page, found in visits.items():
                    found.append(measure(browser, address + page))
            browser.close()
    result = {"records": count, "pages": {page: summary(found) for page, found in visits.items()}}
    json.dump(result, sys.stdout, ensure_ascii=False, indent=2)
    print()


if __name__ == "__main__":
    main()
