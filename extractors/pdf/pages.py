"""Pages: those of a PDF as lines, by its text layer or by OCR, and what was noticed on the way.

What is furniture, a table or a passage is told later, from the lines.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

import pypdfium2 as pdfium

from scmine.extractors.pdf.accents import join_accents
from scmine.extractors.pdf.glyphs import UNKNOWN, GlyphPage, read_glyphs
from scmine.extractors.pdf.layout import assign_columns, find_gutter, share_gutter
from scmine.extractors.pdf.line_numbers import strip_line_numbers
from scmine.extractors.pdf.lines import Fragment, Line, fragments, join_fragments
from scmine.extractors.pdf.ocr import Ocr, OcrError, OcrPage, read_image
from scmine.extractors.pdf.overbars import join_overbars
from scmine.extractors.pdf.quality import Quality, judge
from scmine.extractors.pdf.turned import Turn
from scmine.extractors.pdf.visibility import SCAN_COVER


@dataclass(slots=True)
class Pages:
    """The pages of a file; numbers of pages count from 1, lists are in the order of the pages.

    ``turns`` are the pages that were turned to be read, ``recognised`` those read by OCR. Boxes of
    lines are as read. ``hidden`` counts by reason the characters that pages hold and do not show.
    """

    parts: list[list[Fragment]] = field(default_factory=list)
    lines: list[list[Line]] = field(default_factory=list)
    widths: list[float] = field(default_factory=list)
    heights: list[float] = field(default_factory=list)
    margin: str = ""
    turns: dict[int, Turn] = field(default_factory=dict)
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

    def warnings(self) -> list[str]:
        """What a reader of the document should know, in words."""
        count = len(self.parts)
        found = []
        if self.failed:
            found.append(f"pages that could not be loaded: {_list(self.failed)} of {count}")
        if self.scanned:
            found.append(f"pages that are images without text: {_list(self.scanned)} of {count}")
        for number, problem in self.quality.pages.items():
            found.append(f"page {number} not read, its text layer is broken: {problem}")
        for font, problem in self.quality.fonts.items():
            found.append(f"the font {font or 'without a name'} is not to be trusted: {problem}")
        if self.recognised:
            trust = sum(p.confidence for p in self.recognised.values()) / len(self.recognised)
            found.append(
                f"pages read by OCR: {_list(self.recognised)} of {count}, mean confidence "
                f"{trust:.0f} %; formulas may be misread"
            )
        for number, reason in self.unrecognised.items():
            found.append(f"page {number} not read by OCR: {reason}")
        for reason, number in sorted(self.hidden.items()):
            found.append(f"{number} characters not read: {reason}")
        return found


def read_pages(pdf: pdfium.PdfDocument, ocr: Ocr | None) -> Pages:
    """The pages of ``pdf``; with ``ocr``, those are read by it that have no text or a broken one.

    If the whole text layer is broken, all pages are. What is broken and was not read by OCR is
    still in the lines; `drop_broken` takes it away.
    """
    pages = Pages(info=pdf.get_metadata_dict(skip_empty=True))
    for index in range(len(pdf)):
        try:
            page = read_glyphs(pdf, index)
        except pdfium.PdfiumError:
            pages.failed.append(index + 1)
            pages.parts.append([])
            pages.widths.append(0.0)
            pages.heights.append(0.0)
            continue
        glyphs = join_overbars(pdf, index, page.turn, join_accents(page.glyphs))
        pages.parts.append(fragments(glyphs))
        _note(page, pages)
    _lay_out(pages)
    if ocr is not None:
        loaded = [n for n in range(1, len(pdf) + 1) if n not in pages.failed]
        wanted = sorted({*pages.scanned, *pages.quality.pages})
        _recognise(pdf, pages, loaded if pages.quality.problem else wanted, ocr)
    return pages


def _note(page: GlyphPage, pages: Pages) -> None:
    """What is known of a page beside its glyphs."""
    pages.widths.append(page.width)
    pages.heights.append(page.height)
    if page.turn:
        pages.turns[page.number] = Turn(page.turn, page.width, page.height)
    pages.hidden += page.hidden
    pages.glyph_count += len(page.glyphs)
    if page.unmapped:
        pages.unmapped.update(g.style.font for g in page.glyphs if g.char == UNKNOWN)
    pages.painted.update([g.style.font for g in page.glyphs])
    if page.number == 1:
        pages.margin = page.margin
    if not page.glyphs and page.image_cover >= SCAN_COVER:
        pages.scanned.append(page.number)


def _lay_out(pages: Pages) -> None:
    """Set the lines of all pages and judge their text."""
    gutters = [
        find_gutter(parts, width) for parts, width in zip(pages.parts, pages.widths, strict=True)
    ]
    for number, page in pages.recognised.items():
        gutters[number - 1] = page.gutter
    gutters = share_gutter(gutters, pages.parts)
    joined = [
        join_fragments(parts, number, gutter)
        for number, (parts, gutter) in enumerate(zip(pages.parts, gutters, strict=True), 1)
    ]
    pages.lines = strip_line_numbers(joined)
    for lines, gutter in zip(pages.lines, gutters, strict=True):
        assign_columns(lines, gutter)
    # What was read from images has nothing to do with the fonts.
    all_read = len(pages.recognised) == len(pages.parts)
    pages.quality = judge(pages.lines, {} if all_read else pages.unmapped, pages.painted)


def _recognise(pdf: pdfium.PdfDocument, pages: Pages, numbers: Iterable[int], ocr: Ocr) -> None:
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
        pages.turns.pop(number, None)
        if found.turn:
            pages.turns[number] = Turn(4 - found.turn, found.width, found.height)
        if number in pages.scanned:
            pages.scanned.remove(number)
        pages.parts[number - 1] = fragments(join_accents(found.glyphs))
        pages.widths[number - 1] = found.width
        pages.heights[number - 1] = found.height
    if pages.recognised:
        pages.glyph_count = sum(len(f.glyphs) for parts in pages.parts for f in parts)
        _lay_out(pages)


def drop_broken(pages: Pages) -> None:
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


def _list(numbers: Iterable[int]) -> str:
    return ", ".join(map(str, numbers))
