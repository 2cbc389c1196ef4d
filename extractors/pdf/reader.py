"""The PDF reader: opens a file, runs the steps of this folder over its pages, builds a document."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

import pypdfium2 as pdfium

from scmine.extractors.document import (
    Document,
    Listing,
    Passage,
    PassageKind,
    ReadError,
    Status,
    Table,
)
from scmine.extractors.pdf.blocks import Block, Body
from scmine.extractors.pdf.front_matter import (
    authors_below,
    mark_abstract,
    split_title,
    without_byline,
)
from scmine.extractors.pdf.identity import metadata_of, xmp_doi
from scmine.extractors.pdf.layout import drop_furniture, reading_order
from scmine.extractors.pdf.lines import Line
from scmine.extractors.pdf.listings import take_listings
from scmine.extractors.pdf.ocr import Ocr
from scmine.extractors.pdf.pages import Pages, drop_broken, read_pages
from scmine.extractors.pdf.passages import make_blocks
from scmine.extractors.pdf.reading_text import Words, make_passage
from scmine.extractors.pdf.tables import take_tables
from scmine.extractors.pdf.turned import Turn, shown_listing, shown_passage, shown_table

READER = "pdf"
OCR_READER = "pdf+ocr"
"""The reader of a document of which at least one page was read by OCR."""

HEADER_BYTES = 1024
"""ISO 32000-1, annex H: readers accept the ``%PDF-`` mark within the first 1024 bytes."""


@dataclass(frozen=True, slots=True)
class LaidOut:
    """A file whose pages are read and ordered; what is a passage is not yet told.

    ``lines`` are those of each page in reading order, without furniture and what is inside
    ``tables`` and ``listings``. ``hidden`` counts the characters of the file that its pages do not
    show.
    """

    path: Path
    data: bytes
    doc_id: str
    pages: Pages
    page_count: int
    body: Body
    words: Words
    lines: list[list[Line]]
    tables: list[Table]
    listings: list[Listing]

    @property
    def turns(self) -> dict[int, Turn]:
        """The pages that were turned to be read; boxes of ``lines`` and ``tables`` are as read."""
        return self.pages.turns

    @property
    def hidden(self) -> int:
        """How many characters the pages hold but do not show."""
        return self.pages.hidden.total()


def read_pdf(path: Path, ocr: Ocr | None = None) -> Document:
    """The document in the PDF file ``path``.

    With ``ocr``, pages that are images without text are read by it, and all pages of a file whose
    text layer is broken.

    Raises
    ------
    ReadError
        If the file gives no text: not a PDF, encrypted, empty, only images, broken text layer.
    """
    return document_of(lay_out(path, ocr=ocr))


def read_pdf_data(path: Path, data: bytes) -> Document:
    """The document in ``data``, the bytes of a PDF that came as, or in, the file ``path``.

    Raises
    ------
    ReadError
        As `read_pdf`.
    """
    return document_of(lay_out(path, data))


def lay_out(path: Path, data: bytes | None = None, ocr: Ocr | None = None) -> LaidOut:
    """The pages of the PDF file ``path`` as lines in reading order, and its tables.

    ``data`` are the bytes of the PDF, if they are not those of the file; for ``ocr`` see
    `read_pdf`.

    Raises
    ------
    ReadError
        If the file gives no text, as in `read_pdf`.
    """
    data = path.read_bytes() if data is None else data
    doc_id = hashlib.sha256(data).hexdigest()
    pdf = _open(data)
    try:
        page_count = len(pdf)
        pages = read_pages(pdf, ocr)
    finally:
        pdf.close()
    _check_text(pages, page_count, may_read=ocr is None)
    drop_broken(pages)
    kept, _ = drop_furniture(pages.lines, pages.heights)
    kept, listings = take_listings([reading_order(lines) for lines in kept])
    body = Body.of(kept)
    words = Words.of([line for lines in kept for line in lines])
    ordered, tables = take_tables(kept, pages.rules, body, words)
    return LaidOut(path, data, doc_id, pages, page_count, body, words, ordered, tables, listings)


def _open(data: bytes) -> pdfium.PdfDocument:
    if not data:
        raise ReadError(Status.NOT_A_PDF, "the file is empty (0 bytes)")
    if b"%PDF-" not in data[:HEADER_BYTES]:
        start = data[:24].decode("latin-1").strip()
        raise ReadError(Status.NOT_A_PDF, f"no PDF header; the file begins with {start!r}")
    try:
        return pdfium.PdfDocument(data)
    except pdfium.PdfiumError as error:
        text = str(error)
        if "password" in text.lower() or "security" in text.lower():
            raise ReadError(Status.ENCRYPTED, "the file needs a password") from error
        raise ReadError(Status.FAILED, f"the PDF is damaged: {text}") from error


def _check_text(pages: Pages, page_count: int, may_read: bool) -> None:
    """Raise if there is nothing to go on with; ``may_read`` says that OCR was not asked for."""
    if page_count and len(pages.failed) == page_count:
        raise ReadError(Status.FAILED, "no page of the PDF could be loaded")
    if pages.glyph_count == 0:
        if pages.scanned:
            raise ReadError(
                Status.NEEDS_OCR,
                f"{len(pages.scanned)} of {page_count} pages are images without text"
                + ("; --ocr reads them" if may_read else "")
                + "".join(f"; {reason}" for reason in dict.fromkeys(pages.unrecognised.values())),
            )
        raise ReadError(Status.EMPTY, f"the {page_count} pages hold no text")
    if pages.quality.problem:
        raise ReadError(Status.BROKEN_TEXT, pages.quality.problem)


def document_of(laid_out: LaidOut) -> Document:
    """The document that the built-in reader makes of a file's lines."""
    pages, body, words = laid_out.pages, laid_out.body, laid_out.words
    ordered = list(laid_out.lines)
    title_lines: list[Line] = []
    if ordered:
        title_lines, ordered[0] = split_title(ordered[0], pages.heights[0], body)
    blocks, references = make_blocks(ordered, body)
    blocks, _ = mark_abstract(blocks, body)
    authors = authors_below(title_lines, ordered[0] if ordered else [])
    passages = _passages(title_lines, without_byline(blocks, authors), words)
    first = "\n".join(line.text for lines in pages.lines[:1] for line in lines)
    title = passages[0].text if title_lines else ""
    info = pages.info | {"doi": xmp_doi(laid_out.data)}
    metadata = metadata_of(laid_out.path, title, authors, first, pages.margin, info)
    missing = pages.failed or pages.scanned or pages.quality.pages
    return Document(
        doc_id=laid_out.doc_id,
        path=str(laid_out.path),
        reader=OCR_READER if pages.recognised else READER,
        metadata=metadata,
        passages=tuple(shown_passage(p, pages.turns) for p in passages),
        tables=tuple(shown_table(t, pages.turns) for t in laid_out.tables),
        references=tuple(block.text for block in references),
        listings=tuple(shown_listing(x, pages.turns) for x in laid_out.listings),
        page_count=laid_out.page_count,
        status=Status.PARTIAL if missing else Status.DONE,
        warnings=tuple(pages.warnings()),
    )


def _passages(title: list[Line], blocks: list[Block], words: Words) -> tuple[Passage, ...]:
    passages = []
    if title:
        passages.append(make_passage(PassageKind.TITLE, title, "title", words))
    for block in blocks:
        passage = make_passage(block.kind, block.lines, block.section, words)
        if passage.text:
            passages.append(passage)
    return tuple(passages)
