"""The JATS reader: articles in the XML of publishers and of PMC, and its older form, NLM XML.

Title, abstract, sections, captions, notes and tables in the order of the file; references and the
rest of the back matter are kept apart. Tags are those of JATS 1.3 (ANSI/NISO Z39.96-2021) and of
the NLM Journal Publishing DTD 2.3. The front matter's identifiers are read in ``jats_front``,
inline mark-up in ``jats_inline``, tables in ``jats_tables``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from xml.etree.ElementTree import Element

from scmine.extractors.document import Document, PassageKind, ReadError, Status
from scmine.extractors.formats.jats_front import metadata_of
from scmine.extractors.formats.jats_inline import FLOATS, add_element, add_inline
from scmine.extractors.formats.jats_tables import rows_of
from scmine.extractors.formats.runs import Runs
from scmine.extractors.formats.xml_paper import XmlPaper
from scmine.extractors.formats.xml_tree import head_text, outermost, read_xml, root_name, text_of

READER = "jats"

_WRAPPERS = frozenset({"pmc-articleset", "OAI-PMH", "article-set"})
# DocBook's and HTML's root elements are called article as well.
_JATS_MARKS = re.compile(
    r"-//(?:NLM|NISO)//DTD|JATS|\bdtd-version\s*=|\barticle-type\s*=|<(?:\w+:)?(?:front|journal-meta)\b"
)
_OTHER_ABSTRACTS = frozenset({"graphical", "toc", "teaser", "key-points", "executive-summary"})
_CONTAINERS = frozenset(
    {
        "sec",
        "app",
        "app-group",
        "boxed-text",
        "disp-quote",
        "list",
        "list-item",
        "def-list",
        "def-item",
        "def",
        "fig-group",
        "table-wrap-group",
        "statement",
        "fn-group",
        "verse-group",
    }
)
_BLOCKS = _CONTAINERS | {"p", "fn", "fig", "table-wrap", "ref-list", "table"}
_UNREAD = frozenset({"title", "label", "disp-formula", "disp-formula-group"})
"""What is read with what it heads, and formulas that belong to no paragraph."""

_UNPRINTED = frozenset({"pub-id", "object-id", "issn", "coden"})
_TYPE = frozenset({"italic", "bold", "sup", "sub", "sc", "ext-link", "uri", "styled-content"})


def looks_like_jats(head: bytes) -> bool:
    """Whether a file whose first bytes are ``head`` (4 kB) is JATS or NLM XML.

    >>> looks_like_jats(b'<article article-type="research-article"><front>')
    True
    >>> looks_like_jats(b'<article xmlns="http://docbook.org/ns/docbook"><title>')
    False
    """
    name = root_name(head)
    text = head_text(head)
    if name in _WRAPPERS:
        return re.search(r"<(?:\w+:)?article\b|\bpmc\b|JATS|NLM", text) is not None
    return name == "article" and _JATS_MARKS.search(text) is not None


_CODE = frozenset({"preformat", "code"})
"""What is set as it was typed."""


def read_jats(path: Path) -> Document:
    """The document in the JATS or NLM file ``path``; of several articles in it, the first.

    Raises
    ------
    ReadError
        With status ``failed`` if the file holds no article or is broken, ``empty`` if the article
        has no text.
    OSError
        If the file cannot be opened.
    """
    source = read_xml(path)
    article = next(source.root.iter("article"), None)
    if article is None:
        raise ReadError(
            Status.FAILED, f"not JATS: no <article>, the root element is <{source.root.tag}>"
        )
    if not any(article.find(part) is not None for part in ("front", "body")):
        raise ReadError(Status.FAILED, "not JATS: the <article> has neither <front> nor <body>")
    paper = _Paper()
    title = paper.read_front(article)
    paper.read_body(article)
    for element in article.iter():
        if element.tag in _CODE:
            paper.made.add_listings("".join(element.itertext()))
    metadata = metadata_of(article, title, path.stem)
    return paper.made.document(path, READER, source, metadata)


class _Paper:
    """Walks through one article and gathers what it reads in ``made``."""

    def __init__(self) -> None:
        self.made = XmlPaper(typed_marks=True)

    def read_front(self, article: Element) -> str:
        """Read title and abstracts; returns the title."""
        title = ""
        for element in article.iterfind("front/article-meta/title-group/article-title"):
            title = self._passage(PassageKind.TITLE, element, "title")
            break
        for abstract in article.iterfind("front/article-meta/abstract"):
            if abstract.get("abstract-type", "").lower() in _OTHER_ABSTRACTS:
                continue
            paragraphs = list(outermost(abstract, "p")) or [abstract]
            for paragraph in paragraphs:
                self._passage(PassageKind.ABSTRACT, paragraph, "abstract")
        return title

    def read_body(self, article: Element) -> None:
        """Read body, floats, appendices, notes and references."""
        for name in ("body", "floats-group", "floats-wrap", "back/app-group", "back/fn-group"):
            for part in article.iterfind(name):
                self._blocks(part)
        for app in article.iterfind("back/app"):
            self._block(app)
        for back in article.iterfind("back"):
            self._references(back)

    def _references(self, parent: Element) -> None:
        for ref in outermost(parent, "ref"):
            if line := " ".join("".join(_cited(ref)).split()):
                self.made.references.append(line)

    def _blocks(self, parent: Element) -> None:
        """Read the blocks in ``parent``, and the text between them as paragraphs."""
        section = self.made.section
        runs = Runs()
        runs.add(parent.text)
        for element in parent:
            if element.tag in _BLOCKS:
                self.made.add_passage(PassageKind.PARAGRAPH, runs)
                self._block(element)
                runs = Runs()
            elif element.tag not in _UNREAD:
                add_element(runs, element)
            runs.add(element.tail)
        self.made.add_passage(PassageKind.PARAGRAPH, runs)
        self.made.section = section

    def _block(self, element: Element) -> None:
        tag = str(element.tag)
        if tag == "p":
            self._passage(PassageKind.PARAGRAPH, element)
            for part in _floats_in(element):
                self._block(part)
        elif tag == "fn":
            self._note(element)
        elif tag == "fig":
            self._caption(element)
        elif tag == "table-wrap":
            self._table(element)
        elif tag == "ref-list":
            self._references(element)
        elif tag == "table":
            self.made.add_table(rows_of(element), "")
        else:
            section = self.made.section
            self._heading(element)
            self._blocks(element)
            self.made.section = section

    def _heading(self, parent: Element) -> None:
        title = parent.find("title")
        if parent.tag in ("list", "list-item", "def-list"):
            return
        runs = Runs()
        number = text_of(parent.find("label"))
        runs.add(f"{number} " if number else "")
        if title is not None:
            add_inline(runs, title)
        self.made.add_heading(runs)

    def _passage(self, kind: PassageKind, element: Element, section: str | None = None) -> str:
        runs = Runs()
        add_inline(runs, element)
        return self.made.add_passage(kind, runs, section)

    def _note(self, note: Element) -> None:
        for paragraph in outermost(note, "p"):
            self._passage(PassageKind.FOOTNOTE, paragraph)

    def _caption(self, element: Element) -> str:
        """Read label, title and text of a figure's or table's caption as one passage."""
        runs = Runs()
        for part in (*element.iterfind("label"), *element.iterfind("caption")):
            runs.add(" ")
            add_inline(runs, part)
        return self.made.add_passage(PassageKind.CAPTION, runs)

    def _table(self, wrap: Element) -> None:
        caption = self._caption(wrap)
        for table in _tables_in(wrap):
            self.made.add_table(rows_of(table), caption)
        for foot in wrap.iterfind("table-wrap-foot"):
            self._note(foot)


def _cited(element: Element, printed: bool = False) -> Iterator[str]:
    """The text of a reference without its label.

    In a ``printed`` one, blanks stand as they do in print; in others elements are parted by them.
    """
    yield element.text or ""
    for child in element:
        gap = " " if child.tag in _UNPRINTED or not (printed or child.tag in _TYPE) else ""
        if child.tag != "label":
            yield gap
            yield from _cited(child, printed or child.tag in ("mixed-citation", "citation"))
            yield gap
        yield child.tail or ""


def _tables_in(wrap: Element) -> list[Element]:
    """HTML tables, or the groups of CALS tables, of which each has its own columns."""
    found = []
    for table in outermost(wrap, "table"):
        found += table.findall("tgroup") or [table]
    return found


def _floats_in(paragraph: Element) -> list[Element]:
    """The outermost figures, tables, lists and notes inside a paragraph, in order."""
    found: list[Element] = []
    for child in paragraph:
        if child.tag in FLOATS:
            found.append(child)
        elif child.tag not in ("p", "math"):
            found += _floats_in(child)
    return found
