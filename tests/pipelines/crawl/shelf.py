"""A source of papers of our making: listed from a file of JSON, fetched from a server on loopback.

Its pages can be served by any process, so that crawls in processes of their own can be killed.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from scmine.pipelines.crawl.errors import CursorExpiredError, RefusedError, UnreachableError
from scmine.pipelines.crawl.paper import FileKind, ListedPaper, Offer, Page
from scmine.pipelines.crawl.web import Web
from scmine.pipelines.settings import Settings

ERRORS = {
    "refused": RefusedError,
    "unreachable": UnreachableError,
    "expired": CursorExpiredError,
}


def made_paper(name: str, tc_K: float, extra: str = "") -> bytes:
    """A page of HTML with one measured Tc."""
    head = '<h1 class="ltx_title ltx_title_document">'
    words = (
        f"We report superconductivity in {name}. The critical temperature of {name} is {tc_K} K, "
        "from the resistivity of polycrystalline samples that were melted in an arc. " + extra
    )
    return (
        f'<!DOCTYPE html><html><body><article class="ltx_document">{head}On {name}</h1>'
        f'<p class="ltx_p">{words * 3}</p></article></body></html>'
    ).encode()


class Shelf:
    """Pages asked from a server as JSON: ``/page/CURSOR`` with papers and the next cursor."""

    name = "arxiv"
    query = "shelf"

    def __init__(self, url: str, web: Web) -> None:
        self._url = url
        self._web = web

    def pages(self, since: date | None, cursor: str | None = None) -> Iterator[Page]:
        """The pages from a cursor on, the first one without."""
        at: str | None = cursor or "first"
        while at is not None:
            found = json.loads(self._web.get(f"{self._url}/page/{at}").body)
            if "error" in found:
                raise ERRORS[found["error"]](f"the shelf is {found['error']}")
            at = found.get("next")
            yield Page(tuple(_paper(p) for p in found["papers"]), at, found.get("total"))

    def offers(self, paper: ListedPaper) -> Iterator[Offer]:
        """One page of HTML."""
        yield Offer(FileKind.HTML, f"{self._url}/html/{paper.name}")


def listed(number: int, version: int = 1, **more: Any) -> dict[str, Any]:
    """A paper as the server lists it."""
    key = f"2401.{number:05}"
    own = {"key": key, "version": version, "title": f"On {number}", "arxiv_id": key}
    return own | {"datestamp": f"2024-06-{number % 28 + 1:02}"} | more


def page(*papers: dict[str, Any], next: str | None = None, **more: Any) -> bytes:
    """An answer of the server."""
    return json.dumps({"papers": papers, "next": next} | more).encode()


def _paper(found: dict[str, Any]) -> ListedPaper:
    day = found.pop("datestamp", None)
    found["datestamp"] = None if day is None else date.fromisoformat(day)
    found["authors"] = tuple(found.get("authors", ()))
    return ListedPaper(source="arxiv", **found)


PROCESSOR = "shelf_processor:make_processor"
"""What reads these papers at once, in workers as ever."""


def shelf_settings(folder: Path) -> Settings:
    """The settings of a crawl in a folder."""
    return Settings(db=str(folder / "t.db"), crawl_folder=folder / "crawled", workers=1)


def crawl_shelf(url: str, folder: Path) -> str:
    """What a process of its own runs to crawl the shelf at a URL; signals end it as in a shell."""
    return f"""
import signal, sys
from pathlib import Path
signal.signal(signal.SIGINT, signal.default_int_handler)
from scmine.pipelines.crawl.run import crawl
from tests.pipelines.crawl.loopback import LoopbackWeb
from tests.pipelines.crawl.shelf import PROCESSOR, Shelf, shelf_settings
web, settings = LoopbackWeb(), shelf_settings(Path({str(folder)!r}))
sys.exit(crawl(Shelf({url!r}, web), settings, web, processor=PROCESSOR).exit_code)
"""
