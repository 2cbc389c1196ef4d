"""arXiv's query API: what its search finds, newest change first, as Atom.

Source: https://info.arxiv.org/help/api/user-manual.html. Its one filter of dates,
``submittedDate``, knows the first version only (so does ``lastUpdatedDate`` since 2025, whatever
it is called), so that it would miss new versions. Listings are therefore sorted by their last
change and end where the changes are old. Newest first also loses nothing when papers change
meanwhile: they move to the front, and those behind them are listed twice at worst.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from scmine.pipelines.crawl import arxiv_metadata as metadata
from scmine.pipelines.crawl.arxiv_names import split_name
from scmine.pipelines.crawl.arxiv_xml import Element, children, day_in, pieces, text, text_of
from scmine.pipelines.crawl.errors import BrokenAnswerError, CrawlError, CursorExpiredError
from scmine.pipelines.crawl.paper import ListedPaper, Page
from scmine.pipelines.crawl.web import Web

PAGE_SIZE = 200
"""Papers of one answer; arXiv gives 2000 at most and asks for smaller slices than 1000."""

MOST_RESULTS = 30_000
"""Papers that arXiv gives of one search."""

HELD_DAYS = 14
"""Days that a submission may be held back before it is announced, still dated when it came."""

_ERRORS = "/api/errors"


def search(
    web: Web, url: str, terms: str, since: date | None, cursor: str | None, tries: int
) -> Iterator[Page]:
    """The papers that ``terms`` find and that changed since a day, newest change first.

    Papers that came in the `HELD_DAYS` before ``since`` are listed as well. A page that is empty
    in the midst of a listing, as arXiv's sometimes are, is asked for up to ``tries`` times.

    Raises
    ------
    CursorExpiredError
        If ``cursor`` is none of this listing's.
    CrawlError
        If the API tells an error, finds more than it can list, or answers what is no Atom; and
        those of `Web.get`.
    """
    oldest = (
        None if since is None else since - timedelta(days=min(HELD_DAYS, since.toordinal() - 1))
    )
    start = _start(cursor)
    while True:
        page = _page(web, url, terms, start, tries)
        changes = [paper.datestamp for paper in page.papers if paper.datestamp is not None]
        start += max(1, len(page.papers))
        all_old = oldest is not None and bool(changes) and min(changes) < oldest
        if not page.papers or all_old or start >= (page.total or 0):
            yield Page(_new(page.papers, oldest), None, page.total)
            return
        yield Page(_new(page.papers, oldest), str(start), page.total)
        if start >= MOST_RESULTS:
            raise CrawlError(
                f"arXiv lists {MOST_RESULTS} papers of a search at most, and this one finds "
                f"{page.total}; narrow it with more words or a later day, or leave out the query"
            )


def read_feed(data: bytes) -> Page:
    """One answer; its cursor is left open.

    Raises
    ------
    CrawlError
        If it tells an error.
    BrokenAnswerError
        If it is no feed of arXiv's.
    """
    papers: list[ListedPaper] = []
    total = None
    for element in pieces(data, ("entry", "totalResults"), "feed"):
        if element.tag.endswith("}entry"):
            papers.append(_paper(element))
            continue
        stated = text_of(element)
        if not stated.isascii() or not stated.isdigit() or len(stated) > 9:
            raise BrokenAnswerError(f"the feed counts {stated[:40]!r} papers")
        total = int(stated)
    if total is None:
        raise BrokenAnswerError("the feed does not say how many papers there are")
    return Page(tuple(papers), None, total)


def _page(web: Web, url: str, terms: str, start: int, tries: int) -> Page:
    """The papers from ``start`` on; asked for anew while none come although there are some."""
    asked = {
        "search_query": terms,
        "start": str(start),
        "max_results": str(PAGE_SIZE),
        "sortBy": "lastUpdatedDate",
        "sortOrder": "descending",
    }
    # A listing that is empty from the start is asked for twice: now and then that is a fault, too.
    for asked_before in range(max(2, tries)):
        page = read_feed(web.get(url, asked).body)
        if page.papers or (asked_before and start >= (page.total or 0)):
            return page
    raise BrokenAnswerError(
        f"arXiv finds {page.total} papers, but gave none from number {start} on in {tries} tries"
    )


def _start(cursor: str | None) -> int:
    if cursor is None:
        return 0
    if not (cursor.isascii() and cursor.isdigit() and int(cursor[:9]) < MOST_RESULTS):
        raise CursorExpiredError(f"{cursor[:40]!r} is no place in a search of arXiv")
    return int(cursor[:9])


def _new(papers: tuple[ListedPaper, ...], oldest: date | None) -> tuple[ListedPaper, ...]:
    if oldest is None:
        return papers
    return tuple(p for p in papers if p.datestamp is None or p.datestamp >= oldest)


def _paper(entry: Element) -> ListedPaper:
    address = text(entry, "id")
    if _ERRORS in address:
        raise CrawlError(f"arXiv's search refuses: {text(entry, 'summary')[:300]}")
    found = split_name(address.partition("/abs/")[2])
    if found is None:
        raise BrokenAnswerError(f"the feed holds no paper of arXiv's, but {address[:80]!r}")
    key, version = found
    abstract = text(entry, "summary")[: metadata.MAX_ABSTRACT]
    printed = metadata.printed_in(text(entry, "journal_ref"))
    published = day_in(text(entry, "published"))
    names = [
        metadata.author_names(text(author, "name").replace(",", " "))
        for author in children(entry, "author")[: metadata.MAX_AUTHORS]
    ]
    terms = [category.get("term", "")[:60] for category in children(entry, "category")]
    return ListedPaper(
        source="arxiv",
        key=key,
        version=version or 1,
        title=text(entry, "title")[: metadata.MAX_TITLE],
        abstract=abstract,
        authors=tuple(name for found_names in names for name in found_names),
        categories=tuple(term for term in terms if term)[:50],
        doi=metadata.stated_doi(text(entry, "doi")),
        arxiv_id=key,
        journal=printed.journal,
        publisher=printed.publisher,
        year=printed.year or (published.year if published else None),
        link=f"https://arxiv.org/abs/{key}",
        datestamp=day_in(text(entry, "updated")),
        withdrawn=metadata.says_withdrawn(text(entry, "comment"), abstract),
    )
