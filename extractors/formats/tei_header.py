"""The header of a TEI file: what identifies its paper, and its references as lines of text."""

from __future__ import annotations

import re
from xml.etree.ElementTree import Element

from scmine.extractors.document import Metadata
from scmine.extractors.formats.identifiers import doi_in, stated_arxiv_id
from scmine.extractors.formats.xml_tree import text_of


def metadata_of(root: Element, title: str, stem: str) -> Metadata:
    """What the header of ``root`` says; ``stem`` is the file's name, which may hold an arXiv id."""
    header = root.find("teiHeader")
    if header is None:
        return Metadata(title=title)
    bibl = header.find(".//sourceDesc/biblStruct")
    return Metadata(
        title=title,
        authors=_authors(bibl),
        doi=doi_in(_idno(header, "DOI")),
        arxiv_id=stated_arxiv_id(_idno(header, "arXiv"), stem),
        journal=_journal(bibl),
        # Without a source of its own, the header names who published the file, not the paper.
        publisher=_publisher(header, bibl),
        year=_year(header, bibl),
    )


def reference_of(bibl: Element) -> str:
    """A cited work as one line: as printed if the file keeps that, else from its parts."""
    raw = bibl.find(".//note[@type='raw_reference']")
    if raw is not None:
        return text_of(raw)
    parts = [", ".join(_names(bibl)), *(text_of(title) for title in bibl.iter("title"))]
    for scope in bibl.iter("biblScope"):
        pages = [scope.get("from", ""), scope.get("to", "")]
        parts.append(text_of(scope) or "-".join(p for p in pages if p))
    parts += [date.get("when", "") or text_of(date) for date in bibl.iter("date")]
    parts += [text_of(idno) for idno in bibl.iter("idno")]
    return ", ".join(part for part in parts if part)


def _idno(header: Element, kind: str) -> str:
    for idno in header.iter("idno"):
        if idno.get("type", "").lower() == kind.lower():
            return text_of(idno)
    return ""


def _authors(bibl: Element | None) -> tuple[str, ...]:
    analytic = bibl.find("analytic") if bibl is not None else None
    return tuple(dict.fromkeys(_names(analytic))) if analytic is not None else ()


def _names(element: Element) -> list[str]:
    names = [
        " ".join(text_of(part) for part in name if part.tag in ("forename", "surname"))
        or text_of(name)
        for author in element.iter("author")
        for name in author.iter("persName")
    ]
    return [name for name in names if name]


def _journal(bibl: Element | None) -> str | None:
    if bibl is None:
        return None
    titles = [t for t in bibl.iterfind("monogr/title") if t.get("level", "j") == "j"]
    titles.sort(key=lambda t: t.get("type") != "main")
    return text_of(titles[0]) or None if titles else None


def _publisher(header: Element, bibl: Element | None) -> str | None:
    if bibl is None:
        return None
    stated = bibl.find("monogr/imprint/publisher")
    return text_of(stated) or text_of(header.find(".//publicationStmt/publisher")) or None


def _year(header: Element, bibl: Element | None) -> int | None:
    dates = [] if bibl is None else [*bibl.iterfind("monogr/imprint/date")]
    if bibl is not None:
        dates += header.iterfind(".//publicationStmt/date")
    for date in dates:
        match = re.match(r"\s*((?:19|20)\d\d)\b", date.get("when", "") or text_of(date))
        if match:
            return int(match[1])
    return None
