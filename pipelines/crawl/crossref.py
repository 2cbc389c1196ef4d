"""Crossref as a source of papers: what it knows by DOI, and what its search finds.

Source: https://api.crossref.org/swagger-ui/index.html and, for the manners that it asks for (a
``mailto`` makes requests polite), https://www.crossref.org/documentation/retrieve-metadata/rest-api/.
Where full text comes from lives in ``doi_offers``, what a work says in ``crossref_work``.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any
from urllib.parse import quote

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from scmine.pipelines.crawl.crossref_work import Work, plain_doi, read_work
from scmine.pipelines.crawl.doi_offers import DoiOffers
from scmine.pipelines.crawl.errors import (
    BrokenAnswerError,
    CrawlError,
    CursorExpiredError,
    NotThereError,
)
from scmine.pipelines.crawl.paper import ListedPaper, Offer, Page
from scmine.pipelines.crawl.web import Web
from scmine.pipelines.settings_crawl import CrawlSettings

PAGE_SIZE = 100
MAX_QUERY = 900
"""Works of one answer, and characters of a query."""

MAX_KEPT = 20_000
"""Works whose links are kept from listing to fetching; others are asked for again."""


class _OneMessage(BaseModel):
    message: dict[str, Any]


class _List(BaseModel):
    model_config = ConfigDict(populate_by_name=True)
    items: list[Any]
    cursor: str | None = Field(default=None, alias="next-cursor")
    total: int | None = Field(default=None, alias="total-results")


class _ListMessage(BaseModel):
    message: _List


class Crossref:
    """Crossref's API. ``email`` goes with each request; None: there is none to send."""

    def __init__(self, settings: CrawlSettings, web: Web, email: str | None) -> None:
        self._web = web
        self._url = f"{settings.crossref_url.rstrip('/')}/works"
        self._polite = {"mailto": email} if email else {}
        self._kept: dict[str, Work] = {}

    def work(self, doi: str) -> Work:
        """What is known of a DOI; asked for once.

        Raises
        ------
        NotThereError
            If Crossref does not know it.
        BrokenAnswerError
            If the answer is none of Crossref's, or about another; and the errors of `Web.get`.
        """
        if doi in self._kept:
            return self._kept[doi]
        answer = self._web.get(f"{self._url}/{quote(doi, safe='')}", self._polite or None)
        try:
            found = _OneMessage.model_validate_json(answer.body).message
        except ValidationError as error:
            raise BrokenAnswerError(f"{answer.url}: no answer of Crossref's") from error
        work = read_work(found)
        if work is None or plain_doi(work.doi) != doi:
            raise BrokenAnswerError(f"{answer.url}: an answer about another work")
        self._keep(doi, work)
        return work

    def search(
        self, words: str, since: date | None, cursor: str
    ) -> tuple[list[Work], str | None, int | None]:
        """One page of the articles that ``words`` find, with its next cursor and their number."""
        filters = ["type:journal-article"]
        filters += [f"from-index-date:{since.isoformat()}"] if since is not None else []
        asked = {
            "query.bibliographic": words,
            "filter": ",".join(filters),
            "rows": str(PAGE_SIZE),
            "cursor": cursor,
        }
        answer = self._web.get(self._url, asked | self._polite)
        try:
            found = _ListMessage.model_validate_json(answer.body).message
        except ValidationError as error:
            raise BrokenAnswerError(f"{answer.url}: no answer of Crossref's") from error
        works = [work for item in found.items[: 10 * PAGE_SIZE] if (work := read_work(item))]
        for work in works:
            self._keep(plain_doi(work.doi), work)
        return works, found.cursor if found.items else None, found.total

    def _keep(self, doi: str | None, work: Work) -> None:
        if doi is not None and len(self._kept) < MAX_KEPT:
            self._kept[doi] = work


class CrossrefSource:
    """The articles that words find in Crossref, and that were indexed since a day.

    Notices of retraction are no papers: what they retract is listed as withdrawn.

    Raises
    ------
    CrawlError
        If there are no words, or too many.
    """

    name = "crossref"

    def __init__(self, crossref: Crossref, offers: DoiOffers, words: str) -> None:
        self._words = " ".join(words.split())
        if not self._words or len(self._words) > MAX_QUERY:
            raise CrawlError(f"name up to {MAX_QUERY} characters of words to look for")
        self._crossref = crossref
        self._offers = offers
        self.query = self._words

    def pages(self, since: date | None, cursor: str | None = None) -> Iterator[Page]:
        """What was indexed since a day, in Crossref's order."""
        at: str | None = cursor or "*"
        resumed = cursor is not None
        while at is not None:
            try:
                works, following, total = self._crossref.search(self._words, since, at)
            except (BrokenAnswerError, NotThereError) as error:
                if resumed:
                    raise CursorExpiredError(
                        f"Crossref no longer knows the place: {error}"
                    ) from error
                raise
            if following == at and not works:
                following = None
            yield Page(tuple(self._papers(works)), following, total)
            at, resumed = following, False

    def offers(self, paper: ListedPaper) -> Iterator[Offer]:
        """Where the text of a DOI is; see `DoiOffers`."""
        yield from self._offers.of(paper, self._crossref.work(paper.key))

    def _papers(self, works: list[Work]) -> Iterator[ListedPaper]:
        for work in works:
            retracted = list(work.takes_back())
            for doi in retracted:
                yield from self._retracted(doi)
            paper = work.paper(self.name)
            if paper is not None and not retracted:
                yield paper

    def _retracted(self, doi: str) -> Iterator[ListedPaper]:
        """The paper that a notice takes back; nothing if Crossref does not tell what it is."""
        try:
            paper = self._crossref.work(doi).paper(self.name)
        except (NotThereError, BrokenAnswerError):
            return
        if paper is not None:
            yield replace(paper, withdrawn=True)
