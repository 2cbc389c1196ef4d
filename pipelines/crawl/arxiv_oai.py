"""arXiv's OAI-PMH server: listings of what changed since a day, in the format arXivRaw.

Sources: https://info.arxiv.org/help/oa/index.html (rewritten in 2025: its resumption tokens count
nothing and expire each midnight) and https://www.openarchives.org/OAI/openarchivesprotocol.html.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime

from scmine.pipelines.crawl import arxiv_metadata as metadata
from scmine.pipelines.crawl.arxiv_names import MAX_VERSION, split_name
from scmine.pipelines.crawl.arxiv_xml import (
    Element,
    child,
    children,
    day_in,
    one_line,
    pieces,
    text,
    text_of,
)
from scmine.pipelines.crawl.errors import BrokenAnswerError, CrawlError, CursorExpiredError
from scmine.pipelines.crawl.paper import ListedPaper, Page
from scmine.pipelines.crawl.web import Web

EARLIEST = date(2005, 9, 16)
"""The first datestamp there is; arXiv refuses a listing from an earlier day."""

MAX_TOKEN = 2000
"""Characters of a resumption token."""

_PREFIX = "oai:arXiv.org:"
_VERSION = re.compile(r"v([1-9]\d{0,3})", re.ASCII)


def list_records(
    web: Web, url: str, oai_set: str | None, since: date | None, cursor: str | None
) -> Iterator[Page]:
    """The records of a set that changed on the day ``since`` or later, oldest change first.

    Raises
    ------
    CursorExpiredError
        If the server does not know the resumption token ``cursor`` any more.
    CrawlError
        If it tells another error, or answers what is no OAI-PMH; and those of `Web.get`.
    """
    asked = {"verb": "ListRecords", "metadataPrefix": "arXivRaw"}
    if oai_set is not None:
        asked["set"] = oai_set
    if since is not None and since > EARLIEST:
        asked["from"] = since.isoformat()
    seen: set[str] = set()
    while True:
        if cursor is not None:
            asked = {"verb": "ListRecords", "resumptionToken": cursor}
            seen.add(cursor)
        page = read_page(web.get(url, asked).body)
        if page.cursor in seen:
            raise BrokenAnswerError("the listing goes round in circles: it gave one token twice")
        yield page
        cursor = page.cursor
        if cursor is None:
            return


def read_page(data: bytes) -> Page:
    """One answer to ListRecords; ``noRecordsMatch`` is a page without papers.

    Raises
    ------
    CursorExpiredError
        For ``badResumptionToken``.
    CrawlError
        For all other errors that the server names.
    BrokenAnswerError
        If it is no answer of OAI-PMH.
    """
    papers: list[ListedPaper] = []
    cursor, total, told = None, None, False
    for element in pieces(data, ("record", "resumptionToken", "error", "ListRecords"), "OAI-PMH"):
        told = True
        match element.tag.rpartition("}")[2]:
            case "record":
                papers.append(_paper(element))
            case "resumptionToken":
                cursor = text_of(element)[: MAX_TOKEN + 1] or None
                size = element.get("completeListSize", "")
                total = int(size) if re.fullmatch(r"[0-9]{1,9}", size) else None
            case "error":
                _check_error(element.get("code", ""), text_of(element))
    if not told:
        raise BrokenAnswerError("the OAI-PMH server answered neither records nor an error")
    if cursor is not None and len(cursor) > MAX_TOKEN:
        raise BrokenAnswerError(f"the resumption token has more than {MAX_TOKEN} characters")
    return Page(tuple(papers), cursor, total)


def _check_error(code: str, message: str) -> None:
    if code == "noRecordsMatch":
        return
    if code == "badResumptionToken":
        raise CursorExpiredError("the OAI-PMH server has forgotten where the listing stood")
    raise CrawlError(f"the OAI-PMH server refuses: {one_line(code)[:60]}: {message[:300]}")


def _paper(record: Element) -> ListedPaper:
    """The latest version of the paper of a record."""
    header = child(record, "header")
    name = text(header, "identifier")
    found = split_name(name.removeprefix(_PREFIX))
    if header is None or found is None:
        raise BrokenAnswerError(f"the listing holds no paper of arXiv's, but {name[:80]!r}")
    key = found[0]
    link = f"https://arxiv.org/abs/{key}"
    stamp = day_in(text(header, "datestamp"))
    if header.get("status") == "deleted":
        return ListedPaper(
            "arxiv", key, 1, "", arxiv_id=key, link=link, datestamp=stamp, withdrawn=True
        )
    raw = child(child(record, "metadata"), "arXivRaw")
    if raw is None:
        raise BrokenAnswerError(f"the record of {key} is not in the format arXivRaw")
    versions = _versions(raw)
    latest = max(versions, default=1)
    flags, first = versions.get(latest, ("", None))[0], versions.get(min(versions, default=1))
    submitted = first[1].year if first and first[1] else None
    comments, abstract = text(raw, "comments"), text(raw, "abstract")[: metadata.MAX_ABSTRACT]
    printed = metadata.printed_in(text(raw, "journal-ref"))
    return ListedPaper(
        source="arxiv",
        key=key,
        version=latest,
        title=text(raw, "title")[: metadata.MAX_TITLE],
        abstract=abstract,
        authors=metadata.author_names(text(raw, "authors")),
        categories=tuple(text(raw, "categories")[:1000].split()),
        doi=metadata.stated_doi(text(raw, "doi")),
        arxiv_id=key,
        journal=printed.journal,
        publisher=printed.publisher,
        year=printed.year or submitted,
        licence=text(raw, "license")[:500] or None,
        link=link,
        datestamp=stamp,
        # I: "ignore", what arXiv keeps of a version that was withdrawn.
        withdrawn="I" in flags or metadata.says_withdrawn(comments, abstract),
    )


def _versions(raw: Element) -> dict[int, tuple[str, date | None]]:
    """The letters of the source's type, and the day of submission, by version."""
    found: dict[int, tuple[str, date | None]] = {}
    for version in children(raw, "version"):
        match = _VERSION.fullmatch(version.get("version", ""))
        if match and int(match[1]) <= MAX_VERSION:
            day = _day(text(version, "date"))
            found[int(match[1])] = (text(version, "source_type")[:20], day)
    return found


def _day(stated: str) -> date | None:
    """The day of a time such as ``Wed, 25 Jun 2008 15:29:38 GMT``."""
    try:
        return datetime.strptime(stated[5:16].strip(), "%d %b %Y").date()
    except ValueError:
        return None
