"""arXiv as a source of papers: by its OAI-PMH server, or by its query API where words are asked."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from scmine.pipelines.crawl import arxiv_oai, arxiv_query
from scmine.pipelines.crawl.arxiv_names import set_of, split_name, term_of
from scmine.pipelines.crawl.arxiv_xml import one_line
from scmine.pipelines.crawl.errors import CrawlError
from scmine.pipelines.crawl.paper import FileKind, ListedPaper, Offer, Page
from scmine.pipelines.crawl.web import Web
from scmine.pipelines.settings_crawl import CrawlSettings

MAX_QUERY = 900
"""Characters of a query."""

ARXIV_PATHS = {FileKind.SOURCE: "e-print", FileKind.HTML: "html", FileKind.PDF: "pdf"}


class ArxivSource:
    """The papers of an arXiv category, or those that arXiv's search finds, perhaps within one.

    ``category`` is written as ``cond-mat.supr-con``, ``query`` in arXiv's language of queries
    (``ti:hydride AND abs:"high pressure"``). Without a query papers come oldest change first,
    with one newest first.

    Raises
    ------
    CrawlError
        If neither is given, there is no such category, or the query is too long.
    """

    name = "arxiv"

    def __init__(
        self,
        settings: CrawlSettings,
        web: Web,
        category: str | None = None,
        query: str | None = None,
    ) -> None:
        words = one_line(query) if query else ""
        if category is None and not words:
            raise CrawlError("name a category of arXiv's, as cond-mat.supr-con, or a query")
        if len(words) > MAX_QUERY:
            raise CrawlError(f"the query has more than {MAX_QUERY} characters")
        self._settings = settings
        self._web = web
        self._set = set_of(category) if category else None
        term = term_of(category) if category else ""
        self._terms = (f"{term} AND ({words})" if term else words) if words else None
        self.query = self._terms or f"set {self._set}"

    def pages(self, since: date | None, cursor: str | None = None) -> Iterator[Page]:
        """What is new or changed since a day; see `scmine.pipelines.crawl.source.Source.pages`."""
        settings = self._settings
        if self._terms is None:
            url = settings.arxiv_oai_url
            yield from arxiv_oai.list_records(self._web, url, self._set, since, cursor)
        else:
            url, tries = settings.arxiv_query_url, settings.crawl_tries
            yield from arxiv_query.search(self._web, url, self._terms, since, cursor, tries)

    def offers(self, paper: ListedPaper) -> Iterator[Offer]:
        """Source, HTML and PDF of this very version, in the order of ``crawl_formats``.

        Nothing is asked. There are none of a paper that was withdrawn.

        Raises
        ------
        CrawlError
            If the paper's key is none of arXiv's, or the setting names an unknown form.
        """
        if split_name(paper.key) != (paper.key, None) or paper.version < 1:
            raise CrawlError(f"{paper.name[:60]!r} is no identifier of arXiv's")
        if paper.withdrawn:
            return
        base = self._settings.arxiv_files_url.rstrip("/")
        for kind in wanted_kinds(self._settings):
            if kind in ARXIV_PATHS:
                yield Offer(kind, f"{base}/{ARXIV_PATHS[kind]}/{paper.name}")


def wanted_kinds(settings: CrawlSettings) -> list[FileKind]:
    """The forms that ``crawl_formats`` names, in its order.

    Raises
    ------
    CrawlError
        If it names none, or one that there is not.
    """
    names = [name.strip().lower() for name in settings.crawl_formats.split(",") if name.strip()]
    unknown = [name for name in names if name not in set(FileKind)]
    if unknown or not names:
        raise CrawlError(
            f"crawl_formats = {settings.crawl_formats[:80]!r}: name forms out of "
            f"{', '.join(FileKind)}, best first"
        )
    return list(dict.fromkeys(FileKind(name) for name in names))
