"""Lists of papers as people keep them: DOIs and arXiv identifiers in lines, tables and BibTeX.

Only what a list says; what the papers are is found out by the sources that ask for them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from urllib.parse import unquote

from scmine.pipelines.crawl.arxiv_names import split_name

MAX_LINE_CHARS = 10_000
_DOI = re.compile(r"\b10\.\d{4,9}/[^\s\"'{},|]+")
_ARXIV_OF_DOI = re.compile(r"10\.48550/arxiv\.(.+)", re.IGNORECASE)
_ARXIV = re.compile(
    r"(?<![\w./-])(?:\d{4}\.\d{4,5}|[a-z]{2,8}(?:-[a-z]{2,4})?(?:\.[A-Z]{2})?/\d{7})(?:v\d{1,4})?"
    r"(?![\w/-]|\.\d)",
    re.ASCII,
)
_BEFORE_ARXIV = re.compile(
    r"(?:https?://)?(?:[a-z]+\.)?arxiv\.org/(?:abs|pdf|html|e-print|src)/|\barxiv:\s*",
    re.IGNORECASE,
)
_FILE_ENDING = re.compile(r"(?<=\d)\.(?:pdf|html|tar\.gz|tex)\b", re.IGNORECASE)
_REMARK = re.compile(r"\s*(?:[#%]|//)(?!.*\barxiv\b.*/abs/)")
_BIBTEX_ENTRY = re.compile(r"\s*@\s*[A-Za-z]+\s*[{(]")
_OPEN_OF = {")": "(", "]": "[", ">": "<"}


@dataclass(frozen=True, slots=True)
class NamedPaper:
    """A paper that a line names: by an arXiv identifier, perhaps with a version, or by a DOI.

    ``source`` is ``arxiv`` or ``doi``; ``key`` the identifier without version, or the DOI in small
    letters (case means nothing in DOIs: DOI Handbook, 2.4).
    """

    line: int
    source: str
    key: str
    version: int | None = None


@dataclass(frozen=True, slots=True)
class UnknownLine:
    """A line in which no paper is named, though it seems to be meant to."""

    line: int
    text: str


def named_papers(lines: Iterable[str]) -> Iterator[NamedPaper | UnknownLine]:
    """The papers of a list in order, each once, and the lines that could not be understood.

    Lines are counted from 1. Empty lines and remarks (``#``, ``%``, ``//``) are passed over, the
    heading of a table too, and in BibTeX all lines without identifiers.

    >>> found = named_papers(["arXiv:2401.01234v2", "https://doi.org/10.1103/PhysRevB.99.1", "x"])
    >>> [getattr(paper, "key", None) for paper in found]
    ['2401.01234', '10.1103/physrevb.99.1', None]
    """
    known: set[tuple[str, str, int | None]] = set()
    bibtex = False
    first = True
    for number, line in enumerate(lines, start=1):
        text = line.strip().lstrip("\ufeff")[:MAX_LINE_CHARS]
        if not text or _REMARK.match(text):
            continue
        bibtex = bibtex or _BIBTEX_ENTRY.match(text) is not None
        found = list(_in_line(text, number))
        for paper in found:
            name = (paper.source, paper.key, paper.version)
            if name not in known:
                known.add(name)
                yield paper
        if not found and not bibtex and not (first and _is_heading(text)):
            yield UnknownLine(number, text)
        first = False


def _in_line(text: str, number: int) -> Iterator[NamedPaper]:
    """The papers that a line names, DOIs first."""
    plain = unquote(text)
    rest = plain
    for match in _DOI.finditer(plain):
        doi = _trimmed(match[0])
        rest = rest.replace(match[0], " ")
        of_arxiv = _ARXIV_OF_DOI.fullmatch(doi)
        named = split_name(of_arxiv[1]) if of_arxiv else None
        if named is not None:
            yield NamedPaper(number, "arxiv", *named)
        else:
            yield NamedPaper(number, "doi", doi.lower())
    rest = _FILE_ENDING.sub(" ", _BEFORE_ARXIV.sub(" ", rest))
    for match in _ARXIV.finditer(rest):
        named = split_name(match[0])
        if named is not None:
            yield NamedPaper(number, "arxiv", *named)


def _trimmed(doi: str) -> str:
    """A DOI without the punctuation behind it; brackets that it opens itself it keeps."""
    while doi:
        last = doi[-1]
        opening = _OPEN_OF.get(last)
        if last not in ".;:" and (opening is None or doi.count(opening) >= doi.count(last)):
            break
        doi = doi[:-1]
    return doi


def _is_heading(text: str) -> bool:
    """Whether a first line without identifiers names the columns of a table."""
    columns = re.split(r"[,;\t]", text.lower())
    return any(
        column.strip(' "') in {"doi", "arxiv", "arxiv_id", "id", "url"} for column in columns
    )
