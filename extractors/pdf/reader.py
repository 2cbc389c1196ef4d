"""The PDF reader: opens a file, runs the steps of this folder over its pages, builds a document."""

from __future__ import annotations

import hashlib
import time
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from statistics import fmean

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
    authors_below,
    mark_abstract,
    split_title,
)
from scmine.extractors.pdf.glyphs import read_glyphs
from scmine.extractors.pdf.identity import metadata_of, xmp_doi
from scmine.extractors.pdf.layout import (
    assign_columns,
    drop_furniture,
    find_gutter,
    reading_order,
    share_gutter,
    strip_line_numbers,
)
from scmine.extractors.pdf.lines import Fragment, Line, fragments, join_fragments
from scmine.extractors.pdf.ocr import (
    Ocr,
    OcrError,
    OcrPage,
    read_image,
    turn_passage,
    turn_table,
)
from scmine.extractors.pdf.passages import make_blocks
from scmine.extractors.pdf.quality import Quality, judge
from scmine.extractors.pdf.reading_text import Words, make_passage
from scmine.extractors.pdf.tables import take_tables
from scmine.extractors.pdf.visibility import SCAN_COVER

READER = "pdf"
OCR_READER = "pdf+ocr"
"""The reader of a document of which at least one page was read by OCR."""

UNKNOWN = "�"
"""Stands for a character whose font does not say what it shows."""

HEADER_BYTES = 1024
"""ISO 32000-1, annex H: readers accept the ``%PDF-`` mark within the first 1024 bytes."""


@dataclass(slots=True)
class _Pages:
    """The pages of a file as lines, and what was noticed on the way."""

    parts: list[list[Fragment]] = field(default_factory=list)
    lines: list[list[Line]] = field(default_factory=list)
    widths: list[float] = field(default_factory=list)
    heights: list[float] = field(default_factory=list)
    margin: str = ""
    hidden: Counter[str] = field(default_factory=Counter)
    failed: list[int] = field(default_factory=list)
    scanned: list[int] = field(default_factory=list)
    info: dict[str, str] = field(default_factory=dict)
    glyph_count: int = 0
    unmapped: Counter[str] = field(default_factory=Counter)
    painted: Counter[str] = field(default_factory=Counter)
    quality: Quality = field(default_factory=Quality)
    recognised: dict[int, OcrPage] = field(default_factory=dict)
    unrecognised: dict[int, str] = field(default_factory=dict)


def read_pdf(path: Path, ocr: Ocr | None = None) -> Document:
    """The document in the PDF file ``path``.

    With ``ocr``, pages that are images without text are read by it, and all pages of a file whose
    text layer is broken.

    Raises
    ------
    ReadError
        If the file gives no text: not a PDF, encrypted, empty, only images, broken text layer.
    """
    data = path.read_bytes()
    doc_id = hashlib.sha256(data).hexdigest()
    pdf = _open(data)
    try:
        page_count = len(pdf)
        pages = _read_pages(pdf)
        if ocr is not None:
            loaded = [n for n in range(1, page_count + 1) if n not in pages.failed]
            wanted = {*pages.scanned, *pages.quality.pages}
            _recognise(pdf, pages, loaded if pages.quality.problem else sorted(wanted), ocr)
    finally:
        pdf.close()
    _check_text(pages, page_count)
    if pages.quality.problem:
        raise ReadError(Status.BROKEN_TEXT, pages.quality.problem)
    _drop_broken(pages)
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
    pages = _Pages(info=pdf.get_metadata_dict(skip_empty=True))
    for index in range(len(pdf)):
        try:
            page = read_glyphs(pdf, index)
        except pdfium.PdfiumError:
            pages.failed.append(index + 1)
            pages.parts.append([])
            pages.widths.append(0.0)
            pages.heights.append(0.0)
            continue
        pages.parts.append(fragments(join_accents(page.glyphs)))
        pages.widths.append(page.width)
        pages.heights.append(page.height)
        pages.hidden += page.hidden
        pages.glyph_count += len(page.glyphs)
        if page.unmapped:
            pages.unmapped.update(g.style.font for g in page.glyphs if g.char == UNKNOWN)
        pages.painted.update(g.style.font for g in page.glyphs)
        if index == 0:
            pages.margin = page.margin
        if not page.glyphs and page.image_cover >= SCAN_COVER:
            pages.scanned.append(index + 1)
    _lay_out(pages)
    return pages


