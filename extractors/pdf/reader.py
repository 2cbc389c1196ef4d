"""The PDF reader: opens a file, runs the steps of this folder over its pages, builds a document."""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import pypdfium2 as pdfium

from scmine.extractors.document import (
    Document,
    Passage,
    PassageKind,
    ReadError,
    Status,
    Table,
)
from scmine.extractors.pdf.accents import join_accents
from scmine.extractors.pdf.blocks import Block, Body
from scmine.extractors.pdf.front_matter import (
    authors_of,
    mark_abstract,
    metadata_of,
    split_title,
)
from scmine.extractors.pdf.glyphs import SCAN_COVER, read_glyphs
from scmine.extractors.pdf.layout import (
    assign_columns,
    drop_furniture,
    find_gutter,
    reading_order,
    share_gutter,
)
from scmine.extractors.pdf.line_numbers import strip_line_numbers
from scmine.extractors.pdf.lines import Fragment, Line, fragments, join_fragments
from scmine.extractors.pdf.overbars import join_overbars
from scmine.extractors.pdf.passages import make_blocks
from scmine.extractors.pdf.quality import text_problem
from scmine.extractors.pdf.reading_text import Words, make_passage
from scmine.extractors.pdf.tables import take_tables
from scmine.extractors.pdf.turned import Turn, shown_passage, shown_table

READER = "pdf"

HEADER_BYTES = 1024
"""ISO 32000-1, annex H: readers accept the ``%PDF-`` mark within the first 1024 bytes."""


@dataclass(slots=True)
class _Pages:
    """The pages of a file as lines, and what was noticed on the way."""

    parts: list[list[Fragment]] = field(default_factory=list)
    lines: list[list[Line]] = field(default_factory=list)
    heights: list[float] = field(default_factory=list)
    margin: str = ""
    hidden: Counter[str] = field(default_factory=Counter)
    turns: dict[int, Turn] = field(default_factory=dict)
    failed: list[int] = field(default_factory=list)
    scanned: list[int] = field(default_factory=list)
    glyph_count: int = 0
    unmapped: int = 0


@dataclass(frozen=True, slots=True)
class LaidOut:
    """A file whose pages are read and ordered; what is a passage is not yet told.

    ``lines`` are those of each page in reading order, without furniture and what is inside
    ``tables``. ``hidden`` counts the characters of the file that its pages do not show.
    """

    path: Path
    data: bytes
    doc_id: str
    pages: _Pages
    page_count: int
    body: Body
    words: Words
    lines: list[list[Line]]
    tables: list[Table]

    @property
    def turns(self) -> dict[int, Turn]:
        """The pages that were turned to be read; boxes of ``lines`` and ``tables`` are as read."""
        return self.pages.turns

    @property
    def hidden(self) -> int:
        """How many characters the pages hold but do not show."""
        return self.pages.hidden.total()


def read_pdf(path: Path) -> Document:
    """The document in the PDF file ``path``.

    Raises
    ------
    ReadError
        If the file gives no text: not a PDF, encrypted, empty, only images, broken text layer.
    """
    return read_pdf_data(path, path.read_bytes())


def read_pdf_data(path: Path, data: bytes) -> Document:
    """The document in ``data``, the bytes of a PDF that came as, or in, the file ``path``.

    Raises
    ------
    ReadError
        As `read_pdf`.
    """
    return document_of(lay_out(path, data))


def lay_out(path: Path, data: bytes | None = None) -> LaidOut:
    """The pages of the PDF file ``path`` as lines in reading order, and its tables.

    ``data`` are the bytes of the PDF, if they are not those of the file.

    Raises
    ------
    ReadError
        If the file gives no text, as in `read_pdf`.
    """
    data = path.read_bytes() if data is None else data
    doc_id = hashlib.sha256(data).hexdigest()
    pdf = _open(data)
    try:
        pages = _read_pages(pdf)
        page_count = len(pdf)
    finally:
        pdf.close()
    _check_text(pages, page_count)
    kept, _ = drop_furniture(pages.lines, pages.heights)
    kept = [reading_order(lines) for lines in kept]
    body = Body.of(kept)
    words = Words.of([line for lines in kept for line in lines])
    problem = text_problem((x.text for lines in pages.lines for x in lines), pages.unmapped)
    if problem:
        raise ReadError(Status.BROKEN_TEXT, problem)
    ordered, tables = take_tables(data, kept, body, words)
    return LaidOut(path, data, doc_id, pages, page_count, body, words, ordered, tables)


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


