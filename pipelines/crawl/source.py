"""What a source of papers is. The sources themselves live in modules of their own."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Protocol

from scmine.pipelines.crawl.paper import ListedPaper, Offer, Page


class Source(Protocol):
    """A place that lists papers and offers their full text.

    Sources ask the network through `scmine.pipelines.crawl.web.Web` only, which keeps the manners.
    """

    name: str
    """The source in the database: ``arxiv``, ``folder``, ``list``, ``crossref`` …"""

    query: str
    """What is asked of it, as one line; listings of one query go on where the last one ended."""

    def pages(self, since: date | None, cursor: str | None = None) -> Iterator[Page]:
        """What is new or changed since a day, in portions.

        Oldest change first where the server can, else newest first: a listing is taken in only
        when its last page has come. Papers may be listed twice.

        ``cursor`` goes on in a listing that was cut off. Raises the errors of
        ``scmine.pipelines.crawl.errors``; `CursorExpiredError` for a cursor that no longer holds.
        """
        ...

    def offers(self, paper: ListedPaper) -> Iterator[Offer]:
        """Where the full text is, best form first. May ask the network to find out."""
        ...
