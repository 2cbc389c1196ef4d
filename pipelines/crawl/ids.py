"""A list of papers as a source: arXiv identifiers asked of arXiv, DOIs of Crossref.

How a list is read lives in ``named_papers``. Nothing of it is lost: what is not understood, or
that nobody knows, is listed too and fails with its reason.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date

from scmine.pipelines.crawl.arxiv_query import read_feed
from scmine.pipelines.crawl.crossref import Crossref
from scmine.pipelines.crawl.crossref_work import Work
from scmine.pipelines.crawl.doi_offers import DoiOffers
from scmine.pipelines.crawl.errors import (
    BrokenAnswerError,
    CrawlError,
    CursorExpiredError,
    NotKeptError,
    NotThereError,
    RefusedError,
    UnreachableError,
)
from scmine.pipelines.crawl.named_papers import NamedPaper, UnknownLine, named_papers
from scmine.pipelines.crawl.paper import ListedPaper, Offer, Page
from scmine.pipelines.crawl.web import Web
from scmine.pipelines.settings_crawl import CrawlSettings

ARXIV_BATCH, DOI_BATCH = 100, 10
"""Papers of one page: arXiv is asked for all of them at once, Crossref for one after another."""

MAX_SHOWN = 120
"""Characters of a line that are shown."""


class IdsSource:
    """The papers that the lines of a list name; ``called`` is what the list is called.

    Raises
    ------
    CrawlError
        If nothing is in the list.
    """

    name = "list"

    def __init__(
        self,
        settings: CrawlSettings,
        web: Web,
        crossref: Crossref,
        offers: DoiOffers,
        lines: Sequence[str],
        called: str,
    ) -> None:
        self._settings = settings
        self._web = web
        self._crossref = crossref
        self._offers = offers
        found = list(named_papers(lines))
        self._arxiv = [p for p in found if isinstance(p, NamedPaper) and p.source == "arxiv"]
        self._dois = [p for p in found if isinstance(p, NamedPaper) and p.source == "doi"]
        self._unknown = [line for line in found if isinstance(line, UnknownLine)]
        if not found:
            raise CrawlError(f"{called}: names no paper")
        self._reasons: dict[str, str] = {}
        digest = hashlib.sha256("\n".join(lines).encode("utf-8", "surrogatepass")).hexdigest()
        self.query = f"{called[-200:]} {digest[:16]}"

    def pages(self, since: date | None, cursor: str | None = None) -> Iterator[Page]:
        """All of the list, whatever ``since`` says: first what arXiv has, then DOIs.

        ``cursor`` is how much of it has been listed.
        """
        start = self._start(cursor)
        total = len(self._arxiv) + len(self._dois) + len(self._unknown)
        known_dois: set[str] = set()
        while True:
            papers, end = self._next(start, known_dois)
            yield Page(tuple(papers), str(end) if end < total else None, total)
            start = end
            if end >= total:
                return

    def offers(self, paper: ListedPaper) -> Iterator[Offer]:
        """Where the text is: of arXiv's papers at arXiv, of others see `DoiOffers`.

        Raises
        ------
        CrawlError
            With the reason, if the line was not understood or nobody knows the paper.
        """
        if paper.doi is None or paper.doi != paper.key:
            if paper.key in self._reasons:
                raise CrawlError(self._reasons[paper.key])
            if paper.arxiv_id is None:
                raise CrawlError("not understood, and no longer in the list")
            yield from self._offers.at_arxiv(f"{paper.arxiv_id}v{paper.version}")
            return
        work = self._work(paper.key)
        yield from self._offers.of(paper, work)
        if paper.key in self._reasons:
            raise CrawlError(self._reasons[paper.key])

    def _next(self, start: int, known_dois: set[str]) -> tuple[list[ListedPaper], int]:
        """The papers from a place on, and the place behind them."""
        of_arxiv, of_dois = len(self._arxiv), len(self._arxiv) + len(self._dois)
        if start < of_arxiv:
            named = self._arxiv[start : start + ARXIV_BATCH]
            papers = self._at_arxiv(named)
            known_dois.update(p.doi.lower() for p in papers if p.doi)
            return papers, start + len(named)
        if start < of_dois:
            named = self._dois[start - of_arxiv :][:DOI_BATCH]
            return [self._of_doi(n) for n in named if n.key not in known_dois], start + len(named)
        return [self._not_understood(line) for line in self._unknown], of_dois + len(self._unknown)

    def _start(self, cursor: str | None) -> int:
        if cursor is None:
            return 0
        total = len(self._arxiv) + len(self._dois) + len(self._unknown)
        if not (cursor.isascii() and cursor.isdigit() and int(cursor[:9]) < total):
            raise CursorExpiredError(f"{cursor[:40]!r} is no place in the list")
        return int(cursor[:9])

    # --- arXiv

    def _at_arxiv(self, named: Sequence[NamedPaper]) -> list[ListedPaper]:
        """What arXiv says of identifiers; those that it does not know are there with a reason."""
        said = {(p.key, p.version): p for p in self._ask(named)}
        newest: dict[str, ListedPaper] = {}
        for paper in said.values():
            if paper.key not in newest or newest[paper.key].version < paper.version:
                newest[paper.key] = paper
        papers = []
        for one in named:
            found = newest.get(one.key) if one.version is None else said.get((one.key, one.version))
            if found is None:
                name = one.key if one.version is None else f"{one.key}v{one.version}"
                self._reasons[one.key] = f"line {one.line}: arXiv knows no {name}"
                found = ListedPaper("arxiv", one.key, one.version or 1, "", arxiv_id=one.key)
            papers.append(replace(found, source=self.name))
        return papers

    def _ask(self, named: Sequence[NamedPaper]) -> list[ListedPaper]:
        """Ask for all at once; if arXiv stumbles over one of them, for each half."""
        ids = [p.key if p.version is None else f"{p.key}v{p.version}" for p in named]
        asked = {"id_list": ",".join(ids), "max_results": str(len(ids))}
        try:
            return list(read_feed(self._web.get(self._settings.arxiv_query_url, asked).body).papers)
        except (RefusedError, UnreachableError, NotKeptError):
            raise
        except CrawlError:
            if len(named) == 1:
                return []
            half = len(named) // 2
            return self._ask(named[:half]) + self._ask(named[half:])

    # --- DOIs

    def _of_doi(self, named: NamedPaper) -> ListedPaper:
        work = self._work(named.key, f"line {named.line}: ")
        paper = work.paper(self.name) if work is not None else None
        return paper or ListedPaper(self.name, named.key, 1, "", doi=named.key)

    def _work(self, doi: str, where: str = "") -> Work | None:
        """What Crossref knows; None, with a reason, if it knows nothing that can be used."""
        if doi in self._reasons:
            return None
        try:
            return self._crossref.work(doi)
        except NotThereError:
            self._reasons[doi] = f"{where}Crossref does not know the DOI {doi}"
        except BrokenAnswerError as error:
            self._reasons[doi] = f"{where}{error}"
        return None

    def _not_understood(self, line: UnknownLine) -> ListedPaper:
        """A line as a paper that fails."""
        digest = hashlib.sha256(line.text.encode("utf-8", "surrogatepass")).hexdigest()
        key = f"line-{digest[:16]}"
        shown = line.text[:MAX_SHOWN]
        self._reasons[key] = f"line {line.line}: no DOI and no arXiv identifier in {shown!r}"
        return ListedPaper(self.name, key, 1, "")