def _read_pages(pdf: pdfium.PdfDocument) -> _Pages:
    pages = _Pages()
    gutters: list[tuple[float, float] | None] = []
    for index in range(len(pdf)):
        try:
            page = read_glyphs(pdf, index)
        except pdfium.PdfiumError:
            pages.failed.append(index + 1)
            pages.parts.append([])
            gutters.append(None)
            pages.heights.append(0.0)
            continue
        glyphs = join_overbars(pdf, index, page.turn, join_accents(page.glyphs))
        parts = fragments(glyphs)
        pages.parts.append(parts)
        gutters.append(find_gutter(parts, page.width))
        pages.heights.append(page.height)
        if page.turn:
            pages.turns[page.number] = Turn(page.turn, page.width, page.height)
        pages.hidden += page.hidden
        pages.glyph_count += len(page.glyphs)
        pages.unmapped += page.unmapped
        if index == 0:
            pages.margin = page.margin
        if not page.glyphs and page.image_cover >= SCAN_COVER:
            pages.scanned.append(index + 1)
    gutters = share_gutter(gutters, pages.parts)
    joined = [
        join_fragments(parts, number, gutter)
        for number, (parts, gutter) in enumerate(zip(pages.parts, gutters, strict=True), 1)
    ]
    pages.lines = strip_line_numbers(joined)
    for lines, gutter in zip(pages.lines, gutters, strict=True):
        assign_columns(lines, gutter)
    return pages


def _check_text(pages: _Pages, page_count: int) -> None:
    if page_count and len(pages.failed) == page_count:
        raise ReadError(Status.FAILED, "no page of the PDF could be loaded")
    if pages.glyph_count == 0:
        if pages.scanned:
            raise ReadError(
                Status.NEEDS_OCR,
                f"{len(pages.scanned)} of {page_count} pages are images without text",
            )
        raise ReadError(Status.EMPTY, f"the {page_count} pages hold no text")


def document_of(laid_out: LaidOut) -> Document:
    """The document that the built-in reader makes of a file's lines."""
    pages, body, words = laid_out.pages, laid_out.body, laid_out.words
    ordered = list(laid_out.lines)
    title_lines: list[Line] = []
    if ordered:
        title_lines, ordered[0] = split_title(ordered[0], pages.heights[0], body)
    blocks, references = make_blocks(ordered, body)
    blocks, front = mark_abstract(blocks, body)
    passages = _passages(title_lines, blocks, words)
    first = " ".join(line.text for lines in pages.lines[:2] for line in lines)
    title = passages[0].text if title_lines else ""
    metadata = metadata_of(laid_out.path, title, authors_of(front), first, pages.margin)
    warnings = _warnings(pages, laid_out.page_count)
    return Document(
        doc_id=laid_out.doc_id,
        path=str(laid_out.path),
        reader=READER,
        metadata=metadata,
        passages=tuple(shown_passage(p, pages.turns) for p in passages),
        tables=tuple(shown_table(t, pages.turns) for t in laid_out.tables),
        references=tuple(block.text for block in references),
        page_count=laid_out.page_count,
        status=Status.PARTIAL if pages.failed or pages.scanned else Status.DONE,
        warnings=tuple(warnings),
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


def _warnings(pages: _Pages, page_count: int) -> list[str]:
    warnings = []
    if pages.failed:
        warnings.append(f"pages that could not be loaded: {_list(pages.failed)} of {page_count}")
    if pages.scanned:
        warnings.append(
            f"pages that are images without text: {_list(pages.scanned)} of {page_count}"
        )
    for reason, count in sorted(pages.hidden.items()):
        warnings.append(f"{count} characters not read: {reason}")
    return warnings


def _list(numbers: list[int]) -> str:
    return ", ".join(map(str, numbers))
