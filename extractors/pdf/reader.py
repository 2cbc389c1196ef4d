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
    strip_line_numbers,
)
from scmine.extractors.pdf.lines import Fragment, Line, fragments, join_fragments
from scmine.extractors.pdf.overbars import join_overbars
from scmine.extractors.pdf.passages import make_blocks
from scmine.extractors.pdf.quality import text_problem
from scmine.extractors.pdf.reading_text import Words, make_passage
from scmine.extractors.pdf.tables import take_tables

READER = "pdf"

HEADER_BYTES = 1024
"""ISO 32000-1, annex H: readers accept the ``%PDF-`` mark within the first 1024 bytes."""


@dataclass(slots=True)
class _Pages:
    """The pages of a file as lines, and what was noticed on the way."""

    parts: list[list[Fragment]] = field(default_factory=list)
    lines: list[list[Line]] = field(default_factory=list)
    heights: list[float] = field(default_factory=list)
    turns: dict[int, int] = field(default_factory=dict)
    margin: str = ""
    hidden: Counter[str] = field(default_factory=Counter)
    failed: list[int] = field(default_factory=list)
    scanned: list[int] = field(default_factory=list)
    glyph_count: int = 0
    unmapped: int = 0


def read_pdf(path: Path) -> Document:
    """The document in the PDF file ``path``.

    Raises
    ------
    ReadError
        If the file gives no text: not a PDF, encrypted, empty, only images, broken text layer.
    """
    data = path.read_bytes()
    doc_id = hashlib.sha256(data).hexdigest()
    pdf = _open(data)
    try:
        pages = _read_pages(pdf)
        page_count = len(pdf)
    finally:
        pdf.close()
    _check_text(pages, page_count)
    return _build(path, data, doc_id, pages, page_count)


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
        pages.turns[index + 1] = page.turn
        pages.hidden += page.hidden
        pages.glyph_count += len(page.glyphs)
        pages.unmapped += page.unmapped
        if index == 0:
            pages.margin = page.margin
        if not page.glyphs and page.image_cover >= SCAN_COVER:
            pages.scanned.append(index + 1)
    for number, (parts, gutter) in enumerate(
        zip(pages.parts, share_gutter(gutters, pages.parts), strict=True), 1
    ):
        pages.lines.append(_page_lines(parts, number, gutter))
    return pages


def _page_lines(
    parts: list[Fragment], number: int, gutter: tuple[float, float] | None
) -> list[Line]:
    lines = strip_line_numbers(join_fragments(parts, number, gutter))
    assign_columns(lines, gutter)
    return lines


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


def _build(path: Path, data: bytes, doc_id: str, pages: _Pages, page_count: int) -> Document:
    kept, _ = drop_furniture(pages.lines, pages.heights)
    kept = [reading_order(lines) for lines in kept]
    body = Body.of(kept)
    words = Words.of([line for lines in kept for line in lines])
    problem = text_problem((x.text for lines in pages.lines for x in lines), pages.unmapped)
    if problem:
        raise ReadError(Status.BROKEN_TEXT, problem)
    ordered, tables = take_tables(data, kept, body, words, pages.turns)
    title_lines: list[Line] = []
    if ordered:
        title_lines, ordered[0] = split_title(ordered[0], pages.heights[0], body)
    blocks, references = make_blocks(ordered, body)
    blocks, front = mark_abstract(blocks, body)
    passages = _passages(title_lines, blocks, words)
    first = " ".join(line.text for lines in pages.lines[:2] for line in lines)
    title = passages[0].text if title_lines else ""
    metadata = metadata_of(path, title, authors_of(front), first, pages.margin)
    warnings = _warnings(pages, page_count)
    return Document(
        doc_id=doc_id,
        path=str(path),
        reader=READER,
        metadata=metadata,
        passages=passages,
        tables=tuple(tables),
        references=tuple(block.text for block in references),
        page_count=page_count,
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
