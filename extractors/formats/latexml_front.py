"""What identifies the paper of a LaTeXML page: authors, arXiv identifier, year, DOI."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from xml.etree.ElementTree import Element

from scmine.extractors.document import Metadata, PassageKind
from scmine.extractors.formats.latexml_inline import Aside, add_element, classes, plain_text
from scmine.extractors.formats.marked_text import MarkedText
from scmine.extractors.formats.runs import Runs
from scmine.extractors.pdf import front_matter
from scmine.extractors.pdf.blocks import Block

_STAMP_ID = "watermark-tr"
_ADDRESS = re.compile(r"arxiv\.org/|ar5iv|^/(?:abs|html|pdf)/", re.I)
_IN_ADDRESS = re.compile(r"/(?:abs|html|pdf)/((?:[a-z-]+(?:\.[A-Z]{2})?/\d{7}|\d{4}\.\d{4,5}))")
_IN_TITLE = re.compile(r"^\s*\[((?:[a-z-]+/\d{7}|\d{4}\.\d{4,5})(?:v\d+)?)\]\s*")
_NOTES = frozenset({"ltx_note", "ltx_author_notes", "ltx_contact", "ltx_affiliation"})


def page_title(root: Element) -> str:
    """The title in the page's head, without the identifier that ar5iv sets before it."""
    element = next(root.iter("title"), None)
    return _IN_TITLE.sub("", plain_text(element))


def metadata_of(
    root: Element, article: Element, title: str, front: Sequence[str], path: Path
) -> Metadata:
    """What the page says of the paper with ``title``.

    ``front`` are lines of names and addresses that are not marked as such; the file's name may be
    an arXiv identifier.
    """
    doi = next(
        (e.get("content", "") for e in root.iter("meta") if e.get("name") == "citation_doi"), ""
    )
    authors = _authors(article) or _names_in(front)
    return front_matter.metadata_of(path, title, authors, doi, _stamp(root))


def _stamp(root: Element) -> str:
    """arXiv's stamp, or the identifier in the page's title or in its own address."""
    for element in root.iter():
        if element.get("id") == _STAMP_ID:
            return plain_text(element)
    titled = _IN_TITLE.match(plain_text(next(root.iter("title"), None)))
    if titled:
        return f"arXiv:{titled[1]}"
    for element in root.iter():
        own = element.tag == "base" or (
            element.tag == "link" and element.get("rel", "").lower() == "canonical"
        )
        address = element.get("href", "") if own else ""
        found = _IN_ADDRESS.search(address) if _ADDRESS.search(address) else None
        if found:
            return f"arXiv:{found[1]}"
    return ""


def _authors(article: Element) -> tuple[str, ...]:
    """The names of the authors; one element may hold several, and addresses on further lines."""
    names: list[str] = []
    for element in article.iter():
        if "ltx_personname" not in classes(element):
            continue
        names += _names_in(_lines(element))
    return tuple(dict.fromkeys(names))


def _names_in(lines: Sequence[str]) -> tuple[str, ...]:
    """The names in ``lines``, which end where addresses begin."""
    blocks = []
    for line in lines:
        text = MarkedText()
        text.add(line)
        blocks.append(Block(PassageKind.PARAGRAPH, [text.line()]))
    return front_matter.authors_of(blocks)


def _lines(person: Element) -> list[str]:
    """The text of ``person`` line by line, without notes and raised marks."""
    lines: list[str] = []
    runs = Runs()

    def end() -> None:
        nonlocal runs
        lines.append(runs.cell()[0])
        runs = Runs()

    def walk(element: Element) -> None:
        runs.add(element.text)
        for child in element:
            kinds = classes(child)
            if child.tag == "br" or "ltx_break" in kinds:
                end()
            elif child.tag == "math":
                if not child.get("alttext", "").startswith(("{}^", "^")):
                    add_element(runs, child, Aside())
            elif child.tag != "sup" and not kinds & _NOTES:
                walk(child)
            runs.add(child.tail)

    walk(person)
    end()
    return [line for line in lines if line]
