"""The reader of arXiv's HTML: pages that LaTeXML makes from LaTeX, also those of ar5iv.

Title, abstract, sections, captions, notes and tables in the order of the page; what the site shows
around the paper is left out. What identifies the paper is read in ``latexml_front``, inline
mark-up in ``latexml_inline``, tables in ``latexml_tables``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from xml.etree.ElementTree import Element

from scmine.extractors.document import Document, Passage, PassageKind, ReadError, Status
from scmine.extractors.formats.assembly import MAX_TITLE
from scmine.extractors.formats.display_formulas import MAX_STATED, states_value
from scmine.extractors.formats.halves import join_halves
from scmine.extractors.formats.html_tree import read_html
from scmine.extractors.formats.latexml_front import metadata_of, page_title
from scmine.extractors.formats.latexml_inline import (
    Aside,
    add_element,
    add_inline,
    classes,
    is_hidden,
    plain_text,
)
from scmine.extractors.formats.latexml_tables import rows_of
from scmine.extractors.formats.runs import Runs
from scmine.extractors.formats.xml_paper import XmlPaper

READER = "latexml"

_SECTIONS = frozenset(
    {"ltx_part", "ltx_chapter", "ltx_section", "ltx_subsection", "ltx_subsubsection"}
    | {"ltx_paragraph", "ltx_subparagraph", "ltx_appendix"}
)
_FRAMES = frozenset({"ltx_figure", "ltx_table", "ltx_float"})
_EQUATIONS = frozenset({"ltx_equation", "ltx_equationgroup"})
_FURNITURE = frozenset(
    {"ltx_TOC", "ltx_page_header", "ltx_page_footer", "ltx_page_navbar", "ltx_authors"}
    | {"ltx_dates", "ltx_date", "ltx_pubnotes", "ltx_caption", "ltx_listing", "ltx_rdf"}
    | {"ltx_title_abstract", "ltx_title_classification", "ltx_title_keywords", "ltx_index"}
)
"""What is no text of the paper, or is read with something else."""

_KEYWORDS = frozenset({"ltx_keywords", "ltx_classification"})
_BLOCKS = frozenset(
    {"ltx_p", "ltx_para", "ltx_tabular", "ltx_abstract", "ltx_bibliography"}
    | _FRAMES
    | _SECTIONS
    | _EQUATIONS
)
_HEADING_TAGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_BLOCK_TAGS = _HEADING_TAGS | frozenset(
    {"article", "aside", "blockquote", "dd", "div", "dl", "dt", "figcaption", "figure", "footer"}
    | {"header", "hr", "li", "main", "nav", "ol", "p", "pre", "section", "table", "ul"}
)
_STUB = re.compile(r"See pages? \S+ of \S+\.pdf\.?")


def read_latexml(path: Path) -> Document:
    """The document in the HTML page ``path``, if LaTeXML made it.

    Raises
    ------
    ReadError
        With status ``failed`` if another program made the page or it is too large, ``empty`` if
        it has no text of a paper.
    OSError
        If the file cannot be opened.
    """
    source = read_html(path)
    article = _article(source.root)
    if article is None:
        raise ReadError(
            Status.FAILED,
            "HTML that LaTeXML did not write: of web pages only those of arXiv (arxiv.org/html) "
            "and ar5iv are read; give the paper's PDF or XML instead",
        )
    paper = _Paper()
    paper.read(article)
    made = paper.made
    if len(made.passages) == 1 and _STUB.fullmatch(made.passages[0].text):
        raise ReadError(Status.EMPTY, "the page only points to a PDF of the paper")
    if paper.aside.unknown:
        made.warnings.append(f"{paper.aside.unknown} commands that LaTeXML did not know, not read")
    if paper.aside.hidden:
        made.warnings.append(f"{paper.aside.hidden} pieces of hidden text not read")
    title = next((p.text for p in made.passages if p.kind is PassageKind.TITLE), "")
    if not title and (named := page_title(source.root)) not in {p.text for p in made.passages}:
        title = named
    metadata = metadata_of(source.root, article, title, paper.front, path)
    return made.document(path, READER, source, metadata)


def _article(root: Element) -> Element | None:
    """The element that holds the paper: arXiv gives its own notices the same class."""
    found = [e for e in root.iter() if "ltx_document" in classes(e)]
    article = next((e for e in found if e.tag == "article"), None)
    return article or next((e for e in found if "package-alerts" not in classes(e)), None)


def _code(element: Element) -> str:
    """The text of a listing; LaTeXML writes each of its lines as an element."""
    lines = [e for e in element.iter() if "ltx_listingline" in classes(e)]
    return "\n".join("".join(line.itertext()).strip("\n") for line in lines or [element])


class _Paper:
    """Walks through one page and gathers what it reads in ``made``."""

    def __init__(self) -> None:
        self.made = XmlPaper(typed_marks=True)
        self.aside = Aside()
        self.front: list[str] = []
        self._captions: list[str] = []

    def read(self, article: Element) -> None:
        """Read the whole paper."""
        self._blocks(article, PassageKind.PARAGRAPH)
        for element in article.iter():
            if element.tag == "pre" or "ltx_listing" in classes(element):
                self.made.add_listings(_code(element))
        self._split_front()
        self.made.passages = join_halves(self.made.passages)

    def _split_front(self) -> None:
        """Part title, names and addresses that were set by hand before the abstract from the text.

        They are the paragraphs before it; the first is the title if no other passage is.
        """
        passages = self.made.passages
        kinds = [p.kind for p in passages]
        if PassageKind.ABSTRACT not in kinds:
            return
        end = kinds.index(PassageKind.ABSTRACT)
        if PassageKind.HEADING in kinds[:end]:
            return
        kept: list[Passage] = []
        for passage in passages[:end]:
            if passage.kind is not PassageKind.PARAGRAPH or passage.section == "keywords":
                kept.append(passage)
            elif PassageKind.TITLE not in kinds and len(passage.text) < MAX_TITLE:
                kept.insert(0, replace(passage, kind=PassageKind.TITLE, section="title"))
                kinds.append(PassageKind.TITLE)
            else:
                self.front.append(passage.text)
        passages[:end] = kept

    def _blocks(self, parent: Element, kind: PassageKind, section: str | None = None) -> None:
        """Read what ``parent`` holds: blocks one by one, text between them as passages.

        The paragraphs and equations of one ``ltx_para`` are one paragraph of LaTeX; equations that
        state no value are left out.
        """
        in_para = "ltx_para" in classes(parent)
        runs = Runs()
        runs.add(parent.text)
        for child in parent:
            kinds = classes(child)
            centred = "ltx_align_center" in kinds
            goes_on = (in_para and (kinds & _EQUATIONS or ("ltx_p" in kinds and not centred))) or (
                parent.tag == "dl" and _names_or_explains(child)
            )
            if child.tag == "dt":
                runs = self._flush(runs, kind, section)
            if goes_on:
                runs.add(" ")
                if not kinds & _EQUATIONS or states_value(_text_of(child)):
                    add_element(runs, child, self.aside)
                runs.add(" ")
            elif _is_block(child, kinds):
                runs = self._flush(runs, kind, section)
                self._block(child, kinds, kind, section)
            elif not (parent.tag == "li" and "ltx_tag_item" in kinds):
                add_element(runs, child, self.aside)
            runs.add(child.tail)
        self._flush(runs, kind, section)

    def _flush(self, runs: Runs, kind: PassageKind, section: str | None) -> Runs:
        """Append what ``runs`` hold as a passage, then what stood aside in it; returns new runs."""
        self.made.add_passage(kind, runs, section)
        self._read_later()
        return Runs()

    def _read_later(self) -> None:
        while self.aside.later:
            waiting, self.aside.later = self.aside.later, []
            for element in waiting:
                if "ltx_note" in classes(element):
                    self._note(element)
                else:
                    self._block(element, classes(element), PassageKind.PARAGRAPH, None)

    def _block(
        self, element: Element, kinds: frozenset[str], kind: PassageKind, section: str | None
    ) -> None:
        if kinds & _FURNITURE or element.tag == "nav":
            return
        if is_hidden(element):
            self.aside.hidden += 1
            return
        if kinds & _FRAMES:
            self._frame(element)
        elif "ltx_tabular" in kinds:
            self._table(element)
        elif "ltx_bibliography" in kinds or "ltx_biblist" in kinds:
            self._references(element)
        elif "ltx_abstract" in kinds:
            self._blocks(element, PassageKind.ABSTRACT, "abstract")
        elif kinds & _KEYWORDS:
            self._blocks(element, PassageKind.PARAGRAPH, "keywords")
        elif element.tag in _HEADING_TAGS or "ltx_title" in kinds:
            self._heading(element, kinds)
        elif kinds & _SECTIONS:
            outer = self.made.section
            self._blocks(element, kind, section)
            self.made.section = outer
        elif kinds & _EQUATIONS:
            runs = Runs()
            add_inline(runs, element, self.aside)
            self._flush(runs, kind, section)
        else:
            self._blocks(element, kind, section)

    def _heading(self, element: Element, kinds: frozenset[str]) -> None:
        runs = Runs()
        add_inline(runs, element, self.aside)
        if "ltx_title_document" in kinds:
            self.made.add_passage(PassageKind.TITLE, runs, "title")
        else:
            self.made.add_heading(runs)
        self._read_later()

    def _note(self, note: Element) -> None:
        content = next((e for e in note.iter() if "ltx_note_content" in classes(e)), None)
        if content is not None:
            self._blocks(content, PassageKind.FOOTNOTE)

    def _frame(self, frame: Element) -> None:
        """Read the captions of a figure or table, then what it holds."""
        outer = self._captions
        captions = []
        # Of tables side by side in one float, LaTeXML writes the last caption twice.
        elements = {plain_text(c): c for c in _captions_in(frame)}
        for caption in elements.values():
            runs = Runs()
            add_inline(runs, caption, self.aside)
            if text := self.made.add_passage(PassageKind.CAPTION, runs):
                captions.append(text)
            self._read_later()
        self._captions = captions or outer
        # Text beside a table or picture explains marks in it.
        self._blocks(frame, PassageKind.FOOTNOTE)
        self._captions = outer

    def _table(self, table: Element) -> None:
        caption = self._captions[0] if self._captions else ""
        if len(self._captions) > 1:
            self._captions = self._captions[1:]  # two tables set in one float
        self.made.add_table(rows_of(table, self.aside), caption)
        self._read_later()

    def _references(self, listed: Element) -> None:
        for item in listed.iter():
            if "ltx_bibitem" not in classes(item):
                continue
            parts = [e for e in item if "ltx_tag_bibitem" not in classes(e)]
            line = " ".join(text for e in parts if (text := plain_text(e)))
            if line:
                self.made.references.append(line)


def _captions_in(frame: Element) -> Iterator[Element]:
    """The captions of ``frame`` that belong to no figure or table inside it."""
    for child in frame:
        kinds = classes(child)
        if child.tag == "figcaption" or "ltx_caption" in kinds:
            yield child
        elif not kinds & _FRAMES:
            yield from _captions_in(child)


def _names_or_explains(element: Element) -> bool:
    """Whether ``element`` is a term of a list, or what is said of it in one paragraph."""
    if element.tag == "dd":
        return len(element) == 1 and all("ltx_p" in classes(e) for e in element[0])
    return element.tag == "dt"


def _is_block(element: Element, kinds: frozenset[str]) -> bool:
    """Whether ``element`` stands apart; spans do if there is a block in them."""
    if element.tag in _BLOCK_TAGS or kinds & _BLOCKS:
        return True
    if element.tag != "span" or "ltx_note" in kinds:
        return False
    return any(classes(e) & _BLOCKS for e in element.iter())


def _text_of(formula: Element) -> str:
    """The text of a formula set off from the text."""
    runs = Runs()
    add_element(runs, formula, Aside())
    return runs.tail(MAX_STATED + 1).strip()
