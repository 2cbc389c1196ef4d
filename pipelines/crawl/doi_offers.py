"""Where the full text of a paper with a DOI is: arXiv, plug-ins, its publisher, free copies.

What Crossref and Unpaywall say is asked for in ``crossref`` and ``unpaywall``.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from scmine.pipelines.crawl.arxiv import ARXIV_PATHS, wanted_kinds
from scmine.pipelines.crawl.crossref_work import Work
from scmine.pipelines.crawl.paper import FileKind, ListedPaper, Offer, Server
from scmine.pipelines.crawl.plugins import OffersPlugin
from scmine.pipelines.crawl.unpaywall import arxiv_id_of, free_copies
from scmine.pipelines.crawl.web import Web
from scmine.pipelines.settings_crawl import CrawlSettings


class DoiOffers:
    """Finds offers for papers with a DOI.

    ``email`` is what Unpaywall wants to be told; without one it is not asked.
    """

    def __init__(
        self,
        settings: CrawlSettings,
        web: Web,
        email: str | None,
        plugins: Sequence[OffersPlugin] = (),
    ) -> None:
        self._settings = settings
        self._web = web
        self._email = email
        self._plugins = plugins

    def of(self, paper: ListedPaper, work: Work | None) -> Iterator[Offer]:
        """The offers for a paper, best first; Unpaywall is asked only if the others are no good.

        A copy at arXiv comes first, since its LaTeX says most; then what plug-ins offer, what the
        publisher names for text mining (``work``), and free copies.
        """
        if paper.withdrawn:
            return
        kinds = wanted_kinds(self._settings)
        if paper.arxiv_id is not None:
            yield from self.at_arxiv(paper.arxiv_id)
        for plugin in self._plugins:
            yield from (offer for offer in plugin.offers(paper) if offer.kind in kinds)
        if work is not None:
            yield from (Offer(k, url, Server.STRANGER) for k, url in work.links() if k in kinds)
        if paper.doi is None or self._email is None:
            return
        copies = free_copies(self._web, self._settings.unpaywall_url, paper.doi, self._email)
        names = [name for url in copies if (name := arxiv_id_of(url)) is not None]
        if names and paper.arxiv_id is None:
            yield from self.at_arxiv(names[0])
        for url in copies:
            if FileKind.PDF in kinds and arxiv_id_of(url) is None:
                yield Offer(FileKind.PDF, url, Server.STRANGER)

    def at_arxiv(self, key: str) -> Iterator[Offer]:
        """The newest version that arXiv has of a paper, in the forms that are wanted."""
        base = self._settings.arxiv_files_url.rstrip("/")
        for kind in wanted_kinds(self._settings):
            if kind in ARXIV_PATHS:
                yield Offer(kind, f"{base}/{ARXIV_PATHS[kind]}/{key}")