def _lay_out(pages: _Pages) -> None:
    """Set the lines of all pages and judge their text."""
    gutters = [
        find_gutter(parts, width) for parts, width in zip(pages.parts, pages.widths, strict=True)
    ]
    for number, page in pages.recognised.items():
        gutters[number - 1] = page.gutter
    pages.lines = [
        _page_lines(parts, number, gutter)
        for number, (parts, gutter) in enumerate(
            zip(pages.parts, share_gutter(gutters, pages.parts), strict=True), 1
        )
    ]
    # What was read from images has nothing to do with the fonts.
    all_read = len(pages.recognised) == len(pages.parts)
    pages.quality = judge(pages.lines, {} if all_read else pages.unmapped, pages.painted)


def _recognise(pdf: pdfium.PdfDocument, pages: _Pages, numbers: Iterable[int], ocr: Ocr) -> None:
    """Read the pages ``numbers`` by OCR, in place of what they held."""
    deadline = time.monotonic() + ocr.seconds
    for number in list(numbers):
        page = pdf[number - 1]
        try:
            found = read_image(page, ocr, deadline)
        except OcrError as error:
            pages.unrecognised[number] = str(error)
            continue
        finally:
            page.close()
        pages.recognised[number] = found
        if number in pages.scanned:
            pages.scanned.remove(number)
        pages.parts[number - 1] = fragments(join_accents(found.glyphs))
        pages.widths[number - 1] = found.width
        pages.heights[number - 1] = found.height
    if pages.recognised:
        pages.glyph_count = sum(len(f.glyphs) for parts in pages.parts for f in parts)
        _lay_out(pages)


def _drop_broken(pages: _Pages) -> None:
    """Take away what does not say what the page shows: pages, and characters of single fonts."""
    for number in pages.quality.pages:
        pages.lines[number - 1] = []
    odd = {font for font, reason in pages.quality.fonts.items() if "Unicode" not in reason}
    if not odd:
        return
    for line in (line for lines in pages.lines for line in lines):
        line.text = "".join(
            UNKNOWN if place is not None and place.style.font in odd else char
            for char, place in zip(line.text, line.places, strict=True)
        )


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
                f"{len(pages.scanned)} of {page_count} pages are images without text"
                + "".join(f"; {reason}" for reason in dict.fromkeys(pages.unrecognised.values())),
            )
        raise ReadError(Status.EMPTY, f"the {page_count} pages hold no text")


def _build(path: Path, data: bytes, doc_id: str, pages: _Pages, page_count: int) -> Document:
    kept, _ = drop_furniture(pages.lines, pages.heights)
    kept = [reading_order(lines) for lines in kept]
    body = Body.of(kept)
    words = Words.of([line for lines in kept for line in lines])
    ordered, tables = take_tables(data, kept, body, words)
    title_lines: list[Line] = []
    if ordered:
        title_lines, ordered[0] = split_title(ordered[0], pages.heights[0], body)
    blocks, references = make_blocks(ordered, body)
    blocks, _ = mark_abstract(blocks, body)
    passages = _passages(title_lines, blocks, words)
    first = "\n".join(line.text for lines in pages.lines[:1] for line in lines)
    title = passages[0].text if title_lines else ""
    authors = authors_below(title_lines, ordered[0] if ordered else [])
    info = pages.info | {"doi": xmp_doi(data)}
    metadata = metadata_of(path, title, authors, first, pages.margin, info)
    passages = tuple(turn_passage(p, pages.recognised) for p in passages)
    tables = [turn_table(t, pages.recognised) for t in tables]
    missing = pages.failed or pages.scanned or pages.quality.pages
    return Document(
        doc_id=doc_id,
        path=str(path),
        reader=OCR_READER if pages.recognised else READER,
        metadata=metadata,
        passages=passages,
        tables=tuple(tables),
        references=tuple(block.text for block in references),
        page_count=page_count,
        status=Status.PARTIAL if missing else Status.DONE,
        warnings=tuple(_warnings(pages, page_count)),
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
    for number, problem in pages.quality.pages.items():
        warnings.append(f"page {number} not read, its text layer is broken: {problem}")
    for font, problem in pages.quality.fonts.items():
        warnings.append(f"the font {font or 'without a name'} is not to be trusted: {problem}")
    if pages.recognised:
        trust = fmean(page.confidence for page in pages.recognised.values())
        warnings.append(
            f"pages read by OCR: {_list(pages.recognised)} of {page_count}, mean confidence "
            f"{trust:.0f} %; formulas may be misread"
        )
    for number, reason in pages.unrecognised.items():
        warnings.append(f"page {number} not read by OCR: {reason}")
    for reason, count in sorted(pages.hidden.items()):
        warnings.append(f"{count} characters not read: {reason}")
    return warnings


def _list(numbers: Iterable[int]) -> str:
    return ", ".join(map(str, numbers))
