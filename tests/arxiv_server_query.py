"""arXiv's query API: Atom feeds with OpenSearch totals, after info.arxiv.org/help/api/."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from xml.sax.saxutils import escape

from tests.arxiv_server_papers import MadePaper

MOST_RESULTS = 2000
_TERM = re.compile(r'(\w+):(\[[^\]]*\]|"[^"]*"|\(|[^\s()]+)')
_ID = re.compile(r"((?:\d{4}\.\d{4,5})|(?:[a-z-]+(?:\.[A-Z]{2})?/\d{7}))(?:v(\d+))?")
Found = list[tuple[MadePaper, int]]


def query(papers: Iterable[MadePaper], args: Mapping[str, str], now: datetime) -> tuple[int, str]:
    """The status and the feed for a request of ``/api/query``."""
    shown = {paper.key: paper for paper in papers if not paper.deleted}
    try:
        start, most = int(args.get("start", "0")), int(args.get("max_results", "10"))
    except ValueError:
        return 400, _error("start must be an integer", now)
    if start < 0 or not 0 <= most <= MOST_RESULTS:
        return 400, _error(f"max_results must be from 0 to {MOST_RESULTS}", now)
    wanted, search = args.get("id_list", ""), args.get("search_query", "")
    try:
        found = _by_id(shown, wanted) if wanted else [(p, len(p.versions)) for p in shown.values()]
    except ValueError as error:
        return 400, _error(f"incorrect id format for {error}", now)
    if not wanted and not search:
        found = []
    found = [(paper, version) for paper, version in found if _matches(paper, search)]
    if not wanted or "sortBy" in args:
        found = _in_order(found, args)
    entries = "".join(_entry(*each) for each in found[start : start + most])
    return 200, _feed(entries, len(found), start, most, search, now)


def _by_id(papers: Mapping[str, MadePaper], wanted: str) -> Found:
    found: Found = []
    for name in wanted.split(","):
        if (match := _ID.fullmatch(name.strip())) is None:
            raise ValueError(name)
        paper = papers.get(match[1])
        if paper is not None and paper.version(int(match[2]) if match[2] else None):
            found.append((paper, int(match[2] or len(paper.versions))))
    return found


def _matches(paper: MadePaper, search: str) -> bool:
    """Whether all terms hold; of the operators there is AND only."""
    return all(_holds(paper, name, value.strip('"')) for name, value in _TERM.findall(search))


def _holds(paper: MadePaper, name: str, value: str) -> bool:
    match name:
        case "cat":
            pattern = re.escape(value).replace(r"\*", ".*")
            return any(re.fullmatch(pattern, category) for category in paper.categories)
        case "submittedDate" | "lastUpdatedDate":
            version = paper.versions[0 if name == "submittedDate" else -1]
            since, until = value.strip("[]").upper().split(" TO ")
            return since.ljust(12, "0") <= f"{version.submitted:%Y%m%d}1200" <= until.ljust(12, "9")
        case "ti":
            return value.lower() in paper.title.lower()
        case "abs":
            return value.lower() in paper.abstract.lower()
        case "all":
            return value.lower() in f"{paper.title} {paper.abstract}".lower()
    return False


def _in_order(found: Found, args: Mapping[str, str]) -> Found:
    def when(each: tuple[MadePaper, int]) -> tuple[date, str]:
        place = 0 if args.get("sortBy") == "submittedDate" else -1
        return each[0].versions[place].submitted, each[0].key

    return sorted(found, key=when, reverse=args.get("sortOrder", "descending") != "ascending")


def _feed(entries: str, total: int, start: int, most: int, search: str, now: datetime) -> str:
    opens = 'xmlns:opensearch="http://a9.com/-/spec/opensearch/1.1/"'
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom">\n'
        f'<title type="html">ArXiv Query: search_query={escape(search)}</title>\n'
        "<id>http://arxiv.org/api/cHxbiOdZaP56ODnBPIenZhzg5f8</id>\n"
        f"<updated>{now:%Y-%m-%dT00:00:00-05:00}</updated>\n"
        f"<opensearch:totalResults {opens}>{total}</opensearch:totalResults>\n"
        f"<opensearch:startIndex {opens}>{start}</opensearch:startIndex>\n"
        f"<opensearch:itemsPerPage {opens}>{most}</opensearch:itemsPerPage>\n{entries}</feed>\n"
    )


def _error(message: str, now: datetime) -> str:
    """arXiv tells errors in a feed with one entry."""
    entry = (
        f"<entry><id>http://arxiv.org/api/errors#{escape(message).replace(' ', '_')}</id>"
        f"<title>Error</title><summary>{escape(message)}</summary>"
        f"<updated>{now:%Y-%m-%dT00:00:00-05:00}</updated>"
        "<author><name>arXiv api core</name></author></entry>\n"
    )
    return _feed(entry, 1, 0, 1, "", now)


def _entry(paper: MadePaper, version: int) -> str:
    name = f"{paper.key}v{version}"
    first, own = paper.versions[0].submitted, paper.versions[version - 1].submitted
    space = 'xmlns:arxiv="http://arxiv.org/schemas/atom"'
    scheme = 'scheme="http://arxiv.org/schemas/atom"'
    extra = {"comment": paper.comments, "journal_ref": paper.journal, "doi": paper.doi}
    told = "".join(
        f"<arxiv:{k} {space}>{escape(v)}</arxiv:{k}>\n" for k, v in extra.items() if v is not None
    )
    authors = "".join(
        f"<author><name>{escape(first)} {escape(last)}</name></author>\n"
        for last, first in paper.authors
    )
    categories = "".join(f'<category term="{c}" {scheme}/>\n' for c in paper.categories)
    return (
        f"<entry>\n<id>http://arxiv.org/abs/{name}</id>\n<updated>{own}T12:00:00Z</updated>\n"
        f"<published>{first}T12:00:00Z</published>\n<title>{escape(paper.title)}</title>\n"
        f"<summary>  {escape(paper.abstract)}\n</summary>\n{authors}{told}"
        f'<link href="http://arxiv.org/abs/{name}" rel="alternate" type="text/html"/>\n'
        f'<link title="pdf" href="http://arxiv.org/pdf/{name}" rel="related" '
        'type="application/pdf"/>\n'
        f'<arxiv:primary_category {space} term="{paper.categories[0]}" {scheme}/>\n'
        f"{categories}</entry>\n"
    )
