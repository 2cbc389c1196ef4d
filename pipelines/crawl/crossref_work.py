"""What Crossref says of a work, made plain. How it is asked lives in ``crossref``.

Source of the format: https://github.com/CrossRef/rest-api-doc/blob/master/api_format.md, and for
``updated-by`` https://www.crossref.org/documentation/retrieve-metadata/retraction-watch/.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from datetime import date
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from scmine.pipelines.crawl.arxiv_metadata import MAX_ABSTRACT, MAX_AUTHORS, MAX_TITLE
from scmine.pipelines.crawl.arxiv_names import split_name
from scmine.pipelines.crawl.paper import FileKind, ListedPaper

MAX_DOI, MAX_LINKS = 250, 20
"""Characters of a DOI that are kept as a key, and links of one work that are looked at."""

_DOI = re.compile(r"10\.\d{4,9}(?:\.\d+)*/[^\s\x00-\x1f]+")
_OF_ARXIV = re.compile(r"10\.48550/arxiv\.(.+)", re.I)
_TAKEN_BACK = frozenset({"retraction", "withdrawal", "removal"})
_TITLE_SAYS = re.compile(
    r"\W{0,3}(?:RETRACTED|WITHDRAWN|REMOVED)\b(?:\s+ARTICLE)?\s*[:\]\-–—]", re.I
)
_HEADING = re.compile(r"<(?:jats:)?title>.{0,200}?</(?:jats:)?title>", re.S)
_TAG = re.compile(r"<(/?)(?:\w+:)?([a-zA-Z]+)[^<>]{0,500}>")
_INLINE = re.compile(r"[bi]|su[bp]|inf|italic|bold|em|strong|scp?|tt|u|m[ino]|mtext", re.I)
_KINDS = {
    "application/pdf": FileKind.PDF,
    "application/xml": FileKind.XML,
    "text/xml": FileKind.XML,
}


class _Part(BaseModel):
    model_config = ConfigDict(populate_by_name=True)


class _Author(_Part):
    given: str | None = None
    family: str | None = None
    name: str | None = None


class _Day(_Part):
    parts: list[list[int | None]] = Field(default=[], alias="date-parts")


class _Licence(_Part):
    url: str = Field(alias="URL")


class _Link(_Part):
    url: str = Field(alias="URL")
    content_type: str = Field(default="", alias="content-type")
    use: str = Field(default="", alias="intended-application")


class _Update(_Part):
    doi: str = Field(default="", alias="DOI")
    type: str = ""


class _Related(_Part):
    id: str = ""


class Work(_Part):
    """A work as Crossref describes it; what it leaves out or garbles is empty."""

    doi: str = Field(alias="DOI")
    type: str = ""
    title: list[str] = []
    author: list[_Author] = []
    journal: list[str] = Field(default=[], alias="container-title")
    publisher: str | None = None
    issued: _Day = _Day()
    indexed: _Day = _Day()
    licence: list[_Licence] = Field(default=[], alias="license")
    abstract: str = ""
    link: list[_Link] = []
    relation: dict[str, list[_Related]] = {}
    update_to: list[_Update] = Field(default=[], alias="update-to")
    updated_by: list[_Update] = Field(default=[], alias="updated-by")

    def takes_back(self) -> Iterator[str]:
        """The DOIs of those works of which this one is the notice of retraction."""
        for update in self.update_to:
            found = plain_doi(update.doi)
            if update.type in _TAKEN_BACK and found is not None and found != plain_doi(self.doi):
                yield found

    def links(self) -> Iterator[tuple[FileKind, str]]:
        """The files that the publisher names for text mining, XML first."""
        found = [
            (_KINDS[kind], link.url)
            for link in self.link[:MAX_LINKS]
            if link.use == "text-mining"
            and (kind := link.content_type.partition(";")[0].strip().lower()) in _KINDS
        ]
        yield from sorted(dict.fromkeys(found), key=lambda one: one[0] is FileKind.PDF)

    def paper(self, source: str) -> ListedPaper | None:
        """The work as ``source`` lists it; None if its DOI is none.

        Corrections do not make another version: the text stays the publisher's one text.
        """
        key = plain_doi(self.doi)
        if key is None:
            return None
        title = plain_text(" ".join(self.title[:1]))[:MAX_TITLE]
        return ListedPaper(
            source=source,
            key=key,
            version=1,
            title=title,
            abstract=plain_text(self.abstract)[:MAX_ABSTRACT],
            authors=tuple(filter(None, map(_name, self.author[:MAX_AUTHORS]))),
            doi=key,
            arxiv_id=self._arxiv_id(),
            journal=plain_text(" ".join(self.journal[:1]))[:300] or None,
            publisher=plain_text(self.publisher or "")[:300] or None,
            year=_year(self.issued),
            licence=self.licence[0].url[:300] if self.licence else None,
            link=f"https://doi.org/{key}",
            datestamp=_day(self.indexed),
            withdrawn=self._taken_back(title),
        )

    def _arxiv_id(self) -> str | None:
        """The preprint of this work at arXiv, where the relations name one."""
        for kind in ("has-preprint", "is-version-of", "is-same-as"):
            for related in self.relation.get(kind, [])[:MAX_LINKS]:
                match = _OF_ARXIV.search(related.id)
                found = split_name(match[1] if match else related.id.removeprefix("arXiv:"))
                if found is not None:
                    return found[0]
        return None

    def _taken_back(self, title: str) -> bool:
        notices = any(update.type in _TAKEN_BACK for update in self.updated_by)
        return notices or _TITLE_SAYS.match(title) is not None


def read_work(found: Any) -> Work | None:
    """A work out of an answer; one with a DOI alone if the rest is garbled; None without a DOI."""
    try:
        return Work.model_validate(found)
    except ValidationError:
        doi = found.get("DOI") if isinstance(found, dict) else None
        return Work.model_validate({"DOI": doi}) if isinstance(doi, str) else None


def plain_doi(text: str) -> str | None:
    """A DOI in small letters; None if it is none, or longer than any.

    >>> plain_doi("10.1103/PhysRevB.65.144518"), plain_doi("../../etc")
    ('10.1103/physrevb.65.144518', None)
    """
    found = text.strip().lower()
    return found if len(found) <= MAX_DOI and _DOI.fullmatch(found) else None


def plain_text(marked: str) -> str:
    """Text without the tags of JATS, MathML or HTML in it, and without headings.

    >>> plain_text("<jats:title>Abstract</jats:title> T<jats:sub>c</jats:sub> &lt; 9 K")
    'Tc < 9 K'
    """
    bare = _HEADING.sub(" ", marked[: 4 * MAX_ABSTRACT])
    bare = _TAG.sub(lambda tag: "" if _INLINE.fullmatch(tag[2]) else " ", bare)
    return " ".join(html.unescape(bare).split())


def _name(author: _Author) -> str:
    parts = [author.given, author.family] if author.family else [author.name, author.given]
    return plain_text(" ".join(filter(None, parts)))[:200]


def _year(day: _Day) -> int | None:
    year = day.parts[0][0] if day.parts and day.parts[0] else None
    return year if year is not None and 1600 <= year <= 2200 else None


def _day(day: _Day) -> date | None:
    numbers = day.parts[0] if day.parts else []
    try:
        year, month, number = (*numbers, 1, 1)[:3] if numbers else (None, 1, 1)
        return date(year, month, number) if year and month and number else None
    except ValueError:
        return None
