"""What the commands of other sources than arXiv do: they make sources for a crawl.

How options reach this lives in ``scmine.pipelines.cli_crawl_sources``, crawling in ``command``.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from scmine.pipelines.crawl.clock import Clock, SystemClock
from scmine.pipelines.crawl.command import CrawlRequest, run_crawl
from scmine.pipelines.crawl.contact import contact_of
from scmine.pipelines.crawl.crossref import Crossref, CrossrefSource
from scmine.pipelines.crawl.doi_offers import DoiOffers
from scmine.pipelines.crawl.errors import CrawlError
from scmine.pipelines.crawl.folder import FolderSource
from scmine.pipelines.crawl.folder_watch import Watch
from scmine.pipelines.crawl.ids import IdsSource
from scmine.pipelines.crawl.plugins import offer_names, offer_plugins, source_names
from scmine.pipelines.crawl.source import Source
from scmine.pipelines.crawl.web import Web
from scmine.pipelines.settings import Settings
from scmine.pipelines.workers import tidy_reason

MAX_LIST_MB = 16
"""Size of a list of papers."""


class Told:
    """Tells each thing once, on standard error."""

    def __init__(self) -> None:
        self._told: set[str] = set()

    def __call__(self, words: str) -> None:
        if words not in self._told:
            self._told.add(words)
            print(f"scmine: {tidy_reason(words)}", file=sys.stderr, flush=True)


def ids_source(settings: Settings, web: Web, lines: Sequence[str], called: str) -> Source:
    """The source of a list of papers."""
    crossref, offers = _by_doi(settings, web)
    return IdsSource(settings, web, crossref, offers, lines, called)


def crossref_source(settings: Settings, web: Web, words: str) -> Source:
    """The source of what words find in Crossref."""
    crossref, offers = _by_doi(settings, web)
    return CrossrefSource(crossref, offers, words)


def folder_source(settings: Settings, folder: Path) -> Source:
    """The source of a folder; what of it was not read is told when it has been listed."""
    return FolderSource(settings, folder, tell=Told())


def _by_doi(settings: Settings, web: Web) -> tuple[Crossref, DoiOffers]:
    contact = contact_of(settings)
    email = None if "://" in contact else contact
    plugins = offer_plugins(Told())
    return Crossref(settings, web, email), DoiOffers(settings, web, email, plugins)


def list_lines(path: Path) -> tuple[list[str], str]:
    """The lines of a list, and what it is called; ``-`` is standard input.

    Raises
    ------
    CrawlError
        If it is too large.
    OSError
        If it cannot be read.
    """
    most = MAX_LIST_MB << 20
    if str(path) == "-":
        called, data = "standard input", sys.stdin.buffer.read(most + 1)
    else:
        with path.open("rb") as file:
            called, data = str(path), file.read(most + 1)
    if len(data) > most:
        raise CrawlError(f"{called}: larger than {MAX_LIST_MB} MB; divide it")
    text = data.decode("utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8", "replace")
    return text.splitlines(), called


def watch_folder(
    settings: Settings, folder: Path, request: CrawlRequest, clock: Clock | None = None
) -> int:
    """Look at a folder again and again; the exit code. Ctrl-C raises `KeyboardInterrupt`."""
    clock = clock or SystemClock()
    tell = Told()
    source = FolderSource(settings, folder, clock, tell)

    def crawl() -> int:
        return run_crawl(lambda settings, web: [source], settings, request)

    if not request.quiet:
        tell(f"watching {folder}, every {settings.crawl_poll_s:g} s; Ctrl-C ends it")
    return Watch(source, crawl, settings.crawl_poll_s, clock).run()


def show_plugins() -> None:
    """Print the installed plug-ins, and which of them cannot be used."""
    usable = {plugin.name: plugin for plugin in offer_plugins(Told())}
    for name in offer_names():
        hosts = ", ".join(sorted(usable[name].plugin.hosts)) if name in usable else "cannot be used"
        print(tidy_reason(f"offers text: {name} ({hosts})"))
    for name in source_names():
        print(tidy_reason(f"source: {name} (scmine crawl from {name})"))
    if not (offer_names() or source_names()):
        print("no plug-in is installed")
