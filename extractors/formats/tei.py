"""The TEI reader: papers as GROBID returns them, and SuperMat's with their mentions as plain text.

Paragraphs, headings, captions, notes and tables in the order of the file, with the places that
GROBID's ``coords`` give. The header is read in ``tei_header``; SuperMat's mentions are read in
``scmine.corpora``, not here.
"""

from __future__ import annotations

import re
from collections import Counter, deque
from math import isfinite
from pathlib import Path
from xml.etree.ElementTree import Element

from scmine.extractors.document import Box, Document, PassageKind, ReadError, Status
from scmine.extractors.formats.grids import RawCell, RawRow, span_of
from scmine.extractors.formats.runs import Runs
from scmine.extractors.formats.tei_header import metadata_of, reference_of
from scmine.extractors.formats.xml_paper import XmlPaper
from scmine.extractors.formats.xml_tree import XmlFile, outermost, read_xml, root_name, text_of
from scmine.extractors.lexicons import load_words
from scmine.extractors.pdf.lines import Shift
from scmine.extractors.pdf.reading_text import Words

READER = "tei"

_ROOTS = frozenset({"tei", "tei.2"})
_AB_KINDS = {
    "figurecaption": PassageKind.CAPTION,
    "tablecaption": PassageKind.CAPTION,
}
_BACK_READ = frozenset({"annex", "appendix"})
"""Parts of the back matter that go on with the paper; the others thank, list and declare."""

_BROKEN_WORD = re.compile(r"(?<!\w)(\w*[^\W\d_])-\s+([^\W\d_]{2,})(?=(-?))")
_HALF_SAID = frozenset(("and", "or", "to", "und", "oder"))
"""After these, a word's second half is said once for both: "in- and out-of-plane"."""
_PAGES_AT_MOST = 100_000


def looks_like_tei(head: bytes) -> bool:
    """Whether a file whose first bytes are ``head`` (4 kB) is TEI.

    >>> looks_like_tei(b'<?xml version="1.0"?><TEI xmlns="http://www.tei-c.org/ns/1.0">')
    True
    """
    return root_name(head).lower() in _ROOTS


def read_tei(path: Path) -> Document:
    """The document in the TEI file ``path``.

    Raises
    ------
    ReadError
        With status ``failed`` if the file is no TEI or is broken, ``empty`` if it has no text.
    OSError
        If the file cannot be opened.
    """
    return tei_document(read_xml(path), path)


def tei_document(source: XmlFile, path: Path) -> Document:
    """The document in the TEI ``source``, which is about the file ``path``.

    Raises
    ------
    ReadError
        With status ``failed`` if it is no TEI, ``empty`` if it has no text.
    """
    root = source.root
    if str(root.tag).lower() not in _ROOTS:
        raise ReadError(Status.FAILED, f"not TEI: the root element is <{root.tag}>")
    _join_words(root)
    paper = _Paper()
    title = paper.read_header(root.find("teiHeader"))
    paper.read_text(root.find("text"))
    metadata = metadata_of(root, title, path.stem.removesuffix(".tei"))
    paper.made.page_count = sum(1 for _ in root.iterfind("facsimile/surface"))
    return paper.made.document(path, READER, source, metadata)


