"""The front matter of a JATS or NLM article: what identifies the paper."""

from __future__ import annotations

import re
from xml.etree.ElementTree import Element

from scmine.extractors.document import Metadata
from scmine.extractors.formats.identifiers import arxiv_id_in, doi_in, stated_arxiv_id
from scmine.extractors.formats.xml_tree import text_of

_LATER = frozenset({"pmc-release", "nihms-submitted", "retraction", "corrected"})
"""Dates of what happened to a paper after it was published, or apart from that."""


def metadata_of(article: Element, title: str, stem: str) -> Metadata:
    """What the front of ``article`` says; ``stem`` is the file's name, perhaps an arXiv id."""
    meta = article.find("front/article-meta")
    if meta is None:
        return Metadata(title=title, arxiv_id=arxiv_id_in(stem))
    journal = article.find("front/journal-meta")
    return Metadata(
        title=title,
        authors=_authors(meta),
        doi=doi_in(_identifier(meta, "doi")),
        arxiv_id=stated_arxiv_id(_identifier(meta, "arxiv"), stem),
        journal=_first(journal, "journal-title-group/journal-title", "journal-title"),
        publisher=_first(journal, "publisher/publisher-name"),
        year=_year(meta),
    )


def _identifier(meta: Element, kind: str) -> str:
    for identifier in meta.iterfind("article-id"):
        if identifier.get("pub-id-type", "").lower() == kind:
            return text_of(identifier)
    return ""


def _first(parent: Element | None, *paths: str) -> str | None:
    if parent is None:
        return None
    return next((text for p in paths if (text := text_of(parent.find(p)))), None)


def _authors(meta: Element) -> tuple[str, ...]:
    names: list[str] = []
    for group in meta.iterfind("contrib-group"):
        for contrib in group.iterfind("contrib"):
            if contrib.get("contrib-type", "author") != "author":
                continue
            names += [name for e in contrib if (name := _name(e))][:1]
    return tuple(dict.fromkeys(names))


def _name(element: Element) -> str:
    """A person's or group's name, the given name first; empty for what else a contributor has."""
    if element.tag == "name-alternatives":
        return next((name for e in element if (name := _name(e))), "")
    if element.tag in ("name", "string-name") and element.find("surname") is not None:
        parts = (element.find("given-names"), element.find("surname"), element.find("suffix"))
        return " ".join(text for part in parts if (text := text_of(part)))
    return text_of(element) if element.tag in ("string-name", "collab") else ""


def _year(meta: Element) -> int | None:
    """The year of the first publication, in print or on line."""
    years = [
        int(text)
        for date in meta.iterfind("pub-date")
        if not _LATER & {date.get("pub-type", ""), date.get("date-type", "")}
        and re.fullmatch(r"(?:19|20)\d\d", text := text_of(date.find("year")))
    ]
    return min(years, default=None)