class _Paper:
    """Walks through one file and gathers what it reads in ``made``."""

    def __init__(self) -> None:
        self.made = XmlPaper()
        self._floats: deque[Element] = deque()  # found inside a passage, to be read after it

    def read_header(self, header: Element | None) -> str:
        """Read title and abstract; returns the title."""
        if header is None:
            return ""
        title = ""
        element = header.find(".//titleStmt/title")
        if element is not None:
            title = self._passage(PassageKind.TITLE, element, "title")
        for abstract in header.iterfind(".//profileDesc/abstract"):
            for part in list(outermost(abstract, "p", "ab")) or [abstract]:
                self._passage(*_abstract_part(part))
        for part in header.iterfind(".//profileDesc/ab"):
            self._passage(*_abstract_part(part))
        return title

    def read_text(self, text: Element | None) -> None:
        """Read body and back matter."""
        if text is None:
            return
        for body in text.iterfind("body"):
            self._blocks(body)
        for back in text.iterfind("back"):
            for part in back:
                if part.tag == "div" and part.get("type", "") in _BACK_READ:
                    self._blocks(part)
        self.made.references = [
            line
            for listed in outermost(text, "listBibl")
            for bibl in listed
            if (line := reference_of(bibl) if bibl.tag == "biblStruct" else text_of(bibl))
        ]

    def _blocks(self, parent: Element) -> None:
        section = self.made.section
        for element in parent:
            self._block(element)
            # Figures and notes inside a paragraph follow it, so that they part no sentence.
            while self._floats:
                self._block(self._floats.popleft())
        self.made.section = section  # GROBID puts all figures after the last section

    def _block(self, element: Element) -> None:
        tag = element.tag
        if tag == "head":
            self._heading(element)
        elif tag in ("p", "item", "quote", "s"):
            self._passage(PassageKind.PARAGRAPH, element)
        elif tag == "ab":
            kind = element.get("type", "").lower()
            section = "keywords" if kind == "keywords" else None
            self._passage(_AB_KINDS.get(kind, PassageKind.PARAGRAPH), element, section)
        elif tag == "note":
            self._passage(PassageKind.FOOTNOTE, element)
        elif tag == "figure":
            self._figure(element)
        elif tag == "table":
            self._table(element, "")
        elif tag in ("div", "list", "div1", "div2", "div3", "floatingText", "body", "cit"):
            self._blocks(element)

    def _heading(self, element: Element) -> None:
        runs = Runs()
        number = element.get("n", "")
        runs.add(f"{number} " if number else "")
        self._inline(element, runs, "")
        runs.place(0, _boxes(element))
        self.made.add_heading(runs)

    def _passage(self, kind: PassageKind, element: Element, section: str | None = None) -> str:
        runs = Runs()
        self._inline(element, runs, "")
        if not any(part.get("coords") for part in element.iter("s")):
            runs.place(0, _boxes(element))
        return self.made.add_passage(kind, runs, section)

    def _figure(self, figure: Element) -> None:
        runs = Runs()
        for name in ("head", "figDesc"):
            for part in figure.iterfind(name):
                if any(c.isalnum() for c in text_of(part)):
                    runs.add(" ")
                    self._inline(part, runs, "")
        runs.place(0, _boxes(figure))
        caption = self.made.add_passage(PassageKind.CAPTION, runs)
        for part in figure:
            if part.tag == "table":
                self._table(part, caption)
            elif part.tag == "note":
                self._passage(PassageKind.FOOTNOTE, part)
            elif part.tag == "figure":
                self._figure(part)

    def _table(self, table: Element, caption: str) -> None:
        rows = []
        for row in outermost(table, "row"):
            cells = tuple(self._cell(cell) for cell in row.iterfind("cell"))
            labels = [c.get("role") == "label" for c in row.iterfind("cell")]
            head = row.get("role") == "label" or (bool(labels) and all(labels))
            rows.append(RawRow(cells, head))
        boxes = _boxes(table)
        # Tables are on one page; the boxes of one that goes on elsewhere have no union.
        box = boxes[0] if boxes else None
        for other in boxes[1:]:
            box = box.union(other) if box and box.page == other.page else box
        self.made.add_table(rows, caption, box)

    def _cell(self, cell: Element) -> RawCell:
        runs = Runs()
        self._inline(cell, runs, "", in_cell=True)
        text, typography = runs.cell()
        boxes = _boxes(cell)
        box = boxes[0] if len(boxes) == 1 else None
        return RawCell(text, typography, span_of(cell.get("cols")), span_of(cell.get("rows")), box)

    def _inline(self, element: Element, runs: Runs, shift: Shift, in_cell: bool = False) -> None:
        """Append the text of ``element``; figures, tables and notes in it are kept for later."""
        runs.add(element.text, shift)
        for child in element:
            tag = child.tag
            if tag in ("figure", "table", "note"):
                if not in_cell:
                    self._floats.append(child)
            elif tag == "ref" and child.get("type") == "bibr" and not in_cell:
                runs.add_citation("".join(child.itertext()))
            elif tag in ("lb", "pb", "cb"):
                runs.add(" ")
            elif tag == "label" and element.tag == "formula":
                pass  # the number of an equation
            else:
                start = len(runs)
                self._inline(child, runs, shift or _shift_of(child), in_cell)
                if tag == "s":
                    runs.place(start, _boxes(child))
            runs.add(child.tail, shift)


def _abstract_part(part: Element) -> tuple[PassageKind, Element, str]:
    if part.get("type", "").lower() == "keywords":
        return PassageKind.PARAGRAPH, part, "keywords"
    return PassageKind.ABSTRACT, part, "abstract"


def _shift_of(element: Element) -> Shift:
    """How an element is set: GROBID's and TEI's ``<hi rend="subscript">``."""
    if element.tag != "hi":
        return ""
    rend = f"{element.get('rend', '')} {element.get('rendition', '')}".lower()
    if "sup" in rend:
        return "sup"
    return "sub" if "sub" in rend else ""


def _boxes(element: Element) -> list[Box]:
    """The places in ``coords``: ``page,x,y,width,height`` in points, parted by semicolons.

    GROBID counts pages from 1 and y down from the top, as ``Box`` does. Damaged ones are left out.
    """
    boxes = []
    for part in element.get("coords", "").split(";"):
        try:
            page, x, y, width, height = (float(number) for number in part.split(","))
        except ValueError:
            continue
        numbers = (page, x, y, width, height)
        if all(isfinite(n) and abs(n) < _PAGES_AT_MOST for n in numbers) and page >= 1:
            x1, y1 = round(x + width, 2), round(y + height, 2)
            boxes.append(Box(int(page), round(x, 2), round(y, 2), x1, y1))
    return boxes


def _join_words(root: Element) -> None:
    """Undo hyphens at line ends (``super- conductor``), which early GROBIDs left in the text."""
    counts: Counter[str] = Counter()
    pieces = [piece for e in root.iter() for piece in (e.text, e.tail) if piece]
    for piece in pieces:
        counts.update(w.lower() for w in re.findall(r"[^\W\d_]+(?:-[^\W\d_]+)*", piece))
    words = Words(counts)

    def joined(match: re.Match[str]) -> str:
        left, right, more = match.groups()
        compound = match.string[match.start() - 1 : match.start()] == "-"
        known = counts[(left + right).lower()] > 0
        if not right.islower() or (right in _HALF_SAID and not more):
            return match[0]
        function_word = right in load_words("function_words.txt")
        if compound or (function_word and more):
            return f"{left}-{right}"
        # M- stands for a quantity; "high- est" and "un- der" are words.
        if function_word and not known and len(left) < 2:
            return match[0]
        return f"{left}-{right}" if words.keeps_hyphen(left, right) else left + right

    for element in root.iter():
        if element.text and "-" in element.text:
            element.text = _BROKEN_WORD.sub(joined, element.text)
        if element.tail and "-" in element.tail:
            element.tail = _BROKEN_WORD.sub(joined, element.tail)
